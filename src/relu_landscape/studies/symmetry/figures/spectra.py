"""Hessian spectra of the symmetric families by isotypic component, and where they turn stable."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    SERIES,
    SMALLEST_TEXT,
    Mark,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.symmetry.figures.style import (
    CHAIN_MARKS,
    GUIDE,
    family_name,
    irrep_name,
    wide_teacher_axis,
)

SHOWN = (("A", 0), ("I", 1), ("II", 1), ("II", 2))
BOUNDED = 0.6  # between the eigenvalues that stay bounded and those that grow with k, for k >= 4
IRREPS: Mapping[str, Mark] = MappingProxyType(
    dict(zip(("t", "s_p", "y_p", "x_p", "s_m", "s_p*s_m"), SERIES, strict=True))
)
"""Marks of the representations that occur at m <= 2."""
LEVELS = (
    (0.25 - 0.5 / np.pi, "1/4 \N{MINUS SIGN} 1/(2π)"),
    (0.25, "1/4"),
    (0.25 + 0.5 / np.pi, "1/4 + 1/(2π)"),
)
SLOPES = ((0.25, "k/4", "-"), (0.5 / np.pi, "k/(2π)", "--"))
WHOLE: Mapping[str, Any] = MappingProxyType(
    {"color": INK, "marker": "|", "markersize": 9, "linestyle": "none"}
)
"""Mark of the first whole k at which a family is a minimum."""
SPECTRUM_COLUMNS = ["family", "m", "k", "irrep", "eigenvalue", "multiplicity"]
THRESHOLD_COLUMNS = [
    *("family", "m", "extra", "k", "smallest_integer"),
    *("irrep", "index_below", "index_above"),
]


def _draw_component(axes: Axes, rows: pd.DataFrame) -> None:
    """Eigenvalues of each representation against k."""
    for irrep, mark in IRREPS.items():
        shown = rows[rows["irrep"] == irrep]
        axes.plot(
            shown["k"],
            shown["eigenvalue"],
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            fillstyle="none",
            markersize=3.6,
            markeredgewidth=0.8,
        )


def _draw_spectrum(upper: Axes, lower: Axes, rows: pd.DataFrame) -> None:
    """Growing eigenvalues of one family above, on log axes, bounded ones below."""
    teachers = sorted(set(rows["k"]))
    grows = rows["eigenvalue"] > BOUNDED
    k = np.array(teachers, dtype=np.float64)
    for slope, _, line in SLOPES:
        upper.plot(k, slope * k, color="0.6", linewidth=0.8, linestyle=line, zorder=0)
    for level, _ in LEVELS:
        lower.axhline(level, **GUIDE, zorder=0)
    if (rows["eigenvalue"] < 0).any():
        lower.axhline(0.0, color="0.6", linewidth=0.7, zorder=0)
    _draw_component(upper, rows[grows])
    _draw_component(lower, rows[~grows])
    upper.set_yscale("log")
    upper.yaxis.set_major_locator(LogLocator(numticks=6))
    upper.yaxis.set_minor_locator(NullLocator())
    for axes in (upper, lower):
        wide_teacher_axis(axes, teachers)
    upper.set_xlabel("")
    upper.tick_params(labelbottom=False)
    upper.set_title(family_name(rows["family"].iloc[0], rows["m"].iloc[0]))


def _name_levels(axes: Axes) -> None:
    """Write the values of the lines of the lower panels at the right end of one."""
    for level, label in LEVELS:
        axes.annotate(
            label,
            xy=(1.0, level),
            xycoords=("axes fraction", "data"),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontsize=SMALLEST_TEXT,
            annotation_clip=False,
        )


def _spectra_finding(data: pd.DataFrame) -> str:
    """From which of the drawn k on the smallest eigenvalue of each family is positive."""
    cases = data.groupby(["family", "m", "k"])
    most = int(cases.size().max())
    least = cases["eigenvalue"].min().reset_index()
    least["name"] = [
        family_name(family, m) for family, m in zip(least["family"], least["m"], strict=True)
    ]
    turns = []
    for name, rows in least.groupby("name", sort=False):
        saddles = rows.loc[rows["eigenvalue"] <= 0, "k"]
        minima = rows.loc[rows["k"] > (saddles.max() if len(saddles) else 0), "k"]
        turns.append(f"k = {minima.min()} on for {name}" if len(minima) else f"no k on for {name}")
    return (
        f"A Hessian has k² eigenvalues and at most {most} distinct ones; all are positive from "
        f"{', '.join(turns)}."
    )


@figure
def family_spectra(family_spectra: pd.DataFrame) -> Plot:
    """Distinct Hessian eigenvalues of A, I_1, II_1 and II_2 against k by representation.

    Caption:
        All distinct Hessian eigenvalues of the critical points A, I₁, II₁ and II₂ against k, each
        marked by the representation of the isotropy subgroup to which its eigenvectors belong, in
        profile **{profile}**. Above, the eigenvalues that grow with k, next to the lines k/4 and
        k/(2π). Below, those that stay bounded: they tend to the three dotted levels, and the bulk,
        y and x, to the two outer ones, as at the global minimum. The families become local minima
        where the last mark crosses zero.

    Returns:
        The figure, and one row a mark: family, m, k, irrep, eigenvalue, multiplicity.

    Source: AF21; the levels are derived, those of the bulk are the ones of the global minimum.
    """
    exact = family_spectra[family_spectra["extra"] == 0]
    present = set(exact[["family", "m"]].itertuples(index=False, name=None))
    shown = [case for case in SHOWN if case in present]
    if not shown:
        return empty_plot(family_spectra, SPECTRUM_COLUMNS)
    width = PAGE_WIDTH * (0.22 * len(shown) + 0.12)
    figure = Figure(figsize=(width, 4.4), layout="constrained")
    grid = figure.subplots(2, len(shown), sharey="row", squeeze=False, height_ratios=(1, 1.7))
    parts = [rows_with(exact, family=family, m=m) for family, m in shown]
    for (upper, lower), rows in zip(grid.T, parts, strict=True):
        _draw_spectrum(upper, lower, rows)
    _name_levels(grid[1, -1])
    grid[0, 0].set_ylabel("growing eigenvalues")
    grid[1, 0].set_ylabel("bounded eigenvalues")
    figure.align_ylabels(grid[:, 0])
    data = pd.concat(parts, ignore_index=True)
    handles: list[Artist] = [
        legend_line(
            irrep_name(irrep),
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            fillstyle="none",
        )
        for irrep, mark in IRREPS.items()
        if (data["irrep"] == irrep).any()
    ]
    handles += [
        legend_line(label, color="0.6", linewidth=0.8, linestyle=line) for _, label, line in SLOPES
    ]
    legend_above(figure, handles, columns=8)
    return Plot(figure, data[SPECTRUM_COLUMNS], _spectra_finding(data))


def _draw_thresholds(axes: Axes, data: pd.DataFrame) -> None:
    """Each family on a line of its own: its real threshold, and the first whole k beyond it."""
    places = np.arange(len(data))
    axes.hlines(places, data["k"], data["smallest_integer"], colors="0.7", linewidth=0.9)
    axes.plot(data["smallest_integer"], places, **WHOLE)
    for place, case in enumerate(data.to_dict("records")):
        mark = CHAIN_MARKS[case["family"]][0]
        axes.plot(
            case["k"],
            place,
            color=mark.colour,
            marker=mark.marker,
            fillstyle="full" if case["extra"] == 0 else "none",
        )
        axes.annotate(
            irrep_name(case["irrep"]),
            xy=(case["k"], place),
            xytext=(-6, 0),
            textcoords="offset points",
            ha="right",
            va="center",
        )


def _threshold_handles(*, further: bool) -> list[Artist]:
    """Legend; `further`: whether there are points of n > k."""
    real: dict[str, Any] = {"color": "0.5", "marker": "o", "linestyle": "none"}
    handles: list[Artist] = [legend_line("smallest eigenvalue vanishes", **real)]
    if further:
        handles.append(legend_line("the same, n > k", fillstyle="none", **real))
    return [*handles, legend_line("first whole k that is a minimum", **WHOLE)]


def _threshold_finding(data: pd.DataFrame) -> str:
    """The first and the last real k at which a family becomes a minimum."""
    first, last = (
        f"k = {row['k']:.4g} ({family_name(row['family'], row['m'], row['extra'])})"
        for row in data.iloc[[0, -1]].to_dict("records")
    )
    if len(data) == 1:
        return f"One family turns from a saddle into a local minimum, at {first}."
    return f"{len(data)} families turn from saddles into local minima between {first} and {last}."


@figure
def stability_thresholds(stability_thresholds: pd.DataFrame) -> Plot:
    """The real k at which each family turns from a saddle into a local minimum.

    Caption:
        The real number k of teachers at which each symmetric family turns from a saddle into a
        local minimum, in profile **{profile}**. The spectrum is analytic in k because block sizes
        enter as weights, so k need not be a whole number. Beside each mark stands the
        representation of the eigenvalue that vanishes there; the tick is the first whole k at which
        the critical point is a local minimum. Hollow marks are families with more neurons than
        teachers; at which larger k one ceases to be a minimum is in the table.

    Returns:
        The figure, and one row a family: family, m, extra (n - k), k (real), smallest_integer,
        irrep, index_below, index_above.

    Source: AF21, abstract (fractional dimensions); the numbers are computed.
    """
    if stability_thresholds.empty:
        return empty_plot(stability_thresholds, THRESHOLD_COLUMNS)
    data = stability_thresholds.sort_values("k", ignore_index=True)
    height = 0.75 + 0.21 * len(data)
    figure = Figure(figsize=(0.7 * PAGE_WIDTH, height), layout="constrained")
    axes = figure.subplots()
    _draw_thresholds(axes, data)
    names = [
        family_name(str(family), int(m), int(extra))
        for family, m, extra in data[["family", "m", "extra"]].itertuples(index=False)
    ]
    axes.set_yticks(np.arange(len(data)), names)
    axes.set_ylim(len(data) - 0.4, -0.6)
    axes.set_xlim(np.floor(data["k"].min()) - 0.6, data["smallest_integer"].max() + 0.4)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", color="0.92", linewidth=0.7)
    axes.set_axisbelow(True)
    axes.set_xlabel("teacher neurons k")
    legend_above(figure, _threshold_handles(further=bool((data["extra"] > 0).any())), columns=4)
    return Plot(figure, data[THRESHOLD_COLUMNS], _threshold_finding(data))
