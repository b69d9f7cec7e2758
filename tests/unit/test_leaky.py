"""Leaky networks: the coupled loss, families in the slope, folds, thresholds, proofs in balls."""

import json
from fractions import Fraction

import numpy as np
import pytest
from flint import arb

from helpers_rows import table_of
from helpers_symmetry import THRESHOLDS
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.certificates.records import Proofs
from relu_landscape.leaky import enclose_leaky_point, first_fold, leaky_critical_point, leaky_proofs
from relu_landscape.leaky.certified_slopes import prove_at_slope
from relu_landscape.leaky.coupling import CoupledReducedLoss, coupling_of, slope_of
from relu_landscape.leaky.leaky_points import follow_family
from relu_landscape.leaky.records import escape_row, family_rows, share_row
from relu_landscape.leaky.slope_thresholds import fold_size, size_threshold, slope_thresholds
from relu_landscape.objective import (
    leaky_relu,
    population_gradient,
    population_hessian,
    population_loss,
)
from relu_landscape.search import PROTOCOLS
from relu_landscape.symmetry import FLOAT64, FixedPointSpace, SolveError
from relu_landscape.symmetry.isotypic import _components
from relu_landscape.symmetry.refinement import refine_blocks

SLOPES = [-1.0, -0.3, 0.6]
SPACE = FixedPointSpace((3.0, 2.0, 1.0))


def any_parameters():
    return np.random.default_rng(3).normal(size=SPACE.dimension)


@pytest.mark.parametrize("slope", SLOPES)
def test_the_coupled_loss_is_that_of_the_leaky_network(slope):
    parameters, share = any_parameters(), (1 - slope) ** 2
    coupled = CoupledReducedLoss(SPACE, FLOAT64, coupling_of(slope))
    W, kernel = SPACE.embed(parameters), leaky_relu(slope)
    assert share * coupled.loss(parameters) == pytest.approx(
        population_loss(W, np.eye(6), kernel=kernel), rel=1e-13, abs=0
    )
    # A parameter moves all entries that it fills.
    places = SPACE.entry_places().ravel()
    fills = np.eye(SPACE.dimension)[places]
    gradient = population_gradient(W, np.eye(6), kernel=kernel).ravel() @ fills
    np.testing.assert_allclose(share * coupled.gradient(parameters), gradient, rtol=0, atol=1e-12)
    hessian = fills.T @ population_hessian(W, np.eye(6), kernel=kernel) @ fills
    np.testing.assert_allclose(share * coupled.hessian(parameters), hessian, rtol=0, atol=1e-12)


@pytest.mark.parametrize("slope", [-1.0, -0.999, -0.4, 0.0, 0.9])
def test_a_slope_and_its_reciprocal_have_one_coupling(slope):
    assert slope_of(coupling_of(slope)) == pytest.approx(slope, abs=1e-7, rel=0)
    if slope:
        assert coupling_of(1 / slope) == pytest.approx(coupling_of(slope), rel=1e-14, abs=0)


@pytest.mark.parametrize(("family", "m"), [("A", None), ("I", 1), ("II", 2)])
@pytest.mark.parametrize("slope", [-0.9, 0.5])
def test_a_point_is_critical_and_its_spectrum_that_of_all_weights(family, m, slope):
    point = leaky_critical_point(family, 8, slope, m=m)
    W, kernel = point.weights(), leaky_relu(slope)
    assert np.abs(population_gradient(W, np.eye(8), kernel=kernel)).max() < 1e-12
    values = np.repeat(
        [row.value for row in point.spectrum], [round(row.multiplicity) for row in point.spectrum]
    )
    found = np.linalg.eigvalsh(population_hessian(W, np.eye(8), kernel=kernel))
    np.testing.assert_allclose(values, found, rtol=0, atol=1e-12)
    assert point.index == (found < 0).sum()


def test_of_equal_smallest_eigenvalues_rounding_does_not_choose():
    point = leaky_critical_point("II", 8, -1.0, m=1)
    equal = {row.irrep for row in point.spectrum if row.value - point.spectrum[0].value < 1e-12}
    assert len(equal) > 1
    assert point.smallest.irrep == min(equal)
    assert point.smallest.value == pytest.approx(1 - 2 / np.pi, abs=1e-13, rel=0)


def test_a_family_that_is_lost_ends_at_a_fold():
    fold = first_fold("A", 20)
    assert fold.slope == pytest.approx(-0.9121967, abs=1e-6, rel=0)
    coupled = CoupledReducedLoss(FixedPointSpace((20.0,)), FLOAT64, fold.coupling)
    assert np.abs(coupled.gradient(fold.parameters)).max() < 1e-9
    least = np.linalg.eigvalsh(coupled.hessian(fold.parameters))
    assert np.abs(least).min() < 1e-6 * np.abs(least).max()
    assert leaky_critical_point("A", 20, fold.slope + 1e-5).loss > 0.3
    with pytest.raises(SolveError, match="fold"):
        leaky_critical_point("A", 20, fold.slope - 1e-4)
    rows, events = family_rows("A", None, 20, [-1.0, -0.95, -0.9, 0.0])
    assert [row.slope for row in rows] == [-0.9, 0.0]
    assert [event.event for event in events] == ["eigenvalue", "fold"]


def test_below_the_absolute_value_a_fold_has_no_slope():
    fold = first_fold("A", 12)
    assert fold.coupling < -0.25
    assert fold.slope is None
    assert first_fold("II", 8, m=1) is None


@pytest.mark.slow
def test_the_fold_passes_the_absolute_value_between_17_and_18_teachers():
    k = fold_size("A", None)
    assert 17 < k < 18
    assert first_fold("A", k).coupling == pytest.approx(-0.25, abs=1e-8, rel=0)


@pytest.mark.parametrize(("family", "m"), [("A", None), ("II", 1)])
def test_at_slope_zero_thresholds_are_those_of_the_relu(family, m):
    k, irrep = size_threshold(family, m, 0.0)
    assert (k, irrep) == (
        pytest.approx(THRESHOLDS[family, m][0], abs=1e-9),
        THRESHOLDS[family, m][1],
    )


def test_a_family_that_is_always_a_minimum_has_no_threshold():
    assert size_threshold("II", 1, -0.5) is None


def test_an_eigenvalue_vanishes_at_a_threshold_of_the_slope():
    (found,) = slope_thresholds(list(follow_family("A", None, 8, [-0.8, -0.6, 0.0])))
    assert (found.irrep, found.index_below, found.index_above) == ("s_p", 7, 0)
    beside = [leaky_critical_point("A", 8, found.slope + shift).index for shift in (-1e-6, 1e-6)]
    assert beside == [7, 0]


@pytest.mark.parametrize("slope", [-1.1, 1.0])
def test_slopes_of_no_network_of_their_own_are_refused(slope):
    with pytest.raises(ValueError, match="needs -1 <= slope < 1"):
        leaky_critical_point("A", 8, slope)


@pytest.mark.parametrize(("family", "m", "index"), [("A", None, 7), ("I", 1, 6), ("II", 1, 0)])
def test_indices_for_the_absolute_value_are_proved(family, m, index):
    found = enclose_leaky_point(family, 8, -1, m=m)
    assert found.index == index
    point = leaky_critical_point(family, 8, -1.0, m=m)
    assert found.loss_lower - 1e-13 < point.loss < found.loss_upper + 1e-13
    assert found.loss_lower < found.loss_upper  # bounds of a real number, rounded outwards
    # Beside the teachers, of which one is negated, the ball of the loss holds zero.
    assert (found.loss_lower > 0) == (family != "II")


def test_a_box_beside_the_point_is_not_taken(monkeypatch):
    solved = leaky_proofs._in_many_digits

    def beside(point, coupling):
        return [value + Fraction(1, 10**15) for value in solved(point, coupling)]

    monkeypatch.setattr(leaky_proofs, "_in_many_digits", beside)
    with pytest.raises(leaky_proofs.NotEnclosedError, match="no critical point"):
        enclose_leaky_point("A", 8, -1)


def test_an_eigenvalue_that_may_be_zero_decides_nothing():
    matrix = np.array([[exact(2), exact(0)], [exact(0), arb(0, 1e-9)]], dtype=object)
    with pytest.raises(leaky_proofs.NotEnclosedError, match="may be zero"):
        leaky_proofs._negative_eigenvalues(matrix)
    matrix[1, 1] = arb(-1e-8, 1e-9)
    assert leaky_proofs._negative_eigenvalues(matrix) == 1


def test_vectors_of_isotypic_blocks_are_exact_for_whole_blocks():
    refined = refine_blocks(FixedPointSpace((9, 4)))
    for name, _, vectors in _components(refined):
        for vector in vectors:
            assert not any(isinstance(entry, float) for entry in vector)
            if name[0] in "xy":
                for row, places in enumerate(refined.fine.layout.rest):
                    others = [size - (row == part) for part, size in enumerate(refined.fine.blocks)]
                    # A part of one coordinate has no other one, and no parameter for it.
                    entries = [
                        vector[place] if n else 0 for place, n in zip(places, others, strict=True)
                    ]
                    assert sum(n * x for n, x in zip(others, entries, strict=True)) == 0


def test_balls_hold_the_hessian_where_a_neuron_is_next_to_parallel_to_a_teacher():
    point, radius = leaky_critical_point("I", 8, -1.0, m=1), 1e-9
    space = FixedPointSpace((7, 1))
    with precision(leaky_proofs.BITS):
        enclosed = leaky_proofs._EnclosedLoss(space, leaky_proofs._balls(), Fraction(-1, 4))
        box = np.array([exact(x) + arb(0, radius) for x in point.parameters], dtype=object)
        balls = enclosed.hessian(box)
        widest = max(float(ball.rad()) for ball in balls.ravel())
        coupled = CoupledReducedLoss(point.space, FLOAT64, -0.25)
        for draw in np.random.default_rng(1).uniform(-radius, radius, (20, point.parameters.size)):
            inside = coupled.hessian(point.parameters + draw)
            for ball, value in zip(balls.ravel(), inside.ravel(), strict=True):
                assert (ball + arb(0, 1e-12)).contains(arb(value))
    assert widest < 1e-4


def test_restarts_of_the_absolute_value_end_at_the_teachers_of_either_sign():
    protocol = PROTOCOLS["safran2018"]
    row = share_row(8, -1.0, 20, 1, protocol)
    assert (row.unfinished, row.bad, row.spurious) == (0, 0, 0)
    assert 40 < row.negated_rows < 120
    beside = share_row(8, -0.98, 20, 1, protocol)
    assert beside.spurious > beside.bad
    escapes = escape_row(leaky_critical_point("A", 8, -1.0), 5, 1e-3, 1, protocol)
    assert (escapes.unfinished, escapes.spurious) == (0, 0)


@pytest.mark.parametrize(
    ("family", "m", "slope", "reason"),
    [("II", 1, -0.5, None), ("A", None, -0.5, None), ("A", None, -1.0, "not_positive_definite")],
)
def test_what_is_proved_at_a_slope(family, m, slope, reason):
    proofs = Proofs()
    prove_at_slope(proofs, family, m, 8, slope)
    (row,) = table_of("certified_slopes", proofs.records).to_dict("records")
    assert (row["proved"], proofs.records[0]["reason"]) == (reason is None, reason)
    assert len(proofs.lines) == row["line"] == int(row["proved"])
    if row["proved"]:
        found = enclose_leaky_point(family, 8, slope, m=m)
        assert found.index == 0
        assert row["checked"]
        assert found.loss_lower <= row["loss_lower"] <= row["loss_upper"] <= found.loss_upper
        assert row["splits_proved"] == row["splits"] > 0
        assert json.loads(proofs.lines[0])["slope"] == slope.hex()


def test_a_point_that_is_not_there_is_not_proved():
    proofs = Proofs()
    prove_at_slope(proofs, "A", None, 20, -1.0)
    assert proofs.records[0]["reason"] == "not_reached"
