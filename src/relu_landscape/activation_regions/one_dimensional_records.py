"""Tables of one input with bias: exact widths, and exact shares beside sampled ones."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from relu_landscape.activation_regions.settings import CurvesOnALine, WidthsOnALine

STRETCH = 2.5
"""Largest width of a curve over the predicted width at one half."""


def find_widths(settings: WidthsOnALine) -> list[OneDimensionalWidths]:
    """One row a size, matrix and level: the exact width and what is said of it.

    Args:
        settings: numbers of points, and probabilities of full rank.
    """
    rows = []
    for n in settings.sizes:
        for matrix in MATRICES:
            for level in settings.levels:
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


def measure_curves(settings: CurvesOnALine) -> list[OneDimensionalProbabilities]:
    """One row a size, matrix and width: the exact probability, and a sample beside it.

    Widths are evenly spread up to STRETCH times the predicted width. Draws at (n, d1) depend on
    (seed, n, d1) alone.

    Args:
        settings: numbers of points, the number of widths of each size and matrix, networks drawn at
            each, the confidence of the interval of their share, and the seed.
    """
    rows = []
    criteria = {"pattern": pattern_is_full, "jacobian": jacobian_is_full}
    for n in settings.sizes:
        for matrix in MATRICES:
            largest = ceil(STRETCH * predicted_width(n, matrix))
            curve = full_rank_curve(n, largest, matrix)
            widths = np.linspace(1, largest, settings.widths).tolist()
            for width in sorted({round(width) for width in widths}):
                generator = indexed_generator(settings.seed, n, width)
                steps = draw_steps(n, width, settings.draws, generator)
                found = int(criteria[matrix](steps).sum())
                interval = clopper_pearson(found, settings.draws, settings.confidence)
                rows.append(
                    OneDimensionalProbabilities(
                        n=n,
                        matrix=matrix,
                        d1=width,
                        probability=float(curve[width]),
                        draws=settings.draws,
                        full_rank=found,
                        share_low=interval.low,
                        share_high=interval.high,
                    )
                )
    return rows
