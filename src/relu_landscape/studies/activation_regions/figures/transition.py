"""The width at which half of the Jacobians have full rank, against the number of points."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    NO_RUNS,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    explain_empty,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.activation_regions.figures.style import (
    DATA,
    INITIALISATION,
    PANELS,
    panel_title,
    with_panel,
)

COLUMNS = [
    *("figure", "data", "initialisation", "panel", "d0", "n", "width", "width_low"),
    *("width_high", "necessary_width", "row_width", "sufficient_width"),
]
FIGURES = {"figure_1": "fixed d₀", "figure_2": "d₀ = ⌈r n⌉"}
OUTSIDE = "no 50 % width\nwithin the widths tried"
FAINT = 0.55


def _draw_widths(axes: Axes, rows: pd.DataFrame, panels: list[float]) -> None:
    """One law of points and weights: a line a panel with intervals, and the least width for it."""
    for panel, mark in zip(panels, PANELS, strict=False):
        line = rows_with(rows, panel=panel).sort_values("n")
        inside = line.dropna(subset=["width"])
        # An interval that reaches beyond the widths tried ends at the last one.
        low = inside["width"] - inside["width_low"].fillna(inside["first_width"])
        high = inside["width_high"].fillna(inside["last_width"]) - inside["width"]
        axes.errorbar(
            inside["n"],
            inside["width"],
            yerr=np.array([low.clip(lower=0), high.clip(lower=0)]),
            color=mark.colour,
            marker=mark.marker,
            linestyle="-",
            markersize=3,
            elinewidth=0.7,
        )
        axes.plot(
            line["n"],
            line["necessary_width"],
            color=mark.colour,
            linestyle=(0, (1, 1)),
            alpha=FAINT,
        )
    if rows["width"].isna().all():
        axes.text(0.5, 0.9, OUTSIDE, transform=axes.transAxes, ha="center", va="top", color="0.4")
    if rows["figure"].iloc[0] == "figure_2":
        columns = rows.drop_duplicates("n").sort_values("n")
        axes.plot(columns["n"], columns["row_width"], color=INK, linestyle="--")
    axes.set_yscale("log" if rows["figure"].iloc[0] == "figure_1" else "linear")


def _from_to(ratios: pd.Series) -> str:
    """The least and the largest of some numbers, as text; one number where these look alike."""
    return " to ".join(dict.fromkeys(f"{end:.2g}" for end in (ratios.min(), ratios.max())))


def _finding(exact: pd.DataFrame) -> str:
    """How many times the least width half of the Jacobians take, in each figure."""
    inside = exact.dropna(subset=["width"])
    ratio = inside["width"] / inside["necessary_width"]
    parts = [
        f"at {_from_to(ends)} times the least width with {FIGURES[str(name)]}"
        for name, ends in ratio.groupby(inside["figure"])
    ]
    if not parts:
        return "Half of the Jacobians have full rank at none of the widths tried."
    return f"Half of the Jacobians have full rank {', '.join(parts)}."


@figure
def transition_widths(transition_widths: pd.DataFrame) -> Plot:
    """Width at 50 % full rank with its 99 % interval, beside the least width and random rows.

    Caption:
        The width at which half of the Jacobians have full rank, against the number n of points, in
        profile **{profile}**: interpolated between the cells of Figures 1 and 2, with intervals at
        the level {activation_regions[full_rank][confidence]}. Dotted, in the same colour, is the
        least width with as many columns as points. The dashed curve is where d₁ fair coins for each
        of n points leave a row of zeros as often as not; it would be the limit if patterns were
        drawn uniformly, which those of networks are not. A width at one half below the narrowest
        network tried, or above the widest, is left out.

    Returns:
        The figure, and one row a column of the heat maps, exact reading; panel: d0 in Figure 1, the
        ratio r in Figure 2.
    """
    exact = with_panel(rows_with(transition_widths, reading="exact"))
    if exact.empty:
        return empty_plot(transition_widths, COLUMNS)
    laws = [
        (law, start)
        for law in DATA
        for start in INITIALISATION
        if not rows_with(exact, data=law, initialisation=start).empty
    ]
    figures = [name for name in FIGURES if not rows_with(exact, figure=name).empty]
    figure = Figure(figsize=(PAGE_WIDTH, 1.55 * len(laws) + 0.9), layout="constrained")
    grid = figure.subplots(len(laws), len(figures), squeeze=False, sharex="col")
    for line, (law, start) in zip(grid, laws, strict=True):
        for axes, name in zip(line, figures, strict=True):
            rows = rows_with(exact, figure=name, data=law, initialisation=start)
            if rows.empty:
                explain_empty(axes, NO_RUNS)
                continue
            _draw_widths(axes, rows, sorted(set(rows_with(exact, figure=name)["panel"])))
        line[0].set_ylabel(f"x {DATA[law]}\n{INITIALISATION[start]}\nwidth d₁", fontsize=7)
    for axes, name in zip(grid[0], figures, strict=True):
        axes.set_title(FIGURES[name])
    for axes in grid[-1]:
        axes.set_xlabel("points n")
    handles = [
        legend_line(panel_title(name, panel), color=mark.colour, marker=mark.marker, markersize=3)
        for name in figures
        for panel, mark in zip(
            sorted(set(rows_with(exact, figure=name)["panel"])), PANELS, strict=False
        )
    ]
    handles += [
        legend_line("least width, n/d₀′", color="0.4", linestyle=(0, (1, 1))),
        legend_line("$(1 - 2^{-d_1})^n = 1/2$", color=INK, linestyle="--"),
    ]
    legend_above(figure, handles, columns=4)
    data = exact.sort_values(COLUMNS[:6], ignore_index=True)[COLUMNS]
    return Plot(figure, data, _finding(data))
