"""Basins: the local Lipschitz constant, and what is claimed of the balls it gives."""

from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from flint import arb

from relu_landscape.certificates.basins import _basin, _known_minima, basin_arrays, prove_basins
from relu_landscape.certificates.lipschitz import hessian_lipschitz
from relu_landscape.certificates.local_lipschitz import (
    local_lipschitz,
    radius_of_change,
    survey,
)
from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.precision import box, precision
from relu_landscape.certificates.symmetric_minimum import SYMMETRIC_BITS
from relu_landscape.objective import population_gradient, population_hessian
from relu_landscape.search import PROTOCOLS, Basins, descend

SIZES = [6, 8, 12]


@cache
def basins_of(k):
    return prove_basins(k, k)


@cache
def centers():
    return {f"{basin.name} {k}": basin.center for k in SIZES for basin in basins_of(k)}


@pytest.mark.parametrize("vague", [{"location": 1e-3}, {"location": 1e-3, "lower": 1e-3}])
def test_a_minimum_located_too_coarsely_has_no_basin(vague):
    with precision(SYMMETRIC_BITS):
        known = next(_known_minima(3, 0))
        assert _basin(known) is not None
        coarse = replace(known, **{name: arb(value) for name, value in vague.items()})
        assert _basin(coarse) is None


def around(center):
    return survey(center, range(len(center)))


def unit_matrix(k, seed):
    direction = np.random.default_rng(seed).normal(size=(k, k))
    return direction / np.linalg.norm(direction)


def hessian_change(W, U, step):
    """H(W + step U) - H(W - step U)."""
    teacher = np.eye(len(W))
    return population_hessian(W + step * U, teacher) - population_hessian(W - step * U, teacher)


def largest_change_of_hessian(W, step):
    """Spectral norm of that change per distance, in the worst of directions found by ascent."""
    found = 0.0
    for seed in range(3):
        U = unit_matrix(len(W), seed)
        for _ in range(15):
            change = hessian_change(W, U, step) / (2 * step)
            found = max(found, float(np.linalg.norm(change, 2)))
            values, vectors = np.linalg.eigh(change)
            U = vectors[:, np.argmax(np.abs(values))].reshape(W.shape)
    return found


@pytest.mark.slow
def test_the_global_minimum_and_the_families_have_basins():
    names = [basin.name for basin in basins_of(12)]
    assert names[:4] == ["global", "II_1", "II_2", "II_3"]
    assert names[-3:] == ["I_2", "I_1", "A"]
    assert [basin.name for basin in prove_basins(8, 0)] == ["global"]


@pytest.mark.slow
def test_what_is_between_two_families_has_a_basin():
    assert "II_6 to I_13" in [basin.name for basin in prove_basins(20, 6)]


@pytest.mark.slow
def test_neurons_stand_by_their_own_entries():
    for center in centers().values():
        own = np.abs(np.diag(center))
        assert (own[:-1] >= own[1:]).all()


@pytest.mark.slow
@pytest.mark.parametrize("k", SIZES)
def test_local_constant_is_between_the_measured_and_the_coarse_one(k):
    for basin in basins_of(k)[:3]:
        constant = float(local_lipschitz(around(basin.center), arb(0)))
        norms = BallNetwork(box(basin.center), box(np.eye(k)), 96).norms()
        coarse = float(hessian_lipschitz(norms, [arb(1)] * k, arb(0)))
        measured = largest_change_of_hessian(basin.center, 1e-5)
        assert measured <= constant < coarse
        assert constant < 8 * measured


@pytest.mark.parametrize("radius", [1e-3, 1e-2, 5e-2])
@pytest.mark.parametrize("name", ["global 6", "II_1 8", "II_2 12"])
def test_local_constant_holds_between_points_of_the_ball(name, radius):
    W = centers()[name]
    teacher = np.eye(len(W))
    constant = float(local_lipschitz(around(W), arb(radius)))
    for seed in range(5):
        first = W + radius * unit_matrix(len(W), seed)
        second = W + radius * unit_matrix(len(W), seed + 100)
        change = population_hessian(first, teacher) - population_hessian(second, teacher)
        assert np.linalg.norm(change, 2) <= constant * np.linalg.norm(first - second)


def test_local_constant_grows_with_the_radius_and_ends():
    surroundings = around(centers()["II_1 8"])
    constants = [local_lipschitz(surroundings, arb(r)) for r in (0, 1e-3, 1e-2, 1e-1)]
    assert all(x < y for x, y in pairwise(constants))
    assert not local_lipschitz(surroundings, arb(0.9)).is_finite()
    radius = radius_of_change(surroundings, arb(0.01))
    assert local_lipschitz(surroundings, arb(radius)) * arb(radius) < 0.01
    assert not local_lipschitz(surroundings, arb(1.01 * radius)) * arb(1.01 * radius) < 0.01


def test_symmetric_neurons_need_be_surveyed_once():
    center = centers()["II_2 12"]
    few, all_ = survey(center, [0, 10]), around(center)
    for field in ("cosines", "teacher_cosines", "largest_cosine", "inner"):
        assert float(getattr(few, field)) == pytest.approx(float(getattr(all_, field)), rel=1e-12)


@pytest.mark.parametrize("k", SIZES)
def test_bounds_of_curvature_and_gradient_hold_in_the_basin(k):
    teacher = np.eye(k)
    for basin in basins_of(k):
        assert np.linalg.norm(population_gradient(basin.center, teacher)) < 1e-14
        for seed in range(4):
            point = basin.center + basin.radius * unit_matrix(k, seed)
            spectrum = np.linalg.eigvalsh(population_hessian(point, teacher))
            assert 0 < basin.curvature_lower <= spectrum[0]
            assert spectrum[-1] <= basin.curvature_upper
            # Rounded down to four digits.
            assert 2 * (1 - 1e-3) <= basin.step_bound * basin.curvature_upper <= 2
            assert np.linalg.norm(population_gradient(point, teacher)) <= basin.gradient_bound


@pytest.mark.parametrize("protocol", ["safran2018", "safran2021"])
def test_descent_from_the_sphere_leads_to_the_center_and_never_away(protocol):
    for k in (8, 12):
        for basin in basins_of(k):
            starts = np.array(
                [basin.center + basin.radius * unit_matrix(k, seed) for seed in range(8)]
            )
            assert PROTOCOLS[protocol].step_for(k) < basin.step_bound
            distance = np.full(8, basin.radius)
            points = starts
            for _ in range(10):
                points = descend(points, PROTOCOLS[protocol], iteration_budget=5).weights
                new = np.linalg.norm((points - basin.center).reshape(8, -1), axis=1)
                assert (new < distance).all()
                distance = new


def test_arrays_are_those_of_a_search():
    basins = Basins(**basin_arrays(basins_of(6)))
    assert basins.centers.shape == (len(basins_of(6)), 6, 6)
    assert (basins.radii > 0).all()
