"""The Hessian of A with one neuron more on its isotypic components; see `forms`.

The rows of class w have the forms of A, with their force; the further row s, |s| = h F, adds what
stands below. T is the angle of a row w_i and s, cos T = h K_4, and gamma' and so on are those of A.

s_p, u_s = eta v: u_s is orthogonal to s, u_i.s^ = v_i Z with Z = h alpha + beta, u_s.w_j^ = eta v_j
(a - b)/N, and the sum of all rows w is (alpha + gamma) v. With Z' = Z - h K_4 L, s adds

    (h F/(N sin_4)) Z'^2 + 2 P_4 (alpha + gamma) eta + 2 ((a - b)/(N sin_4)) eta Z'
        + [R_s + ((a - b)^2/(N sin_4) - 1/sin_5)/(h F)] eta^2,

where (a - b)^2 = 1 + h^3 g, so that the last term is e (g sin_5 - nu sin_4) + (sin_5 - sin_4)/h
over F N sin_4 sin_5.

t, u_s = h eta 1: u_s is parallel to s, so that nothing is left of its pairs with w_j and e_j but
pi |u_s|^2. With u_i.s^ = e beta, u_i.w_i^ = h L and the sum h beta 1 of all rows w, s adds

    (h e F/(N sin_4)) (beta - K_4 L)^2 + 2 P_4 beta eta + 2 sin_4 (L/h) eta + pi eta^2.

Inputs off the span: on rows w that are all the same, with the sum x, and y of s, it adds
2 P_4 x y + R_s y^2.
"""

from __future__ import annotations

from relu_landscape.every_k.forms import ComponentForm, exterior_and_symmetric, off_span
from relu_landscape.every_k.further_row import NetworkWithFurtherRow
from relu_landscape.every_k.quadratic import QuadraticForm, combine
from relu_landscape.every_k.standard_components import first_standard
from relu_landscape.every_k.trivial_component import trivial

FURTHER = "eta"


def forms_with_further_row(x: NetworkWithFurtherRow) -> list[ComponentForm]:
    """Return the forms on all components of the span, and off it.

    Args:
        x: A with one neuron more at a scale and at values of its unknowns.
    """
    *rows, together = off_span(x)
    return [_trivial(x), _standard(x), *exterior_and_symmetric(x), *rows, _off_span(x, together)]


def _extended(known: ComponentForm) -> ComponentForm:
    """The form of class w with one coordinate more."""
    names = (*known.form.coordinates, FURTHER)
    found = ComponentForm(known.name, QuadraticForm(names), QuadraticForm(names))
    for form, old in ((found.form, known.form), (found.gram, known.gram)):
        for i, row in enumerate(old.matrix):
            for j, value in enumerate(row):
                form.matrix[i][j] = value
    found.gram.add_square(1, {FURTHER: 1})
    return found


def _standard(x: NetworkWithFurtherRow) -> ComponentForm:
    found = _extended(first_standard(x))
    form, scale, N = found.form, x.scale, x.N
    h, e = scale.h, scale.e
    eta = {FURTHER: 1}
    length = combine(
        (x.a / N, {"alpha": 1}),
        (h * x.w_sum / N, {"beta": 1}),
        (e * x.row_gap / N, {"gamma": 1}),
    )
    seen = combine((1, {"alpha": h, "beta": 1}), (-h * x.ws.slope, length))
    inverse = 1 / (N * x.ws.sine)
    form.add_square(h * x.F * inverse, seen)
    form.add_product(2 * x.ws.supplement, {"alpha": 1, "gamma": 1}, eta)
    form.add_product(2 * x.row_gap * inverse, eta, seen)
    # ((a - b)^2 - 1)/h^3
    longer = x.row_shift * (h * e * x.row_shift - 2)
    pairs = e * (longer * x.se.sine - x.nu * x.ws.sine) + h * e * x.sine_difference
    form.add_square(x.R_s + pairs * inverse / (x.se.sine * x.F), eta)
    return found


def _trivial(x: NetworkWithFurtherRow) -> ComponentForm:
    found = _extended(trivial(x))
    form, scale, N = found.form, x.scale, x.N
    h, e = scale.h, scale.e
    eta, beta = {FURTHER: 1}, {"beta": 1}
    # L/h
    lengths = {"alpha": x.a / N - e * x.w_sum / N, "beta": h * x.w_sum / N}
    seen = combine((1, beta), (-h * x.ws.slope, lengths))
    form.add_square(h * e * x.F / (N * x.ws.sine), seen)
    form.add_product(2 * x.ws.supplement, beta, eta)
    form.add_product(2 * x.ws.sine, lengths, eta)
    form.add_square(scale.pi, eta)
    return found


def _off_span(x: NetworkWithFurtherRow, together: ComponentForm) -> ComponentForm:
    found = _extended(together)
    found.form.add_product(2 * x.ws.supplement, {"x": 1}, {FURTHER: 1})
    found.form.add_square(x.R_s, {FURTHER: 1})
    return found
