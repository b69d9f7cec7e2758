"""Residual, forms and loss of `every_k` as identities, against unscaled pair formulas.

Numbers are residues modulo a prime of 127 bits; h, the unknowns and pi are random ones. Lengths and
sines are roots of residues, the two ratios of angles are random functions: free symbols, of which
nothing is used but s^2 + c^2 = 1 and asin(sqrt y)/sqrt y = y omega(y) + sqrt(1 - y). Both sides are
then rational functions with rational coefficients, of some hundreds of degrees at most, so that two
which are not the same agree at a random point with a probability of some 1e-36.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import cache
from operator import mul
from typing import Any

from relu_landscape.every_k import generic_numbers
from relu_landscape.every_k.generic_numbers import arcsine_ratio, root, segment_ratio
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import Scale, SymmetricFamily, entries
from relu_landscape.families import Family

PRIME = 2**127 - 1


class NoRootError(ValueError):
    """A residue is no square."""


class Residue:
    """A number modulo the prime."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value % PRIME

    def __add__(self, other: Any) -> Residue:
        return Residue(self.value + residue(other).value)

    def __mul__(self, other: Any) -> Residue:
        return Residue(self.value * residue(other).value)

    def __sub__(self, other: Any) -> Residue:
        return Residue(self.value - residue(other).value)

    def __rsub__(self, other: Any) -> Residue:
        return Residue(residue(other).value - self.value)

    def __truediv__(self, other: Any) -> Residue:
        return Residue(self.value * pow(residue(other).value, -1, PRIME))

    def __rtruediv__(self, other: Any) -> Residue:
        return residue(other) / self

    def __neg__(self) -> Residue:
        return Residue(-self.value)

    def __eq__(self, other: object) -> bool:
        return self.value == residue(other).value

    def __hash__(self) -> int:
        return hash(self.value)

    __radd__, __rmul__ = __add__, __mul__


def residue(x: Any) -> Residue:
    """A whole number as a residue."""
    if isinstance(x, Residue):
        return x
    assert x == int(x)
    return Residue(int(x))


@root.register
def _(x: Residue) -> Residue:
    found = Residue(pow(x.value, (PRIME + 1) // 4, PRIME))
    if found * found != x:
        raise NoRootError
    return found


@generic_numbers.ratio.register(Residue)
def _(y: Residue, first: int) -> Residue:
    """A random function for either ratio of angles."""
    return Residue(random.Random(f"{y.value} {first}").getrandbits(120))


Row = list[Any]
PI = Residue(random.Random("pi").getrandbits(120))


def product(x: Row, y: Row) -> Any:
    """Inner product."""
    return sum(map(mul, x, y), start=Residue(0))


class Dense:
    """A member of a family with p rows w and m rows s in full, and its unscaled pair formulas.

    x: the network in scaled unknowns.
    """

    def __init__(self, family: SymmetricFamily, p: int) -> None:
        self.p, self.m, self.k = p, family.special_rows, p + family.special_rows
        self.x, self.entries = self._random(family)
        self.of = [0] * p + [1] * self.m
        self.W = [self._row(i) for i in range(self.k)]
        self.lengths = [root(product(w, w)) for w in self.W]
        self.pairs = {
            (i, j, teacher): self._pair(i, j, teacher)
            for i in range(self.k)
            for j in range(self.k)
            for teacher in (False, True)
            if teacher or i != j
        }

    def _random(self, family: SymmetricFamily) -> tuple[ScaledNetwork, dict[str, Any]]:
        """The first of many random unknowns for which all roots exist."""
        rng = random.Random(f"{family} {self.p}")
        h, s = root(Residue(1) / self.k), root(Residue(1) / family.unit)
        scale = Scale(h / s, s, min(self.m, 1), PI)
        while True:
            unknowns = {name: Residue(rng.getrandbits(120)) for name in family.unknowns}
            try:
                network = ScaledNetwork(family, scale, unknowns)
            except NoRootError:
                continue
            return network, entries(family, scale, unknowns)

    def _row(self, i: int) -> Row:
        own, rest = (("a", "b", "c"), ("d", "g", "f"))[self.of[i]], []
        for j in range(self.k):
            name = own[0 if i == j else 1 if self.of[i] == self.of[j] else 2]
            rest.append(residue(self.entries.get(name, 0)))
        return rest

    def _pair(self, i: int, j: int, teacher: bool) -> tuple[Any, Any, Any]:
        """cos T, sin T and pi - T of row i and row j, or teacher j."""
        v = self.teacher(j) if teacher else self.W[j]
        cosine = product(self.W[i], v) / self.lengths[i] / (1 if teacher else self.lengths[j])
        if teacher and i == j:
            return self._own_pair(i, cosine)
        turn = cosine * arcsine_ratio(cosine * cosine)
        return cosine, root(1 - cosine * cosine), PI / 2 + turn

    def _own_pair(self, i: int, cosine: Any) -> tuple[Any, Any, Any]:
        """With the teacher that the row points to or away from, at an angle of sine S to its line:
        S^3 omega + S |cos T|."""
        x = self.x
        sine = x.own_size * x.own_sine if self.of[i] == 0 else x.scale.h * x.special_sine
        assert sine * sine == 1 - cosine * cosine
        towards = (x.family.sign == 1) == (self.of[i] == 0)
        angle = sine * sine * sine * segment_ratio(sine * sine)
        angle += sine * (cosine if towards else -cosine)
        return cosine, sine, PI - angle if towards else angle

    def teacher(self, j: int) -> Row:
        return [Residue(int(a == j)) for a in range(self.k)]

    def others(self, i: int) -> Iterator[tuple[int, Row, Any, tuple[Any, Any, Any]]]:
        """sign, vector, length and angle of the students and teachers beside row i."""
        for j in range(self.k):
            if j != i:
                yield 1, self.W[j], self.lengths[j], self.pairs[i, j, False]
            yield -1, self.teacher(j), Residue(1), self.pairs[i, j, True]

    def gradient(self, i: int) -> Row:
        """2 pi dF/dw_i = pi w_i + sum of |v| sin T w^ + (pi - T) v, students minus teachers."""
        w, length = self.W[i], self.lengths[i]
        total = [PI * y for y in w]
        for sign, v, size, (_, sine, supplement) in self.others(i):
            along = size * sine / length
            total = [
                a + sign * (along * b + supplement * c) for a, b, c in zip(total, w, v, strict=True)
            ]
        return total

    def h1(self, i: int, u: Row, z: Row) -> Any:
        """2 pi u.H_ii z."""
        length = self.lengths[i]
        along = [product(y, self.W[i]) / length for y in (u, z)]
        across = product(u, z) - along[0] * along[1]
        total = PI * product(u, z)
        for sign, v, size, (cosine, sine, _) in self.others(i):
            bent = [product(y, v) / size - cosine * a for y, a in zip((u, z), along, strict=True)]
            total += sign * size / length * (sine * across + bent[0] * bent[1] / sine)
        return total

    def h2(self, i: int, j: int, u: Row, z: Row) -> Any:
        """2 pi u.H_ij z."""
        cosine, sine, supplement = self.pairs[i, j, False]
        w, v = ([y / self.lengths[a] for y in self.W[a]] for a in (i, j))
        uw, uv, zw, zv = product(u, w), product(u, v), product(z, w), product(z, v)
        turned = uw * zv + uv * zw - cosine * (uw * zw + uv * zv)
        return supplement * product(u, z) + turned / sine

    def form(self, U: list[Row], Z: list[Row]) -> Any:
        """2 pi <U, H Z>."""
        rows, total = range(self.k), Residue(0)
        for i in rows:
            if any(y != 0 for y in U[i]):
                total += self.h1(i, U[i], Z[i])
                total += sum((self.h2(i, j, U[i], Z[j]) for j in rows if j != i), Residue(0))
        return total

    def off_span_form(self, u: Row, z: Row) -> Any:
        """2 pi u.M z, M the Hessian along a further input."""
        total = Residue(0)
        for i in range(self.k):
            force = (
                PI
                + sum((s * size * sine for s, _, size, (_, sine, _) in self.others(i)), Residue(0))
                / self.lengths[i]
            )
            total += force * u[i] * z[i]
            for j in range(self.k):
                if j != i:
                    total += self.pairs[i, j, False][2] * u[i] * z[j]
        return total

    def loss(self) -> Any:
        """4 pi F at a critical point: over teachers and rows of 2 pi f(v', v) - 2 pi f(w, v)."""
        total = PI * self.k + self.k * (self.k - 1)
        for i in range(self.k):
            for j in range(self.k):
                cosine, sine, supplement = self.pairs[i, j, True]
                total -= self.lengths[i] * (sine + supplement * cosine)
        return total

    # --- Test vectors, as the docstrings of `every_k` have them ---------------------------------

    def matrix(self, entry: Any) -> list[Row]:
        """Rows i of entry(i, j)."""
        return [[residue(entry(i, j)) for j in range(self.k)] for i in range(self.k)]

    def profile(self, block: int) -> Row:
        """v: 1, -1, 0, ... on a block; |v|^2 = 2."""
        start = block * self.p
        return [Residue((j == start) - (j == start + 1)) for j in range(self.k)]

    def first(self, j: int) -> bool:
        return self.of[j] == 0

    def trivial(self, **at: int) -> list[Row]:
        alpha, beta, delta, zeta, eta, xi = (
            at.get(y, 0) for y in ("alpha", "beta", "delta", "zeta", "eta", "xi")
        )
        c = self.x.scale
        q0 = c.share(0)
        own = (c.h * alpha + c.r * zeta) / q0
        rest = (c.h * beta - c.h * own - c.r * eta) / q0
        special = (c.s * (delta - zeta) - xi) / q0

        def entry(i: int, j: int) -> Any:
            if self.first(i):
                return (c.h * own * (i == j) + c.e * rest) if self.first(j) else c.e * special
            return c.h * c.s * eta if self.first(j) else c.s * zeta * (i == j) + c.w * xi

        return self.matrix(entry)

    def first_standard(self, **at: int) -> list[Row]:
        alpha, beta, gamma, delta, eta = (
            at.get(y, 0) for y in ("alpha", "beta", "gamma", "delta", "eta")
        )
        c, v = self.x.scale, self.profile(0)
        moved = c.e / c.share(0) * (gamma - eta / c.s)

        def entry(i: int, j: int) -> Any:
            if not self.first(i):
                return c.s * eta * v[j]
            across = c.h * beta if self.first(j) else c.s * delta
            return v[i] * (alpha * (i == j) + across) + moved * v[j]

        return self.matrix(entry)

    def special_standard(self, **at: int) -> list[Row]:
        alpha, beta, gamma, delta, eta = (
            at.get(y, 0) for y in ("alpha", "beta", "gamma", "delta", "eta")
        )
        c, v = self.x.scale, self.profile(1)
        moved = c.e / c.share(0) * (eta - gamma / c.s)

        def entry(i: int, j: int) -> Any:
            if self.first(i):
                return moved * v[j]
            across = c.h * delta if self.first(j) else c.s * beta
            return v[i] * (alpha * (i == j) + across) + c.s * gamma * v[j]

        return self.matrix(entry)

    def product_vectors(self, **at: int) -> list[Row]:
        v, z = self.profile(0), self.profile(1)
        return self.matrix(
            lambda i, j: at.get("alpha", 0) * v[i] * z[j] + at.get("eta", 0) * z[i] * v[j]
        )

    def single(self, block: int, sign: int) -> list[Row]:
        """x (sign 1) or y (sign -1): no sums of rows, nothing on the diagonal."""
        places = {(0, 1): 1, (1, 2): -1, (2, 3): 1, (3, 0): -1}
        if sign == -1:
            places = {(0, 1): 1, (1, 2): 1, (2, 0): 1}
        start = block * self.p
        full = {(i + start, j + start): y for (i, j), y in places.items()}
        full |= {(j, i): sign * y for (i, j), y in full.items()}
        return self.matrix(lambda i, j: full.get((i, j), 0))

    def off_span_vector(self, **at: int) -> Row:
        x, y = at.get("x", 0), at.get("y", 0)
        c = self.x.scale
        moved = c.e / c.share(0) * (x - y / c.s)
        return [moved if self.first(i) else c.s * y for i in range(self.k)]


@cache
def dense(name: str, m: int, p: int) -> Dense:
    """The network of this family and these sizes."""
    return Dense(SymmetricFamily(Family(name), m), p)
