"""Table 1 of S21: the least excess over Theorem 10's bound, ours beside the printed one."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    BLUE,
    INK,
    NONE_FOUND,
    PAGE_WIDTH,
    SMALLEST_TEXT,
    VERMILION,
    Plot,
    empty_plot,
    explain_empty,
    figure,
    legend_above,
    legend_line,
)

PERTURBATIONS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "gaussian": ("Gaussian G", "min (form \N{MINUS SIGN} bound) / σ²"),
        "cancelling": ("cancelling G", "min form / σ²"),
    }
)
"""Title and vertical axis of each column of the table."""

BAR: dict[str, Any] = {"color": "0.8", "linewidth": 5.0, "solid_capstyle": "butt"}
MEDIAN: dict[str, Any] = {"color": INK, "marker": "_", "linestyle": "none", "markersize": 8}
OURS: dict[str, Any] = {"color": BLUE, "marker": "o", "linestyle": "none", "markersize": 3.5}
PRINTED: dict[str, Any] = {"marker": "D", "linestyle": "none", "fillstyle": "none"}
DODGE = 0.17  # of the distance between cells: printed to the left, ours to the right
FEWEST_CELLS = 5  # for which there is room, so that a single cell stands in the middle


def _draw_cells(axes: Axes, cells: pd.DataFrame) -> None:
    """Bars of the law of the minimum with our minimum and the printed one."""
    place = np.arange(len(cells))
    axes.vlines(place, cells["low"], cells["high"], colors=BAR["color"], linewidth=BAR["linewidth"])
    axes.plot(place, cells["median"], **MEDIAN)
    axes.plot(place + DODGE, cells["minimum"], **OURS)
    for outside, colour in ((False, INK), (True, VERMILION)):
        chosen = (cells["outside"] == outside).to_numpy()
        axes.plot(place[chosen] - DODGE, cells["printed"][chosen], color=colour, **PRINTED)
    axes.set_yscale("log")
    margin = 0.6 + 0.5 * max(0, FEWEST_CELLS - len(cells))
    axes.set_xlim(-margin, len(cells) - 1 + margin)
    axes.set_xticks(place, [f"{k}\n{m}" for k, m in zip(cells["k"], cells["m"], strict=True)])


def _name_outside(axes: Axes, cells: pd.DataFrame) -> None:
    """Name the cells whose printed value lies outside the bar."""
    for place, cell in enumerate(cells.to_dict("records")):
        if not cell["outside"]:
            continue
        low = cell["printed"] < cell["low"]
        axes.annotate(
            f"({cell['k']}, {cell['m']})",
            xy=(place - DODGE, cell["printed"]),
            xytext=(0, -5 if low else 5),
            textcoords="offset points",
            ha="center",
            va="top" if low else "bottom",
            color=VERMILION,
            fontsize=SMALLEST_TEXT,
        )


def _handles(cells: pd.DataFrame) -> list[Artist]:
    """Legend; the last entry only if some cell is outside."""
    samples = sorted(set(cells["samples"]))
    draws = " or ".join(str(number) for number in samples)
    handles: list[Artist] = [
        legend_line("printed", color=INK, **PRINTED),
        legend_line(f"this study, {draws} draws", **OURS),
        legend_line("median of the law", **MEDIAN),
        legend_line("0.5\N{EN DASH}99.5 % of the law", **BAR),
    ]
    if cells["outside"].any():
        handles.append(legend_line("printed, outside", color=VERMILION, **PRINTED))
    return handles


def _finding(cells: pd.DataFrame) -> str:
    """How many printed values, and how many of ours, lie where the law says."""
    ours = int(cells["minimum"].between(cells["low"], cells["high"]).sum())
    return (
        f"{int((~cells['outside']).sum())} of {len(cells)} printed values of Table 1, and {ours} "
        f"of {len(cells)} of this study, lie in the middle 99 % of the law of the minimum."
    )


@figure
def safran2021_table_1(table_1: pd.DataFrame) -> Plot:
    """The 18 cells of Table 1: printed minimum, ours, and the law of the minimum.

    Caption:
        Table 1 of Safran, Yehudai and Shamir (2021) beside its repetition in profile **{profile}**:
        the smallest value over the random perturbations G of a global minimum with m neurons for
        each of k teachers, divided by the variance. Diamonds are printed, dots are ours, grey bars
        hold the middle 99 % of the law of the minimum of as many draws, with its median. Below, the
        same divided by the median. A cell whose printed value lies outside the bar is coloured and
        named (k, m).

    Below, everything is divided by the median of the law, so that the cells can be compared.

    Returns:
        The figure, and one row a cell: perturbation, k, m, samples, printed, minimum, low, median,
        high (all over the variance), outside (whether the printed value lies outside low..high).

    Source: S21, Appendix D.1, Table 1.
    """
    values = ["printed", "minimum", "low", "median", "high"]
    columns = ["perturbation", "k", "m", "samples", *values, "outside"]
    if table_1.empty:
        return empty_plot(table_1, columns)
    cells = table_1.sort_values(["perturbation", "k", "m"], ignore_index=True)
    cells["outside"] = ~cells["printed"].between(cells["low"], cells["high"])
    relative = cells.assign(**{name: cells[name] / cells["median"] for name in values})
    figure = Figure(figsize=(PAGE_WIDTH, 4.6), layout="constrained")
    grid = figure.subplots(2, len(PERTURBATIONS), height_ratios=(1.4, 1))
    for (upper, lower), (perturbation, (title, quantity)) in zip(
        grid.T, PERTURBATIONS.items(), strict=True
    ):
        upper.set_title(title)
        chosen = (cells["perturbation"] == perturbation).to_numpy()
        if not chosen.any():
            explain_empty(upper, NONE_FOUND)
            explain_empty(lower, NONE_FOUND)
            continue
        _draw_cells(upper, cells[chosen])
        _draw_cells(lower, relative[chosen])
        _name_outside(lower, relative[chosen])
        upper.set_xticklabels([])
        upper.set_ylabel(quantity)
        lower.set_yscale("linear")
        lower.margins(y=0.15)
        lower.set_xlabel("teachers k (above), students of each m (below)")
    grid[1, 0].set_ylabel("the same / median")
    figure.align_ylabels(grid[:, 0])
    legend_above(figure, _handles(cells), columns=3)
    return Plot(figure, cells[columns], _finding(cells))
