"""Where restarts end, against the number of students."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    rows_with,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.fewer_students.figures.style import BRANCHES, branch_name
from relu_landscape.studies.symmetry.figures.style import Fill, draw_stack, fill_handles

COLUMNS = ["k", "n", "end", "restarts", "share"]
_MOST_PANELS = 4
_MOST_LABELS = 32  # numbers of students that can be read in one row
_FILLS = {
    **{
        branch: Fill(branch_name(branch), mark.colour, hatch)
        for (branch, mark), hatch in zip(BRANCHES.items(), ("", "//"), strict=True)
    },
    "other": Fill("another point", SERIES[3].colour, "xx"),
    "unfinished": Fill("not converged", "0.75", ".."),
}


def _rows(ends: pd.DataFrame) -> pd.DataFrame:
    """One row a size and kind of end that occurs."""
    counts = ends.groupby(["k", "n", "end"]).size().rename("restarts").reset_index()
    total = counts.groupby(["k", "n"])["restarts"].transform("sum")
    return counts.assign(share=counts["restarts"] / total)[COLUMNS]


def _draw(axes: Axes, rows: pd.DataFrame, step: int) -> None:
    """Stacked shares against n, of which every so many have their number."""
    shares = rows.pivot_table(index="n", columns="end", values="share", observed=True)
    places = pd.RangeIndex(len(shares)).to_numpy(dtype=float)
    draw_stack(axes, places, 0.0 * places + 0.8, shares, _FILLS)
    axes.set_xticks(places[::step], [str(n) for n in shares.index[::step]])
    axes.set_title(f"k = {rows['k'].iloc[0]}")
    axes.set_xlabel("students n")
    axes.set_ylim(0, 1)


def _finding(rows: pd.DataFrame) -> str:
    """How many restarts ended at either point, and how many elsewhere."""
    counts = rows.groupby("end")["restarts"].sum()
    total = int(counts.sum())
    parts = [
        f"{int(counts[kind])} at {name}"
        for kind, name in (
            ("copy_average", "the copy-average"),
            ("perturbed_copy", "the perturbed copy"),
            ("other", "another point"),
        )
        if kind in counts
    ]
    late = int(counts.get("unfinished", 0))
    return f"Ends of {counted(total, 'run')}: {', '.join(parts)}; {late} did not converge."


@figure
def end_shares(few_student_ends: pd.DataFrame) -> Plot:
    """Shares of restarts that end at either point, by n.

    Caption:
        Where gradient descent ends from starts N(0, 1/k) with n < k students, for the ReLU with
        outputs 1 in profile **{profile}**: at the copy-average, where one student stands for
        several teachers, at the perturbed copy, where each stands for one, or at another critical
        point. With one student the first two are the same. A run stops where the gradient is small,
        which may be next to a saddle.

    Returns:
        The figure, and one row a size and kind of end: k, n, end, restarts, share.

    Source: Simsek et al. 2023 for the question; the restarts are ours.
    """
    if few_student_ends.empty:
        return empty_plot(few_student_ends, COLUMNS)
    rows = _rows(few_student_ends)
    shown = evenly_spread(sorted(set(rows["k"])), _MOST_PANELS)
    figure = Figure(figsize=(PAGE_WIDTH, 2.4), layout="constrained")
    widths = [max(3, rows_with(rows, k=k)["n"].nunique()) for k in shown]
    panels = figure.subplots(1, len(shown), squeeze=False, sharey=True, width_ratios=widths)[0]
    for axes, k in zip(panels, shown, strict=True):
        _draw(axes, rows_with(rows, k=k), 1 + sum(widths) // _MOST_LABELS)
    panels[0].set_ylabel("share of restarts")
    legend_above(figure, fill_handles(_FILLS, set(rows["end"])), columns=4)
    return Plot(figure, rows, _finding(rows))
