import dataclasses

import numpy as np
import pandas as pd
import pytest

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, sizes_of, universal_finding
from relu_landscape.judging.words import counted

EVIDENCE = "statistics/bad_run_rates.parquet: search=safran2018, k=13, n=13"


def test_numpy_numbers_become_python_numbers():
    finding = Finding(
        Verdict.REPRODUCED,
        found={"rate": np.float64(0.5), "runs": np.int64(3)},
        sample_size=np.int64(3),
        interval=(np.float64(0.1), np.float64(0.9)),
        expected=np.bool_(True),
        evidence=EVIDENCE,
    )
    assert [type(value) for value in finding.found.values()] == [float, int]
    assert type(finding.sample_size) is int
    assert type(finding.expected) is bool
    assert all(type(end) is float for end in finding.interval)


def test_a_word_is_taken_for_the_verdict_it_names():
    assert Finding("not run").verdict is Verdict.NOT_RUN


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"found": float("nan")}, "found must be finite"),
        ({"expected": {"rate": float("inf")}}, r"expected\['rate'\] must be finite"),
        ({"found": [1.0]}, "found must be a number, a word or None, not list"),
        ({"interval": (2.0, 1.0)}, "low <= high"),
        ({"interval": (0.0, float("nan"))}, "low <= high"),
        ({"sample_size": -1}, "sample_size must be 0 or more"),
        ({"sample_size": 3, "proved": 4}, "proved must be from 0 to sample_size, 3, not 4"),
        ({"proved": 1}, "proved must be from 0 to sample_size"),
        ({"evidence": ""}, "must name its evidence"),
    ],
)
def test_what_cannot_be_a_finding_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Finding(Verdict.CONSISTENT, **({"evidence": EVIDENCE} | arguments))


def test_only_a_claim_that_was_not_run_needs_no_evidence():
    assert Finding(Verdict.NOT_RUN).evidence == ""


def test_an_undecided_claim_says_what_would_decide_it():
    with pytest.raises(ValueError, match="must say why it is undecided and what would decide it"):
        Finding(Verdict.UNDECIDED, evidence=EVIDENCE)
    sentence = "3 runs are few; 30 would decide."
    assert Finding("undecided", evidence=EVIDENCE, would_decide=sentence).would_decide == sentence


def test_an_unknown_verdict_is_refused():
    with pytest.raises(ValueError, match="'shown' is not a valid Verdict"):
        Finding("shown", evidence=EVIDENCE)


@pytest.mark.parametrize(
    "lacking", [{"listed": ""}, {"proved": 2}, {"proved": None}, {"sample_size": None, "proved": 0}]
)
def test_proved_is_only_what_is_proved_in_every_case_of_a_list(lacking):
    whole = {"sample_size": 3, "proved": 3, "listed": "k = 2..4", "evidence": EVIDENCE}
    assert Finding(Verdict.PROVED, **whole).listed == "k = 2..4"
    with pytest.raises(ValueError, match="needs all cases of an explicit list"):
        Finding(Verdict.PROVED, **(whole | lacking))


def test_claims_and_findings_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Claim("a").id = "b"
    with pytest.raises(dataclasses.FrozenInstanceError):
        Finding(Verdict.NOT_RUN).verdict = Verdict.REPRODUCED


def test_sizes_are_told_as_far_as_a_table_has_them():
    finite = pd.DataFrame({"n": [5, 10], "d1": [3, 3], "share": 0.5})
    assert sizes_of(finite) == "n=5..10, d1=3..3"
    assert sizes_of(pd.DataFrame({"k": [6, 8], "n": [6, 9]})) == "k=6, 8, n-k=0..1"
    fewer = pd.DataFrame({"k": [8, 8, 8, 8], "n": [1, 2, 3, 8]})
    assert sizes_of(fewer) == "k=8, n-k=-7..-5, 0"


@pytest.mark.parametrize(
    ("rows", "note"),
    [
        (pd.DataFrame({"k": [6, 7]}), "2 cases (k=6..7), 0 counterexamples. Told."),
        (pd.DataFrame({"data_set": ["line", "space"]}), "2 cases, 0 counterexamples. Told."),
    ],
)
def test_a_note_tells_sizes_where_the_table_has_them(rows, note):
    cases = Cases(rows, rows[:0], "points")
    assert universal_finding(cases, found=None, note="Told.").note == note


@pytest.mark.parametrize(
    ("number", "nouns", "said"),
    [
        (0, ("case",), "0 cases"),
        (1, ("case",), "1 case"),
        (2, ("case",), "2 cases"),
        (np.int64(1), ("search", "searches"), "1 search"),
        (12, ("spurious minimum", "spurious minima"), "12 spurious minima"),
    ],
)
def test_one_alone_is_in_the_singular(number, nouns, said):
    assert counted(number, *nouns) == said


def test_a_single_case_and_its_exception_are_said_in_the_singular():
    rows = pd.DataFrame({"k": [6]})
    finding = universal_finding(Cases(rows, rows, "table", ("k",)), found=None, note="")
    assert finding.note == "1 case (k=6), 1 counterexample."
