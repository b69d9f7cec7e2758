"""Points with fewer students than teachers: spectra, branches, crossings, proofs, ends."""

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from flint import arb

from helpers_certificates import family_minimum
from relu_landscape.certificates import certify_minimum, minimum_line
from relu_landscape.certificates.acceptance import accepts
from relu_landscape.certificates.check import Refused, check_line
from relu_landscape.certificates.outcome import FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.certificates.records import Proofs
from relu_landscape.fewer_students import (
    CopyBranch,
    copy_average_point,
    one_student_coordinate,
    one_student_loss,
    perturbed_copy_point,
)
from relu_landscape.fewer_students.average_enclosures import enclose_average, is_one_curve
from relu_landscape.fewer_students.certified_copies import prove_copy
from relu_landscape.fewer_students.copies_part import copies_part_between, where_copies_part
from relu_landscape.fewer_students.copy_branches import branch_space
from relu_landscape.fewer_students.copy_records import copy_points_at
from relu_landscape.fewer_students.crossing import (
    enclosed_limit,
    extrapolated_limit,
    limiting_difference,
    loss_crossing,
)
from relu_landscape.fewer_students.descent_ends import OTHER, name_end
from relu_landscape.fewer_students.relu_branches import solve_relu_branch
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.search import PROTOCOLS, find_minima
from relu_landscape.symmetry import ReducedLoss, SolveError, solve_critical_point

SMALL_STEP = replace(PROTOCOLS["safran2021"], step=2.5, tolerance=1e-9)
# Loss and index with k = 8, computed for this project by other programs: whole weights, descent.
KNOWN = {
    (copy_average_point, 1): (2.209500800, 0),
    (copy_average_point, 2): (1.120947140, 0),
    (copy_average_point, 4): (0.390724890, 0),
    (copy_average_point, 6): (0.135510718, 2),
    (perturbed_copy_point, 3): (0.648178035, 2),
    (perturbed_copy_point, 5): (0.237590058, 0),
    (perturbed_copy_point, 7): (0.057291174, 0),
}


@cache
def sound_line():
    return minimum_line(certify_minimum(copy_average_point(8, 4).weights(), np.eye(8)))


@pytest.mark.parametrize(("point_at", "n"), KNOWN)
def test_points_are_critical_with_the_spectrum_of_their_whole_hessian(point_at, n):
    point, teachers = point_at(8, n), np.eye(8)
    loss, index = KNOWN[point_at, n]
    W = point.weights()
    assert W.shape == (n, 8)
    assert point.outputs().tolist() == [1.0] * n
    assert point.loss == pytest.approx(loss, abs=1e-9)
    assert point.loss == pytest.approx(population_loss(W, teachers), rel=1e-13, abs=0)
    assert point.index == index
    assert np.abs(population_gradient(W, teachers)).max() < 1e-14
    repeated = [round(row.multiplicity) for row in point.spectrum]
    spectrum = np.repeat([row.value for row in point.spectrum], repeated)
    whole = np.linalg.eigvalsh(population_hessian(W, teachers))
    np.testing.assert_allclose(np.sort(spectrum), whole, atol=1e-13, rtol=0)


def test_branches_are_followed_and_not_guessed():
    """Newton's method from plain copies and averages ends elsewhere at k = 20, n = 10."""
    space = branch_space(CopyBranch.COPY_AVERAGE, 20, 10)
    plain = solve_critical_point(ReducedLoss(space), np.array([1.0, 0.0, 0.0, 0.0, 1.0]))
    followed = copy_average_point(20, 10)
    assert followed.loss == pytest.approx(0.952520625, abs=1e-9)
    assert followed.index == 0
    assert ReducedLoss(space).loss(plain.parameters) > followed.loss + 0.01


def test_points_at_real_sizes_continue_those_at_whole_ones():
    whole = copy_average_point(8, 5)
    beside = copy_average_point(8 + 1e-6, 5 + 1e-6)
    assert beside.parameters == pytest.approx(whole.parameters, abs=1e-5)
    assert sum(row.multiplicity for row in copy_average_point(50.5, 16.25).spectrum) == (
        pytest.approx(50.5 * 16.25)
    )
    with pytest.raises(ValueError, match="only integer blocks"):
        beside.weights()
    with pytest.raises(ValueError, match="whole number of students"):
        beside.outputs()


@pytest.mark.parametrize(
    ("point_at", "k", "n"),
    [
        (copy_average_point, 8, 8),
        (copy_average_point, 8, 2.5),
        (copy_average_point, 8, 0),
        (copy_average_point, 8, 6.5),
        (perturbed_copy_point, 8, 1),
        (perturbed_copy_point, 8, 2.5),
        (perturbed_copy_point, 8.5, 7),
    ],
)
def test_sizes_that_a_branch_does_not_come_with(point_at, k, n):
    with pytest.raises(ValueError, match=r"needs n = (1, 2, 3|2) or a real n >= [43]"):
        point_at(k, n)


@pytest.mark.parametrize("kernel", ["relu", "erf"])
@pytest.mark.parametrize("k", [1e300, 10**400])
def test_sizes_whose_squares_overflow_are_refused(kernel, k):
    with pytest.raises(ValueError, match=r"k or n is beyond 1e\+20"):
        copy_average_point(k, 4, kernel=kernel)


def test_other_activations_are_named_as_unknown():
    with pytest.raises(ValueError, match="kernel = 'tanh'; these points are known for relu"):
        copy_average_point(8, 4, kernel="tanh")


def test_a_guess_on_another_branch_is_refused(monkeypatch):
    guess = "relu_landscape.fewer_students.relu_branches.starting_guess"
    monkeypatch.setattr(guess, lambda *_: np.array([1.0, 0.0, 0.0, 0.0, 1.0]))
    with pytest.raises(SolveError, match="left the neighbourhood of the branch at k = 20"):
        solve_relu_branch(CopyBranch.COPY_AVERAGE, 20, 10)


def test_losses_cross():
    assert loss_crossing(8) == pytest.approx(4.7796, abs=5e-5)
    with pytest.raises(ValueError, match="from k = 8 to"):
        loss_crossing(7)


def test_the_limit_of_the_crossings_is_enclosed():
    lower, upper = enclosed_limit()
    assert 0 < upper - lower < 1e-9
    assert limiting_difference(float(lower) - 1e-9) > 0 > limiting_difference(float(upper) + 1e-9)
    # n*(k) at k = 1000 and 10000 is off by O(1/k), and so by 1/k^2 after one step.
    found = extrapolated_limit([1000, 10_000], [30.472857173, 31.830552048])
    assert found == pytest.approx(float(lower), abs=0.01)
    assert all(limiting_difference(n) > 0 for n in range(3, 32))
    assert all(limiting_difference(n) < 0 for n in range(32, 200))
    with pytest.raises(ValueError, match="a finite n >= 3"):
        limiting_difference(2.5)


def test_the_copy_average_is_enclosed_with_its_loss_and_index():
    for k, n, unstable in ((8, 4, None), (12, 9, "s_1"), (100, 3, "s_0")):
        point, found = copy_average_point(k, n), enclose_average(k, n)
        assert float(found.loss) == pytest.approx(point.loss, rel=1e-14)
        assert found.loss.rad() < 1e-12
        negative = {name for name, count in found.negative.items() if count != 0}
        assert negative == ({unstable} if unstable else set())
        assert (point.index > 0) is (unstable is not None)
    with pytest.raises(ValueError, match="from n = 3 on"):
        enclose_average(8, 2)


def test_a_parting_is_proved_between_two_signs_alone():
    assert where_copies_part(4, [8, 16])[1] is None
    far, near, next_to_it = (enclose_average(k, 3) for k in (60.0, 93.0, 93.0 + 2.0**-40))
    assert is_one_curve(near, next_to_it)
    assert not is_one_curve(far, near)
    k = 93.01861588303136
    assert copies_part_between(3, k - 1e-12, k + 1e-12)
    assert not copies_part_between(3, k + 1e-12, k + 3e-12)
    assert not copies_part_between(3, k - 3e-12, k - 1e-12)


@pytest.mark.slow
def test_far_away_the_limit_says_which_is_lower():
    for n, average_is_lower in ((31, True), (32, False)):
        average, perturbed = copy_average_point(1e6, n), perturbed_copy_point(1e6, n)
        assert (average.loss < perturbed.loss) is average_is_lower
        assert (average.index, perturbed.index) == (0, 0)


def test_a_polynomial_in_the_inverse_of_k_is_extrapolated_exactly():
    teachers = [10.0, 20.0, 40.0]
    assert extrapolated_limit(teachers, [3 - 5 / k + 7 / k**2 for k in teachers]) == pytest.approx(
        3
    )


def test_the_steps_of_the_proof_for_one_student():
    """Step 4: h(0.78) > pi, N(0.93) < 0, and the squares add up to more than 1."""
    with precision(96):
        low, high = arb("0.78"), arb("0.93")
        assert (arb.pi() / 2 + low.asin()) / low > arb.pi()
        assert high / (1 - high**2).sqrt() - high.asin() - arb.pi() / 2 < 0
        assert low**2 + high**2 > 1


@pytest.mark.parametrize("k", [2, 3, 8])
def test_one_student(k):
    found = find_minima(1, k, 3, seed=1, protocol=SMALL_STEP)
    assert found.converged.all()
    assert found.losses == pytest.approx(one_student_loss(k), rel=1e-12)
    assert found.weights == pytest.approx(one_student_coordinate(k), abs=1e-7)
    opposite = -one_student_coordinate(k) * np.ones((1, k))
    slopes = [population_gradient(scale * opposite, np.eye(k))[0, 0] for scale in (1e-3, 1.0)]
    # Along the opposite ray there is one critical point, and k - 1 directions fall there.
    assert slopes[0] * slopes[1] < 0
    with pytest.raises(ValueError, match="number of teachers"):
        one_student_loss(0.5)


def test_strict_minima_are_proved_and_the_lower_one_is_known():
    proofs = Proofs()
    for n in (4, 5, 6):
        for point in copy_points_at(8, n):
            prove_copy(proofs, point)
    rows = {(row["branch"], row["n"]): row for row in proofs.records}
    assert all(row["checked"] for row in rows.values() if row["proved"])
    assert [size for size, row in rows.items() if not row["proved"]] == [("copy_average", 6)]
    assert rows["copy_average", 6]["reason"] == FailureReason.NOT_POSITIVE_DEFINITE.value
    assert rows["copy_average", 4]["loss_upper"] < rows["perturbed_copy", 4]["loss_lower"]
    assert rows["perturbed_copy", 5]["loss_upper"] < rows["copy_average", 5]["loss_lower"]


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "spurious_minimum"},
        {"n": 3},
        {"k": 4},
        {"loss_lower": "0.3908"},
        {"loss_upper": "0.3907"},
        {"hessian_lower": "0.0089"},
        {"orthogonal_hessian_lower": "0.11"},
        {"location_radius": "1e-40"},
        {"convexity_radius": "0.5"},
        {"norm_sum_upper": "1"},
    ],
)
def test_doctored_certificates_are_refused(change):
    line = sound_line()
    assert check_line(line).startswith("strict minimum n=4 k=8 d>=8")
    assert accepts(line)
    doctored = json.dumps(json.loads(line) | change)
    assert not accepts(doctored)
    with pytest.raises(Refused):
        check_line(doctored)


def test_a_spurious_minimum_is_not_said_to_be_strict_alone():
    line = minimum_line(family_minimum(7))
    assert check_line(line).startswith("spurious minimum n=7 k=7")
    with pytest.raises(Refused, match="stated as spurious where k outputs are 1"):
        check_line(json.dumps(json.loads(line) | {"statement": "strict_minimum"}))


def test_ends_are_named_whatever_their_order():
    random = np.random.default_rng(3)
    points = list(copy_points_at(8, 5))
    for point in points:
        W = point.weights()[random.permutation(5)][:, random.permutation(8)]
        end = name_end(W + 1e-8 * random.normal(size=W.shape), points)
        assert end.name == point.branch.value
        assert end.distance < 1e-7
    assert name_end(random.normal(size=(5, 8)), points).name == OTHER


def test_descent_ends_at_the_two_points():
    found = find_minima(5, 8, 8, seed=1, protocol=SMALL_STEP)
    points = list(copy_points_at(8, 5))
    assert {name_end(W, points).name for W in found.weights[found.converged]} == {
        "copy_average",
        "perturbed_copy",
    }


@pytest.mark.parametrize("k", [0.5, 1e200])
def test_a_number_of_teachers_without_a_square_is_refused(k):
    with pytest.raises(ValueError, match=r"k = .*must be from 1 to 1e\+150"):
        one_student_loss(k)
