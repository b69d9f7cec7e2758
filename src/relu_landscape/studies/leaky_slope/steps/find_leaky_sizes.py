"""The real k at which families change at a slope."""

from relu_landscape.leaky.records import size_rows
from relu_landscape.leaky.settings import Sizes
from relu_landscape.studies.steps import Made


def find_leaky_sizes(sizes: Sizes) -> Made:
    """Where families become minima, and where they cease to reach the absolute value."""
    return {"leaky_sizes": list(size_rows(sizes.blocks, sizes.slopes, sizes.fold_blocks))}
