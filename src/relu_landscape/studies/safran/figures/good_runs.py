"""Good runs against n - k, whether they approach global minima, and what the bad ones hold."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from relu_landscape.figures.style import (
    BLUE,
    GREEN,
    NONE_FOUND,
    ORANGE,
    PAGE_WIDTH,
    PURPLE,
    SMALLEST_TEXT,
    Plot,
    empty_plot,
    explain_empty,
    figure,
    students,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.studies.safran.figures.rates import PROTOCOL, error_bars, of_protocol

LABEL_GAP = 4.0  # percentage points between the labels of neighbouring lines


class End(NamedTuple):
    """How the bars of one kind of point that bad runs ended in are drawn and named."""

    label: str
    colour: str
    hatch: str


ENDS: Mapping[str, End] = MappingProxyType(
    {
        "spurious_minimum": End("spurious minimum", BLUE, ""),
        "saddle": End("saddle", ORANGE, "////"),
        "global_minimum": End("global minimum", GREEN, "...."),
        "undecided": End("undecided", PURPLE, "xxxx"),
        "unclassified": End("not classified", "0.7", "\\\\"),
    }
)
"""Kinds of end, in the order in which bars are stacked."""


def _spread(heights: Sequence[float], gap: float) -> NDArray[np.float64]:
    """Heights moved as little as needed to lie in [0, 100], at least `gap` apart, in their order.

    Least squares under the order constraints: after subtracting i * gap the i-th sorted height has
    to be non-decreasing, so pooling adjacent violators solves it.
    """
    order = np.argsort(heights, kind="stable")
    blocks: list[tuple[float, int]] = []
    for rank, height in enumerate(np.asarray(heights, dtype=np.float64)[order]):
        block = (float(height) - rank * gap, 1)
        while blocks and blocks[-1][0] >= block[0]:
            mean, size = blocks.pop()
            total = size + block[1]
            block = ((mean * size + block[0] * block[1]) / total, total)
        blocks.append(block)
    pooled = np.concatenate([np.full(size, mean) for mean, size in blocks])
    inside = np.clip(pooled, 0.0, max(0.0, 100.0 - gap * (len(order) - 1)))
    spread = np.empty(len(order))
    spread[order] = inside + gap * np.arange(len(order))
    return spread


def _label_lines(axes: Axes, ends: pd.DataFrame, colours: Mapping[int, str]) -> None:
    """Name each line by its k at its left end, labels pushed apart where lines meet."""
    heights = _spread(ends["percent"].to_list(), LABEL_GAP)
    for k, x, y, height in zip(ends["k"], ends["position"], ends["percent"], heights, strict=True):
        axes.annotate(
            f"k = {k}",
            xy=(x - 0.02, y),
            xytext=(ends["position"].min() - 0.12, height),
            ha="right",
            va="center",
            fontsize=SMALLEST_TEXT,
            arrowprops={
                "arrowstyle": "-",
                "color": colours[k],
                "linewidth": 0.6,
                "relpos": (1.0, 0.5),
                "shrinkA": 1.0,
            },
        )


def _good_rates(rates: pd.DataFrame) -> pd.DataFrame:
    """Good share and its interval (100 minus the bad one) of the main search.

    `position` is where a mark stands: n - k, moved a little so that intervals do not hide others.
    """
    bad = of_protocol(rates)
    bad = bad[bad["search"] == PROTOCOL] if not bad.empty else bad
    if bad.empty:
        return bad
    rank = bad["k"].rank(method="dense") - 1
    offset = min(0.03, 0.24 / max(rank.max(), 1)) * (rank - 0.5 * rank.max())
    good = pd.DataFrame(
        {
            "k": bad["k"],
            "n": bad["n"],
            "extra_students": bad["extra_students"],
            "runs": bad["runs"],
            "percent": 100.0 - bad["percent_bad"],
            "percent_low": 100.0 - bad["percent_high"],
            "percent_high": 100.0 - bad["percent_low"],
            "position": bad["extra_students"] + offset,
        }
    )
    return good.sort_values(["k", "n"], ignore_index=True)


def _draw_good_runs(axes: Axes, good: pd.DataFrame) -> None:
    """Share of good runs against n - k, one line a k."""
    teachers = sorted(set(good["k"]))
    shades = sns.color_palette("cividis", len(teachers) + 2).as_hex()
    colours = dict(zip(teachers, shades, strict=False))
    for k, rows in good.groupby("k"):
        axes.errorbar(
            rows["position"],
            rows["percent"],
            yerr=error_bars(rows, "percent"),
            color=colours[k],
            marker="o",
            markersize=3.2,
            capsize=1.6,
        )
    _label_lines(axes, good.groupby("k", as_index=False).first(), colours)
    extra = sorted(set(good["extra_students"]))
    # The labels of the lines keep their width in points however many n - k there are.
    margin = max(0.48, 0.4 + 0.09 * (extra[-1] - extra[0]))
    axes.set_xlim(extra[0] - margin, extra[-1] + 0.25)
    axes.set_xticks(extra, [students(value) for value in extra])
    axes.set_xlabel("student neurons n")
    axes.set_ylim(-4, 104)
    axes.set_ylabel("runs that do not end\nin a bad point (%)")


def _confirmed_shares(confirmations: pd.DataFrame) -> pd.DataFrame:
    """Share of the continued good runs of the main search that were confirmed, for each n - k."""
    rows = confirmations[confirmations["search"] == PROTOCOL]
    if rows.empty:
        return rows
    counts = (
        rows.assign(extra_students=rows["n"] - rows["k"])
        .groupby("extra_students", as_index=False)
        .agg(runs=("confirmed", "size"), confirmed=("confirmed", "sum"))
    )
    intervals = [
        clopper_pearson(int(confirmed), int(runs))
        for confirmed, runs in zip(counts["confirmed"], counts["runs"], strict=True)
    ]
    return counts.assign(
        percent=100.0 * counts["confirmed"] / counts["runs"],
        percent_low=[100.0 * interval.low for interval in intervals],
        percent_high=[100.0 * interval.high for interval in intervals],
    )


def _draw_confirmed(axes: Axes, shares: pd.DataFrame) -> None:
    """Confirmed share against n - k with the number of runs under each mark."""
    axes.set_title("good runs that were continued")
    if shares.empty:
        explain_empty(axes, NONE_FOUND)
        return
    axes.errorbar(
        shares["extra_students"],
        shares["percent"],
        yerr=error_bars(shares, "percent"),
        color=BLUE,
        marker="o",
        linestyle="none",
        capsize=1.8,
    )
    for row in shares.to_dict("records"):
        axes.annotate(
            f"{row['confirmed']}\nof {row['runs']}",
            xy=(row["extra_students"], row["percent_low"]),
            xytext=(0, -3),
            textcoords="offset points",
            ha="center",
            va="top",
            fontsize=SMALLEST_TEXT,
        )
    _extra_students_axis(axes, list(shares["extra_students"]))
    axes.set_ylim(0, 104)
    axes.set_ylabel("confirmed global (%)")


def _bad_run_shares(ends: pd.DataFrame) -> pd.DataFrame:
    """Share of the bad runs of the main search in each kind of end, for each n - k."""
    rows = ends[ends["search"] == PROTOCOL]
    if rows.empty:
        return rows
    counts = (
        rows.assign(extra_students=rows["n"] - rows["k"])
        .groupby(["extra_students", "end"], as_index=False)
        .agg(runs=("runs", "sum"))
    )
    total = counts.groupby("extra_students")["runs"].transform("sum")
    # Of no bad runs there are no shares.
    return counts.assign(percent=100.0 * counts["runs"] / total.where(total > 0))


def _draw_bad_runs(axes: Axes, shares: pd.DataFrame) -> None:
    """Stacked shares for each n - k with the number of bad runs above each bar."""
    axes.set_title("bad runs")
    if shares.empty:
        explain_empty(axes, NONE_FOUND)
        return
    table = shares.pivot(index="extra_students", columns="end", values="percent").fillna(0.0)
    floor = np.zeros(len(table))
    for name, end in ENDS.items():
        if name not in table:
            continue
        height = table[name].to_numpy(np.float64)
        axes.bar(
            table.index,
            height,
            width=0.7,
            bottom=floor,
            color=end.colour,
            hatch=end.hatch,
            edgecolor="white",
            linewidth=0.3,
        )
        floor += height
    runs = shares.groupby("extra_students")["runs"].sum()
    for extra, number in zip(runs.index.to_list(), runs, strict=True):
        axes.text(extra, 102, f"{number}", ha="center", va="bottom", fontsize=SMALLEST_TEXT)
    _extra_students_axis(axes, list(table.index))
    axes.set_ylim(0, 112)
    axes.set_yticks(range(0, 101, 25))
    axes.set_ylabel("share of bad runs (%)")


def _extra_students_axis(axes: Axes, extra: Sequence[int]) -> None:
    """Make x the axis of n - k; a single one keeps room around it."""
    margin = 0.6 if len(extra) > 1 else 1.5
    axes.set_xlim(min(extra) - margin, max(extra) + margin)
    axes.set_xticks(extra)
    axes.set_xlabel("n \N{MINUS SIGN} k, all k together")


@figure
def good_runs_by_overparameterisation(
    bad_run_rates: pd.DataFrame, confirmations: pd.DataFrame, bad_run_ends: pd.DataFrame
) -> Plot:
    """Good runs against n - k, what continuing them confirms, and what the bad runs hold.

    Caption:
        Share of runs that do not end in a bad point against the number of students, one line for
        each number k of teachers, in profile **{profile}**. Bars are 95 % Clopper-Pearson
        intervals; marks of different k stand a little apart so that they do not hide each other.
        Where the lines of small k are near one already, an added student lifts those of large k.
        Below left, the share of those good runs that were continued and then approached a global
        minimum; below right, what the bad runs ended in, with their number above each bar.

    Returns:
        The figure, and its numbers, of the main search alone: rows of quantity `good runs` (one a
        k and n), `confirmed good runs` and `bad runs` (one an end) with n - k as extra_students,
        the number of runs, percent, and the ends of 95 % Clopper-Pearson intervals.

    Source: S18, abstract: mild over-parameterisation reduces the share of bad runs drastically.
    """
    good = _good_rates(bad_run_rates)
    columns = ["quantity", "k", "n", "extra_students", "end", "runs"]
    columns += ["percent", "percent_low", "percent_high"]
    confirmed = _confirmed_shares(confirmations)
    bad = _bad_run_shares(bad_run_ends)
    if good.empty:
        return empty_plot(bad_run_rates, columns)
    figure = Figure(figsize=(PAGE_WIDTH, 6.0), layout="constrained")
    panels = figure.subplot_mosaic([["good", "good"], ["confirmed", "bad"]], height_ratios=(1.5, 1))
    _draw_good_runs(panels["good"], good)
    _draw_confirmed(panels["confirmed"], confirmed)
    _draw_bad_runs(panels["bad"], bad)
    handles = [
        Patch(facecolor=end.colour, hatch=end.hatch, edgecolor="white", label=end.label)
        for name, end in ENDS.items()
        if not bad.empty and name in set(bad["end"])
    ]
    if handles:
        figure.legend(handles=handles, ncols=3, loc="outside lower right", borderaxespad=0.2)
    parts = {"good runs": good, "confirmed good runs": confirmed, "bad runs": bad}
    data = pd.concat([part.assign(quantity=name) for name, part in parts.items() if len(part)])
    return Plot(figure, data.reindex(columns=columns).reset_index(drop=True))
