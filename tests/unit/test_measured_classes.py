"""The catalogue of a size, and what descent stopped by its budget adds to it."""

import numpy as np
import pytest

from relu_landscape.global_minima import projection
from relu_landscape.minima.curvature import CriticalPointKind, measure_curvature
from relu_landscape.minima.measured_classes import finish_by_newton, measure_classes
from relu_landscape.search import find_minima


@pytest.fixture(scope="module")
def runs():
    return find_minima(8, 8, 60, seed=3)


def test_classes_are_numbered_by_loss_and_measured(runs):
    catalogue = measure_classes(runs.weights, tolerance=1e-5, largest_whole_k=8)
    losses = [row["loss"] for row in catalogue.classes]
    assert losses == sorted(losses)
    assert catalogue.classes[0]["is_global"]
    assert not catalogue.classes[1]["is_global"]
    assert catalogue.classes[1]["loss"] == pytest.approx(0.021508, abs=5e-7)
    assert catalogue.classes[1]["coordinate_orbits"] == "1+7"
    assert sum(row["runs"] for row in catalogue.classes) == 60
    for label, loss in zip(catalogue.labels, runs.losses, strict=True):
        assert catalogue.classes[label]["loss"] == pytest.approx(loss, abs=1e-10)


def test_class_and_curvature_agree_on_what_is_global(runs, monkeypatch):
    monkeypatch.setattr(projection, "GLOBAL_DISTANCE", 3.0)
    catalogue = measure_classes(runs.weights, tolerance=1e-5, largest_whole_k=8)
    assert catalogue.classes[1]["distance_to_global_minima"] < 3
    assert catalogue.classes[1]["is_global"]
    found = measure_curvature(catalogue.representatives[1], np.eye(8))
    assert found.kind is CriticalPointKind.GLOBAL_MINIMUM


def test_members_lie_where_descent_provably_leads_to_the_representative(runs):
    for row in measure_classes(runs.weights, tolerance=1e-5, largest_whole_k=8).classes:
        assert row["diameter"] + row["polish_distance"] < row["convex_radius"]


def test_no_points_make_no_classes():
    catalogue = measure_classes(np.empty((0, 5, 4)), tolerance=1e-5, largest_whole_k=8)
    assert catalogue.classes == []
    assert catalogue.representatives.shape == (0, 5, 4)


def test_with_too_few_neurons_the_global_minima_are_infinitely_far():
    (row,) = measure_classes(np.array([[[0.8, 0.8]]]), tolerance=1e-5, largest_whole_k=8).classes
    assert row["distance_to_global_minima"] == np.inf
    assert not row["is_global"]


@pytest.mark.parametrize("weights", [np.eye(3), np.full((1, 2, 2), np.nan)])
def test_other_arrays_are_refused(weights):
    with pytest.raises(ValueError, match=r"weights .*finite"):
        measure_classes(weights, tolerance=1e-5, largest_whole_k=8)


def test_newton_finishes_what_the_budget_ended(runs):
    stopped = find_minima(8, 8, 60, seed=3, iteration_budget=int(np.median(runs.iterations)))
    unfinished = stopped.stop_reasons == "iteration_budget"
    points, finished = finish_by_newton(stopped.weights[unfinished])
    assert finished.sum() >= 10
    distances = np.linalg.norm(points - runs.weights[unfinished], axis=(1, 2))
    assert (distances[finished] < 1e-7).all()
    np.testing.assert_array_equal(points[~finished], stopped.weights[unfinished][~finished])


def test_nothing_to_finish():
    points, finished = finish_by_newton(np.empty((0, 3, 3)))
    assert points.shape == (0, 3, 3)
    assert finished.shape == (0,)
