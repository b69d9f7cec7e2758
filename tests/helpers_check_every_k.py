"""The formulas of the checker for every k, against dense networks and exact identities.

Each comparison takes the checker's module, so that a copy with a mistake in it can be tried, too:
see `mutations`. Unknowns are random and no critical points, but where a formula holds at these
alone. The dense networks are those of the checker for one k, which is compared with the reference
in extended precision and shares no code.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cache
from math import comb
from operator import mul
from types import ModuleType
from typing import Any

import pytest
from flint import arb, arb_mat, arb_series, ctx, fmpq

from helpers_check_every_k_lines import STARTS, header_of, unknowns_at
from relu_landscape.certificates import check

NARROW = 1e-30
NETWORKS = [("II", 1, 7), ("II", 2, 7), ("II", 4, 9), ("I", 1, 7), ("I", 3, 8), ("A", 0, 6)]


def assert_near(found: Any, expected: Any, width: float = NARROW) -> None:
    """Two balls without width to speak of are one number."""
    assert float(abs(found - expected).upper()) <= width * (1 + float(abs(expected).upper()))


def assert_encloses(found: Any, expected: Any) -> None:
    """A ball holds a number."""
    assert found.overlaps(arb(expected))


def assert_refused(every: ModuleType, what: str, function: Callable[..., Any], *given: Any) -> None:
    with pytest.raises(every.Refused, match=what):
        function(*given)


# --- Functions of h -----------------------------------------------------------------------------


def value(x: Any) -> Any:
    """A scaled quantity as a series at h > 0."""
    h = x.at.power(1)
    total = arb_series([0], x.at.length)
    for j, c in x.exact.items():
        total = total + whole_power(h, j) * arb(c)
    return total if x.rest is None else total + x.rest * whole_power(h, x.order)


def whole_power(h: Any, j: int) -> Any:
    """h^j by multiplication."""
    factor, total = (h if j > 0 else 1 / h), arb_series([1], h.prec)
    for _ in range(abs(j)):
        total = total * factor
    return total


def assert_same(found: Any, expected: Any) -> None:
    """Two series are equal, as far as they go."""
    assert found.prec == expected.prec
    for i in range(found.prec):
        assert_near(found[i], expected[i])


def some_quantities(every: ModuleType, at: Any, seed: int) -> list[Any]:
    """Quantities with and without exact parts and rests."""
    rng = random.Random(seed)

    def exact(low: int, high: int) -> dict[int, Any]:
        return {j: fmpq(rng.randint(-9, 9), rng.randint(1, 5)) for j in range(low, high)}

    def rest() -> Any:
        return arb_series([arb(rng.uniform(0.5, 2)) for _ in range(at.length)], at.length)

    return [
        every.Scaled(at, exact(-2, 3), 3, rest()),
        every.Scaled(at, exact(0, 4), 2, rest()),
        every.Scaled(at, {}, -1, rest()),
        every.Scaled(at, {}, 4, rest()),
        every.Scaled(at, {2: fmpq(3, 2)}),
        every.Scaled(at, {-1: fmpq(2), 1: fmpq(-1, 3)}),
        every.Scaled(at, {0: fmpq(1)}, 2, rest()),
    ]


def some_places(every: ModuleType) -> list[Any]:
    h = arb(fmpq(3, 10))
    return [every.Place(h, h, 3, True), every.Place(h, h, 2, False)]


def arithmetic(every: ModuleType) -> None:
    """Sums, products, quotients; their exact parts and orders."""
    for at in some_places(every):
        for seed in range(3):
            quantities = some_quantities(every, at, seed)
            for x in quantities:
                assert_same(value(-x), -value(x))
                assert_same(value(x + 2), value(x) + 2)
                assert_same(value(2 + x), value(x) + 2)
                assert_same(value(2 - x), 2 - value(x))
                assert_same(value(x - 2), value(x) - 2)
                assert_same(value(x * 3), value(x) * 3)
                assert_same(value(x.pure()), value(x))
                low = min([x.order, *x.exact])
                assert not x.pure().exact
                assert x.pure().order == low
                assert_same(x.over(low), value(x) * whole_power(at.power(1), -low))
                assert_same(x.over(low - 2), value(x) * whole_power(at.power(1), 2 - low))
                assert_refused(every, "bounded at h = 0", x.over, low + 1)
                assert_same(value(x.inverse()), 1 / value(x))
                assert (x - x).exact == {}
                assert (x - x).order == x.order
                assert all(j < x.order for j in x.exact)
                for y in quantities:
                    assert_same(value(x + y), value(x) + value(y))
                    assert_same(value(x - y), value(x) - value(y))
                    assert_same(value(x * y), value(x) * value(y))
                    assert_same(value(x / y), value(x) / value(y))
                    assert (x + y).order == min(x.order, y.order)
                    orders = [x.order + y.order] if x.rest and y.rest else []
                    orders += [x.order + min(y.exact)] if x.rest and y.exact else []
                    orders += [y.order + min(x.exact)] if y.rest and x.exact else []
                    assert (x * y).order == min(orders, default=every.NOWHERE)
    at = some_places(every)[0]
    zero, one = at.term(1, 0), at.term(0)
    assert zero.is_zero()
    assert not one.is_zero()
    assert not at.unknown(0, arb_series([1], 3)).is_zero()
    assert zero.pure() is zero
    assert (one * zero).is_zero()
    assert (at.term(-2) - at.term(-2)).is_zero()
    assert_same((one + one).inverse().over(0), arb_series([0.5], 3))
    short = every.Scaled(at, {}, 0, arb_series([1, 2], 2))
    assert_refused(every, "too short", short.over, 0)


def roots_and_inverses(every: ModuleType) -> None:
    """Roots, with the order of their rests, and what has none."""
    for at in some_places(every):
        rest = arb_series([arb("1.3"), arb("0.4"), arb("-0.7")][: at.length], at.length)
        for exact, order in (
            ({0: 1}, 2), ({2: 4, 3: 1}, 4), ({-2: fmpq(9, 4)}, 1), ({0: 4, 1: -1}, 3), ({}, 4),
            ({}, -2), ({4: fmpq(1, 9), 6: 5}, 8), ({0: 1}, 1),
        ):  # fmt: skip
            x = every.Scaled(at, {j: fmpq(c) for j, c in exact.items()}, order, rest)
            assert_same(value(x.sqrt()) * value(x.sqrt()), value(x))
            assert float(value(x.sqrt())[0]) > 0
            inner = min([j for j in [*exact, order] if j > min([*exact, order])], default=order)
            low = min([*exact, order])
            expected = inner - low // 2 if exact else order // 2
            assert x.sqrt().order == expected
            assert x.inverse().order == (inner - 2 * low if exact else -order)
        assert (at.term(2, fmpq(4, 9)).sqrt() - at.term(1, fmpq(2, 3))).is_zero()
        assert (at.term(2, fmpq(4, 9)).inverse() - at.term(-2, fmpq(9, 4))).is_zero()
        wide = arb_series([arb(0, 1)], at.length)
        big = arb_series([arb(-50)], at.length)
        for x, what in (
            (every.Scaled(at, {}, 3, rest), "may vanish"),
            (every.Scaled(at, {}, 2, -rest), "may vanish"),
            (every.Scaled(at, {}, 2, -0.5 * rest), "may vanish"),
            (every.Scaled(at, {0: fmpq(1)}, 1, -4 * rest), "may vanish"),
            (every.Scaled(at, {}, 2, wide), "may vanish"),
            (at.term(2, 3), "no square"),
            (at.term(2, -4), "no square"),
            (at.term(1, 4), "no square"),
            (every.Scaled(at, {0: fmpq(1)}, 1, big), "may vanish"),
        ):
            assert_refused(every, what, x.sqrt)
        for x in (
            at.term(0, 0),
            every.Scaled(at, {}, 2, wide),
            every.Scaled(at, {}, 2, wide * 0.5),
            every.Scaled(at, {0: fmpq(1)}, 2, 99 * wide),
            every.Scaled(at, {0: fmpq(1)}, 1, arb_series([arb(-10 / 3, 1)], at.length)),
        ):
            assert_refused(every, "may vanish", x.inverse)
        for x in (
            every.Scaled(at, {}, 2, -rest),
            every.Scaled(at, {0: fmpq(-1)}, 2, rest),
            every.Scaled(at, {0: fmpq(1)}, 1, -20 * rest),
        ):
            assert_same(value(x.inverse()) * value(x), arb_series([1], at.length))
        for exact in ({0: fmpq(1)}, {}):
            unknown = every.Scaled(at, exact, 2, arb_series([arb("nan")], at.length))
            assert_refused(every, "vanish", unknown.inverse)
            assert_refused(every, "vanish", unknown.sqrt)


def places(every: ModuleType) -> None:
    """Powers of h, at a point and over an interval."""
    low, high = arb(fmpq(1, 4)), arb(fmpq(1, 2))
    at = every.Place(low, high, 4, True)
    for j in range(7):
        for h in (low, high, arb(fmpq(1, 3))):
            expected = whole_power(arb_series([h, 1], 4), j)
            for i in range(4):
                assert at.power(j)[i].overlaps(expected[i])
        ends = [whole_power(arb_series([h, 1], 4), j) for h in (low, high)]
        for i in range(4):
            assert at.power(j).prec == 4
            hull = ends[0][i].union(ends[1][i])
            assert_near(at.power(j)[i].rad(), hull.rad(), 1e-8)
            assert_near(at.power(j)[i].mid(), hull.mid(), 1e-8)
    fixed = every.Place(low, low, 2, False)
    assert_same(fixed.power(3), arb_series([low * low * low], 2))
    assert_same(fixed.term(2, 3).over(0), fixed.power(2) * 3)
    assert_same(fixed.unknown(2, fixed.power(1)).over(0), fixed.power(3))
    zero = every.Place(arb(0), arb(0), 3, True)
    assert_same(zero.power(2), arb_series([0, 0, 1], 3))
    assert_same(zero.power(0), arb_series([1], 3))


def tails(every: ModuleType) -> None:
    """Bounds of what is left of power series: of geometric ones, and not much larger."""
    for size in (fmpq(1, 10), fmpq(3, 5)):
        for n in (8, 64):
            for i in range(4):
                found = every.tail(arb(size), n, i)
                terms = (comb(j, i) * arb(size) ** (j - i) for j in range(n, n + 900))
                exact = sum(terms, start=arb(0))
                assert float(found / exact) >= 1 - 1e-12
                assert float(found / exact) < (1 + 1e-12 if i == 0 else 4)
    assert_refused(every, "does not end", every.tail, arb(0.8), 8, 4)
    assert_refused(every, "does not end", every.tail, arb("nan"), 8, 1)


def angles(every: ModuleType) -> None:
    """phi, omega and the arcsine, with what is left of their series."""
    every.coefficients.cache_clear()
    assert every.unknowns(0) == "AB"
    assert every.unknowns(1) == "ABCDF"
    assert every.unknowns(2) == every.unknowns(7) == "ABCDFG"
    for start, width in (("0.001", 1e-33), ("0.1", 1e-33), ("0.4", 1e-30), ("0.78", 1e-19)):
        y = arb_series([arb(start), arb("0.3"), arb("-0.2")], 3)
        root = y.sqrt()
        phi = root.asin() / root
        omega = (phi - (1 - y).sqrt()) / y
        for name, expected in (("phi", phi), ("omega", omega)):
            found = every.composed(name, y)
            assert found.prec == 3
            for i in range(3):
                assert found[i].overlaps(expected[i])
                scale = 1 + float(abs(expected[i]))
                # Of a Taylor coefficient, the rest of the series is larger.
                assert float(found[i].rad()) <= width * scale * 10**4**i
    for name in ("phi", "omega"):
        for wrong in (arb("0.81"), arb("-0.81"), arb("nan"), arb(0.7, 0.2), arb(-0.7, 0.2)):
            assert_refused(every, "too close", every.composed, name, arb_series([wrong], 2))
        wide = every.composed(name, arb_series([arb("0.2", "0.01"), 1], 2))
        narrow = [every.composed(name, arb_series([arb(x), 1], 2)) for x in ("0.19", "0.21")]
        for i in range(2):
            assert all(wide[i].contains(x[i]) for x in narrow)
            assert float(wide[i].rad()) < 5 * float(abs(narrow[0][i] - narrow[1][i]))
        exact_point = every.composed(name, arb_series([arb("0.2", "0.01"), 0], 2))
        assert float(exact_point[1].rad()) == 0
    # All terms are needed: the tail alone makes up for those left out.
    before, ctx.prec = ctx.prec, 400
    try:
        y = arb_series([arb("0.7")], 1)
        root = y.sqrt()
        found = every.composed("phi", y)
        assert found[0].overlaps((root.asin() / root)[0])
        assert float(found[0].rad()) < 1e-28
        for bits, name in ((400, "phi"), (400, "omega"), (53, "phi")):
            known = every.coefficients(name, bits)
            assert len(known) >= every.MOST_TERMS
            j = 3
            central = fmpq(20, 64)
            exact = central / 7 if name == "phi" else 16 * fmpq(70, 256) / 63
            assert_near(known[j], arb(exact), 2.0 ** (2 - bits))
            assert known[j].overlaps(arb(exact))
    finally:
        ctx.prec = before
    assert ctx.prec == before
    for at in some_places(every):
        for order in (0, 1, 2):
            rest = arb_series([arb("0.6"), arb("0.4"), arb("0.1")][: at.length], at.length)
            x = at.unknown(order, rest)
            assert_same(value(every.arcsine(x)), value(x).asin())
            assert every.arcsine(x).order == order
            angle = every.Angle(x)
            assert_same(value(angle.tilt), value(x).asin())
            assert_same(value(angle.sine), (1 - value(x) * value(x)).sqrt())
            assert_same(value(angle.over_sine) * value(angle.sine), arb_series([1], at.length))
            assert angle.cosine is x
        x = at.term(2, 2) + at.unknown(4, rest)
        assert_same(value(every.arcsine(x)), value(x).asin())
        assert every.arcsine(at.term(0, 0)).is_zero()


# --- Dense networks -----------------------------------------------------------------------------


def at_point(every: ModuleType, k: Any) -> Any:
    h = arb(k).rsqrt()
    return every.Place(h, h, 1, False)


def number(x: Any) -> Any:
    """A scaled quantity at a point."""
    return value(x)[0]


@cache
def random_unknowns(family: str, m: int) -> dict[str, Any]:
    rng = random.Random(f"{family}{m}")
    return {name: arb(fmpq(rng.randint(-150, 150), 100)) for name in STARTS[family]}


def coordinates(family: str, m: int, k: int, x: dict[str, Any]) -> list[Any]:
    """a, b, c, d, f, g of the format."""
    e, u = 1 / arb(k), max(m, 1)
    A, B, C, D, F, G = (x.get(name, arb(0)) for name in "ABCDFG")
    if family == "II":
        return [1 + u * e * e * A, u * e * e * B, e * C, -1 + e * D, e * F, e * G]
    a, b = (x + e * (2 + u * e * y) for x, y in ((-1, A), (0, B)))
    return [a, b, u * e * e * C, 1 + e * D, e * F, e * G]


class Dense:
    """The network in full."""

    def __init__(self, family: str, m: int, k: int, x: dict[str, Any]) -> None:
        a, b, c, d, f, g = coordinates(family, m, k, x)
        p = k - m

        def entry(i: int, j: int) -> Any:
            if i < p:
                return a if i == j else b if j < p else c
            return d if i == j else f if j < p else g

        W = [[entry(i, j) for j in range(k)] for i in range(k)]
        V = [[arb(int(i == j)) for j in range(k)] for i in range(k)]
        self.network = check.Network(W, V)
        self.k, self.p, self.m = k, p, m
        self.gradient = self.network.gradient()
        self.hessian = self.network.hessian()
        self.further = arb_mat(self.network.orthogonal_hessian())

    def form(self, u: list[Any], z: list[Any]) -> Any:
        """2 pi u^T H z."""
        size = len(u)
        H = self.hessian if size > self.k else self.further
        return (arb_mat([u]) * H * arb_mat(size, 1, z))[0, 0] * 2 * arb.pi()


@cache
def dense(family: str, m: int, k: int) -> Dense:
    return Dense(family, m, k, random_unknowns(family, m))


def structured(every: ModuleType, family: str, m: int, k: int, x: dict[str, Any]) -> list[Any]:
    series = {name: arb_series([y], 1) for name, y in x.items() if name in every.unknowns(m)}
    return every.network(at_point(every, k), family, m, series)


def random_network(every: ModuleType, family: str, m: int, k: int) -> list[Any]:
    return structured(every, family, m, k, random_unknowns(family, m))


def networks(every: ModuleType) -> None:
    """Coordinates, lengths, angles, column sums."""
    for family, m, k in NETWORKS:
        blocks, net = random_network(every, family, m, k), dense(family, m, k).network
        for block, i in zip(blocks, (0, k - 1), strict=False):
            row = net.W[i]
            assert_near(number(block.norm), row.norm)
            assert_near(number(block.inverse), 1 / row.norm)
            assert_near(number(block.own), row.weights[i])
            own = net.teachers[i][i]
            assert_near(number(block.sine), own.sine)
            assert_near(number(block.cosine), abs(own.cosine))
            theta = own.rest if block.side < 0 else arb.pi() - own.rest
            assert_near(number(block.bend), theta - own.sine * abs(own.cosine))
            column = sum((w.weights[i] for w in net.W), start=arb(-1))
            assert_near(number(block.column()), column)
            assert_near(number(block.others), arb(k - m - 1 if i == 0 else m - 1))
    assert [block.side for block in random_network(every, "II", 2, 9)] == [1, -1]
    assert [block.side for block in random_network(every, "I", 2, 9)] == [-1, 1]
    # A row that may be orthogonal to its teacher.
    x = {name: arb_series([arb(0.5)], 1) for name in "ABCDF"} | {"A": arb_series([arb(-49)], 1)}
    assert_refused(every, "orthogonal|vanish", every.network, at_point(every, 7), "II", 1, x)


def gradients(every: ModuleType) -> None:
    """The residual: 2 pi times the gradient, in the combinations of Lemma 3."""
    for family, m, k in NETWORKS:
        found = every.residual(random_network(every, family, m, k), family)
        full, p, e = dense(family, m, k), k - m, 1 / arb(k)
        g = [[2 * arb.pi() * x for x in row] for row in full.gradient]
        expected = [g[0][0] / e, g[0][1] / e]
        if m:
            expected += [g[0][p] / (1 if family == "II" else e), (g[p][p] - g[0][p]) / e]
            expected += [g[p][0] / e]
        if m > 1:
            expected += [(g[p][p + 1] - g[0][p]) / e]
        assert len(found) == len(expected)
        for x, y in zip(found, expected, strict=True):
            assert_near(x[0], y)


def profile(n: int, trivial: bool) -> list[int]:
    """v of Lemma 5, not normalised."""
    return [1] * n if trivial else [1, -1, *[0] * (n - 2)]


def vectors(sizes: list[int], types: Any, tensors: Any, one: Any) -> list[Any]:
    """The vectors of a component in full, their tensors times numbers."""
    k, starts = sum(sizes), [0, sizes[0]]
    v = [profile(n, trivial) for n, trivial in zip(sizes, types, strict=False)]
    found = []
    for P, n in enumerate(sizes):
        for name, scale in ((x, y) for vector in tensors[P] for x, y in vector.items()):
            U = [[0 * one] * k for _ in range(k)]
            for i in range(n):
                start = starts[1 - P if name == "cross" else P]
                columns = {
                    "own": {i: v[P][i]},
                    "row": dict.fromkeys(range(n), v[P][i]),
                    "column": dict(enumerate(v[P])),
                    "cross": {
                        j: v[P][i] * z for j, z in enumerate(v[1 - P] if name == "cross" else ())
                    },
                }[name]
                for j, x in columns.items():
                    U[starts[P] + i][start + j] = x * scale * one
            found.append([x for row in U for x in row])
    return found


def mean_square(sizes: list[int], types: Any, one: Any) -> Any:
    """What the squares of the profiles have for a mean, all in all."""
    total = one
    for n, trivial in zip(sizes, types, strict=False):
        total = total * sum(x * x for x in profile(n, trivial)) / n
    return total


def components_of(every: ModuleType, blocks: list[Any], m: int) -> Iterator[Any]:
    """Component, types, vectors by block."""
    for component in every.COMPONENTS:
        _, types, *degrees = component
        if types[1] or m > 1:
            yield (
                component,
                types,
                [every.tensors(B, degrees[P], m, P == 1) for P, B in enumerate(blocks)],
            )


# Copies of each component for 0, 1, 2, and 3 or more last rows.
COPIES = {"t": (2, 5, 6, 6), "s_p": (3, 5, 5, 5), "s_m": (0, 0, 4, 5), "s_p*s_m": (0, 0, 2, 2)}


def hessians(every: ModuleType) -> None:
    """Components 1, s and products: the small matrices in full."""
    for family, m, k in NETWORKS:
        blocks, full = random_network(every, family, m, k), dense(family, m, k)
        sizes = [k - m, m][: len(blocks)]
        for component, types, tensors in components_of(every, blocks, m):
            K, G = every.form_of_component(blocks, m, component)
            numbers = [[{name: number(x) for name, x in v.items()} for v in t] for t in tensors]
            U, mean = vectors(sizes, types, numbers, arb(1)), mean_square(sizes, types, arb(1))
            assert len(K) == len(G) == len(U) == COPIES[component[0]][min(m, 3)]
            for a, u in enumerate(U):
                for b, z in enumerate(U):
                    assert_near(K[a][b][0], full.form(u, z) / mean)
                    assert_near(G[a][b][0], sum(map(mul, u, z), start=arb(0)) / mean)


X_ENTRIES = {(0, 1): 1, (1, 2): -1, (2, 3): 1, (0, 3): -1}
Y_ENTRIES = {(0, 1): 1, (1, 2): 1, (0, 2): -1}


def other_components(every: ModuleType) -> None:
    """x, y and what is off the span, names, dimensions, and the inner Hessians."""
    for family, m, k in NETWORKS:
        blocks, full, p = random_network(every, family, m, k), dense(family, m, k), k - m
        found = list(every.span_forms(blocks))
        dimensions = {name: number(d) for name, d, *_ in found}
        names = ["t", "s_p", *(["s_m", "s_p*s_m"] if m > 1 else []), "x_p", "y_p"]
        names += [name for name, least in (("x_m", 4), ("y_m", 3)) if m >= least]
        assert [name for name, *_ in found] == names
        for name, expected in {
            "t": 1, "s_p": p - 1, "s_m": m - 1, "s_p*s_m": (p - 1) * (m - 1),
            "x_p": p * (p - 3) // 2, "y_p": (p - 1) * (p - 2) // 2,
            "x_m": m * (m - 3) // 2, "y_m": (m - 1) * (m - 2) // 2,
        }.items():  # fmt: skip
            assert_near(dimensions.get(name, arb(expected)), arb(expected))
        for name, _, K, G in found:
            if name[0] in "xy":
                start, sign = (0 if name[2] == "p" else p), (1 if name[0] == "x" else -1)
                U = [[arb(0)] * k for _ in range(k)]
                for (i, j), x in (X_ENTRIES if sign == 1 else Y_ENTRIES).items():
                    U[start + i][start + j], U[start + j][start + i] = arb(x), arb(sign * x)
                u = [x for row in U for x in row]
                assert_near(K[0][0][0], full.form(u, u) / sum(map(mul, u, u), start=arb(0)))
                assert_near(G[0][0][0], arb(1))
        further = list(every.further_forms(blocks))
        assert {name for name, *_ in further} == {"off_span"}
        sizes = [1, p - 1, *([m - 1] if m > 1 else [])]
        assert [float(number(d)) for _, d, *_ in further] == pytest.approx(sizes)
        ones = [[1 / arb(k)] * p + [arb(0)] * m, [arb(0)] * p + [arb(1)] * m][: len(blocks)]
        apart = [arb(1), arb(-1), *[arb(0)] * (k - 2)]
        for U, (_, _, K, G) in zip((ones, [apart], [apart[::-1]]), further, strict=False):
            square = arb(1) if U is ones else arb(2)
            for a, u in enumerate(U):
                for b, z in enumerate(U):
                    assert_near(K[a][b][0], full.form(u, z) / square)
                    assert_near(G[a][b][0], sum(map(mul, u, z), start=arb(0)) / square)
        for block, i in zip(blocks, (0, k - 1), strict=False):
            u = [arb(0), arb(1), arb(-1), *[arb(0)] * (k - 3)]
            form = (arb_mat([u]) * full.network.inner(i) * arb_mat(k, 1, u))[0, 0]
            assert_near(number(every.inner(block, blocks[0])), form * arb.pi())


@cache
def critical(family: str, m: int, k: int) -> dict[str, Any]:
    """A critical point, from h = 1/20 on; by the module itself, whose residual is compared."""
    near, h = STARTS[family], arb(k).rsqrt()
    for j in range(6):
        near = unknowns_at(family, m, arb(0.05) + (h - arb(0.05)) * j / 5, near)
    return near


@cache
def loss_and_norms(family: str, m: int, k: int) -> tuple[Any, Any]:
    """At the critical point, by the dense network."""
    a, b, c, d, f, g = coordinates(family, m, k, critical(family, m, k))
    own, rest = ([a, d], [[b, c], [f, g]]) if m else ([a], [[b]])
    network = check.Symmetric([k - m, m][: len(own)], (own, rest))
    norms = (size * network.norm(P) for P, size in enumerate([k - m, m][: len(own)]))
    return network.loss(), sum(norms, start=arb(0))


def losses(every: ModuleType) -> None:
    """The loss and the sum of norms, at critical points."""
    for family, m, k in [("II", 1, 9), ("II", 3, 12), ("I", 1, 9), ("I", 3, 12), ("A", 0, 8)]:
        blocks = structured(every, family, m, k, critical(family, m, k))
        expected, norms = loss_and_norms(family, m, k)
        X, Y = every.loss(blocks)
        assert_near((number(X) * arb.pi() / 2 + number(Y)) / (4 * arb.pi()), expected, 1e-22)
        assert min(X.pure().order, Y.pure().order) == (2 if family == "II" else 0)
        header = every.Header(header_of(family, m))
        scaled = every.series_of_quantities(header, blocks)["loss"][0]
        assert_near(scaled, expected * k / m if family == "II" else expected, 1e-20)
        if (family, m) == ("II", 1):
            X, Y = every.norm_gap(blocks)
            assert_near(number(X) * arb.pi() / 2 + number(Y), k - norms, 1e-22)
            assert min(X.pure().order, Y.pure().order) == 4


FORMULA_COMPARISONS: list[Callable[[ModuleType], None]] = [
    arithmetic,
    roots_and_inverses,
    places,
    tails,
    angles,
    networks,
    gradients,
    hessians,
    other_components,
    losses,
]
