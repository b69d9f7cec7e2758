from functools import cache

import pytest

from helpers_figures import assert_readable, layouts, save, words
from helpers_regions_rank import no_rank_tables, rank_tables
from relu_landscape.figures.style import NO_RUNS
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
    plot = draw_figure(name, no_rank_tables())
    assert words(plot.figure) == [NO_RUNS]
    assert plot.data.empty
    assert list(plot.data.columns) == list(plot_of(name, "one").data.columns)


@pytest.mark.slow
@pytest.mark.parametrize("name", FIGURES)
def test_files_can_be_written(name, tmp_path):
    assert all(save(plot_of(name, "one"), tmp_path / name))


@pytest.mark.slow
def test_heat_maps_show_every_cell_and_float32_only_where_it_differs():
    table = tables_of("all")["full_rank_cells"]
    for name in ("figure_1", "figure_2"):
        data = plot_of(f"karhadkar2024_{name}", "all").data
        cells = table[table["figure"] == name]
        exact = data[data["reading"] == "exact"]
        assert len(exact) == len(cells)
        assert exact["share_full_rank"].sum() == pytest.approx(
            (cells["full"] / cells["trials"]).sum()
        )
        public = cells[cells["initialisation"] == "linear_layer"]
        differing = public.groupby("data")["float32_differs"].sum()
        single = data[data["reading"] == "float32"]
        assert set(single["data"]) == set(differing.index[differing > 0])


@pytest.mark.slow
def test_shares_of_runs_are_those_of_the_table():
    table, data = tables_of("all")["training_runs"], plot_of("training_from_regions", "all").data
    shares = data[data["quantity"] == "zero loss at the end"]
    assert shares["runs"].sum() == (table["iteration"] == 0).sum()
    zero = (table["outcome"] == "zero_loss").sum()
    assert (shares["runs"] * shares["value"]).sum() == pytest.approx(zero)
    within = data[data["quantity"] == "zero loss at the end, by rank at the start"]
    assert set(within["start"]) == {"full", "deficient"}
    assert (within["runs"] * within["value"]).sum() == pytest.approx(zero)
    begun = data[(data["quantity"] == "share_full") & (data["iteration"] == 0)]
    assert begun.groupby("start")["value"].first().to_dict() == {"full": 1.0, "deficient": 0.0}


@pytest.mark.slow
def test_deep_shares_are_those_of_the_table():
    table, data = tables_of("all")["deep_ranks"], plot_of("deep_ranks", "all").data
    everything = data[data["columns"] == "all hidden layers"]
    assert (everything["share"] * everything["trials"]).sum() == pytest.approx(table["full"].sum())
