"""Any teachers, rotated until their matrix is triangular: half of the products with it are zeros.

Inputs are reflected, one teacher after another from the last one on, so that teacher j of k has
zeros before input d - k + j. The loss, its gradient and with it descent are the same in rotated
inputs; students are rotated with the teachers, and back at the end. The reflections are written out
for the bits of descent to be those of any processor.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.compiling import compiled_and_kept


class TriangularTeachers(NamedTuple):
    """Teachers R (k, d), R_ja = 0 for a < d - k + j, and the reflectors (k, d) that led there.

    The reflector x of a teacher stands for I - 2 x x^T/|x|^2, and for I if it is zero.
    """

    teachers: NDArray[np.float64]
    reflectors: NDArray[np.float64]


def triangular_teachers(V: NDArray[np.float64]) -> TriangularTeachers:
    """Return teachers V (k, d), which may be triangular already, as triangular ones."""
    k, d = V.shape
    teachers, reflectors = V.copy(), np.zeros_like(V)
    for j in reversed(range(k)):
        own = d - k + j
        if own < 1 or not teachers[j, :own].any():
            continue
        row = teachers[j, : own + 1]
        length = np.copysign(_norm(row), -row[own])
        reflectors[j, : own + 1] = row
        reflectors[j, own] -= length
        _reflect(teachers[:j], reflectors[j : j + 1])
        teachers[j, :own] = 0.0
        teachers[j, own] = length
    return TriangularTeachers(teachers, reflectors)


def turn(rows: NDArray[np.float64], reflectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rows (..., d) in the inputs of the triangular teachers."""
    turned = rows.reshape(-1, rows.shape[-1]).copy()
    _reflect(turned, reflectors[::-1])
    return turned.reshape(rows.shape)


def turn_back(rows: NDArray[np.float64], reflectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return rows (..., d) in the inputs from before `turn`."""
    return turn(rows, reflectors[::-1])


@compiled_and_kept(error_model="numpy")
def _norm(row):
    squared = 0.0
    for entry in row:
        squared += entry * entry
    return np.sqrt(squared)


@compiled_and_kept(error_model="numpy")
def _reflect(rows, reflectors):
    """Reflect rows (m, d) by each reflector in turn, in place."""
    for r in range(reflectors.shape[0]):
        squared = 0.0
        for a in range(rows.shape[1]):
            squared += reflectors[r, a] * reflectors[r, a]
        if squared == 0.0:
            continue
        for i in range(rows.shape[0]):
            along = 0.0
            for a in range(rows.shape[1]):
                along += rows[i, a] * reflectors[r, a]
            for a in range(rows.shape[1]):
                rows[i, a] -= 2.0 * along / squared * reflectors[r, a]
