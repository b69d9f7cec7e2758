"""Whether II_1 survives at random unit teachers, against the number of inputs."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.studies.symmetry.figures.style import family_name

COLUMNS = ["k", "d", "draws", "survived", "percent", "percent_low", "percent_high"]
BESIDE = 1.06  # factor of d between marks of two k, so that intervals do not cover one another


def _counts(survivals: pd.DataFrame) -> pd.DataFrame:
    """How many draws of each k and d II_1 survives, with intervals."""
    rows = []
    for (k, d), group in rows_with(survivals, kind="random").groupby(["k", "d"]):
        survived, draws = int(group["proved"].sum()), len(group)
        low, high = clopper_pearson(survived, draws)
        percents = (100.0 * share for share in (survived / draws, low, high))
        rows.append((k, d, draws, survived, *percents))
    return pd.DataFrame(rows, columns=COLUMNS)


def _finding(data: pd.DataFrame) -> str:
    """The number of draws survived at the largest d, all k together."""
    last = data[data["d"] == data["d"].max()]
    return (
        f"With d = {data['d'].max():,} inputs a bad minimum next to {family_name('II', 1)} is "
        f"proved at {last['survived'].sum()} of {last['draws'].sum()} draws of "
        f"{last['k'].min()} to {last['k'].max()} teachers."
    )


@figure
def general_survival(general_survivals: pd.DataFrame) -> Plot:
    """Share of draws at which II_1 remains a bad minimum, against d.

    Caption:
        The share of draws of k random unit teachers in d dimensions at which descent from II_1, the
        bad minimum of orthonormal teachers, ends at a critical point that is proved a bad minimum,
        in profile **{profile}**; 95 % Clopper-Pearson intervals. Marks of several k stand side by
        side. In high dimension random teachers are nearly orthogonal; in low dimension the minimum
        where descent ends may be far from II_1.

    Returns:
        The figure, and one row a k and d: k, d, draws, survived, percent, percent_low,
        percent_high.
    """
    data = _counts(general_survivals)
    if data.empty:
        return empty_plot(data, COLUMNS)
    teachers = evenly_spread(sorted(set(data["k"])), len(SERIES))
    figure = Figure(figsize=(PAGE_WIDTH, 2.9), layout="constrained")
    axes, handles = figure.subplots(), []
    for place, (mark, k) in enumerate(zip(SERIES, teachers, strict=False)):
        rows = rows_with(data, k=k)
        ends = rows[["percent_low", "percent_high"]].to_numpy().T
        axes.errorbar(
            rows["d"] * BESIDE ** (place - (len(teachers) - 1) / 2),
            rows["percent"],
            yerr=np.abs(ends - rows["percent"].to_numpy()),
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            linewidth=0.9,
            elinewidth=0.8,
            markersize=4.0,
        )
        handles.append(
            legend_line(f"k = {k}", color=mark.colour, marker=mark.marker, linestyle=mark.line)
        )
    axes.set_xscale("log", base=2)
    axes.set(xlabel="inputs d", ylabel="draws survived (%)", ylim=(-3, 103))
    legend_above(figure, handles, columns=6)
    return Plot(figure, data, _finding(data))
