"""Full rank by volume of parameter space next to full rank by number of regions."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    NONE_FOUND,
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    figure,
    legend_above,
    legend_line,
)

MEASURES = {
    "count": (SERIES[0], "number of regions"),
    "normal": (SERIES[1], "volume, N(0, 1) weights"),
    "uniform": (SERIES[2], "volume, uniform weights"),
}
INPUTS = {
    "line": "line with bias",
    "normal": "N(0, 1), d0 = {d0}",
    "positive": "positive, d0 = {d0}",
}
MOST_SIZES = 5
DODGE = 0.22


def _draw(axes: Axes, rows: pd.DataFrame) -> None:
    """A mark for each data set at each width, and a line through the means."""
    widths = sorted(set(rows["d1"]))
    place = {width: index for index, width in enumerate(widths)}
    for shift, (measure, (mark, _)) in enumerate(MEASURES.items(), start=-1):
        one = rows[rows["measure"] == measure]
        x = one["d1"].map(place) + DODGE * shift
        axes.plot(
            x,
            one["share"],
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            fillstyle="none",
            markersize=3.5,
            alpha=0.8,
        )
        mean = one.groupby("d1")["share"].mean()
        axes.plot(
            np.array([place[width] for width in mean.index]) + DODGE * shift,
            mean,
            color=mark.colour,
            linestyle=mark.line,
        )
    axes.set_xticks(range(len(widths)), [str(width) for width in widths])
    axes.set(xlabel="width d1 (neurons)", ylim=(-0.03, 1.03))
    axes.margins(x=0.15)


def _finding(drawn: pd.DataFrame) -> str:
    """How far the share by volume is from that by number, on average and at most."""
    sets = ["data", "n", "d0", "d1", "data_set"]
    shares = drawn.pivot(index=sets, columns="measure", values="share")
    volumes = shares.drop(columns="count").sub(shares["count"], axis=0)
    differences = 100.0 * volumes.to_numpy(np.float64)
    gap, low = float(differences.mean()), f"{differences.min():.2g}".replace("-", "\N{MINUS SIGN}")
    side = "below" if gap < 0 else "above"
    return (
        f"By volume the share of full rank is on average {abs(gap):.2g} points {side} that by "
        f"number of regions; the differences go from {low} to "
        f"{differences.max():.2g} points."
    )


@figure
def volume_shares(volume_shares: pd.DataFrame) -> Plot:
    """Share with rank J = n by each measure, against the width; one mark a data set.

    Caption:
        Share of parameter space where the Jacobian has full rank, by number of activation regions
        and by volume under Gaussian weights and under uniform ones, in profile **{profile}**.
        Hollow marks are data sets, lines their means. Regions of points that lie close together are
        thin: where the lines by volume run below that by number, as for all points with two
        coordinates, the volume falls behind the count. With two coordinates all shares are exact,
        with three those by volume rest on sampled angles.

    Returns:
        The figure, and one row a mark: data, n, d0, d1, data_set, measure, share, standard_error.
    """
    columns = ["data", "n", "d0", "d1", "data_set", "measure", "share", "standard_error"]
    if volume_shares.empty:
        return empty_plot(volume_shares, columns)
    cells = sorted(
        set(zip(volume_shares["data"], volume_shares["n"], volume_shares["d0"], strict=True)),
        key=lambda cell: (tuple(INPUTS).index(cell[0]), cell[2], cell[1]),
    )
    shown = evenly_spread(cells, MOST_SIZES)
    figure = Figure(figsize=(PAGE_WIDTH, 2.7), layout="constrained")
    panels = figure.subplots(1, max(3, len(shown)), sharey=True)
    drawn = []
    for place, axes in enumerate(panels):
        if place >= len(shown):
            explain_empty(axes, NONE_FOUND)
            continue
        data, n, d0 = shown[place]
        rows = volume_shares[
            (volume_shares["data"] == data)
            & (volume_shares["n"] == n)
            & (volume_shares["d0"] == d0)
        ]
        axes.set_title(f"n = {n}\n{INPUTS[data].format(d0=d0)}")
        _draw(axes, rows)
        drawn.append(rows)
    panels[0].set_ylabel("share with rank J = n")
    handles = [
        legend_line(label, color=mark.colour, marker=mark.marker, linestyle=mark.line)
        for mark, label in MEASURES.values()
    ]
    legend_above(figure, handles, columns=3)
    data = pd.concat(drawn, ignore_index=True)[columns]
    return Plot(figure, data, _finding(data))
