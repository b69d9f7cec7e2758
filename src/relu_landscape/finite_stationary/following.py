"""Gradient descent of both layers on finite data, from a vanishing start, with what it passes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.finite_stationary.finite_data import FiniteData
from relu_landscape.finite_stationary.finite_descent_kernel import take_steps
from relu_landscape.finite_stationary.neuron_groups import Weights


@dataclass(frozen=True)
class Followed:
    """Runs at their checks, the first at the start, the last at the end.

    Attributes:
        iterations: (checks,).
        losses: (checks, runs).
        weights: (checks, runs, n, d).
        outputs: (checks, runs, n, outputs).
    """

    iterations: NDArray[np.int64]
    losses: Weights
    weights: Weights
    outputs: Weights


def losses_of(W: Weights, H: Weights, data: FiniteData) -> Weights:
    """Mean of the squared errors over samples and outputs.

    Args:
        W, H: (..., n, d) and (..., n, outputs).
        data: the samples.
    """
    inputs, targets = data.floats()
    units = np.maximum(W @ inputs.T, 0.0)
    errors = np.swapaxes(units, -1, -2) @ H - targets
    means: Weights = np.mean(errors * errors, axis=(-2, -1))
    return means


def follow_descents(
    W: Weights, H: Weights, data: FiniteData, step: float, iterations: int, checks: int
) -> Followed:
    """Descend: W <- W - eta dL/dW, H <- H - eta dL/dH at once, with slope 0 of the ReLU at 0.

    Args:
        W, H: (runs, n, d) and (runs, n, outputs), the starts.
        data: the samples.
        step: eta.
        iterations: of each run, a multiple of checks.
        checks: how many there are after the start.
    """
    inputs, targets = data.floats()
    W, H = W.copy(), H.copy()
    factor = 2.0 * step / data.terms
    every = iterations // checks
    seen = [(W.copy(), H.copy())]
    for _ in range(checks):
        for run in range(len(W)):
            take_steps(W[run], H[run], inputs, targets, factor, every)
        seen.append((W.copy(), H.copy()))
    weights, outputs = (np.array(of) for of in zip(*seen, strict=True))
    return Followed(
        np.arange(len(seen), dtype=np.int64) * every,
        losses_of(weights, outputs, data),
        weights,
        outputs,
    )
