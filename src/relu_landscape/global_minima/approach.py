"""Following gradient descent into the set of global minima for n > k."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.projection import distance_to_global_minima
from relu_landscape.search.descent import descend
from relu_landscape.search.protocol import Protocol, StopReason

FIRST_CHECK = 1000  # steps before the distance is first measured; then each time they have doubled


@dataclass(frozen=True)
class Approach:
    """How runs came near the set of global minima, one row a run.

    iterations: further steps taken; losses F; distances to the set (Frobenius);
    decay_exponents: slope of log distance against log iteration over the last doubling, NaN where
    there was none; smallest_norms: min_i |w_i| at the end; confirmed: the distance is below the
    bound and falls at least as fast as asked, or the run has converged there.
    """

    iterations: NDArray[np.int64]
    losses: NDArray[np.float64]
    distances: NDArray[np.float64]
    decay_exponents: NDArray[np.float64]
    smallest_norms: NDArray[np.float64]
    confirmed: NDArray[np.bool_]


def follow_approach(
    weights: NDArray[np.float64],
    protocol: Protocol,
    *,
    distance: float,
    largest_exponent: float,
    iteration_budget: int,
    progress: Callable[[int, int], None] | None = None,
) -> Approach:
    """Continue gradient descent until each run is seen to approach a global minimum.

    Near a global minimum with n > k the gradient is of the order of the squared distance eps
    (S21 Theorem 9: no PL condition), so eps' = -c eps^2 and eps falls like 1/t. Where a neuron dies
    out instead, |w_i| -> 0, the distance falls exponentially: there the loss has a cone and the
    theorem does not speak. The distance to the set of Theorem 2 is measured at t = FIRST_CHECK,
    2 FIRST_CHECK, 4 FIRST_CHECK, ...; a run is confirmed at the first check where the distance is
    below `distance` and its slope log(eps_2t / eps_t) / log 2 at most `largest_exponent`. Where the
    protocol's tolerance ends a run, its distance alone decides.

    Args:
        weights: (runs, n, k) with n > k, teacher V = I_k.
        protocol: step of the descent.
        distance: bound on the Frobenius distance.
        largest_exponent: slope that the distance must fall with at least; -1 is 1/t.
        iteration_budget: steps after which a run is left unconfirmed.
        progress: called with (runs confirmed, runs).
    """
    runs, _, k = weights.shape
    teacher = np.eye(k)
    current = weights.copy()
    losses = np.full(runs, np.nan)
    iterations = np.zeros(runs, np.int64)
    exponents = np.full(runs, np.nan)
    distances = np.array([distance_to_global_minima(point, teacher) for point in current])
    confirmed = np.zeros(runs, np.bool_)
    open_runs = np.arange(runs)
    done, check = 0, FIRST_CHECK
    while len(open_runs) and done < iteration_budget:
        steps = min(check, iteration_budget) - done
        record = descend(current[open_runs], protocol, iteration_budget=steps)
        before = distances[open_runs]
        current[open_runs] = record.weights
        losses[open_runs] = record.losses
        iterations[open_runs] += record.iterations
        after = np.array([distance_to_global_minima(point, teacher) for point in record.weights])
        distances[open_runs] = after
        moved = record.iterations > 0
        if done:
            fallen = np.log(after[moved] / before[moved])
            lasted = np.log((done + record.iterations[moved]) / done)
            exponents[open_runs[moved]] = fallen / lasted
        converged = record.stop_reasons == StopReason.CONVERGED
        falling = exponents[open_runs] <= largest_exponent
        confirmed[open_runs] = (after < distance) & (falling | converged)
        open_runs = open_runs[~confirmed[open_runs] & ~converged]
        done, check = done + steps, 2 * check
        if progress is not None:
            progress(runs - len(open_runs), runs)
    norms = np.linalg.norm(current, axis=2).min(axis=1)
    return Approach(iterations, losses, distances, exponents, norms, confirmed)
