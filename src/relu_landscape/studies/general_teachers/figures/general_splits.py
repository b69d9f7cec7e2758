"""Norm sums of bad minima, and whether splits of their neurons open a descent."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
    legend_line,
)

GROUPS = {
    "few": "random, k < 8",
    "draws": "random, k = d",
    "high": "random, d > k",
    "others": "equiangular, unequal norms",
}
COLUMNS = [
    *("group", "target", "k", "d", "n", "class_id"),
    *("norm_sum_percent", "largest_inner_eigenvalue", "saddles", "plateaus"),
]
MANY = 8


def _group(row: Mapping[Hashable, Any]) -> str:
    """Which of the groups a minimum belongs to."""
    if row["kind"] in ("equiangular", "norms"):
        return "others"
    if row["k"] < MANY:
        return "few"
    return "high" if row["d"] > row["k"] else "draws"


def _finding(data: pd.DataFrame) -> str:
    """How many minima have a neuron whose splits are minima, and how many a large sum."""
    above, exceptions = data["norm_sum_percent"] > 0, data["plateaus"] > 0
    both = int((exceptions & above).sum())
    return (
        f"Of {len(data)} bad minima {int(exceptions.sum())} have a neuron whose splits are minima "
        f"again, and {int(above.sum())} a larger sum of norms than the teachers, {both} both."
    )


@leading_figure
def general_splits(general_minima: pd.DataFrame) -> Plot:
    """Largest smallest eigenvalue of A_i against the sum of norms.

    Caption:
        The bad minima of teachers that are not orthonormal, in profile **{profile}**: by how much
        the norms of the students sum to more than those of the teachers, and the largest, over the
        neurons, of the smallest eigenvalues of A_i off the neuron. Right of the upright line the
        condition of Theorem 14 (Safran, Yehudai & Shamir 2021) fails. Above the level line one
        neuron has splits that are all minima; below it every split is a strict saddle.

    Returns:
        The figure, and one row a minimum: group, target, k, d, n, class_id, norm_sum_percent,
        largest_inner_eigenvalue, saddles, plateaus.
    """
    if general_minima.empty:
        return empty_plot(general_minima, COLUMNS)
    ratio = general_minima["norm_sum"] / general_minima["teacher_norm_sum"]
    data = general_minima.assign(
        group=[_group(row) for row in general_minima.to_dict("records")],
        norm_sum_percent=100.0 * (ratio - 1.0),
    )[COLUMNS]
    figure = Figure(figsize=(PAGE_WIDTH, 3.1), layout="constrained")
    axes = figure.subplots()
    handles = []
    for mark, (group, words) in zip(SERIES, GROUPS.items(), strict=False):
        rows = data[data["group"] == group]
        look: dict[str, Any] = {"color": mark.colour, "marker": mark.marker, "linestyle": "none"}
        axes.plot(
            rows["norm_sum_percent"],
            rows["largest_inner_eigenvalue"],
            fillstyle="none",
            markersize=3.8,
            markeredgewidth=0.8,
            **look,
        )
        if len(rows):
            handles.append(legend_line(words, fillstyle="none", **look))
    axes.axhline(0.0, color=INK, linewidth=0.7, zorder=0)
    axes.axvline(0.0, color=INK, linewidth=0.7, zorder=0)
    axes.set(
        xlabel="sum of norms of the students above that of the teachers (%)",
        ylabel="largest smallest eigenvalue of $A_i$",
    )
    legend_above(figure, handles, columns=4)
    return Plot(figure, data, _finding(data))
