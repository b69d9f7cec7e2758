from functools import cache

import matplotlib
import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot

from helpers_figures import assert_readable, layouts, save, words
from helpers_tables import empty_tables, measured, published_tables, study_tables
from relu_landscape.figures.style import (
    NO_RUNS,
    NONE_FOUND,
    OVERPARAMETERISATION,
    readable_teachers,
)
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.safran.figures.splitting import LANDINGS
from relu_landscape.tables.files import write_table

FIGURES = [
    "class_levels",
    "curvature_after_splitting",
    "good_runs_by_overparameterisation",
    "hessian_spectra",
    "landing_after_splitting",
    "minima_heat_maps",
    "safran2018_bad_run_rates",
    "safran2021_figure_1",
    "safran2021_global_minimum_counts",
]
PUBLISHED = published_tables()
STUDIES = {
    "many k": (tuple(range(6, 21)), 300),
    "few k": ((8, 9), 30),
    "one k": ((6,), 20),
    "wide": ((6, 20, 50), 200),
}  # the k that were run, and how often
LAYOUTS = layouts(FIGURES, "many k", "one k")
LAYOUTS += [
    ("class_levels", "wide"),
    ("safran2021_figure_1", "wide"),
    ("safran2021_global_minimum_counts", "wide"),
]  # logarithmic axis, printed k
NOTHING = (empty_tables(), {"representatives": {}, "spectra": {}})


@cache
def study_of(name):
    """Tables and arrays of one synthetic study; tests only read them."""
    return study_tables(*STUDIES[name])


@cache
def plot_of(name, study):
    """The figure of one synthetic study, laid out; tests only read it."""
    plot = draw(name, study_of(study))
    plot.figure.draw_without_rendering()
    return plot


def draw(name, study):
    tables, arrays = study
    return draw_figure(name, tables | arrays | PUBLISHED)


@pytest.mark.slow
@pytest.mark.parametrize("study", STUDIES)
def test_the_synthetic_tables_keep_to_the_schemas(study, tmp_path):
    for name, table in study_of(study)[0].items():
        write_table(measured(table, name), tmp_path / f"{name}.parquet", name)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["minima_heat_maps", "landing_after_splitting"])
def test_the_bytes_do_not_depend_on_the_day(name, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    first = save(draw(name, study_of("one k")), tmp_path / "first")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    second = save(draw(name, study_of("one k")), tmp_path / "second")
    assert first == second


@pytest.mark.slow
def test_the_csv_holds_the_plotted_numbers(tmp_path):
    plot = draw("safran2018_bad_run_rates", study_of("few k"))
    save(plot, tmp_path / "saved")
    stored = pd.read_csv(tmp_path / "saved" / "figure.csv")
    pd.testing.assert_frame_equal(stored, plot.data, check_dtype=False, rtol=1e-11)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "study"), LAYOUTS)
def test_figures_can_be_read(name, study):
    assert_readable(plot_of(name, study))


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    plot = draw(name, NOTHING)
    assert words(plot.figure) == [NO_RUNS]
    assert plot.data.empty
    assert len(plot.data.columns) > 0


@pytest.mark.parametrize("name", ["class_levels", "landing_after_splitting"])
def test_a_panel_without_spurious_minima_says_so(name):
    assert words(plot_of(name, "one k").figure).count(NONE_FOUND) == 2


@pytest.mark.parametrize(
    "name",
    [
        "class_levels",
        "safran2021_figure_1",
        "minima_heat_maps",
        "hessian_spectra",
        "curvature_after_splitting",
    ],
)
def test_a_profile_that_found_global_minima_alone_is_not_said_to_have_run_nothing(name):
    tables, arrays = study_of("one k")
    only_global = tables["curvature"].query("kind == 'global_minimum'")
    saddles = tables["splits"].assign(kind="saddle")
    plot = draw(name, (tables | {"curvature": only_global, "splits": saddles}, arrays))
    assert words(plot.figure) == [NONE_FOUND]


def test_drawing_leaves_matplotlib_as_it_was():
    before = dict(matplotlib.rcParams)
    draw("class_levels", study_of("one k"))
    assert dict(matplotlib.rcParams) == before
    assert pyplot.get_fignums() == []


def test_series_differ_without_colour():
    marks = OVERPARAMETERISATION.values()
    assert len({mark.marker for mark in marks}) == len(marks)
    assert len({mark.line for mark in marks}) == len(marks)
    assert len({landing.hatch for landing in LANDINGS.values()}) == len(LANDINGS)
    assert len({landing.marker for landing in LANDINGS.values()}) == len(LANDINGS)


@pytest.mark.slow
def test_rates_are_those_of_the_table_and_the_difference_is_to_the_published_ones():
    tables, _ = study_of("many k")
    data = plot_of("safran2018_bad_run_rates", "many k").data
    rates = tables["bad_run_rates"]
    asked = rates[(rates["protocol"] == "safran2018") & (rates["n"] <= rates["k"] + 2)]
    assert len(data[data["search"].isin(set(asked["search"]))]) == len(asked)
    assert "safran2021" not in set(data["search"])
    row = data.set_index(["search", "k", "n"])
    measured = row.loc[("safran2018", 13, 13), "percent_bad"]
    difference = row.loc[("measured minus published", 13, 13)]
    assert row.loc[("published", 13, 13), "percent_bad"] == 73.0
    assert difference["percent_bad"] == pytest.approx(measured - 73.0)
    assert difference["percent_low"] < difference["percent_bad"] < difference["percent_high"]


def test_shares_of_global_minima_stand_beside_the_published_ones():
    tables, _ = study_of("wide")
    data = plot_of("safran2021_global_minimum_counts", "wide").data.set_index(["source", "k"])
    counts = tables["global_minimum_counts"].query("search == 'safran2021' and k == 20").iloc[0]
    measured, published = data.loc[("measured", 20)], data.loc[("published", 20)]
    assert measured["at_global"] == counts["at_global"]
    assert published[["runs", "at_global"]].tolist() == [500, 29]
    difference = data.loc[("measured minus published", 20)]
    assert difference["percent"] == pytest.approx(measured["percent"] - 5.8)
    assert data.loc[("published", 50), "at_global"] == 0
    assert 0.5 < data.loc[("published", 50), "percent_high"] < 1.0


def test_good_runs_are_the_rest():
    tables, _ = study_of("few k")
    data = plot_of("good_runs_by_overparameterisation", "few k").data
    good = data[data["quantity"] == "good runs"]
    bad = tables["bad_run_rates"].query("search == 'safran2018'")
    both = good.merge(bad, on=["k", "n"], suffixes=("", "_bad"))
    assert len(both) == len(good) == len(bad)
    np.testing.assert_allclose(both["percent"] + both["percent_bad"], 100.0)
    np.testing.assert_allclose(both["percent_low"] + both["percent_high_bad"], 100.0)


@pytest.mark.slow
def test_confirmed_runs_are_pooled_over_k():
    tables, _ = study_of("many k")
    data = plot_of("good_runs_by_overparameterisation", "many k").data
    row = data[data["quantity"] == "confirmed good runs"].set_index("extra_students").loc[3]
    runs = tables["confirmations"].query("n - k == 3")
    assert row["runs"] == len(runs)
    assert row["percent"] == pytest.approx(100.0 * runs["confirmed"].mean())
    assert row["percent_low"] < row["percent"] < row["percent_high"]


@pytest.mark.slow
def test_ends_of_bad_runs_are_pooled_over_k_and_counted_on_the_bars():
    tables, _ = study_of("many k")
    plot = plot_of("good_runs_by_overparameterisation", "many k")
    ends = plot.data[plot.data["quantity"] == "bad runs"]
    asked = tables["bad_run_ends"].query("search == 'safran2018' and n - k == 1")
    here = ends[ends["extra_students"] == 1]
    assert here["runs"].sum() == asked["runs"].sum()
    assert here["percent"].sum() == pytest.approx(100.0)
    assert str(asked["runs"].sum()) in words(plot.figure)


def test_good_runs_are_drawn_where_nothing_was_continued_or_classified():
    tables, arrays = study_of("few k")
    nothing = {name: tables[name].iloc[:0] for name in ("confirmations", "bad_run_ends")}
    plot = draw("good_runs_by_overparameterisation", (tables | nothing, arrays))
    assert words(plot.figure).count(NONE_FOUND) == 2
    assert set(plot.data["quantity"]) == {"good runs"}


@pytest.mark.slow
def test_the_mean_level_is_taken_over_the_runs_of_the_same_protocol():
    tables, _ = study_of("many k")
    data = plot_of("class_levels", "many k").data
    runs = tables["memberships"].query("search == 'safran2018' and k == 12 and n == 12")
    curvature = tables["curvature"].query("k == 12 and n == 12").set_index("class_id")
    losses = [curvature.loc[c, "loss"] for c in runs["class_id"] if c > 0]
    row = data[(data["mark"] == "mean over runs") & (data["k"] == 12) & (data["n"] == 12)]
    assert row.set_index("quantity").loc["loss", "value"] == pytest.approx(np.mean(losses))
    assert set(row["runs"]) == {len(losses)}


@pytest.mark.slow
def test_classes_are_coloured_by_the_neurons_that_point_away():
    _, arrays = study_of("many k")
    data = plot_of("class_levels", "many k").data
    classes = data[(data["mark"] == "class") & (data["quantity"] == "loss")]
    for row in classes.query("k == 20").to_dict("records"):
        weights = arrays["representatives"][f"k20-n{row['n']}"][int(row["class_id"])]
        away = sum(neuron[np.argmax(np.abs(neuron))] < 0 for neuron in weights)
        assert row["pointing_away"] == away
    assert classes["pointing_away"].nunique() > 1
    highest = classes.loc[classes.query("kind == 'spurious_minimum'")["value"].idxmax()]
    finding = plot_of("class_levels", "many k").finding
    assert f"{highest['pointing_away']:g} of {highest['n']}; no eigenvalue" in finding


def norm_sum_study(k, sums):
    """Tables of one case in which run r of the S21 search has norm sum `sums[r]`."""
    curvature = pd.DataFrame(
        {"k": k, "n": k, "class_id": range(len(sums)), "norm_sum": sums, "kind": "spurious_minimum"}
    )
    memberships = curvature[["k", "n", "class_id"]].assign(search="safran2021")
    return {"memberships": memberships, "curvature": curvature}, {}


def test_the_published_runs_fall_into_the_published_bins():
    known = PUBLISHED["safran2021_figure1"].query("k == 20")
    middles = 0.5 * (known["bin_low"] + known["bin_high"])
    sums = np.repeat(middles.to_numpy(), known["runs"])
    data = draw("safran2021_figure_1", norm_sum_study(20, sums)).data.dropna()
    assert list(data["runs"]) == list(known["runs"]) == list(data["published_runs"])
    np.testing.assert_allclose(data["published_runs_scaled"], known["runs"])


def test_a_class_at_a_rounded_end_of_the_published_range_stays_in_its_bin():
    known = PUBLISHED["safran2021_figure1"].query("k == 20")
    ends = [known["bin_low"].iloc[0] - 4e-7, known["bin_high"].iloc[-1] + 4e-7]
    data = draw("safran2021_figure_1", norm_sum_study(20, ends)).data.dropna()
    assert data["runs"].iloc[[0, -1]].tolist() == [1, 1]


def test_runs_beyond_the_printed_axis_are_counted_in_words():
    plot = draw("safran2021_figure_1", norm_sum_study(20, [19.99, 19.5, 20.1]))
    assert plot.data["runs"].sum() == 1
    assert set(plot.data["runs_outside"]) == {2}
    assert "2 not in range" in words(plot.figure)


def test_figure_1_shows_the_largest_k_if_no_printed_one_was_run():
    data = plot_of("safran2021_figure_1", "few k").data
    assert set(data["k"]) == {8, 9}
    assert data["published_runs"].isna().all()


@pytest.mark.slow
def test_global_runs_are_not_in_figure_1():
    tables, _ = study_of("many k")
    data = plot_of("safran2021_figure_1", "many k").data
    runs = tables["memberships"].query("search == 'safran2021' and k == 20 and class_id > 0")
    assert data["runs"].sum() + data["runs_outside"].iloc[0] == len(runs)


@pytest.mark.slow
def test_heat_maps_show_the_most_frequent_spurious_class():
    tables, arrays = study_of("many k")
    data = plot_of("minima_heat_maps", "many k").data
    chosen = data.query("k == 20 and n == 20")
    spurious = tables["curvature"].query("k == 20 and n == 20 and kind == 'spurious_minimum'")
    most = spurious.loc[spurious["runs"].idxmax(), "class_id"]
    assert set(chosen["class_id"]) == {most}
    weights = chosen.pivot(index="neuron", columns="coordinate", values="weight")
    np.testing.assert_array_equal(weights, arrays["representatives"]["k20-n20"][most])


def test_spectra_are_sorted_and_complete():
    _, arrays = study_of("few k")
    data = plot_of("hessian_spectra", "few k").data
    for (k, n, class_id), rows in data.groupby(["k", "n", "class_id"]):
        assert list(rows["index"]) == list(range(1, n * k + 1))
        np.testing.assert_array_equal(rows["eigenvalue"], arrays["spectra"][f"k{k}-n{n}"][class_id])


@pytest.mark.slow
def test_each_split_of_a_spurious_minimum_is_counted_once():
    tables, _ = study_of("many k")
    data = plot_of("curvature_after_splitting", "many k").data
    assert data["neurons"].sum() == (tables["splits"]["kind"] == "spurious_minimum").sum()
    assert set(data["alpha"]) == {0.5, 0.1}


@pytest.mark.slow
def test_shares_of_landings_add_up():
    tables, _ = study_of("many k")
    data = plot_of("landing_after_splitting", "many k").data
    shares = data[data["quantity"] == "share"]
    assert shares["descents"].sum() == len(tables["fates"])
    totals = shares.groupby(["k", "n"])["percent_of_descents"].sum()
    np.testing.assert_allclose(totals, 100.0)
    assert data.loc[data["quantity"] == "loss", "descents"].sum() == len(tables["fates"])


def test_a_descent_without_a_final_loss_is_still_counted():
    tables, arrays = study_of("few k")
    fates = tables["fates"].copy()
    fates.loc[fates.index[:3], ["loss_after", "landing"]] = [np.nan, "unfinished"]
    data = draw("landing_after_splitting", (tables | {"fates": fates}, arrays)).data
    assert data.loc[data["quantity"] == "share", "descents"].sum() == len(fates)


def test_a_few_teachers_are_the_ends_and_the_middle():
    assert readable_teachers(range(6, 21)) == [6, 13, 20]
    assert readable_teachers([7, 8]) == [7, 8]
    assert readable_teachers([6, 8, 10, 100]) == [6, 8, 10]
    assert readable_teachers([50, 100]) == [50]
    assert readable_teachers([]) == []


@pytest.mark.slow
def test_classes_and_splits_say_whether_they_are_proved():
    for name in ("class_levels", "curvature_after_splitting"):
        plot = plot_of(name, "many k")
        assert {"proved", "not proved"} <= set(words(plot.figure))
        proved = plot.data.dropna(subset="class_id").groupby("k")["proved"].unique()
        assert "proved" in proved[8]
        assert "proved" not in proved[20]
    assert "not proved" not in words(plot_of("curvature_after_splitting", "few k").figure)
    titles = words(plot_of("minima_heat_maps", "many k").figure)
    assert any(title.startswith("k = 6") and title.endswith("proved") for title in titles)
    assert not any(title.startswith("k = 20") and title.endswith("proved") for title in titles)
