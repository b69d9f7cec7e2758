"""Result tables of a single teacher neuron."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.columns import (
    InputDimension,
    Loss,
    LossSlope,
    NeuronCount,
    StepCount,
    StepsTaken,
    Students,
    Teachers,
    Weight,
)
from relu_landscape.tables.schema import Unit, at_least, between, table

Start = Annotated[
    Literal["standard", "small", "near_minimum"],
    "Where the runs start: N(0, 1/d), far smaller, or next to a global minimum.",
]
Run = Annotated[int, at_least(0), "Number of the run."]
Time = Annotated[float, at_least(0), "t = eta T, step times the number of steps."]
ScaledLoss = Annotated[float, Unit("loss times time cubed"), at_least(0)]
Steepness = Annotated[float, Unit("loss^(1/3) per weight"), at_least(0)]
Constant = Annotated[float, Unit("loss per weight cubed"), at_least(0)]


@table(key=("start", "k", "n", "run", "iteration"), version=1)
class SingleTeacherDescents:
    """One row a check of a run of gradient descent with V = (e_1, ..., e_k) in d inputs."""

    start: Start
    k: Teachers
    n: Students
    run: Run
    iteration: StepsTaken
    d: InputDimension
    time: Time
    loss: Annotated[Loss, at_least(0), "Population loss, by the reference in extended precision."]
    gradient_norm: Annotated[LossSlope, at_least(0), "Frobenius norm of the gradient."]
    valley_loss: Annotated[
        Loss | None,
        at_least(0),
        "Leading order of the loss next to a global minimum. Empty while a student has no positive "
        "share of a teacher.",
    ]
    radius: Annotated[
        Weight, at_least(0), "|u|, Frobenius norm of what is at right angles to the teachers."
    ]
    projection: Annotated[Weight, "Sum of the shares of all students, divided by k."]
    largest_angle: Annotated[
        float, Unit("radians"), between(0, 3.15), "Largest angle of a student and its teacher."
    ]
    direction_distance: Annotated[
        float, at_least(0), "Sum over pairs of students of one teacher of |w_i/|w_i| - w_j/|w_j||."
    ]
    least_norm: Annotated[Weight, at_least(0), "Norm of the shortest student."]
    largest_norm: Annotated[Weight, at_least(0), "Norm of the longest student."]
    norm_spread: Annotated[
        float, at_least(0), "Standard deviation of the norms of the students over their mean."
    ]


@table(key=("start", "k", "n", "run", "quantity"), version=1)
class SingleTeacherLaws:
    """One row a fitted law of a run: A (t + t_0)^p or A exp(p t), the one of smaller residuals."""

    start: Start
    k: Teachers
    n: Students
    run: Run
    quantity: Annotated[Literal["loss", "direction_distance"], "What is fitted."]
    law: Annotated[Literal["power", "exponential"], "The law of smaller residuals."]
    rate: Annotated[float, "p, exponent of the power or rate of the exponential."]
    low: Annotated[float, "Lower end of its 95 % interval."]
    high: Annotated[float, "Upper end."]
    delay: Annotated[float | None, "t_0, in units of time; empty where the law is exponential."]
    first_iteration: Annotated[StepCount, "First check that was fitted."]
    last_iteration: Annotated[StepCount, "Last check that was fitted."]
    checks: Annotated[int, at_least(4), "Number of checks fitted."]


@table(key=("start", "k", "n", "run"), version=1)
class SingleTeacherLimits:
    """One row a run with n > k, at its end: what F t^3 is and tends to, and how steep F is."""

    start: Start
    k: Teachers
    n: Students
    run: Run
    time: Time
    scaled_loss: Annotated[ScaledLoss, "F t^3 at the end."]
    continued: Annotated[
        ScaledLoss, "Its limit by the slope of F^(-1/3) against t over the last decade."
    ]
    low: Annotated[ScaledLoss, "Lower end of the 95 % interval of that slope."]
    high: Annotated[ScaledLoss, "Upper end."]
    limit: Annotated[ScaledLoss, "1/(27 c^2), c the valley's constant in the final direction."]
    shares_limit: Annotated[
        ScaledLoss | None,
        "8 pi^2/(3 S^2), S = 1/a_1 + 1/a_2 of the final shares. Empty but for k = 1, n = 2.",
    ]
    quotient: Annotated[Steepness, "|grad F|/F^(2/3) at the end."]
    quotient_limit: Annotated[Steepness, "3 c^(1/3)."]


@table(key=("k", "n", "draw", "distance"), version=1)
class ValleyExpansions:
    """One row a point next to a global minimum with random shares and a random direction."""

    k: Teachers
    n: Students
    draw: Annotated[int, at_least(0), "Number of the draw."]
    distance: Annotated[Weight, at_least(0), "|u|."]
    d: InputDimension
    loss: Annotated[Loss, at_least(0), "Population loss, by the reference in extended precision."]
    valley_loss: Annotated[Loss, at_least(0), "Its leading order."]
    error: Annotated[float, at_least(0), "|F/Phi - 1|."]


@table(key=("n", "corners"), version=1)
class SimplexValleys:
    """One row a regular simplex of some of n students with equal shares of a single teacher."""

    n: Students
    corners: Annotated[NeuronCount, at_least(2), "Students at the corners; the others rest."]
    constant: Annotated[Constant, "c in closed form, the leading order of F over |u|^3."]
    evaluated: Annotated[Constant, "The same by the formula for any direction."]
    scaled_loss: Annotated[ScaledLoss, "1/(27 c^2), what F t^3 tends to."]
    quotient: Annotated[Steepness, "3 c^(1/3), what |grad F|/F^(2/3) tends to."]


@table(key=("n", "dimension"), version=1)
class LeastValleys:
    """One row a search for the direction of least loss, equal shares of a single teacher."""

    n: Students
    dimension: Annotated[int, Unit("inputs"), at_least(1), "Dimensions beside the teacher, d - 1."]
    corners: Annotated[NeuronCount, at_least(2), "Corners of the best regular simplex."]
    constant: Annotated[Constant, "c of that simplex in closed form."]
    found: Annotated[Constant, "The least c found."]
    starts: Annotated[int, at_least(1), "Random starts of the search."]
