"""What holds around the global minima for every size, direction and seed."""

import numpy as np
import pytest
from hypothesis import assume, given, settings, strategies as st

from helpers_objective import displacements, networks, random_network, rotation
from relu_landscape.global_minima import (
    distance_to_global_minima,
    global_minimum_spectrum,
    one_point_quotient_gradient,
    one_point_quotient_hessian,
    pl_ratio,
    sample_global_minimum,
)
from relu_landscape.global_minima.conjecture12 import search_violations
from relu_landscape.global_minima.conjecture12_expansion import beginning
from relu_landscape.global_minima.constructions import (
    separating_direction,
    spread_pair,
    tilted_form,
    tilted_pair,
)
from relu_landscape.global_minima.convexity import convexity_radius_along, random_direction
from relu_landscape.global_minima.convexity_search import smallest_convexity_radius
from relu_landscape.global_minima.perturbations import (
    curvature_bound,
    equal_shares,
    form_and_bound,
)
from relu_landscape.global_minima.settings import Conjecture12, MultipliedSize
from relu_landscape.objective import (
    loss_rounding_error,
    population_curvature_along,
    population_gradient,
    population_hessian,
    population_hessian_vector,
    population_loss,
)
from relu_landscape.search.perturbed import perturb_and_descend
from relu_landscape.seeding import indexed_generator, restart_generator

SEEDS = st.integers(0, 2**32 - 1)
SHARES = st.floats(0.05, 0.95)
property_test = settings(deadline=None, max_examples=60)


@st.composite
def sizes(draw, most=5):
    """n >= k, d >= k."""
    k = draw(st.integers(1, most))
    return draw(st.integers(k, k + 4)), k, draw(st.integers(k, k + 2))


@st.composite
def pairs(draw):
    """A size with n > k >= 2, a share and an epsilon of the constructions."""
    k = draw(st.integers(2, 5))
    n, d = draw(st.integers(k + 1, k + 3)), draw(st.integers(k, k + 2))
    return n, k, d, draw(SHARES), 10.0 ** draw(st.floats(-6, 0))


@pytest.mark.slow
@property_test
@given(networks(), st.data())
def test_curvature_along_is_the_form_of_the_hessian(network, data):
    W, V = network
    U = data.draw(displacements(W.shape))
    # Lengths are within [1/2, 2]: each of the n + k terms of a neuron is a few roundings of |U|^2.
    allowed = 1e-14 * (len(W) + len(V)) * np.sum(U**2)
    found = population_curvature_along(W, V, U)
    by_product = np.sum(U * population_hessian_vector(W, V, U))
    assert found == pytest.approx(by_product, rel=0, abs=allowed)
    form = U.ravel() @ population_hessian(W, V) @ U.ravel()
    assert found == pytest.approx(form, rel=0, abs=allowed)


@property_test
@given(size=st.tuples(*[st.integers(1, 8)] * 3), seed=SEEDS, exponent=st.integers(-20, 20))
def test_curvature_along_scales_and_turns(size, seed, exponent):
    n, k, d = size
    W, V = random_network(n, k, d, seed)
    assume(np.linalg.norm(W, axis=1).min() > 0.05)
    U = np.random.default_rng(seed).normal(size=(n, d))
    found, c = population_curvature_along(W, V, U), 2.0**exponent
    assert population_curvature_along(c * W, c * V, U) == found
    assert population_curvature_along(W, V, c * U) == c**2 * found
    turn, order = rotation(d, seed), np.random.default_rng(seed).permutation(n)
    # Turning moves each float by a rounding, and third derivatives grow with 1/|w|, at most 20.
    allowed = 1e-13 * (n + 20 * k) * np.sum(U**2)
    assert population_curvature_along(W @ turn, V @ turn, U @ turn) == pytest.approx(
        found, rel=0, abs=allowed
    )
    assert population_curvature_along(W[order], V, U[order]) == pytest.approx(
        found, rel=0, abs=allowed
    )


@pytest.mark.slow
@property_test
@given(network=networks(), seed=SEEDS)
def test_curvature_along_obeys_the_parallelogram_law(network, seed):
    W, V = network
    first, second = np.random.default_rng(seed).normal(size=(2, *W.shape))
    total, difference, one, two = (
        population_curvature_along(W, V, U) for U in (first + second, first - second, first, second)
    )
    allowed = 1e-14 * (len(W) + len(V)) * np.sum(first**2 + second**2) * 4
    assert total + difference == pytest.approx(2 * (one + two), rel=0, abs=allowed)


@property_test
@given(size=sizes(), seed=SEEDS)
def test_a_sampled_member_has_zero_loss_and_serves_every_teacher(size, seed):
    n, k, d = size
    W = sample_global_minimum(n, k, np.random.default_rng(seed), d=d)
    V = np.eye(k, d)
    assert W.shape == (n, d)
    assert W.min() >= 0
    assert set(W.argmax(axis=1)) == set(range(k))
    assert (np.count_nonzero(W, axis=1) == 1).all()
    np.testing.assert_allclose(W.sum(axis=0), np.arange(d) < k, rtol=0, atol=4e-16 * n)
    assert abs(population_loss(W, V)) <= loss_rounding_error(W, V)
    assert np.abs(population_gradient(W, V)).max() < 1e-14 * (n + k)
    assert distance_to_global_minima(W, V) < 1e-15 * n


@property_test
@given(size=sizes(most=4), seed=SEEDS)
def test_no_direction_curves_down_at_a_member(size, seed):
    n, k, d = size
    rng = np.random.default_rng(seed)
    W = sample_global_minimum(n, k, rng, d=d)
    assume(np.linalg.norm(W, axis=1).min() > 1e-3)
    U = rng.normal(size=(n, d))
    # Turning terms cancel up to roundings, each divided by |w| > 1e-3.
    allowed = 1e-12 * np.sum(U**2)
    assert population_curvature_along(W, np.eye(k, d), U) >= -allowed


@property_test
@given(k=st.integers(2, 200), extra=st.integers(0, 5))
def test_spectrum_has_the_moments_of_the_blocks(k, extra):
    """tr H = k d/2 and |H|^2 = k d/4 + k (k - 1)(d/16 + 1/4/pi + 2 p^2), p = 1/(2 pi)."""
    d, p = k + extra, 1 / (2 * np.pi)
    spectrum = global_minimum_spectrum(k, d)
    values, counts = np.array(spectrum, dtype=float).T
    assert counts.sum() == k * d
    assert (counts > 0).all()
    assert (np.diff(values) >= 0).all()
    assert counts @ values == pytest.approx(k * d / 2, rel=1e-13)
    # H_ij = I/4 + p (v_i v_j^T + v_j v_i^T): no trace of the second part, whose square is 2 p^2.
    squares = k * d / 4 + k * (k - 1) * (d / 16 + 2 * p**2)
    assert counts @ values**2 == pytest.approx(squares, rel=1e-13)
    assert values[0] == 0.25 - p


@property_test
@given(pair=pairs())
def test_the_tilted_pair_has_its_closed_form(pair):
    share, epsilon = pair[3:]
    point = tilted_pair(*pair)
    found = population_curvature_along(point.weights, point.teachers, separating_direction(point))
    # The halves of the two neurons cancel; what is left is divided by their lengths.
    allowed = 1e-14 * (len(point.weights) + 1 / share + 1 / (1 - share))
    assert found == pytest.approx(tilted_form(share, epsilon), rel=0, abs=allowed)


@property_test
@given(pair=pairs())
def test_the_loss_of_the_spread_pair_is_that_of_the_plane(pair):
    n, k, _, _, epsilon = pair
    assume(n - 2 <= 2 * (k - 1))  # further shares are not exact in binary
    point = spread_pair(*pair)
    a, b = point.weights[:2, 0]
    angles = np.arctan2(epsilon, [a, b])
    loss = angles @ [a, b] - epsilon - angles.sum() * (a * b - epsilon**2)
    allowed = loss_rounding_error(point.weights, point.teachers)
    found = population_loss(point.weights, point.teachers)
    assert found == pytest.approx(loss / (2 * np.pi), rel=0, abs=allowed)


@property_test
@given(k=st.integers(2, 4), m=st.integers(1, 3), seed=SEEDS, scale=st.floats(1e-3, 0.3))
def test_conjecture_12_does_not_care_for_order_or_basis(k, m, seed, scale):
    rng = np.random.default_rng(seed)
    W = equal_shares(k, m) + scale / m * rng.uniform(-1, 1, size=(m * k, k))
    assume(np.linalg.norm(W, axis=1).min() > 0.2 / m)
    sides = form_and_bound(W, np.eye(k), m)
    teachers = rng.permutation(k)
    grouped = np.array([rows[rng.permutation(m)] for rows in W.reshape(k, m, k)])
    turn = rotation(k, seed)
    moved = form_and_bound(
        grouped[teachers].reshape(m * k, k) @ turn, np.eye(k)[teachers] @ turn, m
    )
    # A perturbation is known to a rounding of the weights; both sides are of its order squared.
    allowed = 1e-13 * m * k**2 * (scale + 1e-3)
    np.testing.assert_allclose(moved, sides, rtol=0, atol=allowed)
    assert sides.bound == pytest.approx(curvature_bound(W - equal_shares(k, m), m), rel=1e-12)


@property_test
@given(k=st.integers(1, 4), m=st.integers(1, 3), seed=SEEDS)
def test_the_bound_of_theorem_10_lies_between_its_constants(k, m, seed):
    """(1 - 2/pi) sum |g_i|^2/4 from below, (k + 1 - 2/pi) times a quarter of it from above."""
    G = np.random.default_rng(seed).normal(size=(m * k, k))
    squares = np.sum(G.reshape(k, m, k).sum(axis=1) ** 2) / 4
    bound = curvature_bound(G, m)
    assert (1 - 2 / np.pi) * squares <= bound * (1 + 1e-14)
    assert bound <= (k + 1 - 2 / np.pi) * squares * (1 + 1e-14)


@property_test
@given(size=sizes(most=4), seed=SEEDS, scale=st.floats(1e-2, 0.5))
def test_quotients_do_not_depend_on_the_basis(size, seed, scale):
    n, k, d = size
    rng = np.random.default_rng(seed)
    minimum = sample_global_minimum(n, k, rng, d=d)
    W = minimum + scale * rng.normal(size=(n, d))
    assume(np.linalg.norm(W, axis=1).min() > 1e-2)
    V, turn = np.eye(k, d), rotation(d, seed)
    turned = W @ turn, minimum @ turn, V @ turn
    # Gradients are right to 1e-14 (n + k), forms to as much over |w|, and |W - W*| > scale/10.
    assume(np.linalg.norm(W - minimum) > 0.1 * scale)
    allowed = 1e-14 * (n + k) / scale
    for quotient, factor in ((one_point_quotient_gradient, 100), (one_point_quotient_hessian, 1e4)):
        found = quotient(W, minimum, V)
        assert quotient(*turned) == pytest.approx(found, rel=0, abs=factor * allowed)
    assume(population_loss(W, V) > 1e-4)
    assert pl_ratio(turned[0], turned[2]) == pytest.approx(pl_ratio(W, V), rel=1e-9)


@settings(deadline=None, max_examples=15)
@given(k=st.integers(2, 4), start=st.integers(0, 10**6), scale=st.floats(1e-3, 1e3))
def test_a_convexity_radius_is_a_first_crossing(k, start, scale):
    direction = random_direction(k, start, seed=1)
    found = convexity_radius_along(scale * direction, largest_radius=1.0)
    last = 1.0 if np.isnan(found.radius) else 0.999 * found.radius
    for radius in np.linspace(0, last, 12):
        W = np.eye(k) + radius * direction
        assert np.linalg.eigvalsh(population_hessian(W, np.eye(k)))[0] > 0
    again = convexity_radius_along(direction, largest_radius=1.0)
    assert found.radius == pytest.approx(again.radius, abs=3e-10, nan_ok=True)


@settings(deadline=None, max_examples=8)
@given(k=st.integers(2, 3), start=st.integers(0, 10**6))
def test_a_search_for_the_convexity_radius_never_goes_up(k, start):
    direction = random_direction(k, start, seed=1)
    plain = convexity_radius_along(direction, largest_radius=1.0).radius
    within = 0.6 if np.isnan(plain) else min(plain, 0.6)
    found = smallest_convexity_radius(direction, largest_radius=within).radius
    assert not found > within
    # The ball of radius 0.2 around V is convex for k = 2 and 3, as far as any search has found.
    assert not found < 0.2


@pytest.mark.slow
@settings(deadline=None, max_examples=6)
@given(
    size=st.sampled_from([(2, 1), (2, 2), (3, 1)]),
    scaled=st.floats(1e-4, 0.8),
    seed=st.integers(0, 99),
)
def test_a_violation_found_lies_within_its_radius(size, scaled, seed):
    k, m = size
    asked = Conjecture12(
        sizes=(MultipliedSize(k=k, m=m),),
        chains=2,
        tries=1,
        rounds=2,
        seed=seed,
        scaled_radii=(scaled,),
        scale_exponents=(1,),
        stored_exponent=1,
    )
    (row,), (G,) = search_violations(k, m, asked)
    assert np.linalg.norm(G, axis=1).max() <= scaled / m * (1 + 4e-16)
    sides = form_and_bound(equal_shares(k, m) + G, np.eye(k), m)
    # G is known to a rounding of W* + G, the form to several of |G|^2.
    allowed = 1e-13 * np.sum(G**2) + 1e-15 * np.linalg.norm(G)
    assert row["form"] == pytest.approx(sides.form, rel=0, abs=allowed)
    assert row["bound"] == pytest.approx(sides.bound, rel=0, abs=allowed)


@settings(deadline=None, max_examples=25)
@given(
    size=sizes(most=4), runs=st.integers(1, 11), cut=st.integers(0, 12), seed=SEEDS, data=st.data()
)
def test_perturbed_descent_does_not_depend_on_batches_order_or_pauses(size, runs, cut, seed, data):
    n, k, _ = size
    rng = np.random.default_rng(seed)
    weights, noise = rng.normal(size=(runs, n, k)), 0.1 * rng.normal(size=(runs, 12, k))
    whole = perturb_and_descend(weights, 0.2, noise)
    order = np.array(data.draw(st.permutations(range(runs))))
    np.testing.assert_array_equal(
        perturb_and_descend(weights[order], 0.2, noise[order]), whole[order]
    )
    half = perturb_and_descend(weights, 0.2, noise[:, :cut])
    np.testing.assert_array_equal(perturb_and_descend(half, 0.2, noise[:, cut:]), whole)
    first = data.draw(st.integers(0, runs))
    parts = [
        perturb_and_descend(weights[part], 0.2, noise[part])
        for part in (slice(first), slice(first, None))
    ]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


@property_test
@given(
    seed=st.integers(0, 2**63),
    indices=st.lists(st.integers(0, 2**31 - 1), min_size=2, max_size=4),
    place=st.integers(0, 3),
)
def test_a_stream_depends_on_the_seed_and_the_numbers_of_the_draw_alone(seed, indices, place):
    drawn = indexed_generator(seed, *indices).integers(2**63, size=4).tolist()
    assert indexed_generator(seed, *indices).integers(2**63, size=4).tolist() == drawn
    others = [(seed + 1, *indices), (seed, *indices, 0), (seed, *indices[:-1])]
    changed = list(indices)
    changed[place % len(indices)] += 1
    for other in [*others, (seed, *changed)]:
        assert indexed_generator(*other).integers(2**63, size=4).tolist() != drawn
    if len(indices) == 3:
        expected = restart_generator(seed, *indices).integers(2**63, size=4).tolist()
        assert drawn == expected


@pytest.mark.parametrize("numbers", [(-1, 2), (1, -2), (1, 2, -3)])
def test_negative_numbers_have_no_stream(numbers):
    with pytest.raises(ValueError, match="0 or more"):
        indexed_generator(*numbers)


@given(
    st.integers(2, 5),
    st.integers(1, 3),
    st.lists(st.integers(-3, 3), min_size=15, max_size=15),
    SEEDS,
)
@property_test
def test_distances_of_points_of_mean_zero_outweigh_their_lengths(m, q, entries, seed):
    # Small integers meet ties, rows of zeros and points on a line; the draw meets none of them.
    generator = np.random.default_rng(seed)
    for points in (np.reshape(entries[: m * q], (m, q)), generator.standard_cauchy((m, q))):
        X = points - points.mean(axis=0)
        apart = np.linalg.norm(X[:, None] - X[None], axis=2) ** 3
        alone = np.linalg.norm(X, axis=1) ** 3
        # E |X - Y|^3 >= 2 E |X|^3
        assert apart.mean() >= 2 * alone.mean() * (1 - 1e-12)


@given(st.integers(2, 4), st.integers(2, 4), st.integers(0, 2), SEEDS)
@property_test
def test_the_cubic_part_is_not_negative_where_all_sums_vanish(k, m, extra, seed):
    shares = np.random.default_rng(seed).normal(size=(k, m, k + extra))
    G = (shares - shares.mean(axis=1, keepdims=True)).reshape(k * m, k + extra)
    parts = beginning(G, m)
    assert abs(parts.quadratic) < 1e-24
    assert parts.cubic > -1e-12
