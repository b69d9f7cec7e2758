"""Lower bounds of the smallest eigenvalue of a symmetric matrix that hold whatever floats do.

Let A be symmetric with |A - C| <= D, entry by entry. For any real matrix R and any number s

    lambda_min(A) >= s - |C - s I - R R^T| - |D|,      |.| the largest row sum,

because R R^T is positive semidefinite and the largest row sum bounds the spectral norm of a
symmetric matrix. So R may come from a Cholesky decomposition in float64 without anything to be said
about its errors; only the product R R^T needs a bound, |fl(R R^T) - R R^T| <= gamma |R| |R|^T with
gamma = m u/(1 - m u) for products of length m, in whatever order BLAS sums them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from relu_landscape.certificates.rounding import FloatBalls

_UNIT_ROUNDOFF: Final = 2.0**-53

# s stays this much below the eigenvalue, relatively: room for the errors, and for a checker's.
_MARGIN: Final = 2.0**-13


@dataclass(frozen=True)
class EigenvalueBound:
    """What is known of the smallest eigenvalue of a symmetric matrix of balls.

    approximate: of the matrix of midpoints, by LAPACK; proved: a lower bound for every matrix in
    the balls, -inf if there is none.
    """

    approximate: float
    proved: float


def bound_smallest_eigenvalue(matrix: FloatBalls) -> EigenvalueBound:
    """Return a verified lower bound of the smallest eigenvalue.

    Args:
        matrix: symmetric, (m, m).
    """
    center, size = matrix.midpoints, len(matrix.midpoints)
    approximate = float(np.linalg.eigvalsh(center)[0])
    shift = approximate - _MARGIN * abs(approximate)
    shifted = center - shift * np.eye(size)
    try:
        factor = np.linalg.cholesky(shifted)
    except np.linalg.LinAlgError:
        return EigenvalueBound(approximate, -np.inf)
    residual = np.abs(shifted - factor @ factor.T)
    magnitude = np.abs(factor)
    # Besides the product, the two subtractions are rounded; the sums below are, too.
    length = size + 4
    gamma = length * _UNIT_ROUNDOFF / (1 - length * _UNIT_ROUNDOFF)
    scale = magnitude @ magnitude.sum(axis=0) + np.abs(center).sum(axis=1) + abs(shift)
    rows = residual.sum(axis=1) + gamma * scale + matrix.radii.sum(axis=1)
    error = float(rows.max()) * (1 + 4 * gamma)
    return EigenvalueBound(approximate, float(np.nextafter(shift - error, -np.inf)))
