"""Classes of points that are equal up to permuting neurons and coordinates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, real_array, real_number
from relu_landscape.symmetry.canonical import CanonicalForm, arrange, canonical_form, gap_clusters

_FINER_CLUSTERS = (1.0, 0.1, 0.01, 0.001)


@dataclass(frozen=True)
class Classification:
    """Points sorted into classes; class c is described by entry c of the per-class fields.

    labels: (runs,) class of each point; distances: (runs,) Frobenius distance of each point,
    arranged like its representative, to the representative: an upper bound of the smallest distance
    over all arrangements, and at most the tolerance; representatives: (classes, n, d) one point of
    each class in canonical form; multiplicities: (classes,) number of points; diameters: (classes,)
    largest of the distances, so that two points of a class are at most twice this apart;
    neuron_orbits, coordinate_orbits: sizes of the orbits, ascending; distinct_values: (classes,)
    number of different entries.
    """

    labels: NDArray[np.int64]
    distances: NDArray[np.float64]
    representatives: NDArray[np.float64]
    multiplicities: NDArray[np.int64]
    diameters: NDArray[np.float64]
    neuron_orbits: tuple[tuple[int, ...], ...]
    coordinate_orbits: tuple[tuple[int, ...], ...]
    distinct_values: NDArray[np.int64]


@checked_arguments(weights=real_array, tolerance=real_number)
def classify_minima(weights: ArrayLike, *, tolerance: float = 1e-5) -> Classification:
    """Group points that are equal up to permuting neurons and coordinates, and up to noise.

    Points are taken in the lexicographic order of their sorted entries, which no permutation
    changes, and where these tie in that of their canonical forms; each joins the first class whose
    representative is within the tolerance of it in some arrangement, or founds a class. So the
    classes and their numbers depend on the points only, not on their order, and no more on their
    arrangement than `canonical_form` does. Sorting the entries never increases a distance, hence
    points whose sorted entries are further apart than the tolerance are different for certain. The
    others are compared in canonical form, and should that fail, after `align`; what is still apart
    is taken for different.

    Args:
        weights: points at which descent converged (see `DescentRecord.converged`), (runs, n, d);
            runs may be 0.
        tolerance: largest Frobenius distance within which points are equal, and the largest
            difference of equal entries within a point (see `canonical_form`).

    Returns:
        The classes, numbered in the order of their smallest sorted entries.

    Raises:
        ValueError: weights is not a finite (runs, n, d) array, or the tolerance is not positive.

    Source: the equivalence and its use are those of S21, Section 4.2.
    """
    points = np.asarray(weights, dtype=np.float64)
    if points.ndim != 3 or 0 in points.shape[1:] or not np.all(np.isfinite(points)):
        raise ValueError(
            f"weights must be a finite (runs, n, d) array, n, d >= 1; its shape is {points.shape}"
        )
    _require_positive(tolerance)
    runs, n, d = points.shape
    sorted_entries = np.sort(points.reshape(runs, n * d), axis=1)
    labels, distances = np.empty(runs, dtype=np.int64), np.zeros(runs)
    founders: list[int] = []
    forms: list[CanonicalForm] = []
    form_of_run = [canonical_form(point, tolerance=tolerance) for point in points]
    for run in _order(sorted_entries, form_of_run):
        form = form_of_run[run]
        shifts = np.linalg.norm(sorted_entries[founders] - sorted_entries[run], axis=1)
        for candidate in np.flatnonzero(shifts <= tolerance):
            distance = _distance(form.weights, forms[candidate].weights, tolerance)
            if distance <= tolerance:
                labels[run], distances[run] = candidate, distance
                break
        else:
            labels[run] = len(founders)
            founders.append(int(run))
            forms.append(form)
    diameters = np.zeros(len(forms))
    np.maximum.at(diameters, labels, distances)
    return Classification(
        labels=labels,
        distances=distances,
        representatives=np.array([form.weights for form in forms]).reshape(len(forms), n, d),
        multiplicities=np.bincount(labels, minlength=len(forms)),
        diameters=diameters,
        neuron_orbits=tuple(form.neuron_orbits for form in forms),
        coordinate_orbits=tuple(form.coordinate_orbits for form in forms),
        distinct_values=np.array([form.distinct_values for form in forms], dtype=np.int64),
    )


@checked_arguments(W=real_array, target=real_array, tolerance=real_number)
def align(W: ArrayLike, target: ArrayLike, *, tolerance: float = 1e-5) -> NDArray[np.float64]:
    """Permute neurons and coordinates of W so that it comes close to the target.

    Canonical forms of equal points differ if distinct entries are about as close as the tolerance:
    then they count as equal in one point and as different in the other, or as equal in both, so
    that nothing orders them. Here both points get the same clusters, those of the target: the j-th
    smallest entry of W gets the cluster of the j-th smallest entry of the target. And the clusters
    are made with the tolerance, a tenth, a hundredth and a thousandth of it.

    Args:
        W: (n, d).
        target: (n, d).
        tolerance: see `canonical_form`.

    Returns:
        W with rows and columns permuted, (n, d), the nearest one found. Its distance to the target
        is an upper bound of the smallest one.

    Raises:
        ValueError: the shapes differ or are no (n, d), n, d >= 1, an entry is not finite, or the
            tolerance is not positive.
    """
    moving, fixed = real_array(W, "W"), real_array(target, "target")
    if moving.shape != fixed.shape or moving.ndim != 2 or moving.size == 0:
        raise ValueError(
            f"W has shape {moving.shape}, the target {fixed.shape}; they must agree and be (n, d), "
            "n, d >= 1"
        )
    _require_positive(tolerance)
    ranking = np.argsort(moving, axis=None, kind="stable")
    candidates = []
    for finer in _FINER_CLUSTERS:
        clusters = gap_clusters(fixed, finer * tolerance)
        pattern = np.empty(fixed.size, dtype=np.int64)
        pattern[ranking] = np.sort(clusters, axis=None)
        source = arrange(moving, pattern.reshape(fixed.shape), tolerance)
        place = arrange(fixed, clusters, tolerance)
        aligned = np.empty_like(fixed)
        aligned[np.ix_(place.neuron_order, place.coordinate_order)] = source.weights
        candidates.append(aligned)
    return min(candidates, key=lambda aligned: float(np.linalg.norm(aligned - fixed)))


def _require_positive(tolerance: float) -> None:
    if not tolerance > 0:
        raise ValueError(f"tolerance must be positive, not {tolerance}")


def _order(
    sorted_entries: NDArray[np.float64], forms: Sequence[CanonicalForm]
) -> NDArray[np.int64]:
    """Order of the points (runs, n d) by their sorted entries, then by their canonical forms."""
    arranged = np.array([form.weights for form in forms]).reshape(sorted_entries.shape)
    keys = np.concatenate([sorted_entries, arranged], axis=1)
    order: NDArray[np.int64] = np.lexsort(keys.T[::-1])
    return order


def _distance(form: NDArray[np.float64], target: NDArray[np.float64], tolerance: float) -> float:
    """Distance of two canonical forms; where it is too large, that after aligning them."""
    distance = float(np.linalg.norm(form - target))
    if distance <= tolerance:
        return distance
    return float(np.linalg.norm(align(form, target, tolerance=tolerance) - target))
