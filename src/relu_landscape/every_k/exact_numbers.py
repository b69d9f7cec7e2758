"""Exact numbers: rational functions of pi, and truncated power series over them.

Pi is transcendental, so that two rational functions of it with rational coefficients are the same
number just if they are the same function. The formulas of this room are evaluated in such series
to find coefficients in powers of h without a rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import comb
from typing import Any, TypeAlias

from flint import arb, arb_poly, fmpq, fmpq_poly

from relu_landscape.every_k.generic_numbers import ratio, root

Rational: TypeAlias = "int | float | fmpq | RationalInPi"


class RationalInPi:
    """numerator/denominator, polynomials in pi without a common factor.

    Args:
        numerator: a polynomial.
        denominator: a polynomial that is not 0.
    """

    def __init__(self, numerator: fmpq_poly, denominator: fmpq_poly | None = None) -> None:
        below = fmpq_poly([1]) if denominator is None else denominator
        common = numerator.gcd(below)
        lead = below[below.degree()] / common[common.degree()]
        self.numerator = divmod(numerator, common)[0] / lead
        self.denominator = divmod(below, common)[0] / lead

    @classmethod
    def of(cls, x: Rational) -> RationalInPi:
        """A rational number, floats taken exactly."""
        if isinstance(x, RationalInPi):
            return x
        exact = Fraction(x) if isinstance(x, float) else x
        return cls(fmpq_poly([fmpq(exact.numerator, exact.denominator)]))

    def __add__(self, other: Rational) -> RationalInPi:
        x = RationalInPi.of(other)
        return RationalInPi(
            self.numerator * x.denominator + x.numerator * self.denominator,
            self.denominator * x.denominator,
        )

    def __mul__(self, other: Rational) -> RationalInPi:
        x = RationalInPi.of(other)
        return RationalInPi(self.numerator * x.numerator, self.denominator * x.denominator)

    def __truediv__(self, other: Rational) -> RationalInPi:
        x = RationalInPi.of(other)
        if x.is_zero():
            raise ZeroDivisionError("division by an exact zero")
        return RationalInPi(self.numerator * x.denominator, self.denominator * x.numerator)

    def __neg__(self) -> RationalInPi:
        return RationalInPi(-self.numerator, self.denominator)

    def __sub__(self, other: Rational) -> RationalInPi:
        return self + -RationalInPi.of(other)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, int | float | fmpq | RationalInPi):
            return NotImplemented
        return (self - other).is_zero()

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[Any, ...]:
        return _from_coefficients, tuple(
            [(int(c.p), int(c.q)) for c in x.coeffs()] for x in (self.numerator, self.denominator)
        )

    def is_zero(self) -> bool:
        """Whether it is 0."""
        return bool(self.numerator.degree() < 0)

    def ball(self) -> arb:
        """The number, at the present precision."""
        return arb_poly(self.numerator)(arb.pi()) / arb_poly(self.denominator)(arb.pi())

    def root(self) -> RationalInPi:
        """The positive root.

        Raises:
            DomainError: of flint: it is no square of such a number.
        """
        found = RationalInPi(self.numerator.sqrt(), self.denominator.sqrt())
        return -found if found.ball() < 0 else found

    def __str__(self) -> str:
        """Terms in falling powers of pi where the denominator is one, else a fraction."""
        shift = self.denominator.degree()
        if any(self.denominator[j] != 0 for j in range(shift)):
            return f"({_terms(self.numerator, 0)})/({_terms(self.denominator, 0)})"
        return _terms(self.numerator, shift)


def _from_coefficients(
    numerator: list[tuple[int, int]], denominator: list[tuple[int, int]]
) -> RationalInPi:
    """The number as it is pickled; flint's polynomials cannot be."""
    return RationalInPi(*(fmpq_poly([fmpq(p, q) for p, q in x]) for x in (numerator, denominator)))


PI = RationalInPi(fmpq_poly([0, 1]))


class ExactSeries:
    """A truncated power series with such coefficients.

    Args:
        coefficients: the first ones; as many as all series that it is combined with have.
    """

    def __init__(self, coefficients: Sequence[Rational]) -> None:
        self.coefficients = [RationalInPi.of(x) for x in coefficients]

    def __getitem__(self, power: int) -> RationalInPi:
        return self.coefficients[power]

    def _like(self, x: Rational | ExactSeries) -> ExactSeries:
        if isinstance(x, ExactSeries):
            return x
        return ExactSeries([x, *[0] * (len(self.coefficients) - 1)])

    def __add__(self, other: Rational | ExactSeries) -> ExactSeries:
        pairs = zip(self.coefficients, self._like(other).coefficients, strict=True)
        return ExactSeries([x + y for x, y in pairs])

    def __mul__(self, other: Rational | ExactSeries) -> ExactSeries:
        x, y = self.coefficients, self._like(other).coefficients
        zero = RationalInPi.of(0)
        return ExactSeries(
            [
                sum((x[i] * y[n - i] for i in range(n + 1) if not x[i].is_zero()), start=zero)
                for n in range(len(x))
            ]
        )

    def __neg__(self) -> ExactSeries:
        return ExactSeries([-x for x in self.coefficients])

    def __sub__(self, other: Rational | ExactSeries) -> ExactSeries:
        return self + -self._like(other)

    def __rsub__(self, other: Rational | ExactSeries) -> ExactSeries:
        return self._like(other) - self

    def __truediv__(self, other: Rational | ExactSeries) -> ExactSeries:
        x, y = self.coefficients, self._like(other).coefficients
        found: list[RationalInPi] = []
        for n in range(len(x)):
            rest = x[n]
            for i, known in enumerate(found):
                rest = rest - known * y[n - i]
            found.append(rest / y[0])
        return ExactSeries(found)

    def __rtruediv__(self, other: Rational | ExactSeries) -> ExactSeries:
        return self._like(other) / self

    __radd__, __rmul__ = __add__, __mul__


@root.register
def _(x: ExactSeries) -> ExactSeries:
    found = [x[0].root()]
    for n in range(1, len(x.coefficients)):
        rest = x[n]
        for i in range(1, n):
            rest = rest - found[i] * found[n - i]
        found.append(rest / (found[0] * 2))
    return ExactSeries(found)


@ratio.register
def _(y: ExactSeries, first: int) -> ExactSeries:
    """At a series that begins with 0: sums of central binomial coefficients."""
    if not y[0].is_zero():
        raise ValueError("an exact angle is known at 0 only")
    total, power = y._like(0), y._like(1)
    for n in range(first, first + len(y.coefficients)):
        central = fmpq(comb(2 * n, n), 4**n)
        coefficient = central / (2 * n + 1) + (central / (2 * n - 1) if first else 0)
        total, power = total + power * coefficient, power * y
    return total


def _terms(polynomial: fmpq_poly, shift: int) -> str:
    """The polynomial over pi^shift."""
    found = []
    for j in range(polynomial.degree(), -1, -1):
        c, power = polynomial[j], j - shift
        if c == 0:
            continue
        above = f"{abs(c.p)}" if power <= 0 else _power(int(abs(c.p)), power)
        below = [str(c.q)] * (c.q != 1) + [_power(1, -power)] * (power < 0)
        divided = f"/{below[0]}" if len(below) == 1 else f"/({' '.join(below)})" if below else ""
        sign = "-" if c < 0 else "+"
        found.append(f"{sign} {above}{divided}")
    text = " ".join(found) or "0"
    return text.removeprefix("+ ") if text[0] == "+" else text.replace("- ", "-", 1)


def _power(factor: int, power: int) -> str:
    """factor pi^power, power > 0."""
    name = "pi" if power == 1 else f"pi^{power}"
    return name if factor == 1 else f"{factor} {name}"
