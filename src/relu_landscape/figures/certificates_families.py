"""Symmetric families whose members are proved minima."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from relu_landscape.figures.certificates_style import (
    CROSS,
    CROSS_HEIGHT,
    STRIP,
    at_bottom,
    leave_strip,
)
from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    Arrays,
    Mark,
    Plot,
    Tables,
    empty_plot,
    in_house_style,
    legend_above,
    legend_line,
    take,
    where,
)
from relu_landscape.figures.symmetry_style import (
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
LARGER_CROSS = 6.0  # points, of families with n > k


def _family_marks(rows: pd.DataFrame) -> dict[tuple[str, int], Mark]:
    """Every family with the mark that it has in the other figures, or else a grey one."""
    marks = mark_families(rows)
    ordered = sorted({(str(family), int(m)) for family, m in rows[FAMILY].to_numpy()})
    others = [name for name in ordered if name not in marks]
    for index, name in enumerate(others):
        marks[name] = Mark("0.45", OTHER_MARKERS[index % len(OTHER_MARKERS)], "-")
    return {name: marks[name] for name in ordered}


def _draw_families(axes: Axes, rows: pd.DataFrame) -> list[Artist]:
    """One line a family, crosses in its colour where it was not proved; returns the legend."""
    handles: list[Artist] = []
    failing: list[tuple[pd.Series, dict[str, Any]]] = []
    for (family, m), mark in _family_marks(rows).items():
        members = where(rows, family=family, m=m)
        for extra in sorted({int(extra) for extra in members["extra"]}):
            line = members[members["extra"] == extra]
            shown = line[line["proved"]]
            look = HOLLOW_EXTRAS[min(extra, len(HOLLOW_EXTRAS) - 1)]
            look = look | {"color": mark.colour, "marker": mark.marker, "linewidth": 0.9}
            axes.plot(shown["k"], shown["hessian_lower"], markevery=MARK_SPACING, **look)
            handles.append(legend_line(family_name(family, m, extra), **look))
            missing = line.loc[~line["proved"], "k"]
            if not missing.empty:
                cross = CROSS | {"color": mark.colour, "markersize": LARGER_CROSS if extra else 4.0}
                failing.append((missing, cross))
    if failing:
        leave_strip(axes)
        handles.append(legend_line("not proved", color=INK, **CROSS))
    # Above one another, so that none hides another at the same k.
    heights: NDArray[np.float64] = CROSS_HEIGHT + np.linspace(
        0.0, STRIP - 2.0 * CROSS_HEIGHT, max(2, len(failing))
    )
    for height, (missing, cross) in zip(heights, failing, strict=False):
        level = np.full(len(missing), height)
        axes.plot(missing, level, transform=at_bottom(axes), **cross)
    return handles


@in_house_style
def proved_families(
    tables: Tables,
    arrays: Arrays,  # noqa: ARG001 -- one signature for all figures
    published: Tables,  # noqa: ARG001
) -> Plot:
    """Proved eigenvalue bound of the symmetric families of spurious minima against k.

    Args:
        tables: `certified_families`, one row a point of a family.
        arrays: nothing is used.
        published: nothing is used.

    Returns:
        The figure, and one row a point: family, m, extra, k, proved, lower bound of the Hessian,
        bounds of the loss, radii of the box and of the location, bits; bounds and radii are empty
        where nothing was proved.

    Raises:
        ValueError: if the table was not given.

    Source: S21 Theorem 3 for the eigenvalue at the global minimum.
    """
    families = take(tables, "certified_families")
    if not families["proved"].any():
        return empty_plot(families, FAMILY_COLUMNS)
    data = families.sort_values([*FAMILY, "extra", "k"])[FAMILY_COLUMNS]
    figure = Figure(figsize=(PAGE_WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.axhline(GLOBAL_EIGENVALUE, **GUIDE)
    axes.set_ylim(0.0, 1.15 * max(GLOBAL_EIGENVALUE, float(data["hessian_lower"].max())))
    handles = _draw_families(axes, data)
    # Below zero there are crosses, not values.
    ticks = MaxNLocator(nbins=6).tick_values(0.0, axes.get_ylim()[1])
    axes.set_yticks([tick for tick in ticks if 0.0 <= tick <= axes.get_ylim()[1]])
    axes.axhline(0.0, color=INK, linewidth=0.5)
    wide_teacher_axis(axes, sorted({int(k) for k in data["k"]}))
    axes.set_ylabel("proved lower bound of the\nsmallest Hessian eigenvalue")
    handles.append(legend_line("1/4 \N{MINUS SIGN} 1/(2π)", **GUIDE))
    legend_above(figure, handles, columns=6)
    return Plot(figure, data)
