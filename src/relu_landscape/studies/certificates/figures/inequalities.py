"""Failures of convexity that are proved."""

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    SMALLEST_TEXT,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.symmetry.figures.style import GUIDE

INEQUALITY_COLUMNS = [
    *("quantity", "point", "n", "k", "epsilon", "upper", "scaled", "distance_upper", "bits"),
]


class Failing(NamedTuple):
    """A quantity that is bounded: its name, its order in epsilon, whether it is negative."""

    name: str
    order: int
    negative: bool


QUANTITIES: Mapping[str, Failing] = MappingProxyType(
    {
        "hessian_form": Failing("curvature along\na direction", 1, True),
        "one_point_gradient": Failing("one-point quotient\nof the gradient", 1, False),
        "one_point_hessian": Failing("one-point quotient\nof the Hessian", 1, False),
        "pl_ratio": Failing("PL quotient", 1, False),
        "conjecture12_gap": Failing("gap of\nConjecture 12", 3, True),
    }
)
MOST_SIZES = len(SERIES)
MOST_TICKS = 3
MARGIN = 0.4  # decades beyond the ticks
PANEL_HEIGHT = 2.6  # inches
NARROWEST = 0.55  # of the page: what the legend takes


def _marks(data: pd.DataFrame) -> dict[tuple[int, int], Mark]:
    """A mark for each size."""
    sizes = sorted(set(data[["k", "n"]].itertuples(index=False, name=None)))
    return {size: SERIES[place % MOST_SIZES] for place, size in enumerate(sizes)}


def _draw_panel(
    axes: Axes,
    rows: pd.DataFrame,
    failing: Failing,
    marks: Mapping[tuple[int, int], Mark],
    epsilons: pd.Series,
) -> None:
    """Size of the bound of one quantity against epsilon, and the line of its order."""
    for (k, n), mark in marks.items():
        shown = rows_with(rows, k=k, n=n)
        axes.plot(shown["epsilon"], shown["upper"].abs(), **_look(mark))
    ends = np.array([rows["epsilon"].min(), rows["epsilon"].max()])
    axes.plot(ends, rows["scaled"].median() * ends**failing.order, zorder=0, **GUIDE)
    power = "ε" if failing.order == 1 else "ε³"
    sign = "\N{MINUS SIGN}" if failing.negative else ""
    bound = f"≤ {sign}{_constant(rows, failing):#.2g} {power}"
    axes.set_title(f"{failing.name}\n{bound}", fontsize=SMALLEST_TEXT + 0.5)
    axes.set_xscale("log")
    axes.set_yscale("log")
    _span_decades(axes.xaxis, epsilons)
    _span_decades(axes.yaxis, rows["upper"].abs())


def _span_decades(axis: Axis, values: pd.Series) -> None:
    """Make a logarithmic axis reach from the power of ten below the values to that above them."""
    low, high = math.floor(np.log10(values.min())), math.ceil(np.log10(values.max()))
    exponents = evenly_spread(range(low, max(high, low + 1) + 1), MOST_TICKS)
    axis.set_ticks([10.0**power for power in exponents], [f"$10^{{{e}}}$" for e in exponents])
    axis.set_minor_locator(NullLocator())
    ends = (10.0 ** (exponents[0] - MARGIN), 10.0 ** (exponents[-1] + MARGIN))
    axis.set_view_interval(*ends, ignore=True)


def _look(mark: Mark) -> dict[str, Any]:
    return {
        "color": mark.colour,
        "marker": mark.marker,
        "linestyle": "none",
        "fillstyle": "none",
        "markersize": 4.5,
        "markeredgewidth": 0.8,
    }


def _constant(rows: pd.DataFrame, failing: Failing) -> float:
    """What bounds all of the points, over the power of epsilon: of negative ones the least size."""
    return float(rows["scaled"].min() if failing.negative else rows["scaled"].max())


def _finding(data: pd.DataFrame) -> str:
    """What each bound says at all of the points, and down to which epsilon."""
    said = {
        "hessian_form": "curvature of at most \N{MINUS SIGN}{} ε",
        "one_point_gradient": "one-point quotients of at most {} ε",
        "pl_ratio": "PL quotients of at most {} ε",
        "conjecture12_gap": "a violation of Conjecture 12 by at least {} ε³",
    }
    parts = [
        text.format(f"{_constant(rows, QUANTITIES[quantity]):#.2g}")
        for quantity, text in said.items()
        if not (rows := _rows_said_of(data, quantity)).empty
    ]
    return (
        f"{len(data)} inequalities are proved at points next to global minima, for ε down to "
        f"{data['epsilon'].min():.0e}: {', '.join(parts)}."
    )


def _rows_said_of(data: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """The rows of the quantity; the one-point quotients, of two forms, are said together."""
    if quantity == "one_point_gradient":
        return data[data["quantity"].str.startswith("one_point")]
    return rows_with(data, quantity=quantity)


@figure
def proved_inequalities(certified_inequalities: pd.DataFrame) -> Plot:
    """Proved bounds of what fails next to a global minimum against the size of the displacement.

    Caption:
        Proved upper bounds at explicit rational points next to global minima of n > k, and of the
        gap of Conjecture 12, against the size ε of the displacement, both axes logarithmic, in
        profile **{profile}**. The curvature along a direction and the gap of Conjecture 12 are
        negative and drawn with the opposite sign: convexity and the conjecture fail there. The
        one-point quotients and the PL quotient are bounds of what any constant would have to stay
        below; since they fall along the dotted lines, in proportion to ε, they leave no constant
        (Safran, Yehudai and Shamir 2021, Theorems 4, 7 and 9). Above each panel stands the bound
        that all of its points keep to.

    Returns:
        The figure, and one row a proved inequality: quantity, point, n, k, epsilon, upper (the
        bound, whose absolute value is drawn), scaled (that value over epsilon, or epsilon^3 for the
        gap of the conjecture), distance_upper, bits.

    Source: S21 Theorems 4, 7 and 9, and Conjecture 12.
    """
    proved = rows_with(certified_inequalities, proved=True)
    if proved.empty:
        return empty_plot(certified_inequalities, INEQUALITY_COLUMNS)
    orders = proved["quantity"].map({name: failing.order for name, failing in QUANTITIES.items()})
    data = proved.assign(scaled=proved["upper"].abs() / proved["epsilon"] ** orders)
    data = data.sort_values(["quantity", "epsilon", "point"])
    marks = _marks(data)
    shown = {name: rows for name in QUANTITIES if len(rows := rows_with(data, quantity=name))}
    width = PAGE_WIDTH * max(NARROWEST, len(shown) / len(QUANTITIES))
    figure = Figure(figsize=(width, PANEL_HEIGHT), layout="constrained")
    panels = figure.subplots(1, len(shown), squeeze=False)[0]
    for axes, (name, rows) in zip(panels, shown.items(), strict=True):
        _draw_panel(axes, rows, QUANTITIES[name], marks, data["epsilon"])
    panels[0].set_ylabel("size of the proved upper bound")
    figure.supxlabel("size of the displacement ε", fontsize=8)
    handles = [legend_line(f"k = {k}, n = {n}", **_look(mark)) for (k, n), mark in marks.items()]
    handles.append(legend_line("in proportion to ε, or ε³", **GUIDE))
    legend_above(figure, handles, columns=4)
    return Plot(figure, data[INEQUALITY_COLUMNS], _finding(data))
