"""Directions from eigenspaces that are the same whatever library computes them.

An eigenvector of a multiple eigenvalue is an arbitrary choice of the linear algebra library: it
differs between processors. The projector onto the eigenspace does not, so a direction is taken as
the projection of a fixed vector.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh

ONE_EIGENSPACE: Final = 1e-6
"""Neighbouring eigenvalues closer than this share of the largest modulus count as equal."""

_GOLDEN_RATIO: Final = (1.0 + 5.0**0.5) / 2.0


def softest_direction(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the unit vector of the eigenspace of the smallest eigenvalue nearest a generic one.

    With P the projector onto the eigenspace and g_i = frac((i + 1)^2 golden ratio) - 1/2, it is
    P g/|P g|. Eigenvalues chained by gaps of at most ONE_EIGENSPACE of the largest modulus share
    one eigenspace.

    Args:
        matrix: symmetric, (n, n), n >= 1; its lower triangle is read.

    Returns:
        The direction, (n,), of unit length, its inner product with g positive.

    Raises:
        ValueError: the matrix is empty, not square or not finite.
    """
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(f"the matrix has shape {matrix.shape}; it must be square and not empty")
    if not np.isfinite(matrix).all():
        raise ValueError("the matrix has entries that are not finite")
    values, vectors = eigh(matrix)
    apart = np.diff(values) > ONE_EIGENSPACE * np.abs(values).max()
    multiplicity = int(np.argmax(apart)) + 1 if apart.any() else len(values)
    basis = vectors[:, :multiplicity]
    projection: NDArray[np.float64] = basis @ (basis.T @ _generic_vector(len(matrix)))
    unit: NDArray[np.float64] = projection / np.linalg.norm(projection)
    return unit


def _generic_vector(size: int) -> NDArray[np.float64]:
    """A fixed vector (size,), entries in [-1/2, 1/2), orthogonal to no eigenspace but by chance."""
    numbers = np.arange(1, size + 1, dtype=np.float64)
    generic: NDArray[np.float64] = numbers**2 * _GOLDEN_RATIO % 1.0 - 0.5
    return generic
