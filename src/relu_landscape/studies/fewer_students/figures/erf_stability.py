"""Least curvature and index of both points of erf against the share of students."""

from __future__ import annotations

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.fewer_students.figures.style import BRANCHES, branch_name

COLUMNS = ["branch", "k", "n", "share", "smallest_eigenvalue", "irrep", "index", "proved_index"]
_MOST_PANELS = 3
_LINEAR = 1e-6  # below it the axis of eigenvalues is linear
_LEAST = 1e-2  # the axis holds at least eigenvalues of this size
_ROOM = 3.0


def _draw(upper: Axes, lower: Axes, rows: pd.DataFrame) -> None:
    for branch, mark in BRANCHES.items():
        line = rows_with(rows, branch=branch).sort_values("n")
        proved = line["proved_index"].notna()
        for axes, column in ((upper, "smallest_eigenvalue"), (lower, "index")):
            axes.plot(
                line["share"], line[column], color=mark.colour, linestyle=mark.line, linewidth=0.8
            )
            for shown, fill in ((line[proved], mark.colour), (line[~proved], "white")):
                axes.plot(
                    *(shown["share"], shown[column]),
                    color=mark.colour,
                    marker=mark.marker,
                    markerfacecolor=fill,
                    markersize=3.4,
                    linestyle="none",
                )
    upper.axhline(0.0, color="0.5", linewidth=0.7)
    upper.set_yscale("symlog", linthresh=_LINEAR)
    upper.set_yticks([-1e-2, -1e-4, 0, 1e-4, 1e-2])
    upper.set_title(f"k = {rows['k'].iloc[0]}")
    lower.set_xlabel("students a teacher, n/k")


def _finding(rows: pd.DataFrame) -> str:
    """Between which n both are minima, at each k."""
    minima = rows[rows["index"] == 0]
    said = []
    for k, there in minima.groupby("k"):
        first = rows_with(there, branch="perturbed_copy")["n"].min()
        last = rows_with(there, branch="copy_average")["n"].max()
        between = f"n = {first:g} to {last:g} of {k}" if first <= last else f"no n of {k}"
        said.append(between)
    enclosed = int(rows["proved_index"].notna().sum())
    return (
        f"Both points of erf are minima for {', '.join(said)} teachers; balls enclose the Hessian "
        f"at {enclosed} of {counted(len(rows), 'point')}."
    )


@figure
def erf_stability(erf_points: pd.DataFrame) -> Plot:
    """Smallest Hessian eigenvalue and index of both points, by n/k.

    Caption:
        Smallest eigenvalue (above) and number of negative eigenvalues (below) of the Hessian in
        weights and outputs for erf, at the copy-average and at the perturbed copy of n students and
        k teachers with one unused input, for a few k with balls in profile **{profile}**. At filled
        marks ball arithmetic encloses the point and its Hessian. For few students the perturbed
        copy is a saddle of index n − 1, for many the copy-average is one of index k − n.

    Returns:
        The figure, and one row a point: branch, k, n, share (n/k), smallest_eigenvalue, irrep,
        index, proved_index.

    Source: Simsek et al. 2023 for the two points; computed.
    """
    if erf_points.empty:
        return empty_plot(erf_points, COLUMNS)
    rows = erf_points.assign(share=erf_points["n"] / erf_points["k"])[COLUMNS]
    proved = rows.loc[rows["proved_index"].notna(), "k"]
    shown = evenly_spread(sorted(set(proved) or set(rows["k"])), _MOST_PANELS)
    drawing = Figure(figsize=(PAGE_WIDTH, 3.8), layout="constrained")
    panels = drawing.subplots(2, len(shown), squeeze=False, sharex="col", sharey="row")
    for column, k in enumerate(shown):
        _draw(panels[0, column], panels[1, column], rows_with(rows, k=k))
    drawn = rows[rows["k"].isin(shown)].reset_index(drop=True)
    ends = drawn["smallest_eigenvalue"]
    # On the symmetric scale a factor is a distance.
    panels[0, 0].set_ylim(_ROOM * min(ends.min(), -_LEAST), _ROOM * max(ends.max(), _LEAST))
    panels[1, 0].yaxis.set_major_locator(MaxNLocator(integer=True))
    panels[0, 0].set_ylabel("smallest eigenvalue\n(loss/weight²)")
    panels[1, 0].set_ylabel("index")
    handles: list[Artist] = [
        legend_line(
            branch_name(branch),
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.4,
        )
        for branch, mark in BRANCHES.items()
    ]
    handles += [
        legend_line(label, color="0.4", marker="o", markerfacecolor=fill, linestyle="none")
        for label, fill in (("index from balls", "0.4"), ("from floats alone", "white"))
    ]
    legend_above(drawing, handles, columns=4)
    return Plot(drawing, drawn, _finding(drawn))
