"""Figures 1 and 2 of Karhadkar et al.: the share of Jacobians of full rank at initialisation."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from relu_landscape.figures.style import (
    INK,
    NONE_FOUND,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.activation_regions.figures.style import (
    DATA,
    INITIALISATION,
    panel_title,
    weights_of,
    with_panel,
)

COLUMNS = [
    *("figure", "data", "initialisation", "reading", "panel", "d0", "n", "d1"),
    *("draws", "share_full_rank", "half_width"),
]
READINGS = {"exact": ("full", "trials"), "float32": ("float32_full", "compared_trials")}
ROW_HEIGHT = 1.18  # inches
MOST_TICKS = 4
# Light on the dark end of the map and outlined for its light end.
OUTLINE = [patheffects.withStroke(linewidth=2.6, foreground="black")]
HALF: dict[str, Any] = {"color": "white", "linewidth": 1.3, "marker": ".", "markersize": 3.5}
ENOUGH: dict[str, Any] = {"color": "white", "linewidth": 1.1, "linestyle": (0, (4, 2))}


def _shares(cells: pd.DataFrame, transitions: pd.DataFrame) -> pd.DataFrame:
    """One row a cell and reading, in float32 only for the laws for which it differs somewhere."""
    parts = []
    for reading, (full, draws) in READINGS.items():
        part = with_panel(cells[cells[draws] > 0])
        if reading == "float32":
            laws = part.groupby(["data", "initialisation"])["float32_differs"].transform("sum")
            part = part[(laws > 0) & (part["initialisation"] == "linear_layer")]
        part = part.assign(
            reading=reading, draws=part[draws], share_full_rank=part[full] / part[draws]
        )
        parts.append(part)
    key = ["figure", "data", "initialisation", "d0", "n", "reading"]
    widths = transitions[[*key, "width"]].rename(columns={"width": "half_width"})
    shares = pd.concat(parts).merge(widths, on=key, how="left")
    return shares[COLUMNS].sort_values(COLUMNS[:8], ignore_index=True)


def _edges(values: Sequence[int]) -> NDArray[np.float64]:
    """Edges of cells around increasing values; a single one gets a cell of its own size."""
    middle = np.asarray(values, dtype=np.float64)
    if middle.size == 1:
        return np.array([0.5 * middle[0], 1.5 * middle[0]])
    between = (middle[:-1] + middle[1:]) / 2
    edges: NDArray[np.float64] = np.concatenate(
        [[2 * middle[0] - between[0]], between, [2 * middle[-1] - between[-1]]]
    )
    return edges


def _draw_line(axes: Axes, x: ArrayLike, y: ArrayLike, look: dict[str, Any]) -> None:
    axes.plot(np.asarray(x), np.asarray(y), path_effects=OUTLINE, **look)


def _draw_map(axes: Axes, cells: pd.DataFrame) -> None:
    """One panel: shares, the line n = d0' d1 and the 50 % contour."""
    grid = cells.pivot(index="d1", columns="n", values="share_full_rank")
    across, up = grid.columns.astype(int).tolist(), grid.index.astype(int).tolist()
    x, y = _edges(across), _edges(up)
    axes.pcolormesh(x, y, grid.to_numpy(), cmap="viridis", vmin=0, vmax=1, rasterized=True)
    columns = cells.drop_duplicates("n").sort_values("n")
    n = columns["n"].to_numpy(dtype=np.float64)
    _draw_line(axes, n, n / weights_of(columns).to_numpy(), ENOUGH)
    _draw_line(axes, n, columns["half_width"], HALF)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    axes.set_xticks(evenly_spread(across, MOST_TICKS))
    axes.set_yticks(evenly_spread(up, MOST_TICKS))
    axes.tick_params(length=2)


def _rows(data: pd.DataFrame) -> list[tuple[str, str, str]]:
    """The rows of panels in the order of the laws, each reading below the exact one."""
    present = set(zip(data["initialisation"], data["data"], data["reading"], strict=True))
    return [
        (start, law, reading)
        for start in INITIALISATION
        for law in DATA
        for reading in READINGS
        if (start, law, reading) in present
    ]


def _heat_maps(
    full_rank_cells: pd.DataFrame, transition_widths: pd.DataFrame, figure_name: str
) -> Plot:
    cells = rows_with(full_rank_cells, figure=figure_name)
    if cells.empty:
        return empty_plot(full_rank_cells, COLUMNS)
    data = _shares(cells, transition_widths)
    rows, panels = _rows(data), sorted(set(data["panel"]))
    figure = Figure(figsize=(PAGE_WIDTH, ROW_HEIGHT * len(rows) + 0.75), layout="constrained")
    grid = figure.subplots(len(rows), len(panels), squeeze=False, sharex="col")
    for line, (start, law, reading) in zip(grid, rows, strict=True):
        for axes, panel in zip(line, panels, strict=True):
            here = rows_with(data, initialisation=start, data=law, reading=reading, panel=panel)
            if here.empty:
                explain_empty(axes, NONE_FOUND)
            else:
                _draw_map(axes, here)
        for axes in line[1:]:
            axes.set_yticklabels([])
        read = "exact" if reading == "exact" else "float32"
        line[0].set_ylabel(f"x {DATA[law]}\n{INITIALISATION[start]}\n{read}, d₁", fontsize=6.5)
    for axes, panel in zip(grid[0], panels, strict=True):
        axes.set_title(panel_title(figure_name, panel))
    for axes in grid[-1]:
        axes.set_xlabel("points n")
    bar = figure.colorbar(ScalarMappable(Normalize(0, 1), "viridis"), ax=grid, aspect=40, pad=0.01)
    bar.set_label("share of draws with full rank")
    legend_above(
        figure,
        [
            legend_line("half of the draws", **{**HALF, "color": INK}),
            legend_line("as many columns as points, n = d₀′ d₁", **{**ENOUGH, "color": INK}),
        ],
        columns=2,
    )
    return Plot(figure, data)


@figure
def karhadkar2024_figure_1(full_rank_cells: pd.DataFrame, transition_widths: pd.DataFrame) -> Plot:
    """Share of full rank over n and d1, one panel for each fixed d0.

    Caption:
        Figure 1 of Karhadkar, Murray, Tseran and Montúfar (2024), computed anew in profile
        **{profile}**: the share of random networks with d₁ neurons whose Jacobian in the first
        layer has full rank n, for n points with a fixed number d₀ of inputs. A row is a law of the
        points x and of the weights; the public code draws the points from U[0, 1], and N(0, 1)
        stands in an earlier version of it and, from memory, in the text. Ranks are exact; where the
        public code's reading in float32 differs, it stands below, over the first
        {activation_regions[full_rank][compared_trials]} of {activation_regions[full_rank][trials]}
        draws of a cell. The solid line is the width at which half of the draws have full rank, the
        dashed one the least width with as many columns as points, n = d₀′ d₁ with d₀′ = d₀ + 1 with
        a bias. For few inputs it is far from enough.

    A row a law of points and weights; for the public code's weights one more row where the rank
    read in float32 differs.

    Returns:
        The figure, and one row a cell and reading.

    Source: Karhadkar, Murray, Tseran and Montufar (2024), Figure 1.
    """
    return _heat_maps(full_rank_cells, transition_widths, "figure_1")


@figure
def karhadkar2024_figure_2(full_rank_cells: pd.DataFrame, transition_widths: pd.DataFrame) -> Plot:
    """Share of full rank over n and d1, one panel for each ratio d0/n.

    Caption:
        Figure 2 of Karhadkar, Murray, Tseran and Montúfar (2024), computed anew in profile
        **{profile}**: the share of random networks with d₁ neurons whose Jacobian in the first
        layer has full rank n, where the number d₀ of inputs grows with the number n of points. A
        row is a law of the points x and of the weights. Ranks are exact; where the public code's
        reading in float32 differs, it stands below, from fewer draws. The solid line is the width
        at which half of the draws have full rank, the dashed one the least width with as many
        columns as points.

    Returns:
        The figure, and one row a cell and reading.

    Source: Karhadkar, Murray, Tseran and Montufar (2024), Figure 2.
    """
    return _heat_maps(full_rank_cells, transition_widths, "figure_2")
