"""The slopes below which A and I_m are saddles, and at which they end, against k."""

import pandas as pd
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
    teacher_axis,
)
from relu_landscape.studies.symmetry.figures.style import family_name

EVENTS = {"eigenvalue": "full", "fold": "none"}
LABELS = {"eigenvalue": "eigenvalue changes sign", "fold": "fold"}
COLUMNS = ["family", "m", "k", "event", "slope", "irrep", "index_below", "index_above"]


def _finding(data: pd.DataFrame) -> str:
    """The ranges of both kinds of events."""
    said = []
    for event, words in (("eigenvalue", "turn into saddles"), ("fold", "end in a fold")):
        rows = rows_with(data, event=event)
        rows = rows[rows["family"] != "II"]
        if not rows.empty:
            members = ", ".join(
                family_name(family, m)
                for family, m in sorted(set(zip(rows["family"], rows["m"], strict=True)))
            )
            least, most = rows["slope"].min(), rows["slope"].max()
            teachers = " to ".join(f"{k:g}" for k in sorted({rows["k"].min(), rows["k"].max()}))
            said.append(f"{members} {words} at s from {least:.3g} to {most:.3g} (k = {teachers})")
    return (f"Towards the absolute value {' and '.join(said) or 'no family changes'}.").replace(
        "-", "\N{MINUS SIGN}"
    )


@figure
def leaky_thresholds(leaky_thresholds: pd.DataFrame) -> Plot:
    """Slopes of thresholds and folds against k.

    Caption:
        The slopes s, in profile **{profile}**, at which the smallest Hessian eigenvalue of a family
        passes zero (filled) and at which the family ends in a fold (hollow), against the number of
        teachers k. A and I_m are minima above the filled marks and saddles below; where no hollow
        mark stands they reach the absolute value, s = -1.

    Returns:
        The figure, and one row an event: family, m, k, event, slope, irrep, index_below,
        index_above.
    """
    if leaky_thresholds.empty:
        return empty_plot(leaky_thresholds, COLUMNS)
    data = leaky_thresholds.sort_values(["event", "family", "m", "k"], ignore_index=True)[COLUMNS]
    members = sorted(set(zip(data["family"], data["m"], strict=True)))[: len(SERIES)]
    figure = Figure(figsize=(PAGE_WIDTH, 2.9), layout="constrained")
    axes = figure.subplots()
    for mark, (family, m) in zip(SERIES, members, strict=False):
        for event, fill in EVENTS.items():
            rows = rows_with(data, family=family, m=m, event=event)
            axes.plot(
                rows["k"],
                rows["slope"],
                color=mark.colour,
                marker=mark.marker,
                linestyle=mark.line,
                linewidth=0.8,
                fillstyle=fill,
            )
    axes.axhline(-1.0, color="0.6", linewidth=0.7, zorder=0)
    teacher_axis(axes, sorted(set(data["k"])))
    axes.set_ylabel("slope s")
    handles = [
        legend_line(
            family_name(family, m), color=mark.colour, marker=mark.marker, linestyle=mark.line
        )
        for mark, (family, m) in zip(SERIES, members, strict=False)
    ]
    handles += [
        legend_line(LABELS[event], color="0.5", marker="o", linestyle="none", fillstyle=fill)
        for event, fill in EVENTS.items()
        if (data["event"] == event).any()
    ]
    legend_above(figure, handles, columns=8)
    return Plot(figure, data, _finding(data))
