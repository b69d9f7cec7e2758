"""Choosing rows of the tables about families of symmetric critical points, and naming them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd

FAMILY = ("family", "m")

LEAST_SCALED_LOSS = 1e-6
"""Bound on k F; the families that vanish have 0.2 m and more."""


def name_of(family: str, m: int) -> str:
    """Name of a family as the papers print it: A, I_1, II_2."""
    return family if family == "A" else f"{family}_{m}"


def named_rows(frame: pd.DataFrame) -> list[tuple[str, dict[str, Any]]]:
    """Each row of a frame with the name of its family."""
    records: list[dict[Any, Any]] = frame.to_dict("records")
    return [(name_of(row["family"], row["m"]), row) for row in records]


def at_equal_size(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with as many neurons as teachers."""
    return frame[frame["extra"] == 0]


def spurious_minima(points: pd.DataFrame) -> pd.DataFrame:
    """Local minima among points of families that are not global.

    At k = m + 2 the family I_m arrives at a global minimum, where the loss is zero up to rounding.
    """
    return points[(points["index"] == 0) & (points["loss"] * points["k"] > LEAST_SCALED_LOSS)]


def groups_of(frame: pd.DataFrame, key: Sequence[str]) -> Iterator[pd.DataFrame]:
    """The rows of each value of the key, by increasing k."""
    for _, group in frame.sort_values("k").groupby(list(key)):
        yield group


def names_in(frame: pd.DataFrame) -> str:
    """The families in a frame, for notes."""
    families = frame[list(FAMILY)].drop_duplicates().sort_values(list(FAMILY))
    return ", ".join(name for name, _ in named_rows(families))
