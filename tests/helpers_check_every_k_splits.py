"""What the checker for every k says of signed splits: its formulas, and its words at their edges.

As in `helpers_check_every_k`, each comparison takes the checker's module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from functools import cache
from operator import mul
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from flint import arb, arb_mat, arb_series

from helpers_check_every_k import (
    NETWORKS,
    assert_near,
    dense,
    number,
    random_network,
    random_unknowns,
)
from helpers_check_every_k_lines import text, unknowns_at
from relu_landscape.certificates import check_every_k
from relu_landscape.every_k import (
    certify_family_for_all_k,
    decide_signed_splits,
    every_k_lines,
)

# --- Formulas -----------------------------------------------------------------------------------


def form(H: Any, u: list[Any], z: list[Any]) -> Any:
    return (arb_mat([u]) * H * arb_mat(len(z), 1, z))[0, 0]


def inner_hessians(every: ModuleType) -> None:
    """The pencils on t and the numbers beside them, at random unknowns, by dense networks."""
    for family, m, k in NETWORKS:
        blocks, full, p = random_network(every, family, m, k), dense(family, m, k), k - m
        h = arb(k).rsqrt()
        for P, row in enumerate([0, k - 1][: len(blocks)]):
            H, unit = full.network.inner(row) * 2 * arb.pi(), full.network.W[row].unit
            first = [arb(int(j < p and j != row)) for j in range(k)]
            last = [arb(int(j >= p and j != row)) for j in range(k)]
            U = [[h * x for x in first], last]
            U = [u for u in U if any(x != 0 for x in u)]
            # own block first
            K, G = every.trivial_pencil(blocks, P)
            assert len(K) == len(G) == len(U)
            for a, u in enumerate(U):
                for b, z in enumerate(U):
                    along = [sum(map(mul, y, unit), start=arb(0)) for y in (u, z)]
                    assert_near(K[a][b][0], form(H, u, z) / h)
                    square = sum(map(mul, u, z), start=arb(0)) - along[0] * along[1]
                    assert_near(G[a][b][0], square)
            turning = (full.network.orthogonal_hessian()[row, row] - arb(1) / 2) * 2 * arb.pi()
            expected = [turning]
            for start, end in ((0, p), (p, k)):
                free = [j for j in range(start, end) if j != row]
                if len(free) > 1:
                    u = [arb((j == free[0]) - (j == free[1])) for j in range(k)]
                    expected.append(form(H, u, u) / 2)
            found = list(every.inner_numbers(blocks, P, m))
            assert len(found) == len(expected)
            for x, y in zip(found, expected, strict=True):
                assert_near(number(x), y)


def defects(every: ModuleType) -> None:
    """Minus a determinant, or a number, as series."""
    a, b, d = (arb_series(x, 3) for x in ([2, 1, 5], [3, -1, 1], [7, 2, -1]))
    for found, expected in (
        (every.defect([[a, b], [b, d]]), b * b - a * d),
        (every.defect([[a]]), a),
    ):
        assert [float(found[j]) for j in range(3)] == [float(expected[j]) for j in range(3)]
    uneven = every.defect([[a, b], [d, a]])
    assert float(uneven[0]) == 3 * 7 - 2 * 2


def at_infinity(every: ModuleType) -> None:
    """Lemma 10d: K of rows s of I_m at h = 0, whatever the unknowns are."""
    for m in (2, 3, 4):
        place = every.Place(arb(0), arb(0), 2, True)
        x = {name: abs(y) for name, y in random_unknowns("I", m).items()}
        series = {name: arb_series([x[name], 0], 2) for name in every.unknowns(m)}
        K, _ = every.trivial_pencil(every.network(place, "I", m, series), 1)
        F, n = x["F"], m - 1
        for row, expected in zip(K, [[-2 * F, n * F], [n * F, -n * F]], strict=True):
            for y, z in zip(row, expected, strict=True):
                assert_near(y[0], z)
        assert_near(every.defect(K)[0], n * (n - 2) * F * F)


def derivatives(every: ModuleType) -> None:
    """That of a function over a part, from its first two Taylor coefficients."""
    point, whole = arb_series([9, 5], 2), arb_series([9, 99, arb(3, 1)], 3)
    found = every.derivative(point, whole, arb(0.25))
    assert float(found.lower()) == pytest.approx(5 - 2, abs=1e-6)
    assert float(found.upper()) == pytest.approx(5 + 2, abs=1e-6)


# --- Pieces -------------------------------------------------------------------------------------


@cache
def file_with_turn(family: str = "II", m: int = 1, least_k: int = 40) -> tuple[str, ...]:
    """Rows w of II_1 turn at k = 44.05."""
    proof = certify_family_for_all_k(family, m, least_k=least_k)
    return tuple(every_k_lines(decide_signed_splits(proof)))


def turn_of(lines: tuple[str, ...], name: str) -> Any:
    """The line of the piece over which a class turns."""
    found = map(json.loads, lines[1:])
    return next(x for x in found if x["signed_splits"][name] == "turn")


def exact(number: Any) -> Fraction:
    return check_every_k.rational(number)


def moved(line: Any, low: Fraction, high: Fraction) -> Any:
    """A piece with other ends, about the same polynomials."""
    ends = [exact(x) for x in line["h"]]
    step = (low + high) / 2 - (ends[0] + ends[1]) / 2
    predictor = {}
    for name, terms in line["predictor"].items():
        a, b, c = map(exact, terms)
        values = (a + b * step + c * step**2, b + 2 * c * step, c)
        predictor[name] = [f"{x.numerator}/{x.denominator}" for x in values]
    radius = dict.fromkeys(line["radius"], text(1e-5))
    return line | {"h": [str(low), str(high)], "predictor": predictor, "radius": radius}


def part_of(every: ModuleType, header: Any, line: Any) -> Any:
    piece = every.Piece(line, every.Header(header))
    return every.Part(piece, piece.low, piece.high)


def shows(every: ModuleType, part: Any, P: int, said: str) -> bool:
    """Whether a part shows it of the rows of block P."""
    widths = part.located()
    at = part.at_center(2, widths), part.over_all(3, widths)
    try:
        part.check_signed_splits(P, said, "not shown", widths, at)
    except every.Refused:
        return False
    return True


FAR, NEAR = Fraction(1, 10**6), Fraction(1, 10**9)


def words(every: ModuleType) -> None:
    """Minima behind a turn, saddles before it, a turn across it: up to the turn, no further."""
    header, line = json.loads(file_with_turn()[0]), turn_of(file_with_turn(), "w")
    low, high = map(exact, line["h"])
    middle = (low + high) / 2
    for start, end, holds in (
        (-FAR, -NEAR, {"saddles", "turning"}),
        (-FAR, NEAR, {"turning", "turn"}),
        (NEAR, FAR, {"minima", "turning"}),
        (-NEAR, FAR, {"turning", "turn"}),
    ):
        part = part_of(every, header, moved(line, middle + start, middle + end))
        for said in ("minima", "saddles", "turning", "turn"):
            assert shows(every, part, 0, said) == (said in holds), (float(start), said)
        for said in ("minima", "saddles", "turn"):
            assert shows(every, part, 1, said) == (said == "minima")
    # of a part that ends before the end of a piece nothing is asked there
    piece = every.Piece(moved(line, middle - FAR, middle + FAR), every.Header(header))
    for start, end in ((-FAR, -NEAR), (-NEAR / 2, NEAR), (NEAR, FAR)):
        assert shows(every, every.Part(piece, middle + start, middle + end), 0, "turn")
    # That of rows s of I_3 falls from k = infinity on, the number of rows w of A rises.
    for family, m, P, falls in (("I", 3, 1, True), ("A", 0, 0, False)):
        lines = file_with_turn(family, m, 1000)
        part = part_of(every, *map(json.loads, lines[:2]))
        step = (part.high - part.low) / 64
        thin = every.Part(part.piece, part.center - step, part.center + step)
        assert shows(every, thin, P, "turning") == falls


@contextmanager
def replaced(every: ModuleType, name: str, function: Any) -> Iterator[None]:
    before = getattr(every, name)
    setattr(every, name, function(before))
    try:
        yield
    finally:
        setattr(every, name, before)


def what_else_is_asked(every: ModuleType) -> None:
    """Numbers beside t that are not negative, and a K that turns positive, are refused."""
    header, line = json.loads(file_with_turn()[0]), turn_of(file_with_turn(), "w")
    part = part_of(every, header, line)
    beyond = part_of(every, header, moved(line, part.high + NEAR, part.high + FAR))
    assert shows(every, part, 0, "turn")

    def further(factor: int) -> Any:
        def numbers(original: Any) -> Any:
            def found(blocks: Any, *given: Any) -> Any:
                yield from original(blocks, *given)
                yield blocks[0].n.at.term(2, factor)

            return found

        return numbers

    for factor, holds in ((-1, True), (1, False), (0, False)):
        with replaced(every, "inner_numbers", further(factor)):
            assert shows(every, beyond, 0, "minima") == holds
            assert shows(every, part, 0, "turn") == holds

    original = every.Part.slope
    for slope, holds in ((-0.5, True), (0.5, False), (0.0, False)):
        every.Part.slope = lambda *_, slope=slope: arb(slope)
        try:
            assert shows(every, part, 0, "turn") == holds
        finally:
            every.Part.slope = original

    def opposite(original: Any) -> Any:
        def found(*given: Any) -> Any:
            K, G = original(*given)
            return [[-x for x in row] for row in K], G

        return found

    with replaced(every, "trivial_pencil", opposite):
        assert not shows(every, part, 0, "turn")
        assert shows(every, part, 0, "turning")


def coefficients(every: ModuleType) -> None:
    """Minima: minus K at the middle of a part and its slope there, and its bend over the part."""
    lines = file_with_turn()
    part = part_of(every, *map(json.loads, (lines[0], lines[-1])))
    widths = part.located()
    at = part.at_center(2, widths), part.over_all(3, widths)
    seen: list[Any] = []
    with replaced(every, "require_positive", lambda _: lambda M, *_: seen.append(M)):
        part.check_signed_splits(1, "minima", "", widths, at)
        part.check_signed_splits(0, "minima", "", widths, at)
    for P, M in zip((1, 0), seen, strict=True):
        K, K_all = (every.trivial_pencil(x, P)[0] for x in at)
        size = range(len(K))
        for given, found, j in zip((K, K, K_all), M, range(3), strict=True):
            expected = arb_mat([[-given[a][b][j] for b in size] for a in size])
            assert found.overlaps(expected)
            # as narrow: nothing is added
            for x, y in zip(found.entries(), expected.entries(), strict=True):
                assert float(abs(x.mid() - y.mid())) <= 1e-12 * (1 + float(abs(y)))


def slopes(every: ModuleType) -> None:
    """The slope of -det K along the branch, also where the polynomials have another slope."""
    header, line = json.loads(file_with_turn()[0]), turn_of(file_with_turn(), "w")
    low, high = map(exact, line["h"])
    middle, step = (low + high) / 2, Fraction(1, 2**20)
    names = header["unknowns"]
    near = {x: every.ball(exact(line["predictor"][x][0])) for x in names}

    def value(h: Fraction) -> Any:
        place = every.Place(every.ball(h), every.ball(h), 1, False)
        found = unknowns_at("II", 1, every.ball(h), near)
        x = {name: arb_series([found[name]], 1) for name in names}
        return every.defect(every.trivial_pencil(every.network(place, "II", 1, x), 0)[0])[0]

    expected = (value(middle + step) - value(middle - step)) / every.ball(2 * step)
    thin = moved(line, middle - NEAR**2, middle + NEAR**2)

    def slope(given: Any) -> Any:
        part = part_of(every, header, given)
        widths = part.located()
        return part.slope(0, widths, (part.at_center(2, widths), part.over_all(3, widths)))

    found = slope(thin)
    assert float(found.mid()) == pytest.approx(float(expected), rel=1e-8)
    assert float(found.rad()) < 1e-6
    other, partial = 1e-3, arb(0)
    for name in names:
        doctored = json.loads(json.dumps(thin))
        at = exact(doctored["predictor"][name][1]) + exact(text(other))
        doctored["predictor"][name][1] = f"{at.numerator}/{at.denominator}"
        found = slope(doctored)
        apart = float(abs(found.mid() - expected))
        # the middle is off by the derivative by this unknown times what its slope is off
        assert found.contains(expected.mid())
        assert float(found.rad()) == pytest.approx(apart, rel=2e-2, abs=1e-6)
        partial += apart
    assert float(partial) > 1e-3
    wide = part_of(every, header, moved(line, middle - 50 * FAR, middle + 50 * FAR))
    widths = [arb(1e-6)] * len(names)
    at = wide.at_center(2, widths), wide.over_all(3, widths)
    found = wide.slope(0, widths, at)
    assert found.contains(expected.mid())
    assert float(found.rad()) > 1e-5
    # how far the branch may move off the polynomials, over all of the box
    seen: list[Any] = []

    def noted(original: Any) -> Any:
        return lambda E, b, what: seen.append(b) or original(E, b, what)

    with replaced(every, "solution_above", noted):
        wide.slope(0, widths, at)
    rows = wide.contraction(wide.piece.radius)[0].tolist()
    G = [
        every.derivative(x, y, wide.reach)
        for x, y in zip(*(every.residual(x, "II") for x in at), strict=True)
    ]
    for b, row in zip(seen[0], rows, strict=True):
        most = abs(sum(map(mul, G, row), start=arb(0))).upper()
        assert float(b.upper()) >= float(most) * (1 - 1e-9) > 0


# --- Files --------------------------------------------------------------------------------------

TURNS = "are minima to k = 25, strict saddles from k = 100 on"
SAID = {
    "minima": "are minima",
    "saddles": "are strict saddles",
    "turn": TURNS,
    "saddles saddles turn minima": TURNS,
    "saddles turning turn turning minima": TURNS,
    "turning turn turning": TURNS,
    "undecided": "are undecided",
    "turning": "are undecided",
    "turning minima": "are undecided",
    "saddles minima": "are undecided",
    "saddles turning minima": "are undecided",
    "minima turn minima": "are undecided",
    "turn saddles": "are undecided",
    "saddles turn undecided": "are undecided",
    "saddles turn turning turn minima": "are undecided",
    "minima undecided minima": "are undecided",
}


def summaries(every: ModuleType) -> None:
    """What pieces say together."""

    def said(family: str, m: int, name: str, text: str) -> str:
        header = SimpleNamespace(family=family, m=m)
        pieces = [
            SimpleNamespace(signed_splits={name: x}, low=Fraction(1, 10), high=Fraction(1, 5))
            for x in text.split()
        ]
        return str(every.of_signed_splits(header, pieces, name))

    for given, expected in SAID.items():
        assert said("II", 1, "w", given) == expected, given
        assert said("I", 3, "w", given) == expected, given
        from_zero = given in ("turning", "turning minima")
        assert said("I", 3, "s", given) == ("are minima" if from_zero else expected)
        assert said("I", 4, "s", given) == said("II", 3, "s", given) == expected


def ends_of_turns(every: ModuleType) -> None:
    """Of what is shown to the ends of a turn no more is said, also where one is infinity."""
    header, tiny = SimpleNamespace(family="II", m=1), Fraction(1, 10**15)

    def said(low: Fraction, high: Fraction) -> str:
        piece = SimpleNamespace(signed_splits={"w": "turn"}, low=low, high=high)
        return str(every.of_signed_splits(header, [piece], "w"))

    assert said(Fraction(1, 10), Fraction(1, 7)) == (
        "are minima to k = 49, strict saddles from k = 100 on"
    )
    assert said(Fraction(1, 10) - tiny, Fraction(1, 7) + tiny) == (
        "are minima to k = 48.99999999999, strict saddles from k = 100.0000000001 on"
    )
    assert said(Fraction(0), Fraction(1, 7)) == (
        "are minima to k = 49, strict saddles from some k on"
    )


SPLIT_COMPARISONS: list[Callable[[ModuleType], None]] = [
    inner_hessians,
    defects,
    at_infinity,
    derivatives,
    words,
    what_else_is_asked,
    coefficients,
    slopes,
    summaries,
    ends_of_turns,
]
