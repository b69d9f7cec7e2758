"""Columns that stand in several tables of global minima."""

from __future__ import annotations

from typing import Annotated

from relu_landscape.tables.columns import NeuronCount
from relu_landscape.tables.schema import at_least

TeachersAndInputs = Annotated[NeuronCount, at_least(2), "Number of teachers, and inputs."]
