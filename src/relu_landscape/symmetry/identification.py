"""Which family a critical point belongs to.

II_m and I_{k-m} have the same isotropy Delta(S_{k-m} x S_m) and the same signs on the diagonal, so
what tells them apart is what becomes of the point as k grows: as II_m, m neurons ~ -e_i stay and
the others multiply, and the loss goes to 0; as I_m, m neurons ~ +e_i stay, and the loss goes to
1/2 - 1/pi. Both ways are followed, where they can be, and both losses are kept.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.symmetry.arithmetic import Real, digits_for, extended
from relu_landscape.symmetry.families import Family, family_space
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.newton import SolveError, continue_in_k, solve_critical_point
from relu_landscape.symmetry.recognition import recognise_isotropy
from relu_landscape.symmetry.reduced import ReducedLoss

FAR_K: Final = 1e6
# At FAR_K the loss of II_m is 0.297 m/k and that of A and I_m is 0.425 k^{-1/2} below its limit.
LIMIT_TOLERANCE: Final = 2e-3
LIMIT_OF_I: Final = 0.5 - 1 / math.pi


@dataclass(frozen=True)
class Identification:
    """The name of a critical point, if it has one, and what decided it.

    family: None if it is none of A, I_m, II_m; m: neurons that stay as k grows, 0 for A; isotropy:
    name of its isotropy subgroup; loss: F at the point; loss_as_I, loss_as_II: F after following
    the point to k = 1e6 with the neurons ~ +e_i, respectively ~ -e_i, kept in number; nan if there
    are no two blocks of opposite signs, the multiplying block has a single neuron, or the path ends.
    """

    family: Family | None
    m: int
    isotropy: str
    loss: float
    loss_as_I: float
    loss_as_II: float


def identify_family(W: ArrayLike, *, tolerance: float = 1e-5) -> Identification:
    """Name the family of a critical point of F with n = k and teacher V = I.

    Args:
        W: students at a critical point, (k, k), in any order, up to noise below the tolerance.
        tolerance: entries closer than this are equal.

    Returns:
        The family, or None with the isotropy; a global minimum belongs to none.

    Raises:
        NoBlockStructure: the isotropy is not a diagonal product of symmetric groups.
        ValueError: W is not a square matrix.

    Source: AF22 for the families; the criterion is ours.
    """
    weights = np.asarray(W, dtype=np.float64)
    if weights.ndim != 2 or weights.shape[0] != weights.shape[1]:
        raise ValueError(f"W has shape {weights.shape}; families are those of n = k, (k, k)")
    found = recognise_isotropy(weights, tolerance=tolerance)
    space, parameters = found.space, found.parameters
    loss = float(ReducedLoss(space).loss(parameters))
    as_I = as_II = math.nan
    family, m = None, 0
    if len(space.blocks) == 1:
        as_I = _loss_far_away(lambda k: family_space(0, 0, k), space.k, parameters)
        if _near(as_I, LIMIT_OF_I):
            family = Family.A
    elif len(space.blocks) == 2:
        first, second = np.sign(parameters[space.layout.own])
        if first * second < 0:
            plus = 0 if first > 0 else 1
            kept_plus = _follow_with_block_kept(space, parameters, plus)
            kept_minus = _follow_with_block_kept(space, parameters, 1 - plus)
            as_I, as_II = kept_plus, kept_minus
            if _near(as_II, 0.0):
                family, m = Family.II, int(space.blocks[1 - plus])
            elif _near(as_I, LIMIT_OF_I):
                family, m = Family.I, int(space.blocks[plus])
    return Identification(family, m, space.isotropy, loss, as_I, as_II)


def _near(value: float, limit: float) -> bool:
    return abs(value - limit) <= LIMIT_TOLERANCE


def _follow_with_block_kept(
    space: FixedPointSpace, parameters: NDArray[np.float64], kept: int
) -> float:
    """F at FAR_K if one of two blocks keeps its size and the other one grows."""
    size = int(space.blocks[kept])
    if space.blocks[1 - kept] == 1:
        # One neuron has no value on other coordinates of its block: nothing to start from.
        return math.nan
    swapped = parameters if kept == 1 else _swap_blocks(space, parameters)
    return _loss_far_away(lambda k: family_space(size, 0, k), space.k, swapped)


def _swap_blocks(
    space: FixedPointSpace, parameters: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Parameters of the same point with its two blocks in the other order."""
    layout, swapped = space.layout, FixedPointSpace(space.blocks[::-1])
    return swapped.vector(parameters[layout.own][::-1], parameters[layout.rest][::-1, ::-1])


def _loss_far_away(
    space_at: Callable[[Real], FixedPointSpace], k: Real, parameters: NDArray[np.float64]
) -> float:
    try:
        known = solve_critical_point(ReducedLoss(space_at(float(k))), parameters).parameters
        point = continue_in_k(space_at, float(k), known, FAR_K)
        arithmetic = extended(digits_for(FAR_K))
        reduced = ReducedLoss(space_at(arithmetic.number(FAR_K)), arithmetic)
        return float(reduced.loss(solve_critical_point(reduced, point).parameters))
    except (SolveError, np.linalg.LinAlgError, ZeroDivisionError):
        return math.nan
