"""How often restarts end at spurious minima, against the slope."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson

KINDS = {"spurious": "full", "bad": "none"}
COLUMNS = ["k", "kind", "slope", "runs", "ends", "percent", "percent_low", "percent_high"]


def _long(shares: pd.DataFrame) -> pd.DataFrame:
    """One row a kind of end, with its share and interval."""
    rows = []
    for kind in KINDS:
        for row in shares.sort_values(["k", "slope"]).to_dict("records"):
            ends, runs = int(row[kind]), int(row["runs"])
            low, high = clopper_pearson(ends, runs)
            percents = (100.0 * share for share in (ends / runs, low, high))
            rows.append((row["k"], kind, row["slope"], runs, ends, *percents))
    return pd.DataFrame(rows, columns=COLUMNS)


def _finding(data: pd.DataFrame) -> str:
    """The share at each end, just above -1, and at the ReLU, of the smallest k."""
    shown = data[(data["kind"] == "spurious") & (data["k"] == data["k"].min())]
    first, last = shown.iloc[0], shown.iloc[-1]
    places = [first, *(shown.iloc[i] for i in (1,) if len(shown) > 2)]
    places += [row for _, row in shown[shown["slope"] == 0.0].iterrows()]
    if last["slope"] > 0:
        places.append(last)
    said = [f"{row['percent']:.3g} % at s = {row['slope']:g}" for row in places]
    return (
        f"Of {first['runs']} restarts with k = {first['k']} the share at spurious minima is "
        f"{', '.join(said)}."
    ).replace("-", "\N{MINUS SIGN}")


@leading_figure
def leaky_shares(leaky_shares: pd.DataFrame) -> Plot:
    """Share of the restarts at spurious minima against s.

    Caption:
        The share of restarts, as many students as teachers, that end at a spurious minimum,
        against the slope s of the activation max(z, s z), in profile **{profile}**: filled marks
        all of them, hollow ones those whose loss is that of a bad run of the protocol; 95 %
        Clopper-Pearson intervals. The starts are the same at every s. At s = -1, the absolute
        value, none is spurious: a neuron may end at a teacher or at its negative. Just above it
        all ends with a negated neuron, 1 - 2^-k of them, are spurious, though their loss is small.

    Returns:
        The figure, and one row a kind of end, k and slope: k, kind, slope, runs, ends, percent,
        percent_low, percent_high.
    """
    if leaky_shares.empty:
        return empty_plot(leaky_shares, COLUMNS)
    data = _long(leaky_shares)
    figure = Figure(figsize=(PAGE_WIDTH, 2.9), layout="constrained")
    axes = figure.subplots()
    teachers = sorted(set(data["k"]))
    for mark, k in zip(SERIES, teachers, strict=False):
        for kind, fill in KINDS.items():
            rows = rows_with(data, k=k, kind=kind)
            # The share jumps at s = -1: no line there.
            above = rows["slope"] > -1.0
            axes.plot(
                rows["slope"][above],
                rows["percent"][above],
                color=mark.colour,
                linestyle=mark.line if kind == "spurious" else (0, (1, 2)),
                linewidth=0.9,
            )
            reach = np.abs(
                rows[["percent_low", "percent_high"]].to_numpy().T - rows["percent"].to_numpy()
            )
            axes.errorbar(
                rows["slope"],
                rows["percent"],
                yerr=reach,
                color=mark.colour,
                marker=mark.marker,
                fillstyle=fill,
                linestyle="none",
                markersize=4.2,
                elinewidth=0.8,
            )
    axes.axvline(0.0, color="0.6", linewidth=0.7, zorder=0)
    axes.set(xlabel="slope s", ylabel="restarts (%)", ylim=(-3, 103))
    handles = [
        legend_line(f"k = {k}", color=mark.colour, marker=mark.marker, linestyle=mark.line)
        for mark, k in zip(SERIES, teachers, strict=False)
    ]
    labels = {"spurious": "any spurious minimum", "bad": "bad run"}
    handles += [
        legend_line(labels[kind], color="0.5", marker="o", linestyle="none", fillstyle=fill)
        for kind, fill in KINDS.items()
    ]
    legend_above(figure, handles, columns=6)
    return Plot(figure, data, _finding(data))
