"""Columns that stand in several tables of activation regions."""

from __future__ import annotations

from typing import Annotated

from relu_landscape.tables.columns import InputCount, NeuronCount, PointCount
from relu_landscape.tables.schema import at_least

NumberOfPoints = Annotated[PointCount, at_least(1), "Number of points."]
NumberOfInputs = Annotated[InputCount, at_least(1), "Number of inputs."]
DataSet = Annotated[int, at_least(0), "Number of the data set."]
Width = Annotated[NeuronCount, at_least(1), "Width."]
