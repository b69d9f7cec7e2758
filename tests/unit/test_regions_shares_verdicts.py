"""Every verdict holds on a small sound study and turns when a number in it is changed."""

from functools import cache

import pytest

from helpers_claims import ask, find_and_read, ledger, verdicts_of
from helpers_rows import frame_of, tables_of
from relu_landscape.activation_regions.one_dimensional_records import find_widths, measure_curves
from relu_landscape.activation_regions.region_shares import (
    compare_region_counts,
    count_shares,
    draw_binary_patterns,
)
from relu_landscape.activation_regions.settings import (
    CurvesOnALine,
    RegionShares,
    Volume,
    WidthsOnALine,
    ZeroLoss,
)
from relu_landscape.activation_regions.volume import measure_volume
from relu_landscape.activation_regions.zero_loss_shares import (
    compare_bounds,
    count_regions_with_zero_loss,
    measure_shares,
)
from relu_landscape.judging.findings import Claim, Verdict

COUNTED = {"n": 2, "d1": 4, "data_sets": 1}
LINE = {"patterns": "regions", "data": "line", "n": 3, "d0": 2, "d1": 4}
BINARY = {"patterns": "binary", "data": "normal", "n": 4, "d0": 2, "d1": 3}
SHARE = {"regions": "uniform", "targets": "random", "n": 3, "d1": 6}
BOUNDS = {"regions": "initial", "targets": "random", "n": 8, "d1": 60}

VERDICTS = {
    name: test
    for name, test in verdicts_of("activation_regions").items()
    if not test.module.endswith((".full_rank", ".training"))  # test_regions_rank_verdicts
}
# verdict function -> parameters, case, expected, what it says of the sound study
SOUND = {
    "region_count_formula": ({}, {}, None, Verdict.CONSISTENT),
    "full_rank_count": (
        {},
        LINE,
        {"full_pattern": 600, "full_jacobian": 1070},
        Verdict.REPRODUCED,
    ),
    "count_depends_on_signs": ({}, {}, None, Verdict.REPRODUCED),
    "signature_decides_count": ({}, {}, None, Verdict.CONSISTENT),
    "most_volume_is_full": (
        {"least_width": 8, "confidence": 0.99},
        {"data": "line"},
        None,
        Verdict.CONSISTENT,
    ),
    "binary_bounds_hold": ({"tolerance": 1e-12}, {}, None, Verdict.CONSISTENT),
    "binary_bounds_hold_in_draws": ({"confidence": 0.99}, {}, None, Verdict.CONSISTENT),
    "half_width": ({}, {"n": 50, "matrix": "pattern"}, {"width": 213}, Verdict.REPRODUCED),
    "half_width_estimate": ({}, {"matrix": "jacobian"}, None, Verdict.CONSISTENT),
    "transition_sharpens": ({}, {"matrix": "pattern"}, None, Verdict.CONSISTENT),
    "recalled_width_suffices": ({}, {"matrix": "pattern"}, None, Verdict.CONSISTENT),
    "samples_agree": ({}, {}, None, Verdict.CONSISTENT),
    "method_is_right": ({}, {"method": "linear_program"}, None, Verdict.CONSISTENT),
    "some_regions_hold_zero_loss": ({"confidence": 0.99}, SHARE, None, Verdict.REPRODUCED),
    "zero_loss_set_has_codimension": ({}, {"targets": "random"}, None, Verdict.CONSISTENT),
    "zero_loss_on_boundary_only": ({}, {"targets": "teacher"}, None, Verdict.REPRODUCED),
    "every_target_count": ({}, {"n": 2, "d1": 4}, {"every_target": 81}, Verdict.REPRODUCED),
    "most_regions_fit_every_target": (
        {"epsilon": 0.1, "confidence": 0.99},
        {},
        None,
        Verdict.CONSISTENT,
    ),
    "default_bounds_hide_zero_loss": ({}, {}, None, Verdict.REPRODUCED),
}

# verdict function, table, row, changed values, what it then says
CORRUPTED = [
    ("region_count_formula", "region_counts", 0, {"enumerated": 9}, Verdict.REFUTED),
    ("full_rank_count", "region_shares", 0, {"full_jacobian": "1071"}, Verdict.DEVIATES),
    (
        "count_depends_on_signs",
        "region_shares",
        slice(2, None),  # every data set that is not on a line
        {"full_jacobian": "13"},
        Verdict.UNDECIDED,
    ),
    ("signature_decides_count", "region_shares", 2, {"full_jacobian": "13"}, Verdict.REFUTED),
    ("most_volume_is_full", "volume_shares", slice(None), {"share": 0.4}, Verdict.REFUTED),
    ("binary_bounds_hold", "region_shares", 1, {"jacobian_share": 0.6}, Verdict.REFUTED),
    ("binary_bounds_hold_in_draws", "binary_draws", 0, {"full": 180}, Verdict.REFUTED),
    ("binary_bounds_hold_in_draws", "binary_draws", 1, {"full": 200}, Verdict.REFUTED),
    ("half_width", "one_dimensional_widths", 0, {"width": 212}, Verdict.DEVIATES),
    ("half_width_estimate", "one_dimensional_widths", 6, {"width": 300}, Verdict.REFUTED),
    ("transition_sharpens", "one_dimensional_widths", 5, {"width": 900}, Verdict.REFUTED),
    (
        "recalled_width_suffices",
        "one_dimensional_widths",
        0,
        {"share_at_recalled_width": 0.4},
        Verdict.REFUTED,
    ),
    ("samples_agree", "one_dimensional_probabilities", 2, {"probability": 0.99}, Verdict.REFUTED),
    ("method_is_right", "zero_loss_shares", 0, {"linear_program_wrong": 1}, Verdict.REFUTED),
    ("method_is_right", "zero_loss_bounds", 0, {"free_wrong": 1}, Verdict.REFUTED),
    (
        "zero_loss_set_has_codimension",
        "zero_loss_shares",
        0,
        {"interior": 2, "codimension_n": 2},
        Verdict.REFUTED,
    ),
    ("zero_loss_set_has_codimension", "zero_loss_shares", 0, {"codimension_n": 2}, Verdict.REFUTED),
    (
        "zero_loss_on_boundary_only",
        "zero_loss_shares",
        2,
        {"zero_loss": 20, "interior": 20},
        Verdict.DEVIATES,
    ),
    ("every_target_count", "zero_loss_counts", 0, {"every_target": "80"}, Verdict.DEVIATES),
    ("some_regions_hold_zero_loss", "zero_loss_shares", 0, {"zero_loss": 0}, Verdict.UNDECIDED),
    ("some_regions_hold_zero_loss", "zero_loss_shares", 0, {"zero_loss": 120}, Verdict.UNDECIDED),
    (
        "most_regions_fit_every_target",
        "zero_loss_shares",
        1,
        {"every_target": 10},
        Verdict.REFUTED,
    ),
    (
        "default_bounds_hide_zero_loss",
        "zero_loss_bounds",
        0,
        {"default_bounds": 20, "free_bounds": 20},
        Verdict.UNDECIDED,
    ),
]


def _asked(cell, **numbers):
    """An entry of a config that is this cell alone."""
    return {name: [value] for name, value in cell.items()} | numbers


@cache
def _sound():
    regions = RegionShares.model_validate(
        {
            "seed": 3,
            "sizes": [_asked({"n": 5, "d0": 2}, data_sets=2)],
            "cells": [
                _asked(LINE, data_sets=1),
                _asked(BINARY, data_sets=1),
                _asked(LINE | {"data": "normal", "d1": 2}, data_sets=6),
            ],
            "binary": [
                {"n": 8, "d0": 4, "d1": 10, "draws": 200},
                {"n": 8, "d0": 4, "d1": 4, "draws": 200},
            ],
        }
    )
    curves = CurvesOnALine(sizes=(10,), widths=4, draws=100, confidence=0.99, seed=1)
    line = {name: LINE[name] for name in ("data", "n", "d0")} | {"d1": 8}
    volume = {"cells": [_asked(line, data_sets=8)], "samples": 50, "seed": 1}
    teacher = {"regions": "uniform", "targets": "teacher", "n": 12, "d1": 36}
    bounds = {name: value for name, value in BOUNDS.items() if name != "draws"}
    zero = ZeroLoss.model_validate(
        {
            "seed": 1,
            "confidence": 0.99,
            "cells": [
                _asked(SHARE, draws=120),
                _asked(SHARE | {"n": 2, "d1": 40}, draws=30),
                _asked(teacher, draws=30),
            ],
            "counts": [_asked({"n": 2, "d1": 4}, data_sets=1)],
            "bounds": [_asked(bounds, draws=40)],
        }
    )
    tables = {
        "region_counts": compare_region_counts(regions.sizes, seed=0),
        "region_shares": count_shares(regions.cells, seed=regions.seed),
        "binary_draws": draw_binary_patterns(regions.binary, seed=1),
        "one_dimensional_widths": find_widths(WidthsOnALine(sizes=(50, 100), levels=(0.5, 0.9))),
        "one_dimensional_probabilities": measure_curves(curves),
        "volume_shares": measure_volume(Volume.model_validate(volume)),
        "zero_loss_shares": measure_shares(zero.cells, confidence=0.99, seed=1),
        "zero_loss_counts": count_regions_with_zero_loss(zero.counts, seed=1),
        "zero_loss_bounds": compare_bounds(zero.bounds, seed=1),
    }
    return {name: frame_of(rows) for name, rows in tables.items()}


CLAIMS = {
    name: entry for name, entry in ledger("karhadkar2024").items() if entry.test.name in SOUND
}


def judge(name, tables):
    parameters, case, expected, _ = SOUND[name]
    return ask(VERDICTS[name], Claim(name, parameters, case, expected), tables)


def test_every_verdict_is_tested():
    assert set(SOUND) == set(VERDICTS)
    assert set(SOUND) == {name for name, *_ in CORRUPTED}
    assert set(VERDICTS) == {entry.test.name for entry in CLAIMS.values()}


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUND)
def test_verdicts_of_a_sound_study(name):
    finding = judge(name, _sound())
    assert finding.verdict is SOUND[name][3], finding
    assert finding.sample_size > 0


@pytest.mark.slow
@pytest.mark.parametrize("claim", CLAIMS)
def test_the_claims_file_has_the_parameters_that_are_read(claim):
    """Judged on the sound study as if it were of their case, whatever the verdict then is."""
    case = CLAIMS[claim].case
    alike = {
        table: frame.assign(**{name: case[name] for name in case if name in frame})
        for table, frame in _sound().items()
    }
    finding, read = find_and_read(claim, alike)
    assert finding.verdict is not Verdict.NOT_RUN, finding
    assert read == set(CLAIMS[claim].parameters)
    assert read == set(SOUND[CLAIMS[claim].test.name][0])


@pytest.mark.parametrize("name", SOUND)
def test_nothing_run_is_said(name):
    empty = tables_of(**{table: [] for table in _sound()})
    assert judge(name, empty).verdict is Verdict.NOT_RUN


@pytest.mark.parametrize(("name", "table", "row", "values", "verdict"), CORRUPTED)
def test_a_changed_number_turns_the_verdict(name, table, row, values, verdict):
    changed = _sound()[table].copy()
    for column, value in values.items():
        changed.loc[row, column] = value
    assert judge(name, _sound() | {table: changed}).verdict is verdict


def test_most_volume_needs_data_sets_that_could_say_otherwise():
    volumes = _sound()["volume_shares"]
    few = _sound() | {"volume_shares": volumes[volumes["data_set"] < 2]}
    assert judge("most_volume_is_full", few).verdict is Verdict.UNDECIDED


def test_the_share_with_zero_loss_is_shown_and_compared_with_nothing():
    finding = judge("some_regions_hold_zero_loss", _sound())
    row = _sound()["zero_loss_shares"].iloc[0]
    assert finding.found == {"share": row["zero_loss"] / row["draws"]}
    assert finding.interval[0] < finding.found["share"] < finding.interval[1]
    assert finding.expected is None
