"""Perturbed gradient descent: the engine against plain NumPy, the experiment of Theorem 13."""

import hashlib
from functools import cache
from pathlib import Path

import mpmath
import numpy as np
import pandas as pd
import pytest

from relu_landscape.global_minima import distance_to_global_minima, global_minimum
from relu_landscape.global_minima.checkpoints import log_spaced_checks
from relu_landscape.global_minima.perturbations import curvature_bound
from relu_landscape.global_minima.perturbed_descent import (
    NOISE,
    START,
    compare_noise,
    run_perturbed_descent,
    theorem_13,
)
from relu_landscape.global_minima.settings import PerturbedDescent
from relu_landscape.objective import (
    population_gradient,
    population_hessian_vector,
    population_loss,
)
from relu_landscape.search import PROTOCOLS, Protocol, angles, descend, lane_kernel, lanes
from relu_landscape.search.lanes import LANES
from relu_landscape.search.perturbed import perturb_and_descend
from relu_landscape.search.registers import REGISTERS
from relu_landscape.search.sources import source_digest
from relu_landscape.seeding import indexed_generator

ASKED = {
    "sizes": [{"k": 3, "n": 4}],
    "step_factors": [1.0],
    "noise_factors": [0],
    "runs": 3,
    "delta": 0.1,
    "start_distance": 0.6,
    "iterations": 300,
    "checks_per_decade": 4,
    "seed": 9,
}


def asked(**changes):
    return PerturbedDescent.model_validate(ASKED | changes)


def plain_loop(weights, step, noise):
    """One run, (n, k), the same noise for every neuron."""
    for xi in noise:
        weights = weights + xi
        weights = weights - step * population_gradient(weights, np.eye(weights.shape[1]))
    return weights


def drawn(runs, n, k, steps, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(runs, n, k)), 0.03 * rng.normal(size=(runs, steps, k))


class TestEngine:
    @pytest.mark.parametrize(("n", "k"), [(1, 1), (2, 3), (4, 3), (7, 6), (9, 8), (13, 12)])
    def test_is_the_plain_loop(self, n, k):
        weights, noise = drawn(LANES + 3, n, k, steps=40, seed=n)
        step = 1.0 / max(n, k)
        moved = perturb_and_descend(weights, step, noise)
        for run in range(len(weights)):
            expected = plain_loop(weights[run], step, noise[run])
            # Each step adds a gradient right to 2e-14 (n + k), as the kernel's own test has it.
            np.testing.assert_allclose(
                moved[run], expected, rtol=0, atol=40 * step * 2e-14 * (n + k)
            )
            assert np.abs(expected - weights[run]).max() > 0.01

    @pytest.mark.parametrize("runs", [1, 3, LANES, LANES + 1, 2 * LANES + 3])
    def test_a_run_does_not_depend_on_the_others(self, runs):
        weights, noise = drawn(runs, 5, 4, steps=60)
        together = perturb_and_descend(weights, 0.2, noise)
        order = np.random.default_rng(1).permutation(runs)
        np.testing.assert_array_equal(
            perturb_and_descend(weights[order], 0.2, noise[order]), together[order]
        )
        for run in (0, runs - 1):
            alone = perturb_and_descend(weights[run : run + 1], 0.2, noise[run : run + 1])
            np.testing.assert_array_equal(alone[0], together[run])

    def test_a_run_that_diverges_leaves_the_others_alone(self):
        weights, noise = drawn(4, 3, 2, steps=50)
        expected = perturb_and_descend(weights, 0.2, noise)
        weights[1] = 1e300
        moved = perturb_and_descend(weights, 0.2, noise)
        assert not np.isfinite(moved[1]).all()
        np.testing.assert_array_equal(moved[[0, 2, 3]], expected[[0, 2, 3]])

    def test_walking_on_equals_not_stopping(self):
        weights, noise = drawn(5, 4, 3, steps=70)
        first = perturb_and_descend(weights, 0.3, noise[:, :23])
        rest = perturb_and_descend(first, 0.3, noise[:, 23:])
        np.testing.assert_array_equal(rest, perturb_and_descend(weights, 0.3, noise))

    @pytest.mark.parametrize(("n", "k"), [(5, 4), (8, 8)])
    def test_without_noise_it_takes_the_steps_of_descend(self, n, k):
        weights, _ = drawn(9, n, k, steps=0)
        never_stopping = Protocol(
            **(vars(PROTOCOLS["safran2018"]) | {"tolerance": 1e-300, "bad_loss": 1e-300})
        )
        for steps in (1, 150):
            expected = descend(weights, never_stopping, iteration_budget=steps)
            assert set(expected.iterations) == {steps}
            moved = perturb_and_descend(weights, 0.1, np.zeros((9, steps, k)))
            np.testing.assert_array_equal(moved, expected.weights)

    def test_whole_numbers_are_weights_too(self):
        noise = np.zeros((1, 3, 2))
        moved = perturb_and_descend(np.array([[[1, 2], [3, 4]]]), 0.2, noise)
        expected = perturb_and_descend(np.array([[[1.0, 2.0], [3.0, 4.0]]]), 0.2, noise)
        np.testing.assert_array_equal(moved, expected)

    @pytest.mark.parametrize(("step", "noise"), [(-1.0, 0.0), (np.nan, 0.0), (0.1, np.nan)])
    def test_steps_and_noise_that_lead_nowhere_are_refused(self, step, noise):
        with pytest.raises(ValueError, match="must be positive"):
            perturb_and_descend(np.ones((1, 2, 2)), step, np.full((1, 3, 2), noise))

    def test_no_steps_and_no_runs(self):
        weights, _ = drawn(3, 4, 2, steps=0)
        np.testing.assert_array_equal(
            perturb_and_descend(weights, 0.1, np.zeros((3, 0, 2))), weights
        )
        assert perturb_and_descend(weights[:0], 0.1, np.zeros((0, 5, 2))).shape == (0, 4, 2)

    def test_arguments_are_left_alone(self):
        weights, noise = drawn(3, 4, 2, steps=5)
        copies = weights.copy(), noise.copy()
        perturb_and_descend(weights, 0.1, noise)
        np.testing.assert_array_equal(weights, copies[0])
        np.testing.assert_array_equal(noise, copies[1])

    @pytest.mark.parametrize(
        "shape", [(3, 5, 3), (2, 5, 2), (3, 2), (3, 5, 2, 1), (5, 3, 2)], ids=str
    )
    def test_noise_of_another_shape_is_refused(self, shape):
        weights, _ = drawn(3, 4, 2, steps=0)
        with pytest.raises(ValueError, match=r"it must be \(runs, steps, inputs\) = \(3, \*, 2\)"):
            perturb_and_descend(weights, 0.1, np.zeros(shape))


def test_the_digest_of_sources_covers_the_text_of_every_module():
    text = b"".join(Path(module.__file__).read_bytes() for module in (angles, lanes, lane_kernel))
    expected = hashlib.sha256(text + str(REGISTERS).encode()).hexdigest()
    assert source_digest(angles, lanes, lane_kernel) == expected
    assert (
        len(
            {
                source_digest(angles, lanes, lane_kernel),
                source_digest(lanes),
                source_digest(lane_kernel),
            }
        )
        == 3
    )


class TestExperiment:
    @pytest.mark.parametrize("factors", [(1.0, 0.0), (1.0, 10.0), (0.1, 100.0)])
    def test_is_the_plain_loop_from_the_announced_streams(self, factors):
        step_factor, noise_factor = factors
        k, n = 3, 4
        records = pd.DataFrame(
            run_perturbed_descent(k, n, asked(), step_factor=step_factor, noise_factor=noise_factor)
        )
        checks = log_spaced_checks(ASKED["iterations"], ASKED["checks_per_decade"])
        for run in range(ASKED["runs"]):
            direction = indexed_generator(9, k, n, run, START).normal(size=(n, k))
            weights = global_minimum(n, k) + 0.6 * direction / np.linalg.norm(direction)
            # alpha = noise_factor delta/(4 n), xi ~ N(0, I/k).
            xi = indexed_generator(9, k, n, run, NOISE).normal(size=(checks[-1], k)) / np.sqrt(k)
            noise = noise_factor * 0.1 / (4 * n) * xi
            rows = records[records["run"] == run]
            assert rows["iteration"].tolist() == checks
            done = 0
            for row in rows.to_dict("records"):
                weights = plain_loop(weights, step_factor / k, noise[done : row["iteration"]])
                done = row["iteration"]
                # 300 steps with gradients right to 2e-14 (n + k) a step.
                found = {"rel": 1e-9, "abs": 1e-11}
                assert row["loss"] == pytest.approx(population_loss(weights, np.eye(k)), **found)
                assert row["distance_to_start"] == pytest.approx(
                    np.linalg.norm(weights - global_minimum(n, k)), **found
                )
                assert row["distance"] == pytest.approx(
                    distance_to_global_minima(weights, np.eye(k)), rel=1e-9, abs=1e-9
                )

    def test_all_factors_start_alike(self):
        records = pd.DataFrame(
            compare_noise(
                3, 5, asked(step_factors=[0.1, 1.0], noise_factors=[0, 10], iterations=20)
            )
        )
        starts = records[records["iteration"] == 0]
        assert len(starts) == 4 * ASKED["runs"]
        for _, rows in starts.groupby("run"):
            assert rows["distance_to_start"].nunique() == rows["distance"].nunique() == 1
            assert rows["distance_to_start"].iloc[0] == pytest.approx(0.6, rel=1e-14)
        assert starts["distance"].nunique() == ASKED["runs"]
        assert (starts["distance"] <= starts["distance_to_start"] * (1 + 1e-14)).all()
        ends = records[records["iteration"] == 20]
        assert ends["loss"].nunique() == 4 * ASKED["runs"]

    def test_is_the_same_each_time_and_a_run_depends_on_its_number_alone(self):
        def run(**changes):
            return run_perturbed_descent(3, 4, asked(**changes), step_factor=1, noise_factor=10)

        first = run()
        assert first == run()
        alone = run(runs=1)
        assert alone == [row for row in first if row["run"] == 0]
        assert first != run(seed=10)
        # The noise is one stream, however often it is looked at.
        finer = run(checks_per_decade=9)
        shared = [row for row in finer if row["iteration"] == 300]
        assert shared == [row for row in first if row["iteration"] == 300]

    def test_the_start_does_not_depend_on_the_noise_stream(self):
        start = indexed_generator(9, 3, 4, 0, START).normal(size=5)
        assert not np.allclose(start, indexed_generator(9, 3, 4, 0, NOISE).normal(size=5))

    def test_a_run_that_diverged_is_nan_for_good(self):
        # S21's 5/k is stable at k = 6 and more; 8/k is the limit of the largest eigenvalue there.
        settings = asked(iterations=1000, checks_per_decade=8)
        records = pd.DataFrame(
            run_perturbed_descent(3, 4, settings, step_factor=5.0, noise_factor=0.0)
        )
        # All twelve weights of a run that is not lost are below 1e6; it then grows on and on.
        assert 1e3 < records["distance_to_start"].max() <= 1e6 * np.sqrt(12)
        for _, rows in records.groupby("run"):
            lost = rows["loss"].isna().to_numpy()
            assert not lost[0]
            assert lost[-1]
            assert (np.diff(lost.astype(int)) >= 0).all()
            for name in ("distance", "distance_to_start"):
                np.testing.assert_array_equal(rows[name].isna(), lost)

    def test_noise_keeps_the_descent_away_and_its_absence_does_not(self):
        records = pd.DataFrame(compare_noise(3, 4, asked(noise_factors=[0, 100], iterations=3000)))
        ends = records[records["iteration"] == 3000].groupby("noise_factor")["loss"]
        assert ends.max()[0] < 1e-8
        assert ends.min()[100] > 1e-4

    def test_progress_counts_the_pairs(self):
        seen = []
        compare_noise(
            2,
            3,
            asked(noise_factors=[0, 1, 2], iterations=2),
            progress=lambda done, total: seen.append((done, total)),
        )
        assert seen == [(1, 3), (2, 3), (3, 3)]


@cache
def largest_eigenvalue(k, n):
    """Of the Hessian at the global minimum, by the power method."""
    minimum = global_minimum(n, k)
    U = np.random.default_rng(1).normal(size=(n, k))
    for _ in range(2000):
        U = population_hessian_vector(minimum, np.eye(k), U / np.linalg.norm(U))
    return np.linalg.norm(U)


class TestTheorem13:
    @pytest.mark.slow
    @pytest.mark.parametrize(("k", "n"), [(3, 4), (5, 6), (2, 2), (10, 12)])
    @pytest.mark.parametrize("delta", [0.1, 0.5])
    def test_numbers_by_the_formula(self, k, n, delta):
        found = theorem_13(k, n, delta=delta)
        assert found["lipschitz"] == pytest.approx(largest_eigenvalue(k, n), rel=1e-10)
        convexity = (1 + (1 - 2 / np.pi) / k) / 4
        assert found["convexity"] == pytest.approx(convexity, rel=1e-15)
        with mpmath.workdps(30):
            step = mpmath.mpf(found["convexity"]) * mpmath.mpf(delta) ** 2
            step /= 64 * mpmath.mpf(found["lipschitz"]) ** 2
            shrinkage = 1 - step * found["convexity"] * mpmath.mpf(delta) ** 2 / 64
            steps = mpmath.log(delta) / mpmath.log(shrinkage)
        assert found["largest_step"] == pytest.approx(float(step), rel=1e-14)
        assert found["iterations"] == pytest.approx(float(steps), rel=1e-14)
        assert (found["k"], found["n"], found["delta"]) == (k, n, delta)

    @pytest.mark.parametrize("delta", [2.0, 1.0, 0.0, -1.0, float("nan")])
    def test_a_distance_that_is_not_promised_is_refused(self, delta):
        with pytest.raises(ValueError, match=f"delta is {delta}"):
            theorem_13(3, 4, delta=delta)

    def test_convexity_is_the_least_that_theorem_10_leaves(self):
        convexity = theorem_13(4, 4, delta=0.1)["convexity"]
        rng = np.random.default_rng(2)
        for _ in range(50):
            G = rng.normal(size=(4, 4))
            assert curvature_bound(G, 1) >= convexity * np.sum(G.sum(axis=0) ** 2)
        alike = np.tile(rng.normal(size=4), (4, 1))
        assert curvature_bound(alike, 1) == pytest.approx(
            convexity * np.sum(alike.sum(axis=0) ** 2)
        )

    def test_the_theorem_asks_for_billions_of_steps(self):
        # By constants of another derivation.
        for (k, n), order in {(3, 4): 2e9, (5, 6): 5e9, (10, 12): 1.6e10}.items():
            assert 0.5 < theorem_13(k, n, delta=0.1)["iterations"] / order < 2


class TestChecks:
    @pytest.mark.parametrize(("steps", "per_decade"), [(1, 1), (10, 4), (300, 4), (100_000, 8)])
    def test_run_from_zero_to_the_last_step_in_even_ratios(self, steps, per_decade):
        checks = log_spaced_checks(steps, per_decade)
        assert checks[0] == 0
        assert checks[-1] == steps
        assert checks == sorted(set(checks))
        late = np.array([check for check in checks if check > 50])
        if len(late) > 1:
            ratios = late[1:] / late[:-1]
            # Evenly spaced, at least as fine as asked, up to the rounding to whole steps.
            assert ratios.max() <= 10 ** (1 / per_decade) * (1 + 2 / 50)
            assert ratios.min() >= 10 ** (1 / per_decade) * (1 - 4 / 50) - 0.1

    @pytest.mark.parametrize(("steps", "per_decade"), [(0, 4), (10, 0), (-1, 1)])
    def test_counts_below_one_are_refused(self, steps, per_decade):
        with pytest.raises(ValueError, match=rf"not {steps}, {per_decade}"):
            log_spaced_checks(steps, per_decade)
