"""Runs that end in a basin: where they end, and that nothing else changes."""

from functools import cache

import numpy as np
import pytest

from relu_landscape.families.known_basins import basin_arrays, propose_basins
from relu_landscape.minima.classes import classify_minima
from relu_landscape.search import PROTOCOLS, Basins, StopReason, descend, descent, find_minima
from relu_landscape.search.basin_kernel import CHECK_EVERY
from relu_landscape.search.basins import no_basins

FIELDS = ("weights", "losses", "gradient_norms", "iterations", "halvings", "stop_reasons")
S18 = PROTOCOLS["safran2018"]


@pytest.fixture(scope="module", params=["in lanes", "alone"], autouse=True)
def design(request):
    """Either kernel at any size; without it small sizes never meet the one of k >= 48."""
    with pytest.MonkeyPatch.context() as patch:
        if request.param == "alone":
            patch.setattr(descent, "ALONE_FROM", 1)
        yield


@cache
def proved(k, q):
    """Once for both designs."""
    return propose_basins(k, q)


@pytest.fixture(scope="module")
def basins():
    return Basins(**basin_arrays(proved(9, 9)))


@pytest.fixture(scope="module")
def both(basins, design):  # noqa: ARG001 - made anew for each design
    return find_minima(9, 9, 96, seed=3, basins=basins), find_minima(9, 9, 96, seed=3)


def test_runs_end_at_the_minimum_that_they_reach_without_basins(both):
    early, full = both
    ended = early.stop_reasons == StopReason.KNOWN_MINIMUM
    assert ended.mean() > 0.9
    distances = np.linalg.norm((early.weights - full.weights).reshape(96, -1), axis=1)
    assert distances.max() < 1e-7
    assert (early.gradient_norms[ended] < 1e-14).all()
    labels = classify_minima(np.concatenate([early.weights, full.weights]), tolerance=1e-5).labels
    np.testing.assert_array_equal(labels[:96], labels[96:])
    assert len(set(labels)) >= 2


def test_steps_are_saved_and_checks_come_at_their_interval(both):
    early, full = both
    ended = early.stop_reasons == StopReason.KNOWN_MINIMUM
    assert early.iterations.sum() < 0.7 * full.iterations.sum()
    assert (early.iterations[ended] % CHECK_EVERY == 0).all()


@pytest.mark.slow
def test_no_basin_changes_no_bit(both):
    _, full = both
    none = find_minima(9, 9, 96, seed=3, basins=no_basins(9, 9))
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(none, name), getattr(full, name))


@pytest.mark.slow
def test_other_runs_keep_their_bits(basins, both):
    _, full = both
    spurious = Basins(*(field[1:] for field in basins))
    early = find_minima(9, 9, 96, seed=3, basins=spurious)
    others = early.stop_reasons != StopReason.KNOWN_MINIMUM
    assert 0 < others.sum() < 96
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(early, name)[others], getattr(full, name)[others])


def test_any_arrangement_is_found_and_kept(basins):
    rng = np.random.default_rng(4)
    starts = np.array(
        [center[rng.permutation(9)][:, rng.permutation(9)] for center in basins.centers[:3]]
    )
    record = descend(starts + 1e-5, S18, basins=basins)
    assert set(record.stop_reasons) == {StopReason.KNOWN_MINIMUM}
    assert (record.iterations == 0).all()
    np.testing.assert_array_equal(record.weights, starts)


@pytest.mark.slow
@pytest.mark.parametrize("q", [10, 11])
def test_a_neuron_on_its_way_keeps_the_coordinate_that_is_left(q):
    name = f"II_{q} to I_{29 - q}"
    basin = next(basin for basin in proved(30, 11) if basin.name == name)
    rng = np.random.default_rng(q)
    arranged = basin.center[rng.permutation(30)][:, rng.permutation(30)]
    record = descend(
        arranged[None] + 1e-8, S18, basins=Basins(**basin_arrays([basin])), iteration_budget=1
    )
    assert record.stop_reasons.tolist() == [StopReason.KNOWN_MINIMUM]
    np.testing.assert_array_equal(record.weights[0], arranged)


def test_the_radius_decides(basins):
    one = Basins(*(field[1:2] for field in basins))
    direction = np.random.default_rng(5).normal(size=(9, 9))
    direction *= one.radii[0] / np.linalg.norm(direction)
    starts = one.centers[0] + np.array([0.999, 1.001])[:, None, None] * direction
    record = descend(starts, S18, basins=one, iteration_budget=1)
    assert list(record.stop_reasons) == [StopReason.KNOWN_MINIMUM, StopReason.ITERATION_BUDGET]


def test_a_step_that_may_leave_the_ball_never_ends_a_run(basins):
    short = basins._replace(step_bounds=np.full_like(basins.step_bounds, S18.step))
    record = descend(basins.centers + 1e-6, S18, basins=short)
    assert StopReason.KNOWN_MINIMUM not in record.stop_reasons


def test_two_neurons_with_the_same_coordinate_are_in_no_basin(basins):
    start = basins.centers[0].copy()
    start[0] = start[1] + 1e-3
    record = descend(start[None], S18, basins=basins, iteration_budget=1)
    assert record.stop_reasons.tolist() == [StopReason.ITERATION_BUDGET]


def test_basins_of_another_size_or_of_no_size_are_refused(basins):
    with pytest.raises(ValueError, match="shapes"):
        find_minima(8, 8, 2, seed=0, basins=basins)
    for field in ("centers", "radii", "step_bounds", "gradient_bounds"):
        for wrong in (np.nan, np.inf) if field == "centers" else (np.nan, np.inf, 0.0, -1e-3):
            values = getattr(basins, field).copy()
            values[2] = wrong
            with pytest.raises(ValueError, match=r"basins\.|basin 2 has"):
                find_minima(9, 9, 1, seed=0, basins=basins._replace(**{field: values}))
    with pytest.raises(ValueError, match="n = k"):
        descend(np.ones((1, 2, 3)), S18, basins=no_basins(2, 3)._replace(
            centers=np.ones((1, 2, 3)), radii=np.ones(1), step_bounds=np.ones(1),
            gradient_bounds=np.ones(1),
        ))  # fmt: skip
