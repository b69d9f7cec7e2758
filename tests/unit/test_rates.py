"""Shares of bad runs and of global minima from tables of restarts."""

import pandas as pd
import pytest

from relu_landscape.search.rates import bad_run_ends, bad_run_rates, global_minimum_counts
from relu_landscape.studies.safran.verdicts.counts import bad_runs
from relu_landscape.tables.frames import make_table

RESTARTS = pd.DataFrame(
    {
        "search": ["a"] * 4 + ["b"],
        "protocol": "safran2018",
        "k": [6, 6, 6, 7, 6],
        "n": [6, 6, 6, 8, 6],
        "restart": [0, 1, 2, 0, 0],
        "bad": [True, False, False, False, True],
        "stop_reason": "converged",
    }
)
MEMBERSHIPS = pd.DataFrame(
    {"search": ["a", "a", "b"], "k": 6, "n": 6, "restart": [0, 1, 0], "class_id": [1, 0, 1]}
)
CLASSES = pd.DataFrame({"k": 6, "n": 6, "class_id": [0, 1], "is_global": [True, False]})


def test_rates_are_counted_by_search_and_size():
    first, second, third = bad_run_rates(RESTARTS, MEMBERSHIPS)
    assert (first["search"], first["k"], first["runs"], first["bad"]) == ("a", 6, 3, 1)
    assert first["percent_bad"] == pytest.approx(100 / 3)
    assert first["percent_low"] < 100 / 3 < first["percent_high"]
    assert (second["k"], second["n"], second["bad"]) == (7, 8, 0)
    assert second["percent_low"] == 0
    assert third["percent_high"] == 100
    assert [row["unfinished"] for row in (first, second, third)] == [0, 0, 0]


@pytest.mark.parametrize("reason", ["iteration_budget", "diverged", "non_finite"])
def test_bad_runs_that_did_not_converge_are_counted_apart(reason):
    # Of search a, run 2 is in no class; run 0 was finished by Newton, since it is in one.
    restarts = RESTARTS.assign(bad=True, stop_reason=reason)
    first, second, third = bad_run_rates(restarts, MEMBERSHIPS)
    assert (first["runs"], first["bad"], first["unfinished"]) == (2, 2, 1)
    assert (second["runs"], second["bad"], second["unfinished"]) == (0, 0, 1)
    assert second["percent_bad"] is None
    assert (second["percent_low"], second["percent_high"]) == (0, 100)
    assert (third["runs"], third["bad"], third["unfinished"]) == (1, 1, 0)
    frame = make_table([first, second, third], "bad_run_rates")
    assert bad_runs(frame, "a") == {(6, 6): (2, 2)}
    good = bad_run_rates(restarts.assign(bad=False), MEMBERSHIPS)
    assert [(row["runs"], row["unfinished"]) for row in good] == [(3, 0), (1, 0), (1, 0)]
    found = bad_run_ends(restarts, MEMBERSHIPS, MEASURED)
    assert sum(row["runs"] for row in found) == 3


def test_early_stopped_runs_never_count_as_global():
    counts = {
        (row["search"], row["k"]): row
        for row in global_minimum_counts(RESTARTS, MEMBERSHIPS, CLASSES)
    }
    assert counts["a", 6]["at_global"] == 1
    assert counts["a", 6]["runs"] == 3
    assert counts["a", 7]["at_global"] == 0
    assert counts["b", 6]["at_global"] == 0


ENDED = pd.DataFrame(
    {
        "search": ["a"] * 6 + ["b", "b"],
        "k": 6,
        "n": [6, 6, 6, 6, 7, 8, 6, 6],
        "restart": [0, 1, 2, 3, 0, 0, 0, 1],
        "bad": [True, True, True, False, True, True, True, True],
        "stop_reason": "converged",
    }
)
# Run a-2 is not classified, class 2 is not measured, and class 0 of n = 7 is another one.
CLASSIFIED = pd.DataFrame(
    {
        "search": ["a", "a", "a", "a", "b", "b"],
        "k": 6,
        "n": [6, 6, 6, 7, 6, 6],
        "restart": [0, 1, 3, 0, 0, 1],
        "class_id": [1, 3, 0, 0, 1, 2],
    }
)
MEASURED = pd.DataFrame(
    {
        "k": 6,
        "n": [6, 6, 6, 7],
        "class_id": [0, 1, 3, 0],
        "kind": ["global_minimum", "spurious_minimum", "saddle", "saddle"],
    }
)


def ends(restarts=ENDED, memberships=CLASSIFIED, curvature=MEASURED):
    records = bad_run_ends(restarts, memberships, curvature)
    found = {(row["search"], row["k"], row["n"], row["end"]): row["runs"] for row in records}
    assert len(found) == len(records)
    return found


def test_bad_runs_are_counted_by_what_they_ended_in():
    assert ends() == {
        ("a", 6, 6, "spurious_minimum"): 1,
        ("a", 6, 6, "saddle"): 1,
        ("a", 6, 6, "unclassified"): 1,
        ("a", 6, 7, "saddle"): 1,
        ("a", 6, 8, "unclassified"): 1,
        ("b", 6, 6, "spurious_minimum"): 1,
        ("b", 6, 6, "unclassified"): 1,
    }


def test_every_bad_run_has_one_end_and_no_good_run_has_one():
    found = ends()
    for (search, n), rows in ENDED.groupby(["search", "n"]):
        counted = sum(runs for label, runs in found.items() if label[0] == search and label[2] == n)
        assert counted == rows["bad"].sum()
    assert ends(ENDED.assign(bad=False)) == {}


def test_the_order_of_the_rows_does_not_matter():
    shuffled = (frame.sample(frac=1, random_state=3) for frame in (ENDED, CLASSIFIED, MEASURED))
    assert ends(*shuffled) == ends()


def test_without_classes_or_measurements_bad_runs_are_unclassified():
    unclassified = {
        ("a", 6, 6, "unclassified"): 3,
        ("a", 6, 7, "unclassified"): 1,
        ("a", 6, 8, "unclassified"): 1,
        ("b", 6, 6, "unclassified"): 2,
    }
    assert ends(memberships=CLASSIFIED.head(0)) == unclassified
    assert ends(curvature=MEASURED.head(0)) == unclassified


def test_ends_may_be_categories():
    assert ends(curvature=MEASURED.astype({"kind": "category"})) == ends()
