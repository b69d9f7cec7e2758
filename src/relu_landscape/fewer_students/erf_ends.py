"""Which of the two points of erf a network is, up to its symmetries.

Students may be permuted; teachers, with the coordinates, as well; and as erf is odd, (w, c) and
(-w, -c) are the same neuron.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.fewer_students.copy_branches import CopyBranch
from relu_landscape.fewer_students.copy_points import CopyPoint

# Critical points of different names are much further apart, ends of one point much less.
NEAR: Final = 1e-4


class ErfEnd(NamedTuple):
    """Where a descent ended: name of the branch, or None, and the largest difference from it."""

    branch: CopyBranch | None
    distance: float


def name_erf_end(
    weights: NDArray[np.float64], outputs: NDArray[np.float64], points: Iterable[CopyPoint]
) -> ErfEnd:
    """Return which point a network with V = I_k is, if it is one.

    Args:
        weights: (n, d), d >= k.
        outputs: (n,).
        points: those that it may be, of the same k and n.

    Returns:
        The nearest of them, or no branch if its weights and outputs differ by more than NEAR.
    """
    found = [ErfEnd(point.branch, _distance(weights, outputs, point)) for point in points]
    nearest = min(found, key=lambda end: end.distance)
    return nearest if nearest.distance <= NEAR else ErfEnd(None, nearest.distance)


def _distance(
    weights: NDArray[np.float64], outputs: NDArray[np.float64], point: CopyPoint
) -> float:
    """Largest difference of a weight or an output, infinite if teachers cannot be told apart."""
    k, copies = int(point.k), int(point.n) - (point.branch is CopyBranch.COPY_AVERAGE)
    signs = np.where(outputs < 0, -1.0, 1.0)
    # The average has the largest output, and stands last.
    order = np.argsort(signs * outputs, kind="stable")
    W, c = (signs[:, None] * weights)[order], (signs * outputs)[order]
    owned = W[:copies, :k].argmax(axis=1)
    if len(set(owned.tolist())) < copies:
        return np.inf
    left_out = np.setdiff1d(np.arange(k), owned)
    W = np.hstack([W[:, owned], W[:, left_out], W[:, k:]])
    target = np.zeros_like(W)
    target[:, :k] = point.weights()
    return float(max(np.abs(W - target).max(), np.abs(c - point.outputs()).max()))
