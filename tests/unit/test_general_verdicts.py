"""What the tests of claims about general teachers say of tables, and what turns them."""

import pandas as pd
import pytest

from helpers_claims import find, verdicts_of
from relu_landscape.judging.findings import Verdict

OVER_DRAWS = "general_share_falls_over_draws[k=8,d=8,n=8]"
EXCEPTIONS = "general_exceptions_share[k=8,d=8,n=8]"
SIZE = ["kind", "target", "k", "d", "n"]


def sound():
    """Tables of equiangular teachers, draws at k = 8, two and three teachers, and the exception."""
    shares = [
        ("equiangular", "correlation -0.1", 8, 8, 8, -0.1, 100, 0, 60, 1e-14, 1e-14, 0.1),
        ("equiangular", "correlation -0.1", 8, 8, 9, -0.1, 100, 0, 20, None, None, None),
        ("equiangular", "correlation 0.2", 8, 8, 8, 0.2, 100, 0, 0, 1e-15, None, None),
        ("random", "draw 0", 2, 2, 2, 0.999, 20, 3, 0, 1e-15, None, None),
        ("random", "draw 0", 3, 2, 3, -0.4, 20, 0, 7, 1e-16, 1e-14, None),
        *(
            ("random", f"draw {i}", 8, 8, 8, 0.02 * i, 40, 0, 24 - 4 * i, 1e-15, 1e-14, 0.1)
            for i in range(6)
        ),
    ]
    minima = [
        ("rebuilt", "rebuilt draw 104", 8, 8, 8, 0, 3, 0.00969509753, 8.00265, 8.0, 7, 1),
        ("random", "draw 0", 3, 2, 3, 0, 7, 0.0041, 2.99, 3.0, 2, 1),
        ("random", "draw 0", 8, 8, 8, 0, 20, 0.01, 7.99, 8.0, 7, 1),
        ("random", "draw 1", 8, 8, 8, 0, 20, 0.01, 8.004, 8.0, 8, 0),
        ("random", "draw 2", 8, 8, 8, 0, 16, 0.01, 7.99, 8.0, 8, 0),
        ("random", "draw 3", 8, 8, 8, 0, 12, 0.01, 7.99, 8.0, 8, 0),
        ("equiangular", "correlation -0.1", 8, 8, 8, 0, 60, 0.02, 7.99, 8.0, 8, 0),
        ("random", "draw 5", 4, 2, 4, 0, 2, 0.02, 3.99, 4.0, 2, 1),
    ]
    names = ["class_id", "runs", "loss", "norm_sum", "teacher_norm_sum", "saddles", "plateaus"]
    bounds = pd.DataFrame(minima, columns=SIZE + names)
    bounds = bounds.assign(
        proved=True,
        checked=True,
        smallest_eigenvalue=0.0213,
        neurons=[8, 3, 8, 8, 8, 8, 8, 3],
        hessian_lower=0.0213144,
        loss_lower=bounds["loss"],
        norm_sum_lower=bounds["norm_sum"],
        norm_sum_upper=bounds["norm_sum"],
    )
    neurons = [
        ("rebuilt draw 104", 8, 8, 8, 0, 3, 0.33127, 0.214, 0.02275, "minimum"),
        ("rebuilt draw 104", 8, 8, 8, 0, 4, 0.9, 0.9, -0.03, "saddle"),
    ]
    survivals = [
        ("random", f"sample {i}", k, d, 0.1, "bad" if survived else "global", survived)
        for k, d, reached in ((8, 16, 4), (8, 4096, 10), (10, 4096, 10))
        for i in range(10)
        for survived in [i < reached]
    ]
    survivals.append(("equiangular", "correlation 0.5", 8, 8, 0.5, "bad", True))
    return {
        "general_shares": pd.DataFrame(
            shares,
            columns=[
                *(*SIZE, "correlation", "runs", "unfinished", "bad", "largest_good_loss"),
                *("largest_diameter", "least_separation"),
            ],
        ),
        "general_minima": bounds,
        "general_neurons": pd.DataFrame(
            neurons,
            columns=[
                *(*SIZE[1:], "class_id", "neuron", "norm", "largest_cosine", "inner_smallest"),
                "split",
            ],
        ),
        "general_survivals": pd.DataFrame(
            survivals, columns=[*SIZE[:4], "largest_correlation", "end", "proved"]
        ).assign(checked=True, loss=0.01),
        "general_persistence": pd.DataFrame(
            [
                ("II", 1, 6, 0.003, 0.008, 0.03, 11_000_000, True),
                ("II", 1, 8, 0.02, 0.13, 0.7, 370_000, True),
                ("A", 0, 8, 0.02, 0.42, 0.6, 320_000, True),
            ],
            columns=[
                *("family", "second_block", "k", "gram_radius", "radius_steepest"),
                *("radius_random_least", "d_999", "checked"),
            ],
        ),
    }


SOUND = {
    "general_trial_shares": Verdict.CONSISTENT,
    "general_levels_apart": Verdict.CONSISTENT,
    "general_trial_survival": Verdict.CONSISTENT,
    "general_bad_ends_proved": Verdict.CONSISTENT,
    "general_ends_on_plateaus": Verdict.REPRODUCED,
    "general_share_falls": Verdict.CONSISTENT,
    OVER_DRAWS: Verdict.CONSISTENT,
    "general_one_more": Verdict.CONSISTENT,
    "general_second_type_correlated": Verdict.CONSISTENT,
    "general_condition_fails": Verdict.REPRODUCED,
    "general_some_split_descends": Verdict.CONSISTENT,
    "general_condition_suffices": Verdict.CONSISTENT,
    "general_exception": Verdict.REPRODUCED,
    EXCEPTIONS: Verdict.REPRODUCED,
    "general_smallest_exception": Verdict.REPRODUCED,
    "general_two_teachers": Verdict.CONSISTENT,
    "general_survival": Verdict.CONSISTENT,
    "general_radii_seen": Verdict.CONSISTENT,
    "general_minima_persist": Verdict.CONSISTENT,
    "general_nearly_all_teachers": Verdict.CONSISTENT,
}
SHARES, MINIMA, SURVIVALS = "general_shares", "general_minima", "general_survivals"
PERSISTENCE = "general_persistence"
# claim, table, rows, column, value, verdict
TURNED = [
    ("general_trial_shares", SHARES, 0, "bad", 95, Verdict.DEVIATES),
    ("general_levels_apart", SHARES, 0, "largest_diameter", 1e-6, Verdict.REFUTED),
    ("general_levels_apart", SHARES, 0, "largest_good_loss", -1e-7, Verdict.REFUTED),
    ("general_levels_apart", MINIMA, 1, "loss", 1e-11, Verdict.REFUTED),
    ("general_trial_survival", SURVIVALS, slice(10, 19), "proved", False, Verdict.DEVIATES),
    ("general_bad_ends_proved", MINIMA, 1, "proved", False, Verdict.UNDECIDED),
    ("general_bad_ends_proved", MINIMA, 1, "checked", False, Verdict.UNDECIDED),
    ("general_bad_ends_proved", MINIMA, 1, "smallest_eigenvalue", -1e-6, Verdict.REFUTED),
    ("general_ends_on_plateaus", MINIMA, 7, "neurons", 4, Verdict.UNDECIDED),
    ("general_ends_on_plateaus", MINIMA, 7, "proved", False, Verdict.UNDECIDED),
    ("general_share_falls", SHARES, 2, "bad", 95, Verdict.DEVIATES),
    (
        OVER_DRAWS,
        SHARES,
        slice(5, 10),
        "correlation",
        [0.5, 0.4, 0.3, 0.2, 0.1, 0.0],
        Verdict.DEVIATES,
    ),
    (OVER_DRAWS, SHARES, 8, "bad", 40, Verdict.UNDECIDED),
    ("general_one_more", SHARES, 1, "bad", 90, Verdict.DEVIATES),
    ("general_second_type_correlated", SURVIVALS, 30, "proved", False, Verdict.REFUTED),
    ("general_second_type_correlated", SURVIVALS, 30, "end", "unfinished", Verdict.NOT_RUN),
    ("general_condition_fails", MINIMA, slice(0, 6), "norm_sum_lower", 2.0, Verdict.UNDECIDED),
    ("general_some_split_descends", MINIMA, 4, "saddles", 0, Verdict.REFUTED),
    ("general_condition_suffices", MINIMA, 4, "saddles", 0, Verdict.REFUTED),
    ("general_exception", MINIMA, 0, "loss", 0.009695098, Verdict.DEVIATES),
    ("general_exception", MINIMA, 0, "checked", False, Verdict.DEVIATES),
    ("general_exception", "general_neurons", 0, "norm", 0.34, Verdict.DEVIATES),
    ("general_exception", "general_neurons", 0, "split", "open", Verdict.NOT_RUN),
    (EXCEPTIONS, MINIMA, slice(2, 5), "plateaus", 1, Verdict.DEVIATES),
    ("general_smallest_exception", MINIMA, 1, "plateaus", 0, Verdict.DEVIATES),
    ("general_two_teachers", SHARES, 3, "bad", 1, Verdict.REFUTED),
    ("general_survival", SURVIVALS, slice(20, 29), "proved", False, Verdict.DEVIATES),
    ("general_survival", SURVIVALS, slice(20, 23), "proved", False, Verdict.UNDECIDED),
    ("general_radii_seen", PERSISTENCE, 1, "radius_steepest", 0.01, Verdict.REFUTED),
    ("general_radii_seen", PERSISTENCE, 1, "radius_random_least", 0.01, Verdict.REFUTED),
    ("general_minima_persist", PERSISTENCE, 0, "radius_random_least", 0.002, Verdict.REFUTED),
    ("general_minima_persist", PERSISTENCE, 1, "checked", False, Verdict.UNDECIDED),
    ("general_nearly_all_teachers", PERSISTENCE, 2, "checked", False, Verdict.UNDECIDED),
]


@pytest.mark.parametrize(("claim", "verdict"), SOUND.items())
def test_verdicts_on_sound_tables(claim, verdict):
    assert find(claim, sound()).verdict is verdict


@pytest.mark.parametrize(("claim", "table", "rows", "column", "value", "verdict"), TURNED)
def test_wrong_values_turn_a_verdict(claim, table, rows, column, value, verdict):
    tables = sound()
    tables[table].loc[rows, column] = value
    assert find(claim, tables).verdict is verdict


@pytest.mark.parametrize("claim", SOUND)
def test_without_rows_nothing_was_run(claim):
    tables = {name: frame.iloc[:0] for name, frame in sound().items()}
    assert find(claim, tables).verdict is Verdict.NOT_RUN


def test_every_test_of_these_modules_is_tried():
    tried = {claim.split("[")[0] for claim in SOUND}
    here = [
        test
        for test in verdicts_of("general_teachers").values()
        if test.module.endswith(("bad_minima", "bad_shares", "persistence", "survival"))
    ]
    assert len(tried) == len(here)
    assert {claim.split("[")[0] for claim, *_ in TURNED} == tried


def test_a_minimum_above_the_condition_does_not_count_for_it():
    tables = sound()
    tables[MINIMA].loc[0, "saddles"] = 0
    assert find("general_condition_suffices", tables).verdict is Verdict.CONSISTENT
    assert find("general_some_split_descends", tables).verdict is Verdict.REFUTED


def test_the_note_on_survival_names_the_dimension_from_which_on_most_draws_are_survived():
    tables = sound()
    assert "from d = 4096 at k = 8, 4096 at k = 10 on" in find("general_survival", tables).note


def test_what_the_checker_accepts_is_said_minimum_by_minimum():
    tables = sound()
    proved = find("general_minima_persist", tables)
    assert "II\N{SUBSCRIPT ONE} at k = 6" in proved.listed
    assert proved.proved == proved.sample_size == 3  # of which the ledger says proved
    tables[PERSISTENCE].loc[1, "checked"] = False
    finding = find("general_nearly_all_teachers", tables)
    assert (finding.proved, len(finding.found)) == (2, 2)
