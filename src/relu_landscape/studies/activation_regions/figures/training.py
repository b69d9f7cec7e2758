"""Full rank at the start of descent and zero loss at its end, and what happens on the way."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    NO_RUNS,
    PAGE_WIDTH,
    SERIES,
    VERMILION,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson, rate_difference_interval
from relu_landscape.judging.words import counted
from relu_landscape.studies.activation_regions.figures.style import DATA, INITIALISATION, STARTS

RUN = ["data", "initialisation", "n", "d0", "d1", "trial"]
CELL = ["data", "initialisation", "n", "d0", "d1"]
COLUMNS = [
    *("data", "initialisation", "n", "d0", "d1", "start", "iteration", "quantity", "runs"),
    *("value", "low", "high"),
]
SHARES = {"full rank at the start": ":", "zero loss at the end": "-"}
ALONG = {
    "mean_square_error": "mean square error,\nmedian",
    "share_full": "share of runs\nwith full rank",
    "crossings_a_step": "share of steps into\nanother region",
}
BEGINNINGS = {"full": INK, "deficient": VERMILION}
DIFFERENCE = "zero loss at the end, full minus deficient rank at the start"
SHIFT = 1.04  # of the width, from one size to the next
SIZES = (*SERIES[4:], Mark("0.4", "P", "-"))
"""Marks of the sizes (n, d0) where they share one plot."""
MOST_SIZES = len(SIZES)


def _marked(checks: pd.DataFrame) -> pd.DataFrame:
    """The checks with whether their run started with full rank."""
    first = checks[checks["iteration"] == 0]
    full = np.where(first["rank"] == first["n"], "full", "deficient")
    return checks.merge(first[RUN].assign(start=full), on=RUN)


def _shares(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a cell and quantity: the share of runs with its 95 % interval."""
    ends = checks[checks["outcome"] != "running"]
    records = []
    for cell, runs in ends.groupby(CELL):
        for quantity, count in (
            ("full rank at the start", int((runs["start"] == "full").sum())),
            ("zero loss at the end", int((runs["outcome"] == "zero_loss").sum())),
        ):
            low, high = clopper_pearson(count, len(runs))
            values = (quantity, len(runs), count / len(runs), low, high)
            names = ("quantity", "runs", "value", "low", "high")
            records.append(
                dict(zip(CELL, cell, strict=True)) | dict(zip(names, values, strict=True))
            )
    return pd.DataFrame(records)


def _ends_by_start(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a law of points, size and kind of start: runs, and how many reach zero loss."""
    ends = checks[checks["outcome"] != "running"]
    zero = ends.assign(zero=ends["outcome"] == "zero_loss")
    kinds = {
        start: zero[zero["start"] == start].groupby(["data", "n", "d0", "d1"])["zero"]
        for start in BEGINNINGS
    }
    columns = {f"{start}_zero": runs.sum() for start, runs in kinds.items()}
    columns |= {f"{start}_runs": runs.size() for start, runs in kinds.items()}
    return pd.DataFrame(columns).fillna(0).astype(int).reset_index()


def _differences(counts: pd.DataFrame) -> pd.DataFrame:
    """One row a law of points and size with both kinds of start: how the shares differ, 95 %."""
    records = []
    for row in counts.to_dict("records"):
        full, other = row["full_runs"], row["deficient_runs"]
        if not (full and other):
            continue
        low, high = rate_difference_interval(row["full_zero"], full, row["deficient_zero"], other)
        records.append(
            {name: row[name] for name in ("data", "n", "d0", "d1")}
            | {
                "quantity": DIFFERENCE,
                "runs": full + other,
                "value": row["full_zero"] / full - row["deficient_zero"] / other,
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(records, columns=COLUMNS)


def _along(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a law of points, kind of start, check and quantity; runs keep their last state."""
    steps = sorted(set(checks.loc[checks["outcome"].isin(["running", "unfinished"]), "iteration"]))
    records = []
    for (data, start), group in checks.groupby(["data", "start"]):
        for step in steps:
            state = group[group["iteration"] <= step].groupby(RUN).tail(1)
            taken = state["iteration"].clip(lower=1)
            values = {
                "mean_square_error": float(state["mean_square_error"].median()),
                "share_full": float((state["rank"] == state["n"]).mean()),
                "crossings_a_step": float((state["crossings"] / taken).mean()),
            }
            records += [
                {
                    "data": data,
                    "start": start,
                    "iteration": step,
                    "quantity": quantity,
                    "runs": len(state),
                    "value": value,
                }
                for quantity, value in values.items()
                if step > 0 or quantity != "crossings_a_step"
            ]
    return pd.DataFrame(records)


def _draw_shares(axes: Axes, cells: pd.DataFrame) -> None:
    """Both shares against the width, for each law of the weights."""
    for start, mark in STARTS.items():
        for quantity, line in SHARES.items():
            rows = rows_with(cells, initialisation=start, quantity=quantity).sort_values("d1")
            if rows.empty:
                continue
            filled = mark.colour if quantity == "zero loss at the end" else "white"
            axes.errorbar(
                rows["d1"],
                rows["value"],
                yerr=np.array([rows["value"] - rows["low"], rows["high"] - rows["value"]]),
                color=mark.colour,
                marker=mark.marker,
                markerfacecolor=filled,
                markersize=3.5,
                linestyle=line,
                elinewidth=0.6,
            )
    _width_axis(axes, sorted(set(cells["d1"])))
    axes.set_ylim(-0.04, 1.04)


def _draw_differences(
    axes: Axes, differences: pd.DataFrame, sizes: Sequence[tuple[int, int]]
) -> None:
    """How much more often zero loss is reached from full rank, by width, beside each other."""
    axes.axhline(0.0, color=INK, linewidth=0.6)
    for place, ((n, d0), mark) in enumerate(zip(sizes, SIZES, strict=False)):
        rows = rows_with(differences, n=n, d0=d0).sort_values("d1")
        axes.errorbar(
            rows["d1"] * SHIFT**place,
            rows["value"],
            yerr=np.array([rows["value"] - rows["low"], rows["high"] - rows["value"]]),
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            markersize=3.5,
            elinewidth=0.6,
        )
    _width_axis(axes, sorted(set(differences["d1"])))
    axes.set_ylim(-1.04, 1.04)


def _width_axis(axes: Axes, widths: list[int]) -> None:
    """Make x the axis of the width."""
    axes.set_xscale("log")
    axes.set_xticks(evenly_spread(widths, 5), [str(width) for width in evenly_spread(widths, 5)])
    axes.minorticks_off()


def _draw_along(axes: Axes, rows: pd.DataFrame) -> None:
    """One quantity against the steps taken, for both kinds of start."""
    for start, colour in BEGINNINGS.items():
        line = rows_with(rows, start=start).sort_values("iteration")
        axes.plot(
            line["iteration"],
            line["value"],
            color=colour,
            marker="o" if start == "full" else "D",
            linestyle="-" if start == "full" else "--",
            markersize=3.5,
        )
    axes.set_xscale("symlog", linthresh=1)
    axes.minorticks_off()


def _handles(cells: pd.DataFrame, sizes: Sequence[tuple[int, int]]) -> list[Artist]:
    """Legend of the shares, then of the differences, then of the way."""
    present = [start for start in STARTS if start in set(cells["initialisation"])]
    handles: list[Artist] = [
        legend_line(
            INITIALISATION[start],
            color=STARTS[start].colour,
            marker=STARTS[start].marker,
            linestyle="none",
        )
        for start in present
    ]
    handles += [legend_line(name, color=INK, linestyle=line) for name, line in SHARES.items()]
    handles += [
        legend_line(f"n = {n}, d₀ = {d0}", color=mark.colour, marker=mark.marker, linestyle="none")
        for (n, d0), mark in zip(sizes, SIZES, strict=False)
    ]
    handles += [
        legend_line(
            f"from {start} rank",
            color=colour,
            marker="o" if start == "full" else "D",
            linestyle="-" if start == "full" else "--",
            markersize=3.5,
        )
        for start, colour in BEGINNINGS.items()
    ]
    return handles


def _finding(counts: pd.DataFrame, differences: pd.DataFrame) -> str:
    """How often zero loss is reached from either start, and how often that is not the width's."""
    shares = [
        f"{100.0 * counts[f'{start}_zero'].sum() / runs:.3g} % of starts of {start} rank"
        for start in BEGINNINGS
        if (runs := counts[f"{start}_runs"].sum()) > 0
    ]
    apart = int(((differences["low"] > 0) | (differences["high"] < 0)).sum())
    within = (
        f"at equal width the difference is told from 0 in {apart} of "
        f"{counted(len(differences), 'case')}"
        if len(differences)
        else "no width has both kinds of start"
    )
    return f"Zero loss is reached from {' and from '.join(shares)}; {within}."


@leading_figure
def training_from_regions(training_runs: pd.DataFrame) -> Plot:
    """Shares of runs with full rank at the start and zero loss at the end; the way between.

    Caption:
        Does full rank of the Jacobian at the start mean zero loss at the end? Gradient descent in
        the first layer with random labels, in profile **{profile}**, from the laws of weights of
        Figures 1 and 2. Above, by width, the share of runs that start with full rank (dotted,
        hollow) and that reach zero loss (solid), with 95 % Clopper-Pearson intervals: both grow
        with the width. Below that, for each width with starts of both kinds, the share of zero loss
        from starts of full rank minus that from others, with 95 % Newcombe intervals: where all
        runs together differ more than those of equal width, it is the width that makes it. Then all
        runs together, split by their rank at the start: the loss, the share with full rank, and how
        often a step leads into another activation region. Full rank at the start is often lost on
        the way; and where the data are badly conditioned, descent is out of budget long before the
        loss is zero.

    Returns:
        The figure, and one row a cell or check and quantity: data, initialisation, n, d0, d1, start
        (full or deficient rank), iteration, quantity, runs, value (a share, a difference of shares,
        or the median of the error), low, high (95 %).
    """
    if training_runs.empty:
        return empty_plot(training_runs, COLUMNS)
    checks = _marked(training_runs)
    shares, counts, along = _shares(checks), _ends_by_start(checks), _along(checks)
    differences = _differences(counts)
    sizes = evenly_spread(sorted(set(zip(shares["n"], shares["d0"], strict=True))), MOST_SIZES)
    laws = [law for law in DATA if law in set(shares["data"])]
    rows = len(sizes) + 1 + len(ALONG)
    figure = Figure(figsize=(PAGE_WIDTH, 1.45 * rows + 1.0), layout="constrained")
    grid = figure.subplots(rows, len(laws), squeeze=False)
    for column, law in zip(grid.T, laws, strict=True):
        column[0].set_title(f"points {DATA[law]}")
        for axes, (n, d0) in zip(column, sizes, strict=False):
            cells = rows_with(shares, data=law, n=n, d0=d0)
            if cells.empty:
                explain_empty(axes, NO_RUNS)
            else:
                _draw_shares(axes, cells)
        between = rows_with(differences, data=law)
        if between.empty:
            explain_empty(column[len(sizes)], "no width with both kinds of start")
        else:
            _draw_differences(column[len(sizes)], between, sizes)
        column[len(sizes)].set_xlabel("width d₁")
        for axes, quantity in zip(column[len(sizes) + 1 :], ALONG, strict=True):
            _draw_along(axes, rows_with(along, data=law, quantity=quantity))
            if quantity == "mean_square_error":
                axes.set_yscale("log")
            else:
                axes.set_ylim(-0.04, 1.04)
        column[-1].set_xlabel("steps of descent, all widths and starts")
    for axes, (n, d0) in zip(grid[:, 0], sizes, strict=False):
        axes.set_ylabel(f"share of runs\nn = {n}, d₀ = {d0}")
    grid[len(sizes), 0].set_ylabel("zero loss, full\nminus deficient rank")
    for axes, label in zip(grid[len(sizes) + 1 :, 0], ALONG.values(), strict=True):
        axes.set_ylabel(label)
    legend_above(figure, _handles(shares, sizes), columns=4)
    data = pd.concat([part for part in (shares, differences, along) if len(part)])
    return Plot(
        figure,
        data.reindex(columns=COLUMNS).reset_index(drop=True),
        _finding(counts, differences),
    )
