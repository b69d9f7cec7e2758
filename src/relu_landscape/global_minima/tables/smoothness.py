"""How smooth the loss is where no neuron is zero."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.global_minima.tables.columns import TeachersAndInputs
from relu_landscape.tables.columns import InputCount, LossCurvature, Weight
from relu_landscape.tables.schema import Unit, at_least, table


@table(key=("arrangement", "k", "draw", "step"), version=1)
class SmoothnessProbes:
    """One row a step h from a random point W with k + 1 students along a random unit displacement
    U (S21, Lemma 1); both columns fall to zero with h where the loss is twice continuously
    differentiable.
    """

    arrangement: Annotated[
        Literal["generic", "parallel", "antiparallel", "along_teacher", "against_teacher"],
        "How the first student lies to the second, or to the first teacher.",
    ]
    k: TeachersAndInputs
    draw: Annotated[int, at_least(0), "Number of the draw."]
    step: Annotated[Weight, at_least(0), "Frobenius length h of the step."]
    gradient_error: Annotated[
        LossCurvature, at_least(0), "|(grad F(W + h U) - grad F(W))/h - H(W) U|."
    ]
    hessian_change: Annotated[LossCurvature, at_least(0), "|H(W + h U) - H(W)|, Frobenius norm."]


@table(key=("towards", "d", "draw", "step"), version=1)
class PairHessianLimits:
    """One row a pair of vectors next to parallel or antiparallel, how far its second derivatives
    h1, h2 are from their limits 0 and I/2, or 0 and 0 (S21, Lemma 18).
    """

    towards: Annotated[Literal["parallel", "antiparallel"], "What the pair is close to."]
    d: Annotated[InputCount, at_least(2), "Number of inputs."]
    draw: Annotated[int, at_least(0), "Number of the draw."]
    step: Annotated[float, Unit("rad"), at_least(0), "Angle from it that was asked for."]
    angle: Annotated[float, Unit("rad"), at_least(0), "Angle from it of the rounded vectors."]
    ratio: Annotated[float, at_least(0), "|v|/|w|."]
    first_norm: Annotated[LossCurvature, at_least(0), "Spectral norm of h1(w, v)."]
    mixed_distance: Annotated[
        LossCurvature, at_least(0), "Spectral distance of h2(w, v) from its limit."
    ]
