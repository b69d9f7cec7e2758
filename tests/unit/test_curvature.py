"""Curvature of critical points against published values and closed forms."""

import numpy as np
import pytest

from helpers_certificates import signed_minimum
from helpers_minima import KNOWN_POINTS
from relu_landscape.global_minima import STRONG_CONVEXITY, global_minimum
from relu_landscape.global_minima.projection import GLOBAL_DISTANCE, is_global_minimum
from relu_landscape.leaky import leaky_critical_point
from relu_landscape.minima import (
    CriticalPointKind,
    SmallestEigenpair,
    inner_hessian,
    mean_curvature,
    measure_curvature,
    smallest_eigenpair,
)
from relu_landscape.minima.curvature import kind_of_critical_point
from relu_landscape.minima.splitting import split_every_neuron
from relu_landscape.objective import (
    leaky_relu,
    population_gradient,
    population_hessian,
    population_loss,
)
from relu_landscape.search.polish import newton_polish


@pytest.mark.parametrize("name", KNOWN_POINTS)
def test_known_points(name):
    point = KNOWN_POINTS[name]
    found = measure_curvature(point.W, point.V)
    assert population_loss(point.W, point.V) == pytest.approx(point.loss, abs=5.1e-7)
    assert found.kind is point.kind
    assert found.gradient_norm < 5e-15
    assert found.spectrum[0] == pytest.approx(point.smallest_eigenvalue, abs=5.1e-7)
    assert np.all(np.diff(found.spectrum) >= 0)
    assert 0 < found.eigenvalue_error < 1e-10
    assert tuple(sorted(np.bincount(found.neuron_orbit_ids))) == point.neuron_orbits


@pytest.mark.parametrize("name", KNOWN_POINTS)
def test_softest_direction_is_an_eigenvector(name):
    point = KNOWN_POINTS[name]
    found = measure_curvature(point.W, point.V)
    u = found.softest_direction.ravel()
    assert np.linalg.norm(u) == pytest.approx(1, abs=1e-14)
    residual = population_hessian(point.W, point.V) @ u - found.spectrum[0] * u
    assert np.linalg.norm(residual) < found.eigenvalue_error


def test_published_values_at_seven_neurons():
    found = measure_curvature(KNOWN_POINTS["k7-n7"].W, np.eye(7))
    assert found.norm_sum == pytest.approx(6.981729, abs=5e-7)
    assert found.norms[6] == pytest.approx(7 - (7 - found.norm_sum) - 6 * found.norms[0])
    np.testing.assert_allclose(
        found.inner_smallest_eigenvalues, [-0.10833] * 6 + [-0.08641], rtol=0, atol=5.1e-6
    )
    assert found.mean_curvatures.max() < 0


@pytest.mark.parametrize("name", KNOWN_POINTS)
def test_each_neuron_agrees_with_the_functions_of_one_neuron(name):
    point = KNOWN_POINTS[name]
    n, d = point.W.shape
    found = measure_curvature(point.W, point.V)
    blocks = population_hessian(point.W, point.V).reshape(n, d, n, d)
    for i in range(n):
        inner = inner_hessian(point.W, point.V, i)
        # Some 25 terms, and 1/2 added to one of them and taken off: at most 1.8e-15 was measured.
        np.testing.assert_allclose(inner, blocks[i, :, i, :] - 0.5 * np.eye(d), rtol=0, atol=4e-15)
        assert found.inner_smallest_eigenvalues[i] == pytest.approx(
            np.linalg.eigvalsh(inner)[0], abs=1e-14
        )
        assert found.mean_curvatures[i] == pytest.approx(
            mean_curvature(point.W, point.V, i), abs=1e-14
        )


@pytest.mark.parametrize("k", [2, 12])
def test_eigenvalue_error_holds_where_the_eigenvalue_is_known(k):
    rotation = np.linalg.qr(np.random.default_rng(k).normal(size=(k, k)))[0]
    found = measure_curvature(rotation, rotation)
    assert abs(found.spectrum[0] - STRONG_CONVEXITY) <= found.eigenvalue_error < 1e-9
    assert abs(found.inner_smallest_eigenvalues).max() < 1e-14


def test_eigenvalue_error_contains_the_residual():
    W, V = KNOWN_POINTS["k7-n7"].W, np.eye(7)
    off = population_hessian(W, V)
    off[0, 1] += 1e-6  # LAPACK reads one triangle; H u reads both
    assert smallest_eigenpair(off, W, V).error > 1e-9


def test_global_minima_with_more_neurons():
    found = measure_curvature(global_minimum(6, 4), np.eye(4))
    assert found.kind is CriticalPointKind.GLOBAL_MINIMUM
    assert found.distance_to_global_minima < 1e-15


def test_what_is_next_to_a_global_minimum_is_decided_in_one_place():
    for size, is_global in ((0.9 * GLOBAL_DISTANCE, True), (1.1 * GLOBAL_DISTANCE, False)):
        W = np.eye(4) + size * np.eye(4, k=3)
        found = measure_curvature(W, np.eye(4))
        assert is_global_minimum(found.distance_to_global_minima) == is_global
        assert (found.kind is CriticalPointKind.GLOBAL_MINIMUM) == is_global


def test_gradient_tolerance():
    W = KNOWN_POINTS["k7-n7"].W + 1e-6
    assert measure_curvature(W, np.eye(7)).kind is CriticalPointKind.UNDECIDED
    found = measure_curvature(W, np.eye(7), gradient_tolerance=1e-4)
    assert found.kind is CriticalPointKind.SPURIOUS_MINIMUM


@pytest.mark.parametrize(
    ("value", "critical", "kind"),
    [
        (2e-10, True, CriticalPointKind.SPURIOUS_MINIMUM),
        (1e-11, True, CriticalPointKind.UNDECIDED),
        (-1e-11, True, CriticalPointKind.UNDECIDED),
        (-2e-10, True, CriticalPointKind.SADDLE),
        (-2e-10, False, CriticalPointKind.UNDECIDED),
        (2e-10, False, CriticalPointKind.UNDECIDED),
    ],
)
def test_an_eigenvalue_below_its_error_decides_nothing(value, critical, kind):
    softest = SmallestEigenpair(value, np.array([[1.0]]), error=1e-10)
    assert kind_of_critical_point(softest, critical=critical) is kind


def test_too_few_neurons_have_no_global_minimum():
    found = measure_curvature(
        newton_polish([[0.77, 0.77]], np.eye(2), largest_displacement=1.0).weights, np.eye(2)
    )
    assert found.distance_to_global_minima == np.inf
    assert found.kind is CriticalPointKind.SPURIOUS_MINIMUM


@pytest.mark.parametrize(("W", "V"), [(np.eye(2), 2 * np.eye(2)), ([[1, 0.3]], [[1, 0], [5, 1]])])
def test_teacher_must_be_orthonormal(W, V):
    with pytest.raises(ValueError, match="orthonormal"):
        measure_curvature(W, V)


BAD_NETWORKS = [
    (np.eye(2), np.array([1.0, 0.0]), r"V has shape \(2,\)"),
    (np.ones(2), np.eye(2), r"W has shape \(2,\)"),
    ((1 + 1j) * np.eye(2), np.eye(2), "W has dtype complex128"),
    ([[1.0, 0.0], [0.0, 0.0]], np.eye(2), "row 1 of W is zero"),
    (np.eye(2), np.eye(3), "W has 2 columns and V has 3"),
]


@pytest.mark.parametrize(("W", "V", "message"), BAD_NETWORKS)
@pytest.mark.parametrize(
    "measure",
    [
        measure_curvature,
        lambda W, V: inner_hessian(W, V, 0),
        lambda W, V: mean_curvature(W, V, 0),
        lambda W, V: split_every_neuron(W, V, [0.5]),
    ],
)
def test_a_bad_network_is_refused_by_name(measure, W, V, message):
    with pytest.raises(ValueError, match=message):
        measure(W, V)


@pytest.mark.parametrize("i", [-1, 3])
def test_a_neuron_that_is_not_there(i):
    for function in (inner_hessian, mean_curvature):
        with pytest.raises(ValueError, match=f"no neuron {i}"):
            function(np.eye(3), np.eye(3), i)


def test_mean_curvature_with_teachers_of_any_length():
    rng = np.random.default_rng(7)
    W, V = rng.normal(size=(4, 5)), rng.normal(size=(3, 5))
    assert mean_curvature(W, V, 2) == pytest.approx(np.trace(inner_hessian(W, V, 2)) / 5, abs=1e-15)


OTHERS = [
    {"outputs": np.array([1, -1, 1])},
    {"kernel": leaky_relu(-0.5), "outputs": np.array([1, -1, 1])},
    {"kernel": "relu_squared"},
    {"kernel": "erf", "outputs": np.array([1.5, -0.5, 1.0])},
]


@pytest.mark.parametrize("further", OTHERS)
def test_curvature_of_other_networks(further):
    W, V = np.random.default_rng(4).normal(size=(3, 3)), np.eye(3)
    found = measure_curvature(W, V, **further)
    hessian = population_hessian(W, V, **further)
    np.testing.assert_allclose(found.spectrum, np.linalg.eigvalsh(hessian), rtol=0, atol=1e-12)
    gradient = population_gradient(W, V, **further)
    assert found.gradient_norm == pytest.approx(np.linalg.norm(gradient))
    assert (found.kind, np.isnan(found.distance_to_global_minima)) == ("undecided", True)
    for i in range(3):
        inner = inner_hessian(W, V, i, **further)
        smallest = np.linalg.eigvalsh(inner)[0]
        assert found.inner_smallest_eigenvalues[i] == pytest.approx(smallest, abs=1e-12)
        assert found.mean_curvatures[i] == pytest.approx(np.trace(inner) / 3, abs=1e-12)
        mean = mean_curvature(W, V, i, **further)
        assert mean == pytest.approx(found.mean_curvatures[i], abs=1e-12)


def test_kinds_of_other_networks():
    minimum = signed_minimum()
    outputs = np.array(minimum.outputs)
    assert measure_curvature(minimum.W, minimum.V, outputs=outputs).kind == "spurious_minimum"
    for slope, kind in ((0.5, "spurious_minimum"), (-1.0, "saddle")):
        W, kernel = leaky_critical_point("A", 8, slope).weights(), leaky_relu(slope)
        assert measure_curvature(W, np.eye(8), kernel=kernel).kind == kind
        # W = V has no loss.
        assert measure_curvature(np.eye(8), np.eye(8), kernel=kernel).kind == "global_minimum"
