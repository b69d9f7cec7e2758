"""Weight matrices of the minima found, as heat maps."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import FuncNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from relu_landscape.evidence.cells import case_name
from relu_landscape.figures.heat_maps import (
    draw_grid,
    draw_weights,
    entries_of,
    sign_of,
    weight_colours,
    write_in_cells,
)
from relu_landscape.figures.style import (
    PAGE_WIDTH,
    PROVED,
    Arrays,
    Plot,
    empty_plot,
    figure,
    readable_teachers,
    rows_with,
)
from relu_landscape.judging.words import counted

MOST_PRINTED = 8  # most neurons for which the entries are printed as numbers
NEAR = 0.5  # distance from a teacher
LONGEST_ORBITS = 14  # characters that fit into the title of a panel


class _Panel(NamedTuple):
    """One class to draw: `orbits` are the sizes of its orbits of neurons, such as 1+7."""

    k: int
    n: int
    class_id: int
    runs: int
    loss: float
    orbits: str
    proved: bool
    weights: NDArray[np.float64]


def _spurious_classes(classes: pd.DataFrame, curvature: pd.DataFrame) -> pd.DataFrame:
    """The spurious minima of n = k and n = k + 1, most frequent first within a case."""
    if classes.empty or curvature.empty:
        return classes.iloc[:0]
    key = ["k", "n", "class_id"]
    minima = rows_with(curvature, kind="spurious_minimum")[[*key, "proved"]]
    rows = classes[(classes["n"] - classes["k"]).isin([0, 1])].merge(minima, on=key)
    return rows.sort_values(["k", "n", "runs", "class_id"], ascending=[True, True, False, True])


def _choose_panels(
    rows: pd.DataFrame, weights: Mapping[str, NDArray[np.float64]]
) -> list[list[_Panel]]:
    """One row of panels for each n - k: the most frequent spurious class of a few k."""
    chosen = []
    for extra in (0, 1):
        first = rows[rows["n"] - rows["k"] == extra].drop_duplicates(["k", "n"])
        shown = first[first["k"].isin(readable_teachers(sorted(set(first["k"]))))]
        panels = [
            _Panel(
                int(row["k"]),
                int(row["n"]),
                int(row["class_id"]),
                int(row["runs"]),
                float(row["loss"]),
                str(row["neuron_orbits"]),
                row["proved"] == PROVED,
                weights[case_name(row["k"], row["n"])][row["class_id"]],
            )
            for row in shown.to_dict("records")
        ]
        chosen.append(panels)
    return [panels for panels in chosen if panels]


def _text_of(weight: float) -> str:
    """An entry of a small matrix with two decimals."""
    return sign_of(weight) + f"{abs(weight):.2f}".removeprefix("0")


def _title(panel: _Panel) -> str:
    """Two lines that say which class it is; orbits that would not fit are counted instead."""
    sizes = panel.orbits.split("+")
    fits = len(panel.orbits) <= LONGEST_ORBITS
    orbits = f"orbits {panel.orbits}" if fits else f"{len(sizes)} orbits"
    proved = ", proved" if panel.proved else ""
    return (
        f"k = {panel.k}, n = {panel.n}, F = {panel.loss:.5f}\n"
        f"{orbits}, {counted(panel.runs, 'run')}{proved}"
    )


def _draw(axes: Axes, panel: _Panel, colours: FuncNorm) -> QuadMesh:
    """The heat map of one class, with its entries or, of a large matrix, their signs."""
    mesh = draw_weights(axes, panel.weights, colours)
    write_in_cells(axes, panel.weights, _text_of if panel.n <= MOST_PRINTED else sign_of)
    axes.set_title(_title(panel), fontsize=7)
    return mesh


def _rows(panel: _Panel) -> pd.DataFrame:
    """Entries of one panel, neurons and coordinates counted from 1."""
    return pd.DataFrame(
        {
            "k": panel.k,
            "n": panel.n,
            "class_id": panel.class_id,
            "runs": panel.runs,
            "loss": panel.loss,
            "neuron_orbits": panel.orbits,
            "proved": panel.proved,
            **entries_of(panel.weights),
        }
    )


def _finding(panels: Sequence[_Panel]) -> str:
    """How many neurons of the minimum of the largest k have a teacher of their own."""
    panel = panels[-1]
    apart = np.linalg.norm(panel.weights[:, None] - np.eye(panel.k), axis=-1)
    near = int((apart.min(axis=1) < NEAR).sum())
    return (
        f"At k = {panel.k}, n = {panel.n}, {near} of {panel.n} neurons of the commonest spurious "
        f"minimum lie within {NEAR:g} of a teacher, and {panel.n - near} of none."
    )


@figure
def minima_heat_maps(
    classes: pd.DataFrame, curvature: pd.DataFrame, representatives: Arrays
) -> Plot:
    """Weight matrices of the most frequent spurious minima of a few k, at n = k and n = k + 1.

    Caption:
        Weight matrices of the spurious minima that most runs of profile **{profile}** ended in, for
        a few k at n = k (upper row) and n = k + 1 (lower row). Rows are neurons and columns
        coordinates, brought into canonical order; the title gives the loss F, the sizes of the sets
        of equivalent neurons, the number of runs, and whether a certificate proves that it is a
        spurious minimum. Most neurons lie close to a teacher of their own, a few special ones do
        not. The colour follows the signed square root of the weight, and negative weights carry a
        minus sign.

    Rows are neurons, columns coordinates, in canonical order. The colour follows the signed square
    root of the entry, so that the small entries between regular neurons are seen; entries are
    printed where they can be read, elsewhere negative ones carry a minus sign.

    Returns:
        The figure, and one row an entry: k, n, class_id, runs, loss, neuron_orbits, proved,
        neuron, coordinate (both from 1), weight.
    """
    rows = _spurious_classes(classes, curvature)
    if rows.empty:
        return empty_plot(classes, ["k", "n", "class_id", "neuron", "coordinate", "weight"])
    grid = _choose_panels(rows, representatives)
    largest = max(1.0, *(float(np.abs(panel.weights).max()) for row in grid for panel in row))
    colours = weight_colours(largest)
    columns = max(len(row) for row in grid)
    size = (PAGE_WIDTH * max(0.55, 0.3 * columns + 0.1), 0.3 + 2.35 * len(grid))
    figure = Figure(figsize=size, layout="constrained")
    axes_grid = draw_grid(figure, grid, lambda axes, panel: _draw(axes, panel, colours))
    for axes in axes_grid[-1]:
        axes.set_xlabel("coordinate")
    parts = [_rows(panel) for row in grid for panel in row]
    return Plot(figure, pd.concat(parts, ignore_index=True), _finding(grid[0]))
