"""Names, marks and axes that the figures of the symmetric families share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, NullLocator
from numpy.typing import NDArray

from relu_landscape.figures.style import (
    INK,
    PROVED,
    SERIES,
    Mark,
    evenly_spread,
    legend_line,
    teacher_axis,
)

FAMILY = ["family", "m"]
LARGEST_IN_DIGITS = 1000  # k up to which an axis names the k that were run
MOST_DECADES = 5  # named on an axis of k
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
CHAIN_MARKS: Mapping[str, tuple[Mark, ...]] = {
    "A": (SERIES[0],),
    "I": (SERIES[1], SERIES[3]),
    "II": (SERIES[2], SERIES[4], SERIES[5]),
}
"""Marks of the members of a chain that are drawn, in the order of m."""

STABILITY: Mapping[str, dict[str, Any]] = {
    "proved minimum": {"fillstyle": "full", "markersize": 3.4},
    "minimum, not proved": {
        "fillstyle": "bottom",
        "markerfacecoloralt": "white",
        "markersize": 4.4,
        "markeredgewidth": 0.7,
    },
    "saddle": {"fillstyle": "none", "markersize": 5.0, "markeredgewidth": 0.8},
}
"""Looks of critical points: filled, half filled and hollow."""


class Fill(NamedTuple):
    """How an area of one kind is named and filled."""

    label: str
    colour: str
    hatch: str


def fill_handles(fills: Mapping[str, Fill], present: Iterable[str]) -> list[Patch]:
    """Legend of the kinds of area that are present."""
    return [
        Patch(facecolor=fill.colour, hatch=fill.hatch, edgecolor="white", label=fill.label)
        for kind, fill in fills.items()
        if kind in set(present)
    ]


def draw_stack(
    axes: Axes,
    places: NDArray[np.float64],
    widths: NDArray[np.float64],
    shares: pd.DataFrame,
    fills: Mapping[str, Fill],
) -> None:
    """Stacked bars.

    Args:
        axes: the panel.
        places: middle of each bar.
        widths: of each bar.
        shares: one row a bar, one column a kind of part; a missing share is none.
        fills: the kinds of part, from below.
    """
    floor = np.zeros(len(shares))
    for kind, fill in fills.items():
        if kind in shares:
            height = shares[kind].fillna(0.0).to_numpy(np.float64)
            axes.bar(
                places,
                height,
                widths,
                bottom=floor,
                color=fill.colour,
                hatch=fill.hatch,
                edgecolor="white",
                linewidth=0.3,
            )
            floor += height


def family_name(family: str, m: int, extra: int = 0) -> str:
    """Name of a family, such as A, II₁ or I₁ + 1 (one neuron beyond n = k)."""
    member = family if m == 0 else family + str(m).translate(SUBSCRIPTS)
    return member if extra == 0 else f"{member} + {extra}"


def irrep_name(irrep: str) -> str:
    """A representation as mathematics, such as s_p*s_m."""
    product = irrep.replace("*", r" \otimes ")
    return f"${product}$"


def mark_families(table: pd.DataFrame) -> dict[tuple[str, int], Mark]:
    """A few of the families in the table with their marks: A, the outermost I_m and II_m.

    A, I and II of the smallest m have the same marks in all figures.
    """
    marks = {}
    for chain, given in CHAIN_MARKS.items():
        sizes = sorted({int(m) for m in table.loc[table["family"] == chain, "m"]})
        for m, mark in zip(evenly_spread(sizes, len(given)), given, strict=False):
            marks[chain, m] = mark
    return marks


def rows_of(table: pd.DataFrame, families: Mapping[tuple[str, int], Mark]) -> pd.DataFrame:
    """The rows of these families, in their order."""
    chosen = pd.DataFrame(list(families), columns=FAMILY)
    return chosen.merge(table, on=FAMILY)


def wide_teacher_axis(axes: Axes, teachers: Sequence[int]) -> None:
    """Make x the axis of k; powers of ten where k runs beyond LARGEST_IN_DIGITS.

    Args:
        axes: the panel.
        teachers: the k that were run, in increasing order.
    """
    if teachers[-1] <= LARGEST_IN_DIGITS:
        teacher_axis(axes, teachers)
        return
    axes.set_xscale("log")
    axes.set_xlim(0.7 * teachers[0], 1.5 * teachers[-1])
    axes.xaxis.set_major_locator(LogLocator(numticks=MOST_DECADES))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("teacher neurons k")


def stability_of(points: pd.DataFrame) -> NDArray[np.str_]:
    """The key in STABILITY of each point, from its index and from what is proved of it."""
    minimum = points["index"] == 0
    return np.select([points["proved"] == PROVED, minimum], list(STABILITY)[:2], "saddle")


def stability_handles(rows: pd.DataFrame) -> list[Any]:
    """Legend of the kinds of critical points that occur."""
    return [
        legend_line(kind, color="0.5", marker="o", linestyle="none", **look)
        for kind, look in STABILITY.items()
        if (rows["stability"] == kind).any()
    ]


def draw_by_stability(
    axes: Axes, rows: pd.DataFrame, quantity: str, mark: Mark, line: str = "-"
) -> None:
    """One family against k: a line, and marks that say what each point is."""
    axes.plot(rows["k"], rows[quantity], color=mark.colour, linestyle=line, linewidth=0.9)
    for kind, look in STABILITY.items():
        shown = rows[rows["stability"] == kind]
        axes.plot(
            shown["k"],
            shown[quantity],
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            **look,
        )


GUIDE: dict[str, Any] = {"color": INK, "linewidth": 0.8, "linestyle": (0, (1, 1.5))}
"""Line of a limit or of a slope."""
