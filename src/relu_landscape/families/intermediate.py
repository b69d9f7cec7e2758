"""Critical points between II_q and I_{k-q-1}, with one neuron on its way from e_i to -e_i.

II_q has q neurons near -e_i and I_{k-q-1} has one more. Both lie in the fixed-point space of
Delta(S_{k-q-1} x S_q x S_1), where the single neuron tells them apart. For a few q below k/2
the loss has a minimum between them, at which the own entry of that neuron may have either sign;
these are the minima with three blocks that descent meets at n = k.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.families.family import Family, family_space, starting_guess
from relu_landscape.families.reduced_descent import descend_in_space
from relu_landscape.symmetry.continuation import SolveError
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.reduced import ReducedLoss

# Closer than this to the own entry of a block, the single neuron has joined it.
LEAST_DIFFERENCE: Final = 1e-2


def intermediate_space(k: int, q: int) -> FixedPointSpace:
    """Return the fixed-point space of Delta(S_{k-q-1} x S_q x S_1): near e_i, near -e_i, between.

    Raises:
        ValueError: q is not from 1 to k - 3.
    """
    if not 1 <= q <= k - 3:
        raise ValueError(f"k = {k}, q = {q}; needs 1 <= q <= k - 3: two neurons in the first block")
    return FixedPointSpace((k - q - 1, q, 1))


def intermediate_point(k: int, q: int) -> NDArray[np.float64]:
    """Return the minimum of the loss in `intermediate_space` between II_q and I_{k-q-1}.

    Descent starts halfway between the two.

    Args:
        k: number of teachers and of students.
        q: neurons near -e_i, without the one between.

    Returns:
        Its parameters, (dimension,), as exact as float64 allows; nothing is said about the Hessian
        in directions that leave the space.

    Raises:
        ValueError: as `intermediate_space`.
        SolveError: a family cannot be followed to this k, or descent leads to one of them.

    Source: ours; Newton's method with the absolute values of the eigenvalues.
    """
    space = intermediate_space(k, q)
    start = (_member_of_II(k, q) + _member_of_I(k, q)) / 2
    point = descend_in_space(ReducedLoss(space), space.project(start))
    own = point[space.layout.own]
    if np.abs(own[2] - own[:2]).min() < LEAST_DIFFERENCE:
        raise SolveError(
            f"descent from between II_{q} and I_{k - q - 1} at k = {k} ends where the single "
            "neuron is like another one"
        )
    return point


def _member_of_II(k: int, q: int) -> NDArray[np.float64]:
    """II_q in the order of the space: the last of its k - q neurons near e_i stands alone."""
    weights = family_space(q, 0, k).embed(starting_guess(Family.II, q, 0, float(k)))
    return _reordered(weights, np.r_[: k - q - 1, k - q : k, k - q - 1])


def _member_of_I(k: int, q: int) -> NDArray[np.float64]:
    """I_{k-q-1} in the order of the space: the last of its q + 1 neurons near -e_i stands alone."""
    m = k - q - 1
    weights = family_space(m, 0, k).embed(starting_guess(Family.I, m, 0, float(k)))
    return _reordered(weights, np.r_[q + 1 : k, :q, q])


def _reordered(weights: NDArray[np.float64], order: NDArray[np.int64]) -> NDArray[np.float64]:
    """Neurons and coordinates in another order, the same for both."""
    reordered: NDArray[np.float64] = weights[np.ix_(order, order)]
    return reordered
