r"""The Hessian of II_1 with one neuron more on its isotypic components; see `forms`.

The rows w have the forms of II_1, with their force; the short row s, |s| = h m, and the long one
s' = t, |t| = M, add what stands below. Angles T with cos T = h K_ws of w and s, e K_wt of w and t,
K_st of s and t.

s_p: u_i as in `standard_components`, so that the sum of all w is (alpha + gamma) v, u_s = eta v,
u_t = theta v, both orthogonal to s, t and f. With u_i.s^ = v_i Z_s, u_i.t^ = v_i Z_t,

    Z_s = (h F alpha + q_0 F beta + D delta)/m,   Z_t = (e G alpha + h q_0 G beta + d' delta)/M,

Z' = Z - cos T L and u_s.w_i^ = v_i eta (a - b)/N, s and t add

    (h m/(N sin_ws)) Z_s'^2 + (M/(N sin_wt)) Z_t'^2 - (1/(N sin_wf)) (delta - e (C/N) L)^2
    + 2 P_ws (alpha + gamma) eta + 2 ((a - b)/(N sin_ws)) eta Z_s' + the same of t, theta
    + 2 P_st eta theta + [R_s + e (g sin_se - nu sin_ws + q)/(m N sin_ws sin_se)] eta^2
    + [R_t + ((a - b)^2/(N sin_wt) - 1/sin_te)/M] theta^2,

where (a - b)^2 = 1 + h^3 g and sin_se - sin_ws = h^3 q.

t: u_i = h a' e_i + e b' 1_0 + e d' f, u_s = h eta 1_0 + eta' f, u_t = h theta 1_0 + theta' f, with
p h a' = alpha, a' + p h b' = beta, p e d' = delta: so the sum of all lengths u_i.w_i^ = h L is
l = (a/N) alpha + (h y1/N)(beta - a') + e (q_0 C/N) d', and the sum of all u_i is h beta 1_0 +
delta f. With l_s = u_s.s^, l_t = u_t.t^, u_s.w_i^ = h W_s, u_t.w_i^ = h W_t, u_i.s^ = h Z_s,
u_i.t^ = e Z_t, the pairs of w with both rows add

    l^2 + (2/sin_ws) [l l_s + q_0 (Z_s W_s - h K_ws L W_s - K_ws Z_s l_s)]
    + (2/sin_wt) [l l_t + q_0 (h Z_t W_t - e K_wt L W_t - e K_wt Z_t l_t)]
    + (q_0 h m/(N sin_ws)) (Z_s - h K_ws L)^2 + (q_0 e M/(N sin_wt)) (Z_t - h K_wt L)^2
    - (q_0 e/(N sin_wf)) (d' - h (C/N) L)^2,

and each of s and t has R |u|^2 + (pi - R) (its l)^2 and what it sees of the others. For s that has
1/(h m) before it, where w and e_j agree as t and -f do: with

    X = eta - (F/m) l_s,          W_s - K_ws l_s = X + h J,
    X' = eta' - (D/m) l_s,        u_s.t^ - K_st l_s = -X' + h J',

it is (q_0/m) [e (nu sin_se + q)/(sin_ws sin_se) X^2 + (N/sin_ws)(2 X J + h J^2)] + (1/m) [q'/
(sin_st sin_sf) X'^2 + (M/sin_st)(-2 X' J' + h J'^2)], q' = (M sin_sf - sin_st)/h.

At h = 0 the smallest eigenvalue over that of the Gram matrix is .0044262 (2 pi), on t.

Inputs off the span: x is the sum of all rows w, y is s and z is t, along one unit vector.
"""

from __future__ import annotations

from relu_landscape.every_k.forms import (
    ComponentForm,
    exterior_and_symmetric,
    off_span_of_ordinary_rows,
)
from relu_landscape.every_k.quadratic import Functional, QuadraticForm, combine
from relu_landscape.every_k.split_special_row import NetworkWithSplitSpecialRow
from relu_landscape.every_k.standard_components import standard_of_ordinary_rows
from relu_landscape.every_k.trivial_component import OrdinaryRows, trivial_of_ordinary_rows

# Not among the coordinates of the families with n = k.
SHORT, SHORT_SPECIAL, LONG, LONG_SPECIAL = "short", "short_special", "long", "long_special"


def forms_with_split_special_row(x: NetworkWithSplitSpecialRow) -> list[ComponentForm]:
    """Return the forms on all components of the span, and off it.

    Args:
        x: II_1 with one neuron more at a scale and at values of its unknowns.
    """
    return [
        _trivial(x),
        _standard(x),
        *exterior_and_symmetric(x),
        off_span_of_ordinary_rows(x),
        _off_span(x),
    ]


def _standard(x: NetworkWithSplitSpecialRow) -> ComponentForm:
    names = ("alpha", "beta", "gamma", "delta", SHORT, LONG)
    found, L = standard_of_ordinary_rows(x, names)
    form, scale, N, M, m = found.form, x.scale, x.N, x.M, x.m
    h, e, q0 = scale.h, scale.e, scale.share(0)
    total, short, long = {"alpha": 1, "gamma": 1}, {SHORT: 1}, {LONG: 1}
    seen = {"alpha": h * x.F / m, "beta": q0 * x.F / m, "delta": x.D / m}
    seen = combine((1, seen), (-h * x.ws.slope, L))
    seen_long = {"alpha": e * x.G / M, "beta": h * q0 * x.G / M, "delta": x.d / M}
    seen_long = combine((1, seen_long), (-e * x.wt.slope, L))
    form.add_square(h * m / (N * x.ws.sine), seen)
    form.add_square(M / (N * x.wt.sine), seen_long)
    teacher = combine((1, {"delta": 1}), (-e * x.wf.slope, L))
    form.add_square(-1 / (N * x.wf.sine), teacher)
    gap = x.row_gap
    for row, pair, side in ((short, x.ws, seen), (long, x.wt, seen_long)):
        form.add_product(2 * pair.supplement, total, row)
        form.add_product(2 * gap / (N * pair.sine), row, side)
        found.gram.add_square(1, row)
    form.add_product(2 * x.st.supplement, short, long)
    # ((a - b)^2 - 1)/h^3
    longer = x.row_shift * (2 + h * e * x.row_shift)
    pairs = longer * x.se.sine - x.nu * x.ws.sine + x.sine_difference
    form.add_square(x.R_s + e * pairs / (m * N * x.ws.sine * x.se.sine), short)
    form.add_square(x.R_t + (gap * gap / (N * x.wt.sine) - 1 / x.te.sine) / M, long)
    return found


class _Row:
    """One of the rows s and t in t: u = h rest 1_0 + special f.

    near: its product with the direction of a row w, over h; to_s, to_t: with those of s and t.
    """

    def __init__(self, x: NetworkWithSplitSpecialRow, rest: str, special: str) -> None:
        h, q0 = x.scale.h, x.scale.share(0)
        self.rest: Functional = {rest: 1}
        self.special: Functional = {special: 1}
        self.near: Functional = {rest: x.w_sum / x.N, special: h * x.chi / x.N}
        self.to_s: Functional = {rest: q0 * x.F / x.m, special: x.D / x.m}
        self.to_t: Functional = {rest: h * q0 * x.G / x.M, special: x.d / x.M}


def _trivial(x: NetworkWithSplitSpecialRow) -> ComponentForm:
    names = ("alpha", "beta", "delta", SHORT, SHORT_SPECIAL, LONG, LONG_SPECIAL)
    found, rows = trivial_of_ordinary_rows(x, names)
    form, scale = found.form, x.scale
    h, e, q0 = scale.h, scale.e, scale.share(0)
    short, long = _Row(x, SHORT, SHORT_SPECIAL), _Row(x, LONG, LONG_SPECIAL)
    # sums over all rows w
    beta, delta = {"beta": 1}, {"delta": 1}
    lengths = combine(
        (x.a / x.N, {"alpha": 1}),
        (h * x.w_sum / x.N, beta),
        (-h * x.w_sum / x.N, rows.own),
        (e * q0 * x.chi / x.N, rows.special),
    )
    form.add_square(1, lengths)
    form.add_square(x.ww.supplement, delta)
    sides = ((short, short.to_s, x.ws, x.R_s), (long, long.to_t, x.wt, x.R_t))
    for row, along, pair, force in sides:
        form.add_product(2 / pair.sine, lengths, along)
        form.add_product(2 * q0 * pair.supplement, beta, row.rest)
        form.add_product(2 * pair.supplement, delta, row.special)
        form.add_square(scale.pi - force, along)
        for target, factor in ((form, force), (found.gram, 1)):
            target.add_square(factor * q0, row.rest)
            target.add_square(factor, row.special)
    _add_rows_and_short(x, form, rows, short)
    _add_rows_and_long(x, form, rows, long)
    _add_short(x, form, short)
    _add_long(x, form, long)
    _add_both(x, form, short, long)
    return found


def _add_rows_and_short(
    x: NetworkWithSplitSpecialRow, form: QuadraticForm, rows: OrdinaryRows, short: _Row
) -> None:
    h, q0, N, m, pair = x.scale.h, x.scale.share(0), x.N, x.m, x.ws
    L, K, share = rows.L, pair.slope, q0 / pair.sine
    seen = combine((h * x.F / m, rows.own), (q0 * x.F / m, rows.rest), (h * x.D / m, rows.special))
    form.add_square(share * h * m / N, combine((1, seen), (-h * K, L)))
    form.add_product(2 * share, seen, short.near)
    form.add_product(-2 * share * h * K, L, short.near)
    form.add_product(-2 * share * K, seen, short.to_s)


def _add_rows_and_long(
    x: NetworkWithSplitSpecialRow, form: QuadraticForm, rows: OrdinaryRows, long: _Row
) -> None:
    h, e, q0, N, M, pair = x.scale.h, x.scale.e, x.scale.share(0), x.N, x.M, x.wt
    L, K, share = rows.L, pair.slope, q0 / pair.sine
    seen = combine((h * x.G / M, rows.own), (q0 * x.G / M, rows.rest), (x.d / M, rows.special))
    form.add_square(share * e * M / N, combine((1, seen), (-h * K, L)))
    form.add_product(2 * share * h, seen, long.near)
    form.add_product(-2 * share * e * K, L, long.near)
    form.add_product(-2 * share * e * K, seen, long.to_t)
    teacher = combine((1, rows.special), (-h * x.wf.slope, L))
    form.add_square(-q0 * e / (N * x.wf.sine), teacher)


def _add_short(x: NetworkWithSplitSpecialRow, form: QuadraticForm, row: _Row) -> None:
    """What s sees of the others."""
    h, q0, N, M, m = x.scale.h, x.scale.share(0), x.N, x.M, x.m
    ws, se, st, sf = x.ws, x.se, x.st, x.sf
    across = combine((1, row.rest), (-x.F / m, row.to_s))
    moved = combine(
        (h * (x.Y - h * x.nu) / N, row.rest),
        (x.chi / N, row.special),
        (-x.slope_difference, row.to_s),
    )
    excess = x.scale.e * (x.nu * se.sine + x.sine_difference) / (ws.sine * se.sine)
    form.add_square(q0 / m * excess, across)
    form.add_product(2 * q0 / m * N / ws.sine, across, moved)
    form.add_square(q0 / m * h * N / ws.sine, moved)
    across = combine((1, row.special), (-x.D / m, row.to_s))
    moved = combine(
        (q0 * x.G / M, row.rest),
        ((x.mu + x.H) / M, row.special),
        (-x.slope_sum, row.to_s),
    )
    # (M sin_sf - sin_st)/h
    excess = x.mu * (sf.sine + st.sine) - x.special_difference
    form.add_square(excess / (m * st.sine * sf.sine), across)
    form.add_product(-2 * M / (m * st.sine), across, moved)
    form.add_square(h * M / (m * st.sine), moved)


def _add_long(x: NetworkWithSplitSpecialRow, form: QuadraticForm, row: _Row) -> None:
    """What s' sees of the others."""
    h, q0, N, M = x.scale.h, x.scale.share(0), x.N, x.M
    students = combine((1, row.near), (-h * x.wt.slope, row.to_t))
    form.add_square(q0 * N / (M * x.wt.sine), students)
    teachers = combine((1, row.rest), (-h * x.te.slope, row.to_t))
    form.add_square(-q0 / (M * x.te.sine), teachers)
    short = combine((1, row.to_s), (-x.st.slope, row.to_t))
    form.add_square(h * x.m / (M * x.st.sine), short)
    tilt = h * x.special_sine * x.special_sine
    own = combine((tilt, row.special), (-x.d * q0 * x.G / (M * M), row.rest))
    form.add_square(-h / (M * x.special_sine), own)


def _add_both(x: NetworkWithSplitSpecialRow, form: QuadraticForm, short: _Row, long: _Row) -> None:
    """The pair of s and s'."""
    st, q0 = x.st, x.scale.share(0)
    form.add_product(2 * st.supplement * q0, short.rest, long.rest)
    form.add_product(2 * st.supplement, short.special, long.special)
    inverse = 2 / st.sine
    form.add_product(inverse, short.to_s, long.to_t)
    form.add_product(inverse, short.to_t, long.to_s)
    form.add_product(-inverse * st.slope, short.to_s, long.to_s)
    form.add_product(-inverse * st.slope, short.to_t, long.to_t)


def _off_span(x: NetworkWithSplitSpecialRow) -> ComponentForm:
    names = ("x", "y", "z")
    found = ComponentForm("off_span", QuadraticForm(names), QuadraticForm(names))
    form, q0, e = found.form, x.scale.share(0), x.scale.e
    rows, short, long = ({name: 1} for name in names)
    form.add_square(x.ww.supplement + e * (x.R_w - x.ww.supplement) / q0, rows)
    form.add_square(x.R_s, short)
    form.add_square(x.R_t, long)
    form.add_product(2 * x.ws.supplement, rows, short)
    form.add_product(2 * x.wt.supplement, rows, long)
    form.add_product(2 * x.st.supplement, short, long)
    found.gram.add_square(e / q0, rows)
    found.gram.add_square(1, short)
    found.gram.add_square(1, long)
    return found
