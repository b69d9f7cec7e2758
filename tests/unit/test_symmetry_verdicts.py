"""Every verdict about symmetric minima holds on a sound study and turns when it is corrupted.

The parameters are those of the claims file, so these tests judge the claims as they are judged.
"""

import numpy as np
import pandas as pd
import pytest

from helpers_claims import find, ledger, verdicts_of
from helpers_symmetry_verdicts import (
    COEFFICIENT,
    FATE,
    LEVEL,
    LEVEL_WITH_ONE_MORE,
    LEVEL_WITH_TWO_MORE,
    LIMIT_WITH_ONE_MORE,
    LOSS_CONSTANT,
    ORDER_WITH_ONE_MORE,
    SOUND,
    THRESHOLD,
    THRESHOLD_WITH_TWO_MORE,
    smoke_families,
    sound_families,
)
from helpers_verdicts import change
from relu_landscape.judging.findings import Verdict
from relu_landscape.ledger.claims_files import Ledger
from relu_landscape.ledger.judgements import judge
from relu_landscape.studies.symmetry.verdicts.orders import HALF_WAY, order_between

CLAIMS = {name: entry for name, entry in ledger("*").items() if entry.test.study == "symmetry"}
COMPONENT = "arjevani2022_descent_component"
NEARLY_ALL = "safran2018_nearly_all_teachers"
II_2_AT_16 = {"family": "II", "m": 2, "extra": 0, "k": 16}
II_1_FAR = {"family": "II", "m": 1, "extra": 0, "k": 1_000_000}
I_1_FAR = {"family": "I", "m": 1, "extra": 0, "k": 1_000_000}
A_FAR = {"family": "A", "m": 0, "extra": 0, "k": 1_000_000}
II_1_MORE_FARTHEST = {"family": "II", "m": 1, "extra": 1, "k": 100_000_000}
I_1_MORE_FAR = {"family": "I", "m": 1, "extra": 1, "k": 1_000_000}
FIRST = {"second_neuron": -1, "sign": 1}
PERSISTENT = {"family": "I", "m": 2, "k": 16}

ONE_MORE_A = "arjevani2022_one_more_neuron_saddle[family=A,m=0,extra=1]"
ONE_MORE_I = "arjevani2022_one_more_neuron_minimum[family=I,m=1,extra=1]"
ONE_MORE_II = "arjevani2022_one_more_neuron_minimum[family=II,m=1,extra=1]"
RULE = "arjevani2022_lesser_symmetry_rule"
FIRST_CLASS = "arjevani2022_fate_first_class"
SECOND_SPLIT = "arjevani2022_fate_second_split"
PERSIST = "arjevani2022_perturbed_targets"
HIDDEN = "arjevani2023_hidden_minima"
TYPE_TWO = "arjevani2022_type_two_two_more"

# claim, table, rows, what they become, verdict
CORRUPTED = [
    (LEVEL, "family_points", II_2_AT_16, {"loss": 0.025884788501}, "deviates"),
    (LEVEL, "family_points", II_2_AT_16, {"smallest_eigenvalue": 0.0378933334}, "deviates"),
    (LEVEL_WITH_ONE_MORE, "family_points", I_1_MORE_FAR, {"loss": 0.1812618705}, "deviates"),
    (
        LEVEL_WITH_ONE_MORE,
        "family_points",
        I_1_MORE_FAR,
        {"smallest_eigenvalue": 8.43690e-6},
        "deviates",
    ),
    ("arjevani2020_loss_limit", "family_points", II_1_FAR, {"loss": 1e-5}, "deviates"),
    ("arjevani2020_loss_limit", "family_points", II_1_FAR, {"loss": 1e-9}, "deviates"),
    ("arjevani2020_loss_limit", "family_points", I_1_FAR, {"loss": 0.05}, "deviates"),
    ("arjevani2020_loss_limit_constants", "family_points", A_FAR, {"loss": 0.18127}, "deviates"),
    (
        "arjevani2020_loss_limit_constants",
        "family_points",
        II_1_FAR,
        {"loss": 2.98e-7},
        "deviates",
    ),
    (
        "arjevani2020_puiseux_series",
        "puiseux_coefficients",
        {"family": "I", "m": 2, "quantity": "r1.c1", "power": 6},
        {"error": 1e-9},
        "deviates",
    ),
    (
        "arjevani2020_puiseux_closed_forms",
        "puiseux_coefficients",
        {"family": "A", "quantity": "loss", "power": 4},
        {"difference": 1e-15},
        "deviates",
    ),
    (
        "arjevani2020_puiseux_missing_powers",
        "puiseux_coefficients",
        {"family": "II", "m": 2, "quantity": "r1.c1", "power": 1},
        {"coefficient": 1e-9},
        "deviates",
    ),
    (
        "arjevani2020_puiseux_missing_powers",
        "puiseux_coefficients",
        {"family": "I", "m": 1, "quantity": "r0.c1", "power": 3},
        {"coefficient": -1e-9},
        "deviates",
    ),
    (
        LOSS_CONSTANT,
        "puiseux_coefficients",
        {"family": "II", "m": 1, "quantity": "loss", "power": 2},
        {"coefficient": 0.24},
        "deviates",
    ),
    (
        COEFFICIENT,
        "puiseux_coefficients",
        {"family": "II", "m": 1, "quantity": "loss", "power": 3},
        {"coefficient": -0.10950381072},
        "deviates",
    ),
    (
        "arjevani2021_distinct_eigenvalues",
        "family_spectra",
        {**II_2_AT_16, "rank": 0},
        {"multiplicity": 2},
        "refuted",
    ),
    (
        "arjevani2021_distinct_eigenvalues",
        "family_spectra",
        {**I_1_MORE_FAR, "irrep": "t"},
        {"multiplicity": 2e5},
        "refuted",
    ),
    (
        "arjevani2020_spectra_agree",
        "family_points",
        II_1_FAR,
        {"bounded_difference": 4e-3},
        "deviates",
    ),
    (
        "arjevani2020_bulk_concentrates",
        "family_spectra",
        {**A_FAR, "irrep": "y_p"},
        {"eigenvalue": 0.2},
        "deviates",
    ),
    (
        "arjevani2020_bulk_concentrates",
        "family_spectra",
        {**A_FAR, "eigenvalue": 250000.8, "irrep": "s_p"},
        {"eigenvalue": 0.3},
        "deviates",
    ),
    (
        THRESHOLD,
        "stability_thresholds",
        {"family": "II", "m": 2},
        {"k": 7.56119051},
        "deviates",
    ),
    (THRESHOLD, "stability_thresholds", {"family": "II", "m": 2}, {"irrep": "s_m"}, "deviates"),
    (THRESHOLD, "stability_thresholds", {"family": "II", "m": 2}, {"lost_k": 90.0}, "deviates"),
    (THRESHOLD_WITH_TWO_MORE, "stability_thresholds", {"extra": 2}, {"lost_k": 90.0}, "deviates"),
    (THRESHOLD_WITH_TWO_MORE, "stability_thresholds", {"extra": 2}, {"lost_k": None}, "deviates"),
    (LEVEL_WITH_TWO_MORE, "family_points", {"extra": 2, "k": 11}, {"loss": 0.0307}, "deviates"),
    (
        THRESHOLD,
        "stability_thresholds",
        {"family": "II", "m": 2},
        {"smallest_integer": 9},
        "deviates",
    ),
    (
        "arjevani2020_two_columns_minima",
        "family_points",
        {"m": 2, "k": 16},
        {"index": 4.0},
        "deviates",
    ),
    (
        "arjevani2022_neurons_make_saddles",
        "family_splits",
        II_2_AT_16,
        {"inner_smallest_eigenvalue": 0.0},
        "refuted",
    ),
    (
        "arjevani2022_every_split_makes_saddle",
        "family_splits",
        {**II_2_AT_16, "neuron_class": 1},
        {"inner_smallest_eigenvalue": 0.0},
        "refuted",
    ),
    (
        "arjevani2022_split_decay",
        "family_splits",
        {**I_1_FAR, "neuron_class": 0},
        {"inner_smallest_eigenvalue": -1e-3},
        "deviates",
    ),
    (
        "arjevani2022_split_decay",
        "family_splits",
        {**A_FAR, "neuron_class": 0},
        {"inner_smallest_eigenvalue": -2.05 / np.pi * 1e-3},
        "deviates",
    ),
    (
        "arjevani2022_split_decay",
        "family_splits",
        {"family": "II", "m": 2, "extra": 0, "k": 10_000, "neuron_class": 1},
        {"inner_smallest_eigenvalue": 0.001},
        "deviates",
    ),
    (ONE_MORE_A, "family_points", {"family": "A", "extra": 1, "k": 16}, {"index": 14.0}, "refuted"),
    (ONE_MORE_I, "family_points", {"family": "I", "extra": 1, "k": 10}, {"index": 0.0}, "refuted"),
    (ONE_MORE_I, "family_points", {"family": "I", "extra": 1, "k": 16}, {"index": 1.0}, "refuted"),
    (ONE_MORE_II, "family_points", {"family": "II", "extra": 1, "k": 7}, {"index": 3.0}, "refuted"),
    (
        "arjevani2022_lesser_symmetry",
        "fixed_space_points",
        {"chain": "I", "index": 0.0},
        {"smallest_eigenvalue": -0.01},
        "undecided",
    ),
    (
        RULE,
        "fixed_space_points",
        {"k": 20, "columns": 1, "extra": 2, "chain": "I"},
        {"smallest_eigenvalue": 0.001},
        "refuted",
    ),
    (
        RULE,
        "fixed_space_points",
        {"k": 20, "columns": 2, "extra": 2, "chain": "I"},
        {"coordinate_orbits": "1+19"},
        "refuted",
    ),
    (
        "arjevani2022_lesser_symmetry_rule_type_two",
        "fixed_space_points",
        {"k": 20, "columns": 1, "extra": 2, "chain": "II"},
        {"smallest_eigenvalue": 0.001},
        "refuted",
    ),
    (
        "arjevani2022_lesser_symmetry_index",
        "fixed_space_points",
        {"k": 20, "columns": 1, "extra": 2, "chain": "I"},
        {"index": 35.0},
        "refuted",
    ),
    (
        "arjevani2022_lesser_symmetry_index",
        "fixed_space_points",
        {"k": 20, "columns": 0, "extra": 1},
        {"irrep": "t"},
        "refuted",
    ),
    (
        TYPE_TWO,
        "fixed_space_points",
        {"extra": 2, "chain": "II"},
        {"smallest_eigenvalue": -0.001},
        "undecided",
    ),
    (
        FIRST_CLASS,
        "family_fates",
        {**FIRST, "family": "II", "k": 16, "neuron_class": 0},
        {"landing": "spurious", "smallest_eigenvalue": 0.01},
        "refuted",
    ),
    (
        FIRST_CLASS,
        "family_fates",
        {**FIRST, "family": "II", "k": 16, "neuron_class": 0},
        {"landing": "spurious", "smallest_eigenvalue": -0.01},
        "undecided",
    ),
    (
        FIRST_CLASS,
        "family_fates",
        {**FIRST, "family": "II", "k": 16, "neuron_class": 0},
        {"landing": "unfinished"},
        "undecided",
    ),
    (
        FATE,
        "family_fates",
        {**FIRST, "family": "II", "k": 12, "neuron_class": 1},
        {"loss_after": 0.0158006},
        "deviates",
    ),
    (
        FATE,
        "family_fates",
        {**FIRST, "family": "II", "k": 12, "neuron_class": 1},
        {"landing": "global"},
        "deviates",
    ),
    (
        FATE,
        "family_fates",
        {**FIRST, "family": "II", "k": 12, "neuron_class": 1},
        {"smallest_eigenvalue": -0.001},
        "undecided",
    ),
    (
        FATE,
        "family_fates",
        {**FIRST, "family": "II", "k": 12, "neuron_class": 1},
        {"landing": "unfinished"},
        "undecided",
    ),
    (
        SECOND_SPLIT,
        "family_fates",
        {"family": "I", "k": 12, "second_neuron": 0, "sign": -1},
        {"landing": "spurious"},
        "refuted",
    ),
    (
        SECOND_SPLIT,
        "family_fates",
        {"family": "I", "k": 12, "second_neuron": 0, "sign": -1},
        {"landing": "unfinished"},
        "undecided",
    ),
    (
        PERSIST,
        "perturbed_targets",
        {**PERSISTENT, "sample": 7},
        {"outcome": "saddle"},
        "undecided",
    ),
    (
        PERSIST,
        "perturbed_targets",
        {**PERSISTENT, "sample": 7},
        {"largest_inner_eigenvalue": 0.0},
        "deviates",
    ),
    (
        PERSIST,
        "perturbed_targets",
        {**PERSISTENT, "sample": 7, "epsilon": 0.001},
        {"smallest_eigenvalue": 0.02},
        "deviates",
    ),
    (
        "arjevani2022_families_identified",
        "identified_classes",
        {"isotropy": "Delta(S_12 x S_2 x S_1)"},
        {"isotropy": "Delta(S_12 x S_3)"},
        "undecided",
    ),
    *(
        ("arjevani2022_families_identified", "identified_classes", where, values, "deviates")
        for where, values in (
            ({"family": "I"}, {"loss_as_I": 0.24}),
            ({"family": "II", "m": 1}, {"loss_as_II": 0.24}),
            (
                {"isotropy": "Delta(S_12 x S_2 x S_1)"},
                {"isotropy": "Delta(S_12 x S_3)", "loss_as_I": 0.24, "loss_as_II": 0.05},
            ),
        )
    ),
    (
        "arjevani2022_minima_between_families",
        "identified_classes",
        {"k": 15, "n": 15},
        {"between": 0},
        "refuted",
    ),
    (HIDDEN, "family_rates", {"family": "I", "m": 3}, {"reached": 0}, "consistent"),
    (COMPONENT, "family_splits", II_2_AT_16, {"irrep": "s_p"}, "refuted"),
    (LIMIT_WITH_ONE_MORE, "family_points", II_1_MORE_FARTHEST, {"loss": 2.6e-9}, "deviates"),
    (ORDER_WITH_ONE_MORE, "family_points", I_1_MORE_FAR, {"smallest_eigenvalue": 7e-6}, "deviates"),
    (NEARLY_ALL, "random_teachers", {"d": 1000}, {"outcome": "saddle"}, "deviates"),
    (NEARLY_ALL, "random_teachers", {"d": 10_000}, {"loss": 1e-12}, "deviates"),
    (NEARLY_ALL, "random_teachers", {"d": 1000, "sample": 3}, {"outcome": "fold"}, "undecided"),
]


@pytest.mark.parametrize(("claim", "verdict"), SOUND.items(), ids=list(SOUND))
def test_verdict_on_a_sound_study(claim, verdict) -> None:
    finding = find(claim, sound_families())
    assert finding.verdict is verdict
    assert finding.note
    assert finding.sample_size > 0


@pytest.mark.parametrize(("claim", "table", "where", "values", "verdict"), CORRUPTED)
def test_verdict_turns_when_a_table_is_corrupted(claim, table, where, values, verdict) -> None:
    tables = sound_families()
    change(tables[table], where, **values)
    finding = find(claim, tables)
    assert finding.verdict == verdict
    assert finding.verdict is not SOUND[claim]
    if finding.verdict is Verdict.REFUTED:
        file, rows = finding.evidence.split(": ")
        assert file == f"tables/{table}.parquet"
        named = dict(part.split("=") for part in rows.split(", "))
        shared = [name for name in where if name in named]
        assert shared
        assert all(named[name] == str(where[name]) for name in shared)


def test_every_verdict_is_seen_to_turn() -> None:
    public = set(verdicts_of("symmetry"))
    assert {CLAIMS[claim].test.name for claim, *_ in CORRUPTED} == public
    assert {CLAIMS[claim].test.name for claim in SOUND} == public
    assert {entry.test.name for entry in CLAIMS.values()} == public
    assert {entry.claim for entry in CLAIMS.values()} == {CLAIMS[claim].claim for claim in SOUND}


@pytest.mark.slow
def test_every_case_of_a_claim_that_the_study_covers_has_the_same_verdict() -> None:
    expected = {CLAIMS[claim].claim: verdict for claim, verdict in SOUND.items()}
    judgements = judge(CLAIMS.values(), sound_families(), {})
    assert {judgement.id for judgement in judgements} == set(CLAIMS)
    for judgement in judgements:
        assert judgement.verdict is expected[judgement.claim], judgement.id


def test_an_empty_study_runs_nothing() -> None:
    empty = {name: frame.iloc[:0] for name, frame in sound_families().items()}
    assert {find(claim, empty).verdict for claim in CLAIMS} == {Verdict.NOT_RUN}


def test_nothing_deviates_because_a_study_is_small() -> None:
    judgements = {entry.id: entry for entry in judge(CLAIMS.values(), smoke_families(), {})}
    against = {Verdict.DEVIATES, Verdict.REFUTED}
    assert not [name for name, entry in judgements.items() if entry.verdict in against]
    counts = [entry.verdict for entry in judgements.values()]
    assert counts.count(Verdict.REPRODUCED) > 10
    for claim, verdict in {
        "arjevani2020_loss_limit": Verdict.CONSISTENT,
        "arjevani2020_spectra_agree": Verdict.CONSISTENT,
        "arjevani2022_split_decay": Verdict.CONSISTENT,
        "arjevani2020_two_columns_minima": Verdict.NOT_RUN,
        "arjevani2022_lesser_symmetry": Verdict.UNDECIDED,
        RULE: Verdict.UNDECIDED,
        "arjevani2022_lesser_symmetry_index": Verdict.NOT_RUN,
        TYPE_TWO: Verdict.NOT_RUN,
        SECOND_SPLIT: Verdict.CONSISTENT,
        HIDDEN: Verdict.UNDECIDED,
    }.items():
        assert judgements[claim].verdict is verdict, claim


def test_numbers_of_the_papers_are_told_from_those_of_this_project() -> None:
    numbers = {entry.claim: entry.ledger for entry in CLAIMS.values() if entry.kind == "number"}
    papers = {claim for claim, ledger in numbers.items() if ledger is Ledger.PAPERS}
    assert papers == {"arjevani2020_loss_constant"}
    assert {entry.source for entry in CLAIMS.values()} == {"found", None}


def test_every_verdict_says_what_it_reads() -> None:
    for test in verdicts_of("symmetry").values():
        assert test.docstring.splitlines()[0].endswith("?")
        for entry in CLAIMS.values():
            if entry.test == test and ": as for" not in test.docstring:
                assert all(name in test.docstring for name in entry.parameters)


def test_minima_below_the_stated_size_are_named() -> None:
    finding = find("arjevani2020_two_columns_minima", sound_families())
    assert finding.found == {"smallest k with a minimum": 8, "first by the thresholds": 8}
    assert finding.expected == {"smallest k with a minimum": 10}
    assert "already at k = 8." in finding.note
    assert "II_2 is a minimum from k = 7.561190 on, so at 8 first" in finding.note


def test_two_columns_are_not_run_without_points() -> None:
    tables = sound_families()
    points = tables["family_points"]
    tables["family_points"] = points[points["k"] <= 9]
    assert find("arjevani2020_two_columns_minima", tables).verdict is Verdict.NOT_RUN


def test_one_family_of_two_columns_alone_decides_nothing_against_a_size() -> None:
    tables = sound_families()
    points = tables["family_points"]
    change(points, {"m": 2, "k": 16}, index=4.0)
    here = (points["family"] == "II") & (points["m"] == 2) & (points["k"] == 16)
    tables["family_points"] = points[~here]
    finding = find("arjevani2020_two_columns_minima", tables)
    assert finding.verdict is Verdict.UNDECIDED
    assert finding.evidence == "tables/family_points.parquet: m=2, extra=0, k=16"


def test_saddles_need_no_split() -> None:
    """II_2 at k = 6 is a saddle: that its splits were not negative would say nothing."""
    tables = sound_families()
    where = {"family": "II", "m": 2, "extra": 0, "k": 6}
    change(tables["family_splits"], where, inner_smallest_eigenvalue=0.0)
    assert find("arjevani2022_every_split_makes_saddle", tables).verdict is Verdict.CONSISTENT


def test_one_neuron_that_makes_a_saddle_is_enough() -> None:
    tables = sound_families()
    change(
        tables["family_splits"], {**II_2_AT_16, "neuron_class": 0}, inner_smallest_eigenvalue=0.0
    )
    assert find("arjevani2022_neurons_make_saddles", tables).verdict is Verdict.CONSISTENT
    assert find("arjevani2022_every_split_makes_saddle", tables).verdict is Verdict.REFUTED


def test_limits_in_other_representations_are_not_compared() -> None:
    tables = sound_families()
    change(tables["family_splits"], {"family": "A", "extra": 0}, irrep="x_p")
    note = find("arjevani2022_split_decay", tables).note
    known = find("arjevani2022_split_decay", sound_families()).note
    assert int(note.split("counterexamples. ")[1].split()[0]) == (
        int(known.split("counterexamples. ")[1].split()[0]) - 1
    )


def test_thresholds_of_a_minimum_with_one_more_neuron_are_shown() -> None:
    finding = find(ONE_MORE_I, sound_families())
    assert finding.found == {"smallest k of a minimum": 16, "largest k of a saddle": 10}
    assert finding.expected == {"smallest k of a minimum": 12, "largest k of a saddle": 11}


def test_single_columns_are_those_outside_the_largest_orbit() -> None:
    """A search with many columns also meets points of greater symmetry."""
    tables = sound_families()
    points = tables["fixed_space_points"]
    more = points[(points["k"] == 20) & (points["columns"] == 1) & (points["extra"] == 2)]
    more = more.assign(columns=3, smallest_eigenvalue=0.01)
    tables["fixed_space_points"] = pd.concat([points, more], ignore_index=True)
    finding = find(RULE, tables)
    assert finding.verdict is Verdict.REFUTED
    assert "columns=3" in finding.evidence


def test_greatest_symmetry_that_dies_is_shown_with_the_lesser_one_that_lives() -> None:
    finding = find("arjevani2022_lesser_symmetry", sound_families())
    assert finding.found == {
        "k": 20,
        "extra": 2,
        "single columns of the minimum": 2,
        "single columns of the saddles": 1,
    }
    assert "(12, 1, 0, 1)" in finding.note


def test_rule_needs_minima_and_saddles() -> None:
    tables = sound_families()
    points = tables["fixed_space_points"]
    tables["fixed_space_points"] = points[points["smallest_eigenvalue"] > 0]
    assert find(RULE, tables).verdict is Verdict.UNDECIDED
    tables["fixed_space_points"] = points[points["smallest_eigenvalue"] < 0]
    assert find(RULE, tables).verdict is Verdict.UNDECIDED


def test_copies_in_which_saddles_are_unstable_are_in_the_note() -> None:
    note = find("arjevani2022_lesser_symmetry_index", sound_families()).note
    assert "Copies, at (k, e, single columns): 1 at (12, 1, 0), (20, 1, 0), (20, 2, 1); " in note
    assert "2 at (12, 3, 2)." in note


def test_the_share_of_starts_that_reach_a_minimum_is_shown() -> None:
    tables = sound_families()
    finding = find(TYPE_TWO, tables)
    assert finding.found == pytest.approx(100 / 48)
    assert finding.interval[0] < finding.found < finding.interval[1]
    assert "k = 20, 2 single columns, loss 0.0106759, 1 start" in finding.note


def test_the_largest_size_that_all_draws_survive_is_told() -> None:
    note = find(PERSIST, sound_families()).note
    assert "I_2 at k = 8 0.02, " in note
    assert "II_2 at k = 8 0.01, " in note


def test_orders_of_a_series_are_told_from_their_neighbours() -> None:
    """At two large k, the next terms move an order by much less than to half the way."""
    k = np.array([1e4, 1e6])
    for order in (-1.0, -0.5, 0.0, 1.0):
        pair = pd.DataFrame({"k": k, "value": -3.0 * k**order * (1 + 8 * k**-0.5)})
        assert abs(order_between(pair, "value") - order) < HALF_WAY / 10
    pair = pd.DataFrame({"k": k, "value": [1.0, 0.0]})
    assert order_between(pair, "value") == -np.inf
    assert order_between(pair.assign(value=[0.0, 1.0]), "value") == np.inf


def test_orders_need_two_k_that_are_large_enough() -> None:
    tables = sound_families()
    for name in ("family_points", "family_spectra", "family_splits"):
        tables[name] = tables[name][tables[name]["k"] <= 1000]
    for claim in (
        "arjevani2020_loss_limit",
        "arjevani2020_loss_limit_constants",
        "arjevani2020_spectra_agree",
        "arjevani2020_bulk_concentrates",
        "arjevani2022_split_decay",
    ):
        assert find(claim, tables).verdict is Verdict.NOT_RUN, claim


def test_a_limit_that_is_off_by_a_part_of_the_correction_is_seen() -> None:
    """No size of the correction is assumed: the distance from a wrong limit stops falling."""
    tables = sound_families()
    splits = tables["family_splits"]
    chosen = (splits["family"] == "A") & (splits["extra"] == 0)
    splits.loc[chosen, "inner_smallest_eigenvalue"] *= 1.02
    assert find("arjevani2022_split_decay", tables).verdict is Verdict.DEVIATES


def test_minimum_that_survives_no_size_is_named() -> None:
    tables = sound_families()
    rows = tables["perturbed_targets"]
    tables["perturbed_targets"] = rows[~rows["epsilon"].isin([0.001, 0.01])]
    finding = find(PERSIST, tables)
    assert finding.verdict is Verdict.UNDECIDED
    assert "None at II_2 at k = 8." in finding.note


def test_persistence_needs_two_sizes_and_the_minimum_itself() -> None:
    tables = sound_families()
    assert find(PERSIST, tables).found["least order in epsilon"] == pytest.approx(1.0)
    change(tables["perturbed_targets"], {"epsilon": 0.01, **PERSISTENT}, outcome="lost")
    finding = find(PERSIST, tables)
    assert finding.verdict is Verdict.UNDECIDED
    assert "Not compared at two sizes: I_2 at k = 16." in finding.note
    tables = sound_families()
    rows = tables["perturbed_targets"]
    tables["perturbed_targets"] = rows[rows["epsilon"] == 0.001]
    finding = find(PERSIST, tables)
    assert finding.verdict is Verdict.UNDECIDED
    assert finding.found["least order in epsilon"] is None
    tables = sound_families()
    points = tables["family_points"]
    tables["family_points"] = points[points["k"] != 16]
    assert find(PERSIST, tables).verdict is Verdict.UNDECIDED


def test_classes_are_counted_by_family() -> None:
    finding = find("arjevani2022_families_identified", sound_families())
    assert finding.found == {"I_3": 1, "II_1": 1, "II_2": 1, "none": 1}
    assert "Of no family: Delta(S_12 x S_2 x S_1) 1." in finding.note
    tables = sound_families()
    nameless = {"k": 15, "n": 15}
    change(tables["identified_classes"], nameless, isotropy="Delta(S_12 x S_3)", loss_as_I=0.24)
    assert find("arjevani2022_families_identified", tables).verdict is Verdict.UNDECIDED
    change(tables["identified_classes"], {"n": 10}, kind="saddle")
    change(tables["identified_classes"], {"n": 12}, kind="saddle")
    assert find("arjevani2022_families_identified", tables).verdict is Verdict.UNDECIDED


def test_hidden_minima_that_were_reached_are_named() -> None:
    finding = find(HIDDEN, sound_families())
    assert finding.found == pytest.approx(100 * 2 / 1012)
    assert finding.sample_size == 1012
    assert finding.interval[0] > 0
    assert "I_3 by 2 runs at k = 12." in finding.note
    assert finding.evidence.endswith("search=safran2021, k=12, n=12, family=I, m=3")


def test_descents_that_all_stopped_early_decide_nothing() -> None:
    tables = sound_families()
    change(tables["family_fates"], {"family": "II", "neuron_class": 0}, landing="unfinished")
    finding = find(FIRST_CLASS, tables)
    assert finding.verdict is Verdict.UNDECIDED
    assert "No descent came to an end: unfinished 6." in finding.note
    fates = tables["family_fates"]
    tables["family_fates"] = fates[fates["family"] != "II"]
    assert find(FIRST_CLASS, tables).verdict is Verdict.NOT_RUN


def test_what_is_proved_of_the_cases_is_counted() -> None:
    tables = sound_families()
    every = find("arjevani2022_every_split_makes_saddle", tables)
    assert 0 < every.proved < every.sample_size
    one = find("arjevani2022_neurons_make_saddles", tables)
    assert 0 < one.proved < one.sample_size < every.sample_size
    tables["family_splits"]["proved"] = "proved"
    for name in ("arjevani2022_every_split_makes_saddle", "arjevani2022_neurons_make_saddles"):
        finding = find(name, tables)
        assert finding.proved == finding.sample_size
    tables["family_points"]["proved"] = "not_tried"
    assert find("arjevani2020_two_columns_minima", tables).proved == 0
