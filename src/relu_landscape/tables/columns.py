"""Units, columns that stand in many tables, and keys that do."""

from __future__ import annotations

from typing import Annotated, Literal

from relu_landscape.tables.schema import Unit, at_least, between

# What is counted.
NeuronCount = Annotated[int, Unit("neurons"), at_least(0)]
PointCount = Annotated[int, Unit("points"), at_least(0)]
InputCount = Annotated[int, Unit("inputs"), at_least(0)]
DrawCount = Annotated[int, Unit("draws"), at_least(0)]
RunCount = Annotated[int, Unit("runs"), at_least(0)]
StepCount = Annotated[int, Unit("steps"), at_least(0)]
RegionCount = Annotated[int, Unit("regions"), at_least(0)]
Loss = Annotated[float, Unit("loss F (with the factor 1/2)")]
Weight = Annotated[float, Unit("weight")]
LossCurvature = Annotated[float, Unit("loss per weight squared")]
LossSlope = Annotated[float, Unit("loss per weight")]
Percent = Annotated[float, Unit("%"), between(0, 100)]
Share = Annotated[float, between(0, 1)]

Checked = Annotated[bool, "Whether the checker, which shares no code, accepts the certificate."]
ProofState = Literal["proved", "not_proved", "not_tried"]

Search = Annotated[str, "Name of the batch of restarts in the configuration."]
Teachers = Annotated[NeuronCount, at_least(1), "Number of teachers."]
Students = Annotated[NeuronCount, at_least(1), "Number of students."]
ClassId = Annotated[int, at_least(0), "Class, counted from 0 in each case."]
Kind = Annotated[
    Literal["global_minimum", "spurious_minimum", "saddle", "undecided"],
    "What the critical point is.",
]
SmallestEigenvalue = Annotated[LossCurvature, "Smallest eigenvalue of the Hessian."]
StepsTaken = Annotated[StepCount, "Steps taken."]
InputDimension = Annotated[InputCount, at_least(1), "Input dimension."]
Family = Annotated[Literal["A", "I", "II"], "Family of symmetric critical points."]
SecondBlock = Annotated[NeuronCount, "Neurons of the second block; 0 for A."]
FurtherNeurons = Annotated[NeuronCount, "Neurons beyond n = k."]

CLASS = ("k", "n", "class_id")
"""What singles out a class of critical points in every table that is about classes."""

POINT = ("family", "m", "extra", "k")
"""What singles out a point of a symmetric family in every table that is about families."""
