"""Matrices of weights as heat maps: neurons as rows, coordinates as columns, both from 1.

The colour follows the signed square root of the weight, so that small entries keep a visible shade.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.colors import FuncNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from relu_landscape.figures.style import INK, SMALLEST_TEXT

COLOUR_TICKS: Final = (-1.0, -0.5, -0.1, 0.0, 0.1, 0.5, 1.0)
MINUS: Final = "\N{MINUS SIGN}"
_STRONG: Final = 0.5  # weight above which text is white

Panel = TypeVar("Panel")


def weight_colours(largest: float) -> FuncNorm:
    """The scale of colours for weights up to this size."""
    return FuncNorm((_signed_root, _signed_square), vmin=-largest, vmax=largest)


def draw_weights(axes: Axes, weights: NDArray[np.float64], colours: FuncNorm) -> QuadMesh:
    """Heat map of weights (n, k)."""
    neurons, coordinates = weights.shape
    mesh = axes.pcolormesh(
        np.arange(coordinates),
        np.arange(neurons),
        weights,
        cmap="RdBu_r",
        norm=colours,
        shading="nearest",
        edgecolor="white",
        linewidth=0.3,
    )
    axes.set_aspect("equal")
    axes.invert_yaxis()
    axes.spines[:].set_visible(False)
    axes.set_xticks([0, coordinates - 1], ["1", str(coordinates)])
    axes.set_yticks([0, neurons - 1], ["1", str(neurons)])
    axes.tick_params(length=0)
    return mesh


def write_in_cells(
    axes: Axes, weights: NDArray[np.float64], text_of: Callable[[float], str]
) -> None:
    """Write what `text_of` says of each weight into its cell; where it says nothing, nothing."""
    for (row, column), weight in np.ndenumerate(weights):
        if text := text_of(weight):
            axes.text(
                column,
                row,
                text,
                ha="center",
                va="center",
                fontsize=SMALLEST_TEXT,
                color="white" if abs(weight) > _STRONG else INK,
            )


def sign_of(weight: float) -> str:
    """The sign of a negative weight; none of another."""
    return MINUS if weight < 0 else ""


def draw_grid(
    figure: Figure, grid: Sequence[Sequence[Panel]], draw: Callable[[Axes, Panel], QuadMesh]
) -> NDArray[Any]:
    """Draw rows of panels, which need not be equally long, and their scale; returns the axes."""
    columns = max(len(panels) for panels in grid)
    axes_grid: NDArray[Any] = figure.subplots(len(grid), columns, squeeze=False)
    for axes_row, panels in zip(axes_grid, grid, strict=True):
        for axes, panel in zip(axes_row, panels, strict=False):
            mesh = draw(axes, panel)
        for axes in axes_row[len(panels) :]:
            axes.set_visible(False)
        axes_row[0].set_ylabel("neuron")
    bar = figure.colorbar(
        mesh, ax=axes_grid, shrink=0.6, aspect=30, pad=0.02, ticks=list(COLOUR_TICKS)
    )
    bar.set_label("weight")
    return axes_grid


def entries_of(weights: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """The columns neuron, coordinate (both from 1) and weight of a matrix, one row an entry."""
    neurons, coordinates = np.indices(weights.shape)
    return {
        "neuron": neurons.ravel() + 1,
        "coordinate": coordinates.ravel() + 1,
        "weight": weights.ravel(),
    }


def _signed_root(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sign(values) * np.sqrt(np.abs(values))


def _signed_square(values: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.sign(values) * np.square(values)
