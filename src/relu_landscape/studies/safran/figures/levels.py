"""Loss and smallest Hessian eigenvalue of the classes found, against k."""

from collections.abc import Mapping
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from relu_landscape.figures.style import (
    BLUE,
    INK,
    NONE_FOUND,
    PAGE_WIDTH,
    PROVED,
    VERMILION,
    Plot,
    count_runs,
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

GLOBAL_EIGENVALUE = 0.25 - 0.5 / np.pi  # S21 Theorem 3, attained at every global minimum of n = k
LARGEST_AREA = 150.0  # square points, for the class that most runs reached
SMALLEST_AREA = 5.0
AREA_STEP = 1.1  # areas come in steps of this factor: marks of one area share one outline in a file
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
KINDS: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "spurious_minimum": (BLUE, "o", "spurious minimum"),
        "saddle": (VERMILION, "^", "saddle"),
        "undecided": (INK, "X", "undecided"),
    }
)
"""Colour, marker and legend of each kind of non-global class."""

MEAN: dict[str, Any] = {"color": INK, "marker": "_", "linestyle": "none", "markersize": 9}
PUBLISHED_MEAN: dict[str, Any] = {
    "color": INK,
    "marker": "D",
    "linestyle": "none",
    "markersize": 4.5,
    "fillstyle": "none",
}


def _spurious_levels(curvature: pd.DataFrame) -> pd.DataFrame:
    """Non-global classes of n = k and n = k + 1, one row a class and quantity."""
    if curvature.empty:
        return curvature
    extra = curvature["n"] - curvature["k"]
    rows = curvature[curvature["kind"].isin(list(KINDS)) & extra.isin([0, 1])]
    long = rows.melt(
        id_vars=["k", "n", "class_id", "kind", "runs", "proved"],
        value_vars=[level.column for level in LEVELS],
        var_name="quantity",
    )
    return long.assign(mark="class").sort_values(["quantity", "n", "k", "class_id"])


def _measured_means(levels: pd.DataFrame, memberships: pd.DataFrame) -> pd.DataFrame:
    """Means over the runs of S18's protocol at spurious minima, as published means are taken."""
    if levels.empty or memberships.empty:
        return levels.iloc[:0]
    runs = memberships[memberships["search"] == PROTOCOL]
    spurious = levels[levels["kind"] == "spurious_minimum"].drop(columns=["runs", "proved"])
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


def _areas(runs: pd.Series, most: int) -> NDArray[np.float64]:
    """Marker areas proportional to the number of runs but for a step, and never too small."""
    exact = np.maximum(SMALLEST_AREA, LARGEST_AREA * runs.to_numpy(np.float64) / most)
    steps: NDArray[np.float64] = np.rint(np.log(exact / SMALLEST_AREA) / np.log(AREA_STEP))
    return SMALLEST_AREA * AREA_STEP**steps


def _draw_panel(axes: Axes, rows: pd.DataFrame, most: int) -> None:
    """One quantity at one n - k: classes as areas, means as bar and diamond."""
    for (kind, (colour, marker, _)), proved in product(KINDS.items(), (True, False)):
        classes = rows_with(rows, mark="class", kind=kind)
        classes = classes[(classes["proved"] == PROVED) == proved]
        areas = _areas(classes["runs"], most)
        for area in np.unique(areas):
            marks = classes[areas == area]
            axes.scatter(
                marks["k"],
                marks["value"],
                s=float(area),
                marker=marker,
                facecolor=(colour, 0.4) if proved else "none",
                edgecolor=colour,
                linewidth=0.7,
            )
    means = rows[rows["mark"] == "mean over runs"]
    known = rows[rows["mark"] == "published mean"]
    axes.plot(means["k"], means["value"], **MEAN)
    axes.plot(known["k"], known["value"], **PUBLISHED_MEAN)


def _mark_global_minimum(axes: Axes) -> None:
    """Line at the smallest eigenvalue of every global minimum of n = k."""
    axes.axhline(GLOBAL_EIGENVALUE, color=INK, linewidth=0.8, linestyle="--")
    axes.annotate(
        "global minimum, 1/4 \N{MINUS SIGN} 1/(2π)",
        xy=(0.01, GLOBAL_EIGENVALUE),
        xycoords=("axes fraction", "data"),
        xytext=(0, -2),
        textcoords="offset points",
        va="top",
        fontsize=7,
    )


def _handles(levels: pd.DataFrame, most: int) -> list[Artist]:
    """Legend: kinds that occur, means, and three areas."""
    kinds = set(levels["kind"].dropna())
    handles: list[Artist] = [
        legend_line(label, color=colour, marker=marker, linestyle="none", fillstyle="none")
        for kind, (colour, marker, label) in KINDS.items()
        if kind in kinds
    ]
    handles += proved_handles(levels["proved"], marker="o")
    handles += [
        legend_line("mean over runs", **MEAN),
        legend_line("published mean", **PUBLISHED_MEAN),
    ]
    for runs in sorted({1 + most // 50, 1 + most // 5, most}):
        size = float(np.sqrt(_areas(pd.Series([runs]), most)[0]))
        handles.append(
            legend_line(
                count_runs(runs),
                color="0.5",
                marker="o",
                linestyle="none",
                fillstyle="none",
                markersize=size,
            )
        )
    return handles


def _finding(levels: pd.DataFrame) -> str:
    """How many classes are spurious minima, of which loss, and how curved."""
    minima = levels[levels["kind"] == "spurious_minimum"]
    values = {name: rows["value"] for name, rows in minima.groupby("quantity")}
    if not values:
        return f"None of {len(levels) // len(LEVELS)} classes is a spurious minimum."
    losses, eigenvalues = values["loss"], values["smallest_eigenvalue"]
    return (
        f"{len(losses)} of {len(levels) // len(LEVELS)} classes are spurious minima, with losses "
        f"from {losses.min():.3g} to {losses.max():.3g} and no eigenvalue below "
        f"{eigenvalues.min():.2g}."
    )


@figure
def class_levels(
    curvature: pd.DataFrame, memberships: pd.DataFrame, safran2018_bad_run_rates: pd.DataFrame
) -> Plot:
    """Loss and smallest Hessian eigenvalue of every non-global class against k.

    Caption:
        Loss and smallest Hessian eigenvalue of every class of non-global critical points met in
        profile **{profile}**, at n = k and at n = k + 1. The area of a mark grows with the number
        of runs that ended in the class; filled marks are classes with a certificate, a proof in
        ball arithmetic that there is a spurious minimum. Short bars are means over the runs of the
        2018 protocol at spurious minima and are to be compared with the hollow diamonds, the
        published means. The dashed line is the smallest eigenvalue at every global minimum of n = k
        (Safran, Yehudai and Shamir 2021, Theorem 3).

    Returns:
        The figure, and one row a mark: mark (`class`, `mean over runs` of S18's protocol at
        spurious minima, `published mean`), k, n, class_id, kind, runs, quantity, value, proved (of
        a class).

    Source: S18, the table of mean values; S21 Theorem 3 for the line at the global minimum.
    """
    columns = ["mark", "k", "n", "class_id", "kind", "runs", "quantity", "value", "proved"]
    levels = _spurious_levels(curvature)
    if levels.empty:
        return empty_plot(curvature, columns)
    means = _measured_means(levels, memberships)
    known = _published_means(levels, safran2018_bad_run_rates)
    data = pd.concat([levels, means, known], ignore_index=True)[columns]
    most = int(levels["runs"].max())
    figure = Figure(figsize=(PAGE_WIDTH, 4.6), layout="constrained")
    grid = figure.subplots(len(LEVELS), 2, sharex="col", squeeze=False)
    for axes_row, level in zip(grid, LEVELS, strict=True):
        for extra, axes in enumerate(axes_row):
            rows = data[(data["n"] - data["k"] == extra) & (data["quantity"] == level.column)]
            if rows.empty:
                explain_empty(axes, NONE_FOUND)
                continue
            _draw_panel(axes, rows, most)
            axes.axhline(0.0, color=INK, linewidth=0.5)
            teacher_axis(axes, sorted(set(rows["k"])))
        axes_row[0].set_ylabel(level.label)
    for extra, axes in enumerate(grid[0]):
        axes.set_title(students(extra))
        axes.set_xlabel("")
    _mark_global_minimum(grid[1, 0])
    figure.align_ylabels(grid[:, 0])
    legend_above(figure, _handles(levels, most), columns=4)
    return Plot(figure, data, _finding(levels))
