"""Where the smallest eigenvalue of a family vanishes: slopes at one k, and k at one slope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scipy.optimize import brentq

from relu_landscape.families.family import family_space
from relu_landscape.leaky.coupling import LEAST_COUPLING, CoupledReducedLoss, coupling_of
from relu_landscape.leaky.folds import first_fold
from relu_landscape.leaky.leaky_points import LeakyCriticalPoint, leaky_critical_point
from relu_landscape.symmetry.arithmetic import FLOAT64
from relu_landscape.symmetry.continuation import LARGEST_MOVE, SolveError, solve_critical_point

SLOPE_TOLERANCE: Final = 1e-11
SIZE_TOLERANCE: Final = 1e-11
SIZE_STEP: Final = 0.25
FOLD_SIZES: Final = (16.0, 22.0)
"""Between these k the first folds of A, I_1, I_2 and I_3 pass the absolute value."""
FOLD_TOLERANCE: Final = 1e-6


@dataclass(frozen=True)
class SlopeThreshold:
    """A slope at which the smallest eigenvalue of a family at one k changes its sign.

    slope: s; irrep: representation of that eigenvalue; index_below, index_above: Morse index at
    the slopes on either side.
    """

    slope: float
    irrep: str
    index_below: float
    index_above: float


def slope_thresholds(points: Sequence[LeakyCriticalPoint]) -> Iterator[SlopeThreshold]:
    """The slopes between neighbouring points of a family, ascending, with a sign change."""
    for below, above in pairwise(points):
        if (below.smallest.value < 0) == (above.smallest.value < 0):
            continue
        nearer = min(below, above, key=lambda point: abs(point.slope))

        def smallest(slope: float, known: LeakyCriticalPoint = nearer) -> float:
            return known.at(slope).smallest.value

        slope = float(brentq(smallest, below.slope, above.slope, xtol=SLOPE_TOLERANCE))
        yield SlopeThreshold(
            slope, nearer.at(slope).smallest.irrep, float(below.index), float(above.index)
        )


def size_threshold(family: str, m: int | None, slope: float) -> tuple[float, str] | None:
    """Return the real k from which on a family is a minimum at a slope, and the representation.

    The family is followed from k = 10 (m + 1) down until its smallest eigenvalue is negative; None
    if it is positive down to k = m + 3.

    Args:
        family: "A", "I" or "II".
        m: neurons in the second block; None for A.
        slope: s, at which the family is a minimum at k = 10 (m + 1).

    Raises:
        SolveError: it is a saddle at k = 10 (m + 1).
    """
    above = leaky_critical_point(family, 10.0 * ((m or 0) + 1), slope, m=m)
    if above.smallest.value < 0:
        raise SolveError(f"{family}, m = {m}, slope = {slope} is a saddle at k = {above.k}")
    while True:
        if above.k - SIZE_STEP <= above.m + 3:
            return None
        below = _at_size(above, above.k - SIZE_STEP)
        if below.smallest.value < 0:
            break
        above = below
    k = float(
        brentq(
            lambda size: _at_size(above, size).smallest.value,
            below.k,
            above.k,
            xtol=SIZE_TOLERANCE,
        )
    )
    return k, below.smallest.irrep


def fold_size(family: str, m: int | None) -> float:
    """Return the real k from which on a family ends in a fold before the absolute value.

    Args:
        family: "A" or "I".
        m: neurons in the second block, up to 3; None for A.

    Raises:
        ValueError: not between FOLD_SIZES.
    """

    def beyond(k: float) -> float:
        fold = first_fold(family, k, m=m)
        return (fold.coupling if fold else 2 * LEAST_COUPLING) - LEAST_COUPLING

    return float(brentq(beyond, *FOLD_SIZES, xtol=FOLD_TOLERANCE))


def _at_size(point: LeakyCriticalPoint, k: float) -> LeakyCriticalPoint:
    """The point of the same family and slope at a k nearby."""
    space = family_space(point.m, 0, k)
    coupled = CoupledReducedLoss(space, FLOAT64, coupling_of(point.slope))
    solution = solve_critical_point(coupled, point.parameters)
    if solution.displacement > LARGEST_MOVE:
        raise SolveError(f"lost {point.family}, m = {point.m}, between k = {point.k} and {k}")
    return LeakyCriticalPoint(point.family, k, point.m, point.slope, space, solution.parameters)
