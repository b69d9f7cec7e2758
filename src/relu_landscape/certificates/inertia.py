"""Signs of the eigenvalues of a symmetric matrix of balls."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def negative_pivots(matrix: NDArray[Any]) -> int | None:
    """Count the negative entries of D in M = L D L^T, by Sylvester the negative eigenvalues of M.

    Args:
        matrix: M, symmetric, (size, size) balls.

    Returns:
        The number, or None where an entry of D has no sign: all others are positive otherwise.

    Source: Sylvester's law of inertia.
    """
    left = matrix.copy()
    negative = 0
    for place in range(len(left)):
        pivot = left[place, place]
        if not (pivot > 0 or pivot < 0):
            return None
        negative += bool(pivot < 0)
        row = left[place, place + 1 :]
        left[place + 1 :, place + 1 :] -= np.outer(row, row) / pivot
    return negative
