"""The curvature across lines of signed splits, along the lines."""

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)

LINES = {0: "-", 1: (0, (4, 2))}
FILLS = {0: "full", 1: "none"}
BLOCKS = {0: "one of k \N{MINUS SIGN} 1 alike", 1: "the single one"}
COLUMNS = ["k", "row", "gamma", "smallest_eigenvalue", "next_eigenvalue", "curvature_across"]


def _finding(data: pd.DataFrame) -> str:
    """The range of the eigenvalue, and that of its product at the largest gamma."""
    last = data[data["gamma"] == data["gamma"].max()]
    product = last["next_eigenvalue"] * last["gamma"] * (last["gamma"] - 1.0)
    return (
        "Across lines of signed splits the curvature falls from "
        f"{data['next_eigenvalue'].max():.2g} to {data['next_eigenvalue'].min():.2g}; at "
        f"\N{GREEK SMALL LETTER GAMMA} = {data['gamma'].max():g} it is "
        f"{product.min():.3g} to {product.max():.3g} over "
        "\N{GREEK SMALL LETTER GAMMA}(\N{GREEK SMALL LETTER GAMMA}\N{MINUS SIGN}1)."
    )


@figure
def split_curvature(split_curvatures: pd.DataFrame) -> Plot:
    """The smallest Hessian eigenvalue beside zero against gamma.

    Caption:
        A neuron of the minimum II_1 replaced by gamma times it, of output 1, and gamma - 1 times
        it, of output -1, in profile **{profile}**: the Hessian has one eigenvalue zero, along the
        line. Left the next one, against gamma; right the same times gamma (gamma - 1), with its
        upper bound, from the largest inner eigenvalue alone, as a thin line.

    Returns:
        The figure, and one row a split: k, row, gamma, smallest_eigenvalue, next_eigenvalue,
        curvature_across.
    """
    if split_curvatures.empty:
        return empty_plot(split_curvatures, COLUMNS)
    data = split_curvatures.sort_values(["k", "row", "gamma"], ignore_index=True)[COLUMNS]
    figure = Figure(figsize=(PAGE_WIDTH, 2.9), layout="constrained")
    falling, flat = figure.subplots(1, 2)
    teachers = sorted(set(data["k"]))
    for mark, k in zip(SERIES, teachers, strict=False):
        for row in BLOCKS:
            rows = rows_with(data, k=k, row=row)
            product = rows["gamma"] * (rows["gamma"] - 1.0)
            look = {"color": mark.colour, "linestyle": LINES[row], "linewidth": 0.9}
            look |= {"marker": mark.marker, "fillstyle": FILLS[row], "markersize": 3.6}
            falling.loglog(rows["gamma"], rows["next_eigenvalue"], **look)
            flat.semilogx(rows["gamma"], rows["next_eigenvalue"] * product, **look)
            # Both parts move by y: the form is that over |y|^2, the unit vector is (y, y)/sqrt 2.
            bound = rows["curvature_across"].iloc[-1] * product.iloc[-1] / 2.0
            flat.axhline(bound, color=mark.colour, linestyle=LINES[row], linewidth=0.4)
    for axes in (falling, flat):
        axes.set_xlabel(r"$\gamma$")
        axes.set_xlim(1.0, None)
        axes.xaxis.set_major_locator(LogLocator())
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_formatter(NullFormatter())
    falling.set_ylabel("Hessian eigenvalue beside zero")
    flat.set_ylabel(r"times $\gamma (\gamma - 1)$")
    flat.set_ylim(0.0, None)
    handles = [
        legend_line(f"k = {k}", color=mark.colour, marker=mark.marker)
        for mark, k in zip(SERIES, teachers, strict=False)
    ]
    handles += [
        legend_line(words, color="0.5", marker="o", linestyle=LINES[row], fillstyle=FILLS[row])
        for row, words in BLOCKS.items()
    ]
    handles.append(legend_line("upper bound", color="0.5", linewidth=0.4))
    legend_above(figure, handles, columns=6)
    return Plot(figure, data, _finding(data))
