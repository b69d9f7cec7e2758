"""Which points are minima, and which is lower, in the plane of k and n."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator, ScalarFormatter

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
    legend_line,
)
from relu_landscape.studies.fewer_students.figures.style import relu_rows
from relu_landscape.studies.symmetry.figures.style import GUIDE, wide_teacher_axis

COLUMNS = ["k", "n", "phase"]
_PHASES = {
    "copy-average alone": SERIES[0],
    "both": SERIES[2],
    "perturbed copy alone": SERIES[1],
    "neither": SERIES[3],
}
_CROSSING = "equal losses"
_LIMIT = "its limit"
_PARTING = "copies part"


def _rows(points: pd.DataFrame) -> pd.DataFrame:
    """One row a size: which of the two points are minima."""
    stable = points.assign(stable=points["index"] == 0)
    wide = stable.pivot(index=["k", "n"], columns="branch", values="stable").reset_index()
    wide = wide.dropna()
    average, perturbed = (wide[name].astype(bool) for name in ("copy_average", "perturbed_copy"))
    alone = perturbed.map({True: "perturbed copy alone", False: "neither"})
    phase = alone.where(~average, perturbed.map({True: "both", False: "copy-average alone"}))
    return wide.assign(phase=phase)[COLUMNS]


def _finding(crossings: pd.DataFrame, limits: pd.DataFrame, partings: pd.DataFrame) -> str:
    """Where the losses cross at the ends, their limit, and where copies part."""
    first, last = crossings.iloc[0], crossings.iloc[-1]
    text = (
        "The copy-average and the perturbed copy have equal losses "
        f"at n = {first['n']:.4f} for k = {first['k']:,.0f}, "
        f"at {last['n']:.4f} for k = {last['k']:,.0f}"
    )
    if not limits.empty:
        middle = (limits["lower"].iloc[0] + limits["upper"].iloc[0]) / 2
        text += f"; the limit is {middle:.4f} students"
    parted = "; ".join(
        f"the copies of n = {n:.0f} part at k = {k:.4f}"
        for n, k in zip(partings["n"], partings["k"], strict=True)
    )
    return f"{text}; {parted}." if parted else f"{text}."


@leading_figure
def copy_phases(
    copy_points: pd.DataFrame,
    loss_crossings: pd.DataFrame,
    crossing_limits: pd.DataFrame,
    copy_partings: pd.DataFrame,
) -> Plot:
    """Phases of the two points in (k, n), the line of equal losses and its limit, and a parting.

    Caption:
        With n students and k teachers, ReLU, outputs 1: which of the copy-average and the perturbed
        copy are minima, as far as floating-point eigenvalues tell (marks), and the real n at which
        both have the same loss (line), below which the copy-average is lower. As k grows that
        tends to the dotted line, the zero of an elementary function: for large k and any fixed
        share n/k the perturbed copy is the lower one. A star marks the real k beyond which the
        copies of the copy-average part, and it is a saddle. Profile **{profile}**.

    Returns:
        The figure, and one row a mark: k, n, phase (which are minima; of the line equal losses, and
        its limit; of a star copies part).

    Source: derived.
    """
    points = relu_rows(copy_points)
    if points.empty or loss_crossings.empty:
        return empty_plot(loss_crossings, COLUMNS)
    rows, crossings = _rows(points), loss_crossings.sort_values("k")
    figure = Figure(figsize=(PAGE_WIDTH, 3.4), layout="constrained")
    axes = figure.subplots()
    handles = []
    for phase, mark in _PHASES.items():
        shown = rows[rows["phase"] == phase]
        look: dict[str, Any] = {
            "color": mark.colour,
            "marker": mark.marker,
            "linestyle": "none",
            "markersize": 3.2,
        }
        axes.plot(shown["k"], shown["n"], **look)
        if not shown.empty:
            handles.append(legend_line(phase, **look))
    axes.plot(crossings["k"], crossings["n"], color=INK, marker=".", linewidth=1.0)
    handles.append(legend_line(_CROSSING, color=INK, marker="."))
    drawn = [rows, crossings.assign(phase=_CROSSING)[COLUMNS]]
    if not crossing_limits.empty:
        limit = float((crossing_limits["lower"].iloc[0] + crossing_limits["upper"].iloc[0]) / 2)
        axes.axhline(limit, **GUIDE)
        handles.append(legend_line(_LIMIT, **GUIDE))
        at_limit = {"k": crossings["k"].max(), "n": limit, "phase": _LIMIT}
        drawn.append(pd.DataFrame([at_limit]))
    partings = copy_partings.rename(columns={"parts_at": "k"}).dropna(subset=["k"])
    if not partings.empty:
        star: dict[str, Any] = {"color": INK, "marker": "*", "linestyle": "none", "markersize": 8}
        axes.plot(partings["k"], partings["n"], **star)
        handles.append(legend_line(_PARTING, **star))
        drawn.append(partings.assign(phase=_PARTING)[COLUMNS])
    wide_teacher_axis(axes, sorted({*rows["k"], *crossings["k"]}))
    axes.set_yscale("log", base=2)
    axes.yaxis.set_major_formatter(ScalarFormatter())
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylabel("students n")
    legend_above(figure, handles, columns=4)
    data = pd.concat(drawn, ignore_index=True)
    return Plot(figure, data, _finding(crossings, crossing_limits, partings))
