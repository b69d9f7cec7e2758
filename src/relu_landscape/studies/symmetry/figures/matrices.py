"""Weight matrices of the symmetric families, rebuilt from their parameters."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import FuncNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from relu_landscape.families.family import family_space
from relu_landscape.figures.heat_maps import (
    draw_grid,
    draw_weights,
    entries_of,
    sign_of,
    weight_colours,
    write_in_cells,
)
from relu_landscape.figures.style import (
    LARGEST_READABLE,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    rows_with,
)
from relu_landscape.studies.symmetry.figures.style import family_name

MODERATE = 12  # k up to which the largest one is drawn
MOST_OF_CHAIN = 3  # panels of I_m, and of II_m
MOST_COLUMNS = 4
DIGITS = 9  # decimals to which equal weights agree
COLUMNS = ["family", "m", "extra", "k", "loss", "index", "neuron", "coordinate", "weight"]


class _Panel(NamedTuple):
    """One critical point to draw."""

    family: str
    m: int
    extra: int
    k: int
    loss: float
    negative_eigenvalues: float
    weights: NDArray[np.float64]


def _rebuild(values: Mapping[str, float], k: int, m: int, extra: int) -> NDArray[np.float64]:
    """The weights (k + extra, k) with these parameters."""
    space = family_space(m, extra, k)
    return space.embed([values[name] for name in space.parameter_names])


def _moderate(teachers: list[int]) -> int | None:
    """The largest k up to MODERATE, else the smallest that can be read, else none."""
    moderate = [k for k in teachers if k <= MODERATE]
    readable = [k for k in teachers if k <= LARGEST_READABLE]
    return max(moderate) if moderate else min(readable, default=None)


def _choose_panels(points: pd.DataFrame, parameters: pd.DataFrame) -> list[list[_Panel]]:
    """Rows of panels: A and I_m, then II_m, then those with n > k; as few rows as fit."""
    k = _moderate(sorted(set(parameters["k"])))
    if k is None:
        return []
    panels = []
    for point in rows_with(points, k=k).to_dict("records"):
        case = {name: point[name] for name in ("family", "m", "extra", "k")}
        rows = rows_with(parameters, **case)
        values = dict(zip(rows["parameter"], rows["value"], strict=True))
        weights = _rebuild(values, k, point["m"], point["extra"])
        panels.append(
            _Panel(**case, loss=point["loss"], negative_eigenvalues=point["index"], weights=weights)
        )
    exact, more = [p for p in panels if p.extra == 0], [p for p in panels if p.extra > 0]
    a, first, second = (
        sorted((p for p in exact if p.family == family), key=lambda panel: panel.m)
        for family in ("A", "I", "II")
    )
    first, second = evenly_spread(first, MOST_OF_CHAIN), evenly_spread(second, MOST_OF_CHAIN)
    together = len(a) + len(first) + len(second) <= MOST_COLUMNS
    groups = [a + first + second] if together else [a + first, second]
    groups.append(sorted(more, key=lambda panel: (panel.extra, panel.loss)))
    return [group[:MOST_COLUMNS] for group in groups if group]


def _draw(axes: Axes, panel: _Panel, colours: FuncNorm) -> QuadMesh:
    """The heat map of one critical point, a sign in negative cells."""
    mesh = draw_weights(axes, panel.weights, colours)
    write_in_cells(axes, panel.weights, sign_of)
    kind = (
        "local minimum"
        if panel.negative_eigenvalues == 0
        else f"saddle, index {panel.negative_eigenvalues:g}"
    )
    name = family_name(panel.family, panel.m, panel.extra)
    axes.set_title(f"{name}: F = {panel.loss:.5f}\n{kind}", fontsize=7)
    return mesh


def _rows(panel: _Panel) -> pd.DataFrame:
    """Entries of one panel, neurons and coordinates counted from 1."""
    return pd.DataFrame(
        {
            "family": panel.family,
            "m": panel.m,
            "extra": panel.extra,
            "k": panel.k,
            "loss": panel.loss,
            "index": panel.negative_eigenvalues,
            **entries_of(panel.weights),
        }
    )


def _finding(panels: list[_Panel]) -> str:
    """How few weights a matrix has, how many points are minima, and the lowest and highest loss."""
    low, high = (choose(panels, key=lambda panel: panel.loss) for choose in (min, max))
    distinct = max(len(np.unique(panel.weights.round(DIGITS))) for panel in panels)
    minima = sum(panel.negative_eigenvalues == 0 for panel in panels)
    ends = [
        f"{panel.loss:.3g} of {family_name(panel.family, panel.m, panel.extra)}"
        for panel in (low, high)
    ]
    losses = f"losses from {ends[0]} to {ends[1]}" if len(panels) > 1 else f"a loss of {ends[0]}"
    return (
        f"At k = {low.k} at most {distinct} numbers make up a matrix, with {losses}; {minima} of "
        f"{len(panels)} are local minima."
    )


@figure
def family_matrices(family_points: pd.DataFrame, family_parameters: pd.DataFrame) -> Plot:
    """Weight matrices of A, a few I_m and II_m and of those with more neurons, at one k.

    Caption:
        Weight matrices of the symmetric critical points A, I and II at one k, rebuilt from their
        few parameters, for a few m and with more neurons where profile **{profile}** computed
        it. Rows are neurons and columns coordinates. In A and I most neurons point away from a
        teacher of their own, in II towards it; the last m neurons do the opposite. The colour
        follows the signed square root of the weight, and negative weights carry a minus sign.

    The colour follows the signed square root of the entry as in `minima_heat_maps`.

    Returns:
        The figure, and one row an entry: family, m, extra (n - k), k, loss, index, neuron,
        coordinate (both from 1), weight.

    Source: AF20, AF22; the points are computed.
    """
    grid = _choose_panels(family_points, family_parameters)
    if not grid:
        return empty_plot(family_points, COLUMNS)
    largest = max(1.0, *(float(np.abs(panel.weights).max()) for row in grid for panel in row))
    colours = weight_colours(largest)
    columns = max(len(row) for row in grid)
    size = (PAGE_WIDTH * (0.22 * columns + 0.12), 0.5 + 1.72 * len(grid))
    figure = Figure(figsize=size, layout="constrained")
    axes_grid = draw_grid(figure, grid, lambda axes, panel: _draw(axes, panel, colours))
    for column, axes_column in enumerate(axes_grid.T):
        lowest = max(row for row, panels in enumerate(grid) if column < len(panels))
        axes_column[lowest].set_xlabel("coordinate")
    panels = [panel for row in grid for panel in row]
    data = pd.concat([_rows(panel) for panel in panels], ignore_index=True)
    return Plot(figure, data, _finding(panels))
