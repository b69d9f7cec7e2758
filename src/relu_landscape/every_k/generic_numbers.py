"""The numbers that the formulas of this room are evaluated in, and the functions that they need.

Every formula is written once, with + - * /, `root` and the two ratios below. Its numbers are floats
(guesses), balls of Arb, truncated power series of balls in one variable, or `Dual` numbers over
floats or balls (derivatives). Angles enter through two functions of y = sin^2 t alone, analytic for
|y| < 1, with positive and decreasing coefficients:

    arcsine_ratio(y) = t / sin t = sum C(2n, n) / (4^n (2n + 1)) y^n,
    segment_ratio(y) = (t - sin t cos t) / sin^3 t,    0 <= t < pi/2.

The second is (arcsine_ratio(y) - sqrt(1 - y)) / y, so its coefficient of y^n is the sum of those of
y^(n+1) in t / sin t and in 1 - sqrt(1 - y) = sum_{n > 0} C(2n, n) / (4^n (2n - 1)) y^n.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, singledispatch
from typing import Any, Final, TypeAlias

from flint import arb, arb_series, ctx, fmpq

from relu_landscape.certificates.precision import precision

Number: TypeAlias = Any
"""A float, an `arb`, an `arb_series`, or a `Dual` over floats or balls."""

# From here on the closed forms lose few bits, and the series are slow; but the closed forms name y
# several times, so they are for balls that are this accurate only.
_CLOSED_FORM_FROM: Final = 1 / 32
_ACCURATE_BITS: Final = 60
# Terms of a series, beyond those that the accuracy of y asks for.
_FURTHER_BITS: Final = 24


@dataclass(frozen=True, slots=True)
class Dual:
    """A number with its partial derivatives: forward differentiation of first order.

    value: a float or a ball; partials: as many of the same kind.
    """

    value: Number
    partials: tuple[Number, ...]

    def __add__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            pairs = zip(self.partials, other.partials, strict=True)
            return Dual(self.value + other.value, tuple(x + y for x, y in pairs))
        return Dual(self.value + other, self.partials)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value, tuple(-x for x in self.partials))

    def __sub__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            pairs = zip(self.partials, other.partials, strict=True)
            return Dual(self.value - other.value, tuple(x - y for x, y in pairs))
        return Dual(self.value - other, self.partials)

    def __rsub__(self, other: Number) -> Dual:
        return Dual(other - self.value, tuple(-x for x in self.partials))

    def __mul__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            a, b = self.value, other.value
            pairs = zip(self.partials, other.partials, strict=True)
            return Dual(a * b, tuple(x * b + a * y for x, y in pairs))
        return Dual(self.value * other, tuple(x * other for x in self.partials))

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Dual:
        if isinstance(other, Dual):
            quotient = self.value / other.value
            pairs = zip(self.partials, other.partials, strict=True)
            return Dual(quotient, tuple((x - quotient * y) / other.value for x, y in pairs))
        return Dual(self.value / other, tuple(x / other for x in self.partials))

    def __rtruediv__(self, other: Number) -> Dual:
        quotient = other / self.value
        return Dual(quotient, tuple(-quotient * x / self.value for x in self.partials))

    def through(self, value: Number, slope: Number) -> Dual:
        """The function of this number that has this value and slope there."""
        return Dual(value, tuple(slope * x for x in self.partials))


def independent(values: Sequence[Number]) -> list[Dual]:
    """Return variables as dual numbers, each with the derivative 1 by itself."""
    size = len(values)
    return [
        Dual(value, tuple(value * 0 + (i == j) for j in range(size)))
        for i, value in enumerate(values)
    ]


def partials(number: Number, count: int) -> tuple[Number, ...]:
    """Return the derivatives of a result by `count` variables; zeros if it is constant."""
    return number.partials if isinstance(number, Dual) else (0,) * count


@singledispatch
def root(x: Number) -> Number:
    """Return the square root of a positive number."""
    return math.sqrt(x)


def arcsine_ratio(y: Number) -> Number:
    """Return asin(sqrt y) / sqrt y, |y| < 1."""
    return ratio(y, 0)


def segment_ratio(y: Number) -> Number:
    """Return (asin(sqrt y) / sqrt y - sqrt(1 - y)) / y, |y| < 1."""
    return ratio(y, 1)


@root.register(arb)
@root.register(arb_series)
def _(x: Number) -> Number:
    return x.sqrt()


@root.register
def _(x: Dual) -> Dual:
    value = root(x.value)
    return x.through(value, 0.5 / value)


@singledispatch
def ratio(y: Number, first: int) -> Number:
    """The ratio whose series starts at the coefficient `first`; here of a float."""
    return float(_taylor(arb(y), 1, first)[0])


@ratio.register(arb)
def _(y: Number, first: int) -> Number:
    return _taylor(y, 1, first)[0]


@ratio.register(arb_series)
def _(y: Number, first: int) -> Number:
    return _polynomial(_taylor(y[0], ctx.cap, first), y - y[0])


@ratio.register
def _(y: Dual, first: int) -> Dual:
    value = y.value
    if isinstance(value, arb_series):
        coefficients = _taylor(value[0], ctx.cap + 1, first)
        slopes = [n * c for n, c in enumerate(coefficients)][1:]
        moved = value - value[0]
        return y.through(_polynomial(coefficients[:-1], moved), _polynomial(slopes, moved))
    found, slope = _taylor(arb(value), 2, first)
    if isinstance(value, float):
        found, slope = float(found), float(slope)
    return y.through(found, slope)


def _polynomial(coefficients: Sequence[Number], x: Number) -> Number:
    value = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        value = value * x + coefficient
    return value


def _taylor(y: Number, count: int, first: int) -> list[Number]:
    """The first Taylor coefficients at a ball of the ratio whose series starts at `first`."""
    before = ctx.cap
    ctx.cap = count
    try:
        variable = arb_series([y, arb(1)])
        if y > _CLOSED_FORM_FROM and y.rel_accuracy_bits() > _ACCURATE_BITS:
            sine = variable.sqrt()
            found = sine.asin() / sine
            if first:
                found = (found - (1 - variable).sqrt()) / variable
        else:
            found = _series_with_tail(variable, y, count, first)
        return [found[j] for j in range(count)]
    finally:
        ctx.cap = before


def _series_with_tail(variable: Number, y: Number, count: int, first: int) -> Number:
    """The sum of terms, with a bound of the rest in each Taylor coefficient.

    The j-th coefficient is sum_n c_n C(n, j) y^(n - j). From n = K on c_n falls and C(n, j) grows
    by at most g = (K + 1)/(K + 1 - j) a step, so the terms fall at least as those of a geometric
    series of ratio g |y|.
    """
    largest = y.abs_upper()
    if not largest < 1:
        raise ArithmeticError(f"the ball {y.str(5)} reaches 1, where the angle is pi/2")
    ratio = min(max(float(largest), 2.0**-16), 0.95)
    bits = min(ctx.prec, max(y.rel_accuracy_bits(), 0) + _FURTHER_BITS) if y != 0 else ctx.prec
    terms = count + 2 + math.ceil(bits / -math.log2(ratio))
    coefficients = _coefficients(terms + 1, first, ctx.prec)
    value = _polynomial(coefficients[:terms], variable)
    tails = []
    for j in range(count):
        growth = arb(terms + 1) / (terms + 1 - j)
        shrinks = 1 - growth * largest
        if not shrinks > 0:
            raise ArithmeticError(f"the ball {y.str(5)} reaches 1, where the angle is pi/2")
        tail = coefficients[terms] * math.comb(terms, j) * largest ** (terms - j) / shrinks
        tails.append(arb(0, tail.upper()))
    return value + arb_series(tails)


@lru_cache(maxsize=32)
def _coefficients(count: int, first: int, bits: int) -> list[Number]:
    """Coefficients of a ratio as balls of this precision."""
    with precision(bits):
        return [arb(x) for x in _rationals(count, first)]


def _rationals(count: int, first: int) -> list[fmpq]:
    found = []
    for n in range(first, first + count):
        central = fmpq(math.comb(2 * n, n), 4**n)
        found.append(central / (2 * n + 1) + (central / (2 * n - 1) if first else 0))
    return found
