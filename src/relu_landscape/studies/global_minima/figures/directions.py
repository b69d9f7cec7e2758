"""One-point quotients over uniformly drawn directions from a global minimum."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    PANELS_A_ROW,
    SERIES,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
)
from relu_landscape.global_minima.members import STRONG_CONVEXITY
from relu_landscape.judging.statistics import clopper_pearson

BINS = 40
RIDGE_HEIGHT = 0.85  # of the distance between the baselines of neighbouring histograms
CENTRAL = (0.001, 0.999)  # quantiles between which quotients are drawn
MOST_RIDGES = 5


def _histograms(quotients: pd.DataFrame) -> pd.DataFrame:
    """Number of directions in each bin, the bins of one k the same for every n."""
    parts = []
    for k, rows in quotients.groupby("k"):
        low, high = rows["one_point_hessian"].quantile(list(CENTRAL))
        edges = np.linspace(min(low, 0.0), max(high, 1.1 * STRONG_CONVEXITY), BINS + 1)
        for n, drawn in rows.groupby("n"):
            counts, _ = np.histogram(drawn["one_point_hessian"], edges)
            parts.append(
                pd.DataFrame(
                    {
                        "quantity": "histogram",
                        "k": k,
                        "n": n,
                        "bin_low": edges[:-1],
                        "bin_high": edges[1:],
                        "directions": counts,
                    }
                )
            )
    return pd.concat(parts, ignore_index=True)


def _shares_below(quotients: pd.DataFrame) -> pd.DataFrame:
    """Share of the directions of each size with a quotient below the bound, with its interval."""
    marked = quotients.assign(below=quotients["one_point_hessian"] < STRONG_CONVEXITY)
    shares = marked.groupby(["k", "n"], as_index=False).agg(
        directions=("below", "size"), directions_below=("below", "sum")
    )
    intervals = [
        clopper_pearson(int(below), int(directions))
        for below, directions in zip(shares["directions_below"], shares["directions"], strict=True)
    ]
    return shares.assign(
        quantity="share below 1/4 - 1/(2 pi)",
        extra_students=shares["n"] - shares["k"],
        percent_below=100.0 * shares["directions_below"] / shares["directions"],
        percent_low=[100.0 * interval.low for interval in intervals],
        percent_high=[100.0 * interval.high for interval in intervals],
    )


def _draw_ridges(axes: Axes, histograms: pd.DataFrame, colour: str) -> None:
    """Histograms of one k above each other, n growing upwards."""
    sizes = evenly_spread(sorted(set(histograms["n"])), MOST_RIDGES)
    for floor, n in enumerate(sizes):
        bins = histograms[histograms["n"] == n]
        heights = RIDGE_HEIGHT * bins["directions"] / max(1, bins["directions"].max())
        edges = [*bins["bin_low"], bins["bin_high"].iloc[-1]]
        axes.stairs(
            floor + heights, edges, baseline=floor, fill=True, facecolor=(colour, 0.3), linewidth=0
        )
        axes.stairs(floor + heights, edges, baseline=floor, edgecolor=colour, linewidth=0.8)
    axes.axvline(0.0, color=INK, linewidth=0.7)
    axes.axvline(STRONG_CONVEXITY, color=INK, linewidth=0.8, linestyle="--")
    axes.set_yticks(range(len(sizes)), [f"n = {n}" for n in sizes])
    axes.set_ylim(0.0, len(sizes))
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("one-point quotient")


def _draw_shares(axes: Axes, shares: pd.DataFrame, marks: Mapping[int, Mark]) -> None:
    """Share below the bound against n - k; a triangle stands where no direction was below."""
    most = max(1.0, float(shares["extra_students"].max()))
    for rank, (k, mark) in enumerate(marks.items()):
        rows = shares[shares["k"] == k]
        x = rows["extra_students"] + 0.012 * most * (rank - 0.5 * (len(marks) - 1))
        some = rows["directions_below"] > 0
        axes.errorbar(
            x[some],
            rows["percent_below"][some],
            yerr=[
                (rows["percent_below"] - rows["percent_low"])[some],
                (rows["percent_high"] - rows["percent_below"])[some],
            ],
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.5,
            capsize=1.8,
        )
        axes.plot(
            x[~some],
            rows["percent_high"][~some],
            color=mark.colour,
            marker="v",
            linestyle="none",
            fillstyle="none",
        )
    axes.set_yscale("log")
    axes.set_xlim(-0.06 * most, 1.06 * most)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda percent, _: f"{percent:g}"))
    axes.set_xlabel("students beyond the teachers, n \N{MINUS SIGN} k")
    axes.set_ylabel("directions below\n1/4 \N{MINUS SIGN} 1/(2π) (%)")


def _finding(shares: pd.DataFrame) -> str:
    """The largest share of directions with a smaller quotient, at the outermost k."""
    largest = shares.groupby("k")["percent_below"].max()
    said = [
        f"{f'at most {largest[k]:.2g} %' if largest[k] > 0.0 else 'none'} at k = {k}"
        for k in sorted({largest.index[0], largest.index[-1]})
    ]
    return (
        f"Of the directions drawn, {' and '.join(said)} have a one-point quotient below "
        "1/4 \N{MINUS SIGN} 1/(2π), whatever the number of students."
    )


@figure
def quotients_by_direction(direction_quotients: pd.DataFrame) -> Plot:
    """How the one-point quotient is distributed over directions, and how often it is small.

    Caption:
        The one-point quotient (W − W*)ᵀ H(W) (W − W*)/|W − W*|² over uniformly drawn directions
        from a global minimum, by the number n of students for a few k, in profile **{profile}**.
        The dashed line is 1/4 − 1/(2π), the least curvature at the global minima of n = k; the
        solid line is zero. Below, the share of directions with a smaller quotient and its 95 %
        Clopper-Pearson interval; a triangle stands at the upper end of the interval where no
        direction had one. Most directions keep a quotient well above zero however many students are
        added, and the more so the larger k is.

    Returns:
        The figure, and the numbers: rows of quantity `histogram` (directions from bin_low to
        bin_high, of all k and n, also those not drawn) and of `share below 1/4 - 1/(2 pi)`, by k
        and extra_students, n - k (directions, directions_below of them, percent_below with its 95 %
        Clopper-Pearson interval, percent_low and percent_high).

    Source: S21 Theorem 10: one-point strong convexity in most directions.
    """
    columns = [
        *("quantity", "k", "n", "bin_low", "bin_high", "extra_students", "directions"),
        *("directions_below", "percent_below", "percent_low", "percent_high"),
    ]
    if direction_quotients.empty:
        return empty_plot(direction_quotients, columns)
    histograms, shares = _histograms(direction_quotients), _shares_below(direction_quotients)
    teachers = evenly_spread(sorted(set(direction_quotients["k"])), PANELS_A_ROW)
    marks = dict(zip(teachers, SERIES, strict=False))
    figure = Figure(figsize=(PAGE_WIDTH, 4.8), layout="constrained")
    grid = figure.add_gridspec(2, max(2, len(teachers)), height_ratios=(1.3, 1))
    for column, (k, mark) in enumerate(marks.items()):
        axes = figure.add_subplot(grid[0, column])
        _draw_ridges(axes, histograms[histograms["k"] == k], mark.colour)
        axes.set_title(f"k = {k}")
    axes = figure.add_subplot(grid[1, :])
    _draw_shares(axes, shares[shares["k"].isin(teachers)], marks)
    handles = [
        legend_line(f"k = {k}", color=mark.colour, marker=mark.marker, linestyle=mark.line)
        for k, mark in marks.items()
    ]
    if (shares["directions_below"] == 0).any():
        handles.append(
            legend_line(
                "none below: upper end of the interval",
                color="0.5",
                marker="v",
                linestyle="none",
                fillstyle="none",
            )
        )
    handles.append(
        legend_line("1/4 \N{MINUS SIGN} 1/(2π)", color=INK, linewidth=0.8, linestyle="--")
    )
    legend_above(figure, handles, columns=5)
    data = pd.concat([histograms, shares], ignore_index=True)
    return Plot(figure, data[columns], _finding(shares))
