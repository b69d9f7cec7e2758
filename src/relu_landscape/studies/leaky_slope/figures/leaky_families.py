"""Loss and smallest Hessian eigenvalue of the families against the slope."""

from collections.abc import Mapping
from typing import Any

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
    rows_with,
)
from relu_landscape.studies.symmetry.figures.style import family_name

MOST_PANELS = 3  # values of k
GLOBAL_LOSS = 1e-9  # above rounding, below every spurious minimum
COLUMNS = ["k", "family", "m", "slope", "loss", "smallest_eigenvalue", "index"]
LOOKS: Mapping[bool, dict[str, Any]] = {  # of a minimum and of a saddle
    True: {"fillstyle": "full", "markersize": 3.2},
    False: {"fillstyle": "none", "markersize": 4.6, "markeredgewidth": 0.8},
}


def _draw(axes: Axes, rows: pd.DataFrame, quantity: str, members: list[tuple[str, int]]) -> None:
    """One quantity of every family at one k."""
    for mark, (family, m) in zip(SERIES, members, strict=False):
        shown = rows_with(rows, family=family, m=m)
        values = shown[quantity]
        axes.plot(shown["slope"], values, color=mark.colour, linestyle=mark.line, linewidth=0.9)
        for minimum, look in LOOKS.items():
            here = (shown["index"] == 0) == minimum
            axes.plot(
                shown["slope"][here],
                values[here],
                color=mark.colour,
                marker=mark.marker,
                linestyle="none",
                **look,
            )
    axes.axvline(0.0, color="0.6", linewidth=0.7, zorder=0)


def _finding(data: pd.DataFrame) -> str:
    """What stands at the least slope, and how many points are minima from -1/2 on."""
    least = data["slope"].min()
    lowest = data[data["slope"] == least]
    said = []
    for words, chosen in (
        ("global minima", (lowest["index"] == 0) & (lowest["loss"] < GLOBAL_LOSS)),
        ("spurious minima", (lowest["index"] == 0) & (lowest["loss"] >= GLOBAL_LOSS)),
        ("saddles", lowest["index"] > 0),
    ):
        members = sorted({(row["family"], row["m"]) for row in lowest[chosen].to_dict("records")})
        if members:
            said.append(f"{', '.join(family_name(*member) for member in members)} are {words}")
    later = data[data["slope"] >= -0.5]
    minima = int((later["index"] == 0).sum())
    said.append(f"from s = -0.5 on {minima} of {len(later)} points are minima")
    return f"At s = {least:g} {'; '.join(said)}.".replace("-", "\N{MINUS SIGN}")


@figure
def leaky_families(leaky_points: pd.DataFrame) -> Plot:
    """Loss and smallest eigenvalue of A, I_m and II_m against s.

    Caption:
        The loss (above) and the smallest Hessian eigenvalue (below) of the symmetric families
        against the slope s of the activation max(z, s z), in profile **{profile}**, for several k,
        as many students as teachers. Filled marks are strict minima, hollow ones saddles; s = 0,
        the thin line, is the ReLU and s = -1 the absolute value. A family that ends before s = -1
        ends in a fold. Towards s = 1, the identity, both quantities fall like (1 - s)^2.

    Returns:
        The figure, and one row a point: k, family, m, slope, loss, smallest_eigenvalue, index.
    """
    if leaky_points.empty:
        return empty_plot(leaky_points, COLUMNS)
    teachers = evenly_spread(sorted(set(leaky_points["k"])), MOST_PANELS)
    names = leaky_points[["family", "m"]].drop_duplicates().sort_values(["family", "m"])
    members = list(names.itertuples(index=False, name=None))[: len(SERIES)]
    data = leaky_points[leaky_points["k"].isin(teachers)].sort_values(
        ["k", "family", "m", "slope"], ignore_index=True
    )[COLUMNS]
    figure = Figure(figsize=(PAGE_WIDTH, 4.2), layout="constrained")
    panels = figure.subplots(2, len(teachers), sharex=True, sharey="row", squeeze=False)
    for column, k in enumerate(teachers):
        rows = rows_with(data, k=k)
        _draw(panels[0, column], rows, "loss", members)
        _draw(panels[1, column], rows, "smallest_eigenvalue", members)
        panels[0, column].set_title(f"k = {k}")
        panels[1, column].axhline(0.0, color=INK, linewidth=0.7, zorder=0)
        panels[1, column].set_xlabel("slope s")
    panels[0, 0].set_ylabel("loss")
    panels[1, 0].set_ylabel("smallest eigenvalue")
    handles = [
        legend_line(
            family_name(family, m), color=mark.colour, marker=mark.marker, linestyle=mark.line
        )
        for mark, (family, m) in zip(SERIES, members, strict=False)
    ]
    handles += [
        legend_line(label, color="0.5", marker="o", linestyle="none", **LOOKS[minimum])
        for label, minimum in (("minimum", True), ("saddle", False))
        if ((data["index"] == 0) == minimum).any()
    ]
    legend_above(figure, handles, columns=8)
    return Plot(figure, data, _finding(data))
