"""Polishing and measuring through the symmetry, against the whole Hessian."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from helpers_minima import KNOWN_POINTS, displaced, shuffled
from relu_landscape.families.critical_point import symmetric_critical_point
from relu_landscape.families.family import Family
from relu_landscape.minima.curvature import measure_curvature
from relu_landscape.minima.measured_curvature import measure_representative
from relu_landscape.minima.measured_minimum import measure_minimum
from relu_landscape.minima.usable_isotropy import usable_isotropy
from relu_landscape.objective import population_gradient, population_hessian
from relu_landscape.search.polish import PolishOutcome

SQUARE = [
    name
    for name, point in KNOWN_POINTS.items()
    if np.array_equal(point.V, np.eye(len(point.V))) and point.W.shape[0] >= point.W.shape[1]
]


@pytest.mark.parametrize("name", SQUARE)
def test_the_curvature_is_that_of_the_whole_hessian(name):
    W = shuffled(KNOWN_POINTS[name].W, np.random.default_rng(5))
    k = W.shape[1]
    whole, reduced = measure_curvature(W, np.eye(k)), measure_representative(W, largest_whole_k=0)
    assert reduced.kind is whole.kind
    assert reduced.spectrum.shape == (W.size,)
    for field in ("spectrum", "norms", "inner_smallest_eigenvalues", "mean_curvatures"):
        np.testing.assert_allclose(
            getattr(reduced, field), getattr(whole, field), rtol=0, atol=1e-12
        )
    np.testing.assert_array_equal(reduced.neuron_orbit_ids, whole.neuron_orbit_ids)
    assert 0.5 < reduced.eigenvalue_error / whole.eigenvalue_error < 2
    softest = reduced.softest_direction.ravel()
    assert np.linalg.norm(softest) == pytest.approx(1.0, abs=1e-12)
    image = population_hessian(W, np.eye(k)) @ softest
    np.testing.assert_allclose(image, reduced.spectrum[0] * softest, rtol=0, atol=1e-13)


@pytest.mark.slow
@settings(deadline=None, max_examples=25)
@given(
    family=st.sampled_from([(Family.II, 1), (Family.II, 2), (Family.I, 1), (Family.A, 0)]),
    k=st.integers(7, 13),
    exponent=st.integers(-9, -7),
    seed=st.integers(0, 1000),
)
def test_polishing_reaches_the_point_of_the_whole_method(family, k, exponent, seed):
    name, m = family
    exact = symmetric_critical_point(name, k, m=m or None).weights()
    start = displaced(shuffled(exact, np.random.default_rng(seed)), 10.0**exponent, seed)
    whole, reduced = (measure_minimum(start, largest_whole_k=most) for most in (k, k - 1))
    assert reduced.polished.outcome is whole.polished.outcome is PolishOutcome.POLISHED
    np.testing.assert_allclose(reduced.polished.weights, whole.polished.weights, rtol=0, atol=1e-12)
    assert reduced.polished.displacement == pytest.approx(whole.polished.displacement, abs=1e-12)
    assert reduced.ball.radius == pytest.approx(whole.ball.radius, rel=1e-6, abs=1e-9)
    assert reduced.ball.largest_step == pytest.approx(whole.ball.largest_step, rel=1e-9)


@pytest.mark.slow
def test_a_size_whose_hessian_would_have_a_hundred_million_entries():
    k = 100
    exact = symmetric_critical_point(Family.II, k, m=3).weights()
    start = displaced(shuffled(exact, np.random.default_rng(8)), 1e-7, seed=8)
    found = measure_minimum(start, largest_whole_k=0)
    assert found.polished.outcome is PolishOutcome.POLISHED
    assert found.polished.displacement == pytest.approx(1e-7, rel=1e-4)
    assert np.linalg.norm(population_gradient(found.polished.weights, np.eye(k))) < 1e-12
    curvature = measure_representative(found.polished.weights, largest_whole_k=0)
    assert curvature.spectrum.shape == (k * k,)
    assert curvature.spectrum[0] > curvature.eigenvalue_error


@pytest.mark.slow
@pytest.mark.parametrize("m", [8, 24, 40, 49])
def test_a_point_within_rounding_of_a_minimum_counts_as_polished(m):
    """At k = 100 the gradient's rounding error alone is some 5e-13."""
    point = symmetric_critical_point(Family.II, 100, m=m).weights()
    found = measure_minimum(point, largest_whole_k=99)
    assert found.polished.outcome is PolishOutcome.POLISHED


def test_symmetry_is_used_beyond_the_largest_whole_k_only():
    W = symmetric_critical_point(Family.II, 8, m=2).weights()
    assert usable_isotropy(W, largest_whole_k=8) is None
    found = usable_isotropy(shuffled(W, np.random.default_rng(4)), largest_whole_k=7)
    assert found is not None
    assert found.space.blocks == (6, 2)


def test_a_point_without_symmetry_gets_its_whole_hessian():
    W = np.eye(6) + 0.05 * np.random.default_rng(2).normal(size=(6, 6))
    assert usable_isotropy(W, largest_whole_k=5) is None
    whole, reduced = measure_curvature(W, np.eye(6)), measure_representative(W, largest_whole_k=5)
    np.testing.assert_array_equal(reduced.spectrum, whole.spectrum)


def test_a_point_that_is_not_critical_is_not_polished():
    W = np.where(np.eye(8) > 0, 0.9, 0.01)
    found = measure_minimum(W, largest_whole_k=0)
    assert found.polished.outcome is not PolishOutcome.POLISHED
    np.testing.assert_array_equal(found.polished.weights, W)
