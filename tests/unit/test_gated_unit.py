"""The end of a channel: two neurons of opposite outputs at infinity."""

import numpy as np
import pytest

from helpers_certificates import family_point
from relu_landscape.minima import signed_split
from relu_landscape.objective import (
    best_linear_part,
    fall_from_gated_unit,
    gated_unit_loss,
    pair_near_gated_unit,
    population_loss,
)

RNG = np.random.default_rng(4)
W, V = RNG.normal(size=(3, 4)), RNG.normal(size=(2, 4))
SIGNS = np.array([1.0, -1.0, 1.0])
GATE, LINEAR = RNG.normal(size=4), RNG.normal(size=4)


def loss_of_pair(gamma, linear=LINEAR):
    students = np.vstack([W, pair_near_gated_unit(GATE, linear, gamma)])
    return population_loss(students, V, outputs=[*SIGNS, 1, -1])


def test_the_loss_is_that_of_the_unit():
    x = RNG.normal(size=(200_000, 4))
    unit = (x @ LINEAR) * (x @ GATE > 0)
    residual = np.maximum(x @ W.T, 0) @ SIGNS + unit - np.maximum(x @ V.T, 0).sum(axis=1)
    samples = residual**2 / 2
    error = samples.std() / np.sqrt(len(x))
    found = gated_unit_loss(W, V, GATE, LINEAR, outputs=SIGNS)
    assert abs(samples.mean() - found) < 4 * error
    assert error < 0.01 * found


@pytest.mark.parametrize("gamma", [1e2, 1e4])
def test_the_loss_falls_from_the_end_at_the_rate_derived(gamma):
    end = gated_unit_loss(W, V, GATE, LINEAR, outputs=SIGNS)
    rate = fall_from_gated_unit(GATE, LINEAR)
    assert rate > 0.05
    assert gamma * (end - loss_of_pair(gamma)) == pytest.approx(rate, rel=2 / gamma**0.9)


def test_along_the_gate_the_pair_is_a_signed_split():
    end = gated_unit_loss(W, V, GATE, 1.5 * GATE, outputs=SIGNS)
    assert fall_from_gated_unit(GATE, 1.5 * GATE) == pytest.approx(0, abs=1e-40)
    for gamma in (2.0, 20.0):
        assert loss_of_pair(gamma, 1.5 * GATE) == pytest.approx(end, rel=1e-12)


def test_the_best_linear_part_leaves_the_smallest_loss():
    best = best_linear_part(W, V, 3 * GATE, outputs=SIGNS)
    smallest = gated_unit_loss(W, V, GATE, best, outputs=SIGNS)
    without = population_loss(W, V, outputs=SIGNS)
    assert smallest == pytest.approx(without - best @ best / 4, rel=1e-13)
    for _ in range(5):
        move = RNG.normal(size=4)
        moved = gated_unit_loss(W, V, GATE, best + move, outputs=SIGNS)
        assert moved == pytest.approx(smallest + move @ move / 4, rel=1e-12)


def test_at_a_minimum_the_best_unit_in_the_place_of_a_neuron_is_the_neuron():
    point, teachers = family_point(7)
    for i in (0, 6):
        others = np.delete(point, i, axis=0)
        np.testing.assert_allclose(
            best_linear_part(others, teachers, point[i]), point[i], rtol=0, atol=1e-13
        )
        split, outputs = signed_split(point, i, 50.0)
        assert gated_unit_loss(others, teachers, point[i], point[i]) == pytest.approx(
            population_loss(split, teachers, outputs=outputs), rel=1e-11
        )


def test_what_is_no_unit_is_an_error():
    with pytest.raises(ValueError, match="gate is zero"):
        best_linear_part(W, V, np.zeros(4))
    with pytest.raises(ValueError, match=r"gate has shape \(3,\); .* that of a row of W"):
        best_linear_part(W, V, np.ones(3))
    with pytest.raises(ValueError, match=r"gate has shape \(2, 4\); it must be one vector"):
        fall_from_gated_unit(W[:2], LINEAR)
    with pytest.raises(ValueError, match=r"linear has shape \(3,\)"):
        gated_unit_loss(W, V, GATE, np.ones(3))
    with pytest.raises(ValueError, match="gamma = -1"):
        pair_near_gated_unit(GATE, LINEAR, -1.0)
