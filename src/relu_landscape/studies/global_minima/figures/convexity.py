"""How far strong convexity reaches around the global minimum of n = k."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from relu_landscape.figures.style import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    teacher_axis,
)

VANISHING = 1.0  # distance of a unit teacher from 0: where a neuron can vanish
SMALLEST = "smallest radius found"
APART = "found, searches disagree"
PROVED_CONVEX = "proved convex up to here"
DRAWN = "drawn direction"
BEYOND = "drawn direction, no crossing up to this radius"

LOOKS: dict[str, dict[str, Any]] = {
    SMALLEST: {"color": BLUE, "marker": "o", "linestyle": "-"},
    APART: {"color": BLUE, "marker": "o", "linestyle": "none", "fillstyle": "none"},
    PROVED_CONVEX: {"color": GREEN, "marker": "s", "linestyle": "-", "markersize": 4.0},
    DRAWN: {
        "color": ORANGE,
        "marker": "x",
        "linestyle": "none",
        "markersize": 3.0,
        "markeredgewidth": 0.8,
    },
    BEYOND: {
        "color": ORANGE,
        "marker": "^",
        "linestyle": "none",
        "fillstyle": "none",
        "markersize": 5.0,
    },
}
GUIDE: dict[str, Any] = {"color": "0.6", "linestyle": ":", "linewidth": 0.9}
LIMIT: dict[str, Any] = {"color": INK, "linestyle": "--", "linewidth": 0.8}


def _marks(radii: pd.DataFrame) -> pd.DataFrame:
    """What is drawn: least and proved radius of each k, and every drawn direction."""
    found = radii[(radii["search"] == "worst") & radii["radius"].notna()]
    # Where searches agree their spread is rounding.
    least = found[["k", "radius", "spread"]].assign(
        mark=np.where(found["agreed"], SMALLEST, APART),
        spread=found["spread"].mask(found["agreed"]),
    )
    proved = radii.dropna(subset="proved_radius").drop_duplicates("k")
    drawn = radii[radii["search"] == "random"]
    crossing, beyond = drawn[drawn["radius"].notna()], drawn[drawn["radius"].isna()]
    return pd.concat(
        [
            least,
            proved[["k"]].assign(radius=proved["proved_radius"], mark=PROVED_CONVEX),
            crossing.assign(mark=DRAWN),
            beyond.assign(radius=beyond["largest_radius"], mark=BEYOND),
        ],
        ignore_index=True,
    )


def _guide(axes: Axes, least: pd.DataFrame) -> None:
    """Line k^(-1/2) through the middle of the smallest radii."""
    middle = least.iloc[len(least) // 2]
    guide = middle["radius"] * np.sqrt(middle["k"] / least["k"])
    axes.plot(least["k"], guide, **GUIDE)


def _handles(present: set[str]) -> list[Artist]:
    """Legend of the marks that occur, then of the lines."""
    handles: list[Artist] = [
        legend_line(mark, **look) for mark, look in LOOKS.items() if mark in present
    ]
    if {SMALLEST, APART} & present:
        handles.append(legend_line("slope \N{MINUS SIGN}1/2", **GUIDE))
    handles.append(legend_line("a neuron can vanish", **LIMIT))
    return handles


@figure
def convexity_radius(convexity_radii: pd.DataFrame) -> Plot:
    """Distance from the global minimum of n = k at which convexity is lost, or proved, against k.

    Caption:
        How far from the global minimum of n = k the loss stays convex, against k, in profile
        **{profile}**: the Frobenius distance at which the smallest Hessian eigenvalue vanishes.
        Squares are distances up to which certificates prove that it is convex. Dots are the
        smallest distance that searches found, on which independent chains of them in the whole
        space and the best of the searches in spaces of symmetric directions agree; open circles one
        on which they do not, with a bar up to the largest that one of them ended at.
        Crosses are drawn directions, triangles drawn directions without a crossing up to that
        distance. At the dashed line a neuron can vanish and the loss is no longer twice
        differentiable. The dotted line falls like k to the power −1/2.

    Returns:
        The figure, and one row a mark: mark (what it is), k, start (number of the drawn
        direction), radius (Frobenius distance; the largest one tried if none was crossed), spread
        (of the searches, where they disagree).

    Source: S21 Theorem 3, which leaves the size of the neighbourhood open.
    """
    columns = ["mark", "k", "start", "radius", "spread"]
    if convexity_radii.empty:
        return empty_plot(convexity_radii, columns)
    data = _marks(convexity_radii)
    figure = Figure(figsize=(0.75 * PAGE_WIDTH, 3.4), layout="constrained")
    axes = figure.subplots()
    axes.axhline(VANISHING, **LIMIT)
    for mark, look in LOOKS.items():
        rows = data[data["mark"] == mark]
        axes.plot(rows["k"], rows["radius"], **look)
    apart = data[data["mark"] == APART]
    axes.vlines(apart["k"], apart["radius"], apart["radius"] + apart["spread"], colors=BLUE)
    least = data[data["mark"].isin([SMALLEST, APART])]
    if not least.empty:
        _guide(axes, least)
    axes.set_yscale("log")
    # Hardly more than one decade: 0.2 and 0.5 say more than powers of ten.
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda radius, _: f"{radius:g}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.margins(y=0.1)
    teacher_axis(axes, sorted(set(convexity_radii["k"])))
    axes.set_ylabel("distance from the minimum at which the\nsmallest eigenvalue vanishes")
    legend_above(figure, _handles(set(data["mark"])), columns=3)
    return Plot(figure, data[columns])
