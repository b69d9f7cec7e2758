"""How often the Jacobian has full rank at initialisation: the cells of Figures 1 and 2."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from relu_landscape.activation_regions.integer_data import Sizes, Trial, draw_trial
from relu_landscape.activation_regions.patterns import pattern_of, with_bias
from relu_landscape.activation_regions.rank import (
    Reason,
    as_integers,
    decide,
    jacobian,
    jacobian_rank,
)
from relu_landscape.activation_regions.tables.full_rank import (
    CoordinateLaw,
    Figure,
    FirstLayerLaw,
    FullRankCells,
)
from relu_landscape.arguments import checked_arguments, text, whole_number
from relu_landscape.judging.statistics import Interval, clopper_pearson

if TYPE_CHECKING:
    from relu_landscape.activation_regions.settings import FixedInputs, FullRank, GrowingInputs


@dataclass(frozen=True)
class FullRankShare:
    """In how many of the trials the Jacobian had full rank.

    Attributes
    ----------
    full: trials with full rank.
    trials: all trials.
    """

    full: int
    trials: int

    @property
    def share(self) -> float:
        """Estimate of the probability."""
        return self.full / self.trials

    def interval(self, confidence: float = 0.95) -> Interval:
        """Clopper-Pearson interval of the probability."""
        return clopper_pearson(self.full, self.trials, confidence)


@checked_arguments(
    n=whole_number,
    d0=whole_number,
    d1=whole_number,
    data=text,
    initialisation=text,
    trials=whole_number,
    seed=whole_number,
)
def full_rank_probability(
    n: int,
    d0: int,
    d1: int,
    *,
    data: str = "normal",
    initialisation: str = "linear_layer",
    trials: int = 100,
    seed: int = 0,
) -> FullRankShare:
    """Share of random networks and data whose Jacobian has full rank n, by exact rank.

    Args:
        n: number of points.
        d0: number of inputs.
        d1: number of neurons.
        data: law of the points, a name in `integer_data.DATA_LAWS`.
        initialisation: law of the weights, a name in `integer_data.INITIALISATIONS`.
        trials: number of independent draws of both.
        seed: seed of the experiment.

    Raises:
        ValueError: an unknown law, a size below 1, or no trials.
    """
    reasons = _count_reasons(data, initialisation, (n, d0, d1), trials=trials, seed=seed)
    return FullRankShare(reasons[Reason.INDEPENDENT_COLUMNS], trials)


@dataclass(frozen=True)
class Cell:
    """A cell of a heat map: n points with d0 inputs, d1 neurons.

    figure: "figure_1", with a fixed d0 in each panel, or "figure_2", with d0 = ceil(ratio n); ratio
    is None in the first.
    """

    figure: Figure
    ratio: float | None
    d0: int
    n: int
    d1: int


def figure_1_cells(sizes: FixedInputs) -> list[Cell]:
    """Return the cells of Figure 1, panel by panel: d0, then n, then d1."""
    return [
        Cell("figure_1", None, d0, n, d1)
        for d0 in sizes.inputs
        for n in sizes.points
        for d1 in sizes.widths
    ]


def figure_2_cells(sizes: GrowingInputs) -> list[Cell]:
    """Return the cells of Figure 2, panel by panel: ratio, then n, then d1."""
    return [
        Cell("figure_2", ratio, math.ceil(ratio * n), n, d1)
        for ratio in sizes.ratios
        for n in sizes.points
        for d1 in sizes.widths
    ]


def measure_cell(
    cell: Cell, data: CoordinateLaw, initialisation: FirstLayerLaw, settings: FullRank
) -> FullRankCells:
    """Exact shares of one cell with reasons, and other readings of some of its trials.

    Args:
        cell: sizes.
        data: law of the points.
        initialisation: law of the weights.
        settings: number of draws, of how many of them, the first, the singular values are taken as
            well, and the seed.

    Raises:
        ValueError: an unknown law, or a size below 1.
    """
    sizes, trials, seed = (cell.n, cell.d0, cell.d1), settings.trials, settings.seed
    reasons = _count_reasons(data, initialisation, sizes, trials=trials, seed=seed)
    readings: Counter[str] = Counter()
    for trial in range(settings.compared_trials):
        draw = draw_trial(data, initialisation, sizes, trial=trial, seed=seed)
        readings.update(_read_other_ways(draw))
    return FullRankCells(
        figure=cell.figure,
        data=data,
        initialisation=initialisation,
        ratio=cell.ratio,
        d0=cell.d0,
        n=cell.n,
        d1=cell.d1,
        trials=trials,
        full=reasons[Reason.INDEPENDENT_COLUMNS],
        too_few_columns=reasons[Reason.TOO_FEW_COLUMNS],
        zero_row=reasons[Reason.ZERO_ROW],
        equal_rows=reasons[Reason.EQUAL_ROWS],
        dependent_rows=reasons[Reason.DEPENDENT_ROWS],
        compared_trials=settings.compared_trials,
        compared_full=readings["compared_full"],
        svd_disagreements=readings["svd_disagreements"],
        float32_full=readings["float32_full"],
        float32_differs=readings["float32_differs"],
    )


def full_in_single_precision(draw: Trial) -> bool:
    """Full rank as the public code reads it: float32, the last layer's derivatives included.

    The Jacobian in all weights is n x d1 (d0' + 1), its entries are v_j A_ij (x_i, 1) and
    relu(<w_j, x_i> + b_j), and singular values up to max(n, d1 (d0' + 1)) eps32 sigma_max count as
    zero.
    """
    points, weights = with_bias(draw.X, draw.W, draw.b)
    single, v = points.astype(np.float32), draw.v.astype(np.float32)
    sums = single @ weights.astype(np.float32).T
    first = jacobian(single, sums > 0) * np.repeat(v, points.shape[1])
    whole = np.concatenate([first, np.maximum(sums, 0)], axis=1)
    return bool(np.linalg.matrix_rank(whole) == len(points))


def _count_reasons(
    data: str, initialisation: str, sizes: Sizes, *, trials: int, seed: int
) -> Counter[Reason]:
    """In how many of the trials each reason decided."""
    if trials < 1:
        raise ValueError(f"there are {trials} trials; give at least 1")
    found: Counter[Reason] = Counter()
    for trial in range(trials):
        draw = draw_trial(data, initialisation, sizes, trial=trial, seed=seed)
        points, weights = with_bias(draw.X, draw.W, draw.b)
        found[decide(as_integers(points), pattern_of(points, weights)).reason] += 1
    return found


def _read_other_ways(draw: Trial) -> dict[str, int]:
    """Full rank and disagreements of one draw, each 0 or 1."""
    n = len(draw.X)
    exact = jacobian_rank(draw.X, draw.W, draw.b)
    points, weights = with_bias(draw.X, draw.W, draw.b)
    by_svd = np.linalg.matrix_rank(jacobian(points, pattern_of(points, weights)))
    single = full_in_single_precision(draw)
    return {
        "compared_full": int(exact == n),
        "svd_disagreements": int(by_svd != exact),
        "float32_full": int(single),
        "float32_differs": int(single != (exact == n)),
    }
