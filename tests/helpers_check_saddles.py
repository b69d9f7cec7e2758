"""The checker of saddles for every k, against dense networks and at the edges of its statements.

As in `helpers_check_every_k`, each comparison takes the checker's module.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import cache
from operator import mul
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from flint import arb, arb_mat, arb_series, fmpq
from scipy.linalg import eigvalsh

from doctored_saddles import LEAST_K, sound_file
from helpers_check_every_k import (
    assert_near,
    assert_refused,
    at_point,
    dense,
    number,
    random_network as random_family,
)
from helpers_check_every_k_edges import WIDTH, bounds_of, with_margins
from helpers_check_every_k_lines import predictor_through, text, unknowns_at
from relu_landscape.certificates import check, check_every_k, check_saddles
from relu_landscape.certificates.precision import precision

SIZES = (6, 9)
UNKNOWNS = {"A": fmpq(7, 5), "B": fmpq(-9, 4), "F": fmpq(13, 8)}
START = {"A": 2.0, "B": -2.7268, "F": 2.0}  # at h = 0


# --- A with one neuron more ---------------------------------------------------------------------


def further(saddles: ModuleType, k: Any, x: dict[str, Any]) -> Any:
    """The checker's network at a k."""
    series = {name: arb_series([arb(y)], 1) for name, y in x.items()}
    return saddles.network_with_further_row(at_point(check_every_k, k), series)


@cache
def dense_further(k: int) -> Any:
    """The same in full, with its Hessians, times 2 pi."""
    A, B, F = (arb(UNKNOWNS[name]) for name in "ABF")
    e, h = 1 / arb(k), arb(k).rsqrt()
    a, b, f = -1 + e * (2 + h * A), e * (2 + e * B), e * F
    W = [[a if i == j else b for j in range(k)] for i in range(k)] + [[f] * k]
    net = check.Network(W, [[arb(int(i == j)) for j in range(k)] for i in range(k)])
    full, off = net.hessian(), arb_mat(net.orthogonal_hessian())
    return net, full * 2 * arb.pi(), off * 2 * arb.pi()


def form(H: Any, u: list[Any], z: list[Any]) -> Any:
    return (arb_mat([u]) * H * arb_mat(len(z), 1, z))[0, 0]


def gradients(saddles: ModuleType) -> None:
    """The residual, lengths and what is seen from the further row."""
    for k in SIZES:
        x, (net, *_) = further(saddles, k, UNKNOWNS), dense_further(k)
        h, pi = arb(k).rsqrt(), arb.pi()
        g = [[2 * pi * y for y in row] for row in net.gradient()]
        expected = [g[0][0] / h, g[0][1] / h**2, g[k][0] / h**2]
        found = saddles.residual_with_further_row(x)
        assert len(found) == 3
        for value, known in zip(found, expected, strict=True):
            assert_near(value[0], known)
        assert_near(number(x.length), net.W[k].norm)
        assert_near(number(x.product), sum(net.W[0].weights, start=arb(0)))
        assert_near(number(x.sines), number(x.row.sine) - number(x.teacher.sine))
        assert_near(number(x.tilts), number(x.row.tilt) - number(x.teacher.tilt))
        assert (x.sines.order, x.tilts.pure().order) == (4, 3)
    for wrong in ({"F": fmpq(0)}, {"F": fmpq(-1)}, {"A": fmpq(-40), "B": fmpq(-40)}):
        assert_refused(saddles, "vanish|orthogonal", further, saddles, 6, UNKNOWNS | wrong)
    # Rows that have the further one at an angle just above a right one, and far below it.
    tilted = {"A": fmpq(0), "B": fmpq(-54, 5)}
    assert_refused(saddles, "orthogonal", further, saddles, 6, UNKNOWNS | tilted)
    further(saddles, 6, UNKNOWNS | {"F": fmpq(1, 2)})
    at = check_every_k.Place(arb(0), arb(0), 1, True)
    at_infinity = {name: arb_series([arb(y)], 1) for name, y in UNKNOWNS.items()}
    found = saddles.residual_with_further_row(saddles.network_with_further_row(at, at_infinity))
    A, B, F = (arb(UNKNOWNS[name]) for name in "ABF")
    half = arb.pi() / 2
    expected = A - F, 2 * half - 2 + half * (B + F), 2 * half * F - A + half * B
    for value, known in zip(found, expected, strict=True):
        assert_near(value[0], known)


def vectors_of(k: int, name: str) -> tuple[list[list[Any]], Any]:
    """The vectors of t or s_p in full, and what their squares lack of those of the checker."""
    h, zero = arb(k).rsqrt(), arb(0)
    v = [arb(1)] * k if name == "t" else [arb(1), arb(-1), *[zero] * (k - 2)]

    def rows(entry: Callable[[int, int], Any]) -> list[Any]:
        return [entry(i, j) for i in range(k) for j in range(k)] + [zero] * k

    own = rows(lambda i, j: v[i] if i == j else zero)
    row, column = rows(lambda i, _: v[i]), rows(lambda _, j: v[j])
    last = [zero] * k * k + v
    found = (
        [(own, 2), (row, 3), (last, 1)]
        if name == "t"
        else [(own, 1), (row, 2), (column, 3), (last, 1)]
    )
    U = [[y * h**degree for y in u] for u, degree in found]
    return U, arb(k) / sum(map(mul, v, v), start=arb(0))


def forms(saddles: ModuleType) -> None:
    """The small matrices in full: on the span and off it; their dimensions fill the space."""
    for k in SIZES:
        x, (_, H, off) = further(saddles, k, UNKNOWNS), dense_further(k)
        for name in ("t", "s_p"):
            K, G = saddles.forms_with_further_row(x, name)
            U, more = vectors_of(k, name)
            assert len(K) == len(G) == len(U)
            for a, u in enumerate(U):
                for b, z in enumerate(U):
                    assert_near(K[a][b][0], form(H, u, z) * more)
                    assert_near(G[a][b][0], sum(map(mul, u, z), start=arb(0)) * more)
        positive = list(saddles.positive_forms(x))
        assert [y[0] for y in positive] == ["t", "s_p", "x_p", "y_p"]
        sizes = [1, k - 1, k * (k - 3) // 2, (k - 1) * (k - 2) // 2]
        assert [float(number(y[1])) for y in positive] == pytest.approx(sizes)
        assert [len(y[2]) for y in positive] == [3, 3, 1, 1]
        s_p = saddles.forms_with_further_row(x, "s_p")
        for found, whole in zip(positive[1][2:], s_p, strict=True):
            assert all(found[a][b][0].overlaps(whole[a][b][0]) for a in range(3) for b in range(3))
        for (_, _, K, G), entries, sign in (
            (positive[2], {(0, 1): 1, (1, 2): -1, (2, 3): 1, (0, 3): -1}, 1),
            (positive[3], {(0, 1): 1, (1, 2): 1, (0, 2): -1}, -1),
        ):
            u = [arb(0)] * (k * (k + 1))
            for (i, j), y in entries.items():
                u[i * k + j], u[j * k + i] = arb(y), arb(sign * y)
            assert_near(K[0][0][0], form(H, u, u) / sum(map(mul, u, u), start=arb(0)))
            assert_near(G[0][0][0], arb(1))
        together, apart = saddles.off_span_forms(x)
        ones = [1 / arb(k)] * k + [arb(0)], [arb(0)] * k + [arb(1)]
        assert [y[0] for y in (together, apart)] == ["off_span", "off_span"]
        assert [float(number(y[1])) for y in (together, apart)] == pytest.approx([1, k - 1])
        for a, u in enumerate(ones):
            for b, z in enumerate(ones):
                assert_near(together[2][a][b][0], form(off, u, z))
                assert_near(together[3][a][b][0], sum(map(mul, u, z), start=arb(0)))
        u = [arb(1), arb(-1), *[arb(0)] * (k - 1)]
        assert_near(apart[2][0][0][0], form(off, u, u) / 2)
        assert_near(apart[3][0][0][0], arb(1))


# --- Splits of II_1 -----------------------------------------------------------------------------


def pencils(saddles: ModuleType) -> None:
    """The pencils of inner Hessians in full, at random unknowns."""
    for k in (7,):
        blocks, net = random_family(check_every_k, "II", 1, k), dense("II", 1, k).network
        found = saddles.split_pencils(blocks)
        assert list(found) == ["w t", "s t", "w s", "s s"]
        h = arb(k).rsqrt()
        first = [arb(0), *[h] * (k - 2), arb(0)], [arb(0)] * (k - 1) + [arb(1)]
        apart = [arb(0), arb(1), arb(-1), *[arb(0)] * (k - 3)]
        half = [y / arb(2).sqrt() for y in apart]
        for name, row, U, power in (
            ("w t", 0, first, 1),
            ("s t", k - 1, ([h] * (k - 1) + [arb(0)],), 1),
            ("w s", 0, (half,), 2),
            ("s s", k - 1, (half,), 1),
        ):
            H, unit = net.inner(row) * 2 * arb.pi(), net.W[row].unit
            K, G = found[name]
            assert len(K) == len(G) == len(U)
            for a, u in enumerate(U):
                for b, z in enumerate(U):
                    assert_near(K[a][b][0], form(H, u, z) / h**power)
                    along = [sum(map(mul, y, unit), start=arb(0)) for y in (u, z)]
                    square = sum(map(mul, u, z), start=arb(0)) - along[0] * along[1]
                    assert_near(G[a][b][0], square)


def limits(saddles: ModuleType) -> None:
    """At h = 0, in the exact point, the exact constants are the eigenvalues."""
    with precision(300):
        pi, zero = arb.pi(), arb(0)
        limit = [8 / pi, -4 / pi, arb(2), 2 + 8 / pi + 8 / pi**2, 4 / pi]
        at = check_every_k.Place(zero, zero, 1, True)
        series = {n: arb_series([y], 1) for n, y in zip("ABCDF", limit, strict=True)}
        blocks = check_every_k.network(at, "II", 1, series)
        for value in check_every_k.residual(blocks, "II"):
            assert_near(value[0], zero, 1e-80)
        side = 1 / pi - 2 / pi**2
        expected = {"w t": (-side, side), "s t": (-4 / pi**2,)}
        expected |= {"w s": (-1 / pi,), "s s": (-2 / pi**2,)}
        for name, (K, G) in saddles.split_pencils(blocks).items():
            size = range(len(K))
            for value in expected[name]:
                shifted = [[K[a][b][0] - 2 * pi * value * G[a][b][0] for b in size] for a in size]
                assert_near(arb_mat(shifted).det(), zero, 1e-80)


# --- Pieces -------------------------------------------------------------------------------------


def zero_near(
    residual: Callable[[Any, dict[str, Any]], Any], h: Any, near: dict[str, Any]
) -> dict[str, Any]:
    """Where a residual of a place and series of unknowns vanishes: Newton's method on balls."""
    x = {name: arb(value).mid() for name, value in near.items()}
    for _ in range(60):
        columns = []
        for along in x:
            at = check_every_k.Place(arb(h), arb(h), 2, False)
            series = {name: arb_series([x[name], int(name == along)], 2) for name in x}
            G = residual(at, series)
            columns.append([g[1].mid() for g in G])
        values = arb_mat(len(x), 1, [g[0].mid() for g in G])
        step = arb_mat(columns).transpose().solve(values)
        x = {name: (x[name] - step[i, 0]).mid() for i, name in enumerate(x)}
        if max(abs(float(g[0])) for g in G) < 1e-25:
            return x
    raise ValueError(f"no critical point near h = {h}")


def saddle_residual(at: Any, series: dict[str, Any]) -> Any:
    """The equations of A with one neuron more."""
    return check_saddles.residual_with_further_row(
        check_saddles.network_with_further_row(at, series)
    )


def smallest(K: Any, G: Any) -> list[float]:
    """Eigenvalues of a pencil, over 2 pi."""
    A, B = ([[float(x[0].mid()) for x in row] for row in M] for M in (K, G))
    return (eigvalsh(np.array(A), np.array(B)) / (2 * np.pi)).tolist()


def located(names: str, points: list[dict[str, Any]], ends: tuple[Fraction, Fraction]) -> Any:
    """The beginning of a line whose predictor goes through the points."""
    return {
        "statement": "piece",
        "h": [text(x) for x in ends],
        "predictor": predictor_through(points, (ends[1] - ends[0]) / 2),
        "radius": dict.fromkeys(names, text(1e-5)),
        "uniqueness": dict.fromkeys(names, text(1e-3)),
    }


LOW = Fraction(5, 32)


@cache
def sharp_saddle() -> tuple[Any, Any]:
    """Header and a short piece whose bounds are as good as they can be."""
    with precision(128):
        points, near = [], START
        for h in (Fraction(0), LOW / 2, LOW, LOW + WIDTH / 2, LOW + WIDTH):
            near = zero_near(saddle_residual, check_every_k.ball(h), near)
            points.append(near)
        found: dict[str, list[float]] = {}
        for k_point, h in ((points[2], LOW), (points[4], LOW + WIDTH)):
            ball = check_every_k.ball(h)
            at = check_every_k.Place(ball, ball, 1, False)
            series = {name: arb_series([y], 1) for name, y in k_point.items()}
            x = check_saddles.network_with_further_row(at, series)
            for name, _, K, G in (
                *check_saddles.positive_forms(x),
                *check_saddles.off_span_forms(x),
            ):
                found.setdefault(name, []).append(smallest(K, G)[0])
            K, G = check_saddles.forms_with_further_row(x, "s_p")
            found.setdefault("negative", []).append(smallest(K, G)[0])
        del found["s_p"]
        negative = max(found.pop("negative"))
        line = located("ABF", points[2:], (LOW, LOW + WIDTH))
        lower = {name: min(values) for name, values in found.items()}
        header = header_of("saddle")
        return header, line | {"eigenvalue_lower": lower, "negative_upper": negative}


def header_of(statement: str) -> dict[str, Any]:
    """The first line of either statement."""
    family = (
        {"family": "A", "further_rows": 1, "unknowns": list("ABF")}
        if statement == "saddle"
        else {"family": "II", "special_rows": 1, "unknowns": list("ABCDF")}
    )
    return {"statement": f"{statement}{'s' * (statement == 'split')}_for_every_k", **family,
            "least_k": "1000000", "bits": 128}  # fmt: skip


@cache
def sharp_splits() -> tuple[Any, Any]:
    """The same of splits."""
    with precision(128):
        start = {"A": 2.5, "B": -1.3, "C": 2.0, "D": 5.4, "F": 1.3}
        points, near = [], start
        for h in (Fraction(1, 20), Fraction(1, 10), LOW, LOW + WIDTH / 2, LOW + WIDTH):
            near = unknowns_at("II", 1, check_every_k.ball(h), near)
            points.append(near)
        found: dict[str, list[float]] = {}
        for point, h in ((points[2], LOW), (points[4], LOW + WIDTH)):
            ball = check_every_k.ball(h)
            at = check_every_k.Place(ball, ball, 1, False)
            series = {name: arb_series([y], 1) for name, y in point.items()}
            blocks = check_every_k.network(at, "II", 1, series)
            for name, (K, G) in check_saddles.split_pencils(blocks).items():
                values = smallest(K, G)
                names = [name] if len(values) == 1 else [f"{name} {i}" for i in (0, 1)]
                for one, value in zip(names, values, strict=True):
                    found.setdefault(one, []).append(value)
        line = located("ABCDF", points[2:], (LOW, LOW + WIDTH))
        splits = {name: [min(found[name]), max(found[name])] for name in check_saddles.POWERS}
        return header_of("split"), line | {"splits": splits}


def doctored_saddle(sign: int, only: tuple[str, ...] = ()) -> Any:
    """Bounds a little worse (1) or, of one, better (-1) than what is true."""
    _, line = sharp_saddle()
    negative = line["negative_upper"]
    moved = with_margins(line | {"inner_upper": {}}, sign, only)
    del moved["inner_upper"]
    better = sign == -1 and only == ("negative_upper",)
    moved["negative_upper"] = text(negative * (1.003 if better else 0.997))
    return moved


def doctored_splits(sign: int, only: tuple[str, int] | None = None) -> Any:
    """Ends a little further out (1) or, of one, further in (-1) than what is true."""
    line = copy.deepcopy(sharp_splits()[1])
    for name, ends in line["splits"].items():
        for i, x in enumerate(ends):
            outwards = (-1 if i == 0 else 1) * (-1 if sign == -1 and only == (name, i) else 1)
            ends[i] = text(x + outwards * 3e-3 * abs(x))
    return line


def holds(saddles: ModuleType, header: Any, line: Any) -> bool:
    """Whether one piece holds, without halvings."""
    to_header, to_piece = saddles.STATEMENTS[header["statement"]]
    piece = to_piece(line, to_header(header))
    try:
        piece.part(piece.low, piece.high).check()
    except saddles.Refused:
        return False
    return True


def saddle_pieces(saddles: ModuleType) -> None:
    """Bounds a little worse than the truth are shown, better ones are refused, one by one."""
    header, line = sharp_saddle()
    assert holds(saddles, header, doctored_saddle(1))
    paths = bounds_of(line | {"inner_upper": {}})
    for path in (*paths, ("negative_upper",)):
        assert not holds(saddles, header, doctored_saddle(-1, path)), path


def split_pieces(saddles: ModuleType) -> None:
    """Intervals a little wider than the truth are shown, others refused, end by end."""
    header, line = sharp_splits()
    assert holds(saddles, header, doctored_splits(1))
    for name in line["splits"]:
        for i in (0, 1):
            assert not holds(saddles, header, doctored_splits(-1, (name, i))), (name, i)


def index(saddles: ModuleType) -> None:
    """A second negative eigenvalue on s_p is refused, or a space that is not filled."""
    header, _ = sharp_saddle()
    to_header, to_piece = saddles.STATEMENTS[header["statement"]]
    piece = to_piece(doctored_saddle(1), to_header(header))
    part = piece.part(piece.low, piece.high)
    point, whole = part.at_center(2, [0] * 3), part.over_all(3, [0] * 3)
    k = point.block.n
    components = saddles.positive_forms

    def lowered(x: Any) -> Iterator[Any]:
        for name, dimension, K, G in components(x):
            moved = [
                [a - 3 * b for a, b in zip(*rows, strict=True)] for rows in zip(K, G, strict=True)
            ]
            yield name, dimension, moved if name == "s_p" else K, G

    part.check_eigenvalues(components, k * (k + 1) - (k - 1), point, whole)
    for dimensions in (k * (k + 1), k * k, k * (k + 1) - k):
        with pytest.raises(saddles.Refused, match="fill the space"):
            part.check_eigenvalues(components, dimensions, point, whole)
    with pytest.raises(saddles.Refused, match="s_p is not shown"):
        part.check_eigenvalues(lowered, k * (k + 1) - (k - 1), point, whole)


def polynomials(saddles: ModuleType) -> None:
    """Taylor polynomials over a part, determinants, and the vector of the lowest eigenvalue."""
    value = saddles.over_part(arb_series([2, 3, arb(-1, 0.5)], 3), arb(0.5))
    assert float(value.lower()) == pytest.approx(0.125, abs=1e-6)
    assert float(value.upper()) == pytest.approx(3.5, abs=0.4)
    K, G = [[arb_series([5, 7, 9], 3)]], [[arb_series([1, 2, 4], 3)]]
    K_all, G_all = [[arb_series([0, 0, 11], 3)]], [[arb_series([0, 0, 3], 3)]]
    found = saddles.expanded(K, K_all, arb(2), G, G_all)
    assert [float(x[0, 0]) for x in found] == [3, 3, 5]
    x, matrices = arb_mat([[1], [2]]), [arb_mat([[j, 1], [1, 0]]) for j in (1, 2, 100)]
    value = saddles.form_along(x, matrices, arb(0.5))
    assert value.contains(arb(5 + 3 + 26))
    assert float(value.upper()) == pytest.approx(34, rel=1e-6)
    header, _ = sharp_splits()
    to_header, to_piece = saddles.STATEMENTS[header["statement"]]
    piece = to_piece(doctored_splits(1), to_header(header))
    part = piece.part(piece.low, piece.high)
    rng = np.random.default_rng(3)
    M = [rng.normal(size=(2, 2)) for _ in range(3)]
    M = [x + x.T for x in M]
    ball = part.determinant([arb_mat(x.tolist()) for x in M])
    for s in np.linspace(-1, 1, 5) * float(part.reach):
        assert ball.overlaps(arb(float(np.linalg.det(M[0] + s * M[1] + s * s * M[2]))))
    assert float(ball.rad()) < 1e-2
    part.reach = arb(1)
    wide = part.determinant(
        [arb_mat(y) for y in ([[1, 0], [0, 1]], [[0, 0], [0, 0]], [[2, 3], [3, 2]])]
    )
    assert wide.contains(arb(0))
    Q = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    A = Q @ np.diag([-0.01, 0.5, 1.0, 2.0]) @ Q.T
    x = np.array([float(y) for y in saddles.lowest_vector(arb_mat(A.tolist())).entries()])
    assert abs(Q[:, 0] @ x) / np.linalg.norm(x) == pytest.approx(1, abs=1e-6)
    assert np.abs(x).max() == pytest.approx(1, abs=1e-9)
    assert_refused(saddles, "singular", saddles.lowest_vector, arb_mat([[1, 1], [1, 1]]))


# --- Files --------------------------------------------------------------------------------------


def files(saddles: ModuleType) -> None:
    """What is said of a file, line by line; what is none."""
    for statement, proved in (
        ("saddle", "A with one neuron more is a saddle of index k - 1, all on one curve"),
        ("splits", "inner Hessians of II_1 have eigenvalues as enclosed on the span"),
    ):
        lines = sound_file(statement)
        said = list(saddles.checked(lines))
        names = [json.loads(x)["statement"] for x in lines]
        assert said[0] == f"{names[0]}, k >= {LEAST_K}"
        assert len(said) == len(lines) + 1
        for text_of_piece, line in zip(said[1:], lines[1:], strict=False):
            low, high = (float.fromhex(x) for x in json.loads(line)["h"])
            assert text_of_piece == f"h from {low:.6g} to {high:.6g}"
        assert said[-1] == f"for every k >= {LEAST_K} and d >= k: {proved}"
        beyond = json.dumps(json.loads(lines[0]) | {"least_k": "600000001/1000000"})
        assert next(saddles.checked([beyond])) == f"{names[0]}, k >= 600000001/1000000"
    for wrong, what in (
        ([], "file is empty"),
        (["[]"], "a JSON object"),
        (["{}"], "statement None"),
    ):
        assert_refused(saddles, what, list, saddles.checked(wrong))


SADDLE_COMPARISONS: list[Callable[[ModuleType], None]] = [
    gradients,
    forms,
    pencils,
    limits,
    polynomials,
    index,
    saddle_pieces,
    split_pieces,
    files,
]
