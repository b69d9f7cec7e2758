"""One neuron: its regions, its functions."""

from relu_landscape.activation_regions.illustrations import (
    function_space_rows,
    point_rows,
    sector_rows,
)
from relu_landscape.activation_regions.settings import Illustrations
from relu_landscape.studies.steps import Made


def draw_illustrations(illustrations: Illustrations) -> Made:
    """The regions of one neuron as cones, and its functions on points of a line."""
    sets, lines = illustrations.points, illustrations.lines
    return {
        "illustrated_points": [row for X in sets for row in point_rows(X)],
        "illustrated_sectors": [row for X in sets for row in sector_rows(X)],
        "illustrated_functions": [row for x in lines for row in function_space_rows(x)],
    }
