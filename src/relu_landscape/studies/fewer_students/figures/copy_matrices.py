"""Weight matrices of both points, rebuilt from their parameters."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from numpy.typing import NDArray

from relu_landscape.fewer_students.copy_branches import CopyBranch, branch_space
from relu_landscape.figures.heat_maps import COLOUR_TICKS, draw_weights, entries_of, weight_colours
from relu_landscape.figures.style import (
    PAGE_WIDTH,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    readable_teachers,
    rows_with,
)
from relu_landscape.studies.fewer_students.figures.style import BRANCHES, branch_name, relu_rows

COLUMNS = ["branch", "k", "n", "loss", "index", "neuron", "coordinate", "weight"]
_MOST_COLUMNS = 3


class _Panel(NamedTuple):
    """One point to draw."""

    branch: str
    k: int
    n: int
    loss: float
    negative_eigenvalues: float
    weights: NDArray[np.float64]


def _panels(points: pd.DataFrame, parameters: pd.DataFrame) -> list[list[_Panel]]:
    """A row a branch, a few n with both at one k."""
    k = readable_teachers(sorted(set(points["k"])))[0]
    sizes = evenly_spread(list(range(2, k)), _MOST_COLUMNS)
    return [
        [_panel(rows_with(points, branch=branch, k=k, n=n).iloc[0], parameters) for n in sizes]
        for branch in BRANCHES
    ]


def _panel(point: pd.Series, parameters: pd.DataFrame) -> _Panel:
    branch, k, n = str(point["branch"]), int(point["k"]), int(point["n"])
    rows = rows_with(parameters, branch=branch, k=k, n=n)
    values = dict(zip(rows["parameter"], rows["value"], strict=True))
    space = branch_space(CopyBranch(branch), k, n)
    weights = space.embed([values[name] for name in space.parameter_names])
    return _Panel(branch, k, n, float(point["loss"]), float(point["index"]), weights)


def _rows(panel: _Panel) -> pd.DataFrame:
    """Entries of one panel, neurons and coordinates counted from 1."""
    return pd.DataFrame(
        {
            "branch": panel.branch,
            "k": panel.k,
            "n": panel.n,
            "loss": panel.loss,
            "index": panel.negative_eigenvalues,
            **entries_of(panel.weights),
        }
    )


def _finding(panels: list[_Panel]) -> str:
    """The largest weight of a copy, at the least and at the largest n."""
    parts = [
        f"{np.abs(panel.weights).max():.3g} with n = {panel.n}" for panel in (panels[0], panels[-1])
    ]
    name = branch_name(panels[0].branch)
    return f"At k = {panels[0].k} the largest weight of the {name} is {' and '.join(parts)}."


@figure
def copy_matrices(copy_points: pd.DataFrame, copy_parameters: pd.DataFrame) -> Plot:
    """Heat maps of both points at a few n.

    Caption:
        Weight matrices of the copy-average (above) and of the perturbed copy (below) for the ReLU,
        rebuilt from their five and three parameters, for a few numbers of students at one k, in
        profile **{profile}**. Rows are students, columns coordinates. The colour follows the signed
        square root of the weight.

    Returns:
        The figure, and one row an entry: branch, k, n, loss, index, neuron, coordinate (both from
        1), weight.

    Source: Simsek et al. 2023 for the two kinds; the points are computed.
    """
    points = relu_rows(copy_points)
    if points.empty:
        return empty_plot(copy_points, COLUMNS)
    grid = _panels(points, relu_rows(copy_parameters))
    panels = [panel for row in grid for panel in row]
    largest = max(float(np.abs(panel.weights).max()) for panel in panels)
    colours = weight_colours(largest)
    figure = Figure(figsize=(PAGE_WIDTH, 4.4), layout="constrained")
    places = figure.subplots(len(grid), len(grid[0]), squeeze=False)
    for axes, panel in zip(places.flat, panels, strict=True):
        mesh = draw_weights(axes, panel.weights, colours)
        kind = (
            "minimum"
            if panel.negative_eigenvalues == 0
            else f"saddle, index {panel.negative_eigenvalues:g}"
        )
        title = f"{branch_name(panel.branch)}, n = {panel.n}\nF = {panel.loss:.5f}, {kind}"
        axes.set_title(title, fontsize=7)
    figure.colorbar(
        mesh,
        ax=places,
        label="weight",
        shrink=0.6,
        ticks=[tick for tick in COLOUR_TICKS if abs(tick) <= largest],
    )
    data = pd.concat([_rows(panel) for panel in panels], ignore_index=True)
    return Plot(figure, data, _finding(panels[: len(grid[0])]))
