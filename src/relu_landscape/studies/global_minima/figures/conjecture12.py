"""How far Conjecture 12 of S21 fails: the constant that survives, and exact counterexamples."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    INK,
    NONE_FOUND,
    PAGE_WIDTH,
    SERIES,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    explain_empty,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)

LIMIT = -2.0 / np.pi  # of gap/s^3 for the witness LIMIT_OF as s -> 0
LIMIT_OF = "one_neuron"
CURVE = "least form over bound"
ALL_LOST = 1.0  # shortfall from which the form itself is negative
GAP = "gap over s^3"
APART = "searches disagree, down to the bar"
DEAD: dict[str, Any] = {"marker": "X", "linestyle": "none", "markersize": 6.0}
LOST: dict[str, Any] = {"color": INK, "linewidth": 0.8, "linestyle": (0, (1, 1))}
COLUMNS = [
    *("quantity", "witness", "k", "m", "scaled_radius", "constant", "shortfall", "form_negative"),
    *("agreed", "spread", "scale", "gap_over_cube"),
]


def _constants(search: pd.DataFrame) -> pd.DataFrame:
    """Least ratio at each radius, up to and with the first that is not positive; one minus it.

    Beyond the radius at which the form itself turns negative no constant survives. A spread is
    given where the searches disagree; elsewhere it is rounding.
    """
    columns = ["k", "m", "scaled_radius", "ratio", "agreed", "spread"]
    least = search[columns].rename(columns={"ratio": "constant"})
    least = least.sort_values(["k", "m", "scaled_radius"], ignore_index=True)
    least["spread"] = least["spread"].mask(least["agreed"])
    least["form_negative"] = least["constant"] <= 0.0
    met = least.groupby(["k", "m"])["form_negative"].cumsum()
    kept = (met == 0) | ((met == 1) & least["form_negative"])
    return least.loc[kept].assign(quantity=CURVE, shortfall=1.0 - least["constant"])


def _draw_shortfalls(
    axes: Axes, constants: pd.DataFrame, marks: Mapping[tuple[int, int], Mark]
) -> list[Artist]:
    """One line a size, up to a cross where its form turns negative; their legend entries."""
    handles: list[Artist] = []
    # Where the bound holds nothing falls short; such a point has no place on a logarithmic axis.
    sure = constants["agreed"] | constants["form_negative"]
    short = constants[sure & (constants["shortfall"] > 0.0)]
    for (k, m), mark in marks.items():
        rows = rows_with(short, k=k, m=m)
        dead = rows[rows["form_negative"]]
        look: dict[str, Any] = {"color": mark.colour, "linestyle": mark.line, "markersize": 3.0}
        axes.plot(rows["scaled_radius"], rows["shortfall"], marker=mark.marker, **look)
        axes.plot(dead["scaled_radius"], dead["shortfall"], color=mark.colour, **DEAD)
        handles.append(legend_line(f"k = {k}, m = {m}", marker=mark.marker, **look))
    handles += _mark_disagreement(axes, constants, marks)
    if short["form_negative"].any():
        handles.append(legend_line("form negative", color="0.4", **DEAD))
    axes.axhline(ALL_LOST, **LOST)
    handles.append(legend_line("form zero", **LOST))
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel("m · max |g$_{ij}$|")
    axes.set_ylabel("1 \N{MINUS SIGN} least form / bound found")
    return handles


def _mark_disagreement(
    axes: Axes, constants: pd.DataFrame, marks: Mapping[tuple[int, int], Mark]
) -> list[Artist]:
    """A ring where searches disagree, with a bar to the least of their shortfalls; its legend."""
    apart = constants[~constants["agreed"] & ~constants["form_negative"]]
    if apart.empty:
        return []
    ring: dict[str, Any] = {"marker": "o", "linestyle": "none", "fillstyle": "none"}
    for (k, m), mark in marks.items():
        rows = rows_with(apart, k=k, m=m)
        low, high = rows["shortfall"] - rows["spread"], rows["shortfall"]
        axes.plot(rows["scaled_radius"], high, color=mark.colour, markersize=8.0, **ring)
        axes.vlines(rows["scaled_radius"], low, high, colors=mark.colour, linewidth=2.0)
    return [legend_line(APART, color=INK, markersize=8.0, **ring)]


def _draw_witnesses(axes: Axes, witnesses: pd.DataFrame) -> None:
    """Gap over s^3 of each counterexample; below zero the conjecture fails."""
    handles = []
    named = list(witnesses.groupby("witness"))
    for (witness, rows), mark in zip(evenly_spread(named, len(SERIES)), SERIES, strict=False):
        ordered = rows.sort_values("scale")
        label = f"{str(witness).replace('_', ' ')} (m = {ordered['m'].iloc[0]})"
        look: dict[str, Any] = {"color": mark.colour, "marker": mark.marker, "linestyle": mark.line}
        axes.plot(ordered["scale"], ordered["gap_over_cube"], markersize=3.5, **look)
        handles.append(legend_line(label, markersize=3.5, **look))
    axes.axhline(0.0, color=INK, linewidth=0.7)
    if (witnesses["witness"] == LIMIT_OF).any():
        axes.axhline(LIMIT, color=INK, linewidth=0.8, linestyle="--")
        handles.append(legend_line("\N{MINUS SIGN}2/π", color=INK, linewidth=0.8, linestyle="--"))
    axes.set_xscale("log")
    axes.margins(y=0.1)
    axes.set_xlabel("scale s")
    axes.set_ylabel("(form \N{MINUS SIGN} bound) / s³")
    axes.legend(handles=handles, loc="best")


def _finding(constants: pd.DataFrame, witnesses: pd.DataFrame) -> str:
    """At how many radii the form falls short, by what, and at how many sizes no constant is left.

    Without a search, of how many exact points.
    """
    if constants.empty:
        failing = int((witnesses["gap_over_cube"] < 0.0).sum())
        return f"{failing} of {len(witnesses)} exact points violate Conjecture 12."
    short = constants.loc[constants["shortfall"] > 0.0, "shortfall"]
    dead = constants.loc[constants["form_negative"], "scaled_radius"]
    sizes = len(constants[["k", "m"]].drop_duplicates())
    finding = (
        f"The form falls below the bound of Conjecture 12 at {len(short)} of {len(constants)} "
        "radii searched"
    )
    if not short.empty:
        finding += f", by {100.0 * short.min():.2g} % of it or more"
    if not dead.empty:
        where = "all" if len(dead) == sizes else f"{len(dead)} of {sizes}"
        finding += f"; at radii up to {dead.max():.2g} it turns negative at {where} sizes"
    return finding + "."


@leading_figure
def conjecture_12_constant(
    conjecture12_search: pd.DataFrame, conjecture12_witnesses: pd.DataFrame
) -> Plot:
    """Largest constant c for which form >= c bound survives the search, and the counterexamples.

    Caption:
        How far Conjecture 12 of Safran, Yehudai and Shamir (2021) fails, in profile **{profile}**.
        Left, by which part the form GᵀHG falls short of the conjectured bound, at most, among
        perturbations that move no neuron by more than the radius, as far as searches found, for at
        most six sizes, spread evenly over those searched; the conjecture says that it never does.
        Independent chains of searches agree on the points of the curves; rings, off the curves, are
        values on which they do not, with a bar down to the least. A curve ends at the cross where
        the form itself is negative, above the dotted line, so that no constant survives. Right, the
        violation of exact counterexamples over s³ in 60-digit arithmetic, which tends to a constant
        below zero.

    Returns:
        The figure, and one row a mark: quantity, k, m, and either scaled_radius, constant
        (least ratio of form and bound), shortfall (1 minus it, which is drawn), form_negative (the
        curve ends there), agreed and spread (where the searches disagree), or witness, scale and
        gap_over_cube.

    Source: S21 Conjecture 12.
    """
    if conjecture12_search.empty and conjecture12_witnesses.empty:
        return empty_plot(conjecture12_search, COLUMNS)
    constants = _constants(conjecture12_search)
    sizes = sorted(set(constants[["k", "m"]].itertuples(index=False, name=None)))
    marks = dict(zip(evenly_spread(sizes, len(SERIES)), SERIES, strict=False))
    figure = Figure(figsize=(PAGE_WIDTH, 3.4), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1.2, 1))
    if conjecture12_search.empty:
        explain_empty(left, NONE_FOUND)
    else:
        legend_above(figure, _draw_shortfalls(left, constants, marks), columns=3)
    if conjecture12_witnesses.empty:
        explain_empty(right, NONE_FOUND)
    else:
        _draw_witnesses(right, conjecture12_witnesses)
    data = pd.concat([constants, conjecture12_witnesses.assign(quantity=GAP)], ignore_index=True)
    return Plot(figure, data[COLUMNS], _finding(constants, conjecture12_witnesses))
