"""The bad ends of restarts with any teachers, and which of them are one point.

A run is bad if it converged, Newton's method leads from its end to a minimum, and the loss there is
above zero by more than its rounding. With n > k a run that falls below the protocol's `bad_loss`
has stopped there, and is not bad. No other loss is a limit: minima of nearly parallel teachers can
be as low as one likes.

Students of one direction are parts of one neuron: their sum, in their place, computes the same. So
ends that differ in the shares of such parts alone are one point with the parts joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.minima import classify_up_to_students
from relu_landscape.objective import loss_rounding_error, population_hessian, population_loss
from relu_landscape.search import Protocol, find_minima, newton_polish
from relu_landscape.search.polish import PolishOutcome
from relu_landscape.search.protocol import StopReason

TOLERANCE = 1e-6
"""Ends within this Frobenius distance are one point; how far all others are is measured."""


# Curvature along a flat direction is rounding; below this a critical point is a saddle, from which
# a run that goes on would descend.
_FLAT = 1e-12


@dataclass(frozen=True)
class BadLevel:
    """Bad ends with the same norms of students: one point, or its images under a symmetry of V.

    weights: (m, d) one of them, m <= n, of the first run that ended there, its parallel students
    joined; parts: (m,) of how many students each is the sum; loss: F; runs: how many ended at this
    level; copies: how many of its points no permutation of the students makes equal.
    """

    weights: NDArray[np.float64]
    parts: NDArray[np.int64]
    loss: float
    runs: int
    copies: int


@dataclass(frozen=True)
class BadEnds:
    """Where the bad ones among restarts ended.

    runs, unfinished, bad: numbers of restarts; levels: in the order of their losses;
    largest_good_loss: of runs that converged and are not bad; largest_diameter: of ends that count
    as one point; least_separation: of two levels, in the sorted norms of the students, which is no
    more than that of their points; None where there are none to measure.
    """

    runs: int
    unfinished: int
    bad: int
    levels: Sequence[BadLevel]
    largest_good_loss: float | None
    largest_diameter: float | None
    least_separation: float | None


def search_bad_ends(
    V: NDArray[np.float64], n: int, runs: int, seed: int, protocol: Protocol
) -> BadEnds:
    """Restart with the teachers V, and sort the bad ends.

    Args:
        V: teachers, (k, d).
        n: number of students.
        runs: number of restarts.
        seed: of their starting weights.
        protocol: of the descent.
    """
    record = find_minima(n, len(V), runs, seed=seed, protocol=protocol, teachers=V)
    converged = record.weights[record.stop_reasons == StopReason.CONVERGED.value]
    below = int((record.stop_reasons == StopReason.BELOW_THRESHOLD.value).sum())
    good, bad = list[NDArray[np.float64]](), list[NDArray[np.float64]]()
    for weights in converged:
        # Newton's method from a global minimum would cost as much as descent, and say nothing more.
        end = _minimum_next_to(weights, V) if is_spurious(weights, V) else weights
        if end is not None:
            (bad if is_spurious(end, V) else good).append(end)
    levels, diameter, separation = _sorted(bad, V)
    return BadEnds(
        runs=runs,
        unfinished=runs - below - len(good) - len(bad),
        bad=len(bad),
        levels=levels,
        largest_good_loss=max((population_loss(end, V) for end in good), default=None),
        largest_diameter=diameter,
        least_separation=separation,
    )


def is_spurious(weights: NDArray[np.float64], V: NDArray[np.float64]) -> bool:
    """Say whether the loss at weights (n, d) is above zero by more than its rounding."""
    return population_loss(weights, V) > loss_rounding_error(weights, V)


def polished_end(
    weights: NDArray[np.float64], V: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the critical point (n, d) next to the end of a run, None where there is none."""
    polished = newton_polish(weights, V)
    return polished.weights if polished.outcome is PolishOutcome.POLISHED else None


def _minimum_next_to(
    weights: NDArray[np.float64], V: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """The critical point (n, d) next to the end of a run, None where there is none or a saddle."""
    end = polished_end(weights, V)
    if end is None or np.linalg.eigvalsh(population_hessian(end, V))[0] < -_FLAT:
        return None
    return end


def join_parallel(
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the students with those of one direction joined into their sum.

    Args:
        weights: students, (n, d).

    Returns:
        The joined students, (m, d), in the order of their first parts, and the number of parts of
        each, (m,).
    """
    units = weights / np.linalg.norm(weights, axis=1, keepdims=True)
    first = np.array(
        [np.argmax(np.linalg.norm(units - unit, axis=1) < TOLERANCE) for unit in units]
    )
    founders, parts = np.unique(first, return_counts=True)
    return np.array([weights[first == founder].sum(axis=0) for founder in founders]), parts


def _sorted(
    ends: Sequence[NDArray[np.float64]], V: NDArray[np.float64]
) -> tuple[list[BadLevel], float | None, float | None]:
    """Levels of ends (n, d) each, largest diameter of a point, least distance of two levels."""
    joined = [join_parallel(end) for end in ends]
    levels, diameters, separations = list[BadLevel](), list[float](), list[float]()
    for neurons in sorted({len(parts) for _, parts in joined}):
        # The number of parts, less one, is a further coordinate: ends that differ in it are apart.
        points = np.array(
            [
                np.column_stack([weights, parts - 1.0])
                for weights, parts in joined
                if len(parts) == neurons
            ]
        )
        found, diameter, separation = _sorted_points(points, V)
        levels += found
        diameters.append(diameter)
        separations += separation
    levels.sort(key=lambda level: level.loss)
    return levels, max(diameters, default=None), min(separations, default=None)


def _sorted_points(
    points: NDArray[np.float64], V: NDArray[np.float64]
) -> tuple[list[BadLevel], float, list[float]]:
    """Levels of points (runs, m, d + 1), largest diameter of one, distances of two levels."""
    classes = classify_up_to_students(points, tolerance=TOLERANCE)
    norms = np.sort(np.linalg.norm(classes.representatives, axis=2), axis=1)
    level_of, founders = np.empty(len(norms), dtype=np.int64), list[int]()
    for point, own in enumerate(norms):
        near = np.linalg.norm(norms[founders] - own, axis=1) <= TOLERANCE
        if not near.any():
            founders.append(point)
        level_of[point] = near.argmax() if near.any() else len(founders) - 1
    level_of_run = level_of[classes.labels]
    levels = []
    for level in range(len(founders)):
        first = points[int((level_of_run == level).argmax())]
        weights, parts = first[:, :-1], first[:, -1].astype(np.int64) + 1
        ended, copies = int((level_of_run == level).sum()), int((level_of == level).sum())
        levels.append(BadLevel(weights, parts, population_loss(weights, V), ended, copies))
    apart = [
        float(np.linalg.norm(norms[a] - norms[b]))
        for place, a in enumerate(founders)
        for b in founders[:place]
    ]
    return levels, float(classes.diameters.max()), apart
