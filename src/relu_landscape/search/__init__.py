"""Minimum finding by many restarts of fixed-step gradient descent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relu_landscape.lazy import load_on_first_use

if TYPE_CHECKING:
    from relu_landscape.search.basins import Basins
    from relu_landscape.search.choices import GradientMeasure, InitialLaw, StepScaling
    from relu_landscape.search.descent import DescentRecord, descend
    from relu_landscape.search.find import find_minima
    from relu_landscape.search.initial import initial_weights
    from relu_landscape.search.polish import newton_polish, same_minimum_ball
    from relu_landscape.search.protocol import PROTOCOLS, Protocol, StopReason

__all__ = [
    "PROTOCOLS",
    "Basins",
    "DescentRecord",
    "GradientMeasure",
    "InitialLaw",
    "Protocol",
    "StepScaling",
    "StopReason",
    "descend",
    "find_minima",
    "initial_weights",
    "newton_polish",
    "same_minimum_ball",
]

__getattr__, __dir__ = load_on_first_use(
    __name__,
    {
        "Basins": "basins",
        "DescentRecord": "descent",
        "GradientMeasure": "choices",
        "InitialLaw": "choices",
        "PROTOCOLS": "protocol",
        "Protocol": "protocol",
        "StepScaling": "choices",
        "StopReason": "protocol",
        "descend": "descent",
        "find_minima": "find",
        "initial_weights": "initial",
        "newton_polish": "polish",
        "same_minimum_ball": "polish",
    },
)
