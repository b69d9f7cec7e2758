"""Rank of the Jacobian of a two-layer ReLU network in its first layer, exactly and in float64.

For F(W) = v^T relu(W x + b) with fixed v, row i of the Jacobian over n points is
(v_j A_ij (x_i, 1))_{j=1..d1}: an n x (d0' d1) matrix, d0' = d0 + 1 with a bias and d0 without.
Where no v_j vanishes its rank does not depend on v, and v_j = 1 is taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.activation_regions.modular import (
    PRIMES,
    has_zero_row,
    largest_group,
    loses_a_line,
    rank_modulo,
    residues,
)
from relu_landscape.activation_regions.patterns import pattern_of, whole_rows, with_bias

_LARGEST = 2.0**53
# Tried before the finest bit is looked for: integers, and the fixed point of this study's draws.
_USUAL_SHIFTS = (0, 22)


class Reason(StrEnum):
    """What decided whether a Jacobian has full rank; `meaning` says it in one sentence."""

    INDEPENDENT_COLUMNS = "independent columns"
    TOO_FEW_COLUMNS = "too few columns"
    ZERO_ROW = "zero row"
    EQUAL_ROWS = "equal rows"
    DEPENDENT_ROWS = "dependent rows"

    @property
    def meaning(self) -> str:
        """One sentence for readers."""
        return _MEANINGS[self]


_MEANINGS = {
    Reason.INDEPENDENT_COLUMNS: "As many columns as points are independent modulo a prime, hence "
    "over the rational numbers: proved.",
    Reason.TOO_FEW_COLUMNS: "There are fewer columns d0' d1 than points: proved.",
    Reason.ZERO_ROW: "No neuron is active at some point: proved.",
    Reason.EQUAL_ROWS: "More than d0' points have the same active neurons, so that their rows lie "
    "in a space of dimension d0': proved.",
    Reason.DEPENDENT_ROWS: "The rows are dependent modulo two primes. A Jacobian of full rank "
    "looks so with a probability of about 2^-46 for random data.",
}


@dataclass(frozen=True)
class FullRank:
    """Whether the rank of a Jacobian is the number of points, and what decided it; true if it is.

    Attributes
    ----------
    full: whether the rank is n.
    reason: what decided it.
    """

    full: bool
    reason: Reason

    def __bool__(self) -> bool:
        return self.full


def jacobian(
    points: NDArray[np.floating[Any]], pattern: NDArray[np.bool_]
) -> NDArray[np.floating[Any]]:
    """The matrix with the columns pattern[:, j] * points[:, c], (n, d1 d), neuron by neuron."""
    product: NDArray[np.floating[Any]] = pattern[:, :, None] * points[:, None, :]
    return product.reshape(len(points), -1)


def jacobian_rank(X: ArrayLike, W: ArrayLike, b: ArrayLike | None = None) -> int:
    """Exact rank of the Jacobian, the largest of its ranks modulo two primes.

    A rank modulo a prime is a lower bound, so a full one is proved by the first prime. One below is
    repeated with the second and is exact unless both primes divide all minors of the true size,
    which for random data has a probability of about 2^-46. A factor that all numbers of a point or
    of an input share is taken out first where a prime divides it, which leaves the rank alone.
    Signs are exact, nothing is rounded.

    Args:
        X: points, (n, d0), any finite numbers; each is taken as exactly what it is.
        W: weights, (d1, d0), the same.
        b: biases, (d1,), or None for a network without.

    Returns:
        The rank, at most min(n, d0' d1).

    Raises:
        ValueError: as `with_bias`.
    """
    points, weights = with_bias(X, W, b)
    integers, pattern = as_integers(points), pattern_of(points, weights)
    return _rank(integers, pattern, min(len(points), pattern.shape[1] * points.shape[1]))


def jacobian_rank_svd(X: ArrayLike, W: ArrayLike, b: ArrayLike | None = None) -> int:
    """Rank of the Jacobian by its singular values in float64, with numpy's default tolerance.

    Singular values up to max(n, d0' d1) eps sigma_max count as zero.

    Args:
        X: points, (n, d0), any finite numbers.
        W: weights, (d1, d0).
        b: biases, (d1,), or None.

    Raises:
        ValueError: as `with_bias`.
    """
    points, weights = with_bias(X, W, b)
    rows = jacobian(points.astype(np.float64), pattern_of(points, weights))
    return int(np.linalg.matrix_rank(rows))


def has_full_rank(X: ArrayLike, W: ArrayLike, b: ArrayLike | None = None) -> FullRank:
    """Whether the Jacobian has rank n, from the first thing that decides it.

    Cheap reasons against it come first, then the elimination of `jacobian_rank`, which ends as soon
    as n independent columns are found.

    Args:
        X: points, (n, d0), any finite numbers; each is taken as exactly what it is.
        W: weights, (d1, d0), the same.
        b: biases, (d1,), or None.

    Returns:
        The answer, usable as a truth value, with its reason.

    Raises:
        ValueError: as `jacobian_rank`.
    """
    points, weights = with_bias(X, W, b)
    return decide(as_integers(points), pattern_of(points, weights))


def decide(integers: NDArray[Any], pattern: NDArray[np.bool_]) -> FullRank:
    """`has_full_rank` from whole numbers (n, d) proportional to the points, and the pattern."""
    n, d = integers.shape
    if pattern.shape[1] * d < n:
        return FullRank(False, Reason.TOO_FEW_COLUMNS)
    if has_zero_row(pattern):
        return FullRank(False, Reason.ZERO_ROW)
    if largest_group(pattern) > d:
        return FullRank(False, Reason.EQUAL_ROWS)
    if _rank(integers, pattern, n) < n:
        return FullRank(False, Reason.DEPENDENT_ROWS)
    return FullRank(True, Reason.INDEPENDENT_COLUMNS)


def as_integers(points: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers whose rows are the points times positive numbers, exactly.

    Returns:
        float64, the points times one power of two, if that makes whole numbers of at most 2^53 in
        size; else Python integers (dtype object), each row by itself the smallest possible.
    """
    if points.dtype != object:
        largest = float(np.abs(points).max())
        for shift in _USUAL_SHIFTS:
            if largest <= _LARGEST * 2.0**-shift:
                scaled = points * 2.0**shift
                if (scaled == np.rint(scaled)).all():
                    return scaled
        with np.errstate(over="ignore"):
            scaled = np.asarray(np.ldexp(points, _finest_bit(points)))
        if (np.abs(scaled) <= _LARGEST).all():
            return scaled
    return np.array(whole_rows(points), dtype=object)


def _finest_bit(points: NDArray[np.float64]) -> int:
    """The least power of two that makes whole numbers of points that are not all zero."""
    mantissas, exponents = np.frexp(points)
    whole = np.ldexp(mantissas, 53).astype(np.int64)
    lowest = exponents - 53 + np.frexp((whole & -whole).astype(np.float64))[1] - 1
    return -int(lowest[whole != 0].min())


def _rank(integers: NDArray[Any], pattern: NDArray[np.bool_], largest: int) -> int:
    """Rank modulo the first prime if it is the largest possible, else the larger of two."""
    found = 0
    for prime in PRIMES:
        found = max(found, int(rank_modulo(_residues(integers, prime), pattern, float(prime))))
        if found == largest:
            break
    return found


def _residues(integers: NDArray[Any], prime: int) -> NDArray[np.float64]:
    """Residues of the points, without the common factors of a row or column that they would hide.

    A factor of a row of the points is one of a row of the Jacobian, a factor of a column one of
    some of its columns: neither changes its rank.
    """
    if integers.dtype == object:
        half = prime // 2
        shifted = (_without_common_factors(integers) + half) % prime - half
        return shifted.astype(np.float64)
    reduced: NDArray[np.float64] = residues(integers, float(prime))
    if loses_a_line(integers, reduced):
        whole = _without_common_factors(integers.astype(np.int64))
        reduced = residues(whole.astype(np.float64), float(prime))
    return reduced


def _without_common_factors(integers: NDArray[Any]) -> NDArray[Any]:
    """Whole numbers (n, d), each row and then each column over its greatest common divisor."""
    for axis in (1, 0):
        divisors = np.gcd.reduce(integers, axis=axis, keepdims=True)
        integers = integers // np.maximum(divisors, 1)
    return integers
