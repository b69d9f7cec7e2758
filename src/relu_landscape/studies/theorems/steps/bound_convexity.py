"""Bounds of the radius of strong convexity, by the proof that holds for every k."""

import math
from collections.abc import Sequence

from relu_landscape.certificates.convexity_for_all_k import (
    convexity_radius_for_all_k,
    convexity_radius_upper_bound,
)
from relu_landscape.certificates.tables import ConvexityBounds
from relu_landscape.studies.steps import Made


def bound_convexity(teachers: Sequence[int]) -> Made:
    """A row for each of these k."""
    return {
        "convexity_bounds": [
            ConvexityBounds(
                k=k,
                lower=math.nextafter(float(convexity_radius_for_all_k(k)), 0.0),
                upper=math.nextafter(float(convexity_radius_upper_bound(k)), math.inf),
            )
            for k in teachers
        ]
    }
