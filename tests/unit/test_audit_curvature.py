"""Audits of reported curvatures agree with what is true and with nothing else."""

import numpy as np
import pytest
from scipy.optimize import brentq

from helpers_objective import opposite_wedge, random_network, thin_wedge
from relu_landscape.evidence.audit import AuditFailure, agreed, tolerances_for
from relu_landscape.evidence.audit_curvature import (
    audit_form,
    audit_index,
    audit_singular_hessian,
    audit_value,
)
from relu_landscape.families import symmetric_critical_point
from relu_landscape.global_minima import global_minimum
from relu_landscape.global_minima.convexity import convexity_radius_along, random_direction
from relu_landscape.global_minima.convexity_search import smallest_convexity_radius
from relu_landscape.objective import population_curvature_along, population_hessian

SLACK = 1e-6


def case(name):
    """W, V, U: any network, parallel neurons, a point where the form is 1e-4 of |U|^2."""
    W, V = {
        "random": lambda: random_network(4, 3, 3, seed=1),
        "parallel": lambda: thin_wedge(0.3, 0.1),
        "valley": lambda: opposite_wedge(0.5, 1e-4),
    }[name]()
    U = np.random.default_rng(2).normal(size=W.shape)
    if name == "valley":
        U = 1e-4 * np.eye(4, 3, k=1)
        U[1] = -U[0]
        U[2:] = 0
    return W, V, U


@pytest.mark.parametrize("name", ["random", "parallel", "valley"])
class TestForm:
    def test_a_true_value_agrees(self, name):
        W, V, U = case(name)
        reported = population_curvature_along(W, V, U)
        record = audit_form(W, V, U, reported, digits=40)
        assert record.disagreements == ()
        assert record.reported == reported
        assert record.found == pytest.approx(reported, abs=1e-13 * np.sum(U**2))
        agreed({"form": record})

    @pytest.mark.parametrize("sign", [-1, 1])
    def test_a_value_off_by_ten_tolerances_is_noticed(self, name, sign):
        W, V, U = case(name)
        true = population_curvature_along(W, V, U)
        tolerance = tolerances_for(W, V).eigenvalue * np.sum(U**2)
        record = audit_form(W, V, U, true + sign * 10 * tolerance, digits=40)
        assert record.tolerance == pytest.approx(tolerance)
        (line,) = record.disagreements
        assert line.startswith("form: reported")
        assert audit_form(W, V, U, true + sign * tolerance / 2, digits=40).disagreements == ()
        with pytest.raises(AuditFailure, match="k2: form: reported"):
            agreed({"k2": record})

    @pytest.mark.parametrize("reported", [np.nan, np.inf, -np.inf])
    def test_what_is_not_a_number_is_noticed(self, name, reported):
        (line,) = audit_form(*case(name), reported, digits=40).disagreements
        assert f"reported {reported}" in line


def test_the_tolerance_resolves_the_gap_of_a_counterexample():
    # Conjecture 12 fails by 6e-7 at s = .01, k = 2.
    W = np.array([[1.0, -0.01], [0.01, 1.0]])
    U = W - np.eye(2)
    form = population_curvature_along(W, np.eye(2), U)
    assert audit_form(W, np.eye(2), U, form, digits=40).tolerance < 1e-9 * 6e-7 * 1e6
    assert audit_form(W, np.eye(2), U, form + 6e-7, digits=40).disagreements


@pytest.fixture(scope="module")
def radii():
    """The direction, the radius at which the Hessian is singular, and the smallest eigenvalue."""
    direction = smallest_convexity_radius(random_direction(2, 0, seed=3), largest_radius=0.6)

    def smallest(radius):
        W = np.eye(2) + radius * direction.direction
        return np.linalg.eigvalsh(population_hessian(W, np.eye(2)))[0]

    return direction, smallest


class TestSingularHessian:
    def test_the_end_of_convexity_agrees(self, radii):
        found, _ = radii
        W = np.eye(2) + found.radius * found.direction
        record = audit_singular_hessian(W, np.eye(2), slack=SLACK, digits=40)
        assert record.disagreements == ()
        assert (record.eigenvalues_below_lower, record.eigenvalues_below_upper) == (0, 1)
        assert record.tolerance == pytest.approx(SLACK, rel=1e-5)
        agreed({"radius": record})

    @pytest.mark.parametrize(
        ("factor", "message"), [(-10, r"1 eigenvalue\(s\) lie more than"), (10, "above zero")]
    )
    def test_an_eigenvalue_of_ten_tolerances_is_noticed(self, radii, factor, message):
        found, smallest = radii
        radius = brentq(lambda r: smallest(r) - factor * SLACK, 0.9 * found.radius, 0.4, xtol=1e-14)
        W = np.eye(2) + radius * found.direction
        record = audit_singular_hessian(W, np.eye(2), slack=SLACK, digits=40)
        with pytest.raises(AuditFailure, match=message):
            agreed({"radius": record})

    def test_a_doctored_radius_is_noticed(self):
        direction = random_direction(3, 4, seed=3)
        radius = convexity_radius_along(direction, largest_radius=1.0).radius
        for factor, agrees in ((1.0, True), (0.9, False), (1.1, False)):
            W = np.eye(3) + factor * radius * direction
            record = audit_singular_hessian(W, np.eye(3), slack=SLACK, digits=40)
            assert (record.disagreements == ()) == agrees

    def test_isolated_minima_are_not_singular_and_others_are(self):
        isolated = audit_singular_hessian(np.eye(3), np.eye(3), slack=SLACK, digits=40)
        (line,) = isolated.disagreements
        assert line.startswith("every eigenvalue lies more than")
        flat = audit_singular_hessian(global_minimum(4, 3), np.eye(3), slack=0.0, digits=40)
        assert flat.disagreements == ()
        # Sliding the shares, and spreading the pair in either of the two other directions.
        assert flat.eigenvalues_below_upper == 3

    def test_negative_curvature_next_to_a_flat_minimum_is_noticed(self):
        W, V = thin_wedge(0.5, 0.1)
        record = audit_singular_hessian(W, V, slack=SLACK, digits=40)
        (line,) = record.disagreements
        assert line.startswith("2 eigenvalue(s) lie more than")
        spectrum = np.linalg.eigvalsh(population_hessian(W, V))
        assert record.eigenvalues_below_lower == np.count_nonzero(spectrum < -SLACK)
        assert record.eigenvalues_below_upper == np.count_nonzero(spectrum < SLACK)

    def test_weights_that_are_not_finite_are_refused(self):
        W = np.array([[1.0, np.nan], [0.0, 1.0]])
        with pytest.raises(ValueError, match="not finite"):
            audit_singular_hessian(W, np.eye(2), slack=SLACK, digits=40)


class TestIndex:
    """A symmetric minimum, and a saddle with one neuron more, as they are and doctored."""

    POINTS = (("II", 7, 0, 0), ("I", 8, 1, 6))

    @staticmethod
    def reported(family, k, extra):
        point = symmetric_critical_point(family, k, m=1, extra=extra)
        values = {
            "loss": point.loss,
            "smallest_eigenvalue": point.smallest.value,
            "index": point.index,
        }
        return point.weights(), np.eye(k), values

    @pytest.mark.parametrize(("family", "k", "extra", "index"), POINTS)
    def test_true_values_agree(self, family, k, extra, index):
        W, V, values = self.reported(family, k, extra)
        record = audit_index(W, V, **values, digits=40)
        assert record.disagreements == ()
        assert record.negative_eigenvalues == index

    @pytest.mark.slow
    @pytest.mark.parametrize(
        ("name", "change"),
        [("loss", 1e-10), ("smallest_eigenvalue", 1e-8), ("index", 1.0), ("loss", np.nan)],
    )
    @pytest.mark.parametrize(("family", "k", "extra", "index"), POINTS)
    def test_doctored_values_are_seen(self, family, k, extra, index, name, change):  # noqa: ARG002
        W, V, values = self.reported(family, k, extra)
        values[name] += change
        (line,) = audit_index(W, V, **values, digits=40).disagreements
        assert line.startswith(name.replace("_", " "))

    def test_a_point_that_is_not_critical_is_seen(self):
        W, V, values = self.reported("II", 7, 0)
        lines = audit_index(W + 1e-6, V, **values, digits=40).disagreements
        assert any(line.startswith("gradient norm") for line in lines)


def test_a_value_agrees_up_to_its_tolerance():
    assert audit_value("x", 1.0, 1.5, 0.5).disagreements == ()
    assert len(audit_value("x", 1.0, 1.6, 0.5).disagreements) == 1
    assert len(audit_value("x", np.nan, 1.0, 0.5).disagreements) == 1
