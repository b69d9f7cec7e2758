"""Shares of bad runs and of global minima from tables of restarts."""

import pandas as pd
import pytest

from relu_landscape.search.rates import bad_run_rates, global_minimum_counts

RESTARTS = pd.DataFrame(
    {
        "search": ["a"] * 4 + ["b"],
        "protocol": "safran2018",
        "k": [6, 6, 6, 7, 6],
        "n": [6, 6, 6, 8, 6],
        "restart": [0, 1, 2, 0, 0],
        "bad": [True, False, False, False, True],
    }
)
MEMBERSHIPS = pd.DataFrame(
    {"search": ["a", "a", "b"], "k": 6, "n": 6, "restart": [0, 1, 0], "class_id": [1, 0, 1]}
)
CLASSES = pd.DataFrame({"k": 6, "n": 6, "class_id": [0, 1], "is_global": [True, False]})


def test_rates_are_counted_by_search_and_size():
    first, second, third = bad_run_rates(RESTARTS)
    assert (first["search"], first["k"], first["runs"], first["bad"]) == ("a", 6, 3, 1)
    assert first["percent_bad"] == pytest.approx(100 / 3)
    assert first["percent_low"] < 100 / 3 < first["percent_high"]
    assert (second["k"], second["n"], second["bad"]) == (7, 8, 0)
    assert second["percent_low"] == 0
    assert third["percent_high"] == 100


def test_early_stopped_runs_never_count_as_global():
    counts = {
        (row["search"], row["k"]): row
        for row in global_minimum_counts(RESTARTS, MEMBERSHIPS, CLASSES)
    }
    assert counts["a", 6]["at_global"] == 1
    assert counts["a", 6]["runs"] == 3
    assert counts["a", 7]["at_global"] == 0
    assert counts["b", 6]["at_global"] == 0
