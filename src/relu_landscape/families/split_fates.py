"""Where descent leads after a neuron of a symmetric minimum is split, once and once more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.families.critical_point import symmetric_critical_point
from relu_landscape.minima.curvature import smallest_eigenpair
from relu_landscape.minima.landing import Landing, follow_descent
from relu_landscape.minima.splitting import Push, descent_starts, split_neuron
from relu_landscape.objective import population_hessian, population_loss
from relu_landscape.search.polish import newton_polish
from relu_landscape.search.protocol import Protocol
from relu_landscape.symmetry.canonical import canonical_form, orbit_label

if TYPE_CHECKING:
    from relu_landscape.minima.settings import DescentEnd, SplitDescent

HALVES = 0.5
SIGNS = (1, -1)  # in the order of `descent_starts`
SAME_POINT = 1e-5  # entries closer than this are equal, as in `symmetry.canonical_form`


class _Start(NamedTuple):
    """A descent to make: what it belongs to, from where, and the loss at the split point."""

    labels: Mapping[str, Any]
    weights: NDArray[np.float64]
    loss: float


class _End(NamedTuple):
    """Where a descent ended: its row, and the critical point if it is a spurious one."""

    record: dict[str, Any]
    point: NDArray[np.float64] | None


def follow_splits(
    family: str,
    m: int | None,
    k: int,
    protocol: Protocol,
    settings: SplitDescent,
) -> list[dict[str, Any]]:
    """Return one record a descent from the splits of a symmetric minimum into halves.

    One neuron of each class is split, and descent followed from both sides of the saddle. Where it
    ends at another minimum, one neuron of each of its orbits is split in turn. Descent from an
    exactly symmetric point stays symmetric and would stop at saddles of the fixed-point space, so
    each start is moved a little in a random direction, which depends on the seed and k alone.

    Args:
        family, m, k: as for `symmetric_critical_point`.
        protocol: of the descent.
        settings: how far starts are from the split points, what counts as a global minimum, and
            the budget of each descent.

    Returns:
        Rows of the table family_fates; none if the point is not a local minimum.

    Source: AF22 on annihilation; where descent leads is asked here.
    """
    point = symmetric_critical_point(family, k, m=m)
    if point.index > 0:
        return []
    labels = {"family": family, "m": point.m, "k": k}
    sizes = [round(size) for size in point.space.row_sizes]
    first_rows = np.cumsum([0, *sizes[:-1]])
    push = Push(settings.displacement, settings.asymmetry, settings.seed)
    starts = [
        start
        for neuron_class, row in enumerate(first_rows)
        for start in _starts(
            point.weights(),
            int(row),
            push,
            {**labels, "neuron_class": neuron_class, "second_neuron": -1, "second_sign": 0},
            "sign",
        )
    ]
    first = _follow(starts, protocol, settings)
    second = [
        start
        for end in first
        if end.point is not None and end.record["smallest_eigenvalue"] > 0
        for row in _first_of_each_orbit(end.point)
        for start in _starts(end.point, row, push, _second_labels(end.record, row), "second_sign")
    ]
    return [end.record for end in [*first, *_follow(second, protocol, settings)]]


def _starts(
    point: NDArray[np.float64],
    row: int,
    push: Push,
    labels: Mapping[str, Any],
    sign_column: str,
) -> list[_Start]:
    """The two sides of the saddle that splitting a row into halves makes."""
    teacher = np.eye(point.shape[1])
    saddle = split_neuron(point, row, HALVES)
    loss = population_loss(saddle, teacher)
    return [
        _Start({**labels, sign_column: sign, "n": len(saddle)}, weights, loss)
        for sign, weights in zip(SIGNS, descent_starts(saddle, teacher, push), strict=True)
    ]


def _follow(starts: Sequence[_Start], protocol: Protocol, ending: DescentEnd) -> list[_End]:
    if not starts:
        return []
    weights = np.array([start.weights for start in starts])
    none_known = np.empty((0, *weights.shape[1:]))
    fates = follow_descent(weights, protocol, none_known, ending, tolerance=SAME_POINT)
    return [
        _end(start, landing, end)
        for start, landing, end in zip(starts, fates.landings, fates.descent.weights, strict=True)
    ]


def _end(start: _Start, landing: Landing, weights: NDArray[np.float64]) -> _End:
    teacher = np.eye(weights.shape[1])
    record = {
        **start.labels,
        "loss_before": start.loss,
        "loss_after": population_loss(weights, teacher),
        "landing": "spurious" if landing is Landing.NEW else landing.value,
        "smallest_eigenvalue": None,
        "coordinate_orbits": None,
    }
    if landing is not Landing.NEW:
        return _End(record, None)
    form = canonical_form(newton_polish(weights, teacher).weights, tolerance=SAME_POINT)
    softest = smallest_eigenpair(population_hessian(form.weights, teacher), form.weights, teacher)
    record["smallest_eigenvalue"] = softest.value
    record["coordinate_orbits"] = orbit_label(form.coordinate_orbits)
    return _End(record, form.weights)


def _first_of_each_orbit(point: NDArray[np.float64]) -> list[int]:
    """The first neuron of each orbit of a point in canonical arrangement."""
    ids = canonical_form(point, tolerance=SAME_POINT).neuron_orbit_ids
    return [int(np.flatnonzero(ids == orbit)[0]) for orbit in np.unique(ids)]


def _second_labels(record: Mapping[str, Any], row: int) -> dict[str, Any]:
    names = ("family", "m", "k", "neuron_class", "sign")
    return {**{name: record[name] for name in names}, "second_neuron": row}
