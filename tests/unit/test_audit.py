import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings, strategies as st

from helpers_minima import KNOWN_POINTS
from relu_landscape.evidence.audit import (
    AuditFailure,
    Reported,
    agreed,
    audit_point,
    count_eigenvalues_below,
    extreme_rows,
    sample_rows,
    tolerances_for,
    within_reach,
)
from relu_landscape.minima import inner_hessian
from relu_landscape.objective import population_gradient, population_hessian, population_loss

SMALLEST_CONVEXITY = 0.25 - 0.5 / math.pi


def report(W, V, which=0):
    """What the pipeline would report of a point, with eigenpair `which`."""
    eigenvalues, vectors = np.linalg.eigh(population_hessian(W, V))
    return Reported(
        loss=population_loss(W, V),
        gradient_norm=float(np.linalg.norm(population_gradient(W, V))),
        smallest_eigenvalue=float(eigenvalues[which]),
        direction=vectors[:, which].reshape(W.shape),
        largest_inner_eigenvalue=max(
            float(np.linalg.eigvalsh(inner_hessian(W, V, i))[0]) for i in range(len(W))
        ),
    )


SPURIOUS = KNOWN_POINTS["k7-n7"].W, KNOWN_POINTS["k7-n7"].V
REPORT = report(*SPURIOUS)


def audit(**changes):
    return audit_point(*SPURIOUS, replace(REPORT, **changes))


def test_an_honest_report_of_a_spurious_minimum_agrees():
    record = audit()
    assert record.disagreements == ()
    assert record.loss == pytest.approx(0.023203, abs=5e-7)
    assert record.curvature_along == pytest.approx(0.014059, abs=5e-7)
    assert record.gradient_norm < 1e-14
    # The six regular neurons are equivalent, hence an eigenvalue of multiplicity five.
    assert (record.eigenvalues_below_lower, record.eigenvalues_below_upper) == (0, 5)
    agreed({"k7-n7 class 1": record})


def test_the_sign_of_the_direction_does_not_matter():
    assert audit(direction=-REPORT.direction).disagreements == ()


def test_a_global_minimum_with_a_multiple_eigenvalue_agrees():
    W = np.eye(4)[[2, 0, 3, 1]]
    record = audit_point(W, np.eye(4), report(W, np.eye(4)))
    assert record.disagreements == ()
    assert record.loss == 0.0
    assert record.curvature_along == pytest.approx(SMALLEST_CONVEXITY, abs=1e-14)
    assert record.eigenvalues_below_upper == 6


def test_a_saddle_with_parallel_neurons_agrees():
    W, V = SPURIOUS
    split = np.vstack([W[:-1], W[-1] / 2, W[-1] / 2])
    found = report(split, V)
    assert found.smallest_eigenvalue < -0.1
    assert audit_point(split, V, found).disagreements == ()


@pytest.mark.slow
@pytest.mark.parametrize("factor", [-1, 1])
@pytest.mark.parametrize("name", ["loss", "gradient_norm", "smallest_eigenvalue"])
def test_a_number_off_by_ten_tolerances_is_noticed(name, factor):
    tolerances = tolerances_for(*SPURIOUS)
    allowed = getattr(tolerances, name.removeprefix("smallest_"))
    within = audit(**{name: getattr(REPORT, name) + factor * allowed / 2})
    assert within.disagreements == ()
    record = audit(**{name: getattr(REPORT, name) + factor * 10 * allowed})
    assert record.disagreements
    assert all(line.startswith(name) for line in record.disagreements)


def test_tolerances_resolve_what_is_reported():
    tolerances = tolerances_for(*SPURIOUS)
    assert tolerances.loss < 1e-12
    assert tolerances.gradient_norm < 1e-11
    assert tolerances.eigenvalue < 1e-10


@pytest.mark.parametrize("name", ["loss", "gradient_norm"])
def test_nan_is_noticed(name):
    (line,) = audit(**{name: math.nan}).disagreements
    assert line.startswith(f"{name}: reported nan")


def test_an_eigenvalue_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="smallest_eigenvalue must be finite, not nan"):
        audit(smallest_eigenvalue=math.nan)


def test_another_eigenpair_than_the_smallest_is_noticed_by_inertia():
    sixth = report(*SPURIOUS, which=5)
    (line,) = audit_point(*SPURIOUS, sixth).disagreements
    assert line.startswith("smallest_eigenvalue: reported")
    assert "5 eigenvalue(s) lie more than" in line


def test_an_eigenvalue_below_all_others_is_noticed_by_inertia():
    lines = audit(smallest_eigenvalue=-0.5).disagreements
    assert any("every eigenvalue lies more than" in line for line in lines)


def test_a_direction_that_is_not_the_eigenvector_is_noticed():
    other = report(*SPURIOUS, which=5).direction
    (line,) = audit(direction=other).disagreements
    assert line.startswith("smallest_eigenvalue along its direction")


def test_a_direction_that_is_not_of_unit_length_is_noticed():
    lines = audit(direction=2 * REPORT.direction).disagreements
    assert any(line.startswith("length of the direction") for line in lines)


def test_a_doctored_result_fails_the_audit_and_every_disagreement_is_listed():
    records = {
        "k7-n7 class 0": audit(),
        "k7-n7 class 1": audit(loss=0.0),
        "k7-n7 class 2": audit(gradient_norm=1e-3),
    }
    with pytest.raises(AuditFailure) as caught:
        agreed(records)
    message = str(caught.value)
    assert message.startswith("2 reported value(s) disagree")
    assert "k7-n7 class 0" not in message
    assert "k7-n7 class 1: loss: reported 0.0, found 0.0232" in message
    assert "k7-n7 class 2: gradient_norm: reported 0.001, found" in message


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.integers(-5, 5), min_size=1, max_size=12),
    st.integers(-6, 6),
    st.integers(0, 2**32 - 1),
)
def test_inertia_counts_the_eigenvalues_below_a_bound(eigenvalues, bound, seed):
    size = len(eigenvalues)
    basis, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))
    matrix = basis @ np.diag(np.array(eigenvalues, dtype=float)) @ basis.T
    matrix = (matrix + matrix.T) / 2
    below = sum(value < bound + 0.5 for value in eigenvalues)
    assert count_eigenvalues_below(matrix, bound + 0.5) == below


def test_inertia_takes_pivots_of_size_two():
    assert count_eigenvalues_below(np.array([[0.0, 1.0], [1.0, 0.0]]), 0.0) == 1


def test_a_sample_is_the_same_each_time_and_keeps_the_order():
    frame = pd.DataFrame({"class_id": range(100)}, index=range(5, 105))
    first, second = sample_rows(frame, 10, 3), sample_rows(frame, 10, 3)
    pd.testing.assert_frame_equal(first, second)
    assert len(first) == 10
    assert (first.index - 5 == first["class_id"]).all()
    assert first["class_id"].is_monotonic_increasing
    assert first["class_id"].is_unique
    assert not first.equals(sample_rows(frame, 10, 4))


@pytest.mark.parametrize(("rows", "count", "expected"), [(3, 10, 3), (0, 2, 0), (5, 1, 1)])
def test_a_sample_has_as_many_rows_as_there_are(rows, count, expected):
    assert len(sample_rows(pd.DataFrame({"a": range(rows)}), count, 1)) == expected


def test_an_audit_that_reaches_no_row_is_refused():
    frame = pd.DataFrame({"k": [30, 40]})
    assert within_reach(frame, frame["k"] <= 30)["k"].tolist() == [30]
    assert within_reach(frame[:0], frame["k"][:0] <= 30).empty
    with pytest.raises(AuditFailure, match=r"none of 2 rows .* raise audit\.largest_k"):
        within_reach(frame, frame["k"] <= 20)


def test_a_sample_of_nothing_is_refused():
    with pytest.raises(ValueError, match="count must be 1 or more, not 0"):
        sample_rows(pd.DataFrame({"a": [1]}), 0, 1)


def test_a_wrong_inner_eigenvalue_is_found():
    (line,) = audit(largest_inner_eigenvalue=REPORT.largest_inner_eigenvalue + 1e-9).disagreements
    assert line.startswith("largest_inner_eigenvalue")


def test_rows_next_to_a_counterexample_are_chosen():
    frame = pd.DataFrame({"gap": [3.0, 1.0, 2.0], "inner": [-3.0, -2.0, -1.0]}, index=[4, 7, 9])
    chosen = extreme_rows(frame, {"gap": "smallest", "inner": "largest"})
    assert chosen.index.tolist() == [7, 9]
    assert extreme_rows(frame, {"gap": "smallest"}).index.tolist() == [7]
    assert extreme_rows(frame.head(0), {"gap": "smallest"}).empty
