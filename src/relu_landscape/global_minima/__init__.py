"""The set of global minima: its members, and how far a point is from it."""

from relu_landscape.global_minima.members import (
    STRONG_CONVEXITY,
    Projection,
    distance_to_global_minima,
    global_minimum,
    project_onto_global_minima,
)

__all__ = [
    "STRONG_CONVEXITY",
    "Projection",
    "distance_to_global_minima",
    "global_minimum",
    "project_onto_global_minima",
]
