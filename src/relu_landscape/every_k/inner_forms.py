r"""The inner Hessians of all families on all components: what splits of either kind add.

H'_ii maps w_i to zero; on vectors u orthogonal to it, with R the force along it and T the angles,

    2 pi |w_i| u.H'_ii u = |w_i| (R - pi) |u|^2 + sum |w_j| (u.w_j^)^2/sin T - sum (u.v)^2/sin T.

The symmetries of the neuron leave alone t, the span of its own coordinate and of the sums of the
others in either class; off w_i that is spanned, for a row w and for a row s, n = m - 1, by

    u_1 = 1'/sqrt(p - 1) - sqrt(q_1) h (beta/a) e_i,   u_2 = 1_1/sqrt(m) - sqrt(m) e (chi/a) e_i,
    u_1 = 1_0/sqrt(p) - sqrt(q_0) h (F/d) f_a,         u_2 = 1'_1/sqrt(n) - sqrt(n) e (G/d) f_a,

1' and 1'_1 the sums of the others of the class, 1_0 and 1_1 those of all. At u = y u_1 + z u_2 the
form is, for a row w, with x = 1 - e beta/a,

    (t rho_w - o S_w) |u|^2 - o l^2/S_w
        + (X y + r sqrt(q_1) chi x z)^2/(N sin_1) - y^2/sin_2
        + (Z z + r sqrt(q_1) F x y)^2/(M sin_4) - z^2/sin_3,
    o l = u.e_i,  X = 1 + e xi,  xi = (t/e) Y - beta - q_1 beta^2/a,
    Z = -sigma + e zeta,  zeta = D + (m - 1) G - t chi F/a,

and for a row s, with x = sqrt(n) (1 - e G/d),

    (rho_s - h S_s) |u|^2 - h l^2/S_s
        + (X y + h sqrt(q_0) chi x z)^2/(N sin_4) - y^2/sin_5
        + (Z z + h sqrt(q_0) F x y)^2/(M sin_6) - z^2/sin_7,
    h l = u.f_a,  xi = (t/e) Y - q_0 F chi/d,  zeta = D + (n - 1) G - n e G^2/d.

The ones on the diagonal cancel: X^2/(N sin) - 1/sin' and Z^2/(M sin) - 1/sin' are e times what
`_excess` and `_special_excess` return, so that all is divided by h. On vectors of sum zero over the
special coordinates the form is a number, with d - g for Z, zeta = D - G; over the first ones it is
that of `inner_eigenvalues`; off the span it is the force alone. Those of a row w of II are divided
by h^2.
"""

from __future__ import annotations

from dataclasses import dataclass

from relu_landscape.every_k.generic_numbers import Number, root
from relu_landscape.every_k.inner_eigenvalues import inner_eigenvalues
from relu_landscape.every_k.quadratic import QuadraticForm
from relu_landscape.every_k.scaled_network import NearOrthogonal, ScaledNetwork


@dataclass(frozen=True)
class InnerForm:
    """The inner Hessian of a neuron on one component, off the neuron.

    neuron_class: w or s; irrep: as in `symmetry.inner_hessian`, or "off_span"; power: of h; form:
    2 pi |w_i| H'_ii/h^power; gram: the Gram matrix of the same vectors.
    """

    neuron_class: str
    irrep: str
    power: int
    form: QuadraticForm
    gram: QuadraticForm


def inner_forms(x: ScaledNetwork) -> list[InnerForm]:
    """Return the inner Hessians of both classes of rows, on all components, and off the span.

    Args:
        x: a family at a scale and at values of its unknowns, critical or not.
    """
    found = [_of_row(x), *_numbers_of_row(x)]
    if x.family.special_rows:
        found += [_of_special_row(x), *_numbers_of_special_row(x)]
    lengths = {"w": x.N, "s": x.M}
    irreps = {"w": "s_{p-1}", "s": "s_p"}
    for y in inner_eigenvalues(x):
        value = y.coefficient * (2 * x.scale.pi * lengths[y.neuron_class])
        found.append(_number(y.neuron_class, irreps[y.neuron_class], y.power, value))
    return found


def _of_row(x: ScaledNetwork) -> InnerForm:
    scale, unit, a = x.scale, x.family.unit, x.a
    h, e, wide = scale.h, scale.e, root(scale.share(1))
    form, gram = _forms(2 if x.family.special_rows else 1)
    near = 1 - e * x.beta / a
    shift = unit * x.w_sum_shift - x.beta - scale.share(1) * x.beta * x.beta / a
    rows, special = 1 / (x.N * x.ww.sine), 1 / (x.M * x.ws.sine)
    rest, other = wide * x.F * near, wide * x.chi * near
    bend = scale.t * scale.t * x.ww.bend
    top = _excess(x, shift, x.we, x.ww.sine, bend) + unit * rest * rest * special
    form.add_square(h * top, {"y": 1})
    if x.family.special_rows:
        special_shift = x.D + (unit - 1) * x.G - scale.t * x.chi * x.F / a
        bottom = _special_excess(x, special_shift, x.wf, x.ws)
        form.add_square(h * (bottom + unit * other * other * rows), {"z": 1})
        side = (1 + e * shift) * other * rows + (e * special_shift - x.family.sign) * rest * special
        form.add_product(2 * side / scale.s, {"y": 1}, {"z": 1})
    own = {"y": wide * x.own_b / a, "z": x.own_c / a}
    over = scale.r if x.family.sign == 1 else 1
    gram.add_square(x.own_size * x.own_size, own)
    form.add(unit * h * x.rho_w - over * x.own_sine, gram)
    form.add_square(-over / x.own_sine, own)
    return InnerForm("w", "t", 1, form, gram)


def _of_special_row(x: ScaledNetwork) -> InnerForm:
    scale, others = x.scale, x.family.special_rows - 1
    h, e, wide = scale.h, scale.e, root(scale.share(0))
    form, gram = _forms(2 if others else 1)
    near = 1 - e * x.G / x.d
    shift = x.family.unit * x.w_sum_shift - scale.share(0) * x.F * x.chi / x.d
    rows = 1 / (x.N * x.ws.sine)
    form.add_square(h * _excess(x, shift, x.se, x.ws.sine, x.ws.bend), {"y": 1})
    own = {"y": wide * x.F / x.d}
    if others:
        root_of_others = root(scale.pi * 0 + others)
        special = 1 / (x.M * x.ss.sine)
        rest, other = wide * x.F * near, wide * x.chi * near
        special_shift = x.D + (others - 1) * x.G - others * e * x.G * x.G / x.d
        bottom = _special_excess(x, special_shift, x.sf, x.ss)
        form.add_square(h * others * rest * rest * special, {"y": 1})
        form.add_square(h * (bottom + others * other * other * rows), {"z": 1})
        side = (1 + e * shift) * other * rows + (e * special_shift - x.family.sign) * rest * special
        form.add_product(2 * side * root_of_others, {"y": 1}, {"z": 1})
        own["z"] = root_of_others * h * x.G / x.d
    gram.add_square(e, own)
    form.add(_special_force(x), gram)
    form.add_square(-1 / x.special_sine, own)
    return InnerForm("s", "t", 1, form, gram)


def _numbers_of_row(x: ScaledNetwork) -> list[InnerForm]:
    scale, unit = x.scale, x.family.unit
    if x.family.sign == 1:
        power, size, force = 2, 1, unit * x.rho_w - x.own_sine / scale.s
    else:
        power, size, force = 1, scale.h, unit * scale.h * x.rho_w - x.own_sine
    found = [_number("w", "off_span", power, force)]
    if x.family.special_rows > 1:
        excess = _special_excess(x, x.D - x.G, x.wf, x.ws)
        found.append(_number("w", "s_m", power, force + size * excess))
    return found


def _numbers_of_special_row(x: ScaledNetwork) -> list[InnerForm]:
    force = _special_force(x)
    found = [_number("s", "off_span", 1, force)]
    if x.family.special_rows > 2:
        excess = _special_excess(x, x.D - x.G, x.sf, x.ss)
        found.append(_number("s", "s_{m-1}", 1, force + x.scale.h * excess))
    return found


def _special_force(x: ScaledNetwork) -> Number:
    """(rho_s - h S_s)/h."""
    return x.scale.h * (x.family.unit * x.kappa + x.x_s) - x.special_sine


def _excess(
    x: ScaledNetwork, shift: Number, teacher: NearOrthogonal, sine: Number, bend: Number
) -> Number:
    """((1 + e shift)^2/(N sin) - 1/sin')/e for rows w at this sine and a teacher."""
    e = x.scale.e
    found = shift * (2 + e * shift) * teacher.sine
    found = found + e * (bend - teacher.bend) - x.scale.t * x.nu * sine
    return found / (x.N * sine * teacher.sine)


def _special_excess(
    x: ScaledNetwork, shift: Number, teacher: NearOrthogonal, student: NearOrthogonal
) -> Number:
    """((-sigma + e shift)^2/(M sin) - 1/sin')/e for rows s and a teacher."""
    e = x.scale.e
    found = shift * (e * shift - 2 * x.family.sign) * teacher.sine
    found = found + e * (student.bend - teacher.bend) - x.mu * student.sine
    return found / (x.M * student.sine * teacher.sine)


def _forms(size: int) -> tuple[QuadraticForm, QuadraticForm]:
    """A form that is zero, and the Gram matrix of orthonormal vectors."""
    coordinates = ("y", "z")[:size]
    gram = QuadraticForm(coordinates)
    for name in coordinates:
        gram.add_square(1, {name: 1})
    return QuadraticForm(coordinates), gram


def _number(neuron_class: str, irrep: str, power: int, value: Number) -> InnerForm:
    form, gram = _forms(1)
    form.add_square(value, {"y": 1})
    return InnerForm(neuron_class, irrep, power, form, gram)
