"""Functions of r = sqrt(m/k) and s = 1/sqrt(m) over a rectangle, through their Taylor expansion.

The variables are those of `scaling`. A number of special rows m is a line s = 1/sqrt(m) of the
plane, m = infinity is s = 0, k = infinity r = 0. A rectangle that no line but one meets is as thin
as that line.

For f on a rectangle with the middle (r_0, s_0), and any of its points, let g(x) be f along the
segment from the middle, x from 0 to 1. Then f = g(0) + g'(0) + ... + g^(n)(x)/n! for some x: the
terms before the last one are the derivatives of f at the middle, and the last one is enclosed by a
series whose point and whose direction are balls.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from typing import Any, Final

from flint import arb, arb_series

from relu_landscape.every_k.branch import truncation
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import Scale, SymmetricFamily
from relu_landscape.every_k.taylor import UndefinedError
from relu_landscape.families.family import Family

# From here on all components of the Hessian but x_m exist.
FEWEST_SPECIAL_ROWS: Final = 3


@dataclass(frozen=True)
class Rectangle:
    """Pairs (m, k) between bounds of r = sqrt(m/k) and of s = 1/sqrt(m), exact numbers.

    r, s: ends of the intervals, 0 <= r, 0 <= s.
    """

    r: tuple[float, float]
    s: tuple[float, float]

    @cached_property
    def special_rows(self) -> range | None:
        """The m >= 3 whose lines meet the rectangle; None if these are infinitely many."""
        if self.s[0] == 0:
            return None
        most = floor(1 / Fraction(self.s[0]) ** 2)
        least = max(FEWEST_SPECIAL_ROWS, ceil(1 / Fraction(self.s[1]) ** 2))
        return range(least, most + 1)

    @property
    def is_line(self) -> bool:
        """Whether one number of special rows meets it."""
        return self.special_rows is not None and len(self.special_rows) == 1

    @property
    def center(self) -> tuple[Number, Number]:
        """The middle, of its line if it is one: balls."""
        if self.special_rows is not None and self.is_line:
            return arb(sum(self.r) / 2), arb(self.special_rows[0]).rsqrt()
        return arb(sum(self.r) / 2), arb(sum(self.s) / 2)

    @property
    def reach(self) -> tuple[float, float]:
        """Half of its lengths; 0 across a line."""
        across = 0.0 if self.is_line else (self.s[1] - self.s[0]) / 2
        return (self.r[1] - self.r[0]) / 2, across

    @property
    def whole(self) -> tuple[Number, Number]:
        """Balls of all r and of all s."""
        center, reach = self.center, self.reach
        return center[0] + arb(0, reach[0]), center[1] + arb(0, reach[1])

    def halves(self, along: str) -> tuple[Rectangle, Rectangle]:
        """The lower and the upper half along r or s."""
        low, high = self.r if along == "r" else self.s
        middle = (low + high) / 2
        if along == "r":
            return Rectangle((low, middle), self.s), Rectangle((middle, high), self.s)
        return Rectangle(self.r, (low, middle)), Rectangle(self.r, (middle, high))


@dataclass(frozen=True)
class Surface:
    """A polynomial of degree 2 in r and s for each unknown, exact numbers.

    center: (r, s), where it is expanded; coefficients: of 1, r, s, r^2, s^2, r s.
    """

    center: tuple[Number, Number]
    coefficients: Sequence[Sequence[float]]

    def over(self, r: Number, s: Number, spread: Sequence[float]) -> list[Number]:
        """Return values + [-spread, spread] at balls, or at series with balls in front."""
        x, y = r - self.center[0], s - self.center[1]
        return [
            (x * arb(rr) + y * arb(rs) + arb(r1)) * x
            + (y * arb(ss) + arb(s1)) * y
            + arb(constant)
            + arb(0, width)
            for (constant, r1, s1, rr, ss, rs), width in zip(self.coefficients, spread, strict=True)
        ]


def member_of(family: Family, rectangle: Rectangle) -> SymmetricFamily:
    """Return a family that stands for all those of a rectangle: m = 4 has all components.

    At m = 3 the component x_m is missing.
    """
    rows = rectangle.special_rows
    return SymmetricFamily(family, 3 if rows is not None and max(rows) == 3 else 4)


def network_at(
    member: SymmetricFamily, r: Number, s: Number, unknowns: Sequence[Number]
) -> ScaledNetwork:
    """Return the network at one scale, in balls or series of balls."""
    named = dict(zip(member.unknowns, unknowns, strict=True))
    return ScaledNetwork(member, Scale(r, s, 1, arb.pi()), named)


def expand_over(
    function: Callable[[Number, Number, list[Number]], Any],
    rectangle: Rectangle,
    surface: Surface,
    spread: Sequence[float],
    order: int,
) -> list[Any]:
    """Evaluate a function of r, s and of the unknowns along surface + [-spread, spread].

    Args:
        function: of series r and s, and of series of the unknowns.
        rectangle: of r and s.
        surface: about its middle.
        spread: for each unknown.
        order: of the remainder, 2 or 3.

    Returns:
        Results for `coefficients_of`: series at the middle, one for each direction, and a last one
        over all of the rectangle.

    Raises:
        UndefinedError: the function is not defined somewhere, or it cannot be told that it is.
    """
    places: list[tuple[tuple[Number, Number], Sequence[Number], int]] = [
        (rectangle.center, way, order) for way in _directions(rectangle, order)
    ]
    everywhere = [arb(0, x) for x in rectangle.reach] if not rectangle.is_line else (1, 0)
    places.append((rectangle.whole, everywhere, order + 1))
    found = []
    for (r, s), (along_r, along_s), terms in places:
        with truncation(terms):
            first, second = arb_series([r, arb(along_r)]), arb_series([s, arb(along_s)])
            try:
                found.append(function(first, second, surface.over(first, second, spread)))
            except (ArithmeticError, ValueError) as error:
                # Arb divides no series by one that may vanish, and says so by a ValueError.
                raise UndefinedError(f"not defined on all of the rectangle: {error}") from error
    return found


def coefficients_of(rectangle: Rectangle, values: Sequence[Number], order: int) -> list[Number]:
    """Return the Taylor coefficients of one number out of the results of `expand_over`.

    Args:
        rectangle: the same.
        values: that number in each result.
        order: the same.
    """
    first, rest = values[0], _coefficient(values[-1], order)
    found = [_coefficient(first, n) for n in range(order)]
    if not rectangle.is_line:
        second = values[1]
        found.insert(2, _coefficient(second, 1))
        if order == 3:
            both = _coefficient(second, 2)
            found += [both, _coefficient(values[2], 2) - found[3] - both]
    return [*found, rest]


def factors_of(rectangle: Rectangle, order: int) -> list[Number]:
    """Return balls of what the Taylor coefficients are multiplied with."""
    x, y = (arb(size) for size in rectangle.reach)
    square = arb(0).union(x * x)
    if rectangle.is_line:
        return [arb(1), arb(0, x), square, arb(0, x * x * x)][: order + 1]
    found = [arb(1), arb(0, x), arb(0, y)]
    if order == 3:
        found += [square, arb(0).union(y * y), arb(0, x * y)]
    return [*found, arb(1)]


def bound_over(coefficients: Sequence[Number], factors: Sequence[Number]) -> Number:
    """Return a ball of the values over the rectangle."""
    return sum((c * x for c, x in zip(coefficients, factors, strict=True)), start=arb(0))


def _directions(rectangle: Rectangle, order: int) -> list[tuple[int, int]]:
    if rectangle.is_line:
        return [(1, 0)]
    return [(1, 0), (0, 1), (1, 1)][:order]


def _coefficient(number: Number, n: int) -> Number:
    if isinstance(number, arb_series):
        return number[n]
    return arb(number) if n == 0 else arb(0)
