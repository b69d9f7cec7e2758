"""S21 Figure 1: how the sum of the neuron norms is distributed over non-global runs."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    SKY,
    Plot,
    empty_plot,
    figure,
    legend_above,
    legend_line,
)
from relu_landscape.judging.words import counted

SEARCH = "safran2021"
PRINTED_WINDOW: Mapping[int, tuple[float, float]] = MappingProxyType(
    {20: (19.98, 20.0), 50: (49.992, 50.0), 100: (99.996, 100.0)}
)
"""Ends of the printed x axis of each printed k."""
PRINTED_HEIGHT = 140.0  # upper end of the printed y axis
PUBLISHED_DIGIT = 1e-6  # last digit of the published bin edges
OWN_BINS = 8
PANELS = 3


class Histogram(NamedTuple):
    """Counts of one panel.

    Attributes:
        edges: (bins + 1,) ends of the bins, sum of norms.
        runs: (bins,) runs of this study.
        published: (bins,) published runs, nan where nothing was published.
        outside: runs of this study that no bin holds.
    """

    edges: NDArray[np.float64]
    runs: NDArray[np.float64]
    published: NDArray[np.float64]
    outside: int

    @property
    def scale(self) -> float:
        """Runs of this study per published run."""
        return float(self.runs.sum() + self.outside) / float(np.nansum(self.published))


def _non_global_runs(memberships: pd.DataFrame, curvature: pd.DataFrame) -> pd.DataFrame:
    """Sum of norms of each non-global run of the search at n = k."""
    if memberships.empty or curvature.empty:
        return memberships.iloc[:0]
    runs = memberships[(memberships["search"] == SEARCH) & (memberships["n"] == memberships["k"])]
    classes = curvature.loc[
        curvature["kind"] != "global_minimum", ["k", "n", "class_id", "norm_sum"]
    ]
    return runs.merge(classes, on=["k", "n", "class_id"])


def _printed_histogram(
    sums: NDArray[np.float64], published: pd.DataFrame, window: tuple[float, float]
) -> Histogram:
    """Counts in the published bins, continued at the same width to the ends of the printed axis.

    The published edges are rounded, and the outermost ones are themselves norm sums of classes:
    they are moved outwards by one digit so that those classes stay inside.
    """
    edges = np.append(published["bin_low"].to_numpy(), published["bin_high"].iloc[-1])
    edges[[0, -1]] += (-PUBLISHED_DIGIT, PUBLISHED_DIGIT)
    width = (edges[-1] - edges[0]) / (len(edges) - 1)
    below = int(np.ceil((edges[0] - window[0]) / width))
    above = int(np.ceil((window[1] - edges[-1]) / width))
    left = edges[0] - width * np.arange(below, 0, -1)
    right = edges[-1] + width * np.arange(1, above + 1)
    edges = np.concatenate([left, edges, right])
    runs = np.histogram(sums, edges)[0].astype(np.float64)
    known = np.full(len(runs), np.nan)
    known[below : below + len(published)] = published["runs"]
    return Histogram(edges, runs, known, int(len(sums) - runs.sum()))


def _own_histogram(sums: NDArray[np.float64], k: int) -> Histogram:
    """Counts in equal bins from the smallest sum found to k, the bound of S21 Theorem 14."""
    low, high = float(sums.min()), max(float(sums.max()), float(k))
    edges = np.linspace(low, high, OWN_BINS + 1)
    runs = np.histogram(sums, edges)[0].astype(np.float64)
    return Histogram(edges, runs, np.full(OWN_BINS, np.nan), 0)


def _choose_teachers(ran: list[int], printed: set[int]) -> list[int]:
    """The printed k among those that ran, or else the largest that ran."""
    return [k for k in ran if k in printed] or ran[-PANELS:]


def _draw(axes: Axes, k: int, histogram: Histogram) -> None:
    """One panel: bars of this study, outline of the published counts."""
    axes.bar(
        histogram.edges[:-1],
        histogram.runs,
        width=np.diff(histogram.edges),
        align="edge",
        facecolor=SKY,
        edgecolor="white",
        linewidth=0.5,
    )
    total = int(histogram.runs.sum()) + histogram.outside
    title = f"k = {k}: {counted(total, 'run')}"
    axes.xaxis.set_major_locator(MaxNLocator(3))
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    if not np.isnan(histogram.published).all():
        known = np.nan_to_num(histogram.published) * histogram.scale
        axes.stairs(known, histogram.edges, color=INK, linewidth=1.2)
        low, high = PRINTED_WINDOW[k]
        axes.set_xlim(low, high)
        axes.set_xticks([low, 0.5 * (low + high), high])
        axes.set_ylim(0, 1.03 * max(PRINTED_HEIGHT * histogram.scale, histogram.runs.max()))
        title += f"\npublished: {int(np.nansum(histogram.published))}"
    axes.set_title(title)
    if histogram.outside:
        axes.text(
            0.02,
            0.98,
            f"{histogram.outside} not in range",
            transform=axes.transAxes,
            va="top",
            fontsize=7,
        )
    axes.set_xlabel("sum of neuron norms")


def _rows(k: int, histogram: Histogram) -> pd.DataFrame:
    """Plotted numbers of one panel."""
    overlay = not np.isnan(histogram.published).all()
    return pd.DataFrame(
        {
            "k": k,
            "norm_sum_low": histogram.edges[:-1],
            "norm_sum_high": histogram.edges[1:],
            "runs": histogram.runs.astype(int),
            "published_runs": histogram.published,
            "published_runs_scaled": histogram.published * (histogram.scale if overlay else np.nan),
            "runs_outside": histogram.outside,
        }
    )


def _finding(runs: pd.DataFrame) -> str:
    """In how many runs the sum is below k, and how far at least."""
    below = runs["k"] - runs["norm_sum"]
    least = f"{below.min():.2g}".replace("-", "\N{MINUS SIGN}")
    return (
        f"In {int((below > 0).sum())} of {len(runs)} runs that miss the global minimum the sum of "
        f"norms is below k; k minus the sum is at least {least}."
    )


@figure
def safran2021_figure_1(
    memberships: pd.DataFrame, curvature: pd.DataFrame, safran2021_figure1: pd.DataFrame
) -> Plot:
    """Histograms of the sum of neuron norms over non-global runs of S21's protocol, n = k.

    Caption:
        Figure 1 of Safran, Yehudai and Shamir (2021): how the sum of neuron norms is distributed
        over the runs that did not reach a global minimum, here for profile **{profile}**. Bars are
        runs of this study in the published bins, outlines the published counts scaled to the same
        total. Panels are shown for those of k = 20, 50, 100 that the profile ran; if it ran none,
        for its largest k, without outline. What matters is that the sum stays below k, which
        Theorem 14 assumes and the paper observes.

    One panel for each printed k (20, 50, 100) that was run, with the published bins, axes and
    counts; if none of them was run, panels of the largest k that were, with bins of their own.

    Returns:
        The figure, and one row a bin: k, norm_sum_low, norm_sum_high, runs, published_runs and
        published_runs_scaled (to the number of runs of this study), runs_outside (of all bins of
        that panel).

    Source: S21 Section 4.2, Figure 1.
    """
    runs = _non_global_runs(memberships, curvature)
    columns = ["k", "norm_sum_low", "norm_sum_high", "runs", "published_runs"]
    if runs.empty:
        return empty_plot(memberships, columns)
    teachers = _choose_teachers(sorted(set(runs["k"])), set(safran2021_figure1["k"]))
    width = PAGE_WIDTH * max(0.6, len(teachers) / PANELS)
    figure = Figure(figsize=(width, 2.5), layout="constrained")
    panels = figure.subplots(1, len(teachers), squeeze=False)[0]
    parts = []
    for axes, k in zip(panels, teachers, strict=True):
        sums = runs.loc[runs["k"] == k, "norm_sum"].to_numpy(np.float64)
        known = safran2021_figure1[safran2021_figure1["k"] == k]
        histogram = (
            _own_histogram(sums, k)
            if known.empty
            else _printed_histogram(sums, known, PRINTED_WINDOW[k])
        )
        _draw(axes, k, histogram)
        parts.append(_rows(k, histogram))
    panels[0].set_ylabel("runs")
    data = pd.concat(parts, ignore_index=True)
    handles: list[Artist] = [Patch(facecolor=SKY, label="this study")]
    if data["published_runs"].notna().any():
        handles.append(legend_line("published, scaled to the same total", color=INK, linewidth=1.2))
    legend_above(figure, handles, columns=2)
    return Plot(figure, data, _finding(runs[runs["k"].isin(teachers)]))
