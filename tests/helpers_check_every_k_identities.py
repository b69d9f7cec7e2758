"""Gradient and Hessian of the checker for every k, as exact identities.

With lengths, sines, cosines and tilts for free symbols - an own sine and cosine on the circle -,
gradient and forms are rational functions with rational coefficients. At random rational points they
equal the sums of pair formulas, as these stand at the top of the checker, without any rounding.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from operator import mul
from types import ModuleType, SimpleNamespace
from typing import Any

from flint import arb, fmpq

from helpers_check_every_k import components_of, mean_square, vectors

SIZES = [(4, 3), (5, 1), (4, 2), (5, 0), (3, 4)]  # rows of the first block, and of the last


def product(u: list[Any], z: list[Any]) -> Any:
    """Inner product."""
    return sum(map(mul, u, z), start=fmpq(0))


def exact(x: Any) -> Any:
    """A quantity that is a rational number."""
    assert x.rest is None
    assert set(x.exact) <= {0}
    return x.exact.get(0, fmpq(0))


class Symbols:
    """Blocks of p and m rows whose lengths and angles are free, the same for pairs of a kind."""

    def __init__(self, every: ModuleType, p: int, m: int) -> None:
        self.rng, self.k, self.of = random.Random(100 * p + m), p + m, [0] * p + [1] * m
        self.at, self.sizes = every.Place(arb(1), arb(1), 1, False), [p, m] if m else [p]
        self.blocks = [self.block(every, n, 1 - 2 * P) for P, n in enumerate(self.sizes)]
        if m:
            first, last = self.blocks
            first.other, last.other = last, first
            first.mixed = last.mixed = self.angle()
        for i in (0, self.k - 1):
            terms = [s * length * sine for s, j, _, length, _, sine in self.others(i) if j != i]
            self.blocks[self.of[i]].turning = self.term(sum(terms, start=fmpq(0)))

    def free(self) -> Any:
        return fmpq(self.rng.randint(1, 40), self.rng.randint(41, 90))

    def term(self, x: Any) -> Any:
        return self.at.term(0, x)

    def angle(self) -> SimpleNamespace:
        c, s, b = self.free(), self.free(), self.free()
        names = {"cosine": c, "sine": s, "over_sine": 1 / s, "tilt": b}
        return SimpleNamespace(**{name: self.term(x) for name, x in names.items()})

    def block(self, every: ModuleType, n: int, side: int) -> Any:
        t, norm = self.free(), self.free()
        cosine, sine = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
        off = self.free() if n > 1 else fmpq(0)
        cross = self.free() if len(self.sizes) > 1 else fmpq(0)
        numbers = [self.term(x) for x in (fmpq(n), side * norm * cosine, off, cross)]
        found = every.Block(*numbers, side)
        found.norm, found.inverse = self.term(norm), self.term(1 / norm)
        found.cosine, found.sine, found.bend = (self.term(x) for x in (cosine, sine, self.free()))
        found.over_sine = self.term(1 / sine)
        found.same, found.teacher, found.other_teacher = (self.angle() for _ in range(3))
        return found

    def row(self, i: int) -> list[Any]:
        """w_i."""
        B = self.blocks[self.of[i]]
        return [
            exact(B.own if i == j else B.off if self.of[i] == self.of[j] else B.cross)
            for j in range(self.k)
        ]

    def norm(self, i: int) -> Any:
        return exact(self.blocks[self.of[i]].norm)

    def pair(self, i: int, j: int, teacher: bool) -> tuple[Any, Any, Any]:
        """cos t, sin t, tilt of row i and row j, or teacher j, j != i."""
        B, same = self.blocks[self.of[i]], self.of[i] == self.of[j]
        names = ("teacher", "other_teacher") if teacher else ("same", "mixed")
        found = getattr(B, names[0 if same else 1])
        return exact(found.cosine), exact(found.sine), exact(found.tilt)

    def others(self, i: int) -> Iterator[tuple[int, int, list[Any], Any, Any, Any]]:
        """sign, number, vector, length, cos t, sin t for students and teachers beside row i."""
        B = self.blocks[self.of[i]]
        for j in range(self.k):
            if j != i:
                yield 1, j, self.row(j), self.norm(j), *self.pair(i, j, teacher=False)[:2]
            own = B.side * exact(B.cosine), exact(B.sine)
            angle = own if j == i else self.pair(i, j, teacher=True)[:2]
            yield -1, j, [fmpq(int(a == j)) for a in range(self.k)], fmpq(1), *angle

    def gradient(self, i: int) -> list[Any]:
        """Sum of g over students minus teachers; the own tilt without its pi/2."""
        B, w = self.blocks[self.of[i]], self.row(i)
        along = sum(
            (s * length * sine for s, _, _, length, _, sine in self.others(i)), start=fmpq(0)
        )
        total = [along * x / self.norm(i) for x in w]
        for j in range(self.k):
            if j != i:
                tilt = self.pair(i, j, teacher=False)[2]
                total = [x + tilt * y for x, y in zip(total, self.row(j), strict=True)]
                total[j] -= self.pair(i, j, teacher=True)[2]
        theta = exact(B.bend) + exact(B.sine) * exact(B.cosine)
        total[i] += B.side * theta
        return total

    def h1(self, i: int, u: list[Any], z: list[Any]) -> Any:
        """Sum over students minus teachers."""
        total, N, w = fmpq(0), self.norm(i), self.row(i)
        along = [product(x, w) / N for x in (u, z)]
        for sign, _, v, length, c, s in self.others(i):
            bent = [product(x, v) / length - c * y for x, y in zip((u, z), along, strict=True)]
            across = product(u, z) - along[0] * along[1]
            total += sign * length / N * (s * across + bent[0] * bent[1] / s)
        return total

    def h2(self, i: int, j: int, u: list[Any], z: list[Any]) -> Any:
        c, s, tilt = self.pair(i, j, teacher=False)
        w, v = ([x / self.norm(a) for x in self.row(a)] for a in (i, j))
        uw, uv, zw, zv = product(u, w), product(u, v), product(z, w), product(z, v)
        return tilt * product(u, z) + (uw * zv + uv * zw - c * (uw * zw + uv * zv)) / s

    def form(self, U: list[list[Any]], Z: list[list[Any]]) -> Any:
        """2 pi sum u.H z without what is times pi/2."""
        rows = range(self.k)
        mixed = (self.h2(i, j, U[i], Z[j]) for i in rows for j in rows if i != j)
        return sum((self.h1(i, U[i], Z[i]) for i in rows), start=fmpq(0)) + sum(
            mixed, start=fmpq(0)
        )


def exact_gradients(every: ModuleType) -> None:
    """The gradient, coordinate by coordinate."""
    for p, m in SIZES:
        symbols = Symbols(every, p, m)
        for P, (block, i) in enumerate(zip(symbols.blocks, (0, p + m - 1), strict=False)):
            beside = [j for j in range(p + m) if j != i and symbols.of[j] == P]
            across = [j for j in range(p + m) if symbols.of[j] != P]
            expected, row = symbols.gradient(i), symbols.row(i)
            for (X, Y), places in zip(block.gradient(), ([i], beside, across), strict=False):
                for j in places[:1]:
                    assert exact(Y) == expected[j]
                    assert exact(X) == row[j] - block.side * (i == j)


def exact_forms(every: ModuleType) -> None:
    """The small matrices of all components but x and y."""
    for p, m in SIZES:
        symbols = Symbols(every, p, m)
        blocks, k = symbols.blocks, p + m
        for _, types, tensors in components_of(every, blocks, m):
            given = [[dict.fromkeys(v, symbols.term(fmpq(1))) for v in t] for t in tensors]
            copies = [
                every.Copies(B, types[P], types[1 - P], given[P]) for P, B in enumerate(blocks)
            ]
            numbers = [[dict.fromkeys(v, 1) for v in t] for t in tensors]
            flat = vectors(symbols.sizes, types, numbers, fmpq(1))
            U = [[u[i * k : (i + 1) * k] for i in range(k)] for u in flat]
            mean, starts = mean_square(symbols.sizes, types, fmpq(1)), [0, len(given[0])]
            for start, x in zip(starts, copies, strict=False):
                for i, j, X, Y, G in x.forms():
                    u, z = U[start + i], U[start + j]
                    assert_exact(symbols, u, z, mean, X, Y)
                    assert exact(G) == sum(map(product, u, z), start=fmpq(0)) / mean
            if m:
                for j, i, X, Y in copies[0].mixed_forms(copies[1]):
                    assert_exact(symbols, U[i], U[starts[1] + j], mean, X, Y)


def assert_exact(symbols: Symbols, u: Any, z: Any, mean: Any, X: Any, Y: Any) -> None:
    """(pi/2) X + Y is the form."""
    assert exact(Y) == symbols.form(u, z) / mean
    sums = [[sum(column, start=fmpq(0)) for column in zip(*x, strict=True)] for x in (u, z)]
    assert exact(X) == (product(*sums) + sum(map(product, u, z), start=fmpq(0))) / mean


IDENTITIES = [exact_gradients, exact_forms]
