"""Figures of leaky networks: what they show of synthetic tables, and whether they can be read."""

import pandas as pd
import pytest

from helpers_figures import assert_readable
from relu_landscape.figures.style import NO_RUNS
from relu_landscape.studies.declarations import draw_figure

FIGURES = ["leaky_families", "leaky_shares", "leaky_thresholds"]


def tables():
    slopes = [-1.0, -0.9, -0.5, 0.0, 0.5]
    members = [("A", 0, 7.0), ("I", 1, 6.0), ("II", 1, 0.0)]
    points = [
        (family, m, k, s, 0.0 if family == "II" and s == -1 else 0.1 * (1 - s), 0.1 - 0.1 * m, at)
        for family, m, index in members
        for k in (8, 12)
        for s, at in zip(slopes, [index, index, 0.0, 0.0, 0.0], strict=True)
    ]
    ends = [
        (-1.0, 100, 0, 0),
        (-0.9, 100, 95, 99),
        (-0.5, 100, 40, 40),
        (0.0, 100, 12, 12),
        (0.5, 100, 9, 9),
    ]
    return {
        "leaky_points": pd.DataFrame(
            points,
            columns=["family", "m", "k", "slope", "loss", "smallest_eigenvalue", "index"],
        ),
        "leaky_shares": pd.DataFrame(
            [(8, *row) for row in ends],
            columns=["k", "slope", "runs", "bad", "spurious"],
        ),
        "leaky_thresholds": pd.DataFrame(
            [
                ("A", 0, 8, "eigenvalue", -0.72, "s_p", 7.0, 0.0),
                ("A", 0, 20, "eigenvalue", -0.84, "s_p", 19.0, 0.0),
                ("A", 0, 20, "fold", -0.91, None, None, None),
            ],
            columns=["family", "m", "k", "event", "slope", "irrep", "index_below", "index_above"],
        ),
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


def test_findings_say_what_the_tables_hold():
    findings = {
        name: draw_figure(name, tables()).finding.replace("\N{MINUS SIGN}", "-") for name in FIGURES
    }
    assert findings["leaky_families"] == (
        "At s = -1 II₁ are global minima; A, I₁ are saddles; from s = -0.5 on 18 of 18 points are "
        "minima."
    )
    assert findings["leaky_shares"] == (
        "Of 100 restarts with k = 8 the share at spurious minima is 0 % at s = -1, 99 % at "
        "s = -0.9, 12 % at s = 0, 9 % at s = 0.5."
    )
    assert "A end in a fold at s from -0.91 to -0.91 (k = " in findings["leaky_thresholds"]


def test_shares_have_intervals():
    data = draw_figure("leaky_shares", tables()).data
    row = data[(data["kind"] == "bad") & (data["slope"] == -0.5)].iloc[0]
    assert row["percent_low"] < row["percent"] == 40 < row["percent_high"]
