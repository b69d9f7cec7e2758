"""Saddles and splits in the study of theorems: verdicts, steps and the figure."""

import pytest

from helpers_claims import find, verdict
from helpers_rows import table_of
from helpers_verdicts import changed
from relu_landscape.certificates import check_saddles
from relu_landscape.every_k.settings import FurtherSaddle, Splits
from relu_landscape.judging.findings import Verdict
from relu_landscape.studies.theorems.figures.splits import splits_for_every_k
from relu_landscape.studies.theorems.steps.enclose_every_split import enclose_every_split
from relu_landscape.studies.theorems.steps.prove_saddle_every_k import prove_saddle_every_k

SADDLE, THRESHOLD = "every_k_further_saddle", "every_k_further_saddle_threshold"
SPECIAL = "every_k_fastest_split[neuron_class=1,irrep=t,place=0]"
ORDINARY = "every_k_fastest_split[neuron_class=0,irrep=t,place=0]"
POSITIVE, NEGATIVE = "every_k_split_sign[sign=positive]", "every_k_split_sign[sign=negative]"
CONSTANT = "every_k_split_constant[neuron_class=1,irrep=t,place=0]"
MEMBERS = "every_k_split_members"
CASE = {"family": "II", "m": 1}
POINT = {"extra": 0, "neurons": 1, "irrep": "t", "inner_largest_eigenvalue": 0.0}
# Pieces, and of each eigenvalue its ends over h^power there.
ENDS = [(45.0, None), (15.0, 45.0), (13.5, 15.0), (6.0, 13.5)]
EIGENVALUES = {
    (0, "t", 0): (1, [(-0.2, -0.115), (-0.25, -0.2), (-0.26, -0.25), (-0.3, -0.26)]),
    (0, "t", 1): (1, [(0.01, 0.12), (-0.05, -0.01), (-0.06, -0.05), (-0.1, -0.06)]),
    (0, "s_{p-1}", 0): (2, [(-0.32, -0.31), (-0.31, -0.3), (-0.3, -0.29), (-0.29, -0.28)]),
    (1, "t", 0): (1, [(-0.41, -0.31), (-0.31, -0.26), (-0.26, -0.255), (-0.25, -0.22)]),
    (1, "s_p", 0): (1, [(-0.21, -0.13), (-0.13, -0.1), (-0.1, -0.1), (-0.12, -0.1)]),
}


def pieces():
    for (neuron_class, irrep, place), (power, intervals) in EIGENVALUES.items():
        name = {"neuron_class": neuron_class, "irrep": irrep, "place": place, "power": power}
        for piece, ((least_k, largest_k), (lower, upper)) in enumerate(
            zip(ENDS, intervals, strict=True)
        ):
            ends = {"least_k": least_k, "largest_k": largest_k, "lower": lower, "upper": upper}
            yield CASE | name | ends | {"piece": piece}


def neuron(k, neuron_class, value, largest=0.0):
    """Eigenvalues over h at one k."""
    return CASE | POINT | {
        "k": k, "neuron_class": neuron_class, "inner_smallest_eigenvalue": value * k**-0.5,
        "inner_largest_eigenvalue": largest * k**-0.5,
    }  # fmt: skip


@pytest.fixture
def sound():
    series = [
        (0, "t", 0, 1, -0.11566751889911515, "-1/pi + 2/pi^2"),
        (0, "t", 1, 1, 0.11566751889911515, "1/pi - 2/pi^2"),
        (1, "s_p", 0, 1, -0.20264236728467555, "-2/pi^2"),
        (1, "t", 0, 1, -0.4052847345693511, "-4/pi^2"),
        (1, "t", 0, 2, 0.887, "12/pi^2 - 32/pi^4"),
    ]
    names = ("neuron_class", "irrep", "place", "power", "lower", "exact")
    threshold = {"threshold_lower": 5.05772544385, "threshold_upper": 5.05772544387}
    saddle = {"family": "A", "m": 0, "extra": 1}
    checks = [{"theorem": x, "pieces": 4, "accepted": True} for x in ("further_row", "splits")]
    proof = {"least_k": 6.0, "proved": True, "reason": None, "pieces": 4, "component": "y_p"}
    return {
        "theorem_saddles": table_of("theorem_saddles", [saddle | proof | threshold]),
        "theorem_saddle_checks": table_of("theorem_saddle_checks", checks),
        "theorem_splits": table_of("theorem_splits", list(pieces())),
        "theorem_split_series": table_of(
            "theorem_split_series",
            [
                CASE | dict(zip(names, row, strict=True)) | {"upper": row[4], "digits": ""}
                for row in series
            ],
        ),
        "family_points": table_of(
            "family_points", [saddle | {"k": k, "index": k - 1.0} for k in (6, 100)]
        ),
        "family_splits": table_of(
            "family_splits",
            [
                *(neuron(100, 0, -0.17, 0.03), neuron(100, 1, -0.33)),
                *(neuron(20, 0, -0.24), neuron(20, 1, -0.27)),
                *(neuron(8, 0, -0.28), neuron(8, 1, -0.235)),
            ],
        ),
    }


@pytest.mark.parametrize("claim", [SADDLE, SPECIAL, ORDINARY, POSITIVE, NEGATIVE, CONSTANT])
def test_a_sound_study_proves_what_it_claims(sound, claim):
    assert verdict(claim, sound) == Verdict.PROVED


def test_the_rest_is_found_and_consistent(sound):
    assert verdict(THRESHOLD, sound) == Verdict.REPRODUCED
    assert verdict(MEMBERS, sound) == Verdict.CONSISTENT


CHANGES = [
    (SADDLE, "family_points", {"k": 100}, {"index": 98.0}, Verdict.REFUTED),
    (SADDLE, "theorem_saddles", {}, {"least_k": 7.0}, Verdict.UNDECIDED),
    (SADDLE, "theorem_saddles", {}, {"proved": False}, Verdict.UNDECIDED),
    (SADDLE, "theorem_saddle_checks", {"pieces": 4}, {"accepted": False}, Verdict.UNDECIDED),
    (THRESHOLD, "theorem_saddles", {}, {"threshold_upper": 5.058}, Verdict.DEVIATES),
    (THRESHOLD, "theorem_saddles", {}, {"threshold_lower": None}, Verdict.NOT_RUN),
    (SPECIAL, "theorem_splits", {"piece": 1, "irrep": "s_p"}, {"lower": -0.265}, Verdict.UNDECIDED),
    (SPECIAL, "theorem_splits", {"piece": 1}, {"least_k": 15.5}, Verdict.UNDECIDED),
    (
        SPECIAL,
        "family_splits",
        {"k": 20, "neuron_class": 0},
        {"inner_smallest_eigenvalue": -0.1},
        Verdict.REFUTED,
    ),
    (SPECIAL, "theorem_saddle_checks", {"theorem": "splits"}, {"accepted": False},
     Verdict.UNDECIDED),
    (ORDINARY, "theorem_splits", {"piece": 3, "neuron_class": 1}, {"lower": -0.27},
     Verdict.UNDECIDED),
    (ORDINARY, "theorem_splits", {"piece": 3}, {"least_k": 6.5}, Verdict.UNDECIDED),
    (ORDINARY, "theorem_splits", {"piece": 3}, {"largest_k": 12.5}, Verdict.UNDECIDED),
    (
        ORDINARY,
        "family_splits",
        {"k": 8, "neuron_class": 1},
        {"inner_smallest_eigenvalue": -0.2},
        Verdict.REFUTED,
    ),
    (NEGATIVE, "family_splits", {"k": 8}, {"inner_largest_eigenvalue": 0.1}, Verdict.REFUTED),
    (NEGATIVE, "theorem_splits", {"piece": 3, "place": 1}, {"upper": 0.1}, Verdict.UNDECIDED),
    (POSITIVE, "family_splits", {"k": 100}, {"inner_largest_eigenvalue": 0.0}, Verdict.REFUTED),
    (CONSTANT, "theorem_split_series", {"power": 1, "irrep": "t", "neuron_class": 1},
     {"exact": "-4/pi^3"}, Verdict.REFUTED),
    (CONSTANT, "theorem_split_series", {"power": 1}, {"upper": -0.41}, Verdict.REFUTED),
    (CONSTANT, "theorem_splits", {"piece": 0}, {"upper": -0.406}, Verdict.REFUTED),
    (CONSTANT, "theorem_saddle_checks", {"theorem": "splits"}, {"accepted": False},
     Verdict.CONSISTENT),
    (MEMBERS, "family_splits", {"k": 20}, {"inner_smallest_eigenvalue": -0.01}, Verdict.REFUTED),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "table", "rows", "changes", "expected"), CHANGES)
def test_a_false_number_turns_the_verdict(sound, claim, table, rows, changes, expected):
    assert verdict(claim, changed(sound, table, rows, changes)) == expected


def test_what_is_undecided_says_what_would_decide(sound):
    finding = find(POSITIVE, changed(sound, "theorem_splits", {"place": 1}, {"lower": -0.2}))
    assert finding.would_decide == "A certificate over this whole range of k would decide."


def test_the_title_says_what_the_enclosures_show(sound):
    tables = ("theorem_splits", "theorem_split_series", "theorem_signed_splits", "family_splits")
    turning = {"outcome": "turn", "turn_lower": 44.05172318981, "turn_upper": 44.05172318986}
    row = CASE | turning | {"neuron_class": 0, "least_k": 6.0}
    sound |= {"theorem_signed_splits": table_of("theorem_signed_splits", [row])}
    plot = splits_for_every_k(*(sound[name] for name in tables))
    assert "From k = 15 on" in plot.finding
    assert plot.finding.endswith("has one up beyond k = 44.0517.")
    assert plot.data["source"].value_counts()["turn"] == 1
    row |= {"outcome": "saddles", "turn_lower": None, "turn_upper": None}
    sound |= {"theorem_signed_splits": table_of("theorem_signed_splits", [row])}
    plot = splits_for_every_k(*(sound[name] for name in tables))
    assert "from k = 45 on" in plot.finding
    later = changed(sound, "theorem_splits", {"piece": 1, "irrep": "s_p"}, {"lower": -0.3})
    plot = splits_for_every_k(*(later[name] for name in tables))
    assert "From k = 45 on" in plot.finding
    assert plot.data["source"].value_counts().to_dict() == {
        "enclosure": 16,
        "one k": 7,
        "limit": 4,
    }


def test_steps_write_what_the_checker_proves():
    saddle = prove_saddle_every_k(FurtherSaddle(least_k=1000, threshold=False))
    splits = enclose_every_split(Splits(least_k=2000, terms=1))
    for made, pieces in (
        (saddle, saddle["theorem_saddles"][0].pieces),
        (splits, len(splits["theorem_splits"]) // 5),
    ):
        lines = made["certificate"].splitlines()
        assert len(lines) == pieces + 1
        assert "for every k >=" in list(check_saddles.checked(lines))[-1]
    assert len(saddle["theorem_saddle_pieces"]) == saddle["theorem_saddles"][0].pieces
    assert [x.exact for x in splits["theorem_split_series"] if x.irrep == "s_p"] == ["-2/pi^2"]
