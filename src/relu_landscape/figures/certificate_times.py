"""What a proof and its check cost."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from matplotlib.artist import Artist
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    BLUE,
    ORANGE,
    PAGE_WIDTH,
    Arrays,
    Plot,
    Tables,
    empty_plot,
    in_house_style,
    legend_above,
    legend_line,
    take,
    where,
)
from relu_landscape.figures.symmetry_style import wide_teacher_axis

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


@in_house_style
def proof_times(
    tables: Tables,
    arrays: Arrays,  # noqa: ARG001 -- one signature for all figures
    published: Tables,  # noqa: ARG001
) -> Plot:
    """Processor time of proving II_1 with all its splits, and of checking that, against k.

    Args:
        tables: `proof_times`, one row a timed proof.
        arrays: nothing is used.
        published: nothing is used.

    Returns:
        The figure, and the rows of the table: seconds of one core.

    Raises:
        ValueError: if the table was not given.
    """
    times = take(tables, "proof_times")
    if times.empty:
        return empty_plot(times, COLUMNS)
    figure = Figure(figsize=(0.75 * PAGE_WIDTH, 3.2), layout="constrained")
    axes = figure.subplots()
    axes.set_yscale("log")
    for method, (_, colours) in METHODS.items():
        rows = where(times, method=method)
        for seconds, (_, look) in WORK.items():
            axes.plot(rows["k"], rows[seconds], **colours, **look)
    wide_teacher_axis(axes, sorted(set(times["k"])))
    axes.set_ylabel("processor time (s)")
    handles: list[Artist] = [
        legend_line(label, linestyle="none", **look)
        for method, (label, look) in METHODS.items()
        if (times["method"] == method).any()
    ]
    handles += [
        legend_line(label, color="0.4", marker="o", **look) for label, look in WORK.values()
    ]
    legend_above(figure, handles, columns=4)
    return Plot(figure, times[COLUMNS])
