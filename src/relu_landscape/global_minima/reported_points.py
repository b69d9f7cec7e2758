"""Points that tables report on, rebuilt from their rows, for an audit by other means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.directions import draw_point
from relu_landscape.global_minima.members import global_minimum
from relu_landscape.global_minima.perturbations import equal_shares
from relu_landscape.global_minima.random_perturbations import Perturbation, seeded_perturbation

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Directions, Perturbations

Rows = Iterable[Mapping[str, Any]]
Arrays = Mapping[str, NDArray[np.float64]]


@dataclass(frozen=True)
class ReportedForm:
    """A point W (n, k) with V = I, a displacement U of its shape, and U^T H(W) U as reported."""

    name: str
    W: NDArray[np.float64]
    U: NDArray[np.float64]
    value: float


def perturbation_forms(rows: Rows, settings: Perturbations) -> Iterator[ReportedForm]:
    """Yield the perturbed minima of rows of perturbation_forms, along their perturbations."""
    for row in rows:
        kind = Perturbation(row["perturbation"])
        G = seeded_perturbation(row["k"], row["m"], kind, row["sample"], settings)
        yield ReportedForm(
            name=f"form k={row['k']} m={row['m']} {row['perturbation']} {row['sample']}",
            W=equal_shares(row["k"], row["m"]) + G,
            U=G,
            value=row["form"] * settings.standard_deviation**2,
        )


def direction_forms(rows: Rows, settings: Directions) -> Iterator[ReportedForm]:
    """Yield the points of rows of direction_quotients, along their way from the minimum."""
    for row in rows:
        W = draw_point(row["k"], row["n"], row["direction"], settings)
        U = W - global_minimum(row["n"], row["k"])
        yield ReportedForm(
            name=f"quotient k={row['k']} n={row['n']} {row['direction']}",
            W=W,
            U=U,
            value=row["one_point_hessian"] * float(np.sum(U**2)),
        )


def searched_forms(rows: Rows, points: Arrays) -> Iterator[ReportedForm]:
    """Yield the points of rows of conjecture12_search, along their perturbations.

    points: conjecture12_points, by size.
    """
    for row in rows:
        G = points[f"k{row['k']}-m{row['m']}"][row["place"]]
        yield ReportedForm(
            name=f"conjecture 12 k={row['k']} m={row['m']} {row['scaled_radius']}",
            W=equal_shares(row["k"], row["m"]) + G,
            U=G,
            value=row["form"],
        )


def singular_points(rows: Rows, directions: Arrays) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield name and point (k, k) where rows of convexity_radii say that convexity is lost.

    directions: convexity_directions, by size. Rows without a radius are left out.
    """
    for row in rows:
        if not np.isfinite(row["radius"]):
            continue
        W = np.eye(row["k"]) + row["radius"] * directions[f"k{row['k']}"][row["place"]]
        yield f"convexity radius k={row['k']} {row['search']} {row['start']}", W
