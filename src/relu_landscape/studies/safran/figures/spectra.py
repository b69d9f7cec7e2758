"""Hessian spectra of the global and the spurious minima, side by side."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator
from numpy.typing import NDArray

from relu_landscape.evidence.cells import case_name
from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    VERMILION,
    Arrays,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    readable_teachers,
)

REFERENCES = (
    (0.25 - 0.5 / np.pi, "1/4 \N{MINUS SIGN} 1/(2π)"),
    (0.25 + 0.5 / np.pi, "1/4 + 1/(2π)"),
)
"""The two eigenvalues of a global minimum of n = k whose multiplicity grows like k^2 / 2."""
SMALLEST_DECADE = 1e-3  # the axis is linear below
TICKS = (0.0, 1e-3, 1e-2, 1e-1, 1.0, 10.0)
GLOBAL, MOST_FREQUENT, OTHER = (
    "global minimum",
    "most frequent spurious minimum",
    "other spurious minima",
)
MARKS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        OTHER: {"color": "0.6", "linewidth": 0.7},
        GLOBAL: {"color": INK, "linewidth": 1.8},
        MOST_FREQUENT: {"color": VERMILION, "linewidth": 1.3, "linestyle": (0, (3, 1))},
    }
)
MOST_OTHERS = 5


def _chosen_classes(curvature: pd.DataFrame) -> pd.DataFrame:
    """Classes to draw with their `role`, most frequent spurious minimum first within a case."""
    if curvature.empty:
        return curvature
    near = curvature[(curvature["n"] - curvature["k"]).isin([0, 1])]
    spurious = near[near["kind"] == "spurious_minimum"].sort_values(
        ["k", "n", "runs", "class_id"], ascending=[True, True, False, True]
    )
    rank = spurious.groupby(["k", "n"]).cumcount()
    spurious = spurious.assign(role=np.where(rank == 0, MOST_FREQUENT, OTHER))[rank <= MOST_OTHERS]
    least = near[near["kind"] == "global_minimum"].drop_duplicates(["k", "n"])
    parts = []
    for extra in (0, 1):
        rows = spurious[spurious["n"] - spurious["k"] == extra]
        teachers = readable_teachers(sorted(set(rows["k"])))
        both = pd.concat([rows, least[least["n"] - least["k"] == extra].assign(role=GLOBAL)])
        parts.append(both[both["k"].isin(teachers)])
    return pd.concat(parts, ignore_index=True)


def _rows(chosen: pd.DataFrame, spectra: Mapping[str, NDArray[np.float64]]) -> pd.DataFrame:
    """Long table of the sorted eigenvalues of the chosen classes."""
    parts = []
    for row in chosen.to_dict("records"):
        eigenvalues = np.sort(spectra[case_name(row["k"], row["n"])][row["class_id"]])
        parts.append(
            pd.DataFrame(
                {
                    "k": row["k"],
                    "n": row["n"],
                    "class_id": row["class_id"],
                    "role": row["role"],
                    "runs": row["runs"],
                    "index": np.arange(1, len(eigenvalues) + 1),
                    "eigenvalue": eigenvalues,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    """One panel: the spectra of one case on an axis that shows small and large eigenvalues."""
    for role, look in MARKS.items():
        for _, spectrum in rows[rows["role"] == role].groupby("class_id"):
            axes.plot(spectrum["index"], spectrum["eigenvalue"], **look)
    for value, _ in REFERENCES:
        axes.axhline(value, color=INK, linewidth=0.8, linestyle=":", zorder=0)
    axes.set_yscale("symlog", linthresh=SMALLEST_DECADE, linscale=0.4)
    axes.set_ylim(min(0.0, 1.1 * rows["eigenvalue"].min()), 1.5 * rows["eigenvalue"].max())
    axes.set_yticks(TICKS)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_title(f"k = {rows['k'].iloc[0]}, n = {rows['n'].iloc[0]}")


def _name_references(axes: Axes) -> None:
    """Write the values of the two lines at the right end of a panel."""
    for value, label in REFERENCES:
        axes.annotate(
            label,
            xy=(1.0, value),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=6.5,
            annotation_clip=False,
        )


def _finding(data: pd.DataFrame) -> str:
    """The smallest eigenvalue of the most frequent spurious minima beside the global one."""
    least = data[data["n"] == data["k"]].groupby(["role", "k"])["eigenvalue"].min()
    spurious = least.get(MOST_FREQUENT)
    if spurious is None:
        return "No spurious minimum of n = k was met at these k."
    k = spurious.index.max()
    known = f", that of the global one {least[GLOBAL, k]:.3g}" if (GLOBAL, k) in least else ""
    return (
        f"At k = n = {k} the smallest eigenvalue of the most frequent spurious minimum is "
        f"{spurious[k]:.2g}{known}."
    )


@figure
def hessian_spectra(curvature: pd.DataFrame, spectra: Arrays) -> Plot:
    """Sorted Hessian eigenvalues of global and spurious minima of a few k, n = k and n = k + 1.

    Caption:
        All eigenvalues of the Hessian, sorted, at the global minimum (black line), at the most
        frequent spurious minimum (dashed line) and at further spurious minima (grey lines) of
        profile **{profile}**. The axis is logarithmic above 0.001 and linear below. Dotted lines
        mark the two eigenvalues that make up the bulk at a global minimum of n = k. At spurious
        minima the lower plateau sinks and breaks up while the rest of the spectrum stays close to
        that of the global minimum.

    Returns:
        The figure, and one row an eigenvalue: k, n, class_id, role, runs, index (from 1, smallest
        first), eigenvalue.

    Source: S21 Theorem 3 for the smallest eigenvalue at the global minimum of n = k.
    """
    chosen = _chosen_classes(curvature)
    if chosen.empty:
        return empty_plot(curvature, ["k", "n", "class_id", "role", "runs", "index", "eigenvalue"])
    data = _rows(chosen, spectra)
    extras = sorted(set(data["n"] - data["k"]))
    grid = [sorted(set(data.loc[data["n"] - data["k"] == extra, "k"])) for extra in extras]
    columns = max(len(teachers) for teachers in grid)
    size = (PAGE_WIDTH * (0.1 + 0.3 * columns), 0.4 + 1.9 * len(grid))
    figure = Figure(figsize=size, layout="constrained")
    axes_grid = figure.subplots(len(grid), columns, squeeze=False)
    for axes_row, extra, teachers in zip(axes_grid, extras, grid, strict=True):
        for axes, k in zip(axes_row, teachers, strict=False):
            _draw(axes, data[(data["k"] == k) & (data["n"] == k + extra)])
        for axes in axes_row[len(teachers) :]:
            axes.set_visible(False)
        _name_references(axes_row[len(teachers) - 1])
        axes_row[0].set_ylabel("eigenvalue")
    for axes in axes_grid[-1]:
        axes.set_xlabel("index of the eigenvalue")
    shown = set(data["role"])
    handles: list[Artist] = [
        legend_line(role, **look) for role, look in MARKS.items() if role in shown
    ]
    legend_above(figure, handles, columns=len(handles))
    return Plot(figure, data, _finding(data))
