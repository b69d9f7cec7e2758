"""The branches of fewer students than teachers for the ReLU, with outputs 1.

Newton's method from the plain copies and averages may land on another critical point: at k = 20, n
= 10 it does. So a branch is followed from (k, n) = (8, 4), where descent finds both points, to the
size that is asked for, along the path on which the logarithms of the sizes of both blocks change in
proportion.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

import numpy as np

from relu_landscape.fewer_students.copy_branches import CopyBranch, SolvedBranch, branch_space
from relu_landscape.fewer_students.one_student import one_student_coordinate
from relu_landscape.symmetry.arithmetic import Arithmetic, Numbers, Real, digits_for, extended
from relu_landscape.symmetry.continuation import (
    SolveError,
    continue_in_k,
    largest_move,
    solve_critical_point,
)
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import isotypic_spectrum
from relu_landscape.symmetry.reduced import ReducedLoss

KNOWN_SIZE: Final = (8.0, 4.0)
KNOWN: Final = {
    CopyBranch.COPY_AVERAGE: (
        *(1.80674853166, -0.117031881574, 0.106125344412),
        *(-0.484139250951, 0.739446358782),
    ),
    CopyBranch.PERTURBED_COPY: (1.72091098806, -0.20920894241, 0.261830324294),
}
"""Parameters at k = 8, n = 4, starting guesses; found by descent, derived."""

# A block of one copy has one parameter less; the branch is followed to just above that size.
_ALMOST_ONE: Final = 1.0 + 2.0**-10


def solve_relu_branch(branch: CopyBranch, k: float, n: float) -> SolvedBranch:
    """Return the point of a branch at k and n, in extended precision.

    Raises:
        SolveError: the branch could not be followed to this size.
    """
    arithmetic = extended(digits_for(k))
    space = branch_space(branch, arithmetic.number(k), arithmetic.number(n))
    parameters = solve_from(space, starting_guess(branch, k, n), arithmetic)
    return SolvedBranch(
        space=space,
        parameters=parameters,
        outputs=np.ones(len(space.row_sizes)),
        loss=ReducedLoss(space, arithmetic).loss(parameters),
        spectrum=tuple(isotypic_spectrum(space, parameters, arithmetic)),
    )


def solve_from(space: FixedPointSpace, guess: Numbers, arithmetic: Arithmetic) -> Numbers:
    """Return the parameters of the critical point next to a guess.

    Raises:
        SolveError: Newton's method did not settle next to it.
    """
    solution = solve_critical_point(ReducedLoss(space, arithmetic), guess)
    if not solution.displacement <= largest_move(solution.parameters):
        raise SolveError(
            f"Newton's method left the neighbourhood of the branch at k = {float(space.k):g} in "
            f"Fix({space.isotropy}): it moved by {solution.displacement:.2g}"
        )
    return solution.parameters


def starting_guess(branch: CopyBranch, k: float, n: float) -> Numbers:
    """Return parameters near the point of a branch at k and n, (dimension,), in float64.

    Raises:
        SolveError: the branch could not be followed to this size.
    """
    if n == 1:
        return np.array([one_student_coordinate(k)])
    return follow_branch(branch, KNOWN_SIZE, np.array(KNOWN[branch]), k, n)


def follow_branch(
    branch: CopyBranch, known_size: tuple[float, float], known: Numbers, k: float, n: float
) -> Numbers:
    """Follow a branch from a size (k, n) at which it is known, with two copies or more, to another.

    Returns:
        Parameters near the point at k and n, (dimension,), in float64.

    Raises:
        SolveError: the path could not be followed.
    """
    start, goal = branch_space(branch, *known_size), branch_space(branch, float(k), float(n))
    rates = [
        math.log(max(end, _ALMOST_ONE) / size)
        for end, size in zip(goal.blocks, start.blocks, strict=True)
    ]
    length = max(map(abs, rates))
    if not length:
        return known

    def space_at(at: Real) -> FixedPointSpace:
        share = math.log(at) / length
        sizes = zip(start.blocks, rates, strict=True)
        return replace(start, blocks=tuple(size * math.exp(rate * share) for size, rate in sizes))

    near = continue_in_k(space_at, 1.0, known, math.exp(length))
    named = dict(zip(start.parameter_names, near, strict=True))
    return np.array([named[name] for name in goal.parameter_names])
