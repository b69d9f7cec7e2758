"""Sectors of the plane, and shares of parameter space by volume."""

import numpy as np
import pytest

from helpers_rows import frame_of
from relu_landscape.activation_regions.plane import (
    gaussian_shares,
    plane_sectors,
    square_shares,
)
from relu_landscape.activation_regions.region_shares import count_networks, draw_points
from relu_landscape.activation_regions.regions import enumerate_regions
from relu_landscape.activation_regions.settings import Volume
from relu_landscape.activation_regions.volume import measure_volume, region_weights

CELL = {"data": ["line"], "n": [3], "d0": [2], "d1": [4], "data_sets": 2}


def measured(cells, samples):
    return measure_volume(Volume.model_validate({"cells": cells, "samples": samples, "seed": 3}))


def test_sectors_are_the_regions_and_fill_the_plane():
    points = np.random.default_rng(0).normal(size=(6, 2))
    sectors = plane_sectors(points)
    np.testing.assert_array_equal(np.unique(sectors.patterns, axis=0), enumerate_regions(points))
    assert sectors.end[-1] - sectors.start[0] == pytest.approx(2 * np.pi)
    assert gaussian_shares(sectors).sum() == pytest.approx(1.0)
    assert square_shares(sectors).sum() == pytest.approx(1.0)


def test_parallel_points_share_a_boundary():
    assert len(plane_sectors([[1.0, 3.0], [0.1, 0.3], [-2.0, 1.0]]).patterns) == 4


def test_shares_by_hand():
    sectors = plane_sectors([[0.0, 1.0], [2.0, -1.0]])
    # The second line leaves the square at (1/2, 1), a quarter of a side from its corner.
    top = [one.tolist() for one in sectors.patterns].index([1, 1])
    assert square_shares(sectors)[top] == pytest.approx((1 + 0.5) / 8)
    assert gaussian_shares(sectors)[top] == pytest.approx(np.arctan(2.0) / (2 * np.pi))


@pytest.mark.parametrize("law", ["normal", "uniform"])
def test_shares_are_the_frequencies_of_drawn_weights(law):
    points = draw_points("normal", 4, 2, np.random.default_rng(3))
    regions = enumerate_regions(points)
    (shares,) = region_weights(points, regions, law, samples=1, seed=0)
    random = np.random.default_rng(1)
    size = (200_000, 2)
    weights = random.normal(size=size) if law == "normal" else random.uniform(-1, 1, size)
    met, often = np.unique((weights @ points.T > 0).astype(np.uint8), axis=0, return_counts=True)
    np.testing.assert_array_equal(met, regions)
    np.testing.assert_allclose(shares, often / len(weights), rtol=0, atol=0.006)


@pytest.mark.parametrize("law", ["normal", "uniform"])
def test_sampled_probabilities_sum_to_one_and_do_not_depend_on_the_call(law):
    points = draw_points("normal", 4, 3, np.random.default_rng(3))
    regions = enumerate_regions(points)
    first, second = (region_weights(points, regions, law, samples=500, seed=4) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(first.sum(axis=1), 1.0)


def test_share_by_count_is_that_of_the_exact_count_and_volume_has_an_error_where_sampled():
    cells = [CELL, {"data": ["normal"], "n": [4], "d0": [3], "d1": [2], "data_sets": 1}]
    table = frame_of(measured(cells, samples=500))
    line = table[table["data"] == "line"]
    np.testing.assert_allclose(line.loc[line["measure"] == "count", "share"], 1070 / 1296)
    assert (line["standard_error"] == 0).all()
    sampled = table[table["samples"] > 0]
    assert (sampled["standard_error"] > 0).all()
    assert len(sampled) == 2


def test_volume_of_a_network_is_the_frequency_of_drawn_networks():
    (gaussian,) = (
        one.share
        for one in measured([CELL | {"data_sets": 1}], samples=1)
        if one.measure == "normal"
    )
    from relu_landscape.activation_regions.step_patterns import jacobian_is_full, read_steps
    from relu_landscape.seeding import indexed_generator

    points = draw_points("line", 3, 2, indexed_generator(3, 3, 2, 0))
    weights = np.random.default_rng(0).normal(size=(40_000, 4, 2))
    full = jacobian_is_full(read_steps(weights @ points.T > 0)).mean()
    assert full == pytest.approx(gaussian, abs=0.012)
    assert count_networks(enumerate_regions(points), points, 4).full_jacobian == 1070


def test_unknown_laws_and_foreign_patterns_are_refused():
    points = draw_points("normal", 4, 3, np.random.default_rng(3))
    regions = enumerate_regions(points)
    with pytest.raises(ValueError, match="no law 'cauchy'"):
        region_weights(points, regions, "cauchy", samples=5, seed=0)
    with pytest.raises(ValueError, match="none of the regions"):
        region_weights(points, regions[:2], "normal", samples=50, seed=0)


def test_sectors_need_points_in_the_plane():
    with pytest.raises(ValueError, match="non-zero points"):
        plane_sectors([[0.0, 0.0]])
