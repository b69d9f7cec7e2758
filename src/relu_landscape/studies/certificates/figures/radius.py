"""How far around the global minimum convexity is proved."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from relu_landscape.figures.style import (
    BLUE,
    ORANGE,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.certificates.figures.style import (
    tick_in_decades,
)
from relu_landscape.studies.symmetry.figures.style import (
    wide_teacher_axis,
)

PROVED_RADIUS = "proved"
MEASURED_RADIUS = "smallest distance measured"
RADIUS_COLUMNS = ["mark", "k", "radius"]
RADII: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        MEASURED_RADIUS: {"color": ORANGE, "marker": "s", "linestyle": "--"},
        PROVED_RADIUS: {"color": BLUE, "marker": "o", "linestyle": "-"},
    }
)
OPEN: dict[str, Any] = {"facecolor": "0.9", "edgecolor": "none"}
WIDTH_OF_ONE = 7.0  # points of the area between two radii at a single k


def _radii(proved: pd.DataFrame, measured: pd.DataFrame) -> pd.DataFrame:
    """Proved radius and least radius that a search found, one row a k and mark."""
    least = measured[(measured["search"] == "worst") & measured["radius"].notna()]
    rows = [
        proved[["k", "radius"]].sort_values("k").assign(mark=PROVED_RADIUS),
        least[["k", "radius"]].assign(mark=MEASURED_RADIUS),
    ]
    return pd.concat(rows, ignore_index=True)[RADIUS_COLUMNS]


def _shade_open(axes: Axes, data: pd.DataFrame) -> None:
    """The area between the proved and the measured radii, at the k that have both."""
    both = data.pivot(index="k", columns="mark", values="radius").reindex(columns=list(RADII))
    both = both.dropna()
    if both.empty:
        return
    k = both.index.to_numpy(np.float64)
    low, high = both[PROVED_RADIUS].to_numpy(), both[MEASURED_RADIUS].to_numpy()
    if len(k) == 1:
        axes.vlines(k, low, high, color=OPEN["facecolor"], linewidth=WIDTH_OF_ONE, zorder=0)
    else:
        axes.fill_between(k, low, high, zorder=0, **OPEN)
    middle = len(k) // 2
    axes.annotate(
        "open",
        xy=(k[middle], float(np.sqrt(low[middle] * high[middle]))),
        xytext=(10 if len(k) == 1 else 0, 0),
        textcoords="offset points",
        ha="left" if len(k) == 1 else "center",
        va="center",
        color="0.3",
    )


@figure
def proved_radius(certified_global_minima: pd.DataFrame, convexity_radii: pd.DataFrame) -> Plot:
    """Radius of proved strong convexity around the global minimum of n = k, and the measured one.

    Caption:
        Around the global minimum of n = k, how far strong convexity is proved and where it was
        measured to end, against k, in profile **{profile}**. Dots are Frobenius radii of balls in
        which the Hessian is proved to be positive definite, in ball arithmetic; Safran, Yehudai and
        Shamir (2021, Theorem 3) leave this radius open. Squares are the smallest distances that a
        search in float arithmetic found at which the smallest Hessian eigenvalue vanishes. Between
        the two, in the shaded area, nothing is known.

    Returns:
        The figure, and one row a mark: mark (proved or measured), k, radius (Frobenius distance).

    Source: S21 Theorem 3, which leaves the size of the neighbourhood open.
    """
    if certified_global_minima.empty:
        return empty_plot(certified_global_minima, RADIUS_COLUMNS)
    data = _radii(certified_global_minima, convexity_radii)
    figure = Figure(figsize=(0.75 * PAGE_WIDTH, 3.4), layout="constrained")
    axes = figure.subplots()
    axes.set_yscale("log")
    for mark, look in RADII.items():
        rows = rows_with(data, mark=mark)
        axes.plot(rows["k"], rows["radius"], **look)
    _shade_open(axes, data)
    axes.margins(y=0.1)
    tick_in_decades(axes.yaxis, data["radius"])
    wide_teacher_axis(axes, sorted({int(k) for k in data["k"]}))
    axes.set_ylabel("distance from the global minimum\nup to which F is strongly convex")
    handles: list[Artist] = [
        legend_line(mark, **look) for mark, look in RADII.items() if mark in set(data["mark"])
    ]
    if len(handles) == len(RADII):
        handles.append(Patch(label="open", **OPEN))
    legend_above(figure, handles, columns=4)
    return Plot(figure, data)
