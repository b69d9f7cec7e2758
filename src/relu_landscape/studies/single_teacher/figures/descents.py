"""The loss of a single teacher along descent, beside the powers of t of the local law."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    SERIES,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.single_teacher.figures.marks import STARTS

PREDICTED = "1/(27 c² t³)"
DECADES_PREDICTED = 1e3  # from the last time down to this part of it
SMALLEST_SHOWN = 1e-26  # below it the weights of n = 1 are at the minimum to rounding
MOST_SIZES = len(SERIES)


def _draw_size(axes: Axes, descents: pd.DataFrame, limits: pd.DataFrame, mark: Mark) -> None:
    """One run of one size, and its asymptote."""
    axes.plot(descents["time"], descents["loss"], color=mark.colour, linestyle=mark.line)
    for limit in limits["limit"]:
        last = descents["time"].max()
        times = pd.Series([last / DECADES_PREDICTED, last])
        axes.plot(times, limit / times**3, color="0.3", linewidth=0.7, linestyle=(0, (1, 1)))


def _finding(laws: pd.DataFrame) -> str:
    loss = laws[(laws["quantity"] == "loss") & (laws["k"] == 1)]
    several, one = loss[loss["n"] > 1], loss[loss["n"] == 1]
    said = []
    if not several.empty:
        said.append(
            f"like t to a power from {several['rate'].min():.3f} to {several['rate'].max():.3f} "
            f"with {several['n'].min()} to {several['n'].max()} students"
        )
    if not one.empty:
        said.append(f"like exp({one['rate'].median():.4f} t) with one")
    if not said:
        return "No law was fitted to any of these runs."
    return f"On a single teacher the loss falls {', '.join(said)}.".replace("-", "\N{MINUS SIGN}")


@leading_figure
def single_teacher_loss(
    single_teacher_descents: pd.DataFrame,
    single_teacher_laws: pd.DataFrame,
    single_teacher_limits: pd.DataFrame,
) -> Plot:
    """Loss against time in descent on a single teacher, with the asymptotes of the local law.

    Caption:
        The loss along gradient descent on a single teacher neuron against t, step times number of
        steps, from starts of N(0, 1/d) and from small ones, the first run of each number of
        students n, in profile **{profile}**; in extended precision, because it is below the
        rounding of double precision. With one student it falls exponentially, with more like the
        dotted lines, 1/(27 c² t³), which no loss enters: c is the constant of the valley in the
        direction and for the shares that the run ends with.

    Returns:
        The figure, and one row a check shown: start, n, run, iteration, time, loss, limit.
    """
    columns = ["start", "n", "run", "iteration", "time", "loss", "limit"]
    shown = single_teacher_descents[
        (single_teacher_descents["k"] == 1)
        & (single_teacher_descents["run"] == 0)
        & (single_teacher_descents["iteration"] > 0)
        & (single_teacher_descents["loss"] > SMALLEST_SHOWN)
    ]
    if shown.empty:
        return empty_plot(shown, columns)
    sizes = evenly_spread(sorted(shown["n"].unique()), MOST_SIZES)
    shown = shown[shown["n"].isin(sizes)]
    starts = [start for start in STARTS if start in set(shown["start"])]
    figure = Figure(figsize=(PAGE_WIDTH, 3.2), layout="constrained")
    panels = figure.subplots(1, len(starts), squeeze=False, sharex=True, sharey=True)[0]
    for axes, start in zip(panels, starts, strict=True):
        for n, mark in zip(sizes, SERIES, strict=False):
            place = {"start": start, "k": 1, "n": n, "run": 0}
            _draw_size(
                axes, rows_with(shown, **place), rows_with(single_teacher_limits, **place), mark
            )
        axes.set(xscale="log", yscale="log", xlabel="time t", title=STARTS[start][0])
        axes.minorticks_off()
    panels[0].set_ylabel("loss F")
    handles = [
        legend_line(f"n = {n}", color=mark.colour, linestyle=mark.line)
        for n, mark in zip(sizes, SERIES, strict=False)
    ]
    predicted = legend_line(PREDICTED, color="0.3", linewidth=0.7, linestyle=(0, (1, 1)))
    legend_above(figure, [*handles, predicted], columns=7)
    run = ["start", "k", "n", "run"]
    data = shown.merge(single_teacher_limits[[*run, "limit"]], on=run, how="left")
    return Plot(figure, data[columns], _finding(single_teacher_laws))
