"""Loss of both points, and where restarts ended, against the share of students."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.fewer_students.figures.style import BRANCHES, branch_name, relu_rows

COLUMNS = ["k", "n", "share", "series", "loss", "minimum"]
_MOST_PANELS = 3
_RESTARTS = "best restart"


def _rows(points: pd.DataFrame, ends: pd.DataFrame) -> pd.DataFrame:
    """One row a point, and one a size with restarts that converged: the least loss of them."""
    solved = points.assign(series=points["branch"], minimum=points["index"] == 0)
    ended = ends[ends["end"] != "unfinished"]
    best = ended.groupby(["k", "n"], as_index=False)["loss"].min()
    best = best.assign(series=_RESTARTS, minimum=True)
    rows: pd.DataFrame = pd.concat([solved, best], ignore_index=True)
    rows["share"] = rows["n"] / rows["k"]
    return rows[COLUMNS]


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    """Losses relative to the copy-average, from which they differ by little."""
    for branch, mark in BRANCHES.items():
        line = rows_with(rows, series=branch).sort_values("n")
        axes.plot(line["share"], line["relative"], color=mark.colour, linewidth=0.9)
        for minimum, fill in ((True, mark.colour), (False, "white")):
            shown = line[line["minimum"] == minimum]
            axes.plot(
                *(shown["share"], shown["relative"]),
                color=mark.colour,
                marker=mark.marker,
                markerfacecolor=fill,
                linestyle="none",
                markersize=3.6,
            )
    ends = rows_with(rows, series=_RESTARTS)
    axes.plot(ends["share"], ends["relative"], "x", color=INK, markersize=5)
    axes.set_title(f"k = {rows['k'].iloc[0]}")
    axes.set_xlabel("students a teacher, n/k")


def _finding(rows: pd.DataFrame) -> str:
    """From which n on the perturbed copy is the lower one, at each k that is drawn."""
    wide = rows.pivot_table(index=["k", "n"], columns="series", values="loss")
    wide = wide.reindex(columns=list(BRANCHES)).dropna().reset_index()
    lower = wide[wide["perturbed_copy"] < wide["copy_average"]]
    first = lower.groupby("k")["n"].min()
    parts = [f"n = {n} at k = {k}" for k, n in first.items()]
    return f"The perturbed copy is lower than the copy-average from {', '.join(parts)} on."


@figure
def copy_losses(copy_points: pd.DataFrame, few_student_ends: pd.DataFrame) -> Plot:
    """Loss over that of the copy-average, of both points and of the best restart.

    Caption:
        Loss of the perturbed copy, and of the best of the restarts (crosses), over that of the
        copy-average, against the share n/k of students, for the ReLU in profile **{profile}**.
        Filled marks are minima, hollow ones saddles, as far as floating-point eigenvalues tell.
        Simsek et al. say that the best network copies and averages; here it does for few students,
        and beyond the crossing all copy approximately.

    Returns:
        The figure, and one row a mark: k, n, share (n/k), series, loss, minimum.

    Source: Simsek et al. 2023 for the question; the points are computed.
    """
    points = relu_rows(copy_points)
    if points.empty:
        return empty_plot(copy_points, COLUMNS)
    rows = _rows(points, few_student_ends)
    average = rows_with(rows, series="copy_average").set_index(["k", "n"])["loss"]
    sizes = pd.MultiIndex.from_frame(rows[["k", "n"]])
    scaled = rows.assign(relative=rows["loss"] / average.reindex(sizes).to_numpy())
    # Fewer teachers than any restart had show nothing that they do not.
    least = few_student_ends["k"].min() if len(few_student_ends) else 0
    shown = evenly_spread(sorted(k for k in set(points["k"]) if k >= least), _MOST_PANELS)
    figure = Figure(figsize=(PAGE_WIDTH, 2.6), layout="constrained")
    panels = figure.subplots(1, len(shown), squeeze=False)[0]
    for axes, k in zip(panels, shown, strict=True):
        _draw(axes, scaled[scaled["k"] == k])
    panels[0].set_ylabel("loss over that of the copy-average")
    handles = [
        legend_line(branch_name(branch), color=mark.colour, marker=mark.marker, markersize=3.6)
        for branch, mark in BRANCHES.items()
    ]
    handles.append(legend_line(_RESTARTS, color=INK, marker="x", linestyle="none"))
    legend_above(figure, handles, columns=3)
    return Plot(figure, rows, _finding(rows[rows["k"].isin(shown)]))
