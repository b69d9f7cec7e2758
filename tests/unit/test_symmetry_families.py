"""The families A, I_m, II_m, and A, I_1, II_1 with one neuron more, against derived numbers."""

import mpmath
import numpy as np
import pytest

from helpers_symmetry import EIGENVALUES, POINTS, WITH_ONE_MORE, known_point
from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.split_members import descend_from_splits, split_space
from relu_landscape.minima import CriticalPointKind, measure_curvature
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.symmetry import (
    FLOAT64,
    FixedPointSpace,
    SolveError,
    continue_in_k,
    extended,
    isotypic_spectrum,
    recognise_isotropy,
    reference_reduced_loss,
    reference_slope_and_curvature,
    solve_critical_point,
)
from relu_landscape.symmetry.reduced import ReducedLoss


@pytest.mark.slow
@pytest.mark.parametrize(("family", "m", "k"), POINTS)
def test_loss_and_entries(family, m, k):
    loss, parameters = POINTS[family, m, k]
    point = known_point(family, k, m=m)
    assert point.loss == pytest.approx(loss, rel=1e-11)
    np.testing.assert_allclose(point.parameters, parameters, rtol=1e-9)


@pytest.mark.parametrize(("family", "m", "k"), EIGENVALUES)
def test_extreme_eigenvalues_and_what_splits_add(family, m, k):
    (smallest, irrep), largest, splits = EIGENVALUES[family, m, k]
    point = known_point(family, k, m=m)
    assert point.smallest.value == pytest.approx(smallest, rel=1e-10)
    assert point.smallest.irrep == irrep
    assert point.spectrum[-1].value == pytest.approx(largest, rel=1e-10)
    assert (point.index > 0) == (smallest < 0)
    for neuron_class, (value, split_irrep) in enumerate(splits):
        found = point.split(neuron_class)
        assert found.eigenvalue_of_halves == pytest.approx(value, rel=1e-9)
        assert found.smallest.irrep == split_irrep


@pytest.mark.slow
@pytest.mark.parametrize(("family", "k"), WITH_ONE_MORE)
def test_one_neuron_more(family, k):
    loss, smallest, irrep, index = WITH_ONE_MORE[family, k]
    point = known_point(family, k, m=None if family == "A" else 1, extra=1)
    assert point.loss == pytest.approx(loss, rel=1e-11)
    assert point.smallest.value == pytest.approx(smallest, rel=1e-9)
    assert point.smallest.irrep == irrep
    assert point.index == index
    # Not a split point: those have the loss of the point with n = k.
    assert point.loss < known_point(family, k, m=point.m or None).loss * (1 - 1e-9)


# k: loss, smallest eigenvalue (or its sign), index; found by another program from random starts.
TWO_MORE = {
    10: (0.0324979451, -2.6e-4, 7),
    11: (0.0307565216, 1.957e-3, 0),
    12: (0.0291536631, 1.960e-3, 0),
}


@pytest.mark.parametrize("k", TWO_MORE)
def test_two_neurons_more_with_the_whole_hessian(k):
    loss, smallest, index = TWO_MORE[k]
    point = known_point("II", k, m=2, extra=2)
    W, V = point.weights(), np.eye(k)
    assert W.shape == (k + 2, k)
    assert population_loss(W, V) == pytest.approx(loss, abs=6e-11)
    assert np.linalg.norm(population_gradient(W, V)) < 1e-13
    eigenvalues = np.linalg.eigvalsh(population_hessian(W, V))
    assert eigenvalues[0] == pytest.approx(smallest, abs=2.1e-6)
    assert (eigenvalues < 0).sum() == index == point.index


@pytest.mark.parametrize("m", [1, 2])
@pytest.mark.parametrize("family", ["I", "II"])
def test_members_with_more_neurons_are_no_split_points(family, m):
    W = known_point(family, 12, m=m, extra=m).weights()
    split = known_point(family, 12, m=m)
    assert population_loss(W, np.eye(12)) < split.loss * (1 - 1e-3)
    units = W / np.linalg.norm(W, axis=1, keepdims=True)
    assert np.abs(np.triu(units @ units.T, 1)).max() < 0.95


def test_descent_leaves_saddles_of_its_space():
    # Three neurons split alike descend to a saddle whose symmetry forbids the way down.
    split = known_point("II", 40, m=3).weights()
    point = descend_from_splits(split, 3)
    reduced = ReducedLoss(split_space(3, 40))
    assert isotypic_spectrum(reduced.space, point)[0].value > 2e-3
    assert reduced.loss(point) == pytest.approx(0.016765872054, abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "m", "loss"), [("I", 3, 0.0713847), ("I", 5, 0.0608716), ("II", 3, 0.0454580)]
)
def test_members_met_by_descent_at_twelve(family, m, loss):
    point = known_point(family, 12, m=m)
    assert point.loss == pytest.approx(loss, abs=6e-8)
    W = point.weights()
    assert population_loss(W, np.eye(12)) == pytest.approx(point.loss, abs=1e-13)
    assert measure_curvature(W, np.eye(12)).kind is CriticalPointKind.SPURIOUS_MINIMUM


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "m", "extra"),
    [("A", None, 0), ("I", 2, 0), ("II", 3, 0), ("A", None, 1), ("I", 1, 1), ("II", 1, 1)],
)
@pytest.mark.parametrize("k", [8.5, 1e8])
def test_points_are_critical_to_the_second_program(family, m, extra, k):
    point = known_point(family, k, m=m, extra=extra)
    rng = np.random.default_rng(7)
    with mpmath.workdps(60):
        loss = reference_reduced_loss(point.space, point.extended_parameters, digits=80)
        assert abs(loss / mpmath.mpf(point.loss) - 1) < 1e-15
        scale = np.sqrt(point.space.entry_counts)
        direction = rng.normal(size=scale.size) / scale
        slope, _ = reference_slope_and_curvature(
            point.space, point.extended_parameters, direction, digits=120
        )
        assert abs(slope) < 1e-25


@pytest.mark.parametrize("m", [1, 2, 5, 9])
@pytest.mark.parametrize("family", ["I", "II"])
def test_families_reach_down_to_four_more_than_m(family, m):
    W = known_point(family, m + 4, m=m).weights()
    assert np.linalg.norm(population_gradient(W, np.eye(m + 4))) < 1e-14 * m
    signs = np.sign(np.diag(W))
    assert list(signs) == ([-1] * 4 + [1] * m if family == "I" else [1] * 4 + [-1] * m)


@pytest.mark.slow
@pytest.mark.parametrize("m", [2, 4])
def test_two_more_than_m_is_where_families_meet(m):
    # Unexpected when found: the path of II_m arrives at A of the same k, that of I_m at zero loss.
    k = m + 2
    met = known_point("II", k, m=m)
    assert met.loss == pytest.approx(known_point("A", k).loss, rel=1e-13)
    assert recognise_isotropy(met.weights()).space == FixedPointSpace((k,))
    assert abs(known_point("I", k, m=m).loss) < 1e-25


@pytest.mark.slow
def test_losses_tend_to_their_limits():
    limit = 0.5 - 1 / np.pi
    for family, m in (("A", None), ("I", 1), ("I", 2)):
        below = [limit - known_point(family, k, m=m).loss for k in (1e6, 1e8)]
        assert below[0] / below[1] == pytest.approx(10, rel=0.01)
        assert below[1] * 1e4 == pytest.approx(4 / (3 * np.pi), rel=1e-3)
    for m in (1, 2, 5):
        loss = known_point("II", 1e8, m=m).loss
        assert loss * 1e8 / m == pytest.approx(0.5 - 2 / np.pi**2, rel=1e-4)


@pytest.mark.slow
def test_with_one_more_neuron_at_huge_k():
    first, second, third = (
        known_point(f, 1e8, m=m, extra=1) for f, m in (("A", None), ("I", 1), ("II", 1))
    )
    assert first.smallest.value == pytest.approx(-0.007518, abs=3e-6)
    assert first.index == 1e8 - 1
    assert second.smallest.value == pytest.approx(2.6e-7, rel=0.02)
    assert third.smallest.value == pytest.approx(0.004426, abs=1e-6)
    assert third.loss * 1e8 == pytest.approx(0.267255, abs=1e-6)
    assert second.index == third.index == 0


def test_a_spectrum_at_a_million_is_no_larger_problem_than_at_twenty():
    """What it costs follows; a time would be that of whatever else the machine does."""
    small, large = (symmetric_critical_point("II", k, m=2) for k in (20, 10**6))
    assert len(large.parameters) == len(small.parameters)
    assert len(large.spectrum) == len(small.spectrum) < 20
    assert sum(found.multiplicity for found in large.spectrum) == 10**12


def test_continuation_returns_to_where_it_started():
    def space_at(k):
        return FixedPointSpace((k - 2, 2))

    start = known_point("II", 12, m=2).parameters
    away = continue_in_k(space_at, 12.0, start, 300.0)
    np.testing.assert_allclose(
        continue_in_k(space_at, 300.0, away, 12.0), start, rtol=0, atol=1e-12
    )


def test_newton_says_when_it_does_not_settle():
    reduced = ReducedLoss(FixedPointSpace((7,)))
    with pytest.raises(SolveError, match=r"did not settle in Fix\(Delta\(S_7\)\)"):
        solve_critical_point(reduced, np.array([np.nan, 1.0]))


@pytest.mark.parametrize("arithmetic", [FLOAT64, extended(30)])
def test_newton_refuses_a_singular_hessian(arithmetic):
    # Two positive neurons in one dimension: the loss depends on their sum only.
    reduced = ReducedLoss(FixedPointSpace((1,), extra=1), arithmetic)
    with pytest.raises(SolveError, match="did not settle"):
        solve_critical_point(reduced, np.array([0.3, 0.3]))


@pytest.mark.parametrize(
    ("family", "k", "m", "extra", "message"),
    [
        ("B", 8, None, 0, "'B' is not one of A, I, II"),
        ("A", 8, 1, 0, "family A has one block"),
        ("I", 8, None, 0, "whole number m >= 1"),
        ("II", 8, 1.5, 0, "m is 1.5; it must be a whole number"),
        ("II", 8, 2, 1, "0 and 2 further neurons"),
        ("A", 8, None, 2, "search_fixed_space"),
        ("II", 30, 4, 4, "with 0 further neurons"),
        ("II", 3, 2, 0, "needs m [+] 2"),
        ("A", 2.5, None, 0, "from m [+] 3 on"),
        ("I", np.nan, 1, 0, "k is nan; it must be a finite"),
        ("I", np.inf, 1, 0, "finite"),
        ("II", -5, 1, 0, "needs m [+] 2"),
    ],
)
def test_what_is_not_in_the_catalogue(family, k, m, extra, message):
    with pytest.raises(ValueError, match=message):
        symmetric_critical_point(family, k, m=m, extra=extra)


def test_weights_of_moderate_whole_sizes_only():
    assert known_point("I", 6, m=2, extra=0).weights().shape == (6, 6)
    assert known_point("II", 6, m=1, extra=1).weights().shape == (7, 6)
    with pytest.raises(ValueError, match="k <= 2000"):
        known_point("A", 1e6).weights()
    with pytest.raises(ValueError, match="only integer blocks"):
        known_point("A", 7.5).weights()
