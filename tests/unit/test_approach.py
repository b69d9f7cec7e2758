"""Following descent into the set of global minima."""

import numpy as np
import pytest

from relu_landscape.global_minima.approach import FIRST_CHECK, follow_approach
from relu_landscape.search import PROTOCOLS, find_minima

S18 = PROTOCOLS["safran2018"]
ASKED = {"distance": 1e-2, "largest_exponent": -0.9, "iteration_budget": 200_000}


@pytest.fixture(scope="module")
def good_runs():
    record = find_minima(8, 7, 12, seed=1)
    return record.weights[record.losses < S18.bad_loss]


def test_good_runs_are_confirmed_and_fall_like_one_over_t(good_runs):
    approach = follow_approach(good_runs, S18, **ASKED)
    assert approach.confirmed.all()
    assert (approach.distances < 1e-2).all()
    assert (approach.decay_exponents <= -0.9).all()
    # Theorem 9: slower than any exponential; 1/t is -1, and few runs lose a neuron instead.
    assert np.median(approach.decay_exponents) == pytest.approx(-1, abs=0.3)


def test_a_spurious_minimum_is_not_confirmed():
    record = find_minima(7, 7, 60, seed=1)
    bad = record.weights[record.losses >= S18.bad_loss][:1]
    assert len(bad) == 1
    split = np.concatenate([bad, bad[:, :1] / 2], axis=1)
    split[:, 0] /= 2
    approach = follow_approach(split, S18, **(ASKED | {"iteration_budget": 3 * FIRST_CHECK}))
    assert not approach.confirmed.any()
    assert approach.distances.min() > 0.1


def test_budget_is_kept(good_runs):
    asked = ASKED | {"distance": 1e-12, "iteration_budget": 2500}
    approach = follow_approach(good_runs, S18, **asked)
    assert not approach.confirmed.any()
    assert approach.iterations.max() == 2500


def test_each_run_is_judged_on_its_own(good_runs):
    together = follow_approach(good_runs, S18, **ASKED)
    alone = follow_approach(good_runs[3:4], S18, **ASKED)
    assert alone.distances[0] == together.distances[3]
    assert alone.iterations[0] == together.iterations[3]


def test_no_runs():
    approach = follow_approach(np.empty((0, 8, 7)), S18, **ASKED)
    assert approach.confirmed.shape == (0,)
