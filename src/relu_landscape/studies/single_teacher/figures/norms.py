"""Norms of the students at the end of descent from small starts and from others."""

from typing import Any

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
from relu_landscape.studies.single_teacher.figures.marks import STARTS, beside_students

COLUMNS = ["start", "n", "run", "least", "largest"]


@figure
def single_teacher_norms(single_teacher_descents: pd.DataFrame) -> Plot:
    """Least and largest norm of the students of a single teacher at the end of descent.

    Caption:
        From the least to the largest norm of the students at the end of descent on a single
        teacher, in units of its length over the number of students n, one bar a run, from starts of
        N(0, 1/d) and from the same directions at a far smaller length, in profile **{profile}**.
        Balanced students end on the dotted line.

    Returns:
        The figure, and one row a run: start, n, run, least and largest n |w_i|.
    """
    rows = single_teacher_descents
    rows = rows[(rows["k"] == 1) & (rows["n"] > 1)]
    rows = rows[rows["iteration"] == rows["iteration"].max()]
    if rows.empty:
        return empty_plot(rows, COLUMNS)
    data = rows.assign(
        least=rows["n"] * rows["least_norm"], largest=rows["n"] * rows["largest_norm"]
    )[COLUMNS]
    figure = Figure(figsize=(PAGE_WIDTH, 2.8), layout="constrained")
    axes = figure.subplots()
    handles, said = [], []
    for start, (label, mark) in STARTS.items():
        runs = data[data["start"] == start]
        if runs.empty:
            continue
        x = beside_students(runs, start)
        axes.vlines(x, runs["least"], runs["largest"], color=mark.colour, linewidth=1.0)
        look: dict[str, Any] = {"color": mark.colour, "marker": mark.marker, "markersize": 3}
        for end in ("least", "largest"):
            axes.plot(x, runs[end], **look, linestyle="none")
        handles.append(legend_line(label, **look))
        said.append(f"{runs['least'].min():.2g}/n to {runs['largest'].max():.2g}/n {label}")
    axes.axhline(1.0, color="0.3", linewidth=0.7, linestyle=":")
    axes.set(yscale="log", xlabel="student neurons n", ylabel="n |wᵢ|, least to largest")
    axes.set_xticks(sorted(data["n"].unique()))
    legend_above(figure, handles, columns=4)
    return Plot(figure, data, f"The norms of the students end at {', at '.join(said)}.")
