r"""Lower bounds of generalised eigenvalues over a piece, by congruence and Gershgorin's theorem.

K(h) - c Gram(h) is given by its Taylor coefficients in h, in balls. With T the inverse of an
approximate Cholesky factor of its middle, T (K - c Gram) T^T is near the unit matrix; if in each of
its rows the diagonal exceeds the sum of the others' absolute values, then it is positive definite,
and so is K - c Gram, as T is regular: a triangle with a diagonal that is not zero. Then every
eigenvalue of the Hessian on the component is above c, wherever Gram is positive definite: h > 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray

from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.taylor import Piece, bound

Matrices = Sequence[Any]
"""Taylor coefficients of a symmetric matrix, each an `arb_mat`."""

# Shares of the approximate eigenvalue that are tried as its lower bound; with less, a piece is too
# wide to say much.
_SHARES: Final = (1 - 2.0**-20, 0.99, 0.95, 0.9, 0.8, 0.6)
# How often a piece is halved, for the congruence alone.
_HALVINGS: Final = 4


def lower_bound(form: Matrices, gram: Matrices, piece: Piece) -> float | None:
    """Return c > 0 such that K - c Gram is positive definite over a piece.

    Args:
        form: Taylor coefficients of K about the middle of the piece, the last one over all of it.
        gram: those of Gram, semidefinite.
        piece: the interval of h.

    Returns:
        c, or None if none is shown that is near what can be.
    """
    smallest = _approximate(form, gram, piece)
    if smallest is None:
        return None
    for share in _SHARES:
        candidate = share * smallest
        shifted = [k - g * candidate for k, g in zip(form, gram, strict=True)]
        if is_positive_definite(shifted, piece.reach):
            return candidate
    return None


def is_positive_definite(
    coefficients: Matrices, reach: float, *, halvings: int = _HALVINGS
) -> bool:
    """Say whether A + B x + C x^2 is shown to be positive definite for all |x| <= reach.

    The formula holds for balls A, B, C, so that it may be written about other middles: where one
    congruence does not serve the whole interval, its halves get their own.

    Args:
        coefficients: A, B, C, symmetric.
        reach: at least 0.
        halvings: how often the interval may be halved.
    """
    if _is_near_unit(coefficients, reach):
        return True
    half = reach / 2
    if halvings == 0 or half == 0:
        return False
    constant, slope, bend = coefficients
    return all(
        is_positive_definite(
            [constant + slope * x + bend * (x * x), slope + bend * (2 * x), bend],
            half,
            halvings=halvings - 1,
        )
        for x in (arb(half), arb(-half))
    )


def _is_near_unit(coefficients: Matrices, reach: float) -> bool:
    """Gershgorin's theorem, after a congruence that makes the middle the unit matrix."""
    try:
        factor = np.linalg.cholesky(_middle(coefficients[0]))
    except np.linalg.LinAlgError:
        return False
    transform = arb_mat(np.tril(np.linalg.inv(factor)).tolist())
    transposed = transform.transpose()
    near_unit = [(transform * matrix * transposed).tolist() for matrix in coefficients]
    size = len(near_unit[0])
    for i in range(size):
        row = [bound([matrix[i][j] for matrix in near_unit], reach) for j in range(size)]
        others: Number = sum((abs(x) for j, x in enumerate(row) if j != i), start=row[i] * 0)
        if not (row[i] - others > 0 and transform[i, i] != 0):
            return False
    return True


def _approximate(form: Matrices, gram: Matrices, piece: Piece) -> float | None:
    """The smallest eigenvalue of K - c Gram at the ends and the middle of a piece, in floats."""
    found = []
    for moved in (-piece.reach, 0.0, piece.reach):
        matrix, weights = (
            sum(_middle(x) * moved**n for n, x in enumerate(terms)) for terms in (form, gram)
        )
        try:
            inverse = np.linalg.inv(np.linalg.cholesky(matrix))
            found.append(float(np.linalg.eigvalsh(inverse @ weights @ inverse.T)[-1]))
        except np.linalg.LinAlgError:
            return None
    largest = max(found)
    # Where a Gram matrix vanishes, as that of t of A at h = 0, every c will do.
    return 1 / largest if largest > 0 else 1.0


def _middle(matrix: Any) -> NDArray[np.float64]:
    middle = np.array([float(x.mid()) for x in matrix.entries()])
    return middle.reshape(matrix.nrows(), matrix.ncols())
