"""Bounds as they are printed: rounded to the side on which they hold."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Any

import mpmath


def floor_of(value: Any, digits: int = 6) -> str:
    """The largest number of so many digits that is not above; without zeros if it is equal."""
    exact = value if isinstance(value, Fraction) else Fraction(mpmath.nstr(mpmath.mpf(value), 70))
    places = digits - 1 - _magnitude(exact)
    scaled = exact * Fraction(10) ** places
    found = math.floor(scaled)
    if abs(found) == 10**digits:  # rounded away from zero, to one digit more
        found, places = found // 10, places - 1
    while scaled.denominator == 1 and places > 0 and found % 10 == 0:
        found, places = found // 10, places - 1
    return str(Decimal(found).scaleb(-places))


def _magnitude(exact: Fraction) -> int:
    """The power of ten of the first digit."""
    power = len(str(abs(exact.numerator))) - len(str(exact.denominator))
    return power if abs(exact) >= Fraction(10) ** power else power - 1


def ceiling_of(value: Any, digits: int = 6) -> str:
    """The smallest number of so many digits that is not below."""
    exact = value if isinstance(value, Fraction) else Fraction(mpmath.nstr(mpmath.mpf(value), 70))
    text = floor_of(-exact, digits)
    return text[1:] if text.startswith("-") else f"-{text}"
