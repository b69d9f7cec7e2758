"""What certificates prove, written beside the rows that it is about."""

from fractions import Fraction

import pandas as pd
import pytest

from relu_landscape.certificates.records import prove_global_minima, prove_inequalities
from relu_landscape.global_minima.failures import tilted_pair_records, valley_records
from relu_landscape.global_minima.spectrum import compare_spectrum
from relu_landscape.proofs import (
    class_statements,
    count_proved,
    eigenvalue_statements,
    family_split_statements,
    family_statements,
    mark_proved,
    proved_radius,
    spread_pair_statements,
    tilted_pair_statements,
    witness_statements,
)
from relu_landscape.tables.frames import make_table

SIZE = {"k": 3, "n": 4, "d": 3}
PAIRS = [
    (tilted_pair_records, tilted_pair_statements, "hessian_form"),
    (valley_records, spread_pair_statements, "pl_ratio"),
]


@pytest.fixture(scope="module")
def inequalities():
    tenth = Fraction(1, 10)
    shares = [Fraction(1, 2), Fraction(3, 10)]
    proofs = prove_inequalities([SIZE], shares, [tenth, tenth**3], [tenth**2])
    return make_table(proofs.records, "certified_inequalities")


@pytest.fixture(scope="module")
def global_minima():
    return make_table(prove_global_minima([2, 3]).records, "certified_global_minima")


def certified(**changes):
    row = {"k": 8, "n": 8, "class_id": 1, "proved": True, "norm_sum_below_k": "proved"}
    return row | {"splits": 8, "splits_proved": 8} | changes


def answers(**changes):
    """The three answers about one class."""
    statements = class_statements(pd.DataFrame([certified(**changes)]))
    (marked,) = mark_proved([{"k": 8, "n": 8, "class_id": 1}], statements)
    return [marked[name] for name in ("proved", "norm_sum_proved", "splits_proved")]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ["proved", "proved", "proved"]),
        ({"norm_sum_below_k": "disproved"}, ["proved", "not_proved", "proved"]),
        ({"norm_sum_below_k": "undecided"}, ["proved", "not_proved", "proved"]),
        ({"splits_proved": 7}, ["proved", "proved", "not_proved"]),
        ({"splits": 0, "splits_proved": 0}, ["proved", "proved", "not_proved"]),
        ({"proved": False, "norm_sum_below_k": None, "splits_proved": 0}, ["not_proved"] * 3),
        ({"class_id": 2}, ["not_tried"] * 3),
        ({"n": 9}, ["not_tried"] * 3),
    ],
)
def test_a_class_has_what_its_certificate_says(changes, expected):
    assert answers(**changes) == expected


def test_records_keep_what_they_had_and_their_order():
    statements = class_statements(pd.DataFrame([certified(), certified(class_id=3)]))
    records = [{"k": 8, "n": 8, "class_id": number, "loss": number / 10} for number in range(5)]
    marked = pd.DataFrame(mark_proved(records, statements))
    assert marked["loss"].tolist() == [0.0, 0.1, 0.2, 0.3, 0.4]
    assert marked["proved"].eq("proved").tolist() == [False, True, False, True, False]
    assert count_proved(marked) == count_proved(marked, "splits_proved") == 2


def test_without_certificates_nothing_was_tried():
    nothing = class_statements(pd.DataFrame([certified()]).iloc[:0])
    (marked,) = mark_proved([{"k": 8, "n": 8, "class_id": 1}], nothing)
    assert {marked[name] for name in nothing.columns} == {"not_tried"}


def test_two_certificates_of_one_class_are_refused():
    twice = class_statements(pd.DataFrame([certified(), certified(proved=False)]))
    with pytest.raises(ValueError, match="unique"):
        mark_proved([], twice)


@pytest.mark.parametrize(("measure", "statements", "quantity"), PAIRS)
def test_points_next_to_a_global_minimum_are_those_of_the_certificates(
    inequalities, measure, statements, quantity
):
    records = measure([SIZE], [0.5, 0.3, 0.2], {"double": [0.1, 0.01], "extended": [0.001]})
    found = pd.DataFrame(mark_proved(records, statements(inequalities)))
    tried = (found["share"] != 0.2) & (found["epsilon"] != 0.01)
    assert found["proved"].eq("proved").tolist() == tried.tolist()
    assert set(found["proved"]) == {"proved", "not_tried"}
    failed = inequalities.assign(proved=inequalities["quantity"] != quantity)
    found = pd.DataFrame(mark_proved(records, statements(failed)))
    assert set(found["proved"]) == {"not_proved", "not_tried"}


def test_witnesses_are_those_of_the_certificates(inequalities):
    records = [{"witness": "two_equal", "scale": scale} for scale in (0.1, 0.01)]
    found = mark_proved(records, witness_statements(inequalities))
    assert [row["proved"] for row in found] == ["not_tried", "proved"]


def test_the_smallest_eigenvalue_at_a_global_minimum_is_enclosed(global_minima):
    records = [row for k, d in ((2, 2), (3, 5), (4, 4)) for row in compare_spectrum(k, d)]
    found = pd.DataFrame(mark_proved(records, eigenvalue_statements(global_minima)))
    assert found["proved"].eq("proved").tolist() == [
        row["rank"] == 0 and row["k"] < 4 for row in records
    ]
    beside = global_minima.assign(eigenvalue_lower=0.0909, eigenvalue_upper=0.0910)
    assert set(eigenvalue_statements(beside)["proved"]) == {False}


def test_the_radius_is_that_of_the_same_number_of_teachers(global_minima):
    assert proved_radius(global_minima, 3) == global_minima["radius"].iloc[1]
    assert proved_radius(global_minima, 4) is None


def test_a_point_of_a_family_can_be_proved_without_its_splits():
    point = {"family": "II", "m": 1, "extra": 0, "k": 8}
    row = point | {"proved": True, "splits": 2, "splits_proved": 1}
    certified = pd.DataFrame([row, row | {"k": 9, "splits_proved": 2}])
    records = [point | {"k": k} for k in (8, 9, 10)]
    points = mark_proved(records, family_statements(certified))
    splits = mark_proved(records, family_split_statements(certified))
    assert [row["proved"] for row in points] == ["proved", "proved", "not_tried"]
    assert [row["proved"] for row in splits] == ["not_proved", "proved", "not_tried"]
