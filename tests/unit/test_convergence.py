"""How fast descent approaches a global minimum: known rates, known exponents, known fits."""

import numpy as np
import pandas as pd
import pytest

from relu_landscape.global_minima import STRONG_CONVEXITY, global_minimum
from relu_landscape.global_minima.checkpoints import log_spaced_checks
from relu_landscape.global_minima.convergence import (
    QUANTITIES,
    fit_convergence,
    follow_convergence,
)
from relu_landscape.global_minima.settings import Convergence
from relu_landscape.objective import population_gradient, population_loss
from relu_landscape.seeding import indexed_generator

EXPONENTS = {"loss": -3, "gradient_norm": -2, "distance": -1}


def follow(k, n, iterations, progress=None, **changes):
    asked = {
        "sizes": [{"k": k, "n": n}],
        "window": 10,
        "step_factor": 1.0,
        "runs": 2,
        "start_distance": 0.3,
        "iterations": iterations,
        "checks_per_decade": 8,
        "seed": 4,
    }
    settings = Convergence.model_validate(asked | changes)
    return pd.DataFrame(follow_convergence(k, n, settings, progress=progress))


def fitted(frame, window=10):
    return {(row["run"], row["quantity"]): row for row in fit_convergence(frame, window=window)}


@pytest.fixture(scope="module")
def linear():
    return follow(2, 2, 1500)


@pytest.fixture(scope="module")
def sublinear():
    return follow(2, 3, 20_000)


def test_equal_numbers_converge_at_the_rate_of_the_softest_direction(linear):
    rate = np.log1p(-STRONG_CONVEXITY / 2)  # of the distance; step 1/k
    laws = fitted(linear)
    assert len(laws) == 2 * len(QUANTITIES)
    for (_, quantity), row in laws.items():
        assert row["law"] == "exponential"
        expected = 2 * rate if quantity == "loss" else rate
        # Off by a share of the distance where the fit begins, some 1e-2 of a length of order one,
        # spread over the window.
        assert row["rate"] == pytest.approx(expected, rel=1e-3)
        assert row["low"] < row["rate"] < row["high"]
        assert row["high"] - row["low"] < 1e-2 * abs(rate)


def test_one_neuron_more_makes_it_sublinear(sublinear):
    for (_, quantity), row in fitted(sublinear).items():
        assert row["law"] == "power"
        # Fitted before this code: -2.97..-3.04 and -1.98..-2.03; 1/t corrections remain.
        assert row["rate"] == pytest.approx(EXPONENTS[quantity], rel=0.03)
        assert row["low"] < row["rate"] < row["high"]
        assert row["last_iteration"] == 20_000
        assert 2000 <= row["first_iteration"] < 20_000


def test_the_valley_ends_at_the_constants_of_theorem_9(sublinear):
    # Along the valley F ~ c eps^3 with |W - W*|^2 = 2 eps^2, and at equal shares c = 4/(3 pi); the
    # shares that descent ends at differ, and 1/a + 1/(1 - a) is never below 4.
    ends = sublinear[sublinear["iteration"] == 20_000]
    constants = ends["loss"] / (ends["distance"] / np.sqrt(2)) ** 3
    assert (constants > 0.99 * 4 / (3 * np.pi)).all()
    assert (constants < 2 * 4 / (3 * np.pi)).all()


def test_records_are_plain_gradient_descent(linear):
    for run in range(2):
        drawn = indexed_generator(4, 2, 2, run).normal(size=(2, 2))
        W = global_minimum(2, 2) + 0.3 * drawn / np.linalg.norm(drawn)
        rows = linear[(linear["run"] == run) & (linear["iteration"] <= 100)]
        done = 0
        for row in rows.to_dict("records"):
            for _ in range(row["iteration"] - done):
                W = W - population_gradient(W, np.eye(2)) / 2
            done = row["iteration"]
            # Gradients right to 1e-14 a step, and the loss to 1e-15 by double.
            assert row["distance"] == pytest.approx(np.linalg.norm(W - np.eye(2)), rel=1e-9)
            gradient = np.linalg.norm(population_gradient(W, np.eye(2)))
            assert row["gradient_norm"] == pytest.approx(gradient, rel=1e-9)
            assert row["loss"] == pytest.approx(population_loss(W, np.eye(2)), abs=1e-14)
    assert linear["iteration"].drop_duplicates().tolist() == log_spaced_checks(1500, 8)


def test_the_reference_sees_what_double_cannot(linear):
    late = linear[linear["iteration"] == linear["iteration"].max()]
    assert (late["loss"] >= 0).all()
    # Losses of 1e-15 and less, which double does not know.
    deep = linear[(linear["distance"] < 5e-8) & (linear["distance"] > 1e-12)]
    assert set(deep["run"]) == {0, 1}
    # A strongly convex loss: between 1/2 lambda |W - V|^2 and the largest eigenvalue of the same.
    quotients = deep["loss"] / deep["distance"] ** 2
    assert quotients.between(STRONG_CONVEXITY / 2 * (1 - 1e-3), 0.90915494 / 2).all()


def test_a_run_depends_on_its_number_alone():
    two = follow(2, 3, 50)
    pd.testing.assert_frame_equal(two, follow(2, 3, 50))
    one = follow(2, 3, 50, runs=1)
    pd.testing.assert_frame_equal(two[two["run"] == 0].reset_index(drop=True), one)
    assert not two["loss"].equals(follow(2, 3, 50, seed=5)["loss"])


def test_progress_counts_the_checks():
    seen = []
    follow(2, 2, 10, progress=lambda done, total: seen.append((done, total)))
    total = len(log_spaced_checks(10, 8))
    assert seen == [(done, total) for done in range(1, total + 1)]


def synthetic(law, rates, steps=10_000):
    t = np.array(log_spaced_checks(steps, 8), dtype=float)
    grow = np.exp if law == "exponential" else np.power
    values = {
        name: 0.3 * (grow(rate * t) if law == "exponential" else grow(t + (t == 0), rate))
        for name, rate in rates.items()
    }
    return pd.DataFrame({"k": 3, "n": 4, "run": 0, "iteration": t.astype(int), **values})


@pytest.mark.parametrize(
    ("law", "rates"),
    [
        ("power", {"loss": -3.0, "gradient_norm": -2.0, "distance": -1.0}),
        ("exponential", {"loss": -2e-3, "gradient_norm": -1e-3, "distance": -1e-3}),
    ],
)
def test_a_law_is_recovered_from_data_that_obey_it(law, rates):
    for row in fit_convergence(synthetic(law, rates), window=10):
        assert row["law"] == law
        assert row["rate"] == pytest.approx(rates[row["quantity"]], rel=1e-9)
        assert row["first_iteration"] == 1000
        assert row["last_iteration"] == 10_000
        assert row["checks"] == 9
        assert (row["k"], row["n"], row["run"]) == (3, 4, 0)


def test_only_the_last_window_is_fitted():
    frame = synthetic("power", EXPONENTS)
    early = frame["iteration"] < 1000
    frame.loc[early, "loss"] = 1e6
    rates = {row["quantity"]: row["rate"] for row in fit_convergence(frame, window=10)}
    assert rates["loss"] == pytest.approx(-3, rel=1e-9)
    wider = {row["quantity"]: row["rate"] for row in fit_convergence(frame, window=100)}
    assert wider["loss"] < -3.5


def test_checks_at_the_minimum_to_rounding_are_left_out():
    rates = {"loss": -4e-2, "gradient_norm": -2e-2, "distance": -2e-2}
    frame = synthetic("exponential", rates)
    floor = frame["distance"] < 1e-12
    assert floor.sum() > 3
    frame.loc[floor, ["loss", "gradient_norm", "distance"]] = [1e-31, 1e-16, 1e-15]
    for row in fit_convergence(frame, window=10):
        assert row["law"] == "exponential"
        assert row["rate"] == pytest.approx(rates[row["quantity"]], rel=1e-6)
        assert row["last_iteration"] < frame.loc[floor, "iteration"].min()
