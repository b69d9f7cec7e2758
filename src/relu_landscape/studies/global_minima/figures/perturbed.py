"""Perturbed gradient descent next to a global minimum, for several steps and amounts of noise."""

from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    PAGE_WIDTH,
    PANELS_A_ROW,
    SERIES,
    SMALLEST_TEXT,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
    rows_with,
)

SETTING = ["k", "n", "step_factor", "noise_factor"]
MOST_NOISES = 5
FURTHEST = 20.0  # distances beyond it are those of runs on their way to infinity
QUARTILES = {"distance_low": 0.25, "distance": 0.5, "distance_high": 0.75}
STEP_RATIO = "step_over_theorem"
COLUMNS = [*SETTING, STEP_RATIO, "iteration", "delta", "runs", "diverged", *QUARTILES]


def _medians(checks: pd.DataFrame) -> pd.DataFrame:
    """Median distance over runs at each check, with the quartiles.

    A run that diverged counts as infinitely far: without it the others would stand for all. Each
    is the next distance that was measured, and NaN if that is infinite.
    """
    groups = checks.groupby([*SETTING, "iteration", "delta"])["distance"]
    medians = pd.DataFrame({"runs": groups.size(), "diverged": groups.size() - groups.count()})
    for name, level in QUARTILES.items():
        medians[name] = groups.agg(partial(_quantile, level=level))
    return medians.reset_index()


def _quantile(distances: pd.Series, level: float) -> float:
    quantile = distances.fillna(np.inf).quantile(level, interpolation="higher")
    return float(quantile) if np.isfinite(quantile) else np.nan


def _note(axes: Axes, rows: pd.DataFrame) -> None:
    """The step in units of the theorem's, and how many runs were lost by the last check."""
    last = rows[rows["iteration"] == rows["iteration"].max()]
    lines = [f"η = {_in_digits(ratio)} × allowed" for ratio in rows[STEP_RATIO].unique()]
    if last["diverged"].any():
        lines.append(f"{last['diverged'].sum()} of {last['runs'].sum()} diverge")
    axes.text(
        0.04, 0.03, "\n".join(lines), transform=axes.transAxes, fontsize=SMALLEST_TEXT, color="0.3"
    )


def _draw_panel(axes: Axes, rows: pd.DataFrame, marks: Mapping[float, Mark]) -> None:
    """Median and quartiles of the distance, and the distance that Theorem 13 promises."""
    for noise, mark in marks.items():
        # Iteration 0 has no place on a logarithmic axis.
        line = rows[(rows["noise_factor"] == noise) & (rows["iteration"] > 0)]
        axes.fill_between(
            line["iteration"],
            line["distance_low"],
            line["distance_high"],
            color=mark.colour,
            alpha=0.2,
            linewidth=0,
        )
        axes.plot(line["iteration"], line["distance"], color=mark.colour, linestyle=mark.line)
    for delta in sorted(set(rows["delta"])):
        axes.axhline(np.sqrt(delta), color=INK, linewidth=0.8, linestyle=(0, (1, 1)))


def _finding(data: pd.DataFrame) -> str:
    """How many of the runs have the step of Theorem 13, and how many end where it promises."""
    ends = data[data["iteration"] == data.groupby(SETTING)["iteration"].transform("max")]
    as_asked = ends.loc[ends[STEP_RATIO] < 1.0, "runs"].sum()
    if as_asked:
        finding = f"{as_asked} of {ends['runs'].sum()} runs take a step as small as Theorem 13 asks"
    else:
        finding = (
            "No run takes a step as small as Theorem 13 asks: the smallest is "
            f"{_in_digits(ends[STEP_RATIO].min())} times too large"
        )
    near = int((ends["distance"] ** 2 <= ends["delta"]).sum())
    return (
        f"{finding}; still, in {near} of {len(ends)} settings the median run ends within the "
        "distance promised."
    )


def _in_digits(ratio: float) -> str:
    """Two digits of a ratio, without a power of ten."""
    return f"{float(f'{ratio:.2g}'):,g}"


@figure
def perturbed_descent(perturbed_descent: pd.DataFrame, theorem_13: pd.DataFrame) -> Plot:
    """Distance to the global minima against iterations; sizes as rows, steps as columns.

    Caption:
        Distance to the set of global minima along perturbed gradient descent (Safran, Yehudai and
        Shamir 2021, Theorem 13), started near a global minimum, in profile **{profile}**; steps
        differ by column, sizes by row, and each panel says how large its step is in units of the
        largest that the theorem allows. Lines are medians over all runs, those that diverged
        counted as infinitely far, and bands their quartiles: a line ends where half of the runs are
        lost. The dotted line is the distance that the theorem promises. Where the step is small
        enough for all runs, plain gradient descent keeps approaching the set, while noise holds the
        distance at a level that grows with it.

    Returns:
        The figure, and one row a check of the sizes, steps and noises shown: k, n, step_factor,
        noise_factor, step_over_theorem (the step in units of the largest that Theorem 13 allows),
        iteration, delta, runs, those of them that diverged, and the median distance with its
        quartiles, distance_low and distance_high, NaN where that many diverged.

    Source: S21 Theorem 13 and Appendix D.2.
    """
    if perturbed_descent.empty:
        return empty_plot(perturbed_descent, COLUMNS)
    sizes = evenly_spread(
        sorted(set(perturbed_descent[["k", "n"]].itertuples(index=False, name=None))), PANELS_A_ROW
    )
    steps = evenly_spread(sorted(set(perturbed_descent["step_factor"])), PANELS_A_ROW)
    noises = evenly_spread(sorted(set(perturbed_descent["noise_factor"])), MOST_NOISES)
    marks = dict(zip(noises, SERIES, strict=False))
    shown = perturbed_descent.merge(pd.DataFrame(sizes, columns=["k", "n"]))
    shown = shown[shown["step_factor"].isin(steps) & shown["noise_factor"].isin(noises)]
    data = _medians(shown).merge(theorem_13[["k", "n", "largest_step"]], on=["k", "n"])
    data[STEP_RATIO] = data["step_factor"] / data["k"] / data["largest_step"]
    width = PAGE_WIDTH * max(0.55, 0.3 * len(steps) + 0.1)
    figure = Figure(figsize=(width, 0.9 + 1.6 * len(sizes)), layout="constrained")
    grid = figure.subplots(len(sizes), len(steps), sharex=True, sharey="row", squeeze=False)
    for panels, (k, n) in zip(grid, sizes, strict=True):
        for axes, step in zip(panels, steps, strict=True):
            rows = rows_with(data, k=k, n=n, step_factor=step)
            _draw_panel(axes, rows, marks)
            axes.set_xscale("log")
            axes.set_yscale("log")
            _note(axes, rows)
        if data["distance"].max() > FURTHEST:
            panels[0].set_ylim(top=FURTHEST)
        panels[0].set_ylabel(f"k = {k}, n = {n}\ndistance")
    for axes, step in zip(grid[0], steps, strict=True):
        axes.set_title(f"step η = {step:g}/k")
    for axes in grid[-1]:
        axes.set_xlabel("iteration")
    handles = [
        legend_line(
            f"noise {noise:g} δ/(4n)" if noise else "no noise",
            color=mark.colour,
            linestyle=mark.line,
        )
        for noise, mark in marks.items()
    ]
    handles.append(legend_line("√δ, promised", color=INK, linewidth=0.8, linestyle=(0, (1, 1))))
    legend_above(figure, handles, columns=5)
    return Plot(figure, data[COLUMNS], _finding(data))
