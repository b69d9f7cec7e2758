"""How far strong convexity reaches around the global minimum of n = k."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
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
    rows_with,
    teacher_axis,
)

VANISHING = 1.0  # distance of a unit teacher from 0: where a neuron can vanish
SMALLEST = "lost: smallest distance found"
APART = "lost: searches disagree"
ONE_K = "proved up to here at one k"
EVERY_K = "proved up to here for every k"
DRAWN = "lost along a drawn direction"
BEYOND = "not lost along a drawn direction"
COLUMNS = ["mark", "k", "start", "radius", "spread"]

LOOKS: dict[str, dict[str, Any]] = {
    SMALLEST: {"color": BLUE, "marker": "o", "linestyle": "-"},
    APART: {"color": BLUE, "marker": "o", "linestyle": "none", "fillstyle": "none"},
    EVERY_K: {"color": INK, "marker": "d", "linestyle": "--", "markersize": 4.5},
    ONE_K: {"color": GREEN, "marker": "s", "linestyle": "-", "markersize": 3.0},
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
LIMIT: dict[str, Any] = {"color": INK, "linestyle": ":", "linewidth": 0.8}
OPEN: dict[str, Any] = {"facecolor": "0.9", "edgecolor": "none"}
WIDTH_OF_ONE = 7.0  # points of the area between two radii at a single k


def _marks(radii: pd.DataFrame, certified: pd.DataFrame, bounds: pd.DataFrame) -> pd.DataFrame:
    """What is drawn: the least and the proved radii of each k, and every drawn direction."""
    found = radii[(radii["search"] == "worst") & radii["radius"].notna()]
    # Where searches agree their spread is rounding.
    least = found[["k", "radius", "spread"]].assign(
        mark=np.where(found["agreed"], SMALLEST, APART),
        spread=found["spread"].mask(found["agreed"]),
    )
    at_one_k = certified[["k", "radius"]].assign(mark=ONE_K)
    # The proof reaches to k without end, the searches do not.
    last = pd.concat([radii["k"], certified["k"]]).max()
    for_every_k = bounds.loc[bounds["k"] <= last, ["k", "lower"]]
    for_every_k = for_every_k.rename(columns={"lower": "radius"}).assign(mark=EVERY_K)
    drawn = rows_with(radii, search="random")
    crossing, beyond = drawn[drawn["radius"].notna()], drawn[drawn["radius"].isna()]
    parts = [
        least,
        at_one_k,
        for_every_k,
        crossing.assign(mark=DRAWN),
        beyond.assign(radius=beyond["largest_radius"], mark=BEYOND),
    ]
    marks = pd.concat([part for part in parts if not part.empty], ignore_index=True)
    ordered: pd.DataFrame = marks.reindex(columns=COLUMNS)
    return ordered.sort_values(["mark", "k", "start"], ignore_index=True)


def _gaps(marks: pd.DataFrame) -> pd.DataFrame:
    """At each k with both, the largest proved radius and the least one found."""
    proved = marks[marks["mark"].isin([ONE_K, EVERY_K])].groupby("k")["radius"].max()
    found = marks[marks["mark"].isin([SMALLEST, APART])].groupby("k")["radius"].min()
    return pd.DataFrame({"proved": proved, "found": found}).dropna()


def _shade_open(axes: Axes, gaps: pd.DataFrame) -> None:
    """The area between the proved and the found radii."""
    k = gaps.index.to_numpy(np.float64)
    low, high = gaps["proved"].to_numpy(), gaps["found"].to_numpy()
    if len(k) == 1:
        axes.vlines(k, low, high, color=OPEN["facecolor"], linewidth=WIDTH_OF_ONE, zorder=0)
    else:
        axes.fill_between(k, low, high, zorder=0, **OPEN)


def _handles(present: set[str], gaps: pd.DataFrame) -> list[Artist]:
    """Legend of the marks that occur, then of the areas and lines."""
    handles: list[Artist] = [
        legend_line(mark, **look) for mark, look in LOOKS.items() if mark in present
    ]
    if not gaps.empty:
        handles.append(Patch(label="open", **OPEN))
    handles.append(legend_line("a neuron can vanish", **LIMIT))
    return handles


def _finding(gaps: pd.DataFrame) -> str:
    """Up to where convexity is proved and from where it is lost, at the outermost k."""
    if gaps.empty:
        return "At no k is there both a proved radius of convexity and a smallest one found."
    ends = gaps.loc[sorted({gaps.index[0], gaps.index[-1]})]
    proved = " and ".join(f"{radius:#.2g} at k = {k}" for k, radius in ends["proved"].items())
    found = " and ".join(f"{radius:#.2g}" for radius in ends["found"])
    return (
        f"Around the global minimum F is proved convex up to a distance of {proved}, and found not "
        f"to be at {found}; what lies between is open."
    )


@figure
def convexity_radius(
    convexity_radii: pd.DataFrame,
    certified_global_minima: pd.DataFrame,
    convexity_bounds: pd.DataFrame,
) -> Plot:
    """Distance from the global minimum of n = k at which convexity is lost, or proved, against k.

    Caption:
        How far from the global minimum of n = k the loss stays convex, against k, in profile
        **{profile}**, as Frobenius distances; Safran, Yehudai and Shamir (2021, Theorem 3) leave
        the distance open. Squares are radii of balls in which the Hessian is proved positive
        definite at one k, diamonds those of the proof for every k ≥ 3. Dots are the smallest
        distance at which searches found a vanishing smallest eigenvalue; independent chains of them
        in the whole space and the best of the searches in spaces of symmetric directions agree on
        it; open circles are those on which they do not, with a bar up to the largest that one of
        them ended at. Between proved and found, in the shaded area, nothing is known. Crosses are
        drawn directions, triangles drawn directions without a crossing up to that distance. At the
        dotted line a neuron can vanish and the loss is no longer twice differentiable.

    Returns:
        The figure, and one row a mark: mark (what it is), k, start (number of the drawn
        direction), radius (Frobenius distance; the largest one tried if none was crossed), spread
        (of the searches, where they disagree).

    Source: S21 Theorem 3, which leaves the size of the neighbourhood open.
    """
    if convexity_radii.empty and certified_global_minima.empty:
        return empty_plot(convexity_radii, COLUMNS)
    data = _marks(convexity_radii, certified_global_minima, convexity_bounds)
    gaps = _gaps(data)
    figure = Figure(figsize=(0.75 * PAGE_WIDTH, 3.8), layout="constrained")
    axes = figure.subplots()
    axes.axhline(VANISHING, **LIMIT)
    for mark, look in LOOKS.items():
        rows = rows_with(data, mark=mark)
        axes.plot(rows["k"], rows["radius"], **look)
    apart = rows_with(data, mark=APART)
    axes.vlines(apart["k"], apart["radius"], apart["radius"] + apart["spread"], colors=BLUE)
    _shade_open(axes, gaps)
    axes.set_yscale("log")
    # Hardly more than one decade: 0.2 and 0.5 say more than powers of ten.
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda radius, _: f"{radius:g}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.margins(y=0.1)
    teacher_axis(axes, sorted({int(k) for k in data["k"]}))
    axes.set_ylabel("distance from the global minimum\nto which convexity reaches")
    legend_above(figure, _handles(set(data["mark"]), gaps), columns=3)
    return Plot(figure, data, _finding(gaps))
