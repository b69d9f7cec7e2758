"""Check proofs for every k: `python -m relu_landscape.certificates.check_every_k FILE...`.

This module stands alone, like `check`, which checks one k at a time. It imports the standard
library and python-flint, shares no code with the programs that write certificates, and trusts
nothing in them: it reads where a branch of minima is said to run and proves again what is said of
it. Every number below is a ball of Arb, which contains the true value whatever was rounded. Read it
from top to bottom; each lemma stands where it is used.

It is one file, as long as it is: the statement rests on all of it - where the branch runs, the
Hessian on every component, the loss, what splits do -, so that a part by itself would prove
nothing, and whoever trusts it need open no other. What more is shown of the same branch continues
it, in files of their own.

The objective. Students w_1..w_k, teachers v_1..v_k = e_1..e_k in R^d, d >= k, x standard normal:

    F(W) = 1/2 E (sum_i relu(w_i.x) - sum_j relu(v_j.x))^2.

Lemma 1. relu(y) = y/2 + |y|/2, and odd functions of x are orthogonal to even ones. With the column
sums S = sum_i w_i - sum_j v_j,

    F = |S|^2/8 + 1/2 sum f(w_i, w_j) - sum f(w_i, v_j) + 1/2 sum f(v_i, v_j),
    f(w, v) = E |w.x||v.x|/4 = |w||v| (sin t + b cos t)/(2 pi),

t the angle between w and v, b = pi/2 - t = asin(cos t) their tilt. So, with a^ = a/|a|, from the
derivatives of E relu(w.x) relu(v.x) (Safran, Yehudai & Shamir 2021, eqs. (5), (10)), less those of
its odd part w.v/4,

    2 pi dF/dw_i = (pi/2) (S + w_i) + sum_{j != i} g(w_i, w_j) - sum_j g(w_i, v_j),
    2 pi sum u_i.H_ij u_j = (pi/2) (|sum u_i|^2 + sum |u_i|^2) + sum_{i != j} h2(w_i, w_j)[u_i, u_j]
                            + sum_i (sum_{j != i} h1(w_i, w_j) - sum_j h1(w_i, v_j))[u_i],
    g(w, v) = |v| sin t w^ + b v,
    h1(w, v)[u] = |v|/|w| (sin t (|u|^2 - (u.w^)^2) + (u.v^ - cos t u.w^)^2/sin t),
    h2(w, v)[u, z] = b u.z + ((u.w^)(z.v^) + (u.v^)(z.w^)
                              - cos t ((u.w^)(z.w^) + (u.v^)(z.v^)))/sin t.

F is C^2 where no w_i is zero; where sin t = 0 the fractions are 0.

The families. k = p + m, h = k^(-1/2), e = h^2. In the first p rows the own coordinate is a, that of
the other first p columns b, that of the last m columns c; in the last m rows they are d, f (of the
first columns) and g (of the other last ones):

    II:    a = 1 + m e^2 A,        b = m e^2 B,        c = e C,      d = -1 + e D, f = e F, g = e G,
    I, A:  a = -1 + e (2 + m e A), b = e (2 + m e B),  c = m e^2 C,  d = 1 + e D,  f = e F, g = e G.

A has no last rows, and 1 for m in a and b. A file says: there are functions A(h), B(h), ... on [0,
least_k^(-1/2)] with which the gradient of F is zero at every real k >= least_k - for an integer k
at a network, for others by the same formulas -, and says of the Hessian, the loss and splits there
what holds on a piece of the interval. As k = infinity is a point like others, h = 0, finitely many
pieces do.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import cache
from math import comb, isqrt, sqrt
from operator import mul
from pathlib import Path
from typing import Any

from flint import arb, arb_mat, arb_series, ctx, fmpq

MOST_BITS = 4096
MOST_SPECIAL_ROWS = 1000
MOST_LEAST_K = 10**9
HEXADECIMAL = re.compile(r"(-?)0x([0-9a-f]+)(?:\.([0-9a-f]*))?p([+-]?[0-9]+)")


class Refused(Exception):
    """The certificate does not hold, or this program cannot show that it does."""


def require(holds: Any, what: str) -> None:
    """Refuse the certificate unless this holds; a ball that is not clearly so does not."""
    if not holds:
        raise Refused(what)


# --- 1. Numbers ---------------------------------------------------------------------------------
# A number is a string: a hexadecimal float "0x1.8p-3", a decimal "0.0213" or "8.7E-15", or a
# fraction "272/1000". All are exact rational numbers. Counts are JSON integers.


def rational(text: Any) -> Fraction:
    """Read an exact number."""
    require(
        isinstance(text, str) and 0 < len(text) <= 1000, f"{text!r:.60} is not a number in a string"
    )
    try:
        found = HEXADECIMAL.fullmatch(text)
        if found:
            sign, whole, digits, exponent = found.groups(default="")
            power = int(exponent) - 4 * len(digits)
            require(abs(power) < 5000, f"{text!r:.60} is too large or too small")
            return Fraction(int(sign + whole + digits, 16)) * Fraction(2) ** power
        exponent = text.lower().partition("e")[2]
        require(
            not exponent or abs(int(exponent)) < 5000, f"{text!r:.60} is too large or too small"
        )
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Refused(f"{text!r:.60} is not a number") from None


def ball(number: Fraction) -> Any:
    """An exact number as a ball."""
    return arb(fmpq(number.numerator, number.denominator))


def count(line: dict[str, Any], name: str, least: int, most: int) -> int:
    """Read an integer."""
    value = line[name]
    require(
        type(value) is int and least <= value <= most,
        f"{name} must be an integer from {least} to {most}",
    )
    return int(value)


def fields(line: Any, names: Sequence[str], what: str) -> None:
    """Require that an object has these fields and no others."""
    require(isinstance(line, dict), f"{what} must be a JSON object")
    unlike = sorted(set(line) ^ set(names))
    require(not unlike, f"the fields of {what} differ from the format: {unlike!r:.200}")


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no field occurs twice."""
    require(len(dict(pairs)) == len(pairs), "a field occurs twice")
    return dict(pairs)


def raised(x: Any, n: int) -> Any:
    """x^n; flint's ** has no negative bases."""
    if n == 0:
        return arb(1)
    half = raised(x, n // 2)
    return half * half * x if n % 2 else half * half


def powers_of(reach: Any, n: int) -> list[Any]:
    """Balls that hold s^0, ..., s^n for all |s| <= reach."""
    found = [arb(1)]
    for j in range(1, n + 1):
        size = raised(reach, j)
        found.append(arb(0).union(size) if j % 2 == 0 else arb(0, size.upper()))
    return found


def identity(size: int) -> Any:
    """The unit matrix."""
    return arb_mat([[int(a == b) for b in range(size)] for a in range(size)])


# --- 2. Functions of h next to 0 ----------------------------------------------------------------
# Terms of the network cancel next to h = 0: lengths are 1 + O(h^2), k = h^-2 pairs are added, and
# what is left is of order 1. So a quantity is written as
#     P(h) + h^order rest(h),
# P a Laurent polynomial with rational coefficients, which cancel exactly, all of degree < order,
# and rest a function analytic in h, also at 0, in balls. The rules below are exact identities.
# A rest is a truncated series of balls (flint's arb_series): Taylor coefficients in h at a point,
# or such as enclose those at each point of an interval; or h is an interval and the second
# coefficient the derivative in an unknown.

NOWHERE = 10**6  # the order where there is no rest


class Place:
    """Where functions of h are expanded: in [low, high], up to so many coefficients.

    moves: the series are in h; else in an unknown, and h is constant.
    """

    def __init__(self, low: Any, high: Any, length: int, moves: bool) -> None:
        self.low, self.high, self.length, self.moves = low, high, length, moves
        self.powers: dict[int, Any] = {}

    def power(self, j: int) -> Any:
        """The series of h^j, j >= 0; as powers increase, those of the ends enclose the others."""
        if j not in self.powers:
            terms = range(min(j + 1, self.length) if self.moves else 1)
            self.powers[j] = arb_series(
                [
                    comb(j, i) * raised(self.low, j - i).union(raised(self.high, j - i))
                    for i in terms
                ],
                self.length,
            )
        return self.powers[j]

    def term(self, degree: int, factor: Any = 1) -> Scaled:
        """The exact quantity factor h^degree."""
        return Scaled(self, {degree: fmpq(factor)})

    def unknown(self, degree: int, rest: Any) -> Scaled:
        """The quantity h^degree rest."""
        return Scaled(self, {}, degree, rest)

    @staticmethod
    def composed(name: str, rest: Any) -> Any:
        """The function of Lemma 2 of a series."""
        return composed(name, rest)


class Scaled:
    """exact + h^order rest."""

    def __init__(
        self, at: Place, exact: dict[int, Any], order: int = NOWHERE, rest: Any = None
    ) -> None:
        self.at, self.order, self.rest = at, order, rest
        self.exact: dict[int, Any] = {}
        for j, c in exact.items():
            if j >= order:
                self.rest = self.rest + at.power(j - order) * arb(c)
            elif c != 0:
                self.exact[j] = c

    def is_zero(self) -> bool:
        """Whether it is the exact 0."""
        return not self.exact and self.rest is None

    def over(self, degree: int) -> Any:
        """This / h^degree as a series; it must have a limit at 0."""
        lowest = min([self.order, *self.exact])
        require(lowest >= degree, "a quantity is not bounded at h = 0")
        total = arb_series([0], self.at.length)
        for j, c in self.exact.items():
            total = total + self.at.power(j - degree) * arb(c)
        if self.rest is not None:
            require(self.rest.prec == self.at.length, "a series is too short")
            total = total + self.rest * self.at.power(self.order - degree)
        return total

    def pure(self) -> Scaled:
        """The same, all of it in the rest."""
        lowest = min([self.order, *self.exact])
        return self if self.is_zero() else Scaled(self.at, {}, lowest, self.over(lowest))

    def _plus_rests(self, exact: dict[int, Any], rests: list[tuple[int, Any]]) -> Scaled:
        """exact + sum of h^order rest."""
        if not rests:
            return Scaled(self.at, exact)
        lowest, total = min(order for order, _ in rests), None
        for order, rest in rests:
            moved = rest if order == lowest else rest * self.at.power(order - lowest)
            total = moved if total is None else total + moved
        return Scaled(self.at, exact, lowest, total)

    def _scaled(self, x: Any) -> Scaled:
        return x if isinstance(x, Scaled) else self.at.term(0, x)

    def __add__(self, other: Any) -> Scaled:
        other = self._scaled(other)
        exact = dict(self.exact)
        for j, c in other.exact.items():
            exact[j] = exact.get(j, 0) + c
        return self._plus_rests(
            exact, [(x.order, x.rest) for x in (self, other) if x.rest is not None]
        )

    def __mul__(self, other: Any) -> Scaled:
        other = self._scaled(other)
        if self.is_zero() or other.is_zero():
            return self.at.term(0, 0)
        exact: dict[int, Any] = {}
        for i, c in self.exact.items():
            for j, d in other.exact.items():
                exact[i + j] = exact.get(i + j, 0) + c * d
        rests = []
        for x, y in ((self, other), (other, self)):
            if x.rest is not None and y.exact:
                low = min(y.exact)
                factor = (
                    Scaled(self.at, y.exact).over(low) if len(y.exact) > 1 else arb(y.exact[low])
                )
                rests.append((x.order + low, x.rest * factor))
        if self.rest is not None and other.rest is not None:
            rests.append((self.order + other.order, self.rest * other.rest))
        return self._plus_rests(exact, rests)

    def __neg__(self) -> Scaled:
        rest = None if self.rest is None else -self.rest
        return Scaled(self.at, {j: -c for j, c in self.exact.items()}, self.order, rest)

    def __sub__(self, other: Any) -> Scaled:
        return self + -self._scaled(other)

    def __rsub__(self, other: Any) -> Scaled:
        return self._scaled(other) + -self

    def __truediv__(self, other: Any) -> Scaled:
        return self * self._scaled(other).inverse()

    __radd__, __rmul__ = __add__, __mul__

    def _leading(self) -> tuple[int, Any, Scaled]:
        """degree, c, y, where this is c h^degree (1 + y) and y is pure and vanishes at 0."""
        degree = min(self.exact)
        c = self.exact[degree]
        return degree, c, (self * self.at.term(-degree, 1 / c) - 1).pure()

    def sqrt(self) -> Scaled:
        """Root: sqrt(1 + y) = 1 + y/(1 + sqrt(1 + y))."""
        if not self.exact:
            require(self.order % 2 == 0 and self.rest[0] > 0, "a root may vanish")
            return self.at.unknown(self.order // 2, self.rest.sqrt())
        degree, c, y = self._leading()
        root = fmpq(isqrt(max(int(c.p), 0)), isqrt(int(c.q)))
        require(root * root == c and degree % 2 == 0, "the leading term is no square")
        factor = self.at.term(degree // 2, root)
        if y.is_zero():
            return factor
        square = (1 + y).over(0)
        require(square[0] > 0, "a root may vanish")
        return factor * (1 + self.at.unknown(y.order, y.rest / (1 + square.sqrt())))

    def inverse(self) -> Scaled:
        """1 / this: 1/(1 + y) = 1 - y/(1 + y)."""
        if not self.exact:
            require(self.rest is not None and abs(self.rest[0]) > 0, "a denominator may vanish")
            return self.at.unknown(-self.order, 1 / self.rest)
        degree, c, y = self._leading()
        factor = self.at.term(-degree, 1 / c)
        if y.is_zero():
            return factor
        whole = (1 + y).over(0)
        require(abs(whole[0]) > 0, "a denominator may vanish")
        return factor * (1 - self.at.unknown(y.order, y.rest / whole))


# Lemma 2. asin x = x phi(x^2) and theta - sin theta cos theta = sin^3 theta omega(sin^2 theta), for
# 0 <= theta < pi/2, with the power series phi(y) = sum_j c_j y^j/(2j + 1), c_j = binom(2j, j)/4^j,
# and omega(y) = (phi(y) - sqrt(1 - y))/y, where sqrt(1 - y) = -sum_j c_j y^j/(2j - 1): coefficients
# of y omega are 4 j c_j/(4 j^2 - 1). All are between 0 and 1. The i-th Taylor coefficient at y is
# sum_j c_j binom(j, i) y^(j-i), and from j = n on a term is at most (n+1)/(n+1-i) |y| times the one
# before it.

MOST_TERMS = 200


@cache
def coefficients(name: str, bits: int) -> list[Any]:
    """The first power series coefficients of phi or omega."""
    before, ctx.prec = ctx.prec, bits
    try:
        central = [fmpq(comb(2 * j, j), 4**j) for j in range(MOST_TERMS + 1)]
        if name == "phi":
            return [arb(c / (2 * j + 1)) for j, c in enumerate(central)]
        return [arb(4 * j * c / (4 * j * j - 1)) for j, c in enumerate(central)][1:]
    finally:
        ctx.prec = before


def tail(size: Any, n: int, i: int) -> Any:
    """A bound of the terms from j = n on of the i-th Taylor coefficient, |y| <= size."""
    ratio = size * (n + 1) / (n + 1 - i)
    require(ratio < 1, "a power series does not end")
    return comb(n, i) * raised(size, n - i) / (1 - ratio)


def taylor(name: str, y: Any, n: int) -> list[Any]:
    """The first n Taylor coefficients of phi or omega at a ball."""
    known, size = coefficients(name, ctx.prec), abs(y).upper()
    require(size < arb("0.8"), "an angle is too close to a right one")
    small = raised(arb("0.5"), ctx.prec)
    terms = next((j for j in range(8, MOST_TERMS, 8) if raised(size, j) < small), MOST_TERMS)
    powers = [arb(1)]
    for _ in range(terms):
        powers.append(powers[-1] * y)
    return [
        sum(
            (known[j] * comb(j, i) * powers[j - i] for j in range(i, terms)),
            start=arb(0, tail(size, terms, i).upper()),
        )
        for i in range(n)
    ]


def at_series(found: Sequence[Any], y: Any) -> Any:
    """The series with these Taylor coefficients at the first term of a series."""
    moved = arb_series([0, *(y[i] for i in range(1, y.prec))], y.prec)
    total = arb_series([found[-1]], y.prec)
    for c in found[-2::-1]:
        total = total * moved + c
    return total


def composed(name: str, y: Any) -> Any:
    """phi or omega of a series."""
    return at_series(taylor(name, y[0], y.prec), y)


def arcsine(x: Scaled) -> Scaled:
    """asin x."""
    x = x.pure()
    return x * x.at.unknown(0, x.at.composed("phi", (x * x).over(0)))


# --- 3. The network and its gradient ------------------------------------------------------------
# Let theta be the angle between a row and the line of its own teacher, side = 1 if the row points
# to the teacher's side of it, and -1 if to the other: cos t = side cos theta, b = side (pi/2 -
# theta). With own coordinate o and length N, N sin theta is the length of the other coordinates,
# in which nothing cancels. The own teacher's part of 2 pi dF/dw, along itself, is
#     -(sin t cos t + b) = side (theta - sin theta cos theta) - side pi/2.


class Angle:
    """Two neurons that are nearly orthogonal."""

    def __init__(self, cosine: Scaled) -> None:
        self.cosine, self.sine = cosine, (1 - cosine * cosine).sqrt()
        self.over_sine, self.tilt = self.sine.inverse(), arcsine(cosine)


class Block:
    """Rows that are permuted: own, off and cross are a, b, c, or d, g, f, of such a row.

    `n` rows; `other` is the other block, or None.
    """

    def __init__(self, n: Scaled, own: Scaled, off: Scaled, cross: Scaled, side: int) -> None:
        self.n, self.own, self.off, self.cross, self.side = n, own, off, cross, side
        self.others = n - 1
        self.other: Block | None = None

    def measure(self) -> None:
        """Length of a row, and its angles with teachers and with rows of its block."""
        o, b, c = self.own, self.off, self.cross
        beside = self.others * b * b
        product = 2 * o * b + (self.others - 1) * b * b
        if self.other:
            beside, product = (x + self.other.n * c * c for x in (beside, product))
        self.norm = (o * o + beside).sqrt()
        self.inverse = self.norm.inverse()
        self.sine = beside.sqrt() * self.inverse
        self.over_sine = self.sine.inverse()
        self.cosine = self.side * o * self.inverse
        require(self.cosine.over(0)[0] > 0, "a row may be orthogonal to its teacher")
        # theta - sin theta cos theta
        square = self.sine * self.sine
        self.bend = self.sine * square * o.at.unknown(0, o.at.composed("omega", square.over(0)))
        alone = self.others.is_zero()
        self.same = Angle(self.others if alone else product * self.inverse * self.inverse)
        self.teacher, self.other_teacher = Angle(b * self.inverse), Angle(c * self.inverse)

    def meet(self) -> None:
        """The angle with rows of the other block, and `turning`: the sum of |v| sin t over students
        minus teachers but the own one."""
        self.turning = self.others * (self.norm * self.same.sine - self.teacher.sine)
        Q = self.other
        if Q:
            product = (self.own + self.others * self.off) * Q.cross
            product += (Q.own + Q.others * Q.off) * self.cross
            self.mixed = Angle(product * self.inverse * Q.inverse)
            self.turning += Q.n * (Q.norm * self.mixed.sine - self.other_teacher.sine)

    def column(self) -> Scaled:
        """The column sum S of its columns."""
        total = self.own + self.others * self.off - 1
        return total + self.other.n * self.other.cross if self.other else total

    def gradient(self) -> list[tuple[Scaled, Scaled]]:
        """X, Y with 2 pi dF/dw = (pi/2) (S + X) + Y, for own, off and cross coordinate."""
        o, b, c, Q = self.own, self.off, self.cross, self.other
        along, across = self.turning * self.inverse, (self.turning - self.sine) * self.inverse
        own = along * o + self.same.tilt * self.others * b + self.side * self.bend
        off = across * b + self.same.tilt * (o + (self.others - 1) * b) - self.teacher.tilt
        if not Q:
            return [(o - self.side, own), (b, off)]
        own, off = (x + self.mixed.tilt * Q.n * Q.cross for x in (own, off))
        cross = across * c + self.same.tilt * self.others * c - self.other_teacher.tilt
        cross += self.mixed.tilt * (Q.own + Q.others * Q.off)
        return [(o - self.side, own), (b, off), (c, cross)]


UNKNOWNS = "ABCDFG"


def unknowns(m: int) -> str:
    """Names of the unknowns; one last row has no further last coordinate."""
    return UNKNOWNS[: {0: 2, 1: 5}.get(m, 6)]


def network(at: Place, family: str, m: int, x: dict[str, Any]) -> list[Block]:
    """The blocks of a family; x holds a series for each unknown."""
    u, zero = max(m, 1), at.term(0, 0)

    def of(name: str, degree: int, factor: int = 1) -> Scaled:
        return at.unknown(degree, x[name] * factor) if name in x else zero

    p, side = at.term(-2) - m, 1 if family == "II" else -1
    if family == "II":
        blocks = [Block(p, 1 + of("A", 4, u), of("B", 4, u), of("C", 2), side)]
    else:
        shift = at.term(2, 2)
        own, off = shift - 1 + of("A", 4, u), shift + of("B", 4, u)
        blocks = [Block(p, own, off, of("C", 4, u), side)]
    if m:
        own = of("D", 2) - side
        blocks.append(Block(at.term(0, m), own, of("G", 2), of("F", 2), -side))
        blocks[0].other, blocks[1].other = blocks[1], blocks[0]
    for block in blocks:
        block.measure()
    for block in blocks:
        block.meet()
    return blocks


# Lemma 3. In these combinations the parts that are large at h = 0 are gone, and they are all zero
# at an h > 0 just if the gradient is. (All last coordinates share a column sum; one keeps it.)


def residual(blocks: list[Block], family: str) -> list[Any]:
    """As many series as unknowns, zero at critical points."""

    def equation(X: Scaled, Y: Scaled, degree: int = 2) -> Any:
        return X.over(degree) * (arb.pi() / 2) + Y.over(degree)

    first, S = blocks[0].gradient(), blocks[0].column()
    found = [equation(X + S, Y) for X, Y in first[:2]]
    if len(blocks) == 1:
        return found
    last, (X, Y) = blocks[1].gradient(), first[2]
    found.append(equation(X + blocks[1].column(), Y, 0 if family == "II" else 2))
    found.append(equation(last[0][0] - X, last[0][1] - Y))
    found.append(equation(last[2][0] + S, last[2][1]))
    if not blocks[1].others.is_zero():
        found.append(equation(last[1][0] - X, last[1][1] - Y))
    return found


# --- 4. The Hessian -----------------------------------------------------------------------------
# Lemma 4. The group S_p x S_m permutes, block by block, coordinates and rows together. The Hessian
# commutes with it; by Schur's lemma it acts on all copies of an irreducible representation by one
# small matrix, given by one vector of each copy, the same up to equivariant maps. On a block of n,
# R^n is 1 + s. A matrix U, with rows u_i, has
#   in rows and columns of one block: own coordinates, 1 + s; others, 1 + 2 s + x + y,
#   in rows of one block and columns of the other: (1 + s) (x) (1 + s'),
# with s, x, y of the partitions (n-1, 1), (n-2, 2), (n-2, 1, 1), of dimensions n - 1, n (n-3)/2,
# (n-1)(n-2)/2. (n = 2: others are 1 + s; x needs n >= 4, y needs n >= 3.) Dimensions are added up
# below, so that no copy is missing. All eigenvalues are >= l if each small matrix minus l times the
# Gram matrix of its vectors is positive definite; it is not if vectors depend on each other.
# Lemma 5. Copies of 1, s and s (x) s'. Let v in R^n be all ones (type 1), or sum v = 0 and |v|^2 =
# n (type s); z likewise in the other block. The vectors are, with u_i for row i of the block,
#     own: v_i e_i,   row: v_i 1,   column: v, if v is of type s,   cross: v_i z,
# the first three if z is of type 1. (Of type 1, row and column are the same; if n = 2, column
# depends on the others.) With t = sum v, n or 0, sum_{j != i} v_j = (t - 1) v_i, and
#     sum_{j != i} (x v_i + y v_j)(x' v_i + y' v_j) has the mean (n-1)(x x' + y y') + (t-1)(x y' +
#     y x') over i.
# Products of u_i with row i, and rows and teachers of its block, are multiples of v_i and v_j;
# those with the other block, of v_i z_l. The class Copies holds the multiples.
# Lemma 6. The own teacher. With o the own coordinate of w, u_o that of u, N = |w| and u.w = o u_o +
# r, u_o - cos t u.w^ is sin^2 theta u_o - (o/N^2) r, where less cancels.

Pair = tuple[Scaled, Scaled]
Bent = tuple[Scaled, Pair, Pair, Scaled, Scaled]


class Copies:
    """The parts of the vectors of one component on the rows of one block, as lists.

    Args:
        block: the block; trivial: whether it has type 1; other_trivial: the same for the other.
        tensors: for each vector, its multiples of those of Lemma 5, by name.
    """

    def __init__(
        self, block: Block, trivial: bool, other_trivial: bool, tensors: list[dict[str, Scaled]]
    ) -> None:
        zero, one = block.n * 0, block.n * 0 + 1
        o, b, c, Q = block.own, block.off, block.cross, block.other
        self.block, self.sum = block, block.n if trivial else zero
        others = block.others
        other_sum = Q.n if Q and other_trivial else zero

        def multiples(**of: Scaled) -> list[Scaled]:
            return [
                sum((of[name] * scale for name, scale in vector.items() if name in of), start=zero)
                for vector in tensors
            ]

        self.own = multiples(own=one, row=one, column=one)  # u_i.e_i
        self.same = list(zip(multiples(row=one), multiples(column=one), strict=True))  # u_i.e_j
        self.cross = multiples(cross=one)  # u_i.e_l
        self.remainder = multiples(row=others * b, column=-b, cross=other_sum * c)
        self.along = [r + o * x for r, x in zip(self.remainder, self.own, strict=True)]  # u_i.w_i
        x = multiples(own=b, row=o + others * b, cross=other_sum * c)
        self.rows = list(zip(x, multiples(column=o - b), strict=True))  # u_i.w_j
        self.other_rows = self.along  # u_i.w_l
        if Q:
            f, d, g = Q.cross, Q.own, Q.off
            self.other_rows = multiples(own=f, row=block.n * f, cross=d + (other_sum - 1) * g)
        # sum of the rows, in a column of the block and of the other
        self.total = multiples(own=one, row=self.sum, column=block.n)
        self.other_total = multiples(cross=self.sum)

    def pairs(self, x: Pair, y: Pair) -> Scaled:
        """Sum over j != i of (x_0 v_i + x_1 v_j)(y_0 v_i + y_1 v_j)."""
        equal, mixed = x[0] * y[0] + x[1] * y[1], x[0] * y[1] + x[1] * y[0]
        return self.block.others * equal + (self.sum - 1) * mixed

    def bent(self, i: int) -> Bent:
        """|v| (u.v^ - cos t u.w^) for own teacher, rows and teachers of the block and the other."""
        B, Q = self.block, self.block.other
        u = self.along[i] * B.inverse
        bend = B.sine * B.sine * self.own[i] - B.own * B.inverse * B.inverse * self.remainder[i]
        row = self.rows[i][0] - B.same.cosine * B.norm * u, self.rows[i][1]
        teacher = self.same[i][0] - B.teacher.cosine * u, self.same[i][1]
        other_teacher = self.cross[i] - B.other_teacher.cosine * u
        other_row = self.other_rows[i] - B.mixed.cosine * Q.norm * u if Q else u
        return bend, row, teacher, other_row, other_teacher

    def forms(self) -> Iterator[tuple[int, int, Scaled, Scaled, Scaled]]:
        """i, j, X, Y, G: 2 pi times the Hessian is (pi/2) X + Y, and G the Gram matrix."""
        every = [self.bent(i) for i in range(len(self.own))]
        for i, first in enumerate(every):
            for j, second in enumerate(every[: i + 1]):
                square = self.square(i, j)
                sums = self.block.n * self.total[i] * self.total[j]
                if self.block.other:
                    sums += self.block.other.n * self.other_total[i] * self.other_total[j]
                Y = self.diagonal(i, j, square, first, second)
                Y += self.off_diagonal(i, j, square, sums)
                yield i, j, sums + self.block.n * square, Y, self.block.n * square

    def square(self, i: int, j: int) -> Scaled:
        """u.u' of one row."""
        value = self.own[i] * self.own[j] + self.pairs(self.same[i], self.same[j])
        Q = self.block.other
        return value + Q.n * self.cross[i] * self.cross[j] if Q else value

    def diagonal(self, i: int, j: int, square: Scaled, first: Bent, second: Bent) -> Scaled:
        """Sum of h1 over students minus teachers, over the rows."""
        B, Q = self.block, self.block.other
        inverse2 = B.inverse * B.inverse
        value = (B.turning - B.sine) * (square - self.along[i] * self.along[j] * inverse2)
        value -= first[0] * second[0] * B.over_sine
        value += self.pairs(first[1], second[1]) * B.inverse * B.same.over_sine
        value -= self.pairs(first[2], second[2]) * B.teacher.over_sine
        if Q:
            value += Q.n * first[3] * second[3] * Q.inverse * B.mixed.over_sine
            value -= Q.n * first[4] * second[4] * B.other_teacher.over_sine
        return B.n * value * B.inverse

    def off_diagonal(self, i: int, j: int, square: Scaled, sums: Scaled) -> Scaled:
        """Sum of h2 over pairs of rows of the block."""
        B, others, rest = self.block, self.block.others, self.sum - 1
        (x, y), (x2, y2), u, u2 = self.rows[i], self.rows[j], self.along[i], self.along[j]
        # of v_i v_j the mean is rest/others; u_j.w_i = x v_j + y v_i
        value = rest * (u * u2 + x * x2 + y * y2) + others * (x * y2 + y * x2)
        value -= B.same.cosine * (rest * (u * x2 + x * u2) + others * (u * y2 + y * u2))
        value *= B.n * B.inverse * B.inverse * B.same.over_sine
        return value + B.same.tilt * (sums - B.n * square)

    def mixed_forms(self, last: Copies) -> Iterator[tuple[int, int, Scaled, Scaled]]:
        """j, i, X, Y for the mixed blocks of vectors j of the other block with i of this one."""
        B, Q = self.block, last.block
        for i in range(len(self.own)):
            u, x = self.along[i] * B.inverse, self.other_rows[i] * Q.inverse
            for j in range(len(last.own)):
                u2, x2 = last.along[j] * Q.inverse, last.other_rows[j] * B.inverse
                sums = B.n * self.total[i] * last.other_total[j]
                sums += Q.n * self.other_total[i] * last.total[j]
                turned = u * u2 + x * x2 - B.mixed.cosine * (u * x2 + x * u2)
                Y = B.mixed.tilt * sums + B.n * Q.n * turned * B.mixed.over_sine
                yield j, i, sums, Y


Matrix = list[list[Any]]  # of series
Forms = tuple[str, Scaled, Matrix, Matrix]  # name, dimension, the Hessian times 2 pi, Gram matrix

# Names of the components, types of the blocks, and vectors in rows of the first and of the last,
# h^degree times those of Lemma 5: so scaled, the small matrices have limits at h = 0.
COMPONENTS = (
    ("t", (True, True), {"own": 2, "row": 3, "cross": 2}, {"own": 0, "row": 0, "cross": 1}),
    ("s_p", (False, True), {"own": 1, "row": 2, "column": 3, "cross": 1}, {"cross": 1}),
    ("s_m", (True, False), {"cross": 2}, {"own": 0, "row": 0, "column": 0, "cross": 1}),
    ("s_p*s_m", (False, False), {"cross": 1}, {"cross": 1}),
)


def tensors(block: Block, degrees: dict[str, int], m: int, last: bool) -> list[dict[str, Scaled]]:
    """The vectors of a component on the rows of a block."""
    left_out = set() if m else {"cross"}
    if last and m == 1:
        left_out |= {"row"}
    if last and m == 2:
        left_out |= {"column"}
    at = block.n.at
    return [{name: at.term(j)} for name, j in degrees.items() if name not in left_out]


def twice_pi_form(X: Scaled, Y: Scaled) -> Any:
    """(pi/2) X + Y."""
    return X.over(0) * (arb.pi() / 2) + Y.over(0)


def form_of_component(blocks: list[Block], m: int, component: Any) -> tuple[Matrix, Matrix]:
    """The two matrices of 1, s or a product."""
    _, types, *degrees = component
    copies = [
        Copies(B, types[P], types[1 - P], tensors(B, degrees[P], m, P == 1))
        for P, B in enumerate(blocks)
    ]
    starts = [0, len(copies[0].own)]
    size = sum(len(x.own) for x in copies)
    zero = arb_series([0], blocks[0].n.at.length)
    K, G = ([[zero] * size for _ in range(size)] for _ in range(2))

    def put(M: Matrix, i: int, j: int, value: Any) -> None:
        M[i][j] = M[j][i] = value

    for start, x in zip(starts, copies, strict=False):
        for i, j, X, Y, square in x.forms():
            put(K, start + i, start + j, twice_pi_form(X, Y))
            put(G, start + i, start + j, square.over(0))
    if m:
        for j, i, X, Y in copies[0].mixed_forms(copies[1]):
            put(K, starts[1] + j, i, twice_pi_form(X, Y))
    return K, G


# Lemma 7. x and y: U has zero sums of rows and columns and no own coordinates, and is symmetric or
# antisymmetric. So u_i.w_i = 0, u_i.w_j = (o - b) U_ij, and only one number is left.


def single_copy(block: Block, sign: int) -> Scaled:
    """2 pi times the eigenvalue on x (sign 1) or y (sign -1), without its pi/2."""
    apart = block.own - block.off
    turned = (1 + sign) * apart * apart * block.inverse * block.inverse * block.same.over_sine
    around = (block.turning - block.sine - block.teacher.over_sine) * block.inverse
    return around + turned - block.same.tilt


# Lemma 8. In d > k inputs, all vectors padded with zeros, the gradient stays zero; along a further
# input the Hessian is the k x k matrix that has (pi/2) 1 1^T + (pi/2) I, the turnings over N on the
# diagonal and the tilts off it, over 2 pi. On R^k = (1 + s) + (1 + s').


def span_forms(blocks: list[Block]) -> Iterator[Forms]:
    """Components of the Hessian on the span of the teachers."""
    first, m = blocks[0], 0 if len(blocks) == 1 else int(blocks[1].n.exact[0])
    one = first.n.at.term(0)
    for component in COMPONENTS:
        name, types, *_ = component
        dimension = one
        for trivial, block in zip(types, blocks, strict=False):
            dimension = dimension if trivial else dimension * block.others
        if types[1] or m > 1:
            yield (name, dimension, *form_of_component(blocks, m, component))
    for block, letter in zip(blocks, "pm", strict=False):
        n, half = block.n, fmpq(1, 2)
        for sign, name, dimension in (
            (1, "x", n * (n - 3) * half),
            (-1, "y", (n - 1) * (n - 2) * half),
        ):
            if letter == "p" or m > 2 + (sign == 1):
                K = twice_pi_form(one, single_copy(block, sign))
                yield f"{name}_{letter}", dimension, [[K]], [[one.over(0)]]


def further_forms(blocks: list[Block]) -> Iterator[Forms]:
    """Components of the Hessian along a further input."""
    first, at = blocks[0], blocks[0].n.at
    own = [(block.turning - block.sine) * block.inverse for block in blocks]
    scales = [at.term(2), at.term(0)]  # of the vectors 1
    K: list[list[Any]] = [[None] * len(blocks) for _ in blocks]
    G = [[arb_series([0], at.length)] * len(blocks) for _ in blocks]
    for P, block in enumerate(blocks):
        squares = block.n * scales[P] * scales[P]
        Y = squares * (own[P] + block.others * block.same.tilt)
        K[P][P] = twice_pi_form(squares * (block.n + 1), Y)
        G[P][P] = squares.over(0)
    if len(blocks) > 1:
        product = first.n * blocks[1].n * scales[0] * scales[1]
        K[0][1] = K[1][0] = twice_pi_form(product, product * first.mixed.tilt)
    yield "off_span", at.term(0), K, G
    for around, block in zip(own, blocks, strict=True):
        if not block.others.is_zero():
            K = [[twice_pi_form(at.term(0), around - block.same.tilt)]]
            yield "off_span", block.others, K, [[at.term(0).over(0)]]


def inverse_factor(A: list[list[float]]) -> list[list[float]]:
    """The inverse of L with L L^T = A up to rounding, or nothing."""
    L: list[list[float]] = []
    T: list[list[float]] = []
    for i, row in enumerate(A):
        new: list[float] = []
        for j, other in enumerate(L):
            new.append((row[j] - sum(map(mul, new, other))) / other[j])  # map stops at len(new)
        square = row[i] - sum(map(mul, new, new))
        if not square > 0:
            return []
        # new . (rows of T) + T_i/T_ii = unit vector i
        new.append(sqrt(square))
        above = [sum(map(mul, new, column)) for column in zip(*T, strict=True)] or [0.0] * len(A)
        T.append([(float(i == j) - x) / new[i] for j, x in enumerate(above)])
        L.append(new)
    return T


# Lemma 9. Let T be any real matrix. If every diagonal entry of A = T M T^T is larger than the sum
# of the sizes of the others in its row, A is positive definite, so T is regular and M is so, too.
# So T may come from a Cholesky decomposition in floats, right or wrong.


def require_positive(M: Sequence[Any], reach: Any, what: str) -> None:
    """Of M_0 + s M_1 + s^2 M_2, matrices of balls, for all |s| <= reach."""
    factor = inverse_factor([[float(x.mid()) for x in row] for row in M[0].tolist()])
    require(factor, what)
    T = arb_mat(factor)
    size = range(len(factor))
    A = arb_mat([[0 for _ in size] for _ in size])
    for matrix, s in zip(M, powers_of(reach, 2), strict=True):
        A += T * matrix * T.transpose() * s
    for i, row in enumerate(A.tolist()):
        others = sum((abs(x).upper() for j, x in enumerate(row) if j != i), start=arb(0))
        require(row[i] - others > 0, what)


# --- 5. What splits do, the loss, the sum of norms ----------------------------------------------
# Lemma 10 (S21, Theorem 16). Splitting w_i into alpha w_i and (1 - alpha) w_i, 0 < alpha < 1, keeps
# F and its criticality, and along (u, -u) the Hessian has the form u.H'_ii u (1/alpha + 1/(1 -
# alpha)), where H'_ii = H_ii - I/2 is the sum of h1 over 2 pi. If that is negative, the split is a
# strict saddle. Let u be 0 but on first columns without an own one, and sum u = 0: then u.w_j is
# (a - b) u_j for first rows, and 0 for last ones.


def beside_turning(block: Block, first: Block) -> Scaled:
    """What is added to the turning there."""
    angle, teacher = (
        (block.same, block.teacher) if block is first else (block.mixed, block.other_teacher)
    )
    apart = first.own - first.off
    turned = apart * apart * first.inverse * angle.over_sine - teacher.over_sine
    return turned - block.sine


def inner(block: Block, first: Block) -> Scaled:
    """2 pi u^T H' u/|u|^2 for a row of a block."""
    return (block.turning + beside_turning(block, first)) * block.inverse


# Lemma 10b. Let gamma w_i of output 1 and (gamma - 1) w_i of output -1 replace w_i, gamma > 1: a
# signed split. F is the same function of the two, and they are critical. As h1(r w, v) = h1(w, v)/r
# and h2(r w, v) = h2(w, v), the Hessian has, for displacements gamma s + y and (gamma - 1) s + y of
# the two, the form Q(s, others) - y.H'_ii y/(gamma (gamma - 1)) with Q that at W. H'_ii w_i = 0. At
# a strict minimum with H'_ii negative off w_i it is >= 0, and 0 on the tangent of the line of all
# gamma alone; these points are critical and of equal F, so that each is a minimum. If H'_ii has
# both signs, each is a strict saddle, and so is, by Lemma 10, every split into parts of output 1.

# Lemma 10c. H'_ii commutes with what permutes coordinates and rows and fixes w_i, which it takes to
# 0, as each h1 sees u through u - (u.w^) w^. So R^d modulo w_i is t, the span of 1', the sum of the
# other e_j of its block, and of 1'', that of the e_j of the other block, if there are such; vectors
# of sum zero on either of them; further inputs. But on t it is a number. For a Gram matrix on t,
# u.u' - (u.w^)(u'.w^).


class Vector:
    """One u of t, orthogonal to the own teacher: its products.

    along: with the neuron; same, teacher: with the other rows and teachers of the neuron's block;
    cross, cross_teacher: with those of the other block.
    """

    def __init__(self, block: Block, same: Scaled, cross: Scaled) -> None:
        """u is same on other coordinates of the block, cross on those of the other one."""
        Q, others = block.other, block.others
        self.teacher, self.cross_teacher = same, cross
        self.along = others * same * block.off
        self.same, self.cross = same * (block.own + (others - 1) * block.off), cross
        if Q:
            beside = Q.n * cross * block.cross
            self.along, self.same = self.along + beside, self.same + beside
            self.cross = others * same * Q.cross + cross * (Q.own + Q.others * Q.off)


def pencil(block: Block, vectors: Sequence[tuple[Scaled, Scaled]]) -> tuple[Matrix, Matrix]:
    """Lemma 10c: the matrices of 2 pi H'/h and Gram, for a row, on vectors (same, cross)."""
    Q, us = block.other, [Vector(block, *pair) for pair in vectors]
    one = block.n * 0 + 1
    sights = [  # |v|, how many students minus teachers, u.v^, cos, 1/sin
        (block.norm, block.others, [u.same * block.inverse for u in us], block.same),
        (one, -block.others, [u.teacher for u in us], block.teacher),
    ]
    if Q:
        sights += [
            (Q.norm, Q.n, [u.cross * Q.inverse for u in us], block.mixed),
            (one, -Q.n, [u.cross_teacher for u in us], block.other_teacher),
        ]
    along = [u.along * block.inverse for u in us]
    size = range(len(us))
    K: Matrix = [[None for _ in size] for _ in size]
    G: Matrix = [[None for _ in size] for _ in size]
    for i in size:
        for j in size:
            (x, z), (y, v) = vectors[i], vectors[j]
            square = block.others * x * y - along[i] * along[j]
            if Q:
                square += Q.n * z * v
            # u is orthogonal to the own teacher: there u.v^ - cos t u.z^ = -cos t u.z^
            cosine = block.cosine * block.cosine
            form = (block.turning - block.sine) * square
            form -= cosine * along[i] * along[j] * block.over_sine
            for length, number, seen, angle in sights:
                bent = [seen[a] - angle.cosine * along[a] for a in (i, j)]
                form += number * length * bent[0] * bent[1] * angle.over_sine
            K[i][j], G[i][j] = (form * block.inverse).over(1), square.over(0)
    return K, G


def trivial_pencil(blocks: list[Block], P: int) -> tuple[Matrix, Matrix]:
    """The pencil on t of a row of block P, 1' and 1'' over their lengths at h = 0 but for roots."""
    block, at = blocks[P], blocks[0].n.at
    h, one, zero = at.term(1), at.term(0), at.term(0, 0)
    if P == 0:
        return pencil(block, [(h, zero), (zero, one)][: len(blocks)])
    return pencil(block, [(zero, h), (one, zero)][: 1 if block.others.is_zero() else 2])


def inner_numbers(blocks: list[Block], P: int, m: int) -> Iterator[Scaled]:
    """2 pi H' of a row of block P along a further input, and on vectors of sum zero of a block."""
    block = blocks[P]
    yield (block.turning - block.sine) * block.inverse
    for Q, target in enumerate(blocks):
        # first blocks have 4 rows or more
        if Q == 0 or m > 1 + P:
            yield inner(block, target)


def defect(K: Matrix) -> Any:
    """-det K, or the one entry of K: positive where K is not negative semidefinite alone, and where
    it is so negative if K is definite."""
    return K[0][0] if len(K) == 1 else K[0][1] * K[1][0] - K[0][0] * K[1][1]


# Lemma 10d. I_m, row s, m > 1, n = m - 1. At h = 0, whatever the unknowns are with F > 0, K is
#     -2 F    n F
#      n F   -n F
# on h 1'' and 1': its determinant is n (2 - n) F^2, which is 0 if m = 3. For lengths are 1 there,
# the turning is O(h^2), the own sine h F + O(h^2), at u = y h 1'' + z 1' u.s^ is h F y + O(h^2),
# and with cosines O(h^2) of s and others
#     (turning - sine)(|u|^2 - (u.s^)^2)/h -> -F (y^2 + n z^2),
#     -cos^2 (u.s^)^2/(h sine) -> -F y^2,
#     n ((u.s_j^)^2 - z^2)/h -> 2 n F y z, as u.s_j = z + h F y + O(h^2),
# while u.w_i = h y (a + (p - 1) b) + n z c = h y + O(h^3), so that the p pairs of w_i and e_i add
# O(h^2)/h. So -det K, if it falls along the branch from h = 0 on, is negative behind it, and K,
# whose trace is negative at 0, is negative there.


# Lemma 11. Let W be critical and D = sum |w_i.x| - sum |v_j.x|, so that 8 F = |S|^2 + E D^2 and E D
# sgn(w_i.x) x = -S for all i. Multiplied by w_i and added, E D sum |w_i.x| = -S.sum w_i. With the
# side of teacher j, |v_j.x| = side_j sgn(w_j.x) v_j.x + delta_j(x), so that E D sum |v_j.x| =
# -S.sum side_j v_j + sum E D delta_j, and
#     8 F = S.(S - sum w_i + sum side_j v_j) - sum E D delta_j
#         = sum (side_j - 1) S_j - sum E D delta_j.
# As E |z.x||v.x| = 4 f(z, v) and E |z.x| sgn(w.x) x = (2/pi) g(w, z), for w = w_j, v = v_j and the
# angle theta between w and the line of v, pi/2 times E |z.x| delta_j is
#     |z| (sin_zv - sin_zw cos theta) + z.v (b_zv - side b_zw);
# for z = w that is N (sin theta - theta cos theta) = N (sin^3 theta - (theta - sin theta cos theta)
# cos theta), for z = v it is theta - sin theta cos theta. Students and teachers of one kind are
# subtracted first below. Where side_j = -1, S_j is put as the gradient has it, which is zero.


def loss(blocks: list[Block]) -> tuple[Scaled, Scaled]:
    """X, Y with 4 pi F = (pi/2) X + Y at a critical point."""
    X = Y = blocks[0].n * 0
    for B, (x, y) in zip(blocks, blocks[0].gradient()[1:], strict=False):
        Q, cube = B.other, B.sine * B.sine * B.sine
        short = B.sine * B.sine / (1 + B.cosine)  # 1 - cos theta

        def delta(norm: Scaled, along: Scaled, own: Angle, row: Angle, teacher: Angle,
                  short: Scaled = short, side: int = B.side) -> Scaled:  # fmt: skip
            """z a student of this length and z.v, its angles with v and w, minus z a teacher."""
            turned = along * (own.tilt - side * row.tilt) + short * (norm * row.sine - teacher.sine)
            return norm * (own.sine - row.sine) - (1 - teacher.sine) + turned

        total = B.norm * (cube - B.bend * B.cosine) - B.bend
        total += B.others * delta(B.norm, B.off, B.teacher, B.same, B.teacher)
        if Q:
            total += Q.n * delta(Q.norm, Q.cross, Q.other_teacher, B.mixed, B.other_teacher)
        Y -= B.n * total
        if B.side == -1:
            X, Y = X + 2 * B.n * x, Y + 2 * B.n * y
    return X, Y


# Lemma 12. II, m = 1. The own coordinate of the gradient of a first row minus another one is
#     (pi/2)(a - 1 - b) + (turning (a - b) + sin theta b)/N - tilt (a - b) + bend + teacher's tilt
# over 2 pi. At a critical point that gives the turning, which is p N + M - k but for N - 1 and
# what sines lack of 1.


def norm_gap(blocks: list[Block]) -> tuple[Scaled, Scaled]:
    """X, Y with k - sum |w_i| = (pi/2) X + Y at a critical point."""
    B, Q = blocks
    apart = B.own - B.off
    over = B.norm / apart
    turning = B.same.tilt * apart - B.sine * B.off * B.inverse - B.bend - B.teacher.tilt
    sines = B.others * (B.norm * (B.same.sine - 1) - (B.teacher.sine - 1))
    sines += Q.norm * (B.mixed.sine - 1) - (B.other_teacher.sine - 1)
    return (apart - 1) * over, sines - over * turning - (B.norm - 1)


# --- 6. Lines of a file -------------------------------------------------------------------------
# The first line says of which family and from which k on, each further one is a piece of h.

LOSS_POWERS = {"II": 1, "I": 0, "A": 0}
INNER_POWERS = {"II": {"w": 2, "s": 1}, "I": {"w": 1, "s": 1}, "A": {"w": 1}}
SIGNED_SPLITS = ("minima", "saddles", "turning", "turn", "undecided")
LEAST_SPECIAL_ROWS = {"t": 0, "s_p": 0, "x_p": 0, "y_p": 0, "off_span": 0,
                      "s_m": 2, "s_p*s_m": 2, "y_m": 3, "x_m": 4}  # fmt: skip


def numbers(texts: Any, length: int, name: str) -> list[Fraction]:
    """Read so many exact numbers."""
    require(isinstance(texts, list) and len(texts) == length, f"{name} must have {length} entries")
    return [rational(text) for text in texts]


class Header:
    """The first line."""

    def __init__(self, line: Any) -> None:
        fields(line, ["statement", "family", "special_rows", "least_k", "bits", "unknowns",
                      "loss_power"], "the header")  # fmt: skip
        require(line["statement"] == "family_for_every_k",
                f"unknown statement {line['statement']!r:.60}")  # fmt: skip
        self.family = line["family"]
        require(self.family in list(LOSS_POWERS), f"unknown family {self.family!r:.60}")
        least, most = (0, 0) if self.family == "A" else (1, MOST_SPECIAL_ROWS)
        self.m = count(line, "special_rows", least, most)
        self.names = list(unknowns(self.m))
        require(line["unknowns"] == self.names, f"unknowns must be {self.names}")
        self.bits = count(line, "bits", 53, MOST_BITS)
        power = LOSS_POWERS[self.family]
        count(line, "loss_power", power, power)
        self.least_k = rational(line["least_k"])
        # So the first block has all the components of Lemma 4.
        require(self.m + 4 <= self.least_k <= MOST_LEAST_K,
                f"least_k must be from special_rows + 4 to {MOST_LEAST_K}")  # fmt: skip
        self.components = [x for x, least in LEAST_SPECIAL_ROWS.items() if self.m >= least]
        self.inner_powers = INNER_POWERS[self.family]
        self.ranges = ["loss", "norm_gap"] if (self.family, self.m) == ("II", 1) else ["loss"]

    def __str__(self) -> str:
        return self.family if self.family == "A" else f"{self.family}_{self.m}"

    def network(self, at: Place, x: dict[str, Any]) -> list[Block]:
        """The blocks of the family; x holds a series for each unknown."""
        return network(at, self.family, self.m, x)

    def residual(self, blocks: list[Block]) -> list[Any]:
        """As many series as unknowns, zero at critical points."""
        return residual(blocks, self.family)


class Located:
    """A further line, as far as it says where the branch runs."""

    def __init__(self, line: Any, header: Header, further: Sequence[str]) -> None:
        fields(line, ["statement", "h", "predictor", "radius", "uniqueness", *further], "a piece")
        require(line["statement"] == "piece", f"unknown statement {line['statement']!r:.60}")
        self.header, names = header, header.names
        self.low, self.high = numbers(line["h"], 2, "h")
        require(0 <= self.low < self.high <= 1, "h must be two numbers from 0 to 1, in order")
        for name in ("predictor", "radius", "uniqueness"):
            fields(line[name], names, name)
        self.predictor = [numbers(line["predictor"][x], 3, f"predictor of {x}") for x in names]
        self.radius = [rational(line["radius"][x]) for x in names]
        self.uniqueness = [rational(line["uniqueness"][x]) for x in names]
        require(all(0 < r <= u for r, u in zip(self.radius, self.uniqueness, strict=True)),
                "radius must be positive, and not more than uniqueness")  # fmt: skip

    def predicted(self, h: Fraction) -> list[list[Fraction]]:
        """Taylor coefficients at h of the polynomial of each unknown."""
        s = h - (self.low + self.high) / 2
        return [[a + b * s + c * s * s, b + 2 * c * s, c] for a, b, c in self.predictor]


def lower_bounds(line: Any, components: Sequence[str]) -> dict[str, Fraction]:
    """The bounds of eigenvalues of a line."""
    fields(line["eigenvalue_lower"], components, "eigenvalue_lower")
    found = {x: rational(y) for x, y in line["eigenvalue_lower"].items()}
    require(all(x > 0 for x in found.values()), "eigenvalue_lower must be positive")
    return found


class Piece(Located):
    """A further line of a family of minima."""

    def __init__(self, line: Any, header: Header) -> None:
        further = ["eigenvalue_lower", "inner_upper", "signed_splits", *header.ranges]
        super().__init__(line, header, further)
        self.lower = lower_bounds(line, header.components)
        fields(line["inner_upper"], list(header.inner_powers), "inner_upper")
        self.upper = {}
        for name, power in header.inner_powers.items():
            pair = line["inner_upper"][name]
            require(isinstance(pair, list) and len(pair) == 2, "inner_upper must have 2 entries")
            require(type(pair[0]) is int and pair[0] == power, f"h^{power} belongs to {name}")
            self.upper[name] = rational(pair[1])
        require(all(x < 0 for x in self.upper.values()), "inner_upper must be negative")
        self.ranges = {name: numbers(line[name], 2, name) for name in header.ranges}
        for name, (low, _) in self.ranges.items():
            require(low > 0, f"{name} must be positive")
        fields(line["signed_splits"], list(header.inner_powers), "signed_splits")
        self.signed_splits = {name: line["signed_splits"][name] for name in header.inner_powers}
        for name, said in self.signed_splits.items():
            require(said in SIGNED_SPLITS, f"signed_splits of {name} must be in {SIGNED_SPLITS}")

    def part(self, low: Fraction, high: Fraction) -> Part:
        """A part of it, to be checked."""
        return Part(self, low, high)


# --- 7. A piece of a branch ---------------------------------------------------------------------
# On a piece [l, r] of h a file gives a polynomial x~(h). Let G be the residual, |y| <= u a box of y
# = x - x~(h), J a ball that holds the Jacobian of G for all h of the piece and x in the box, C any
# real matrix, E >= |I - C J| and b >= |C G(h, x~(h))|, entry by entry.
# Lemma 13 (Krawczyk). If E v < v for a v > 0, then C and all matrices in J are regular, and G has
# at most one zero in the box: a mean of Jacobians takes y - y' to 0 for two. If b + E q < q <= u,
# then y -> y - C G takes the box |y| <= q into itself, as it is -C G(h, x~) + (I - C J') y with J'
# in J, so that G has a zero there, by Brouwer's theorem. It is an analytic function of h.
# The first is shown with u = uniqueness, the second with u = radius, where E is small: on a narrow
# piece b is the rounding of x~, and no halving makes it less.
# Lemma 13b. As G = 0 along it, the branch x~ + y(h) has J y' = -G', J the Jacobian there and G' the
# derivative by h along x~ + y with y constant: y' = (I - C J) y' - C G'. If |C G'| + E q < q, then
# |y'| <= q: E has no eigenvalue of size 1. The derivative of a further function along the branch is
# that with y constant plus the sum of its derivatives by the unknowns times the y'.
# Lemma 14. If a function of s = h - c has the Taylor coefficients f_j at s = 0, and its n-th one is
# in f_n everywhere in |s| <= reach, it is in sum_{j<n} f_j s^j + f_n s^n. For functions of x~(h) +
# y that holds with each y of a box.
# Its derivative is then in f_1 + 2 s f_2, for n = 2.
# What is not shown on a piece may be shown on both its halves.

MOST_HALVINGS = 8
LONGEST = 4  # series
ITERATIONS = 50


def coefficient(series: Any, j: int) -> Any:
    """The j-th coefficient; flint has 0 for those beyond the length."""
    require(series.prec > j, "a series is too short")
    return series[j]


def enclosure(point: Any, whole: Any, n: int, reach: Any) -> Any:
    """Lemma 14 for a series at the centre and one over the part."""
    terms = [*(coefficient(point, j) for j in range(n)), coefficient(whole, n)]
    return sum(map(mul, terms, powers_of(reach, n)), start=arb(0))


def derivative(point: Any, whole: Any, reach: Any) -> Any:
    """Lemma 14: that of a function over the part, for n = 2."""
    return coefficient(point, 1) + 2 * coefficient(whole, 2) * arb(0, reach)


def applied(E: Matrix, q: Sequence[Any]) -> list[Any]:
    """E q."""
    return [sum(map(mul, row, q), start=arb(0)) for row in E]


def solution_above(E: Matrix, b: Sequence[Any], what: str) -> list[Any]:
    """q with b + E q < q, for entries >= 0."""
    q = list(b)
    for _ in range(ITERATIONS):
        q = [(x + y).upper() for x, y in zip(b, applied(E, q), strict=True)]
    q = [x * (1 + raised(arb("0.5"), 10)) for x in q]
    moved = [x + y for x, y in zip(b, applied(E, q), strict=True)]
    require(all(x < y for x, y in zip(moved, q, strict=True)), what)
    return q


class LocatedPart:
    """A part [low, high] of a piece: where the branch runs."""

    def __init__(self, piece: Any, low: Fraction, high: Fraction) -> None:
        self.piece, self.header, self.low, self.high = piece, piece.header, low, high
        self.center = (low + high) / 2
        self.reach = ball((high - low) / 2).upper()

    def blocks(self, place: Place, widths: Sequence[Any], along: int = -1) -> Any:
        """The network, each unknown within its width of the polynomial.

        Series are in h, or else in the unknown number `along`.
        """
        s = place.low.union(place.high) - ball(self.center)
        x = {}
        for i, (name, terms) in enumerate(
            zip(self.header.names, self.piece.predicted(self.center), strict=True)
        ):
            a, b, c = map(ball, terms)
            value = a + s * (b + s * c) + arb(0, widths[i])
            series = [value, b + 2 * s * c, c] if place.moves else [value, int(along == i)]
            x[name] = arb_series(series[: place.length], place.length)
        return self.header.network(place, x)

    def at_center(self, length: int, widths: Sequence[Any]) -> Any:
        """The network, expanded in h at the centre."""
        center = ball(self.center)
        return self.blocks(Place(center, center, length, True), widths)

    def over_all(self, length: int, widths: Sequence[Any]) -> Any:
        """The network, expanded in h everywhere in the part."""
        return self.blocks(Place(ball(self.low), ball(self.high), length, True), widths)

    def jacobian(self, widths: Sequence[Any]) -> Any:
        """The Jacobian of the residual, over the part."""
        columns = []
        for along in range(len(widths)):
            place = Place(ball(self.low), ball(self.high), 2, False)
            G = self.header.residual(self.blocks(place, widths, along))
            columns.append([coefficient(g, 1) for g in G])
        return arb_mat(columns).transpose()

    def contraction(self, box: Sequence[Fraction]) -> tuple[Any, Matrix]:
        """C and E of Lemma 13 for the widths u of a box."""
        J = self.jacobian([ball(u).upper() for u in box])
        try:
            C = J.mid().inv().mid()
        except ZeroDivisionError:
            raise Refused("the Jacobian may be singular") from None
        n = len(self.header.names)
        return C, [[abs(x).upper() for x in row] for row in (identity(n) - C * J).tolist()]

    def located(self) -> list[Any]:
        """Lemma 13: bounds of |y|."""
        _, E = self.contraction(self.piece.uniqueness)
        n = len(E)
        solution_above(E, [arb(1)] * n, "not shown to be the only critical point in uniqueness")
        C, E = self.contraction(self.piece.radius)
        G = [
            self.header.residual(blocks)
            for blocks in (self.at_center(3, [0] * n), self.over_all(4, [0] * n))
        ]
        b = []
        for row in C.tolist():
            point, whole = (sum(map(mul, g, row), start=arb_series([0], g[0].prec)) for g in G)
            b.append(abs(enclosure(point, whole, 3, self.reach)).upper())
        q = solution_above(E, b, "no critical point is shown to exist")
        require(all(x <= ball(r) for x, r in zip(q, self.piece.radius, strict=True)),
                "no critical point is shown to lie within radius")  # fmt: skip
        return q


def shifted(K: Matrix, G: Matrix, bound: Any, j: int) -> Any:
    """The j-th coefficients of K - bound G."""
    size = range(len(K))
    return arb_mat(
        [[coefficient(K[a][b], j) - bound * coefficient(G[a][b], j) for b in size] for a in size]
    )


def series_of_quantities(header: Header, blocks: list[Block]) -> dict[str, Any]:
    """The scaled loss, the scaled gap of the norms and the scaled inner Hessians."""
    half, power, u = arb.pi() / 2, LOSS_POWERS[header.family], max(header.m, 1)
    X, Y = (x.over(2 * power) for x in loss(blocks))
    found = {"loss": (X * half + Y) / (8 * half * u**power)}
    if "norm_gap" in header.ranges:
        X, Y = (x.over(4) for x in norm_gap(blocks))
        found["norm_gap"] = X * half + Y
    for (name, degree), block in zip(header.inner_powers.items(), blocks, strict=True):
        found[name] = inner(block, blocks[0]).over(degree) / (4 * half)
    return found


Expanded = tuple[list[Block], list[Block]]  # the network at the centre, and over all of a part


class Part(LocatedPart):
    """A part [low, high] of a piece of a family of minima."""

    def check(self) -> None:
        """All that the piece says."""
        widths = self.located()
        point, whole = self.at_center(2, widths), self.over_all(3, widths)
        k = point[0].n.at.term(-2)
        self.check_eigenvalues(span_forms, k * k, point, whole)
        self.check_eigenvalues(further_forms, k, point, whole)
        quantities = [series_of_quantities(self.header, blocks) for blocks in (point, whole)]
        for name in quantities[0]:
            value = enclosure(quantities[0][name], quantities[1][name], 2, self.reach)
            if name in self.piece.upper:
                require(value <= ball(self.piece.upper[name]),
                        f"inner_upper of {name} is not shown")  # fmt: skip
            else:
                low, high = map(ball, self.piece.ranges[name])
                require(low <= value <= high, f"{name} is not enclosed")
        for P, (name, said) in enumerate(self.piece.signed_splits.items()):
            if said != "undecided":
                what = f"signed_splits of {name} is not shown"
                self.check_signed_splits(P, said, what, widths, (point, whole))

    def check_signed_splits(
        self, P: int, said: str, what: str, widths: Sequence[Any], at: Expanded
    ) -> None:
        """Lemmas 10b and 10c for the rows of block P."""
        degree = list(self.header.inner_powers.values())[P]
        for numbers in zip(*(inner_numbers(x, P, self.header.m) for x in at), strict=True):
            near, far = (x.over(degree) for x in numbers)
            require(enclosure(near, far, 2, self.reach) < 0, what)
        (K, G), (K_all, G_all) = (trivial_pencil(x, P) for x in at)
        if said == "minima":
            M = [shifted(K, G, arb(0), j) for j in range(2)] + [shifted(K_all, G_all, arb(0), 2)]
            require_positive([-matrix for matrix in M], self.reach, what)
        elif said == "saddles":
            require(enclosure(defect(K), defect(K_all), 2, self.reach) > 0, what)
        else:
            require(self.slope(P, widths, at) < 0, what)
        if said == "turn":
            # of the ends of the piece, those that are ends of the part
            low, high = (self.pencil_at(h, P, widths) for h in (self.low, self.high))
            require(self.low > self.piece.low or defect(low)[0] > 0, what)
            negative = defect(high)[0] < 0 and high[0][0][0] < 0
            require(self.high < self.piece.high or negative, what)

    def pencil_at(self, h: Fraction, P: int, widths: Sequence[Any]) -> Matrix:
        """K of the rows of block P at an h."""
        return trivial_pencil(self.blocks(Place(ball(h), ball(h), 1, False), widths), P)[0]

    def slope(self, P: int, widths: Sequence[Any], at: Expanded) -> Any:
        """Lemma 13b for -det K of the rows of block P, over the part."""
        C, E = self.contraction(self.piece.radius)
        residuals = zip(*(self.header.residual(x) for x in at), strict=True)
        G = [derivative(near, far, self.reach) for near, far in residuals]
        b = [abs(sum(map(mul, G, row), start=arb(0))).upper() for row in C.tolist()]
        rates = solution_above(E, b, "no slope of the branch is shown")
        near, far = (defect(trivial_pencil(x, P)[0]) for x in at)
        slope = derivative(near, far, self.reach)
        for along, rate in enumerate(rates):
            blocks = self.blocks(Place(ball(self.low), ball(self.high), 2, False), widths, along)
            slope += coefficient(defect(trivial_pencil(blocks, P)[0]), 1) * arb(0, rate)
        return slope

    def check_eigenvalues(
        self,
        components: Callable[[list[Block]], Iterator[Forms]],
        dimensions: Scaled,
        point: list[Block],
        whole: list[Block],
    ) -> None:
        """Lemmas 4 to 9, for a space of so many dimensions."""
        pairs = zip(components(point), components(whole), strict=True)
        for (name, dimension, K, G), (*_, K_all, G_all) in pairs:
            dimensions -= len(K) * dimension
            bound = 2 * arb.pi() * ball(self.piece.lower[name])
            M = [shifted(K, G, bound, 0), shifted(K, G, bound, 1)]
            M.append(shifted(K_all, G_all, bound, 2))
            require_positive(M, self.reach, f"eigenvalue_lower of {name} is not shown")
        require(dimensions.is_zero(), "the components do not fill the space")


def check_piece(piece: Any) -> None:
    """Check a piece, on parts where need be."""
    parts = [(piece.low, piece.high, 0)]
    while parts:
        low, high, halvings = parts.pop()
        try:
            piece.part(low, high).check()
        except Refused:
            if halvings == MOST_HALVINGS:
                raise
            center = (low + high) / 2
            parts += [(center, high, halvings + 1), (low, center, halvings + 1)]


# --- 8. Files -----------------------------------------------------------------------------------
# Pieces cover [0, least_k^(-1/2)] from 0 on: a file that lost its end does not hold.
# Lemma 15. Where two pieces meet, let the box of width radius of one lie in the box of width
# uniqueness of the other. Then both have the same critical point there: the branch is one curve.


def require_one_curve(left: Located, right: Located) -> None:
    """Lemma 15."""
    require(left.high == right.low, "a piece does not begin where the one before it ends")
    ends = zip(left.predicted(left.high), right.predicted(right.low), strict=True)
    apart = [abs(x[0] - y[0]) for x, y in ends]
    require(
        any(
            all(d + r <= u for d, r, u in zip(apart, one.radius, other.uniqueness, strict=True))
            for one, other in ((left, right), (right, left))
        ),
        "a piece is not shown to continue the one before it",
    )


def read(text: str) -> Any:
    """Read a line of JSON."""
    try:
        return json.loads(text, object_pairs_hook=no_duplicates)
    except (ValueError, RecursionError) as error:
        raise Refused(f"not JSON: {error}") from None


def swept(header: Any, lines: Sequence[str], to_piece: Callable[..., Any]) -> Iterator[Any]:
    """The pieces of a file, each checked, one curve that reaches least_k."""
    before = None
    for text in lines:
        piece = to_piece(read(text), header)
        if before is None:
            require(piece.low == 0, "the first piece does not begin at h = 0")
        else:
            require_one_curve(before, piece)
        outside = ctx.prec, ctx.cap
        ctx.prec, ctx.cap = header.bits, LONGEST
        try:
            check_piece(piece)
        finally:
            ctx.prec, ctx.cap = outside
        before = piece
        yield piece
    require(before is not None and before.high * before.high * header.least_k >= 1,
            "the pieces do not reach least_k")  # fmt: skip


def rounded(number: Fraction, digits: int, direction: str) -> Decimal:
    """A number in so many digits, rounded to the side on which what is said of it holds."""
    context = Context(digits, direction)
    return context.divide(Decimal(number.numerator), Decimal(number.denominator))


# Lemma 15b. What pieces say of a class, from h = 0 on, neighbours that say the same taken together.
# Where -det K falls through 0 it is positive before and negative behind it, as far as it is known
# to fall; there K is regular, and negative, as it is so at one end.
TURNS = re.compile("(saddles )?(turning )?turn( turning)?( minima)?")
FROM_ZERO = re.compile("turning( minima)?")


def of_signed_splits(header: Header, pieces: Sequence[Piece], name: str) -> str:
    """Lemma 15b: what signed splits of the rows of a class are."""
    said = [piece.signed_splits[name] for piece in pieces]
    words = " ".join(x for x, before in zip(said, ["", *said], strict=False) if x != before)
    # Lemma 10d
    from_zero = (header.family, header.m, name) == ("I", 3, "s") and FROM_ZERO.fullmatch(words)
    if words == "minima" or from_zero:
        return "are minima"
    if words == "saddles":
        return "are strict saddles"
    if TURNS.fullmatch(words):
        turn = pieces[said.index("turn")]
        end = rounded(1 / turn.high**2, 13, ROUND_FLOOR)
        start = f"k = {rounded(1 / turn.low**2, 13, ROUND_CEILING):f}" if turn.low else "some k"
        return f"are minima to k = {end:f}, strict saddles from {start} on"
    return "are undecided"


def bounds_said(least: dict[str, Fraction]) -> str:
    """The lower bounds of eigenvalues."""
    return ", ".join(f"{name} {rounded(x, 4, ROUND_FLOOR)}" for name, x in least.items())


def checked(lines: Sequence[str]) -> Iterator[str]:
    """Check a file line by line; yield what each line says, and at last what all of them prove.

    Raises:
        Refused: a line does not hold, or the pieces do not cover all k.
    """
    require(lines, "the file is empty")
    header = Header(read(lines[0]))
    yield f"family {header}, k >= {header.least_k}"
    least: dict[str, Fraction] = {}
    pieces = []
    for piece in swept(header, lines[1:], Piece):
        pieces.append(piece)
        least = {name: min(x, least.get(name, x)) for name, x in piece.lower.items()}
        yield f"h from {float(piece.low):.6g} to {float(piece.high):.6g}"
    yield (
        f"family {header}: for every k >= {header.least_k} and d >= k a spurious strict "
        "minimum, all on one curve; every split into parts of output 1 is a strict saddle; "
        f"eigenvalues >= {bounds_said(least)}; "
        + ", ".join(f"signed splits of {name} {of_signed_splits(header, pieces, name)}"
                    for name in header.inner_powers)
    )  # fmt: skip


Said = Callable[[Sequence[str]], Iterator[str]]


def last_said(path: str | Path, says: Said) -> str:
    """Check a file; return what it proves, which is said last.

    Raises:
        Refused: it does not hold.
        TypeError: neither a string nor a Path.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path is {path!r:.60}; it must be a string or a Path")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return list(says(lines))[-1]


def check_family_for_every_k(path: str | Path) -> str:
    """Check a file; return what it proves.

    Raises:
        Refused: it does not hold.
        TypeError: neither a string nor a Path.
    """
    return last_said(path, checked)


def check_and_print(path: str, says: Said) -> bool:
    """Check a file, print what each line says, and stop at the first that does not hold."""
    number = 0
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        for number, found in enumerate(says(lines), start=1):
            where = f"{path}:{number}" if number <= len(lines) else path
            print(f"{where}: ok: {found}", flush=True)
    except (OSError, UnicodeDecodeError) as error:
        print(f"{path}: REFUSED: {error}")
        return False
    except Refused as error:
        where = f"{path}:{number + 1}" if number < len(lines) else path
        print(f"{where}: REFUSED: {error}")
        return False
    return True


def main(checker: str, says: Said, paths: Sequence[str]) -> int:
    """Check files line by line, stop at the first line that does not hold.

    checker: the name of the program; says: what checks the lines of a file.
    """
    if not paths:
        print(f"usage: python -m relu_landscape.certificates.{checker} FILE...", file=sys.stderr)
        return 2
    return 0 if all(check_and_print(path, says) for path in paths) else 1


def run(checker: str, says: Said) -> None:
    """Be a program: check the files that the command names, and end."""
    if hasattr(signal, "SIGPIPE"):  # not on Windows
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `... | head` ends it without a word
    sys.exit(main(checker, says, sys.argv[1:]))


if __name__ == "__main__":
    run("check_every_k", checked)
