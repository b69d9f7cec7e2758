"""Classes of points that are equal up to permuting students: what any teachers leave of symmetry.

Permuting coordinates moves the teachers, unless these are V = I (see `classes`); permuting students
with equal outputs changes nothing. The distance of two points over all such permutations is that
of the best matching of their students, found exactly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from relu_landscape.arguments import checked_arguments, optional, real_array, real_number
from relu_landscape.objective.weights import checked_outputs


@dataclass(frozen=True)
class StudentClasses:
    """Points sorted into classes; class c is described by entry c of the per-class fields.

    labels: (runs,) class of each point; distances: (runs,) smallest Frobenius distance of each
    point to the representative over all permutations of students with equal outputs;
    representatives: (classes, n, d) one point of each class, its students in its own order;
    multiplicities: (classes,) number of points; diameters: (classes,) largest of the distances.
    """

    labels: NDArray[np.int64]
    distances: NDArray[np.float64]
    representatives: NDArray[np.float64]
    multiplicities: NDArray[np.int64]
    diameters: NDArray[np.float64]


@checked_arguments(weights=real_array, outputs=optional(real_array), tolerance=real_number)
def classify_up_to_students(
    weights: ArrayLike, *, outputs: ArrayLike | None = None, tolerance: float = 1e-5
) -> StudentClasses:
    """Group points that are equal up to permuting students with equal outputs, and up to noise.

    Points are taken in the lexicographic order of their sorted norms |w_i|, which no permutation
    changes; each joins the first class whose representative is within the tolerance of it, or
    founds a class. Sorting the norms never increases a distance, hence points whose sorted norms
    are further apart than the tolerance are different for certain; the others are matched.

    Args:
        weights: points at which descent converged (see `DescentRecord.converged`), (runs, n, d);
            runs may be 0.
        outputs: c, (n,), the output weights of the students; None: all are 1.
        tolerance: largest Frobenius distance within which points are equal.

    Returns:
        The classes, numbered in the order of their sorted norms.

    Raises:
        ValueError: weights is no finite (runs, n, d) array, the outputs do not fit, or the
            tolerance is not positive.
    """
    points = np.asarray(weights, dtype=np.float64)
    if points.ndim != 3 or 0 in points.shape[1:]:
        raise ValueError(
            f"weights must be a (runs, n, d) array, n, d >= 1; its shape is {points.shape}"
        )
    if not tolerance > 0:
        raise ValueError(f"tolerance must be positive, not {tolerance}")
    runs, n, _ = points.shape
    c = checked_outputs(outputs, n, signs_only=False)
    groups = [np.flatnonzero(c == output) for output in np.unique(c)]
    norms = np.linalg.norm(points, axis=2)
    levels = np.concatenate([np.sort(norms[:, group], axis=1) for group in groups], axis=1)
    labels, distances = np.empty(runs, dtype=np.int64), np.zeros(runs)
    founders: list[int] = []
    for run in np.lexsort(levels.T[::-1]):
        shifts = np.linalg.norm(levels[founders] - levels[run], axis=1)
        for candidate in np.flatnonzero(shifts <= tolerance):
            distance = _matched_distance(points[run], points[founders[candidate]], groups)
            if distance <= tolerance:
                labels[run], distances[run] = candidate, distance
                break
        else:
            labels[run] = len(founders)
            founders.append(int(run))
    diameters = np.zeros(len(founders))
    np.maximum.at(diameters, labels, distances)
    return StudentClasses(
        labels=labels,
        distances=distances,
        representatives=points[founders],
        multiplicities=np.bincount(labels, minlength=len(founders)),
        diameters=diameters,
    )


def _matched_distance(
    W: NDArray[np.float64], target: NDArray[np.float64], groups: list[NDArray[np.int64]]
) -> float:
    """Smallest Frobenius distance of W and the target, (n, d), over permutations in the groups."""
    squared = 0.0
    for group in groups:
        costs = cdist(W[group], target[group], "sqeuclidean")
        squared += float(costs[linear_sum_assignment(costs)].sum())
    return float(np.sqrt(squared))
