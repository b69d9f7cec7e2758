"""How often random restarts find a global minimum with n = k, against the published counts."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from relu_landscape.figures.style import (
    BLUE,
    INK,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    teacher_axis,
)
from relu_landscape.judging.statistics import clopper_pearson, rate_difference_interval
from relu_landscape.studies.safran.figures.rates import error_bars

SEARCH = "safran2021"
MEASURED, PUBLISHED, DIFFERENCE = "measured", "published", "measured minus published"
PERCENT_TICKS = (0.1, 1.0, 10.0, 100.0)
LEAST_PERCENT = 0.1
COLUMNS = ["source", "k", "runs", "at_global", "percent", "percent_low", "percent_high"]


def _with_intervals(counts: pd.DataFrame, source: str) -> pd.DataFrame:
    """Counts (k, runs, at_global) as per cent, with 95 % Clopper-Pearson intervals."""
    intervals = [
        clopper_pearson(int(found), int(runs), 0.95)
        for found, runs in zip(counts["at_global"], counts["runs"], strict=True)
    ]
    return counts.assign(
        source=source,
        percent=100.0 * counts["at_global"] / counts["runs"],
        percent_low=[100.0 * interval.low for interval in intervals],
        percent_high=[100.0 * interval.high for interval in intervals],
    )


def _differences(both: pd.DataFrame) -> pd.DataFrame:
    """Measured minus published share in percentage points, with Newcombe's 95 % interval."""
    counts = both[["at_global", "runs", "at_global_known", "runs_known"]].astype(int)
    intervals = [rate_difference_interval(*row) for row in counts.itertuples(index=False)]
    return pd.DataFrame(
        {
            "source": DIFFERENCE,
            "k": both["k"],
            "percent": both["percent"] - both["percent_known"],
            "percent_low": [100.0 * interval.low for interval in intervals],
            "percent_high": [100.0 * interval.high for interval in intervals],
        }
    )


def _draw_bars(axes: Axes, rows: pd.DataFrame) -> None:
    """Measured per cent, or points, with their intervals."""
    axes.errorbar(
        rows["k"],
        rows["percent"],
        yerr=error_bars(rows, "percent"),
        color=BLUE,
        marker="o",
        linestyle="none",
        markersize=2.8,
        capsize=1.5,
        linewidth=0.8,
    )


def _draw_shares(axes: Axes, measured: pd.DataFrame, known: pd.DataFrame) -> None:
    """Shares with intervals; where no run found one, the upper end of the interval."""
    met, none = (measured[measured["at_global"] > 0], measured[measured["at_global"] == 0])
    _draw_bars(axes, met)
    axes.plot(
        none["k"], none["percent_high"], color=BLUE, marker="v", linestyle="none", markersize=3.2
    )
    for rows, height, marker in (
        (known[known["at_global"] > 0], "percent", "o"),
        (known[known["at_global"] == 0], "percent_high", "v"),
    ):
        axes.plot(
            rows["k"],
            rows[height],
            color=INK,
            marker=marker,
            linestyle="none",
            fillstyle="none",
            markersize=6.0,
            markeredgewidth=0.7,
        )
    axes.set_yscale("log")
    axes.set_ylim(0.8 * LEAST_PERCENT, 140.0)
    axes.set_yticks(PERCENT_TICKS)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda percent, _: f"{percent:g}"))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylabel("runs that end at a\nglobal minimum (%)")


def _finding(measured: pd.DataFrame) -> str:
    """The share at the smallest and at the largest k."""
    first, last = measured.iloc[0], measured.iloc[-1]
    return (
        f"{first['at_global']} of {first['runs']} runs end at a global minimum at "
        f"k = {first['k']}, {last['at_global']} of {last['runs']} at k = {last['k']}."
    )


@figure
def safran2021_global_minimum_counts(
    global_minimum_counts: pd.DataFrame, safran2021_global_minimum_counts: pd.DataFrame
) -> Plot:
    """Share of the runs of the search of 2021 that end at a global minimum of n = k, against k.

    Caption:
        How many runs of the search of Safran, Yehudai and Shamir (2021), with as many students as
        teachers, end at a global minimum, in profile **{profile}**. Filled marks are the runs of
        this study with 95 % Clopper-Pearson intervals, hollow marks the share counted in the
        authors' result files; triangles stand at the upper end of the interval where no run found a
        global minimum. The share falls with k until no run of a search finds one. Below, the
        difference with 95 % intervals that count the sampling error of both.

    Returns:
        The figure, and one row a mark: source (measured, published, or measured minus published in
        percentage points), k, runs, at_global, percent with the ends of its 95 % interval
        (Clopper-Pearson; Newcombe for differences).

    Source: S21, Section 4.2; counted in the authors' result files.
    """
    counts = global_minimum_counts[
        (global_minimum_counts["search"] == SEARCH)
        & (global_minimum_counts["n"] == global_minimum_counts["k"])
    ]
    if counts.empty:
        return empty_plot(global_minimum_counts, COLUMNS)
    measured = _with_intervals(counts.sort_values("k"), MEASURED)
    known = safran2021_global_minimum_counts.rename(
        columns={"runs_at_global_minimum": "at_global"}
    ).sort_values("k")
    known = _with_intervals(known[known["k"].isin(measured["k"])], PUBLISHED)
    differences = _differences(measured.merge(known, on="k", suffixes=("", "_known")))
    figure = Figure(figsize=(PAGE_WIDTH, 4.0), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2.0, 1.0))
    _draw_shares(upper, measured, known)
    lower.axhline(0.0, color=INK, linewidth=0.7)
    _draw_bars(lower, differences)
    lower.set_ylabel("measured \N{MINUS SIGN}\npublished (points)")
    teacher_axis(lower, sorted(set(measured["k"])))
    figure.align_ylabels([upper, lower])
    handles = [
        legend_line("measured", color=BLUE, marker="o", linestyle="none", markersize=2.8),
        legend_line(
            "published", color=INK, marker="o", linestyle="none", fillstyle="none", markersize=6.0
        ),
        legend_line(
            "none found: upper end of the interval",
            color=BLUE,
            marker="v",
            linestyle="none",
            markersize=3.2,
        ),
    ]
    legend_above(figure, handles, columns=3)
    data = pd.concat([measured, known, differences], ignore_index=True)[COLUMNS]
    return Plot(figure, data, _finding(measured))
