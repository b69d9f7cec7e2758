"""Critical points with more neurons, perturbed teachers, and the names of points."""

import math

import numpy as np
import pytest

from helpers_minima import shuffled
from helpers_symmetry import known_point
from relu_landscape.families import (
    EndOutcome,
    Family,
    Persistence,
    collect_ends,
    descend_in_fixed_space,
    follow_to_teacher,
    identify_family,
    perturbed_teacher,
    search_fixed_space,
    single_column_space,
)
from relu_landscape.families.fixed_space_search import FixedSpaceEnd
from relu_landscape.families.perturbation import PerturbedPoint
from relu_landscape.minima import CriticalPointKind, measure_curvature
from relu_landscape.objective import population_hessian
from relu_landscape.search.polish import newton_polish
from relu_landscape.symmetry import SolveError
from relu_landscape.symmetry.isotypic import Eigenvalue

# (k, q, e): loss, smallest eigenvalue, index; source: derived for the design sheet.
REACHED = {
    (12, 1, 1): [
        (0.0158005164, 0.005495, 0),
        (0.0726545639, 0.000500, 0),
        (0.0786114098, -0.011352, 10),
    ],
    (12, 2, 1): [(0.0671773663, 0.001423, 0), (0.0726545639, 0.000500, 0)],
    (16, 2, 2): [(0.0773151860, -0.000558, 13)],
    (20, 1, 2): [(0.0915777961, -0.033902, 18)],
    (20, 2, 2): [(0.0864002182, 0.004761, 0)],
    (20, 2, 3): [(0.0858532335, -0.057331, 17)],
    (20, 3, 3): [(0.0805073412, 0.007659, 0)],
}


@pytest.mark.slow
@pytest.mark.parametrize(("k", "q", "extra"), REACHED)
def test_what_random_starts_reach(k, q, extra):
    search = search_fixed_space(k, q, extra, seed=0, starts=range(12))
    assert search.starts == 12
    counted = sum(len(found.starts) for found in search.points)
    assert counted + search.global_starts + search.unfinished_starts == 12
    for loss, smallest, index in REACHED[k, q, extra]:
        found = [x.point for x in search.points if abs(x.point.loss - loss) < 6e-11]
        assert len(found) == 1
        assert found[0].smallest.value == pytest.approx(smallest, abs=6e-7)
        assert found[0].index == index
        if index:
            # Unstable in one copy of the standard representation of S_{k-q}.
            assert found[0].smallest.irrep == "s_p"
            assert index == k - q - 1


def test_rounding_does_not_choose_the_representation_of_equal_eigenvalues():
    below, above = 0.5 - 1e-15, 0.5 + 1e-15
    further = Eigenvalue(0.5 + 1e-8, 1, "a")
    for first, second in ((below, above), (above, below)):
        equal = [Eigenvalue(first, 1, "t"), Eigenvalue(second, 11, "s_p")]
        spectrum = (*sorted(equal, key=lambda row: row.value), further)
        end = FixedSpaceEnd(0, EndOutcome.CRITICAL, 0.1, np.zeros(1), spectrum)
        assert (end.smallest.irrep, end.smallest.multiplicity) == ("s_p", 11)


def test_type_two_minimum_with_two_more_neurons():
    # Derived here: descent in Fix(S_18) at n = 22 also meets minima of small loss, rarely.
    end = descend_in_fixed_space(20, 2, 2, seed=0, start=11)
    assert end.outcome is EndOutcome.CRITICAL
    W = single_column_space(20, 2, 2).embed(end.parameters)
    polished = newton_polish(W, np.eye(20)).weights
    measured = measure_curvature(polished, np.eye(20))
    assert measured.kind is CriticalPointKind.SPURIOUS_MINIMUM
    assert measured.spectrum[0] == pytest.approx(end.smallest.value, abs=1e-9)
    assert end.loss * 20 == pytest.approx(0.2135, abs=1e-4)


def test_ends_do_not_depend_on_batches_or_order():
    whole = search_fixed_space(12, 1, 1, seed=3, starts=range(8))
    ends = [
        descend_in_fixed_space(12, 1, 1, seed=3, start=start) for start in (7, 2, 0, 5, 1, 3, 6, 4)
    ]
    again = collect_ends(single_column_space(12, 1, 1), ends)
    assert [x.starts for x in again.points] == [x.starts for x in whole.points]
    for mine, other in zip(again.points, whole.points, strict=True):
        np.testing.assert_array_equal(mine.point.parameters, other.point.parameters)
        assert mine.point.spectrum == other.point.spectrum
    other_seed = descend_in_fixed_space(12, 1, 1, seed=4, start=0)
    assert not np.array_equal(other_seed.parameters, ends[2].parameters)


def test_index_of_an_end_is_that_of_the_full_hessian():
    search = search_fixed_space(12, 1, 1, seed=0, starts=range(6))
    for found in search.points:
        W = search.space.embed(found.point.parameters)
        values = np.linalg.eigvalsh(population_hessian(W, np.eye(12)))
        assert found.point.index == np.count_nonzero(values < 0)
        assert found.point.smallest.value == pytest.approx(values[0], abs=1e-12)
    assert len(search.points) >= 2


def test_search_that_cannot_be():
    with pytest.raises(ValueError, match="k - q >= 2"):
        search_fixed_space(4, 3, 1, seed=0, starts=range(1))
    with pytest.raises(ValueError, match="0 or more"):
        search_fixed_space(8, 1, 1, seed=-1, starts=range(1))


@pytest.mark.parametrize(
    ("family", "m", "k", "epsilon"),
    [("II", 1, 12, 0.1), ("II", 2, 12, 0.1), ("A", None, 8, 0.02), ("I", 1, 12, 0.02)],
)
def test_minima_persist(family, m, k, epsilon):
    W = known_point(family, k, m=m).weights()
    for sample in range(3):
        V = perturbed_teacher(k, epsilon, seed=1, sample=sample)
        found = follow_to_teacher(W, V)
        assert found.outcome is Persistence.STRICT_MINIMUM
        assert found.reached == 1
        assert found.every_split_descends
        assert newton_polish(found.weights, V).displacement < 1e-10
        assert 0 < found.displacement < 10 * epsilon * np.sqrt(k)


def test_nothing_happens_without_perturbation():
    point = known_point("II", 8, m=1)
    found = follow_to_teacher(point.weights(), np.eye(8))
    assert found.displacement < 1e-13
    assert found.smallest_eigenvalue == pytest.approx(point.smallest.value, abs=1e-12)


def test_a_minimum_near_its_threshold_ends_in_a_fold():
    W = known_point("II", 8, m=2).weights()
    found = follow_to_teacher(W, perturbed_teacher(8, 0.01, seed=1, sample=0))
    assert found.outcome is Persistence.FOLD
    assert 0 < found.reached < 1
    assert abs(found.smallest_eigenvalue) < 1e-3


def test_a_saddle_stays_a_saddle():
    W = known_point("A", 8, extra=1).weights()
    found = follow_to_teacher(W, perturbed_teacher(8, 0.01, seed=1, sample=0))
    assert found.outcome is Persistence.SADDLE


def test_splits_descend_only_if_every_neuron_has_a_way_down():
    inner = np.array([-0.1, -1e-12])
    point = PerturbedPoint(
        Persistence.STRICT_MINIMUM,
        np.eye(2),
        1.0,
        0.0,
        0.1,
        1e-11,
        inner_smallest_eigenvalues=inner,
    )
    assert not point.every_split_descends


def test_perturbations_are_one_direction_at_every_size():
    small, large = (perturbed_teacher(6, size, seed=2, sample=5) - np.eye(6) for size in (0.1, 0.2))
    np.testing.assert_allclose(large, 2 * small, rtol=0, atol=1e-15)
    assert not np.allclose(small, perturbed_teacher(6, 0.1, seed=2, sample=6) - np.eye(6))


def test_perturbations_that_cannot_be():
    with pytest.raises(ValueError, match="epsilon >= 0"):
        perturbed_teacher(6, -0.1, seed=0, sample=0)
    with pytest.raises(ValueError, match="k <= 16"):
        follow_to_teacher(np.eye(17), np.eye(17))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("family", "m", "k"),
    [
        ("A", None, 8),
        ("I", 1, 8),
        ("II", 1, 8),
        ("II", 2, 10),
        ("I", 2, 10),
        ("I", 3, 12),
        ("I", 5, 12),
        ("II", 5, 12),
        ("I", 6, 12),
        ("II", 6, 12),
        ("I", 12, 20),
        ("II", 8, 20),
    ],
)
def test_points_are_named(family, m, k):
    point = known_point(family, k, m=m)
    noise = 1e-8 * np.random.default_rng(12).uniform(-1, 1, size=(k, k))
    found = identify_family(shuffled(point.weights(), np.random.default_rng(13)) + noise)
    assert found.family == Family(family)
    assert found.m == (m or 0)
    assert found.loss == pytest.approx(point.loss, abs=1e-13)
    if family == "II":
        assert found.loss_as_II == pytest.approx(0.2974 * m / 1e5, rel=1e-2)
        assert not abs(found.loss_as_I - (0.5 - 1 / np.pi)) < 0.01
    else:
        assert found.loss_as_I == pytest.approx(0.5 - 1 / np.pi, abs=2e-3)
        assert not found.loss_as_II < 0.01


def test_points_of_no_family():
    found = identify_family(shuffled(np.eye(8), np.random.default_rng(14)))
    assert found.family is None
    assert found.isotropy == "Delta(S_8)"
    assert math.isnan(found.loss_as_II)


def test_only_critical_points_have_names():
    near, far = known_point("II", 8, m=1).weights(), np.eye(8) + 0.3
    assert identify_family(near + 1e-4 * np.eye(8)).family is Family.II
    with pytest.raises((ValueError, SolveError), match=r"not at a critical point|did not settle"):
        identify_family(far)


def test_names_are_for_as_many_students_as_teachers():
    with pytest.raises(ValueError, match=r"n = k"):
        identify_family(np.ones((5, 4)))
