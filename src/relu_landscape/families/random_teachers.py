"""A symmetric minimum followed to random unit teachers in R^d.

The loss depends on inner products alone, so k teachers V in R^d may be replaced by the symmetric
root of their Gram matrix, (V V^T)^{1/2}: k teachers in R^k, near the identity if they are nearly
orthogonal. The further d - k inputs all see the same block of the Hessian: one of them is enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.families.critical_point import symmetric_critical_point
from relu_landscape.families.perturbation import Persistence, PerturbedPoint, follow_to_teacher
from relu_landscape.minima import smallest_eigenpair
from relu_landscape.objective import population_hessian, population_loss
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.families.settings import RandomTeachers

FAMILY, BLOCK = "II", 1


@dataclass(frozen=True)
class FollowedMinimum:
    """A minimum followed to random teachers, in k inputs of their span and one off it.

    drawn: (k, d) the teachers; teachers: (k, k + 1), with the same inner products; weights:
    (k, k + 1), the point, or where its path ended; found: what became of it in the span.
    """

    drawn: NDArray[np.float64]
    teachers: NDArray[np.float64]
    weights: NDArray[np.float64]
    found: PerturbedPoint


def gram_root(V: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the symmetric root of V V^T, (k, k): teachers with the inner products of V (k, d)."""
    squares, axes = np.linalg.eigh(V @ V.T)
    root: NDArray[np.float64] = (axes * np.sqrt(squares.clip(min=0))) @ axes.T
    return root


def random_unit_teachers(k: int, d: int, *, seed: int, sample: int) -> NDArray[np.float64]:
    """Return k teachers drawn uniformly from the unit sphere of R^d, (k, d).

    Args:
        k: number of teachers.
        d: number of inputs.
        seed, sample: the draw depends on (seed, k, d, sample) alone.
    """
    drawn = indexed_generator(seed, k, d, sample).normal(size=(k, d))
    teachers: NDArray[np.float64] = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return teachers


def follow_to_random_teachers(k: int, d: int, *, seed: int, sample: int) -> FollowedMinimum:
    """Return what becomes of II_1 at a draw of `random_unit_teachers`; arguments as there.

    Source: S18, abstract; the path along which it is followed is ours.
    """
    drawn = random_unit_teachers(k, d, seed=seed, sample=sample)
    teachers = gram_root(drawn)
    found = follow_to_teacher(symmetric_critical_point(FAMILY, k, m=BLOCK).weights(), teachers)
    weights, padded = (np.pad(rows, [(0, 0), (0, 1)]) for rows in (found.weights, teachers))
    return FollowedMinimum(drawn, padded, weights, found)


def random_teacher_records(settings: RandomTeachers) -> list[dict[str, Any]]:
    """Return one record a draw of teachers: what became there of the minimum II_1."""
    return [
        {"k": settings.teachers, "d": d, "sample": sample}
        | _record(
            follow_to_random_teachers(settings.teachers, d, seed=settings.seed, sample=sample)
        )
        for d in settings.inputs
        for sample in range(settings.samples)
    ]


def _record(followed: FollowedMinimum) -> dict[str, Any]:
    found, drawn = followed.found, followed.drawn
    record = {
        "largest_correlation": float(np.abs(drawn @ drawn.T - np.eye(len(drawn))).max()),
        "outcome": found.outcome.value,
        "reached": found.reached,
        "loss": None,
        "smallest_eigenvalue": found.smallest_eigenvalue,
    }
    if found.reached == 1:
        W, V = followed.weights, followed.teachers
        softest = smallest_eigenpair(population_hessian(W, V), W, V)
        outcome = Persistence.of_eigenvalue(softest.value, softest.error)
        record |= {
            "outcome": outcome.value,
            "loss": population_loss(W, V),
            "smallest_eigenvalue": softest.value,
        }
    return record
