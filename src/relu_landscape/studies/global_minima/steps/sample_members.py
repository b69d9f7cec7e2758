"""Global minima, and points next to them, at their distance."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.global_minima import samples
from relu_landscape.studies.steps import Made


def sample_members(members: Mapping[str, Any]) -> Made:
    """Loss at drawn global minima, and the distance found after a step of known length."""
    drawn = {name: value for name, value in members.items() if name != "sizes"}
    return {
        "global_minimum_members": [
            row for size in members["sizes"] for row in samples.sample_members(**size, **drawn)
        ]
    }
