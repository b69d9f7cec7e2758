"""Two planes through a split global minimum: the flat valley and the negative curvature."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import PowerNorm
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    Arrays,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
)

SURFACE_LINES = 36  # each way: more make the SVG heavy, not the surface smoother
LEVELS = 5
COLOURS = "YlGnBu"
DARKEST = 0.75  # place in the colour map of the largest loss
EIGENVALUE_ROUNDING = 1e-9  # relative to the largest: the valley's zero is not negative
COLUMNS = ["plane", "k", "n", "share", "tilt", "spread", "loss", "smallest_eigenvalue"]


class Plane(NamedTuple):
    """Loss and smallest Hessian eigenvalue (spread, other) on a grid."""

    other: str
    label: str
    across: NDArray[np.float64]
    spread: NDArray[np.float64]
    loss: NDArray[np.float64]
    eigenvalue: NDArray[np.float64]


def _planes(slices: Mapping[str, NDArray[np.float64]]) -> list[Plane]:
    """The two planes out of the stored arrays."""
    return [
        Plane(
            other,
            label,
            slices[other],
            slices["spread"],
            slices[f"loss_{other}_spread"],
            slices[f"eigenvalue_{other}_spread"],
        )
        for other, label in (("share", "share moved"), ("tilt", "common tilt"))
    ]


def _levels(loss: NDArray[np.float64]) -> NDArray[np.float64]:
    """Levels evenly spaced in the cube root, since the loss grows like |spread|^3."""
    return float(loss.max()) * (np.arange(1, LEVELS + 1) / (LEVELS + 0.5)) ** 3


def _draw_surface(axes: Any, plane: Plane) -> None:
    """Loss over the plane, on axes of the projection 3d (which has no types)."""
    across, spread = np.meshgrid(plane.across, plane.spread)
    axes.plot_surface(
        across,
        spread,
        np.maximum(plane.loss, 0.0),  # rounding leaves tiny negative losses in the valley
        rcount=SURFACE_LINES,
        ccount=SURFACE_LINES,
        edgecolor="0.5",
        linewidth=0.15,
        cmap=COLOURS,
        # Like the bands of the map: by the cube root of the loss, pale enough for hatches.
        norm=PowerNorm(1.0 / 3.0, 0.0, float(plane.loss.max()) / DARKEST**3),
    )
    axes.view_init(elev=30, azim=-55)
    axes.set_box_aspect((1.0, 1.0, 0.6), zoom=0.88)
    for axis in (axes.xaxis, axes.yaxis, axes.zaxis):
        axis.set_major_locator(MaxNLocator(3))
        axis.labelpad = 1.0
        axis.set_rotate_label(False)
    axes.tick_params(pad=-2.0)
    axes.tick_params(axis="z", pad=2.0)
    # Beside the axis the label would run into the map.
    axes.set(xlabel=plane.label, ylabel="spread", title="loss F (vertical)")


def _draw_map(figure: Figure, axes: Axes, plane: Plane) -> None:
    """Bands of the loss; hatched where the smallest eigenvalue is negative."""
    bands = axes.contourf(
        plane.across,
        plane.spread,
        np.maximum(plane.loss, 0.0),
        [0.0, *_levels(plane.loss)],
        extend="max",
        colors=list(colormaps[COLOURS](np.linspace(0.05, DARKEST, LEVELS + 1))),
    )
    bar = figure.colorbar(bands, ax=axes, format="%.2g", aspect=25, pad=0.02)
    bar.set_label("loss F")
    rounding = _rounding(plane)
    lowest = float(plane.eigenvalue.min())
    if lowest < -rounding:
        axes.contourf(
            plane.across,
            plane.spread,
            plane.eigenvalue,
            [2.0 * lowest, -rounding],
            colors="none",
            hatches=["////"],
        )
    axes.axhline(0.0, color=INK, linewidth=0.8, linestyle="--")
    axes.set(xlabel=plane.label, ylabel="spread")


def _rows(plane: Plane, k: int, n: int) -> pd.DataFrame:
    """Every point of the grid."""
    across, spread = np.meshgrid(plane.across, plane.spread)
    return pd.DataFrame(
        {
            "plane": f"{plane.other} and spread",
            "k": k,
            "n": n,
            plane.other: across.ravel(),
            "spread": spread.ravel(),
            "loss": plane.loss.ravel(),
            "smallest_eigenvalue": plane.eigenvalue.ravel(),
        }
    )


@figure
def landscape_slice(landscape_slices: Arrays) -> Plot:
    """Loss over two planes through a global minimum at which two neurons share a teacher.

    Caption:
        The loss in two planes through a global minimum at which two neurons share a teacher, as a
        surface and as a map, in profile **{profile}**. Above, weight moves from one of the two
        neurons, which start with equal shares, to the other, or they are spread apart: along spread
        = 0 the loss is exactly zero, and across it the loss grows only like the cube of the spread.
        Below, both neurons are tilted or spread apart: off the minimum the line spread = 0 is a
        ridge, and in the hatched region the Hessian has a negative eigenvalue. The bands of the
        maps are evenly spaced in the cube root of the loss.

    Above, the share that moves from one neuron to the other, at no loss along spread = 0, and their
    spread, across which the loss grows only like |spread|^3. Below, a tilt of both and their
    spread: off the minimum the line spread = 0 is a ridge.

    Returns:
        The figure, and one row a grid point: plane, k, n, share or tilt, spread, loss,
        smallest_eigenvalue (of the Hessian).

    Source: S21 Theorems 2, 4, 7 and 9.
    """
    if not landscape_slices:
        return empty_plot(pd.DataFrame(), COLUMNS)
    k, n = (int(size) for size in landscape_slices["size"])
    planes = _planes(landscape_slices)
    figure = Figure(figsize=(PAGE_WIDTH, 5.6), layout="constrained")
    for row, plane in enumerate(planes):
        surface = figure.add_subplot(len(planes), 2, 2 * row + 1, projection="3d")
        _draw_surface(surface, plane)
        _draw_map(figure, figure.add_subplot(len(planes), 2, 2 * row + 2), plane)
    legend_above(figure, _handles(k, n), columns=3)
    data = pd.concat([_rows(plane, k, n) for plane in planes], ignore_index=True)
    return Plot(figure, data[COLUMNS], _finding(planes))


def _finding(planes: Sequence[Plane]) -> str:
    """The share of each plane in which the Hessian has a negative eigenvalue."""
    said = [
        f"{100.0 * (plane.eigenvalue < -_rounding(plane)).mean():.3g} % of the plane of "
        f"{plane.label} and spread"
        for plane in planes
    ]
    return f"The Hessian has a negative eigenvalue in {' and in '.join(said)}."


def _rounding(plane: Plane) -> float:
    """Size of an eigenvalue below which it has no sign."""
    return EIGENVALUE_ROUNDING * float(np.abs(plane.eigenvalue).max())


def _handles(k: int, n: int) -> list[Artist]:
    """Legend: the size, what is hatched, what the dashed line is."""
    return [
        legend_line(f"k = {k}, n = {n}", linestyle="none"),
        Patch(facecolor="none", edgecolor=INK, hatch="////", label="smallest eigenvalue negative"),
        legend_line("spread = 0", color=INK, linewidth=0.8, linestyle="--"),
    ]
