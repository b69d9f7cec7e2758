"""What splits of the neurons of II_1 add to the Hessian, for every k, beside single k."""

from typing import Any

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
    VERMILION,
    Plot,
    figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.theorems.enclosed_splits import (
    EIGENVALUE,
    eigenvalues_over_h,
    lowest_in,
    of_eigenvalue,
    whole_k_from,
)
from relu_landscape.studies.theorems.figures.every_k import name_teachers

SPECIAL, UPPER = (1, "t", 0), (0, "t", 1)
# Those of order h = k^(-1/2): class, representation, place; colour, marker, name.
SHOWN = {
    UPPER: (BLUE, "o", "ordinary row, on t, upper"),
    (0, "t", 0): (GREEN, "s", "ordinary row, on t, lower"),
    (1, "s_p", 0): (ORANGE, "D", "special row, on s_p"),
    SPECIAL: (VERMILION, "^", "special row, on t"),
}
COLUMNS = ["source", *EIGENVALUE, "k", "largest_k", "low", "high"]


@figure
def splits_for_every_k(
    theorem_splits: pd.DataFrame,
    theorem_split_series: pd.DataFrame,
    theorem_signed_splits: pd.DataFrame,
    family_splits: pd.DataFrame,
) -> Plot:
    """Eigenvalues of the inner Hessians of II_1 over h from their first minimum to infinity.

    Caption:
        What the split of a neuron of II_1 adds to the Hessian, proved for every real k in profile
        **{profile}**: the eigenvalues of its inner Hessian times k^(1/2), against k on a scale of
        k^(-1/2), with k = infinity at the left. A split into equal halves adds twice as much.
        Bands: enclosures, a piece of the certificate each. Dotted: the limits, known exactly.
        Marks: eigenvalues at single k, the smallest of each class of rows and, where it is
        positive, the largest of an ordinary row. The one of order 1/k is not drawn. Dashed: the k,
        enclosed by proof, at which an ordinary row gets eigenvalues of both signs: up to it its
        splits into parts of opposite outputs are local minima, beyond it strict saddles.

    Returns:
        The figure, and one row a piece (source "enclosure": k is its least), a limit ("limit"), an
        eigenvalue at one k ("one k") and the change of sign ("turn": k to largest_k); low and high
        are the ends of eigenvalue times k^(1/2).
    """
    pieces, points = eigenvalues_over_h(theorem_splits), _points(family_splits)
    limits = theorem_split_series[theorem_split_series["power"] == 1]
    drawing = Figure(figsize=(PAGE_WIDTH, 4.2), layout="constrained")
    axes = drawing.subplots()
    handles: list[Artist] = []
    drawn = []
    for name, (colour, marker, label) in SHOWN.items():
        bands = of_eigenvalue(pieces, name).rename(columns={"least_k": "k"})
        limit = of_eigenvalue(limits.assign(piece=0), name)
        members = of_eigenvalue(points, name)
        _draw_pieces(axes, bands, colour)
        axes.axhline(limit["lower"].iloc[0], color=colour, linestyle=":", linewidth=0.8)
        look: dict[str, Any] = {"color": colour, "marker": marker, "linestyle": "none"}
        axes.plot(members["k"] ** -0.5, members["low"], markersize=3.5, **look)
        constant = str(limit["exact"].iloc[0]).replace("pi", "π").replace("^2", "²")
        handles.append(legend_line(f"{label}: {constant}", markersize=3.5, **look))
        at_infinity = limit.assign(source="limit", low=limit["lower"], high=limit["upper"])
        drawn += [bands.assign(source="enclosure"), at_infinity, members]
    turn = _turn(theorem_signed_splits)
    for k in turn["k"]:
        axes.axvline(k**-0.5, color=SHOWN[UPPER][0], linestyle="--", linewidth=0.8)
    axes.axhline(0.0, color="0.5", linewidth=0.6)
    name_teachers(axes, theorem_splits["least_k"].min())
    axes.set_ylabel("eigenvalue · k^(1/2) (loss/weight²)")
    legend_above(drawing, handles, columns=2)
    data = pd.concat([*drawn, turn]).reindex(columns=COLUMNS)
    return Plot(drawing, data, _finding(theorem_splits, turn))


def _finding(splits: pd.DataFrame, turn: pd.DataFrame) -> str:
    """Which split opens the steepest way down, and which has a way up."""
    special, upper = lowest_in(splits, SPECIAL), of_eigenvalue(splits, UPPER)
    fastest = whole_k_from(special, special["lowest"])
    positive = f"from k = {whole_k_from(upper, upper['lower'] > 0)} on"
    if not turn.empty:
        positive = f"beyond k = {turn['k'].iloc[0]:.6g}"
    return (
        f"From k = {fastest} on a split of the special row opens the steepest way down; "
        f"an ordinary row's has one up {positive}."
    )


def _turn(signed_splits: pd.DataFrame) -> pd.DataFrame:
    """The k at which an ordinary row gets both signs, in the columns of the enclosures, if any."""
    rows = rows_with(signed_splits, family="II", m=1, neuron_class=UPPER[0], outcome="turn")
    named = rows.rename(columns={"turn_lower": "k", "turn_upper": "largest_k"})
    return named.assign(source="turn", irrep=UPPER[1], place=UPPER[2], low=0.0, high=0.0)


def _points(family_splits: pd.DataFrame) -> pd.DataFrame:
    """Eigenvalues at single k, in the columns of the enclosures."""
    members = rows_with(family_splits, family="II", m=1, extra=0)
    upper = rows_with(members, neuron_class=0)
    # The largest is that of place 1, or the 0 along the neuron.
    upper = upper[upper["inner_largest_eigenvalue"] * upper["k"] ** 0.5 > 1e-9]
    found = pd.concat(
        [
            members.assign(place=0, value=members["inner_smallest_eigenvalue"]),
            upper.assign(place=1, value=upper["inner_largest_eigenvalue"]),
        ]
    )
    over_h = found["value"] * found["k"] ** 0.5
    return found.assign(
        source="one k", irrep="t", piece=0, largest_k=found["k"], low=over_h, high=over_h
    )


def _draw_pieces(axes: Axes, bands: pd.DataFrame, colour: str) -> None:
    """One rectangle a piece."""
    right = bands["k"].to_numpy() ** -0.5
    left = bands["largest_k"].fillna(np.inf).to_numpy() ** -0.5
    for x, end, low, high in zip(left, right, bands["low"], bands["high"], strict=True):
        ends = [x, end]
        axes.fill_between(
            ends, low, high, facecolor=colour, alpha=0.45, edgecolor=colour, linewidth=0.5
        )
