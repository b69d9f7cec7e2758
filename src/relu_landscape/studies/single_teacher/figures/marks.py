"""What the figures of one teacher share."""

from collections.abc import Mapping
from types import MappingProxyType

from relu_landscape.figures.style import SERIES, Mark

STARTS: Mapping[str, tuple[str, Mark]] = MappingProxyType(
    {
        "standard": ("from N(0, 1/d)", SERIES[0]),
        "small": ("from small starts", SERIES[1]),
        "near_minimum": ("next to a global minimum, k > 1", SERIES[2]),
    }
)
"""How each kind of start is called, and its mark."""

ASIDE: Mapping[str, float] = MappingProxyType({"standard": -0.2, "small": 0.2, "near_minimum": 0.0})
"""Where runs of each start stand beside their number of students."""
