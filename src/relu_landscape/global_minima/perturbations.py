"""Perturbations of the global minimum with m equal neurons a teacher: Theorem 10, Conjecture 12.

W* has the rows w*_ij = v_i/m, row i m + j belonging to teacher i, and W = W* + G. With g_i the sum
of the m rows of teacher i and g that of all, the form G^T H(W) G is compared with the bound

    1/4 (|g|^2 + (1 - 2/pi) sum_i |g_i|^2).

It equals the bound up to terms of the order of the cubed radius in Theorem 10 of S21 and is never
below it in Conjecture 12, as printed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, real_array, whole_number
from relu_landscape.objective import population_curvature_along

SPREAD_WEIGHT = 1.0 - 2.0 / np.pi
"""Weight of sum_i |g_i|^2 beside |g|^2 in the bound."""


class FormAndBound(NamedTuple):
    """G^T H(W* + G) G, and the lower bound that Conjecture 12 states for it."""

    form: float
    bound: float


def equal_shares(k: int, m: int) -> NDArray[np.float64]:
    """Return the global minimum w*_ij = e_i/m, (m k, k), rows i m .. i m + m - 1 for teacher i."""
    if k < 1 or m < 1:
        raise ValueError(f"got k = {k} and m = {m}; both must be at least 1")
    return np.repeat(np.eye(k), m, axis=0) / m


def form_and_bound(W: ArrayLike, V: ArrayLike, m: int) -> FormAndBound:
    """Return the two sides of Conjecture 12 at W.

    Args:
        W: students, (m k, d), rows i m .. i m + m - 1 belonging to teacher i; no zero row.
        V: teachers, (k, d), orthonormal.
        m: students of each teacher.

    Raises:
        ValueError: W has not m rows a teacher, has a zero row, or the shapes do not fit.

    Source: S21, Theorem 10 and Conjecture 12.
    """
    students, teachers = np.asarray(W, dtype=np.float64), np.asarray(V, dtype=np.float64)
    if m < 1 or students.ndim != 2 or teachers.ndim != 2 or len(students) != m * len(teachers):
        raise ValueError(
            f"W has shape {students.shape}, V {teachers.shape} and m = {m}; W needs m rows for "
            "each row of V"
        )
    perturbation = students - np.repeat(teachers, m, axis=0) / m
    form = population_curvature_along(students, teachers, perturbation)
    return FormAndBound(form, curvature_bound(perturbation, m))


@checked_arguments(W=real_array, V=real_array, m=whole_number)
def conjecture12_gap(W: ArrayLike, V: ArrayLike, m: int) -> float:
    """Return LHS - RHS of Conjecture 12 at W: negative where it fails.

    Args, raises, source: as for `form_and_bound`.
    """
    sides = form_and_bound(W, V, m)
    return sides.form - sides.bound


def curvature_bound(G: NDArray[np.float64], m: int) -> float:
    """Return 1/4 (|g|^2 + (1 - 2/pi) sum_i |g_i|^2) of a perturbation G, (m k, d).

    Source: S21, Theorem 10.
    """
    sums = teacher_sums(G, m)
    total = sums.sum(axis=0)
    return float(0.25 * (total @ total + SPREAD_WEIGHT * np.sum(sums**2)))


def teacher_sums(G: NDArray[np.float64], m: int) -> NDArray[np.float64]:
    """Return the rows g_i = sum_j g_ij, (k, d), of a perturbation G, (m k, d)."""
    sums: NDArray[np.float64] = G.reshape(-1, m, G.shape[1]).sum(axis=1)
    return sums
