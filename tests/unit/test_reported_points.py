"""Points rebuilt from rows of tables: what was reported is found again by other means."""

import numpy as np
import pytest

from relu_landscape.global_minima import reported_points
from relu_landscape.global_minima.directions import sample_quotients
from relu_landscape.global_minima.settings import Directions
from relu_landscape.objective.reference import reference_hessian, reference_to_float64


def form_of(found):
    """U^T H U from the Hessian in extended precision."""
    V = np.eye(found.W.shape[1])
    hessian = reference_to_float64(reference_hessian(found.W, V))
    u = found.U.ravel()
    return float(u @ hessian @ u)


def test_directions_are_found_again():
    settings = Directions(teachers=(3,), extra_students=(1,), directions=2, radius=0.1, seed=5)
    rows = sample_quotients(3, 4, settings)
    found = list(reported_points.direction_forms(rows, settings))
    assert [form.name for form in found] == ["quotient k=3 n=4 0", "quotient k=3 n=4 1"]
    for form in found:
        assert form.value == pytest.approx(form_of(form), rel=1e-9)


def test_searched_points_are_perturbed_minima():
    row = {"k": 2, "m": 1, "scaled_radius": 0.1, "place": 1, "form": 0.5}
    points = {"k2-m1": np.arange(8.0).reshape(2, 2, 2)}
    (form,) = reported_points.searched_forms([row], points)
    np.testing.assert_array_equal(form.U, points["k2-m1"][1])
    np.testing.assert_array_equal(form.W, np.eye(2) + form.U)
    assert form.value == 0.5


def test_rows_without_a_radius_are_left_out():
    row = {"k": 2, "search": "worst", "start": 0, "place": 0}
    rows = [row | {"radius": 0.5}, row | {"radius": np.nan}]
    directions = {"k2": np.ones((1, 2, 2))}
    ((name, W),) = reported_points.singular_points(rows, directions)
    assert name == "convexity radius k=2 worst 0"
    np.testing.assert_array_equal(W, np.eye(2) + 0.5)
