"""Gradient descent in the first layer: does full rank at the start mean zero loss at the end?"""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_FLOOR, Context
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.activation_regions.integer_data import Trial, draw_trial
from relu_landscape.activation_regions.patterns import pattern_of, with_bias
from relu_landscape.activation_regions.rank import jacobian_rank
from relu_landscape.activation_regions.tables.full_rank import (
    CoordinateLaw,
    FirstLayerLaw,
    RunOutcome,
    TrainingRuns,
)
from relu_landscape.activation_regions.training_kernel import descend
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.activation_regions.settings import TrainingDescent

# Singular values differ in their last bits from one processor to another, and over thousands of
# steps such a difference grows until a comparison sees it; a step of three digits is the same.
_STEP_DIGITS: Final = Context(prec=3, rounding=ROUND_FLOOR)


def stable_step(points: NDArray[np.float64], d1: int) -> float:
    """Step, of three digits, with which descent lowers the loss in every activation region.

    In a region the loss 1/2 |F - y|^2 is quadratic with the Hessian J^T J, and
    J J^T = (A A^T) o (X X^T), entry by entry, if |v_j| = 1. By Schur's inequality its largest
    eigenvalue is at most max_i (A A^T)_ii = d1 times that of X X^T, whatever the pattern A is; the
    step is one over that bound, rounded down. A step that leaves a region may raise the loss.

    Args:
        points: (n, d), the bias included.
        d1: number of neurons.
    """
    bound = 1.0 / (d1 * float(np.linalg.norm(points, 2)) ** 2)
    return float(_STEP_DIGITS.create_decimal_from_float(bound))


def train_trial(
    data: CoordinateLaw,
    initialisation: FirstLayerLaw,
    sizes: tuple[int, int, int],
    settings: TrainingDescent,
    *,
    trial: int,
    seed: int,
) -> list[TrainingRuns]:
    """One run of descent on 1/2 sum (F(x_i) - y_i)^2 with y ~ N(0, 1) and v = +1, -1, +1, ...

    Points and first weights are those of the cells of Figures 1 and 2 with this seed. The step is
    `stable_step`, the same throughout.

    Args:
        data: law of the points.
        initialisation: law of the first weights.
        sizes: (n, d0, d1), numbers of points, inputs and neurons.
        settings: when the run is recorded, and when it ends.
        trial: number of the run.
        seed: seed of the experiment.

    Returns:
        One row a check up to the end of the run.

    Raises:
        ValueError: what `draw_trial` refuses.
    """
    n, d0, d1 = sizes
    draw = draw_trial(data, initialisation, sizes, trial=trial, seed=seed)
    # A stream of its own, so that the points and weights stay those of the figures.
    labels = indexed_generator(seed, n, d0, d1, trial, 1).standard_normal(n)
    run = _Run(draw, labels, settings)
    rows = []
    for check in settings.checks:
        run.advance(check)
        row = TrainingRuns(
            data=data,
            initialisation=initialisation,
            n=n,
            d0=d0,
            d1=d1,
            trial=trial,
            iteration=run.iteration,
            step=run.step,
            mean_square_error=run.mean_square_error(),
            gradient_norm=run.gradient_norm,
            rank=run.rank(),
            crossings=run.crossings,
            flips=run.flips,
            outcome=run.outcome(),
        )
        rows.append(row)
        if row.outcome != "running":
            return rows
    return [*rows[:-1], replace(rows[-1], outcome="unfinished")]


class _Run:
    """A descent under way: weights (d, d1), the bias in the last row, and what it has passed."""

    def __init__(self, draw: Trial, labels: NDArray[np.float64], settings: TrainingDescent) -> None:
        self._draw, self._labels, self._settings = draw, labels, settings
        self._points, weights = with_bias(draw.X, draw.W, draw.b)
        d1 = len(weights)
        self._weights = np.ascontiguousarray(weights.T)
        self._active = pattern_of(self._points, weights)
        self._signs = np.where(np.arange(d1) % 2 == 0, 1.0, -1.0)
        self.step = stable_step(self._points, d1)
        self.iteration = self.crossings = self.flips = 0
        self._loss = self.gradient_norm = np.inf

    def advance(self, iteration: int) -> None:
        """Go on up to this number of steps, or up to zero loss or a critical point."""
        n = len(self._labels)
        taken, self._loss, self.gradient_norm, crossed, flipped = descend(
            self._weights, self._points, self._labels, self._signs, self._active, self.step,
            iteration - self.iteration, 0.5 * n * self._settings.zero_loss, self._settings.settled,
        )  # fmt: skip
        self.iteration += taken
        self.crossings += crossed
        self.flips += flipped

    def outcome(self) -> RunOutcome:
        """Say whether the run has ended, and how."""
        if self.mean_square_error() <= self._settings.zero_loss:
            return "zero_loss"
        return "settled" if self.gradient_norm <= self._settings.settled else "running"

    def mean_square_error(self) -> float:
        """Mean of (F(x_i) - y_i)^2."""
        return 2.0 * self._loss / len(self._labels)

    def rank(self) -> int:
        """Exact rank of the Jacobian here."""
        d0 = self._draw.X.shape[1]
        biases = None if self._draw.b is None else self._weights[d0]
        return jacobian_rank(self._draw.X, self._weights[:d0].T, biases)
