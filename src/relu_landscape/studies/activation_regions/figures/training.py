"""Full rank at the start of descent and zero loss at its end, and what happens on the way."""

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    NO_RUNS,
    PAGE_WIDTH,
    VERMILION,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson
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
WITHIN = "zero loss at the end, by rank at the start"
MOST_SIZES = 3


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


def _within(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a law of points, size and kind of start: the share of zero loss, 95 % interval."""
    ends = checks[checks["outcome"] != "running"]
    records = []
    for (data, n, d0, d1, start), runs in ends.groupby(["data", "n", "d0", "d1", "start"]):
        count = int((runs["outcome"] == "zero_loss").sum())
        low, high = clopper_pearson(count, len(runs))
        records.append(
            {
                "data": data, "n": n, "d0": d0, "d1": d1, "start": start, "quantity": WITHIN,
                "runs": len(runs), "value": count / len(runs), "low": low, "high": high,
            }
        )  # fmt: skip
    return pd.DataFrame(records)


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
    _frame(axes, sorted(set(cells["d1"])))


def _draw_within(axes: Axes, cells: pd.DataFrame) -> None:
    """Zero loss against the width, for both kinds of start, beside each other."""
    for (start, colour), shift in zip(BEGINNINGS.items(), (0.98, 1.02), strict=True):
        rows = rows_with(cells, start=start).sort_values("d1")
        axes.errorbar(
            rows["d1"] * shift,
            rows["value"],
            yerr=np.array([rows["value"] - rows["low"], rows["high"] - rows["value"]]),
            color=colour,
            marker="o" if start == "full" else "D",
            linestyle="-" if start == "full" else "--",
            markersize=3.5,
            elinewidth=0.6,
        )
    _frame(axes, sorted(set(cells["d1"])))


def _frame(axes: Axes, widths: list[int]) -> None:
    """Shares against the width."""
    axes.set_xscale("log")
    axes.set_xticks(evenly_spread(widths, 5), [str(width) for width in evenly_spread(widths, 5)])
    axes.minorticks_off()
    axes.set_ylim(-0.04, 1.04)


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


def _handles(cells: pd.DataFrame) -> list[Artist]:
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


@figure
def training_from_regions(training_runs: pd.DataFrame) -> Plot:
    """Shares of runs with full rank at the start and zero loss at the end; the way between.

    Caption:
        Does full rank of the Jacobian at the start mean zero loss at the end? Gradient descent in
        the first layer with random labels, in profile **{profile}**, from the laws of weights of
        Figures 1 and 2. Above, by width, the share of runs that start with full rank (dotted,
        hollow) and that reach zero loss (solid), with 95 % Clopper-Pearson intervals: both grow
        with the width. Below that, for each width, the share of zero loss from starts of full rank
        and from others: at equal width they hardly differ, and where all runs together do, it is
        the width that makes it. Then all runs together, split by their rank at the start: the loss,
        the share with full rank, and how often a step leads into another activation region. Full
        rank at the start is often lost on the way; and where the data are badly conditioned,
        descent is out of budget long before the loss is zero.

    Returns:
        The figure, and one row a cell or check and quantity.
    """
    if training_runs.empty:
        return empty_plot(training_runs, COLUMNS)
    checks = _marked(training_runs)
    shares, within, along = _shares(checks), _within(checks), _along(checks)
    sizes = evenly_spread(sorted(set(zip(shares["n"], shares["d0"], strict=True))), MOST_SIZES)
    laws = [law for law in DATA if law in set(shares["data"])]
    rows = 2 * len(sizes) + len(ALONG)
    figure = Figure(figsize=(PAGE_WIDTH, 1.45 * rows + 0.8), layout="constrained")
    grid = figure.subplots(rows, len(laws), squeeze=False)
    for column, law in zip(grid.T, laws, strict=True):
        column[0].set_title(f"points {DATA[law]}")
        for axes, (n, d0) in zip(column, sizes, strict=False):
            cells = rows_with(shares, data=law, n=n, d0=d0)
            if cells.empty:
                explain_empty(axes, NO_RUNS)
            else:
                _draw_shares(axes, cells)
        for axes, (n, d0) in zip(column[len(sizes) :], sizes, strict=False):
            cells = rows_with(within, data=law, n=n, d0=d0)
            if cells.empty:
                explain_empty(axes, NO_RUNS)
            else:
                _draw_within(axes, cells)
        for axes, quantity in zip(column[2 * len(sizes) :], ALONG, strict=True):
            _draw_along(axes, rows_with(along, data=law, quantity=quantity))
            if quantity == "mean_square_error":
                axes.set_yscale("log")
            else:
                axes.set_ylim(-0.04, 1.04)
        column[2 * len(sizes) - 1].set_xlabel("width d₁")
        column[-1].set_xlabel("steps of descent, all widths and starts")
    for axes, (n, d0) in zip(grid[:, 0], sizes, strict=False):
        axes.set_ylabel(f"share of runs\nn = {n}, d₀ = {d0}")
    for axes, (n, d0) in zip(grid[len(sizes) :, 0], sizes, strict=False):
        axes.set_ylabel(f"at zero loss\nn = {n}, d₀ = {d0}")
    for axes, label in zip(grid[2 * len(sizes) :, 0], ALONG.values(), strict=True):
        axes.set_ylabel(label)
    legend_above(figure, _handles(shares), columns=4)
    return Plot(figure, pd.concat([shares, within, along], ignore_index=True)[COLUMNS])
