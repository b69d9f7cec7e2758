"""Does an activation region on a line contain weights of zero loss?  Decided exactly.

Points and targets are the floats, or fractions over powers of two, that they are, so that the cone
of outputs has whole generators. Non-negative least squares in floats guesses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.activation_regions.exact_cones import (
    Decision,
    Whole,
    common_normal,
    decide_membership,
    exact_column_rank,
    whole_multiples,
)
from relu_landscape.activation_regions.least_squares import nearest_in_cone
from relu_landscape.activation_regions.output_cones import whole_generators


@dataclass(frozen=True)
class ZeroLossSet:
    """Weights of a region that fit one target.

    Attributes:
        decision: whether the closure of the region holds any.
        interior: whether the region itself, an open set, does.
        rank: of the Jacobian on the region. Where `interior`, the weights that fit are an open part
            of an affine space, of as many dimensions as there are weights less this.
    """

    decision: Decision
    interior: bool
    rank: int


def zero_loss_set(x: ArrayLike, signs: ArrayLike, y: Sequence[float | Fraction]) -> ZeroLossSet:
    """Where in a region sum_j v_j relu(w_j x_i + b_j) = y_i for all i.

    The weights of the open region put out the positive combinations of all generators C, the
    relative interior of their cone. A target y of the cone is there if and only if -C 1 lies in the
    cone of C and -y: some positive multiple of y is then C (1 + l), l >= 0.

    Args:
        x: (n,) increasing points.
        signs: (d1, n), see `output_cones.Signs`.
        y: (n,) target, finite floats or fractions over powers of two.

    Raises:
        ValueError: see `output_cones.output_generators`.
    """
    columns, target = whole_generators(x, signs), whole_multiples(y)
    decision = _decide(columns, target)
    interior = False
    if decision.inside:
        widened = np.concatenate([columns, -target[:, None]], axis=1)
        interior = _decide(widened, -columns.sum(axis=1)).inside
    return ZeroLossSet(decision, interior, exact_column_rank(columns))


def every_target(x: ArrayLike, signs: ArrayLike) -> Decision:
    """Has the region zero loss for every target at once, so that its cone is all of R^n?

    It is so if and only if C has rank n and -C 1 lies in the cone. Otherwise the separator z has
    <z, c> <= 0 for all generators: no target y with <z, y> > 0 is fitted.

    Args:
        x: (n,) increasing points.
        signs: (d1, n), see `output_cones.Signs`.

    Raises:
        ValueError: see `output_cones.output_generators`.
    """
    columns = whole_generators(x, signs)
    if exact_column_rank(columns) < len(columns):
        return Decision(False, (), common_normal(columns))
    return _decide(columns, -columns.sum(axis=1))


def _decide(columns: Whole, target: Whole) -> Decision:
    return decide_membership(columns, target, _guess(columns, target))


def _guess(columns: Whole, target: Whole) -> list[int]:
    """Columns that non-negative least squares in floats gives positive coefficients."""
    if not target.any():
        return []
    generators = _rounded(columns)
    lengths = np.linalg.norm(generators, axis=0)
    seen = np.flatnonzero(lengths)
    try:
        coefficients = nearest_in_cone(generators[:, seen] / lengths[seen], _rounded(target))
    except RuntimeError:  # its steps did not end
        return []
    used: list[int] = seen[coefficients > 0.0].tolist()
    return used


def _rounded(whole: Whole) -> NDArray[np.float64]:
    """Integers over the largest of them, as floats."""
    largest = int(np.abs(whole).max(initial=1))
    shares: NDArray[np.float64] = (whole / largest).astype(np.float64)
    return shares
