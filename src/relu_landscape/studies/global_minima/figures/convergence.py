"""Gradient descent next to a global minimum: exponential at n = k, a power of t beyond."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    SMALLEST_TEXT,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.words import counted

QUANTITIES: Mapping[str, str] = MappingProxyType(
    {
        "loss": "loss F",
        "gradient_norm": "gradient norm |∇F|",
        "distance": "distance",
    }
)
MOST_SIZES = 3  # in one panel; both rows together must not need more marks than SERIES has
KEY = ["k", "n", "run", "quantity"]
LAWS: Mapping[str, str] = MappingProxyType({"power": "power", "exponential": "rate"})
"""What the number fitted to each law is called."""


def _rate_text(rates: pd.DataFrame) -> str:
    """Median fitted rate over the runs with the outermost ends of their intervals."""
    if rates.empty:
        return "not fitted"
    law = rates["law"].mode().iloc[0]
    rows = rates[rates["law"] == law]
    ends = [rows["rate"].median(), rows["low"].min(), rows["high"].max()]
    rate, low, high = (f"{end:#.4g}".replace("-", "\N{MINUS SIGN}") for end in ends)
    return f"{LAWS[law]} {rate}\n({low}, {high})"


def _draw_panel(
    axes: Axes,
    checks: pd.DataFrame,
    rates: pd.DataFrame,
    marks: Mapping[tuple[int, int], Mark],
) -> None:
    """One quantity of the sizes in `marks`, one line a run, fitted rates above the panel."""
    handles, ends = [], []
    for (k, n), mark in marks.items():
        rows = rows_with(checks, k=k, n=n)
        # Iteration 0 has no place on a logarithmic axis; the fits do not use it either.
        for _, run in rows[rows["iteration"] > 0].groupby("run"):
            axes.plot(
                run["iteration"],
                run["value"],
                color=mark.colour,
                linestyle=mark.line,
                linewidth=0.9,
                alpha=0.8,
            )
        fitted = rows_with(rates, k=k, n=n)
        if k == n and not fitted.empty:
            # Soon after the last fitted check the runs are at the minimum to rounding.
            ends.append(1.3 * fitted["last_iteration"].max())
        handles.append(legend_line(_rate_text(fitted), color=mark.colour, linestyle=mark.line))
    axes.set_yscale("log")
    if ends:
        axes.set_xlim(0, max(ends))
    axes.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(-0.15, 1.0),
        borderaxespad=0.2,
        handlelength=2.0,
        handletextpad=0.4,
        fontsize=SMALLEST_TEXT,
    )


def _sizes(table: pd.DataFrame, exact: bool) -> list[tuple[int, int]]:
    """A few of the sizes with n = k, or of those with n > k."""
    rows = table[(table["n"] == table["k"]) == exact]
    return evenly_spread(
        sorted(set(rows[["k", "n"]].itertuples(index=False, name=None))), MOST_SIZES
    )


def _finding(fits: pd.DataFrame) -> str:
    """Which law the loss follows, with n = k and beyond, in how many runs, and how fast."""
    exact, beyond = fits[fits["n"] == fits["k"]], fits[fits["n"] > fits["k"]]
    exponential, power = exact[exact["law"] == "exponential"], beyond[beyond["law"] == "power"]
    said = []
    if not exact.empty:
        said.append(
            f"exponentially in {len(exponential)} of {counted(len(exact), 'run')} with n = k"
        )
    if not beyond.empty:
        said.append(
            f"like a power of time in {len(power)} of {counted(len(beyond), 'run')} with n > k"
        )
    if not said:
        return "No law was fitted to any of these runs."
    exponent = ""
    if not power.empty:
        exponent = f" (median exponent {power['rate'].median():#.3g})"
    finding = f"Next to a global minimum the loss falls {' and '.join(said)}{exponent}."
    return finding.replace("-", "\N{MINUS SIGN}")


@leading_figure
def convergence_near_global_minima(
    convergence: pd.DataFrame, convergence_rates: pd.DataFrame
) -> Plot:
    """Loss, gradient and distance against the steps of gradient descent, with fitted rates.

    Caption:
        Loss, gradient norm and distance to the set of global minima along gradient descent started
        near a global minimum, one line a run, in profile **{profile}**. With n = k all fall
        exponentially (straight on the half-logarithmic axes of the upper row), with n > k like
        powers of the number of steps (straight on the logarithmic axes of the lower row). Above
        each panel stand the fitted rates, the median over runs with the outermost ends of their 95
        % intervals: change of the logarithm a step, or the exponent of the power.

    Returns:
        The figure, and one row a check and quantity of the sizes shown: k, n, run, iteration,
        quantity, value, and law, rate, low, high of its fit.

    Source: S21 Theorem 3 (n = k) and Theorems 7 and 9 (n > k); the powers are derived from them.
    """
    columns = ["k", "n", "run", "iteration", "quantity", "value", "law", "rate", "low", "high"]
    if convergence.empty:
        return empty_plot(convergence, columns)
    groups = [sizes for sizes in (_sizes(convergence, True), _sizes(convergence, False)) if sizes]
    shown = [size for sizes in groups for size in sizes]
    long = convergence.melt(
        id_vars=["k", "n", "run", "iteration"], value_vars=list(QUANTITIES), var_name="quantity"
    ).merge(pd.DataFrame(shown, columns=["k", "n"]))
    marks = dict(zip(shown, SERIES, strict=False))
    figure = Figure(figsize=(PAGE_WIDTH, 0.6 + 2.7 * len(groups)), layout="constrained")
    grid = figure.subplots(len(groups), len(QUANTITIES), squeeze=False)
    for panels, sizes in zip(grid, groups, strict=True):
        for axes, (quantity, label) in zip(panels, QUANTITIES.items(), strict=True):
            checks = long[long["quantity"] == quantity]
            fits = convergence_rates[convergence_rates["quantity"] == quantity]
            _draw_panel(axes, checks, fits, {size: marks[size] for size in sizes})
            if sizes[0][0] < sizes[0][1]:
                axes.set_xscale("log")
            axes.set(xlabel="iteration t", ylabel=label)
    legend_above(
        figure,
        [
            legend_line(f"k = {k}, n = {n}", color=mark.colour, linestyle=mark.line)
            for (k, n), mark in marks.items()
        ],
        columns=4,
    )
    data = long.merge(convergence_rates[[*KEY, "law", "rate", "low", "high"]], on=KEY, how="left")
    fits = data[(data["quantity"] == "loss") & data["law"].notna()].drop_duplicates(KEY)
    return Plot(figure, data[columns], _finding(fits))
