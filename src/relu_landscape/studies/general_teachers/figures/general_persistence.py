"""How far from orthonormal teachers minima persist, and from how many inputs on."""

from decimal import ROUND_FLOOR, Context

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
    teacher_axis,
)
from relu_landscape.studies.symmetry.figures.style import family_name

COLUMNS = [
    *("family", "second_block", "k", "gram_radius", "radius_steepest", "radius_random_median"),
    *("d_half", "d_99", "d_999"),
]
FILLS = {"gram_radius": "full", "radius_steepest": "none"}
THREE_DIGITS = Context(prec=3, rounding=ROUND_FLOOR)  # no more than is proved
LABELS = {"gram_radius": "proved", "radius_steepest": "seen, steepest direction"}


def _finding(data: pd.DataFrame) -> str:
    """The widest radius, rounded down, and the least d of probability .999."""
    proved = data[data["gram_radius"].notna()]
    if proved.empty:
        return "No radius is proved."
    widest = proved.sort_values("gram_radius").iloc[-1]
    fewest = proved.sort_values("d_999").iloc[0]
    radius = float(THREE_DIGITS.create_decimal_from_float(widest["gram_radius"]))
    return (
        f"All teachers whose Gram matrix is within {radius:g} of I have a minimum next "
        f"to {family_name(widest['family'], widest['second_block'])} at k = {widest['k']}; from "
        f"d = {fewest['d_999']:,.0f} on so have 99.9 % of random ones, next to "
        f"{family_name(fewest['family'], fewest['second_block'])} at k = {fewest['k']}."
    )


@leading_figure
def general_persistence(general_persistence: pd.DataFrame) -> Plot:
    """Radii of persistence, and inputs, against k.

    Caption:
        Left: the distance r of the Gram matrix of the teachers from that of orthonormal ones, in
        the Frobenius norm, within which every set of teachers has the minimum: proved (filled), and
        up to which it is followed in floating point in the direction in which its curvature falls
        fastest (hollow), in profile **{profile}**. Right: the number of inputs from which on random
        unit teachers are within the proved radius with probability .999, proved, too.

    Returns:
        The figure, and one row a minimum: family, second_block, k, gram_radius, radius_steepest,
        radius_random_median, d_half, d_99, d_999.
    """
    if general_persistence.empty:
        return empty_plot(general_persistence, COLUMNS)
    data = general_persistence.sort_values(["family", "second_block", "k"], ignore_index=True)
    data = data[COLUMNS]
    members = sorted(set(zip(data["family"], data["second_block"], strict=True)))[: len(SERIES)]
    figure = Figure(figsize=(PAGE_WIDTH, 2.8), layout="constrained")
    left, right = figure.subplots(1, 2)
    for mark, (family, m) in zip(SERIES, members, strict=False):
        rows = rows_with(data, family=family, second_block=m)
        look = {"color": mark.colour, "marker": mark.marker, "markersize": 4.0, "linewidth": 0.9}
        for column, fill in FILLS.items():
            left.plot(rows["k"], rows[column], fillstyle=fill, linestyle=mark.line, **look)
        right.plot(rows["k"], rows["d_999"], linestyle=mark.line, **look)
    for axes, label in ((left, "radius r"), (right, "inputs d")):
        axes.set_yscale("log")
        axes.set_ylabel(label)
        teacher_axis(axes, sorted(set(data["k"])))
    handles = [
        legend_line(
            family_name(family, m), color=mark.colour, marker=mark.marker, linestyle=mark.line
        )
        for mark, (family, m) in zip(SERIES, members, strict=False)
    ]
    handles += [
        legend_line(LABELS[column], color="0.5", marker="o", linestyle="none", fillstyle=fill)
        for column, fill in FILLS.items()
    ]
    legend_above(figure, handles, columns=5)
    return Plot(figure, data, _finding(data))
