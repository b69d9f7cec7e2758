"""Derivatives of the curvature along a displacement, against products, differences and mpmath."""

import numpy as np
import pytest

from helpers_objective import opposite_wedge, random_network, thin_wedge
from relu_landscape.objective import (
    population_curvature_along,
    population_hessian_vector,
    reference_curvature_along,
)
from relu_landscape.objective.curvature_slopes import curvature_slopes

SIZES = [(2, 2, 2), (4, 3, 3), (5, 2, 4), (1, 1, 3)]


def case(size, seed):
    W, V = random_network(*size, seed=seed)
    return W, V, np.random.default_rng(seed).normal(size=W.shape)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(3))
def test_value_and_slope_in_the_displacement_are_products_with_the_hessian(size, seed):
    W, V, U = case(size, seed)
    found = curvature_slopes(W, V, U)
    allowed = 1e-13 * np.sum(U**2) / np.linalg.norm(W, axis=1).min()
    product = population_hessian_vector(W, V, U)
    np.testing.assert_allclose(found.in_displacement, 2 * product, rtol=0, atol=allowed)
    assert found.value == pytest.approx(population_curvature_along(W, V, U), abs=allowed)


@pytest.mark.parametrize("seed", range(4))
def test_the_slope_in_the_weights_is_that_of_the_reference(seed):
    W, V, U = case((3, 2, 3), seed)
    direction = np.random.default_rng(seed + 10).normal(size=W.shape)
    step = 1e-6
    # Forms to 30 digits: a central quotient is off by 1e-12 fifth derivatives of F and no rounding.
    ahead, behind = (
        reference_curvature_along(W + sign * step * direction, V, U, digits=30) for sign in (1, -1)
    )
    slope = float((ahead - behind) / (2 * step))
    found = np.sum(curvature_slopes(W, V, U).in_weights * direction)
    assert found == pytest.approx(slope, rel=1e-7, abs=1e-8)


def test_neurons_that_stay_parallel_have_the_slopes_of_their_plane():
    """Students parallel to each other and to a teacher, moved so that they stay so."""
    W, V = np.array([[2.0, 0.0], [0.5, 0.0], [0.3, 1.0]]), np.eye(2)
    U = np.random.default_rng(1).normal(size=W.shape)
    direction = np.array([[0.3, 0.0], [-0.2, 0.0], [0.4, 0.1]])
    ahead, behind = (
        population_curvature_along(W + step * direction, V, U) for step in (1e-5, -1e-5)
    )
    found = np.sum(curvature_slopes(W, V, U).in_weights * direction)
    assert found == pytest.approx((ahead - behind) / 2e-5, abs=1e-8)


def test_at_parallel_neurons_the_slope_is_the_mean_of_both_sides():
    V = np.eye(2)
    U = np.array([[0.3, -0.7], [0.5, 0.9]])

    def turned(angle):
        return np.array([[1.0, 0.4], [2.0 * np.cos(angle), 2.0 * np.sin(angle)]])

    meet = np.arctan2(0.4, 1.0)
    sides = [curvature_slopes(turned(meet + step), V, U).in_weights for step in (1e-6, -1e-6)]
    W = turned(meet)
    W[1] = 2.0 * W[0] / np.hypot(*W[0])
    np.testing.assert_allclose(
        curvature_slopes(W, V, U).in_weights, (sides[0] + sides[1]) / 2, rtol=0, atol=1e-5
    )
    assert np.abs(sides[0] - sides[1]).max() > 1e-2


@pytest.mark.parametrize("network", [thin_wedge(0.3, 1e-7), opposite_wedge(0.5, 1e-7)])
def test_the_value_keeps_its_digits_at_small_angles(network):
    W, V = network
    U = np.random.default_rng(2).normal(size=W.shape)
    expected = float(reference_curvature_along(W, V, U, digits=30))
    assert curvature_slopes(W, V, U).value == pytest.approx(expected, rel=0, abs=1e-13 * U.size)


def test_a_displacement_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"U has shape \(1, 2\)"):
        curvature_slopes(np.eye(2), np.eye(2), np.ones((1, 2)))
