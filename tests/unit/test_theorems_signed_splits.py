"""Signed splits of the families at every k: rows, verdicts."""

from fractions import Fraction

import pytest

from helpers_claims import find, verdict
from helpers_rows import table_of
from helpers_verdicts import changed
from relu_landscape.every_k import certify_family_for_all_k, decide_signed_splits
from relu_landscape.every_k.records import signed_split_rows
from relu_landscape.every_k.signed_splits import signed_splits_of
from relu_landscape.judging.findings import Verdict

MINIMA = "every_k_signed_splits[family=II,m=1,neuron_class=1]"
TURN = "every_k_signed_split_turns[family=II,m=1,neuron_class=0]"
MEMBERS = "every_k_signed_split_members"
CASE = {"family": "II", "m": 1}
TURNING = {"outcome": "turn", "turn_lower": 44.05172318981, "turn_upper": 44.05172318986}
ROWS = [
    CASE | {"neuron_class": 0, "least_k": 6.0} | TURNING,
    CASE
    | {"neuron_class": 1, "least_k": 6.0, "outcome": "minima"}
    | {"turn_lower": None, "turn_upper": None},
]
INNER = {"extra": 0, "inner_smallest_eigenvalue": -0.03, "inner_largest_eigenvalue": 1e-15}


@pytest.fixture
def sound():
    points = [(0, 40, 1e-15), (0, 50, 8e-4), (1, 40, -1e-15), (1, 10**6, 1e-15)]
    return {
        "theorem_signed_splits": table_of("theorem_signed_splits", ROWS),
        "theorem_checks": table_of("theorem_checks", [CASE | {"pieces": 2, "accepted": True}]),
        "family_splits": table_of(
            "family_splits",
            [
                CASE | INNER | {"neuron_class": x, "k": k, "inner_largest_eigenvalue": largest}
                for x, k, largest in points
            ],
        ),
    }


@pytest.mark.parametrize(
    ("claim", "expected"),
    [(MINIMA, Verdict.PROVED), (TURN, Verdict.REPRODUCED), (MEMBERS, Verdict.CONSISTENT)],
)
def test_a_sound_study_shows_what_it_claims(sound, claim, expected):
    assert verdict(claim, sound) == expected


W, S, SPLITS = {"neuron_class": 0}, {"neuron_class": 1}, "theorem_signed_splits"
SADDLES = {"outcome": "saddles", "turn_lower": None, "turn_upper": None}


@pytest.mark.parametrize(
    ("claim", "table", "rows", "changes", "expected"),
    [
        (MINIMA, "family_splits", S, {"inner_largest_eigenvalue": 1e-3}, Verdict.REFUTED),
        (MINIMA, SPLITS, S, {"outcome": "undecided"}, Verdict.UNDECIDED),
        (MINIMA, SPLITS, S, {"least_k": 7.0}, Verdict.UNDECIDED),
        (MINIMA, "theorem_checks", {}, {"accepted": False}, Verdict.UNDECIDED),
        (TURN, "family_splits", {"k": 50}, {"inner_largest_eigenvalue": 0.0}, Verdict.REFUTED),
        (TURN, "family_splits", W | {"k": 40}, {"inner_largest_eigenvalue": 1e-3}, Verdict.REFUTED),
        (TURN, SPLITS, W, {"turn_upper": 44.0518}, Verdict.DEVIATES),
        (TURN, SPLITS, W, {"turn_lower": 44.0516}, Verdict.DEVIATES),
        (TURN, SPLITS, W, SADDLES | {"least_k": 45.0}, Verdict.NOT_RUN),
        (TURN, "theorem_checks", {}, {"accepted": False}, Verdict.NOT_RUN),
        (MEMBERS, "family_splits", {"k": 50}, {"inner_largest_eigenvalue": 0.0}, Verdict.REFUTED),
        (MEMBERS, "family_splits", S, {"inner_largest_eigenvalue": 1e-3}, Verdict.REFUTED),
        (MEMBERS, SPLITS, W, SADDLES | {"least_k": 45.0}, Verdict.CONSISTENT),
        (MEMBERS, SPLITS, W, SADDLES, Verdict.REFUTED),
        (MEMBERS, SPLITS, {}, {"least_k": 1e9}, Verdict.NOT_RUN),
    ],
)
def test_a_false_number_turns_the_verdict(sound, claim, table, rows, changes, expected):
    assert verdict(claim, changed(sound, table, rows, changes)) == expected


def test_a_verdict_names_the_point_that_contradicts(sound):
    finding = find(MINIMA, changed(sound, "family_splits", S, {"inner_largest_eigenvalue": 1e-3}))
    assert "k=40" in finding.note


def test_rows_hold_what_is_proved():
    certificate = decide_signed_splits(certify_family_for_all_k("II", 1, least_k=40))
    ordinary, special = signed_split_rows(certificate)
    assert (ordinary.neuron_class, ordinary.outcome, ordinary.least_k) == (0, "turn", 40)
    lower, upper = signed_splits_of(certificate)["w"].turn
    assert Fraction(ordinary.turn_lower) <= lower < upper <= Fraction(ordinary.turn_upper)
    assert ordinary.turn_upper - ordinary.turn_lower < 1e-9
    assert (special.neuron_class, special.outcome) == (1, "minima")
    assert special.turn_lower is special.turn_upper is None
