"""A neuron that grows from zero: the loss there is a quadratic polynomial, known exactly."""

import numpy as np
import pytest

from helpers_minima import KNOWN_POINTS
from relu_landscape import global_minimum
from relu_landscape.minima import CriticalPointKind, inner_hessian
from relu_landscape.minima.zero_half import slope_from_zero, zero_half_slope
from relu_landscape.objective import population_loss

SPURIOUS = [
    name for name, point in KNOWN_POINTS.items() if point.kind is CriticalPointKind.SPURIOUS_MINIMUM
]


@pytest.mark.parametrize("size", [1e-6, 0.3, 20.0])
def test_a_neuron_that_grows_from_zero_adds_a_quadratic_polynomial(size):
    W, V = np.random.default_rng(1).normal(size=(2, 4, 5))
    z = np.random.default_rng(2).normal(size=5)
    norm = np.linalg.norm(z)
    added = population_loss(np.vstack([W, size * z]), V) - population_loss(W, V)
    expected = size * norm * slope_from_zero(W, V, z) + (size * norm) ** 2 / 4
    assert added == pytest.approx(expected, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize("name", SPURIOUS)
def test_the_loss_falls_beside_every_neuron_of_a_spurious_minimum(name):
    W, V = KNOWN_POINTS[name].W, KNOWN_POINTS[name].V
    for i in range(len(W)):
        inner = np.linalg.eigvalsh(inner_hessian(W, V, i))[0]
        found = zero_half_slope(W, V, i, 0.01)
        assert found.slope < -found.error
        # z is unit but for 1e-4 / 2, and the terms of third order are one part in a hundred.
        assert found.slope == pytest.approx(0.5e-4 * inner * np.linalg.norm(W[i]), rel=0.05)


def test_the_zero_half_can_lower_the_loss_by_as_much_as_the_slope_says():
    W, V = KNOWN_POINTS["k6-n6"].W, np.eye(6)
    inner = inner_hessian(W, V, 0)
    direction = np.linalg.eigh(inner)[1][:, 0]
    unit = W[0] / np.linalg.norm(W[0])
    slopes = {sign: slope_from_zero(W, V, unit + sign * 0.1 * direction) for sign in (1, -1)}
    sign = min(slopes, key=slopes.get)
    z = unit + sign * 0.1 * direction
    grown = -2 * slopes[sign] * z / np.linalg.norm(z)
    assert population_loss(np.vstack([W, grown]), V) == pytest.approx(
        population_loss(W, V) - slopes[sign] ** 2, abs=1e-14
    )


def test_nothing_falls_beside_a_global_minimum():
    found = zero_half_slope(global_minimum(4, 4), np.eye(4), 1, 0.01)
    assert abs(found.slope) <= found.error < 1e-12


def test_a_point_that_is_not_critical_has_an_error():
    W = KNOWN_POINTS["k6-n6"].W + 1e-4
    assert zero_half_slope(W, np.eye(6), 0, 0.01).error > 1e-5
