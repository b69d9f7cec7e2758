"""Good runs against n - k, whether they approach global minima, and what the bad ones hold."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from relu_landscape.figures.style import (
    BLUE,
    GREEN,
    INK,
    MOST_TICKS,
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

DARK = 45.0  # percent of good runs below which a cell takes white text


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


def _good_rates(rates: pd.DataFrame) -> pd.DataFrame:
    """Good share and its interval (100 minus the bad one) of the main search."""
    bad = of_protocol(rates)
    bad = bad[bad["search"] == PROTOCOL] if not bad.empty else bad
    if bad.empty:
        return bad
    good = bad[["k", "n", "extra_students", "runs"]].assign(
        percent=100.0 - bad["percent_bad"],
        percent_low=100.0 - bad["percent_high"],
        percent_high=100.0 - bad["percent_low"],
    )
    return good.sort_values(["k", "n"], ignore_index=True)


def _draw_good_runs(axes: Axes, good: pd.DataFrame) -> QuadMesh:
    """Share of good runs by k and n - k, written in its cell."""
    table = good.pivot(index="extra_students", columns="k", values="percent")
    mesh = axes.pcolormesh(table.to_numpy(), cmap="cividis", vmin=0.0, vmax=100.0)
    for (row, column), percent in np.ndenumerate(table.to_numpy()):
        if not np.isnan(percent):
            axes.text(
                column + 0.5,
                row + 0.5,
                f"{percent:.3g}",
                ha="center",
                va="center",
                color="white" if percent < DARK else INK,
                fontsize=SMALLEST_TEXT,
            )
    step = 1 + len(table.columns) // MOST_TICKS
    axes.set_xticks(np.arange(0, len(table.columns), step) + 0.5, table.columns[::step])
    axes.set_xlabel("teacher neurons k")
    axes.set_yticks(np.arange(len(table)) + 0.5, [students(extra) for extra in table.index])
    axes.tick_params(length=0)
    axes.spines[:].set_visible(False)
    return mesh


def _finding(good: pd.DataFrame) -> str:
    """What each more student makes of the good runs at the largest k, until all are good."""
    several = good[good.groupby("k")["n"].transform("size") > 1]
    rows = (good if several.empty else several).sort_values(["k", "n"])
    last = rows[rows["k"] == rows["k"].max()]
    all_good_before = (last["percent"] == 100.0).cumsum().shift(fill_value=0) > 0
    shares = [
        f"{row['percent']:.3g} % with {students(row['extra_students'])}"
        for row in last[~all_good_before].to_dict("records")
    ]
    return f"Good runs at k = {last['k'].iloc[0]}: {', '.join(shares)}."


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
        Share of runs (%) that do not end in a bad point, by the number k of teachers and the number
        of students more, in profile **{profile}**. Where the row of as many students as teachers
        turns dark as k grows, those of one and two students more stay light for longer. Below
        left, the share of those good runs that were continued and then approached a global minimum,
        with 95 % Clopper-Pearson intervals; below right, what the bad runs ended in, with their
        number above each bar.

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
    figure = Figure(figsize=(PAGE_WIDTH, 4.8), layout="constrained")
    panels = figure.subplot_mosaic([["good", "good"], ["confirmed", "bad"]], height_ratios=(1, 1.4))
    bar = figure.colorbar(_draw_good_runs(panels["good"], good), ax=panels["good"], pad=0.01)
    bar.set_label("good runs (%)")
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
    return Plot(figure, data.reindex(columns=columns).reset_index(drop=True), _finding(good))
