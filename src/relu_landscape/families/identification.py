"""Which family a critical point belongs to.

II_m and I_{k-m} have the same isotropy Delta(S_{k-m} x S_m) and the same signs on the diagonal, so
what tells them apart is what becomes of the point as k grows: as II_m, m neurons ~ -e_i stay and
the others multiply, and the loss goes to 0; as I_m, m neurons ~ +e_i stay, and the loss goes to
1/2 - 1/pi. Both ways are followed, where they can be, and both losses are kept. The name that the
limit suggests is confirmed by following the family itself to the size of the point.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, real_array, real_number
from relu_landscape.families.family import Family, family_space, solve_family
from relu_landscape.families.intermediate import intermediate_point, intermediate_space
from relu_landscape.symmetry.arithmetic import FLOAT64, Real, digits_for, extended, to_float64
from relu_landscape.symmetry.continuation import (
    LARGEST_MOVE,
    SolveError,
    continue_in_k,
    solve_critical_point,
)
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.recognition import recognise_isotropy
from relu_landscape.symmetry.reduced import ReducedLoss

FAR_K: Final = 1e5
# At FAR_K the loss of II_m is 0.297 m/k and that of A and I_m is 0.425 k^{-1/2} below its limit.
LIMIT_TOLERANCE: Final = 2e-3
SAME_POINT: Final = 1e-8
LIMIT_OF_I: Final = 0.5 - 1 / math.pi


@dataclass(frozen=True)
class Identification:
    """The name of a critical point, if it has one, and what decided it.

    family: None if it is none of A, I_m, II_m; m: neurons that stay as k grows, 0 for A; isotropy:
    name of its isotropy subgroup; loss: F at the point; loss_as_I, loss_as_II: F after following
    the point to k = 1e5 with the neurons ~ +e_i, respectively ~ -e_i, kept in number; nan if there
    are no two blocks of opposite signs, the growing block has a single neuron, or the path ends.
    """

    family: Family | None
    m: int
    isotropy: str
    loss: float
    loss_as_I: float
    loss_as_II: float


@checked_arguments(W=real_array, tolerance=real_number)
def identify_family(W: ArrayLike, *, tolerance: float = 1e-5) -> Identification:
    """Name the family of a critical point of F with n = k and teacher V = I.

    Args:
        W: students at a critical point, (k, k), in any order, up to noise below the tolerance.
        tolerance: entries closer than this are equal.

    Returns:
        The family, or None with the isotropy; a global minimum belongs to none.

    Raises:
        ValueError: W is not a square matrix, or not at a critical point.
        SolveError: Newton's method found no critical point next to W.

    Source: AF22 for the families; the criterion is ours.
    """
    weights = np.asarray(W, dtype=np.float64)
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1]:
        raise ValueError(f"W has shape {weights.shape}; families are those of n = k, (k, k)")
    found = recognise_isotropy(weights, tolerance=tolerance)
    space, parameters = found.space, _polished(found.space, found.parameters)
    loss = float(ReducedLoss(space).loss(parameters))
    as_I = as_II = math.nan
    name: tuple[Family, int] | None = None
    if len(space.blocks) == 1:
        as_I = _loss_far_away(parameters, space.k, kept=0)
        name = (Family.A, 0) if _near(as_I, LIMIT_OF_I) else None
    elif len(space.blocks) == 2 and np.prod(np.sign(parameters[space.layout.own])) < 0:
        plus = int(np.argmax(parameters[space.layout.own]))
        kept_plus, kept_minus = int(space.blocks[plus]), int(space.blocks[1 - plus])
        grown_minus = parameters if plus == 1 else _swap_blocks(space, parameters)
        grown_plus = parameters if plus == 0 else _swap_blocks(space, parameters)
        as_I = _loss_far_away(grown_minus, space.k, kept=kept_plus)
        as_II = _loss_far_away(grown_plus, space.k, kept=kept_minus)
        if _near(as_II, 0.0):
            name, parameters = (Family.II, kept_minus), grown_plus
        elif _near(as_I, LIMIT_OF_I):
            name, parameters = (Family.I, kept_plus), grown_minus
    if name is None or not _is_member(*name, float(space.k), parameters):
        return Identification(None, 0, space.isotropy, loss, as_I, as_II)
    return Identification(*name, space.isotropy, loss, as_I, as_II)


def between_families(W: ArrayLike, *, tolerance: float = 1e-5) -> int | None:
    """Return q if a point is the minimum between II_q and I_{k-q-1}, up to the order of neurons.

    Args:
        W: students, (k, k), in any order, up to noise below the tolerance.
        tolerance: entries closer than this are equal.

    Returns:
        q, or None for any other point.

    Raises:
        ValueError: W is not a finite square matrix.
    """
    found = recognise_isotropy(W, tolerance=tolerance)
    space = found.space
    if space.extra or len(space.blocks) != 3 or space.blocks[2] != 1:
        return None
    # The blocks come by size, and q < k/2 wherever such a minimum was seen.
    k, q = round(float(space.k)), round(float(space.blocks[1]))
    try:
        known = intermediate_space(k, q).embed(intermediate_point(k, q))
    except (SolveError, ValueError):
        return None
    return q if np.abs(space.embed(found.parameters) - known).max() <= tolerance else None


def _near(value: float, limit: float) -> bool:
    return abs(value - limit) <= LIMIT_TOLERANCE


def _polished(space: FixedPointSpace, parameters: NDArray[np.float64]) -> NDArray[np.float64]:
    solution = solve_critical_point(ReducedLoss(space), parameters)
    if not solution.displacement <= LARGEST_MOVE:
        raise ValueError(
            "W is not at a critical point: Newton's method moves it by "
            f"{solution.displacement:.2g} (allowed {LARGEST_MOVE}); polish it first"
        )
    return to_float64(solution.parameters)


def _is_member(family: Family, m: int, k: float, parameters: NDArray[np.float64]) -> bool:
    """Confirm that the family itself, followed down to this k, is the same point."""
    try:
        member = solve_family(family, m, 0, k, FLOAT64)[1].parameters
    except SolveError:
        return False
    return bool(np.abs(member - parameters).max() <= SAME_POINT)


def _swap_blocks(space: FixedPointSpace, parameters: NDArray[np.float64]) -> NDArray[np.float64]:
    """Parameters of the same point with its two blocks in the other order."""
    layout, swapped = space.layout, FixedPointSpace(space.blocks[::-1])
    own, rest = layout.own[::-1], layout.rest[::-1, ::-1]
    return to_float64(swapped.vector(parameters[own], parameters[rest]))


def _loss_far_away(parameters: NDArray[np.float64], k: Real, *, kept: int) -> float:
    """F at FAR_K if the second block keeps its size and the first one grows."""
    if k - kept == 1:
        # One neuron has no value on other coordinates of its block: nothing to start from.
        return math.nan

    def space_at(at: Real) -> FixedPointSpace:
        return family_space(kept, 0, at)

    arithmetic = extended(digits_for(FAR_K))
    reduced = ReducedLoss(space_at(arithmetic.number(FAR_K)), arithmetic)
    try:
        point = continue_in_k(space_at, float(k), parameters, FAR_K)
        return float(reduced.loss(solve_critical_point(reduced, point).parameters))
    except SolveError:
        return math.nan
