"""Minima that are proved."""

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
    SERIES,
    SMALLEST_TEXT,
    Mark,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
    students,
    teacher_axis,
)
from relu_landscape.studies.certificates.figures.style import (
    CROSS,
    CROSS_HEIGHT,
    at_bottom,
    leave_strip,
    shifted,
    tick_in_decades,
)

CLASS = ["k", "n", "class_id"]
MINIMA_COLUMNS = [
    *CLASS,
    *("loss_lower", "loss_upper", "hessian_lower"),
    *("box_radius", "location_radius", "splits", "splits_proved", "bits"),
]
RING: dict[str, Any] = {"fillstyle": "none", "markersize": 8.5, "markeredgewidth": 0.8}
PAIR_CROSS: dict[str, Any] = CROSS | {"color": INK, "markersize": 8.5}
APART = 4.0  # points between marks of neighbouring n - k at one k


def _mark_of(extra: int) -> Mark:
    """Mark of n = k + extra: that of style.OVERPARAMETERISATION for extra <= 2."""
    return SERIES[min(extra, len(SERIES) - 1)]


def _draw_minima(
    axes: Axes, classes: pd.DataFrame, pairs: pd.DataFrame, quantity: str, extras: Sequence[int]
) -> None:
    """Proved classes as filled marks, the pairs as larger hollow ones, side by side by n - k."""
    for place, extra in enumerate(extras):
        mark = _mark_of(extra)
        shift = APART * (place - 0.5 * (len(extras) - 1))
        for rows, look in ((classes, {"markersize": 3.8}), (pairs, RING)):
            shown = rows[rows["n"] - rows["k"] == extra]
            (line,) = axes.plot(
                shown["k"],
                shown[quantity],
                color=mark.colour,
                marker=mark.marker,
                linestyle="none",
                **look,
            )
            # Only now: the limits of the panel follow from the unshifted marks.
            line.set_transform(shifted(axes, axes.transData, shift))


def _draw_unproved(axes: Axes, classes: pd.DataFrame, pairs: pd.DataFrame) -> None:
    """Crosses at the bottom: how many classes of each k were not proved, and which pairs."""
    leave_strip(axes)
    bottom = at_bottom(axes)
    counts = classes.groupby("k").size()
    heights = np.full(len(counts), CROSS_HEIGHT)
    axes.plot(counts.index, heights, transform=bottom, color=INK, **CROSS)
    for k, count in counts.items():
        axes.annotate(
            str(count),
            xy=(float(str(k)), CROSS_HEIGHT),
            xycoords=bottom,
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=SMALLEST_TEXT,
        )
    axes.plot(pairs["k"], np.full(len(pairs), CROSS_HEIGHT), transform=bottom, **PAIR_CROSS)


def _minima_handles(
    extras: Sequence[int], pairs: pd.DataFrame, no_class: pd.DataFrame, no_pair: pd.DataFrame
) -> list[Artist]:
    """Legend of the marks that occur."""
    handles: list[Artist] = [
        legend_line(
            f"proved, {students(extra)}",
            color=_mark_of(extra).colour,
            marker=_mark_of(extra).marker,
            linestyle="none",
        )
        for extra in extras
    ]
    if not pairs.empty:
        label = "pair (k, n) of the 2018 theorem"
        handles.append(legend_line(label, color="0.4", marker="o", linestyle="none", **RING))
    if not no_class.empty:
        handles.append(legend_line("classes not proved, number", color=INK, **CROSS))
    if not no_pair.empty:
        handles.append(legend_line("pair not proved", **PAIR_CROSS))
    return handles


def _finding(
    proved: pd.DataFrame, no_class: pd.DataFrame, proved_pairs: pd.DataFrame, pairs: pd.DataFrame
) -> str:
    """How many classes and pairs are proved, and the least of what is proved of them."""
    bounds = pd.concat([proved["hessian_lower"], proved_pairs["hessian_lower"]])
    return (
        f"{len(proved)} of {len(proved) + len(no_class)} classes of spurious minima and "
        f"{len(proved_pairs)} of {len(pairs)} pairs (k, n) of the 2018 theorem are proved, with "
        f"curvature of at least {bounds.min():.2g}."
    )


@leading_figure
def proved_minima(
    certified_classes: pd.DataFrame, certified_pairs: pd.DataFrame, curvature: pd.DataFrame
) -> Plot:
    """Proved eigenvalue bound and loss of every class of minima that has a certificate, against k.

    Caption:
        Every class of spurious local minima of the main study that has a certificate, against k, in
        profile **{profile}**. Above, the proved lower bound of the smallest Hessian eigenvalue over
        a box that contains the minimum; below, the proved lower bound of the loss, which is above
        zero. Each proof is in ball arithmetic and holds for every number of inputs d ≥ k. Larger
        hollow marks are the pairs (k, n) of the theorem of Safran and Shamir (2018). Crosses at the
        bottom with a number count the classes of that k that were not proved, larger crosses are
        pairs not proved; classes that float arithmetic sees as saddles are left out.

    Returns:
        The figure, and one row a proved class: k, n, class_id, bounds of the loss, lower bound of
        the Hessian, radii of the box and of the location, splits, splits_proved, bits. The pairs
        and what was not proved stand in their tables alone.

    Source: S18 Theorem 1 for the pairs.
    """
    proved, proved_pairs = (
        rows_with(certified_classes, proved=True),
        rows_with(certified_pairs, proved=True),
    )
    if proved.empty and proved_pairs.empty:
        return empty_plot(
            certified_pairs if certified_classes.empty else certified_classes, MINIMA_COLUMNS
        )
    # Where float arithmetic sees a saddle there is no minimum to be proved.
    kinds = curvature[[*CLASS, "kind"]]
    no_class = rows_with(certified_classes, proved=False).merge(kinds, on=CLASS, how="left")
    no_class = no_class[no_class["kind"] != "saddle"]
    no_pair = rows_with(certified_pairs, proved=False)
    columns = ["k", "n", "loss_lower", "hessian_lower"]
    marks = pd.concat([proved[columns], proved_pairs[columns]])
    extras = sorted({int(extra) for extra in marks["n"] - marks["k"]})
    figure = Figure(figsize=(PAGE_WIDTH, 4.8), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(1.25, 1.0))
    upper.set_yscale("log")
    for axes, quantity in ((upper, "hessian_lower"), (lower, "loss_lower")):
        _draw_minima(axes, proved, proved_pairs, quantity, extras)
        axes.margins(y=0.08)
    tick_in_decades(upper.yaxis, marks["hessian_lower"])
    if not (no_class.empty and no_pair.empty):
        _draw_unproved(upper, no_class, no_pair)
    drawn = pd.concat([marks["k"], no_class["k"], no_pair["k"]])
    teacher_axis(lower, sorted({int(k) for k in drawn}))
    upper.tick_params(labelbottom=False)
    upper.set_ylabel("proved lower bound of the\nsmallest Hessian eigenvalue")
    lower.set_ylabel("proved lower bound\nof the loss F")
    figure.align_ylabels([upper, lower])
    legend_above(figure, _minima_handles(extras, proved_pairs, no_class, no_pair), columns=3)
    finding = _finding(proved, no_class, proved_pairs, certified_pairs)
    return Plot(figure, proved.sort_values(CLASS)[MINIMA_COLUMNS], finding)
