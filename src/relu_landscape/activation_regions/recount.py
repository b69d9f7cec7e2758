"""The cells of Figures 1 and 2 counted again, in integers throughout: for the audit."""

from __future__ import annotations

import numpy as np

from relu_landscape.activation_regions.integer_data import (
    FIXED_POINT,
    Draw,
    Sizes,
    draw_trial,
    whole_numbers,
)
from relu_landscape.activation_regions.supports import exact_rank


def recount_full_rank(
    data: str, initialisation: str, sizes: Sizes, *, trials: int, seed: int
) -> int:
    """Return in how many trials of a cell the Jacobian has rank n, by ranks over the integers.

    Signs come from sums of Python integers and ranks from FLINT: nothing but the draws is shared
    with what is audited. The cost grows like n^2 d0 d1 and with the size of the integers.

    Args:
        data, initialisation: laws of points and weights.
        sizes: n, d0, d1.
        trials: number of draws.
        seed: seed of the experiment.
    """
    return sum(
        _has_full_rank(draw_trial(data, initialisation, sizes, trial=trial, seed=seed))
        for trial in range(trials)
    )


def _has_full_rank(draw: Draw) -> bool:
    n = len(draw.X)
    points, weights = whole_numbers(draw.X), whole_numbers(draw.W)
    if draw.b is not None:
        ones = np.full((n, 1), FIXED_POINT, dtype=object)
        points = np.hstack([points, ones])
        weights = np.hstack([weights, whole_numbers(draw.b)[:, None]])
    active = weights @ points.T > 0
    return exact_rank(active.astype(np.int64), points) == n
