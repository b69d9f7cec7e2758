"""Loss and smallest Hessian eigenvalue of the classes found, against k."""

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from relu_landscape.figures.style import (
    INK,
    NONE_FOUND,
    PAGE_WIDTH,
    PROVED,
    Arrays,
    Plot,
    empty_plot,
    explain_empty,
    figure,
    legend_above,
    legend_line,
    proved_handles,
    rows_with,
    students,
    teacher_axis,
)
from relu_landscape.global_minima.members import STRONG_CONVEXITY
from relu_landscape.judging.words import counted

AREA = 9.0  # square points, of a class: hundreds stay apart
COLOURS = "viridis_r"
FEWEST_COLOURS = 4  # so that the bar has whole numbers
PROTOCOL = "safran2018"


class Level(NamedTuple):
    """One quantity of a class and the column that published its mean."""

    column: str
    published: str
    label: str


LEVELS = (
    Level("loss", "mean_loss", "loss F"),
    Level(
        "smallest_eigenvalue", "mean_min_hessian_eigenvalue", "smallest eigenvalue\nof the Hessian"
    ),
)
KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "spurious_minimum": ("o", "spurious minimum"),
        "saddle": ("^", "saddle"),
        "undecided": ("X", "undecided"),
    }
)
"""Marker and legend of each kind of non-global class."""

MEAN: dict[str, Any] = {"color": INK, "marker": "_", "linestyle": "none", "markersize": 9}
PUBLISHED_MEAN: dict[str, Any] = {
    "color": INK,
    "marker": "D",
    "linestyle": "none",
    "markersize": 4.5,
    "fillstyle": "none",
}


def _pointing_away(classes: pd.DataFrame, representatives: Arrays) -> list[int]:
    """Neurons of each class that have a negative weight of largest size: m in II_m, k - m in I_m.

    Args:
        classes: rows with k, n, class_id, sorted by k and n.
        representatives: weights (classes, n, k) of each size.
    """
    away: list[int] = []
    for (k, n), ids in classes.groupby(["k", "n"])["class_id"]:
        weights = representatives[f"k{k}-n{n}"][ids]
        largest = np.abs(weights).argmax(axis=2, keepdims=True)
        away += (np.take_along_axis(weights, largest, axis=2) < 0).sum(axis=(1, 2)).tolist()
    return away


def _spurious_levels(curvature: pd.DataFrame, representatives: Arrays) -> pd.DataFrame:
    """Non-global classes of n = k and n = k + 1, one row a class and quantity."""
    if curvature.empty:
        return curvature
    extra = curvature["n"] - curvature["k"]
    shown = curvature[curvature["kind"].isin(list(KINDS)) & extra.isin([0, 1])]
    rows = shown.sort_values(["k", "n", "class_id"])
    long = rows.assign(pointing_away=_pointing_away(rows, representatives)).melt(
        id_vars=["k", "n", "class_id", "kind", "runs", "proved", "pointing_away"],
        value_vars=[level.column for level in LEVELS],
        var_name="quantity",
    )
    return long.assign(mark="class").sort_values(["quantity", "n", "k", "class_id"])


def _measured_means(levels: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    """Means over the runs of S18's protocol at spurious minima, as published means are taken."""
    if levels.empty or memberships.empty:
        return levels.iloc[:0]
    runs = memberships[memberships["search"] == PROTOCOL]
    minima = levels[levels["kind"] == "spurious_minimum"]
    spurious = minima[["k", "n", "class_id", "quantity", "value"]]
    reached = spurious.merge(runs[["k", "n", "class_id"]], on=["k", "n", "class_id"])
    grouped = reached.groupby(["k", "n", "quantity"], as_index=False)
    means = grouped.agg(value=("value", "mean"), runs=("value", "size"))
    return means.assign(mark="mean over runs")


def _published_means(levels: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Published means of the cases that were run."""
    names = {level.published: level.column for level in LEVELS}
    long = published.rename(columns=names).melt(
        id_vars=["k", "n", "runs"], value_vars=list(names.values()), var_name="quantity"
    )
    cases = levels[["k", "n"]].drop_duplicates()
    return long.dropna(subset="value").merge(cases, on=["k", "n"]).assign(mark="published mean")


def _draw_panel(axes: Axes, rows: pd.DataFrame, norm: Normalize) -> None:
    """One quantity at one n - k: classes by colour, means as bar and diamond."""
    for (kind, (marker, _)), proved in product(KINDS.items(), (True, False)):
        classes = rows_with(rows, mark="class", kind=kind)
        classes = classes[(classes["proved"] == PROVED) == proved]
        colours = colormaps[COLOURS](norm(classes["pointing_away"].to_numpy(np.float64)))
        axes.scatter(
            classes["k"],
            classes["value"],
            s=AREA,
            marker=marker,
            facecolor=colours if proved else "none",
            edgecolor=colours,
            linewidth=0.7,
        )
    means = rows[rows["mark"] == "mean over runs"]
    known = rows[rows["mark"] == "published mean"]
    axes.plot(means["k"], means["value"], **MEAN)
    axes.plot(known["k"], known["value"], **PUBLISHED_MEAN)


def _mark_global_minimum(axes: Axes) -> None:
    """Line at the smallest eigenvalue of every global minimum of n = k."""
    axes.axhline(STRONG_CONVEXITY, color=INK, linewidth=0.8, linestyle="--")
    axes.annotate(
        "global minimum, 1/4 \N{MINUS SIGN} 1/(2π)",
        xy=(0.01, STRONG_CONVEXITY),
        xycoords=("axes fraction", "data"),
        xytext=(0, -2),
        textcoords="offset points",
        va="top",
        fontsize=7,
    )


def _handles(levels: pd.DataFrame) -> list[Artist]:
    """Legend: kinds that occur, and means."""
    kinds = set(levels["kind"].dropna())
    handles: list[Artist] = [
        legend_line(label, color="0.5", marker=marker, linestyle="none", fillstyle="none")
        for kind, (marker, label) in KINDS.items()
        if kind in kinds
    ]
    handles += proved_handles(levels["proved"], marker="o")
    handles += [
        legend_line("mean over runs", **MEAN),
        legend_line("published mean", **PUBLISHED_MEAN),
    ]
    return handles


def _finding(levels: pd.DataFrame) -> str:
    """How many classes are spurious minima, of which loss, and how curved."""
    minima = levels[levels["kind"] == "spurious_minimum"]
    if minima.empty:
        return (
            f"None of {counted(len(levels) // len(LEVELS), 'class', 'classes')} is a spurious "
            "minimum."
        )
    losses = rows_with(minima, quantity="loss").sort_values("value").to_dict("records")
    eigenvalues = rows_with(minima, quantity="smallest_eigenvalue")["value"]
    low, high = (
        f"{row['value']:.3g}, with {row['pointing_away']} of {row['n']}"
        for row in (losses[0], losses[-1])
    )
    return (
        f"{len(losses)} of {len(levels) // len(LEVELS)} classes are spurious minima: the loss is "
        f"from {low} neurons pointing away from a teacher, to {high}; no eigenvalue is below "
        f"{eigenvalues.min():.2g}."
    )


@figure
def class_levels(
    curvature: pd.DataFrame,
    representatives: Arrays,
    safran2018_bad_run_rates: pd.DataFrame,
    memberships: pd.DataFrame,
) -> Plot:
    """Loss and smallest Hessian eigenvalue of every non-global class against k.

    Caption:
        Loss and smallest Hessian eigenvalue of every class of non-global critical points met in
        profile **{profile}**, at n = k and at n = k + 1. The colour of a mark is the number of
        neurons whose largest weight is negative, which point away from a teacher: m in the family
        II of Arjevani and Field, k − m in their family I. Filled marks are classes with a
        certificate, a proof in ball arithmetic that there is a spurious minimum. Short bars are
        means over the runs of the 2018 protocol at spurious minima and are to be compared with the
        hollow diamonds, the published means. The dashed line is the smallest eigenvalue at every
        global minimum of n = k (Safran, Yehudai and Shamir 2021, Theorem 3).

    Returns:
        The figure, and one row a mark: mark (`class`, `mean over runs` of S18's protocol at
        spurious minima, `published mean`), k, n, class_id, kind, runs, quantity, value, proved and
        pointing_away (neurons whose largest weight is negative; both of a class).

    Source: S18, the table of mean values; S21 Theorem 3 for the line at the global minimum.
    """
    columns = ["mark", "k", "n", "class_id", "kind", "runs", "quantity", "value", "proved"]
    columns.append("pointing_away")
    levels = _spurious_levels(curvature, representatives)
    if levels.empty:
        return empty_plot(curvature, columns)
    means = _measured_means(levels, memberships)
    known = _published_means(levels, safran2018_bad_run_rates)
    data = pd.concat([levels, means, known], ignore_index=True)[columns]
    norm = Normalize(1, max(FEWEST_COLOURS, int(levels["pointing_away"].max())))
    figure = Figure(figsize=(PAGE_WIDTH, 4.6), layout="constrained")
    grid = figure.subplots(len(LEVELS), 2, sharex="col", squeeze=False)
    for axes_row, level in zip(grid, LEVELS, strict=True):
        for extra, axes in enumerate(axes_row):
            rows = data[(data["n"] - data["k"] == extra) & (data["quantity"] == level.column)]
            if rows.empty:
                explain_empty(axes, NONE_FOUND)
                continue
            _draw_panel(axes, rows, norm)
            axes.axhline(0.0, color=INK, linewidth=0.5)
            teacher_axis(axes, sorted(set(rows["k"])))
        axes_row[0].set_ylabel(level.label)
    for extra, axes in enumerate(grid[0]):
        axes.set_title(students(extra))
        axes.set_xlabel("")
    _mark_global_minimum(grid[1, 0])
    bar = figure.colorbar(ScalarMappable(norm, COLOURS), ax=grid, aspect=40, pad=0.01)
    bar.set_label("neurons that point away from a teacher")
    bar.ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    figure.align_ylabels(grid[:, 0])
    legend_above(figure, _handles(levels), columns=4)
    return Plot(figure, data, _finding(levels))
