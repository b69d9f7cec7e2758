"""F t^3 at the end of descent beside what the local law says that it tends to."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.single_teacher.figures.marks import STARTS, beside_students

COLUMNS = ["start", "k", "n", "run", "scaled_loss", "continued", "limit"]


@figure
def single_teacher_limits_reached(
    single_teacher_limits: pd.DataFrame, simplex_valleys: pd.DataFrame
) -> Plot:
    """F t^3 of each run, continued in t, beside 1/(27 c^2) of its final direction.

    Caption:
        F t³ of each run of descent with more students than teachers, continued beyond its end by
        the slope of F to the power −1/3 (filled), and 1/(27 c²) with the constant c of the valley
        in the final direction and for the final shares (rings around them), against the number of
        students n, in profile **{profile}**. The dashes are the same for the directions of least
        loss at equal shares, which are regular simplices.

    Returns:
        The figure, and one row a run: the columns start, k, n, run, scaled_loss, continued and
        limit of the table.
    """
    if single_teacher_limits.empty:
        return empty_plot(single_teacher_limits, COLUMNS)
    figure = Figure(figsize=(PAGE_WIDTH, 3.0), layout="constrained")
    axes = figure.subplots()
    handles = []
    for start, (label, mark) in STARTS.items():
        rows = single_teacher_limits[single_teacher_limits["start"] == start]
        if rows.empty:
            continue
        x = beside_students(rows, start)
        look: dict[str, Any] = {"color": mark.colour, "marker": mark.marker, "linestyle": "none"}
        axes.plot(x, rows["limit"], **look, fillstyle="none", markersize=7)
        axes.plot(x, rows["continued"], **look, markersize=3)
        handles.append(legend_line(label, **look))
    least = simplex_valleys.groupby("n")["scaled_loss"].max()
    least = least[least.index.isin(single_teacher_limits["n"])]
    axes.hlines(least, least.index - 0.45, least.index + 0.45, color="0.3", linestyle="--")
    handles.append(legend_line("equal shares, least c", color="0.3", linestyle="--"))
    axes.set(yscale="log", xlabel="student neurons n", ylabel="F t³ and 1/(27 c²)")
    axes.set_xticks(sorted(single_teacher_limits["n"].unique()))
    legend_above(figure, handles, columns=4)
    error = np.abs(single_teacher_limits["continued"] / single_teacher_limits["limit"] - 1)
    finding = (
        f"In {counted(len(error), 'run')} F t³, continued, is 1/(27 c²) but for "
        f"{100 * error.median():.2g} % in the median and {100 * error.max():.2g} % at most."
    )
    return Plot(figure, single_teacher_limits[COLUMNS], finding)
