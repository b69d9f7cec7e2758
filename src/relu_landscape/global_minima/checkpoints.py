"""Numbers of steps at which a descent is looked at: evenly spaced in their logarithm."""

from __future__ import annotations

import numpy as np


def log_spaced_checks(steps: int, per_decade: int) -> list[int]:
    """Return increasing whole numbers from 0 to `steps`, about `per_decade` to a power of ten.

    Raises:
        ValueError: steps or per_decade below 1.
    """
    if min(steps, per_decade) < 1:
        raise ValueError(f"steps and per_decade must be at least 1, not {steps}, {per_decade}")
    count = int(np.ceil(np.log10(steps) * per_decade)) + 1
    return [0, *sorted({int(value) for value in np.geomspace(1, steps, count).round()})]
