"""Failures of convexity that are proved."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Mark,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.certificates.figures.style import tick_in_decades

INEQUALITY_COLUMNS = [
    *("quantity", "point", "n", "k", "epsilon", "upper", "scaled", "distance_upper", "bits"),
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
GAP = "conjecture12_gap"
GAP_ORDER = 3  # of the gap in epsilon; that of the others is 1
DODGE = 0.1  # decades between the quantities at one epsilon


@figure
def proved_inequalities(certified_inequalities: pd.DataFrame) -> Plot:
    """Proved bounds of what fails next to a global minimum against the size of the displacement.

    Caption:
        Proved upper bounds at explicit rational points next to global minima of n > k, divided by
        the size ε of the displacement, and the gap of Conjecture 12 by ε³, in profile
        **{profile}**. The curvature along a direction and the gap of Conjecture 12 are negative and
        drawn with the opposite sign: convexity and the conjecture fail there. The one-point
        quotients and the PL quotient are bounds of what any constant would have to stay below;
        since they fall with ε like ε, as the level marks say, they leave no constant (Safran,
        Yehudai and Shamir 2021, Theorems 4, 7 and 9).

    Returns:
        The figure, and one row a proved inequality: quantity, point, n, k, epsilon, upper (the
        bound), scaled (its absolute value over epsilon, or epsilon^3 for the gap of the conjecture,
        which is drawn), distance_upper, bits.

    Source: S21 Theorems 4, 7 and 9, and Conjecture 12.
    """
    proved = rows_with(certified_inequalities, proved=True)
    if proved.empty:
        return empty_plot(certified_inequalities, INEQUALITY_COLUMNS)
    orders = np.where(proved["quantity"] == GAP, GAP_ORDER, 1)
    scaled = proved["upper"].abs() / proved["epsilon"] ** orders
    data = proved.assign(scaled=scaled).sort_values(["quantity", "epsilon", "point"])
    figure = Figure(figsize=(0.85 * PAGE_WIDTH, 3.6), layout="constrained")
    axes = figure.subplots()
    axes.set_xscale("log")
    handles: list[Artist] = []
    for place, (quantity, (label, mark)) in enumerate(QUANTITIES.items()):
        rows = rows_with(data, quantity=quantity)
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
        aside = 10.0 ** (DODGE * (place - len(QUANTITIES) // 2))
        axes.plot(aside * rows["epsilon"], rows["scaled"], **look)
        handles.append(legend_line(label, **look))
    axes.margins(0.08)
    tick_in_decades(axes.xaxis, data["epsilon"])
    axes.set_ylim(bottom=0.0)
    axes.set_xlabel("size of the displacement ε")
    axes.set_ylabel("size of the proved upper bound\nover ε (the gap: over ε³)")
    legend_above(figure, handles, columns=3)
    return Plot(figure, data[INEQUALITY_COLUMNS])
