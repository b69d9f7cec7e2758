"""Functions of h over a piece, through their Taylor expansion about its middle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, arb_series

from relu_landscape.every_k.branch import Predictor, truncation
from relu_landscape.every_k.generic_numbers import Number


class UndefinedError(ArithmeticError):
    """A function is not shown to be defined over a whole piece: it is too wide."""


@dataclass(frozen=True)
class Piece:
    """An interval of h, with exact end points.

    left, right: floats.

    Raises:
        ValueError: their middle is no float.
    """

    left: float
    right: float

    def __post_init__(self) -> None:
        if 2 * Fraction(self.center) != Fraction(self.left) + Fraction(self.right):
            raise ValueError(f"the middle of {self.left} and {self.right} must be a float")

    @property
    def center(self) -> float:
        """The middle."""
        return (self.left + self.right) / 2

    @property
    def whole(self) -> Number:
        """The ball of all h."""
        return arb(self.center, self.reach)

    @property
    def reach(self) -> float:
        """Half of the length."""
        return (self.right - self.left) / 2


def expand(
    function: Callable[[Number, list[Number]], Any],
    piece: Piece,
    predictor: Predictor,
    spread: Sequence[float],
    order: int,
) -> tuple[Any, Any]:
    """Evaluate a function of h and of the unknowns along predictor + [-spread, spread], twice.

    For any offset in the spread, h -> function(h, predictor(h) + offset) has its Taylor
    coefficients at the middle below `order` in the series of the first result, and the one of
    `order`, at any point of the piece, in that of the second: Taylor's formula with remainder.

    Args:
        function: of a series h and of series of the unknowns.
        piece: the interval of h.
        predictor: about the middle of the piece.
        spread: for each unknown.
        order: of the remainder.

    Raises:
        UndefinedError: the function is not defined somewhere, or it cannot be told that it is.
    """
    found = []
    for at, terms in ((arb(piece.center), order), (piece.whole, order + 1)):
        with truncation(terms):
            h = arb_series([at, arb(1)])
            try:
                found.append(function(h, predictor.over(h, spread)))
            except (ArithmeticError, ValueError) as error:
                # Arb divides no series by one that may vanish, and says so by a ValueError.
                raise UndefinedError(f"not defined on all of the piece: {error}") from error
    return found[0], found[1]


def join(center: Number, whole: Number, order: int) -> list[Number]:
    """Return the Taylor coefficients of one number out of the two results of `expand`.

    Args:
        center, whole: series, or constants.
        order: as there.
    """
    return [*(_coefficient(center, n) for n in range(order)), _coefficient(whole, order)]


def bound(coefficients: Sequence[Number], reach: float) -> Number:
    """Return a ball of the values of c_0 + c_1 x + c_2 x^2 + ... for all |x| <= reach."""
    size, value = arb(reach), arb(0)
    for n, coefficient in enumerate(coefficients):
        # even powers are not negative
        power = arb(0).union(size**n) if n % 2 == 0 and n else arb(0, size**n)
        value += coefficient * (power if n else 1)
    return value


def _coefficient(number: Number, n: int) -> Number:
    if isinstance(number, arb_series):
        return number[n]
    return arb(number) if n == 0 else arb(0)
