"""The distance between points of one class, whatever the order of their neurons and inputs."""

import numpy as np
import pytest

from helpers_minima import KNOWN_POINTS, displaced, shuffled
from relu_landscape.minima.spread import largest_distance
from relu_landscape.symmetry.canonical import canonical_form


def test_the_largest_distance_is_found_over_all_arrangements():
    W = KNOWN_POINTS["k6-n6"].W
    form = canonical_form(W, tolerance=1e-5).weights
    noise = np.zeros_like(W)
    noise[0, 1] = 3e-9  # one weight of one neuron
    rng = np.random.default_rng(3)
    points = np.array([shuffled(W, rng), shuffled(W + noise, rng), shuffled(W, rng)])
    assert largest_distance(points, form, tolerance=1e-5) == pytest.approx(3e-9, rel=1e-6)


def test_points_are_no_further_apart_than_they_were_moved():
    W = KNOWN_POINTS["k6-n6"].W
    form = canonical_form(W, tolerance=1e-5).weights
    rng = np.random.default_rng(4)
    points = np.array([shuffled(displaced(W, 1e-9, seed), rng) for seed in range(6)])
    assert 1e-10 < largest_distance(points, form, tolerance=1e-5) <= 2e-9
