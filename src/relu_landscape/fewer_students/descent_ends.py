"""Which of the two branches a restart ended at: by its weights, whatever their order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.fewer_students.copy_points import CopyPoint
from relu_landscape.symmetry.canonical import canonical_form

OTHER: Final = "other"
UNFINISHED: Final = "unfinished"
# Runs stop next to a critical point: at |grad F| = 1e-9 and a curvature of 1e-3 within 1e-6.
TOLERANCE: Final = 1e-5


class DescentEnd(NamedTuple):
    """The branch that weights are of, or OTHER, and their distance from the nearer point."""

    name: str
    distance: float


def name_end(weights: NDArray[np.float64], points: Iterable[CopyPoint]) -> DescentEnd:
    """Return which of the points some weights are, up to the order of neurons and coordinates.

    Args:
        weights: (n, k), where descent ended.
        points: the points of this size, one or more.
    """
    found = canonical_form(weights, tolerance=TOLERANCE).weights
    distances = {
        point.branch.value: float(
            np.abs(found - canonical_form(point.weights(), tolerance=TOLERANCE).weights).max()
        )
        for point in points
    }
    nearest = min(distances, key=lambda name: distances[name])
    name = nearest if distances[nearest] <= TOLERANCE else OTHER
    return DescentEnd(name, distances[nearest])
