"""Descent towards any teachers, with outputs of either sign."""

from hashlib import sha256

import numpy as np
import pytest

from helpers_certificates import signed_minimum
from helpers_objective import random_network, rotation
from relu_landscape.objective import (
    leaky_relu,
    population_gradient,
    population_hessian,
    population_loss,
)
from relu_landscape.search import (
    PROTOCOLS,
    Basins,
    Protocol,
    descend,
    find_minima,
    newton_polish,
    same_minimum_ball,
)
from relu_landscape.search.initial import initial_weights
from relu_landscape.search.lanes import LANES
from relu_landscape.search.target import checked_target
from relu_landscape.search.triangular_teachers import triangular_teachers, turn, turn_back

S18 = PROTOCOLS["safran2018"]
UNIT_STEP = Protocol(**(vars(S18) | {"step": 1.0, "tolerance": 1e-300}))
SIZES = [(1, 1, 1), (2, 1, 3), (4, 7, 5), (6, 6, 6), (9, 8, 8), (13, 12, 20), (3, 7, 4)]
needs_compiler = pytest.mark.slow


def teachers(k, d, seed=0):
    return np.random.default_rng(seed).normal(size=(k, d))


def signs(n):
    return np.where(np.arange(n) % 3 == 1, -1.0, 1.0)


def same_record(first, second):
    for name, value in vars(first).items():
        np.testing.assert_array_equal(value, vars(second)[name], err_msg=name)


def check_kernel(W, V, outputs, kernel):
    """A step of length 1 from W ends at W minus the gradient: what the compiled kernel found."""
    target = {"outputs": outputs, "kernel": kernel}
    here, ahead = (
        descend(W, UNIT_STEP, teachers=V, iteration_budget=steps, **target) for steps in (0, 1)
    )
    for run, point in enumerate(W):
        exact = population_gradient(point, V, **target)
        gradient = point - ahead.weights[run]
        np.testing.assert_allclose(gradient, exact, rtol=0, atol=1e-13)
        loss = population_loss(point, V, **target)
        assert here.losses[run] == pytest.approx(loss, abs=1e-12)
        assert here.gradient_norms[run] == pytest.approx(np.linalg.norm(exact), rel=1e-12)
        largest = np.linalg.norm(exact, axis=1).max()
        assert here.largest_neuron_gradients[run] == pytest.approx(largest, rel=1e-12)


@pytest.mark.parametrize("kernel", ["relu", "absolute_value", leaky_relu(0.3), leaky_relu(2.0)])
@pytest.mark.parametrize(("n", "d"), [(1, 1), (2, 3), (5, 4)])
def test_kernel_of_any_slope_agrees_with_the_objective(n, d, kernel):
    W = np.random.default_rng(1).normal(size=(LANES + 1, n, d))
    check_kernel(W, np.eye(d), np.ones(n), kernel)


def test_a_slope_counts_at_sizes_at_which_the_relu_goes_alone():
    n, d, kernel = 50, 48, leaky_relu(0.3)
    W = np.random.default_rng(1).normal(size=(1, n, d)) / np.sqrt(d)
    moved = descend(W, S18, kernel=kernel, iteration_budget=1).weights[0]
    expected = W[0] - 0.1 * population_gradient(W[0], np.eye(d), kernel=kernel)
    np.testing.assert_allclose(moved, expected, rtol=0, atol=1e-14)


@needs_compiler
class TestKernel:
    @pytest.mark.parametrize("kernel", ["relu", leaky_relu(-0.5)])
    @pytest.mark.parametrize(("n", "k", "d"), SIZES)
    def test_agrees_with_the_objective(self, n, k, d, kernel):
        W = np.random.default_rng(1).normal(size=(LANES + 1, n, d))
        check_kernel(W, teachers(k, d), signs(n), kernel)

    def test_is_exact_at_parallel_and_antiparallel_neurons(self):
        V, outputs = np.array([[2.0, 1.0], [-1.0, 1.0]]), np.array([1.0, -1.0, 1.0, 1.0])
        tilts = [0.0, 1e-16, 1e-12, 1e-8, 1e-4, 1e-2, 0.1]
        W = [[V[0], 2 * V[0] + [0.0, t], -3 * V[0] + [0.0, t], V[1]] for t in tilts]
        check_kernel(np.array(W), V, outputs, "relu")


class TestStandardTarget:
    """V = I, outputs 1 and the ReLU, said or left out: the same kernel and the same bits."""

    def test_saying_it_changes_no_bit(self):
        plain = find_minima(5, 4, 9, seed=2, iteration_budget=300)
        said = find_minima(
            5, 4, 9, seed=2, iteration_budget=300,
            teachers=np.eye(4), outputs=np.ones(5), kernel=leaky_relu(0.0),
        )  # fmt: skip
        same_record(plain, said)

    @pytest.mark.parametrize(
        ("n", "k", "steps", "digest"),
        [
            (8, 8, 1500, "1fc495210978169d"),
            (9, 8, 1500, "e06a6622d1aa6a90"),
            (5, 8, 1500, "32386f9b7469ed0d"),
            (50, 48, 40, "29e1c75e8a232750"),
        ],
    )
    def test_restarts_have_the_recorded_bits(self, n, k, steps, digest):
        """Those of the search before it took teachers, outputs and slopes."""
        record = find_minima(n, k, 12, seed=3, iteration_budget=steps)
        bits = [record.weights, record.losses, record.gradient_norms, record.iterations]
        assert sha256(b"".join(array.tobytes() for array in bits)).hexdigest()[:16] == digest

    def test_starts_are_the_same_numbers(self):
        plain = initial_weights(S18.initial_law, 5, 4, range(3), seed=2)
        said = initial_weights(S18.initial_law, 5, 4, range(3), seed=2, n_inputs=4)
        np.testing.assert_array_equal(plain, said)

    def test_polishing_has_the_same_bits(self):
        W, V = np.eye(4) + 1e-4 * teachers(4, 4), np.eye(4)
        plain, said = newton_polish(W, V), newton_polish(W, V, outputs=np.ones(4))
        assert plain.weights.tobytes() == said.weights.tobytes()


@needs_compiler
class TestOtherTargets:
    def test_rotated_teachers_give_the_rotated_descent(self):
        turned = rotation(6, seed=3)
        starts = initial_weights(S18.initial_law, 7, 6, range(5), seed=4)
        plain = descend(starts, S18, iteration_budget=300)
        record = descend(starts @ turned, S18, iteration_budget=300, teachers=turned)
        np.testing.assert_allclose(record.weights, plain.weights @ turned, rtol=0, atol=1e-11)
        np.testing.assert_allclose(record.losses, plain.losses, rtol=0, atol=1e-12)
        np.testing.assert_array_equal(record.iterations, plain.iterations)

    def test_a_run_has_the_same_bits_in_any_company(self):
        further = {"seed": 4, "iteration_budget": 200, "teachers": teachers(5, 7) / 3}
        further["outputs"] = signs(6)
        together = find_minima(6, 5, 2 * LANES + 1, **further)
        alone = find_minima(6, 5, 1, first_restart=LANES, **further)
        np.testing.assert_array_equal(alone.weights[0], together.weights[LANES])

    def test_converged_runs_are_critical_points_with_these_outputs(self):
        V, outputs = np.array([[1.0, 0.0, 0.0], [0.6, 0.8, 0.0]]), np.array([1.0, 1.0, -1.0])
        record = find_minima(3, 2, 4, seed=1, teachers=V, outputs=outputs, iteration_budget=20_000)
        assert record.weights.shape == (4, 3, 3)
        for weights, loss, norm in zip(
            record.weights, record.losses, record.largest_neuron_gradients, strict=True
        ):
            assert loss == pytest.approx(population_loss(weights, V, outputs=outputs), abs=1e-14)
            gradient = population_gradient(weights, V, outputs=outputs)
            assert norm == pytest.approx(np.linalg.norm(gradient, axis=1).max(), abs=1e-14)

    def test_a_run_is_good_relative_to_the_size_of_the_teachers(self):
        """With twice the teachers, starts and steps alike, all losses are four times as large."""
        starts = initial_weights(S18.initial_law, 4, 3, range(6), seed=1)
        plain = find_minima(4, 3, 6, seed=1)
        record = find_minima(4, 3, 6, seed=1, teachers=2 * np.eye(3))
        assert (plain.stop_reasons == "below_threshold").any()
        below = record.stop_reasons == "below_threshold"
        assert record.losses[below].min() > 1e-3
        assert record.losses[below].max() < 4e-3
        doubled = descend(
            2 * starts, S18, teachers=2 * np.eye(3), stop_below=4e-3, iteration_budget=10**5
        )
        np.testing.assert_array_equal(doubled.iterations, plain.iterations)
        np.testing.assert_allclose(doubled.losses, 4 * plain.losses, rtol=1e-9)


def test_a_slope_of_descent_ends_at_its_critical_points():
    for kernel in ("absolute_value", leaky_relu(0.5)):
        record = find_minima(6, 6, 8, seed=1, kernel=kernel)
        assert record.converged.all()
        for weights, loss, norm in zip(
            record.weights, record.losses, record.largest_neuron_gradients, strict=True
        ):
            gradient = population_gradient(weights, np.eye(6), kernel=kernel)
            assert norm == pytest.approx(np.linalg.norm(gradient, axis=1).max(), abs=1e-13)
            assert loss == pytest.approx(
                population_loss(weights, np.eye(6), kernel=kernel), abs=1e-13
            )


@pytest.mark.parametrize(("k", "d"), [(3, 3), (2, 5), (5, 2), (1, 4), (4, 1)])
def test_triangular_teachers_are_rotated_ones(k, d):
    V, W = teachers(k, d), np.random.default_rng(7).normal(size=(2, 3, d))
    R, reflectors = triangular_teachers(V)
    for j in range(k):
        assert not R[j, : max(0, d - k + j)].any()
    turned = turn(W, reflectors)
    for found, expected in (
        (turn(V, reflectors), R),
        (R @ R.T, V @ V.T),
        (turned @ R.T, W @ V.T),
        (turned @ np.swapaxes(turned, 1, 2), W @ np.swapaxes(W, 1, 2)),
        (turn_back(turned, reflectors), W),
    ):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


def test_triangular_teachers_stay_as_they_are():
    for V in (np.eye(4), np.diag([1.0, -2.0, 0.5]), np.triu(teachers(4, 4))):
        R, reflectors = triangular_teachers(V)
        np.testing.assert_array_equal(R, V)
        assert not reflectors.any()


def test_starts_have_variance_one_over_the_inputs():
    weights = initial_weights(S18.initial_law, 10, 3, range(200), seed=1, n_inputs=40)
    assert weights.shape == (200, 10, 40)
    assert weights.var() == pytest.approx(1 / 40, rel=0.02)


def test_newton_finishes_with_these_outputs():
    (W, V), outputs = random_network(2, 2, 3, seed=1), np.array([1.0, -1.0])
    for _ in range(300):
        W = W - 0.5 * population_gradient(W, V, outputs=outputs)
    polished = newton_polish(W, V, outputs=outputs)
    assert polished.outcome == "polished"
    assert polished.steps > 0
    assert newton_polish(W, V).outcome == "moved_too_far"
    gradient = population_gradient(polished.weights, V, outputs=outputs)
    assert np.linalg.norm(gradient) == polished.gradient_norm < 1e-14


def test_a_ball_of_one_minimum_with_these_outputs():
    minimum = signed_minimum()
    outputs = np.array(minimum.outputs, dtype=float)
    ball = same_minimum_ball(minimum.W, minimum.V, outputs=outputs)
    lowest = np.linalg.eigvalsh(population_hessian(minimum.W, minimum.V, outputs=outputs))[0]
    assert ball.strong_convexity == pytest.approx(lowest / 2, rel=1e-9)
    assert ball.radius > 0
    rng = np.random.default_rng(0)
    for _ in range(3):
        move = rng.normal(size=minimum.W.shape)
        point = minimum.W + ball.radius * move / np.linalg.norm(move)
        hessian = population_hessian(point, minimum.V, outputs=outputs)
        assert np.linalg.eigvalsh(hessian)[0] > ball.strong_convexity
    assert same_minimum_ball(minimum.W, minimum.V).radius == 0.0


STARTS = np.eye(3)[None] + 0.1


@pytest.mark.parametrize(
    ("further", "message"),
    [
        ({"teachers": np.eye(2)}, "teachers has 2 columns and the students have 3 inputs"),
        ({"teachers": np.ones((2, 3))}, "rows 0 and 1 of teachers are parallel"),
        ({"teachers": [[1.0, 0, 0], [0, 0, 0]]}, "row 1 of teachers is zero"),
        ({"outputs": [1.0, 1.0]}, r"outputs has shape \(2,\)"),
        ({"outputs": [1.0, 0.5, 1.0]}, r"outputs\[1\] is 0.5; .* must be 1 or -1"),
        ({"kernel": "erf"}, r"kernel is 'erf'; descent is compiled for 'relu'"),
        ({"kernel": "tanh"}, r"kernel is 'tanh'; it must be one of 'relu'"),
    ],
)
def test_bad_targets_are_named(further, message):
    with pytest.raises(ValueError, match=message):
        descend(STARTS, S18, **further)


@pytest.mark.parametrize(
    "further",
    [
        {"teachers": 2 * np.eye(3)},
        {"outputs": [1.0, -1.0, 1.0]},
        {"kernel": leaky_relu(0.1)},
    ],
)
def test_basins_are_refused_with_another_target(further):
    known = Basins(np.eye(3)[None], np.array([0.1]), np.array([1.0]), np.array([1.0]))
    with pytest.raises(ValueError, match=r"basins are minima of V = I with outputs 1 and the ReLU"):
        descend(STARTS, S18, basins=known, **further)


def test_the_number_of_teachers_is_that_of_their_rows():
    with pytest.raises(ValueError, match=r"teachers has 2 rows and n_teachers is 3"):
        find_minima(3, 3, 1, seed=1, teachers=np.eye(3)[:2])


def test_antiparallel_teachers_are_two():
    V = np.array([[1.0, 0.0], [-1.0, 0.0]])
    assert len(checked_target(V, None, "relu", 1, 2).teachers) == 2


@pytest.mark.parametrize("k", [1, 3])
def test_loss_of_no_students(k):
    target = checked_target(1.5 * np.eye(k), None, "relu", 1, k)
    expected = 2.25 * (k / 4 + k * (k - 1) / (4 * np.pi))
    assert target.loss_of_no_students == pytest.approx(expected, rel=1e-14)
