"""Failures of convexity that are proved."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from relu_landscape.figures.certificates_style import (
    tick_in_decades,
)
from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Arrays,
    Mark,
    Plot,
    Tables,
    empty_plot,
    in_house_style,
    legend_above,
    legend_line,
    take,
    where,
)

INEQUALITY_COLUMNS = [
    *("quantity", "point", "n", "k", "epsilon", "upper", "size", "distance_upper", "bits"),
]
QUANTITIES: Mapping[str, tuple[str, Mark]] = MappingProxyType(
    {
        "hessian_form": ("\N{MINUS SIGN} curvature along a direction", SERIES[0]),
        "one_point_gradient": ("one-point quotient of the gradient", SERIES[1]),
        "one_point_hessian": ("one-point quotient of the Hessian", SERIES[2]),
        "pl_ratio": ("PL quotient", SERIES[3]),
        "conjecture12_gap": ("\N{MINUS SIGN} gap of Conjecture 12", SERIES[4]),
    }
)
"""Legend and mark of each quantity that is bounded."""


@in_house_style
def proved_inequalities(
    tables: Tables,
    arrays: Arrays,  # noqa: ARG001 -- one signature for all figures
    published: Tables,  # noqa: ARG001
) -> Plot:
    """Proved bounds of what fails next to a global minimum against the size of the displacement.

    Args:
        tables: `certified_inequalities`, one row a quantity and point.
        arrays: nothing is used.
        published: nothing is used.

    Returns:
        The figure, and one row a proved inequality: quantity, point, n, k, epsilon, upper (the
        bound), size (its absolute value, which is drawn), distance_upper, bits.

    Raises:
        ValueError: if the table was not given.

    Source: S21 Theorems 4, 7 and 9, and Conjecture 12.
    """
    inequalities = take(tables, "certified_inequalities")
    proved = where(inequalities, proved=True)
    if proved.empty:
        return empty_plot(inequalities, INEQUALITY_COLUMNS)
    data = proved.assign(size=proved["upper"].abs()).sort_values(["quantity", "epsilon", "point"])
    figure = Figure(figsize=(0.85 * PAGE_WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.set_xscale("log")
    axes.set_yscale("log")
    handles: list[Artist] = []
    for quantity, (label, mark) in QUANTITIES.items():
        rows = where(data, quantity=quantity)
        if rows.empty:
            continue
        look: dict[str, Any] = {
            "color": mark.colour,
            "marker": mark.marker,
            "linestyle": "none",
            "fillstyle": "none",
            "markersize": 5.0,
            "markeredgewidth": 0.9,
        }
        axes.plot(rows["epsilon"], rows["size"], **look)
        handles.append(legend_line(label, **look))
    axes.margins(0.08)
    tick_in_decades(axes.xaxis, data["epsilon"])
    tick_in_decades(axes.yaxis, data["size"])
    axes.set_xlabel("size of the displacement ε")
    axes.set_ylabel("size of the proved upper bound")
    legend_above(figure, handles, columns=3)
    return Plot(figure, data[INEQUALITY_COLUMNS])
