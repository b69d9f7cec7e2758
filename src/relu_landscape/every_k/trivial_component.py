"""The Hessian on the trivial component t, the fixed-point space itself; see `forms`."""

from __future__ import annotations

from dataclasses import dataclass

from relu_landscape.every_k.forms import ComponentForm, standard_basis, turn_differences
from relu_landscape.every_k.quadratic import Functional, QuadraticForm, combine
from relu_landscape.every_k.residual import opposition
from relu_landscape.every_k.scaled_network import ScaledNetwork

COORDINATES = ("alpha", "beta", "delta", "zeta", "eta", "xi")


def trivial(x: ScaledNetwork) -> ComponentForm:
    """t: u_i = alpha' e_i + beta' 1_0 + delta' 1_1,  u_a = s zeta f_a + w xi 1_1 + h s eta 1_0.

    Three sums over all rows are coordinates: that of the lengths u.w^, up to their signs, and those
    of the entries on one of the first and on one of the other coordinates,

        p alpha' - m s zeta = alpha,
        alpha' + p beta' + m h s eta = h beta,
        p delta' + s zeta + m w xi = s delta.

    With alpha' = h a', beta' = e b' and delta' = e d',

        a' = (h alpha + r zeta)/q_0,  b' = (h beta - h a' - r eta)/q_0,
        d' = (s (delta - zeta) - xi)/q_0.

    The terms (u_i.w_i^)(w_j^.u_j)/sin T of all pairs are the square of the sum of all u.w^, up to
    terms with 1/sin - 1; in the sum the zeta of the classes cancel: (a/N + d/M)/s = h r opposition.
    """
    names = {0: COORDINATES[:2], 1: COORDINATES[:5]}.get(x.family.special_rows, COORDINATES)
    found, rows = trivial_of_ordinary_rows(x, names)
    scale, form = x.scale, found.form
    h, r, t = scale.h, scale.r, scale.t
    q0, N, M = scale.share(0), x.N, x.M
    alpha, beta, _, zeta, eta, xi = standard_basis(COORDINATES)
    own, rest, special = rows.own, rows.rest, rows.special
    # products of lengths
    lengths = combine(
        (x.a / N, alpha), (h * x.w_sum / N, beta), (-h * x.w_sum / N, own), (-r * x.w_sum / N, eta)
    )
    if x.family.special_rows:
        lengths = combine(
            (1, lengths),
            (t * q0 * x.chi / N, special),
            (x.d_sum / M, xi),
            (r * q0 * x.F / M, eta),
            (h * r * opposition(x), zeta),
        )
        across = combine(
            (h * r * x.F / M, own), (r * q0 * x.F / M, rest), (r * x.d_sum / M, special)
        )
        _add_special_rows(x, form, found.gram)
        _add_both_classes(x, form, rows.L, across, special)
    form.add_square(1, lengths)
    return found


@dataclass(frozen=True)
class OrdinaryRows:
    """u_i = h own e_i + e rest 1_0 + e special 1_1, and u_i.w_i^ = h L."""

    own: Functional
    rest: Functional
    special: Functional
    L: Functional


def trivial_of_ordinary_rows(
    x: ScaledNetwork, names: tuple[str, ...]
) -> tuple[ComponentForm, OrdinaryRows]:
    """Return what t holds of rows w alone, without the products of their lengths.

    Args:
        x: a network with rows w.
        names: of the coordinates; of `COORDINATES`, those that are not among them count as zero.
    """
    scale = x.scale
    h, r, s, e, t = scale.h, scale.r, scale.s, scale.e, scale.t
    q0, q1, N = scale.share(0), scale.share(1), x.N
    form, gram = QuadraticForm(names), QuadraticForm(names)
    _, beta, _, _, eta, _ = standard_basis(COORDINATES)
    own = {"alpha": h / q0, "zeta": r / q0}
    rest = combine((h / q0, beta), (-h / q0, own), (-r / q0, eta))
    special = {"delta": s / q0, "zeta": -s / q0, "xi": -1 / q0}

    # u_i . w_i^ / h, and u_j . w_i^ / e
    L = combine((x.a / N, own), (h * x.w_sum / N, rest), (h * t * x.chi / N, special))
    near = combine((h * x.beta / N, own), (x.w_sum / N, rest), (t * x.chi / N, special))
    rows = QuadraticForm(names)
    rows.add_square(q0, own)
    rows.add_product(2 * q0 * h, own, rest)
    rows.add_square(q0 * q0, rest)
    rows.add_square(q0 * t, special)
    form.add(x.R_w - x.ww.supplement, rows)
    form.add_square(q0 * (scale.pi - x.R_w), L)
    pairs, inverse = q0 * q1, 1 / x.ww.sine
    tilt = t * h * x.ww.slope
    form.add_square(pairs * inverse, combine((1, near), (-tilt, L)))
    form.add_square(pairs * inverse, near)
    form.add_product(-2 * pairs * inverse * tilt, L, near)
    form.add_square(-pairs / (N * x.we.sine), combine((1, rest), (-h * x.we.slope, L)))
    # the own teacher; own products of `rest` are h larger in units of `own`
    bent = combine((1, own), (h, rest))
    aside = combine((q1 * x.own_b, rest), (r * x.own_c, special))
    along = x.own_size * x.own_sine * x.own_sine
    bent = combine((along, bent), (-x.a / (N * N), aside))
    form.add_square(-q0 * x.own_size / (x.own_sine * N), bent)
    bend = q0 * q0 * e * t * t * x.ww.bend * inverse
    form.add_square(bend - q0 * inverse, L)
    form.add_square(q0 * x.ww.supplement, beta)
    gram.add(1, rows)
    return ComponentForm("t", form, gram), OrdinaryRows(own, rest, special, L)


def _add_special_rows(x: ScaledNetwork, form: QuadraticForm, gram: QuadraticForm) -> None:
    """What holds the special rows alone, and the differences of P in the sums over all rows."""
    scale = x.scale
    h, r, s, e, t, w = scale.h, scale.r, scale.s, scale.e, scale.t, scale.w
    q0, M = scale.share(0), x.M
    _, beta, delta, zeta, eta, xi = standard_basis(COORDINATES)
    L, _ = _special_products(x)
    near = {"zeta": h * r * x.G / M, "xi": x.d_sum / M, "eta": r * q0 * x.F / M}
    rows = QuadraticForm(form.coordinates)
    rows.add_square(1, zeta)
    rows.add_product(2 * s, zeta, xi)
    rows.add_square(1, xi)
    rows.add_square(q0, eta)
    gram.add(1, rows)
    form.add(x.R_s - x.ss.supplement, rows)
    inverse = 1 / x.ss.sine
    form.add_square(scale.pi - x.R_s + (e * t * x.ss.bend - 1) * inverse, L)
    tilt = h * r * x.ss.slope
    form.add_square((1 - w) * inverse, combine((1, near), (-tilt, L)))
    form.add_square((1 - w) * inverse, near)
    form.add_product(-2 * (1 - w) * inverse * tilt, L, near)
    teachers = combine((1, xi), (-h * r * x.sf.slope, L))
    form.add_square(-(1 - w) / (M * x.sf.sine), teachers)
    teachers = combine((1, eta), (-h * x.se.slope, L))
    form.add_square(-q0 / (M * x.se.sine), teachers)
    aside = combine((r * (1 - w) * x.G, xi), (q0 * x.F, eta))
    own = combine((1, zeta), (s, xi))
    own = combine((h * x.special_sine * x.special_sine, own), (-x.d / (M * M), aside))
    form.add_square(-h / (x.special_sine * M), own)
    once, twice = turn_differences(x)
    form.add_square(x.ww.supplement, delta)
    form.add_product(2 * q0 * h * r * once, beta, eta)
    form.add_square(q0 * t * twice, eta)
    column = combine((s, zeta), (1, xi))
    form.add_product(2 * h * r * once, column, delta)
    form.add_square(t * twice, column)


def _add_both_classes(
    x: ScaledNetwork, form: QuadraticForm, L: Functional, across: Functional, special: Functional
) -> None:
    """Pairs of the two classes.

    L: u_i.w_i^/h; across: u_i.s_a^/(h s); special: delta'/e.
    """
    scale = x.scale
    h, r, s, t = scale.h, scale.r, scale.s, scale.t
    q0, N, M = scale.share(0), x.N, x.M
    special_L, back = _special_products(x)
    inverse, slope = q0 / x.ws.sine, x.ws.slope
    form.add_square(inverse * M / N, combine((1, across), (-h * r * slope, L)))
    form.add_square(inverse * N / M, combine((1, back), (-h * slope, special_L)))
    form.add_product(2 * inverse, back, combine((1, across), (-h * r * slope, L)))
    form.add_product(-2 * inverse * h * slope, across, special_L)
    form.add_product(2 * inverse * t * h * s * x.ws.bend, L, special_L)
    teachers = combine((r, special), (-h * r * x.wf.slope, L))
    form.add_square(-q0 / (N * x.wf.sine), teachers)


def _special_products(x: ScaledNetwork) -> tuple[Functional, Functional]:
    """u_a.s_a^/s and u_a.w_i^/(h s)."""
    scale = x.scale
    h, r, N, M = scale.h, scale.r, x.N, x.M
    L = {
        "zeta": x.d / M,
        "xi": scale.s * x.d_sum / M,
        "eta": h * scale.share(0) * x.F / M,
    }
    return L, {"zeta": h * x.chi / N, "xi": r * x.chi / N, "eta": x.w_sum / N}
