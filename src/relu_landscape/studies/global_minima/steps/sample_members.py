"""Global minima, and points next to them, at their distance."""

from relu_landscape.global_minima import samples
from relu_landscape.global_minima.settings import Members
from relu_landscape.studies.steps import Made


def sample_members(members: Members) -> Made:
    """Loss at drawn global minima, and the distance found after a step of known length."""
    return {
        "global_minimum_members": [
            row for size in members.sizes for row in samples.sample_members(size, members)
        ]
    }
