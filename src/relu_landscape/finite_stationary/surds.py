"""Exact numbers a + b sqrt(D) with rational a, b: what a rank-one fit of two outputs needs."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import isqrt, sqrt
from typing import Any, TypeAlias

Number: TypeAlias = Any
"""A Fraction or a Surd; both know sums, products and signs."""


@dataclass(frozen=True, eq=False)
class Surd:
    """The number a + b sqrt(D).

    Attributes:
        a, b: rational numbers.
        radicand: D, a positive whole number that is no square; the same in all that is combined.
    """

    a: Fraction
    b: Fraction
    radicand: int

    def __add__(self, other: Number) -> Surd:
        x = self._like(other)
        return Surd(self.a + x.a, self.b + x.b, self.radicand)

    def __neg__(self) -> Surd:
        return Surd(-self.a, -self.b, self.radicand)

    def __sub__(self, other: Number) -> Surd:
        return self + -self._like(other)

    def __mul__(self, other: Number) -> Surd:
        x = self._like(other)
        return Surd(
            self.a * x.a + self.b * x.b * self.radicand, self.a * x.b + self.b * x.a, self.radicand
        )

    def __rsub__(self, other: Number) -> Surd:
        return self._like(other) + -self

    __radd__, __rmul__ = __add__, __mul__

    def __truediv__(self, other: Number) -> Surd:
        x = self._like(other)
        norm = x.a * x.a - x.b * x.b * x.radicand
        return self * Surd(x.a / norm, -x.b / norm, x.radicand)

    def __bool__(self) -> bool:
        return self.a != 0 or self.b != 0

    def __abs__(self) -> Surd:
        return -self if self < 0 else self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, int | Fraction | Surd) and self._minus(other) == 0

    def __lt__(self, other: Number) -> bool:
        return self._minus(other) < 0

    def __le__(self, other: Number) -> bool:
        return self._minus(other) <= 0

    def __gt__(self, other: Number) -> bool:
        return self._minus(other) > 0

    def __ge__(self, other: Number) -> bool:
        return self._minus(other) >= 0

    __hash__ = None  # type: ignore[assignment]

    def __float__(self) -> float:
        return float(self.a) + float(self.b) * sqrt(self.radicand)

    def __str__(self) -> str:
        return f"{self.a} {'-' if self.b < 0 else '+'} {abs(self.b)} sqrt({self.radicand})"

    def _minus(self, other: Number) -> int:
        """The sign of the difference: that of the larger of a^2 and b^2 D."""
        x = self - other
        larger = x.a if x.a * x.a > x.b * x.b * self.radicand else x.b
        return int(larger > 0) - int(larger < 0)

    def _like(self, other: Number) -> Surd:
        if isinstance(other, Surd):
            if other.radicand != self.radicand:
                raise ValueError(f"roots of {self.radicand} and of {other.radicand} do not combine")
            return other
        return Surd(Fraction(other), Fraction(0), self.radicand)


def square_root(x: Fraction) -> Number:
    """The root of a rational number x >= 0: rational where it is, else a Surd.

    Raises:
        ValueError: x is negative.
    """
    if x < 0:
        raise ValueError(f"x must be 0 or more, not {x}")
    below, square, factor = x.numerator * x.denominator, 1, 2
    if isqrt(below) ** 2 == below:
        return Fraction(isqrt(below), x.denominator)
    while factor * factor <= below:
        while below % (factor * factor) == 0:
            below, square = below // (factor * factor), square * factor
        factor += 1
    return Surd(Fraction(0), Fraction(square, x.denominator), below)
