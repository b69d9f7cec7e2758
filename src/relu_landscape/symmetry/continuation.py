"""Newton's method for critical points of the reduced loss, and continuation of them in k."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from relu_landscape.arguments import (
    checked_arguments,
    extended_array,
    extended_number,
    function,
    instance_of,
)
from relu_landscape.symmetry.arithmetic import (
    FLOAT64,
    Arithmetic,
    Numbers,
    Real,
    digits_for,
    extended,
    to_float64,
)
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.reduced import ReducedLoss

STEP_BUDGET: Final = 40
# In float64 the last steps are rounding, of size eps k at worst; an extended solve goes on from
# there, so this much is enough to be next to the right point.
SETTLED: Final = 1e-5
CONVERGED: Final = 1e-3
LARGEST_MOVE: Final = 0.1
_LARGE_WEIGHT: Final = 10.0
LARGEST_FLOAT64_K: Final = 1e5
LARGEST_STEP: Final = 1.0
LARGEST_POWER: Final = 3.0
FIRST_STEP: Final = 0.05
SMALLEST_STEP: Final = 1e-4


class SolveError(ArithmeticError):
    """No critical point was reached."""


@dataclass(frozen=True)
class Solution:
    """A critical point of a reduced loss.

    parameters: (dimension,) in the arithmetic of the loss; displacement: Frobenius distance of the
    weights from where Newton's method started; residual: length of its last step.
    """

    parameters: Numbers
    displacement: float
    residual: float


def _any_numbers(values: Any, name: str) -> Numbers:
    """As `extended_array`, but for what overflowed on the way: from there no step settles."""
    if type(values) is np.ndarray and values.dtype == np.float64:
        return values
    return extended_array(values, name)


@checked_arguments(reduced=instance_of(ReducedLoss), start=_any_numbers)
def solve_critical_point(reduced: ReducedLoss, start: Numbers) -> Solution:
    """Solve grad F = 0 in the fixed-point space by Newton's method.

    Steps are taken in the coordinates in which a parameter counts with the square root of its
    number of entries, until one is so short that the next would be rounding (they shrink
    quadratically), or until they no longer shrink.

    Args:
        reduced: the loss and the numbers to calculate with.
        start: (dimension,).

    Returns:
        The critical point; nothing is said about its distance from the start or its index.

    Raises:
        SolveError: the steps did not shrink to rounding, or the Hessian is singular.

    Source: Newton's method.
    """
    arithmetic = reduced.arithmetic
    scale = arithmetic.sqrt(reduced.entry_counts)
    origin = arithmetic.array(reduced.space.require_parameters(start))
    point, last = origin, math.inf
    for _ in range(STEP_BUDGET):
        gradient = reduced.gradient(point) / scale
        hessian = reduced.hessian(point) / (scale[:, None] * scale[None, :])
        try:
            step = arithmetic.solve(hessian, gradient)
        except (np.linalg.LinAlgError, ZeroDivisionError):  # singular, in either arithmetic
            break
        length = float(arithmetic.norm(step))
        if not math.isfinite(length):
            break
        stagnated = last < SETTLED and length >= last / 2
        if not stagnated:
            point, last = point - step / scale, length
        if stagnated or length < CONVERGED * math.sqrt(arithmetic.eps):
            displacement = float(arithmetic.norm((point - origin) * scale))
            return Solution(point, displacement, last)
    raise SolveError(
        f"Newton's method did not settle in Fix({reduced.space.isotropy}) with "
        f"{reduced.space.extra} further neurons: its last step had length {last:.1e}; start "
        "closer, or follow the point from a k at which it is known"
    )


@checked_arguments(
    space_at=function, known_k=extended_number, known=extended_array, k=extended_number
)
def continue_in_k(
    space_at: Callable[[Real], FixedPointSpace], known_k: float, known: Numbers, k: float
) -> Numbers:
    """Follow a critical point from one k to another.

    Steps in log k, each predicted by continuing the last change of every parameter as a power of
    k; a step is halved if Newton's method moves the prediction by more than `largest_move`, which
    is small against the distances between critical points, or fails. Float64 carries the path as
    far as LARGEST_FLOAT64_K; beyond, each point is solved in extended precision.

    Args:
        space_at: the fixed-point space at each k; all have the same parameters.
        known_k: where the point is known.
        known: (dimension,) the point there.
        k: where it is wanted.

    Returns:
        The point at k, (dimension,), in float64.

    Raises:
        SolveError: the path could not be followed with steps above SMALLEST_STEP.

    Source: predictor-corrector continuation.
    """
    goal, here = math.log(k), math.log(known_k)
    point = to_float64(known)
    slope = np.zeros_like(point)
    step = math.copysign(FIRST_STEP, goal - here)
    while here != goal:
        there = goal if abs(goal - here) <= abs(step) else here + step
        at = k if there == goal else math.exp(there)
        prediction = point * np.exp(slope * (there - here))
        solution = _solve_near(ReducedLoss(space_at(at), _arithmetic_at(at)), prediction)
        if solution is None:
            step /= 2
            if abs(step) < SMALLEST_STEP:
                raise SolveError(
                    f"lost the point at k = {math.exp(here)}, followed from k = {known_k} to {k}: "
                    "it may end in a fold there"
                )
            continue
        reached = to_float64(solution.parameters)
        slope = _power(point, reached, there - here)
        if solution.displacement < largest_move(reached) / 10:
            step = math.copysign(min(1.5 * abs(step), LARGEST_STEP), step)
        point, here = reached, there
    return point


def _arithmetic_at(k: float) -> Arithmetic:
    return FLOAT64 if k <= LARGEST_FLOAT64_K else extended(digits_for(k))


def _solve_near(reduced: ReducedLoss, prediction: Numbers) -> Solution | None:
    try:
        solution = solve_critical_point(reduced, prediction)
    except SolveError:
        return None
    return solution if solution.displacement <= largest_move(solution.parameters) else None


def largest_move(parameters: Numbers) -> float:
    """Return by how much Newton's method may move a guess of a point with these parameters.

    Fewer neurons than teachers have weights of order k, and as far from one another are their
    critical points.
    """
    return LARGEST_MOVE * max(1.0, float(np.abs(to_float64(parameters)).max()) / _LARGE_WEIGHT)


def _power(before: Numbers, after: Numbers, change: float) -> Numbers:
    """Exponents of k of the parameters; zero where one of them vanishes or changes its sign."""
    same_sign = before * after > 0
    ratio = np.where(same_sign, after, 1.0) / np.where(same_sign, before, 1.0)
    # No entry of a family falls faster than k^-3; one that is next to zero seems to do anything.
    exponents: Numbers = np.clip(np.log(ratio) / change, -LARGEST_POWER, LARGEST_POWER)
    return exponents
