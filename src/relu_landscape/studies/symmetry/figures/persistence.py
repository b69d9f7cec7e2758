"""Which symmetric minima stay minima when the target loses its symmetry."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    PANELS_A_ROW,
    SERIES,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.studies.symmetry.figures.style import family_name, mark_families, rows_of

STAYS = "strict_minimum"
OTHERS: Mapping[str, tuple[str, str, float]] = MappingProxyType(
    {
        "saddle": ("became a saddle", "x", 0.07),
        "fold": ("ended in a fold", "v", -0.07),
        "undecided": ("undecided", "+", 0.07),
        "lost": ("lost", "*", -0.07),
    }
)
"""Label, marker and place beside the minima of what else can become of one."""
MOST_TEACHERS = 3
DODGE = 0.24  # of the distance between sizes: the k side by side
FEWEST_SIZES = 3  # for which there is room, so that a single one stands in the middle
CASE = ["family", "m", "k", "epsilon"]
COLUMNS = [
    *(*CASE, "outcome", "draws", "of_draws", "percent"),
    *("percent_low", "percent_high"),
]


def _shares(targets: pd.DataFrame) -> pd.DataFrame:
    """Number and share of the draws with each outcome; of minima in any case, with intervals."""
    counts = targets.groupby([*CASE, "outcome"], as_index=False).size()
    counts = counts.rename(columns={"size": "draws"})
    cases = targets.groupby(CASE, as_index=False).size().rename(columns={"size": "of_draws"})
    minima = cases.assign(outcome=STAYS).merge(
        counts[counts["outcome"] == STAYS], on=[*CASE, "outcome"], how="left"
    )
    rest = counts[counts["outcome"] != STAYS].merge(cases, on=CASE)
    shares = pd.concat([minima, rest], ignore_index=True)
    shares["draws"] = shares["draws"].fillna(0).astype(int)
    intervals = [
        clopper_pearson(int(draws), int(total))
        for draws, total in shares[["draws", "of_draws"]].itertuples(index=False)
    ]
    shares["percent"] = 100.0 * shares["draws"] / shares["of_draws"]
    shares["percent_low"] = [100.0 * interval.low for interval in intervals]
    shares["percent_high"] = [100.0 * interval.high for interval in intervals]
    return shares.sort_values([*CASE, "outcome"], ignore_index=True)


def _draw(
    axes: Axes, shares: pd.DataFrame, sizes: Sequence[float], marks: Mapping[int, Mark]
) -> None:
    """One family: share of draws in which it stays a minimum, and of what else became of it."""
    places = {size: place for place, size in enumerate(sizes)}
    for order, (k, mark) in enumerate(marks.items()):
        here = shares[shares["k"] == k]
        shift = DODGE * (order - (len(marks) - 1) / 2)
        minima = rows_with(here, outcome=STAYS)
        axes.errorbar(
            minima["epsilon"].map(places) + shift,
            minima["percent"],
            yerr=[
                minima["percent"] - minima["percent_low"],
                minima["percent_high"] - minima["percent"],
            ],
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.4,
            capsize=1.8,
            linewidth=0.9,
        )
        for outcome, (_, marker, aside) in OTHERS.items():
            rows = rows_with(here, outcome=outcome)
            axes.plot(
                rows["epsilon"].map(places) + shift + aside,
                rows["percent"],
                color=mark.colour,
                marker=marker,
                linestyle="none",
                fillstyle="none",
                markersize=4.5,
                markeredgewidth=0.9,
            )
    margin = 0.4 + 0.5 * max(0, FEWEST_SIZES - len(sizes))
    axes.set_xlim(-margin, len(sizes) - 1 + margin)
    axes.set_xticks(range(len(sizes)), [f"{size:g}" for size in sizes])
    axes.set_ylim(-4, 104)


def _handles(shares: pd.DataFrame, marks: Mapping[int, Mark]) -> list[Artist]:
    """Legend of the k, then of what else became of minima, if it did."""
    handles: list[Artist] = [
        legend_line(
            f"k = {k}, strict minimum",
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            markersize=3.4,
        )
        for k, mark in marks.items()
    ]
    plain: dict[str, Any] = {"color": "0.4", "linestyle": "none", "fillstyle": "none"}
    handles += [
        legend_line(label, marker=marker, markeredgewidth=0.9, **plain)
        for outcome, (label, marker, _) in OTHERS.items()
        if (shares["outcome"] == outcome).any()
    ]
    return handles


@figure
def perturbed_targets(perturbed_targets: pd.DataFrame) -> Plot:
    """Share of draws of G in which a symmetric minimum stays one for V = I + epsilon G/sqrt(k).

    Caption:
        Do the symmetric minima survive a target without symmetry, V = I + εG/√k with random G? For
        each family and k of profile **{profile}**, the share of draws of G for which the minimum,
        followed from ε = 0, is still a strict local minimum, with 95 % Clopper-Pearson intervals.
        Crosses count the draws in which it became a saddle, triangles those in which its path ended
        in a fold, stars those in which Newton's method lost it. Marks of different k stand a little
        apart so that they do not hide each other.

    Returns:
        The figure, and one row a mark: family, m, k, epsilon, outcome, draws (with this outcome),
        of_draws, percent, percent_low, percent_high (95 % Clopper-Pearson).

    Source: AF22, abstract (the results persist under perturbations of the target).
    """
    if perturbed_targets.empty:
        return empty_plot(perturbed_targets, COLUMNS)
    families = mark_families(perturbed_targets)
    rows = rows_of(perturbed_targets, families)
    teachers = evenly_spread(sorted(set(rows["k"])), MOST_TEACHERS)
    data = _shares(rows[rows["k"].isin(teachers)])
    sizes = sorted(set(data["epsilon"]))
    marks = dict(zip(teachers, SERIES, strict=False))
    columns = min(len(families), PANELS_A_ROW)
    lines = -(-len(families) // columns)
    figure = Figure(
        figsize=(PAGE_WIDTH * (0.3 * columns + 0.1), 0.7 + 1.8 * lines), layout="constrained"
    )
    grid = figure.subplots(lines, columns, sharey=True, squeeze=False)
    for place, axes in enumerate(grid.ravel()):
        if place >= len(families):
            axes.set_visible(False)
            continue
        family, m = list(families)[place]
        _draw(axes, rows_with(data, family=family, m=m), sizes, marks)
        axes.set_title(family_name(family, m))
        if place + columns >= len(families):
            axes.set_xlabel("size ε of the perturbation")
    for axes in grid[:, 0]:
        axes.set_ylabel("draws (%)")
    legend_above(figure, _handles(data, marks), columns=4)
    return Plot(figure, data[COLUMNS])
