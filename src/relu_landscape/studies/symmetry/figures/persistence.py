"""Which symmetric minima stay minima when the target loses its symmetry."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    BLUE,
    INK,
    NONE_FOUND,
    ORANGE,
    PAGE_WIDTH,
    VERMILION,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    figure,
    legend_above,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.studies.symmetry.figures.style import (
    Fill,
    draw_stack,
    family_name,
    fill_handles,
    mark_families,
    rows_of,
)

STAYS = "strict_minimum"
OUTCOMES: Mapping[str, Fill] = MappingProxyType(
    {
        STAYS: Fill("stays a strict minimum", BLUE, ""),
        "saddle": Fill("became a saddle", VERMILION, "...."),
        "fold": Fill("ended in a fold", ORANGE, "////"),
        "undecided": Fill("undecided", "0.8", ""),
        "lost": Fill("lost", "0.55", "xxxx"),
    }
)
"""What becomes of a minimum, in the order in which bars are stacked."""
MOST_TEACHERS = 3
WIDEST_BAR = 0.4  # decades of epsilon
BAR = 0.8  # width, of the least distance between bars
MARGIN = 0.2  # decades beside the outermost bars
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


def _bar_width(sizes: Sequence[float]) -> float:
    """Width of all bars in decades: they do not touch where sizes are closest."""
    apart = np.diff(np.log10(sizes))
    return float(min([WIDEST_BAR, *(BAR * apart)]))


def _draw(axes: Axes, shares: pd.DataFrame, sizes: Sequence[float]) -> None:
    """One family and k: what becomes of the minimum, with the interval of the share that stays."""
    bars = shares.pivot(index="epsilon", columns="outcome", values="percent")
    places, width = np.log10(bars.index.to_numpy(np.float64)), _bar_width(sizes)
    draw_stack(axes, places, np.full(len(places), width), bars, OUTCOMES)
    minima = rows_with(shares, outcome=STAYS)
    axes.errorbar(
        np.log10(minima["epsilon"]),
        minima["percent"],
        yerr=[
            minima["percent"] - minima["percent_low"],
            minima["percent_high"] - minima["percent"],
        ],
        color=INK,
        linestyle="none",
        linewidth=0.9,
    )
    ends = np.log10([sizes[0], sizes[-1]])
    axes.set_xlim(ends[0] - width / 2 - MARGIN, ends[1] + width / 2 + MARGIN)
    decades = np.arange(np.ceil(ends[0] - 1e-9), np.floor(ends[1] + 1e-9) + 1)
    places = decades if len(decades) else ends[:1]
    axes.set_xticks(places, [f"{10.0**place:.3g}" for place in places])
    axes.set_ylim(0, 100)


def _finding(shares: pd.DataFrame) -> str:
    """How many minima stay at the largest perturbation, for each k, and which do so least."""
    largest = rows_with(shares, epsilon=shares["epsilon"].max(), outcome=STAYS)
    parts = []
    for k, here in sorted(largest.groupby("k"), reverse=True):
        part = f"{here['draws'].sum()} of {here['of_draws'].sum()} at k = {k}"
        worst = min(here.to_dict("records"), key=lambda row: row["percent"])
        if worst["percent"] < here["percent"].max():
            name = family_name(worst["family"], worst["m"])
            part += f" (fewest of {name}, {worst['draws']} of {worst['of_draws']})"
        parts.append(part)
    epsilon = shares["epsilon"].max()
    return f"Draws that leave a strict minimum at ε = {epsilon:g}: {', '.join(parts)}."


@figure
def perturbed_targets(perturbed_targets: pd.DataFrame) -> Plot:
    """Share of draws of G in which a symmetric minimum stays one for V = I + epsilon G/sqrt(k).

    Caption:
        Do the symmetric minima survive a target without symmetry, V = I + εG/√k with random G? For
        each family and k of profile **{profile}**, the share of draws of G for which the minimum,
        followed from ε = 0, is still a strict local minimum, with 95 % Clopper-Pearson intervals,
        and on top of it the shares for which it became a saddle, its path ended in a fold, or
        Newton's method lost it. The axis of ε is logarithmic.

    Returns:
        The figure, and one row a part of a bar: family, m, k, epsilon, outcome, draws (with this
        outcome), of_draws, percent, percent_low, percent_high (95 % Clopper-Pearson).

    Source: AF22, abstract (the results persist under perturbations of the target).
    """
    if perturbed_targets.empty:
        return empty_plot(perturbed_targets, COLUMNS)
    families = mark_families(perturbed_targets)
    rows = rows_of(perturbed_targets, families)
    teachers = evenly_spread(sorted(set(rows["k"])), MOST_TEACHERS)
    data = _shares(rows[rows["k"].isin(teachers)])
    sizes = sorted(set(data["epsilon"]))
    size = (PAGE_WIDTH * (0.15 * len(families) + 0.1), 0.75 + 1.15 * len(teachers))
    figure = Figure(figsize=size, layout="constrained")
    grid = figure.subplots(len(teachers), len(families), sharex=True, squeeze=False)
    for row, k in zip(grid, teachers, strict=True):
        for axes, (family, m) in zip(row, families, strict=True):
            here = rows_with(data, family=family, m=m, k=k)
            if here.empty:
                explain_empty(axes, NONE_FOUND)
            else:
                _draw(axes, here, sizes)
        for axes in row[1:]:
            axes.set_yticklabels([])
        row[0].set_ylabel(f"k = {k}\ndraws (%)")
    for axes, (family, m) in zip(grid[0], families, strict=True):
        axes.set_title(family_name(family, m))
    figure.supxlabel("size ε of the perturbation", fontsize="medium")
    legend_above(figure, fill_handles(OUTCOMES, data.loc[data["draws"] > 0, "outcome"]), columns=4)
    return Plot(figure, data[COLUMNS], _finding(data))
