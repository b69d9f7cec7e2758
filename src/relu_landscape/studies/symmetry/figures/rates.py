"""How often random initialisation reaches each symmetric family."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from relu_landscape.figures.style import (
    NONE_FOUND,
    PAGE_WIDTH,
    SERIES,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    figure,
    legend_above,
    legend_line,
    students,
)
from relu_landscape.studies.symmetry.figures.style import family_name

SEARCH = "safran2018"
EXTRAS = (0, 1)
USUAL_TEACHERS = (10, 15, 20)
MOST_TEACHERS = 3  # where none of the usual ones was run
DODGE = 0.24  # of the distance between rows: the k side by side
CHAIN_ORDER = ("A", "I", "II", "none")
PERCENT_TICKS = (0.001, 0.01, 0.1, 1.0, 10.0, 100.0)
COLUMNS = [
    *("family", "m", "k", "n", "runs", "reached"),
    *("percent", "percent_low", "percent_high"),
]


def _draw_rates(
    axes: Axes,
    rows: pd.DataFrame,
    places: Mapping[tuple[str, int], int],
    marks: Mapping[int, Mark],
) -> None:
    """Rates with intervals; of families never reached the upper end as a triangle."""
    for order, (k, mark) in enumerate(marks.items()):
        here = rows[rows["k"] == k]
        shift = DODGE * (order - (len(marks) - 1) / 2)
        place = np.array(
            [
                places[key] + shift
                for key in here[["family", "m"]].itertuples(index=False, name=None)
            ]
        )
        met = (here["reached"] > 0).to_numpy()
        axes.errorbar(
            here["percent"][met],
            place[met],
            xerr=np.vstack(
                [
                    (here["percent"] - here["percent_low"])[met],
                    (here["percent_high"] - here["percent"])[met],
                ]
            ),
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            markersize=3.4,
            capsize=1.8,
            linewidth=0.9,
        )
        axes.plot(
            here["percent_high"][~met],
            place[~met],
            color=mark.colour,
            marker="<",
            linestyle="none",
            fillstyle="none",
            markersize=4.5,
            markeredgewidth=0.8,
        )


def _shape_axes(axes: Axes, rows: pd.DataFrame, places: Mapping[tuple[str, int], int]) -> None:
    """Families as rows, separated by faint lines; percent on a logarithmic axis."""
    axes.set_xscale("log")
    least = float(rows.loc[rows["reached"] > 0, "percent_low"].min())
    least = np.nanmin([least, float(rows["percent_high"].min())])
    axes.set_xlim(0.7 * least, 130.0)
    axes.set_xticks([tick for tick in PERCENT_TICKS if tick >= 0.7 * least])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda percent, _: f"{percent:g}"))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_ylim(len(places) - 0.4, -0.6)
    axes.hlines(np.arange(len(places) - 1) + 0.5, *axes.get_xlim(), colors="0.92", linewidth=0.6)
    axes.set_yticks(
        list(places.values()),
        [family_name(*key) if key[0] != "none" else "no family" for key in places],
    )
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("runs that end there (%)")


def _places(rows: pd.DataFrame) -> dict[tuple[str, int], int]:
    """Row of each family: A, I by m, II by m, none."""
    keys = set(rows[["family", "m"]].itertuples(index=False, name=None))
    ordered = sorted(keys, key=lambda key: (CHAIN_ORDER.index(key[0]), key[1]))
    return {(str(family), int(m)): place for place, (family, m) in enumerate(ordered)}


def _handles(data: pd.DataFrame, marks: Mapping[int, Mark]) -> list[Artist]:
    """Legend of the k and of the triangle."""
    handles: list[Artist] = [
        legend_line(
            f"k = {k}", color=mark.colour, marker=mark.marker, linestyle="none", markersize=3.4
        )
        for k, mark in marks.items()
    ]
    if (data["reached"] == 0).any():
        handles.append(
            legend_line(
                "never reached: upper end of the interval",
                color="0.4",
                marker="<",
                linestyle="none",
                fillstyle="none",
            )
        )
    return handles


def _few_teachers(teachers: Sequence[int]) -> list[int]:
    present = sorted(set(teachers))
    usual = [k for k in USUAL_TEACHERS if k in present]
    return usual or evenly_spread(present, MOST_TEACHERS)


@figure
def families_reached(family_rates: pd.DataFrame) -> Plot:
    """Share of the runs of the 2018 protocol that end at each family, n = k and n = k + 1.

    Caption:
        How often runs from random initialisation end at each symmetric family, in profile
        **{profile}**, for a few k with as many students as teachers and with one more. Bars are 95
        % Clopper-Pearson intervals; a triangle stands at its upper end where no run of that k ended
        at A, I₁, I₂, II₁ or outside the families. The others stand only at the k at which a run met
        them. The last row counts the runs at spurious minima of no family.

    Returns:
        The figure, and one row a mark: family (none: at spurious minima of no family), m, k, n,
        runs, reached, percent, percent_low, percent_high.

    Source: Arjevani and Field, arXiv 2312.16819 (hidden minima); the rates are those of our runs.
    """
    rows = family_rates[
        (family_rates["search"] == SEARCH) & (family_rates["n"] - family_rates["k"]).isin(EXTRAS)
    ]
    if rows.empty:
        return empty_plot(family_rates, COLUMNS)
    teachers = _few_teachers(list(rows["k"]))
    data = rows[rows["k"].isin(teachers)].sort_values(["n", "k"], ignore_index=True)
    places, marks = _places(data), dict(zip(teachers, SERIES, strict=False))
    height = 1.0 + len(places) * (0.12 + 0.06 * len(teachers))
    figure = Figure(figsize=(PAGE_WIDTH, max(2.4, height)), layout="constrained")
    for axes, extra in zip(figure.subplots(1, len(EXTRAS)), EXTRAS, strict=True):
        axes.set_title(students(extra))
        here = data[data["n"] - data["k"] == extra]
        if here.empty:
            explain_empty(axes, NONE_FOUND)
        else:
            _draw_rates(axes, here, places, marks)
            _shape_axes(axes, data, places)
    legend_above(figure, _handles(data, marks), columns=4)
    return Plot(figure, data[COLUMNS])
