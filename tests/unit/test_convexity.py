"""Where convexity ends around the global minimum: crossings are crossings, searches improve."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from scipy.optimize import minimize

from relu_landscape.global_minima import STRONG_CONVEXITY
from relu_landscape.global_minima.convexity import convexity_radius_along, random_direction
from relu_landscape.global_minima.convexity_radii import measure_convexity_radii, worst_of
from relu_landscape.global_minima.convexity_rings import least_ring_radius, ring_direction
from relu_landscape.global_minima.convexity_search import (
    LeastRadius,
    least_convexity_radius,
    search_from,
    smallest_convexity_radius,
    structured_direction,
)
from relu_landscape.global_minima.convexity_trios import (
    _radius_and_slope,
    least_trio_radius,
    trio_space,
)
from relu_landscape.global_minima.settings import Convexity
from relu_landscape.objective import population_hessian
from relu_landscape.objective.reference import reference_hessian, reference_to_float64

WORST_AT_TWO = 0.28653909


def asked(**changes):
    """A search for the smallest radius."""
    numbers = {"random_directions": 1, "chains": 2, "tries": 1, "rounds": 10, "largest_radius": 1.0}
    return Convexity(teachers=(2,), **(numbers | {"seed": 1} | changes))


def smallest_eigenvalue(direction, radius):
    k = len(direction)
    return np.linalg.eigvalsh(population_hessian(np.eye(k) + radius * direction, np.eye(k)))[0]


@pytest.mark.parametrize(("k", "start"), [(2, 3), (2, 4), (3, 2), (3, 4), (3, 6)])
def test_the_hessian_is_singular_at_the_radius_and_definite_before(k, start):
    direction = random_direction(k, start, seed=3)
    found = convexity_radius_along(direction, largest_radius=1.5)
    assert 0 < found.radius < 1.5
    # Bisection stops at a radius right to 1e-10, and the eigenvalue falls no faster than 1 or so.
    assert abs(smallest_eigenvalue(direction, found.radius)) < 1e-9
    assert abs(found.smallest_eigenvalue) < 1e-9
    before = [smallest_eigenvalue(direction, x * found.radius) for x in np.linspace(0, 0.999, 40)]
    assert before[0] == pytest.approx(STRONG_CONVEXITY, abs=1e-14)
    assert min(before) > 0
    assert smallest_eigenvalue(direction, 1.001 * found.radius) < 0


def test_without_a_crossing_the_radius_is_nan():
    # (1 + r) V: the teachers turn each neuron less than the longer students do, for every r.
    found = convexity_radius_along(np.eye(3), largest_radius=2.0)
    assert np.isnan(found.radius)
    expected = smallest_eigenvalue(np.eye(3) / np.sqrt(3), 2.0)
    assert found.smallest_eigenvalue == pytest.approx(expected, abs=1e-14)
    assert expected > STRONG_CONVEXITY


def test_nothing_is_found_beyond_the_largest_radius():
    direction = random_direction(2, 3, seed=3)
    found = convexity_radius_along(direction, largest_radius=1.0)
    assert np.isnan(convexity_radius_along(direction, largest_radius=0.999 * found.radius).radius)
    wider = convexity_radius_along(direction, largest_radius=1.001 * found.radius)
    assert wider.radius == pytest.approx(found.radius, abs=2e-10)


@pytest.mark.parametrize("scale", [2.0**-9, 2.0**7])
def test_the_length_of_the_direction_does_not_matter(scale):
    direction = random_direction(3, 4, seed=3)
    found = convexity_radius_along(direction, largest_radius=1.0)
    scaled = convexity_radius_along(scale * direction, largest_radius=1.0)
    assert scaled.radius == found.radius
    assert np.linalg.norm(scaled.direction) == pytest.approx(1.0, abs=1e-15)
    search = smallest_convexity_radius(direction, largest_radius=0.6)
    assert smallest_convexity_radius(scale * direction, largest_radius=0.6).radius == search.radius


@pytest.mark.parametrize("start", range(8))
def test_all_searches_at_two_teachers_end_at_one_radius(start):
    found = smallest_convexity_radius(random_direction(2, start, seed=11), largest_radius=0.6)
    assert found.radius == pytest.approx(WORST_AT_TWO, abs=5.1e-9)


@pytest.mark.slow
def test_a_search_without_derivatives_ends_there_too():
    def radius(parameters):
        along = convexity_radius_along(parameters.reshape(2, 2), largest_radius=1.0)
        return 1.0 + along.smallest_eigenvalue if np.isnan(along.radius) else along.radius

    options = {"xatol": 1e-4, "fatol": 1e-8}
    first = random_direction(2, 3, seed=3).ravel()
    found = minimize(radius, first, method="Nelder-Mead", options=options)
    # A minimum is flat: directions right to 1e-4 give a radius right to some 1e-8.
    assert found.fun == pytest.approx(WORST_AT_TWO, abs=1e-7)


def test_no_drawn_direction_is_worse_than_the_worst():
    directions = (random_direction(2, start, seed=5) for start in range(400))
    margins = [smallest_eigenvalue(direction, WORST_AT_TWO) for direction in directions]
    assert min(margins) > 0


@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_search_ends_where_the_hessian_first_is_singular(k):
    for start in range(3):
        found = smallest_convexity_radius(random_direction(k, start, seed=21), largest_radius=0.6)
        assert found.radius < 0.6
        assert np.linalg.norm(found.direction) == pytest.approx(1.0, abs=1e-15)
        assert abs(smallest_eigenvalue(found.direction, found.radius)) < 1e-9
        assert smallest_eigenvalue(found.direction, 0.99 * found.radius) > 0


def test_a_search_that_begins_inside_the_convex_ball_finds_nothing():
    found = smallest_convexity_radius(random_direction(2, 0, seed=21), largest_radius=0.28)
    assert np.isnan(found.radius)


@pytest.mark.parametrize("start", range(3))
def test_a_search_ends_at_the_first_crossing_along_its_direction(start):
    k = 5
    found = smallest_convexity_radius(random_direction(k, start, seed=3), largest_radius=0.6)
    assert abs(found.smallest_eigenvalue) <= 1e-9
    for share in np.linspace(0.0, 0.999, 150):
        point = np.eye(k) + share * found.radius * found.direction
        assert np.linalg.eigvalsh(population_hessian(point, np.eye(k)))[0] > 0.0


def test_directions_are_uniform_on_the_sphere_and_depend_on_their_number_alone():
    drawn = np.array([random_direction(3, start, seed=2) for start in range(2000)])
    np.testing.assert_allclose(np.linalg.norm(drawn, axis=(1, 2)), 1.0, rtol=1e-15)
    np.testing.assert_array_equal(drawn[17], random_direction(3, 17, seed=2))
    assert not np.array_equal(drawn[17], random_direction(3, 17, seed=3))
    # Mean 0 and second moment 1/9, with standard errors 1/sqrt(9 2000) and about a hundredth.
    np.testing.assert_allclose(drawn.mean(axis=0), 0, rtol=0, atol=5 / np.sqrt(9 * 2000))
    np.testing.assert_allclose((drawn**2).mean(axis=0) * 9, 1, rtol=0, atol=5 * np.sqrt(2 / 2000))


@pytest.mark.slow
@pytest.mark.parametrize("k", [3, 4, 5])
def test_two_seeds_find_the_same_least_radius(k):
    """What is published must not hang on the random numbers, nor on the last bit."""
    first, second = (
        least_convexity_radius(k, asked(tries=2, rounds=10, largest_radius=1.0, seed=seed))
        for seed in (3002, 3105)
    )
    assert first.agreed
    assert second.agreed
    assert max(first.spread, second.spread) <= 1e-7 * first.found.radius
    assert first.found.radius == pytest.approx(second.found.radius, rel=1e-7)


@pytest.mark.slow
def test_chains_end_below_the_saddle_at_which_searches_end():
    """k = 5: half of all searches end at 0.1962, a saddle."""
    ends = [
        smallest_convexity_radius(random_direction(5, start, seed=4), largest_radius=0.6).radius
        for start in range(12)
    ]
    assert max(ends) > 0.196
    found = least_convexity_radius(5, asked(tries=1, rounds=10, largest_radius=1.0, seed=4))
    assert found.found.radius < min(ends) + 1e-9
    assert found.found.radius == pytest.approx(0.192521023, abs=1e-9)


def test_chains_that_find_nothing_agree_on_nothing_found():
    found = least_convexity_radius(2, asked(tries=1, rounds=2, largest_radius=0.25, seed=1))
    assert np.isnan(found.found.radius)
    assert found.spread == 0


def test_searches_that_cannot_agree_say_so(monkeypatch):
    """Searches that stop at the first radius at which the form along their start vanishes."""
    monkeypatch.setattr("relu_landscape.global_minima.convexity_search.LARGEST_ROUNDS", 1)
    monkeypatch.setattr("relu_landscape.global_minima.convexity_search.ROUGH", {"maxiter": 3})
    found = least_convexity_radius(3, asked(tries=1, rounds=2, largest_radius=1.0, seed=1))
    assert not found.agreed
    assert found.spread > 1e-7


def test_the_radius_of_a_search_is_the_first_crossing_along_its_direction():
    for k, start in ((3, 0), (4, 1), (6, 2)):
        direction, radius = search_from(random_direction(k, start, seed=9), 0.6)
        along = convexity_radius_along(direction, largest_radius=1.0)
        assert along.radius == pytest.approx(radius, abs=1e-9)


@pytest.mark.parametrize("k", [2, 3, 6])
def test_structured_directions_do_not_change_under_their_group(k):
    direction = structured_direction(k, np.random.default_rng(k))
    assert np.linalg.norm(direction) == pytest.approx(1.0, abs=1e-15)
    swapped = np.arange(k)
    swapped[-2:] = swapped[-2:][::-1]
    cycled = np.r_[np.roll(np.arange(k - 2), 1), k - 2, k - 1].astype(int)
    for order in (swapped, cycled):
        np.testing.assert_array_equal(direction[np.ix_(order, order)], direction)


def test_records_hold_what_was_measured():
    seen = []
    records, directions = measure_convexity_radii(
        2,
        asked(random_directions=4, rounds=5, seed=3),
        progress=lambda *done: seen.append(done),
    )
    assert seen == [(1, 5), (2, 5)]
    searches = ["random"] * 4 + ["ring", "trio", "free", "worst"]
    assert [row["search"] for row in records] == searches
    assert [row["start"] for row in records] == [0, 1, 2, 3, 2, 0, 0, 0]
    assert [row["place"] for row in records] == list(range(8))
    for row, direction in zip(records, directions, strict=True):
        again = convexity_radius_along(direction, largest_radius=1.0)
        assert row["radius"] == pytest.approx(again.radius, abs=2e-10, nan_ok=True)
    for row, direction in zip(records[:4], directions[:4], strict=True):
        drawn = random_direction(2, row["start"], seed=3)
        np.testing.assert_allclose(direction, drawn, rtol=0, atol=1e-15)
        assert row["spread"] is None
    worst = records[7]
    assert worst["radius"] == pytest.approx(WORST_AT_TWO, abs=5.1e-9)
    assert worst["agreed"]
    assert 0 <= worst["spread"] <= 1e-7 * WORST_AT_TWO


def test_a_zero_direction_is_refused():
    for measure in (convexity_radius_along, smallest_convexity_radius):
        with pytest.raises(ValueError, match="non-zero displacement"):
            measure(np.zeros((2, 2)), largest_radius=1.0)


@pytest.mark.parametrize("radius", [-1.0, 0.0, np.nan, np.inf])
def test_a_radius_that_is_not_positive_is_refused(radius):
    for measure in (convexity_radius_along, smallest_convexity_radius):
        with pytest.raises(ValueError, match=f"largest_radius is {radius}"):
            measure(np.ones((2, 2)), largest_radius=radius)


def test_asearch_from_a_radius_at_which_a_neuron_can_vanish_is_refused():
    with pytest.raises(ValueError, match="a search needs one below 1"):
        smallest_convexity_radius(np.ones((2, 2)), largest_radius=1.5)


@pytest.mark.parametrize(
    ("k", "q", "expected"),
    [
        (3, 2, 0.221356961),
        (5, 2, 0.192521023),
        (8, 2, 0.166681725),
        (18, 7, 0.122741454),
        (20, 8, 0.117421747),
    ],
)
def test_rings_reach_the_least_radii_known(k, q, expected):
    found = least_ring_radius(k, q, tries=0, largest_radius=1.0, seed=1)
    assert found.radius == pytest.approx(expected, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(("k", "q"), [(5, 2), (8, 7)])
def test_the_reference_finds_the_hessian_singular_there(k, q):
    found = least_ring_radius(k, q, tries=0, largest_radius=1.0, seed=1)
    point = np.eye(k) + found.radius * found.direction
    hessian = reference_to_float64(reference_hessian(point, np.eye(k)))
    eigenvalues = np.linalg.eigvalsh(hessian)
    assert abs(eigenvalues[0]) < 1e-9


def test_a_direction_with_a_ring_does_not_change_under_its_group():
    k, q = 7, 5
    direction = least_ring_radius(k, q, tries=0, largest_radius=1.0, seed=1).direction
    ring, others = np.arange(q), np.array([q, q + 1])
    for order in (np.r_[np.roll(ring, 1), others], np.r_[-ring % q, others[::-1]]):
        np.testing.assert_allclose(direction[np.ix_(order, order)], direction, rtol=0, atol=1e-15)


def test_two_ways_agree_where_the_worst_direction_has_no_symmetry():
    """k = 3: no ring leads lower than .221357, a saddle."""
    records, directions = measure_convexity_radii(3, asked(tries=2, rounds=10))
    by_name = {(row["search"], row["start"]): row for row in records}
    worst = by_name["worst", 0]
    assert worst["agreed"]
    assert worst["radius"] == pytest.approx(0.221209274, abs=1e-9)
    assert by_name["trio", 0]["radius"] == pytest.approx(by_name["free", 0]["radius"], rel=1e-7)
    assert min(by_name["ring", q]["radius"] for q in (2, 3)) > 0.2213
    direction = directions[worst["place"]]
    for order in list(permutations(range(3)))[1:]:
        assert np.abs(direction[np.ix_(order, order)] - direction).max() > 0.05


@pytest.mark.parametrize(("k", "expected"), [(2, WORST_AT_TWO), (4, 0.204558676), (5, 0.192521023)])
def test_trios_reach_the_least_radii_known(k, expected):
    found = least_trio_radius(k, tries=1, largest_radius=1.0, seed=1)
    assert found.radius == pytest.approx(expected, abs=1e-8)


def test_no_permutation_of_the_others_changes_what_trios_move():
    space = trio_space(6)
    matrix = space.matrix(np.arange(1.0, 1 + space.dimension))
    for order in ([0, 1, 2, 4, 3, 5], [0, 1, 2, 4, 5, 3]):
        np.testing.assert_array_equal(matrix[np.ix_(order, order)], matrix)
    assert not np.array_equal(matrix[np.ix_([1, 0, 2, 3, 4, 5], [1, 0, 2, 3, 4, 5])], matrix)
    # Three by three entries, a row and a column for each of the three, diagonal, the others.
    assert space.dimension == 9 + 3 + 3 + 1 + 1
    assert [trio_space(k).dimension for k in (2, 3)] == [4, 9]


@pytest.mark.parametrize("outer", [0.6, 0.15])
def test_the_slope_of_the_radius_is_its_difference_quotient(outer):
    """Where the form vanishes within the outer radius, and where it does not."""
    k, space, rng = 4, trio_space(4), np.random.default_rng(6)
    direction = ring_direction(k, 2)
    vector = space.softest(population_hessian(np.eye(k) + 0.4 * direction, np.eye(k)))
    parameters = np.r_[space.coordinates(direction), space.coordinates(vector)]
    parameters += 0.01 * rng.normal(size=parameters.shape)
    value, slope = _radius_and_slope(parameters, outer, space)
    assert (value < outer) == (outer == 0.6)
    for _ in range(4):
        step = rng.normal(size=parameters.shape)
        ahead, behind = (
            _radius_and_slope(parameters + h * step, outer, space)[0] for h in (1e-5, -1e-5)
        )
        assert slope @ step == pytest.approx((ahead - behind) / 2e-5, rel=1e-5, abs=1e-7)


@pytest.mark.parametrize("q", [1, 4])
def test_a_ring_of_more_than_all_neurons_or_of_one_is_refused(q):
    with pytest.raises(ValueError, match=f"q is {q}; a ring"):
        ring_direction(3, q)


def test_of_ways_that_agree_a_ring_stands_for_them():
    """Which of two equal radii is smaller in the last digit is a matter of the processor."""
    ring = least_ring_radius(5, 2, tries=0, largest_radius=1.0, seed=1)
    for change, agreed in ((-1e-13, True), (1e-13, True), (-1e-4, False)):
        free = LeastRadius(replace(ring, radius=ring.radius + change), 0.0, agreed=True)
        found = worst_of(free, [ring], 1.0)
        assert found.agreed is agreed
        assert (found.found is ring) is agreed
