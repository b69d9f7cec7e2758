"""The local law next to global minima of n > k, beside the loss in extended precision."""

import mpmath
import numpy as np
import pytest
from scipy.optimize import approx_fprime

from relu_landscape.global_minima.constructions import valley_constants
from relu_landscape.global_minima.valley_law import (
    TeacherValley,
    least_valley_constant,
    simplex_displacements,
    simplex_valley_constant,
    valley_coordinates,
    valley_gradient,
    valley_loss,
)
from relu_landscape.objective import reference_gradient, reference_to_float64
from relu_landscape.single_teacher.expansions import extended_loss, random_valleys

SHARES = np.array([0.5, 0.2, 0.3])


def displacements(seed, shape=(3, 4)):
    u = np.random.default_rng(seed).normal(size=shape)
    return u - u.mean(axis=0)


@pytest.mark.parametrize("share", [0.5, 0.3, 0.01])
def test_a_pair_has_the_constant_of_theorem_9(share):
    # u_1 = -u_2 of length 1: S/(3 pi), S = 1/a + 1/(1 - a)
    pair = valley_loss([share, 1 - share], [[1.0, 0.0], [-1.0, 0.0]])
    assert pair == pytest.approx((1 / share + 1 / (1 - share)) / (3 * np.pi), rel=1e-13)


def test_the_valley_of_s21_lies_above_the_law_at_its_displacements():
    # Theorem 9's sequence is off the slow manifold: its F/eps^3 is at least that of its u.
    assert valley_constants(4, 3, 0.5).loss >= valley_loss([0.5, 0.5], [[1.0], [-1.0]])


def test_the_gradient_is_that_of_differences():
    u = displacements(1)

    def along(free):
        moved = free.reshape(u.shape)
        return valley_loss(SHARES, moved - moved.mean(axis=0))

    slopes = approx_fprime(u.ravel(), along, 1e-7).reshape(u.shape)
    np.testing.assert_allclose(valley_gradient(SHARES, u), slopes, rtol=0, atol=2e-5)


def test_the_law_is_of_degree_three():
    u = displacements(2)
    assert valley_loss(SHARES, 2 * u) == pytest.approx(8 * valley_loss(SHARES, u), rel=1e-13)
    along = float((valley_gradient(SHARES, u) * u).sum())
    assert along == pytest.approx(3 * valley_loss(SHARES, u), rel=1e-12)


# Of two teachers with two students each the wedges overlap: order 1.
@pytest.mark.parametrize(("k", "n", "order"), [(1, 2, 2), (1, 5, 2), (2, 3, 2), (2, 4, 1)])
def test_the_error_beside_60_digits_has_its_order(k, n, order):
    valleys = random_valleys(k, n, 4, np.random.default_rng(n))
    constant = sum(valley_loss(*valley) for valley in valleys)
    errors = []
    for distance in (1e-4, 1e-5):
        loss = extended_loss(valleys, distance, digits=60)
        errors.append(abs(float(loss / (constant * distance**3) - 1)))
    assert np.log10(errors[0] / errors[1]) == pytest.approx(order, abs=0.02)
    assert errors[0] < 10 * 1e-4**order


def test_the_gradient_is_that_of_the_loss_across_the_teacher():
    u = 1e-6 * displacements(3)
    W = np.column_stack([SHARES, u])
    with mpmath.workdps(40):
        slopes = reference_to_float64(reference_gradient(W, np.eye(1, 5), digits=40))[:, 1:]
    slopes -= slopes.mean(axis=0)
    # The sum of the u of rounding pulls as strongly as the valley does: its mean is taken away.
    expected = valley_gradient(SHARES, u)
    np.testing.assert_allclose(slopes, expected, rtol=0, atol=1e-3 * np.abs(expected).max())


# Source: the closed form, worked out by hand to these digits.
@pytest.mark.parametrize(
    ("corners", "multiple"), [(2, 0.0750264), (3, 0.0672667), (4, 0.0671627), (5, 0.06894)]
)
@pytest.mark.parametrize("n", [5, 8])
def test_simplices_have_their_constants(n, corners, multiple):
    constant = simplex_valley_constant(n, corners)
    assert constant == pytest.approx(n * multiple, rel=1e-4)
    u = simplex_displacements(n, corners)
    assert np.linalg.norm(u) == pytest.approx(1, rel=1e-14)
    assert valley_loss(np.full(n, 1 / n), u) == pytest.approx(constant, rel=1e-13)


@pytest.mark.parametrize("corners", [1, 6])
def test_a_simplex_has_two_students_at_least_and_all_at_most(corners):
    with pytest.raises(ValueError, match=f"corners is {corners} and n_students 5; allowed: 2"):
        simplex_valley_constant(5, corners)


def test_the_least_of_searches_is_the_simplex_of_four():
    generator = np.random.default_rng(4)
    starts = [generator.normal(size=(5, 3)) for _ in range(6)]
    found = [least_valley_constant(np.full(5, 0.2), start) for start in starts]
    assert min(found) == pytest.approx(simplex_valley_constant(5, 4), rel=1e-9)


def test_coordinates_put_the_network_together_again():
    V = np.eye(2, 4)
    W = np.array([[0.1, 0.9, 0.0, 0.1], [0.6, 0.1, 0.2, 0.0], [0.5, -0.1, 0.0, 0.0]])
    first, second = valley_coordinates(W, V)
    np.testing.assert_array_equal(first.shares, [0.6, 0.5])
    np.testing.assert_array_equal(second.shares, [0.9])
    np.testing.assert_array_equal(second.displacements, [[0.1, 0.0, 0.0, 0.1]])
    for valley, v, rows in ((first, V[0], W[1:]), (second, V[1], W[:1])):
        assert isinstance(valley, TeacherValley)
        np.testing.assert_allclose(
            valley.shares[:, None] * v + valley.displacements, rows, rtol=0, atol=1e-15
        )


@pytest.mark.parametrize("function", [valley_loss, valley_gradient])
def test_what_is_no_valley_is_refused(function):
    with pytest.raises(ValueError, match=r"shares are \[1.0, 0.0\]; at least one is needed"):
        function([1.0, 0.0], [[1.0], [-1.0]])
    with pytest.raises(ValueError, match=r"must be \(students,\) and \(students, inputs\)"):
        function([0.5, 0.5], [[1.0]])


def test_what_float64_cannot_hold_is_refused():
    with pytest.raises(ValueError, match=r"\|u\|\^3/a\^2 must be finite"):
        valley_loss([1e-300, 1], [[1e200, 0], [-1e200, 0]])
    with pytest.raises(ValueError, match="at least one is needed"):
        valley_gradient([], np.empty((0, 2)))
    with pytest.raises(ValueError, match="n_students <= 9007199254740992"):
        simplex_valley_constant(10**400, 4)
