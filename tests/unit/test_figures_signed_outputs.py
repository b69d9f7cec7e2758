"""Figures of outputs of both signs: what they show of synthetic tables, and whether they read."""

import numpy as np
import pandas as pd
import pytest

from helpers_figures import assert_readable
from relu_landscape.figures.style import NO_RUNS
from relu_landscape.studies.declarations import draw_figure

FIGURES = ["inner_spectra", "split_curvature", "signed_slice", "signed_bad_shares"]


def tables():
    orbits = [
        (8, 8, 1, 0, 7, -0.1, -0.03, -0.04, "strict_saddle", "minimum"),
        (8, 8, 1, 7, 1, -0.08, -0.04, -0.04, "strict_saddle", "minimum"),
        (11, 12, 0, 0, 11, -0.05, -0.01, -0.02, "strict_saddle", "minimum"),
        (11, 12, 0, 11, 1, -0.01, 0.006, 0.004, "strict_saddle", "strict_saddle"),
    ]
    curvatures = [
        (8, row, gamma, 1e-17, 0.0125 / (gamma * (gamma - 1)), 0.03 / (gamma * (gamma - 1)))
        for row in (0, 1)
        for gamma in (1.2, 5.0, 20.0)
    ]
    slices = [
        (8, row, gamma, delta, delta**2 / (gamma * (gamma - 1)))
        for row in (0, 1)
        for gamma in (1.1, 4.0, 16.0)
        for delta in np.linspace(-0.2, 0.2, 5)
    ]
    shares = [
        (8, 8, 0, 100, 15, 15, 0, 0, 0),
        (8, 8, 2, 100, 40, 20, 18, 1, 1),
        (8, 9, 0, 100, 0, 0, 0, 0, 0),
    ]
    orbit_names = ["k", "n", "class_id", "neuron", "neurons", "lowest", "highest", "off_span"]
    return {
        "class_orbits": pd.DataFrame(orbits, columns=[*orbit_names, "same_sign", "opposite_sign"]),
        "split_curvatures": pd.DataFrame(
            curvatures,
            columns=[
                *("k", "row", "gamma"),
                *("smallest_eigenvalue", "next_eigenvalue", "curvature_across"),
            ],
        ),
        "signed_slices": pd.DataFrame(slices, columns=["k", "row", "gamma", "delta", "excess"]),
        "signed_shares": pd.DataFrame(
            shares,
            columns=[
                *("k", "positives", "negatives", "runs", "bad"),
                *("isolated", "plateau", "channel", "slow"),
            ],
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
    assert findings["inner_spectra"] == (
        "Splits by a neuron of output -1 are half-lines of minima at 8 of 8 neurons with n = k and "
        "11 of 12 neurons with n = k + 1."
    )
    assert "falls from 0.052 to 3.3e-05; at" in findings["split_curvature"]
    assert "0.0125 to 0.0125 over" in findings["split_curvature"]
    assert "nowhere below" in findings["signed_slice"]
    assert findings["signed_bad_shares"] == (
        "With k = 8 students of output 1 and 0, 2 of output -1 the bad share is 15, 40 %; with "
        "k + 1 of output 1, 0 of 100 runs are bad."
    )


def test_a_slice_that_falls_below_the_line_is_said_to():
    given = tables()
    given["signed_slices"].loc[0, "excess"] = -1e-5
    assert "falls below" in draw_figure("signed_slice", given).finding
