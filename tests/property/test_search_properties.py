"""A restart's result depends on (seed, k, n, restart) alone, bit for bit."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from relu_landscape.families.known_basins import basin_arrays, propose_basins
from relu_landscape.search import PROTOCOLS, Basins, descend, find_minima, initial_weights

FIELDS = ("weights", "losses", "gradient_norms", "iterations", "stop_reasons")
sizes = st.sampled_from([(3, 3), (5, 4), (6, 6), (8, 7)])


@pytest.mark.slow
@settings(deadline=None, max_examples=15)
@given(size=sizes, seed=st.integers(0, 2**40), cut=st.integers(1, 22))
def test_batches_do_not_matter(size, seed, cut):
    n, k = size
    whole = find_minima(n, k, 23, seed=seed)
    first = find_minima(n, k, cut, seed=seed)
    rest = find_minima(n, k, 23 - cut, seed=seed, first_restart=cut)
    for name in FIELDS:
        parts = np.concatenate([getattr(first, name), getattr(rest, name)])
        np.testing.assert_array_equal(getattr(whole, name), parts)


@settings(deadline=None, max_examples=15)
@given(size=sizes, seed=st.integers(0, 2**40), data=st.data())
def test_order_does_not_matter(size, seed, data):
    n, k = size
    starts = initial_weights(PROTOCOLS["safran2018"].initial_law, n, k, range(19), seed=seed)
    order = np.array(data.draw(st.permutations(range(19))))
    straight = descend(starts, PROTOCOLS["safran2018"], iteration_budget=400)
    shuffled = descend(starts[order], PROTOCOLS["safran2018"], iteration_budget=400)
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(straight, name)[order], getattr(shuffled, name))


@settings(deadline=None, max_examples=15)
@given(size=sizes, seed=st.integers(0, 2**40), budget=st.integers(1, 300))
def test_continuing_equals_not_stopping(size, seed, budget):
    n, k = size
    protocol = PROTOCOLS["safran2018"]
    starts = initial_weights(protocol.initial_law, n, k, range(9), seed=seed)
    whole = descend(starts, protocol, iteration_budget=500)
    half = descend(starts, protocol, iteration_budget=budget)
    rest = descend(half.weights, protocol, iteration_budget=500 - budget)
    np.testing.assert_array_equal(whole.weights, rest.weights)


@cache
def known_basins(k):
    return Basins(**basin_arrays(propose_basins(k, k)))


@pytest.mark.slow
@settings(deadline=None, max_examples=10)
@given(k=st.sampled_from([6, 9]), seed=st.integers(0, 2**40), cut=st.integers(1, 22))
def test_batches_do_not_matter_with_basins(k, seed, cut):
    basins = known_basins(k)
    whole = find_minima(k, k, 23, seed=seed, basins=basins)
    first = find_minima(k, k, cut, seed=seed, basins=basins)
    rest = find_minima(k, k, 23 - cut, seed=seed, first_restart=cut, basins=basins)
    for name in FIELDS:
        parts = np.concatenate([getattr(first, name), getattr(rest, name)])
        np.testing.assert_array_equal(getattr(whole, name), parts)
