"""What a proof and its check cost."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    BLUE,
    ORANGE,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.symmetry.figures.style import wide_teacher_axis

COLUMNS = ["method", "k", "bits", "prove_seconds", "check_seconds", "line_bytes"]
METHODS: Mapping[str, tuple[str, dict[str, Any]]] = MappingProxyType(
    {
        "all_weights": ("from all weights", {"color": ORANGE, "marker": "s"}),
        "symmetry": ("through the symmetry", {"color": BLUE, "marker": "o"}),
    }
)
"""Legend and look of each method."""
WORK: Mapping[str, tuple[str, dict[str, Any]]] = MappingProxyType(
    {
        "prove_seconds": ("proof", {"linestyle": "-", "fillstyle": "full", "markersize": 4.0}),
        "check_seconds": ("check", {"linestyle": "--", "fillstyle": "none", "markersize": 4.5}),
    }
)
"""Legend and look of what was timed."""


def _finding(times: pd.DataFrame) -> str:
    """What a proof takes at the largest k of each method."""
    last = times.sort_values("k").drop_duplicates("method", keep="last")
    said = [
        f"{row['prove_seconds']:.2g} s at k = {row['k']:,} {label}"
        for method, (label, _) in METHODS.items()
        for row in rows_with(last, method=method).to_dict("records")
    ]
    return f"Proving II₁ a spurious minimum takes {' and '.join(said)}."


@figure
def proof_times(proof_times: pd.DataFrame) -> Plot:
    """Processor time of proving II_1 with all its splits, and of checking that, against k.

    Caption:
        Processor time of one core for proving II_1 with n = k a spurious strict minimum and every
        split of its neurons a strict saddle, and for the checker to prove it again, in profile
        **{profile}**, the least of {certificates[timing][repeats]} repeats. From all weights a
        proof and its check deal with a k² × k² matrix; through the symmetry with a few small ones,
        whatever k is. Times are of the machine that ran this; nothing is judged by them.

    Returns:
        The figure, and the rows of the table: seconds of one core.
    """
    if proof_times.empty:
        return empty_plot(proof_times, COLUMNS)
    figure = Figure(figsize=(0.75 * PAGE_WIDTH, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.set_yscale("log")
    for method, (_, colours) in METHODS.items():
        rows = rows_with(proof_times, method=method)
        for seconds, (_, look) in WORK.items():
            axes.plot(rows["k"], rows[seconds], **colours, **look)
    wide_teacher_axis(axes, sorted(set(proof_times["k"])))
    axes.set_ylabel("processor time (s)")
    handles: list[Artist] = [
        legend_line(label, linestyle="none", **look)
        for method, (label, look) in METHODS.items()
        if (proof_times["method"] == method).any()
    ]
    handles += [
        legend_line(label, color="0.4", marker="o", **look) for label, look in WORK.values()
    ]
    legend_above(figure, handles, columns=4)
    return Plot(figure, proof_times[COLUMNS], _finding(proof_times))
