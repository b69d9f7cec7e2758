"""Splitting one neuron of a symmetric minimum: negative curvature at any k, and where it leads."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from relu_landscape.figures.style import (
    BLUE,
    NONE_FOUND,
    ORANGE,
    PAGE_WIDTH,
    SMALLEST_TEXT,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    figure,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.symmetry.figures.style import (
    GUIDE,
    Fill,
    family_name,
    fill_handles,
    mark_families,
    rows_of,
    wide_teacher_axis,
)

CLASSES: Mapping[int, str] = MappingProxyType(
    {
        0: "class 0: one of the k \N{MINUS SIGN} m alike",
        1: "class 1: one of the m others",
    }
)
SPLIT_COLUMNS = [
    *("family", "m", "k", "neuron_class", "neurons", "irrep"),
    *("split_eigenvalue", "negative_curvature", "scaled_curvature"),
]
FATE = ["after", "family", "m", "neuron_class", "k"]
FATE_COLUMNS = [*FATE, "landing", "descents"]
AFTER: Mapping[str, str] = MappingProxyType(
    {"one": "after one split, n = k + 1", "two": "after a second split, n = k + 2"}
)
MOST_TEACHERS = 5  # columns of a panel of the fate map
FEWEST_COLUMNS = 3  # and rows, for which there is room, so that a single cell is no wall
FEWEST_ROWS = 5
CELL = 0.9  # width of a cell of the map, of the distance between cells
NARROWEST_NAMED = 0.15  # share of a cell that has room for a number


LANDINGS: Mapping[str, Fill] = MappingProxyType(
    {
        "global": Fill("global minimum", BLUE, ""),
        "spurious": Fill("spurious critical point", ORANGE, "////"),
        "unfinished": Fill("unfinished", "0.6", "xxxx"),
    }
)
"""Where descent can lead, in the order in which bars are stacked."""


def _draw_curvatures(
    upper: Axes, lower: Axes, rows: pd.DataFrame, marks: Mapping[tuple[str, int], Mark]
) -> None:
    """Minus the smallest eigenvalue against k, below it times the root of k."""
    for (family, m), mark in marks.items():
        found = rows_with(rows, family=family, m=m)
        # A split that does not make a saddle has no place on a logarithmic axis.
        seen = found[found["negative_curvature"] > 0.0]
        for axes, quantity in ((upper, "negative_curvature"), (lower, "scaled_curvature")):
            axes.plot(
                seen["k"],
                seen[quantity],
                color=mark.colour,
                marker=mark.marker,
                linestyle=mark.line,
                markersize=3.2,
            )
    missed = int((rows["negative_curvature"] <= 0.0).sum())
    if missed:
        lower.text(0.97, 0.03, f"{missed} no saddle", transform=lower.transAxes, ha="right")
    teachers = sorted(set(rows["k"]))
    k = np.array(teachers, dtype=np.float64)
    above = 1.7 * float(rows.loc[rows["k"] == teachers[-1], "scaled_curvature"].max())
    upper.plot(k, above / np.sqrt(k), **GUIDE)
    upper.set_yscale("log")
    upper.yaxis.set_minor_locator(NullLocator())
    for axes in (upper, lower):
        wide_teacher_axis(axes, teachers)
    upper.set_xlabel("")
    upper.tick_params(labelbottom=False)


def _eigenvalue_finding(rows: pd.DataFrame) -> str:
    """How many splits make a saddle, and how the eigenvalue vanishes at the largest k."""
    saddles = int((rows["negative_curvature"] > 0.0).sum())
    last = rows[rows["k"] == rows["k"].max()]
    low, high = last["scaled_curvature"].min(), last["scaled_curvature"].max()
    return (
        f"{saddles} of {len(rows)} splits in halves make strict saddles; at k = "
        f"{last['k'].iloc[0]:,} minus the smallest eigenvalue times √k is {low:.3g} to {high:.3g}."
    )


@figure
def split_eigenvalues(family_splits: pd.DataFrame) -> Plot:
    """Minus the smallest Hessian eigenvalue after one neuron of a family is split in halves.

    Caption:
        What splitting one neuron into two halves does to the symmetric critical points, in profile
        **{profile}**: minus the smallest Hessian eigenvalue that the split adds, twice the smallest
        eigenvalue of the inner Hessian of that neuron, against k. On the left a neuron of the k − m
        alike is split, on the right one of the m others. The eigenvalue is negative at every k, so
        every split point is a strict saddle, but it vanishes like k to the power −1/2 (dotted
        slope). The lower panels show it times √k, which tends to a constant.

    It is twice the smallest eigenvalue of A_i, negative at every k, and vanishes like k^{-1/2};
    the lower panels show it times the root of k.

    Returns:
        The figure, and one row a mark: family, m, k, neuron_class, neurons, irrep,
        split_eigenvalue (that of the halves), negative_curvature (minus it), scaled_curvature
        (times the root of k).

    Source: AF22 and S21 Theorem 16; the rate is derived.
    """
    exact = family_splits[
        (family_splits["extra"] == 0) & family_splits["neuron_class"].isin(list(CLASSES))
    ]
    if exact.empty:
        return empty_plot(family_splits, SPLIT_COLUMNS)
    marks = mark_families(exact)
    rows = rows_of(exact, marks).sort_values(
        ["family", "m", "neuron_class", "k"], ignore_index=True
    )
    rows["split_eigenvalue"] = 2.0 * rows["inner_smallest_eigenvalue"]
    rows["negative_curvature"] = -rows["split_eigenvalue"]
    rows["scaled_curvature"] = np.sqrt(rows["k"]) * rows["negative_curvature"]
    figure = Figure(figsize=(PAGE_WIDTH, 4.4), layout="constrained")
    grid = figure.subplots(2, len(CLASSES), sharey="row", height_ratios=(1.4, 1))
    for (upper, lower), (neuron_class, title) in zip(grid.T, CLASSES.items(), strict=True):
        upper.set_title(title)
        here = rows[rows["neuron_class"] == neuron_class]
        if here.empty:
            explain_empty(upper, NONE_FOUND)
            lower.set_visible(False)
        else:
            _draw_curvatures(upper, lower, here, marks)
    grid[1, 0].set_ylim(0.0, 1.1 * max(0.0, float(rows["scaled_curvature"].max())) or 1.0)
    grid[0, 0].set_ylabel("\N{MINUS SIGN}smallest eigenvalue λ\nafter splitting in halves")
    grid[1, 0].set_ylabel("\N{MINUS SIGN}λ √k")
    figure.align_ylabels(grid[:, 0])
    handles: list[Artist] = [
        legend_line(
            family_name(family, m),
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.2,
        )
        for (family, m), mark in marks.items()
    ]
    handles.append(legend_line("slope \N{MINUS SIGN}1/2", **GUIDE))
    legend_above(figure, handles, columns=8)
    return Plot(figure, rows[SPLIT_COLUMNS], _eigenvalue_finding(rows))


def _count_fates(fates: pd.DataFrame) -> pd.DataFrame:
    """Number of descents of each class of neurons and k that land where, by splits so far."""
    after = np.where(fates["second_neuron"] < 0, "one", "two")
    counts = fates.assign(after=after).groupby([*FATE, "landing"], as_index=False).size()
    return counts.rename(columns={"size": "descents"})


def _draw_cell(axes: Axes, column: int, row: int, counts: Mapping[str, int]) -> None:
    """One bar as wide as the cell, divided by where the descents landed, with their numbers."""
    total = sum(counts.values())
    left = column - CELL / 2
    for landing, fill in LANDINGS.items():
        width = CELL * counts.get(landing, 0) / total
        if not width:
            continue
        axes.barh(
            row,
            width,
            left=left,
            height=0.8,
            color=fill.colour,
            hatch=fill.hatch,
            edgecolor="white",
            linewidth=0.3,
        )
        if width >= NARROWEST_NAMED * CELL:
            axes.text(
                left + width / 2,
                row,
                str(counts[landing]),
                ha="center",
                va="center",
                fontsize=SMALLEST_TEXT,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6},
            )
        left += width


def _draw_fates(
    axes: Axes,
    counts: pd.DataFrame,
    classes: Sequence[tuple[str, int, int]],
    teachers: Sequence[int],
) -> None:
    """One cell a class of neurons (row) and k (column)."""
    for row, (family, m, neuron_class) in enumerate(classes):
        for column, k in enumerate(teachers):
            cell = rows_with(counts, family=family, m=m, neuron_class=neuron_class, k=k)
            if not cell.empty:
                landed = dict(zip(cell["landing"], cell["descents"], strict=True))
                _draw_cell(axes, column, row, landed)
    margin = 0.6 + 0.25 * max(0, FEWEST_COLUMNS - len(teachers))
    axes.set_xlim(-margin, len(teachers) - 1 + margin)
    axes.set_ylim(len(classes) - 0.4, -0.6)
    axes.set_xticks(range(len(teachers)), [str(k) for k in teachers])
    axes.set_yticks(
        range(len(classes)),
        [
            family_name(family, m) + (f", class {neuron_class}" if m else "")
            for family, m, neuron_class in classes
        ],
    )
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    axes.set_xlabel("teacher neurons k")


def _fate_finding(data: pd.DataFrame) -> str:
    """How many descents reach a global minimum after one split, and after two."""
    parts = []
    for after, title in AFTER.items():
        landed = data[data["after"] == after].groupby("landing")["descents"].sum()
        if len(landed):
            when = title.partition(",")[0]
            parts.append(f"{landed.get('global', 0)} of {landed.sum()} {when}")
    return f"Descents that reach a global minimum: {', '.join(parts)}."


@leading_figure
def family_fates(family_fates: pd.DataFrame) -> Plot:
    """Where descent leads after a neuron of a symmetric minimum is split, and after a second split.

    Caption:
        Where descent leads after one neuron of a symmetric minimum is split and pushed both ways
        along its direction of negative curvature, in profile **{profile}**. Rows are families and
        classes of neurons, class 0 the k − m alike and class 1 the m others; the numbers count
        descents. On the right, the same after a second split, of each neuron up to symmetry, of the
        spurious critical points at which the first descents ended. A cell is empty where there was
        none to split.

    Both signs of the push count; the second splits are those of each row, up to symmetry, of the
    spurious points that the first descents reached.

    Returns:
        The figure, and one row a part of a bar: after (one or two splits), family, m,
        neuron_class, k, landing, descents.

    Source: AF22, S21; the descents go beyond what the papers report.
    """
    if family_fates.empty:
        return empty_plot(family_fates, FATE_COLUMNS)
    teachers = evenly_spread(sorted(set(family_fates["k"])), MOST_TEACHERS)
    data = _count_fates(family_fates[family_fates["k"].isin(teachers)])
    classes = sorted(set(data[["family", "m", "neuron_class"]].itertuples(index=False, name=None)))
    size = (PAGE_WIDTH, 1.05 + 0.2 * max(len(classes), FEWEST_ROWS))
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(1, len(AFTER), sharey=True)
    for axes, (after, title) in zip(panels, AFTER.items(), strict=True):
        counts = data[data["after"] == after]
        axes.set_title(title)
        if counts.empty:
            # The axis of classes is shared: it keeps its ticks.
            axes.text(0.5, 0.5, NONE_FOUND, transform=axes.transAxes, ha="center", color="0.4")
            axes.set_xticks([])
            axes.tick_params(length=0)
            axes.spines[:].set_visible(False)
        else:
            _draw_fates(axes, counts, classes, teachers)
    legend_above(figure, fill_handles(LANDINGS, data["landing"]), columns=3)
    return Plot(figure, data[FATE_COLUMNS], _fate_finding(data))
