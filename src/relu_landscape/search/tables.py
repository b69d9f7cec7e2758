"""Result tables of the searches from random starts."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.columns import (
    InputDimension,
    Loss,
    LossSlope,
    Percent,
    RunCount,
    Search,
    StepCount,
    Students,
    Teachers,
)
from relu_landscape.tables.schema import Unit, at_least, table


@table(key=("search", "k", "n", "restart"), version=1)
class Restarts:
    """One row a restart of gradient descent, as it ended."""

    search: Search
    protocol: Annotated[str, "Initial law, step and stopping rule."]
    k: Teachers
    n: Students
    d: InputDimension
    restart: Annotated[
        int,
        at_least(0),
        "Number of the restart; with the seed of the search and (k, n) it fixes the starting "
        "point.",
    ]
    loss: Annotated[
        Loss | None,
        at_least(-1e-9),
        "Population loss at the last iterate; empty if it is not finite.",
    ]
    gradient_norm: Annotated[
        LossSlope | None, at_least(0), "Frobenius norm of the gradient at the last iterate."
    ]
    largest_neuron_gradient: Annotated[
        LossSlope | None,
        at_least(0),
        "Largest norm of the gradient of one neuron, max_i |dF/dw_i|.",
    ]
    iterations: Annotated[
        StepCount,
        "Steps taken since the run last began; at a known minimum, up to the ball that descent "
        "does not leave.",
    ]
    step: Annotated[float, Unit("weight squared per loss"), at_least(0), "Step size at the end."]
    halvings: Annotated[
        int, at_least(0), "Times the run diverged and began again with half the step."
    ]
    stop_reason: Annotated[
        Literal[
            "converged",
            "known_minimum",
            "below_threshold",
            "iteration_budget",
            "diverged",
            "non_finite",
        ],
        "Why the run ended.",
    ]
    loss_rose: Annotated[bool, "Whether the loss ever rose from one check to the next."]
    bad: Annotated[
        bool,
        "Whether the final loss is at or above 1e-3, whatever the stop reason; a run that ended "
        "so at no critical point is unfinished, not bad, in bad_run_rates.",
    ]


@table(key=("search", "k", "n"), version=2)
class BadRunRates:
    """One row a search and case, the share of bad runs (critical points with a loss at or above
    1e-3).
    """

    search: Search
    protocol: Annotated[str, "Initial law, step and stopping rule."]
    k: Teachers
    n: Students
    runs: Annotated[RunCount, "Number of restarts, the unfinished ones left out."]
    bad: Annotated[RunCount, "How many of them are bad."]
    percent_bad: Annotated[Percent | None, "Share of bad runs, of no runs none."]
    percent_low: Annotated[Percent, "Lower end of its 95 % Clopper-Pearson interval."]
    percent_high: Annotated[Percent, "Upper end of its 95 % Clopper-Pearson interval."]
    unfinished: Annotated[
        RunCount,
        "Restarts that ended with a loss at or above 1e-3, but at no critical point: out of "
        "budget and not finished by Newton, or diverged.",
    ]


@table(key=("search", "k", "n", "end"), version=1)
class BadRunEnds:
    """One row a kind of point in which bad runs of one search and size ended."""

    search: Search
    k: Teachers
    n: Students
    end: Annotated[
        Literal["spurious_minimum", "saddle", "global_minimum", "undecided", "unclassified"],
        "Kind of the critical point; unclassified runs ended at one of a size that is not "
        "measured.",
    ]
    runs: Annotated[RunCount, "Bad runs that ended so."]


@table(key=("search", "k", "n"), version=1)
class GlobalMinimumCounts:
    """One row a search and case, how many runs ended at a global minimum."""

    search: Search
    k: Teachers
    n: Students
    runs: Annotated[RunCount, at_least(1), "Number of restarts."]
    at_global: Annotated[
        RunCount, "How many ended at a global minimum; runs stopped early never count."
    ]
