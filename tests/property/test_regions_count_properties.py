"""What must hold of activation regions whatever the points."""

import numpy as np
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as hnp

from relu_landscape.activation_regions.exact_cones import decide_membership
from relu_landscape.activation_regions.exact_zero_loss import zero_loss_set
from relu_landscape.activation_regions.regions import count_regions, enumerate_regions
from relu_landscape.activation_regions.step_patterns import (
    jacobian_is_full,
    pattern_is_full,
    read_steps,
)
from relu_landscape.activation_regions.supports import exact_rank
from relu_landscape.activation_regions.zero_loss import Outcome, zero_loss_region
from relu_landscape.activation_regions.zero_loss_shares import network_outputs, step_patterns

small_points = (
    st.tuples(st.integers(1, 6), st.integers(1, 4))
    .flatmap(lambda shape: hnp.arrays(np.int64, shape, elements=st.integers(-2, 2)))
    .filter(lambda points: np.any(points, axis=1).all())
)


@settings(deadline=None, max_examples=60)
@given(points=small_points)
def test_regions_are_closed_under_negation_and_at_most_as_many_as_generic(points):
    regions = enumerate_regions(points)
    n, d0 = points.shape
    assert 2 <= len(regions) <= count_regions(n, d0, 1)
    opposite = np.unique(1 - regions, axis=0)
    np.testing.assert_array_equal(opposite, regions)


@settings(deadline=None, max_examples=60)
@given(points=small_points, seed=st.integers(0, 1000))
def test_every_pattern_that_a_weight_has_is_among_the_regions(points, seed):
    weights = np.random.default_rng(seed).normal(size=(300, points.shape[1]))
    met = {row.tobytes() for row in (weights @ points.T > 0).astype(np.uint8)}
    assert met <= {row.tobytes() for row in enumerate_regions(points)}


@settings(deadline=None, max_examples=40)
@given(points=small_points, data=st.data())
def test_scaling_points_and_ordering_them_only_orders_the_patterns(points, data):
    order = data.draw(st.permutations(range(len(points))))
    scales = data.draw(hnp.arrays(np.int64, (len(points), 1), elements=st.integers(1, 5)))
    changed = enumerate_regions((scales * points)[order])
    expected = np.unique(enumerate_regions(points)[:, order], axis=0)
    np.testing.assert_array_equal(changed, expected)


@st.composite
def step_networks(draw):
    n = draw(st.integers(1, 9))
    rows = draw(st.lists(st.integers(0, 2 * n - 1), min_size=1, max_size=2 * n))
    gaps = draw(hnp.arrays(np.int64, n, elements=st.integers(1, 50)))
    return np.cumsum(gaps), step_patterns(n)[rows]


@settings(deadline=None, max_examples=150)
@given(network=step_networks())
def test_the_criteria_on_a_line_equal_the_exact_rank(network):
    x, patterns = network
    steps = read_steps(patterns)
    lifted = np.stack([x, np.ones_like(x)], axis=1)
    assert jacobian_is_full(steps) == (exact_rank(patterns, lifted) == len(x))
    assert pattern_is_full(steps) == (exact_rank(patterns, lifted[:, 1:]) == len(x))


@settings(deadline=None, max_examples=60)
@given(network=step_networks(), seed=st.integers(0, 1000))
def test_the_outputs_of_a_network_are_zero_loss_targets_of_its_region(network, seed):
    x, _ = network
    random = np.random.default_rng(seed)
    weights, biases = random.normal(size=(2, 6, 1)) * [[[1.0]], [[10.0]]]
    outputs = np.maximum(weights * x + biases, 0.0)
    v = np.array([1, -1, 1, -1, 1, -1])
    signs = v[:, None] * (outputs > 0)
    assert zero_loss_region(x, signs, v @ outputs).outcome is Outcome.ZERO_LOSS
    exact = network_outputs(x.astype(float), weights[:, 0], biases[:, 0], v.astype(float))
    found = zero_loss_set(x, signs, exact)
    assert found.decision.inside
    assert found.interior


@settings(deadline=None, max_examples=200)
@given(
    columns=st.tuples(st.integers(1, 4), st.integers(0, 7)).flatmap(
        lambda shape: hnp.arrays(np.int64, shape, elements=st.integers(-3, 3))
    ),
    data=st.data(),
)
def test_every_vector_is_in_a_cone_or_separated_from_it_whatever_the_guess(columns, data):
    n, count = columns.shape
    target = data.draw(hnp.arrays(np.int64, n, elements=st.integers(-4, 4))).astype(object)
    guess = data.draw(st.lists(st.sampled_from(range(count)), max_size=9)) if count else []
    found = decide_membership(columns.astype(object), target, guess)
    if found.inside:
        fit = sum(share * columns[:, place].astype(object) for place, share in found.coefficients)
        assert all(share > 0 for _, share in found.coefficients)
        assert np.all(fit == target)
    else:
        separator = np.array(found.separator, dtype=object)
        assert separator @ target > 0
        assert np.all(separator @ columns.astype(object) <= 0)
