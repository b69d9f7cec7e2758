"""Minima at the ends of channels, and how F rises towards them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.objective.gated_unit import fall_from_gated_unit, gated_unit_loss
from relu_landscape.seeding import indexed_generator
from relu_landscape.signed_outputs.tables import ChannelEnds, ChannelRises
from relu_landscape.signed_outputs.unit_minima import (
    UnitNetwork,
    fall_of_pair,
    prove_minimum,
    search_minimum,
)

POSITIVE_LOSS: Final = 1e-6
"""Far above the rounding of F_end; global minima and next to them are left out."""

ACROSS: Final = 1e-3
"""Of a minimum with p' = 0 rounding leaves some 1e-13."""

_SAME_LOSS: Final = 1e-9
_TEACHERS, _STARTS = 0, 1


@dataclass(frozen=True)
class ChannelCase:
    """Teachers V, (k, d), their law and the number of the draw, and students beside the unit."""

    law: str
    draw: int
    V: NDArray[np.float64]
    students: int


def random_unit_teachers(k: int, d: int, draw: int, seed: int) -> NDArray[np.float64]:
    """Return k unit vectors in R^d, uniform and independent, (k, d)."""
    V = indexed_generator(seed, _TEACHERS, k, d, draw).normal(size=(k, d))
    unit: NDArray[np.float64] = V / np.linalg.norm(V, axis=1, keepdims=True)
    return unit


def channel_rows(
    case: ChannelCase, starts: int, gammas: Sequence[float], seed: int
) -> Iterator[ChannelEnds | ChannelRises]:
    """The minima of F_end of positive loss that searches meet, and F next to those with p' != 0.

    What balls do not prove a strict minimum is left out.

    Args:
        case: the teachers and the size.
        starts: searches.
        gammas: sizes of the pair of students.
        seed: of the starts.
    """
    names: dict[str, Any] = {"teachers": case.law, "draw": case.draw}
    V = case.V
    proved = [
        (*found, proof)
        for found in _critical_points(case, starts, seed)
        if (proof := prove_minimum(found[-1], V)) is not None
    ]
    for end, (loss, searches, point, proof) in enumerate(proved):
        across = float(np.linalg.norm(point.across))
        yield ChannelEnds(
            **names,
            end=end,
            k=len(V),
            d=V.shape[1],
            students=case.students,
            searches=searches,
            loss=loss,
            linear_norm=float(np.linalg.norm(point.linear)),
            across_norm=across,
            **vars(proof),
        )
        for gamma in gammas if across >= ACROSS else ():
            # The difference is small beside both losses.
            fall = fall_of_pair(point, V, gamma)
            yield ChannelRises(
                **names,
                end=end,
                gamma=gamma,
                rate=gamma * float(fall),
                limit=fall_from_gated_unit(point.gate, point.linear),
                # Twice the width of the enclosure: its ends are rounded to floats.
                below=bool(fall > 2.0 * (proof.loss_upper - proof.loss_lower)),
            )


def _critical_points(
    case: ChannelCase, starts: int, seed: int
) -> list[tuple[float, int, UnitNetwork]]:
    """Loss, number of searches, and a point, of each loss at which searches end, by loss.

    The point is that of the first search: which of them ended lowest is a matter of last bits.
    """
    V, students = case.V, case.students
    k, d = V.shape
    groups: list[list[tuple[float, UnitNetwork]]] = []
    for start in range(starts):
        generator = indexed_generator(seed, _STARTS, k, d, students, case.draw, start)
        W = generator.normal(size=(students, d)) / np.sqrt(d)
        gate, linear = generator.normal(size=(2, d))
        found = search_minimum(UnitNetwork(W, gate, linear), V)
        if found is None:
            continue
        loss = gated_unit_loss(found.W, V, found.gate, found.linear)
        if loss <= POSITIVE_LOSS:
            continue
        same = (group for group in groups if abs(loss - group[0][0]) < _SAME_LOSS)
        group = next(same, None)
        if group is None:
            groups.append([(loss, found)])
        else:
            group.append((loss, found))
    groups.sort(key=lambda group: group[0][0])
    return [(group[0][0], len(group), group[0][1]) for group in groups]
