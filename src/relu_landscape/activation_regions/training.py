"""Gradient descent in the first layer: does full rank at the start mean zero loss at the end?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.activation_regions.integer_data import Draw, draw_trial
from relu_landscape.activation_regions.patterns import pattern_of, with_bias
from relu_landscape.activation_regions.rank import jacobian_rank
from relu_landscape.activation_regions.training_kernel import descend
from relu_landscape.seeding import indexed_generator


def stable_step(points: NDArray[np.float64], d1: int) -> float:
    """Step below which descent lowers the loss in every activation region.

    In a region the loss 1/2 |F - y|^2 is quadratic with the Hessian J^T J, and
    J J^T = (A A^T) o (X X^T), entry by entry, if |v_j| = 1. By Schur's inequality its largest
    eigenvalue is at most max_i (A A^T)_ii = d1 times that of X X^T, whatever the pattern A is; the
    step is one over that bound. A step that leaves a region may raise the loss.

    Args:
        points: (n, d), the bias included.
        d1: number of neurons.
    """
    return 1.0 / (d1 * float(np.linalg.norm(points, 2)) ** 2)


def train_trial(
    data: str,
    initialisation: str,
    n: int,
    d0: int,
    d1: int,
    *,
    trial: int,
    checks: Sequence[int],
    zero_loss: float,
    settled: float,
    seed: int,
) -> list[dict[str, Any]]:
    """One run of descent on 1/2 sum (F(x_i) - y_i)^2 with y ~ N(0, 1) and v = +1, -1, +1, ...

    Points and first weights are those of the cells of Figures 1 and 2 with this seed. The step is
    `stable_step`, the same throughout.

    Args:
        data: law of the points.
        initialisation: law of the first weights.
        n: number of points.
        d0: number of inputs.
        d1: number of neurons.
        trial: number of the run.
        checks: numbers of steps, increasing from 0, after which the run is recorded; the last one
            is the budget.
        settled: gradient norm at which the run ends at a critical point.
        zero_loss: mean square error at which the loss counts as zero and the run ends.
        seed: seed of the experiment.

    Returns:
        Records of table `training_runs`, one a check up to the end of the run.

    Raises:
        ValueError: checks that do not increase from 0, or what `draw_trial` refuses.
    """
    if list(checks[:1]) != [0] or any(np.diff(checks) <= 0):
        raise ValueError(f"checks are {list(checks)}; give increasing numbers of steps from 0 on")
    draw = draw_trial(data, initialisation, n, d0, d1, trial=trial, seed=seed)
    # A stream of its own, so that the points and weights stay those of the figures.
    labels = indexed_generator(seed, n, d0, d1, trial, 1).standard_normal(n)
    points, weights = with_bias(draw.X, draw.W, draw.b)
    weights = np.ascontiguousarray(weights.T)
    active = pattern_of(points, np.ascontiguousarray(weights.T))
    signs = np.where(np.arange(d1) % 2 == 0, 1.0, -1.0)
    step = stable_step(points, d1)
    records: list[dict[str, Any]] = []
    iteration, crossings, flips = 0, 0, 0
    for check in checks:
        taken, loss, gradient_norm, crossed, flipped = descend(
            weights, points, labels, signs, active, step, check - iteration,
            0.5 * n * zero_loss, settled,
        )  # fmt: skip
        iteration, crossings, flips = iteration + taken, crossings + crossed, flips + flipped
        rank = _rank_at(draw, weights)
        records.append(
            {
                "data": data,
                "initialisation": initialisation,
                "n": n,
                "d0": d0,
                "d1": d1,
                "trial": trial,
                "iteration": iteration,
                "step": step,
                "mean_square_error": 2.0 * loss / n,
                "gradient_norm": gradient_norm,
                "rank": rank,
                "crossings": crossings,
                "flips": flips,
                "outcome": "running",
            }
        )
        if 2.0 * loss <= n * zero_loss:
            outcome = "zero_loss"
        elif gradient_norm <= settled:
            outcome = "settled"
        else:
            continue
        records[-1]["outcome"] = outcome
        return records
    records[-1]["outcome"] = "unfinished"
    return records


def _rank_at(draw: Draw, weights: NDArray[np.float64]) -> int:
    """Exact rank of the Jacobian at weights (d, d1) that hold the bias of the draw, if any."""
    d0 = draw.X.shape[1]
    return jacobian_rank(draw.X, weights[:d0].T, None if draw.b is None else weights[d0])
