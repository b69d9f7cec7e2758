"""Full Jacobian rank of networks with two hidden layers, over the product of their widths."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    NO_RUNS,
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.studies.activation_regions.figures.style import DATA

COUNTS = {"full": "all hidden layers", "full_last_layer": "the last hidden layer alone"}
COLUMNS = [
    *("data", "n", "d0", "d1", "d2", "columns", "trials", "weights_over_points"),
    *("share", "low", "high"),
]
MOST_SIZES = 3


def _shares(ranks: pd.DataFrame) -> pd.DataFrame:
    """One row a pair of widths and set of columns, with its 95 % interval."""
    parts = []
    for count, name in COUNTS.items():
        part = ranks.assign(
            columns=name,
            weights_over_points=ranks["d1"] * ranks["d2"] / ranks["n"],
            share=ranks[count] / ranks["trials"],
        )
        ends = [
            clopper_pearson(int(full), int(trials))
            for full, trials in zip(ranks[count], ranks["trials"], strict=True)
        ]
        parts.append(part.assign(low=[end.low for end in ends], high=[end.high for end in ends]))
    return pd.concat(parts, ignore_index=True)[COLUMNS]


def _draw_cells(axes: Axes, cells: pd.DataFrame, widths: list[int]) -> None:
    """Shares over d1 d2/n, a mark for each d1."""
    for d1, mark in zip(widths, SERIES, strict=False):
        rows = rows_with(cells, d1=d1).sort_values("d2")
        axes.errorbar(
            rows["weights_over_points"],
            rows["share"],
            yerr=np.array([rows["share"] - rows["low"], rows["high"] - rows["share"]]),
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.5,
            elinewidth=0.6,
        )
    axes.axvline(1.0, color=INK, linewidth=0.8)
    axes.set_xscale("log")
    axes.set_ylim(-0.04, 1.04)


def _finding(shares: pd.DataFrame) -> str:
    """Share of full rank where d1 d2 >= n and where it is smaller, for both sets of columns."""
    parts = []
    for condition, rows in (
        (
            "where d₁\N{NO-BREAK SPACE}d₂\N{NO-BREAK SPACE}≥\N{NO-BREAK SPACE}n",
            shares[shares["weights_over_points"] >= 1.0],
        ),
        ("elsewhere", shares[shares["weights_over_points"] < 1.0]),
    ):
        full = (rows["share"] * rows["trials"]).groupby(rows["columns"]).sum()
        percent = 100.0 * full / rows.groupby("columns")["trials"].sum()
        if len(percent):
            both, last = (percent[name] for name in COUNTS.values())
            parts.append(f"{both:.3g} % and {last:.3g} % {condition}")
    return f"Full rank in all hidden layers and in the last one alone: {', '.join(parts)}."


@figure
def deep_ranks(deep_ranks: pd.DataFrame) -> Plot:
    """Share of full rank against d1 d2/n, in all hidden layers and in the last one alone.

    Caption:
        An experiment of this study, not of the paper: the share of networks with two hidden layers
        of d₁ and d₂ neurons whose Jacobian at initialisation has full rank n, against the product
        of the widths over n, in profile **{profile}**. All weights and biases of a layer are
        uniform on ±1/√m with m its number of inputs; the last layer is fixed. On the left the
        Jacobian in all weights and biases of both hidden layers, on the right in those of the
        second alone. Ranks are exact, bars are 95 % Clopper-Pearson intervals, and the line is
        where d₁ d₂ = n.

    Returns:
        The figure, and one row a size, pair of widths and set of columns: data, n, d0, d1, d2,
        columns (of which layers), trials, weights_over_points (d1 d2/n), share of full rank with
        its 95 % interval, low and high.
    """
    if deep_ranks.empty:
        return empty_plot(deep_ranks, COLUMNS)
    data = _shares(deep_ranks)
    cases = [
        (law, n, d0)
        for law in DATA
        for n, d0 in evenly_spread(sorted(set(zip(data["n"], data["d0"], strict=True))), MOST_SIZES)
    ]
    cases = [case for case in cases if case[0] in set(data["data"])]
    widths = evenly_spread(sorted(set(data["d1"])), len(SERIES))
    figure = Figure(figsize=(PAGE_WIDTH, 1.7 * len(cases) + 0.7), layout="constrained")
    grid = figure.subplots(len(cases), len(COUNTS), squeeze=False, sharex=True, sharey=True)
    for line, (law, n, d0) in zip(grid, cases, strict=True):
        for axes, name in zip(line, COUNTS.values(), strict=True):
            cells = rows_with(data, data=law, n=n, d0=d0, columns=name)
            if cells.empty:
                explain_empty(axes, NO_RUNS)
            else:
                _draw_cells(axes, cells, widths)
        line[0].set_ylabel(f"x {DATA[law]}\nn = {n}, d₀ = {d0}\nshare of full rank", fontsize=7)
    for axes, name in zip(grid[0], COUNTS.values(), strict=True):
        axes.set_title(name)
    for axes in grid[-1]:
        axes.set_xlabel("d₁ d₂/n")
    handles = [
        legend_line(
            f"d₁ = {d1}",
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.5,
        )
        for d1, mark in zip(widths, SERIES, strict=False)
    ]
    legend_above(figure, [*handles, legend_line("d₁ d₂ = n", color=INK, linewidth=0.8)], columns=4)
    return Plot(figure, data, _finding(data))
