"""Every verdict about proofs holds on a sound study and turns when it is corrupted.

The parameters are those of the claims file, so these tests judge the claims as they are judged.
"""

import pytest

from helpers_claims import find, ledger, question_of, verdicts_of
from helpers_rows import table_of
from helpers_verdicts import change
from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.judgements import judge

CLAIMS = ledger("certificates")
CONSTANT = 0.09084505690810466
PAIRS = [(k, k) for k in range(6, 21)] + [(k, k + 1) for k in (8, *range(10, 20))]
FIRST = {("A", 0, 0): 6, ("I", 1, 0): 7, ("II", 1, 0): 6, ("II", 2, 0): 8, ("II", 1, 1): 7}
EPSILONS = (0.1, 0.01, 0.001)
OVER_EPSILON = {
    "hessian_form": -0.63,
    "one_point_gradient": 0.63,
    "one_point_hessian": 1.27,
    "pl_ratio": 1.55,
}
BOUNDS = ("loss_lower", "loss_upper", "hessian_lower", "orthogonal_hessian_lower")
WITNESS = "witness one_neuron: s=1/100"
EQUAL = "safran2018_spurious_minima/minima_at_sizes_proved"
ONE_MORE = "safran2018_spurious_minima_one_more/minima_at_sizes_proved"
LEVEL_OF_PAIR = "safran2018_example_one_more[k=8,n=9]/level_of_certificate"
ISOTROPY = "arjevani2020_two_columns_minima/minima_of_isotropy_proved"
FAMILY = "proved_families[family=II,m=1,extra=0]"
WINDOW = "proved_families[family=II,m=2,extra=2]"
CLASS = {"k": 8, "n": 8, "class_id": 1}
SADDLE = CLASS | {"class_id": 2}
LARGER = CLASS | {"n": 9}
SPLITS = {"splits_proved": 7}
UNPROVED = {"proved": False, "reason": "box_too_wide", "line": 0}

SOUND = {
    EQUAL: "reproduced",
    ONE_MORE: "reproduced",
    LEVEL_OF_PAIR: "reproduced",
    ISOTROPY: "consistent",
    "proved_classes": "consistent",
    "safran2021_theorem_16/splits_of_classes_proved": "consistent",
    "safran2021_theorem_16/splits_of_pairs_proved": "consistent",
    "safran2021_theorem_16/splits_of_families_proved": "consistent",
    "safran2021_section_4_2_norm_sum/norm_sums_below_k_proved": "consistent",
    "safran2021_theorem_3/curvature_at_global_minima_proved": "consistent",
    "proved_radius_below_measured": "consistent",
    "safran2021_theorem_4/negative_curvature_proved": "consistent",
    "safran2021_theorem_7/quotients_proved_small": "consistent",
    "safran2021_theorem_9/quotients_proved_small": "consistent",
    "safran2021_conjecture_12/conjecture_fails": "refuted",
    FAMILY: "consistent",
    WINDOW: "consistent",
    "proved_checker_accepts": "consistent",
}
FILES = {
    EQUAL: "pairs",
    ONE_MORE: "pairs",
    LEVEL_OF_PAIR: "pairs",
    ISOTROPY: "families",
    "proved_classes": "k5-9",
    "safran2021_theorem_16/splits_of_classes_proved": "k5-9",
    "safran2021_theorem_16/splits_of_pairs_proved": "pairs",
    "safran2021_theorem_16/splits_of_families_proved": "families",
    "safran2021_section_4_2_norm_sum/norm_sums_below_k_proved": "k5-9",
    "safran2021_theorem_3/curvature_at_global_minima_proved": "global_minima",
    "proved_radius_below_measured": "global_minima",
    "safran2021_theorem_4/negative_curvature_proved": "inequalities",
    "safran2021_theorem_7/quotients_proved_small": "inequalities",
    "safran2021_theorem_9/quotients_proved_small": "inequalities",
    "safran2021_conjecture_12/conjecture_fails": "inequalities",
    FAMILY: "families",
    WINDOW: "families",
}


def minimum_row(line, *, splits, proved=True, reason=None, below="proved"):
    bounds = (0.02, 0.03, 0.01, 0.05) if proved else (None,) * 4
    return {
        "proved": proved,
        "reason": reason,
        **dict(zip(BOUNDS, bounds, strict=True)),
        "norm_sum_below_k": below if proved else None,
        "splits": splits,
        "splits_proved": splits if proved else 0,
        "line": line if proved else 0,
    }


# claim, table, rows, what they become, verdict
CORRUPTED = [
    (ONE_MORE, "certified_pairs", {"k": 8, "n": 9}, UNPROVED, "undecided"),
    (EQUAL, "certified_pairs", {"k": 6}, {"loss_lower": 0.0}, "undecided"),
    (EQUAL, "certified_pairs", {"k": 20}, {"line": 0}, "undecided"),
    (EQUAL, "certified_pairs", {"k": 20}, {"line": 27}, "undecided"),
    (LEVEL_OF_PAIR, "certified_pairs", {"k": 8, "n": 9}, UNPROVED, "not run"),
    (LEVEL_OF_PAIR, "certified_pairs", {"k": 8, "n": 9}, {"loss_upper": 0.0206}, "not run"),
    (LEVEL_OF_PAIR, "certified_pairs", {"k": 8, "n": 9}, {"hessian_lower": 0.006}, "not run"),
    (LEVEL_OF_PAIR, "certified_pairs", {"k": 8, "n": 9}, {"norm_sum_upper": 7.9959}, "not run"),
    (ISOTROPY, "certified_families", {"family": "II", "m": 2, "k": 100}, UNPROVED, "undecided"),
    ("proved_classes", "certified_classes", CLASS, UNPROVED, "undecided"),
    ("proved_classes", "certified_classes", CLASS, {"hessian_lower": -1e-9}, "undecided"),
    (
        "proved_classes",
        "certified_classes",
        SADDLE,
        {"proved": True, "line": 1},
        "refuted",
    ),
    (
        "safran2021_theorem_16/splits_of_classes_proved",
        "certified_classes",
        CLASS,
        SPLITS,
        "undecided",
    ),
    (
        "safran2021_theorem_16/splits_of_classes_proved",
        "certified_classes",
        CLASS,
        {"splits": 0, "splits_proved": 0},
        "undecided",
    ),
    (
        "safran2021_theorem_16/splits_of_pairs_proved",
        "certified_pairs",
        {"k": 9, "n": 9},
        SPLITS,
        "undecided",
    ),
    (
        "safran2021_theorem_16/splits_of_families_proved",
        "certified_families",
        {"family": "A", "k": 8},
        {"splits_proved": 1},
        "undecided",
    ),
    (
        "safran2021_section_4_2_norm_sum/norm_sums_below_k_proved",
        "certified_classes",
        CLASS,
        {"norm_sum_below_k": "disproved"},
        "refuted",
    ),
    (
        "safran2021_section_4_2_norm_sum/norm_sums_below_k_proved",
        "certified_classes",
        CLASS,
        {"norm_sum_below_k": "undecided"},
        "undecided",
    ),
    (
        "safran2021_theorem_3/curvature_at_global_minima_proved",
        "certified_global_minima",
        {"k": 4},
        {"eigenvalue_lower": CONSTANT + 1e-13},
        "refuted",
    ),
    (
        "safran2021_theorem_3/curvature_at_global_minima_proved",
        "certified_global_minima",
        {"k": 4},
        {"eigenvalue_upper": CONSTANT - 1e-14},
        "refuted",
    ),
    (
        "safran2021_theorem_3/curvature_at_global_minima_proved",
        "certified_global_minima",
        {"k": 4},
        {"eigenvalue_lower": 0.09},
        "undecided",
    ),
    (
        "safran2021_theorem_3/curvature_at_global_minima_proved",
        "certified_global_minima",
        {"k": 4},
        {"radius": 0.0},
        "undecided",
    ),
    (
        "safran2021_theorem_3/curvature_at_global_minima_proved",
        "certified_global_minima",
        {"k": 4},
        {"line": 9},
        "undecided",
    ),
    (
        "proved_radius_below_measured",
        "certified_global_minima",
        {"k": 4},
        {"radius": 0.31},
        "refuted",
    ),
    (
        "safran2021_theorem_4/negative_curvature_proved",
        "certified_inequalities",
        {"quantity": "hessian_form", "epsilon": 0.01},
        {"proved": False, "upper": None, "line": 0},
        "undecided",
    ),
    (
        "safran2021_theorem_4/negative_curvature_proved",
        "certified_inequalities",
        {"quantity": "hessian_form", "epsilon": 0.01},
        {"distance_upper": 0.2},
        "undecided",
    ),
    (
        "safran2021_theorem_7/quotients_proved_small",
        "certified_inequalities",
        {"quantity": "one_point_hessian", "epsilon": 0.001},
        {"upper": 0.003},  # its leading term is 0.00127
        "undecided",
    ),
    (
        "safran2021_theorem_7/quotients_proved_small",
        "certified_inequalities",
        {"quantity": "one_point_gradient"},
        {"epsilon": 0.1},
        "undecided",
    ),
    (
        "safran2021_theorem_9/quotients_proved_small",
        "certified_inequalities",
        {"quantity": "pl_ratio", "epsilon": 0.01},
        {"upper": 0.0015},
        "undecided",
    ),
    (
        "safran2021_conjecture_12/conjecture_fails",
        "certified_inequalities",
        {"point": WITNESS},
        {"proved": False, "upper": None, "line": 0},
        "undecided",
    ),
    (FAMILY, "certified_families", {"family": "II", "m": 1, "k": 7}, UNPROVED, "undecided"),
    (WINDOW, "certified_families", {"extra": 2, "k": 100}, UNPROVED, "undecided"),
    (WINDOW, "certified_families", {"extra": 2, "k": 101}, {"proved": True}, "undecided"),
    (
        FAMILY,
        "certified_families",
        {"family": "II", "m": 1, "extra": 0, "k": 5},
        {"reason": "newton_left"},
        "undecided",
    ),
    (
        FAMILY,
        "certified_families",
        {"family": "II", "m": 1, "extra": 0, "k": 8},
        UNPROVED | {"reason": "not_positive_definite"},
        "deviates",
    ),
    (
        FAMILY,
        "certified_families",
        {"family": "II", "m": 1, "extra": 0, "k": 5},
        minimum_row(1, splits=2),
        "refuted",
    ),
    (
        "proved_checker_accepts",
        "certificate_checks",
        {"file": "families.jsonl"},
        {"accepted": 0},
        "deviates",
    ),
    *(
        (claim, "certificate_checks", {"file": f"{file}.jsonl"}, values, "undecided")
        for claim, file in FILES.items()
        for values in ({"accepted": 0}, {"file": "others.jsonl"})
    ),
]


def level_row(k, n):
    """Bounds that round to what is printed at (8, 9)."""
    level = {"loss_lower": 0.0205, "loss_upper": 0.0207, "hessian_lower": 0.0059}
    if (k, n) == (8, 9):
        level |= {"loss_lower": 0.020559, "loss_upper": 0.020561}
    return level | {"norm_sum_upper": 7.99597}


def saddle_row(splits):
    return minimum_row(0, splits=splits, proved=False, reason="not_positive_definite")


def classes():
    rows = [
        {**CLASS, **minimum_row(1, splits=8)},
        {**SADDLE, **saddle_row(8)},
        {**LARGER, **minimum_row(2, splits=9, below="disproved")},
    ]
    common = {"method": "all_weights", "file": "k5-9.jsonl"}
    return table_of("certified_classes", [row | common for row in rows])


def curvature():
    kinds = [(CLASS, "spurious_minimum"), (SADDLE, "saddle"), (LARGER, "spurious_minimum")]
    return table_of("curvature", [{**names, "kind": kind} for names, kind in kinds])


def families():
    rows, line = [], 0
    for (family, m, extra), first in FIRST.items():
        for k in (5, 6, 7, 8, 100):
            label = {"family": family, "m": m, "extra": extra, "k": k}
            if k < first:
                rows.append({**label, **saddle_row(2)})
            else:
                line += 1
                rows.append({**label, **minimum_row(line, splits=2)})
    for k in (10, 11, 100, 101):
        label = {"family": "II", "m": 2, "extra": 2, "k": k}
        if k in (10, 101):
            rows.append({**label, **saddle_row(2)})
        else:
            line += 1
            rows.append({**label, **minimum_row(line, splits=2)})
    return table_of("certified_families", rows)


def inequalities():
    rows = [
        (quantity, f"k={k}, eps={epsilon}", k, k + 1, epsilon, over * epsilon)
        for quantity, over in OVER_EPSILON.items()
        for k in (3, 8)
        for epsilon in EPSILONS
    ]
    rows.append(("conjecture12_gap", WITNESS, 2, 2, 0.01, -6e-7))
    return table_of(
        "certified_inequalities",
        (
            {
                "quantity": quantity,
                "point": point,
                "n": n,
                "k": k,
                "d": k,
                "share": 0.5,
                "epsilon": epsilon,
                "proved": True,
                "upper": upper,
                "distance_upper": 1.5 * epsilon,
                "line": line,
            }
            for line, (quantity, point, k, n, epsilon, upper) in enumerate(rows, start=1)
        ),
    )


def global_minima():
    rows = (
        {
            "k": k,
            "eigenvalue_lower": 0.0908450569081,
            "eigenvalue_upper": 0.0908450569082,
            "radius": 0.04,
            "hessian_lower": 1e-5,
            "line": line,
        }
        for line, k in enumerate((2, 3, 4), start=1)
    )
    return table_of("certified_global_minima", rows)


def radii():
    rows = (
        {
            "k": k,
            "search": "random",
            "start": start,
            "radius": radius,
            "agreed": True,
        }
        for k in (4, 5)
        for start, radius in enumerate((0.3, 0.5, None))
    )
    return table_of("convexity_radii", rows)


def sound_study():
    """The tables; each call makes new frames."""
    tables = {
        "certified_classes": classes(),
        "curvature": curvature(),
        "certified_pairs": table_of(
            "certified_pairs",
            (
                {"k": k, "n": n, **minimum_row(line, splits=n), **level_row(k, n)}
                for line, (k, n) in enumerate(PAIRS, start=1)
            ),
        ),
        "certified_families": families(),
        "certified_global_minima": global_minima(),
        "certified_inequalities": inequalities(),
        "convexity_radii": radii(),
    }
    counts = {"k5-9": 2} | {
        name: int(tables[f"certified_{name}"]["line"].max())
        for name in ("pairs", "families", "global_minima", "inequalities")
    }
    tables["certificate_checks"] = table_of(
        "certificate_checks",
        (
            {"file": f"{name}.jsonl", "certificates": count, "accepted": count}
            for name, count in counts.items()
        ),
    )
    return tables


@pytest.mark.parametrize(("claim", "verdict"), SOUND.items(), ids=list(SOUND))
def test_verdict_on_a_sound_study(claim, verdict) -> None:
    finding = find(claim, sound_study())
    assert finding.verdict == verdict
    assert finding.note
    assert finding.sample_size > 0


@pytest.mark.slow
@pytest.mark.parametrize(("claim", "table", "where", "values", "verdict"), CORRUPTED)
def test_verdict_turns_when_a_table_is_corrupted(claim, table, where, values, verdict) -> None:
    tables = sound_study()
    change(tables[table], where, **values)
    finding = find(claim, tables)
    assert finding.verdict == verdict
    assert finding.verdict != SOUND[claim]
    if finding.verdict is Verdict.REFUTED:
        file, place = finding.evidence.partition(";")[0].split(": ")
        assert file == f"tables/{table}.parquet"
        assert f"k={where['k']}" in place.split(", ")


def test_every_verdict_is_seen_to_turn() -> None:
    public = set(verdicts_of("certificates"))
    assert {question_of(claim)[1].test.name for claim, *_ in CORRUPTED} == public
    assert {claim for claim, *_ in CORRUPTED} == set(SOUND)
    own = {claim for claim in SOUND if "/" not in claim}
    assert {entry.claim for entry in CLAIMS.values()} == {CLAIMS[claim].claim for claim in own}


def test_what_is_proved_in_all_of_an_explicit_list_is_proved_and_nothing_else() -> None:
    claims = {name: entry for name, entry in ledger("*").items() if entry.proofs or name in CLAIMS}
    judgements = judge(claims.values(), sound_study(), {})
    proved = {entry.id: entry.listed for entry in judgements if entry.verdict is Verdict.PROVED}
    assert proved.pop(FAMILY) == "k = 6..8, 100"
    assert proved.pop("safran2018_spurious_minima") == "n = k, k = 6..20"
    assert proved.pop("safran2018_spurious_minima_one_more") == "n = k + 1, k = 8, 10..19"
    assert proved.pop("safran2021_theorem_3") == "k = 2..4"
    assert proved.pop("safran2018_example_one_more[k=8,n=9]") == "k = 8, n = 9"
    assert proved.pop("arjevani2020_two_columns_minima") == "k = 100"
    assert proved.pop("safran2021_theorem_16").startswith("one minimum each at n = k")
    assert proved.pop("safran2021_theorem_16_zero_share").startswith("one minimum each")
    assert {name.partition("[")[0] for name in proved} == {"proved_families"}
    by_id = {entry.id: entry for entry in judgements}
    assert by_id["safran2021_conjecture_12"].verdict is Verdict.REFUTED
    assert by_id["proved_classes"].verdict is Verdict.CONSISTENT
    recalled = by_id["safran2018_spurious_minima_one_more"]
    assert recalled.source == "recalled"
    assert "our wording" in recalled.note


def test_an_empty_study_runs_nothing() -> None:
    empty = {name: frame.iloc[:0] for name, frame in sound_study().items()}
    assert {find(claim, empty).verdict for claim in SOUND} == {Verdict.NOT_RUN}


def test_findings_say_what_was_found() -> None:
    tables = sound_study()
    assert find(EQUAL, tables).found == {"n = k": 15, "n = k + 1": 0}
    assert find(ONE_MORE, tables).proved == 11
    assert find("proved_classes", tables).proved == 2
    assert find(FAMILY, tables).found == {
        "proved": 4,
        "smallest k": 6,
        "largest k": 100,
    }
    assert find(FAMILY, tables).proved == 4
    ratios = find("proved_radius_below_measured", tables).found
    assert ratios == pytest.approx({"lowest ratio": 0.04 / 0.3, "highest ratio": 0.04 / 0.3})
    assert (
        "disproved at 1 of 1"
        in find("safran2021_section_4_2_norm_sum/norm_sums_below_k_proved", tables).note
    )
    assert find("safran2021_conjecture_12/conjecture_fails", tables).evidence.endswith(
        f"quantity=conjecture12_gap, point={WITNESS}; certificates/inequalities.jsonl: line 25"
    )


def test_a_failure_to_prove_is_named_with_its_reason() -> None:
    tables = sound_study()
    change(tables["certified_classes"], CLASS, **UNPROVED)
    assert "k=8, n=8, class_id=1 (box_too_wide)" in find("proved_classes", tables).note
    change(tables["certified_pairs"], {"k": 8, "n": 9}, **UNPROVED)
    assert "k=8, n=9 (box_too_wide)" in find(ONE_MORE, tables).note


def test_what_measures_nothing_or_is_not_spurious_does_not_count() -> None:
    tables = sound_study()
    tables["convexity_radii"]["radius"] = None
    assert find("proved_radius_below_measured", tables).verdict is Verdict.NOT_RUN
    tables["certified_classes"]["n"] = 7
    assert find("proved_classes", tables).verdict is Verdict.NOT_RUN


def test_classes_without_a_measured_kind_are_counted_apart() -> None:
    tables = sound_study()
    tables["curvature"] = tables["curvature"].iloc[:1]
    finding = find("proved_classes", tables)
    assert finding.sample_size == 1
    assert "1 of 2 classes that floats leave undecided, or did not look at" in finding.note


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        (EQUAL, "pairs.jsonl: line 1..15"),
        (ONE_MORE, "pairs.jsonl: line 16..26"),
        ("proved_classes", "k5-9.jsonl: line 1..2"),
        ("safran2021_section_4_2_norm_sum/norm_sums_below_k_proved", "k5-9.jsonl: line 1"),
    ],
)
def test_the_lines_of_certificates_are_those_of_the_claim(claim, lines) -> None:
    """Nothing is told, or asked of the checker, of certificates of other minima."""
    tables = sound_study()
    assert find(claim, tables).evidence.endswith(f"; certificates/{lines}")
    if claim == "proved_classes":
        tables["curvature"].loc[2, "kind"] = None
        finding = find(claim, tables)
        assert finding.evidence.endswith("; certificates/k5-9.jsonl: line 1")


def test_what_the_checker_refuses_is_not_counted_as_proved() -> None:
    tables = sound_study()
    change(tables["certificate_checks"], {"file": "pairs.jsonl"}, accepted=25)
    finding = find(EQUAL, tables)
    assert (finding.verdict, finding.proved) == (Verdict.UNDECIDED, None)
