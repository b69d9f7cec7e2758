"""Reported curvatures and critical points recomputed by the independent reference.

The form along a displacement comes from a second difference of the loss in extended precision, so
that no formula of a derivative enters; that a Hessian is singular is decided by inertia.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.evidence.audit import Tolerances, count_eigenvalues_below, tolerances_for
from relu_landscape.objective.reference import (
    reference_curvature_along,
    reference_gradient,
    reference_hessian,
    reference_loss,
    reference_to_float64,
)

__all__ = [
    "IndexRecord",
    "SingularRecord",
    "ValueRecord",
    "audit_form",
    "audit_index",
    "audit_singular_hessian",
    "audit_value",
]


@dataclass(frozen=True)
class ValueRecord:
    """A reported value, and what an independent implementation found.

    disagreements: a line if they differ by more than the tolerance.
    """

    reported: float
    found: float
    tolerance: float
    disagreements: tuple[str, ...]


@dataclass(frozen=True)
class IndexRecord:
    """A critical point recomputed: its loss, its gradient and the signs of its Hessian.

    eigenvalues_below_lower, eigenvalues_below_upper: eigenvalues below lambda minus and plus the
    tolerance, lambda the reported smallest one; negative_eigenvalues: those below minus the
    tolerance.
    """

    loss: float
    gradient_norm: float
    eigenvalues_below_lower: int
    eigenvalues_below_upper: int
    negative_eigenvalues: int
    tolerances: Tolerances
    disagreements: tuple[str, ...]


@dataclass(frozen=True)
class SingularRecord:
    """A point at which the smallest eigenvalue is reported to be zero.

    eigenvalues_below_lower, eigenvalues_below_upper: eigenvalues below minus and plus the
    tolerance, by inertia; 0 and 1 or more if the report is right.
    """

    eigenvalues_below_lower: int
    eigenvalues_below_upper: int
    tolerance: float
    disagreements: tuple[str, ...]


def audit_value(name: str, reported: float, found: float, tolerance: float) -> ValueRecord:
    """Compare a reported value with what was found by other means."""
    # Written so that a reported nan disagrees.
    agrees = abs(reported - found) <= tolerance
    line = f"{name}: reported {reported!r}, found {found!r} (allowed difference {tolerance:.1e})"
    return ValueRecord(reported, found, tolerance, () if agrees else (line,))


def audit_index(
    W: NDArray[np.float64],
    V: NDArray[np.float64],
    *,
    loss: float,
    smallest_eigenvalue: float,
    index: float,
    digits: int,
) -> IndexRecord:
    """Recompute what is reported of a critical point W (n, d) with teacher V (k, d).

    digits: decimal digits carried. Eigenvalues are counted by inertia, without an eigenvalue
    solver.
    """
    tolerances = tolerances_for(W, V)
    found_loss = float(reference_loss(W, V, digits=digits))
    gradient = reference_to_float64(reference_gradient(W, V, digits=digits))
    norm = float(np.linalg.norm(gradient))
    hessian = reference_to_float64(reference_hessian(W, V, digits=digits))
    delta = tolerances.eigenvalue
    lower, upper, negative = (
        count_eigenvalues_below(hessian, bound)
        for bound in (smallest_eigenvalue - delta, smallest_eigenvalue + delta, -delta)
    )
    lines = [
        *audit_value("loss", loss, found_loss, tolerances.loss).disagreements,
        *audit_value("gradient norm", 0.0, norm, tolerances.gradient_norm).disagreements,
        *audit_value("index", index, float(negative), 0.0).disagreements,
    ]
    if lower > 0 or upper == 0:
        lines.append(
            f"smallest eigenvalue: reported {smallest_eigenvalue!r}, but {lower} lie more than "
            f"{delta:.1e} below it and {upper} below or at it"
        )
    return IndexRecord(found_loss, norm, lower, upper, negative, tolerances, tuple(lines))


def audit_form(
    W: NDArray[np.float64],
    V: NDArray[np.float64],
    U: NDArray[np.float64],
    reported: float,
    *,
    digits: int,
) -> ValueRecord:
    """Recompute U^T H(W) U. W and U: (n, d); V: (k, d); digits: decimal digits carried.

    A Hessian whose eigenvalues are off by at most delta has a form off by at most delta |U|^2.
    """
    found = float(reference_curvature_along(W, V, U, digits=digits))
    tolerance = tolerances_for(W, V).eigenvalue * float(np.sum(U**2))
    return audit_value("form", reported, found, tolerance)


def audit_singular_hessian(
    W: NDArray[np.float64], V: NDArray[np.float64], *, slack: float, digits: int
) -> SingularRecord:
    """Decide again whether the smallest eigenvalue of H(W) is zero, up to `slack`.

    W: (n, d); V: (k, d); slack: how far from zero it is allowed to be, beside rounding; digits:
    decimal digits carried.
    """
    hessian = reference_to_float64(reference_hessian(W, V, digits=digits))
    tolerance = tolerances_for(W, V).eigenvalue + slack
    lower = count_eigenvalues_below(hessian, -tolerance)
    upper = count_eigenvalues_below(hessian, tolerance)
    lines = []
    if lower > 0:
        lines.append(f"{lower} eigenvalue(s) lie more than {tolerance:.1e} below zero")
    if upper == 0:
        lines.append(f"every eigenvalue lies more than {tolerance:.1e} above zero")
    return SingularRecord(lower, upper, tolerance, tuple(lines))
