"""Properties of classes, global minima, splitting and curvature that hold at every point."""

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from helpers_minima import shuffled, two_blocks
from helpers_objective import networks, random_network
from relu_landscape.global_minima import global_minimum, project_onto_global_minima
from relu_landscape.minima import (
    align,
    classify_minima,
    inner_hessian,
    mean_curvature,
    split_neuron,
)
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.search.polish import hessian_lipschitz
from relu_landscape.symmetry import canonical_form

SEEDS = st.integers(0, 2**32 - 1)
SHARES = st.floats(0.01, 0.99)


@st.composite
def symmetric_points(draw):
    """S_p x S_q at n = k, or with one or two neurons more that are alike or not."""
    p, q = draw(st.integers(1, 8)), draw(st.integers(0, 5))
    W = two_blocks(p, q, draw(SEEDS))
    rng = np.random.default_rng(draw(SEEDS))
    extra = np.repeat(rng.normal(size=(2, 2)), [p, q], axis=1)[: draw(st.integers(0, 2))]
    return np.vstack([W, extra])


def well_separated(W, gap=1e-4):
    """Distinct entries are far enough apart for the tolerance, also in magnitude."""
    levels = (np.unique(W), np.unique(np.abs(W)))
    return all(np.diff(values).min(initial=np.inf) > gap for values in levels)


@settings(deadline=None, max_examples=60)
@given(W=symmetric_points(), seed=SEEDS)
def test_canonical_form_does_not_depend_on_the_arrangement(W, seed):
    assume(well_separated(W))
    rng = np.random.default_rng(seed)
    form = canonical_form(W)
    noisy = shuffled(W, rng) + 1e-7 * rng.uniform(-1, 1, size=W.shape)
    again = canonical_form(noisy)
    np.testing.assert_allclose(again.weights, form.weights, rtol=0, atol=1.1e-7)
    np.testing.assert_array_equal(again.neuron_orbit_ids, form.neuron_orbit_ids)
    np.testing.assert_array_equal(again.coordinate_orbit_ids, form.coordinate_orbit_ids)


@settings(deadline=None, max_examples=40)
@given(W=symmetric_points())
def test_canonical_form_is_a_permutation_and_stays_put(W):
    form = canonical_form(W)
    np.testing.assert_array_equal(np.sort(form.neuron_order), np.arange(W.shape[0]))
    np.testing.assert_array_equal(np.sort(form.coordinate_order), np.arange(W.shape[1]))
    np.testing.assert_array_equal(canonical_form(form.weights).weights, form.weights)


@settings(deadline=None, max_examples=40)
@given(W=symmetric_points(), seed=SEEDS)
def test_orbits_partition_neurons_by_their_norm(W, seed):
    """Neurons of one orbit have the same sorted weights, in every arrangement."""
    assume(well_separated(W))
    form = canonical_form(shuffled(W, np.random.default_rng(seed)))
    rows = np.sort(form.weights, axis=1)
    for orbit in range(form.neuron_orbit_ids.max() + 1):
        members = rows[form.neuron_orbit_ids == orbit]
        np.testing.assert_array_equal(members, np.broadcast_to(members[0], members.shape))


@settings(deadline=None, max_examples=30)
@given(points=st.lists(symmetric_points(), min_size=1, max_size=3), seed=SEEDS)
def test_classes_do_not_depend_on_order_or_arrangement(points, seed):
    shape = points[0].shape
    points = [W for W in points if W.shape == shape and well_separated(W)]
    assume(points)
    rng = np.random.default_rng(seed)
    copies = np.array([shuffled(W, rng) for W in points for _ in range(3)])
    order = rng.permutation(len(copies))
    first, second = classify_minima(copies), classify_minima(copies[order])
    np.testing.assert_array_equal(first.labels[order], second.labels)
    for start in range(0, len(copies), 3):
        assert len(set(first.labels[start : start + 3])) == 1
    assert first.distances.max() <= 1e-5


@settings(deadline=None, max_examples=30)
@given(W=symmetric_points(), seed=SEEDS)
def test_align_finds_the_way_back(W, seed):
    assume(well_separated(W))
    np.testing.assert_array_equal(align(shuffled(W, np.random.default_rng(seed)), W), W)


@settings(deadline=None, max_examples=60)
@given(k=st.integers(1, 5), more=st.integers(0, 3), scale=st.floats(0.01, 3), seed=SEEDS)
def test_projection_onto_global_minima(k, more, scale, seed):
    rng = np.random.default_rng(seed)
    n, d = k + more, k + 1
    V = np.linalg.qr(rng.normal(size=(d, d)))[0][:k]
    W = scale * rng.normal(size=(n, d))
    found = project_onto_global_minima(W, V)
    assert found.lower_bound <= found.distance
    assert found.exact or more > 0
    assert np.linalg.norm(W - found.point) == pytest.approx(found.distance)
    # The point is a member, and no member drawn at random is nearer than the lower bound.
    again = project_onto_global_minima(found.point, V)
    assert again.distance < 1e-7
    coefficients = rng.dirichlet(np.ones(n))
    totals = np.bincount(np.arange(n) % k, weights=coefficients)
    members = global_minimum(n, k, weights=coefficients / totals[np.arange(n) % k])[:, :k] @ V
    assert np.linalg.norm(W - rng.permutation(members)) >= found.lower_bound * (1 - 1e-12)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(network=networks(), alpha=SHARES, data=st.data())
def test_splitting_keeps_the_function(network, alpha, data):
    W, V = network
    i = data.draw(st.integers(0, len(W) - 1))
    split = split_neuron(W, i, alpha)
    assert population_loss(split, V) == pytest.approx(population_loss(W, V), abs=1e-13)
    gradient, after = population_gradient(W, V), population_gradient(split, V)
    np.testing.assert_allclose(
        after, np.insert(gradient, i, gradient[i], axis=0), rtol=0, atol=1e-13
    )


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(network=networks(), alpha=SHARES, seed=SEEDS, data=st.data())
def test_splitting_decouples_the_two_parts(network, alpha, seed, data):
    """S21, Lemma 28, at any point: along (u, -u) the form is u^T H'_ii u (1/a + 1/(1-a))."""
    W, V = network
    i = data.draw(st.integers(0, len(W) - 1))
    u = np.random.default_rng(seed).normal(size=W.shape[1])
    u /= np.linalg.norm(u)
    apart = np.zeros((len(W) + 1, W.shape[1]))
    apart[i], apart[i + 1] = u, -u
    form = apart.ravel() @ population_hessian(split_neuron(W, i, alpha), V) @ apart.ravel()
    expected = u @ inner_hessian(W, V, i) @ u * (1 / alpha + 1 / (1 - alpha))
    assert form == pytest.approx(expected, abs=1e-12 / min(alpha, 1 - alpha))


@settings(deadline=None, max_examples=60)
@given(network=networks(), data=st.data())
def test_inner_hessian_has_the_neuron_in_its_kernel_and_the_mean_of_eq_68(network, data):
    W, V = network
    i = data.draw(st.integers(0, len(W) - 1))
    inner = inner_hessian(W, V, i)
    np.testing.assert_allclose(inner @ W[i], 0, rtol=0, atol=1e-13)
    assert np.trace(inner) / W.shape[1] == pytest.approx(mean_curvature(W, V, i), abs=1e-13)


@settings(deadline=None, max_examples=60)
@given(
    sizes=st.tuples(*[st.integers(1, 4)] * 3),
    seed=SEEDS,
    radius=st.floats(1e-3, 0.1),
    sharpness=st.integers(0, 8),
)
def test_hessian_is_lipschitz(sizes, seed, radius, sharpness):
    W, V = random_network(*sizes, seed)
    assume(np.linalg.norm(W, axis=1).min() > 0.2)
    rng = np.random.default_rng(seed)
    U = rng.normal(size=W.shape) * rng.uniform(size=(len(W), 1)) ** sharpness
    U *= radius / np.linalg.norm(U)
    change = population_hessian(W + U, V) - population_hessian(W, V)
    bound = hessian_lipschitz(W, V, radius) * radius
    assert np.linalg.norm(change, 2) <= bound * (1 + 1e-9) + 1e-13
