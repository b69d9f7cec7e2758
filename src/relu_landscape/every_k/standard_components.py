"""The Hessian on s_p and s_m, the components of the standard representations; see `forms`."""

from __future__ import annotations

from relu_landscape.every_k.forms import (
    ComponentForm,
    add_pairs,
    gap_of_rows,
    gap_of_special_rows,
    standard_basis,
    turn_differences,
)
from relu_landscape.every_k.quadratic import Functional, QuadraticForm, combine
from relu_landscape.every_k.scaled_network import ScaledNetwork

COORDINATES = ("alpha", "beta", "gamma", "delta", "eta")


def first_standard(x: ScaledNetwork) -> ComponentForm:
    """s_p: u_i = alpha v_i e_i + h beta v_i 1_0 + gamma' v + s delta v_i 1_1,  u_a = s eta v.

    gamma' = (e/q_0)(gamma - eta/s), so that the sum of all rows is (alpha + gamma) v. The inner
    products of u_i: v_i L with w_i^, h (v_i X + v_j Z) with w_j^, X and Z being `near` and `far`;
    those with the e_j have the same form, those with f_a and s_a^ are divided by s.
    """
    names = COORDINATES if x.family.special_rows else COORDINATES[:3]
    found, L = standard_of_ordinary_rows(x, names)
    if x.family.special_rows:
        _add_special_rows(x, found, L)
    return found


def standard_of_ordinary_rows(
    x: ScaledNetwork, names: tuple[str, ...]
) -> tuple[ComponentForm, Functional]:
    """Return what s_p holds of rows w alone, but for their sum with others, and L.

    Args:
        x: a network with rows w.
        names: of the coordinates; of `COORDINATES`, those that are not among them count as zero.
    """
    scale = x.scale
    h, r, s, e, t = scale.h, scale.r, scale.s, scale.e, scale.t
    q0, q1, N = scale.share(0), scale.share(1), x.N
    form, gram, rows = QuadraticForm(names), QuadraticForm(names), QuadraticForm(names)
    alpha, beta, gamma, delta, _ = standard_basis(COORDINATES)
    single = {"gamma": h / q0, "eta": -r / q0}
    gap = gap_of_rows(x)
    L = combine(
        (x.a / N, alpha),
        (h * x.w_sum / N, beta),
        (h * gap / N, single),
        (t * s * x.chi / N, delta),
    )
    near = {"alpha": h * x.beta / N, "beta": x.w_sum / N, "delta": r * x.chi / N}
    far = combine((gap / N, single))

    rows.add_square(1, alpha)
    rows.add_product(2 * h, alpha, {**beta, **single})
    rows.add_square(q0, beta)
    rows.add_square(q0, single)
    rows.add_square(1, delta)
    form.add(x.R_w - x.ww.supplement, rows)
    form.add_square(scale.pi - x.R_w, L)

    inverse = 1 / x.ww.sine
    add_pairs(form, inverse, q1, e, combine((1, near), (-h * t * x.ww.slope, L)), far)
    form.add_square(-inverse, L)
    form.add_square(-e * inverse, near)
    form.add_square(-e * inverse, far)
    form.add_product(2 * q1 * inverse, near, far)
    tilt = 2 * t * h * x.ww.slope * inverse
    form.add_product(tilt, L, combine((e, near), (-q1, far)))

    teachers = combine((1, beta), (-h * x.we.slope, L))
    add_pairs(form, -1 / (N * x.we.sine), q1, e, teachers, single)
    own = combine((1, alpha), (h, beta), (h, single))
    rest = combine((q1 * x.own_b, beta), (-e * x.own_b, single), (x.own_c, delta))
    along = x.own_size * x.own_sine * x.own_sine
    own = combine((along, own), (-x.a / (N * N), rest))
    form.add_square(-x.own_size / (x.own_sine * N), own)

    gram.add(1, rows)
    form.add_square(x.ww.supplement, {**alpha, **gamma})
    return ComponentForm("s_p", form, gram), L


def _add_special_rows(x: ScaledNetwork, found: ComponentForm, L: Functional) -> None:
    scale, form, gram = x.scale, found.form, found.gram
    h, r, t = scale.h, scale.r, scale.t
    q0, N, M = scale.share(0), x.N, x.M
    alpha, _, gamma, delta, eta = standard_basis(COORDINATES)
    gap = gap_of_rows(x)
    gram.add_square(1, eta)
    once, twice = turn_differences(x)
    form.add_product(2 * h * r * once, eta, {**alpha, **gamma})
    form.add_square(t * twice + x.R_s - x.ss.supplement, eta)
    special = {
        "alpha": h * r * x.F / M,
        "beta": q0 * r * x.F / M,
        "delta": x.d_sum / M,
    }
    special = combine((1, special), (-h * r * x.ws.slope, L))
    form.add_square(M / (N * x.ws.sine), special)
    special_teachers = combine((1, delta), (-h * r * x.wf.slope, L))
    form.add_square(-1 / (N * x.wf.sine), special_teachers)
    form.add_product(2 * gap / (N * x.ws.sine), eta, special)
    form.add_square(gap * gap / (N * M * x.ws.sine) - 1 / (M * x.se.sine), eta)


def special_standard(x: ScaledNetwork) -> ComponentForm:
    """s_m: u_a = alpha v_a f_a + s beta v_a 1_1 + s gamma v + h delta v_a 1_0,  u_i = eta' v.

    eta' = (e/q_0)(eta - gamma/s), so that the sum of all rows is (alpha + eta) v; no beta at m = 2,
    where v 1_1^T + 1_1 v^T is diagonal. Inner products of u_a: v_a L with s_a^,
    s (v_a X + v_b Z) with s_b^; those with w_i^ and e_i are divided by h.
    """
    scale = x.scale
    h, r, s, e, w = scale.h, scale.r, scale.s, scale.e, scale.w
    q0, M = scale.share(0), x.M
    names = tuple(name for name in COORDINATES if name != "beta" or x.family.special_rows > 2)
    form, gram, rows = QuadraticForm(names), QuadraticForm(names), QuadraticForm(names)
    alpha, beta, gamma, delta, _ = standard_basis(COORDINATES)
    # sqrt(p) eta' sqrt(q_0)
    single = {"eta": h, "gamma": -r}
    gap = gap_of_special_rows(x)
    L = {
        "alpha": x.d / M,
        "beta": s * x.d_sum / M,
        "gamma": s * gap / M,
        "delta": h * q0 * x.F / M,
    }
    near = {"alpha": h * r * x.G / M, "beta": x.d_sum / M, "delta": r * q0 * x.F / M}
    far = {"gamma": gap / M}

    rows.add_square(1, alpha)
    rows.add_product(2 * s, alpha, {**beta, **gamma})
    rows.add_square(1, beta)
    rows.add_square(1, gamma)
    rows.add_square(q0, delta)
    form.add(x.R_s - x.ss.supplement, rows)
    form.add_square(scale.pi - x.R_s, L)

    inverse = 1 / x.ss.sine
    add_pairs(form, inverse, 1 - w, w, combine((1, near), (-h * r * x.ss.slope, L)), far)
    form.add_square(-inverse, L)
    form.add_square(-w * inverse, near)
    form.add_square(-w * inverse, far)
    form.add_product(2 * (1 - w) * inverse, near, far)
    tilt = 2 * x.ss.slope * inverse
    form.add_product(tilt, L, combine((e * s, near), (-h * r * (1 - w), far)))

    teachers = combine((1, beta), (-h * r * x.sf.slope, L))
    add_pairs(form, -1 / (M * x.sf.sine), 1 - w, w, teachers, gamma)
    own = combine((1, alpha), (s, beta), (s, gamma))
    rest = combine((r * (1 - w) * x.G, beta), (-h * s * x.G, gamma), (q0 * x.F, delta))
    own = combine((h * x.special_sine * x.special_sine, own), (-x.d / (M * M), rest))
    form.add_square(-h / (x.special_sine * M), own)

    _add_first_rows(x, form, L, single)
    gram.add(1, rows)
    gram.add_square(1 / q0, single)
    return ComponentForm("s_m", form, gram)


def _add_first_rows(
    x: ScaledNetwork, form: QuadraticForm, L: Functional, single: Functional
) -> None:
    """What s_m holds of the first rows; single: sqrt(p) eta' sqrt(q_0)."""
    scale = x.scale
    h, r, s, t = scale.h, scale.r, scale.s, scale.t
    q0, N, M = scale.share(0), x.N, x.M
    alpha, _, gamma, delta, eta = standard_basis(COORDINATES)
    gap = gap_of_special_rows(x)
    other = {"alpha": h * x.chi / N, "beta": r * x.chi / N, "delta": x.w_sum / N}
    other = combine((1, other), (-h * x.ws.slope, L))
    form.add_square(N * q0 / (M * x.ws.sine), other)
    other_teachers = combine((1, delta), (-h * x.se.slope, L))
    form.add_square(-q0 / (M * x.se.sine), other_teachers)
    form.add_product(2 * gap / (M * x.ws.sine), single, other)
    turned = x.R_w - x.ww.supplement + gap * gap / (N * M * x.ws.sine) - 1 / (N * x.wf.sine)
    form.add_square(turned / q0, single)

    once, twice = turn_differences(x)
    total = {**alpha, **eta}
    special = combine((s, alpha), (1, gamma))
    form.add_square(x.ww.supplement, total)
    form.add_product(2 * h * r * once, special, total)
    form.add_square(t * twice, special)
