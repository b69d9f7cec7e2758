"""What is proved for every k, beside the points solved at one k."""

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from relu_landscape.figures.style import (
    PAGE_WIDTH,
    Mark,
    Plot,
    leading_figure,
    legend_above,
    legend_line,
    rows_with,
)
from relu_landscape.studies.symmetry.figures.style import family_name, mark_families
from relu_landscape.studies.theorems.enclosed_members import members_in_pieces

# Named on the axis of h = k^(-1/2): at the right of them is infinity.
NAMED_TEACHERS = (6, 8, 12, 20, 50, 200, 2000)
HEADROOM = 1.08  # of the lower panel, above its highest mark
COLUMNS = [
    *("source", "family", "m", "k", "largest_k", "scaled_loss", "loss_upper"),
    *("smallest_eigenvalue",),
]


@leading_figure
def theorems_for_every_k(theorem_pieces: pd.DataFrame, family_points: pd.DataFrame) -> Plot:
    """Enclosures from the first minimum to infinity over the points at single k.

    Caption:
        What is proved for every real k in profile **{profile}**, against k on a scale of k^(-1/2),
        with k = infinity at the left. Bands: pieces of the certificates. Above, the enclosure of
        the loss, of F for A and I_m and of k F/m for II_m; below, the lower bound of the smallest
        Hessian eigenvalue, which is positive throughout: each family is a spurious minimum at every
        k from its first one on. Marks: points that are solved at one k. Each lies in its band, or
        above its bound.

    Returns:
        The figure, and one row a piece (source "enclosure": k is its least) and one a point
        (source "one k"). scaled_loss of a piece is the lower end.
    """
    points = _members(family_points, theorem_pieces)
    marks = mark_families(theorem_pieces)
    drawing = Figure(figsize=(PAGE_WIDTH, 5.2), layout="constrained")
    upper, lower = drawing.subplots(2, 1, sharex=True)
    handles: list[Artist] = []
    for (family, m), mark in marks.items():
        pieces = rows_with(theorem_pieces, family=family, m=m)
        _draw_pieces(upper, lower, pieces, mark)
        members = rows_with(points, family=family, m=m)
        look = {"color": mark.colour, "marker": mark.marker, "linestyle": "none", "markersize": 3.5}
        upper.plot(members["k"] ** -0.5, members["scaled_loss"], **look)
        lower.plot(members["k"] ** -0.5, members["smallest_eigenvalue"], **look)
        handles.append(legend_line(family_name(family, m), **look))
    name_teachers(lower, theorem_pieces["least_k"].min())
    upper.set_ylim(bottom=0.0)
    upper.set_ylabel("loss F (A, I), k F/m (II)")
    lower.set_ylabel("smallest eigenvalue (loss/weight²)")
    highest = pd.concat([points["smallest_eigenvalue"], theorem_pieces["eigenvalue_lower"]]).max()
    lower.set_ylim(0.0, HEADROOM * highest)
    legend_above(drawing, handles, columns=len(handles))
    data = pd.concat([_pieces(theorem_pieces), points])[COLUMNS]
    return Plot(drawing, data, _finding(theorem_pieces))


def _finding(pieces: pd.DataFrame) -> str:
    """From which k on each family is proved, and the least curvature of them."""
    first = pieces.sort_values("least_k").drop_duplicates(["family", "m"])
    said = [
        f"{family_name(row['family'], row['m'])} from k = {row['least_k']:,.4g}"
        for row in first.sort_values(["family", "m"]).to_dict("records")
    ]
    return (
        f"Proved spurious minima at every real k up to infinity: {', '.join(said)} on, with "
        f"curvature of at least {pieces['eigenvalue_lower'].min():.2g}."
    )


def _draw_pieces(upper: Axes, lower: Axes, pieces: pd.DataFrame, mark: Mark) -> None:
    """One rectangle a piece for the loss, one step a piece for the eigenvalue."""
    right = pieces["least_k"].to_numpy() ** -0.5
    left = np.concatenate([[0.0], right[:-1]])
    for x, end, low, high in zip(
        left, right, pieces["loss_lower"], pieces["loss_upper"], strict=True
    ):
        upper.fill_between(
            [x, end],
            low,
            high,
            facecolor=mark.colour,
            alpha=0.45,
            edgecolor=mark.colour,
            linewidth=0.5,
        )
    edges = np.concatenate([left, right[-1:]])
    lower.stairs(pieces["eigenvalue_lower"], edges, baseline=None, color=mark.colour, linewidth=0.9)


def name_teachers(axes: Axes, least_k: float) -> None:
    """Make x an axis of k on a scale of k^(-1/2), from infinity at the left to the least k."""
    named = [k for k in NAMED_TEACHERS if k >= least_k - 1]
    axes.set_xlim(0.0, 1.03 * least_k**-0.5)
    axes.set_xticks([0.0, *(k**-0.5 for k in named)], ["∞", *map(str, named)])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("teacher neurons k, on a scale of k^(−1/2)")


def _members(points: pd.DataFrame, pieces: pd.DataFrame) -> pd.DataFrame:
    members = members_in_pieces(points, pieces)
    return members.assign(source="one k", largest_k=members["k"], loss_upper=members["scaled_loss"])


def _pieces(pieces: pd.DataFrame) -> pd.DataFrame:
    renamed = {
        "least_k": "k",
        "loss_lower": "scaled_loss",
        "eigenvalue_lower": "smallest_eigenvalue",
    }
    return pieces.rename(columns=renamed).assign(source="enclosure")
