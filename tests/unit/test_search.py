"""Minimum finding: the kernel against the objective, the rules of stopping, the rates it gives."""

import mpmath
import numpy as np
import pytest

from relu_landscape.minima import classify_minima
from relu_landscape.objective import population_gradient, population_loss
from relu_landscape.search import (
    PROTOCOLS,
    Protocol,
    StopReason,
    column_kernel,
    descend,
    descent,
    find_minima,
    lane_kernel,
)
from relu_landscape.search.angles import ARCSINE
from relu_landscape.search.descent import loss_of_no_students
from relu_landscape.search.initial import initial_weights
from relu_landscape.search.lanes import LANES

S18 = PROTOCOLS["safran2018"]
SIZES = [(1, 1), (2, 1), (3, 2), (4, 4), (6, 6), (7, 6), (9, 8), (13, 12), (3, 7)]


@pytest.fixture(params=["in lanes", "alone"])
def design(request, monkeypatch):
    """Either kernel at any size; without it small sizes never meet the one of k >= 48."""
    if request.param == "alone":
        monkeypatch.setattr(descent, "ALONE_FROM", 1)


in_both_designs = pytest.mark.usefixtures("design")


def vary(protocol: Protocol, **changes: object) -> Protocol:
    return Protocol(**(vars(protocol) | changes))  # type: ignore[arg-type]


def values_in_lanes(weights: np.ndarray) -> list[tuple[float, np.ndarray, float, float]]:
    """Loss, gradient, squared norm and largest squared neuron gradient of LANES points."""
    _, n, d = weights.shape
    work, rows, columns = lane_kernel.make_workspace(n, d)
    work.weights.reshape(rows, columns, LANES)[:n, :d] = weights.transpose(1, 2, 0)
    lane_kernel.evaluate(work, n, d, rows, columns, loss_of_no_students(d))
    gradients = work.gradient.reshape(rows, columns, LANES)[:n, :d].transpose(2, 0, 1)
    return list(zip(work.loss, gradients, work.squared_gradient, work.largest_squared, strict=True))


def values_alone(weights: np.ndarray) -> list[tuple[float, np.ndarray, float, float]]:
    """The same, one point after another in one workspace."""
    _, n, d = weights.shape
    work, rows, columns = column_kernel.make_workspace(n, d)
    values = []
    for point in weights:
        work.weights.reshape(rows, columns)[:n, :d] = point
        column_kernel.evaluate(work, n, d, rows, columns, loss_of_no_students(d))
        gradient = work.gradient.reshape(rows, columns)
        assert not gradient[n:].any()
        assert not gradient[:, d:].any()
        values.append(
            (
                work.loss[0],
                gradient[:n, :d].copy(),
                work.squared_gradient[0],
                work.largest_squared[0],
            )
        )
    return values


@pytest.mark.slow
@pytest.mark.parametrize("kernel_values", [values_in_lanes, values_alone])
@pytest.mark.parametrize(("n", "k"), [*SIZES, (17, 41), (50, 48)])
def test_kernels_agree_with_the_objective(n, k, kernel_values):
    rng = np.random.default_rng(n * 100 + k)
    weights = rng.standard_normal((LANES, n, k))
    teacher = np.eye(k)
    for point, (loss, gradient, squared, largest) in zip(
        weights, kernel_values(weights), strict=True
    ):
        exact = population_gradient(point, teacher)
        np.testing.assert_allclose(gradient, exact, rtol=0, atol=2e-14 * (n + k))
        assert loss == pytest.approx(population_loss(point, teacher), abs=1e-13 * (n + k) ** 2)
        assert squared == pytest.approx((exact**2).sum(), rel=1e-12)
        assert largest == pytest.approx((exact**2).sum(axis=1).max(), rel=1e-12)


@pytest.mark.parametrize("kernel_values", [values_in_lanes, values_alone])
def test_kernels_are_exact_at_parallel_and_antiparallel_neurons(kernel_values):
    tilts = [0.0, 1e-16, 1e-12, 1e-8, 1e-4, 1e-2, 0.1, 1.0]
    weights = np.array(
        [[[1.0, 0.0], [2.0, 2.0 * tilt], [-3.0, 3.0 * tilt], [0.0, 1.0]] for tilt in tilts]
    )
    for point, (_, gradient, _, _) in zip(weights, kernel_values(weights), strict=True):
        exact = population_gradient(point, np.eye(2))
        np.testing.assert_allclose(gradient, exact, rtol=0, atol=1e-14 * 6)


def test_designs_take_the_same_descent_up_to_rounding(monkeypatch):
    expected = find_minima(9, 8, 20, seed=4, iteration_budget=300)
    monkeypatch.setattr(descent, "ALONE_FROM", 1)
    record = find_minima(9, 8, 20, seed=4, iteration_budget=300)
    np.testing.assert_array_equal(record.iterations, expected.iterations)
    np.testing.assert_array_equal(record.stop_reasons, expected.stop_reasons)
    np.testing.assert_allclose(record.weights, expected.weights, rtol=0, atol=1e-9)


def test_a_run_alone_has_the_same_bits_in_any_company(monkeypatch):
    monkeypatch.setattr(descent, "ALONE_FROM", 1)
    together = find_minima(9, 9, 6, seed=4, iteration_budget=500)
    for restart in (0, 3, 5):
        alone = find_minima(9, 9, 1, seed=4, iteration_budget=500, first_restart=restart)
        np.testing.assert_array_equal(alone.weights[0], together.weights[restart])
        assert alone.losses[0] == together.losses[restart]


def test_arcsine_coefficients_are_the_chebyshev_interpolant():
    with mpmath.workdps(40):

        def ratio(z):
            return mpmath.asin(mpmath.sqrt(z)) / mpmath.sqrt(z) if z else mpmath.mpf(1)

        for z in mpmath.linspace(0, 0.5, 401):
            error = mpmath.polyval([mpmath.mpf(c) for c in reversed(ARCSINE)], z, asc=True) - ratio(
                z
            )
            assert abs(error) < 4e-17


def test_safran_protocols_are_those_of_the_sheet():
    assert S18.step_for(20) == 0.1
    assert PROTOCOLS["safran2021"].step_for(20) == 0.25
    assert {protocol.bad_loss for protocol in PROTOCOLS.values()} == {1e-3}


@in_both_designs
def test_converged_runs_satisfy_the_tolerance_by_the_objective():
    record = find_minima(7, 7, 24, seed=5)
    assert set(record.stop_reasons) == {StopReason.CONVERGED}
    for weights, loss in zip(record.weights, record.losses, strict=True):
        gradient = population_gradient(weights, np.eye(7))
        assert 2 * np.pi * np.linalg.norm(gradient, axis=1).max() <= 1.01e-9
        assert loss == pytest.approx(population_loss(weights, np.eye(7)), abs=1e-13)


@pytest.mark.slow
@in_both_designs
def test_bad_runs_at_seven_end_at_the_published_level():
    record = find_minima(7, 7, 200, seed=1)
    bad = record.losses >= S18.bad_loss
    # The central 99.9 % of a binomial law of 200 runs at the published rate, 5.5 %.
    assert 2 <= bad.sum() <= 23
    np.testing.assert_allclose(record.losses[bad], 0.023203, rtol=0, atol=5e-7)


@in_both_designs
def test_a_run_below_the_threshold_stops_only_when_over_parameterised():
    assert StopReason.BELOW_THRESHOLD not in find_minima(6, 6, 16, seed=2).stop_reasons
    record = find_minima(8, 6, 16, seed=2)
    assert set(record.stop_reasons) == {StopReason.BELOW_THRESHOLD}
    assert not record.loss_rose.any()
    assert (record.losses < S18.bad_loss).all()


@in_both_designs
def test_budget_is_kept_to_the_step():
    record = find_minima(6, 6, 10, seed=2, iteration_budget=37)
    assert set(record.stop_reasons) == {StopReason.ITERATION_BUDGET}
    assert set(record.iterations) == {37}


@in_both_designs
def test_divergence_starts_again_with_half_the_step():
    protocol = vary(S18, step=400.0, divergence=1e3)
    record = find_minima(6, 6, 8, seed=3, protocol=protocol)
    assert (record.halvings > 0).all()
    np.testing.assert_array_equal(record.steps, 400.0 * 0.5**record.halvings)
    assert set(record.stop_reasons) <= {StopReason.CONVERGED}


@in_both_designs
def test_divergence_that_never_ends_has_its_reason():
    record = find_minima(4, 4, 8, seed=3, protocol=vary(S18, divergence=1e-12))
    assert set(record.stop_reasons) == {StopReason.DIVERGED}


@in_both_designs
def test_overflow_is_called_non_finite():
    record = descend(np.full((1, 2, 2), [[1e200, 1e200], [-1e200, 1e200]]), S18)
    assert record.stop_reasons.tolist() == [StopReason.NON_FINITE]


@in_both_designs
def test_a_loss_that_rose_forbids_the_early_stop():
    # At this step descent overshoots, and the loss rises at times on the way down.
    protocol = vary(S18, step=0.8, iteration_budget=3000, bad_loss=1e-2)
    record = find_minima(8, 6, 64, seed=4, protocol=protocol)
    rose = record.loss_rose
    assert rose.any()
    assert StopReason.BELOW_THRESHOLD not in record.stop_reasons[rose]


@in_both_designs
def test_progress_counts_every_run():
    seen = []
    find_minima(6, 6, 20, seed=1, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (20, 20)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


@in_both_designs
def test_no_runs_give_an_empty_record():
    record = find_minima(6, 6, 0, seed=1)
    assert record.weights.shape == (0, 6, 6)
    assert len(record.stop_reasons) == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_students": 0, "n_teachers": 3, "n_runs": 1, "seed": 1}, "at least 1"),
        ({"n_students": 3, "n_teachers": 3, "n_runs": -1, "seed": 1}, "at least 0"),
        ({"n_students": 3, "n_teachers": 3, "n_runs": 1, "seed": -1}, "seed"),
        ({"n_students": 3, "n_teachers": 3, "n_runs": 1, "seed": 1, "protocol": "adam"}, "known"),
    ],
)
def test_bad_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        find_minima(**arguments)


@pytest.mark.parametrize(
    ("starts", "message"),
    [
        (np.zeros((2, 3)), "shape"),
        (np.full((1, 2, 2), np.nan), "row 0, 0 of starts"),
        (np.stack([np.eye(3), np.diag([1.0, 0.0, 1.0])]), "start 1: neuron 1"),
    ],
)
def test_bad_starts_are_named(starts, message):
    with pytest.raises(ValueError, match=message):
        descend(starts, S18)


@pytest.mark.parametrize(
    "field", ["step", "tolerance", "divergence", "bad_loss", "iteration_budget"]
)
def test_protocol_refuses_numbers_that_are_not_positive(field):
    with pytest.raises(ValueError, match=field):
        vary(S18, **{field: 0})


@pytest.mark.parametrize("budget", [-1, 10.5, np.nan, np.inf])
def test_a_budget_is_a_whole_number_of_steps(budget):
    with pytest.raises(ValueError, match=r"iteration_budget (is .*a whole|must be)"):
        find_minima(6, 6, 1, seed=0, iteration_budget=budget)
    with pytest.raises(ValueError, match=r"iteration_budget (is .*a whole|must be)"):
        vary(S18, iteration_budget=budget)


def test_large_norm_starts_have_the_norm_sum_of_the_paper():
    weights = initial_weights(
        PROTOCOLS["safran2021_large_norm"].initial_law, 20, 20, range(50), seed=1
    )
    norm_sums = np.linalg.norm(weights, axis=2).sum(axis=1)
    assert norm_sums.mean() == pytest.approx(2 * 20**2, rel=0.05)


def test_gaussian_starts_have_variance_one_over_k():
    weights = initial_weights(S18.initial_law, 20, 20, range(200), seed=1)
    assert weights.var() == pytest.approx(1 / 20, rel=0.02)


def test_runs_that_cycle_end_at_no_minimum():
    # A step of 5/k is too large for k = 2, 3: all of these use up any budget, at F >= 1e-3.
    runs = find_minima(3, 3, 20, seed=1, protocol="safran2021", iteration_budget=20_000)
    assert (runs.losses >= 1e-3).all()
    assert not runs.converged.any()
    bad = runs.weights[runs.converged & (runs.losses >= 1e-3)]
    assert len(classify_minima(bad).representatives) == 0
    small_steps = find_minima(3, 3, 20, seed=1)
    assert small_steps.converged.all()
    assert not (small_steps.losses >= 1e-3).any()


def test_converged_are_critical_ends_and_no_others():
    budget = int(np.median(find_minima(6, 6, 16, seed=2).iterations))
    runs = find_minima(6, 6, 16, seed=2, iteration_budget=budget)
    assert 0 < runs.converged.sum() < 16
    np.testing.assert_array_equal(runs.converged, runs.stop_reasons == StopReason.CONVERGED)
    stopped = find_minima(7, 6, 4, seed=2)
    assert set(stopped.stop_reasons) == {StopReason.BELOW_THRESHOLD}
    assert not stopped.converged.any()
