"""Leaky networks as rows of tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.krawczyk import NotEnclosedError
from relu_landscape.families.family import Family
from relu_landscape.leaky.folds import first_fold
from relu_landscape.leaky.leaky_points import LeakyCriticalPoint, follow_family
from relu_landscape.leaky.leaky_proofs import enclose_leaky_point
from relu_landscape.leaky.slope_thresholds import fold_size, size_threshold, slope_thresholds
from relu_landscape.leaky.tables import (
    LeakyEnclosures,
    LeakyEscapes,
    LeakyPoints,
    LeakyShares,
    LeakySizes,
    LeakyThresholds,
)
from relu_landscape.objective.pair_kernels import leaky_relu
from relu_landscape.search import DescentRecord, Protocol, StopReason, descend, find_minima
from relu_landscape.seeding import indexed_generator
from relu_landscape.symmetry.continuation import SolveError

ABSOLUTE_VALUE: Final = -1.0
SPURIOUS_LOSS: Final = 1e-9
"""Far above the loss of a run that converged to a global minimum, 1e-15, and below all others."""


def families_of(blocks: Iterable[int]) -> list[tuple[str, int | None]]:
    """A, and I_m and II_m of these m, with None for the m of A."""
    return [("A", None), *((family, m) for family in ("I", "II") for m in blocks)]


def family_rows(
    family: str, m: int | None, k: int, slopes: Sequence[float]
) -> tuple[list[LeakyPoints], list[LeakyThresholds]]:
    """The points of a family at one k, and what happens to it between them.

    Args:
        family: "A", "I" or "II".
        m: neurons in the second block; None for A.
        k: number of teachers.
        slopes: values of s.
    """
    name: dict[str, Any] = {"family": family, "m": m or 0, "k": k}
    points = list(follow_family(family, m, k, slopes))
    rows = [
        LeakyPoints(
            **name,
            slope=point.slope,
            loss=point.loss,
            smallest_eigenvalue=point.smallest.value,
            irrep=point.smallest.irrep,
            index=point.index,
        )
        for point in points
    ]
    events = [
        LeakyThresholds(
            **name,
            event="eigenvalue",
            slope=found.slope,
            irrep=found.irrep,
            index_below=found.index_below,
            index_above=found.index_above,
        )
        for found in slope_thresholds(points)
    ]
    if points[0].slope > min(slopes):
        fold = first_fold(family, k, m=m)
        if fold is None or fold.slope is None:
            raise SolveError(f"{family}, m = {m}, k = {k} was lost at a slope, and not in a fold")
        events.append(
            LeakyThresholds(
                **name,
                event="fold",
                slope=fold.slope,
                irrep=None,
                index_below=None,
                index_above=None,
            )
        )
    return rows, events


def size_rows(
    blocks: Sequence[int], slopes: Sequence[float], fold_blocks: Sequence[int]
) -> Iterator[LeakySizes]:
    """The real k at which families become minima, and at which they cease to reach s = -1.

    Args:
        blocks, slopes: m and s, for minima.
        fold_blocks: m of I_m, 0 for A, for folds.
    """
    for family, m in families_of(blocks):
        for slope in slopes:
            name: dict[str, Any] = {"family": family, "m": m or 0, "slope": slope}
            found = size_threshold(family, m, slope)
            k, irrep = found if found else (None, None)
            yield LeakySizes(**name, event="eigenvalue", k=k, irrep=irrep)
    for m in fold_blocks:
        name = {"family": "I" if m else "A", "m": m, "slope": ABSOLUTE_VALUE}
        yield LeakySizes(**name, event="fold", k=fold_size(name["family"], m or None), irrep=None)


def enclosure_row(family: str, m: int | None, k: int, slope: float) -> LeakyEnclosures:
    """What balls prove of one point. Arguments as of `enclose_leaky_point`."""
    name: dict[str, Any] = {"family": family, "m": m or 0, "k": k, "slope": slope}
    nothing: dict[str, Any] = {"index": None, "loss_lower": None, "loss_upper": None}
    try:
        found = enclose_leaky_point(family, k, slope, m=m)
    except SolveError:
        return LeakyEnclosures(**name, state="not_reached", **nothing)
    except NotEnclosedError:
        return LeakyEnclosures(**name, state="not_enclosed", **nothing)
    return LeakyEnclosures(
        **name,
        state="enclosed",
        index=float(found.index),
        loss_lower=found.loss_lower,
        loss_upper=found.loss_upper,
    )


def share_row(k: int, slope: float, runs: int, seed: int, protocol: Protocol) -> LeakyShares:
    """The restarts at one k, n = k, and one slope.

    Args:
        k: number of teachers and of students.
        slope: s.
        runs: number of restarts.
        seed: of the starting weights, which do not depend on the slope.
        protocol: of the descent.
    """
    record = find_minima(k, k, runs, seed=seed, protocol=protocol, kernel=leaky_relu(slope))
    converged, spurious = _ends(record)
    ends = record.weights[converged]
    largest = np.take_along_axis(ends, np.abs(ends).argmax(axis=2)[..., None], axis=2)
    return LeakyShares(
        k=k,
        slope=slope,
        runs=runs,
        unfinished=int((~converged).sum()),
        bad=int((converged & (record.losses >= protocol.bad_loss)).sum()),
        spurious=int(spurious.sum()),
        negated_rows=int((largest < 0).sum()),
    )


def escape_row(
    point: LeakyCriticalPoint, runs: int, displacement: float, seed: int, protocol: Protocol
) -> LeakyEscapes:
    """Descent from next to a critical point of the absolute value.

    Args:
        point: the point, at s = -1 and a whole k.
        runs: number of starts.
        displacement: standard deviation of the weights of a start from those of the point.
        seed: of the displacements.
        protocol: of the descent.
    """
    W = point.weights()
    kind = list(Family).index(point.family)
    starts = np.array(
        [
            W
            + displacement
            * indexed_generator(seed, len(W), kind, point.m, run).normal(size=W.shape)
            for run in range(runs)
        ]
    )
    record = descend(starts, protocol, kernel=leaky_relu(point.slope))
    converged, spurious = _ends(record)
    return LeakyEscapes(
        family=point.family.value,
        m=point.m,
        k=len(W),
        displacement=displacement,
        runs=runs,
        unfinished=int((~converged).sum()),
        spurious=int(spurious.sum()),
    )


def _ends(record: DescentRecord) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which runs converged, and which of them to a spurious loss."""
    converged = record.stop_reasons == StopReason.CONVERGED.value
    return converged, converged & (record.losses >= SPURIOUS_LOSS)
