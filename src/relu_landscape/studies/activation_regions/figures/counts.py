"""Share of activation regions with a Jacobian of full rank, by exact count."""

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
)

MOST_SIZES = 3
GUIDE: dict[str, Any] = {"color": "0.6", "linestyle": ":", "linewidth": 0.9}


def _draw_size(axes: Axes, rows: pd.DataFrame, n: int, d0: int) -> None:
    """One line for each of the first signatures against the width, and the bound n/d0."""
    axes.axvline(n / d0, **GUIDE)
    for mark, (signature, one) in zip(SERIES, rows.groupby("signature"), strict=False):
        line = one.drop_duplicates("d1").sort_values("d1")
        axes.plot(
            line["d1"],
            line["jacobian_share"],
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
            label=str(signature),
        )
    axes.set(
        title=f"n = {n} points, d0 = {d0} inputs", xlabel="width d1 (neurons)", ylim=(-0.02, 1)
    )
    axes.set_xticks(sorted(set(rows["d1"])))
    axes.margins(x=0.1)
    # Below: inside, the lines leave no room for it.
    axes.legend(
        loc="upper center", bbox_to_anchor=(0.5, -0.25), title="active points", handlelength=2.4
    )


def _sizes(regions: pd.DataFrame) -> list[tuple[int, int]]:
    """The few sizes (n, d0) with the most widths, in increasing order."""
    widths = regions.groupby(["n", "d0"])["d1"].nunique().sort_values(kind="stable")
    return sorted((int(n), int(d0)) for n, d0 in widths.index[-MOST_SIZES:])


def _finding(drawn: pd.DataFrame) -> str:
    """What the signs of the data make of the share, at the size where they make most of it."""
    shares = drawn.groupby(["n", "d0", "d1"], as_index=False).agg(
        low=("jacobian_share", "min"), high=("jacobian_share", "max")
    )
    most = max(shares.to_dict("records"), key=lambda size: size["high"] - size["low"])
    where = f"With {most['n']} points, {most['d0']} inputs and {most['d1']} neurons"
    low, high = f"{100.0 * most['low']:.3g} %", f"{100.0 * most['high']:.3g} %"
    if low == high:
        return f"{where}, {low} of the regions have full rank, whatever the signs of the data."
    return f"{where}, {low} to {high} of the regions have full rank, by the signs of the data."


@figure
def region_shares(region_shares: pd.DataFrame) -> Plot:
    """Share of regions with rank J = n against the width, for each sign configuration of the data.

    Caption:
        Share of the non-empty activation regions whose Jacobian has full rank, counted exactly,
        against the width, in profile **{profile}**. Each line is one sign configuration of Gaussian
        points without bias, named by how many regions of one neuron have 0, 1, ..., n active
        points; at most six are drawn in a panel. At the dotted line d0 d1 = n. More points than
        inputs make the share depend on the signs of the data.

    Returns:
        The figure, and one row a point of a line: n, d0, d1, signature, networks, full_jacobian,
        jacobian_share.
    """
    columns = ["n", "d0", "d1", "signature", "networks", "full_jacobian", "jacobian_share"]
    regions = region_shares[
        (region_shares["patterns"] == "regions") & (region_shares["data"] == "normal")
    ]
    if regions.empty:
        return empty_plot(region_shares, columns)
    sizes = _sizes(regions)
    figure = Figure(figsize=(PAGE_WIDTH, 3.6), layout="constrained")
    panels = figure.subplots(1, MOST_SIZES, sharey=True)
    drawn = []
    for place, axes in enumerate(panels):
        if place >= len(sizes):
            axes.set_visible(False)
            continue
        n, d0 = sizes[place]
        rows = regions[(regions["n"] == n) & (regions["d0"] == d0)]
        _draw_size(axes, rows, n, d0)
        drawn.append(rows.drop_duplicates(["d1", "signature"]))
    panels[0].set_ylabel("share of regions with rank J = n")
    guide = legend_line("d0 d1 = n", **GUIDE)
    legend_above(figure, [guide], columns=3)
    data = pd.concat(drawn, ignore_index=True)[columns]
    return Plot(figure, data, _finding(data))
