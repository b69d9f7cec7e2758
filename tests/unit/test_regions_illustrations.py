"""The numbers behind the illustrations are those of the data."""

from itertools import pairwise

import numpy as np
import pytest

from helpers_rows import frame_of
from relu_landscape.activation_regions.illustrations import (
    function_space_rows,
    point_rows,
    sector_rows,
)
from relu_landscape.activation_regions.regions import enumerate_regions

POINTS = np.array([[3, 1], [1, 2], [-1, 1]])


def test_each_vertex_of_the_zonotope_is_farthest_in_its_normal_cone():
    table = frame_of(sector_rows(POINTS))
    vertices = table[["vertex_x", "vertex_y"]].to_numpy()
    subsets = np.array(np.meshgrid(*[[0, 1]] * 3)).reshape(3, -1).T @ POINTS
    for place, (start, end) in enumerate(zip(table["start"], table["end"], strict=True)):
        for share in (0.1, 0.5, 0.9):
            angle = start + share * (end - start)
            direction = np.array([np.cos(angle), np.sin(angle)])
            assert (subsets @ direction).max() == pytest.approx(vertices[place] @ direction)
    assert sorted(table["pattern"]) == ["".join(map(str, row)) for row in enumerate_regions(POINTS)]


def test_ranks_of_one_neuron_on_two_points():
    ranks = {one.pattern: one.rank for one in sector_rows([[2, 1], [-1, 2]])}
    assert ranks == {"00": 0, "10": 1, "11": 2, "01": 1}


@pytest.mark.parametrize("x", [(0.0, 1.0, 3.0), (0.0, 1.0, 2.0, 4.0), (0.0, 1.0)])
def test_the_polyline_has_its_ends_at_the_outer_points_and_its_corners_at_kinks(x):
    n = len(x)
    table = frame_of(function_space_rows(x))
    vertices = table["share"].to_numpy().reshape(-1, n)
    assert len(vertices) == 2 * n - 2
    np.testing.assert_allclose(vertices.sum(axis=1), 1.0)
    np.testing.assert_array_equal(vertices[[0, -1]], np.eye(n)[[0, -1]])


def test_the_output_of_every_neuron_lies_on_the_polyline():
    x = np.array([0.0, 1.0, 2.0, 4.0])
    corners = np.array([one.share for one in function_space_rows(x)]).reshape(-1, 4)
    random = np.random.default_rng(0)
    for _ in range(200):
        weight, bias = random.normal(), 3 * random.normal()
        output = np.maximum(weight * x + bias, 0.0)
        if not output.any():
            continue
        share = output / output.sum()
        distances = []
        for one, other in pairwise(corners):
            along = np.clip((share - one) @ (other - one) / ((other - one) @ (other - one)), 0, 1)
            distances.append(np.linalg.norm(one + along * (other - one) - share))
        assert min(distances) < 1e-12


def test_points_make_a_table():
    assert frame_of(point_rows(POINTS))["x"].tolist() == [3, 1, -1]
