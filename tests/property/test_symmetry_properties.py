"""Properties of fixed-point spaces, their losses and spectra, at random compositions and points."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from helpers_minima import shuffled
from relu_landscape.families import stability_threshold, symmetric_critical_point
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.symmetry import (
    FixedPointSpace,
    ReducedLoss,
    extended,
    isotypic_spectrum,
    recognise_isotropy,
    split_neuron_class,
)

SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def points(draw):
    """A space of up to four blocks and two further neurons, and a point of it."""
    blocks = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=4)))
    space = FixedPointSpace(blocks, draw(st.integers(0, 2)))
    return space, np.random.default_rng(draw(SEEDS)).normal(size=space.dimension)


@settings(deadline=None, max_examples=60)
@given(points())
def test_reduction_is_exact(case):
    space, parameters = case
    W, V = space.embed(parameters), np.eye(int(space.k))
    reduced = ReducedLoss(space)
    assert reduced.loss(parameters) == pytest.approx(population_loss(W, V), abs=1e-11)
    counts = np.array(space.entry_counts)
    np.testing.assert_allclose(
        reduced.gradient(parameters) / counts,
        space.project(population_gradient(W, V)),
        rtol=0,
        atol=1e-11,
    )


@settings(deadline=None, max_examples=60)
@given(points())
def test_the_gradient_stays_in_the_space(case):
    space, parameters = case
    gradient = population_gradient(space.embed(parameters), np.eye(int(space.k)))
    np.testing.assert_allclose(gradient, space.embed(space.project(gradient)), rtol=0, atol=1e-12)


@settings(deadline=None, max_examples=40)
@given(points())
def test_spectrum_is_complete(case):
    space, parameters = case
    full = np.linalg.eigvalsh(population_hessian(space.embed(parameters), np.eye(int(space.k))))
    rows = isotypic_spectrum(space, parameters)
    mine = np.repeat([row.value for row in rows], [int(row.multiplicity) for row in rows])
    np.testing.assert_allclose(mine, full, rtol=0, atol=1e-11)


@settings(deadline=None, max_examples=40)
@given(points())
def test_inner_spectra_are_complete(case):
    space, parameters = case
    for row in range(len(space.row_sizes)):
        found = split_neuron_class(space, parameters, row).inner_spectrum
        assert sum(x.multiplicity for x in found) == space.k
        # A_i w_i = 0, since every h1(w_i, .) vanishes along w_i.
        assert min(abs(x.value) for x in found) < 1e-12


@settings(deadline=None, max_examples=40)
@given(points(), SEEDS)
def test_isotropy_does_not_depend_on_the_arrangement(case, seed):
    space, parameters = case
    W = space.embed(parameters)
    found = recognise_isotropy(W)
    again = recognise_isotropy(shuffled(W, np.random.default_rng(seed)))
    assert again.space == found.space
    assert found.distance < 1e-9
    assert again.distance < 1e-9


@pytest.mark.slow
@settings(deadline=None, max_examples=8)
@given(
    st.floats(5.0, 1e6, allow_nan=False),
    st.sampled_from([("A", None), ("I", 1), ("II", 1), ("II", 2)]),
)
def test_families_exist_at_every_real_size(k, name):
    family, m = name
    point = symmetric_critical_point(family, k, m=m)
    exact = ReducedLoss(point.space, extended(60))
    scale = np.sqrt(np.array(point.space.entry_counts))
    gradient = exact.gradient(point.extended_parameters) / scale
    assert max(abs(float(x)) for x in gradient) < 1e-12
    total = sum(row.multiplicity for row in point.spectrum)
    assert total == pytest.approx(k**2, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("m", [1, 2, 3, 4])
def test_minima_begin_at_their_threshold(m):
    threshold = stability_threshold("II", m=m)
    for shift, is_minimum in ((1e-6, True), (-1e-6, False)):
        point = symmetric_critical_point("II", threshold.k + shift, m=m)
        assert (point.index == 0) is is_minimum
