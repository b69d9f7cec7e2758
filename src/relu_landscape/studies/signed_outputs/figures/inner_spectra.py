"""Inner eigenvalues of the neurons of minima, off the neurons."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
    legend_line,
    teacher_axis,
)
from relu_landscape.judging.words import counted

PANELS = {0: "n = k", 1: "n = k + 1"}
KINDS = {"minimum": "half-lines of minima", "strict_saddle": "strict saddles"}
COLUMNS = [
    *("k", "n", "class_id", "neuron", "neurons", "lowest", "highest", "off_span"),
    *("same_sign", "opposite_sign"),
]


def _finding(data: pd.DataFrame) -> str:
    """What is proved of the neurons of both sizes."""
    said = []
    for extra, words in PANELS.items():
        rows = data[data["n"] - data["k"] == extra]
        if not rows.empty:
            neurons = int(rows["neurons"].sum())
            minima = int(rows.loc[rows["opposite_sign"] == "minimum", "neurons"].sum())
            said.append(f"{minima} of {counted(neurons, 'neuron')} with {words}")
    return (
        "Splits by a neuron of output \N{MINUS SIGN}1 are half-lines of minima at "
        f"{' and '.join(said)}."
    )


@leading_figure
def inner_spectra(class_orbits: pd.DataFrame) -> Plot:
    """The extreme inner eigenvalues of each orbit of neurons against k.

    Caption:
        The inner Hessian of a neuron decides what its splits are. A bar for each orbit of neurons
        of each class of spurious minima, in profile **{profile}**, from its smallest to its largest
        eigenvalue off the neuron. Where the bar lies below zero every split by a neuron of the same
        output is a strict saddle and every split by one of the opposite output a minimum, a
        half-line of them; where it crosses zero both kinds of splits are strict saddles.

    Returns:
        The figure, and one row an orbit: k, n, class_id, neuron, neurons, lowest, highest,
        off_span, same_sign, opposite_sign.
    """
    order = ["n", "k", "highest", "class_id", "neuron"]
    data = class_orbits.sort_values(order, ignore_index=True)[COLUMNS]
    if data.empty:
        return empty_plot(class_orbits, COLUMNS)
    figure = Figure(figsize=(PAGE_WIDTH, 2.9), layout="constrained")
    shown = [extra for extra in PANELS if (data["n"] - data["k"] == extra).any()]
    panels = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    marks = dict(zip(KINDS, SERIES, strict=False))
    for axes, extra in zip(panels, shown, strict=True):
        rows = data[data["n"] - data["k"] == extra]
        place = rows.groupby("k").cumcount()
        count = rows.groupby("k")["k"].transform("size")
        x = rows["k"] + 0.7 * ((place + 0.5) / count - 0.5)
        for kind, mark in marks.items():
            those = rows["opposite_sign"] == kind
            axes.vlines(
                x[those], rows["lowest"][those], rows["highest"][those], colors=mark.colour, lw=0.5
            )
            axes.plot(
                x[those],
                rows["highest"][those],
                color=mark.colour,
                marker=mark.marker,
                linestyle="none",
                markersize=2.2,
            )
        axes.axhline(0.0, color="0.6", linewidth=0.7, zorder=0)
        axes.set_title(PANELS[extra])
        teacher_axis(axes, sorted(set(rows["k"])))
    panels[0].set_ylabel("inner eigenvalues")
    panels[0].yaxis.set_major_locator(MultipleLocator(0.05))
    handles = [
        legend_line(
            f"splits of opposite outputs: {words}",
            color=marks[kind].colour,
            marker=marks[kind].marker,
        )
        for kind, words in KINDS.items()
        if (data["opposite_sign"] == kind).any()
    ]
    legend_above(figure, handles, columns=2)
    return Plot(figure, data, _finding(data))
