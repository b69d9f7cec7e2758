"""Orders in k of quantities that are power series in h = k^{-1/2}.

The order of such a quantity is a multiple of 1/2. Read off two large k it is off by O(h), so that
half the way to the next multiple tells orders apart whatever the coefficients are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.studies.symmetry.verdicts.rows import groups_of

HALF_WAY = 0.25
"""Half the distance of two orders that a power series in k^{-1/2} can have."""

NOT_FAR = "nothing was followed to two k that are large enough"


def far_pairs(
    frame: pd.DataFrame, key: Sequence[str], parameters: Mapping[str, Any]
) -> list[pd.DataFrame]:
    """The rows at the last two k of each group that was followed far enough.

    Args:
        frame: one row for each k in a group, k among its columns.
        key: columns that single out a group.
        parameters: first_k, far_k: both k are first_k or more, and the last one far_k or more.
    """
    far = frame[frame["k"] >= parameters["first_k"]]
    return [
        group.tail(2)
        for group in groups_of(far, key)
        if len(group) > 1 and group["k"].iloc[-1] >= parameters["far_k"]
    ]


def order_between(pair: pd.DataFrame, column: str) -> float:
    """log|v'/v| / log(k'/k) for the values v, v' of a column at two k.

    It is -inf where v' vanishes, and inf where v alone does.
    """
    k, values = (pair[name].to_numpy(np.float64) for name in ("k", column))
    if values[1] == 0.0:
        return -np.inf
    with np.errstate(divide="ignore"):
        return float(np.log(np.abs(values[1] / values[0])) / np.log(k[1] / k[0]))


def finite(order: float) -> float | None:
    """An order for readers; None where a quantity vanishes, did, or is not there."""
    return order if np.isfinite(order) else None
