"""Pictures of one neuron: zonotope and normal cones, function space, cut parameter space."""

from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon, Wedge
from numpy.typing import NDArray

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
)

# Lighter means a higher rank; hatched where it is not full.
RANK_FACES = {0: ("0.75", "///"), 1: ("0.88", ".."), 2: ("#cfe3f2", "")}
CONE = 0.45  # radius of a drawn normal cone, of the size of the zonotope


def _place(point: NDArray[np.float64]) -> tuple[float, float]:
    return float(point[0]), float(point[1])


def _draw_zonotope(axes: Axes, sectors: pd.DataFrame, points: pd.DataFrame) -> None:
    """Vertices with their normal cones, and the points that span the zonotope."""
    vertices = sectors[["vertex_x", "vertex_y"]].to_numpy()
    size = float(np.ptp(vertices, axis=0).max())
    axes.add_patch(Polygon(vertices, facecolor="#cfe3f2", edgecolor=BLUE))
    centre = vertices.mean(axis=0)
    for vertex, sector in zip(vertices, sectors.to_dict("records"), strict=True):
        turn = np.degrees([sector["start"], sector["end"]])
        axes.add_patch(
            Wedge(tuple(vertex), CONE * size / 2, *turn, facecolor=VERMILION, alpha=0.25)
        )
        away = (vertex - centre) / np.linalg.norm(vertex - centre)
        axes.text(
            *_place(vertex + 0.15 * size * away),
            s=sector["pattern"],
            ha="center",
            va="center",
            fontsize=SMALLEST_TEXT,
        )
    for point in points.to_dict("records"):
        axes.annotate(
            "",
            (point["x"], point["y"]),
            (0, 0),
            arrowprops={"arrowstyle": "->", "color": INK, "linewidth": 0.8},
        )
    axes.plot(vertices[:, 0], vertices[:, 1], "o", color=BLUE, markersize=3)
    axes.set_aspect("equal")
    axes.margins(0.3)
    axes.set(xlabel="x, first coordinate", ylabel="x, second coordinate")


def _draw_parameters(axes: Axes, sectors: pd.DataFrame) -> None:
    """Sectors of the plane of w, by the rank of the Jacobian."""
    for sector in sectors.to_dict("records"):
        face, hatch = RANK_FACES[min(2, sector["rank"])]
        turn = np.degrees([sector["start"], sector["end"]])
        axes.add_patch(
            Wedge((0, 0), 1.0, *turn, facecolor=face, hatch=hatch, edgecolor=INK, linewidth=0.6)
        )
        middle = (sector["start"] + sector["end"]) / 2
        axes.text(
            0.62 * np.cos(middle),
            0.62 * np.sin(middle),
            f"{sector['pattern']}\nrank {sector['rank']}",
            ha="center",
            va="center",
            fontsize=SMALLEST_TEXT,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )
    axes.set(xlim=(-1.05, 1.05), ylim=(-1.05, 1.05), xlabel="w, first coordinate")
    axes.set_ylabel("w, second coordinate")
    axes.set_aspect("equal")


def _corners(n: int) -> NDArray[np.float64]:
    """Corners of a simplex of n points in the plane, (n, 2): a regular one, for four in a view."""
    if n == 4:
        solid = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) / 2.0
        view = np.array([[0.88, -0.18], [0.42, 0.52], [-0.22, 0.84]])
        seen: NDArray[np.float64] = solid @ view
        return seen
    angles = np.pi / 2 + np.arange(n) * 2 * np.pi / n
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _draw_functions(axes: Axes, functions: pd.DataFrame, n: int) -> None:
    """The simplex with its edges, and the polyline of the functions of one neuron."""
    corners = _corners(n)
    for first in range(n):
        for second in range(first):
            axes.plot(*corners[[first, second]].T, color="0.7", linewidth=0.7)
    shares = functions.sort_values(["vertex", "point"])["share"].to_numpy().reshape(-1, n)
    path = shares @ corners
    for start, end in pairwise(path):
        axes.plot(*np.stack([start, end]).T, color=BLUE, linewidth=1.8)
    axes.plot(path[:, 0], path[:, 1], "o", color=BLUE, markersize=3.5)
    even = corners.mean(axis=0)
    axes.plot(*even, "x", color=VERMILION, markersize=5)
    for number, corner in enumerate(corners, start=1):
        outside = corner + 0.13 * (corner - even) / np.linalg.norm(corner - even)
        axes.text(*_place(outside), s=f"x{number}", ha="center", va="center")
    axes.set_aspect("equal")
    axes.margins(0.18)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


def _finding(zonotope: pd.DataFrame, parameters: pd.DataFrame) -> str:
    """How many of all patterns one neuron has, and in how many regions its Jacobian is full."""
    n, points = int(zonotope["n"].iloc[0]), int(parameters["n"].iloc[0])
    full = int((parameters["rank"] == points).sum())
    return (
        f"One neuron on {n} points has {len(zonotope)} of {2**n} activation patterns; on {points} "
        f"points its Jacobian has full rank in {full} of {len(parameters)} regions."
    )


@figure
def one_neuron(
    illustrated_sectors: pd.DataFrame,
    illustrated_points: pd.DataFrame,
    illustrated_functions: pd.DataFrame,
) -> Plot:
    """The regions of one neuron as cones and vertices, its functions as a polyline.

    Caption:
        One neuron, computed from data in profile **{profile}**. Above left, all sums of parts of
        three points (arrows): its corners are the activation patterns, and the weights with that
        pattern are the cone drawn at the corner. Above right, the weights on two points without
        bias, cut by activation pattern, with the rank of the Jacobian. Below, one input with bias:
        the outputs on three and four points, as shares of their sum, run along a polyline in the
        simplex; the cross is where all outputs are equal.

    Returns:
        The figure, and one row a vertex: panel, n, place, name (pattern, or the point of a share),
        x and y (coordinates, or angles of a sector in radians, or the share and 0).

    Source: Karhadkar et al. 2024, whose figures of these subjects are known by their captions.
    """
    columns = ["panel", "n", "place", "name", "x", "y"]
    if illustrated_sectors.empty and illustrated_functions.empty:
        return empty_plot(illustrated_sectors, columns)
    figure = Figure(figsize=(PAGE_WIDTH, 6.0), layout="constrained")
    (zonotope, parameters), simplices = figure.subplots(2, 2)
    most = int(illustrated_sectors["n"].max())
    zonotope.set_title(f"sums of {most} points and normal cones")
    _draw_zonotope(
        zonotope,
        illustrated_sectors[illustrated_sectors["n"] == most],
        illustrated_points[illustrated_points["n"] == most],
    )
    least = int(illustrated_sectors["n"].min())
    parameters.set_title(f"parameter space on {least} points")
    _draw_parameters(parameters, illustrated_sectors[illustrated_sectors["n"] == least])
    for axes, n in zip(simplices, (3, 4), strict=True):
        axes.set_title(f"functions of one neuron on {n} points")
        of_size = illustrated_functions[illustrated_functions["n"] == n]
        if of_size.empty:
            explain_empty(axes, NONE_FOUND)
            continue
        _draw_functions(axes, of_size, n)
    shown = illustrated_sectors[illustrated_sectors["n"] == most]
    cut = illustrated_sectors[illustrated_sectors["n"] == least]
    data = pd.concat(
        [
            shown.assign(
                panel="zonotope",
                place=shown["sector"],
                name=shown["pattern"],
                x=shown["vertex_x"],
                y=shown["vertex_y"],
            ),
            cut.assign(
                panel="parameters",
                place=cut["sector"],
                name=cut["pattern"],
                x=cut["start"],
                y=cut["end"],
            ),
            illustrated_functions.assign(
                panel="functions",
                place=illustrated_functions["vertex"],
                name=illustrated_functions["point"].astype(str),
                x=illustrated_functions["share"],
                y=0.0,
            ),
        ],
        ignore_index=True,
    )
    return Plot(figure, data[columns], _finding(shown, cut))
