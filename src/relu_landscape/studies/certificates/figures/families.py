"""Symmetric families whose members are proved minima."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.certificates.outcome import FailureReason
from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    SMALLEST_TEXT,
    VERMILION,
    Mark,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.global_minima.members import STRONG_CONVEXITY
from relu_landscape.studies.certificates.figures.style import CROSS
from relu_landscape.studies.symmetry.figures.style import (
    FAMILY,
    GUIDE,
    family_name,
    mark_families,
    wide_teacher_axis,
)

MEMBER = [*FAMILY, "extra"]
FAMILY_COLUMNS = [
    *(*MEMBER, "k", "proved", "reason", "hessian_lower"),
    *("loss_lower", "loss_upper", "box_radius", "location_radius", "bits"),
]
HOLLOW_EXTRAS: Sequence[dict[str, Any]] = (
    {"linestyle": "-", "fillstyle": "full", "markersize": 3.6},
    {"linestyle": "--", "fillstyle": "none", "markersize": 4.5, "markeredgewidth": 0.8},
    {"linestyle": ":", "fillstyle": "none", "markersize": 6.0, "markeredgewidth": 0.8},
)
"""Looks of the lines of a family at n = k, n = k + 1 and beyond."""
OTHER_MARKERS = ("P", "*", "h", "p", "<", ">")
"""Markers, in grey, of the families that have no mark in the other figures."""
AS_AT_A_SADDLE = "Hessian not positive definite, as at a saddle"
UNDECIDED = "not decided"
FAILURES: Mapping[str, dict[str, Any]] = MappingProxyType(
    {
        AS_AT_A_SADDLE: CROSS | {"color": INK},
        UNDECIDED: CROSS
        | {"color": VERMILION, "marker": "P", "markersize": 6.0, "markeredgewidth": 0.0},
    }
)
"""Looks of the points that are not proved minima, by what is known of them."""

TOGETHER = 0.25  # decades between ends of lines that have one label
MARK_SPACING = 0.012  # of the diagonal of the axes: thousands of marks at large k are one band
UPPER_HEIGHT, ROW_HEIGHT = 2.8, 0.17  # inches, of the bounds and of the row of a family


def _marks(rows: pd.DataFrame) -> dict[tuple[str, int, int], dict[str, Any]]:
    """How the members of each family with each number of further neurons are drawn.

    A family has the colour and marker that it has in the other figures, or else a grey one.
    """
    known = mark_families(rows)
    ordered = sorted({(str(family), int(m)) for family, m in rows[FAMILY].to_numpy()})
    others = [name for name in ordered if name not in known]
    for index, name in enumerate(others):
        known[name] = Mark("0.45", OTHER_MARKERS[index % len(OTHER_MARKERS)], "-")
    members = rows[MEMBER].drop_duplicates().sort_values(["extra", *FAMILY])
    return {
        (family, m, extra): HOLLOW_EXTRAS[min(extra, len(HOLLOW_EXTRAS) - 1)]
        | {"color": known[family, m].colour, "marker": known[family, m].marker}
        for family, m, extra in members.itertuples(index=False, name=None)
    }


def _draw_bounds(
    axes: Axes, rows: pd.DataFrame, marks: Mapping[tuple[str, int, int], dict[str, Any]]
) -> None:
    """One line a family of what is proved."""
    for (family, m, extra), look in marks.items():
        shown = rows_with(rows, family=family, m=m, extra=extra, proved=True)
        axes.plot(shown["k"], shown["hessian_lower"], linewidth=0.9, markevery=MARK_SPACING, **look)


def _label_ends(axes: Axes, rows: pd.DataFrame) -> None:
    """Name the lines of n > k at their ends; those that end together have one label.

    The lines of n = k have one limit, and are told apart below.
    """
    beyond = rows[rows["proved"] & (rows["extra"] > 0)]
    ends = beyond.sort_values("k").drop_duplicates(MEMBER, keep="last")
    height = np.log10(ends["hessian_lower"]).sort_values()
    together = (height.diff() > TOGETHER).cumsum().rename("together")
    for (k, _), group in ends.join(together).groupby(["k", "together"]):
        members = group.sort_values(["extra", *FAMILY])[MEMBER].itertuples(index=False, name=None)
        at_edge = k == rows["k"].max()
        axes.annotate(
            ", ".join(family_name(*member) for member in members),
            xy=(k, group["hessian_lower"].min()),
            xytext=(-4, -4) if at_edge else (7, 0),
            textcoords="offset points",
            ha="right" if at_edge else "left",
            va="top" if at_edge else "center",
            fontsize=SMALLEST_TEXT,
        )


def _draw_rows(
    axes: Axes, rows: pd.DataFrame, marks: Mapping[tuple[str, int, int], dict[str, Any]]
) -> None:
    """A row a family: its marks where it is proved a minimum, crosses where it is not."""
    for place, ((family, m, extra), look) in enumerate(marks.items()):
        members = rows_with(rows, family=family, m=m, extra=extra)
        proved = members.loc[members["proved"], "k"]
        line = look | {"linestyle": "none"}
        axes.plot(proved, np.full(len(proved), place), markevery=MARK_SPACING, **line)
        for kind, cross in FAILURES.items():
            failed = members.loc[members["failure"] == kind, "k"]
            axes.plot(failed, np.full(len(failed), place), **cross)
    axes.set_ylim(len(marks) - 0.4, -0.6)
    axes.set_yticks(range(len(marks)), [family_name(*member) for member in marks])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color="0.92", linewidth=0.6)
    axes.set_axisbelow(True)
    axes.set_ylabel("family")


def _finding(rows: pd.DataFrame) -> str:
    """How many points are proved minima, up to which k, and what is known of the others."""
    proved = rows[rows["proved"]]
    failed = rows["failure"].value_counts()
    finding = (
        f"{len(proved)} of {len(rows)} symmetric critical points, k up to {proved['k'].max():,}, "
        "are proved spurious minima"
    )
    if AS_AT_A_SADDLE in failed:
        finding += f"; at {failed[AS_AT_A_SADDLE]} the Hessian is not positive definite, as at a "
        finding += "saddle"
    if UNDECIDED in failed:
        finding += f"; {failed[UNDECIDED]} could not be decided"
    return f"{finding}."


@figure
def proved_families(certified_families: pd.DataFrame) -> Plot:
    """Proved eigenvalue bound of the symmetric families of spurious minima against k.

    Caption:
        Proved lower bound of the smallest Hessian eigenvalue of the symmetric families A, I and II
        at every k that was tried, in profile **{profile}**, both axes logarithmic. Each mark is a
        certificate of a spurious strict local minimum for every number of inputs d ≥ k, through the
        reduced problem, whose size does not grow with k. Filled marks have n = k, hollow ones
        n > k, as "+ 1" says in a name. Below, a row a family, every point that was tried: its marks
        where it is proved a minimum, thin crosses where the Hessian has an eigenvalue that is
        negative or too small to have a sign, as at a saddle, thick crosses where the proof failed
        otherwise, so that nothing is known. The dotted line is the smallest eigenvalue at the
        global minimum of n = k (Safran, Yehudai and Shamir 2021, Theorem 3).

    Returns:
        The figure, and one row a point: family, m, extra, k, proved, reason (why not), lower bound
        of the Hessian, bounds of the loss, radii of the box and of the location, bits; bounds and
        radii are empty where nothing was proved.

    Source: S21 Theorem 3 for the eigenvalue at the global minimum.
    """
    if not certified_families["proved"].any():
        return empty_plot(certified_families, FAMILY_COLUMNS)
    data = certified_families.sort_values([*MEMBER, "k"])[FAMILY_COLUMNS]
    like_saddle = data["reason"] == FailureReason.NOT_POSITIVE_DEFINITE
    failure = np.where(like_saddle, AS_AT_A_SADDLE, UNDECIDED)
    rows = data.assign(failure=np.where(data["proved"], "", failure))
    marks = _marks(data)
    heights = (UPPER_HEIGHT, ROW_HEIGHT * max(3, len(marks)))
    figure = Figure(figsize=(PAGE_WIDTH, 0.9 + sum(heights)), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=heights)
    upper.set_yscale("log")
    upper.axhline(STRONG_CONVEXITY, **GUIDE)
    upper.set_ylabel("proved lower bound of the\nsmallest Hessian eigenvalue")
    _draw_bounds(upper, data, marks)
    upper.margins(y=0.1)
    _label_ends(upper, data)
    _draw_rows(lower, rows, marks)
    wide_teacher_axis(lower, sorted({int(k) for k in data["k"]}))
    upper.tick_params(labelbottom=False)
    figure.align_ylabels()
    handles = [
        legend_line("proved, n = k", color="0.5", marker="o", **HOLLOW_EXTRAS[0]),
        legend_line("proved, n > k", color="0.5", marker="o", **HOLLOW_EXTRAS[1]),
        *(
            legend_line(kind, **look)
            for kind, look in FAILURES.items()
            if (rows["failure"] == kind).any()
        ),
        legend_line("1/4 \N{MINUS SIGN} 1/(2π)", **GUIDE),
    ]
    legend_above(figure, handles, columns=3)
    return Plot(figure, data, _finding(rows))
