"""Regions of one neuron, and exact numbers of networks of full rank."""

from itertools import product

import numpy as np
import pytest

from helpers_rows import frame_of
from relu_landscape import activation_regions
from relu_landscape.activation_regions import regions
from relu_landscape.activation_regions.patterns import whole_rows
from relu_landscape.activation_regions.region_shares import (
    all_patterns,
    compare_region_counts,
    count_networks,
    count_shares,
    draw_points,
    region_signature,
)
from relu_landscape.activation_regions.regions import (
    count_regions,
    draw_networks,
    enumerate_regions,
)
from relu_landscape.activation_regions.settings import CountedNetworks, NeuronSizes
from relu_landscape.activation_regions.supports import (
    count_full_rank,
    count_surjections,
    exact_rank,
    full_rank_branches,
    weigh_full_rank,
)

# Regions a neuron on 1, ..., 8 generic points, by the number of inputs.
REGIONS = {
    1: [2, 2, 2, 2, 2, 2, 2, 2],
    2: [2, 4, 6, 8, 10, 12, 14, 16],
    3: [2, 4, 8, 14, 22, 32, 44, 58],
    4: [2, 4, 8, 16, 30, 52, 84, 128],
}


def cell(data, n, d0, d1, patterns="regions", data_sets=1):
    return CountedNetworks(
        patterns=(patterns,), data=(data,), n=(n,), d0=(d0,), d1=(d1,), data_sets=data_sets
    )


def counts(rows):
    return [(int(one.full_pattern), int(one.full_jacobian)) for one in rows]


@pytest.mark.parametrize("d0", REGIONS)
def test_generic_points_have_as_many_regions_as_the_formula_says(d0):
    for n, expected in enumerate(REGIONS[d0], start=1):
        points = np.random.default_rng(n).normal(size=(n, d0))
        regions = enumerate_regions(points)
        assert len(regions) == expected == count_regions(n, d0, 1)
        assert len(np.unique(regions, axis=0)) == len(regions)


def test_a_network_has_the_product_of_the_regions_of_its_neurons():
    assert count_regions(5, 2, 3) == 1000
    assert count_regions(3, 7, 2) == 2 ** (3 * 2)


def test_no_random_weight_meets_another_region():
    points = np.random.default_rng(0).normal(size=(7, 3))
    weights = np.random.default_rng(1).normal(size=(100_000, 3))
    met = np.unique((weights @ points.T > 0).astype(np.uint8), axis=0)
    np.testing.assert_array_equal(met, enumerate_regions(points))


def test_points_on_a_common_plane_have_fewer_regions_and_exactly_those():
    points = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1], [2, 0, 2]])
    regions = enumerate_regions(points)
    met = np.unique(
        (np.random.default_rng(1).normal(size=(20_000, 3)) @ points.T > 0).astype(np.uint8), axis=0
    )
    np.testing.assert_array_equal(regions, met)
    assert len(regions) < count_regions(6, 3, 1)


def test_a_sign_below_the_rounding_of_doubles_is_decided_exactly():
    # The third point lies off the line of the first two by far less than one part in 2^53.
    far = 2**60
    line = enumerate_regions([[far, 1, 0], [far, 2, 0], [2 * far, 3, 0], [0, 0, 1]])
    off = enumerate_regions([[far, 1, 0], [far, 2, 0], [2 * far, 3, 1], [0, 0, 1]])
    assert (len(line), len(off)) == (12, 14)


def test_floats_are_the_rationals_they_are():
    # In doubles the products 0.1 * 0.9 and 0.3 * 0.3 of the real numbers are not those of these.
    assert len(enumerate_regions([[0.1, 0.3], [0.3, 0.9]])) == 4
    assert len(enumerate_regions([[1, 3], [3, 9]])) == 2


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([[1.0, 2.0], [0.0, 0.0]], "point 1 of X is zero"),
        ([1.0, 2.0], "give points as the rows"),
        ([[np.nan, 1.0]], "not finite"),
        (np.ones((400, 4)), "not done: 400 points in 4 dimensions have up to 21174400 regions"),
    ],
)
def test_what_cannot_be_enumerated_is_said(points, message):
    with pytest.raises(ValueError, match=message):
        enumerate_regions(points)


def test_impossible_sizes_are_refused():
    with pytest.raises(ValueError, match="give n >= 1"):
        count_regions(0, 2, 3)


def test_networks_are_products_of_regions():
    regions = enumerate_regions(np.random.default_rng(0).normal(size=(3, 2)))
    networks = draw_networks(regions, 2, 4000, np.random.default_rng(1))
    assert networks.shape == (4000, 2, 3)
    _, often = np.unique(networks.reshape(4000, 6), axis=0, return_counts=True)
    assert len(often) == count_regions(3, 2, 2)
    assert often.min() > 60


@pytest.mark.parametrize(
    ("n", "d1", "pattern", "jacobian"),
    [
        (2, 2, 6, 9),
        (2, 5, 930, 961),
        (3, 2, 0, 14),
        (3, 4, 600, 1070),
        (3, 8, 1524600, 1660190),
        (4, 4, 480, 2880),
        (5, 5, 5760, 68520),
    ],
)
def test_counts_on_a_line_with_bias(n, d1, pattern, jacobian):
    rows = count_shares([cell("line", n, 2, d1)], seed=1)
    assert counts(rows) == [(pattern, jacobian)]
    assert int(rows[0].networks) == (2 * n) ** d1


@pytest.mark.parametrize(
    ("n", "d0", "d1", "jacobian"),
    [(2, 1, 2, 6), (3, 1, 3, 174), (4, 1, 4, 22560), (4, 2, 3, 2226), (4, 3, 3, 2394)],
)
def test_counts_over_all_binary_patterns(n, d0, d1, jacobian):
    rows = count_shares([cell("normal", n, d0, d1, "binary")], seed=1)
    assert [count for _, count in counts(rows)] == [jacobian]


@pytest.mark.parametrize(
    ("n", "d0", "d1", "by_signature"),
    [
        (3, 2, 2, {"1-2-2-1": 14, "0-3-3-0": 12}),
        (5, 2, 3, {"1-2-2-2-2-1": 240, "0-2-3-3-2-0": 330, "0-1-4-4-1-0": 426}),
        (4, 3, 2, {"1-3-6-3-1": 60, "0-4-6-4-0": 50, "1-4-4-4-1": 64}),
    ],
)
def test_without_bias_the_count_goes_with_the_signs_of_the_data(n, d0, d1, by_signature):
    rows = count_shares([cell("normal", n, d0, d1, data_sets=12)], seed=3)
    found = {(one.signature, int(one.full_jacobian)) for one in rows}
    assert found == set(by_signature.items())


def test_every_combination_of_a_line_is_counted():
    line = CountedNetworks(
        patterns=("regions", "binary"), data=("normal",), n=(3, 4), d0=(2,), d1=(2, 3), data_sets=2
    )
    cells = [
        cell("normal", n, 2, d1, law, 2) for law in line.patterns for n in (3, 4) for d1 in (2, 3)
    ]
    assert count_shares([line], seed=1) == count_shares(cells, seed=1)


def test_positive_points_in_the_plane_count_as_a_line_with_bias():
    positive, line = (
        counts(count_shares([cell(law, 4, 2, 3)], seed=2)) for law in ("positive", "line")
    )
    assert positive == line


def test_counting_by_supports_equals_going_through_every_network():
    points = draw_points("normal", 4, 2, np.random.default_rng(5))
    regions = enumerate_regions(points)
    full = sum(
        exact_rank(regions[list(network)], points) == 4
        for network in product(range(len(regions)), repeat=3)
    )
    assert count_networks(regions, points, 3).full_jacobian == full


def test_equal_weights_give_the_share_by_count():
    points = draw_points("normal", 4, 2, np.random.default_rng(5))
    regions = enumerate_regions(points)
    branches = full_rank_branches(regions, points, 5)
    share = count_full_rank(branches, len(regions), 5) / len(regions) ** 5
    weights = np.full((2, len(regions)), 1 / len(regions))
    np.testing.assert_allclose(weigh_full_rank(branches, weights, 5), share, rtol=1e-12)


def test_surjections_and_binary_patterns():
    assert [count_surjections(4, t) for t in range(6)] == [0, 1, 14, 36, 24, 0]
    assert len(np.unique(all_patterns(5), axis=0)) == 32


def test_too_many_supports_are_refused():
    with pytest.raises(ValueError, match="not done"):
        full_rank_branches(all_patterns(7), np.ones((7, 1), int), 7)


def test_signatures_do_not_depend_on_the_order_of_points():
    points = draw_points("normal", 5, 3, np.random.default_rng(2))
    assert region_signature(enumerate_regions(points)) == region_signature(
        enumerate_regions(points[[3, 1, 4, 0, 2]])
    )


def test_unknown_laws_are_named():
    with pytest.raises(ValueError, match="no points of law 'cauchy'"):
        draw_points("cauchy", 3, 2, np.random.default_rng(0))


def test_rows_make_tables():
    shares = count_shares([cell("line", 3, 2, 4)], seed=0)
    assert frame_of(shares)["full_jacobian"].tolist() == ["1070"]
    counted = frame_of(compare_region_counts([NeuronSizes(n=(6,), d0=(3,), data_sets=2)], seed=0))
    assert counted["enumerated"].tolist() == counted["formula"].tolist() == [32, 32]


def test_public_names_are_found():
    for name in activation_regions.__all__:
        assert callable(getattr(activation_regions, name))


@pytest.mark.parametrize(("n", "d0"), [(5, 4), (7, 5), (8, 5), (9, 6), (10, 9)])
def test_leaving_out_what_agrees_with_a_dependence_gives_the_patterns_around_rays(n, d0):
    random = np.random.default_rng(n)
    for draw in (random.normal(size=(n, d0)), random.integers(-1, 2, (n, d0))):
        points = regions._in_own_span(whole_rows(draw[draw.any(axis=1)]))
        if len(points) > len(points[0]):
            np.testing.assert_array_equal(
                regions._patterns_off_circuits(points), regions._patterns_around_rays(points)
            )


def test_points_hardly_more_than_inputs_are_enumerated_at_once():
    points = np.random.default_rng(0).normal(size=(17, 16))
    assert len(enumerate_regions(points)) == count_regions(17, 16, 1) == 2**17 - 2


def test_more_points_than_a_table_holds_give_the_same(monkeypatch):
    points = np.random.default_rng(1).normal(size=(9, 3))
    expected = enumerate_regions(points)
    monkeypatch.setattr(regions, "_TABLE_OF_POINTS", 8)
    np.testing.assert_array_equal(enumerate_regions(points), expected)


@pytest.mark.parametrize(("n", "d0"), [(22, 11), (23, 12), (2000, 3)])
def test_work_and_memory_beyond_what_is_allowed_are_refused_at_once(n, d0):
    allowed = rf"at most {regions.MOST_ENTRIES} and {regions.MOST_SIGNS} are allowed: take fewer"
    with pytest.raises(ValueError, match=allowed):
        enumerate_regions(np.random.default_rng(0).normal(size=(n, d0)))
