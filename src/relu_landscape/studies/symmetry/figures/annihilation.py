"""Which symmetric minima remain with more neurons: a grid of single columns and extra neurons."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from relu_landscape.figures.style import (
    BLUE,
    INK,
    ORANGE,
    PAGE_WIDTH,
    SMALLEST_TEXT,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.symmetry.figures.style import Fill, fill_handles

CHAINS = ("I", "II")
VERDICTS: Mapping[str, Fill] = MappingProxyType(
    {
        "minimum": Fill("local minimum reached", BLUE, ""),
        "saddle": Fill("only saddles (smallest index)", ORANGE, "////"),
        "none": Fill("no spurious point reached", "0.88", ""),
    }
)
MOST_PANELS = 4  # k
FEWEST_CELLS = 2  # a side for which there is room, so that a single cell is no wall
LARGEST_CELL = 0.36  # inches
RULE: dict[str, Any] = {"color": INK, "linewidth": 1.4}
COLUMNS = [
    *("chain", "k", "columns", "extra", "verdict", "smallest_index", "points"),
    *("starts", "global_starts", "unfinished_starts"),
]


def _judge(searches: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """One row a chain and search: its verdict, smallest index and number of points."""
    case = ["k", "columns", "extra"]
    found = points.groupby(["chain", *case], as_index=False).agg(
        smallest_index=("index", "min"), points=("rank", "size")
    )
    asked = pd.concat([searches.drop(columns="points").assign(chain=chain) for chain in CHAINS])
    data = asked.merge(found, on=["chain", *case], how="left")
    data["points"] = data["points"].fillna(0).astype(int)
    data["verdict"] = np.select(
        [data["smallest_index"] == 0, data["smallest_index"] > 0], ["minimum", "saddle"], "none"
    )
    return data.sort_values(["chain", *case], ignore_index=True)


def _staircase(axes: Axes, columns: Sequence[int], extras: Sequence[int]) -> None:
    """The edge between cells with q >= e (right) and q < e, within the grid."""
    left, right = columns[0] - 0.5, columns[-1] + 0.5
    places = [float(np.clip(extra - 0.5, left, right)) for extra in extras]
    corners = [
        (place, end)
        for extra, place in zip(extras, places, strict=True)
        for end in (extra - 0.5, extra + 0.5)
    ]
    axes.plot(*zip(*corners, strict=True), **RULE)


def _draw_grid(axes: Axes, cells: pd.DataFrame, columns: list[int], extras: list[int]) -> None:
    """One chain and k: a cell a search."""
    for cell in cells.to_dict("records"):
        corner = (cell["columns"] - 0.46, cell["extra"] - 0.46)
        fill = VERDICTS[cell["verdict"]]
        axes.add_patch(
            Rectangle(
                corner,
                0.92,
                0.92,
                facecolor=fill.colour,
                hatch=fill.hatch,
                edgecolor="white",
                linewidth=0.0,
            )
        )
        if cell["verdict"] == "saddle":
            axes.text(
                cell["columns"],
                cell["extra"],
                f"{cell['smallest_index']:g}",
                ha="center",
                va="center",
                fontsize=SMALLEST_TEXT,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            )
    for limit, shown in ((axes.set_xlim, columns), (axes.set_ylim, extras)):
        margin = 0.6 + 0.5 * max(0, FEWEST_CELLS - 1 - shown[-1] + shown[0])
        limit(shown[0] - margin, shown[-1] + margin)
    axes.set_aspect("equal")
    axes.set_xticks(columns)
    axes.set_yticks(extras)
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)


def _starts(searches: pd.DataFrame) -> str:
    """Number of starts of the searches of one k in words."""
    fewest, most = int(searches["starts"].min()), int(searches["starts"].max())
    number = str(most) if fewest == most else f"{fewest}\N{EN DASH}{most}"
    return f"{number} start" if most == 1 else f"{number} starts"


def _finding(cells: pd.DataFrame) -> str:
    """In how many cells of chain I a minimum was reached, on either side of the line."""
    k = cells["k"].max()
    first = rows_with(cells, chain="I", k=k)
    enough = first["columns"] >= first["extra"]
    sides = [
        f"{int((side['verdict'] == 'minimum').sum())} of {len(side)} spaces with {condition}"
        for condition, side in (("q ≥ e", first[enough]), ("q < e", first[~enough]))
        if len(side)
    ]
    return f"At k = {k} starts reached a spurious minimum of chain I in {' and in '.join(sides)}."


@figure
def annihilation_grid(fixed_space_searches: pd.DataFrame, fixed_space_points: pd.DataFrame) -> Plot:
    """What random starts in Fix(S_{k-q}) reach with e extra neurons, by chain.

    Caption:
        Which symmetric minima remain when e neurons are added, as far as random starts tell, in
        profile **{profile}**. A cell stands for the weights that permutations of k − q coordinates
        leave alone, with q single columns, at n = k + e: a local minimum of the full loss was
        reached, or only saddles (with their smallest number of negative eigenvalues), or no
        spurious critical point. In chain I the k − q equivalent neurons point away from their
        teachers, in chain II towards them. Right of the line, q ≥ e, chain I is expected to keep a
        minimum once k is large enough; at the smaller k some of those cells hold saddles only. What
        no start reached may still exist.

    Returns:
        The figure, and one row a cell: chain, k, columns (q), extra (e), verdict (minimum, saddle
        or none), smallest_index, points, starts, global_starts, unfinished_starts.

    Source: AF22, abstract (minima of lesser symmetry require more neurons); the rule is derived
        from what starts reached and is no theorem.
    """
    if fixed_space_searches.empty:
        return empty_plot(fixed_space_searches, COLUMNS)
    teachers = evenly_spread(sorted(set(fixed_space_searches["k"])), MOST_PANELS)
    data = _judge(
        fixed_space_searches[fixed_space_searches["k"].isin(teachers)], fixed_space_points
    )
    columns, extras = (
        list(range(int(data[name].min()), int(data[name].max()) + 1))
        for name in ("columns", "extra")
    )
    panels = [(chain, k) for chain in CHAINS for k in teachers]
    # A single k has its two chains side by side.
    shape = (1, len(CHAINS)) if len(teachers) == 1 else (len(CHAINS), len(teachers))
    wide, high = (max(len(places), FEWEST_CELLS) for places in (columns, extras))
    side = min(LARGEST_CELL, (PAGE_WIDTH - 0.7) / shape[1] / (wide + 0.8))
    size = (PAGE_WIDTH, 0.9 + shape[0] * (high * side + 0.85))
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(*shape, squeeze=False)
    for axes, (chain, k) in zip(grid.ravel(), panels, strict=True):
        here = rows_with(data, chain=chain, k=k)
        _draw_grid(axes, here, columns, extras)
        if chain == CHAINS[0]:  # nothing is expected of the other one
            _staircase(axes, columns, extras)
        axes.set_title(f"chain {chain}, k = {k}\n{_starts(here)}")
    for axes in grid[:, 0]:
        axes.set_ylabel("extra neurons e")
    for axes in grid[-1]:
        axes.set_xlabel("single columns q")
    rule = legend_line("minimum expected right of it (q ≥ e, large k)", **RULE)
    legend_above(figure, [*fill_handles(VERDICTS, data["verdict"]), rule], columns=2)
    return Plot(figure, data[COLUMNS], _finding(data))
