"""Where gradient descent leads from split points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.projection import distance_to_global_minima
from relu_landscape.minima.classes import classify_minima
from relu_landscape.search.descent import DescentRecord, descend
from relu_landscape.search.polish import newton_polish
from relu_landscape.search.protocol import Protocol, StopReason

if TYPE_CHECKING:
    from relu_landscape.minima.settings import DescentEnd


class Landing(StrEnum):
    """Where a descent ended; the list is closed."""

    GLOBAL = "global"  # loss and distance to the set of global minima below their bounds
    CLASS = "class"  # a class that the restarts of this size have met
    NEW = "new"  # converged at a point that they have not met
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class FollowedDescents:
    """Ends of descents, one row a start: the descent, the landing, and its class or -1."""

    descent: DescentRecord
    landings: list[Landing]
    classes: NDArray[np.int64]


def follow_descent(
    starts: NDArray[np.float64],
    protocol: Protocol,
    known: NDArray[np.float64],
    ending: DescentEnd,
    *,
    tolerance: float,
    progress: Callable[[int, int], None] | None = None,
) -> FollowedDescents:
    """Follow gradient descent from points with one neuron more than before, and say where it ends.

    For n > k descent approaches global minima ever more slowly (S21 Theorem 9), so it may stop
    below the global loss; such an end counts as global only if it is also within the global
    distance of the set of S21 Theorem 2. Points that converged are compared with the known ones
    after Newton's method, so that the tolerance parts what is equal to rounding from what is not.

    Args:
        starts: (runs, n, k), teacher V = I_k.
        protocol: step and tolerance of the descent.
        known: (classes, n, k), representatives of the classes of this size; classes may be 0.
        ending: the bounds on loss and Frobenius distance, and a budget instead of the protocol's.
        tolerance: largest distance within a class, see `classify_minima`.
        progress: called with (runs ended, runs).
    """
    descent = descend(
        starts,
        protocol,
        stop_below=ending.global_loss,
        iteration_budget=ending.iteration_budget,
        progress=progress,
    )
    converged = descent.stop_reasons == StopReason.CONVERGED
    landings = np.full(len(starts), Landing.UNFINISHED, dtype=object)
    landings[converged] = Landing.NEW
    classes = np.full(len(starts), -1)
    classes[converged] = _known_classes(descent.weights[converged], known, tolerance)
    landings[classes >= 0] = Landing.CLASS
    teacher = np.eye(starts.shape[2])
    for run in np.flatnonzero(descent.losses < ending.global_loss):
        distance = distance_to_global_minima(descent.weights[run], teacher)
        if distance < ending.global_distance:
            landings[run], classes[run] = Landing.GLOBAL, -1
    return FollowedDescents(descent, [Landing(landing) for landing in landings], classes)


def _known_classes(
    points: NDArray[np.float64], known: NDArray[np.float64], tolerance: float
) -> NDArray[np.int64]:
    """Number of the known class of the critical point next to each point, or -1."""
    points = np.array([newton_polish(point, np.eye(len(point.T))).weights for point in points])
    points = points.reshape(-1, *known.shape[1:])
    labels = classify_minima(np.concatenate([known, points]), tolerance=tolerance).labels
    number_of_label = {int(label): number for number, label in enumerate(labels[: len(known)])}
    return np.array([number_of_label.get(int(label), -1) for label in labels[len(known) :]], int)
