"""One input with bias: probability of full rank, and the width at one half, against bounds."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
)

MATRICES = {"jacobian": (SERIES[0], "rank J = n"), "pattern": (SERIES[1], "rank A = n")}
HALF = 0.5
MOST_SIZES = 3
RECALLED = "2 n ln(n/ε) at ε = 1/2, recalled"


def _draw_curve(axes: Axes, rows: pd.DataFrame, recalled: pd.Series, n: int) -> None:
    for matrix, (mark, _) in MATRICES.items():
        curve = rows[rows["matrix"] == matrix].sort_values("d1")
        axes.plot(curve["d1"], curve["probability"], color=mark.colour, linestyle=mark.line)
        share = curve["full_rank"] / curve["draws"]
        errors = [share - curve["share_low"], curve["share_high"] - share]
        axes.errorbar(
            curve["d1"],
            share,
            yerr=[error.clip(lower=0.0) for error in errors],
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            elinewidth=0.8,
            fillstyle="none",
        )
    axes.axhline(HALF, color="0.8", linewidth=0.6, zorder=0)
    for width in recalled:
        axes.axvline(width, color=INK, linestyle="--", linewidth=0.8)
    axes.set(
        title=f"n = {n} points", xlabel="width d1 (neurons)", ylim=(-0.03, 1.03), xlim=(0, None)
    )


def _draw_widths(axes: Axes, widths: pd.DataFrame) -> None:
    for matrix, (mark, _) in MATRICES.items():
        rows = widths[widths["matrix"] == matrix].sort_values("n")
        axes.plot(rows["n"], rows["width"], color=mark.colour, marker=mark.marker, linestyle="none")
        axes.plot(rows["n"], rows["predicted_width"], color=mark.colour, linestyle=mark.line)
    bound = widths.drop_duplicates("n").sort_values("n")
    axes.plot(bound["n"], bound["recalled_width"], color=INK, linestyle="--", linewidth=0.8)
    axes.set(xscale="log", yscale="log", xlabel="points n", ylabel="width at one half (neurons)")
    axes.set_title("width at one half")


def _finding(half: pd.DataFrame) -> str:
    """The widths at one half for the largest n, beside the estimates and the recalled width."""
    if half.empty:
        return "At no n was the width at which half of the regions have full rank computed."
    last = half[half["n"] == half["n"].max()].set_index("matrix")
    parts = [
        f"{MATRICES[matrix][1]} from width {row['width']} (estimate {row['predicted_width']:.0f})"
        for matrix, row in last.to_dict("index").items()
    ]
    return (
        f"At n = {last['n'].iloc[0]} half of the regions have {' and '.join(parts)} on; "
        f"2 n ln(2 n) is {last['recalled_width'].iloc[0]:.0f}."
    )


@figure
def one_dimensional_widths(
    one_dimensional_probabilities: pd.DataFrame, one_dimensional_widths: pd.DataFrame
) -> Plot:
    """P(rank A = n) and P(rank J = n) against the width, and the widths at one half against n.

    Caption:
        One input with bias: share of the activation regions of which the Jacobian J or the
        activation pattern A has rank n, against the width, in profile **{profile}**. Lines are
        exact probabilities, marks drawn networks with intervals at the level
        {activation_regions[one_dimensional][curves][confidence]}. The dashed line is 2 n ln(n/ε) at
        ε = 1/2, the width of the published theorem with its constant as recalled. On the right, the
        least width at which half of the regions have full rank (marks), against the derived
        estimates (n/2) ln(n/ln 2) for J and n ln((n−1)/ln 2) for A and against the dashed line: not
        linear in n.

    Returns:
        The figure, and one row a mark: panel (curve or width), matrix, n, d1, value (probability,
        or predicted width), low, high (interval of the drawn share; recalled width).
    """
    columns = ["panel", "matrix", "n", "d1", "value", "low", "high"]
    if one_dimensional_probabilities.empty or one_dimensional_widths.empty:
        return empty_plot(
            one_dimensional_probabilities
            if one_dimensional_probabilities.empty
            else one_dimensional_widths,
            columns,
        )
    half = one_dimensional_widths[one_dimensional_widths["level"] == HALF]
    sizes = evenly_spread(sorted(set(one_dimensional_probabilities["n"])), MOST_SIZES)
    figure = Figure(figsize=(PAGE_WIDTH, 2.9), layout="constrained")
    panels = figure.subplots(1, len(sizes) + 1)
    for axes, n in zip(panels, sizes, strict=False):
        recalled = half.loc[half["n"] == n, "recalled_width"].drop_duplicates()
        _draw_curve(
            axes,
            one_dimensional_probabilities[one_dimensional_probabilities["n"] == n],
            recalled,
            n,
        )
    for axes in panels[1:-1]:
        axes.set_yticklabels([])
    panels[0].set_ylabel("share of regions")
    _draw_widths(panels[-1], half)
    handles = [
        legend_line(label, color=mark.colour, marker=mark.marker, linestyle=mark.line)
        for mark, label in MATRICES.values()
    ]
    handles.append(legend_line(RECALLED, color=INK, linestyle="--", linewidth=0.8))
    legend_above(figure, handles, columns=3)
    shown = one_dimensional_probabilities[one_dimensional_probabilities["n"].isin(sizes)]
    data = pd.concat(
        [
            shown.assign(
                panel="curve",
                value=shown["probability"],
                low=shown["share_low"],
                high=shown["share_high"],
            ),
            half.assign(
                panel="width",
                d1=half["width"],
                value=half["predicted_width"],
                low=None,
                high=half["recalled_width"],
            ).astype({"low": "float64"}),
        ],
        ignore_index=True,
    )
    return Plot(figure, data[columns], _finding(half))
