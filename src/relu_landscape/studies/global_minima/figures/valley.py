"""Along the valley at the global minima of n > k, which is flatter than any quadratic.

Two neurons share the teacher v_1 at the minimum, w_1 = a v_1 and w_2 = (1 - a) v_1. Spreading them
apart leads along the valley.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relu_landscape.figures.style import (
    BLUE,
    GREEN,
    ORANGE,
    PAGE_WIDTH,
    Mark,
    Plot,
    empty_plot,
    evenly_spread,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.global_minima.figures.style import CASE, EQUAL_SHARES, size_name

LARGEST_FITTED = 1e-2  # epsilon up to which a slope is that of the leading order
PRINTED_ORDERS: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "loss": (1, "printed: F = Ω(ε)"),
        "squared_gradient_norm": (2, "printed: |∇F|² = O(ε²)"),
    }
)
"""Orders printed in the proof of Theorem 9 of S21."""


class Curve(NamedTuple):
    """A quantity along the valley: its power of epsilon, and how it is drawn and named."""

    power: int
    mark: Mark
    label: str


QUOTIENTS: Mapping[str, Curve] = MappingProxyType(
    {
        "pl_ratio": Curve(1, Mark(BLUE, "o", "-"), "PL ratio |∇F|²/(2F)"),
        "one_point_hessian": Curve(1, Mark(ORANGE, "s", "--"), "one-point, Hessian form"),
        "one_point_gradient": Curve(1, Mark(GREEN, "^", "-."), "one-point, gradient form"),
    }
)
SIZES: Mapping[str, Curve] = MappingProxyType(
    {
        "loss": Curve(3, Mark(BLUE, "D", "-"), "loss F"),
        "squared_gradient_norm": Curve(4, Mark(ORANGE, "v", "--"), "|∇F|²"),
    }
)
COLUMNS = (
    ("quotient", "quotient / ε", QUOTIENTS),
    ("loss F, |∇F|²", "F / ε³,  |∇F|² / ε⁴", SIZES),
)
"""Of each column of the valley figure: labels of the upper and the lower axis, and the curves."""


def _leading_constant(quantity: str, share: float) -> float | None:
    """What the quantity over its power of epsilon tends to; None if that depends on n and k.

    Derived from S21, proofs of Theorems 7 and 9, with S = 1/a + 1/(1 - a).
    """
    total = 1.0 / share + 1.0 / (1.0 - share)
    constants = {
        "one_point_gradient": total / (2.0 * np.pi),
        "one_point_hessian": total / np.pi,
        "loss": total / (3.0 * np.pi),
    }
    return constants.get(quantity)


def _best_arithmetic(table: pd.DataFrame) -> pd.DataFrame:
    """One row a point, the extended one where there is one.

    In double only points whose loss stands above its rounding error, which are those with a PL
    ratio: at the others the gradient is rounding too.
    """
    known = table[table["pl_ratio"].notna()].sort_values([*CASE, "epsilon", "arithmetic"])
    return known.drop_duplicates([*CASE, "epsilon"], keep="last").reset_index(drop=True)


def _two_cases(points: pd.DataFrame) -> list[pd.DataFrame]:
    """The first case nearest to equal shares and the last one farthest from them."""
    cases = points[CASE].drop_duplicates().assign(off=abs(points["share"] - EQUAL_SHARES))
    ordered = cases.sort_values(["off", *CASE])[CASE].itertuples(index=False, name=None)
    return [
        rows_with(points, **dict(zip(CASE, case, strict=True))).sort_values("epsilon")
        for case in evenly_spread(list(ordered), 2)
    ]


def _fitted_slope(rows: pd.DataFrame, quantity: str) -> float:
    """Least-squares slope of log quantity against log epsilon at small epsilon; NaN if unknown."""
    extended = rows_with(rows, arithmetic="extended")
    fitted = extended if len(extended) > 1 else rows
    small = fitted[fitted["epsilon"] <= LARGEST_FITTED]
    fitted = small if len(small) > 1 else fitted
    if len(fitted) < 2:
        return float("nan")
    return float(np.polyfit(np.log(fitted["epsilon"]), np.log(fitted[quantity]), 1)[0])


def _draw_orders(axes: Axes, rows: pd.DataFrame, curves: Mapping[str, Curve]) -> None:
    """Quantities of one case with their leading orders and fitted slopes, both axes logarithmic."""
    handles = []
    for quantity, (power, mark, label) in curves.items():
        axes.plot(
            rows["epsilon"],
            rows[quantity],
            color=mark.colour,
            marker=mark.marker,
            linestyle="none",
            fillstyle="none",
            markersize=4.5,
            markeredgewidth=0.8,
        )
        constant = _leading_constant(quantity, float(rows["share"].iloc[0]))
        if constant is not None:
            leading = constant * rows["epsilon"] ** power
            axes.plot(rows["epsilon"], leading, color=mark.colour, linestyle=mark.line)
        slope = _fitted_slope(rows, quantity)
        known = f", slope {slope:.3f}" if np.isfinite(slope) else ""
        handles.append(
            legend_line(
                f"{label}{known}",
                color=mark.colour,
                marker=mark.marker,
                linestyle="none" if constant is None else mark.line,
                fillstyle="none",
            )
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.legend(handles=handles, loc="lower left", bbox_to_anchor=(0.0, 1.0), borderaxespad=0.2)


def _draw_printed_orders(axes: Axes, rows: pd.DataFrame) -> list[Artist]:
    """Faint lines of the printed orders through the rightmost point of each quantity."""
    handles: list[Artist] = []
    epsilon = rows["epsilon"]
    for (quantity, (power, label)), line in zip(PRINTED_ORDERS.items(), (":", "-."), strict=True):
        guide = float(rows[quantity].iloc[-1]) * (epsilon / epsilon.iloc[-1]) ** power
        axes.plot(epsilon, guide, color="0.65", linewidth=0.9, linestyle=line)
        handles.append(legend_line(label, color="0.65", linewidth=0.9, linestyle=line))
    return handles


def _draw_constants(axes: Axes, cases: Sequence[pd.DataFrame], curves: Mapping[str, Curve]) -> None:
    """Quantities over their power of epsilon: filled of the first case, hollow of the second."""
    highest = 0.0
    for rows, fill in zip(cases, ("full", "none"), strict=False):
        for quantity, (power, mark, _) in curves.items():
            scaled = rows[quantity] / rows["epsilon"] ** power
            axes.plot(
                rows["epsilon"],
                scaled,
                color=mark.colour,
                marker=mark.marker,
                linestyle="none",
                fillstyle=fill,
                markersize=3.5 if fill == "full" else 5.0,
                markeredgewidth=0.8,
            )
            highest = max(highest, float(scaled.iloc[-1]))
            constant = _leading_constant(quantity, float(rows["share"].iloc[0]))
            if constant is not None:
                axes.axhline(constant, color=mark.colour, linestyle=mark.line, linewidth=0.8)
    axes.set_ylim(0.0, 1.35 * highest)
    axes.set_xlabel("spread ε")


def _case_handles(cases: Sequence[pd.DataFrame]) -> list[Artist]:
    """Legend of the cases shown."""
    handles: list[Artist] = []
    for rows, (fill, size) in zip(cases, (("full", 3.5), ("none", 5.0)), strict=False):
        first = rows.iloc[0]
        name = size_name(int(first["k"]), int(first["n"]), int(first["d"]))
        handles.append(
            legend_line(
                f"{name}, a = {first['share']:g}",
                color="0.5",
                marker="o",
                linestyle="none",
                fillstyle=fill,
                markersize=size,
            )
        )
    handles.append(legend_line("leading order", color="0.5", linewidth=0.8))
    return handles


def _finding(rows: pd.DataFrame) -> str:
    """The fitted orders of the first case."""
    slopes = [_fitted_slope(rows, name) for name in ("pl_ratio", "loss", "squared_gradient_norm")]
    if not np.isfinite(slopes).all():
        return "There are too few points along the valley to fit an order in ε."
    quotient, loss, gradient = (f"like ε^{slope:.2f}" for slope in slopes)
    return (
        f"Along the valley the PL quotient goes to zero {quotient}, F {loss} and |∇F|² {gradient}."
    )


@figure
def valley_quotients(valley_points: pd.DataFrame) -> Plot:
    """PL ratio, one-point quotients, loss and gradient along the valley, with their orders.

    Caption:
        The valley next to a global minimum of n > k along which one-point strong convexity and the
        Polyak-Łojasiewicz condition fail (Safran, Yehudai and Shamir 2021, Theorems 7 and 9), in
        profile **{profile}**: two neurons of one teacher are moved apart by ε. All three quotients
        go to zero like ε, the loss like ε³ and the squared gradient like ε⁴; fitted slopes stand in
        the legends, lines are derived leading orders. The grey lines have the orders printed in the
        proof of Theorem 9: the squared gradient, of order ε⁴, is below the printed bound of order
        ε², but the loss falls faster than the printed ε, although the conclusion holds. Below, each
        quantity divided by its power of ε, for two cases. Values are in extended precision where it
        was computed.

    Above, one case (nearest to equal shares) with fitted slopes; below, divided by the power of
    epsilon, the same case and one more.

    Returns:
        The figure, and one row a mark of the lower panels: k, n, d, share, epsilon, arithmetic,
        quantity, value, value_over_leading_power.

    Source: S21 Theorems 7 and 9.
    """
    columns = [*CASE, "epsilon", "arithmetic", "quantity", "value", "value_over_leading_power"]
    points = _best_arithmetic(valley_points)
    if points.empty:
        return empty_plot(valley_points, columns)
    cases = _two_cases(points)
    figure = Figure(figsize=(PAGE_WIDTH, 4.8), layout="constrained")
    grid = figure.subplots(2, 2, sharex=True, height_ratios=(1.5, 1))
    for (upper, lower), (order, constant, curves) in zip(grid.T, COLUMNS, strict=True):
        _draw_orders(upper, cases[0], curves)
        _draw_constants(lower, cases, curves)
        upper.set_ylabel(order)
        lower.set_ylabel(constant)
    printed = _draw_printed_orders(grid[0, 1], cases[0])
    figure.align_ylabels(grid[:, 0])
    figure.align_ylabels(grid[:, 1])
    legend_above(figure, [*_case_handles(cases), *printed], columns=3)
    powers = {name: curve.power for name, curve in (*QUOTIENTS.items(), *SIZES.items())}
    data = pd.concat(cases, ignore_index=True).melt(
        id_vars=[*CASE, "epsilon", "arithmetic"], value_vars=list(powers), var_name="quantity"
    )
    data["value_over_leading_power"] = data["value"] / data["epsilon"] ** data["quantity"].map(
        powers
    )
    return Plot(figure, data[columns], _finding(cases[0]))
