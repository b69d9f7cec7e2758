"""Critical points with m further neurons: I_m and II_m, each of the last m neurons split in two.

A split point is a saddle. Its halves are pushed apart along the direction that lowers the loss
fastest, all m alike, and descent goes on to a critical point that is no split point, in
Fix(S_{k-m}) with m single columns.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.eigenspaces import softest_direction
from relu_landscape.families.reduced_descent import descend_past_saddles
from relu_landscape.objective.pair import pair_hessian_first
from relu_landscape.symmetry.arithmetic import Real
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.reduced import ReducedLoss

PUSH: Final = 0.05


def split_space(m: int, k: Real) -> FixedPointSpace:
    """Return Fix(S_{k-m}) in M(k + m, k): m single columns, m further neurons."""
    return FixedPointSpace((k - m, *(1,) * m), m)


def descend_from_splits(W: NDArray[np.float64], m: int) -> NDArray[np.float64]:
    """Split each of the last m neurons of a critical point and descend.

    Of the halves of a neuron the one with the larger own entry keeps its place.

    Args:
        W: a critical point for the teacher I that S_{k-m} fixes, (k, k).
        m: neurons to split, 1 or more.

    Returns:
        Parameters in `split_space`, (dimension,).

    Raises:
        SolveError: descent did not settle at a minimum of the space.

    Source: ours; S21, Theorem 16 gives the direction.
    """
    k = len(W)
    apart = np.zeros((m, k))
    for row, neuron in zip(apart, range(k - m, k), strict=True):
        # Not `minima.inner_hessian`: known basins, and with them restarts, hang on this module.
        inner = pair_hessian_first(W[neuron], W).sum(axis=0)
        inner = inner - pair_hessian_first(W[neuron], np.eye(k)).sum(axis=0)
        direction = softest_direction(inner)
        row[:] = PUSH * np.copysign(1.0, direction[neuron]) * direction
    halves = W[k - m :] / 2
    space = split_space(m, k)
    start = space.project(np.vstack([W[: k - m], halves + apart, halves - apart]))
    return descend_past_saddles(ReducedLoss(space), start)
