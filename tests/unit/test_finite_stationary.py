"""Stationary points on finite data: exact numbers, what decides, plateaus, ends, random changes."""

import json
from fractions import Fraction
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from helpers_finite_points import PLATEAUS, data_of, groups_of, minima, plateau
from relu_landscape.finite_stationary import directional_stationarity
from relu_landscape.finite_stationary.exact_algebra import (
    dot,
    null_space,
    product as times,
    solution,
)
from relu_landscape.finite_stationary.exact_ends import exact_end
from relu_landscape.finite_stationary.finite_data import FiniteData, network
from relu_landscape.finite_stationary.finite_lines import point_line
from relu_landscape.finite_stationary.following import follow_descents, losses_of
from relu_landscape.finite_stationary.neuron_groups import Reading, grown_groups
from relu_landscape.finite_stationary.pattern_points import NoSuchPointError, point_of_groups
from relu_landscape.finite_stationary.random_walks import RandomChanges, perturb
from relu_landscape.finite_stationary.stationarity import decide, generators
from relu_landscape.finite_stationary.stays import stays_of
from relu_landscape.finite_stationary.surds import Surd, square_root
from relu_landscape.seeding import indexed_generator

READING = Reading(kink=0.005, share=0.05)
SETS = {
    "plane_one_output": (5, 2, 1),
    "space_one_output": (7, 3, 1),
    "plane_two_outputs": (4, 2, 2),
}
small = st.fractions(min_value=-5, max_value=5, max_denominator=7)


def floats(rows):
    return np.array(rows, dtype=np.float64)


@given(a=small, b=small, c=small, d=small, radicand=st.sampled_from([2, 5, 29]))
@settings(max_examples=40)
def test_surds_are_the_numbers_they_stand_for(a, b, c, d, radicand):
    x, y = Surd(a, b, radicand), Surd(c, d, radicand)
    u, v = (float(p) + float(q) * sqrt(radicand) for p, q in ((a, b), (c, d)))
    for found, expected in ((x + y, u + v), (x - y, u - v), (c - x, float(c) - u), (x * y, u * v)):
        assert float(found) == pytest.approx(expected, abs=1e-9)
    assert float(abs(x)) == pytest.approx(abs(u), abs=1e-9)
    if y:
        assert x / y * y == x
    if abs(u - v) > 1e-9:
        assert (x < y, x > y, x <= y, x >= y, x == y) == (u < v, u > v, u < v, u > v, False)
    assert x == Surd(a, b, radicand)
    assert (Surd(a, Fraction(0), radicand) == a) is True


@pytest.mark.parametrize(
    ("x", "root"),
    [
        (Fraction(9, 4), "3/2"),
        (Fraction(0), "0"),
        (Fraction(1856, 625), "0 + 8/25 sqrt(29)"),
        (Fraction(1, 2), "0 + 1/2 sqrt(2)"),
    ],
)
def test_roots_have_no_square_factor(x, root):
    assert str(square_root(x)) == root
    assert square_root(x) * square_root(x) == x


def test_roots_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="0 or more"):
        square_root(Fraction(-1))
    with pytest.raises(ValueError, match="do not combine"):
        Surd(Fraction(1), Fraction(1), 2) + Surd(Fraction(1), Fraction(1), 3)


@given(st.lists(st.lists(small, min_size=3, max_size=3), min_size=1, max_size=4), st.data())
@settings(max_examples=25)
def test_null_spaces_and_solutions(matrix, draw):
    basis = null_space(matrix, 3)
    assert len(basis) == 3 - np.linalg.matrix_rank(floats(matrix), tol=1e-9)
    assert all(dot(row, vector) == 0 for row in matrix for vector in basis)
    x = [[draw.draw(small)] for _ in range(3)]
    found = solution(matrix, times(matrix, x))
    assert times(matrix, found) == times(matrix, x)
    twice = [matrix[0], matrix[0]]
    assert solution(twice, [[Fraction(0)], [Fraction(1)]]) is None


def test_generators_of_cones():
    x, y = [Fraction(1), Fraction(0), Fraction(0)], [Fraction(1), Fraction(1), Fraction(0)]
    assert len(generators([], 2)) == 4
    assert len(generators([x], 3)) == 6
    # What both are orthogonal to, and a line in each of the two planes.
    assert len(generators([x, y], 3)) == 6
    assert [0, 0, 1] in generators([x, y], 3)


weights = st.lists(st.lists(st.integers(-2, 2), min_size=2, max_size=2), min_size=1, max_size=2)


@given(weights, weights, st.integers(1, 2), st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_derivatives_are_those_of_the_loss(W, inputs, outputs, seed):
    """Along random directions the loss changes as the decision says, to first order."""
    generator = np.random.default_rng(seed)
    H = generator.integers(-2, 3, size=(len(W), outputs)).tolist()
    y = generator.integers(-2, 3, size=(len(inputs), outputs)).tolist()
    found = directional_stationarity(W, H, inputs, y)
    data = FiniteData(*(tuple(tuple(map(Fraction, row)) for row in rows) for rows in (inputs, y)))
    base, t = losses_of(floats(W), floats(H), data), 1e-7
    assert float(found.loss) == pytest.approx(base)
    turns = [*product([-1, 0, 1], repeat=2), *generator.normal(size=(30, 2))]
    slopes = [
        (losses_of(floats(W) + t * np.eye(len(W))[[i]].T * u, floats(H), data) - base) / t
        for i in range(len(W))
        for u in map(floats, turns)
    ]
    for index in np.ndindex(len(W), outputs):
        for change in (-t, t):
            moved = floats(H)
            moved[index] += change
            slopes.append((losses_of(floats(W), moved, data) - base) / t)
    assert (min(slopes) >= -1e-4) == found.stationary


@given(st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_no_change_within_the_radius_of_a_minimum_lowers_its_loss(seed):
    generator = np.random.default_rng(seed)
    for point, data in minima():
        radius = float(decide(point, data).radius)
        W, H = floats(point.weights), floats(point.outputs)
        base = losses_of(W, H, data)
        moves = [radius * generator.choice([-1.0, 0.0, 1.0], size=x.shape) for x in (W, H)]
        assert losses_of(W + moves[0], H + moves[1], data) >= base - 1e-15


@pytest.mark.parametrize("loss", PLATEAUS)
def test_plateaus_are_saddles_of_exactly_this_loss(loss):
    point, data = plateau(loss)
    found = decide(point, data)
    assert str(found.loss) == loss
    assert found.stationary
    assert found.local_minimum is False
    assert found.radius is None
    # The neuron that is zero is an escape neuron: a little of it lowers the loss.
    escape = next(x for x in found.escapes if x.neuron == len(point.weights) - 1)
    W, H = floats(point.weights), floats(point.outputs)
    W[-1], H[-1] = 1e-3 * floats(escape.direction), -1e-3 * floats(escape.derivative)
    assert losses_of(W, H, data) < float(found.loss)


def test_without_the_neuron_that_is_zero_the_last_is_a_minimum():
    for (point, data), loss in zip(
        minima(), (Fraction(16139, 578750), Fraction(17, 200)), strict=True
    ):
        found = decide(point, data)
        assert found.loss == loss
        assert found.local_minimum
        assert found.radius > 0


def test_a_radius_however_small_is_written():
    """One sample that a small neuron fits: no change of it crosses the hyperplane."""
    small = Fraction(1, 3 * 2**60)
    point = network([[small, Fraction(0)]], [[Fraction(1)]])
    data = FiniteData(((Fraction(1), Fraction(0)),), ((small,),))
    found = decide(point, data)
    assert found.radius == small
    line = point_line(point, data, found)
    assert line is not None
    written = Fraction(json.loads(line)["radius"])
    assert (1 - 2.0**-40) * small <= written <= small


def test_an_escape_neuron_whose_outputs_are_not_zero_decides_nothing():
    point, data = plateau("213/800 - 1/50 sqrt(29)")
    found = decide(network(point.weights[:1], point.outputs[:1]), data)
    assert found.stationary
    assert [escape.neuron for escape in found.escapes] == [0]
    assert found.local_minimum is None


def test_groups_without_a_point_are_told():
    groups = groups_of({"+++++": [[0.5, 0.1]]})
    with pytest.raises(NoSuchPointError, match="another pattern than its neurons"):
        point_of_groups(groups, data_of("plane_one_output"))
    (point, data), _ = minima()
    W, H = floats(point.weights), floats(point.outputs)
    with pytest.raises(NoSuchPointError, match="held at zero"):
        exact_end(W, H, data, Reading(kink=0.9, share=0.05))


def test_groups_with_two_outputs_that_meet_one_sample_have_no_known_point():
    groups = groups_of({"++--": [[0.1, 0.1]] * 2, "++-0": [[0.1, 0.1]] * 2})
    with pytest.raises(NoSuchPointError, match="same sample"):
        point_of_groups(groups, data_of("plane_two_outputs"))


@pytest.mark.parametrize(("name", "shape"), SETS.items())
def test_published_samples_are_decimals(name, shape):
    data = data_of(name)
    assert (len(data.inputs), len(data.inputs[0]), len(data.targets[0])) == shape
    assert all(100 % x.denominator == 0 for row in (*data.inputs, *data.targets) for x in row)
    with pytest.raises(ValueError, match="no data set 'plane'"):
        data_of("plane")


def test_descent_ends_at_the_minimum_whatever_the_start():
    """The whole way on five points: stays next to saddles, and the exact end."""
    data = data_of("plane_one_output")
    starts = 50.0**-3 * np.array(
        [indexed_generator(1, run).normal(size=(20, 3)) for run in range(2)]
    )
    W, H = starts[..., :2], starts[..., 2:]
    followed = follow_descents(W, H, data, 0.05, 9000, 300)
    assert np.array_equal(followed.weights[0], W)
    last = losses_of(followed.weights[-1], followed.outputs[-1], data)
    assert followed.losses[-1] == pytest.approx(last)
    for run in range(2):
        stays = list(stays_of(followed, run, data, READING, 0.01))
        losses = [str(decide(point_of_groups(stay.groups, data), data).loss) for stay in stays]
        assert losses == ["953/25000", "50749/1681250", "16139/578750"]
        end = exact_end(followed.weights[-1, run], followed.outputs[-1, run], data, READING)
        found = decide(end, data)
        assert found.loss == Fraction(16139, 578750)
        assert found.local_minimum
        assert len(end.weights) == 20


def test_a_step_is_one_of_gradient_descent():
    data = data_of("plane_two_outputs")
    generator = np.random.default_rng(3)
    W, H = generator.normal(size=(1, 4, 2)), generator.normal(size=(1, 4, 2))
    eta, t = 1e-3, 1e-6
    after = follow_descents(W, H, data, eta, 1, 1)
    for place, before, then in ((0, W, after.weights[1]), (1, H, after.outputs[1])):
        for index in np.ndindex(before.shape):
            shift = np.zeros_like(before)
            shift[index] = t
            sides = [
                losses_of(*((W + s, H) if place == 0 else (W, H + s)), data)[0]
                for s in (shift, -shift)
            ]
            slope = (sides[0] - sides[1]) / (2 * t)
            assert (before - then)[index] == pytest.approx(eta * slope, abs=1e-9)


def test_groups_that_are_small_or_dead_do_not_count():
    data = data_of("plane_one_output")
    W = floats([[-1, 0.7], [-2, 1.401], [0, 1], [0.001, 0.001], [0, -1]])
    H = floats([[0.1], [0.2], [-0.3], [0.001], [5]])
    groups = grown_groups(W, H, data, READING)
    assert [group.members for group in groups] == [(0, 1), (2,)]
    assert [group.pattern for group in groups] == [(1, 1, 1, 1, 0), (1, 1, 1, 1, 1)]
    assert groups[0].matrix == pytest.approx(floats([[-0.5, 0.3502]]))


def test_a_walk_adds_its_changes_up_and_independent_ones_stay_near():
    data = data_of("plane_one_output")
    (point, _), _ = minima()
    W, H = floats(point.weights), floats(point.outputs)
    walk, near = (
        perturb(W, H, data, RandomChanges(way, 1e-4, 1200), indexed_generator(5, 0))
        for way in ("walk", "independent")
    )
    assert near.farthest <= 1e-4 < 10 * 1e-4 < walk.farthest
    assert 0 < near.smallest < walk.smallest
    assert near.lower == 0
    # By hand: each change after the ones before it.
    generator = indexed_generator(5, 0)
    moved = np.concatenate([W, H], axis=1)
    losses = []
    for _ in range(3):
        moved = moved + generator.uniform(-1e-4, 1e-4, size=moved.shape)
        losses.append(losses_of(moved[:, :2], moved[:, 2:], data) - losses_of(W, H, data))
    few = perturb(W, H, data, RandomChanges("walk", 1e-4, 3), indexed_generator(5, 0))
    assert (few.smallest, few.largest) == pytest.approx((min(losses), max(losses)), rel=1e-9)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"W": [1, 2]}, "W has shape"),
        ({"H": [[1]]}, "H has shape"),
        ({"x": [[1]]}, "x has shape"),
        ({"y": [[1], [1]]}, "y has shape"),
        ({"y": [[1, 1]]}, "y has shape"),
        ({"W": [[float("nan"), 1]] * 2}, "not finite"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(change, message):
    right = {"W": [[1, 0], [0, 1]], "H": [[1], [1]], "x": [[1, 1]], "y": [[1]]}
    directional_stationarity(**right)
    with pytest.raises(ValueError, match=message):
        directional_stationarity(**right | change)
