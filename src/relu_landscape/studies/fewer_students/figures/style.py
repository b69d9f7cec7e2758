"""What the figures of this study share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

import pandas as pd

from relu_landscape.figures.style import SERIES, Mark

BRANCHES: Final[Mapping[str, Mark]] = MappingProxyType(
    {"copy_average": SERIES[0], "perturbed_copy": SERIES[1]}
)


def branch_name(branch: str) -> str:
    """A branch as a legend says it."""
    return branch.replace("_", "-" if branch == "copy_average" else " ")


def relu_rows(points: pd.DataFrame) -> pd.DataFrame:
    """The rows of the ReLU."""
    return points[points["kernel"] == "relu"]
