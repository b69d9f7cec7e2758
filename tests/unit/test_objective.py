"""Population loss, gradient and Hessian: against integrals, printed numbers and bad arguments."""

import tracemalloc

import numpy as np
import pytest

from helpers_minima import KNOWN_POINTS
from helpers_objective import opposite_wedge, random_network, thin_wedge
from relu_landscape.objective import (
    angle,
    loss_rounding_error,
    pair_gradient,
    pair_hessian_first,
    pair_hessian_mixed,
    pair_loss,
    population as population_module,
    population_gradient,
    population_hessian,
    population_hessian_vector,
    population_loss,
    population_loss_relative,
    reference_curvature_along,
    reference_gradient,
    reference_hessian,
    reference_loss,
)

SMALLEST_AT_GLOBAL_MINIMUM = 1 / 4 - 1 / (2 * np.pi)


def outputs(weights, inputs):
    return np.maximum(weights @ inputs, 0).sum(axis=0)


def loss_in_the_plane(W, V):
    """F for d = 2: the radius contributes E r^2 = 2, the angle is integrated between kinks."""
    normals = np.concatenate([W, V])
    kinks = np.arctan2(normals[:, 1], normals[:, 0])[:, None] + np.array([-np.pi, np.pi]) / 2
    edges = np.sort(np.append(np.mod(kinks.ravel(), 2 * np.pi), [0, 2 * np.pi]))
    nodes, weights = np.polynomial.legendre.leggauss(30)
    half = np.diff(edges) / 2
    theta = (edges[:-1] + half)[:, None] + half[:, None] * nodes
    directions = np.stack([np.cos(theta.ravel()), np.sin(theta.ravel())])
    squares = ((outputs(W, directions) - outputs(V, directions)) ** 2).reshape(theta.shape)
    return (half[:, None] * weights * squares).sum() / (2 * np.pi)


class TestLossIsTheExpectation:
    @pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 3), (5, 4)])
    def test_quadrature_in_the_plane(self, n, k):
        W, V = random_network(n, k, 2, seed=n)
        assert population_loss(W, V) == pytest.approx(loss_in_the_plane(W, V), abs=1e-13)

    def test_quadrature_in_the_plane_with_parallel_and_antiparallel_neurons(self):
        W = np.array([[1.0, 0.5], [-2.0, -1.0], [0.3, 0.15]])
        V = np.array([[2.0, 1.0], [-0.5, 1.0]])
        assert population_loss(W, V) == pytest.approx(loss_in_the_plane(W, V), abs=1e-13)

    def test_one_input(self):
        W, V = np.array([[1.5], [-0.7], [0.2]]), np.array([[1.0], [-2.0]])
        # x is positive or negative with probability 1/2, and E x^2 = 1: 1/2 * 1/2 * difference^2.
        expected = 0.25 * ((1.7 - 1.0) ** 2 + (0.7 - 2.0) ** 2)
        assert population_loss(W, V) == pytest.approx(expected, abs=1e-15)

    def test_sampling_in_five_dimensions(self):
        W, V = random_network(4, 3, 5, seed=8)
        inputs = np.random.default_rng(9).normal(size=(5, 400_000))
        halves = 0.5 * (outputs(W, inputs) - outputs(V, inputs)) ** 2
        standard_error = halves.std() / np.sqrt(halves.size)
        assert standard_error < 0.005 * population_loss(W, V)
        assert abs(halves.mean() - population_loss(W, V)) < 4 * standard_error

    def test_pair_loss_is_the_product_of_two_neurons(self):
        w, v = np.array([1.0, 2.0]), np.array([-0.5, 0.3])
        # F of the student w against the teacher v holds f(w, v) with weight -1.
        squares = (w @ w + v @ v) / 4
        assert pair_loss(w, v) == pytest.approx(squares - loss_in_the_plane(w[None], v[None]))


class TestDerivatives:
    @pytest.mark.parametrize(("n", "k", "d"), [(1, 1, 1), (3, 2, 2), (4, 5, 3), (3, 2, 5)])
    def test_gradient_is_the_difference_quotient_of_the_loss(self, n, k, d):
        W, V = random_network(n, k, d, seed=d)
        gradient = population_gradient(W, V)
        for i, a in np.ndindex(n, d):
            step = np.zeros((n, d))
            step[i, a] = 1e-5
            quotient = (population_loss(W + step, V) - population_loss(W - step, V)) / 2e-5
            assert gradient[i, a] == pytest.approx(quotient, abs=2e-9)

    @pytest.mark.parametrize(("n", "k", "d"), [(1, 1, 1), (3, 2, 2), (4, 5, 3), (3, 2, 5)])
    def test_hessian_is_the_difference_quotient_of_the_gradient(self, n, k, d):
        W, V = random_network(n, k, d, seed=d)
        columns = []
        for step in 1e-5 * np.eye(n * d).reshape(n * d, n, d):
            change = population_gradient(W + step, V) - population_gradient(W - step, V)
            columns.append(change.ravel() / 2e-5)
        np.testing.assert_allclose(population_hessian(W, V), columns, rtol=0, atol=5e-9)

    @pytest.mark.parametrize("sign", [1.0, -1.0])
    def test_hessian_at_aligned_neurons_is_continuous_but_not_smooth(self, sign):
        W = np.array([[1.0, 0.0], [sign * 2.0, 0.0]])
        V = np.array([[sign * 0.5, 0.0], [0.0, 1.0]])
        step = np.array([[0.0, 1.0], [0.0, 0.0]])
        exact = population_hessian_vector(W, V, step)

        def deviation(h):
            quotient = (population_gradient(W + h * step, V) - population_gradient(W, V)) / h
            return np.abs(quotient - exact).max()

        assert 1e-4 < deviation(1e-3) < 1e-3
        assert deviation(1e-3) / deviation(1e-4) == pytest.approx(10, rel=0.02)

    @pytest.mark.parametrize(("n", "k", "d"), [(1, 2, 1), (4, 5, 3), (6, 2, 4)])
    def test_hessian_vector_product(self, n, k, d):
        W, V = random_network(n, k, d, seed=2)
        U = np.random.default_rng(3).normal(size=(n, d))
        product = population_hessian(W, V) @ U.ravel()
        np.testing.assert_allclose(
            population_hessian_vector(W, V, U).ravel(), product, rtol=0, atol=1e-14 * (n + k)
        )

    def test_hessian_is_exactly_symmetric(self):
        W, V = random_network(6, 4, 5, seed=4)
        hessian = population_hessian(W, V)
        assert (hessian == hessian.T).all()

    def test_blocks_are_those_of_the_pairs(self):
        W, V = random_network(3, 2, 4, seed=5)
        blocks = population_hessian(W, V).reshape(3, 4, 3, 4)
        np.testing.assert_allclose(
            blocks[0, :, 2, :], pair_hessian_mixed(W[0], W[2]), rtol=0, atol=1e-15
        )
        diagonal = (
            np.eye(4) / 2
            + pair_hessian_first(W[1], W[[0, 2]]).sum(axis=0)
            - pair_hessian_first(W[1], V).sum(axis=0)
        )
        np.testing.assert_allclose(blocks[1, :, 1, :], diagonal, rtol=0, atol=1e-15)
        gradient = pair_gradient(W[1], W).sum(axis=0) - pair_gradient(W[1], V).sum(axis=0)
        np.testing.assert_allclose(population_gradient(W, V)[1], gradient, rtol=0, atol=1e-15)


class TestPairs:
    def test_angle_keeps_every_digit_of_a_tiny_angle(self):
        assert angle([1.0, 0.0], [2.0, 2e-16]) == pytest.approx(1e-16, rel=1e-14)
        assert angle([1.0, 0.0], [-3.0, 0.0]) == np.pi
        assert angle([1.0, 0.0], [0.0, 3.0]) == pytest.approx(np.pi / 2, rel=1e-15)

    def test_leading_axes_broadcast(self):
        W, V = random_network(4, 3, 2, seed=6)
        assert angle(W[:, None], V).shape == (4, 3)
        assert pair_loss(W[:, None], V).shape == (4, 3)
        assert pair_gradient(W[:, None], V).shape == (4, 3, 2)
        assert pair_hessian_first(W[:, None], V).shape == (4, 3, 2, 2)
        assert pair_hessian_mixed(W[:, None], V).shape == (4, 3, 2, 2)
        np.testing.assert_array_equal(
            pair_hessian_mixed(W[:, None], V)[3, 2], pair_hessian_mixed(W[3], V[2])
        )

    def test_limits_at_parallel_and_antiparallel_vectors(self):
        w = np.array([0.3, -1.7, 0.9])
        np.testing.assert_array_equal(pair_hessian_mixed(w, w), np.eye(3) / 2)
        np.testing.assert_array_equal(pair_hessian_mixed(w, -w), np.zeros((3, 3)))
        np.testing.assert_array_equal(pair_hessian_first(w, w), np.zeros((3, 3)))
        np.testing.assert_array_equal(pair_hessian_first(w, -w), np.zeros((3, 3)))
        np.testing.assert_allclose(pair_gradient(w, w), w / 2, rtol=1e-15)
        np.testing.assert_array_equal(pair_gradient(w, -w), np.zeros(3))
        assert pair_loss(w, w) == pytest.approx(w @ w / 2, rel=1e-15)
        assert pair_loss(w, -w) == 0.0

    def test_spectra(self):
        w, v = random_network(1, 1, 5, seed=7)
        t = angle(w[0], v[0])
        weight = np.sin(t) * np.linalg.norm(v) / (2 * np.pi * np.linalg.norm(w))
        np.testing.assert_allclose(
            np.linalg.eigvalsh(pair_hessian_first(w[0], v[0])),
            [0, weight, weight, weight, 2 * weight],
            rtol=0,
            atol=1e-15,
        )
        middle = [np.pi - t] * 3
        np.testing.assert_allclose(
            np.linalg.eigvalsh(pair_hessian_mixed(w[0], v[0])) * 2 * np.pi,
            [np.pi - t - np.sin(t), *middle, np.pi - t + np.sin(t)],
            rtol=0,
            atol=1e-14,
        )


class TestPublishedNumbers:
    @pytest.mark.parametrize("k", [2, 3, 6, 13])
    def test_smallest_eigenvalue_at_the_global_minimum(self, k):
        smallest = np.linalg.eigvalsh(population_hessian(np.eye(k), np.eye(k)))[0]
        assert smallest == pytest.approx(0.0908450569, abs=1e-10)
        assert smallest == pytest.approx(SMALLEST_AT_GLOBAL_MINIMUM, abs=1e-14)

    @pytest.mark.parametrize(
        ("k", "eigenvalues", "multiplicities"),
        [
            (2, [0.09084506, 0.40915494, 0.59084506, 0.90915494], [1, 1, 1, 1]),
            (3, [0.09084506, 0.33109895, 0.50727315, 0.91890105, 1.22019168], [3, 2, 1, 2, 1]),
            (
                6,
                [0.09084506, 0.28708147, 0.40915494, 0.88966274, 1.71291853, 2.06526692],
                [15, 5, 9, 1, 5, 1],
            ),
        ],
    )
    def test_spectrum_at_the_global_minimum(self, k, eigenvalues, multiplicities):
        spectrum = np.linalg.eigvalsh(population_hessian(np.eye(k), np.eye(k)))
        np.testing.assert_allclose(
            spectrum, np.repeat(eigenvalues, multiplicities), rtol=0, atol=5.1e-9
        )

    def test_spurious_minimum_at_seven(self):
        # As in the published files of S21, with ten digits.
        W, V = KNOWN_POINTS["k7-n7"].W.round(10), np.eye(7)
        assert population_loss(W, V) == pytest.approx(0.023203, abs=5e-7)
        assert np.linalg.norm(population_gradient(W, V)) < 1e-9
        assert np.linalg.eigvalsh(population_hessian(W, V))[0] == pytest.approx(0.014059, abs=5e-7)

    @pytest.mark.parametrize(
        ("first_share", "eps", "form"),
        [
            (0.5, 1e-1, -0.12606332),
            (0.5, 1e-2, -0.01273112),
            (0.5, 1e-3, -0.00127324),
            (0.3, 1e-1, -0.15007538),
            (0.3, 1e-2, -0.01515610),
            (0.3, 1e-3, -0.00151576),
        ],
    )
    def test_negative_curvature_next_to_a_global_minimum(self, first_share, eps, form):
        W, V = thin_wedge(first_share, eps)
        U = np.zeros((4, 3))
        # The top eigenvector of h1(w_1, v_1): the part of v_1 orthogonal to w_1.
        U[0] = np.array([eps, -1.0, 0.0]) / np.hypot(1.0, eps)
        U[1] = -U[0]
        assert (U * population_hessian_vector(W, V, U)).sum() == pytest.approx(form, abs=5.1e-9)

    @pytest.mark.parametrize(
        ("eps", "smallest"), [(1e-1, -0.063032), (1e-2, -0.006366), (1e-3, -0.000637)]
    )
    def test_smallest_eigenvalue_next_to_a_global_minimum(self, eps, smallest):
        W, V = thin_wedge(0.5, eps)
        spectrum = np.linalg.eigvalsh(population_hessian(W, V))
        assert spectrum[0] == pytest.approx(smallest, abs=5.1e-7)


class TestRoundingError:
    def test_the_loss_vanishes_exactly_at_a_permuted_teacher(self):
        _, V = random_network(1, 6, 4, seed=1)
        assert population_loss(V[[3, 1, 5, 0, 2, 4]], V) == 0.0

    def test_a_loss_above_its_rounding_error_is_returned(self):
        W, V = opposite_wedge(0.5, 1e-4)
        assert population_loss(W, V) > loss_rounding_error(W, V)
        assert population_loss_relative(W, V) == population_loss(W, V)

    @pytest.mark.parametrize("eps", [0.0, 1e-8, 1e-6])
    def test_a_loss_below_its_rounding_error_is_refused(self, eps):
        W, V = opposite_wedge(0.5, eps)
        with pytest.raises(ValueError, match=r"below its rounding error .* use reference_loss"):
            population_loss_relative(W, V)


BAD_NETWORKS = {
    "zero student": ([[1.0, 0.0], [0.0, 0.0]], np.eye(2), "row 1 of W is zero"),
    "zero teacher": (np.eye(2), [[0.0, 0.0], [1.0, 0.0]], "row 0 of V is zero"),
    "nan": ([[1.0, np.nan]], np.eye(2), "row 0 of W has an entry that is not finite"),
    "infinity": (np.eye(2), [[1.0, 0.0], [np.inf, 1.0]], "row 1 of V has an entry that is not fin"),
    "one vector": ([1.0, 0.0], np.eye(2), r"W has shape \(2,\)"),
    "three axes": (np.eye(2), np.ones((1, 2, 2)), r"V has shape \(1, 2, 2\)"),
    "no neuron": (np.empty((0, 2)), np.eye(2), r"W has shape \(0, 2\)"),
    "no input": (np.empty((2, 0)), np.empty((2, 0)), r"W has shape \(2, 0\)"),
    "other inputs": (np.eye(2), np.eye(3), "W has 2 columns and V has 3"),
}
FUNCTIONS = (
    population_loss,
    population_gradient,
    population_hessian,
    lambda W, V: population_hessian_vector(W, V, np.zeros((2, 2))),
    loss_rounding_error,
    population_loss_relative,
    reference_loss,
    reference_gradient,
    reference_hessian,
    lambda W, V: reference_curvature_along(W, V, np.zeros((2, 2))),
)


class TestBlocks:
    @pytest.mark.parametrize("block", [1, 40, 100])
    @pytest.mark.parametrize("size", [(1, 1, 1), (7, 5, 1), (9, 4, 3), (17, 16, 20)], ids=str)
    def test_no_bit_depends_on_how_many_pairs_are_taken_at_a_time(self, monkeypatch, size, block):
        n, k, d = size
        W, V = random_network(n, k, d, seed=n)
        W[0] = V[0]
        loss, gradient = population_loss(W, V), population_gradient(W, V)
        monkeypatch.setattr(population_module, "_BLOCK", block)
        assert population_loss(W, V) == loss
        np.testing.assert_array_equal(population_gradient(W, V), gradient)

    def test_memory_does_not_hold_all_pairs_at_once(self):
        k = 160
        W, V = random_network(k, k, k, seed=0)
        for function in (population_loss, population_gradient):
            tracemalloc.start()
            function(W, V)
            _, most = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert most < 2 * 8 * k**3


class TestBadArguments:
    @pytest.mark.parametrize("function", FUNCTIONS)
    @pytest.mark.parametrize("case", BAD_NETWORKS)
    def test_a_bad_network_is_refused_by_name(self, function, case):
        W, V, message = BAD_NETWORKS[case]
        with pytest.raises(ValueError, match=message):
            function(W, V)

    @pytest.mark.parametrize("entry", [1e-200, 1e200])
    def test_weights_whose_products_leave_the_range_are_refused(self, entry):
        with pytest.raises(ValueError, match="row 1 of W"):
            population_loss([[1.0, 1.0], [entry, entry]], np.eye(2))

    @pytest.mark.parametrize("weights", [np.eye(2) + 0j, np.array([["1", "2"]])])
    def test_weights_that_are_not_real_numbers_are_refused(self, weights):
        with pytest.raises(ValueError, match="W has dtype"):
            population_loss(weights, np.eye(2))

    def test_further_bad_rows_are_counted(self):
        with pytest.raises(ValueError, match=r"row 0 of W is zero .*\(2 more such rows\)"):
            population_loss(np.zeros((3, 2)), np.eye(2))

    @pytest.mark.parametrize("pair_function", [angle, pair_loss, pair_gradient])
    @pytest.mark.parametrize(
        ("w", "v", "message"),
        [
            ([0.0, 0.0], [1.0, 0.0], "w is zero"),
            ([[1.0, 0.0], [2.0, 0.0]], [[1.0, 0.0], [0.0, 0.0]], "row 1 of v is zero"),
            ([1.0], [1.0, 2.0], "w has 1 entries and v has 2"),
            (1.0, [1.0], r"w has shape \(\)"),
        ],
    )
    def test_bad_vectors_are_refused(self, pair_function, w, v, message):
        with pytest.raises(ValueError, match=message):
            pair_function(w, v)

    @pytest.mark.parametrize("product", [population_hessian_vector, reference_curvature_along])
    @pytest.mark.parametrize(
        ("U", "message"),
        [
            (np.zeros((2, 3)), r"U has shape \(2, 3\); it must have the shape \(2, 2\)"),
            ([[0.0, 1.0], [np.nan, 0.0]], "row 1 of U has an entry that is not finite"),
        ],
    )
    def test_bad_displacements_are_refused(self, product, U, message):
        with pytest.raises(ValueError, match=message):
            product(np.eye(2), np.eye(2), U)

    def test_integers_and_lists_are_weights_too(self):
        assert population_loss([[2, 0]], [[1, 0]]) == pytest.approx(0.25)

    def test_arguments_are_left_alone(self):
        W, V = random_network(3, 2, 2, seed=0)
        W.setflags(write=False)
        V.setflags(write=False)
        population_hessian(W, V)
        population_gradient(W, V)
        assert population_loss(W, V) > 0
