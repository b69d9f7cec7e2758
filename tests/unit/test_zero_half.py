"""A neuron that grows from zero: the loss there is a quadratic polynomial, known exactly."""

import numpy as np
import pytest

from helpers_certificates import signed_minimum
from helpers_minima import KNOWN_POINTS
from relu_landscape import global_minimum
from relu_landscape.leaky import leaky_critical_point
from relu_landscape.minima import CriticalPointKind, inner_hessian
from relu_landscape.minima.zero_half import slope_from_zero, zero_half_slope
from relu_landscape.objective import leaky_relu, population_loss
from relu_landscape.objective.population import checked_problem

SPURIOUS = [
    name for name, point in KNOWN_POINTS.items() if point.kind is CriticalPointKind.SPURIOUS_MINIMUM
]


@pytest.mark.parametrize("size", [1e-6, 0.3, 20.0])
@pytest.mark.parametrize(("slope", "output"), [(0.0, 1), (0.0, -1), (0.5, -1), (-1.0, 1)])
def test_a_neuron_that_grows_from_zero_adds_a_quadratic_polynomial(size, slope, output):
    W, V = np.random.default_rng(1).normal(size=(2, 4, 5))
    z = np.random.default_rng(2).normal(size=5)
    outputs, kernel = np.array([1, -1, 1, 1]), leaky_relu(slope)
    problem = checked_problem(W, V, outputs, kernel)
    norm = np.linalg.norm(z)
    grown, signs = np.vstack([W, size * z]), np.append(outputs, output)
    added = population_loss(grown, V, outputs=signs, kernel=kernel)
    added -= population_loss(W, V, outputs=outputs, kernel=kernel)
    expected = size * norm * slope_from_zero(problem, z, output)
    expected += (size * norm) ** 2 * (1 + slope**2) / 4
    assert added == pytest.approx(expected, rel=1e-9, abs=1e-13)


def test_the_loss_falls_beside_a_minimum_of_another_network():
    minimum, outputs = signed_minimum(), np.array(signed_minimum().outputs)
    for W, V, further in (
        (minimum.W, minimum.V, {"outputs": outputs}),
        (leaky_critical_point("II", 8, 0.5, m=1).weights(), np.eye(8), {"kernel": leaky_relu(0.5)}),
    ):
        for i in range(len(W)):
            inner = np.linalg.eigvalsh(inner_hessian(W, V, i, **further))[0]
            found = zero_half_slope(W, V, i, 1e-3, **further)
            assert found.slope < -found.error
            assert found.slope == pytest.approx(0.5e-6 * inner * np.linalg.norm(W[i]), rel=0.05)


def test_other_activations_have_no_such_slope():
    for kernel in ("erf", "relu_squared"):
        with pytest.raises(ValueError, match="grows from zero at a constant slope with 'relu'"):
            zero_half_slope(np.eye(3), np.eye(3), 0, 0.01, kernel=kernel)


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
    problem = checked_problem(W, V, None, "relu")
    slopes = {sign: slope_from_zero(problem, unit + sign * 0.1 * direction) for sign in (1, -1)}
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
