"""How fast gradient descent approaches a global minimum: linearly for n = k, sublinearly for n > k.

For n = k the loss is strongly convex there (S21, Theorem 3) and everything falls exponentially. For
n > k the descent ends in the valley of Theorems 7 and 9, where F ~ eps^3 and |grad F| ~ eps^2: then
eps' ~ -eps^2, so that eps ~ 1/t, F ~ t^-3 and |grad F| ~ t^-2.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import mpmath
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.global_minima.checkpoints import log_spaced_checks
from relu_landscape.global_minima.members import global_minimum
from relu_landscape.global_minima.projection import distance_to_global_minima
from relu_landscape.judging.statistics import LineFit, fit_line
from relu_landscape.objective import reference_gradient, reference_loss
from relu_landscape.search.perturbed import perturb_and_descend
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Convergence

DIGITS = 40  # of the loss and the gradient: in double the loss is noise below some 1e-15
QUANTITIES = ("loss", "gradient_norm", "distance")
# Below it the weights are at the global minimum to rounding, and nothing falls any more.
SMALLEST_DISTANCE = 1e-12


def follow_convergence(
    k: int,
    n: int,
    settings: Convergence,
    *,
    progress: Callable[[int, int], None] | None = None,
) -> list[dict[str, Any]]:
    """Return one record a check of gradient descent started next to a global minimum.

    Run r starts from W* with equal shares, moved by the start distance in a direction that depends
    on (seed, k, n, r) alone. Loss and gradient are computed by the reference, at the double
    weights.

    Args:
        k: teachers and inputs.
        n: students, n >= k.
        settings: runs, steps and checks, the step, the start distance, and the seed.
        progress: called with (checks done, checks).
    """
    teachers, minimum = np.eye(k), global_minimum(n, k)
    generators = [indexed_generator(settings.seed, k, n, run) for run in range(settings.runs)]
    directions = np.array([generator.normal(size=(n, k)) for generator in generators])
    lengths = np.linalg.norm(directions, axis=(1, 2), keepdims=True)
    weights = minimum + settings.start_distance * directions / lengths
    checks = log_spaced_checks(settings.iterations, settings.checks_per_decade)
    records = []
    done = 0
    for number, check in enumerate(checks, start=1):
        no_noise = np.zeros((settings.runs, check - done, k))
        weights, done = perturb_and_descend(weights, settings.step_factor / k, no_noise), check
        records += [
            {"k": k, "n": n, "run": run, "iteration": check, **_measure(point, teachers)}
            for run, point in enumerate(weights)
        ]
        if progress is not None:
            progress(number, len(checks))
    return records


def fit_convergence(convergence: pd.DataFrame, *, window: float) -> list[dict[str, Any]]:
    """Return the law of convergence of each run and quantity.

    log y is fitted against log t and against t over the last checks, from 1/window of the last step
    on; the law of the smaller residuals is kept. Checks at which a run is at the minimum to
    rounding are left out.

    Args:
        convergence: rows of `follow_convergence`.
        window: last step over first step of the fit.

    Source: S21, Theorems 3 and 9; the exponents are derived here.
    """
    records = []
    for (k, n, run), rows in convergence.groupby(["k", "n", "run"]):
        falling = rows[(rows["distance"] >= SMALLEST_DISTANCE) & (rows["iteration"] > 0)]
        last = falling["iteration"].max()
        fitted = falling[falling["iteration"] >= last / window]
        for quantity in QUANTITIES:
            law, fit = _better_law(fitted["iteration"].to_numpy(), fitted[quantity].to_numpy())
            records.append(
                {
                    "k": k,
                    "n": n,
                    "run": run,
                    "quantity": quantity,
                    "law": law,
                    "rate": fit.slope,
                    "low": fit.slope_interval.low,
                    "high": fit.slope_interval.high,
                    "first_iteration": int(fitted["iteration"].min()),
                    "last_iteration": int(last),
                    "checks": len(fitted),
                }
            )
    return records


def _measure(point: NDArray[np.float64], teachers: NDArray[np.float64]) -> dict[str, float]:
    with mpmath.workdps(DIGITS):
        gradient = reference_gradient(point, teachers, digits=DIGITS)
        norm = mpmath.sqrt(mpmath.fsum(gradient.ravel() ** 2))
        loss = reference_loss(point, teachers, digits=DIGITS)
    return {
        # At a global minimum to rounding the reference gives a zero of either sign.
        "loss": max(float(loss), 0.0),
        "gradient_norm": float(norm),
        "distance": distance_to_global_minima(point, teachers),
    }


def _better_law(steps: NDArray[np.int64], values: NDArray[np.float64]) -> tuple[str, LineFit]:
    logarithms = np.log(values)
    fits = {
        "power": fit_line(np.log(steps), logarithms),
        "exponential": fit_line(steps, logarithms),
    }
    law = min(fits, key=lambda name: fits[name].residual)
    return law, fits[law]
