"""The set of global minima: members have zero loss, distances are right, bounds hold."""

import functools
import itertools

import numpy as np
import pytest

from relu_landscape.global_minima import (
    STRONG_CONVEXITY,
    distance_to_global_minima,
    global_minimum,
    project_onto_global_minima,
)
from relu_landscape.global_minima.projection import distance_or_infinity
from relu_landscape.objective import population_gradient, population_hessian, population_loss


def orthonormal(k, d, seed):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0][:k]


def simplex_projection_by_bisection(values):
    low, high = -values.max(), 1.0 - values.min()
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if np.maximum(values + middle, 0).sum() < 1 else (low, middle)
    return np.maximum(values + high, 0)


def brute_force_distance(W, V):
    """Over all ways to deal the neurons to the teachers."""
    n, k = len(W), len(V)
    neurons = np.arange(n)

    @functools.cache
    def squared_distance(group, i):
        own = W[list(group)]
        point = simplex_projection_by_bisection(own @ V[i])[:, None] * V[i]
        return np.sum((own - point) ** 2)

    return np.sqrt(
        min(
            sum(squared_distance(tuple(neurons[np.equal(dealing, i)]), i) for i in range(k))
            for dealing in itertools.product(range(k), repeat=n)
            if len(set(dealing)) == k
        )
    )


@pytest.mark.parametrize(("n", "k", "d"), [(1, 1, 1), (4, 4, None), (7, 3, None), (5, 3, 6)])
def test_global_minimum_has_zero_loss(n, k, d):
    W = global_minimum(n, k, d=d)
    V = np.eye(k, d or k)
    assert W.shape == (n, d or k)
    assert population_loss(W, V) == pytest.approx(0, abs=1e-14)
    assert np.linalg.norm(population_gradient(W, V)) < 1e-14
    assert distance_to_global_minima(W, V) < 1e-15


def test_given_coefficients_are_used():
    W = global_minimum(4, 3, weights=[0.2, 1, 1, 0.8])
    np.testing.assert_array_equal(W, [[0.2, 0, 0], [0, 1, 0], [0, 0, 1], [0.8, 0, 0]])
    assert distance_to_global_minima(W, np.eye(3)) < 1e-15


def test_a_coefficient_may_be_zero():
    W = global_minimum(4, 3, weights=[1, 1, 1, 0])
    assert distance_to_global_minima(W, np.eye(3)) == 0


@pytest.mark.parametrize("weights", [[0.5, 1, 1, 0.4], [1.5, 1, 1, -0.5], [1, 1, 1]])
def test_coefficients_outside_the_simplex_are_refused(weights):
    with pytest.raises(ValueError, match="weights"):
        global_minimum(4, 3, weights=weights)


def test_no_global_minimum_with_too_few_neurons():
    with pytest.raises(ValueError, match="n >= k"):
        global_minimum(3, 4)
    with pytest.raises(ValueError, match="n >= k"):
        distance_to_global_minima(np.eye(3, 4), np.eye(4))


@pytest.mark.parametrize("V", [1.001 * np.eye(3), np.ones((3, 3))])
def test_teacher_must_be_orthonormal(V):
    with pytest.raises(ValueError, match="orthonormal"):
        project_onto_global_minima(np.eye(3), V)


@pytest.mark.parametrize(
    ("W", "V", "message"),
    [
        ([[np.inf]], np.eye(1), "row 0 of W has an entry that is not finite"),
        (np.eye(3), np.full((3, 3), np.nan), "row 0 of V has an entry that is not finite"),
        (np.eye(3), np.eye(3, 4), r"\(n, d\) and \(k, d\)"),
        (np.eye(2), np.empty((0, 2)), r"V \(0, 2\); .* at least one student, one teacher"),
        (np.empty((0, 2)), np.eye(2), r"W has shape \(0, 2\)"),
    ],
)
def test_points_without_a_distance_are_refused(W, V, message):
    for distance in (distance_to_global_minima, distance_or_infinity):
        with pytest.raises(ValueError, match=message):
            distance(W, V)


@pytest.mark.parametrize("k", [2, 3, 6])
def test_strong_convexity_constant_is_attained(k):
    spectrum = np.linalg.eigvalsh(population_hessian(np.eye(k), np.eye(k)))
    assert spectrum[0] == pytest.approx(STRONG_CONVEXITY, abs=1e-14)
    assert pytest.approx(0.0908450569, abs=5e-11) == STRONG_CONVEXITY


@pytest.mark.parametrize("scale", [0.3, 1.0, 3.0])
def test_distance_is_exact_for_equal_numbers(scale):
    W = scale * np.random.default_rng(5).normal(size=(4, 5))
    V = orthonormal(4, 5, seed=6)
    found = project_onto_global_minima(W, V)
    assert found.exact
    assert found.lower_bound == found.distance
    assert found.distance == pytest.approx(
        min(np.linalg.norm(W - V[list(order)]) for order in itertools.permutations(range(4))),
        rel=1e-14,
    )


@pytest.mark.parametrize("n", [4, 5, 6])
@pytest.mark.parametrize("scale", [0.3, 1.0])
def test_bounds_enclose_the_distance_for_more_neurons(n, scale):
    rng = np.random.default_rng(n)
    V = orthonormal(3, 4, seed=n)
    found_best = 0
    for _ in range(5):
        W = scale * rng.normal(size=(n, 4))
        found, true = project_onto_global_minima(W, V), brute_force_distance(W, V)
        assert found.lower_bound <= true * (1 + 1e-12)
        assert true <= found.distance * (1 + 1e-12)
        assert found.lower_bound > 0.8 * true
        found_best += found.distance <= true * (1 + 1e-12)
    assert found_best >= 4


def largest_relaxed_distance(W):
    """Maximum over prices of the relaxed squared distance, for the teacher I_2, on a finer grid."""
    centre, width = np.zeros(2), 4.0
    for _ in range(6):
        prices = centre + np.stack(np.meshgrid(*[np.linspace(-width, width, 61)] * 2), axis=-1)
        offers = np.maximum(W + prices[..., None, :], 0).max(axis=-1)
        relaxed = np.sum(W**2) + 2 * prices.sum(axis=-1) - np.sum(offers**2, axis=-1)
        centre = prices[np.unravel_index(np.argmax(relaxed), relaxed.shape)]
        width /= 10
    return np.sqrt(relaxed.max())


@pytest.mark.parametrize(
    "W",
    [np.full((3, 2), 0.5), 0.3 * np.random.default_rng(8).normal(size=(4, 2))],
    ids=["equal", "random"],
)
def test_an_inexact_projection_says_so(W):
    found = project_onto_global_minima(W, np.eye(2))
    assert not found.exact
    assert found.lower_bound < found.distance
    assert found.lower_bound == pytest.approx(largest_relaxed_distance(W), rel=2e-2)
    assert found.lower_bound <= largest_relaxed_distance(W) * (1 + 1e-6)
    assert found.distance == pytest.approx(brute_force_distance(W, np.eye(2)))


@pytest.mark.parametrize("shift", [1e-2, 1e-6, 1e-10])
def test_distance_near_the_set_is_exact_and_loses_no_digits(shift):
    rng = np.random.default_rng(3)
    W = global_minimum(9, 5)
    off = rng.normal(size=W.shape)
    off[np.arange(9), np.arange(9) % 5] = 0  # leaves the coefficients, and so the projection, alone
    found = project_onto_global_minima(W + shift * off, np.eye(5))
    assert found.exact
    assert found.distance == pytest.approx(shift * np.linalg.norm(off), rel=1e-5)
    np.testing.assert_allclose(found.point, W, rtol=0, atol=1e-15)
    np.testing.assert_array_equal(found.teachers, np.arange(9) % 5)


def test_projection_onto_a_simplex_meets_its_boundary():
    found = project_onto_global_minima(np.array([[2.0, 0], [0.1, 0], [0, 1.0]]), np.eye(2))
    np.testing.assert_allclose(found.point, [[1, 0], [0, 0], [0, 1]], rtol=0, atol=1e-15)
    assert found.distance == pytest.approx(np.sqrt(1.01))
