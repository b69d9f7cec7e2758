"""The loss on planes through a global minimum."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.global_minima import landscape as planes
from relu_landscape.studies.steps import Made


def slice_landscape(landscape: Mapping[str, Any]) -> Made:
    """Loss and smallest eigenvalue on a grid of each plane."""
    return {"landscape_slices": planes.slice_landscape(**landscape)}
