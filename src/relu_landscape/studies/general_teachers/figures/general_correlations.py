"""How often restarts end badly, against the mean cosine of the teachers."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    OVERPARAMETERISATION,
    PAGE_WIDTH,
    Plot,
    empty_plot,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.judging.statistics import clopper_pearson

KINDS = {"equiangular": "equiangular", "random": "random draw"}
COLUMNS = [
    *("kind", "target", "k", "d", "n", "correlation", "runs", "bad"),
    *("percent", "percent_low", "percent_high"),
]


def _data(shares: pd.DataFrame) -> pd.DataFrame:
    """Equiangular teachers and random ones of the same k in as many inputs, with intervals."""
    equiangular = rows_with(shares, kind="equiangular")
    k = equiangular["k"].max()
    chosen = shares[shares["kind"].isin(KINDS) & (shares["k"] == k) & (shares["d"] == k)]
    chosen = chosen.sort_values(["kind", "n", "correlation"], ignore_index=True)
    ends = [
        clopper_pearson(int(bad), int(runs))
        for bad, runs in zip(chosen["bad"], chosen["runs"], strict=True)
    ]
    data: pd.DataFrame = chosen.assign(
        percent=100.0 * chosen["bad"] / chosen["runs"],
        percent_low=[100.0 * end.low for end in ends],
        percent_high=[100.0 * end.high for end in ends],
    )[COLUMNS]
    return data


def _draw(axes: Axes, data: pd.DataFrame, kind: str, extra: int) -> None:
    """One kind of teachers with one number of students."""
    rows = data[(data["kind"] == kind) & (data["n"] - data["k"] == extra)]
    mark = OVERPARAMETERISATION[extra]
    reach = np.abs(rows[["percent_low", "percent_high"]].to_numpy().T - rows["percent"].to_numpy())
    is_line = kind == "equiangular"
    axes.errorbar(
        rows["correlation"],
        rows["percent"],
        yerr=reach if is_line else None,
        color=mark.colour,
        marker=mark.marker,
        fillstyle="full" if is_line else "none",
        linestyle=mark.line if is_line else "none",
        linewidth=0.9,
        markersize=4.2 if is_line else 3.6,
        elinewidth=0.8,
        alpha=1.0 if is_line else 0.75,
    )


def _finding(data: pd.DataFrame) -> str:
    """The shares at the least and largest correlation and without, and over the draws."""
    equal = data[data["n"] == data["k"]]
    line = rows_with(equal, kind="equiangular")
    places = [line.iloc[0], *(row for _, row in line[line["target"] == "correlation 0"].iterrows())]
    places.append(line.iloc[-1])
    said = ", ".join(f"{row['percent']:.3g} % at {row['correlation']:.2g}" for row in places)
    draws = rows_with(equal, kind="random")
    over = (
        f"; over {len(draws)} random draws its correlation coefficient with the mean cosine is "
        f"{draws['correlation'].corr(draws['percent']):.2f}"
        if len(draws) > 2
        else ""
    )
    return (
        f"With n = k = {line['k'].max()} equiangular teachers the share of bad runs is "
        f"{said.replace(' at ', ' at cosine ', 1)}{over}."
    ).replace("-", "\N{MINUS SIGN}")


@leading_figure
def general_correlations(general_shares: pd.DataFrame) -> Plot:
    """Share of bad runs against the mean cosine of the teachers.

    Caption:
        The share of restarts that end badly against the mean cosine of the angle of two teachers,
        in profile **{profile}**: filled marks equiangular teachers, any two with the same cosine,
        with 95 % Clopper-Pearson intervals; hollow ones random unit teachers in as many inputs, one
        mark a draw. Orthonormal teachers stand at 0. The nearer teachers are to one another, the
        fewer restarts end badly.

    Returns:
        The figure, and one row a set of teachers and number of students: kind, target, k, d, n,
        correlation, runs, bad, percent, percent_low, percent_high.
    """
    if not (general_shares["kind"] == "equiangular").any():
        return empty_plot(general_shares, COLUMNS)
    data = _data(general_shares)
    figure = Figure(figsize=(PAGE_WIDTH, 2.9), layout="constrained")
    axes = figure.subplots()
    extras = sorted(set(data["n"] - data["k"]))
    for extra in extras:
        for kind in KINDS:
            _draw(axes, data, kind, extra)
    axes.axvline(0.0, color="0.6", linewidth=0.7, zorder=0)
    axes.set(xlabel="mean cosine of two teachers", ylabel="bad runs (%)", ylim=(-3, 103))
    handles = [
        legend_line(
            "n = k" if not extra else f"n = k + {extra}",
            color=mark.colour,
            marker=mark.marker,
            linestyle=mark.line,
        )
        for extra, mark in OVERPARAMETERISATION.items()
        if extra in extras
    ]
    handles += [
        legend_line(
            words,
            color="0.5",
            marker="o",
            linestyle="none",
            fillstyle="full" if kind == "equiangular" else "none",
        )
        for kind, words in KINDS.items()
        if (data["kind"] == kind).any()
    ]
    legend_above(figure, handles, columns=5)
    return Plot(figure, data, _finding(data))
