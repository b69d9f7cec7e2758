"""Newton's method: where it ends, when it refuses, and when it provably stays at one minimum."""

import numpy as np
import pytest

from helpers_minima import KNOWN_POINTS, displaced
from relu_landscape.global_minima import distance_to_global_minima, global_minimum
from relu_landscape.minima import split_neuron
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.search.polish import (
    PolishOutcome,
    hessian_lipschitz,
    newton_polish,
    same_minimum_ball,
)

MINIMA = [name for name, point in KNOWN_POINTS.items() if point.smallest_eigenvalue > 0]


@pytest.mark.parametrize("name", KNOWN_POINTS)
@pytest.mark.parametrize("size", [1e-8, 1e-5, 1e-3])
def test_returns_to_the_critical_point(name, size):
    point = KNOWN_POINTS[name]
    found = newton_polish(displaced(point.W, size, seed=1), point.V)
    assert found.outcome is PolishOutcome.POLISHED
    assert 1 <= found.steps <= 5
    assert found.displacement == pytest.approx(size, rel=1e-4)
    assert found.gradient_norm == np.linalg.norm(population_gradient(found.weights, point.V))
    assert found.gradient_norm < 1e-14
    np.testing.assert_allclose(found.weights, point.W, rtol=0, atol=1e-12)


def test_a_polished_point_stays():
    point = KNOWN_POINTS["k7-n7"]
    found = newton_polish(point.W, point.V)
    assert found.outcome is PolishOutcome.POLISHED
    assert found.displacement < 1e-13


def test_an_exact_critical_point_takes_no_step():
    found = newton_polish(np.eye(3), np.eye(3))
    assert (found.steps, found.displacement, found.gradient_norm) == (0, 0.0, 0.0)
    assert found.outcome is PolishOutcome.POLISHED


def test_flat_directions_are_left_alone():
    """After a split alpha is free: its direction is flat, and the Hessian singular."""
    point = KNOWN_POINTS["k7-n7"]
    split = split_neuron(point.W, 6, 0.3)
    found = newton_polish(displaced(split, 1e-7, seed=2), point.V)
    assert found.outcome is PolishOutcome.POLISHED
    assert found.gradient_norm < 1e-14
    assert found.displacement < 1.1e-7
    assert population_loss(found.weights, point.V) == pytest.approx(point.loss, abs=1e-6)


@pytest.mark.parametrize("share", [0.5, 0.3])
def test_flat_directions_of_a_semidefinite_hessian(share):
    """Teacher 1 is shared by two students; only the sum of their lengths matters."""
    W = global_minimum(4, 3, weights=[share, 1, 1, 1 - share])
    longer = W * np.array([[1.001], [1], [1], [1]])
    found = newton_polish(longer, np.eye(3))
    assert found.outcome is PolishOutcome.POLISHED
    assert found.displacement == pytest.approx(0.001 * share / np.sqrt(2), rel=1e-6)
    assert distance_to_global_minima(found.weights, np.eye(3)) < 1e-14


def test_moving_too_far_is_rejected():
    point = KNOWN_POINTS["k7-n7"]
    start = displaced(point.W, 1e-3, seed=3)
    found = newton_polish(start, point.V, largest_displacement=5e-4)
    assert found.outcome is PolishOutcome.MOVED_TOO_FAR
    assert (found.steps, found.displacement) == (0, 0.0)
    np.testing.assert_array_equal(found.weights, start)
    assert found.gradient_norm == np.linalg.norm(population_gradient(start, point.V))


def test_a_gradient_that_does_not_fall_is_rejected():
    start = np.random.default_rng(5).normal(size=(6, 6)) / np.sqrt(6)
    found = newton_polish(start, np.eye(6), largest_displacement=np.inf, step_budget=3)
    assert found.outcome is PolishOutcome.GRADIENT_DID_NOT_FALL
    assert found.gradient_norm > 0.1
    np.testing.assert_array_equal(found.weights, start)


def test_a_step_onto_a_zero_neuron_is_not_taken():
    found = newton_polish([[0.005]], [[-1.0]])
    assert found.outcome is PolishOutcome.GRADIENT_DID_NOT_FALL
    np.testing.assert_array_equal(found.weights, [[0.005]])


def test_a_budget_that_ends_early_is_rejected():
    point = KNOWN_POINTS["k7-n7"]
    start = displaced(point.W, 1e-3, seed=3)
    found = newton_polish(start, point.V, step_budget=1)
    assert found.outcome is PolishOutcome.GRADIENT_DID_NOT_FALL
    np.testing.assert_array_equal(found.weights, start)


@pytest.mark.parametrize("bounds", [{"largest_displacement": 0}, {"step_budget": 0}])
def test_bounds_must_be_positive(bounds):
    with pytest.raises(ValueError, match="positive"):
        newton_polish(np.eye(2), np.eye(2), **bounds)


@pytest.mark.parametrize("name", MINIMA)
def test_descent_from_the_ball_reaches_its_minimum(name):
    """The claim itself, at the edge of the ball and with nearly the largest step."""
    point = KNOWN_POINTS[name]
    ball = same_minimum_ball(point.W, point.V)
    assert ball.radius > 1e-6
    X = displaced(point.W, 0.999 * ball.radius, seed=4)
    assert ball.covers(np.linalg.norm(X - point.W), 0.99 * ball.largest_step)
    distances = [np.linalg.norm(X - point.W)]
    for _ in range(50):
        X = X - 0.99 * ball.largest_step * population_gradient(X, point.V)
        distances.append(np.linalg.norm(X - point.W))
    assert np.all(np.diff(distances) < 0)
    polished = newton_polish(X, point.V)
    np.testing.assert_allclose(polished.weights, point.W, rtol=0, atol=1e-12)


@pytest.mark.parametrize("name", MINIMA)
def test_the_ball_is_as_convex_as_it_says(name):
    point = KNOWN_POINTS[name]
    ball = same_minimum_ball(point.W, point.V)
    softest = np.linalg.eigh(population_hessian(point.W, point.V))[1][:, 0].reshape(point.W.shape)
    for direction in (softest, -softest, displaced(0 * softest, 1, seed=5)):
        spectrum = np.linalg.eigvalsh(
            population_hessian(point.W + ball.radius * direction, point.V)
        )
        assert ball.strong_convexity <= spectrum[0]
        assert spectrum[-1] <= 2 / ball.largest_step


def test_nothing_is_claimed_at_a_saddle():
    point = KNOWN_POINTS["k12-n13-saddle"]
    ball = same_minimum_ball(point.W, point.V)
    assert ball.radius == 0.0
    assert ball.strong_convexity == pytest.approx(point.smallest_eigenvalue, abs=1e-6)
    assert not ball.covers(1e-12, 1e-3)


def test_nothing_is_claimed_where_the_gradient_is_large():
    point = KNOWN_POINTS["k7-n7"]
    assert same_minimum_ball(displaced(point.W, 1e-2, seed=6), point.V).radius == 0.0


def test_too_large_a_step_is_not_covered():
    ball = same_minimum_ball(np.eye(4), np.eye(4))
    assert ball.covers(ball.radius, 0.99 * ball.largest_step)
    assert not ball.covers(ball.radius, ball.largest_step)
    assert not ball.covers(1.01 * ball.radius, 0.1)


def test_nothing_is_claimed_at_global_minima_with_more_neurons():
    assert same_minimum_ball(global_minimum(4, 3), np.eye(3)).radius < 1e-12


def third_derivative(W, V, U, h=1e-4):
    """D^3 F(W)[U, U, U] by central differences of U^T H U."""
    ahead, behind = (population_hessian(W + sign * h * U, V) for sign in (1, -1))
    return U.ravel() @ (ahead - behind) @ U.ravel() / (2 * h)


def test_lipschitz_constant_is_attained_by_one_neuron():
    """u = (1/2, sqrt(3)/2) at w = e1, with the teacher at 60 degrees."""
    W, V = np.array([[1.0, 0.0]]), np.array([[0.5, np.sqrt(0.75)]])
    U = np.array([[0.5, np.sqrt(0.75)]])
    attained = abs(third_derivative(W, V, U))
    assert attained == pytest.approx(3 * np.sqrt(3) / (4 * np.pi), rel=1e-6)
    assert hessian_lipschitz(W, V, 0.0) == pytest.approx(attained, rel=1e-6)
    assert attained > 1 / np.pi  # the constant of S18


@pytest.mark.parametrize("second_norm", [1.0, 0.6])
@pytest.mark.parametrize("teacher_norm", [1e-3, 1.0])
def test_lipschitz_constant_holds_across_parallel_neurons(second_norm, teacher_norm):
    """The third derivative jumps there; the bound is on differences of the Hessian."""
    W = np.diag([1.0, second_norm]) @ np.array([[1.0, 0.0], [1.0, 0.0]])
    V = teacher_norm * np.eye(2)
    for turn in np.array([[[0.0, 1], [0, -1]], [[0, 1], [0, 1]], [[0, 0], [0, 1]]]):
        U = turn / np.linalg.norm(turn)
        for behind, ahead in [(0, 1e-2), (0, 1e-4), (1e-2, 1e-2), (1e-3, 1e-2)]:
            change = population_hessian(W + ahead * U, V) - population_hessian(W - behind * U, V)
            bound = (behind + ahead) * hessian_lipschitz(W, V, 1e-2)
            assert np.linalg.norm(change, 2) <= bound


@pytest.mark.parametrize("radius", [-1e-3, 0.6, 2.0, np.nan])
def test_lipschitz_ball_must_not_reach_zero_neurons(radius):
    with pytest.raises(ValueError, match="radius"):
        hessian_lipschitz(np.diag([1.0, 0.6]), np.eye(2), radius)
