"""Sets of teachers: equiangular, orthogonal of unequal norms, random unit vectors.

The loss depends on inner products alone, so V may be replaced by any matrix with its Gram matrix;
with d > k the symmetric root of V V^T stands for V, and restarts begin in the span of the teachers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.families.random_teachers import gram_root
from relu_landscape.general_teachers.settings import Searches
from relu_landscape.general_teachers.tables import KindOfTeachers

# Eigenvectors differ in their last bits from one processor to another. Entries of a root are
# multiples of this, far below what any level hangs on, so that descent has the same bits too.
_GRID = 2.0**-40


@dataclass(frozen=True)
class GeneralTarget:
    """One set of teachers, with the numbers of students and of restarts to try at it.

    kind: what they are; name: of the teachers; V: (k, at most k), the teachers or the root of their
    Gram matrix; d: inputs in which they were drawn or stand; extra_students: values of n - k;
    runs: restarts at each.
    """

    kind: KindOfTeachers
    name: str
    V: NDArray[np.float64]
    d: int
    extra_students: Sequence[int]
    runs: int

    @property
    def correlation(self) -> float:
        """Mean cosine of the angle of two teachers, over all pairs."""
        units = self.V / np.linalg.norm(self.V, axis=1, keepdims=True)
        k = len(units)
        return float((np.sum(units @ units.T) - k) / (k * (k - 1)))


def targets_of(searches: Searches) -> Iterator[GeneralTarget]:
    """Yield every set of teachers that the config names, in its order."""
    equiangular = searches.equiangular
    k = equiangular.teachers
    for correlation in equiangular.correlations:
        yield GeneralTarget(
            "equiangular",
            f"correlation {correlation:g}",
            equiangular_teachers(k, correlation),
            k,
            equiangular.extra_students,
            equiangular.runs,
        )
    for listed in searches.norms:
        k = len(listed.norms)
        yield GeneralTarget(
            "norms", f"norms {listed.name}", np.diag(listed.norms), k, (0,), listed.runs
        )
    for draws in searches.random:
        for draw in range(draws.first_draw, draws.first_draw + draws.draws):
            yield GeneralTarget(
                "random",
                f"draw {draw}",
                teachers_of_draw(draws.teachers, draws.inputs, draw),
                draws.inputs,
                draws.extra_students,
                draws.runs,
            )
    rebuilt = searches.rebuilt
    k = rebuilt.teachers
    yield GeneralTarget(
        "rebuilt",
        f"rebuilt draw {rebuilt.draw}",
        teachers_of_draw(k, k, rebuilt.draw),
        k,
        (0,),
        rebuilt.runs,
    )


def equiangular_teachers(k: int, correlation: float) -> NDArray[np.float64]:
    """Return k unit teachers with one inner product between any two, (k, k), symmetric.

    V = a I + b 1 1^T is the root of (1 - rho) I + rho 1 1^T.

    Args:
        k: number of teachers.
        correlation: rho, above -1/(k - 1) and below 1.
    """
    own = np.sqrt(1.0 - correlation)
    shared = (np.sqrt(1.0 + (k - 1) * correlation) - own) / k
    teachers: NDArray[np.float64] = own * np.eye(k) + shared
    return teachers


def teachers_of_draw(k: int, d: int, draw: int) -> NDArray[np.float64]:
    """Return k random unit teachers in R^d, or with d > k the root of their Gram matrix, (k, k).

    Each row is a normal vector over its norm, all of NumPy's `default_rng(draw)`: anyone can draw
    them again in a line.

    Args:
        k: number of teachers.
        d: number of inputs.
        draw: seed.
    """
    normal = np.random.default_rng(draw).standard_normal((k, d))
    teachers: NDArray[np.float64] = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return rounded_root(teachers) if d > k else teachers


def rounded_root(V: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the symmetric root of V V^T, (k, k), with entries rounded to 2^-40."""
    root: NDArray[np.float64] = np.rint(gram_root(V) / _GRID) * _GRID
    return root
