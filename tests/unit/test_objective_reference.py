"""The fast objective against the reference at every angle, and the reference against itself."""

import mpmath
import numpy as np
import pytest

from helpers_objective import (
    SWEPT_ANGLES,
    network_at_angle,
    opposite_wedge,
    random_network,
    rotation,
    thin_wedge,
)
from relu_landscape.objective import (
    loss_rounding_error,
    population_gradient,
    population_hessian,
    population_loss,
    reference_curvature_along,
    reference_gradient,
    reference_hessian,
    reference_loss,
    reference_to_float64,
)


def largest_error(values, reference):
    with mpmath.workdps(60):
        return float(np.max(np.abs(reference - values)))


def assert_agrees_with_reference(W, V):
    neurons = len(W) + len(V)
    assert largest_error(population_loss(W, V), reference_loss(W, V)) < 4e-15
    # The promise is 1e-14 (n + k); this network is an easy one.
    tolerance = 1e-15 * neurons
    assert largest_error(population_gradient(W, V), reference_gradient(W, V)) < tolerance
    assert largest_error(population_hessian(W, V), reference_hessian(W, V)) < tolerance


class TestEveryAngle:
    @pytest.mark.slow
    @pytest.mark.parametrize("sign", [1, -1])
    @pytest.mark.parametrize("d", [2, 5])
    def test_along_an_axis(self, d, sign):
        for t in SWEPT_ANGLES:
            assert_agrees_with_reference(*network_at_angle(t, d, sign))

    @pytest.mark.slow
    @pytest.mark.parametrize("sign", [1, -1])
    @pytest.mark.parametrize("d", [2, 5])
    def test_in_a_general_direction(self, d, sign):
        turn = rotation(d, seed=d)
        for t in SWEPT_ANGLES:
            W, V = network_at_angle(t, d, sign)
            assert_agrees_with_reference(W @ turn, V @ turn)

    def test_one_input(self):
        W, V = np.array([[1.5], [-0.7], [0.2]]), np.array([[1.0], [-2.0]])
        assert_agrees_with_reference(W, V)

    def test_the_reference_is_right_where_the_textbook_divides_by_zero(self):
        W, V = np.array([[1.0, 2.0], [-3.0, -6.0]]), np.array([[2.0, 4.0]])
        hessian = reference_to_float64(reference_hessian(W, V))
        parallel, antiparallel = np.eye(2) / 2, np.zeros((2, 2))
        expected = np.block([[parallel, antiparallel], [antiparallel, parallel]])
        np.testing.assert_allclose(hessian, expected, rtol=0, atol=1e-50)

    @pytest.mark.parametrize("exponent", [4, 6, 8, 10])
    def test_smallest_eigenvalue_next_to_a_global_minimum(self, exponent):
        # (z, -z) is nearly the softest direction, its form known exactly (S21, Theorem 4).
        eps = 10.0**-exponent
        W, V = thin_wedge(0.5, eps)
        form = -4 * np.sin(np.arctan(eps)) / (np.pi * np.hypot(1, eps))
        smallest = np.linalg.eigvalsh(population_hessian(W, V))[0]
        assert smallest == pytest.approx(form / 2, rel=2 * eps, abs=4e-15)


class TestManyNeurons:
    def test_next_to_a_global_minimum_where_everything_cancels(self):
        V = np.eye(20)
        W = V + 1e-9 * np.random.default_rng(17).normal(size=V.shape)
        assert largest_error(population_loss(W, V), reference_loss(W, V)) < 4e-14
        assert largest_error(population_gradient(W, V), reference_gradient(W, V)) < 2e-14


class TestRoundingErrorOfTheLoss:
    @pytest.mark.parametrize(("n", "k", "d"), [(1, 1, 1), (2, 2, 9), (9, 8, 8), (12, 6, 6)])
    def test_the_bound_holds(self, n, k, d):
        W, V = random_network(n, k, d, seed=n)
        error = largest_error(population_loss(W, V), reference_loss(W, V))
        assert error < loss_rounding_error(W, V) < 1e-11

    def test_the_bound_holds_where_the_loss_is_far_below_it(self):
        W, V = opposite_wedge(0.3, 1e-7)
        exact = reference_loss(W, V)
        assert 0 < float(exact) < 1e-20
        assert largest_error(population_loss(W, V), exact) < loss_rounding_error(W, V)


class TestReference:
    def test_gradient_is_the_difference_quotient_of_the_loss(self):
        W, V = random_network(3, 2, 2, seed=11)
        gradient = reference_gradient(W, V, digits=40)
        with mpmath.workdps(90):
            step = mpmath.mpf(10) ** -20
            for i, a in np.ndindex(W.shape):
                ahead, behind = W.astype(object), W.astype(object)
                ahead[i, a] += step
                behind[i, a] -= step
                change = reference_loss(ahead, V, digits=40) - reference_loss(behind, V, digits=40)
                assert abs(gradient[i, a] - change / (2 * step)) < mpmath.mpf(10) ** -38

    def test_curvature_is_the_form_of_the_hessian(self):
        W, V = random_network(3, 2, 4, seed=12)
        U = np.random.default_rng(13).normal(size=W.shape)
        u = U.ravel()
        with mpmath.workdps(60):
            form = u @ reference_hessian(W, V) @ u
            assert abs(form - reference_curvature_along(W, V, U)) < mpmath.mpf(10) ** -45

    @pytest.mark.parametrize("sign", [1, -1])
    def test_curvature_where_third_derivatives_jump(self, sign):
        W, V = network_at_angle(0.0, 3, sign)
        U = np.random.default_rng(14).normal(size=W.shape)
        u = U.ravel()
        with mpmath.workdps(60):
            form = u @ reference_hessian(W, V) @ u
            error = abs(form - reference_curvature_along(W, V, U))
        assert mpmath.mpf(10) ** -30 < error < mpmath.mpf(10) ** -22

    def test_curvature_scales_with_the_square_of_the_displacement(self):
        W, V = random_network(2, 2, 2, seed=15)
        U = np.random.default_rng(16).normal(size=W.shape)
        once, thrice = (float(reference_curvature_along(W, V, c * U)) for c in (1.0, 3.0))
        assert thrice == pytest.approx(9 * once, rel=1e-15)

    def test_no_displacement_has_no_curvature(self):
        assert reference_curvature_along(np.eye(2), np.eye(2), np.zeros((2, 2))) == 0

    @pytest.mark.parametrize(
        ("first_share", "loss_constant", "gradient_constant"),
        [(0.5, 0.42441318, 1.31718), (0.3, 0.50525379, 1.86675)],
    )
    def test_order_of_the_loss_in_a_wedge(self, first_share, loss_constant, gradient_constant):
        eps = 1e-6
        W, V = opposite_wedge(first_share, eps)
        loss, gradient = reference_loss(W, V), reference_gradient(W, V)
        assert float(loss) / eps**3 == pytest.approx(loss_constant, rel=2e-8)
        assert float((gradient**2).sum()) / eps**4 == pytest.approx(gradient_constant, abs=5.1e-6)

    def test_a_float_is_taken_as_the_number_that_it_is(self):
        # F(w; v) = (w - v)^2/4 for one positive input.
        with mpmath.workdps(60):
            expected = (mpmath.mpf(0.1) - mpmath.mpf(0.3)) ** 2 / 4
            assert abs(reference_loss([[0.1]], [[0.3]]) - expected) < mpmath.mpf(10) ** -50

    def test_the_precision_of_the_caller_is_left_alone(self):
        before = mpmath.mp.dps
        reference_hessian(np.eye(2), np.eye(2), digits=30)
        assert mpmath.mp.dps == before

    def test_too_few_digits_are_refused(self):
        with pytest.raises(ValueError, match="digits = 15"):
            reference_loss(np.eye(2), np.eye(2), digits=15)

    def test_rounding_to_float64_keeps_the_shape(self):
        gradient = reference_to_float64(reference_gradient(np.eye(2), 2 * np.eye(2)))
        assert gradient.dtype == np.float64
        assert gradient.shape == (2, 2)
        assert reference_to_float64(mpmath.mpf(1) / 3) == 1 / 3
