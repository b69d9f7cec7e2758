"""Every verdict holds on a sound table and turns when a number in it is corrupted.

The parameters are those of the claims files, so these tests judge the claims as they are judged.
"""

import pandas as pd
import pytest

from helpers_claims import find, ledger, verdicts_of
from helpers_global_minima_verdicts import SOUND as SOUND_SURROUNDINGS
from helpers_tables import published_tables
from helpers_verdicts import CONSTANT, change, rate_row, sound_study
from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.judgements import judge

CLAIMS = ledger("safran*")
SEVEN = {"k": 7, "n": 7, "class_id": 1}
EIGHT = {"k": 8, "n": 8, "class_id": 1}
GLOBAL = {"k": 7, "n": 7, "class_id": 0}
SINGLE = {"k": 4, "n": 1, "class_id": 0}
AT_5 = {"search": "safran2018", "k": 5, "n": 6}
AT_14 = {"search": "safran2018", "k": 14, "n": 14}

SOUND = {
    "safran2018_bad_run_rate[k=14,n=14]": Verdict.REPRODUCED,
    "safran2018_bad_run_rate_without_file[k=6,n=7]": Verdict.UNDECIDED,
    "safran2018_mean_loss[k=7,n=7]": Verdict.REPRODUCED,
    "safran2018_mean_loss[k=8,n=9]": Verdict.REPRODUCED,
    "safran2018_mean_loss[k=20,n=20]": Verdict.REPRODUCED,
    "safran2018_mean_loss[k=6,n=6]": Verdict.NOT_RUN,
    "safran2018_mean_smallest_eigenvalue[k=8,n=8]": Verdict.REPRODUCED,
    "safran2018_spurious_minima": Verdict.UNDECIDED,
    # The levels of the one size with enough runs are made up.
    "safran2018_bad_runs_by_level": Verdict.DEVIATES,
    "safran2018_repeated_runs": Verdict.REPRODUCED,
    "safran2018_no_bad_runs_two_more": Verdict.REPRODUCED,
    "safran2018_no_bad_runs_at_five": Verdict.REPRODUCED,
    # At (20, 20) no certificate was tried.
    "safran2018_verified_bad_run_rate[k=20,n=20]": Verdict.NOT_RUN,
    "safran2018_bad_runs_verified": Verdict.CONSISTENT,
    "safran2018_example_weights[k=6,n=6]": Verdict.REPRODUCED,
    "safran2018_bad_runs_rise_with_teachers": Verdict.CONSISTENT,
    "safran2018_bad_runs_fall_with_students": Verdict.CONSISTENT,
    "safran2018_example_equal_size[k=6,n=6,p=1+5]": Verdict.NOT_RUN,
    "safran2018_example_one_more[k=8,n=9]": Verdict.REPRODUCED,
    "safran2018_good_runs_are_global": Verdict.CONSISTENT,
    "safran2021_theorem_2": Verdict.CONSISTENT,
    "safran2021_theorem_3": Verdict.CONSISTENT,
    "safran2021_theorem_3_attained": Verdict.REPRODUCED,
    "safran2021_theorem_14": Verdict.CONSISTENT,
    "safran2021_theorem_14_few_students": Verdict.CONSISTENT,
    "safran2021_theorem_14_zero_share": Verdict.CONSISTENT,
    "safran2021_theorem_16_zero_share": Verdict.CONSISTENT,
    "safran2021_section_4_2_spread": Verdict.CONSISTENT,
    "safran2021_large_norm_rate": Verdict.CONSISTENT,
    "safran2021_large_norm_minima": Verdict.CONSISTENT,
    "safran2021_proposition_15": Verdict.CONSISTENT,
    "safran2021_theorem_16": Verdict.CONSISTENT,
    "safran2021_lemma_29": Verdict.CONSISTENT,
    "safran2021_descent_after_split": Verdict.CONSISTENT,
    "safran2021_section_4_2_hessian": Verdict.CONSISTENT,
    "safran2021_section_4_2_norm_sum": Verdict.CONSISTENT,
    "safran2021_section_4_2_inner_hessian": Verdict.CONSISTENT,
    "safran2021_mean_curvature": Verdict.CONSISTENT,
    "safran2021_symmetry_types": Verdict.CONSISTENT,
    "safran2021_entry_values": Verdict.CONSISTENT,
    "safran2021_family_level[k=7,n=7,p=1+6]": Verdict.REPRODUCED,
    "safran2021_global_minimum_count[k=15,n=15]": Verdict.REPRODUCED,
    "safran2021_global_minimum_count_large": Verdict.UNDECIDED,
    "safran2021_figure_1[k=20,n=20]": Verdict.DEVIATES,
    "safran2021_recovery_easier_with_students": Verdict.CONSISTENT,
}

# claim, table, rows, what they become, verdict
CORRUPTED = [
    ("safran2018_bad_run_rate[k=14,n=14]", "bad_run_rates", AT_14, {"bad": 649}, "deviates"),
    (
        "safran2018_bad_run_rate[k=14,n=14]",
        "bad_run_rates",
        AT_14,
        {"bad": 73, "runs": 100},
        "undecided",
    ),
    (
        "safran2018_bad_run_rate_without_file[k=6,n=7]",
        "bad_run_rates",
        {"search": "safran2018", "k": 6, "n": 7},
        {"bad": 20},
        "deviates",
    ),
    ("safran2018_mean_loss[k=7,n=7]", "curvature", SEVEN, {"loss": 0.0234}, "deviates"),
    (
        "safran2018_mean_loss[k=8,n=9]",
        "curvature",
        {"k": 8, "n": 9},
        {"loss": 0.0234},
        "undecided",
    ),
    (
        "safran2018_mean_smallest_eigenvalue[k=8,n=8]",
        "curvature",
        EIGHT,
        {"smallest_eigenvalue": 0.0217},
        "deviates",
    ),
    (
        "safran2018_no_bad_runs_two_more",
        "bad_run_rates",
        {"search": "safran2018", "k": 18, "n": 20},
        {"bad": 3},
        "undecided",
    ),
    (
        "safran2018_no_bad_runs_two_more",
        "bad_run_rates",
        {"search": "safran2018", "k": 18, "n": 20},
        {"bad": 30},
        "deviates",
    ),
    ("safran2018_no_bad_runs_at_five", "bad_run_rates", AT_5, {"bad": 30}, "deviates"),
    ("safran2018_no_bad_runs_at_five", "bad_run_rates", AT_5, {"bad": 1}, "undecided"),
    ("safran2018_bad_runs_verified", "curvature", SEVEN, {"proved": "not_proved"}, "deviates"),
    ("safran2018_bad_runs_verified", "curvature", SEVEN, {"kind": "saddle"}, "deviates"),
    (
        "safran2018_example_weights[k=6,n=6]",
        "family_parameters",
        {"parameter": "r1.c0"},
        {"value": 0.2246},
        "deviates",
    ),
    (
        "safran2018_example_weights[k=6,n=6]",
        "identified_classes",
        {"k": 6},
        {"family": "I"},
        "undecided",
    ),
    ("safran2021_theorem_14_few_students", "few_student_splits", SINGLE, {"saddles": 1}, "refuted"),
    ("safran2021_theorem_14_zero_share", "zero_halves", SEVEN, {"slope": 0.0}, "refuted"),
    ("safran2021_theorem_14_zero_share", "few_student_splits", SINGLE, {"slope": 1e-6}, "refuted"),
    (
        "safran2021_theorem_16_zero_share",
        "zero_halves",
        SEVEN | {"neuron": 6},
        {"slope_error": 1e-5},
        "refuted",
    ),
    ("safran2021_section_4_2_spread", "spreads", SEVEN, {"spread": 5.1e-9}, "deviates"),
    (
        "safran2021_large_norm_rate",
        "bad_run_rates",
        {"search": "safran2021_large_norm"},
        {"bad": 250},
        "deviates",
    ),
    (
        "safran2021_large_norm_rate",
        "bad_run_rates",
        {"search": "safran2021_large_norm"},
        {"bad": 13, "runs": 20},
        "undecided",
    ),
    *(
        ("safran2021_large_norm_minima", "curvature", SEVEN, {column: value}, "refuted")
        for column, value in (
            ("smallest_eigenvalue", 1e-4),
            ("norm_gap", -1e-6),
            ("largest_inner_eigenvalue", 0.0),
        )
    ),
    ("safran2018_bad_runs_rise_with_teachers", "bad_run_rates", AT_14, {"bad": 400}, "deviates"),
    (
        "safran2018_bad_runs_fall_with_students",
        "bad_run_rates",
        {"search": "safran2018", "k": 13, "n": 15},
        {"bad": 100},
        "deviates",
    ),
    (
        "safran2018_example_one_more[k=8,n=9]",
        "curvature",
        {"k": 8, "n": 9},
        {"norm_sum": 7.9961},
        "deviates",
    ),
    (
        "safran2018_good_runs_are_global",
        "confirmations",
        {"restart": 3},
        {"confirmed": False},
        "undecided",
    ),
    (
        "safran2018_good_runs_are_global",
        "confirmations",
        {"restart": 3},
        {"confirmed": False, "decay_exponent": -0.1},
        "deviates",
    ),
    ("safran2021_theorem_2", "classes", SEVEN, {"loss": 0.0}, "refuted"),
    ("safran2021_theorem_2", "classes", GLOBAL, {"loss": 1e-3}, "refuted"),
    (
        "safran2021_theorem_3",
        "curvature",
        GLOBAL,
        {"smallest_eigenvalue": CONSTANT - 1e-6},
        "refuted",
    ),
    (
        "safran2021_theorem_3_attained",
        "curvature",
        GLOBAL,
        {"smallest_eigenvalue": CONSTANT + 1e-6},
        "deviates",
    ),
    (
        "safran2021_theorem_14",
        "splits",
        SEVEN | {"alpha": 0.1},
        {"verdict": "not_strict_saddle"},
        "refuted",
    ),
    ("safran2021_proposition_15", "curvature", SEVEN, {"norm_sum": 49.1}, "refuted"),
    (
        "safran2021_theorem_16",
        "splits",
        SEVEN | {"alpha": 0.1, "neuron": 2},
        {"verdict": "not_strict_saddle"},
        "refuted",
    ),
    (
        "safran2021_lemma_29",
        "splits",
        SEVEN | {"alpha": 0.1, "neuron": 2},
        {"smallest_eigenvalue": -0.01},
        "refuted",
    ),
    (
        "safran2021_lemma_29",
        "splits",
        SEVEN | {"alpha": 0.5, "neuron": 2},
        {"smallest_eigenvalue": -0.17},
        "refuted",
    ),
    (
        "safran2021_descent_after_split",
        "fates",
        SEVEN | {"alpha": 0.5, "neuron": 2},
        {"loss_after": 0.03},
        "refuted",
    ),
    (
        "safran2021_section_4_2_hessian",
        "curvature",
        SEVEN,
        {"smallest_eigenvalue": 5e-5},
        "refuted",
    ),
    ("safran2021_section_4_2_hessian", "curvature", SEVEN, {"kind": "undecided"}, "undecided"),
    ("safran2021_section_4_2_norm_sum", "curvature", SEVEN, {"norm_gap": -1e-3}, "refuted"),
    (
        "safran2021_section_4_2_inner_hessian",
        "neurons",
        SEVEN | {"neuron": 6},
        {"inner_smallest_eigenvalue": 0.0},
        "refuted",
    ),
    ("safran2021_mean_curvature", "curvature", SEVEN, {"largest_mean_curvature": 0.0}, "refuted"),
    (
        "safran2021_symmetry_types",
        "classes",
        SEVEN,
        {"coordinate_orbits": "1+1+2+3"},
        "refuted",
    ),
    ("safran2021_entry_values", "classes", SEVEN, {"distinct_values": 7}, "refuted"),
    (
        "safran2021_family_level[k=7,n=7,p=1+6]",
        "curvature",
        SEVEN,
        {"loss": 0.0232040},
        "deviates",
    ),
    (
        "safran2021_family_level[k=7,n=7,p=1+6]",
        "curvature",
        SEVEN,
        {"smallest_eigenvalue": 0.0140600},
        "deviates",
    ),
    (
        "safran2021_family_level[k=7,n=7,p=1+6]",
        "classes",
        SEVEN,
        {"coordinate_orbits": "2+5"},
        "undecided",
    ),
    (
        "safran2021_global_minimum_count[k=15,n=15]",
        "global_minimum_counts",
        {"k": 15},
        {"at_global": 30},
        "deviates",
    ),
    (
        "safran2021_global_minimum_count[k=15,n=15]",
        "global_minimum_counts",
        {"k": 15},
        {"at_global": 22, "runs": 100},
        "undecided",
    ),
    (
        "safran2021_global_minimum_count_large",
        "global_minimum_counts",
        {"k": 90},
        {"at_global": 40},
        "deviates",
    ),
]


@pytest.mark.parametrize(("claim", "verdict"), SOUND.items(), ids=list(SOUND))
def test_verdict_on_a_sound_study(claim, verdict) -> None:
    finding = find(claim, sound_study())
    assert finding.verdict is verdict
    assert finding.note


@pytest.mark.parametrize(("claim", "table", "where", "values", "verdict"), CORRUPTED)
def test_verdict_turns_when_a_table_is_corrupted(claim, table, where, values, verdict) -> None:
    tables = sound_study()
    change(tables[table], where, **values)
    finding = find(claim, tables)
    assert finding.verdict == verdict
    assert finding.verdict is not SOUND[claim]
    if finding.verdict is Verdict.REFUTED:
        k, n = where["k"], where["n"]
        assert f"k={k}, n={n}, class_id={where['class_id']}" in finding.evidence


def test_every_test_of_the_papers_is_tried() -> None:
    studies = ("safran", "global_minima")  # one claim rests on the study of symmetric minima
    tests = {entry.test for entry in CLAIMS.values() if entry.test.study in studies}
    reached = {CLAIMS[claim].test for claim in (*SOUND, *SOUND_SURROUNDINGS)}
    assert reached == tests
    assert set((verdicts_of("safran") | verdicts_of("global_minima")).values()) == tests


def test_deviating_rate_shows_every_other_sample() -> None:
    tables = sound_study()
    change(tables["bad_run_rates"], AT_14, bad=649)
    note = find("safran2018_bad_run_rate[k=14,n=14]", tables).note
    for count in ("649 of 1000", "736 of 1000", "655 of 1000", "352 of 500", "330 of 500"):
        assert count in note


def test_rates_are_adjusted_for_the_cases_that_ran() -> None:
    tables = sound_study()
    change(tables["bad_run_rates"], AT_14, bad=667)
    claim = "safran2018_bad_run_rate[k=14,n=14]"
    assert find(claim, tables).verdict is Verdict.REPRODUCED
    rates = tables["bad_run_rates"]
    tables["bad_run_rates"] = rates[(rates["k"] == 14) & (rates["n"] == 14)]
    assert find(claim, tables).verdict is Verdict.DEVIATES


def test_levels_met_as_often_as_published_agree() -> None:
    tables = sound_study()
    counts = tables["safran2018_family_counts"]
    rows = [{"k": 20, "n": 20, "loss": 0.034, "bad_runs": 500}]
    rows.append({"k": 20, "n": 20, "loss": 0.0309, "bad_runs": 440})
    tables["safran2018_family_counts"] = pd.concat([counts[counts["k"] != 20], pd.DataFrame(rows)])
    finding = find("safran2018_bad_runs_by_level", tables)
    assert finding.verdict is Verdict.REPRODUCED
    assert finding.found == {"files": 1, "files that differ": 0}
    assert "Compared: n = k, k = 20." in finding.note
    change(tables["curvature"], {"k": 20, "n": 20, "class_id": 0}, loss=0.0339)
    assert find("safran2018_bad_runs_by_level", tables).verdict is Verdict.DEVIATES


def test_runs_that_a_file_repeats_are_found_and_counted_once() -> None:
    tables = sound_study()
    assert find("safran2018_repeated_runs", tables).found == "k=13, n=13"
    change(tables["safran2018_family_counts"], {"k": 13, "n": 13, "bad_runs": 30}, bad_runs=31)
    finding = find("safran2018_repeated_runs", tables)
    assert (finding.verdict, finding.found) == (Verdict.REFUTED, "none")


def test_fractional_published_counts_are_refused() -> None:
    tables = sound_study()
    change(tables["safran2018_bad_run_rates"], {"k": 14, "n": 14}, percent_bad_all=73.64)
    with pytest.raises(ValueError, match="no whole number"):
        find("safran2018_bad_run_rate[k=14,n=14]", tables)


def test_no_bad_runs_needs_every_size() -> None:
    tables = sound_study()
    rates = tables["bad_run_rates"]
    tables["bad_run_rates"] = rates[(rates["k"] != 18) | (rates["n"] != 20)]
    assert find("safran2018_no_bad_runs_two_more", tables).verdict is Verdict.UNDECIDED


def test_no_significant_trend_decides_nothing() -> None:
    tables = sound_study()
    rows = [rate_row("safran2018", 13, n, 5, 1000) for n in (13, 14, 15)]
    tables["bad_run_rates"] = pd.DataFrame(rows)
    finding = find("safran2018_bad_runs_fall_with_students", tables)
    assert finding.verdict is Verdict.UNDECIDED
    assert finding.sample_size == 2


def test_existence_names_the_sizes_without_minimum() -> None:
    finding = find("safran2018_spurious_minima", sound_study())
    assert finding.found == 3
    assert "(14, 14) in 3000 runs" in finding.note
    tables = sound_study()
    tables["curvature"] = pd.concat(
        tables["curvature"].iloc[[1]].assign(k=k, n=k) for k in range(6, 21)
    )
    assert find("safran2018_spurious_minima", tables).verdict is Verdict.REPRODUCED


def test_theorem_14_asks_for_one_neuron_only() -> None:
    tables = sound_study()
    change(tables["splits"], SEVEN, verdict="not_strict_saddle")
    change(tables["splits"], SEVEN | {"neuron": 3}, verdict="strict_saddle")
    assert find("safran2021_theorem_14", tables).verdict is Verdict.CONSISTENT


def test_theorem_14_says_nothing_beyond_its_assumption() -> None:
    tables = sound_study()
    change(tables["splits"], SEVEN, verdict="not_strict_saddle")
    change(tables["curvature"], SEVEN, norm_gap=-1e-3)
    finding = find("safran2021_theorem_14", tables)
    assert finding.verdict is Verdict.CONSISTENT
    assert finding.sample_size == 3


def test_theorem_16_asks_only_for_negative_inner_curvature() -> None:
    tables = sound_study()
    neuron = SEVEN | {"neuron": 2}
    change(tables["splits"], neuron, verdict="not_strict_saddle", inner_smallest_eigenvalue=0.0)
    assert find("safran2021_theorem_16", tables).verdict is Verdict.CONSISTENT


def test_saddles_at_which_descent_stopped_are_no_counterexamples() -> None:
    tables = sound_study()
    saddle = {"k": 8, "n": 8, "class_id": 2}
    change(tables["curvature"], saddle, norm_gap=-1.0, largest_mean_curvature=1.0)
    change(tables["neurons"], saddle, inner_smallest_eigenvalue=1.0)
    change(tables["splits"], saddle, verdict="not_strict_saddle")
    for claim in ("hessian", "norm_sum", "inner_hessian"):
        finding = find(f"safran2021_section_4_2_{claim}", tables)
        assert finding.verdict is Verdict.CONSISTENT
    assert "1 saddle and" in find("safran2021_section_4_2_hessian", tables).note
    assert find("safran2021_theorem_16", tables).verdict is Verdict.CONSISTENT


def test_descent_may_fail_to_one_side() -> None:
    tables = sound_study()
    change(tables["fates"], {"sign": 1}, loss_after=float("nan"))
    finding = find("safran2021_descent_after_split", tables)
    assert finding.verdict is Verdict.CONSISTENT
    assert finding.sample_size == len(tables["fates"]) // 2


def test_few_bad_runs_are_not_tested_for_their_mean() -> None:
    tables = sound_study()
    members = tables["memberships"]
    at_eight = (members["k"] == 8) & (members["n"] == 8)
    tables["memberships"] = members[~at_eight | (members["restart"] < 1029)]
    change(tables["curvature"], EIGHT, loss=0.0234)
    assert find("safran2018_mean_loss[k=8,n=8]", tables).verdict is Verdict.UNDECIDED


def test_histogram_of_the_published_runs_reproduces_the_figure() -> None:
    tables = sound_study()
    published = tables["safran2021_figure1"].query("k == 20")
    middles = (published["bin_low"] + published["bin_high"]) / 2
    row = tables["curvature"].query("k == 20").iloc[[0]]
    tables["curvature"] = pd.concat(
        row.assign(class_id=index, norm_sum=middle) for index, middle in enumerate(middles)
    )
    tables["memberships"] = pd.DataFrame(
        {"search": "safran2021", "k": 20, "n": 20, "restart": restart, "class_id": class_id}
        for class_id, runs in enumerate(published["runs"])
        for restart in range(runs)
    )
    claim = "safran2021_figure_1[k=20,n=20]"
    assert find(claim, tables).verdict is Verdict.REPRODUCED
    few = tables["memberships"]["restart"] % 8 == 0
    tables["memberships"] = tables["memberships"][few]
    assert find(claim, tables).verdict is Verdict.UNDECIDED


def test_extreme_minimum_of_the_figure_stays_in_its_bin() -> None:
    """The printed edges are rounded; the level itself lies half a digit further out."""
    tables = sound_study()
    change(tables["curvature"], {"k": 20, "class_id": 0}, norm_sum=19.9838376)
    note = find("safran2021_figure_1[k=20,n=20]", tables).note
    assert "[0, 400, 0," in note


def test_what_is_recalled_is_never_reproduced() -> None:
    tables = sound_study()
    recalled = [entry for entry in CLAIMS.values() if entry.source == "recalled"]
    sizes = [size for entry in recalled for size in entry.parameters.get("sizes", ())]
    tables["curvature"] = pd.concat(
        tables["curvature"].iloc[[1]].assign(k=k, n=n) for k, n in sizes
    )
    verdicts = [judgement.verdict for judgement in judge(recalled, tables, published_tables())]
    assert verdicts == [Verdict.CONSISTENT] * len(recalled)
    assert len(recalled) > 0


def test_an_empty_study_runs_nothing() -> None:
    tables = sound_study()
    empty = {
        name: frame if name in published_tables() else frame.iloc[:0]
        for name, frame in tables.items()
    }
    claims = SOUND.keys() - {"safran2018_repeated_runs"}  # about published numbers alone
    assert {find(claim, empty).verdict for claim in claims} == {Verdict.NOT_RUN}


@pytest.mark.parametrize(
    ("claim", "proved", "sample_size"),
    [
        ("safran2021_section_4_2_hessian", 2, 4),
        ("safran2021_section_4_2_norm_sum", 2, 4),
        ("safran2021_section_4_2_inner_hessian", 7 + 8, 7 + 8 + 20 + 20),
        ("safran2021_theorem_14", 2, 4),
        ("safran2021_theorem_16", 2 * (7 + 8 + 9), 2 * (7 + 8 + 9 + 20 + 20)),
        ("safran2018_spurious_minima_one_more", 1, 11),
        ("safran2021_proposition_15", None, 7),
    ],
)
def test_what_is_proved_of_the_cases_is_counted(claim, proved, sample_size) -> None:
    finding = find(claim, sound_study())
    assert (finding.proved, finding.sample_size) == (proved, sample_size)


def test_points_of_undecided_kind_do_not_lose_what_is_proved() -> None:
    tables = sound_study()
    change(tables["curvature"], {"k": 20, "class_id": 0}, kind="undecided")
    finding = find("safran2021_section_4_2_hessian", tables)
    assert finding.verdict is Verdict.UNDECIDED
    assert finding.proved == 2


def test_verified_runs_are_compared_with_the_verified_ones() -> None:
    tables = sound_study()
    point = tables["curvature"].iloc[[1]].assign(k=17, n=18)
    tables["curvature"] = pd.concat([point, point.assign(class_id=2, proved="not_proved")])
    runs = [(1, 209), (2, 24)]  # 233 bad runs, of which 24 are not verified
    tables["memberships"] = pd.DataFrame(
        {
            "search": "safran2018",
            "k": 17,
            "n": 18,
            "restart": 300 * class_id + run,
            "class_id": class_id,
        }
        for class_id, count in runs
        for run in range(count)
    )
    claim = "safran2018_verified_bad_run_rate[k=17,n=18]"
    finding = find(claim, tables)
    assert (finding.verdict, finding.found) == (Verdict.REPRODUCED, pytest.approx(20.9))
    assert "24 of 233 bad runs here are not verified" in finding.note
    few = tables["memberships"]["restart"] % 4 == 0
    tables["memberships"] = tables["memberships"][few]
    assert find(claim, tables).verdict is Verdict.DEVIATES
    change(tables["curvature"], {"class_id": 2}, proved="not_tried")
    assert find(claim, tables).verdict is Verdict.NOT_RUN


def test_theorem_14_with_a_zero_neuron_asks_for_one_direction_only() -> None:
    tables = sound_study()
    change(tables["zero_halves"], SEVEN | {"neuron": 0}, slope=1e-6)
    assert find("safran2021_theorem_14_zero_share", tables).verdict is Verdict.CONSISTENT
    assert find("safran2021_theorem_16_zero_share", tables).verdict is Verdict.REFUTED
    change(tables["zero_halves"], SEVEN | {"neuron": 0}, inner_smallest_eigenvalue=0.0)
    assert find("safran2021_theorem_16_zero_share", tables).verdict is Verdict.CONSISTENT


def test_theorem_14_with_few_students_says_nothing_beyond_its_assumption() -> None:
    tables = sound_study()
    change(tables["few_student_splits"], SINGLE, saddles=0, norm_gap=-0.1)
    finding = find("safran2021_theorem_14_few_students", tables)
    assert (finding.verdict, finding.sample_size) == (Verdict.CONSISTENT, 1)
    assert "1 further minimum of" in finding.note
