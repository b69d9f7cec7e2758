"""Erf students fewer than the teachers: closed forms, continuation, spectra, and their proofs."""

import math

import mpmath
import numpy as np
import pytest
from flint import arb

from relu_landscape.certificates.erf_slopes import BALLS, FLOATS
from relu_landscape.certificates.inertia import negative_pivots
from relu_landscape.certificates.krawczyk import NotEnclosedError
from relu_landscape.certificates.precision import precision
from relu_landscape.fewer_students import copy_average_point, perturbed_copy_point
from relu_landscape.fewer_students.arrangement import NO_PARAMETER, NeuronArrangement
from relu_landscape.fewer_students.copy_averages import (
    average_loss,
    average_loss_ball,
    copy_average_configuration,
    extreme_partition_is_best,
    gradient_bound,
    identities_hold,
    partitions,
)
from relu_landscape.fewer_students.copy_branches import CopyBranch
from relu_landscape.fewer_students.erf_components import components, refine
from relu_landscape.fewer_students.erf_enclosures import (
    _proved_box,
    enclose_copy_average,
    enclose_perturbed_copy,
)
from relu_landscape.fewer_students.erf_points import copy_average_erf, perturbed_copy_erf
from relu_landscape.objective import (
    population_joint_gradient,
    population_joint_hessian,
    population_loss,
)

# L = 2 F, smallest eigenvalue of its Hessian and index of both points, with norm and output of the
# second: trials of this project by descent and differences, d = k + 1.
TRIALS = [
    (8, 2, 0.103265, 3e-4, 0, 0.113385, -0.0201, 1, 0.381, 4.00),
    (8, 7, 0.023222, -0.0214, 1, 0.020713, 0.0041, 0, 0.912, 1.15),
    (20, 8, 0.194284, 4e-5, 0, 0.210187, -1e-4, 7, 0.545, 3.02),
    (20, 18, 0.040593, -0.0296, 2, 0.034970, 0.0025, 0, 0.947, 1.09),
    (50, 25, 0.390099, 6e-6, 0, 0.406576, 1e-4, 0, 0.7194, 1.8092),
    (50, 45, 0.087923, -4e-4, 5, 0.080281, 0.0017, 0, 0.967, 1.06),
]


def embedded(arrangement, parameters):
    """Weights, outputs, and the parameter of each of these numbers."""
    rows, columns = (
        np.repeat(np.arange(len(sizes)), np.array(sizes, dtype=int))
        for sizes in (arrangement.student_parts, arrangement.input_parts)
    )
    places = arrangement.rest[np.ix_(rows, columns)]
    copies = np.arange(int(sum(arrangement.copies)))
    places[copies, copies] = arrangement.own[rows[copies]]
    everywhere = np.concatenate([places.ravel(), arrangement.output[rows]])
    return parameters[places], parameters[arrangement.output[rows]], everywhere


@pytest.mark.parametrize(
    "arrangement",
    [
        NeuronArrangement((2.0, 3.0), (1.0, 2.0), averages=1, unused=1),
        NeuronArrangement((3.0,), (2.0,)),
        NeuronArrangement((), (4.0,), averages=1),
    ],
)
def test_reduced_loss_and_derivatives_are_those_of_the_network(arrangement):
    parameters = np.random.default_rng(1).normal(size=arrangement.dimension)
    W, outputs, places = embedded(arrangement, parameters)
    V = np.eye(int(sum(arrangement.teacher_parts)), W.shape[1])
    further = {"outputs": outputs, "kernel": "erf"}
    jet = arrangement.loss(parameters, FLOATS)
    embedding = np.identity(arrangement.dimension)[places]
    gradient = population_joint_gradient(W, V, **further)
    hessian = population_joint_hessian(W, V, **further)
    assert jet.value == pytest.approx(population_loss(W, V, **further), abs=1e-13)
    np.testing.assert_allclose(jet.gradient, embedding.T @ gradient, rtol=0, atol=1e-13)
    np.testing.assert_allclose(jet.hessian, embedding.T @ hessian @ embedding, rtol=0, atol=1e-13)
    np.testing.assert_array_equal(arrangement.counts, embedding.sum(axis=0))


def test_balls_enclose_the_reduced_loss():
    arrangement = NeuronArrangement((3.0,), (2.0,), averages=1)
    parameters = np.random.default_rng(2).normal(size=arrangement.dimension)
    found, jet = arrangement.loss(parameters, FLOATS), arrangement.loss(parameters, BALLS)
    assert float(jet.value) == pytest.approx(found.value, abs=1e-13)
    assert float(jet.value.rad()) < 1e-13
    np.testing.assert_allclose(jet.hessian.astype(float), found.hessian, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    "trial",
    [
        pytest.param(trial, id=f"k{trial[0]}-n{trial[1]}", marks=() if fast else pytest.mark.slow)
        for trial, fast in zip(TRIALS, (True, False, False, False, True, False), strict=True)
    ],
)
def test_trials_are_met(trial):
    k, n, average_level, average_least, average_index, level, least, index, norm, output = trial
    average, perturbed = copy_average_erf(k, n), perturbed_copy_erf(k, n)
    assert 2 * average.loss == pytest.approx(average_level, abs=5e-7)
    assert 2 * average.smallest.value == pytest.approx(average_least, rel=0.35)
    assert average.index == average_index
    assert 2 * perturbed.loss == pytest.approx(level, abs=5e-7)
    assert 2 * perturbed.smallest.value == pytest.approx(least, rel=0.35)
    assert perturbed.index == index
    assert perturbed.norm == pytest.approx(norm, abs=5e-3 if k < 50 else 5e-4)
    assert perturbed.output == pytest.approx(output, abs=5e-3)


@pytest.mark.parametrize("point_at", [copy_average_point, perturbed_copy_point])
@pytest.mark.parametrize(("k", "n"), [(3, 2), (9, 5), (6, 5)])
def test_spectra_are_those_of_the_whole_hessian(point_at, k, n):
    point = point_at(k, n, kernel="erf")
    further = {"outputs": point.outputs(), "kernel": "erf"}
    gradient = population_joint_gradient(point.weights(), np.eye(k), **further)
    np.testing.assert_allclose(gradient, 0, rtol=0, atol=2e-15)
    branch_at = {"copy_average": copy_average_erf, "perturbed_copy": perturbed_copy_erf}
    for unused in (0, 2):
        W = np.hstack([point.weights(), np.zeros((n, unused))])
        whole = np.linalg.eigvalsh(population_joint_hessian(W, np.eye(k, k + unused), **further))
        spectrum = branch_at[point.branch](k, n, unused_inputs=unused).spectrum
        found = [row.value for row in spectrum for _ in range(round(row.multiplicity))]
        np.testing.assert_allclose(found, whole, rtol=0, atol=1e-13)


def test_one_student_averages_all():
    point = copy_average_point(8, 1, kernel="erf")
    np.testing.assert_allclose(point.weights(), 1 / math.sqrt(8 * 15), rtol=1e-14)
    np.testing.assert_array_equal(point.outputs(), [8.0])
    assert point.index == 0


def test_points_are_known_between_whole_numbers():
    n = perturbed_copy_erf(20.5, 9.25)
    assert perturbed_copy_erf(20, 9).loss < n.loss < perturbed_copy_erf(21, 9).loss
    jet = n.arrangement.loss(n.parameters, FLOATS)
    np.testing.assert_allclose(jet.gradient, 0, rtol=0, atol=1e-13)
    assert math.fsum(row.multiplicity for row in n.spectrum) == pytest.approx(9.25 * 22.5)


@pytest.mark.parametrize("find", [copy_average_erf, perturbed_copy_erf])
@pytest.mark.parametrize("size", [(5, 5), (5, 0.5), (math.pi, 4)])
def test_sizes_without_a_point_are_refused(find, size):
    with pytest.raises(ValueError, match="<= n < k"):
        find(*size)


def test_spectrum_of_few_and_not_whole_neurons_is_refused():
    with pytest.raises(ValueError, match=r"2.5 neurons of one class"):
        refine(perturbed_copy_erf(8, 2.5).arrangement)


def test_partitions_are_all_and_once():
    found = list(partitions(7))
    assert len(found) == len(set(found)) == 15
    assert all(sum(groups) == 7 and list(groups) == sorted(groups)[::-1] for groups in found)


def test_every_partition_is_critical():
    for k in range(1, 7):
        for groups in partitions(k):
            assert gradient_bound(groups) < 1e-60
            W, outputs = copy_average_configuration(groups)
            further = {"outputs": outputs, "kernel": "erf"}
            gradient = population_joint_gradient(W, np.eye(k), **further)
            np.testing.assert_allclose(gradient, 0, rtol=0, atol=1e-14)
            level = sum(average_loss(m) for m in groups)
            assert population_loss(W, np.eye(k), **further) == pytest.approx(level, abs=1e-14)


def test_a_configuration_that_is_not_critical_is_told(monkeypatch):
    # Averages of twice the output are no configuration.
    module = "relu_landscape.fewer_students.copy_averages._gradient"
    gradient = gradient_bound.__wrapped__.__globals__["_gradient"]
    monkeypatch.setattr(module, lambda W, outputs: gradient(W, [2 * c for c in outputs]))
    assert gradient_bound((2, 1)) > 0.1


def test_identities_hold_for_every_size():
    assert all(identities_hold(m) for m in range(1, 300))


def test_losses_of_averages_are_the_published_ones():
    # Without the factor 1/2: (2/pi)(m asin(1/2) - m^2 asin(1/(2 m))).
    found = [2 * average_loss(m) for m in (1, 2, 8, 50)]
    np.testing.assert_allclose(
        found, [0, 0.023221681, 0.118526792, 0.750907087], rtol=0, atol=5e-10
    )
    with precision(128):
        for m in (1, 2, 8, 50):
            assert abs(float(average_loss_ball(m)) - average_loss(m)) < 1e-14


def test_series_of_the_proof_is_that_of_the_loss():
    m, y = 3, 1 / 6
    series = sum(math.comb(2 * j, j) / (4**j * (2 * j + 1)) * y ** (2 * j - 1) for j in range(40))
    assert series == pytest.approx(math.asin(y) / y**2, rel=1e-14)
    assert m / 2 + 1 / (48 * m) + 3 / (1280 * m**3) == pytest.approx(series / 4, rel=1e-5)
    assert average_loss(m) == pytest.approx((m * math.pi / 6 - series / 4) / math.pi, rel=1e-13)


def test_extreme_partition_is_best_and_no_other_is(monkeypatch):
    assert all(extreme_partition_is_best(k, n) for k in range(2, 9) for n in range(1, k + 1))
    module = "relu_landscape.fewer_students.copy_averages.average_loss_ball"
    monkeypatch.setattr(module, lambda m: arb(m) ** 2)
    assert not extreme_partition_is_best(6, 2)


@pytest.mark.parametrize("groups", [(), (2, 0), ((1, 2),)])
def test_groups_that_are_none_are_refused(groups):
    with pytest.raises(ValueError, match="groups"):
        copy_average_configuration(groups)


@pytest.mark.parametrize(
    ("k", "n", "lower"),
    [pytest.param(8, 6, "copy_average", marks=pytest.mark.slow), (8, 7, "perturbed_copy")],
)
def test_which_is_lower_is_proved(k, n, lower):
    average, perturbed = enclose_copy_average(k, n), enclose_perturbed_copy(k, n)
    for found, point in ((average, copy_average_erf(k, n)), (perturbed, perturbed_copy_erf(k, n))):
        assert found.loss_upper - found.loss_lower < 1e-15
        assert found.loss_lower == pytest.approx(point.loss, abs=1e-14)
        assert found.index == point.index
    low, high = sorted((average, perturbed), key=lambda found: found.loss_lower)
    assert low.loss_upper < high.loss_lower
    assert low.branch == CopyBranch(lower)


def test_no_box_is_proved_where_there_is_no_point():
    point = perturbed_copy_erf(8, 5)
    with precision(128), pytest.raises(NotEnclosedError, match="no box"):
        _proved_box(point.arrangement, point.parameters + 1e-3)


def test_pivots_count_negative_eigenvalues():
    rng = np.random.default_rng(3)
    for _ in range(5):
        matrix = rng.normal(size=(4, 4))
        matrix += matrix.T
        balls = np.array([[arb(x) for x in row] for row in matrix], dtype=object)
        assert negative_pivots(balls) == (np.linalg.eigvalsh(matrix) < 0).sum()
    assert negative_pivots(np.array([[arb(0, 1)]], dtype=object)) is None


def test_representatives_are_orthogonal_whole_numbers():
    for size in ((6, 5), (9, 6), (7, 3)):
        refined = refine(copy_average_erf(*size).arrangement)
        found = list(components(refined, 1))
        vectors = np.concatenate([component.vectors for component in found])
        gram = vectors @ (refined.fine.counts[:, None] * vectors.T)
        assert (vectors == np.round(vectors)).all()
        np.testing.assert_array_equal(gram, np.diag(np.diag(gram)))
        assert (refined.lift == NO_PARAMETER).sum() == len(refined.fine.student_parts)


@pytest.mark.parametrize(("k", "n"), [(2, 1), (8, 3), (20, 19), (1e6, 1e6 - 1), (1e12, 1e12 - 1)])
def test_the_loss_of_a_copy_average_loses_no_digits(k, n):
    with mpmath.workdps(40):
        m = mpmath.mpf(k - n + 1)
        exact = (m * mpmath.asin(0.5) - m**2 * mpmath.asin(1 / (2 * m))) / mpmath.pi
        assert copy_average_erf(k, n).loss == pytest.approx(float(exact), rel=1e-14)
    assert copy_average_point(k, n, kernel="erf").loss == copy_average_erf(k, n).loss
