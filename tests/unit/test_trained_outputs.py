"""Training of weights and output weights, and the derivatives that it uses."""

import numpy as np
import pytest

from helpers_objective import random_network
from relu_landscape.objective import (
    leaky_relu,
    population_gradient,
    population_joint_gradient,
    population_joint_hessian,
    population_loss,
    population_output_gradient,
)
from relu_landscape.search import follow_gradient_flow, glorot_start, train_with_outputs
from relu_landscape.search.trained_outputs import JointLoss, joint_loss


def start(n, d, seed):
    """Glorot's normal law for both layers."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) * np.sqrt(2 / (n + d)), rng.normal(size=n) * np.sqrt(2 / (n + 1))


def average_level(m):
    """F of the best single neuron for m orthonormal teachers."""
    return (m * np.arcsin(0.5) - m**2 * np.arcsin(0.5 / m)) / np.pi


@pytest.mark.parametrize("kernel", ["erf", "relu_squared", leaky_relu(0.3)], ids=str)
def test_joint_hessian_is_the_difference_quotient_of_both_gradients(kernel):
    W, V = random_network(3, 2, 4, seed=1)
    outputs = np.array([1.0, -1.0, 1.0])
    if kernel == "erf":
        outputs = outputs * [1.5, 0.5, 2.0]

    def gradient(shift):
        here = W + shift[: W.size].reshape(W.shape)
        further = {"outputs": outputs + shift[W.size :], "kernel": kernel}
        return np.concatenate(
            [
                population_gradient(here, V, **further).ravel(),
                population_output_gradient(here, V, **further),
            ]
        )

    hessian = population_joint_hessian(W, V, outputs=outputs, kernel=kernel)
    assert (hessian == hessian.T).all()
    shifts = 1e-5 * np.eye(len(hessian))
    moved = shifts if kernel == "erf" else shifts[: W.size]
    quotients = [(gradient(shift) - gradient(-shift)) / 2e-5 for shift in moved]
    np.testing.assert_allclose(hessian[: len(moved)], quotients, rtol=0, atol=2e-8)


@pytest.mark.parametrize("kernel", ["erf", leaky_relu(0.3)], ids=str)
def test_joint_gradient_is_both_gradients(kernel):
    (W, V), outputs = random_network(3, 2, 4, seed=1), np.array([1.0, -1.0, 1.0])
    further = {"outputs": outputs, "kernel": kernel}
    both = [
        population_gradient(W, V, **further).ravel(),
        population_output_gradient(W, V, **further),
    ]
    found = population_joint_gradient(W, V, **further)
    np.testing.assert_allclose(found, np.concatenate(both), rtol=0, atol=1e-14)


def test_gradient_in_the_outputs_is_the_slope_of_a_parabola():
    (W, V), outputs = random_network(3, 2, 4, seed=1), np.array([1.5, -0.5, 2.0])
    gradient = population_output_gradient(W, V, outputs=outputs, kernel="erf")
    for i, step in enumerate(0.5 * np.eye(3)):
        ahead, behind = (
            population_loss(W, V, outputs=c, kernel="erf") for c in (outputs + step, outputs - step)
        )
        assert gradient[i] == pytest.approx(ahead - behind, abs=1e-14)


def test_few_students_copy_all_but_one_which_averages():
    n, k = 3, 8
    W, outputs = start(n, k + 1, seed=0)
    found = train_with_outputs(W, np.eye(k, k + 1), outputs)
    assert found.converged
    assert found.gradient_norm <= 1e-12
    assert found.loss == pytest.approx(average_level(k - n + 1), abs=1e-13)
    further = {"outputs": found.outputs, "kernel": "erf"}
    assert population_loss(found.weights, np.eye(k, k + 1), **further) == found.loss
    sizes, norms = np.sort(np.abs(found.outputs)), np.sort(np.linalg.norm(found.weights, axis=1))
    m = k - n + 1
    np.testing.assert_allclose(sizes, [1, 1, m], rtol=1e-9)
    np.testing.assert_allclose(norms, [1 / np.sqrt(2 * m - 1), 1, 1], rtol=1e-9)
    curvatures = np.linalg.eigvalsh(
        population_joint_hessian(found.weights, np.eye(k, k + 1), **further)
    )
    assert curvatures[0] > 1e-4


def test_many_students_end_below_every_average():
    n, k = 7, 8
    W, outputs = start(n, k + 1, seed=0)
    found = train_with_outputs(W, np.eye(k, k + 1), outputs)
    assert found.converged
    assert 2 * found.loss == pytest.approx(0.020713, abs=5e-7)
    assert found.loss < average_level(2)


def test_a_budget_that_is_used_up_is_no_convergence():
    W, outputs = start(3, 9, seed=0)
    found = train_with_outputs(W, np.eye(8, 9), outputs, iteration_budget=2)
    assert found.iterations == 2
    assert not found.converged


def test_flow_ends_where_the_students_copy_and_average():
    n, k = 3, 5
    W, outputs = glorot_start(n, k, 0, seed=1, n_inputs=k + 1)
    found = follow_gradient_flow(W, np.eye(k, k + 1), outputs)
    assert found.converged
    assert found.loss == pytest.approx(average_level(k - n + 1), abs=1e-13)


@pytest.mark.slow
def test_a_hessian_of_many_equal_eigenvalues_ends_no_flow():
    """At the end of this one the SVD of a least-squares solver does not converge."""
    n, k = 16, 20
    W, outputs = glorot_start(n, k, 28, seed=75201, n_inputs=k + 1)
    assert follow_gradient_flow(W, np.eye(k, k + 1), outputs).converged


def test_newton_steps_leave_flat_directions_alone():
    (W, V), outputs = random_network(3, 2, 4, seed=1), np.array([1.5, -0.5, 2.0])
    loss, point = joint_loss(W, V, outputs, "erf")
    flat = np.linalg.eigh(loss.hessian(point))[1][:, :2]
    projected = np.eye(len(point)) - flat @ flat.T
    hessian = projected @ loss.hessian(point) @ projected
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JointLoss, "hessian", lambda *_: hessian)
        step = loss._newton_step(point, loss.gradient(point))
    np.testing.assert_allclose(flat.T @ step, 0, rtol=0, atol=1e-12)
    np.testing.assert_allclose(hessian @ step, projected @ loss.gradient(point), rtol=0, atol=1e-12)


def test_flow_goes_along_the_gradient():
    (W, V), outputs = random_network(3, 2, 4, seed=1), np.array([1.5, -0.5, 2.0])
    time = 1e-5
    loss, start = joint_loss(W, V, outputs, "erf")
    # Newton steps would lead on from there.
    flow = loss.gradient(start)
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(JointLoss, "end", lambda _, point, *__: seen.append(point))
        follow_gradient_flow(W, V, outputs, time=time, accuracy=1e-10)
    np.testing.assert_allclose((seen[0] - start) / time, -flow, rtol=0, atol=1e-4)


def test_glorot_starts_have_their_variances_and_depend_on_the_restart():
    draws = [glorot_start(30, 40, restart, seed=3, n_inputs=41) for restart in range(40)]
    weights, outputs = (np.array(part) for part in zip(*draws, strict=True))
    assert weights.std() == pytest.approx(np.sqrt(2 / 71), rel=0.02)
    assert outputs.std() == pytest.approx(np.sqrt(2 / 31), rel=0.06)
    assert (draws[0][0] != draws[1][0]).all()
    again = glorot_start(30, 40, 1, seed=3, n_inputs=41)
    assert (again[0] == draws[1][0]).all()
    assert (again[1] == draws[1][1]).all()


@pytest.mark.parametrize(
    "further", [{"time": 0.0}, {"tolerance": -1.0}, {"accuracy": 1e-13}, {"accuracy": 0.1}]
)
def test_bad_numbers_of_a_flow_are_named(further):
    with pytest.raises(ValueError, match="accuracy from 1e-12 to 1e-2"):
        follow_gradient_flow(np.eye(2), np.eye(2), [1.0, 1.0], **further)


@pytest.mark.parametrize(
    ("further", "message"),
    [
        ({"kernel": "relu"}, "kernel is homogeneous"),
        ({"tolerance": 0.0}, "tolerance must be positive"),
        ({"iteration_budget": 0}, "iteration_budget must be 1 or more"),
    ],
)
def test_bad_arguments_are_named(further, message):
    with pytest.raises(ValueError, match=message):
        train_with_outputs(np.eye(2), np.eye(2), [1.0, 1.0], **further)
