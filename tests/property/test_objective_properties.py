"""What holds for every network: invariances, identities of Euler, accuracy."""

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from helpers_objective import displacements, networks, rotation
from relu_landscape.objective import (
    loss_rounding_error,
    pair_gradient,
    pair_hessian_first,
    pair_hessian_mixed,
    population_gradient,
    population_hessian,
    population_hessian_vector,
    population_loss,
    reference_gradient,
    reference_hessian,
    reference_loss,
)

property_test = settings(deadline=None, max_examples=60)


def tolerance(W, V):
    return 1e-14 * (len(W) + len(V))


@pytest.mark.slow
@settings(deadline=None, max_examples=40)
@given(networks())
def test_agrees_with_the_reference(network):
    W, V = network
    with mpmath.workdps(60):
        loss_error = abs(reference_loss(W, V) - population_loss(W, V))
        gradient_error = np.max(np.abs(reference_gradient(W, V) - population_gradient(W, V)))
        hessian_error = np.max(np.abs(reference_hessian(W, V) - population_hessian(W, V)))
    assert loss_error <= loss_rounding_error(W, V)
    assert gradient_error <= tolerance(W, V)
    assert hessian_error <= tolerance(W, V)


@pytest.mark.slow
@property_test
@given(networks(), st.randoms(use_true_random=False))
def test_neurons_may_be_permuted(network, random):
    W, V = network
    students = random.sample(range(len(W)), len(W))
    teachers = random.sample(range(len(V)), len(V))
    permuted = W[students], V[teachers]
    assert population_loss(*permuted) == population_loss(W, V)
    np.testing.assert_allclose(
        population_gradient(*permuted),
        population_gradient(W, V)[students],
        rtol=0,
        atol=tolerance(W, V),
    )


@pytest.mark.slow
@property_test
@given(networks(), st.integers(0, 2**32))
def test_inputs_may_be_rotated(network, seed):
    W, V = network
    n, d = W.shape
    turn = rotation(d, seed)
    turned = W @ turn, V @ turn
    assert abs(population_loss(*turned) - population_loss(W, V)) <= 2 * loss_rounding_error(W, V)
    np.testing.assert_allclose(
        population_gradient(*turned),
        population_gradient(W, V) @ turn,
        rtol=0,
        atol=tolerance(W, V),
    )
    everywhere = np.kron(np.eye(n), turn)
    # Turning moves each float by a rounding, and the Hessian is Lipschitz.
    np.testing.assert_allclose(
        population_hessian(*turned),
        everywhere.T @ population_hessian(W, V) @ everywhere,
        rtol=0,
        atol=10 * tolerance(W, V),
    )


@pytest.mark.slow
@property_test
@given(networks(), st.integers(-20, 20))
def test_scaling_by_a_power_of_two_is_exact(network, exponent):
    W, V = network
    c = 2.0**exponent
    assert population_loss(c * W, c * V) == c**2 * population_loss(W, V)
    np.testing.assert_array_equal(population_gradient(c * W, c * V), c * population_gradient(W, V))
    np.testing.assert_array_equal(population_hessian(c * W, c * V), population_hessian(W, V))


@pytest.mark.slow
@property_test
@given(networks(), st.floats(0.05, 0.95))
def test_splitting_a_neuron_changes_nothing(network, share):
    W, V = network
    split = np.concatenate([[share * W[0], (1 - share) * W[0]], W[1:]])
    error = loss_rounding_error(split, V)
    assert abs(population_loss(split, V) - population_loss(W, V)) <= 2 * error
    gradient = population_gradient(W, V)
    np.testing.assert_allclose(
        population_gradient(split, V), gradient[[0, *range(len(W))]], rtol=0, atol=tolerance(W, V)
    )


@pytest.mark.slow
@property_test
@given(networks())
def test_an_input_that_nobody_reads_changes_nothing(network):
    W, V = network
    padded = np.pad(W, [(0, 0), (0, 1)]), np.pad(V, [(0, 0), (0, 1)])
    assert abs(population_loss(*padded) - population_loss(W, V)) <= 2 * loss_rounding_error(W, V)
    np.testing.assert_allclose(
        population_gradient(*padded),
        np.pad(population_gradient(W, V), [(0, 0), (0, 1)]),
        rtol=0,
        atol=tolerance(W, V),
    )


@property_test
@given(networks())
def test_each_pair_obeys_the_identities_of_euler(network):
    W, V = network
    w, v = W[:, None, :], V[None, :, :]
    gradient = pair_gradient(w, v)
    # f is homogeneous of degree one in w and in v: h1 w = 0 and h2 v = g.
    radial = np.einsum("ijab,ib->ija", pair_hessian_first(w, v), W)
    np.testing.assert_allclose(radial, 0, rtol=0, atol=1e-14)
    across = np.einsum("ijab,jb->ija", pair_hessian_mixed(w, v), V)
    np.testing.assert_allclose(across, gradient, rtol=0, atol=1e-14)


@pytest.mark.slow
@property_test
@given(networks(), st.data())
def test_hessian_vector_product(network, data):
    W, V = network
    U = data.draw(displacements(W.shape))
    np.testing.assert_allclose(
        population_hessian_vector(W, V, U).ravel(),
        population_hessian(W, V) @ U.ravel(),
        rtol=0,
        atol=tolerance(W, V),
    )


@property_test
@given(networks())
def test_the_loss_is_a_square(network):
    W, V = network
    assert population_loss(W, V) >= -loss_rounding_error(W, V)
