"""Figures of general teachers: what they show of synthetic tables, and whether they can be read."""

import pandas as pd
import pytest

from helpers_figures import assert_readable
from relu_landscape.figures.style import NO_RUNS
from relu_landscape.studies.declarations import draw_figure

FIGURES = ["general_correlations", "general_splits", "general_survival"]


def tables():
    shares = [
        ("equiangular", f"correlation {rho:g}", 8, 8, n, rho, 100, bad)
        for n, counts in ((8, (65, 17, 0)), (9, (15, 0, 0)))
        for rho, bad in zip((-0.1, 0.0, 0.2), counts, strict=True)
    ]
    shares += [("random", f"draw {i}", 8, 8, 8, 0.02 * i - 0.08, 40, 30 - 3 * i) for i in range(9)]
    # Neither fewer teachers nor more inputs belong beside them.
    shares += [
        ("random", "draw 0", 3, 2, 3, 0.9, 40, 1),
        ("random", "draw 0", 8, 64, 8, 0.9, 40, 1),
    ]
    minima = [
        ("random", "draw 0", 3, 2, 3, 0, 2.9, 3.0, 0.02, 2, 1),
        ("random", "draw 1", 8, 8, 8, 0, 8.01, 8.0, 0.02, 7, 1),
        ("random", "draw 2", 8, 64, 8, 0, 7.98, 8.0, -0.05, 8, 0),
        ("equiangular", "correlation 0", 8, 8, 8, 0, 7.99, 8.0, -0.08, 8, 0),
    ]
    survivals = [
        ("random", f"sample {i}", k, d, i < reached)
        for k, d, reached in ((6, 16, 2), (6, 4096, 1), (8, 16, 3), (8, 4096, 10))
        for i in range(10)
    ]
    survivals.append(("equiangular", "correlation 0.2", 8, 8, True))
    names = ["kind", "target", "k", "d"]
    return {
        "general_shares": pd.DataFrame(shares, columns=[*names, "n", "correlation", "runs", "bad"]),
        "general_minima": pd.DataFrame(
            minima,
            columns=[
                *(*names, "n", "class_id", "norm_sum", "teacher_norm_sum"),
                *("largest_inner_eigenvalue", "saddles", "plateaus"),
            ],
        ),
        "general_survivals": pd.DataFrame(survivals, columns=[*names, "proved"]),
    }


@pytest.mark.parametrize("name", FIGURES)
def test_figures_can_be_read(name):
    plot = draw_figure(name, tables())
    plot.figure.draw_without_rendering()
    assert_readable(plot)


@pytest.mark.parametrize("name", FIGURES)
def test_an_empty_profile_is_said_to_have_no_runs(name):
    plot = draw_figure(name, {table: frame.iloc[:0] for table, frame in tables().items()})
    assert NO_RUNS in plot.finding
    assert plot.data.empty


def test_draws_stand_beside_equiangular_teachers_of_the_same_size():
    plot = draw_figure("general_correlations", tables())
    assert len(plot.data) == 6 + 9
    assert set(plot.data["k"]) == set(plot.data["d"]) == {8}
    assert "65 % at cosine \N{MINUS SIGN}0.1, 17 % at 0, 0 % at 0.2" in plot.finding
    assert "is \N{MINUS SIGN}1.00" in plot.finding


def test_minima_are_counted_by_splits_and_by_norms():
    finding = draw_figure("general_splits", tables()).finding
    assert "Of 4 bad minima 2 have a neuron" in finding
    assert finding.endswith("and 1 a larger sum of norms than the teachers, 1 both.")


def test_survivors_are_counted_at_every_size():
    plot = draw_figure("general_survival", tables())
    assert list(plot.data["survived"]) == [2, 1, 3, 10]
    assert plot.finding.endswith("is proved at 11 of 20 draws of 6 to 8 teachers.")
