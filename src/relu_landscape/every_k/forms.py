r"""The Hessian on each isotypic component, along test vectors that keep it finite at h = 0.

On a component the Hessian is a small matrix K = 2 pi <U_i, H U_j> along vectors U_i that span one
copy each, v a unit vector of the standard representation, 1_0 and 1_1 the sums of the first p and
of the other m coordinates. Definiteness survives every congruence, so the U_i are scaled, and
combined, until no entry has a negative power of h, nor of s; the Gram matrix <U_i, U_j> beside K
gives back the eigenvalues: K - 2 pi c Gram > 0 says that all of them are above c.

The diagonal blocks, for a neuron of length N and unit vector w^, R its force, at angles T:

    2 pi u.H_ii u = R |u|^2 - (R - pi) (u.w^)^2
        + (1/N) sum over other students |w_j| (u.w_j^ - cos T u.w^)^2 / sin T
        - (1/N) sum over teachers (u.v - cos T u.w^)^2 / sin T,

and the others: 2 pi u_i.H_ij u_j = (pi - T) u_i.u_j + (1/sin T) [(u_i.w_i^)(w_j^.u_j)
+ (u_i.w_j^)(w_i^.u_j) - cos T ((u_i.w_i^)(w_i^.u_j) + (u_i.w_j^)(w_j^.u_j))].

Own teacher, with sin T = o S: u.e - (a/N) u.w^ = sin^2 T (u.e) - (a/N^2) (u.w - a u.e), of size o;
so the square is divided by o^2 and o/S is left. In the larger components, `standard_components`
and `trivial_component`, sums over the pairs of rows of one class are

    sum_{i != j} (v_i X + v_j Z)^2 = (p - 1)(X^2 + Z^2) - 2 X Z,
    sum_{i != j} (v_i X + v_j Z)(v_j X + v_i Z) = 2 (p - 1) X Z - X^2 - Z^2.

The terms (pi - T) u_i.u_j of all pairs are P_1 |all rows|^2 + 2 (P_4 - P_1)(class s).(all rows)
+ (P_1 - 2 P_4 + P_6)|class s|^2 - P_1 sum |u_i|^2 - P_6 sum |u_a|^2: the test vectors have the sum
of all rows as a coordinate, and the differences have a factor e,

    P_4 - P_1 = e (b_4 - t b_1),   P_1 - 2 P_4 + P_6 = e (t b_1 - 2 b_4 + b_6).

x_p and y_p: U has rows u_i on the first p coordinates, a symmetric (antisymmetric) matrix with zero
diagonal and row sums. Then 2 pi times the eigenvalue is R_w - P_1 - 1/(N sin_2) for y, and
2 (a - b)^2/(N^2 sin_1) more for x; likewise for x_m, y_m.
"""

from __future__ import annotations

from dataclasses import dataclass

from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.quadratic import Functional, QuadraticForm
from relu_landscape.every_k.scaled_network import ScaledNetwork


@dataclass(frozen=True)
class ComponentForm:
    """The Hessian on one isotypic component.

    name: as in `symmetry.isotypic`, or "off_span"; form: K; gram: the Gram matrix. K/(2 pi) is what
    the Hessian is, in the same test vectors.
    """

    name: str
    form: QuadraticForm
    gram: QuadraticForm


def standard_basis(names: tuple[str, ...]) -> list[Functional]:
    """Return each coordinate as a functional."""
    return [{name: 1} for name in names]


def turn_differences(x: ScaledNetwork) -> tuple[Number, Number]:
    """Return (P_4 - P_1)/e and (P_1 - 2 P_4 + P_6)/e."""
    first = x.scale.t * x.ww.turn
    return x.ws.turn - first, first - 2 * x.ws.turn + x.ss.turn


def gap_of_rows(x: ScaledNetwork) -> Number:
    """Return a - b."""
    return x.row_gap


def gap_of_special_rows(x: ScaledNetwork) -> Number:
    """Return d - g."""
    return x.d - x.scale.e * x.G


def exterior_and_symmetric(x: ScaledNetwork) -> list[ComponentForm]:
    """y_p and x_p."""
    exterior = x.R_w - x.ww.supplement - 1 / (x.N * x.we.sine)
    gap = gap_of_rows(x) / x.N
    return [
        _number("y_p", exterior),
        _number("x_p", exterior + 2 * gap * gap / x.ww.sine),
    ]


def special_exterior_and_symmetric(x: ScaledNetwork) -> list[ComponentForm]:
    """y_m and, for m > 3, x_m."""
    exterior = x.R_s - x.ss.supplement - 1 / (x.M * x.sf.sine)
    gap = gap_of_special_rows(x) / x.M
    found = [_number("y_m", exterior)]
    if x.family.special_rows > 3:
        found.append(_number("x_m", exterior + 2 * gap * gap / x.ss.sine))
    return found


def product(x: ScaledNetwork) -> ComponentForm:
    """s_p*s_m: u_i = alpha v_i v', u_a = eta v'_a v."""
    form, gram = QuadraticForm(("alpha", "eta")), QuadraticForm(("alpha", "eta"))
    alpha, eta = standard_basis(("alpha", "eta"))
    gap, special_gap = gap_of_rows(x), gap_of_special_rows(x)
    shared = x.N * x.M * x.ws.sine
    form.add_square(
        x.R_w - x.ww.supplement + special_gap * special_gap / shared - 1 / (x.N * x.wf.sine), alpha
    )
    form.add_square(x.R_s - x.ss.supplement + gap * gap / shared - 1 / (x.M * x.se.sine), eta)
    form.add_product(2 * gap * special_gap / shared, alpha, eta)
    for functional in (alpha, eta):
        gram.add_square(1, functional)
    return ComponentForm("s_p*s_m", form, gram)


def off_span(x: ScaledNetwork) -> list[ComponentForm]:
    """The Hessian along a unit vector orthogonal to the span.

    2 pi H has R on the diagonal and pi - T off it. On vectors of sum zero over a class it is a
    number. On x_i = x', x_a = s y with x' = (e/q_0)(x - y/s), so that the sum of all is x, it is a
    form of two coordinates.
    """
    scale, coordinates = x.scale, ("x", "y")
    form = QuadraticForm(coordinates if x.family.special_rows else coordinates[:1])
    gram = QuadraticForm(form.coordinates)
    first, second = standard_basis(coordinates)
    single = {"x": scale.h, "y": -scale.r}
    share = scale.share(0)
    form.add_square(x.ww.supplement, first)
    form.add_square((x.R_w - x.ww.supplement) / share, single)
    gram.add_square(1 / share, single)
    found = [off_span_of_ordinary_rows(x)]
    if x.family.special_rows:
        once, twice = turn_differences(x)
        form.add_square(scale.t * twice + x.R_s - x.ss.supplement, second)
        form.add_product(2 * scale.h * scale.r * once, first, second)
        gram.add_square(1, second)
    if x.family.special_rows > 1:
        found.append(_number("off_span", x.R_s - x.ss.supplement))
    return [*found, ComponentForm("off_span", form, gram)]


def off_span_of_ordinary_rows(x: ScaledNetwork) -> ComponentForm:
    """The same on rows w alone, with a sum of zero."""
    return _number("off_span", x.R_w - x.ww.supplement)


def add_pairs(
    form: QuadraticForm,
    factor: Number,
    most: Number,
    one: Number,
    near: Functional,
    far: Functional,
) -> None:
    """Add factor (most (X^2 + Z^2) - 2 one X Z), the sum of squares over the pairs of a class."""
    form.add_square(factor * most, near)
    form.add_square(factor * most, far)
    form.add_product(-2 * factor * one, near, far)


def _number(name: str, value: Number) -> ComponentForm:
    form, gram = QuadraticForm(("alpha",)), QuadraticForm(("alpha",))
    form.add_square(value, {"alpha": 1})
    gram.add_square(1, {"alpha": 1})
    return ComponentForm(name, form, gram)
