"""Negative curvature next to the global minima of n > k.

Two neurons share the teacher v_1 at the minimum, w_1 = a v_1 and w_2 = (1 - a) v_1. Tilting both
makes the Hessian indefinite.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    PANELS_A_ROW,
    PROVED,
    SERIES,
    SMALLEST_TEXT,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.global_minima.figures.style import CASE, EQUAL_SHARES, size_name

MOST_SHARES = 3
PROVED_HEIGHT = 0.06  # of a panel
PROVED_MARK: dict[str, Any] = {"color": INK, "marker": "|", "linestyle": "none", "markersize": 6.0}


def _chosen_curvatures(table: pd.DataFrame) -> pd.DataFrame:
    """Rows of a few sizes and a few shares, with minus the smallest eigenvalue."""
    sizes = sorted(set(table[["k", "n", "d"]].itertuples(index=False, name=None)))
    shares = sorted(set(table["share"]), reverse=True)
    chosen = pd.DataFrame(evenly_spread(sizes, PANELS_A_ROW), columns=["k", "n", "d"])
    rows = table[table["share"].isin(evenly_spread(shares, MOST_SHARES))].merge(chosen)
    rows = rows.assign(negative_curvature=-rows["smallest_eigenvalue"])
    return rows.sort_values([*CASE, "arithmetic", "epsilon"], ignore_index=True)


def _draw_curvatures(
    upper: Axes, lower: Axes, rows: pd.DataFrame, marks: Mapping[float, Mark]
) -> None:
    """Minus the smallest eigenvalue against epsilon, below it divided by epsilon; proofs."""
    series = [(share, mark, fill) for share, mark in marks.items() for fill in ("full", "none")]
    for share, mark, fill in series:
        points = rows_with(rows, share=share, arithmetic="double" if fill == "full" else "extended")
        # Rounding can hide the sign; such a point has no place on a logarithmic axis.
        seen = points[points["negative_curvature"] > 0.0]
        for axes, divisor in ((upper, 1.0), (lower, seen["epsilon"])):
            axes.plot(
                seen["epsilon"],
                seen["negative_curvature"] / divisor,
                color=mark.colour,
                marker=mark.marker,
                linestyle="none",
                fillstyle=fill,
                markersize=3.0 if fill == "full" else 6.0,
                markeredgewidth=0.8,
            )
    exact = rows[rows["share"] == EQUAL_SHARES].drop_duplicates("epsilon").sort_values("epsilon")
    for axes, divisor in ((upper, 1.0), (lower, exact["epsilon"])):
        axes.plot(exact["epsilon"], -0.5 * exact["form_exact"] / divisor, color=INK, linewidth=0.8)
    hidden = int((rows["negative_curvature"] <= 0.0).sum())
    if hidden:
        lower.text(0.03, 0.03, f"{hidden} lost to rounding", transform=lower.transAxes, fontsize=7)
    everywhere = (rows["proved"] == PROVED).groupby(rows["epsilon"]).all()
    proved = everywhere.index[everywhere]
    lower.plot(
        proved, 0.0 * proved + PROVED_HEIGHT, **PROVED_MARK, transform=lower.get_xaxis_transform()
    )
    upper.set_xscale("log")
    upper.set_yscale("log")
    lower.set_ylim(0.0, 1.15 * float((-rows["form_exact"] / rows["epsilon"]).max()) / 2.0)
    lower.set_xlabel("tilt ε")


def _slope_guide(axes: Axes, rows: pd.DataFrame) -> None:
    """Line of slope 1 well below the marks, and where it leads."""
    ends = np.array([rows["epsilon"].min(), rows["epsilon"].max()])
    axes.plot(ends, 0.03 * ends, color="0.6", linewidth=0.8, linestyle=":")
    axes.text(
        0.97,
        0.04,
        "zero only at the\nminimum, ε = 0",
        transform=axes.transAxes,
        ha="right",
        va="bottom",
        fontsize=SMALLEST_TEXT,
    )


@leading_figure
def negative_curvature_near_global_minima(negative_curvature: pd.DataFrame) -> Plot:
    """Minus the smallest Hessian eigenvalue where two neurons of one teacher are tilted by epsilon.

    Caption:
        Minus the smallest Hessian eigenvalue next to a global minimum of n > k at which two neurons
        share a teacher in the parts a and 1 − a, where both are tilted by ε (Safran, Yehudai and
        Shamir 2021, Theorem 4), in profile **{profile}**. Small filled marks are double precision,
        large hollow ones an independent computation in extended precision. The curvature is
        negative at every ε and vanishes only at the minimum itself, in proportion to ε; at equal
        shares it lies on the closed form. The lower panels show the same divided by ε; bars at the
        bottom mark the ε at which certificates in ball arithmetic prove that the curvature is
        negative.

    At equal shares the smallest eigenvalue is half the closed form, elsewhere below it. The lower
    panels divide by epsilon, which tells apart what lies close together on a logarithmic axis.

    Returns:
        The figure, and one row a mark: k, n, d, share, epsilon, arithmetic, negative_curvature
        (minus the smallest eigenvalue), form_exact, proved.

    Source: S21 Theorem 4.
    """
    columns = [*CASE, "epsilon", "arithmetic", "negative_curvature", "form_exact", "proved"]
    if negative_curvature.empty:
        return empty_plot(negative_curvature, columns)
    rows = _chosen_curvatures(negative_curvature)
    shares = sorted(set(rows["share"]), reverse=True)
    marks = dict(zip(shares, SERIES, strict=False))
    sizes = sorted(set(rows[["k", "n", "d"]].itertuples(index=False, name=None)))
    width = PAGE_WIDTH * (0.3 * len(sizes) + 0.1)
    figure = Figure(figsize=(max(width, 0.55 * PAGE_WIDTH), 4.2), layout="constrained")
    grid = figure.subplots(
        2, len(sizes), sharex="col", sharey="row", squeeze=False, height_ratios=(1.5, 1)
    )
    for (upper, lower), (k, n, d) in zip(grid.T, sizes, strict=True):
        _draw_curvatures(upper, lower, rows_with(rows, k=k, n=n, d=d), marks)
        _slope_guide(upper, rows)
        upper.set_title(size_name(k, n, d))
    grid[0, 0].set_ylabel("\N{MINUS SIGN}smallest eigenvalue λ")
    grid[1, 0].set_ylabel("\N{MINUS SIGN}λ / ε")
    figure.align_ylabels(grid[:, 0])
    legend_above(figure, _curvature_handles(rows, marks), columns=4)
    return Plot(figure, rows[columns], _finding(rows))


def _finding(rows: pd.DataFrame) -> str:
    """At how many points the curvature is negative, and by how much of epsilon."""
    seen = rows[rows["negative_curvature"] > 0.0]
    finding = (
        f"Next to a global minimum with n > k the smallest eigenvalue is negative at {len(seen)} "
        f"of {counted(len(rows), 'point')}"
    )
    if seen.empty:
        return finding + "."
    return (
        f"{finding}, by {(seen['negative_curvature'] / seen['epsilon']).min():.2g} ε or more, for "
        f"ε down to {seen['epsilon'].min():.0e}."
    )


def _curvature_handles(rows: pd.DataFrame, marks: Mapping[float, Mark]) -> list[Artist]:
    """Legend: shares, arithmetics that occur, closed form, guide."""
    handles: list[Artist] = [
        legend_line(f"a = {share:g}", color=mark.colour, marker=mark.marker, linestyle="none")
        for share, mark in marks.items()
    ]
    looks = {"double": ("full", 3.0), "extended": ("none", 6.0)}
    handles += [
        legend_line(
            f"{arithmetic} precision",
            color="0.5",
            marker="o",
            linestyle="none",
            fillstyle=fill,
            markersize=size,
        )
        for arithmetic, (fill, size) in looks.items()
        if (rows["arithmetic"] == arithmetic).any()
    ]
    if (rows["proved"] == PROVED).any():
        handles.append(legend_line("proved", **PROVED_MARK))
    if EQUAL_SHARES in marks:
        handles.append(legend_line("closed form, a = 0.5", color=INK, linewidth=0.8))
    handles.append(legend_line("slope 1", color="0.6", linewidth=0.8, linestyle=":"))
    return handles
