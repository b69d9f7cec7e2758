from functools import cache

import pandas as pd
import pytest

from helpers_figures import assert_readable, assert_says_there_are_no_runs, layouts, save
from helpers_regions_rank import no_rank_tables, rank_tables
from relu_landscape.figures.style import rows_with
from relu_landscape.studies.declarations import draw_figure

FIGURES = [
    "deep_ranks",
    "karhadkar2024_figure_1",
    "karhadkar2024_figure_2",
    "training_from_regions",
    "transition_widths",
]
LAYOUTS = layouts(FIGURES, "all", "one")


@cache
def tables_of(study):
    if study == "all":
        return rank_tables()
    return rank_tables(("normal",), ("linear_layer",), sizes=1, points=(20,))


@cache
def plot_of(name, study):
    """The figure of one study, laid out; tests only read it."""
    plot = draw_figure(name, tables_of(study))
    plot.figure.draw_without_rendering()
    return plot


@pytest.mark.slow
@pytest.mark.parametrize(("name", "study"), LAYOUTS)
def test_figures_can_be_read(name, study):
    assert_readable(plot_of(name, study))


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    assert_says_there_are_no_runs(draw_figure(name, no_rank_tables()), plot_of(name, "one"))


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_files_can_be_written(name, tmp_path):
    assert all(save(plot_of(name, "one"), tmp_path / name))


@pytest.mark.slow
def test_heat_maps_show_three_laws_and_what_float32_makes_of_the_first():
    table = tables_of("all")["full_rank_cells"]
    laws = [("uniform", "linear_layer"), ("normal", "linear_layer")]
    laws.append(("uniform", "linear_layer_no_bias"))
    for name in ("figure_1", "figure_2"):
        data = plot_of(f"karhadkar2024_{name}", "all").data
        cells = table[table["figure"] == name]
        shares = data[data["quantity"] == "share of full rank"]
        assert set(zip(shares["data"], shares["initialisation"], strict=True)) == set(laws)
        for law, start in laws:
            drawn = rows_with(shares, data=law, initialisation=start)
            asked = rows_with(cells, data=law, initialisation=start)
            assert len(drawn) == len(asked)
            assert (drawn["value"] * drawn["draws"]).sum() == pytest.approx(asked["full"].sum())
        misread = data[data["quantity"] == "float32 minus exact"]
        first = rows_with(cells, data="uniform", initialisation="linear_layer")
        assert len(misread) == len(first)
        lost = (first["float32_full"] - first["compared_full"]).sum()
        assert (misread["value"] * misread["draws"]).sum() == pytest.approx(lost)


def test_what_float32_loses_is_said():
    table = tables_of("one")["full_rank_cells"]
    full = table.assign(full=2, compared_full=2, float32_full=[1] + [2] * (len(table) - 1))
    tables = tables_of("one") | {"full_rank_cells": full}
    plot = draw_figure("karhadkar2024_figure_1", tables)
    cells = (full["figure"] == "figure_1").sum()
    assert f"on average {100 / (2 * cells):.2g} points lower." in plot.finding
    unread = tables | {"full_rank_cells": full.assign(compared_trials=0)}
    assert "float32" not in draw_figure("karhadkar2024_figure_1", unread).finding


@pytest.mark.slow
def test_shares_of_runs_are_those_of_the_table():
    table, data = tables_of("all")["training_runs"], plot_of("training_from_regions", "all").data
    shares = data[data["quantity"] == "zero loss at the end"]
    assert shares["runs"].sum() == (table["iteration"] == 0).sum()
    zero = (table["outcome"] == "zero_loss").sum()
    assert (shares["runs"] * shares["value"]).sum() == pytest.approx(zero)
    begun = data[(data["quantity"] == "share_full") & (data["iteration"] == 0)]
    assert begun.groupby("start")["value"].first().to_dict() == {"full": 1.0, "deficient": 0.0}


def ends_of_runs(zero_of_full, zero_of_others):
    """Runs of one size: their first check and their end, for both kinds of start."""
    rows = tables_of("one")["training_runs"].query("iteration == 0 and trial == 0").iloc[:1]
    n = int(rows["n"].iloc[0])
    runs = []
    for rank, outcomes in ((n, zero_of_full), (n - 1, zero_of_others)):
        for zero in outcomes:
            start = rows.assign(trial=len(runs), rank=rank, outcome="running")
            end = start.assign(iteration=200, outcome="zero_loss" if zero else "unfinished")
            runs.append(pd.concat([start, end]))
    return pd.concat(runs, ignore_index=True)


def test_starts_are_compared_within_equal_widths():
    apart = ends_of_runs([True] * 9 + [False], [False] * 10)
    plot = draw_figure("training_from_regions", {"training_runs": apart})
    row = rows_with(
        plot.data, quantity="zero loss at the end, full minus deficient rank at the start"
    ).iloc[0]
    assert (row["value"], row["runs"]) == (0.9, 20)
    assert 0 < row["low"] < 0.9 < row["high"]
    assert "from 90 % of starts of full rank and from 0 % of starts of defi" in plot.finding
    assert plot.finding.endswith("the difference is told from 0 in 1 of 1 case.")
    alone = draw_figure("training_from_regions", {"training_runs": ends_of_runs([True], [])})
    assert alone.finding.endswith("no width has both kinds of start.")


@pytest.mark.slow
def test_deep_shares_are_those_of_the_table():
    table, data = tables_of("all")["deep_ranks"], plot_of("deep_ranks", "all").data
    everything = data[data["columns"] == "all hidden layers"]
    assert (everything["share"] * everything["trials"]).sum() == pytest.approx(table["full"].sum())
