"""Do the minima and their saddles survive when the teacher is no longer symmetric?

The teacher becomes V = I + eps G/sqrt(k), G with standard normal entries, and the critical point is
followed there by Newton's method on the full weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, real_array, real_number, whole_number
from relu_landscape.minima import inner_hessian, smallest_eigenpair
from relu_landscape.objective import population_hessian
from relu_landscape.search.polish import Polished, PolishOutcome, newton_polish

# Small against the distances between critical points, which are of order one.
LARGEST_MOVE: Final = 0.1
FIRST_STEP: Final = 0.01
SMALLEST_STEP: Final = 1e-5
# Next to a fold the smallest eigenvalue goes to zero like the root of what is left of the path;
# this is some ten times what SMALLEST_STEP leaves of it.
FOLD_EIGENVALUE: Final = 1e-3
LARGEST_K: Final = 16


class Persistence(StrEnum):
    """What became of a critical point; the list is closed."""

    STRICT_MINIMUM = "strict_minimum"
    SADDLE = "saddle"
    UNDECIDED = "undecided"  # the smallest eigenvalue is within its error of zero
    FOLD = "fold"  # the path ended, and the Hessian is singular there: it met another point
    LOST = "lost"  # Newton's method could not follow it, and the Hessian does not say why

    @classmethod
    def of_eigenvalue(cls, value: float, error: float) -> Persistence:
        """What a critical point is by its smallest eigenvalue and the bound on its error."""
        if abs(value) <= error:
            return cls.UNDECIDED
        return cls.STRICT_MINIMUM if value > 0 else cls.SADDLE


@dataclass(frozen=True)
class PerturbedPoint:
    """A critical point followed to a perturbed teacher.

    outcome: what became of it; weights: (n, k), where it was seen last; reached: the share of the
    perturbation at which that was, 1 unless the path ended; displacement: Frobenius distance from
    the symmetric point; smallest_eigenvalue: of the Hessian there, with the bound eigenvalue_error
    on its error; inner_smallest_eigenvalues: (n,) of A_i, neuron by neuron.
    """

    outcome: Persistence
    weights: NDArray[np.float64]
    reached: float
    displacement: float
    smallest_eigenvalue: float
    eigenvalue_error: float
    inner_smallest_eigenvalues: NDArray[np.float64]

    @property
    def every_split_descends(self) -> bool:
        """Whether splitting any one neuron leaves a negative eigenvalue."""
        return bool((self.inner_smallest_eigenvalues < -self.eigenvalue_error).all())


@checked_arguments(k=whole_number, epsilon=real_number, seed=whole_number, sample=whole_number)
def perturbed_teacher(k: int, epsilon: float, *, seed: int, sample: int) -> NDArray[np.float64]:
    """Return V = I + epsilon G/sqrt(k), (k, k).

    G depends on (k, seed, sample) alone, so that one sample is one direction at every epsilon.

    Args:
        k: number of teachers.
        epsilon: size of the perturbation, 0 or more.
        seed: of the study, 0 or more.
        sample: number of the perturbation, 0 or more.

    Raises:
        ValueError: a number is out of range.
    """
    if k < 1 or not epsilon >= 0 or min(seed, sample) < 0:
        raise ValueError(
            f"needs k >= 1, epsilon >= 0, seed >= 0, sample >= 0; got {k}, {epsilon}, {seed}, "
            f"{sample}"
        )
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k, sample)))
    teacher: NDArray[np.float64] = epsilon / np.sqrt(k) * generator.normal(size=(k, k))
    return np.eye(k) + teacher


@checked_arguments(W=real_array, V=real_array)
def follow_to_teacher(W: ArrayLike, V: ArrayLike) -> PerturbedPoint:
    """Follow a critical point for the teacher I to a teacher V, along the segment between them.

    Newton's method at each of a number of teachers in between, at most LARGEST_MOVE apart; steps
    are halved where it fails or moves further.

    Args:
        W: critical point for the teacher I, (n, k), k <= 16.
        V: teacher, (k, k).

    Returns:
        The point for the teacher V, or where its path ended, and its curvature.

    Raises:
        ValueError: shapes do not fit, or k is too large for dense Newton steps.

    Source: AF22, abstract, states that spectra persist under perturbation; the measure is ours.
    """
    start, teacher = np.array(W, dtype=np.float64), np.asarray(V, dtype=np.float64)
    k = start.shape[-1]
    if start.ndim != 2 or teacher.shape != (k, k) or k > LARGEST_K:
        raise ValueError(
            f"W has shape {start.shape} and V {teacher.shape}; needs (n, k) and (k, k) with "
            f"k <= {LARGEST_K}"
        )
    change = teacher - np.eye(k)
    size = float(np.linalg.norm(change))
    smallest = SMALLEST_STEP / max(size, SMALLEST_STEP)
    point, reached, step = start, 0.0, min(1.0, FIRST_STEP / max(size, FIRST_STEP))
    while reached < 1.0 and step >= smallest:
        trial = min(1.0, reached + step)
        result = _polish(point, np.eye(k) + trial * change)
        if result.outcome is PolishOutcome.POLISHED:
            point, reached, step = result.weights, trial, 1.5 * step
        else:
            step /= 2
    here = np.eye(k) + reached * change
    softest = smallest_eigenpair(population_hessian(point, here), point, here)
    inner = np.array(
        [np.linalg.eigvalsh(inner_hessian(point, here, i))[0] for i in range(len(point))]
    )
    return PerturbedPoint(
        outcome=_outcome(reached, softest.value, softest.error),
        weights=point,
        reached=reached,
        displacement=float(np.linalg.norm(point - start)),
        smallest_eigenvalue=softest.value,
        eigenvalue_error=softest.error,
        inner_smallest_eigenvalues=inner,
    )


def _polish(point: NDArray[np.float64], teacher: NDArray[np.float64]) -> Polished:
    return newton_polish(point, teacher, largest_displacement=LARGEST_MOVE)


def _outcome(reached: float, value: float, error: float) -> Persistence:
    if reached < 1.0:
        return Persistence.FOLD if abs(value) <= FOLD_EIGENVALUE else Persistence.LOST
    return Persistence.of_eigenvalue(value, error)
