"""Splits of either sign, lines, ends of channels and restarts with outputs of both signs."""

from itertools import count

import numpy as np
import pytest

from relu_landscape.certificates.check import check_line
from relu_landscape.certificates.records import ClassMethod, Proofs
from relu_landscape.certificates.symmetric_minimum import certify_symmetric_minimum
from relu_landscape.families import symmetric_critical_point
from relu_landscape.leaky import leaky_critical_point
from relu_landscape.minima import inner_hessian
from relu_landscape.objective import (
    gated_unit_loss,
    leaky_relu,
    population_hessian,
    population_loss,
)
from relu_landscape.search import PROTOCOLS, find_minima
from relu_landscape.signed_outputs import channel_ends
from relu_landscape.signed_outputs.channel_ends import (
    ChannelCase,
    channel_rows,
    random_unit_teachers,
)
from relu_landscape.signed_outputs.inner_spectra import (
    class_forms,
    class_spectrum,
    inner_spectrum,
)
from relu_landscape.signed_outputs.orbit_proofs import prove_class_orbits, prove_family_orbits
from relu_landscape.signed_outputs.restart_ends import (
    SignedRuns,
    SignedSize,
    merged,
    prove_ends,
    restart_signed,
    share_row,
)
from relu_landscape.signed_outputs.split_lines import curvature_rows, slice_rows
from relu_landscape.signed_outputs.tables import ChannelEnds, ChannelRises
from relu_landscape.signed_outputs.unit_minima import (
    UnitNetwork,
    _Chart,
    fall_of_pair,
    prove_minimum,
    search_minimum,
)

RNG = np.random.default_rng(25)
II_1 = symmetric_critical_point("II", 8, m=1).weights()


def orbits_of(method, W=II_1):
    proofs = Proofs()
    prove_class_orbits(proofs, {"k": 8, "n": len(W), "class_id": 1}, W, method)
    return proofs


def test_both_methods_prove_half_lines_of_ii_1():
    whole, symmetric = (orbits_of(method) for method in ClassMethod)
    for proofs in (whole, symmetric):
        assert "signed splits of 8 neurons are minima" in check_line(proofs.lines[0])
        assert {row["neurons"]: row["opposite_sign"] for row in proofs.records} == {
            7: "minimum",
            1: "minimum",
        }
        assert {row["same_sign"] for row in proofs.records} == {"strict_saddle"}
    for one, other in zip(
        sorted(whole.records, key=lambda row: row["neurons"]),
        sorted(symmetric.records, key=lambda row: row["neurons"]),
        strict=True,
    ):
        assert one["highest"] == pytest.approx(other["highest"], rel=1e-9)
        assert 0 < one["curvature_lower"] <= -one["highest"] * (1 + 1e-12)


@pytest.mark.parametrize("method", ClassMethod)
def test_a_neuron_of_ii_1_with_one_more_has_saddles_alone(method):
    proofs = orbits_of(method, symmetric_critical_point("II", 11, m=1, extra=1).weights())
    check_line(proofs.lines[0])
    (mixed,) = [row for row in proofs.records if row["opposite_sign"] != "minimum"]
    assert mixed["lowest"] < 0 < mixed["highest"]
    assert (mixed["same_sign"], mixed["opposite_sign"]) == ("strict_saddle", "strict_saddle")
    assert mixed["checked_same"]
    assert not mixed["checked_opposite"]
    assert mixed["curvature_lower"] is None


def test_a_saddle_has_rows_without_a_proof():
    rows = orbits_of(ClassMethod.ALL_WEIGHTS, symmetric_critical_point("II", 8, m=3).weights())
    assert not rows.lines
    assert {row["opposite_sign"] for row in rows.records} == {"undecided"}
    assert {row["line"] for row in rows.records} == {0}


@pytest.mark.parametrize(("k", "verdict"), [(44, "minimum"), (45, "strict_saddle")])
def test_the_first_block_of_ii_1_turns_between_44_and_45(k, verdict):
    proofs = Proofs()
    prove_family_orbits(proofs, "II", 1, k)
    first, single = proofs.records
    assert first["same_sign"] == "strict_saddle"
    assert first["opposite_sign"] == verdict
    assert (first["highest"] < 0) == (verdict == "minimum") == first["checked_opposite"]
    assert single["opposite_sign"] == "minimum"
    check_line(proofs.lines[0])


def test_spectra_through_the_symmetry_are_those_of_all_weights():
    proofs = Proofs()
    prove_family_orbits(proofs, "II", 1, 8)
    for row, i in zip(proofs.records, (0, 7), strict=True):
        whole = inner_spectrum(II_1, np.eye(8), i)
        for name, value in vars(whole).items():
            assert row[name] == pytest.approx(value, rel=1e-9), name


def test_spectra_of_a_leaky_network_are_those_of_its_own_inner_hessian():
    slope = 0.125
    point = leaky_critical_point("II", 8, slope, m=1)
    minimum = certify_symmetric_minimum(point.space, point.parameters, kernel=leaky_relu(slope))
    W = point.weights()
    for form, i in zip(class_forms(minimum, minimum.W), (0, 7), strict=True):
        relu = inner_spectrum(W, np.eye(8), i)
        for name, value in vars(class_spectrum(form)).items():
            assert value == pytest.approx((1 - slope) ** 2 * getattr(relu, name), rel=1e-9), name


def test_a_family_that_is_no_minimum_has_no_rows():
    proofs = Proofs()
    prove_family_orbits(proofs, "II", 3, 8)
    assert not proofs.records


def test_the_hessian_of_a_split_is_that_of_the_formula():
    rows = list(curvature_rows(8, [1.5, 30.0]))
    assert len(rows) == 4
    for row in rows:
        assert row.form_error < 1e-13 * row.gamma**2
        assert abs(row.smallest_eigenvalue) < 1e-14
        assert 0 < row.next_eigenvalue <= row.curvature_across / 2


def test_a_slice_is_zero_on_the_line_and_above_beside_it():
    rows = list(slice_rows(8, 5))
    assert len(rows) == 50
    on = [row.excess for row in rows if row.delta == 0]
    assert np.abs(on).max() < 1e-14
    assert min(row.excess for row in rows if row.delta != 0) > 1e-7


UNIT = UnitNetwork(RNG.normal(size=(2, 3)), RNG.normal(size=3), RNG.normal(size=3))
V = RNG.normal(size=(3, 3))


def jet_at(x, chart):
    return chart.loss([float(entry) for entry in x])


def test_loss_gradient_and_hessian_of_a_unit_network():
    chart = _Chart(UNIT, V)
    x = chart.start + 0.1 * RNG.normal(size=len(chart.start))
    at, point = jet_at(x, chart), chart.network(x)
    assert at.value == pytest.approx(gated_unit_loss(point.W, V, point.gate, point.linear))
    for place, step in enumerate(1e-5 * np.eye(len(x))):
        after, before = jet_at(x + step, chart), jet_at(x - step, chart)
        slope = (after.value - before.value) / 2e-5
        assert at.gradient[place] == pytest.approx(slope, abs=1e-8)
        turning = (after.gradient - before.gradient) / 2e-5
        np.testing.assert_allclose(at.hessian[place], turning, rtol=1e-6, atol=1e-8)


def test_at_the_end_of_a_half_line_the_hessian_is_that_of_the_formula():
    W = RNG.normal(size=(3, 3))
    chart = _Chart(UnitNetwork(W[:2], W[2], W[2]), V)
    others, length = 6, np.linalg.norm(W[2])
    move_p = np.eye(3, len(chart.start), k=others)
    move_a = np.zeros_like(move_p)
    move_a[:, others + 3 :] = length * chart.turns
    as_students = np.eye(9, len(chart.start))
    across = move_p - move_a
    inner = inner_hessian(W, V, 2)
    expected = as_students.T @ population_hessian(W, V) @ as_students - across.T @ inner @ across
    found = jet_at(chart.start, chart).hessian
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12)


def test_a_point_that_is_no_minimum_is_not_proved():
    assert prove_minimum(UNIT, V) is None


def test_the_loss_rises_towards_an_end_off_the_lines():
    teachers = random_unit_teachers(3, 2, draw=0, seed=12501)
    rows = list(channel_rows(ChannelCase("random", 0, teachers, 2), 4, [10.0, 1000.0], 12501))
    ends = [row for row in rows if isinstance(row, ChannelEnds)]
    rises = [row for row in rows if isinstance(row, ChannelRises)]
    off = [end for end in ends if end.across_lower > 0.1]
    assert len(off) >= 1
    assert len(rises) == 2 * len(off)
    assert all(row.below for row in rises)
    for row in rises:
        assert row.rate == pytest.approx(row.limit, rel=2 / row.gamma)
    for end in off:
        assert end.loss_lower <= end.loss * (1 + 1e-12)
        assert end.loss <= end.loss_upper * (1 + 1e-12)


def test_an_end_with_orthonormal_teachers_is_on_a_line():
    found = search_minimum(
        UnitNetwork(np.array([[1.0, 0.2, 0.1]]), np.array([0.0, 1.0, 0.9]), np.array([0, 1, 1.0])),
        np.eye(3),
    )
    proof = prove_minimum(found, np.eye(3))
    assert np.linalg.norm(found.across) < 1e-12
    assert proof.hessian_lower > 0.005
    assert proof.across_lower == 0
    W = np.vstack([found.W, found.linear])
    assert proof.loss_lower <= population_loss(W, np.eye(3)) * (1 + 1e-12)
    assert abs(float(fall_of_pair(found, np.eye(3), 10.0))) < 1e-20
    beside = UnitNetwork(found.W + 1e-6, found.gate, found.linear)
    assert prove_minimum(beside, np.eye(3)) is None


def test_which_end_of_equal_losses_is_kept_hangs_on_no_last_bit(monkeypatch):
    """Ends of half-lines of either block of a minimum have its loss, and two Hessians."""

    def kept(change):
        searches = count()

        def loss(*network):
            return gated_unit_loss(*network) + change * next(searches)

        monkeypatch.setattr(channel_ends, "gated_unit_loss", loss)
        (row,) = channel_rows(ChannelCase("orthonormal", 0, np.eye(3), 1), 20, [10.0], seed=1)
        assert row.searches > 1
        return row.hessian_lower

    assert kept(1e-13) == kept(-1e-13)


def test_parallel_neurons_of_opposite_outputs_are_merged():
    w, other = np.array([1.0, 2.0]), np.array([3.0, -1.0])
    W, outputs = merged(np.array([1.5 * w, other, 0.5 * w]), np.array([1.0, 1.0, -1.0]))
    np.testing.assert_allclose(W, [w, other], rtol=1e-15, atol=0)
    assert outputs.tolist() == [1, 1]
    W, outputs = merged(np.array([0.5 * w, 1.5 * w]), np.array([1.0, -1.0]))
    np.testing.assert_allclose(W, [w], rtol=1e-15, atol=0)
    assert outputs.tolist() == [-1]
    W, outputs = merged(np.array([w, other]), np.array([1.0, -1.0]))
    assert outputs.tolist() == [1, -1]


def test_ends_of_bad_runs_are_told_apart():
    along, off = [[2.0, 0.0], [1.0, 1e-7]], [[2.0, 0.0], [0.5, 1.0]]
    runs = SignedRuns(
        SignedSize(k=2, positives=1, negatives=1),
        bad=np.array([True, True, True, True, False]),
        settled=np.array([True, True, False, False, True]),
        grown=np.array([False, False, True, False, False]),
        weights=np.array([along, off, off, along, off]),
        losses=np.array([1.0, 1.0, 1.0, 1.0, 0.0]),
    )
    row = share_row(runs)
    assert (row.runs, row.bad) == (5, 4)
    assert (row.isolated, row.plateau, row.channel, row.slow) == (1, 1, 1, 1)
    assert row.widest_parallel == pytest.approx(1e-7)
    assert row.nearest_other > 0.9


def test_a_run_goes_on_where_its_first_half_stopped():
    protocol = PROTOCOLS["safran2021"]
    runs = restart_signed(SignedSize(8, 8, 1), 5, 200, 12511, protocol)
    outputs = runs.size.outputs
    at_once = find_minima(
        9, 8, 5, seed=12511, protocol=protocol, iteration_budget=200, outputs=outputs
    )
    assert not runs.settled.any()
    # A run stops below the loss of bad ones in its first half alone; it is not looked at again.
    np.testing.assert_array_equal(runs.bad, at_once.losses >= protocol.bad_loss)
    assert runs.bad.any()
    bad = runs.bad
    np.testing.assert_allclose(runs.weights[bad], at_once.weights[bad], rtol=0, atol=1e-9)


def test_restarts_meet_the_new_minimum_and_half_lines():
    protocol = PROTOCOLS["safran2021"]
    runs = restart_signed(SignedSize(8, 8, 1), 30, 40_000, 12511, protocol)
    assert runs.size.outputs.tolist() == [1] * 8 + [-1]
    assert runs.bad.any()
    proofs = Proofs()
    prove_ends(proofs, runs)
    for line in proofs.lines:
        check_line(line)
    lowest = proofs.records[0]
    assert lowest["loss"] == pytest.approx(0.0199975475, abs=1e-9)
    assert (lowest["merged_positives"], lowest["merged_negatives"]) == (8, 1)
    assert lowest["proved"]
    assert lowest["negative_norm"] == pytest.approx(0.37278, abs=1e-5)
