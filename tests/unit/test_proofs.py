"""What certificates prove, written beside the rows that it is about."""

import pandas as pd
import pytest

from relu_landscape.proofs import class_statements, count_proved, mark_proved


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
