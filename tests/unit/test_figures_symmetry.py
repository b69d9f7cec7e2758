from functools import cache

import numpy as np
import pytest

from helpers_figures import assert_readable, assert_says_there_are_no_runs, layouts, save, words
from helpers_symmetry_tables import many_cases, no_cases, one_case
from relu_landscape.families import symmetric_critical_point
from relu_landscape.figures.style import (
    NONE_FOUND,
    SERIES,
    rows_with,
)
from relu_landscape.studies.declarations import draw_figure
from relu_landscape.studies.symmetry.figures.style import (
    CHAIN_MARKS,
    family_name,
    irrep_name,
    mark_families,
)

FIGURES = [
    "annihilation_grid",
    "families_reached",
    "family_fates",
    "family_losses",
    "family_matrices",
    "family_spectra",
    "perturbed_targets",
    "split_eigenvalues",
    "stability_thresholds",
]
STUDIES = {"many": many_cases, "one": one_case}
LAYOUTS = layouts(FIGURES, *STUDIES)


def draw(name, tables):
    return draw_figure(name, tables)


@cache
def plot_of(name, study):
    """The figure of one synthetic study, laid out; tests only read it."""
    plot = draw(name, STUDIES[study]())
    plot.figure.draw_without_rendering()
    return plot


def changed(study, name, rows):
    """The tables of a study with other rows of one of them."""
    return STUDIES[study]() | {name: rows}


def titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes if axes.get_visible()]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "study"), LAYOUTS)
def test_figures_can_be_read(name, study):
    assert_readable(plot_of(name, study))


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    assert_says_there_are_no_runs(draw(name, no_cases()), plot_of(name, "one"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["family_fates", "family_spectra"])
def test_saved_figures_are_the_same_bytes_twice(name, tmp_path):
    first = save(draw(name, one_case()), tmp_path / "first")
    second = save(draw(name, one_case()), tmp_path / "second")
    assert first == second


def test_names_are_those_of_the_papers():
    assert family_name("A", 0) == "A"
    assert family_name("I", 1, 1) == "I₁ + 1"
    assert family_name("II", 12) == "II₁₂"
    assert irrep_name("s_p*s_m") == r"$s_p \otimes s_m$"


def test_families_differ_without_colour():
    marks = [mark for chain in CHAIN_MARKS.values() for mark in chain]
    assert len({mark.marker for mark in marks}) == len(marks) == len(SERIES)


@pytest.mark.slow
def test_the_outermost_members_of_a_chain_are_drawn():
    points = many_cases()["family_points"]
    shown = list(mark_families(points))
    assert shown == [("A", 0), ("I", 1), ("I", 3), ("II", 1), ("II", 2), ("II", 3)]
    assert list(mark_families(rows_with(points, family="II", m=2))) == [("II", 2)]


@pytest.mark.slow
def test_losses_tend_to_their_limits():
    data = plot_of("family_losses", "many").data
    far = rows_with(data, k=10**6, extra=0).set_index(["family", "m"])
    first = far.loc["I", "deficit_sqrt_k"]
    np.testing.assert_allclose(first, 4 / (3 * np.pi), rtol=0, atol=1e-3)
    np.testing.assert_allclose(
        far.loc["II", "loss_k_over_m"], 0.5 - 2 / np.pi**2, rtol=0, atol=5e-4
    )
    near = rows_with(data, family="A", k=8).set_index("extra")["stability"]
    assert near.to_dict() == {0: "proved minimum", 1: "saddle"}
    assert set(rows_with(far.reset_index(), m=3)["stability"]) == {"minimum, not proved"}
    legend = words(plot_of("family_losses", "many").figure)
    assert {"proved minimum", "minimum, not proved", "saddle", "n = k + 1"} <= set(legend)
    assert "saddle" not in words(plot_of("family_losses", "one").figure)


def test_a_chain_that_was_not_followed_is_missed_by_name():
    points = one_case()["family_points"]
    for families in (["II"], ["A", "I"]):
        rows = points[points["family"].isin(families)]
        plot = draw("family_losses", changed("one", "family_points", rows))
        assert words(plot.figure).count(NONE_FOUND) == 1


@pytest.mark.slow
@pytest.mark.parametrize(("name", "m", "extra"), [("A", 0, 1), ("I", 3, 0), ("II", 1, 1)])
def test_matrices_are_those_of_the_library(name, m, extra):
    data = rows_with(plot_of("family_matrices", "many").data, family=name, m=m, extra=extra)
    weights = data.pivot(index="neuron", columns="coordinate", values="weight")
    point = symmetric_critical_point(name, 12, m=m or None, extra=extra)
    np.testing.assert_array_equal(weights, point.weights())


def test_matrices_are_drawn_at_a_k_that_can_be_read():
    tables = one_case()
    parameters, points = tables["family_parameters"], tables["family_points"]
    tables = tables | {
        "family_points": points[points["k"] > 12],
        "family_parameters": parameters[parameters["k"] > 12],
    }
    assert set(draw("family_matrices", tables).data["k"]) == {16}
    tables["family_parameters"] = parameters[parameters["k"] > 20]
    assert words(draw("family_matrices", tables).figure) == [NONE_FOUND]


@pytest.mark.slow
def test_saddles_among_the_matrices_are_named():
    assert "A + 1: F = 0.07872\nsaddle, index 11" in titles(
        plot_of("family_matrices", "many").figure
    )


@pytest.mark.slow
def test_spectra_are_complete():
    data = plot_of("family_spectra", "many").data
    sizes = data.groupby(["family", "m", "k"])["multiplicity"].sum().reset_index()
    np.testing.assert_allclose(sizes["multiplicity"], sizes["k"] ** 2.0)
    assert titles(plot_of("family_spectra", "one").figure) == ["A", "I₁", "II₁", "", "", ""]


@pytest.mark.slow
def test_spectra_of_other_families_alone_are_not_drawn():
    spectra = many_cases()["family_spectra"]
    plot = draw("family_spectra", changed("many", "family_spectra", spectra[spectra["m"] == 3]))
    assert words(plot.figure) == [NONE_FOUND]


@pytest.mark.slow
def test_thresholds_stand_in_increasing_order():
    plot = plot_of("stability_thresholds", "many")
    assert plot.data["k"].is_monotonic_increasing
    ticks = [label.get_text() for label in plot.figure.axes[0].get_yticklabels()]
    assert ticks[:3] == ["II₁", "A", "II₁ + 1"]
    assert "the same, n > k" not in words(plot_of("stability_thresholds", "one").figure)


def test_the_split_eigenvalue_is_twice_the_inner_one():
    data = plot_of("split_eigenvalues", "one").data
    row = rows_with(data, family="A", k=16).iloc[0]
    assert row["split_eigenvalue"] == pytest.approx(-0.21011069805, abs=1e-10)
    assert row["scaled_curvature"] == pytest.approx(4 * 0.21011069805, abs=1e-9)
    assert set(rows_with(data, family="A")["neuron_class"]) == {0}


def test_a_split_that_makes_no_saddle_is_counted_in_words():
    splits = one_case()["family_splits"].copy()
    splits.loc[0, "inner_smallest_eigenvalue"] = 1e-3
    plot = draw("split_eigenvalues", changed("one", "family_splits", splits))
    assert "1 no saddle" in words(plot.figure)
    assert len(plot.data) == len(splits)


@pytest.mark.slow
def test_splits_of_a_alone_leave_the_second_class_empty():
    rows = rows_with(one_case()["family_splits"], family="A")
    plot = draw("split_eigenvalues", changed("one", "family_splits", rows))
    assert words(plot.figure).count(NONE_FOUND) == 1


@pytest.mark.slow
def test_cells_tell_minima_saddles_and_nothing_apart():
    data = plot_of("annihilation_grid", "many").data
    cells = rows_with(data, k=12).set_index(["chain", "columns", "extra"])
    assert cells.loc[("I", 2, 2), "verdict"] == "minimum"
    assert cells.loc[("I", 1, 2), "verdict"] == "saddle"
    assert cells.loc[("I", 1, 2), "smallest_index"] == 10
    assert cells.loc[("I", 0, 2), "verdict"] == "none"
    assert cells.loc[("II", 3, 1), "verdict"] == "minimum"
    assert set(data["starts"]) == {40}
    assert len(data) == 2 * len(many_cases()["fixed_space_searches"])


def test_a_search_without_points_is_a_cell():
    points = one_case()["fixed_space_points"]
    plot = draw("annihilation_grid", changed("one", "fixed_space_points", points.iloc[:0]))
    assert set(plot.data["verdict"]) == {"none"}
    assert "no spurious point reached" in words(plot.figure)


@pytest.mark.slow
def test_starts_that_differ_are_given_as_a_range():
    searches = many_cases()["fixed_space_searches"].copy()
    searches.loc[0, "starts"] = 20
    plot = draw("annihilation_grid", changed("many", "fixed_space_searches", searches))
    assert "chain I, k = 12\n20–40 starts" in titles(plot.figure)


@pytest.mark.slow
def test_fates_count_the_descents():
    fates = many_cases()["family_fates"]
    data = plot_of("family_fates", "many").data
    assert data["descents"].sum() == len(fates)
    first = rows_with(data, after="one", family="II", m=1, neuron_class=1, k=12)
    assert first[["landing", "descents"]].to_numpy().tolist() == [["spurious", 2]]
    second = rows_with(data, after="two", family="I", m=1, neuron_class=0, k=16)
    landed = dict(zip(second["landing"], second["descents"], strict=True))
    assert landed == {"global": 10, "spurious": 2, "unfinished": 4}


def test_no_second_split_is_said():
    assert words(plot_of("family_fates", "one").figure).count(NONE_FOUND) == 1


@pytest.mark.slow
def test_rates_are_those_of_the_first_protocol():
    rates = many_cases()["family_rates"]
    data = plot_of("families_reached", "many").data
    assert len(data) == len(rows_with(rates, search="safran2018"))
    other = rows_with(rates, search="safran2018_second_seed")
    assert words(draw("families_reached", changed("many", "family_rates", other)).figure) == [
        NONE_FOUND
    ]


@pytest.mark.slow
def test_bars_of_families_are_as_high_as_their_rates():
    plot = plot_of("families_reached", "many")
    of_k = rows_with(plot.data, k=10, n=10)
    assert rows_with(of_k, part="II1")["family"].tolist() == ["II"]
    bars = [bar for bar in plot.figure.axes[0].patches if abs(bar.get_x() + 0.45) < 1e-9]
    total = pytest.approx(of_k["percent"].sum())
    assert sum(bar.get_height() for bar in bars) == total
    assert max(bar.get_y() + bar.get_height() for bar in bars) == total


def test_families_that_no_run_reached_are_named_with_a_bound():
    rates = one_case()["family_rates"].assign(reached=0, percent=0.0)
    plot = draw("families_reached", changed("one", "family_rates", rates))
    runs = rates.groupby("k")["runs"].first().sum()
    assert f"Of {runs:,} runs" in plot.finding
    assert "end none at a spurious minimum; none at A, " in plot.finding
    assert f"(at most {100 * (1 - 0.025 ** (1 / runs)):.2g} %)" in plot.finding
    met = draw("families_reached", changed("one", "family_rates", rates.assign(reached=1)))
    assert "none at" not in met.finding


def test_rates_of_one_size_leave_the_other_panel_empty():
    assert words(plot_of("families_reached", "one").figure).count(NONE_FOUND) == 1


@pytest.mark.slow
def test_shares_of_draws_add_up():
    data = plot_of("perturbed_targets", "many").data
    total = data.groupby(["family", "m", "k", "epsilon"])["percent"].sum()
    np.testing.assert_allclose(total, 100.0)
    stays = rows_with(data, outcome="strict_minimum")
    assert len(stays) == len(total)
    assert (stays["percent_low"] <= stays["percent"]).all()
    assert (stays["percent"] <= stays["percent_high"]).all()


def test_a_minimum_that_never_stays_is_drawn_at_zero():
    targets = one_case()["perturbed_targets"].assign(outcome="lost")
    plot = draw("perturbed_targets", changed("one", "perturbed_targets", targets))
    stays = rows_with(plot.data, outcome="strict_minimum")
    assert stays["draws"].tolist() == [0, 0, 0]
    assert "lost" in words(plot.figure)


def test_perturbed_minima_that_stay_are_counted_at_the_largest_size():
    targets = one_case()["perturbed_targets"]
    largest = targets["epsilon"] == targets["epsilon"].max()
    first = largest & (targets["family"] == "A") & (targets["sample"] == 0)
    changes = targets.assign(outcome=np.where(first, "fold", "strict_minimum"))
    plot = draw("perturbed_targets", changed("one", "perturbed_targets", changes))
    size = rows_with(targets, family="A", epsilon=targets["epsilon"].max()).shape[0]
    assert f"{largest.sum() - 1} of {largest.sum()} at k = " in plot.finding
    assert f"(fewest of A, {size - 1} of {size})" in plot.finding
