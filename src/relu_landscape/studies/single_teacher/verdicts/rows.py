"""Rows that several tests of this study choose."""

from __future__ import annotations

import pandas as pd

RUN = ("start", "k", "n", "run")
"""What singles out a run."""


def over_parameterised(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with more students than teachers."""
    return rows[rows["n"] > rows["k"]]


def ends_of(descents: pd.DataFrame) -> pd.DataFrame:
    """The last check of each run."""
    return descents.sort_values("iteration").groupby(list(RUN), as_index=False).tail(1)
