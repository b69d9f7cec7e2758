"""The loss of descent on finite data, and the exact stationary points that it passes."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    BLUE,
    GREEN,
    INK,
    PAGE_WIDTH,
    VERMILION,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)

COLUMNS = ["data_set", "kind", "run", "time", "loss", "exact_loss"]
TITLES = {
    "plane_one_output": "2 inputs, 1 output",
    "space_one_output": "3 inputs, 1 output",
    "plane_two_outputs": "2 inputs, 2 outputs",
}
LOWEST = 1e-5  # of what is shown: a loss that goes to zero
CLOSE = 1.6  # of two lines on a logarithmic axis, whose labels would overlap
WIDE = 10.0  # from the least loss to the largest: then the axis is logarithmic


def _long(losses: pd.DataFrame, points: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Runs, exact points and published ends one below the other."""
    kinds = {
        "run": losses,
        "point": points,
        "published": published[published["data_set"].isin(losses["data_set"])]
        .dropna(subset="final_loss")
        .rename(columns={"final_loss": "loss"}),
    }
    return pd.concat(
        [frame.assign(kind=kind).reindex(columns=COLUMNS) for kind, frame in kinds.items()],
        ignore_index=True,
    )


def _finding(points: pd.DataFrame) -> str:
    saddles = points[points["local_minimum"] == "no"]
    count, proved = len(saddles), int((saddles["line"] > 0).sum())
    return (
        f"Descent on {points['data_set'].nunique()} published data sets passes {count} stationary "
        f"points that are no minima, {proved} of them proved, with exact losses."
    )


@leading_figure
def finite_plateaus(
    finite_losses: pd.DataFrame, finite_points: pd.DataFrame, wu2025_descents: pd.DataFrame
) -> Plot:
    """Loss of all runs against time.

    Caption:
        The loss, a mean of squared errors, of gradient descent of 50 neurons from vanishing starts
        on the three public data sets of Wu, Simsek & Ged (2025), in profile **{profile}**, against
        step times iterations. Thin lines are the losses of exact stationary points next to which
        runs stay: each has an escape neuron but that of loss zero, which lies below the picture.
        Dashed are the final losses that the authors' code printed. With three inputs the third
        plateau lies above its point, which runs leave before they are near.

    Returns:
        The figure, and one row a check of a run, a point and a published loss: data_set, kind, run,
        time, loss, exact_loss.
    """
    if finite_losses.empty:
        return empty_plot(finite_losses, COLUMNS)
    data = _long(finite_losses, finite_points, wu2025_descents)
    names = [name for name in TITLES if name in set(finite_losses["data_set"])]
    figure = Figure(figsize=(PAGE_WIDTH, 2.7), layout="constrained")
    axes = figure.subplots(1, len(names), squeeze=False)[0]
    for panel, name in zip(axes, names, strict=True):
        _draw(panel, rows_with(data, data_set=name))
        panel.set(title=TITLES[name], xlabel="time (step × iterations)")
    axes[0].set_ylabel("loss (mean squared error)")
    handles = [
        legend_line("runs", color=BLUE),
        legend_line("exact stationary point", color=GREEN, linewidth=0.8),
        legend_line("published end", color=VERMILION, linestyle="--"),
    ]
    legend_above(figure, handles, columns=3)
    return Plot(figure, data, _finding(finite_points))


def _draw(panel: Axes, rows: pd.DataFrame) -> None:
    """One data set."""
    for level in rows_with(rows, kind="point")["loss"]:
        panel.axhline(level, color=GREEN, linewidth=0.8, zorder=1)
    for level in rows_with(rows, kind="published")["loss"]:
        panel.axhline(level, color=VERMILION, linestyle="--", linewidth=1.0, zorder=2)
    for _, run in rows_with(rows, kind="run").groupby("run"):
        panel.plot(run["time"], run["loss"], color=BLUE, linewidth=1.1, alpha=0.7, zorder=3)
    smallest, largest = (float(f(rows_with(rows, kind="run")["loss"])) for f in (min, max))
    logarithmic = largest > WIDE * smallest
    if logarithmic:
        panel.set(yscale="log", ylim=(max(LOWEST, 0.9 * smallest), None))
    levels = rows_with(rows, kind="point").sort_values("loss", ascending=False)
    above = np.inf
    for level, exact in zip(levels["loss"], levels["exact_loss"], strict=True):
        if level < LOWEST:
            continue
        # Below its line where the label of the line above would be met.
        below = logarithmic and level > above / CLOSE
        panel.annotate(
            str(exact).replace("sqrt(29)", "√29"),
            (1.0, level),
            xycoords=("axes fraction", "data"),
            xytext=(-2, -1.5 if below else 1.5),
            textcoords="offset points",
            ha="right",
            va="top" if below else "bottom",
            fontsize=6.5,
            color=INK,
        )
        above = level
