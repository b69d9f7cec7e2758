"""Perturbed gradient descent next to a global minimum, and what Theorem 13 of S21 asks of it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.checkpoints import log_spaced_checks
from relu_landscape.global_minima.members import global_minimum
from relu_landscape.global_minima.perturbations import SPREAD_WEIGHT
from relu_landscape.global_minima.projection import distance_to_global_minima
from relu_landscape.objective import population_hessian, population_loss
from relu_landscape.search.perturbed import perturb_and_descend
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import PerturbedDescent

START, NOISE = 0, 1  # the two streams of a run
LOST = 1e6  # weights beyond it have diverged: no teacher is longer than 1


def theorem_13(k: int, n: int, *, delta: float) -> dict[str, Any]:
    """Return the largest step and the number of iterations that Theorem 13 asks for.

    It assumes (W - W*)^T H (W - W*) >= lambda |g|^2 and an L-Lipschitz gradient next to W*, a step
    eta < lambda delta^2/(64 L^2) and T > log(delta)/log(1 - eta lambda delta^2/64). Since
    sum_i |g_i|^2 >= |g|^2/k, Theorem 10 gives lambda = (1 + (1 - 2/pi)/k)/4 to leading order, and L
    is at least the largest Hessian eigenvalue at W*: the step is an upper bound of the theorem's
    own and T a lower one.

    Args:
        k: teachers and inputs.
        n: students, with equal shares at W*.
        delta: squared distance promised, above 0 and below 1.

    Raises:
        ValueError: delta outside (0, 1), or sizes without a global minimum.

    Source: S21, Theorems 10 and 13.
    """
    if not 0.0 < delta < 1.0:
        raise ValueError(f"delta is {delta}; the theorem promises a distance between 0 and 1")
    convexity = 0.25 * (1.0 + SPREAD_WEIGHT / k)
    hessian = population_hessian(global_minimum(n, k), np.eye(k))
    lipschitz = float(np.linalg.eigvalsh(hessian)[-1])
    step = convexity * delta**2 / (64.0 * lipschitz**2)
    return {
        "k": k,
        "n": n,
        "delta": delta,
        "convexity": convexity,
        "lipschitz": lipschitz,
        "largest_step": step,
        "iterations": float(np.log(delta) / np.log1p(-step * convexity * delta**2 / 64.0)),
    }


def run_perturbed_descent(
    k: int,
    n: int,
    settings: PerturbedDescent,
    *,
    step_factor: float,
    noise_factor: float,
) -> list[dict[str, Any]]:
    """Return one record a check of perturbed gradient descent started next to W*.

    Each step draws one xi ~ N(0, I/k), |xi| ~ 1, moves every neuron by alpha xi, alpha =
    noise_factor delta/(4 n), and then takes a gradient step eta = step_factor/k. The paper prints
    N(0, I/sqrt d); its proof needs |xi| ~ 1, that is the variance 1/d. Run r starts at the start
    distance in a direction that depends on (seed, k, n, r) alone, and sees the same xi whatever the
    factors.

    Args:
        k: teachers and inputs.
        n: students, n >= k, with equal shares at W*.
        settings: runs, steps and checks, the start distance, delta of Theorem 13, and the seed.
        step_factor: eta k.
        noise_factor: in units of delta/(4 n); 0 is gradient descent.

    Source: S21, Theorem 13 and Appendix D.2.
    """
    minimum = global_minimum(n, k)
    amplitude = noise_factor * settings.delta / (4.0 * n)
    runs, seed, distance = range(settings.runs), settings.seed, settings.start_distance
    streams = [indexed_generator(seed, k, n, run, NOISE) for run in runs]
    weights = np.array([_start(minimum, distance, seed, k, n, run) for run in runs])
    records = []
    done = 0
    for check in log_spaced_checks(settings.iterations, settings.checks_per_decade):
        noise = _noise(streams, check - done, k, amplitude)
        weights, done = perturb_and_descend(weights, step_factor / k, noise), check
        records += [
            {
                "k": k,
                "n": n,
                "step_factor": step_factor,
                "noise_factor": noise_factor,
                "run": run,
                "iteration": check,
                "delta": settings.delta,
                **_state(point, minimum),
            }
            for run, point in enumerate(weights)
        ]
    return records


def compare_noise(
    k: int,
    n: int,
    settings: PerturbedDescent,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, Any]]:
    """Return the records of `run_perturbed_descent` for every pair of factors of the settings.

    `progress` is called with (pairs done, pairs).
    """
    pairs = list(itertools.product(settings.step_factors, settings.noise_factors))
    records = []
    for done, (step, noise) in enumerate(pairs, start=1):
        records += run_perturbed_descent(k, n, settings, step_factor=step, noise_factor=noise)
        if progress is not None:
            progress(done, len(pairs))
    return records


def _state(point: NDArray[np.float64], minimum: NDArray[np.float64]) -> dict[str, float]:
    """Where a run is; NaN once it has diverged."""
    if not np.all(np.abs(point) < LOST):
        return dict.fromkeys(("distance", "distance_to_start", "loss"), np.nan)
    teachers = np.eye(point.shape[1])
    return {
        "distance": distance_to_global_minima(point, teachers),
        "distance_to_start": float(np.linalg.norm(point - minimum)),
        "loss": population_loss(point, teachers),
    }


def _start(
    minimum: NDArray[np.float64], distance: float, seed: int, k: int, n: int, run: int
) -> NDArray[np.float64]:
    direction = indexed_generator(seed, k, n, run, START).normal(size=minimum.shape)
    point: NDArray[np.float64] = minimum + distance * direction / np.linalg.norm(direction)
    return point


def _noise(
    streams: Sequence[np.random.Generator], steps: int, k: int, amplitude: float
) -> NDArray[np.float64]:
    """alpha xi of the next steps of every run, (runs, steps, k)."""
    scale = amplitude / np.sqrt(k)
    return np.array([scale * stream.normal(size=(steps, k)) for stream in streams])
