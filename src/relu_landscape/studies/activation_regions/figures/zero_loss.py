"""How many activation regions on a line contain weights of zero loss."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    NONE_FOUND,
    PAGE_WIDTH,
    SERIES,
    Plot,
    empty_plot,
    explain_empty,
    figure,
    legend_above,
    legend_line,
)

TARGETS = {
    "random": (SERIES[0], "labels N(0, 1)"),
    "polynomial": (SERIES[1], "polynomial of degree 2"),
    "teacher": (SERIES[2], "teacher of the same width"),
}
REGIONS = {"uniform": "regions drawn uniformly", "initial": "regions of an initialisation"}
DODGE = 0.18


def _draw(axes: Axes, rows: pd.DataFrame, sizes: list[tuple[int, int]]) -> None:
    """Shares with intervals at each size; hollow marks within the published tolerance."""
    place = {size: index for index, size in enumerate(sizes)}
    for shift, (target, (mark, _)) in enumerate(TARGETS.items(), start=-1):
        one = rows[rows["targets"] == target]
        x = (
            np.array([place[size] for size in zip(one["n"], one["d1"], strict=True)])
            + DODGE * shift
        )
        share = one["zero_loss"] / one["draws"]
        axes.errorbar(
            x,
            share,
            yerr=[(share - one["share_low"]).clip(0.0), (one["share_high"] - share).clip(0.0)],
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            elinewidth=0.8,
        )
        near = one["within_published_tolerance"] / one["draws"]
        axes.plot(
            x,
            near,
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            fillstyle="none",
            markersize=6.5,
        )
    every = rows.drop_duplicates(["n", "d1"])
    x = np.array([place[size] for size in zip(every["n"], every["d1"], strict=True)])
    axes.plot(
        x,
        every["every_target"] / every["draws"],
        color=INK,
        marker="_",
        markersize=16,
        linestyle="none",
    )
    axes.set_xticks(range(len(sizes)), [f"{n}\n{d1}" for n, d1 in sizes])
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlim(-0.6, len(sizes) - 0.4)


def _finding(shares: pd.DataFrame) -> str:
    """Where an error of at most 1e-8 is most often no fit."""
    percent = shares.assign(
        near=100.0 * shares["within_published_tolerance"] / shares["draws"],
        exact=100.0 * shares["zero_loss"] / shares["draws"],
    )
    worst = max(percent.to_dict("records"), key=lambda row: row["near"] - row["exact"])
    if worst["near"] == worst["exact"]:
        return "No region has an error of at most 1e-8 and no weights of zero loss."
    target = TARGETS[worst["targets"]][1]
    return (
        f"An error of at most 1e-8 is no fit: {worst['near']:.3g} % of the regions reach it, "
        f"{worst['exact']:.3g} % reach zero ({target}, n = {worst['n']})."
    )


@figure
def zero_loss_shares(zero_loss_shares: pd.DataFrame) -> Plot:
    """Share of regions with zero loss by target, exactly and within the published tolerance.

    Caption:
        Share of activation regions of one input with bias that contain weights of zero loss, in
        profile **{profile}**, decided exactly. Small filled marks with intervals at the level
        {activation_regions[zero_loss][confidence]}: a loss of zero. Hollow marks: least mean
        squared error of at most 1e-8, which the published experiment takes for zero; for smooth
        targets that is often an error and no fit. Black bars: regions with zero loss for every
        target.

    Returns:
        The figure, and one row a law and size: regions, targets, n, d1, draws, zero_loss,
        share_low, share_high, within_published_tolerance, every_target.
    """
    columns = [
        "regions", "targets", "n", "d1", "draws", "zero_loss", "share_low", "share_high",
        "within_published_tolerance", "every_target",
    ]  # fmt: skip
    if zero_loss_shares.empty:
        return empty_plot(zero_loss_shares, columns)
    figure = Figure(figsize=(PAGE_WIDTH, 3.1), layout="constrained")
    sizes = {
        law: sorted(set(zip(one["n"].tolist(), one["d1"].tolist(), strict=True)))
        for law, one in (
            (law, zero_loss_shares[zero_loss_shares["regions"] == law]) for law in REGIONS
        )
    }
    ratios = [max(3, len(sizes[law])) for law in REGIONS]
    panels = figure.subplots(1, len(REGIONS), width_ratios=ratios, sharey=True)
    for axes, (law, title) in zip(panels, REGIONS.items(), strict=True):
        axes.set_title(title)
        if not sizes[law]:
            explain_empty(axes, NONE_FOUND)
            continue
        _draw(axes, zero_loss_shares[zero_loss_shares["regions"] == law], sizes[law])
    panels[0].set_ylabel("share of regions")
    figure.supxlabel("points n (above), width d1 in neurons (below)", fontsize="medium")
    handles = [
        legend_line(label, color=mark.colour, marker=mark.marker, linestyle="none")
        for mark, label in TARGETS.values()
    ]
    handles += [
        legend_line(
            "error at most 1e-8, the same marks",
            color=INK,
            marker="o",
            linestyle="none",
            fillstyle="none",
            markersize=6.5,
        ),
        legend_line("every target", color=INK, marker="_", markersize=12, linestyle="none"),
    ]
    legend_above(figure, handles, columns=3)
    data = zero_loss_shares.sort_values(["regions", "n", "d1", "targets"], ignore_index=True)
    return Plot(figure, data[columns], _finding(data))
