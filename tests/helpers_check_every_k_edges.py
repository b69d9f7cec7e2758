"""The statements of the checker for every k, at their edges.

As in `helpers_check_every_k`, each comparison takes the checker's module.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from itertools import pairwise
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from flint import arb, arb_mat, arb_series, ctx, fmpq

from helpers_check_every_k import assert_near, assert_refused
from helpers_check_every_k_lines import (
    STARTS,
    blocks_at,
    certificate,
    predictor_through,
    signed_splits_of,
    smallest_eigenvalues,
    text,
    unknowns_at,
)
from helpers_rounding import floor_of
from relu_landscape.certificates import check_every_k

MARGIN = 3e-3


# --- Linear algebra -----------------------------------------------------------------------------


def ball_matrix(rows: Any) -> Any:
    return arb_mat([[arb(float(x)) for x in row] for row in np.asarray(rows)])


def positive(every: ModuleType) -> None:
    """Positive definite for all s up to the reach, no further."""

    def accepted(*matrices: Any, reach: float = 0.5) -> bool:
        try:
            every.require_positive(list(matrices), arb(reach), "not positive")
        except every.Refused:
            return False
        return True

    rng = np.random.default_rng(5)
    for n in (1, 2, 3, 5):
        zero = ball_matrix(np.zeros((n, n)))
        Q = np.linalg.qr(rng.normal(size=(n, n)))[0]
        for smallest in (1e-6, 0.3, -1e-6, -0.3):
            A = Q @ np.diag([smallest, *rng.uniform(1, 2, n - 1)]) @ Q.T
            A = (A + A.T) / 2
            assert accepted(ball_matrix(A), zero, zero) == (smallest > 0)
        slope = rng.normal(size=(n, n))
        slope += slope.T
        size = float(np.linalg.norm(slope, 2))
        unit = ball_matrix(np.eye(n))
        safe = 1 / (n * size)
        assert accepted(unit, ball_matrix(slope * safe), zero, reach=0.9)
        assert not accepted(unit, ball_matrix(slope / size), zero, reach=1.1)
        assert accepted(unit, zero, ball_matrix(-slope * safe), reach=0.9)
        assert not accepted(unit, zero, ball_matrix(-np.eye(n)), reach=1.01)
        assert accepted(unit, zero, ball_matrix(-np.eye(n)), reach=0.99)
        assert accepted(unit, zero, ball_matrix(9 * np.eye(n)), reach=3)
        assert not accepted(ball_matrix(-np.eye(n)), zero, ball_matrix(99 * np.eye(n)), reach=3)
        assert not accepted(unit, ball_matrix(-np.eye(n)), zero, reach=1.01)
        assert accepted(unit, ball_matrix(-np.eye(n)), zero, reach=0.99)
        assert accepted(unit, ball_matrix(np.eye(n)), zero, reach=0.99)
    for n in (1, 2, 4):
        B = rng.normal(size=(n, n))
        A = B @ B.T + 0.1 * np.eye(n)
        T = np.array(every.inverse_factor(A.tolist()))
        np.testing.assert_allclose(T @ A @ T.T, np.eye(n), rtol=0, atol=1e-9)
        assert not every.inverse_factor((A - 2 * np.eye(n) * np.linalg.norm(A, 2)).tolist())
        assert not every.inverse_factor((A * 0).tolist())
    assert not every.inverse_factor([[1.0, 2.0], [2.0, 1.0]])
    assert not every.inverse_factor([[float("nan")]])
    zero = ball_matrix(np.zeros((2, 2)))
    wide = arb_mat([[arb(1), arb(0, 0.6)], [arb(0, 0.6), arb(1)]])
    wider = arb_mat([[arb(1), arb(0, 1.1)], [arb(0, 1.1), arb(1)]])
    thick = arb_mat([[arb(1, 1.1), arb(0)], [arb(0), arb(1)]])
    for entry in (4, -4):
        across = ball_matrix([[0, entry], [entry, 0]])
        assert not accepted(ball_matrix(np.eye(2)), zero, across, reach=0.6)
        assert accepted(ball_matrix(np.eye(2)), zero, across, reach=0.4)
    assert accepted(wide, zero, zero)
    assert not accepted(wider, zero, zero)
    assert not accepted(thick, zero, zero)
    assert not accepted(arb_mat([[arb("nan")]]), *[ball_matrix([[0]])] * 2)


def series_parts(every: ModuleType) -> None:
    """Powers of a step, Taylor polynomials, products and fixed points of a matrix."""
    found = every.powers_of(arb(0.5), 4)
    assert len(found) == 5
    for s in np.linspace(-0.5, 0.5, 11):
        assert all(x.contains(arb(float(s**j))) or j > 1 for j, x in enumerate(found))
    ends = [(1, 1), (-0.5, 0.5), (0, 0.25), (-0.125, 0.125), (0, 0.0625)]
    for x, (low, high) in zip(found, ends, strict=True):
        assert float(x.lower()) == pytest.approx(low, abs=1e-8)
        assert float(x.upper()) == pytest.approx(high, abs=1e-8)
        assert x.contains(arb(low))
        assert x.contains(arb(high))
    point, whole = arb_series([1, 2, 77], 3), arb_series([88, 99, arb(3, 1)], 3)
    value = every.enclosure(point, whole, 2, arb(0.5))
    assert float(value.lower()) == pytest.approx(-0.25, abs=1e-6)  # by products of balls
    assert float(value.upper()) == pytest.approx(3.0, abs=1e-6)
    for short in ((point, arb_series([1, 2], 2)), (arb_series([1], 1), whole)):
        assert_refused(every, "too short", every.enclosure, *short, 2, arb(0.5))
    assert float(every.coefficient(point, 2)) == 77
    E = [[arb(0.2), arb(0.5)], [arb(0.1), arb(0.3)]]
    assert [float(x) for x in every.applied(E, [arb(1), arb(2)])] == pytest.approx([1.2, 0.7])
    q = every.solution_above(E, [arb(1), arb(2)], "none")
    exact = np.linalg.solve(np.eye(2) - np.array([[0.2, 0.5], [0.1, 0.3]]), [1, 2])
    assert (np.array([float(x) for x in q]) > exact).all()
    assert [float(x) for x in q] == pytest.approx(exact, rel=3e-3)
    halves = [[arb(0.5), arb(0)], [arb(0), arb(1.01)]]
    # An iteration that has not converged is no solution either.
    unlike = (
        [[arb(1.01)]],
        [[arb(0), arb(1.1)], [arb(1), arb(0)]],
        [[arb("nan")]],
        [[arb(0.99999)]],
    )
    for bad in (*unlike, halves, [row[::-1] for row in halves[::-1]]):
        assert_refused(every, "none", every.solution_above, bad, [arb(1)] * len(bad), "none")
    unit = every.identity(3)
    assert [[float(x) for x in row] for row in unit.tolist()] == np.eye(3).tolist()
    shifted = every.shifted([[arb_series([5, 7], 2)]], [[arb_series([1, 2], 2)]], arb(3), 1)
    assert float(shifted[0, 0]) == 1
    assert_near(every.raised(arb(-2), 3), arb(-8))
    assert_near(every.raised(arb(-2), 0), arb(1))
    assert float(every.raised(arb(0, 1), 2).upper()) <= 1.001


# --- Pieces -------------------------------------------------------------------------------------


@cache
def sharp(family: str, m: int, low: Fraction, width: Fraction) -> tuple[Any, Any]:
    """Header and a short piece whose bounds are as good as they can be."""
    before, ctx.prec = ctx.prec, 128
    try:
        header = json.loads(certificate(family, m, Fraction(10**6), [], bits=128)[0])
        read = check_every_k.Header(header)
        ends = [low, low + width / 2, low + width]
        near, found = STARTS[family], []
        for h in [Fraction(1, 20) + (low - Fraction(1, 20)) * j / 4 for j in range(4)] + ends:
            near = unknowns_at(family, m, check_every_k.ball(h), near)
            found.append(near)
        a, b, c = found[-3:]
        predictor = predictor_through(found[-3:], width / 2)
        blocks = [
            blocks_at(family, m, check_every_k.ball(h), x)
            for h, x in zip(ends, (a, b, c), strict=True)
        ]
        bounds = [smallest_eigenvalues(x) for x in blocks]
        values = [
            {x: float(y[0].mid()) for x, y in check_every_k.series_of_quantities(read, z).items()}
            for z in blocks
        ]
        line = {
            "statement": "piece",
            "h": [text(low), text(low + width)],
            "predictor": predictor,
            "radius": dict.fromkeys(read.names, text(1e-5)),
            "uniqueness": dict.fromkeys(read.names, text(1e-3)),
            "eigenvalue_lower": {x: min(y[x] for y in bounds) for x in bounds[0]},
            "inner_upper": {
                x: [power, max(y[x] for y in values)] for x, power in read.inner_powers.items()
            },
            "signed_splits": signed_splits_of(read, blocks),
        } | {x: [min(y[x] for y in values), max(y[x] for y in values)] for x in read.ranges}
        return header, line
    finally:
        ctx.prec = before


def with_margins(line: Any, sign: int, only: tuple[str, ...] = ()) -> Any:
    """The bounds worse (sign 1) or better (sign -1) than what is true; of all, or of one."""
    line = copy.deepcopy(line)

    def moved(x: float, direction: int, path: tuple[str, ...]) -> str:
        better = sign == -1 and path == only
        return text(x + (-1 if better else 1) * direction * MARGIN * abs(x))

    for x, y in line["eigenvalue_lower"].items():
        line["eigenvalue_lower"][x] = moved(y, -1, ("eigenvalue_lower", x))
    for x, (power, y) in line["inner_upper"].items():
        line["inner_upper"][x] = [power, moved(y, 1, ("inner_upper", x))]
    for x in {"loss", "norm_gap"} & set(line):
        low, high = line[x]
        line[x] = [moved(low, -1, (x, "low")), moved(high, 1, (x, "high"))]
    return line


def bounds_of(line: Any) -> Iterator[tuple[str, ...]]:
    """Paths of the bounds."""
    for name in ("eigenvalue_lower", "inner_upper"):
        yield from ((name, x) for x in line[name])
    for name in sorted({"loss", "norm_gap"} & set(line)):
        yield from ((name, end) for end in ("low", "high"))


@contextmanager
def without_halvings(every: ModuleType) -> Iterator[None]:
    """At the first failure a piece is refused."""
    before, every.MOST_HALVINGS = every.MOST_HALVINGS, 0
    try:
        yield
    finally:
        every.MOST_HALVINGS = before


def accepted(every: ModuleType, header: Any, line: Any) -> bool:
    """Whether one piece holds."""
    try:
        every.check_piece(every.Piece(line, every.Header(header)))
    except every.Refused:
        return False
    return True


WIDTH = Fraction(1, 2**14)
SHARP = [
    ("II", 1, Fraction(5, 32), WIDTH),
    ("II", 4, Fraction(5, 32), WIDTH),
    ("I", 1, Fraction(5, 32), WIDTH),
    ("A", 0, Fraction(5, 32), WIDTH),
]


def pieces(every: ModuleType) -> None:
    """Bounds a little worse than the truth are shown, better ones are refused, one by one."""
    with without_halvings(every):
        for given in SHARP:
            header, line = sharp(*given)
            assert accepted(every, header, with_margins(line, 1))
            for path in bounds_of(line):
                assert not accepted(every, header, with_margins(line, -1, path)), path


def locations(every: ModuleType) -> None:
    """A predictor that is wrong by some amount needs a radius of that."""
    for family, m, signs in (("II", 2, (1,)), ("A", 0, (1, -1))):
        header, line = sharp(family, m, Fraction(5, 32), WIDTH)
        names, half = header["unknowns"], float(WIDTH) / 2
        for name in names:
            for degree in range(3):
                for sign in signs:
                    doctored = with_margins(line, 1)
                    doctored["radius"] = dict.fromkeys(names, text(2e-5))
                    wrong = sign * 1e-4 / half**degree
                    at = doctored["predictor"][name]
                    at[degree] = text(float.fromhex(at[degree]) + wrong)
                    for radius, holds in ((1.15e-4, True), (0.98e-4, False)):
                        doctored["radius"][name] = text(radius)
                        piece = every.Piece(doctored, every.Header(header))
                        part = every.Part(piece, piece.low, piece.high)
                        if holds:
                            q = part.located()
                            assert 0.9e-4 < float(q[names.index(name)]) < 1.15e-4
                        else:
                            assert_refused(every, "within radius", part.located)
        doctored = with_margins(line, 1)
        doctored["uniqueness"] = dict.fromkeys(names, text(1e4))
        piece = every.Piece(doctored, every.Header(header))
        part = every.Part(piece, piece.low, piece.high)
        assert_refused(every, "only critical point|vanish|angle|bounded", part.located)


def distances(every: ModuleType) -> None:
    """Between the ends of a wide piece the critical point is no further off than what is found."""
    header, line = sharp("A", 0, Fraction(5, 32), Fraction(1, 64))
    doctored = with_margins(line, 1)
    doctored["radius"] = dict.fromkeys(header["unknowns"], text(5e-4))
    piece = every.Piece(doctored, every.Header(header))
    q = every.Part(piece, piece.low, piece.high).located()
    h = piece.low + (piece.high - piece.low) / 4
    predicted = [check_every_k.ball(x[0]) for x in piece.predicted(h)]
    near = dict(zip(header["unknowns"], predicted, strict=True))
    found = unknowns_at("A", 0, check_every_k.ball(h), near).values()
    assert all(abs(x - y) < limit for x, y, limit in zip(found, predicted, q, strict=True))


def contractions(every: ModuleType) -> None:
    """A box in which the map T is no contraction, by its Jacobian there, is refused.

    How weak a contraction it is there does not widen where the critical point is shown to be.
    """
    header, line = sharp("A", 0, Fraction(5, 32), WIDTH)
    names = header["unknowns"]

    def part_with(uniqueness: float) -> Any:
        doctored = with_margins(line, 1)
        constant = doctored["predictor"][names[0]]
        constant[0] = text(float.fromhex(constant[0]) + 1e-6)
        doctored["radius"] = dict.fromkeys(names, text(1.1e-6))
        doctored["uniqueness"] = dict.fromkeys(names, text(uniqueness))
        piece = every.Piece(doctored, every.Header(header))
        return every.Part(piece, piece.low, piece.high)

    def spectral_radius(uniqueness: float) -> float:
        try:
            J = part_with(uniqueness).jacobian([arb(uniqueness)] * len(names))
        except every.Refused:  # a box too wide for any Jacobian
            return float("inf")
        moved = (J.mid().inv().mid() * J).tolist()
        ends = [
            [max(abs(float((x - int(i == j)).lower())), abs(float((x - int(i == j)).upper())))
             for j, x in enumerate(row)]
            for i, row in enumerate(moved)
        ]  # fmt: skip
        return float(max(abs(np.linalg.eigvals(np.array(ends)))))

    low, high = 1e-4, 1e2
    for wanted, holds in ((0.8, True), (1.2, False)):
        near, far = low, high
        for _ in range(60):
            middle = float(np.sqrt(near * far))
            near, far = (middle, far) if spectral_radius(middle) < wanted else (near, middle)
        part = part_with(near)
        if holds:
            assert 0.9e-6 < max(map(float, part.located())) < 1.1e-6
        else:
            assert_refused(every, "only critical point", part.located)


def expansions(every: ModuleType) -> None:
    """Networks at the centre and over a part, and Jacobians."""
    family, m = "II", 2
    header, line = sharp(family, m, Fraction(5, 32), Fraction(1, 64))
    piece = every.Piece(with_margins(line, 1), every.Header(header))
    # The right half of the piece.
    low, high = (piece.low + piece.high) / 2, piece.high
    part = every.Part(piece, low, high)
    names = header["unknowns"]
    assert float(part.center) == float((low + high) / 2)
    assert float(part.reach) == pytest.approx(float(high - low) / 2)
    half = float(piece.high - piece.low) / 2
    width = [arb(1e-3)] * len(names)

    def at(h: Fraction, shift: float, length: int, along: int = -1) -> Any:
        s = float(h) - float((piece.low + piece.high) / 2)
        x = {}
        for i, name in enumerate(names):
            a, b, c = (float.fromhex(y) for y in line["predictor"][name])
            terms = [a + b * s + c * s * s + shift, b + 2 * c * s, c]
            terms = terms if along < 0 else [terms[0], float(i == along)]
            x[name] = arb_series(terms[:length], length)
        h = check_every_k.ball(h)
        place = check_every_k.Place(h, h, length, along < 0)
        return check_every_k.residual(check_every_k.network(place, family, m, x), family)

    first, last = part.over_all(3, [0] * len(names))
    wider = part.over_all(3, width)[0].own.rest[0].rad() / m
    rests = [first.own, first.off, first.cross, last.own, last.cross, last.off]
    for i, (name, x) in enumerate(zip(names, rests, strict=True)):
        series = x.rest * (fmpq(1, m) if i < 2 else 1)
        a, b, c = (arb(float.fromhex(y)) for y in line["predictor"][name])
        for h, end in ((low, 0.0), (high, half)):
            assert float(h - (piece.low + piece.high) / 2) == end
            for found, expected in zip(
                (series[0], series[1], series[2]),
                (a + b * end + c * end * end, b + 2 * c * end, c),
                strict=True,
            ):
                assert (found + arb(0, 1e-30)).contains(expected)
        assert float(series[0].rad()) <= 1.1 * half / 2 * float(abs(b) + 2 * abs(c) * half)
        assert float(series[1].rad()) <= 1.1 * half * float(abs(c)) + 1e-20
        if i == 0:
            assert float(wider - series[0].rad()) == pytest.approx(1e-3, rel=1e-6)
    for length in (2, 3):
        center = every.residual(part.at_center(length, [0] * len(names)), family)
        for found, expected in zip(center, at(part.center, 0.0, length), strict=True):
            for j in range(length):
                assert_near(found[j], expected[j], 1e-12)
        wide = every.residual(part.over_all(length, width), family)
        for h in (low, part.center, high):
            for shift in (-1e-3, 0.0, 1e-3):
                for found, expected in zip(wide, at(h, shift, length), strict=True):
                    assert all(found[j].overlaps(expected[j]) for j in range(length))
        nothing = every.residual(part.over_all(length, [0] * len(names)), family)
        assert all(
            float(x[0].rad()) > float(y[0].rad()) > 0 for x, y in zip(wide, nothing, strict=True)
        )
        thin = every.Part(piece, part.center, part.center + Fraction(1, 2**40))
        for x in every.residual(thin.over_all(length, [0] * len(names)), family):
            assert all(float(x[j].rad()) < 1e-7 for j in range(length))
        for x, y in zip(every.residual(part.at_center(length, width), family), center, strict=True):
            assert float(x[0].rad()) > 1e-4
            assert x[0].contains(y[0])
    J = part.jacobian(width)
    for h in (low, part.center, high):
        for shift in (-1e-3, 1e-3):
            for along in range(len(names)):
                for i, expected in enumerate(at(h, shift, 2, along)):
                    assert J[i, along].overlaps(expected[1])
    thin = every.Part(piece, part.center, part.center + Fraction(1, 2**40))
    narrow = thin.jacobian([arb(0)] * len(names))
    for along in range(len(names)):
        for i, expected in enumerate(at(part.center, 0.0, 2, along)):
            assert_near(narrow[i, along], expected[1], 1e-7)


def matrices(every: ModuleType) -> None:
    """K - 2 pi c Gram at the middle of a part, its slope there, and its bend over the part."""
    header, line = sharp("I", 1, Fraction(5, 32), Fraction(1, 64))
    piece = every.Piece(with_margins(line, 1), every.Header(header))
    center, step = (piece.low + piece.high) / 2, Fraction(1, 2**9)
    seen: list[Any] = []
    original = every.require_positive
    every.require_positive = lambda M, *_: seen.append(M)
    try:
        for shift in (-step, 0, step):
            at = center + shift
            every.Part(piece, at - step / 8, at + step / 8).check()
    finally:
        every.require_positive = original
    size = len(seen) // 3
    for before, here, after in zip(
        seen[:size], seen[size : 2 * size], seen[2 * size :], strict=True
    ):
        values = [np.array([[float(x) for x in y] for y in z[0].tolist()])
                  for z in (before, here, after)]  # fmt: skip
        slope, bend = (np.array([[float(x) for x in y] for y in z.tolist()]) for z in here[1:])
        scale = 1 + np.abs(slope).max() + np.abs(bend).max()
        h = float(step)
        np.testing.assert_allclose(
            slope, (values[2] - values[0]) / (2 * h), rtol=0, atol=1e-3 * scale
        )
        np.testing.assert_allclose(
            bend, (values[2] - 2 * values[1] + values[0]) / (2 * h * h), rtol=0, atol=1e-2 * scale
        )


def dimensions(every: ModuleType) -> None:
    """A component that is missing is seen, on the span and off it."""
    header, line = sharp("A", 0, Fraction(5, 32), WIDTH)
    assert accepted(every, header, with_margins(line, 1))
    for name in ("span_forms", "further_forms"):
        original = getattr(every, name)
        for left_out in (0, 1):

            def fewer(blocks: Any, original: Any = original, left_out: int = left_out) -> list[Any]:
                return [x for i, x in enumerate(original(blocks)) if i != left_out]

            setattr(every, name, fewer)
            try:
                piece = every.Piece(with_margins(line, 1), every.Header(header))
                part = every.Part(piece, piece.low, piece.high)
                assert_refused(every, "do not fill the space", part.check)
            finally:
                setattr(every, name, original)


# --- Files --------------------------------------------------------------------------------------


@cache
def small_file(family: str = "A", m: int = 0) -> tuple[str, ...]:
    """Three pieces, k >= 100."""
    cuts = [Fraction(0), Fraction(1, 64), Fraction(1, 16), Fraction(7, 64)]
    return tuple(certificate(family, m, Fraction(100), cuts))


def proves(every: ModuleType, lines: Any) -> bool:
    try:
        return "for every k >= 100" in list(every.checked(lines))[-1]
    except every.Refused:
        return False


def changed(lines: Any, number: int, path: tuple[Any, ...], value: Any) -> list[str]:
    """The lines with one value changed."""
    data = json.loads(lines[number])
    at = data
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return [*lines[:number], json.dumps(data), *lines[number + 1 :]]


def files(every: ModuleType) -> None:
    """Coverage, chaining, the header."""
    lines = small_file()
    said = list(every.checked(lines))
    assert len(said) == len(lines) + 1
    assert "family A" in said[0]
    assert "k >= 100" in said[-1]
    assert proves(every, lines)
    beyond = "100000001/1000000"
    of_beyond = list(every.checked(changed(lines, 0, ("least_k",), beyond)))
    assert of_beyond[0] == f"family A, k >= {beyond}"
    assert f"for every k >= {beyond} and" in of_beyond[-1]
    assert not proves(every, changed(lines, 2, ("loss", 0), "9"))
    first, *others = (json.loads(x) for x in lines[1:])
    for name in first["eigenvalue_lower"]:
        least = min(float.fromhex(x["eigenvalue_lower"][name]) for x in (first, *others))
        assert f"{name} {floor_of(least, 4)}" in said[-1]
    for wrong in (
        [],
        lines[:1],
        lines[1:],
        lines[:-1],
        [lines[0], *lines[2:]],
        [lines[0], lines[2], lines[1], lines[3]],
        [lines[0], lines[1], lines[3]],
        [*lines, lines[-1]],
        [*lines, lines[0]],
        [*lines, ""],
        changed(lines, 0, ("least_k",), "80"),
        changed(lines, 0, ("least_k",), "3.99"),
        changed(lines, 0, ("least_k",), "1e10"),
        changed(lines, 1, ("h", 0), "0x1p-20"),
        changed(lines, 2, ("h", 0), text(Fraction(1, 64) + Fraction(1, 2**20))),
        changed(lines, 2, ("h", 0), text(Fraction(1, 64) - Fraction(1, 2**20))),
        changed(lines, 3, ("h", 1), text(0.0999)),
        changed(lines, 3, ("h", 1), text(1.5)),
    ):
        assert not proves(every, wrong)
    assert float(Fraction(10) ** -2) < float(Fraction(7, 64)) ** 2
    assert not proves(
        every, changed(lines, 0, ("least_k",), str(Fraction(64, 7) ** 2 - Fraction(1, 10**9)))
    )
    # Another branch next to this one: pieces that do not continue each other.
    for shift, holds in ((0.0, True), (8e-3, True), (2e-2, False)):
        one = every.Piece(first, every.Header(json.loads(lines[0])))
        data = json.loads(lines[2])
        data["predictor"]["A"][0] = text(float.fromhex(data["predictor"]["A"][0]) + shift)
        other = every.Piece(data, every.Header(json.loads(lines[0])))
        if holds:
            every.require_one_curve(one, other)
        else:
            assert_refused(every, "continue", every.require_one_curve, one, other)
    for large, small, holds in (
        ((2e-2, 3e-2), (1e-3, 1e-2), True),  # the second lies in the first
        ((1e-3, 1e-2), (2e-2, 3e-2), True),
        ((2e-2, 2e-2), (2e-2, 2e-2), False),
    ):
        found = []
        for number, (radius, unique) in ((1, large), (2, small)):
            data = json.loads(lines[number])
            data["radius"] = dict.fromkeys("AB", text(radius))
            data["uniqueness"] = dict.fromkeys("AB", text(unique))
            if number == 2:
                at = data["predictor"]["B"]
                at[0] = text(float.fromhex(at[0]) + 5e-3)
            found.append(every.Piece(data, every.Header(json.loads(lines[0]))))
        if holds:
            every.require_one_curve(*found)
        else:
            assert_refused(every, "continue", every.require_one_curve, *found)


def halvings(every: ModuleType) -> None:
    """What is not shown on a piece at once may be shown on parts of it; not for ever."""
    lines = certificate("A", 0, Fraction(20), [Fraction(0), Fraction(15, 64)], 2e-2, 4e-2)
    header, line = (json.loads(x) for x in lines)
    header = every.Header(header)
    piece = every.Piece(line, header)
    part = every.Part(piece, piece.low, piece.high)
    with pytest.raises(every.Refused):
        part.check()
    seen = []
    original = every.Part

    class Noted(original):
        def __init__(self, piece: Any, low: Any, high: Any) -> None:
            seen.append((low, high))
            super().__init__(piece, low, high)

        def check(self) -> None:
            super().check()
            seen.append("shown")

    every.Part = Noted
    try:
        every.check_piece(piece)
        shown = [x for x, y in pairwise(seen) if y == "shown"]
        assert len(shown) > 1
        assert shown[0][0] == piece.low
        assert shown[-1][1] == piece.high
        assert all(x[1] == y[0] for x, y in pairwise(shown))
        seen.clear()
        line["loss"] = [text(1.0), text(2.0)]
        with pytest.raises(every.Refused, match="loss"):
            every.check_piece(every.Piece(line, header))
        assert len(seen) <= 30
        least = (piece.high - piece.low) / 2**every.MOST_HALVINGS
        assert seen[-1][1] - seen[-1][0] == least
        seen.clear()
        # What fails at the right end alone ends, too.

        def but_at_the_end(part: Any) -> None:
            assert len(seen) < 99
            every.require(part.high < piece.high, "the end")

        Noted.check = but_at_the_end
        with pytest.raises(every.Refused, match="the end"):
            every.check_piece(piece)
        assert len(seen) <= 30
        assert seen[-1][1] - seen[-1][0] == least
    finally:
        every.Part = original


EDGE_COMPARISONS: list[Callable[[ModuleType], None]] = [
    positive,
    series_parts,
    expansions,
    locations,
    contractions,
    distances,
    files,
    halvings,
    matrices,
    dimensions,
    pieces,
]
