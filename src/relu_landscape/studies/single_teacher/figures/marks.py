"""What the figures of a single teacher share."""

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from relu_landscape.figures.style import SERIES, Mark

STARTS: Mapping[str, tuple[str, Mark]] = MappingProxyType(
    {
        "standard": ("from N(0, 1/d)", SERIES[0]),
        "small": ("from small starts", SERIES[1]),
        "near_minimum": ("next to a global minimum, k > 1", SERIES[2]),
    }
)
"""How each kind of start is called, and its mark."""

_ASIDE: Mapping[str, float] = MappingProxyType(
    {"standard": -0.2, "small": 0.2, "near_minimum": 0.0}
)
_WIDTH = 0.3


def beside_students(rows: pd.DataFrame, start: str) -> pd.Series:
    """Where runs of one kind of start stand on the axis of n: side by side, next to the others."""
    last = max(1, rows["run"].max())
    places: pd.Series = rows["n"] + _ASIDE[start] + _WIDTH * (rows["run"] / last - 0.5)
    return places
