"""The loss in a plane next to lines of signed splits."""

import numpy as np
import pandas as pd
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from relu_landscape.figures.style import PAGE_WIDTH, Plot, empty_plot, figure

BLOCKS = {0: "one of k \N{MINUS SIGN} 1 neurons alike", 1: "the single neuron"}
TICKS = (1.1, 2, 5, 10, 20)
COLUMNS = ["k", "row", "gamma", "delta", "excess"]


def _finding(data: pd.DataFrame) -> str:
    """The excess at the largest displacement, at both ends of the line."""
    edge = data[data["delta"] == data["delta"].max()].groupby("gamma")["excess"].min()
    return (
        f"Next to the lines F is nowhere below its value on them; displaced by "
        f"{data['delta'].max():g} it is {edge.iloc[0]:.2g} above at \N{GREEK SMALL LETTER GAMMA} = "
        f"{edge.index[0]:g}, {edge.iloc[-1]:.2g} at {edge.index[-1]:g}."
        if _never_below(data)
        else "Next to the lines F falls below its value on them."
    )


def _never_below(data: pd.DataFrame) -> bool:
    """Whether F is above its value on the line wherever the displacement is not zero."""
    return bool((data.loc[data["delta"].abs() > 1e-12, "excess"] > 0).all())


@figure
def signed_slice(signed_slices: pd.DataFrame) -> Plot:
    """F less its value on the line, against gamma and the displacement across.

    Caption:
        The loss next to the half-lines of minima that splits of a neuron of II_1 by one of output
        -1 make, in profile **{profile}**: gamma along the line, and both parts displaced by delta
        along the softest direction across. The valley of the line, delta = 0, goes on to infinity
        at one level and widens like gamma.

    Returns:
        The figure, and one row a point: k, row, gamma, delta, excess.
    """
    if signed_slices.empty:
        return empty_plot(signed_slices, COLUMNS)
    data = signed_slices.sort_values(["row", "gamma", "delta"], ignore_index=True)[COLUMNS]
    figure = Figure(figsize=(PAGE_WIDTH, 2.8), layout="constrained")
    panels = figure.subplots(1, len(BLOCKS), sharey=True)
    off = data.loc[data["delta"].abs() > 1e-12, "excess"].clip(lower=1e-9)
    norm = LogNorm(off.min(), off.max())
    levels = np.geomspace(off.min(), off.max(), 13)
    for axes, (row, words) in zip(panels, BLOCKS.items(), strict=True):
        grid = data[data["row"] == row].pivot(index="delta", columns="gamma", values="excess")
        drawn = axes.contourf(
            grid.columns,
            grid.index,
            grid.clip(lower=off.min()),
            levels=levels,
            norm=norm,
            cmap="viridis",
        )
        axes.axhline(0.0, color="white", linewidth=0.9)
        axes.set(xscale="log", xlabel=r"$\gamma$", title=words)
        axes.xaxis.set_major_locator(FixedLocator(TICKS))
        axes.xaxis.set_major_formatter("{x:g}")
        axes.xaxis.set_minor_locator(NullLocator())
    panels[0].set_ylabel(r"displacement $\delta$")
    bar = figure.colorbar(
        drawn, ax=panels, label="F above the line", ticks=[1e-6, 1e-5, 1e-4, 1e-3, 1e-2]
    )
    bar.minorticks_off()
    return Plot(figure, data, _finding(data))
