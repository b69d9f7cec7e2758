"""What the tests of claims about leaky networks say of tables, and what turns them."""

import pandas as pd
import pytest

from helpers_claims import find, verdicts_of
from relu_landscape.judging.findings import Verdict
from relu_landscape.studies.leaky_slope.verdicts.slope_families import SMALLEST_AT_TEACHERS

LEVEL = "leaky_levels[family=A,m=0,k=8,slope=-0.5]"


def sound():
    """Tables of A and II_1 at k = 8, and of A at k = 20, which ends in a fold."""
    columns = ["family", "m", "k", "slope", "loss", "smallest_eigenvalue", "index"]
    points = [
        ("A", 0, 8, -1.0, 0.26571, -0.099, 7.0),
        ("A", 0, 8, -0.5, 0.150955, 0.0271, 0.0),
        ("A", 0, 8, 0.0, 0.067732, 0.011, 0.0),
        ("II", 1, 8, -1.0, 0.0, SMALLEST_AT_TEACHERS, 0.0),
        ("II", 1, 8, 0.0, 0.0215, 0.021, 0.0),
        ("A", 0, 20, 0.0, 0.1, 0.05, 0.0),
    ]
    enclosures = [("A", 0, 8, -1.0, "enclosed", 7.0, 0.2657, 0.2658)]
    certified = [
        ("A", 0, 8, -1.0, False, False, 0, 0),
        ("A", 0, 8, -0.5, True, True, 1, 1),
        ("II", 1, 8, -1.0, False, False, 0, 0),
    ]
    shares = [
        (8, -1.0, 500, 0, 0, 0, 1990),
        (8, -0.98, 500, 0, 60, 498, 1980),
        (8, -0.5, 500, 0, 170, 170, 180),
        (8, 0.0, 500, 0, 58, 58, 58),
    ]
    return {
        "leaky_points": pd.DataFrame(points, columns=columns),
        "leaky_thresholds": pd.DataFrame(
            [
                ("A", 0, 20, "fold", -0.912),
                ("A", 0, 8, "eigenvalue", -0.72),
                ("A", 0, 20, "eigenvalue", -0.84),
            ],
            columns=["family", "m", "k", "event", "slope"],
        ),
        "leaky_sizes": pd.DataFrame(
            [("A", 0, -1.0, "fold", 17.4)], columns=["family", "m", "slope", "event", "k"]
        ),
        "leaky_enclosures": pd.DataFrame(
            enclosures,
            columns=[*columns[:4], "state", "index", "loss_lower", "loss_upper"],
        ),
        "certified_slopes": pd.DataFrame(
            certified,
            columns=[*columns[:4], "proved", "checked", "splits", "splits_proved"],
        ),
        "leaky_shares": pd.DataFrame(
            shares,
            columns=["k", "slope", "runs", "unfinished", "bad", "spurious", "negated_rows"],
        ),
        "leaky_escapes": pd.DataFrame(
            [("A", 0, 8, 1e-3, 20, 0, 0)],
            columns=["family", "m", "k", "displacement", "runs", "unfinished", "spurious"],
        ),
    }


SOUND = {
    LEVEL: Verdict.REPRODUCED,
    "leaky_enclosures": Verdict.CONSISTENT,
    "leaky_fold_sizes": Verdict.CONSISTENT,
    "leaky_saddles_begin_lower": Verdict.CONSISTENT,
    "leaky_minima_stay": Verdict.CONSISTENT,
    "leaky_minima_proved": Verdict.CONSISTENT,
    "leaky_second_type_ends": Verdict.CONSISTENT,
    "leaky_first_type_no_minimum": Verdict.CONSISTENT,
    "leaky_none_spurious": Verdict.CONSISTENT,
    "leaky_saddles_lead_on": Verdict.CONSISTENT,
    "leaky_trial_shares": Verdict.CONSISTENT,
    "leaky_fair_signs": Verdict.REPRODUCED,
    "leaky_jump": Verdict.CONSISTENT,
    "leaky_share_falls": Verdict.CONSISTENT,
}
# claim, table, row, column, value, verdict
TURNED = [
    (LEVEL, "leaky_points", 1, "loss", 0.150956, Verdict.DEVIATES),
    ("leaky_enclosures", "leaky_enclosures", 0, "index", 6.0, Verdict.REFUTED),
    ("leaky_enclosures", "leaky_enclosures", 0, "loss_lower", 0.26572, Verdict.REFUTED),
    ("leaky_enclosures", "leaky_enclosures", 0, "state", "not_enclosed", Verdict.REFUTED),
    ("leaky_fold_sizes", "leaky_sizes", 0, "k", 20.5, Verdict.REFUTED),
    ("leaky_fold_sizes", "leaky_sizes", 0, "k", 7.5, Verdict.REFUTED),
    ("leaky_saddles_begin_lower", "leaky_thresholds", 2, "slope", -0.7, Verdict.REFUTED),
    ("leaky_minima_stay", "leaky_points", 1, "index", 1.0, Verdict.REFUTED),
    ("leaky_minima_proved", "certified_slopes", 0, "proved", True, Verdict.REFUTED),
    ("leaky_minima_proved", "certified_slopes", 1, "proved", False, Verdict.UNDECIDED),
    ("leaky_minima_proved", "certified_slopes", 1, "checked", False, Verdict.UNDECIDED),
    ("leaky_minima_proved", "certified_slopes", 1, "splits_proved", 0, Verdict.UNDECIDED),
    ("leaky_minima_proved", "leaky_points", 1, "index", 1.0, Verdict.NOT_RUN),
    ("leaky_second_type_ends", "leaky_points", 3, "loss", 1e-9, Verdict.REFUTED),
    ("leaky_second_type_ends", "leaky_points", 3, "smallest_eigenvalue", 0.36, Verdict.REFUTED),
    ("leaky_first_type_no_minimum", "leaky_points", 0, "index", 0.0, Verdict.REFUTED),
    ("leaky_first_type_no_minimum", "leaky_points", 0, "index", 6.0, Verdict.REFUTED),
    ("leaky_first_type_no_minimum", "leaky_thresholds", 0, "event", "eigenvalue", Verdict.REFUTED),
    ("leaky_none_spurious", "leaky_shares", 0, "spurious", 1, Verdict.REFUTED),
    ("leaky_none_spurious", "leaky_shares", 0, "unfinished", 1, Verdict.REFUTED),
    ("leaky_saddles_lead_on", "leaky_escapes", 0, "spurious", 1, Verdict.REFUTED),
    ("leaky_saddles_lead_on", "leaky_escapes", 0, "unfinished", 1, Verdict.REFUTED),
    ("leaky_fair_signs", "leaky_shares", 0, "negated_rows", 1900, Verdict.DEVIATES),
    ("leaky_trial_shares", "leaky_shares", 2, "bad", 400, Verdict.DEVIATES),
    ("leaky_jump", "leaky_shares", 1, "spurious", 480, Verdict.DEVIATES),
    ("leaky_share_falls", "leaky_shares", 3, "spurious", 260, Verdict.DEVIATES),
]


@pytest.mark.parametrize(("claim", "verdict"), SOUND.items())
def test_verdicts_on_sound_tables(claim, verdict):
    assert find(claim, sound()).verdict is verdict


@pytest.mark.parametrize(("claim", "table", "row", "column", "value", "verdict"), TURNED)
def test_one_wrong_value_turns_a_verdict(claim, table, row, column, value, verdict):
    tables = sound()
    tables[table].loc[row, column] = value
    assert find(claim, tables).verdict is verdict


@pytest.mark.parametrize("claim", SOUND)
def test_without_rows_nothing_was_run(claim):
    tables = {name: frame.iloc[:0] for name, frame in sound().items()}
    assert find(claim, tables).verdict is Verdict.NOT_RUN


def test_every_test_of_the_study_is_tried():
    tried = {claim.split("[")[0] for claim in SOUND}
    assert len(tried) == len(verdicts_of("leaky_slope"))
    assert {claim.split("[")[0] for claim, *_ in TURNED} == tried
