"""From balls to the short decimal numbers of a certificate, rounded so that they stay true."""

from __future__ import annotations

import math
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.precision import Ball

DIGITS: Final = 12


def decimal_below(number: Ball | float, digits: int = DIGITS) -> Decimal:
    """Return a decimal number with this many digits, at or below all numbers in a ball."""
    return Context(digits, ROUND_FLOOR).create_decimal(Decimal(float_below(number)))


def decimal_above(number: Ball | float, digits: int = DIGITS) -> Decimal:
    """Return a decimal number with this many digits, at or above all numbers in a ball."""
    return Context(digits, ROUND_CEILING).create_decimal(Decimal(float_above(number)))


def float_below(number: Ball | float) -> float:
    """Return a float below all numbers in a ball."""
    end = number if isinstance(number, float) else float(number.lower())
    # The conversion truncates, so two steps are enough whatever the sign.
    return math.nextafter(math.nextafter(end, -math.inf), -math.inf)


def float_above(number: Ball | float) -> float:
    """Return a float above all numbers in a ball."""
    end = number if isinstance(number, float) else float(number.upper())
    return math.nextafter(math.nextafter(end, math.inf), math.inf)


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
