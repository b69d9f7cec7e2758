"""Symmetric critical points of leaky networks, followed in the slope s from the ReLU, s = 0."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import (
    checked_arguments,
    extended_number,
    optional,
    real_number,
    text,
    whole_number,
)
from relu_landscape.families.family import Family, checked_family, family_space, starting_guess
from relu_landscape.leaky.coupling import CoupledReducedLoss, coupling_of
from relu_landscape.symmetry.arithmetic import FLOAT64
from relu_landscape.symmetry.continuation import LARGEST_MOVE, SolveError, solve_critical_point
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import (
    Eigenvalue,
    blocks_of_reduced,
    eigenvalues_of_blocks,
    morse_index,
)
from relu_landscape.symmetry.refinement import refine_blocks

# From some k on, between 440 and 450, the two folds of A have met and it does not end in one.
LARGEST_K: Final = 100.0
LARGEST_STEP: Final = 0.05
SMALLEST_STEP: Final = 1e-6


@dataclass(frozen=True)
class LeakyCriticalPoint:
    """A critical point of F_s in the fixed-point space of a family.

    family, k, m, slope: its name, m = 0 for A, and s; space: the fixed-point space; parameters:
    (dimension,) named by `space.parameter_names`.
    """

    family: Family
    k: float
    m: int
    slope: float
    space: FixedPointSpace
    parameters: NDArray[np.float64]

    @property
    def share(self) -> float:
        """(1 - s)^2, the factor of all losses and curvatures."""
        return (1.0 - self.slope) ** 2

    @cached_property
    def loss(self) -> float:
        """F_s."""
        coupled = CoupledReducedLoss(self.space, FLOAT64, coupling_of(self.slope))
        return float(self.share * coupled.loss(self.parameters))

    @cached_property
    def spectrum(self) -> tuple[Eigenvalue, ...]:
        """Distinct Hessian eigenvalues, ascending, with multiplicities that add up to k^2."""
        refined = refine_blocks(self.space.with_sizes_in(FLOAT64))
        coupled = CoupledReducedLoss(refined.fine, FLOAT64, coupling_of(self.slope))
        rows = eigenvalues_of_blocks(blocks_of_reduced(refined, coupled, self.parameters), FLOAT64)
        return tuple(
            Eigenvalue(self.share * row.value, row.multiplicity, row.irrep) for row in rows
        )

    @property
    def smallest(self) -> Eigenvalue:
        """The smallest Hessian eigenvalue."""
        return self.spectrum[0]

    @property
    def index(self) -> float:
        """Number of negative Hessian eigenvalues; an integer if k is one."""
        return morse_index(self.spectrum)

    def at(self, slope: float) -> LeakyCriticalPoint:
        """Return the point of the same family at another slope, followed from this one.

        Raises:
            SolveError: it was lost on the way.
        """
        moved = _follow(self.space, self.parameters, self.slope, slope)
        return LeakyCriticalPoint(self.family, self.k, self.m, slope, self.space, moved)

    def weights(self) -> NDArray[np.float64]:
        """Return W, (k, k).

        Raises:
            ValueError: k is not a whole number.
        """
        return self.space.embed(self.parameters)


@checked_arguments(family=text, k=extended_number, slope=real_number, m=optional(whole_number))
def leaky_critical_point(
    family: str, k: float, slope: float, *, m: int | None = None
) -> LeakyCriticalPoint:
    """Return the critical point of a symmetric family for the activation max(z, s z), V = I_k.

    The point of the ReLU is followed in s, in float64.

    Args:
        family: "A", "I" or "II", see `families.family`.
        k: number of teachers, any real number from m + 3 to 100.
        slope: s, -1 <= s < 1; 1/s has the same points, and a loss 1/s^2 times as large.
        m: neurons in the second block, for families I and II.

    Raises:
        ValueError: no such family, or an m, k or slope out of range.
        SolveError: the family does not reach this slope, or could not be followed to it.

    Source: derived.
    """
    name, block = checked_family(family, m, 0)
    if not block + 3 <= k <= LARGEST_K:
        raise ValueError(f"k = {k} with m = {block}; needs any number from m + 3 to {LARGEST_K:g}")
    if not -1.0 <= slope < 1.0:
        raise ValueError(
            f"slope = {slope}; needs -1 <= slope < 1: beyond, 1/slope has the same critical points"
        )
    space = family_space(block, 0, float(k))
    guess = starting_guess(name, block, 0, float(k))
    known = solve_critical_point(CoupledReducedLoss(space), guess).parameters
    return LeakyCriticalPoint(name, float(k), block, 0.0, space, known).at(slope)


def follow_family(
    family: str, m: int | None, k: float, slopes: Sequence[float]
) -> Iterator[LeakyCriticalPoint]:
    """The points of a family at those of the slopes that it reaches, ascending.

    Arguments as of `leaky_critical_point`.
    """
    start = leaky_critical_point(family, k, 0.0, m=m)
    yield from reversed(_chain(start, sorted((s for s in slopes if s < 0), reverse=True)))
    yield from _chain(start, sorted(s for s in slopes if s >= 0))


def _chain(start: LeakyCriticalPoint, slopes: Sequence[float]) -> list[LeakyCriticalPoint]:
    """The points at slopes in order away from the start, until one is not reached."""
    points: list[LeakyCriticalPoint] = []
    for slope in slopes:
        try:
            points.append((points[-1] if points else start).at(slope))
        except SolveError:
            break
    return points


def _follow(
    space: FixedPointSpace, known: NDArray[np.float64], known_slope: float, slope: float
) -> NDArray[np.float64]:
    """Parameters at another slope; a step is halved if it fails or moves the point too far."""
    here, point = known_slope, known
    step = math.copysign(LARGEST_STEP, slope - here)
    while here != slope:
        there = slope if abs(slope - here) <= abs(step) else here + step
        reached = _reached(CoupledReducedLoss(space, FLOAT64, coupling_of(there)), point)
        if reached is not None:
            point, here = reached, there
            continue
        step /= 2
        if abs(step) < SMALLEST_STEP:
            raise SolveError(
                f"lost the point at s = {here}, followed from s = {known_slope} to {slope}: it may "
                "end in a fold there"
            )
    return point


def _reached(coupled: CoupledReducedLoss, start: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The critical point next to a start, if there is one."""
    try:
        solution = solve_critical_point(coupled, start)
    except SolveError:
        return None
    return solution.parameters if solution.displacement <= LARGEST_MOVE else None
