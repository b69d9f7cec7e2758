"""How often random initialisation reaches each symmetric family."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    BLUE,
    GREEN,
    MOST_TICKS,
    NONE_FOUND,
    ORANGE,
    PAGE_WIDTH,
    PURPLE,
    SKY,
    VERMILION,
    Plot,
    empty_plot,
    explain_empty,
    figure,
    legend_above,
    students,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.studies.symmetry.figures.style import (
    Fill,
    draw_stack,
    family_name,
    fill_handles,
)

SEARCH = "safran2018"
EXTRAS = (0, 1)
FEWEST_SLOTS = 5  # bars for which there is room, so that a single one is no wall
BAR = 0.9  # width, of the distance between bars
LAST_ALONE = 3  # m up to which II_m has a part of its own
PARTS: Mapping[str, Fill] = MappingProxyType(
    {
        "II1": Fill("II₁", BLUE, ""),
        "II2": Fill("II₂", SKY, "////"),
        "II3": Fill("II₃", GREEN, "...."),
        "II": Fill("II₄, II₅, …", PURPLE, "\\\\\\\\"),
        "I": Fill("I₁, I₂, …", ORANGE, "xxxx"),
        "A": Fill("A", VERMILION, "++++"),
        "none": Fill("spurious minima of no family", "0.7", ""),
    }
)
"""Parts of a bar, from below."""
COLUMNS = [
    *("part", "family", "m", "k", "n", "runs", "reached"),
    *("percent", "percent_low", "percent_high"),
]


def _part_of(family: str, m: int) -> str:
    """The part of a bar that a family is counted in."""
    return f"II{m}" if family == "II" and m <= LAST_ALONE else family


def _draw_rates(axes: Axes, rows: pd.DataFrame) -> None:
    """One bar a k: the runs that end at each part."""
    shares = rows.pivot_table(index="k", columns="part", values="percent", aggfunc="sum")
    teachers = list(shares.index)
    draw_stack(axes, np.arange(float(len(teachers))), np.full(len(teachers), BAR), shares, PARTS)
    step = 1 + len(teachers) // MOST_TICKS
    axes.set_xticks(range(0, len(teachers), step), [str(k) for k in teachers[::step]])
    axes.set_xlim(-0.6, max(len(teachers), FEWEST_SLOTS) - 0.4)
    axes.set_ylim(0, 100)
    axes.set_xlabel("teacher neurons k")


def _finding(data: pd.DataFrame) -> str:
    """How many of all runs end at each chain, and which families none reached."""
    n_k = int((data["n"] - data["k"]).min())
    here = data[data["n"] - data["k"] == n_k]
    runs = int(here.groupby("k")["runs"].first().sum())
    chains = here.groupby("family")["reached"].sum()
    ends = [
        f"{chains[chain]:,} at {'minima of no family' if chain == 'none' else chain}"
        for chain in ("II", "I", "A", "none")
        if chains.get(chain, 0) > 0
    ]
    met = here.groupby(["family", "m"]).agg(reached=("reached", "sum")).reset_index()
    never = [
        family_name(row["family"], row["m"])
        for row in met.to_dict("records")
        if row["reached"] == 0 and row["family"] != "none"
    ]
    bound = 100.0 * clopper_pearson(0, runs).high
    missed = f"; none at {', '.join(never)} (at most {bound:.2g} %)" if never else ""
    reached = ", ".join(ends) if ends else "none at a spurious minimum"
    return f"Of {runs:,} runs with {students(n_k)} end {reached}{missed}."


@figure
def families_reached(family_rates: pd.DataFrame) -> Plot:
    """Share of the runs of the 2018 protocol that end at each family, n = k and n = k + 1.

    Caption:
        How often runs from random initialisation end at each symmetric family, in profile
        **{profile}**, for each k with as many students as teachers and with one more. What is
        missing to 100 % ended at no spurious minimum. Of A and of I with few neurons that point the
        other way, minima at large k, no run or hardly one is seen: they are hidden from such
        starts. In the sentence above, where a family was never reached, stands the upper end of
        the 95 % Clopper-Pearson interval over all k.

    Returns:
        The figure, and one row a family and size: part (of the bar that it is counted in), family
        (none: at spurious minima of no family), m, k, n, runs, reached, percent, percent_low,
        percent_high (95 % Clopper-Pearson).

    Source: Arjevani and Field, arXiv 2312.16819 (hidden minima); the rates are those of our runs.
    """
    rows = family_rates[
        (family_rates["search"] == SEARCH) & (family_rates["n"] - family_rates["k"]).isin(EXTRAS)
    ]
    if rows.empty:
        return empty_plot(family_rates, COLUMNS)
    parts = [_part_of(family, m) for family, m in zip(rows["family"], rows["m"], strict=True)]
    data = rows.assign(part=parts).sort_values(["n", "k", "family", "m"], ignore_index=True)
    figure = Figure(figsize=(PAGE_WIDTH, 2.7), layout="constrained")
    panels = figure.subplots(1, len(EXTRAS))
    for axes, extra in zip(panels, EXTRAS, strict=True):
        axes.set_title(students(extra))
        here = data[data["n"] - data["k"] == extra]
        if here.empty:
            explain_empty(axes, NONE_FOUND)
        else:
            _draw_rates(axes, here)
    panels[0].set_ylabel("runs (%)")
    reached = data.loc[data["reached"] > 0, "part"]
    if len(reached):
        legend_above(figure, fill_handles(PARTS, reached), columns=4)
    return Plot(figure, data[COLUMNS], _finding(data))
