"""The study of theorems for every k: rows, verdicts and the figure."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
import yaml

from helpers_claims import find, ledger, verdict
from helpers_rows import table_of
from helpers_tables import ROOT
from helpers_verdicts import changed
from relu_landscape.certificates.conjecture12_lines import TURN, corrected_line, ray_line
from relu_landscape.certificates.conjecture12_records import conjecture12_rows
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.every_k.certificate import certify_family_for_all_k, named_family
from relu_landscape.every_k.one_more_first_type import flattening_first_type
from relu_landscape.every_k.real_thresholds import LeastRealK
from relu_landscape.every_k.records import further_minimum_row, piece_rows, theorem_row
from relu_landscape.every_k.settings import FurtherMinimum
from relu_landscape.judging.findings import Verdict
from relu_landscape.studies.theorems.figures.every_k import theorems_for_every_k
from relu_landscape.studies.theorems.steps.prove_further_minimum import prove_further_minimum

CLAIMS = ledger("theorems")
MINIMA, NORMS, MEMBERS = (
    "every_k_minima[family=II,m=1]",
    "every_k_norm_sum[family=II,m=1]",
    "every_k_members",
)
CASE = {"family": "II", "m": 1}
PIECES = [
    {"piece": 0, "least_k": 100.0, "largest_k": None, "loss_lower": 0.25, "loss_upper": 0.3},
    {"piece": 1, "least_k": 6.0, "largest_k": 100.0, "loss_lower": 0.1, "loss_upper": 0.28},
]
POINT = {"extra": 0, "loss": 0.02, "smallest_eigenvalue": 0.05, "index": 0.0}


@pytest.fixture
def sound():
    bound = {"eigenvalue_lower": 0.01, "component": "t"}
    pieces = [CASE | bound | {"norm_gap_lower": 0.2} | piece for piece in PIECES]
    return {
        "family_theorems": table_of(
            "family_theorems",
            [CASE | {"least_k": 6.0, "proved": True, "reason": None, "pieces": 2}],
        ),
        "theorem_pieces": table_of("theorem_pieces", pieces),
        "theorem_checks": table_of("theorem_checks", [CASE | {"pieces": 2, "accepted": True}]),
        "theorem_further_minimum_pieces": table_of(
            "theorem_further_minimum_pieces",
            [CASE | bound | PIECES[0] | {"extra": 1, "loss_lower": 0.2, "loss_upper": 0.26}],
        ),
        "family_points": table_of(
            "family_points",
            [
                CASE | POINT | {"k": 10},
                CASE | POINT | {"k": 1000, "loss": 0.00028},
                CASE | POINT | {"extra": 1, "k": 1000, "loss": 0.00025},
            ],
        ),
        "certified_families": table_of(
            "certified_families", [CASE | {"extra": 0, "k": 10, "norm_sum_below_k": "proved"}]
        ),
    }


@pytest.mark.parametrize(
    ("claim", "expected"),
    [(MINIMA, Verdict.PROVED), (NORMS, Verdict.PROVED), (MEMBERS, Verdict.CONSISTENT)],
)
def test_a_sound_study_proves_what_it_claims(sound, claim, expected):
    assert verdict(claim, sound) == expected


@pytest.mark.parametrize(
    ("claim", "table", "rows", "changes", "expected"),
    [
        (MINIMA, "family_points", {"k": 10}, {"index": 2.0}, Verdict.REFUTED),
        (MINIMA, "family_theorems", {}, {"least_k": 7.0}, Verdict.UNDECIDED),
        (MINIMA, "theorem_checks", {}, {"accepted": False}, Verdict.UNDECIDED),
        (NORMS, "certified_families", {}, {"norm_sum_below_k": "disproved"}, Verdict.REFUTED),
        (NORMS, "theorem_pieces", {"piece": 1}, {"norm_gap_lower": -0.1}, Verdict.UNDECIDED),
        (MEMBERS, "family_points", {"k": 1000, "extra": 0}, {"loss": 0.0004}, Verdict.REFUTED),
        (MEMBERS, "family_points", {"extra": 1}, {"loss": 0.00028}, Verdict.REFUTED),
        (MEMBERS, "family_points", {"k": 10}, {"smallest_eigenvalue": 0.005}, Verdict.REFUTED),
    ],
)
def test_a_false_number_turns_the_verdict(sound, claim, table, rows, changes, expected):
    assert verdict(claim, changed(sound, table, rows, changes)) == expected


def test_what_is_not_proved_says_why(sound):
    failed = {"proved": False, "least_k": None, "pieces": 0, "reason": "box_too_wide: below k = 9"}
    finding = find(MINIMA, changed(sound, "family_theorems", {}, failed))
    assert finding.verdict == Verdict.UNDECIDED
    assert "below k = 9" in finding.note


def test_rows_of_a_theorem_are_those_of_its_certificate():
    family = named_family("A", 0)
    proof = certify_family_for_all_k("A", 0, least_k=1000)
    theorem, pieces = theorem_row(family, proof), list(piece_rows(proof))
    assert (theorem.proved, theorem.pieces, theorem.least_k) == (True, len(pieces), 1000)
    assert pieces[0].largest_k is None
    assert pieces[-1].least_k <= 1000
    for before, after in pairwise(pieces):
        # Rounded outwards from the shared end.
        assert before.least_k == pytest.approx(after.largest_k, rel=1e-12)
    for row, piece in zip(pieces, proof.pieces, strict=True):
        assert row.eigenvalue_lower <= min(piece.statements.eigenvalue_lower.values())
        assert (
            row.loss_lower <= piece.statements.loss[0] < piece.statements.loss[1] <= row.loss_upper
        )


def test_a_failure_has_a_row_with_its_reason():
    failure = Failure(FailureReason.BOX_TOO_WIDE, "below k = 9: the branch is not located")
    row = theorem_row(named_family("II", 2), failure)
    assert (row.proved, row.least_k, row.pieces) == (False, None, 0)
    assert "below k = 9" in row.reason


def test_the_figure_draws_pieces_and_points(sound):
    pieces = sound["theorem_pieces"]
    plot = theorems_for_every_k(pieces, sound["family_points"])
    assert plot.data["source"].value_counts().to_dict() == {"enclosure": 2, "one k": 2}
    least = pieces["eigenvalue_lower"].min()
    assert f"II₁ from k = {pieces['least_k'].min():g} on" in plot.finding
    assert plot.finding.endswith(f"with curvature of at least {least:.2g}.")


def test_each_profile_claims_what_it_proves():
    expected = {
        (entry.case["family"], entry.case["m"]): entry.expected["least_k"]
        for entry in CLAIMS.values()
        if entry.claim == "every_k_minima"
    }
    for profile in ("quick", "paper"):
        config = yaml.safe_load((ROOT / f"config/{profile}.yaml").read_text(encoding="utf-8"))
        for wanted in config["theorems"]["families"]:
            assert expected[wanted["family"], wanted["special_rows"]] == wanted["least_k"]


LIMITS = {
    "theorem_thresholds": [CASE | {"lower": 5.585505247423, "upper": 5.585505247428}],
    "stability_thresholds": [CASE | {"extra": 0, "k": 5.5855052474}],
    "theorem_series": [
        CASE | {"power": 3, "lower": -0.10950381071663294, "upper": -0.1095038107166329}
    ],
    "puiseux_coefficients": [
        CASE | {"quantity": "loss", "power": 3, "coefficient": -0.1095038107166329, "error": 1e-16}
    ],
}


@pytest.mark.parametrize(
    ("claim", "expected", "table", "changes", "changed_to"),
    [
        (
            "every_k_thresholds",
            Verdict.CONSISTENT,
            "stability_thresholds",
            {"k": 5.5856},
            Verdict.REFUTED,
        ),
        (
            "every_k_series",
            Verdict.CONSISTENT,
            "puiseux_coefficients",
            {"coefficient": -0.10950381},
            Verdict.REFUTED,
        ),
        (
            "every_k_third_coefficient",
            Verdict.REPRODUCED,
            "theorem_series",
            {"lower": -0.1096, "upper": -0.1095999},
            Verdict.DEVIATES,
        ),
    ],
)
def test_limits_agree_with_what_was_found_by_other_means(
    claim, expected, table, changes, changed_to
):
    tables = {name: table_of(name, rows) for name, rows in LIMITS.items()}
    assert verdict(claim, tables) == expected
    assert verdict(claim, changed(tables, table, {}, changes)) == changed_to


RAY, CORRECTED, EVERY_K = "conjecture12_ray", "conjecture12_corrected", "conjecture12_every_k"
LEADING, DIRECTION = "conjecture12_leading_constant", "conjecture12_direction"
POINT_12 = "conjecture12_point"
FAILS = "conjecture_12_fails_for_every_k"
FOR_TWO = "conjecture_12_corrected_two_teachers"
FOR_ALL = "conjecture_12_corrected_every_k"
CONSTANT = "conjecture_12_leading_constant[k=3,size=orthogonal]"
SEVERAL = "conjecture_12_several_students[k=2,m=2]"
LARGER = "conjecture_12_larger_constants[k=4]"


def point(k, ratio, radius=0.01):
    return {
        "k": k,
        "m": 1,
        "scaled_radius": radius,
        "largest_displacement": radius,
        "ratio": ratio,
        "agreed": True,
    }


@pytest.fixture
def about_conjecture_12():
    nothing = {"size": None, "lower": None, "upper": None, "reach": None}
    said = [
        {"statement": RAY, "k": 2, "m": 0, "reach": 0.45},
        {"statement": CORRECTED, "k": 2, "m": 1, "upper": 2.0, "reach": 0.05},
        {"statement": EVERY_K, "k": 2, "m": 1, "upper": 60.0, "reach": 0.03125},
        {
            "statement": LEADING,
            "k": 3,
            "m": 1,
            "size": "orthogonal",
            "lower": 3.503876787768217,
            "upper": 3.503876787768218,
        },
        {"statement": DIRECTION, "k": 2, "m": 2, "lower": 6.4472},
        {"statement": POINT_12, "k": 4, "m": 1, "lower": 4.1024, "reach": 0.1},
    ]
    lines = [nothing | row | {"line": number} for number, row in enumerate(said, start=1)]
    checks = [{"line": row["line"], "accepted": True, "says": "it holds"} for row in lines]
    return {
        "conjecture12_theorems": table_of("conjecture12_theorems", lines),
        "conjecture12_checks": table_of("conjecture12_checks", checks),
        "conjecture12_search": table_of(
            "conjecture12_search", [point(2, 0.983), point(3, 0.9646), point(2, 0.1, radius=0.5)]
        ),
    }


@pytest.mark.parametrize("claim", [FAILS, FOR_TWO, FOR_ALL, CONSTANT, SEVERAL, LARGER])
def test_what_is_said_of_conjecture_12_is_proved(about_conjecture_12, claim):
    assert verdict(claim, about_conjecture_12) == Verdict.PROVED
    checks = changed(about_conjecture_12, "conjecture12_checks", {}, {"accepted": False})
    assert verdict(claim, checks) == Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("claim", "table", "rows", "changes", "expected"),
    [
        (FAILS, "conjecture12_search", {"k": 3}, {"ratio": 1.0}, Verdict.DEVIATES),
        (FAILS, "conjecture12_theorems", {"statement": RAY}, {"k": 3}, Verdict.UNDECIDED),
        (FOR_TWO, "conjecture12_search", {"k": 2}, {"ratio": 0.979}, Verdict.DEVIATES),
        (FOR_TWO, "conjecture12_theorems", {"line": 2}, {"reach": 0.04}, Verdict.UNDECIDED),
        # 1 - 3.5039/100 - 60 * 3/10000
        (FOR_ALL, "conjecture12_search", {"k": 3}, {"ratio": 0.946}, Verdict.DEVIATES),
        (FOR_ALL, "conjecture12_search", {"k": 3}, {"ratio": 0.948}, Verdict.PROVED),
        (FOR_ALL, "conjecture12_theorems", {"line": 3}, {"upper": 61.0}, Verdict.UNDECIDED),
        (CONSTANT, "conjecture12_theorems", {"line": 4}, {"upper": 3.5038767}, Verdict.DEVIATES),
        (SEVERAL, "conjecture12_theorems", {"line": 5}, {"lower": 6.4}, Verdict.UNDECIDED),
        (LARGER, "conjecture12_theorems", {"line": 6}, {"lower": 4.09}, Verdict.UNDECIDED),
        (LARGER, "conjecture12_theorems", {"line": 6}, {"k": 5}, Verdict.NOT_RUN),
        (LARGER, "conjecture12_theorems", {"line": 6}, {"reach": 0.2}, Verdict.UNDECIDED),
    ],
)
def test_a_false_number_about_conjecture_12_turns_the_verdict(
    about_conjecture_12, claim, table, rows, changes, expected
):
    assert verdict(claim, changed(about_conjecture_12, table, rows, changes)) == expected


def test_lines_about_conjecture_12_become_rows():
    line = ray_line(TURN, Fraction(9, 20), pieces=45)
    (row,) = conjecture12_rows([line])
    assert (row.statement, row.k, row.m, row.reach) == (RAY, 2, 0, 0.45)
    (row,) = conjecture12_rows([corrected_line(Fraction(8), Fraction(1, 100))])
    assert (row.statement, row.k, row.upper, row.reach) == (CORRECTED, 2, 8.0, 0.01)


def test_radii_found_lie_between_the_bounds_that_hold_for_every_k():
    claim = "every_k_convexity_radius"
    tables = {
        "convexity_bounds": table_of(
            "convexity_bounds", [{"k": 3, "lower": 0.0995, "upper": 0.2769}]
        ),
        "convexity_radii": table_of(
            "convexity_radii", [{"k": 3, "search": "worst", "radius": 0.2212, "agreed": True}]
        ),
    }
    assert verdict(claim, tables) == Verdict.CONSISTENT
    for radius in (0.09, 0.3):
        wrong = changed(tables, "convexity_radii", {}, {"radius": radius})
        assert verdict(claim, wrong) == Verdict.REFUTED


FURTHER, FURTHER_THRESHOLD = "every_k_further_minimum", "every_k_further_minimum_threshold"
WITH_ONE_MORE = CASE | {"extra": 1}


@pytest.fixture
def further():
    theorem = WITH_ONE_MORE | {"least_k": 7.0, "proved": True, "reason": None, "pieces": 2}
    theorem |= {"threshold_lower": 6.66536335418, "threshold_upper": 6.66536335428}
    check = WITH_ONE_MORE | {"pieces": 2, "accepted": True}
    points = [WITH_ONE_MORE | POINT | {"extra": 1, "k": k} for k in (10, 1000)]
    return {
        "theorem_further_minima": table_of("theorem_further_minima", [theorem]),
        "theorem_further_minimum_checks": table_of("theorem_further_minimum_checks", [check]),
        "family_points": table_of("family_points", points),
    }


def test_a_further_minimum_is_proved(further):
    assert verdict(FURTHER, further) == Verdict.PROVED


@pytest.mark.parametrize(
    ("table", "rows", "changes", "expected"),
    [
        ("family_points", {"k": 10}, {"index": 2.0}, Verdict.REFUTED),
        ("theorem_further_minima", {}, {"least_k": 8.0}, Verdict.UNDECIDED),
        ("theorem_further_minima", {}, {"proved": False, "reason": "x"}, Verdict.UNDECIDED),
        ("theorem_further_minimum_checks", {}, {"accepted": False}, Verdict.UNDECIDED),
    ],
)
def test_a_false_number_turns_the_further_minimum(further, table, rows, changes, expected):
    assert verdict(FURTHER, changed(further, table, rows, changes)) == expected


def test_the_threshold_of_the_further_minimum_is_found(further):
    assert verdict(FURTHER_THRESHOLD, further) == Verdict.REPRODUCED


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"threshold_lower": 6.6653}, Verdict.DEVIATES),
        ({"threshold_upper": 6.6654}, Verdict.DEVIATES),
        ({"threshold_lower": None}, Verdict.NOT_RUN),
    ],
)
def test_a_false_number_turns_its_threshold(further, changes, expected):
    wrong = changed(further, "theorem_further_minima", {}, changes)
    assert verdict(FURTHER_THRESHOLD, wrong) == expected


def test_the_step_writes_what_it_proves():
    made = prove_further_minimum(FurtherMinimum(least_k=10**6, threshold=False))
    (theorem,) = made["theorem_further_minima"]
    assert theorem.threshold_lower is theorem.threshold_upper is theorem.component is None
    assert (theorem.least_k, theorem.proved, theorem.extra) == (10**6, True, 1)
    rows = made["theorem_further_minimum_pieces"]
    assert len(rows) == theorem.pieces == len(made["certificate"].splitlines()) - 1
    assert rows[0].largest_k is None
    assert rows[-1].least_k <= 10**6
    assert all(0.004 < row.eigenvalue_lower < 0.00442620 for row in rows)
    assert all(0.26 < row.loss_lower < row.loss_upper < 0.27 for row in rows)
    assert {row.component for row in rows} == {"t"}


def test_a_failed_further_minimum_has_a_row_with_its_reason():
    failure = Failure(FailureReason.BOX_TOO_WIDE, "below k = 9: not located")
    row = further_minimum_row(
        failure, LeastRealK(Decimal("6.5"), Decimal("6.75"), "s_p", Decimal(-1))
    )
    assert (row.proved, row.least_k, row.pieces) == (False, None, 0)
    assert row.component == "s_p"
    assert row.threshold_lower < 6.5
    assert row.threshold_upper > 6.75
    assert "below k = 9" in row.reason


FLATTENS = "every_k_first_type_flattens"
FLAT = {"family": "I", "m": 1, "extra": 1, "index": 0.0, "loss": 0.18}


@pytest.fixture
def flattening():
    known = flattening_first_type()
    rows = [
        FLAT
        | {
            "k": k,
            "smallest_eigenvalue": known.eigenvalue * k**-0.75 + known.next_eigenvalue / k,
        }
        for k in (10**4, 10**8)
    ]
    return {"family_points": table_of("family_points", rows)}


def test_the_constant_of_the_claim_is_the_derived_one():
    expected, known = CLAIMS[FLATTENS].expected, flattening_first_type()
    assert expected["constant"] == pytest.approx(known.eigenvalue, rel=1e-15)
    assert expected["next"] == pytest.approx(known.next_eigenvalue, rel=1e-15)


@pytest.mark.parametrize(
    ("k", "factor", "expected"),
    [
        (10**4, 1.0, Verdict.CONSISTENT),
        (10**4, 1.2, Verdict.REFUTED),
        (10**8, 1.02, Verdict.REFUTED),
        (10**8, -1.0, Verdict.REFUTED),
    ],
)
def test_points_tell_whether_the_eigenvalue_falls_so(flattening, k, factor, expected):
    table = flattening["family_points"]
    (value,) = table.loc[table["k"] == k, "smallest_eigenvalue"]
    changes = {"smallest_eigenvalue": factor * value}
    assert verdict(FLATTENS, changed(flattening, "family_points", {"k": k}, changes)) == expected


def test_small_k_say_nothing_of_it(flattening):
    few = flattening["family_points"].iloc[:0]
    assert verdict(FLATTENS, {"family_points": few}) == Verdict.NOT_RUN


def test_paper_proves_the_further_minimum_that_is_claimed():
    config = yaml.safe_load((ROOT / "config/paper.yaml").read_text(encoding="utf-8"))
    wanted = config["theorems"]["further_minimum"]["least_k"]
    assert wanted == CLAIMS[FURTHER].expected["least_k"]
