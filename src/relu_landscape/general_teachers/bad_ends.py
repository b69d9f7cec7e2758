"""The bad ends of restarts with any teachers, and which of them are one point.

A run is bad if it converged, Newton's method leads from its end to a point where the gradient is
rounding, and the loss there is at least the protocol's `bad_loss` times the mean of the |v_j|^2:
relative to the teachers, and at a critical point. No loss of unit teachers is a limit for others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.minima import classify_up_to_students
from relu_landscape.objective import population_loss
from relu_landscape.search import Protocol, find_minima, newton_polish
from relu_landscape.search.polish import PolishOutcome
from relu_landscape.search.protocol import StopReason

TOLERANCE = 1e-6
"""Ends within this Frobenius distance are one point; how far all others are is measured."""


@dataclass(frozen=True)
class BadLevel:
    """Bad ends with the same norms of students: one point, or its images under a symmetry of V.

    weights: (n, d) one of them, of the first run that ended there; loss: F; runs: how many ended at
    this level; copies: how many of its points no permutation of the students makes equal.
    """

    weights: NDArray[np.float64]
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


def bad_loss(V: NDArray[np.float64], protocol: Protocol) -> float:
    """Return the loss from which on a critical point is a bad end, with the teachers V (k, d)."""
    return float(protocol.bad_loss * np.sum(V**2) / len(V))


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
    converged = record.stop_reasons == StopReason.CONVERGED.value
    # Newton's method from a global minimum would cost as much as descent, and say nothing more.
    low = record.losses < bad_loss(V, protocol)
    ends = [polished_end(weights, V) for weights in record.weights[converged & ~low]]
    bad = [
        end for end in ends if end is not None and population_loss(end, V) >= bad_loss(V, protocol)
    ]
    below = record.stop_reasons == StopReason.BELOW_THRESHOLD.value
    unfinished = int((~converged & ~below).sum()) + sum(end is None for end in ends)
    levels, diameter, separation = _sorted(np.array(bad).reshape(-1, n, V.shape[1]), V)
    good = max(record.losses[converged & low].tolist(), default=None)
    return BadEnds(runs, unfinished, len(bad), levels, good, diameter, separation)


def polished_end(
    weights: NDArray[np.float64], V: NDArray[np.float64]
) -> NDArray[np.float64] | None:
    """Return the critical point (n, d) next to the end of a run, None where there is none."""
    polished = newton_polish(weights, V)
    return polished.weights if polished.outcome is PolishOutcome.POLISHED else None


def _sorted(
    points: NDArray[np.float64], V: NDArray[np.float64]
) -> tuple[list[BadLevel], float | None, float | None]:
    """Levels of points (runs, n, d), largest diameter of a point, least distance of two levels."""
    if not len(points):
        return [], None, None
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
        ended, copies = int((level_of_run == level).sum()), int((level_of == level).sum())
        levels.append(BadLevel(first, population_loss(first, V), ended, copies))
    apart = [
        float(np.linalg.norm(norms[a] - norms[b]))
        for place, a in enumerate(founders)
        for b in founders[:place]
    ]
    levels.sort(key=lambda level: level.loss)
    return levels, float(classes.diameters.max()), min(apart, default=None)
