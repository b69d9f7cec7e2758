"""How far apart the points are that count as one minimum."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import pdist

from relu_landscape.minima.classes import align
from relu_landscape.symmetry.canonical import canonical_form


def largest_distance(
    points: NDArray[np.float64], representative: NDArray[np.float64], *, tolerance: float
) -> float:
    """Return the largest Frobenius distance of two points, each arranged like the representative.

    It is an upper bound of the largest distance of two points over all arrangements of them.

    Args:
        points: of one class, (runs, n, k), runs >= 2.
        representative: of the class in canonical form, (n, k).
        tolerance: distance within which a point is arranged like the representative, see
            `classify_minima`.

    Raises:
        ValueError: as `canonical_form`.

    Source: S21, Section 4.2, the distance within a group.
    """
    arranged = [_arranged_like(point, representative, tolerance).ravel() for point in points]
    return float(pdist(np.array(arranged)).max())


def _arranged_like(
    point: NDArray[np.float64], representative: NDArray[np.float64], tolerance: float
) -> NDArray[np.float64]:
    form = canonical_form(point, tolerance=tolerance).weights
    if np.linalg.norm(form - representative) <= tolerance:
        return form
    return align(form, representative, tolerance=tolerance)
