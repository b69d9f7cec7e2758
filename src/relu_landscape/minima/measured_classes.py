"""Classes of end points of one size, each measured at a polished representative."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.projection import distance_or_infinity, is_global_minimum
from relu_landscape.minima.classes import classify_minima
from relu_landscape.minima.measured_minimum import measure_minimum
from relu_landscape.objective import population_loss
from relu_landscape.search.polish import PolishOutcome, newton_polish
from relu_landscape.symmetry.canonical import orbit_label

# Near a minimum whose smallest Hessian eigenvalue is some 1e-5, a million steps leave descent about
# this far away; distances between minima are a thousand times larger.
LARGEST_FINISH = 1e-3


@dataclass(frozen=True)
class MeasuredClasses:
    """Classes in the order of their loss.

    labels: (runs,) class of each point; distances: (runs,) Frobenius distance to its
    representative; representatives: (classes, n, k), canonical and polished; classes: one record
    a class.
    """

    labels: NDArray[np.int64]
    distances: NDArray[np.float64]
    representatives: NDArray[np.float64]
    classes: list[dict[str, Any]]


def finish_by_newton(
    weights: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Take points at which the iteration budget ended descent to the critical points next to them.

    Args:
        weights: (runs, n, k), teacher V = I_k.

    Returns:
        The points, and whether Newton's method reached a critical point within LARGEST_FINISH of
        where descent stopped; the others are as they were, and should not be classified.
    """
    teacher = np.eye(weights.shape[2])
    polished = [
        newton_polish(point, teacher, largest_displacement=LARGEST_FINISH) for point in weights
    ]
    points = np.array([result.weights for result in polished]).reshape(weights.shape)
    finished = np.array([result.outcome is PolishOutcome.POLISHED for result in polished], bool)
    return points, finished


def measure_classes(
    weights: NDArray[np.float64],
    *,
    tolerance: float,
    largest_whole_k: int,
) -> MeasuredClasses:
    """Sort converged end points into classes, polish one point of each and number them by loss.

    A class is global if its representative is (`is_global_minimum`): next to the set of global
    minima (S21 Theorem 2), which for n < k is empty and infinitely far.
    `convex_radius` is the radius of a ball around the representative from all of which gradient
    descent leads to it (`same_minimum_ball`): where diameter plus polish_distance is below it, the
    members belong to one minimum by proof in floating point, not by resemblance.

    Args:
        weights: (runs, n, k), points at which descent converged, teacher V = I_k; runs may be 0.
        tolerance: largest distance within a class, see `classify_minima`.
        largest_whole_k: see `measure_minimum`, which polishes a point of each class.

    Returns:
        The classes, measured.

    Raises:
        ValueError: as `classify_minima`, or as `measure_minimum`: where a point has a zero row.
    """
    found = classify_minima(weights, tolerance=tolerance)
    teacher = np.eye(weights.shape[2])
    measured = [
        measure_minimum(point, largest_whole_k=largest_whole_k) for point in found.representatives
    ]
    losses = np.array([population_loss(point.polished.weights, teacher) for point in measured])
    order = np.argsort(losses, kind="stable")
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    records = []
    for new, old in enumerate(order):
        result = measured[old].polished
        distance = distance_or_infinity(result.weights, teacher)
        records.append(
            {
                "class_id": new,
                "runs": int(found.multiplicities[old]),
                "loss": float(losses[old]),
                "gradient_norm": result.gradient_norm,
                "polish_outcome": result.outcome.value,
                "polish_distance": result.displacement,
                "diameter": float(found.diameters[old]),
                "convex_radius": measured[old].ball.radius,
                "neuron_orbits": orbit_label(found.neuron_orbits[old]),
                "coordinate_orbits": orbit_label(found.coordinate_orbits[old]),
                "distinct_values": int(found.distinct_values[old]),
                "distance_to_global_minima": distance,
                "is_global": is_global_minimum(distance),
            }
        )
    representatives = np.array([measured[old].polished.weights for old in order])
    return MeasuredClasses(
        labels=number[found.labels],
        distances=found.distances,
        representatives=representatives.reshape(len(order), *weights.shape[1:]),
        classes=records,
    )
