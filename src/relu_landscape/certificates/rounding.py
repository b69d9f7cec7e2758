"""From balls to the short decimal numbers of a certificate, rounded so that they stay true."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.precision import Ball

DIGITS: Final = 12
Interval: TypeAlias = tuple[Decimal, Decimal]


def decimal_below(number: Ball | float, digits: int = DIGITS) -> Decimal:
    """Return a decimal number with this many digits, at or below all numbers in a ball."""
    return _rounded(number if isinstance(number, float) else number.lower(), digits, ROUND_FLOOR)


def decimal_above(number: Ball | float, digits: int = DIGITS) -> Decimal:
    """Return a decimal number with this many digits, at or above all numbers in a ball."""
    return _rounded(number if isinstance(number, float) else number.upper(), digits, ROUND_CEILING)


def interval(ball: Ball, digits: int) -> Interval:
    """Return decimal ends of an interval that holds a ball."""
    return decimal_below(ball, digits), decimal_above(ball, digits)


def _rounded(number: Ball | float, digits: int, rounding: str) -> Decimal:
    if isinstance(number, float):
        fraction = Fraction(number)
    else:
        mantissa, exponent = number.man_exp()
        fraction = Fraction(int(mantissa)) * Fraction(2) ** int(exponent)
    # A quotient of two integers is rounded once, in the direction asked for.
    context = Context(digits, rounding)
    return context.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))


class FloatBalls(NamedTuple):
    """A matrix A with |A - midpoints| <= radii, entry by entry."""

    midpoints: NDArray[np.float64]
    radii: NDArray[np.float64]


def float_balls(matrix: Any) -> FloatBalls:
    """Return float64 midpoints and radii of an `arb_mat`, the radii holding the rounding.

    Args:
        matrix: (rows, columns) of balls.
    """
    shape, entries = (matrix.nrows(), matrix.ncols()), matrix.entries()
    midpoints = np.array([float(x) for x in entries]).reshape(shape)
    radii = np.array([float(x.rad()) for x in entries]).reshape(shape)
    # A radius has 30 bits: only the midpoint is rounded, by less than a unit in its last place.
    return FloatBalls(midpoints, radii * (1 + 2.0**-50) + np.abs(midpoints) * 2.0**-51)
