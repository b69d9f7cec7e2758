"""The Hessian spectrum at the global minimum of n = k in closed form."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from relu_landscape.arguments import checked_arguments, optional, whole_number
from relu_landscape.objective import population_hessian


class RepeatedEigenvalue(NamedTuple):
    """An eigenvalue and how often it occurs."""

    value: float
    multiplicity: int


@checked_arguments(k=whole_number, d=optional(whole_number))
def global_minimum_spectrum(k: int, d: int | None = None) -> list[RepeatedEigenvalue]:
    """Return the Hessian spectrum at W = V for k >= 2 orthonormal teachers in R^d.

    H_ii = I/2 and H_ij = I/4 + (v_i v_j^T + v_j v_i^T)/(2 pi) (S21, Lemma 20). With p = 1/(2 pi),

        1/4 - p                                               k (k - 1)/2 times,
        1/4 + p                                               k (k - 3)/2 times,
        the roots of x^2 - (k + 2)/4 x + (k + 1)/16 + p/2 - p^2        k - 1 times each,
        the eigenvalues of [[1/2 + (k - 1) p, (k - 1)/4], [1/4, k/4 + p]]    once each,
        1/4 and (k + 1)/4                    (d - k)(k - 1) and d - k times, off the span of V.

    For k = 2 the second line says -1: 1/4 + p is then the smaller root of the third line, and goes.

    Args:
        k: number of teachers and students, 2 or more.
        d: input dimension, d >= k; k if None.

    Returns:
        Eigenvalues in increasing order with multiplicities that add up to k d.

    Raises:
        ValueError: k < 2 or d < k.

    Source: S21, Theorem 3 and Lemma 20; the full spectrum is derived here.
    """
    dimension = k if d is None else d
    if not 2 <= k <= dimension:
        raise ValueError(f"got k = {k} teachers in d = {dimension} inputs; needs 2 <= k <= d")
    p = 0.5 / np.pi
    small, large = _roots((k + 2) / 4, (k + 1) / 16 + p / 2 - p**2)
    first, second = _roots(0.5 + k * (0.25 + p), (0.5 + (k - 1) * p) * (k / 4 + p) - (k - 1) / 16)
    eigenvalues = [
        RepeatedEigenvalue(0.25 - p, k * (k - 1) // 2),
        RepeatedEigenvalue(0.25 + p, k * (k - 3) // 2 if k > 2 else 0),
        RepeatedEigenvalue(small, k - 1 if k > 2 else 0),
        RepeatedEigenvalue(large, k - 1),
        RepeatedEigenvalue(first, 1),
        RepeatedEigenvalue(second, 1),
        RepeatedEigenvalue(0.25, (dimension - k) * (k - 1)),
        RepeatedEigenvalue((k + 1) / 4, dimension - k),
    ]
    return sorted(entry for entry in eigenvalues if entry.multiplicity > 0)


def compare_spectrum(k: int, d: int) -> list[dict[str, Any]]:
    """Return one record a distinct eigenvalue: its closed form, and how far computed ones are off.

    Args and raises: as for `global_minimum_spectrum`.
    """
    teachers = np.eye(k, d)
    computed = np.linalg.eigvalsh(population_hessian(teachers, teachers))
    records = []
    first = 0
    for rank, (value, multiplicity) in enumerate(global_minimum_spectrum(k, d)):
        there = computed[first : first + multiplicity]
        first += multiplicity
        records.append(
            {
                "k": k,
                "d": d,
                "rank": rank,
                "eigenvalue": value,
                "multiplicity": multiplicity,
                "largest_difference": float(np.abs(there - value).max()),
            }
        )
    return records


def _roots(total: float, product: float) -> tuple[float, float]:
    """The two roots of x^2 - total x + product, product > 0, without cancellation."""
    large = 0.5 * (total + np.sqrt(total**2 - 4.0 * product))
    return float(product / large), float(large)
