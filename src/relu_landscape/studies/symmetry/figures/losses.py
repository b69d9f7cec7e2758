"""Loss of the symmetric families against k."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from relu_landscape.figures.style import (
    NONE_FOUND,
    PAGE_WIDTH,
    Mark,
    Plot,
    empty_plot,
    explain_empty,
    figure,
    legend_above,
    legend_line,
    rows_with,
    students,
)
from relu_landscape.studies.symmetry.figures.style import (
    GUIDE,
    draw_by_stability,
    family_name,
    mark_families,
    rows_of,
    stability_handles,
    stability_of,
    wide_teacher_axis,
)

CONSTANT_LIMIT = 0.5 - 1.0 / np.pi  # of the loss of A and I_m
SCALED_LIMITS: Mapping[str, float] = MappingProxyType(
    {
        "deficit_sqrt_k": 4.0 / (3.0 * np.pi),  # of (1/2 - 1/pi - F) sqrt(k) of A and I_m
        "loss_k_over_m": 0.5 - 2.0 / np.pi**2,  # of F k/m of II_m
    }
)
EXTRA_LINES = {0: "-", 1: "--"}
COLUMNS = [
    *("family", "m", "extra", "k", "loss", "deficit_sqrt_k", "loss_k_over_m"),
    *("index", "stability"),
]


def _draw_chain(
    upper: Axes,
    lower: Axes,
    rows: pd.DataFrame,
    scaled: str,
    marks: Mapping[tuple[str, int], Mark],
) -> None:
    """One line a family and n - k: the loss, and below it the scaled quantity with its limit."""
    for (family, m), mark in marks.items():
        for extra, line in EXTRA_LINES.items():
            member = rows_with(rows, family=family, m=m, extra=extra)
            draw_by_stability(upper, member, "loss", mark, line)
            draw_by_stability(lower, member, scaled, mark, line)
    limit = SCALED_LIMITS[scaled]
    lower.axhline(limit, **GUIDE)
    lower.set_ylim(0.0, 1.15 * max(limit, float(rows[scaled].max())))
    lower.yaxis.set_major_locator(MaxNLocator(4))
    upper.set_yscale("log")
    for axes in (upper, lower):
        wide_teacher_axis(axes, sorted(set(rows["k"])))
    upper.set_xlabel("")
    upper.tick_params(labelbottom=False)


def _draw_constant(
    upper: Axes, lower: Axes, rows: pd.DataFrame, marks: Mapping[tuple[str, int], Mark]
) -> None:
    """A and I_m, whose loss tends to 1/2 - 1/pi; below, what is missing times the root of k."""
    _draw_chain(upper, lower, rows, "deficit_sqrt_k", marks)
    upper.axhline(CONSTANT_LIMIT, **GUIDE)
    # Less than a decade: 0.05 and 0.1 say more than powers of ten.
    upper.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 3.0, 5.0)))
    upper.yaxis.set_major_formatter(FuncFormatter(lambda loss, _: f"{loss:g}"))
    upper.yaxis.set_minor_locator(NullLocator())
    upper.set_ylim(0.9 * rows["loss"].min(), 1.15 * CONSTANT_LIMIT)
    upper.set_ylabel("loss F")
    lower.set_ylabel("(1/2 \N{MINUS SIGN} 1/π \N{MINUS SIGN} F) √k")


def _draw_vanishing(
    upper: Axes, lower: Axes, rows: pd.DataFrame, marks: Mapping[tuple[str, int], Mark]
) -> None:
    """II_m, whose loss vanishes like m/k; below, times k/m."""
    _draw_chain(upper, lower, rows, "loss_k_over_m", marks)
    ends = np.array([rows["k"].min(), rows["k"].max()], dtype=np.float64)
    for m in sorted(set(rows["m"])):
        upper.plot(ends, m * SCALED_LIMITS["loss_k_over_m"] / ends, **GUIDE)
    upper.yaxis.set_major_locator(LogLocator(numticks=6))
    upper.yaxis.set_minor_locator(NullLocator())
    upper.set_ylabel("loss F")
    lower.set_ylabel("F k / m")


def _handles(rows: pd.DataFrame, marks: Mapping[tuple[str, int], Mark]) -> list[Artist]:
    """Legend of families, of the sizes and kinds that occur, and of the limits."""
    handles: list[Artist] = [
        legend_line(family_name(family, m), color=mark.colour, marker=mark.marker, markersize=3.2)
        for (family, m), mark in marks.items()
    ]
    extras = sorted(set(rows["extra"]))
    if len(extras) > 1:
        handles += [
            legend_line(students(extra), color="0.5", linestyle=EXTRA_LINES[extra])
            for extra in extras
        ]
    return [*handles, *stability_handles(rows), legend_line("limit at n = k", **GUIDE)]


def _finding(rows: pd.DataFrame) -> str:
    """The losses at the largest k beside their limits, of the first member of each kind."""
    exact = rows_with(rows, extra=0) if (rows["extra"] == 0).any() else rows
    last = exact[exact["k"] == exact["k"].max()].sort_values(["family", "m"])
    parts = []
    for vanishing in (False, True):
        members = last[(last["family"] == "II") == vanishing]
        if members.empty:
            continue
        member = members.iloc[0]
        if vanishing:
            limit = SCALED_LIMITS["loss_k_over_m"]
            value = f"F k/m = {member['loss_k_over_m']:.4g} (limit 1/2 − 2/π² = {limit:.4g})"
        else:
            value = f"F = {member['loss']:.4g} (limit 1/2 − 1/π = {CONSTANT_LIMIT:.4g})"
        parts.append(f"{family_name(member['family'], member['m'], member['extra'])} has {value}")
    return f"At k = {last['k'].iloc[0]:,} {' and '.join(parts)}."


@figure
def family_losses(family_points: pd.DataFrame) -> Plot:
    """Loss of A and I_m, which tends to 1/2 - 1/pi, and of II_m, like m (1/2 - 2/pi^2)/k.

    Caption:
        Loss F of the symmetric critical points A, I and II of Arjevani and Field against the number
        k of teachers, for a few m, in profile **{profile}**. Filled marks are local minima with a
        certificate, a proof in ball arithmetic, half-filled ones minima as far as floating-point
        eigenvalues tell, hollow ones saddles; dashed lines are their continuations with one neuron
        more, n = k + 1. On the left the families whose loss tends to 1/2 − 1/π (dotted), on the
        right those whose loss vanishes like m (1/2 − 2/π²)/k (dotted). The lower panels show what
        is missing to the limit times √k, which tends to 4/(3π), and F times k/m; the dotted limits
        are those of n = k.

    Returns:
        The figure, and one row a mark: family, m, extra (n - k), k, loss, deficit_sqrt_k (that is
        (1/2 - 1/pi - F) sqrt(k), for A and I), loss_k_over_m (for II), index, stability.

    Source: AF22; the constants are derived.
    """
    points = family_points[family_points["extra"].isin(list(EXTRA_LINES))]
    if points.empty:
        return empty_plot(family_points, COLUMNS)
    marks = mark_families(points)
    rows = rows_of(points, marks).sort_values(["family", "m", "extra", "k"], ignore_index=True)
    vanishing = rows["family"] == "II"
    deficit = (CONSTANT_LIMIT - rows["loss"]) * np.sqrt(rows["k"])
    rows["deficit_sqrt_k"] = deficit.where(~vanishing)
    rows["loss_k_over_m"] = (rows["loss"] * rows["k"] / rows["m"]).where(vanishing)
    rows["stability"] = stability_of(rows)
    figure = Figure(figsize=(PAGE_WIDTH, 4.4), layout="constrained")
    grid = figure.subplots(2, 2, height_ratios=(1.4, 1))
    for (upper, lower), chosen, draw in (
        (grid[:, 0], ~vanishing, _draw_constant),
        (grid[:, 1], vanishing, _draw_vanishing),
    ):
        if chosen.any():
            draw(upper, lower, rows[chosen], marks)
            figure.align_ylabels([upper, lower])
        else:
            explain_empty(upper, NONE_FOUND)
            lower.set_visible(False)
    legend_above(figure, _handles(rows, marks), columns=6)
    return Plot(figure, rows[COLUMNS], _finding(rows))
