"""Which points of erf are minima, and which is the lower one, against k and n/k."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relu_landscape.fewer_students.average_stability import most_copies
from relu_landscape.fewer_students.erf_crossing import LIMITING_SHARE
from relu_landscape.figures.style import (
    GREEN,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.fewer_students.figures.style import BRANCHES

COLUMNS = ["boundary", "k", "n", "share"]
_AVERAGE, _PERTURBED = "copy-average is a minimum below", "perturbed copy is a minimum above"
_EQUAL = "both losses are equal"
_LOOKS = {
    _AVERAGE: (BRANCHES["copy_average"].colour, ""),
    _EQUAL: (GREEN, "o"),
    _PERTURBED: (BRANCHES["perturbed_copy"].colour, "s"),
}
_STEPS = 60


def _boundaries(crossings: pd.DataFrame) -> pd.DataFrame:
    """One row a place on a boundary; that of the copy-average is a formula."""
    least, most = crossings["k"].min(), crossings["k"].max()
    m = np.geomspace(2.0, np.sqrt(most), _STEPS)
    copies = np.array([most_copies(size) for size in m])
    shown = (least <= copies + m) & (copies + m <= most)
    curve = pd.DataFrame({"boundary": _AVERAGE, "k": (copies + m)[shown], "n": copies[shown] + 1})
    equal = crossings.assign(boundary=_EQUAL)
    known = crossings[crossings["perturbed_from"].notna()]
    threshold = known.assign(n=known["perturbed_from"], boundary=_PERTURBED)
    rows = pd.concat([curve, equal, threshold], ignore_index=True)
    return rows.assign(share=rows["n"] / rows["k"])[COLUMNS]


def _finding(crossings: pd.DataFrame) -> str:
    """The share at the largest k, and its limit."""
    last = crossings.sort_values("k").iloc[-1]
    return (
        f"At k = {last['k']:,.0f} both points of erf have the same loss at {last['share']:.4f} k "
        f"students; the share tends to {LIMITING_SHARE:.4f}."
    )


@figure
def erf_phases(erf_crossings: pd.DataFrame) -> Plot:
    """Boundaries in the plane of k and n/k.

    Caption:
        Where the two points of erf with trained outputs change places, in profile **{profile}**:
        the share n/k of students below which the copy-average is a minimum (a formula), at which
        both have the same loss, with its limit (dotted), and above which the perturbed copy is a
        minimum. In between both are minima. Simsek et al. mark four shares at k = 50; only that of
        equal losses tends to one that is neither 0 nor 1.

    Returns:
        The figure, and one row a place on a boundary: boundary, k, n (real), share (n/k).

    Source: Simsek et al. 2023 for the question; derived and computed.
    """
    if erf_crossings.empty:
        return empty_plot(erf_crossings, COLUMNS)
    rows = _boundaries(erf_crossings)
    drawing = Figure(figsize=(PAGE_WIDTH, 3.2), layout="constrained")
    axes = drawing.subplots()
    handles = []
    for boundary, (colour, marker) in _LOOKS.items():
        line = rows_with(rows, boundary=boundary).sort_values("k")
        look: dict[str, Any] = {"color": colour, "marker": marker, "markersize": 3.6}
        axes.plot(line["k"], line["share"], **look)
        handles.append(legend_line(boundary, **look))
    axes.axhline(LIMITING_SHARE, color=GREEN, linestyle=":", linewidth=0.9)
    axes.set_xscale("log")
    axes.set_ylim(0, 1)
    axes.set_xlabel("teacher neurons k")
    axes.set_ylabel("students a teacher, n/k")
    legend_above(drawing, handles, columns=3)
    return Plot(drawing, rows, _finding(erf_crossings))
