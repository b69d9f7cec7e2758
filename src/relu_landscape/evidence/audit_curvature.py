"""Reported curvatures recomputed by the independent reference.

The form along a displacement comes from a second difference of the loss in extended precision, so
that no formula of a derivative enters; that a Hessian is singular is decided by inertia.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.evidence.audit import count_eigenvalues_below, tolerances_for
from relu_landscape.objective.reference import (
    reference_curvature_along,
    reference_hessian,
    reference_to_float64,
)

__all__ = ["FormRecord", "SingularRecord", "audit_form", "audit_singular_hessian"]


@dataclass(frozen=True)
class FormRecord:
    """A reported value of U^T H U, and what the reference found.

    disagreements: a line if they differ by more than the tolerance.
    """

    reported: float
    found: float
    tolerance: float
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


def audit_form(
    W: NDArray[np.float64],
    V: NDArray[np.float64],
    U: NDArray[np.float64],
    reported: float,
    *,
    digits: int,
) -> FormRecord:
    """Recompute U^T H(W) U. W and U: (n, d); V: (k, d); digits: decimal digits carried.

    A Hessian whose eigenvalues are off by at most delta has a form off by at most delta |U|^2.
    """
    found = float(reference_curvature_along(W, V, U, digits=digits))
    tolerance = tolerances_for(W, V).eigenvalue * float(np.sum(U**2))
    # Written so that a reported nan disagrees.
    agrees = abs(reported - found) <= tolerance
    line = f"form: reported {reported!r}, found {found!r} (allowed difference {tolerance:.1e})"
    return FormRecord(reported, found, tolerance, () if agrees else (line,))


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
