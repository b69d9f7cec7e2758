"""How often gradient descent ends in a bad point, against k."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from relu_landscape.figures.style import (
    INK,
    OVERPARAMETERISATION,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
    legend_line,
    students,
    teacher_axis,
)
from relu_landscape.judging.statistics import rate_difference_interval

PROTOCOL = "safran2018"
PUBLISHED = "published"
DIFFERENCE = "measured minus published"


def of_protocol(rates: pd.DataFrame) -> pd.DataFrame:
    """Rows of S18's protocol in which runs ended, with n - k as a column."""
    if rates.empty:
        return rates
    rows = rates[(rates["protocol"] == PROTOCOL) & (rates["runs"] > 0)].copy()
    rows["extra_students"] = rows["n"] - rows["k"]
    return rows.sort_values(["search", "extra_students", "k"], ignore_index=True)


def _published_rates(published: pd.DataFrame) -> pd.DataFrame:
    """The published rates as rows of the plotted table."""
    percent = published["percent_bad_all"].astype(float)
    rows = pd.DataFrame(
        {
            "search": PUBLISHED,
            "k": published["k"],
            "n": published["n"],
            "runs": published["runs"],
            "bad": (percent * published["runs"] / 100.0).round().astype(int),
            "percent_bad": percent,
            "extra_students": published["n"] - published["k"],
        }
    )
    return rows.sort_values(["extra_students", "k"], ignore_index=True)


def _differences(measured: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Measured minus published rate with its 95 % interval, in percentage points."""
    main = measured[measured["search"] == PROTOCOL]
    both = main.merge(published[["k", "n", "runs", "bad"]], on=["k", "n"], suffixes=("", "_known"))
    counts = both[["bad", "runs", "bad_known", "runs_known"]].astype(int)
    intervals = [rate_difference_interval(*row) for row in counts.itertuples(index=False)]
    rates = both["bad"] / both["runs"] - both["bad_known"] / both["runs_known"]
    return pd.DataFrame(
        {
            "search": DIFFERENCE,
            "k": both["k"],
            "n": both["n"],
            "extra_students": both["extra_students"],
            "percent_bad": 100.0 * rates,
            "percent_low": [100.0 * interval.low for interval in intervals],
            "percent_high": [100.0 * interval.high for interval in intervals],
        }
    )


def error_bars(rows: pd.DataFrame, column: str) -> NDArray[np.float64]:
    """Distances (2, rows) from the rate in `column` down and up to the ends of its interval."""
    down = rows[column] - rows["percent_low"]
    up = rows["percent_high"] - rows[column]
    return np.vstack([down, up])


def _draw_rates(axes: Axes, measured: pd.DataFrame, published: pd.DataFrame) -> None:
    """Measured rates with intervals, published ones as rings around them."""
    for extra, mark in OVERPARAMETERISATION.items():
        rows = measured[measured["extra_students"] == extra]
        main, again = rows[rows["search"] == PROTOCOL], rows[rows["search"] != PROTOCOL]
        known = published[published["extra_students"] == extra]
        alone: dict[str, Any] = {"color": mark.colour, "marker": mark.marker, "linestyle": "none"}
        axes.errorbar(
            main["k"],
            main["percent_bad"],
            yerr=error_bars(main, "percent_bad"),
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.2,
            capsize=1.8,
        )
        axes.plot(again["k"] + 0.25, again["percent_bad"], markersize=3.2, alpha=0.45, **alone)
        axes.plot(known["k"], known["percent_bad"], markersize=7.5, fillstyle="none", **alone)
    axes.set_ylabel("runs that end in a\nbad point (%)")
    axes.set_ylim(-4, 104)


def _draw_differences(axes: Axes, differences: pd.DataFrame) -> None:
    """Measured minus published rates around a line at zero."""
    axes.axhline(0.0, color=INK, linewidth=0.7)
    for extra, mark in OVERPARAMETERISATION.items():
        rows = differences[differences["extra_students"] == extra]
        axes.errorbar(
            rows["k"] + 0.24 * (extra - 0.5),
            rows["percent_bad"],
            yerr=error_bars(rows, "percent_bad"),
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            markersize=3.2,
            capsize=1.8,
        )
    axes.set_ylabel("measured \N{MINUS SIGN}\npublished (points)")


def _rate_handles(measured: pd.DataFrame) -> list[Artist]:
    """Legend of the series that were run, then of what hollow and pale marks mean."""
    shown = sorted(set(measured["extra_students"]))
    marks = [(students(extra), OVERPARAMETERISATION[extra]) for extra in shown]
    handles: list[Artist] = [
        legend_line(label, color=mark.colour, marker=mark.marker, linestyle=mark.line)
        for label, mark in marks
    ]
    hollow: dict[str, Any] = {"color": INK, "marker": "o", "linestyle": "none"}
    handles.append(legend_line("published", markersize=7.5, fillstyle="none", **hollow))
    if (measured["search"] != PROTOCOL).any():
        handles.append(legend_line("second seed", markersize=3.2, alpha=0.45, **hollow))
    return handles


def _finding(measured: pd.DataFrame) -> str:
    """How the share grows with k at the fewest students, and what more of them make of it."""
    main = measured[measured["search"] == PROTOCOL].sort_values(["extra_students", "k"])
    least = main["extra_students"].min()
    fewest = main[main["extra_students"] == least]
    first, last = fewest.iloc[0], fewest.iloc[-1]
    more = [
        f"{row['percent_bad']:.3g} % with {students(row['extra_students'])}"
        for row in main[(main["k"] == last["k"]) & (main["n"] > last["n"])].to_dict("records")
    ]
    return (
        f"Bad runs go from {first['percent_bad']:.3g} % at k = {first['k']} to "
        f"{last['percent_bad']:.3g} % at k = {last['k']} with {students(least)}"
        + (f"; there, {' and '.join(more)}." if more else ".")
    )


@leading_figure
def safran2018_bad_run_rates(
    bad_run_rates: pd.DataFrame, safran2018_bad_run_rates: pd.DataFrame
) -> Plot:
    """Share of runs that end in a bad point (F >= 1e-3) against k, over the published share.

    Caption:
        How often gradient descent ends in a bad point (loss F at or above 0.001) in profile
        **{profile}**. Filled marks are the runs of this study with 95 % Clopper-Pearson intervals,
        those left out that ended at no critical point, large hollow marks the rates counted in the
        result files of Safran and Shamir (2018), pale marks a second seed. With as many students as
        teachers bad points take over as k grows; one or two more students push this back. The lower
        panel shows measured minus published rates with 95 % intervals that count the sampling error
        of both.

    Returns:
        The figure, and one row a mark: search (a search of this study, `published`, or
        `measured minus published` in percentage points), k, n, runs, percentages with the ends of
        their 95 % intervals (Clopper-Pearson; Newcombe for differences).

    Source: S18, the table of rates (n = k and n = k + 1; none published for n = k + 2).
    """
    measured = of_protocol(bad_run_rates)
    columns = ["search", "k", "n", "runs", "percent_bad", "percent_low", "percent_high"]
    if not measured.empty:  # n - k that nobody published have no mark
        measured = measured[measured["extra_students"].isin(list(OVERPARAMETERISATION))]
    if measured.empty:
        return empty_plot(bad_run_rates, columns)
    known = _published_rates(safran2018_bad_run_rates)
    known = known[known["k"].between(measured["k"].min(), measured["k"].max())]
    known = known[known["extra_students"].isin(measured["extra_students"])]
    differences = _differences(measured, known)
    figure = Figure(figsize=(PAGE_WIDTH, 4.2), layout="constrained")
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=(2.4, 1))
    _draw_rates(upper, measured, known)
    _draw_differences(lower, differences)
    teacher_axis(lower, sorted(set(measured["k"])))
    figure.align_ylabels([upper, lower])
    legend_above(figure, _rate_handles(measured), columns=5)
    data = pd.concat([measured, known, differences], ignore_index=True)
    return Plot(figure, data[columns], _finding(measured))
