"""Basins: proposals, and that the checker proves them and nothing that is wrong with them."""

import json
from functools import cache

import numpy as np
import pytest
from flint import arb

from helpers_certificates import family_point
from relu_landscape.certificates import Refused, check, check_line
from relu_landscape.certificates.basin_lines import blocks_of, certify_basins
from relu_landscape.certificates.lipschitz import hessian_lipschitz
from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.precision import box
from relu_landscape.families.known_basins import basin_arrays, propose_basins
from relu_landscape.objective import population_gradient, population_hessian
from relu_landscape.search import PROTOCOLS, Basins, descend

SIZES = [6, 8, 12]


@cache
def basins_of(k):
    return propose_basins(k, k)


@cache
def lines_of(k):
    return certify_basins(Basins(**basin_arrays(basins_of(k)))).lines


@cache
def centers():
    return {f"{basin.name} {k}": basin.center for k in SIZES for basin in basins_of(k)}


def constant_of(center, radius):
    """The checker's Lipschitz constant on a ball around a centre."""
    blocks = blocks_of(center)
    lasts = np.cumsum(blocks) - 1
    firsts = lasts - blocks + 1
    own = [arb(float(center[i, i])) for i in firsts]
    rest = [[arb(float(center[i, j])) if i != j else arb(0) for j in lasts] for i in firsts]
    return float(check.hessian_lipschitz(blocks, (own, rest), arb(radius)))


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
    assert [basin.name for basin in propose_basins(8, 0)] == ["global"]


@pytest.mark.slow
def test_what_is_between_two_families_has_a_basin():
    assert "II_6 to I_13" in [basin.name for basin in propose_basins(20, 6)]


@pytest.mark.slow
def test_neurons_stand_by_their_own_entries():
    for center in centers().values():
        own = np.abs(np.diag(center))
        assert (own[:-1] >= own[1:]).all()


@pytest.mark.slow
@pytest.mark.parametrize("k", SIZES)
def test_local_constant_is_between_the_measured_and_the_coarse_one(k):
    for basin in basins_of(k)[:3]:
        constant = constant_of(basin.center, 0.0)
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
    constant = constant_of(W, radius)
    for seed in range(5):
        first = W + radius * unit_matrix(len(W), seed)
        second = W + radius * unit_matrix(len(W), seed + 100)
        change = population_hessian(first, teacher) - population_hessian(second, teacher)
        assert np.linalg.norm(change, 2) <= constant * np.linalg.norm(first - second)


def test_the_proposed_constant_is_no_smaller_than_the_proved_one():
    for k in SIZES:
        for basin in basins_of(k):
            assert constant_of(basin.center, basin.radius) < basin.lipschitz


@pytest.mark.parametrize("k", [2, 3, *SIZES])
def test_the_checker_proves_what_a_search_is_given(k):
    assert len(lines_of(k)) == len(basins_of(k))
    for basin, line in zip(basins_of(k), lines_of(k), strict=True):
        assert f"basin n=k={k} blocks={blocks_of(basin.center)}" in check_line(line)


@pytest.mark.slow
@pytest.mark.parametrize(("k", "largest_q"), [(24, 8), (30, 3)])
def test_it_does_at_larger_sizes(k, largest_q):
    basins = propose_basins(k, largest_q)
    for line in certify_basins(Basins(**basin_arrays(basins))).lines:
        check_line(line)


def test_a_certificate_states_the_stored_numbers_bit_for_bit():
    for basin, line in zip(basins_of(8), lines_of(8), strict=True):
        fields = json.loads(line)
        of = np.repeat(np.arange(len(fields["blocks"])), fields["blocks"])
        rest = np.array([[float.fromhex(x) for x in row] for row in fields["rest"]])
        center = rest[np.ix_(of, of)]
        np.fill_diagonal(center, np.array([float.fromhex(x) for x in fields["own"]])[of])
        assert center.tobytes() == basin.center.tobytes()
        for name in ("radius", "step_bound", "gradient_bound"):
            assert float.fromhex(fields[name]) == getattr(basin, name)


def test_too_large_a_basin_is_refused():
    curvature, location = "an eigenvalue in the basin is not shown", "location_radius is too small"
    for line in lines_of(8):
        fields = json.loads(line)
        number = {name: float.fromhex(fields[name]) for name in ("radius", "step_bound")}
        moved = [*fields["own"][:-1], float(float.fromhex(fields["own"][-1]) + 1e-7).hex()]
        for reason, change in (
            (curvature, {"radius": float(1.1 * number["radius"]).hex()}),
            ("step_bound is too large", {"step_bound": float(1.1 * number["step_bound"]).hex()}),
            (location, {"own": moved}),
            (curvature, {"hessian_lower": str(1.1 * float(fields["hessian_lower"]))}),
            (curvature, {"hessian_upper": str(float(fields["hessian_upper"]) - 1e-7)}),
            ("gradient_bound is too small", {"gradient_bound": "1e-3"}),
        ):
            with pytest.raises(Refused, match=reason):
                check_line(json.dumps(fields | change))


def test_what_is_no_minimum_has_no_basin():
    saddle, _ = family_point(5)  # II_1 is a saddle at k = 5
    small = {"radii": [1e-4], "step_bounds": [0.5], "gradient_bounds": [1.0]}
    (line,) = certify_basins(Basins(np.array([saddle]), *map(np.array, small.values()))).lines
    with pytest.raises(Refused, match="radius and hessian_lower must be positive"):
        check_line(line)


@pytest.mark.parametrize("k", SIZES)
def test_bounds_of_curvature_and_gradient_hold_in_the_basin(k):
    teacher = np.eye(k)
    for basin in basins_of(k):
        assert np.linalg.norm(population_gradient(basin.center, teacher)) < 1e-14
        for seed in range(4):
            point = basin.center + basin.radius * unit_matrix(k, seed)
            spectrum = np.linalg.eigvalsh(population_hessian(point, teacher))
            assert 0 < basin.curvature - basin.lipschitz * basin.radius <= spectrum[0]
            assert spectrum[-1] * basin.step_bound <= 2
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


def test_searches_are_given_the_numbers_that_they_always_were():
    # Where runs end hangs on them: with others, stored restarts are not those of this program.
    given = {
        "radii": (0.03726, 0.006832, 0.002651, 0.0006055, 0.003851, 0.002391, 0.003803, 0.005016),
        "step_bounds": (0.6525, 0.6995, 0.7082, 0.7104, 0.716, 0.7119, 0.714, 0.716),
        "gradient_bounds": (0.1143, 0.01954, 0.007489, 0.001705, 0.01076, 0.006717, 0.01066),
    }
    arrays = basin_arrays(basins_of(9))
    for name, numbers in given.items():
        towards = np.inf if name == "gradient_bounds" else -np.inf
        expected = np.nextafter(numbers, towards)
        np.testing.assert_array_equal(arrays[name][: len(numbers)], expected)
