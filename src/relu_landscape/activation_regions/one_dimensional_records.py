"""Tables of one input with bias: exact widths, and exact shares beside sampled ones."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np

from relu_landscape.activation_regions.one_dimensional import (
    MATRICES,
    full_rank_curve,
    predicted_width,
    recalled_width,
    width_at,
)
from relu_landscape.activation_regions.step_patterns import (
    draw_steps,
    jacobian_is_full,
    pattern_is_full,
)
from relu_landscape.activation_regions.tables.one_dimensional import (
    OneDimensionalProbabilities,
    OneDimensionalWidths,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.seeding import indexed_generator

STRETCH = 2.5
"""Largest width of a curve over the predicted width at one half."""


def find_widths(sizes: Sequence[int], levels: Sequence[float]) -> list[OneDimensionalWidths]:
    """One row a size, matrix and level: the exact width and what is said of it.

    Args:
        sizes: numbers of points, each at least 2.
        levels: probabilities of full rank.
    """
    rows = []
    for n in sizes:
        for matrix in MATRICES:
            for level in levels:
                recalled = recalled_width(n, 1.0 - level)
                curve = full_rank_curve(n, ceil(recalled), matrix)
                width = width_at(n, level, matrix)
                rows.append(
                    OneDimensionalWidths(
                        n=n,
                        matrix=matrix,
                        level=level,
                        width=width,
                        predicted_width=predicted_width(n, matrix),
                        recalled_width=recalled,
                        share_at_recalled_width=float(curve[-1]),
                    )
                )
    return rows


def measure_curves(
    sizes: Sequence[int], *, widths: int, draws: int, confidence: float, seed: int
) -> list[OneDimensionalProbabilities]:
    """One row a size, matrix and width: the exact probability, and a sample beside it.

    Widths are evenly spread up to STRETCH times the predicted width. Draws at (n, d1) depend on
    (seed, n, d1) alone.

    Args:
        sizes: numbers of points, each at least 2.
        widths: number of widths of each size and matrix.
        draws: networks drawn at each of them.
        confidence: of the interval of the sampled share.
        seed: seed of the experiment.
    """
    rows = []
    criteria = {"pattern": pattern_is_full, "jacobian": jacobian_is_full}
    for n in sizes:
        for matrix in MATRICES:
            largest = ceil(STRETCH * predicted_width(n, matrix))
            curve = full_rank_curve(n, largest, matrix)
            for width in sorted({round(w) for w in np.linspace(1, largest, widths).tolist()}):
                steps = draw_steps(n, width, draws, indexed_generator(seed, n, width))
                found = int(criteria[matrix](steps).sum())
                interval = clopper_pearson(found, draws, confidence)
                rows.append(
                    OneDimensionalProbabilities(
                        n=n,
                        matrix=matrix,
                        d1=width,
                        probability=float(curve[width]),
                        draws=draws,
                        full_rank=found,
                        share_low=interval.low,
                        share_high=interval.high,
                    )
                )
    return rows
