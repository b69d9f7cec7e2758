"""The checker of II_1 with one neuron more, against dense networks and at its statements' edges.

As in `helpers_check_every_k`, each comparison takes the checker's module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from operator import mul
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from flint import arb, arb_mat, arb_series, fmpq

from helpers_check_every_k import assert_near, assert_refused, at_point, number
from helpers_check_every_k_edges import WIDTH, bounds_of, with_margins
from helpers_check_every_k_lines import text
from helpers_check_saddles import form, located, smallest, zero_near
from helpers_rounding import floor_of
from relu_landscape.certificates import check, check_every_k, check_one_more
from relu_landscape.certificates.check_every_k import rational
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k import (
    certify_further_minimum_for_all_k,
    further_minimum_for_every_k_lines,
)

SIZES = (7, 10)
NAMES = "ABCFDGH"
LEAST_K = 10**6
UNKNOWNS = dict(
    zip(NAMES, map(fmpq, (-1, -9, 15, 13, -1, 5, 29), (4, 5, 8, 12, 2, 9, 20)), strict=True)
)
# At h = 0, nearly.
START = dict(zip(NAMES, (-0.572, -1.615, 2.0, 0.918, -1.388, 0.697, 1.092), strict=True))


# --- The network and its gradient ---------------------------------------------------------------


def students(more: ModuleType, k: Any, x: dict[str, Any]) -> Any:
    """The checker's network at a k."""
    series = {name: arb_series([arb(y)], 1) for name, y in x.items()}
    return more.network_with_short_row(at_point(check_every_k, k), series)


@cache
def dense(k: int) -> Any:
    """The same in full, rows w, t, s, with its gradient and its Hessians, times 2 pi."""
    A, B, C, F, D, G, H = (arb(UNKNOWNS[name]) for name in NAMES)
    h = arb(k).rsqrt()
    e, n = h * h, k - 1
    rows = [[1 + h * e * A if i == j else e * e * B for j in range(n)] + [e * C] for i in range(n)]
    W = [*rows, [e * G] * n + [h * H - 1], [e * F] * n + [h * D]]
    net = check.Network(W, [[arb(int(i == j)) for j in range(k)] for i in range(k)])
    twice_pi = 2 * arb.pi()
    gradient = [[twice_pi * y for y in row] for row in net.gradient()]
    off = arb_mat(net.orthogonal_hessian()) * twice_pi
    return net, gradient, net.hessian() * twice_pi, off


def gradients(more: ModuleType) -> None:
    """The residual."""
    for k in SIZES:
        _, g, *_ = dense(k)
        h, (w, t, s), last = arb(k).rsqrt(), (g[0], g[k - 1], g[k]), k - 1
        third = w[last]
        expected = [
            w[0] / h, w[1] / h**2, third, s[0] / h**2, t[0] / h**2, (s[last] - third) / h,
            (t[last] - third) / h,
        ]  # fmt: skip
        found = more.residual_with_short_row(students(more, k, UNKNOWNS))
        assert len(found) == 7
        for value, known in zip(found, expected, strict=True):
            assert_near(value[0], known)


def angles(more: ModuleType) -> None:
    """Lengths, and what s sees of each student and its teacher."""
    for k in SIZES:
        x, (net, *_) = students(more, k, UNKNOWNS), dense(k)
        first, last, short = net.W[0], net.W[k - 1], net.W[k]
        assert_near(number(x.length), short.norm)
        assert_near(number(x.sum), sum(first.weights[:-1], start=arb(0)))
        for twins, student, place, sign in ((x.rows, first, 0, 1), (x.special, last, k - 1, -1)):
            cosine = sum(map(mul, student.unit, short.unit), start=arb(0))
            near = short.unit[place]
            assert_near(number(twins.student.cosine), cosine)
            assert_near(number(twins.teacher.cosine), near)
            assert_near(number(twins.apart), cosine - sign * near)
            sines = [(1 - y * y).sqrt() for y in (cosine, near)]
            assert_near(number(twins.sines), sines[0] - sines[1])
            assert_near(number(twins.tilts), cosine.asin() - (sign * near).asin())
            assert twins.sign == sign
        for twins, order in ((x.rows, 2), (x.special, 1)):
            assert [y.pure().order for y in (twins.apart, twins.tilts)] == [order, order]
        seen = [net.W[i] for i in range(k)]
        turning = arb(0)
        for student, y in zip(seen, short.unit[:k], strict=True):
            cosine = sum(map(mul, student.unit, short.unit), start=arb(0))
            turning += student.norm * (1 - cosine * cosine).sqrt() - (1 - y * y).sqrt()
        assert_near(number(x.turning), turning)
    nothing = {"F": fmpq(0), "D": fmpq(0)}
    assert_refused(check_every_k, "vanish", students, more, 7, UNKNOWNS | nothing)


def limits(more: ModuleType) -> None:
    """All that is checked is finite at h = 0, and continuous."""
    values = []
    for h in (arb(0), arb("1e-14")):
        at = check_every_k.Place(h, h, 1, False)
        series = {name: arb_series([arb(UNKNOWNS[name])], 1) for name in NAMES}
        x = more.network_with_short_row(at, series)
        found = [y[0] for y in more.residual_with_short_row(x)]
        for *_, K, G in (*more.span_forms_with_short_row(x), *more.off_span_forms(x)):
            found += [y[0] for M in (K, G) for row in M for y in row]
        values.append(found)
    for exact, near in zip(*values, strict=True):
        assert_near(exact, near, 1e-10)


# --- The Hessian --------------------------------------------------------------------------------


def vectors_of(k: int, name: str) -> tuple[list[list[Any]], Any]:
    """The vectors of t or s_p in full, and what their squares lack of those of the checker."""
    n, zero, h = k - 1, arb(0), arb(k).rsqrt()
    v = [arb(1)] * n if name == "t" else [arb(1), arb(-1), *[zero] * (n - 2)]

    def full(rows: list[list[Any]], t: list[Any], s: list[Any]) -> list[Any]:
        return [y for row in (*rows, t, s) for y in row]

    empty, none = [[zero] * k for _ in range(n)], [zero] * k
    own = [[v[i] if i == j else zero for j in range(k)] for i in range(n)]
    row = [[v[i]] * n + [zero] for i in range(n)]
    column, cross = [[*v, zero] for _ in range(n)], [[zero] * n + [v[i]] for i in range(n)]
    last = [zero] * n + [arb(1)]
    of_first = (
        [(own, 2), (row, 3), (cross, 2)]
        if name == "t"
        else [(own, 1), (row, 2), (column, 3), (cross, 1)]
    )
    found = [(full(rows, none, none), degree) for rows, degree in of_first]
    if name == "t":
        found.append((full(empty, last, none), 0))
    found.append((full(empty, [*v, zero], none), 1))
    found.append((full(empty, none, [*v, zero]), 1))
    if name == "t":
        found.append((full(empty, none, last), 0))
    U = [[y * h**degree for y in u] for u, degree in found]
    return U, arb(n) / sum(map(mul, v, v), start=arb(0))


@cache
def dense_forms(k: int, name: str) -> list[list[tuple[Any, Any]]]:
    """Both matrices of t or s_p, in full."""
    _, _, H, _ = dense(k)
    U, more = vectors_of(k, name)
    return [
        [(form(H, u, z) * more, sum(map(mul, u, z), start=arb(0)) * more) for z in U] for u in U
    ]


@cache
def dense_single(k: int, sign: int) -> Any:
    """The form of a vector of x_p (1) or y_p (-1)."""
    _, _, H, _ = dense(k)
    entries = (
        {(0, 1): 1, (1, 2): -1, (2, 3): 1, (0, 3): -1}
        if sign == 1
        else {(0, 1): 1, (1, 2): 1, (0, 2): -1}
    )
    u = [arb(0)] * (k * (k + 1))
    for (i, j), y in entries.items():
        u[i * k + j], u[j * k + i] = arb(y), arb(sign * y)
    return form(H, u, u) / sum(map(mul, u, u), start=arb(0))


def forms(more: ModuleType) -> None:
    """The small matrices in full; their dimensions fill the space."""
    for k in SIZES:
        found = {name: rest for name, *rest in
                 more.span_forms_with_short_row(students(more, k, UNKNOWNS))}  # fmt: skip
        n = k - 1
        sizes = {"t": 1, "s_p": n - 1, "x_p": n * (n - 3) // 2, "y_p": (n - 1) * (n - 2) // 2}
        assert list(found) == list(sizes)
        for name, size in sizes.items():
            assert_near(number(found[name][0]), arb(size))
        assert sum(len(found[name][1]) * size for name, size in sizes.items()) == k * (k + 1)
        for name in ("t", "s_p"):
            _, K, G = found[name]
            known = dense_forms(k, name)
            assert len(K) == len(G) == len(known)
            for a, b in product(range(len(known)), repeat=2):
                assert_near(K[a][b][0], known[a][b][0])
                assert_near(G[a][b][0], known[a][b][1])
        for name, sign in (("x_p", 1), ("y_p", -1)):
            _, K, G = found[name]
            assert_near(K[0][0][0], dense_single(k, sign))
            assert_near(G[0][0][0], arb(1))


def off_span(more: ModuleType) -> None:
    """Along a further input."""
    for k in SIZES:
        (*_, off), n, zero = dense(k), k - 1, arb(0)
        together, apart = more.off_span_forms(students(more, k, UNKNOWNS))
        ones = (
            [1 / arb(k)] * n + [zero, zero], [zero] * n + [arb(1), zero],
            [zero] * n + [zero, arb(1)],
        )  # fmt: skip
        assert [x[0] for x in (together, apart)] == ["off_span"] * 2
        for x, size in ((together, 1), (apart, n - 1)):
            assert_near(number(x[1]), arb(size))
        assert len(together[2]) == len(together[3]) == 3
        for (a, u), (b, z) in product(enumerate(ones), repeat=2):
            assert_near(together[2][a][b][0], form(off, u, z))
            assert_near(together[3][a][b][0], sum(map(mul, u, z), start=zero))
        u = [arb(1), arb(-1), *[zero] * (k - 1)]
        assert_near(apart[2][0][0][0], form(off, u, u) / 2)
        assert_near(apart[3][0][0][0], arb(1))


# --- Pieces -------------------------------------------------------------------------------------


def minimum_residual(at: Any, series: dict[str, Any]) -> Any:
    """The equations of II_1 with one neuron more."""
    return check_one_more.residual_with_short_row(check_one_more.network_with_short_row(at, series))


LOW = Fraction(5, 32)


@cache
def sharp() -> tuple[Any, Any]:
    """Header and a short piece whose bounds are as good as they can be."""
    with precision(128):
        points, near = [], START
        for h in (Fraction(0), LOW / 2, LOW, LOW + WIDTH / 2, LOW + WIDTH):
            near = zero_near(minimum_residual, check_every_k.ball(h), near)
            points.append(near)
        found: dict[str, list[float]] = {}
        for point, h in ((points[2], LOW), (points[4], LOW + WIDTH)):
            ball = check_every_k.ball(h)
            at = check_every_k.Place(ball, ball, 1, False)
            series = {name: arb_series([y], 1) for name, y in point.items()}
            x = check_one_more.network_with_short_row(at, series)
            for name, _, K, G in (
                *check_one_more.span_forms_with_short_row(x),
                *check_one_more.off_span_forms(x),
            ):
                found.setdefault(name, []).append(smallest(K, G)[0])
        lower = {name: min(values) for name, values in found.items()}
        line = located(NAMES, points[2:], (LOW, LOW + WIDTH)) | {
            "radius": dict.fromkeys(NAMES, text(1e-6)),
            "uniqueness": dict.fromkeys(NAMES, text(1e-5)),
            "eigenvalue_lower": lower,
        }
        header = {
            "statement": "further_minimum_for_every_k", "family": "II", "special_rows": 1,
            "further_rows": 1, "least_k": str(LEAST_K), "bits": 128, "unknowns": list(NAMES),
        }  # fmt: skip
        return header, line


def doctored(sign: int, only: tuple[str, ...] = ()) -> Any:
    """Bounds a little worse (1) or, of one, better (-1) than what is true."""
    moved = with_margins(sharp()[1] | {"inner_upper": {}}, sign, only)
    del moved["inner_upper"]
    return moved


def part_of(more: ModuleType, line: Any) -> Any:
    """The whole piece of a line."""
    piece = more.FurtherPiece(line, more.FurtherHeader(sharp()[0]))
    return piece.part(piece.low, piece.high)


def pieces(more: ModuleType) -> None:
    """Bounds a little worse than the truth are shown, better ones are refused, one by one."""
    part_of(more, doctored(1)).check()
    for path in bounds_of(sharp()[1] | {"inner_upper": {}}):
        with pytest.MonkeyPatch.context() as patch:
            # Where the branch runs is no question here.
            patch.setattr(more.FurtherPart, "located", lambda _: [arb("1e-6")] * 7)
            assert_refused(check_every_k, "is not shown", part_of(more, doctored(-1, path)).check)


def moved_by(line: Any, name: str, size: float) -> Any:
    """The line with another value of the predictor."""
    first, *rest = line["predictor"][name]
    predictor = line["predictor"] | {name: [text(float.fromhex(first) + size), *rest]}
    return line | {"predictor": predictor}


def spurious(more: ModuleType) -> None:
    """Lemma 23 asks for two coordinates that are not 0."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(more.FurtherPart, "located", lambda _: [arb(0)] * 7)
        patch.setattr(more.FurtherPart, "check_eigenvalues", lambda *_: None)
        for size in (0.0, -1.5):
            part_of(more, moved_by(doctored(1), "C", size)).check()
        for size in (-10.0, -1.95):
            part = part_of(more, moved_by(doctored(1), "C", size))
            assert_refused(check_every_k, "F > 0", part.check)
        own = part_of(more, moved_by(doctored(1), "A", -1e3))
        assert_refused(check_every_k, "orthogonal to its teacher", own.check)


def dimensions(more: ModuleType) -> None:
    """A component that is no minimum is refused, or a space that is not filled."""
    part = part_of(more, doctored(1))
    point, whole = part.at_center(2, [0] * 7), part.over_all(3, [0] * 7)
    k = point.first.n + 1

    def lowered(x: Any) -> Iterator[Any]:
        for name, dimension, K, G in more.span_forms_with_short_row(x):
            moved = [[a - 9 * b for a, b in zip(*y, strict=True)] for y in zip(K, G, strict=True)]
            yield name, dimension, moved if name == "s_p" else K, G

    asked = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(more.FurtherPart, "located", lambda _: [0] * 7)
        patch.setattr(
            more.FurtherPart,
            "check_eigenvalues",
            lambda _, components, size, *__: asked.append((components.__name__, size.exact)),
        )
        part.check()
    for (name, found), (wanted, size) in zip(
        asked,
        (("span_forms_with_short_row", k * (k + 1)), ("off_span_forms", k + 1)),
        strict=True,
    ):
        assert (name, found) == (wanted, size.exact)
    for components, size in (
        (more.span_forms_with_short_row, k * (k + 1)),
        (more.off_span_forms, k + 1),
    ):
        part.check_eigenvalues(components, size, point, whole)
        for other in (size + 1, size - 1):
            with pytest.raises(check_every_k.Refused, match="fill the space"):
                part.check_eigenvalues(components, other, point, whole)
    with pytest.raises(check_every_k.Refused, match="s_p is not shown"):
        part.check_eigenvalues(lowered, k * (k + 1), point, whole)


def matrices(more: ModuleType) -> None:
    """What is to be positive: coefficients at the centre, and the last one over the part."""
    part = part_of(more, wide_line(Fraction(1, 128)) | {"eigenvalue_lower": BOUNDS})
    point, whole = part.at_center(2, [0] * 7), part.over_all(3, [0] * 7)
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(more, "require_positive", lambda M, *rest: shown.append((M, *rest)))
        for components, dimensions in (
            (more.span_forms_with_short_row, point.first.n * 0),
            (more.off_span_forms, point.first.n * 0),
        ):
            with pytest.raises(check_every_k.Refused, match="fill the space"):
                part.check_eigenvalues(components, dimensions, point, whole)
    known = [
        *zip(*map(more.span_forms_with_short_row, (point, whole)), strict=True),
        *zip(*map(more.off_span_forms, (point, whole)), strict=True),
    ]
    for (M, reach, what), ((name, _, K, G), (*_, K_all, G_all)) in zip(shown, known, strict=True):
        assert reach == part.reach
        assert what == f"eigenvalue_lower of {name} is not shown"
        bound = 2 * arb.pi() * check_every_k.ball(rational(BOUNDS[name]))
        for j, (a, b) in enumerate(((K, G), (K, G), (K_all, G_all))):
            for x, y in product(range(len(K)), repeat=2):
                wanted = a[x][y][j] - bound * b[x][y][j]
                assert_near(M[j][x, y].mid(), wanted.mid())


BOUNDS = {"t": "0.003", "s_p": "0.02", "x_p": "0.3", "y_p": "0.05", "off_span": "0.04"}


def slopes_at(piece: Any, h: Any, apart: list[Any]) -> list[list[Any]]:
    """The Jacobian at one h and one point, unknown by unknown."""
    columns = []
    for along in range(7):
        at = check_every_k.Place(h, h, 2, False)
        x = {
            name: arb_series([check_every_k.ball(a) + y, int(i == along)], 2)
            for i, (name, (a, *_), y) in enumerate(
                zip(NAMES, piece.predicted(Fraction(float(h))), apart, strict=True)
            )
        }
        G = check_one_more.residual_with_short_row(check_one_more.network_with_short_row(at, x))
        columns.append([g[1] for g in G])
    return columns


@cache
def slopes(width: Fraction, box: bool) -> list[Any]:
    """Jacobians at the ends and the middle of a piece, and at corners of a box around it."""
    piece = part_of(check_one_more, wide_line(width)).piece
    corners = [[arb(0)] * 7]
    if box:
        corners = [[arb("1e-3") * s * (-1) ** (i // 2) for i in range(7)] for s in (1, -1)]
    return [
        slopes_at(piece, check_every_k.ball(h), corner)
        for h in (piece.low, (piece.low + piece.high) / 2, piece.high)
        for corner in corners
    ]


def wide_line(width: Fraction) -> Any:
    """The line on an interval of another width, with a steep predictor."""
    line = doctored(1) | {"h": [text(LOW), text(LOW + width)]}
    predictor = {name: [a, text(0.5), text(1.0)] for name, (a, *_) in line["predictor"].items()}
    return line | {"predictor": predictor}


def jacobians(more: ModuleType) -> None:
    """Lemma 24: Jacobians over a part and a box are enclosed, closely where the part is short."""
    for width, box in ((Fraction(1, 2**20), False), (Fraction(1, 128), False), (WIDTH, True)):
        part = part_of(more, wide_line(width))
        found = part.jacobian([arb("1e-3") if box else arb(0)] * 7)
        true = slopes(width, box)
        for i, j in product(range(7), repeat=2):
            values = [x[j][i] for x in true]
            assert all(found[i, j].contains(x) for x in values), (i, j)
            spread = max(values, key=float) - min(values, key=float)
            if width == Fraction(1, 2**20):
                assert float(found[i, j].rad()) < 0.9 * float(spread) + 1e-9, (i, j)


def steps(more: ModuleType) -> None:
    """Where h moves alone, or an unknown, the residual is that of any part of a piece."""
    line = wide_line(Fraction(1, 128))
    line["predictor"] = {x: [a, text(0.5), text(20.0)] for x, (a, *_) in line["predictor"].items()}
    part, widths = part_of(more, line), [arb("1e-4")] * 7
    ends = check_every_k.ball(part.low), check_every_k.ball(part.high)
    both, moving = check_every_k.Place(*ends, 3, True), check_every_k.Place(*ends, 2, False)
    for networks, found in (
        (part.over_all(3, widths), part.moved(both, widths, -1, 4)),
        (part.blocks(moving, widths, 2), part.moved(moving, widths, 2, 1)),
    ):
        for one, other in zip(found, part.header.residual(networks), strict=True):
            for j in range(one.prec):
                assert_near(one[j].mid(), other[j].mid())
                assert float(one[j].rad()) == pytest.approx(float(other[j].rad()), rel=1e-6)


# --- Files --------------------------------------------------------------------------------------


@cache
def sound_file() -> tuple[str, ...]:
    """A certificate of few pieces."""
    found = certify_further_minimum_for_all_k(LEAST_K)
    return tuple(further_minimum_for_every_k_lines(found))


def files(more: ModuleType) -> None:
    """What is said of a file, line by line; what is none."""
    lines = sound_file()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(more.FurtherPart, "check", lambda _: None)
        said = list(more.checked(lines))
    assert said[0] == f"II_1 with one neuron more, k >= {LEAST_K}"
    beyond = json.dumps(json.loads(lines[0]) | {"least_k": "10000001/10"})
    assert next(more.checked([beyond])) == "II_1 with one neuron more, k >= 10000001/10"
    assert len(said) == len(lines) + 1
    data = [json.loads(line) for line in lines[1:]]
    for what, line in zip(said[1:-1], data, strict=True):
        low, high = (float.fromhex(x) for x in line["h"])
        assert what == f"h from {low:.6g} to {high:.6g}"
    least = ", ".join(
        f"{name} {floor_of(min(Fraction(rational(x['eigenvalue_lower'][name])) for x in data), 4)}"
        for name in data[0]["eigenvalue_lower"]
    )
    assert said[-1] == (
        f"for every k >= {LEAST_K} and d >= k: II_1 with one neuron more is a spurious strict "
        f"minimum, all on one curve; eigenvalues >= {least}"
    )
    found = [
        SimpleNamespace(low=Fraction(i), high=Fraction(i + 1), lower={"t": Fraction(x)})
        for i, x in enumerate((3, 2, 5))
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(more, "swept", lambda *_: iter(found))
        assert list(more.checked(lines))[-1].endswith("eigenvalues >= t 2")
    for wrong, what in (([], "file is empty"), (["[]"], "a JSON object"), (["{}"], "fields of")):
        assert_refused(check_every_k, what, list, more.checked(wrong))


ONE_MORE_COMPARISONS: list[Callable[[ModuleType], None]] = [
    gradients,
    angles,
    limits,
    forms,
    off_span,
    pieces,
    spurious,
    dimensions,
    matrices,
    jacobians,
    steps,
    files,
]
