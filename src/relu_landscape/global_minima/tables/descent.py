"""Descent next to global minima."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.global_minima.tables.columns import TeachersAndInputs
from relu_landscape.tables.columns import (
    Loss,
    LossCurvature,
    LossSlope,
    Search,
    StepCount,
    StepsTaken,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, table


@table(key=("k", "n"), version=1)
class Theorem_13:
    """One row a size; the step and the number of iterations that Theorem 13 of S21 asks for."""

    k: Annotated[TeachersAndInputs, at_least(1)]
    n: Students
    delta: Annotated[float, Unit("weight squared"), at_least(0), "Squared distance promised."]
    convexity: Annotated[
        LossCurvature, at_least(0), "lambda, with (W - W*)^T H (W - W*) >= lambda |g|^2."
    ]
    lipschitz: Annotated[
        LossCurvature, at_least(0), "L, the largest Hessian eigenvalue at the global minimum."
    ]
    largest_step: Annotated[float, at_least(0), "lambda delta^2/(64 L^2)."]
    iterations: Annotated[
        float,
        Unit("steps"),
        at_least(0),
        "log(delta)/log(1 - eta lambda delta^2/64) at the largest step.",
    ]


@table(key=("k", "n", "step_factor", "noise_factor", "run", "iteration"), version=1)
class PerturbedDescent:
    """One row a check of a run of perturbed gradient descent (S21, Appendix D.2) started near a
    global minimum; without noise it is gradient descent.
    """

    k: Annotated[TeachersAndInputs, at_least(1)]
    n: Students
    step_factor: Annotated[float, at_least(0), "Step eta times k."]
    noise_factor: Annotated[
        float, at_least(0), "Noise amplitude in units of delta/(4 n); 0 for gradient descent."
    ]
    run: Annotated[
        int, at_least(0), "Number of the run; runs of one number start at the same point."
    ]
    iteration: StepsTaken
    delta: Annotated[
        float, Unit("weight squared"), at_least(0), "Squared distance that Theorem 13 promises."
    ]
    distance: Annotated[
        Weight | None,
        at_least(0),
        "Frobenius distance to the set of global minima. Empty once a run has diverged.",
    ]
    distance_to_start: Annotated[
        Weight | None,
        at_least(0),
        "Frobenius distance to the global minimum that the run started next to. Empty once a run "
        "has diverged.",
    ]
    loss: Annotated[
        Loss | None, "Population loss; below 1e-12 it is rounding. Empty once a run has diverged."
    ]


@table(key=("k", "n", "run", "iteration"), version=1)
class Convergence:
    """One row a check of a run of gradient descent started near a global minimum."""

    k: Annotated[TeachersAndInputs, at_least(1)]
    n: Students
    run: Annotated[int, at_least(0), "Number of the run."]
    iteration: StepsTaken
    loss: Annotated[Loss, at_least(0), "Population loss, by the reference in extended precision."]
    gradient_norm: Annotated[
        LossSlope, at_least(0), "Frobenius norm of the gradient, by the reference."
    ]
    distance: Annotated[Weight, at_least(0), "Frobenius distance to the set of global minima."]


@table(key=("k", "n", "run", "quantity"), version=1)
class ConvergenceRates:
    """One row a fitted law of convergence of gradient descent near a global minimum, of one
    quantity of one run.
    """

    k: Annotated[TeachersAndInputs, at_least(1)]
    n: Students
    run: Annotated[int, at_least(0), "Number of the run."]
    quantity: Annotated[Literal["loss", "gradient_norm", "distance"], "What is fitted."]
    law: Annotated[
        Literal["power", "exponential"],
        "A power of the number of steps, or an exponential in it: the one of smaller residuals.",
    ]
    rate: Annotated[float, "Exponent of the power, or change of the logarithm a step."]
    low: Annotated[float, "Lower end of its 95 % interval."]
    high: Annotated[float, "Upper end."]
    first_iteration: Annotated[StepCount, "First check that was fitted."]
    last_iteration: Annotated[StepCount, "Last check that was fitted."]
    checks: Annotated[int, at_least(3), "Number of checks fitted."]


@table(key=("search", "k", "n", "restart"), version=1)
class Confirmations:
    """One row a good run with n > k that was continued to see whether it approaches a global
    minimum.
    """

    search: Search
    k: Teachers
    n: Students
    restart: Annotated[int, at_least(0), "Number of the restart."]
    iterations: Annotated[StepCount, "Further steps taken."]
    loss: Annotated[Loss, at_least(-1e-9), "Population loss at the end."]
    distance: Annotated[
        Weight,
        at_least(0),
        "Frobenius distance to the set of global minima (S21, Theorem 2) at the end.",
    ]
    decay_exponent: Annotated[
        float | None,
        "Slope of log distance against log iteration; decay like 1/t has -1. Empty if there are "
        "too few points.",
    ]
    smallest_norm: Annotated[
        Weight,
        at_least(0),
        "Norm of the smallest neuron at the end; near 0 where a neuron dies out.",
    ]
    confirmed: Annotated[
        bool, "Whether the distance is below the threshold and falls at least like 1/t."
    ]
