"""Random members of the set of global minima: members they are, and every kind of them."""

import itertools

import numpy as np
import pytest
from scipy import stats

from relu_landscape.global_minima import distance_to_global_minima, sample_global_minimum
from relu_landscape.global_minima.samples import sample_members
from relu_landscape.global_minima.settings import Members
from relu_landscape.objective import (
    loss_rounding_error,
    population_gradient,
    population_loss,
    reference_loss,
)
from relu_landscape.seeding import indexed_generator

DRAWS = 4000


@pytest.fixture(scope="module")
def members():
    """DRAWS members of n = 4, k = 2, and the teacher of each neuron."""
    rng = np.random.default_rng(1)
    drawn = np.array([sample_global_minimum(4, 2, rng) for _ in range(DRAWS)])
    return drawn, drawn.argmax(axis=2)


@pytest.mark.parametrize(("n", "k", "d"), [(1, 1, 1), (3, 1, 2), (4, 4, 4), (9, 4, 6)])
def test_a_member_has_zero_loss_serves_every_teacher_and_fills_the_simplices(n, k, d):
    rng = np.random.default_rng(n)
    V = np.eye(k, d)
    for _ in range(20):
        W = sample_global_minimum(n, k, rng, d=d)
        assert W.shape == (n, d)
        assert (W >= 0).all()
        assert (np.count_nonzero(W, axis=1) == 1).all()
        assert not W[:, k:].any()
        np.testing.assert_allclose(W[:, :k].sum(axis=0), 1, rtol=0, atol=4e-16 * n)
        assert abs(population_loss(W, V)) <= loss_rounding_error(W, V)
        # Shares that add up to 1 + eps leave eps^2/4.
        assert abs(reference_loss(W, V, digits=35)) < 1e-31 * n * k
        assert np.linalg.norm(population_gradient(W, V)) < 1e-14 * (n + k)
        assert distance_to_global_minima(W, V) < 1e-15 * n


def test_every_dealing_occurs_as_often_as_it_should(members):
    """Four neurons to two teachers: 14 dealings, (3, 1) and (1, 3) a quarter of the time each."""
    _, teachers = members
    dealings = [x for x in itertools.product((0, 1), repeat=4) if len(set(x)) == 2]
    counts = np.array([np.all(teachers == x, axis=1).sum() for x in dealings])
    assert counts.sum() == DRAWS
    # Two twos half of the time, in 6 arrangements; the others in 4 each.
    expected = [DRAWS * (1 / 12 if sum(x) == 2 else 1 / 16) for x in dealings]
    assert stats.chisquare(counts, expected).pvalue > 0.01


def test_shares_are_uniform_on_their_simplex(members):
    """A share among m is Beta(1, m - 1): uniform for two, 1 - (1 - a)^2 for three, one alone."""
    drawn, teachers = members
    shares = drawn.max(axis=2)
    sizes = np.array([np.bincount(row, minlength=2) for row in teachers])
    for size in (1, 2, 3):
        chosen = sizes[np.arange(DRAWS), teachers[:, 0]] == size
        found = shares[chosen, 0]
        assert len(found) > 300
        if size == 1:
            assert (found == 1).all()
        else:
            assert stats.kstest(found, stats.beta(1, size - 1).cdf).pvalue > 0.01


def test_all_orders_of_equal_numbers_occur():
    rng = np.random.default_rng(5)
    orders = [tuple(sample_global_minimum(3, 3, rng).argmax(axis=1)) for _ in range(600)]
    counts = [orders.count(order) for order in itertools.permutations(range(3))]
    assert stats.chisquare(counts).pvalue > 0.01


@pytest.mark.parametrize(("n", "k", "d"), [(2, 3, 3), (3, 0, 1), (3, 3, 2)])
def test_sizes_without_a_global_minimum_are_refused(n, k, d):
    with pytest.raises(ValueError, match="needs"):
        sample_global_minimum(n, k, np.random.default_rng(0), d=d)


def sampled(n, k, d, samples, seed=3):
    size = {"k": k, "n": n, "d": d}
    settings = Members.model_validate(
        {"sizes": [size], "samples": samples, "displacement": 0.05, "seed": seed}
    )
    return sample_members(settings.sizes[0], settings)


class TestRecords:
    @pytest.mark.parametrize(("n", "k", "d"), [(3, 3, 3), (5, 3, 4)])
    def test_hold_what_was_measured(self, n, k, d):
        records = sampled(n, k, d, 8)
        V = np.eye(k, d)
        for sample, row in enumerate(records):
            member = sample_global_minimum(n, k, indexed_generator(3, k, n, d, sample), d=d)
            assert row["sample"] == sample
            assert (row["k"], row["n"], row["d"]) == (k, n, d)
            assert row["loss"] == population_loss(member, V)
            assert row["loss_error"] == loss_rounding_error(member, V)
            assert abs(row["loss"]) <= row["loss_error"]
            assert row["gradient_norm"] < 1e-14 * (n + k)
            assert row["distance"] < 1e-15 * n
            assert row["displacement"] == 0.05
            assert 0 < row["moved_lower_bound"] <= row["moved_distance"]
            assert row["moved_distance"] <= 0.05 * (1 + 1e-14)
            if row["moved_exact"]:
                assert row["moved_lower_bound"] == row["moved_distance"]

    def test_isolated_minima_are_found_again_from_near_by(self):
        # For n = k the members are sqrt(2) apart: the nearest one is the one that was moved.
        for row in sampled(4, 4, 5, 10):
            assert row["moved_exact"]
            assert row["moved_distance"] == pytest.approx(0.05, rel=1e-12)

    def test_a_continuum_is_nearer_than_the_member_itself(self):
        rows = sampled(6, 3, 3, 10)
        assert all(row["moved_distance"] < 0.0499 for row in rows)

    def test_a_sample_depends_on_its_number_alone(self):
        many = sampled(5, 3, 4, 6)
        assert many[:2] == sampled(5, 3, 4, 2)
        assert many[:2] != sampled(5, 3, 4, 2, seed=4)
        assert len({row["moved_distance"] for row in many}) == 6
