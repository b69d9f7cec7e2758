"""Check proofs for every k: `python -m relu_landscape.certificates.check_every_k FILE...`.

DRAFT HEADER
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, isqrt, sqrt
from pathlib import Path
from typing import Any

from flint import arb, arb_mat, arb_series, ctx, fmpq

NOWHERE = 10**6  # the order of a rest that is not there


class Refused(Exception):
    """The certificate does not hold, or this program cannot show that it does."""


def require(holds: Any, what: str) -> None:
    """Refuse the certificate unless this holds; a ball that is not clearly so does not."""
    if not holds:
        raise Refused(what)


# --- 2. Functions of h next to 0 ----------------------------------------------------------------


class Place:
    """Where functions of h are expanded: h in a ball or an interval, as a truncated series."""

    def __init__(self, low: Any, high: Any, length: int, moves: bool) -> None:
        self.low, self.high, self.length, self.moves = low, high, length, moves
        self.known: dict[int, Any] = {}

    def power(self, j: int) -> Any:
        """h^j, j >= 0; monotone in h, so that its values at both ends enclose it."""
        if j not in self.known:
            ends = range(min(j + 1, self.length) if self.moves else 1)
            self.known[j] = arb_series(
                [comb(j, i) * (self.low ** (j - i)).union(self.high ** (j - i)) for i in ends],
                self.length,
            )
        return self.known[j]


class Scaled:
    """exact + h^order rest: a Laurent polynomial with rational coefficients, and the others."""

    __slots__ = ("at", "exact", "order", "rest")

    def __init__(self, at: Place, exact: dict[int, Any], order: int = NOWHERE, rest: Any = None):
        self.at, self.order, self.rest = at, order, rest
        if order != NOWHERE:
            for j in [j for j in exact if j >= order]:
                self.rest += at.power(j - order) * arb(exact[j])
        self.exact = {j: c for j, c in exact.items() if j < order and c != 0}

    def __add__(self, other: Any) -> Scaled:
        other = self._scaled(other)
        exact = dict(self.exact)
        for j, c in other.exact.items():
            exact[j] = exact.get(j, fmpq(0)) + c
        return Scaled(self.at, exact, *self._sum_of_rests((self, other)))

    def _sum_of_rests(self, terms: Sequence[Any]) -> tuple[int, Any]:
        present = [(x.order, x.rest) for x in terms if x.order != NOWHERE]
        if not present:
            return NOWHERE, None
        order = min(x for x, _ in present)
        total = None
        for x, rest in present:
            moved = rest if x == order else rest * self.at.power(x - order)
            total = moved if total is None else total + moved
        return order, total

    def _scaled(self, x: Any) -> Scaled:
        return x if isinstance(x, Scaled) else Scaled(self.at, {0: fmpq(x)})

    def __neg__(self) -> Scaled:
        return Scaled(self.at, {j: -c for j, c in self.exact.items()}, self.order,
                      None if self.rest is None else -self.rest)  # fmt: skip

    def __sub__(self, other: Any) -> Scaled:
        return self + (-self._scaled(other))

    def __rsub__(self, other: Any) -> Scaled:
        return -self + other

    def __mul__(self, other: Any) -> Scaled:
        other = self._scaled(other)
        exact: dict[int, Any] = {}
        for i, c in self.exact.items():
            for j, d in other.exact.items():
                exact[i + j] = exact.get(i + j, fmpq(0)) + c * d
        parts = [x._times_exact(y) for x, y in ((self, other), (other, self)) if x.rest is not None and y.exact]
        if self.rest is not None and other.rest is not None:
            parts.append(Part(self.order + other.order, self.rest * other.rest))
        return Scaled(self.at, exact, *self._sum_of_rests(parts))

    __radd__, __rmul__ = __add__, __mul__

    def _times_exact(self, other: Scaled) -> Part:
        low = min(other.exact)
        if len(other.exact) == 1:
            c = other.exact[low]
            return Part(self.order + low, self.rest if c == 1 else self.rest * arb(c))
        return Part(self.order + low, self.rest * Scaled(self.at, other.exact).over(low))

    def over(self, order: int) -> Any:
        """This / h^order as a series; it must have a limit at 0."""
        require(
            self.order >= order and all(j >= order for j in self.exact),
            "a quantity is not bounded at h = 0",
        )
        total = arb_series([0], self.at.length)
        for j, c in self.exact.items():
            total += self.at.power(j - order) * arb(c)
        return total if self.rest is None else total + self.rest * self.at.power(self.order - order)

    def pure(self) -> Scaled:
        """All of it as rest, of the highest order that the parts allow."""
        order = min([*self.exact, self.order])
        return self if order == NOWHERE else Scaled(self.at, {}, order, self.over(order))

    def shifted(self, by: int, factor: Any) -> Scaled:
        """factor h^by this."""
        return self * Scaled(self.at, {by: factor})

    def relative(self) -> tuple[int, Any, Scaled]:
        """j, c, y with this = c h^j (1 + h^.. y)."""
        j = min(self.exact)
        c = self.exact[j]
        y = self.shifted(-j, 1 / c) - 1
        return j, c, y.pure()

    def sqrt(self) -> Scaled:
        """Root."""
        if not self.exact:
            require(self.order % 2 == 0 and self.rest[0] > 0, "a root may vanish")
            return Scaled(self.at, {}, self.order // 2, self.rest.sqrt())
        j, c, y = self.relative()
        root = fmpq(isqrt(int(c.p)), isqrt(int(c.q))) if c > 0 else fmpq(0)
        require(root * root == c and j % 2 == 0, "the leading term is no square")
        if y.rest is None:
            return Scaled(self.at, {j // 2: root})
        inside = (y + 1).over(0)
        require(inside[0] > 0, "a root may vanish")
        return Scaled(self.at, {0: fmpq(1)}, y.order, y.rest / (1 + inside.sqrt())).shifted(j // 2, root)

    def inverse(self) -> Scaled:
        """1 / this."""
        if not self.exact:
            require(self.rest[0] != 0, "a denominator may vanish")
            return Scaled(self.at, {}, -self.order, 1 / self.rest)
        j, c, y = self.relative()
        if y.rest is None:
            return Scaled(self.at, {-j: 1 / c})
        inside = (y + 1).over(0)
        require(inside[0] != 0, "a denominator may vanish")
        return Scaled(self.at, {0: fmpq(1)}, y.order, -y.rest / inside).shifted(-j, 1 / c)

    def __truediv__(self, other: Any) -> Scaled:
        return self * self._scaled(other).inverse()


@dataclass(frozen=True)
class Part:
    order: int
    rest: Any


def power_series(y: Any, coefficient: Callable[[int], Any]) -> Any:
    """sum_j c_j y^j at a series y."""
    middle = y[0]
    q = abs(middle).upper()
    require(q < 0.9, "an angle is too large")
    length = y.prec
    powers, j = arb(1), 0
    most = 8
    while q**most > arb(2) ** (-ctx.prec) and most < 400:
        most += 8
    found = [arb(0)] * length
    powers = [arb(1)]
    for _ in range(most):
        powers.append(powers[-1] * middle)
    for j in range(most):
        c = coefficient(j)
        for i in range(min(length, j + 1)):
            found[i] += c * comb(j, i) * powers[j - i]
    for i in range(length):
        ratio = q * (most + 1) / (most + 1 - i)
        found[i] += arb(0, (comb(most, i) * q ** (most - i) / (1 - ratio)).upper())
    shifted = y - middle
    total = arb_series([found[-1]], length)
    for c in found[-2::-1]:
        total = total * shifted + c
    return total


KNOWN_PHI: list[Any] = []


def phi_coefficient(j: int) -> Any:
    return arb(comb(2 * j, j)) / (arb(4) ** j * (2 * j + 1))


def omega_coefficient(j: int) -> Any:
    return arb(comb(2 * j + 2, j + 1)) / (arb(4) ** (j + 1)) * (4 * (j + 1)) / (4 * (j + 1) ** 2 - 1)


def arcsine(x: Scaled) -> Scaled:
    """asin x = x phi(x^2)."""
    x = x.pure()
    if x.rest is None:
        return x
    return x * Scaled(x.at, {}, 0, power_series((x * x).over(0), phi_coefficient))


def excess(sine: Scaled) -> Any:
    """omega(sine^2): theta - sin theta cos theta = sin^3 theta omega(sin^2 theta)."""
    return Scaled(sine.at, {}, 0, power_series((sine * sine).over(0), omega_coefficient))


# --- 3. The network -------------------------------------------------------------------------------


class Angle:
    """cos, sin, asin cos of a pair."""

    def __init__(self, cosine: Scaled) -> None:
        self.cosine = cosine
        self.sine = (1 - cosine * cosine).sqrt()
        self.tilt = arcsine(cosine)  # pi/2 - t


@dataclass
class Block:
    size: Scaled
    own: Scaled
    off: Scaled
    cross: Scaled
    side: int  # own teacher
    other: Block | None = None

    def complete(self) -> None:
        n, o, b, c = self.size, self.own, self.off, self.cross
        Q = self.other
        square = o * o + (n - 1) * b * b
        across = (n - 1) * b * b
        dot = 2 * o * b + (n - 2) * b * b
        if Q:
            square, across, dot = (x + Q.size * c * c for x in (square, across, dot))
        self.norm = square.sqrt()
        self.inverse = self.norm.inverse()
        inverse2 = self.inverse * self.inverse
        self.own_sine = across.sqrt() * self.inverse
        self.own_cosine = self.side * o * self.inverse
        self.own_excess = excess(self.own_sine)
        self.same = Angle(dot * inverse2)
        self.teacher = Angle(b * self.inverse)
        if Q:
            self.other_teacher = Angle(c * self.inverse)

    def meet(self) -> None:
        """After both are complete."""
        n, o, b, c, Q = self.size, self.own, self.off, self.cross, self.other
        self.turning = (n - 1) * (self.norm * self.same.sine - self.teacher.sine)
        if Q:
            self.mixed = Angle((o * Q.cross + (n - 1) * b * Q.cross + c * Q.own + (Q.size - 1) * c * Q.off)
                               * self.inverse * Q.inverse)
            self.turning += Q.size * (Q.norm * self.mixed.sine - self.other_teacher.sine)

    def column(self) -> Scaled:
        total = self.own + (self.size - 1) * self.off - 1
        return total + self.other.size * self.other.cross if self.other else total

    def gradient(self) -> list[tuple[Scaled, Scaled]]:
        """own, off, cross; without column sums."""
        n, o, b, c, Q = self.size, self.own, self.off, self.cross, self.other
        cube = self.own_sine * self.own_sine * self.own_sine
        turned = (self.turning - self.own_sine) * self.inverse
        own = self.turning * self.inverse * o + (n - 1) * self.same.tilt * b + self.side * cube * self.own_excess
        off = turned * b + self.same.tilt * (o + (n - 2) * b) - self.teacher.tilt
        if not Q:
            return [(o - self.side, own), (b, off)]
        own += Q.size * self.mixed.tilt * Q.cross
        off += Q.size * self.mixed.tilt * Q.cross
        cross = (turned * c + self.same.tilt * (n - 1) * c
                 + self.mixed.tilt * (Q.own + (Q.size - 1) * Q.off) - self.other_teacher.tilt)
        return [(o - self.side, own), (b, off), (c, cross)]


def network(at: Place, family: str, m: int, x: dict[str, Any]) -> list[Block]:
    h = lambda j, c=1: Scaled(at, {j: fmpq(c)})
    u = lambda j, name: Scaled(at, {}, j, x[name])
    zero = Scaled(at, {})
    p = h(-2) - m
    if family == "II":
        first = Block(p, 1 + u(4, "A"), u(4, "B"), u(2, "C"), 1)
        second = Block(h(0, m), -1 + u(2, "D"), u(2, "G") if m > 1 else zero, u(2, "F"), -1)
    elif family == "I":
        first = Block(p, h(2, 2) - 1 + u(4, "A"), h(2, 2) + u(4, "B"), u(4, "C"), -1)
        second = Block(h(0, m), 1 + u(2, "D"), u(2, "G") if m > 1 else zero, u(2, "F"), 1)
    else:
        first = Block(p, h(2, 2) - 1 + u(4, "A"), h(2, 2) + u(4, "B"), zero, -1)
    blocks = [first]
    if family != "A":
        first.other, second.other = second, first
        blocks.append(second)
    for block in blocks:
        block.complete()
    for block in blocks:
        block.meet()
    return blocks


def residual(blocks: list[Block], family: str) -> list[Any]:
    half = arb.pi() / 2
    first = blocks[0]
    found = first.gradient()
    own, off = found[:2]
    S = first.column()
    def eq(x, order):
        return x[0].over(order) * half + x[1].over(order)
    G = [eq((x[0] + S, x[1]), 2) for x in (own, off)]
    if len(blocks) == 1:
        return G
    second = blocks[1]
    c = found[2]
    G.append(eq((c[0] + second.column(), c[1]), 0 if family == "II" else 2))
    down = second.gradient()
    G.append(eq((down[0][0] - c[0], down[0][1] - c[1]), 2))
    G.append(eq((down[2][0] + S, down[2][1]), 2))
    if second.size.exact[0] > 1:
        G.append(eq((down[1][0] - c[0], down[1][1] - c[1]), 2))
    return G


# --- 4. Hessian -----------------------------------------------------------------------------------


class Copies:
    """One vector of each copy, as far as it lives on the rows of one block: linear functionals."""

    def __init__(self, block: Block, trivial: bool, other_trivial: bool, tensors: list[tuple[str, Scaled]]):
        at = block.size.at
        zero = Scaled(at, {})
        Q = block.other
        n, o, b, c = block.size, block.own, block.off, block.cross
        total = n if trivial else zero
        other_total = Q.size if Q and other_trivial else zero
        self.block, self.total = block, total
        pick = lambda values: [values.get(kind, zero) * scale for kind, scale in tensors]
        one = Scaled(at, {0: fmpq(1)})
        self.at_own = pick({"own": one, "row": one, "column": one})
        self.at_same = pick({"row": one}), pick({"column": one})
        self.at_other = pick({"cross": one})
        self.rest = pick({"row": (n - 1) * b, "column": (total - 1) * b, "cross": other_total * c})
        self.along = [x + o * y for x, y in zip(self.rest, self.at_own, strict=True)]
        self.same = (pick({"own": b, "row": o + (n - 1) * b, "column": total * b, "cross": other_total * c}),
                     pick({"column": o - b}))
        if Q:
            e = Q.cross
            self.mixed = pick({"own": e, "row": n * e, "column": total * e,
                               "cross": Q.own + (other_total - 1) * Q.off})
        self.sum_own = pick({"own": one, "row": total, "column": n})
        self.sum_other = pick({"cross": total})

    def pairs(self, x, y, moments):
        """Sum over j != i of (x_1 v_i + x_2 v_j)(y_1 v_i + y_2 v_j)"""
        n, t = self.block.size - 1, self.total - 1
        return n * (x[0] * y[0] + x[1] * y[1]) + t * (x[0] * y[1] + x[1] * y[0])

    def square(self, i, j):
        """mean of u_i . u_i"""
        X = [x[i] for x in self.at_same]; Y = [x[j] for x in self.at_same]
        value = self.at_own[i] * self.at_own[j] + self.pairs(X, Y, None)
        Q = self.block.other
        return value + Q.size * self.at_other[i] * self.at_other[j] if Q else value

    def form(self, i, j):
        B = self.block
        n, Q = B.size, B.other
        inv = B.inverse
        inv2 = inv * inv
        O, P = self.along[i], self.along[j]
        square = self.square(i, j)
        odd = square * n
        value = (B.turning - B.own_sine) * (square - O * P * inv2)
        # own teacher
        s2 = B.own_sine * B.own_sine
        bend = [s2 * self.at_own[a] - B.own * inv2 * self.rest[a] for a in (i, j)]
        value = value - bend[0] * bend[1] / B.own_sine
        # same block
        c = B.same.cosine
        x, y = ([self.same[0][a] - c * self.along[a], self.same[1][a]] for a in (i, j))
        value += self.pairs(x, y, None) * inv / B.same.sine
        c = B.teacher.cosine
        x, y = ([self.at_same[0][a] - c * inv * self.along[a], self.at_same[1][a]] for a in (i, j))
        value = value - self.pairs(x, y, None) / B.teacher.sine
        if Q:
            c = B.mixed.cosine
            x, y = (self.mixed[a] - c * inv * Q.norm * self.along[a] for a in (i, j))
            value += Q.size * x * y * Q.inverse / B.mixed.sine
            c = B.other_teacher.cosine
            x, y = (self.at_other[a] - c * inv * self.along[a] for a in (i, j))
            value = value - Q.size * x * y / B.other_teacher.sine
        value = value * inv * n
        # other rows of the block
        sums = n * self.sum_own[i] * self.sum_own[j]
        if Q:
            sums += Q.size * self.sum_other[i] * self.sum_other[j]
        value += B.same.tilt * (sums - square * n)
        X, Y = [x[i] for x in self.same], [x[j] for x in self.same]
        n1, t1 = n - 1, self.total - 1
        turned = (t1 * O * P + n1 * (X[0] * Y[1] + X[1] * Y[0]) + t1 * (X[0] * Y[0] + X[1] * Y[1])
                  - B.same.cosine * (n1 * (O * Y[1] + X[1] * P) + t1 * (O * Y[0] + X[0] * P)))
        value += n * turned * inv2 / B.same.sine
        return sums + odd, value, odd

    def mixed_form(self, other: Copies, i, j):
        B, Q = self.block, other.block
        sums = B.size * self.sum_own[i] * other.sum_other[j] + Q.size * self.sum_other[i] * other.sum_own[j]
        a, b = B.inverse, Q.inverse
        O, P = self.along[i] * a, other.along[j] * b
        X, Y = self.mixed[i] * b, other.mixed[j] * a
        c = B.mixed.cosine
        turned = (O * P + X * Y - c * (O * Y + X * P)) / B.mixed.sine
        return sums, B.mixed.tilt * sums + B.size * Q.size * turned


def forms(blocks, trivial, tensors):
    """X, Y, Gram: the Hessian times 2 pi is (pi/2) X + Y."""
    at = blocks[0].size.at
    copies = [Copies(B, trivial[P], trivial[1 - P], tensors[P]) for P, B in enumerate(blocks)]
    index = [(P, i) for P, t in enumerate(tensors) for i in range(len(t))]
    zero = Scaled(at, {})
    rows = []
    for r, (P, i) in enumerate(index):
        row = []
        for s, (Q, j) in enumerate(index[:r + 1]):
            if P == Q:
                row.append(copies[P].form(i, j))
            else:
                x, y = copies[Q].mixed_form(copies[P], j, i)
                row.append((x, y, zero))
        rows.append(row)
    return rows
