"""Figures 1 and 2 of Karhadkar et al.: the share of Jacobians of full rank at initialisation."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from relu_landscape.figures.style import (
    INK,
    NONE_FOUND,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    figure,
    leading_figure,
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
    *("figure", "data", "initialisation", "quantity", "panel", "d0", "n", "d1"),
    *("draws", "value", "half_width", "necessary_width"),
]
SHARE = "share of full rank"
MISREAD = "float32 minus exact"
LAWS = (
    ("uniform", "linear_layer"),  # the public code's
    ("normal", "linear_layer"),
    ("uniform", "linear_layer_no_bias"),
    ("normal", "linear_layer_no_bias"),
    ("uniform", "normal"),
    ("normal", "normal"),
)
"""Laws of points and weights; the first of those that were run are drawn."""
MOST_LAWS = 3
ROW_HEIGHT = 1.3  # inches
MOST_TICKS = 4
# Light on the dark end of the map and outlined for its light end.
ON_SHARES: Mapping[str, Any] = MappingProxyType(
    {
        "color": "white",
        "path_effects": [patheffects.withStroke(linewidth=2.6, foreground="black")],
    }
)
HALF: dict[str, Any] = {"linewidth": 1.3, "marker": ".", "markersize": 3.5}
ENOUGH: dict[str, Any] = {"linewidth": 1.1, "linestyle": (0, (4, 2))}
MAPS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        SHARE: {"cmap": "viridis", "vmin": 0.0, "vmax": 1.0},
        MISREAD: {"cmap": "RdBu", "vmin": -1.0, "vmax": 1.0},
    }
)
"""Colours of each kind of map."""


def _laws(cells: pd.DataFrame) -> list[tuple[str, str]]:
    """The laws of points and weights that are drawn, those of the differences first."""
    present = set(zip(cells["data"], cells["initialisation"], strict=True))
    return [law for law in LAWS if law in present][:MOST_LAWS]


def _values(cells: pd.DataFrame, transitions: pd.DataFrame) -> pd.DataFrame:
    """One row a cell of a map: shares of each law, then what float32 makes of the first one's."""
    laws = _laws(cells)
    shares = [rows_with(cells, data=data, initialisation=start) for data, start in laws]
    compared = shares[0][shares[0]["compared_trials"] > 0]
    misread = (compared["float32_full"] - compared["compared_full"]) / compared["compared_trials"]
    parts = [
        part.assign(quantity=SHARE, draws=part["trials"], value=part["full"] / part["trials"])
        for part in shares
    ]
    parts.append(
        compared.assign(quantity=MISREAD, draws=compared["compared_trials"], value=misread)
    )
    key = ["figure", "data", "initialisation", "d0", "n"]
    exact = rows_with(transitions, reading="exact")
    widths = exact[[*key, "width", "necessary_width"]].rename(columns={"width": "half_width"})
    values = with_panel(pd.concat(parts)).merge(widths, on=key, how="left")
    return values[COLUMNS].sort_values(COLUMNS[:8], ignore_index=True)


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


def _draw_map(axes: Axes, cells: pd.DataFrame, quantity: str) -> None:
    """One panel: values, the line n = d0' d1 and the 50 % contour."""
    line = ON_SHARES if quantity == SHARE else {"color": INK}
    grid = cells.pivot(index="d1", columns="n", values="value")
    across, up = grid.columns.astype(int).tolist(), grid.index.astype(int).tolist()
    x, y = _edges(across), _edges(up)
    axes.pcolormesh(x, y, grid.to_numpy(), rasterized=True, **MAPS[quantity])
    columns = cells.drop_duplicates("n").sort_values("n")
    n = columns["n"].to_numpy(dtype=np.float64)
    axes.plot(n, n / weights_of(columns).to_numpy(), **ENOUGH, **line)
    axes.plot(n, columns["half_width"].to_numpy(), **HALF, **line)
    axes.set_xlim(x[0], x[-1])
    axes.set_ylim(y[0], y[-1])
    axes.set_xticks(evenly_spread(across, MOST_TICKS))
    axes.set_yticks(evenly_spread(up, MOST_TICKS))
    axes.tick_params(length=2)


def _rows(data: pd.DataFrame) -> list[tuple[str, str, str]]:
    """The rows of panels: law of points, law of weights, quantity."""
    laws = _laws(data)
    return [(*law, SHARE) for law in laws] + [(*laws[0], MISREAD)]


def _row_label(law: str, start: str, quantity: str) -> str:
    """What a row of panels shows."""
    if quantity == MISREAD:
        return "the first row,\nfloat32 minus exact\nd₁"
    return f"x {DATA[law]}\n{INITIALISATION[start]}\nd₁"


def _finding(data: pd.DataFrame) -> str:
    """Where half of the networks of the first law have full rank, and what float32 makes of it."""
    law, start, _ = _rows(data)[0]
    first = rows_with(data, data=law, initialisation=start)
    shares = rows_with(first, quantity=SHARE)
    crossed = shares.dropna(subset=["half_width"])
    crossed = crossed[crossed["n"] == crossed["n"].max()].sort_values("half_width")
    if crossed.empty:
        width = "Half of the networks have full rank at none of the widths tried"
    else:
        last = crossed.iloc[-1]
        width = (
            f"With {panel_title(last['figure'], last['panel'])} half of the networks on "
            f"{last['n']} points have full rank from width {last['half_width']:.3g} on; width "
            f"{last['necessary_width']:g} has as many columns as points"
        )
    misread = rows_with(first, quantity=MISREAD)
    if misread.empty:
        return f"{width}."
    points = 100.0 * (misread["value"] * misread["draws"]).sum() / misread["draws"].sum()
    read = f"{abs(points):.2g} points {'lower' if points < 0 else 'higher'}" if points else "equal"
    return f"{width}; read in float32 the share is on average {read}."


def _heat_maps(
    full_rank_cells: pd.DataFrame, transition_widths: pd.DataFrame, figure_name: str
) -> Plot:
    cells = rows_with(full_rank_cells, figure=figure_name)
    if cells.empty:
        return empty_plot(full_rank_cells, COLUMNS)
    data = _values(cells, transition_widths)
    rows, panels = _rows(data), sorted(set(data["panel"]))
    figure = Figure(figsize=(PAGE_WIDTH, ROW_HEIGHT * len(rows) + 0.75), layout="constrained")
    grid = figure.subplots(len(rows), len(panels), squeeze=False, sharex="col")
    for line, (law, start, quantity) in zip(grid, rows, strict=True):
        for axes, panel in zip(line, panels, strict=True):
            here = rows_with(data, data=law, initialisation=start, quantity=quantity, panel=panel)
            if here.empty:
                explain_empty(axes, NONE_FOUND)
            else:
                _draw_map(axes, here, quantity)
        for axes in line[1:]:
            axes.set_yticklabels([])
        line[0].set_ylabel(_row_label(law, start, quantity), fontsize=6.5)
    for axes, panel in zip(grid[0], panels, strict=True):
        axes.set_title(panel_title(figure_name, panel))
    for axes in grid[-1]:
        axes.set_xlabel("points n")
    for quantity, lines in ((SHARE, grid[:-1]), (MISREAD, grid[-1:])):
        look = MAPS[quantity]
        bar = figure.colorbar(
            ScalarMappable(Normalize(look["vmin"], look["vmax"]), look["cmap"]),
            ax=lines,
            aspect=13 * len(lines),
            pad=0.01,
        )
        bar.set_label("share of draws with full rank" if quantity == SHARE else "difference")
    legend_above(
        figure,
        [
            legend_line("half of the draws", color=INK, **HALF),
            legend_line("as many columns as points, n = d₀′ d₁", color=INK, **ENOUGH),
        ],
        columns=2,
    )
    return Plot(figure, data, _finding(data))


@leading_figure
def karhadkar2024_figure_1(full_rank_cells: pd.DataFrame, transition_widths: pd.DataFrame) -> Plot:
    """Share of full rank over n and d1, one panel for each fixed d0.

    Caption:
        Figure 1 of Karhadkar, Murray, Tseran and Montúfar (2024), computed anew in profile
        **{profile}**: the share of random networks with d₁ neurons whose Jacobian in the first
        layer has full rank n, for n points with a fixed number d₀ of inputs. The rows are laws of
        the points x and of the weights, the public code's first: it draws the points from U[0, 1],
        and N(0, 1) stands in an earlier version of it and, from memory, in the text. Ranks are
        exact; the last row is what the public code's reading in float32 makes of them, on the same
        draws, {activation_regions[full_rank][compared_trials]} of
        {activation_regions[full_rank][trials]} a cell. The solid line is the width at which half of
        the draws have full rank, the dashed one the least width with as many columns as points, n =
        d₀′ d₁ with d₀′ = d₀ + 1 with a bias. For few inputs it is far from enough. Weights from
        N(0, 1), with a bias, hardly differ from the first row: see `transition_widths`.

    Returns:
        The figure, and one row a cell of a map: figure, data, initialisation, quantity (share of
        full rank, or float32 minus exact), panel (d0, or its ratio to n), d0, n, d1, draws, value,
        half_width (at which half of the draws have full rank), necessary_width (with as many
        columns as points).

    Source: Karhadkar, Murray, Tseran and Montufar (2024), Figure 1.
    """
    return _heat_maps(full_rank_cells, transition_widths, "figure_1")


@figure
def karhadkar2024_figure_2(full_rank_cells: pd.DataFrame, transition_widths: pd.DataFrame) -> Plot:
    """Share of full rank over n and d1, one panel for each ratio d0/n.

    Caption:
        Figure 2 of Karhadkar, Murray, Tseran and Montúfar (2024), computed anew in profile
        **{profile}**: the share of random networks with d₁ neurons whose Jacobian in the first
        layer has full rank n, where the number d₀ of inputs grows with the number n of points. The
        rows are laws of the points x and of the weights, the public code's first. Ranks are exact;
        the last row is what the public code's reading in float32 makes of them, on the same draws.
        The solid line is the width at which half of the draws have full rank, the dashed one the
        least width with as many columns as points.

    Returns:
        The figure, and one row a cell of a map: figure, data, initialisation, quantity (share of
        full rank, or float32 minus exact), panel (d0, or its ratio to n), d0, n, d1, draws, value,
        half_width (at which half of the draws have full rank), necessary_width (with as many
        columns as points).

    Source: Karhadkar, Murray, Tseran and Montufar (2024), Figure 2.
    """
    return _heat_maps(full_rank_cells, transition_widths, "figure_2")
