from functools import cache

import numpy as np
import pandas as pd
import pytest

from helpers_figures import assert_readable, assert_says_there_are_no_runs, layouts, save, words
from helpers_global_minima_tables import GLOBAL_EIGENVALUE, OUTSIDE, many_cases, no_cases, one_case
from helpers_tables import measured
from relu_landscape.figures.style import (
    NONE_FOUND,
    SERIES,
    evenly_spread,
    rows_with,
)
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.global_minima.figures.convexity import (
    APART,
    EVERY_K,
    ONE_K,
    SMALLEST,
)
from relu_landscape.tables.files import write_table

FIGURES = [
    "conjecture_12_constant",
    "convergence_near_global_minima",
    "convexity_radius",
    "landscape_slice",
    "negative_curvature_near_global_minima",
    "perturbed_descent",
    "quotients_by_direction",
    "safran2021_table_1",
    "valley_quotients",
]
STUDIES = {"many": many_cases, "one": one_case}
LAYOUTS = layouts(FIGURES, *STUDIES)
LARGEST_SVG = 1_000_000  # bytes


def draw(name, study):
    tables, arrays = study
    return draw_figure(name, tables | arrays)


@cache
def plot_of(name, study):
    """The figure of one synthetic study, laid out; tests only read it."""
    plot = draw(name, STUDIES[study]())
    plot.figure.draw_without_rendering()
    return plot


@pytest.mark.slow
@pytest.mark.parametrize("study", STUDIES)
def test_the_synthetic_tables_keep_to_the_schemas(study, tmp_path):
    for name, table in STUDIES[study]()[0].items():
        write_table(measured(table, name), tmp_path / f"{name}.parquet", name)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "study"), LAYOUTS)
def test_figures_can_be_read(name, study):
    assert_readable(plot_of(name, study))


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    assert_says_there_are_no_runs(draw(name, no_cases()), plot_of(name, "one"))


@pytest.mark.slow
def test_saved_figures_are_the_same_bytes_twice_and_light(tmp_path):
    first = save(draw("landscape_slice", STUDIES["many"]()), tmp_path / "first")
    second = save(draw("landscape_slice", STUDIES["many"]()), tmp_path / "second")
    assert first == second
    assert len(first[0]) < LARGEST_SVG


def test_series_differ_without_colour():
    assert len({mark.marker for mark in SERIES}) == len(SERIES)
    assert len({mark.line for mark in SERIES}) == len(SERIES)


def test_a_few_are_the_ends_and_the_middle():
    assert evenly_spread([1, 2, 3, 4, 5], 3) == [1, 3, 5]
    assert evenly_spread([1, 2], 3) == [1, 2]
    assert evenly_spread([], 3) == []


def test_where_takes_the_rows_that_agree_in_every_column():
    table = pd.DataFrame({"k": [2, 2, 3], "n": [2, 3, 3]})
    assert rows_with(table, k=2, n=3).index.to_list() == [1]


@pytest.mark.slow
def test_curvature_at_equal_shares_is_half_the_closed_form():
    data = plot_of("negative_curvature_near_global_minima", "many").data
    equal = data[data["share"] == 0.5]
    np.testing.assert_allclose(equal["negative_curvature"], -0.5 * equal["form_exact"], rtol=1e-6)
    row = rows_with(equal, k=2, arithmetic="double").sort_values("epsilon").iloc[-1]
    assert row["negative_curvature"] == pytest.approx(0.063032, abs=1e-6)


def test_curvature_lost_to_rounding_is_counted_in_words():
    tables, arrays = STUDIES["one"]()
    table = tables["negative_curvature"].copy()
    table.loc[0, "smallest_eigenvalue"] = 1e-18
    plot = draw(
        "negative_curvature_near_global_minima", (tables | {"negative_curvature": table}, arrays)
    )
    assert "1 lost to rounding" in words(plot.figure)
    assert len(plot.data) == len(table)
    assert f"negative at {len(table) - 1} of {len(table)} points" in plot.finding


@pytest.mark.slow
def test_slopes_and_constants_of_the_valley():
    plot = plot_of("valley_quotients", "many")
    legends = " ".join(words(plot.figure))
    for text in ("PL ratio |∇F|²/(2F), slope 1.000", "loss F, slope 3.000", "|∇F|², slope 4.000"):
        assert text in legends
    smallest = plot.data[plot.data["epsilon"] < 1e-6]
    equal = rows_with(smallest, share=0.5, quantity="loss")
    np.testing.assert_allclose(equal["value_over_leading_power"], 0.42441318, rtol=1e-6)
    assert set(plot.data["arithmetic"]) == {"extended"}
    assert plot.finding.endswith("goes to zero like ε^1.00, F like ε^3.00 and |∇F|² like ε^4.00.")


@pytest.mark.slow
def test_points_without_an_extended_value_are_shown_in_double_above_rounding():
    tables, arrays = STUDIES["many"]()
    double = rows_with(tables["valley_points"], arithmetic="double", k=3, n=4, share=0.5)
    plot = draw("valley_quotients", (tables | {"valley_points": double}, arrays))
    assert set(plot.data["arithmetic"]) == {"double"}
    assert len(plot.data) == 5 * double["pl_ratio"].notna().sum() < 5 * len(double)
    assert "loss F, slope 3.000" in words(plot.figure)


def test_slopes_are_fitted_to_extended_values_where_there_are_two():
    tables, arrays = STUDIES["one"]()
    points = tables["valley_points"].copy()
    rough = points["arithmetic"].eq("double") & points["epsilon"].eq(1e-2)
    points.loc[rough, "loss"] *= 2.0
    points = points[rough | (points["arithmetic"].eq("extended") & points["epsilon"].ne(1e-2))]
    plot = draw("valley_quotients", (tables | {"valley_points": points}, arrays))
    assert "loss F, slope 2.998" in words(plot.figure)


def test_a_valley_lost_to_rounding_is_not_said_to_have_no_runs():
    tables, arrays = STUDIES["one"]()
    lost = tables["valley_points"].assign(pl_ratio=np.nan)
    plot = draw("valley_quotients", (tables | {"valley_points": lost}, arrays))
    assert words(plot.figure) == [NONE_FOUND]


def test_a_point_of_the_valley_alone_has_no_slope():
    tables, arrays = STUDIES["one"]()
    point = tables["valley_points"].iloc[-1:]
    plot = draw("valley_quotients", (tables | {"valley_points": point}, arrays))
    assert "loss F" in words(plot.figure)
    assert plot.finding.startswith("There are too few points")


@pytest.mark.slow
def test_cells_outside_the_law_are_named():
    plot = plot_of("safran2021_table_1", "many")
    outside = plot.data[plot.data["outside"]]
    assert outside[["perturbation", "k", "m"]].to_numpy().tolist() == [["gaussian", *OUTSIDE]]
    assert "(10, 5)" in words(plot.figure)
    assert plot.finding.startswith("17 of 18 printed values of Table 1, and 18 of 18 of this study")
    assert len(plot.data) == 18
    assert "printed, outside" not in words(plot_of("safran2021_table_1", "one").figure)


def test_a_table_without_one_of_its_columns_says_so():
    tables, arrays = STUDIES["one"]()
    gaussian = rows_with(tables["table_1"], perturbation="gaussian")
    plot = draw("safran2021_table_1", (tables | {"table_1": gaussian}, arrays))
    assert words(plot.figure).count(NONE_FOUND) == 2


@pytest.mark.slow
def test_directions_below_the_least_curvature_are_counted():
    drawn = STUDIES["many"]()[0]["direction_quotients"]
    plot = plot_of("quotients_by_direction", "many")
    data = plot.data
    shares = data[data["quantity"] != "histogram"].set_index(["k", "n"])
    quotients = rows_with(drawn, k=2, n=4)["one_point_hessian"]
    row = shares.loc[(2, 4)]
    assert row["percent_below"] == pytest.approx(100.0 * (quotients < GLOBAL_EIGENVALUE).mean())
    assert row["percent_low"] < row["percent_below"] < row["percent_high"]
    assert shares.loc[(10, 10), "directions_below"] == 0
    assert f"at most {shares.loc[2, 'percent_below'].max():.2g} % at k = 2 and" in plot.finding
    assert shares.loc[(10, 10), "percent_high"] > 0.0
    drawn_bins = rows_with(data, quantity="histogram", k=2, n=4)["directions"].sum()
    assert 0.99 * len(quotients) <= drawn_bins <= len(quotients)


@pytest.mark.slow
def test_the_landscape_is_that_of_the_arrays():
    slices = STUDIES["many"]()[1]["landscape_slices"]
    plot = plot_of("landscape_slice", "many")
    data = plot.data
    plane = rows_with(data, plane="tilt and spread")
    loss = plane.pivot(index="spread", columns="tilt", values="loss")
    np.testing.assert_array_equal(loss, slices["loss_tilt_spread"])
    valley = rows_with(data, plane="share and spread", spread=0.0)
    assert valley["loss"].abs().max() < 1e-15
    negative = 100.0 * (plane["smallest_eigenvalue"] < -1e-6).mean()
    assert f"{negative:.3g} % of the plane of common tilt and spread" in plot.finding


@pytest.mark.parametrize(
    ("study", "scales"),
    [
        pytest.param("many", ["linear"] * 3 + ["log"] * 3, marks=pytest.mark.slow),
        ("one", ["log"] * 3),
    ],
)
def test_exponential_and_power_laws_have_axes_on_which_they_are_straight(study, scales):
    figure = plot_of("convergence_near_global_minima", study).figure
    assert [axes.get_xscale() for axes in figure.axes] == scales


def test_convergence_carries_the_fitted_rates():
    plot = plot_of("convergence_near_global_minima", "one")
    assert "power −2.999\n(−3.059, −2.939)" in words(plot.figure)
    loss = rows_with(plot.data, quantity="loss")
    assert set(loss["law"]) == {"power"}
    said = "like a power of time in 1 of 1 run with n > k (median exponent −3.00)."
    assert plot.finding.endswith(said)
    assert len(loss) == len(STUDIES["one"]()[0]["convergence"])


def test_runs_without_a_fit_are_drawn():
    tables, arrays = STUDIES["one"]()
    rates = {"convergence_rates": tables["convergence_rates"].iloc[:0]}
    plot = draw("convergence_near_global_minima", (tables | rates, arrays))
    assert words(plot.figure).count("not fitted") == 3
    assert plot.finding.startswith("No law was fitted")


@pytest.mark.slow
def test_the_constant_ends_where_the_form_is_negative():
    search = STUDIES["many"]()[0]["conjecture12_search"]
    plot = plot_of("conjecture_12_constant", "many")
    curves = rows_with(plot.data, quantity="least form over bound")
    (least,) = rows_with(search, k=5, m=2, scaled_radius=0.5)["ratio"]
    assert rows_with(curves, k=5, m=2, scaled_radius=0.5)["constant"].tolist() == [least]
    ended = rows_with(curves, k=5, m=2)
    assert ended["form_negative"].tolist() == [False] * (len(ended) - 1) + [True]
    assert ended["scaled_radius"].max() == 0.7
    np.testing.assert_array_equal(curves["shortfall"], 1.0 - curves["constant"])
    axes = plot.figure.axes[0]
    assert axes.get_xscale() == axes.get_yscale() == "log"
    ends = [line.get_xydata()[:, 0] for line in axes.lines if line.get_marker() == "X"]
    assert 0.7 in np.concatenate(ends)
    assert "at radii up to 0.9 it turns negative at 4 of 7 sizes" in plot.finding


@pytest.mark.slow
def test_radii_where_searches_of_a_violation_disagree_are_marked():
    label = "searches disagree, down to the bar"
    plot = plot_of("conjecture_12_constant", "many")
    curves = rows_with(plot.data, quantity="least form over bound")
    apart = curves[~curves["agreed"].astype(bool)]
    assert set(apart["scaled_radius"]) == {0.1}
    assert set(apart["spread"]) == {0.02}
    assert curves["spread"].count() == len(apart)
    axes = plot.figure.axes[0]
    drawn = [line for line in axes.get_lines() if line.get_linestyle() != "None"]
    assert not any(0.1 in line.get_xdata() for line in drawn)
    (bar, *_) = plot.figure.axes[0].collections
    (segment,) = bar.get_segments()
    np.testing.assert_allclose(np.diff(segment[:, 1]), 0.02)
    assert label in words(plot.figure)
    tables, arrays = STUDIES["many"]()
    search = tables["conjecture12_search"].assign(agreed=True)
    sound = draw("conjecture_12_constant", (tables | {"conjecture12_search": search}, arrays))
    assert label not in words(sound.figure)
    assert not sound.figure.axes[0].collections


def test_either_half_of_conjecture_12_can_be_missing():
    tables, arrays = STUDIES["one"]()
    for name in ("conjecture12_search", "conjecture12_witnesses"):
        plot = draw("conjecture_12_constant", (tables | {name: tables[name].iloc[:0]}, arrays))
        assert words(plot.figure).count(NONE_FOUND) == 1
        assert len(plot.data) > 0
        said = "4 of 4 exact points violate" if name == "conjecture12_search" else "10 of 10 radii"
        assert said in plot.finding


def test_radii_are_those_found_and_proved_and_all_drawn():
    tables = STUDIES["many"]()[0]
    radii = tables["convexity_radii"]
    data = plot_of("convexity_radius", "many").data
    worst = rows_with(radii, search="worst").set_index("k")
    found = rows_with(data, mark=SMALLEST).set_index("k")
    np.testing.assert_array_equal(found["radius"], worst["radius"].drop(13))
    assert found["spread"].isna().all()
    apart = rows_with(data, mark=APART)
    assert apart[["k", "radius", "spread"]].values.tolist() == [[13, worst["radius"][13], 0.01]]
    drawn = data[data["mark"].str.endswith("drawn direction")]
    assert len(drawn) == len(rows_with(radii, search="random"))
    assert drawn["radius"].notna().all()
    certified = tables["certified_global_minima"]
    assert rows_with(data, mark=ONE_K)["radius"].tolist() == certified["radius"].tolist()
    # The proof for every k is shown as far as there is something beside it.
    assert rows_with(data, mark=EVERY_K)["k"].tolist() == [3, 4, 20, 30]


@pytest.mark.parametrize(
    ("missing", "gap"),
    [("convexity_bounds", "0.050 at k = 4"), ("certified_global_minima", "0.15 at k = 4")],
)
def test_what_is_open_lies_between_the_best_proof_and_the_search(missing, gap):
    tables, arrays = STUDIES["one"]()
    plot = draw("convexity_radius", (tables | {missing: tables[missing].iloc[:0]}, arrays))
    (found,) = rows_with(plot.data, mark=SMALLEST)["radius"]
    assert f"up to a distance of {gap}, and found not to be at {found:#.2g};" in plot.finding


def test_without_radii_found_nothing_is_open():
    tables, arrays = STUDIES["one"]()
    radii = tables["convexity_radii"].iloc[:0]
    plot = draw("convexity_radius", (tables | {"convexity_radii": radii}, arrays))
    assert set(plot.data["mark"]) == {ONE_K, EVERY_K}
    assert not any("open" in word for word in words(plot.figure))
    assert plot.finding.startswith("At no k")


@pytest.mark.slow
def test_distances_are_medians_over_runs():
    checks = STUDIES["many"]()[0]["perturbed_descent"]
    data = plot_of("perturbed_descent", "many").data
    setting = {"k": 5, "n": 7, "step_factor": 1.0, "noise_factor": 10.0, "iteration": 100000}
    (row,) = rows_with(data, **setting).to_dict("records")
    runs = rows_with(checks, **setting)["distance"]
    assert row["runs"] == len(runs)
    assert row["distance"] == pytest.approx(runs.median())
    assert row["distance_low"] <= row["distance"] <= row["distance_high"]


@pytest.mark.parametrize(
    ("largest", "said"),
    [
        (1e-4, "No run takes a step as small as Theorem 13 asks: the smallest is 2,000 times"),
        (1.0, "4 of 4 runs take a step as small as Theorem 13 asks;"),
    ],
)
def test_it_is_said_whether_runs_have_the_step_of_the_theorem(largest, said):
    tables, arrays = STUDIES["one"]()
    theorem = tables["theorem_13"].assign(largest_step=largest)
    plot = draw("perturbed_descent", (tables | {"theorem_13": theorem}, arrays))
    assert plot.finding.startswith(said)
    assert plot.data["step_over_theorem"].unique().tolist() == [pytest.approx(0.2 / largest)]


@pytest.mark.slow
def test_bars_stand_where_the_curvature_is_proved_at_every_share():
    plot = plot_of("negative_curvature_near_global_minima", "many")
    lower = plot.figure.axes[len(plot.figure.axes) // 2]
    (bars,) = [line for line in lower.lines if line.get_marker() == "|"]
    proved = plot.data[plot.data["proved"] == "proved"]
    assert set(bars.get_xdata()) == set(proved["epsilon"])
    assert min(bars.get_xdata()) > plot.data["epsilon"].min()
