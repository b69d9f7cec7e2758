"""Gradient descent in which every step starts from a perturbed point: S21, Appendix D.2."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from relu_landscape.compiling import compiled_and_kept
from relu_landscape.search import angles, lane_kernel, lanes
from relu_landscape.search.descent import loss_of_no_students
from relu_landscape.search.lane_kernel import Workspace, evaluate, make_workspace, take_step
from relu_landscape.search.lanes import LANES, require_compiler
from relu_landscape.search.sources import source_digest


def perturb_and_descend(
    weights: NDArray[np.float64], step: float, noise: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the weights after as many perturbed steps as there are noise vectors.

    One noise vector is shared by all neurons of a run:

        w_i <- w_i + xi_t  for all i,  then  W <- W - step grad F(W),    t = 1, 2, ...

    Zero noise is gradient descent. Each run's result depends on its own weights and noise alone.

    Args:
        weights: (runs, n, k), no zero neuron, teacher V = I_k; a run that is not finite stays so.
        step: eta.
        noise: xi, (runs, steps, k).

    Returns:
        (runs, n, k).

    Raises:
        ValueError: the shapes do not fit, a neuron is zero, or noise or step are not finite, or the
            step not positive.
        RuntimeError: NUMBA_DISABLE_JIT is set.

    Source: S21, Theorem 13 and Appendix D.2.
    """
    require_compiler()
    weights, noise = np.asarray(weights, np.float64), np.asarray(noise, np.float64)
    if weights.ndim != 3 or not weights.any(axis=-1).all():
        raise ValueError(
            f"weights have shape {weights.shape}; they must be (runs, students, inputs) without a "
            "zero neuron, where the loss has no gradient"
        )
    runs, _, k = weights.shape
    if noise.ndim != 3 or noise.shape[0] != runs or noise.shape[2] != k:
        raise ValueError(
            f"noise has shape {noise.shape}; it must be (runs, steps, inputs) = ({runs}, *, {k})"
        )
    if not (0.0 < step < np.inf and np.isfinite(noise).all()):
        raise ValueError(f"the step, {step}, must be positive, and it and the noise finite")
    moved = np.empty_like(weights)
    for first in range(0, runs, LANES):
        some = slice(first, min(first + LANES, runs))
        moved[some] = _walk_lanes(weights[some], step, noise[some])
    return moved


def _walk_lanes(
    weights: NDArray[np.float64], step: float, noise: NDArray[np.float64]
) -> NDArray[np.float64]:
    """At most LANES runs, one a lane; idle lanes repeat the first run."""
    _, n, k = weights.shape
    work, rows, columns = make_workspace(n, k)
    padded = np.concatenate([weights, np.repeat(weights[:1], LANES - len(weights), axis=0)])
    noise_in_lanes = np.zeros((noise.shape[1], k, LANES))
    noise_in_lanes[:, :, : len(noise)] = noise.transpose(1, 2, 0)
    in_lanes = work.weights.reshape(rows, columns, LANES)
    in_lanes[:n, :k] = padded.transpose(1, 2, 0)
    work.steps[:] = step
    take_perturbed_steps(work, n, k, rows, columns, loss_of_no_students(k), noise_in_lanes)
    return in_lanes[:n, :k].transpose(2, 0, 1)[: len(weights)].copy()


def _compile(sources: str) -> Callable[..., None]:
    """The compiled loop, kept on disk between processes; see `source_digest`."""

    @compiled_and_kept(error_model="numpy")
    def take_perturbed_steps(
        work: Workspace,
        n: int,
        d: int,
        rows: int,
        columns: int,
        teacher_loss: float,
        noise: NDArray[np.float64],
    ) -> None:
        sources  # noqa: B018
        for t in range(noise.shape[0]):
            for i in range(n):
                for column in range(d):
                    at = (i * columns + column) * LANES
                    for lane in range(LANES):
                        work.weights[at + lane] += noise[t, column, lane]
            evaluate(work, n, d, rows, columns, teacher_loss)
            take_step(work, n, d, columns)

    compiled: Callable[..., None] = take_perturbed_steps
    return compiled


take_perturbed_steps = _compile(source_digest(angles, lanes, lane_kernel))
