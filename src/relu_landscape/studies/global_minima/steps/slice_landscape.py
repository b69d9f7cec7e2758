"""The loss on planes through a global minimum."""

from relu_landscape.global_minima import landscape as planes
from relu_landscape.global_minima.settings import Landscape
from relu_landscape.studies.steps import Made


def slice_landscape(landscape: Landscape) -> Made:
    """Loss and smallest eigenvalue on a grid of each plane."""
    return {"landscape_slices": planes.slice_landscape(landscape)}
