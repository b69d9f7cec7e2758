"""Loss of both points of erf, and where gradient flow ends, against the share of students."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    SERIES,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson

COLUMNS = ["quantity", "k", "n", "share", "value", "low", "high", "flows", "minimum"]
_MOST_SERIES = 5
_LOSS, _BEST, _AVERAGES = "perturbed copy", "best flow", "share at the copy-average"


def _losses(points: pd.DataFrame) -> pd.DataFrame:
    """Loss of the perturbed copy over that of the copy-average."""
    average = rows_with(points, branch="copy_average").set_index(["k", "n"])["loss"]
    rows = rows_with(points, branch="perturbed_copy").set_index(["k", "n"])
    ratio = rows["loss"] / average.reindex(rows.index)
    return ratio.rename("value").reset_index().assign(
        quantity=_LOSS, minimum=(rows["index"] == 0).to_numpy()
    )  # fmt: skip


def _ends(ends: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Best loss that a flow ended at, over the same, and the share of averages among the ends."""
    ended = ends[ends["end"] != "unfinished"]
    average = rows_with(points, branch="copy_average")[["k", "n", "loss"]]
    rows = []
    for (k, n), flows in ended.groupby(["k", "n"]):
        size = {"k": k, "n": n, "flows": len(flows), "minimum": True}
        level = rows_with(average, k=k, n=n)["loss"].iloc[0]
        rows.append({**size, "quantity": _BEST, "value": flows["loss"].min() / level})
        count = int((flows["end"] == "copy_average").sum())
        low, high = clopper_pearson(count, len(flows))
        share = {"value": count / len(flows), "low": low, "high": high}
        rows.append({**size, "quantity": _AVERAGES, **share})
    return pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "share"])


def _draw_losses(axes: Axes, rows: pd.DataFrame, marks: Mapping[int, Mark]) -> None:
    for k, mark in marks.items():
        line = rows_with(rows, quantity=_LOSS, k=k)
        axes.plot(line["share"], line["value"], color=mark.colour, linestyle=mark.line)
        for minimum, fill in ((True, mark.colour), (False, "white")):
            shown = line[line["minimum"] == minimum]
            axes.plot(
                *(shown["share"], shown["value"]),
                color=mark.colour,
                marker=mark.marker,
                markerfacecolor=fill,
                markersize=3.2,
                linestyle="none",
            )
        best = rows_with(rows, quantity=_BEST, k=k)
        axes.plot(best["share"], best["value"], "x", color=INK, markersize=5)
    axes.axhline(1.0, color="0.5", linewidth=0.7)
    axes.set_ylabel("loss over that of\nthe copy-average")


def _draw_shares(axes: Axes, rows: pd.DataFrame, marks: Mapping[int, Mark]) -> None:
    for k, mark in marks.items():
        line = rows_with(rows, quantity=_AVERAGES, k=k)
        errors = [line["value"] - line["low"], line["high"] - line["value"]]
        axes.errorbar(
            *(line["share"], line["value"]),
            yerr=errors,
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.6,
            elinewidth=0.7,
        )
    axes.set_ylim(-0.03, 1.03)
    axes.set_ylabel("share of flows that end\nat the copy-average")
    axes.set_xlabel("students a teacher, n/k")


def _finding(rows: pd.DataFrame) -> str:
    """From which n on the perturbed copy is lower, at the least and largest k, and the ends."""
    losses = rows_with(rows, quantity=_LOSS)
    first = losses[losses["value"] < 1].groupby("k")["n"].min()
    lower = " and ".join(f"n = {first[k]} of {k}" for k in evenly_spread([*first.index], 2))
    said = f"from {lower} teachers on" if lower else "nowhere"
    shares = rows_with(rows, quantity=_AVERAGES)
    averages = round(float((shares["flows"] * shares["value"]).sum()))
    return (
        f"For erf the perturbed copy is lower than the best copy-average {said}; "
        f"{int(shares['flows'].sum())} gradient flows ended, {averages} of them at that average."
    )


@leading_figure
def erf_losses(erf_points: pd.DataFrame, erf_ends: pd.DataFrame) -> Plot:
    """Loss of the perturbed copy over that of the copy-average; shares of ends of gradient flow.

    Caption:
        For erf with trained outputs, n students of k teachers, in profile **{profile}**. Above, the
        loss of the perturbed copy over that of the best copy-average: below 1 it is the lower of
        the two, and the published optimum is the best of the copy-averages only. Filled marks are
        minima, hollow ones saddles; crosses are the least loss that a gradient flow ended at.
        Below, the share of flows from Glorot starts that end at the copy-average, with 95 %
        Clopper-Pearson intervals; the others end at the perturbed copy or elsewhere.

    Returns:
        The figure, and one row a mark: quantity, k, n, share (n/k), value, low and high (interval),
        flows, minimum.

    Source: Simsek et al. 2023 for the question; points and flows are computed.
    """
    if erf_points.empty:
        return empty_plot(erf_points, COLUMNS)
    parts = [_losses(erf_points), _ends(erf_ends, erf_points)]
    rows = pd.concat([part for part in parts if not part.empty], ignore_index=True)
    rows = rows.reindex(columns=COLUMNS).assign(share=rows["n"] / rows["k"])
    teachers = sorted(set(rows_with(rows, quantity=_LOSS)["k"]))
    run = sorted(set(rows_with(rows, quantity=_AVERAGES)["k"]))
    others = [k for k in teachers if k not in run]
    shown = sorted([*run, *evenly_spread(others, max(0, _MOST_SERIES - len(run)))])
    marks = dict(zip(shown, SERIES, strict=False))
    drawing = Figure(figsize=(PAGE_WIDTH, 4.4), layout="constrained")
    upper, lower = drawing.subplots(2, 1, sharex=True, height_ratios=[3, 2])
    _draw_losses(upper, rows, marks)
    _draw_shares(lower, rows, marks)
    handles: list[Artist] = [
        legend_line(
            f"k = {k}", color=mark.colour, marker=mark.marker, linestyle=mark.line, markersize=3.2
        )
        for k, mark in marks.items()
    ]
    handles.append(legend_line(_BEST, color=INK, marker="x", linestyle="none"))
    legend_above(drawing, handles, columns=7)
    return Plot(drawing, rows, _finding(rows))
