"""The theorems for every m: rows, verdicts, what each profile claims."""

import json

import pytest
import yaml

from helpers_claims import find, ledger, verdict
from helpers_rows import table_of
from helpers_tables import ROOT
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.every_k.records import every_m_row
from relu_landscape.every_k.settings import FamiliesForEveryM
from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.theorems_page import read_words, render_theorems
from relu_landscape.studies.theorems.steps.prove_every_m import prove_every_m

CLAIMS = ledger("theorems")
CASE = {"family": "II", "least_m": 3, "least_ratio": 4.0}
CLAIM = "every_m_minima[family=II,least_m=3,least_ratio=4.0]"
POINT = {"family": "II", "m": 3, "extra": 0, "k": 12, "loss": 0.02, "smallest_eigenvalue": 0.05}
SAID = {"rectangles": 397, "proved": True, "reason": None, "eigenvalue_lower": 0.01}


def tables(theorem=None, check=None, point=None):
    """Those of a sound study, but for what is given."""
    return {
        "rectangle_theorems": table_of("rectangle_theorems", [CASE | SAID | (theorem or {})]),
        "rectangle_checks": table_of(
            "rectangle_checks", [CASE | {"rectangles": 397, "accepted": True} | (check or {})]
        ),
        "family_points": table_of("family_points", [POINT | {"index": 0.0} | (point or {})]),
    }


FAILED = {"proved": False, "rectangles": 0, "reason": "box_too_wide: k/m from 3.2",
          "eigenvalue_lower": None}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Verdict.PROVED),
        ({"check": {"accepted": False}}, Verdict.UNDECIDED),
        ({"theorem": FAILED}, Verdict.UNDECIDED),
        ({"theorem": {"least_ratio": 5.0}}, Verdict.NOT_RUN),
        ({"point": {"index": 1.0}}, Verdict.REFUTED),
        ({"point": {"index": 1.0, "k": 11}}, Verdict.PROVED),
        ({"point": {"index": 1.0, "m": 2}}, Verdict.PROVED),
        ({"point": {"index": 1.0, "extra": 1}}, Verdict.PROVED),
    ],
)
def test_what_is_proved_and_checked_is_proved_and_a_saddle_refutes_it(changes, expected):
    assert verdict(CLAIM, tables(**changes)) == expected


def test_what_is_not_proved_says_where():
    assert "k/m from 3.2" in find(CLAIM, tables(theorem=FAILED)).note


def test_a_step_writes_the_theorem_and_its_certificate():
    wanted = FamiliesForEveryM(family="I", least_m=30, least_ratio=1000.0)
    made = prove_every_m(wanted)
    (row,) = made["rectangle_theorems"]
    assert (row.proved, row.rectangles, row.reason) == (True, 1, None)
    assert 0 < row.eigenvalue_lower < 0.1
    assert made["certificate"].count("\n") == 2
    assert wanted.name == "I-30-1000"


def test_a_failure_has_a_row_with_its_reason():
    wanted = FamiliesForEveryM(family="II", least_m=3, least_ratio=1.5)
    failure = Failure(FailureReason.BOX_TOO_WIDE, "k/m from 3.2: the point is not located")
    row = every_m_row(wanted, failure)
    assert (row.proved, row.rectangles, row.eigenvalue_lower) == (False, 0, None)
    assert "k/m from 3.2" in row.reason


def test_each_profile_claims_what_it_proves():
    claimed = [entry.case for entry in CLAIMS.values() if entry.claim == "every_m_minima"]
    wanted = {}
    for profile in ("quick", "paper"):
        config = yaml.safe_load((ROOT / f"config/{profile}.yaml").read_text(encoding="utf-8"))
        wanted[profile] = config["theorems"]["every_m"]
    assert all(one in claimed for one in wanted["quick"])
    assert sorted(map(str, wanted["paper"])) == sorted(map(str, claimed))


def test_the_page_names_the_check_of_what_quick_proved():
    seconds = {"prove_every_m/II-3-4": 11.0, "check_every_m/II-3-4": 22.0}
    pieces = {"every_m_minima[family=II,least_m=3,least_ratio=4.0]": 210}
    assert set(pieces) <= set(CLAIMS)
    page = render_theorems(CLAIMS.values(), seconds, pieces, {})
    check = "python -m relu_landscape.certificates.check_every_m results/quick/every_m/II-3-4.jsonl"
    assert f"| II_m, every m >= 3 | 4 m | 210 | 11.0 | 22.0 | `{check}` |" in page
    assert "| II_m, every m >= 12 | 2.02 m |  |  |  |  |" in page


def test_the_page_has_the_number_of_each_theorem_that_is_one():
    page = render_theorems(CLAIMS.values(), {}, {}, {})
    for claim in {entry.claim for entry in CLAIMS.values() if entry.kind == "number"}:
        said = page.partition(f"**`{claim}`.**")[2].partition("\n**")[0]
        expected = [x.expected for x in CLAIMS.values() if x.claim == claim and x.expected]
        assert all(str(value) in said for one in expected for value in one.values()), claim


def test_the_page_says_on_what_each_statement_rests(tmp_path):
    def judged(claim, rests_on, verdict):
        return {"claim": claim, "rests_on": rests_on, "verdict": verdict}

    ledger = tmp_path / "claims.json"
    rows = [
        judged("every_k_minima", "proved", "proved"),
        judged("every_k_minima", "", "not run"),
        judged("every_k_minima", "", "not run"),
        judged("every_k_first_type_flattens", "conjectured", "consistent"),
    ]
    ledger.write_text(json.dumps(rows), encoding="utf-8")
    page = render_theorems(CLAIMS.values(), {}, {}, read_words(ledger))
    lines = [line for line in page.splitlines() if line.startswith("**`")]
    told = {line.split("`")[1]: line.rpartition(" *")[2] for line in lines if line[-2:] == ".*"}
    assert told == {
        "every_k_minima": "1 proved, 2 not run.*",
        "every_k_first_type_flattens": "1 conjectured.*",
    }
