"""The scaled formulas are the unscaled ones: identities, not equal numbers."""

import pytest

from helpers_every_k_identities import PI, Residue, dense, product
from relu_landscape.every_k.inner_eigenvalues import inner_eigenvalues
from relu_landscape.every_k.residual import residual
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaled_loss import norm_gap, scaled_loss

# Sizes whose roots exist modulo the prime.
SIZES = [("A", 0, 9), ("I", 1, 8), ("II", 1, 8), ("I", 2, 6), ("II", 2, 6), ("I", 4, 4),
         ("II", 4, 4)]  # fmt: skip
members = pytest.mark.parametrize(("name", "m", "p"), SIZES)


def equations(net):
    """E_1, ..., E_6 as far as there are."""
    first, found = net.gradient(0), net.gradient(net.k - 1)
    values = [first[0], first[1]]
    if net.m:
        values += [first[net.k - 1], found[0], found[net.k - 1]]
    return values + ([found[net.k - 2]] if net.m > 1 else [])


@members
def test_the_residual_is_the_gradient(name, m, p):
    net = dense(name, m, p)
    t, e = net.x.scale.t, net.x.scale.e
    E = equations(net)
    expected = [E[0] / t, E[1] / t]
    if m:
        expected += [E[2] if name == "II" else E[2] / t, (E[3] - E[1]) / e]
        expected += [(E[4] - E[2] + E[0] - E[1]) / e]
    if m > 1:
        expected += [(E[5] - E[2]) / e]
    assert residual(net.x) == expected


def expected_forms(net):
    """Name -> test vectors by coordinate, and the square of the profiles."""
    found = {"t": (net.trivial, 1), "s_p": (net.first_standard, 2)}
    found |= {"s_m": (net.special_standard, 2), "s_p*s_m": (net.product_vectors, 4)}
    for block, letter in enumerate("pm"):
        found[f"x_{letter}"] = (lambda block=block, **_: net.single(block, 1), 8)
        found[f"y_{letter}"] = (lambda block=block, **_: net.single(block, -1), 6)
    return found


@pytest.mark.slow
@members
def test_forms_are_the_hessian_along_their_vectors(name, m, p):
    net = dense(name, m, p)
    forms = [x for x in component_forms(net.x) if x.name != "off_span"]
    known = expected_forms(net)
    for x in forms:
        vectors, square = known[x.name]
        U = [vectors(**{coordinate: 1}) for coordinate in x.form.coordinates]
        for i, u in enumerate(U):
            for j, z in enumerate(U[: i + 1]):
                assert x.form.matrix[i][j] == net.form(u, z) / square, (x.name, i, j)
                gram = sum((product(a, b) for a, b in zip(u, z, strict=True)), Residue(0))
                assert x.gram.matrix[i][j] == gram / square, (x.name, i, j)


@members
def test_forms_off_the_span(name, m, p):
    net = dense(name, m, p)
    apart = [net.profile(0), net.profile(1)][: 1 + (m > 1)]
    *numbers, whole = [x for x in component_forms(net.x) if x.name == "off_span"]
    for x, u in zip(numbers, apart, strict=True):
        assert x.form.matrix[0][0] == net.off_span_form(u, u) / 2
    U = [net.off_span_vector(**{coordinate: 1}) for coordinate in whole.form.coordinates]
    for i, u in enumerate(U):
        for j, z in enumerate(U[: i + 1]):
            assert whole.form.matrix[i][j] == net.off_span_form(u, z)
            assert whole.gram.matrix[i][j] == product(u, z)


@members
def test_inner_eigenvalues_are_those_of_the_pairs(name, m, p):
    net = dense(name, m, p)
    u = [Residue((j == 1) - (j == 2)) for j in range(net.k)]
    for x, i in zip(inner_eigenvalues(net.x), (0, net.k - 1), strict=False):
        # H' = H - I/2
        expected = (net.h1(i, u, u) - PI * product(u, u)) / (2 * PI) / 2
        assert x.coefficient * power(net.x.scale.h, x.power) == expected


def power(x, n):
    return x if n == 1 else x * power(x, n - 1)


@members
def test_the_loss_is_half_of_what_lacks_pairs_of_students(name, m, p):
    """And multiples of the equations, which vanish at a critical point."""
    net = dense(name, m, p)
    c, E = net.x.scale, equations(net)
    if name == "II":
        expected = (net.loss() * c.w + E[0] / c.t - E[1] + E[2]) / c.e
    elif m:
        added = (1 + c.share(0)) * E[1] / c.t - E[0] / c.t + E[2]
        expected = net.loss() + added / c.w
    else:
        expected = net.loss()
    assert scaled_loss(net.x) * (4 * PI) == expected
    if name == "II":
        lengths = sum(net.lengths, start=Residue(0))
        gap = (net.k - lengths) / (c.e * c.e) * c.w
        assert norm_gap(net.x) == gap + net.x.N / net.x.a * (E[0] - E[1]) / (c.t * c.e)
