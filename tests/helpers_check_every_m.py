"""The checker for every m, against dense networks, the checker of one m, and its own lines.

Each comparison takes the checker's module, so that a copy with a mistake in it can be tried, too:
see `mutations`. Unknowns are random and no critical points, but where a formula holds at these
alone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import pairwise
from operator import mul
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from flint import arb, arb_mat, arb_series, ctx, fmpq

from helpers_check_every_k import (
    assert_near,
    assert_refused,
    assert_same,
    dense,
    mean_square,
    profile,
    random_unknowns,
    whole_power,
)
from helpers_check_every_k_lines import STARTS, blocks_at, unknowns_at
from relu_landscape.certificates import check_every_k
from relu_landscape.every_k import EveryMCertificate, certify_families_for_all_m, every_m_lines

NETWORKS = [("II", 4, 9), ("II", 3, 8), ("I", 4, 10)]
NAMES = "ABCDFG"


# --- Functions of r and s -----------------------------------------------------------------------


def variable(ray: Any, which: int) -> Any:
    """r or s along a ray."""
    (low, high), slope = ray.ends[which], ray.along[which]
    assert low.overlaps(high)
    return arb_series([low, slope][: ray.length], ray.length)


def value(x: Any) -> Any:
    """A quantity as a series at r, s > 0."""
    r, s = variable(x.at, 0), variable(x.at, 1)
    total = arb_series([0], x.at.length)
    for (i, j), c in x.exact.items():
        total = total + whole_power(r, i) * whole_power(s, j) * arb(c)
    if x.order is None:
        return total
    return total + x.rest * whole_power(r, x.order[0]) * whole_power(s, x.order[1])


def some_quantities(every: ModuleType, at: Any, seed: int) -> list[Any]:
    """Quantities with and without exact parts and rests."""
    rng = random.Random(seed)

    def exact(*degrees: Any) -> dict[Any, Any]:
        return {x: fmpq(rng.choice([-7, -2, 3, 5]), rng.randint(1, 5)) for x in degrees}

    def rest() -> Any:
        return arb_series([arb(rng.uniform(0.5, 2)) for _ in range(at.length)], at.length)

    return [
        every.LaurentSum(at, exact((-2, -2), (0, -2), (1, 3)), (1, 0), rest()),
        every.LaurentSum(at, {}, (2, -4), rest()),
        every.LaurentSum(at, {(0, 0): fmpq(1)}, (2, 2), rest()),
        every.LaurentSum(at, {(2, 0): fmpq(4), (4, 0): fmpq(-1)}, (4, 2), rest()),
        every.LaurentSum(at, exact((1, 1))),
        every.LaurentSum(at, exact((0, 2), (2, 2))),
    ]


def some_rays(every: ModuleType) -> list[Any]:
    r, s = arb(fmpq(3, 10)), arb(fmpq(2, 5))
    return [
        every.Ray((r, r), (s, s), (arb(a), arb(b)), n)
        for a, b, n in ((1, 2, 3), (0, 1, 2), (0, 0, 1))
    ]  # fmt: skip


def arithmetic(every: ModuleType) -> None:
    """Sums, products, quotients, roots; their exact parts and orders."""
    for at in some_rays(every):
        for seed in range(2):
            quantities = some_quantities(every, at, seed)
            for x in quantities:
                low = x.lowest()
                assert_same(value(-x), -value(x))
                assert_same(value(x + 2), value(x) + 2)
                assert_same(value(2 - x), 2 - value(x))
                assert_same(value(x - 2), value(x) - 2)
                assert_same(value(x * 3), value(x) * 3)
                assert_same(value(x.pure()), value(x))
                assert x.pure().order == low
                assert not x.pure().exact
                r, s = variable(at, 0), variable(at, 1)
                for i, j in ((0, 0), (1, 0), (0, 2)):
                    moved = whole_power(r, i - low[0]) * whole_power(s, j - low[1])
                    assert_same(x.over((low[0] - i, low[1] - j)), value(x) * moved)
                for i, j in ((1, 0), (0, 1)):
                    assert_refused(every, "bounded", x.over, (low[0] + i, low[1] + j))
                assert (x - x).exact == {}
                for y in quantities:
                    assert_same(value(x + y), value(x) + value(y))
                    assert_same(value(x - y), value(x) - value(y))
                    assert_same(value(x * y), value(x) * value(y))
                    product = (x * y).lowest()
                    assert product == tuple(map(sum, zip(low, y.lowest(), strict=True)))
            for x in quantities[1:5]:
                assert_same(value(x.inverse()), 1 / value(x))
                assert_same(value(quantities[0] / x), value(quantities[0]) / value(x))
            for x in quantities[1:4]:
                assert_same(value(x.sqrt()), value(x).sqrt())
                assert x.sqrt().lowest() == tuple(i // 2 for i in x.lowest())
            exact = 2 * variable(at, 0) * variable(at, 1)
            assert_same(value(at.term((2, 2), 4).sqrt()), exact)
            mixed = at.term((2, 0)) + at.term((0, 2))
            assert_refused(every, "divides the others", mixed.inverse)
            for degrees in ((1, 2), (2, 1)):
                assert_refused(every, "vanish|square", at.unknown(degrees, quantities[1].rest).sqrt)
                assert_refused(every, "square", at.term(degrees).sqrt)
            for c in (2, -1, fmpq(1, 4)):
                assert_refused(every, "square", at.term((2, 2), c).sqrt)
            nothing = arb_series([arb(0, 1)], at.length)
            nearly = arb_series([arb(0.5, 0.6)], at.length)
            assert_refused(every, "vanish", at.unknown((2, 2), nearly).sqrt)
            assert_refused(every, "vanish", at.unknown((2, 2), nothing).sqrt)
            assert_refused(every, "vanish", at.term(0, 0).sqrt)
            assert_refused(every, "vanish", at.unknown((2, 2), nothing).inverse)
            assert_refused(every, "vanish", (1 + at.unknown(0, nothing * 2)).pure().inverse)
            assert_refused(every, "short", at.unknown(0, arb_series([1], 5)).over, 0)
            assert at.term(0, 0).is_zero()
            assert not quantities[1].is_zero()
            assert not quantities[4].is_zero()
            assert_same(at.term(0, 0).over((5, 5)), arb_series([0], at.length))
            assert (at.term(0, 0) * quantities[0]).is_zero()
            x = at.term((2, 0)) - at.term((2, 0))
            assert x.is_zero()
            assert_same(at.term(2, 3).over((1, 2)), 3 * variable(at, 0))
    wide = every.Ray((arb(0), arb("0.5")), (arb("0.1"), arb("0.2")), (arb(0, "0.25"), arb(0)), 3)
    found = wide.power((2, 1))
    assert all(found[0].contains(x * y) for x in (arb(0), arb("0.2")) for y in (arb("0.15"),))
    assert float(found[0].lower()) > -0.02
    assert float(found[1].upper()) == pytest.approx(2 * 0.5 * 0.25 * 0.2, rel=1e-2)
    assert float(found[2].upper()) == pytest.approx(0.0625 * 0.2, rel=1e-2)


def duals(every: ModuleType) -> None:
    """Derivatives by the unknowns are those of series in them."""
    for family, m, k in NETWORKS[1:]:
        x = {name: y / 2 for name, y in random_unknowns(family, m).items()}
        ray = point(every, m, k)
        given = {
            name: every.Dual(arb_series([y], 1), {i: arb_series([1], 1)})
            for i, (name, y) in enumerate((name, x[name]) for name in NAMES)
        }
        found = every.residual(every.network(ray, family, given), family)
        for i, along in enumerate(NAMES):
            still = every.Ray(*ray.ends, (arb(0), arb(0)), 2)
            series = {name: arb_series([y, int(name == along)], 2) for name, y in x.items()}
            expected = every.residual(every.network(still, family, series), family)
            for one, other in zip(found, expected, strict=True):
                assert_near(one[0], other[0])
                assert_near(every.slope(one, i)[0], other[1])
    one, two = (every.Dual(arb_series([a, b], 2), {i: arb_series([1], 2)}) for i, (a, b) in
                enumerate(((arb(2), arb(1)), (arb(3), arb(5)))))  # fmt: skip
    assert every.slope(one, 1)[0] == 0
    assert (one - two)[0] == -1
    assert (one - 1).value[0] == 1
    assert_same((one / two).slopes[1], -one.value / (two.value * two.value))
    assert_same((one / two).slopes[0], 1 / two.value)
    assert_same((1 / one).slopes[0], -1 / (one.value * one.value))
    assert_same((one / 4).slopes[0], arb_series([0.25], 2))
    assert_same((one * two + one).slopes[0], two.value + 1)
    assert_same((one - two).slopes[1], arb_series([-1], 2))


# --- Networks -----------------------------------------------------------------------------------


def point(every: ModuleType, m: int, k: int) -> Any:
    """r and s of one network."""
    r, s = (arb(m) / k).sqrt(), arb(m).rsqrt()
    return every.Ray((r, r), (s, s), (arb(0), arb(0)), 1)


def number(x: Any) -> Any:
    """A quantity at a point."""
    return value(x)[0]


def random_network(every: ModuleType, family: str, m: int, k: int) -> list[Any]:
    """The blocks at the unknowns of `dense`."""
    series = {name: arb_series([y], 1) for name, y in random_unknowns(family, m).items()}
    return every.network(point(every, m, k), family, series)


def residuals(every: ModuleType) -> None:
    """2 pi times the gradient, in the combinations of Lemma 16."""
    for family, m, k in NETWORKS:
        found = every.residual(random_network(every, family, m, k), family)
        full, p, e, t = dense(family, m, k), k - m, 1 / arb(k), arb(m) / k
        E1, E2, E3 = (2 * arb.pi() * full.gradient[0][j] for j in (0, 1, p))
        E4, E5, E6 = (2 * arb.pi() * full.gradient[p][j] for j in (0, p, p + 1))
        third = E3 if family == "II" else E3 / t
        expected = [
            E1 / t, E2 / t, third, (E4 - E2) / e, (E5 - E3 + E1 - E2) / e, (E6 - E3) / e
        ]  # fmt: skip
        for x, y in zip(found, expected, strict=True):
            assert_near(x[0], y)


def full_vector(sizes: list[int], types: Any, given: Any, at: Any, every: ModuleType) -> list[Any]:
    """A vector of a component in full."""
    k, starts = sum(sizes), [0, sizes[0]]
    v = [profile(n, trivial) for n, trivial in zip(sizes, types, strict=True)]
    U = [[arb(0)] * k for _ in range(k)]
    for P, n in enumerate(sizes):
        for name, term in given[P].items():
            scale = number(every.multiple(at, term))
            for i in range(n):
                start = starts[1 - P if name == "cross" else P]
                columns = {
                    "own": {i: v[P][i]},
                    "row": dict.fromkeys(range(n), v[P][i]),
                    "column": dict(enumerate(v[P])),
                    "cross": {j: v[P][i] * z for j, z in enumerate(v[1 - P])},
                }[name]
                for j, x in columns.items():
                    U[starts[P] + i][start + j] += x * scale
    return [x for row in U for x in row]


def hessians(every: ModuleType) -> None:
    """The small matrices, their names and dimensions, and their vectors in full."""
    for family, m, k in NETWORKS:
        blocks, full, p = random_network(every, family, m, k), dense(family, m, k), k - m
        at = blocks[0].n.at
        found = {name: (d, K, G) for name, d, K, G in every.span_forms(blocks)}
        for name, types, given in every.COMPONENTS:
            _, K, G = found[name]
            U = [full_vector([p, m], types, x, at, every) for x in given]
            assert np.linalg.matrix_rank([[float(y) for y in u] for u in U]) == len(U) == len(K)
            mean = mean_square([p, m], types, arb(1))
            for a, u in enumerate(U):
                for b, z in enumerate(U):
                    assert_near(K[a][b][0], full.form(u, z) / mean)
                    assert_near(G[a][b][0], sum(map(mul, u, z), start=arb(0)) / mean)
        dimensions = {
            "t": 1, "s_p": p - 1, "s_m": m - 1, "s_p*s_m": (p - 1) * (m - 1),
            "x_p": p * (p - 3) // 2, "y_p": (p - 1) * (p - 2) // 2,
            "x_m": m * (m - 3) // 2, "y_m": (m - 1) * (m - 2) // 2,
        }  # fmt: skip
        assert found.keys() == dimensions.keys()
        for name, expected in dimensions.items():
            assert_near(number(found[name][0]), arb(expected))
        assert sum(len(found[x][1]) * d for x, d in dimensions.items()) == k * k
        other = {name: (d, K, G) for name, d, K, G in check_every_k.span_forms(
            check_every_k.network(
                check_every_k.Place(1 / arb(k).sqrt(), 1 / arb(k).sqrt(), 1, False), family, m,
                {x: arb_series([y], 1) for x, y in random_unknowns(family, m).items()},
            )
        )}  # fmt: skip
        for name in ("x_p", "y_p", "y_m", *(["x_m"] if m > 3 else [])):
            for j in (1, 2):
                assert_near(found[name][j][0][0][0], other[name][j][0][0][0])
        _further(every, blocks, full)


def _further(every: ModuleType, blocks: list[Any], full: Any) -> None:
    k, p, m = full.k, full.p, full.m
    further = list(every.further_forms(blocks))
    assert [name for name, *_ in further] == ["off_span"] * 3
    for (_, d, *_), size in zip(further, (1, p - 1, m - 1), strict=True):
        assert_near(number(d), arb(size))
    e, s, t = 1 / arb(k), arb(m).rsqrt(), arb(m) / k
    ones = [[e] * p + [arb(0)] * m, [-e / s] * p + [(1 - t) * s] * m]
    apart = [arb(1), arb(-1), *[arb(0)] * (k - 2)]
    for U, (_, _, K, G) in zip((ones, [apart], [apart[::-1]]), further, strict=True):
        square = arb(1) if U is ones else arb(2)
        for a, u in enumerate(U):
            for b, z in enumerate(U):
                assert_near(K[a][b][0], full.form(u, z) / square)
                assert_near(G[a][b][0], sum(map(mul, u, z), start=arb(0)) / square)


@cache
def critical(family: str, m: int, k: int) -> dict[str, Any]:
    """The critical point."""
    before, ctx.prec = ctx.prec, 128
    try:
        return unknowns_at(family, m, arb(k).rsqrt(), STARTS[family])
    finally:
        ctx.prec = before


def splits_and_losses(every: ModuleType) -> None:
    """At critical points they are those of the checker for one m."""
    for family, m, k in (("II", 3, 300), ("I", 5, 200)):
        x, h = critical(family, m, k), arb(k).rsqrt()
        header = {
            "statement": "family_for_every_k", "family": family, "special_rows": m, "bits": 128,
            "least_k": str(k), "unknowns": list(NAMES), "loss_power": int(family == "II"),
        }  # fmt: skip
        expected = check_every_k.series_of_quantities(
            check_every_k.Header(header), blocks_at(family, m, h, x)
        )
        series = {name: arb_series([y], 1) for name, y in x.items()}
        found = every.quantities(family, every.network(point(every, m, k), family, series))
        assert found.keys() == expected.keys()
        for name, y in expected.items():
            moved = arb(m).rsqrt() if (family, name) == ("II", "w") else 1
            assert_near(found[name][0], y[0] * moved, 1e-20)


def limits(every: ModuleType) -> None:
    """All that is checked is finite where r = 0 or s = 0, and continuous."""
    for family in ("II", "I"):
        unknowns = random_unknowns(family, 3)
        series = {name: arb_series([y], 1) for name, y in unknowns.items()}
        results = []
        for small in (arb(0), arb("1e-12")):
            for r, s in ((small, arb("0.3")), (arb("0.3"), small), (small, small)):
                ray = every.Ray((r, r), (s, s), (arb(0), arb(0)), 1)
                blocks = every.network(ray, family, series)
                forms = [*every.span_forms(blocks), *every.further_forms(blocks)]
                numbers = [x[0] for *_, K, G in forms for M in (K, G) for row in M for x in row]
                numbers += [x[0] for x in every.residual(blocks, family)]
                numbers += [x[0] for x in every.quantities(family, blocks).values()]
                results.append(numbers)
        for exact, near in zip(results[:3], results[3:], strict=True):
            for x, y in zip(exact, near, strict=True):
                assert_near(x, y, 1e-9)


# --- Rectangles ---------------------------------------------------------------------------------


@cache
def small_file(family: str = "II", ratio: int = 1000, least_m: int = 3) -> tuple[str, ...]:
    """A certificate of few rectangles."""
    found = certify_families_for_all_m(family, ratio, least_special_rows=least_m)
    assert isinstance(found, EveryMCertificate)
    return tuple(every_m_lines(found))


def rectangle_lines(lines: Any) -> list[int]:
    """The numbers of the lines that state a rectangle."""
    return [i for i, x in enumerate(lines) if json.loads(x)["statement"] == "rectangle"]


def changed(lines: Any, number: int, path: tuple[Any, ...], new: Any) -> list[str]:
    """The lines with one other value."""
    data = json.loads(lines[number])
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = new
    return [*lines[:number], json.dumps(data), *lines[number + 1 :]]


def proves(every: ModuleType, lines: Any) -> bool:
    """Whether the checker accepts a file."""
    try:
        return "a spurious strict minimum" in list(every.checked(lines))[-1]
    except every.Refused:
        return False


def enclosures(every: ModuleType) -> None:
    """Lemma 19: functions of r and s are enclosed, closely."""

    def function(r: Any, s: Any) -> Any:
        return (1 + 2 * r - 3 * s + r * s * 5 + r * r * 7 - s * s * 2 + r * r * s).exp()

    lines = small_file()
    header = every.TreeHeader(json.loads(lines[0]))
    for number in rectangle_lines(lines):
        rectangle = every.RectangleLine(json.loads(lines[number]), header)
        cell = every.Cell(rectangle, rectangle.sides)
        (r0, r1), (s0, s1) = rectangle.sides
        if rectangle.m:
            s0 = s1 = Fraction(float(every.height(rectangle.m)))
        for order in (1, 2, 3):
            found = []
            for ray in cell.rays(order):
                r, s = (
                    arb_series([low.union(high), slope][: ray.length], ray.length)
                    for (low, high), slope in zip(ray.ends, ray.along, strict=True)
                )
                found.append(function(r, s))
            whole, values = cell.enclosed(order, found), []
            for i in range(5):
                for j in range(5):
                    x, y = (low + (high - low) * Fraction(n, 4)
                            for (low, high), n in (((r0, r1), i), ((s0, s1), j)))  # fmt: skip
                    one = function(*(arb_series([every.ball(z)], 1) for z in (x, y)))[0]
                    values.append(one)
                    assert whole.overlaps(one)
            true = max(values, key=float) - min(values, key=float)
            assert float(whole.rad()) < (1.2 if order == 3 else 4.0) * float(true)
        left, right = cell.center()
        for x, y, name in zip((left, right), cell.ends(), "rs", strict=True):
            assert x.overlaps((y[0] + y[1]) / 2), name


def expansions(every: ModuleType) -> None:
    """Coefficients from the middle of a rectangle are derivatives there."""

    def function(r: Any, s: Any) -> Any:
        return 1 + 2 * r - 3 * s + 5 * r * s + 7 * r * r - 2 * s * s

    lines = small_file()
    header = every.TreeHeader(json.loads(lines[0]))
    for number in rectangle_lines(lines):
        rectangle = every.RectangleLine(json.loads(lines[number]), header)
        cell = every.Cell(rectangle, rectangle.sides)
        r, s = cell.center()
        along_r = [function(r, s), 2 + 5 * s + 14 * r, arb(7)]
        along_s = [-3 + 5 * r - 4 * s, arb(-2), arb(5)]
        for order in (1, 2, 3):
            known = along_r[:order]
            if rectangle.m is None:
                known += along_s[: {1: 0, 2: 1, 3: 3}[order]]
            found = [
                function(
                    *(
                        arb_series([low.union(high), slope][: ray.length], ray.length)
                        for (low, high), slope in zip(ray.ends, ray.along, strict=True)
                    )
                )
                for ray in cell.rays(order)
            ]
            terms = cell.coefficients(order, found)
            assert len(terms) == len(known) + 1 == len(cell.monomials(order))
            for one, other in zip(terms[:-1], known, strict=True):
                assert_near(one, other, 1e-20)
            x, y = ((high - low) / 2 for low, high in rectangle.sides)
            ranges = [(1, 1), (-x, x), (0, x**2), (-(x**3), x**3)]
            if rectangle.m is None:
                ranges = (
                    ranges[:order] + [(-y, y), (0, y**2), (-x * y, x * y)][: len(known) - order]
                )
                ranges.append((1, 1))
            for monomial, ends in zip(cell.monomials(order), ranges, strict=False):
                for one, other in zip((monomial.lower(), monomial.upper()), ends, strict=True):
                    assert float(one) == pytest.approx(float(other), rel=1e-6, abs=1e-9)


def definiteness(every: ModuleType) -> None:
    """Lemma 9 for sums of matrices."""
    unit, across = arb_mat([[2, 0], [0, 3]]), arb_mat([[0, 1], [1, 0]])
    for reach, holds in ((1.9, True), (2.6, False)):
        given = [unit, across], [arb(1), arb(0, reach)]
        if holds:
            every.require_positive(*given, "no")
        else:
            assert_refused(every, "no", every.require_positive, *given, "no")
    assert_refused(every, "no", every.require_positive, [-unit], [arb(1)], "no")
    assert_refused(every, "no", every.require_positive, [unit, -2 * unit], [arb(1), arb(1)], "no")


def coverage(every: ModuleType) -> None:
    """Halves, lines, and what is left when a line is missing, doubled, or moved."""
    sides = (Fraction(0), Fraction(1, 2)), (Fraction(1, 4), Fraction(1))
    low, high = every.halves(sides, 0)
    assert low == ((Fraction(0), Fraction(1, 4)), sides[1])
    assert high == ((Fraction(1, 4), Fraction(1, 2)), sides[1])
    low, high = every.halves(sides, 1)
    assert low == (sides[0], (Fraction(1, 4), Fraction(5, 8)))
    assert high == (sides[0], (Fraction(5, 8), Fraction(1)))
    for s, expected in {
        (Fraction(0), Fraction(1)): (3, None),
        (Fraction(0), Fraction(1, 2)): (4, None),
        (Fraction(1, 2), Fraction(1)): (3, 4),
        (Fraction(26, 50), Fraction(1)): (3, 3),
        (Fraction(1, 4), Fraction(49, 100)): (5, 16),
        (Fraction(46, 100), Fraction(49, 100)): (5, 4),
    }.items():
        assert every.lines_meeting(s) == expected
    assert_near(every.height(4), arb(0.5))
    assert_refused(every, "from 0 to 1", every.sides_of, {"r": ["0", "1.5"], "s": ["0", "1"]})
    header = every.TreeHeader(json.loads(small_file()[0]))
    for r, s, what in (
        (("0", "0.032"), ("0", "0.578"), ""),
        (("0.001", "0.032"), ("0", "0.578"), "begin at r = s = 0"),
        (("0", "0.032"), ("0.001", "0.578"), "begin at r = s = 0"),
        (("0.001", "0.032"), ("0.001", "0.578"), "begin at r = s = 0"),
        (("0", "0.0316"), ("0", "0.578"), "reach least_ratio"),
        (("0", "0.032"), ("0", "0.577"), "reach least_special_rows"),
    ):
        tree = every.Tree(header)
        line = {"statement": "halving", "r": list(r), "s": list(s), "along": "r"}
        if what:
            assert_refused(every, what, tree.take, line)
        else:
            tree.take(line)


def trees(every: ModuleType) -> None:
    """A tree with a gap, with a line twice, or of other sides is refused, whatever it states."""
    lines = small_file()
    assert {"halving", "rectangle"} <= {json.loads(x)["statement"] for x in lines}
    first = json.loads(lines[1])
    no_line = json.dumps({"statement": "no_line", "r": first["r"], "s": first["s"]})
    wider = [*first["r"][:1], "0.9"]
    wrong = [
        lines[:-1],
        [*lines, lines[-1]],
        [lines[0], *lines[2:]],
        [*lines[:2], lines[3], lines[2], *lines[4:]],
        lines[:1],
        [],
        [lines[0], no_line],
        [lines[0], json.dumps({"statement": "rectangles"})],
        [lines[0], json.dumps({"statement": "halving", "along": "r"})],
        [lines[0], "[]"],
        [lines[0], "{}"],
        [lines[0], '["statement"]'],
        *(
            [lines[0], json.dumps({"statement": "rectangle"} | sides)]
            for sides in ({}, {"r": first["r"]}, {"s": first["s"]})
        ),
        changed(lines, 0, ("least_ratio",), "999"),
        changed(lines, 0, ("least_special_rows",), 2),
        changed(lines, 0, ("least_ratio",), "1"),
        changed(lines, 0, ("least_ratio",), "2"),
        changed(lines, 0, ("family",), "A"),
        changed(lines, 0, ("loss_power",), 0),
        changed(lines, 1, ("along",), "r" if first["along"] == "s" else "s"),
        changed(lines, 1, ("along",), "m"),
        changed(lines, 1, ("further",), "1"),
        changed(lines, 1, ("r",), wider),
        changed(lines, 1, ("s",), ["0.001", first["s"][1]]),
        changed(lines, 1, ("r",), ["0.001", first["r"][1]]),
        changed(lines, 1, ("s",), [first["s"][0], "0.5"]),
    ]
    last = rectangle_lines(lines)[-1]
    for path, values in {
        ("special_rows",): [4, True, "3", 3.0],
        ("s", 1): ["0.57"],
        ("radius", "A"): ["0", "-1", "1"],
        ("uniqueness", "F"): ["1e-30"],
        ("eigenvalue_lower", "t"): ["0", "-1"],
        ("eigenvalue_lower", "z"): ["1"],
        ("inner_upper", "s"): ["0"],
        ("loss", 0): ["0"],
        ("predictor", "G"): [["1"] * 5],
        ("further",): ["1"],
        ("statement",): ["no_line"],
    }.items():
        wrong += [changed(lines, last, path, value) for value in values]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(every, "check_rectangle", lambda _: None)
        assert proves(every, lines)
        for doctored in wrong:
            assert not proves(every, doctored), doctored


# Between m = 4 and m = 5.
NO_LINE = {"statement": "no_line", "r": ["0", "0.5"], "s": ["0.46", "0.49"]}


def lowest_bounds(every: ModuleType) -> None:
    """The lowest of all rectangles are said at the end."""
    lower = [{"t": Fraction(3)}, {"t": Fraction(2), "s_p": Fraction(7)}, {"t": Fraction(5)}]
    tree = SimpleNamespace(waiting=[], proved=[SimpleNamespace(lower=x) for x in lower])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(every, "Tree", lambda _: tree)
        said = list(every.checked(small_file()[:1]))
    assert said[-1].endswith("eigenvalues >= t 2, s_p 7")


def lines_without_rows(every: ModuleType) -> None:
    """What no line meets may be left out, and nothing else."""
    header = {
        "statement": "families_for_every_m", "family": "II", "least_special_rows": 3, "bits": 96,
        "least_ratio": "1000", "unknowns": list(NAMES), "loss_power": 1,
    }  # fmt: skip
    for s in (["0.46", "0.49"], ["0.44", "0.49"]):
        tree = every.Tree(every.TreeHeader(header))
        sides = every.sides_of({"r": ["0", "0.5"], "s": s})
        tree.waiting = [sides]
        line = NO_LINE | {"s": s}
        if s[0] == "0.46":
            assert "no m" in tree.take(line)
            assert tree.waiting == []
        else:
            assert_refused(every, "meets", tree.take, line)


def cells_checked(every: ModuleType, sides: Any, longest: Fraction) -> list[Any]:
    """The cells of a rectangle that are tried if all that are longer than that are refused."""
    tried = []

    class Cell:
        def __init__(self, _: Any, sides: Any) -> None:
            self.sides = sides

        def reach(self) -> list[Any]:
            return [high - low for low, high in self.sides]

        def check(self) -> None:
            tried.append(self.sides)
            every.require(max(self.reach()) <= longest, "too long")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(every, "Cell", Cell)
        patch.setattr(every, "MOST_HALVINGS", 2)
        every.check_rectangle(SimpleNamespace(sides=sides))
    return tried


def halvings(every: ModuleType) -> None:
    """What is refused is shown on halves of its longer side, twice at most, or not at all."""
    low, high = (Fraction(0), Fraction(1, 4)), (Fraction(1, 4), Fraction(1, 2))
    whole = low[0], high[1]
    assert cells_checked(every, (whole, whole), Fraction(1, 4)) == [
        (whole, whole), (low, whole), (low, low), (low, high), (high, whole), (high, low),
        (high, high),
    ]  # fmt: skip
    assert cells_checked(every, (low, whole), Fraction(1, 4))[1:] == [(low, low), (low, high)]
    assert_refused(every, "too long", cells_checked, every, (whole, whole), Fraction(1, 8))
    between = Fraction(51, 100), Fraction(57, 100)  # no m
    assert cells_checked(every, (whole, between), Fraction(0)) == []
    either = Fraction(51, 100), Fraction(59, 100)  # m = 3 in its upper half alone
    upper = (either[0] + either[1]) / 2, either[1]
    tried = cells_checked(every, ((low[0], Fraction(1, 100)), either), Fraction(1, 25))
    assert tried[1:] == [((low[0], Fraction(1, 100)), upper)]


def statements(every: ModuleType) -> None:
    """A rectangle holds as it is, on its halves, and not if it says too much."""
    assert proves(every, small_file("I", least_m=30))
    lines = small_file(least_m=30)
    (only,) = rectangle_lines(lines)
    assert proves(every, lines)
    data = json.loads(lines[only])
    wrong: list[tuple[tuple[Any, ...], str]] = [
        *((("eigenvalue_lower", x), str(1.15 * float(y)))
          for x, y in data["eigenvalue_lower"].items()),
        *((("inner_upper", x), str(1.1 * float(y))) for x, y in data["inner_upper"].items()),
        (("loss", 0), data["loss"][1]), (("loss", 1), data["loss"][0]),
        (("radius", "C"), "1e-12"), (("predictor", "D", 0), "5"),
        (("uniqueness", "A"), "1"), (("uniqueness", "F"), "1"),
    ]  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(every, "MOST_HALVINGS", 0)
        for path, x in wrong:
            assert not proves(every, changed(lines, only, path, x)), path


def other_sheet(every: ModuleType) -> None:
    """Lemma 20: neighbours whose critical points are not shown to be the same are refused."""
    lines = small_file("II", 100, 100)
    header = every.TreeHeader(json.loads(lines[0]))
    found = [every.RectangleLine(json.loads(lines[i]), header) for i in rectangle_lines(lines)]
    joined = [(x, y) for x in found for y in found if x.sides[0][1] == y.sides[0][0]]
    assert joined
    for left, right in joined:
        every.require_one_surface(left, right)
        apart = max(map(float, (*left.uniqueness, *right.uniqueness)))
        for i in range(6):
            for j, size in ((0, 3 * apart), (0, -3 * apart), (2, 400 * apart), (4, 1e5 * apart)):
                kept = right.predictor[i][j]
                right.predictor[i][j] = kept + Fraction(size)
                overlap = (
                    left.sides[1][0] < right.sides[1][1] and right.sides[1][0] < left.sides[1][1]
                )
                if overlap:
                    assert_refused(every, "continue", every.require_one_surface, left, right)
                right.predictor[i][j] = kept


def beside(r: Any, s: Any, radius: float, uniqueness: float, predicted: Any) -> Any:
    """What Lemma 20 reads of a rectangle with two unknowns, the first one 0 everywhere."""

    def both(x: Any, y: Any) -> list[Any]:
        return [0 * x * y, predicted(x, y)]

    return SimpleNamespace(
        sides=tuple(tuple(map(Fraction, side)) for side in (r, s)),
        radius=[Fraction("1e-9"), Fraction(radius)],
        uniqueness=[Fraction(1), Fraction(uniqueness)],
        predicted=both,
    )


EDGES: list[tuple[Any, Any, Callable[[Any, Any], Any], float]] = [
    # s of the left one and of the right one, what their predictors differ by, its largest size
    (("0", "0.5"), ("0.25", "1"), lambda _, s: s, 0.5),
    (("0.25", "1"), ("0", "0.5"), lambda _, s: 1 - s, 0.75),
    (("0.1", "1"), ("0.25", "0.5"), lambda _, s: s, 0.5),
    (("0.25", "0.5"), ("0.1", "1"), lambda _, s: s - 1, 0.75),
    (("0", "0.2"), ("0", "1"), lambda _, s: s + 1, 1.2),
    (("0.49", "1"), ("0", "0.55"), lambda _, s: s, 0.5),
    (("0.49", "1"), ("0", "0.55"), lambda _, s: (s - 0.4) * (s - 0.4), 0.01),
    (("0.25", "0.5"), ("0", "1"), lambda _, s: 0.1 + (s - 0.375) * (s - 0.375), 0.115625),
    (("0.25", "0.5"), ("0", "1"), lambda _, s: 0.1 - (s - 0.375) * (s - 0.375), 0.1),
    (("0.25", "0.5"), ("0", "1"), lambda r, s: 2 * r + s * 0, 0.5),
    (("0", "0.2"), ("0.3", "1"), lambda _, s: s, 0.0),
    (("0.51", "0.57"), ("0.1", "1"), lambda _, s: s, 0.0),
]


def edges(every: ModuleType) -> None:
    """Lemma 20: how near two neighbours must be on the lines that meet both."""
    r = ("0.125", "0.25"), ("0.25", "0.5")
    for s, other_s, apart, size in EDGES:
        for near, factor in ((0.05, 1.001), (0.2, 0.999), (0.001, 0.999)):
            far = near + size * factor
            for given in (
                # the left one in the right one, the right one in the left one
                ((near, near, apart), (99.0, far, lambda x, y: 0 * x * y)),
                ((99.0, far, lambda x, y: 0 * x * y), (near, near, apart)),
            ):
                left, right = (
                    beside(*x) for x in zip(r, (s, other_s), *zip(*given, strict=True), strict=True)
                )
                if factor > 1 or size == 0:
                    every.require_one_surface(left, right)
                else:
                    assert_refused(every, "continue", every.require_one_surface, left, right)


def taken(every: ModuleType, order: Any) -> tuple[list[Any], list[Any]]:
    """The rectangles that a tree checks, and the pairs that it compares, left and right."""
    checked: list[Any] = []
    joined: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            every, "RectangleLine", lambda line, _: SimpleNamespace(sides=every.sides_of(line))
        )
        patch.setattr(every, "check_rectangle", lambda x: checked.append(x.sides))
        patch.setattr(every, "require_one_surface", lambda x, y: joined.append((x.sides, y.sides)))
        tree = every.Tree(None)
        tree.waiting = order[::-1]
        for r, s in order:
            line = {"statement": "rectangle", "r": list(map(str, r)), "s": list(map(str, s))}
            tree.take(line)
    return checked, joined


def neighbours(every: ModuleType) -> None:
    """Each rectangle is compared with those before it that share an edge, as left or right one."""
    cuts = [Fraction(i, 4) for i in range(4)]
    sides = [((a, b), (c, d)) for a, b in pairwise(cuts) for c, d in pairwise(cuts[:3])]
    sides += [((cuts[1], cuts[3]), (cuts[0], cuts[1])), ((cuts[0], cuts[1]), (cuts[2], cuts[3]))]
    for order in (sides, sides[::-1], sides[1::2] + sides[::2]):
        checked, joined = taken(every, order)
        assert checked == order
        assert sorted(joined) == sorted((x, y) for x in order for y in order if x[0][1] == y[0][0])


COMPARISONS = [
    arithmetic, duals, residuals, hessians, splits_and_losses, limits, enclosures, definiteness,
    coverage, edges, expansions, halvings, neighbours, other_sheet, trees, lowest_bounds,
    lines_without_rows, statements,
]  # fmt: skip
