"""Descent in a fixed-point space, by Newton's method with the absolute values of eigenvalues."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.eigenspaces import softest_direction
from relu_landscape.symmetry.arithmetic import to_float64
from relu_landscape.symmetry.continuation import SolveError
from relu_landscape.symmetry.reduced import ReducedLoss

# Small against the distances between critical points, of order one: a longer one leaves the valley.
LARGEST_STEP: Final = 0.1
STEP_BUDGET: Final = 200
SETTLED: Final = 1e-8
SADDLE_BUDGET: Final = 4


def descend_in_space(reduced: ReducedLoss, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take steps -|H|^{-1} grad F, of LARGEST_STEP at most, until they are rounding.

    Args:
        reduced: the loss on the space.
        start: (dimension,).

    Returns:
        Parameters of a critical point, (dimension,); a saddle of the space only where the start has
        a symmetry that forbids the ways down.

    Raises:
        SolveError: the steps did not settle.
    """
    scale = _scale(reduced)
    point: NDArray[np.float64] = start
    for _ in range(STEP_BUDGET):
        gradient = to_float64(reduced.gradient(point)) / scale
        curvatures, axes = np.linalg.eigh(_hessian(reduced, point))
        step = -axes @ ((axes.T @ gradient) / np.abs(curvatures))
        length = float(np.linalg.norm(step))
        point = point + step * (LARGEST_STEP / max(length, LARGEST_STEP)) / scale
        if length < SETTLED:
            return point
    raise SolveError(
        f"descent in Fix({reduced.space.isotropy}) did not settle in {STEP_BUDGET} steps of "
        f"{LARGEST_STEP} or less"
    )


def descend_past_saddles(reduced: ReducedLoss, start: NDArray[np.float64]) -> NDArray[np.float64]:
    """Descend, and from each saddle of the space go on along its softest direction.

    Args, Raises: as `descend_in_space`.

    Returns:
        Parameters of a minimum of the loss on the space, (dimension,).
    """
    point = descend_in_space(reduced, start)
    for _ in range(SADDLE_BUDGET):
        hessian = _hessian(reduced, point)
        if np.linalg.eigvalsh(hessian)[0] > 0:
            return point
        aside = LARGEST_STEP / 2 * softest_direction(hessian) / _scale(reduced)
        point = descend_in_space(reduced, point + aside)
    raise SolveError(
        f"descent in Fix({reduced.space.isotropy}) met {SADDLE_BUDGET} saddles and no minimum"
    )


def _scale(reduced: ReducedLoss) -> NDArray[np.float64]:
    """Length of each parameter as a direction, (dimension,)."""
    return np.sqrt(to_float64(reduced.entry_counts))


def _hessian(reduced: ReducedLoss, point: NDArray[np.float64]) -> NDArray[np.float64]:
    """The Hessian in the orthonormal basis along the parameters, (dimension, dimension)."""
    scale = _scale(reduced)
    return to_float64(reduced.hessian(point)) / np.outer(scale, scale)
