"""Symmetric families whose members are proved minima."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    Mark,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.certificates.figures.style import CROSS
from relu_landscape.studies.symmetry.figures.style import (
    FAMILY,
    GUIDE,
    family_name,
    mark_families,
    wide_teacher_axis,
)

GLOBAL_EIGENVALUE = 0.25 - 0.5 / np.pi  # S21 Theorem 3
FAMILY_COLUMNS = [
    *("family", "m", "extra", "k", "proved", "hessian_lower"),
    *("loss_lower", "loss_upper", "box_radius", "location_radius", "bits"),
]
HOLLOW_EXTRAS: Sequence[dict[str, Any]] = (
    {"linestyle": "-", "fillstyle": "full", "markersize": 3.6},
    {"linestyle": "--", "fillstyle": "none", "markersize": 5.0, "markeredgewidth": 0.8},
    {"linestyle": ":", "fillstyle": "none", "markersize": 7.0, "markeredgewidth": 0.8},
)
"""Looks of the lines of a family at n = k, n = k + 1 and beyond."""
OTHER_MARKERS = ("P", "*", "h", "p", "<", ">")
"""Markers, in grey, of the families that have no mark in the other figures."""

MARK_SPACING = 0.008  # of the diagonal of the axes: thousands of marks at large k are one band
UPPER_HEIGHT, ROW_HEIGHT = 2.8, 0.17  # inches, of the bounds and of a row of crosses


def _family_marks(rows: pd.DataFrame) -> dict[tuple[str, int], Mark]:
    """Every family with the mark that it has in the other figures, or else a grey one."""
    marks = mark_families(rows)
    ordered = sorted({(str(family), int(m)) for family, m in rows[FAMILY].to_numpy()})
    others = [name for name in ordered if name not in marks]
    for index, name in enumerate(others):
        marks[name] = Mark("0.45", OTHER_MARKERS[index % len(OTHER_MARKERS)], "-")
    return {name: marks[name] for name in ordered}


def _draw_families(axes: Axes, rows: pd.DataFrame) -> list[Artist]:
    """One line a family; returns the legend."""
    handles: list[Artist] = []
    for (family, m), mark in _family_marks(rows).items():
        members = rows_with(rows, family=family, m=m)
        for extra in sorted({int(extra) for extra in members["extra"]}):
            shown = members[(members["extra"] == extra) & members["proved"]]
            look = HOLLOW_EXTRAS[min(extra, len(HOLLOW_EXTRAS) - 1)]
            look = look | {"color": mark.colour, "marker": mark.marker, "linewidth": 0.9}
            axes.plot(shown["k"], shown["hessian_lower"], markevery=MARK_SPACING, **look)
            handles.append(legend_line(family_name(family, m, extra), **look))
    return handles


def _draw_missing(axes: Axes, missing: pd.DataFrame) -> None:
    """A row of crosses for each family with points that were not proved."""
    families = missing[[*FAMILY, "extra"]].drop_duplicates().to_numpy()  # in order, as the rows
    names = []
    for place, (family, m, extra) in enumerate(families):
        teachers = rows_with(missing, family=family, m=m, extra=extra)["k"]
        axes.plot(teachers, np.full(len(teachers), place), color=INK, **CROSS)
        names.append(family_name(family, m, extra))
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylabel("not proved")


@figure
def proved_families(certified_families: pd.DataFrame) -> Plot:
    """Proved eigenvalue bound of the symmetric families of spurious minima against k.

    Caption:
        Proved lower bound of the smallest Hessian eigenvalue of the symmetric families A, I and II
        at every k that was tried, in profile **{profile}**. Each mark is a certificate of a
        spurious strict local minimum for every number of inputs d ≥ k, through the reduced problem,
        whose size does not grow with k. Filled marks have n = k, hollow ones n > k; crosses below,
        a row a family, are points that were not proved to be minima. The dotted line is the
        smallest eigenvalue at the global minimum of n = k (Safran, Yehudai and Shamir 2021, Theorem
        3).

    Returns:
        The figure, and one row a point: family, m, extra, k, proved, lower bound of the Hessian,
        bounds of the loss, radii of the box and of the location, bits; bounds and radii are empty
        where nothing was proved.

    Source: S21 Theorem 3 for the eigenvalue at the global minimum.
    """
    if not certified_families["proved"].any():
        return empty_plot(certified_families, FAMILY_COLUMNS)
    data = certified_families.sort_values([*FAMILY, "extra", "k"])[FAMILY_COLUMNS]
    missing = data[~data["proved"]]
    rows = len(missing[[*FAMILY, "extra"]].drop_duplicates())
    heights = (UPPER_HEIGHT, ROW_HEIGHT * rows) if rows else (UPPER_HEIGHT,)
    figure = Figure(figsize=(PAGE_WIDTH, 0.9 + sum(heights)), layout="constrained")
    axes, *below = figure.subplots(
        len(heights), sharex=True, height_ratios=heights, squeeze=False
    ).ravel()
    axes.axhline(GLOBAL_EIGENVALUE, **GUIDE)
    axes.set_ylim(0.0, 1.15 * max(GLOBAL_EIGENVALUE, float(data["hessian_lower"].max())))
    axes.set_ylabel("proved lower bound of the\nsmallest Hessian eigenvalue")
    handles = _draw_families(axes, data)
    for panel in below:
        _draw_missing(panel, missing)
    lowest = figure.axes[-1]
    wide_teacher_axis(lowest, sorted({int(k) for k in data["k"]}))
    figure.align_ylabels()
    handles.append(legend_line("1/4 \N{MINUS SIGN} 1/(2π)", **GUIDE))
    legend_above(figure, handles, columns=6)
    return Plot(figure, data)
