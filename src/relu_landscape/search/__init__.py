"""Minimum finding by many restarts of fixed-step gradient descent."""

from relu_landscape.search.descent import DescentRecord, descend
from relu_landscape.search.find import find_minima
from relu_landscape.search.initial import initial_weights
from relu_landscape.search.protocol import (
    PROTOCOLS,
    GradientMeasure,
    InitialLaw,
    Protocol,
    StepScaling,
    StopReason,
)

__all__ = [
    "PROTOCOLS",
    "DescentRecord",
    "GradientMeasure",
    "InitialLaw",
    "Protocol",
    "StepScaling",
    "StopReason",
    "descend",
    "find_minima",
    "initial_weights",
]
