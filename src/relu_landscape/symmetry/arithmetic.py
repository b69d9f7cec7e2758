"""The two kinds of numbers that the formulas of this room are evaluated in.

The loss is a difference of sums of some k^2 terms, and the Hessian one of sums of k terms: in
float64 nothing is left of a loss of order one at k = 1e8. Every formula is therefore written once
for arrays of either float64 or mpmath numbers, and the caller chooses.
"""

from __future__ import annotations

import copyreg
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, TypeAlias

import mpmath
import numpy as np
from numpy.typing import ArrayLike, NDArray

import relu_landscape.pickling  # noqa: F401  (results keep their digits)
from relu_landscape.arguments import checked_arguments, extended_number, whole_number

Real: TypeAlias = Any
"""A float or an mpmath number."""

Numbers: TypeAlias = NDArray[Any]
"""An array of float64 or of mpmath numbers."""


FLOAT64_DIGITS: Final = 15


@dataclass(frozen=True)
class Arithmetic:
    """Numbers of one kind and the functions of them that are needed.

    digits: significant decimal digits; pi: the constant; eps: distance from 1 to the next number;
    number: converts one value; array: converts an array; sqrt, arctan2: elementwise; total: exact
    or extended sum of an array; solve: x of A x = b; eigenvalues: of a symmetric matrix, ascending.
    """

    digits: int
    pi: Real
    eps: float
    number: Callable[[Any], Real]
    array: Callable[[ArrayLike], Numbers]
    sqrt: Callable[[Numbers], Numbers]
    arctan2: Callable[[Numbers, Numbers], Numbers]
    total: Callable[[Numbers], Real]
    solve: Callable[[Numbers, Numbers], Numbers]
    eigenvalues: Callable[[Numbers], Numbers]

    def __reduce__(self) -> tuple[Callable[[int], Arithmetic], tuple[int]]:
        """How an arithmetic is pickled: by its number of digits, as its functions cannot be."""
        return _arithmetic_of, (self.digits,)

    def norm(self, vector: Numbers) -> Real:
        """Euclidean length of a vector."""
        return self.sqrt(self.array([self.total(vector * vector)]))[0]


def _arithmetic_of(digits: int) -> Arithmetic:
    return FLOAT64 if digits == FLOAT64_DIGITS else extended(digits)


def _float_array(values: ArrayLike) -> Numbers:
    return np.asarray(values, dtype=np.float64)


FLOAT64: Final = Arithmetic(
    digits=FLOAT64_DIGITS,
    pi=math.pi,
    eps=float(np.finfo(np.float64).eps),
    number=float,
    array=_float_array,
    sqrt=np.sqrt,
    arctan2=np.arctan2,
    total=lambda values: math.fsum(values.ravel().tolist()),
    solve=np.linalg.solve,
    eigenvalues=np.linalg.eigvalsh,
)


def _extended_number(digits: int, parts: tuple[Any, ...]) -> Real:
    """The mpmath number of `extended(digits)` with this sign, mantissa and exponent."""
    return extended(digits).number(parts)


@checked_arguments(digits=whole_number)
@lru_cache(maxsize=16)
def extended(digits: int) -> Arithmetic:
    """Return mpmath arithmetic with this many decimal digits, in a context of its own.

    Args:
        digits: significant decimal digits, 16 or more.

    Raises:
        ValueError: fewer digits than float64 has.
    """
    if digits < 16:
        raise ValueError(f"digits = {digits}; extended arithmetic needs 16 or more, or use FLOAT64")
    context = mpmath.MPContext()
    context.dps = digits
    # Each context has a class of numbers of its own, which pickle could not find by name.
    copyreg.pickle(context.mpf, lambda number: (_extended_number, (digits, number._mpf_)))
    convert = np.frompyfunc(context.mpf, 1, 1)

    def array(values: ArrayLike) -> Numbers:
        return np.asarray(convert(np.asarray(values, dtype=object)), dtype=object)

    def solve(matrix: Numbers, right: Numbers) -> Numbers:
        solution = context.lu_solve(context.matrix(matrix.tolist()), context.matrix(right.tolist()))
        return np.array(list(solution), dtype=object)

    def eigenvalues(matrix: Numbers) -> Numbers:
        values = context.eigsy(context.matrix(matrix.tolist()), eigvals_only=True)
        return np.array(sorted(values), dtype=object)

    return Arithmetic(
        digits=digits,
        pi=+context.pi,
        eps=float(context.eps),
        number=context.mpf,
        array=array,
        sqrt=np.frompyfunc(context.sqrt, 1, 1),
        arctan2=np.frompyfunc(context.atan2, 2, 1),
        total=lambda values: context.fsum(values.ravel().tolist()),
        solve=solve,
        eigenvalues=eigenvalues,
    )


@checked_arguments(k=extended_number)
def digits_for(k: Real) -> int:
    """Digits that leave some 25 of them in the loss and in Hessian blocks at this k.

    The loss loses as many digits as k^2 has, and the entries of the smallest parameters, of order
    1/k^2, as many again.

    Raises:
        ValueError: k is not positive.
    """
    if not k > 0:
        raise ValueError(f"k = {k}; the number of teachers must be positive")
    return 30 + 4 * max(0, math.ceil(math.log10(float(k))))


def to_float64(values: Numbers) -> NDArray[np.float64]:
    """Return numbers of either kind rounded to float64, of the same shape."""
    return np.asarray(values).astype(np.float64)
