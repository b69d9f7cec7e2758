"""Adding one neuron: curvature of the split point and where descent leads from there."""

from collections.abc import Mapping, Sequence
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from relu_landscape.figures.style import (
    BLUE,
    INK,
    MOST_TICKS,
    NONE_FOUND,
    ORANGE,
    OVERPARAMETERISATION,
    PAGE_WIDTH,
    PROVED,
    PURPLE,
    VERMILION,
    Mark,
    Pair,
    Plot,
    empty_plot,
    explain_empty,
    figure,
    leading_figure,
    legend_above,
    legend_line,
    proved_handles,
    students,
)

DIGITS = 6  # decimals to which marks of equivalent neurons agree: they are drawn once
FEWEST_SLOTS = 5  # bars for which there is room, so that a single one is no wall
VERDICTS = ("strict_saddle", "not_strict_saddle")
NOT_SADDLE = Mark(VERMILION, "X", "none")
SPLIT_COLUMNS = [
    "k",
    "n",
    "class_id",
    "alpha",
    "verdict",
    "inner_smallest_eigenvalue",
    "smallest_eigenvalue",
    "bound",
    "proved",
]


class LandingLook(NamedTuple):
    """How one kind of landing is drawn: colour and hatch of its bars, marker of its points."""

    label: str
    colour: str
    hatch: str
    marker: str


LANDINGS: Mapping[str, LandingLook] = MappingProxyType(
    {
        "global": LandingLook("global minimum", BLUE, "", "o"),
        "class": LandingLook("class found at n + 1", ORANGE, "////", "s"),
        "new": LandingLook("new critical point", PURPLE, "....", "D"),
        "unfinished": LandingLook("unfinished", "0.6", "xxxx", "x"),
    }
)
"""Kinds of landing, in the order in which bars are stacked."""


def _near(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of n = k and n = k + 1."""
    return rows if rows.empty else rows[(rows["n"] - rows["k"]).isin([0, 1])]


def _distinct(rows: pd.DataFrame, columns: Sequence[str], count: str) -> pd.DataFrame:
    """Rows that agree in `columns` (numbers to DIGITS decimals) merged, their number in `count`."""
    rounded = rows[list(columns)].round(DIGITS)
    return rounded.groupby(list(columns), as_index=False).size().rename(columns={"size": count})


def _draw_curvature(axes: Axes, rows: pd.DataFrame, alpha: float) -> None:
    """Smallest eigenvalue of the split point against that of H'_ii, with the bound."""
    inner = rows["inner_smallest_eigenvalue"]
    ends = np.array([1.08 * min(inner.min(), 0.0), 1.08 * max(inner.max(), 0.0)])
    bound = 0.5 * ends * (1.0 / alpha + 1.0 / (1.0 - alpha))
    axes.fill_between(ends, bound, max(0.0, bound[-1]), color="0.92", linewidth=0)
    axes.plot(ends, bound, color=INK, linewidth=0.9)
    for extra, verdict, proved in product((0, 1), VERDICTS, (True, False)):
        mark = NOT_SADDLE if verdict == "not_strict_saddle" else OVERPARAMETERISATION[extra]
        shown = rows[(rows["n"] - rows["k"] == extra) & (rows["verdict"] == verdict)]
        shown = shown[(shown["proved"] == PROVED) == proved]
        axes.plot(
            shown["inner_smallest_eigenvalue"],
            shown["smallest_eigenvalue"],
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            markerfacecolor=(mark.colour, 0.4) if proved else "none",
            markeredgewidth=0.8,
        )
    axes.set_title(f"α = {alpha:g}")
    axes.set_xlabel("smallest eigenvalue of $H'_{ii}$")
    axes.xaxis.set_major_locator(MaxNLocator(5))


def _curvature_handles(rows: pd.DataFrame) -> list[Artist]:
    """Legend: the n - k and verdicts that occur, the bound, the region that it excludes."""
    hollow: dict[str, Any] = {"linestyle": "none", "fillstyle": "none"}
    marks = [(students(e), OVERPARAMETERISATION[e]) for e in sorted(set(rows["n"] - rows["k"]))]
    if (rows["verdict"] == "not_strict_saddle").any():
        marks.append(("not a strict saddle", NOT_SADDLE))
    handles: list[Artist] = [
        legend_line(label, color=mark.colour, marker=mark.marker, **hollow) for label, mark in marks
    ]
    handles += proved_handles(rows["proved"], marker="o")
    handles.append(legend_line("bound", color=INK, linewidth=0.9))
    handles.append(Patch(color="0.92", label="excluded by the bound"))
    return handles


def _curvature_finding(splits: pd.DataFrame) -> str:
    """How many of the splits that are drawn are saddles, and how many of these are proved."""
    saddles = splits[splits["verdict"] == "strict_saddle"]
    proved = int((saddles["proved"] == PROVED).sum())
    return (
        f"{len(saddles)} of {len(splits)} splits of a neuron of a spurious minimum are strict "
        f"saddles; {proved} of them are proved."
    )


@leading_figure
def curvature_after_splitting(splits: pd.DataFrame) -> Plot:
    """Smallest Hessian eigenvalue after splitting a neuron of a spurious minimum, and its bound.

    Caption:
        What adding a neuron does to the spurious minima of profile **{profile}**. One mark stands
        for splitting a neuron i into the shares α and 1 − α: the smallest Hessian eigenvalue of the
        new point against the smallest eigenvalue of H'ᵢᵢ of that neuron. Safran, Yehudai and Shamir
        (2021, Theorem 16 and Lemma 29) show that no mark lies in the grey region; at α = 1/2 the
        bound is attained. A mark below zero on the vertical axis is a strict saddle; where the mark
        is filled that is proved, by a certificate in ball arithmetic.

    For the smallest eigenvalue lambda of H'_ii the split point has an eigenvalue of at most
    lambda / 2 (1 / alpha + 1 / (1 - alpha)), with equality at alpha = 1/2. One panel an alpha.

    Returns:
        The figure, and one row a mark: k, n, class_id, alpha, verdict, the two eigenvalues, bound,
        proved, neurons (equivalent neurons of that class that the mark stands for).

    Source: S21 Theorem 16 and Lemmas 28, 29.
    """
    rows = _near(splits)
    rows = rows if rows.empty else rows[rows["kind"] == "spurious_minimum"]
    if rows.empty:
        return empty_plot(splits, [*SPLIT_COLUMNS, "neurons"])
    data = _distinct(rows, SPLIT_COLUMNS, "neurons")
    alphas = sorted(set(data["alpha"]), reverse=True)
    size = (PAGE_WIDTH * max(0.6, len(alphas) / 2), 3.2)
    figure = Figure(figsize=size, layout="constrained")
    panels = figure.subplots(1, len(alphas), squeeze=False)[0]
    for axes, alpha in zip(panels, alphas, strict=True):
        _draw_curvature(axes, data[data["alpha"] == alpha], alpha)
    panels[0].set_ylabel("smallest eigenvalue of the Hessian\nafter splitting neuron i")
    legend_above(figure, _curvature_handles(data), columns=5)
    return Plot(figure, data, _curvature_finding(rows))


def _landing_shares(fates: pd.DataFrame) -> pd.DataFrame:
    """Number and share of the descents of each case that land where."""
    case = ["k", "n"]
    shares = fates.groupby([*case, "landing"], as_index=False).size()
    shares = shares.rename(columns={"size": "descents"})
    total = shares.groupby(case)["descents"].transform("sum")
    return shares.assign(percent_of_descents=100.0 * shares["descents"] / total)


def _draw_shares(axes: Axes, shares: pd.DataFrame) -> None:
    """Stacked bars, one a k."""
    table = shares.pivot(index="k", columns="landing", values="percent_of_descents").fillna(0.0)
    teachers = list(table.index)
    floor = np.zeros(len(teachers))
    for name, landing in LANDINGS.items():
        if name not in table:
            continue
        height = table[name].to_numpy(np.float64)
        axes.bar(
            np.arange(len(teachers)),
            height,
            bottom=floor,
            color=landing.colour,
            hatch=landing.hatch,
            edgecolor="white",
            linewidth=0.3,
        )
        floor += height
    step = 1 + len(teachers) // MOST_TICKS
    axes.set_xticks(range(0, len(teachers), step), [str(k) for k in teachers[::step]])
    axes.set_xlabel("teacher neurons k")
    axes.set_xlim(-0.6, max(len(teachers), FEWEST_SLOTS) - 0.4)
    axes.set_ylim(0, 100)


def _draw_losses(axes: Axes, losses: pd.DataFrame) -> None:
    """Loss where descent ended against the loss of the split minimum."""
    highest = 1.05 * float(losses[["loss_before", "loss_after"]].max().max())
    axes.plot([0.0, highest], [0.0, highest], color=INK, linewidth=0.7, linestyle="--")
    for name, landing in LANDINGS.items():
        rows = losses[losses["landing"] == name]
        axes.plot(
            rows["loss_before"],
            rows["loss_after"],
            color=landing.colour,
            marker=landing.marker,
            linestyle="none",
            fillstyle="none",
            markeredgewidth=0.8,
        )
    axes.set_xlim(0.0, highest)
    axes.set_ylim(-0.03 * highest, highest)
    axes.set_xlabel("loss F before")


def _landing_handles() -> list[Artist | Pair]:
    """Legend of the kinds of landing, as bar and as point, and of the diagonal."""
    handles: list[Artist | Pair] = [
        (
            Patch(facecolor=kind.colour, hatch=kind.hatch, edgecolor="white", label=kind.label),
            legend_line(
                kind.label,
                color=kind.colour,
                marker=kind.marker,
                linestyle="none",
                fillstyle="none",
            ),
        )
        for kind in LANDINGS.values()
    ]
    handles.append(legend_line("no change of loss", color=INK, linewidth=0.7, linestyle="--"))
    return handles


def _landing_finding(fates: pd.DataFrame) -> str:
    """How many descents lose, and how many reach a global minimum."""
    lower = int((fates["loss_after"] < fates["loss_before"]).sum())
    reached = int((fates["landing"] == "global").sum())
    return (
        f"{lower} of {len(fates)} descents from a split point end lower; {reached} reach a global "
        "minimum."
    )


@figure
def landing_after_splitting(fates: pd.DataFrame) -> Plot:
    """Where descent leads after splitting a neuron: share of landings, and loss before and after.

    Caption:
        Where gradient descent leads from the split points of profile **{profile}**, pushed both
        ways along the direction of negative curvature. Above, the share of descents that reach a
        global minimum, a class that the searches at n + 1 had found, a critical point not met
        before, or nothing within the budget. Below, the loss after the descent against the loss of
        the critical point that was split; descents that agree in both share a mark. Of neurons that
        a symmetry of the point makes equivalent, one is followed.

    Returns:
        The figure, and the numbers: rows of quantity `share` (descents and percent_of_descents of
        each k, n and landing) and of quantity `loss` (loss_before, loss_after and how many
        descents agree in both).

    Source: S21 Theorems 14 and 16; the descents go beyond what the paper reports.
    """
    fates = _near(fates)
    if fates.empty:
        return empty_plot(fates, ["quantity", "k", "n", "landing", "descents"])
    shares = _landing_shares(fates)
    losses = _distinct(fates, ["k", "n", "landing", "loss_before", "loss_after"], "descents")
    figure = Figure(figsize=(PAGE_WIDTH, 5.0), layout="constrained")
    grid = figure.subplots(2, 2)
    for extra in (0, 1):
        upper, lower = grid[:, extra]
        upper.set_title(f"split at {students(extra)}")
        here = losses[losses["n"] - losses["k"] == extra]
        if here.empty:
            explain_empty(upper, NONE_FOUND)
            explain_empty(lower, NONE_FOUND)
            continue
        _draw_shares(upper, shares[shares["n"] - shares["k"] == extra])
        _draw_losses(lower, here)
    grid[0, 0].set_ylabel("share of descents (%)")
    grid[1, 0].set_ylabel("loss F after descent")
    legend_above(figure, _landing_handles(), columns=3)
    data = pd.concat([shares.assign(quantity="share"), losses.assign(quantity="loss")])
    return Plot(figure, data.reset_index(drop=True), _landing_finding(fates))
