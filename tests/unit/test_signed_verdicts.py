"""What the tests of claims about outputs of both signs say of tables, and what turns them."""

import pandas as pd
import pytest

from helpers_claims import find, verdicts_of
from relu_landscape.judging.findings import Verdict

SPECTRUM = "signed_inner_spectra[family=II,m=1,k=8,row=0]"
EIGENVALUE = "signed_split_eigenvalues[k=8,row=0,gamma=5.0]"
LOWEST = "signed_lowest_ends[k=8,positives=8,negatives=1]"
TURNS = "signed_family_turns[family=II,m=1,row=0]"
FAMILY = "signed_family_half_lines[family=A,m=0]"
SADDLE, MINIMUM = "strict_saddle", "minimum"


def sound():
    """Tables of II_1 at k = 8, a class with n = k + 1, channels, and restarts at k = 8."""
    verdict = ["same_sign", "opposite_sign", "checked_same", "checked_opposite"]
    spectrum = ["lowest", "highest"]
    half_line, saddles = (SADDLE, MINIMUM, True, True), (SADDLE, SADDLE, True, False)
    orbits = [
        (8, 8, 1, 0, 7, -0.1, -0.03, *half_line),
        (8, 8, 1, 7, 1, -0.08, -0.04, *half_line),
        (11, 12, 0, 11, 1, -0.01, 0.006, *saddles),
    ]
    families = [
        ("A", 0, 8, 0, -0.1163, -0.0798, *half_line),
        ("II", 1, 8, 0, -0.09993, -0.03418, *half_line),
        ("II", 1, 100, 0, -0.02, 0.003, *saddles),
    ]
    curvatures = [
        (8, 0, gamma, 1e-16, 1e-15, 1e-16, value, 1e-14)
        for gamma, value in ((2.0, 0.0053), (5.0, 0.000624), (20.0, 0.0000329))
    ]
    ends = [
        ("orthonormal", 0, 0, 3, 1e-16, 0.0),
        ("random", 0, 0, 3, 0.25, 0.2499),
    ]
    rises = [
        ("random", 0, 0, 10.0, 0.0076, 0.0081, True),
        ("random", 0, 0, 1000.0, 0.0081, 0.0081, True),
    ]
    shares = [
        (8, 8, 0, 200, 30, 30, 0, 0, 0),
        (8, 8, 1, 200, 40, 30, 10, 0, 0),
        (8, 8, 4, 200, 100, 40, 60, 0, 0),
        (8, 9, 1, 200, 0, 0, 0, 0, 0),
    ]
    levels = [
        (8, 8, 0, 0, 30, 0, 8, 0.021508, True, 0.021508, 0.021508, 0.0213, None, 8),
        (
            8,
            8,
            1,
            0,
            30,
            10,
            8,
            0.0199975475,
            True,
            0.0199975475,
            0.0199975475,
            0.007578,
            0.3728,
            8,
        ),
    ]
    composition = ["k", "positives", "negatives"]
    return {
        "class_orbits": pd.DataFrame(
            orbits, columns=["k", "n", "class_id", "neuron", "neurons", *spectrum, *verdict]
        ),
        "family_orbits": pd.DataFrame(
            families, columns=["family", "m", "k", "row", *spectrum, *verdict]
        ),
        "split_curvatures": pd.DataFrame(
            curvatures,
            columns=[
                *("k", "row", "gamma", "loss_change", "gradient_norm", "smallest_eigenvalue"),
                *("next_eigenvalue", "form_error"),
            ],
        ),
        "channel_ends": pd.DataFrame(
            ends,
            columns=["teachers", "draw", "end", "k", "across_norm", "across_lower"],
        ),
        "channel_rises": pd.DataFrame(
            rises, columns=["teachers", "draw", "end", "gamma", "rate", "limit", "below"]
        ),
        "signed_shares": pd.DataFrame(
            shares,
            columns=[*composition, "runs", "bad", "isolated", "plateau", "channel", "slow"],
        ),
        "signed_ends": pd.DataFrame(
            levels,
            columns=[
                *(*composition, "level", "runs", "on_plateau", "merged_positives", "loss"),
                *("proved", "loss_lower", "loss_upper", "hessian_lower", "negative_norm"),
                "plateaus",
            ],
        ),
    }


SOUND = {
    SPECTRUM: Verdict.REPRODUCED,
    EIGENVALUE: Verdict.REPRODUCED,
    LOWEST: Verdict.REPRODUCED,
    TURNS: Verdict.REPRODUCED,
    "signed_splits_decouple": Verdict.CONSISTENT,
    "signed_trial_shares": Verdict.CONSISTENT,
    "signed_same_sign_saddles": Verdict.CONSISTENT,
    "signed_half_lines": Verdict.CONSISTENT,
    "signed_both_saddles": Verdict.REPRODUCED,
    FAMILY: Verdict.CONSISTENT,
    "signed_curvature_falls": Verdict.CONSISTENT,
    "signed_channels_rise": Verdict.CONSISTENT,
    "signed_channel_off_lines": Verdict.REPRODUCED,
    "signed_channel_orthonormal": Verdict.CONSISTENT,
    "signed_no_channels": Verdict.CONSISTENT,
    "signed_negatives_do_not_cure": Verdict.CONSISTENT,
    "signed_one_positive_cures": Verdict.CONSISTENT,
    "signed_ends_proved": Verdict.CONSISTENT,
    "signed_levels_fall": Verdict.CONSISTENT,
}
# claim, table, row, column, value, verdict
TURNED = [
    (SPECTRUM, "family_orbits", 1, "highest", -0.0343, Verdict.DEVIATES),
    (EIGENVALUE, "split_curvatures", 1, "next_eigenvalue", 0.00063, Verdict.DEVIATES),
    (LOWEST, "signed_ends", 1, "loss", 0.0199976, Verdict.DEVIATES),
    (LOWEST, "signed_ends", 1, "negative_norm", 0.3729, Verdict.DEVIATES),
    (TURNS, "family_orbits", 1, "k", 45, Verdict.DEVIATES),
    (TURNS, "family_orbits", 2, "k", 44, Verdict.DEVIATES),
    ("signed_splits_decouple", "split_curvatures", 0, "form_error", 1e-9, Verdict.REFUTED),
    ("signed_splits_decouple", "split_curvatures", 0, "loss_change", -1e-9, Verdict.REFUTED),
    ("signed_trial_shares", "signed_shares", 0, "bad", 120, Verdict.DEVIATES),
    ("signed_same_sign_saddles", "class_orbits", 0, "lowest", 0.001, Verdict.REFUTED),
    ("signed_same_sign_saddles", "class_orbits", 0, "same_sign", "undecided", Verdict.UNDECIDED),
    ("signed_half_lines", "class_orbits", 1, "highest", 0.001, Verdict.REFUTED),
    ("signed_half_lines", "class_orbits", 1, "opposite_sign", "undecided", Verdict.UNDECIDED),
    ("signed_both_saddles", "class_orbits", 2, "opposite_sign", "undecided", Verdict.UNDECIDED),
    (FAMILY, "family_orbits", 0, "highest", 0.001, Verdict.REFUTED),
    (FAMILY, "family_orbits", 0, "opposite_sign", "undecided", Verdict.UNDECIDED),
    ("signed_curvature_falls", "split_curvatures", 1, "next_eigenvalue", 0.0007, Verdict.REFUTED),
    ("signed_curvature_falls", "split_curvatures", 0, "smallest_eigenvalue", 1e-5, Verdict.REFUTED),
    ("signed_channels_rise", "channel_rises", 0, "below", False, Verdict.REFUTED),
    ("signed_channels_rise", "channel_rises", 1, "rate", 0.009, Verdict.REFUTED),
    ("signed_channel_off_lines", "channel_ends", 1, "across_lower", 0.0, Verdict.UNDECIDED),
    ("signed_channel_orthonormal", "channel_ends", 0, "across_norm", 0.1, Verdict.REFUTED),
    ("signed_no_channels", "signed_shares", 1, "channel", 1, Verdict.DEVIATES),
    ("signed_negatives_do_not_cure", "signed_shares", 1, "bad", 2, Verdict.DEVIATES),
    ("signed_one_positive_cures", "signed_shares", 3, "bad", 1, Verdict.REFUTED),
    ("signed_ends_proved", "signed_ends", 0, "loss", 0.0215081, Verdict.DEVIATES),
    ("signed_ends_proved", "signed_ends", 0, "proved", False, Verdict.UNDECIDED),
    ("signed_ends_proved", "signed_ends", 1, "plateaus", 7, Verdict.UNDECIDED),
    ("signed_ends_proved", "signed_ends", 1, "positives", 9, Verdict.UNDECIDED),
    ("signed_levels_fall", "signed_ends", 1, "loss", 0.0216, Verdict.DEVIATES),
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
    assert len(tried) == len(verdicts_of("signed_outputs"))
    assert {claim.split("[")[0] for claim, *_ in TURNED} == tried
