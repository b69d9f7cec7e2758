"""Choosing rows of the tables about critical points."""

from __future__ import annotations

import pandas as pd

from relu_landscape.tables.columns import CLASS


def spurious_minima(curvature: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table curvature that are local and not global minima."""
    return curvature[curvature["kind"] == "spurious_minimum"]


def at_equal_size(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with as many students as teachers."""
    return frame[frame["n"] == frame["k"]]


def with_class_columns(
    frame: pd.DataFrame, classes: pd.DataFrame, columns: list[str]
) -> pd.DataFrame:
    """`frame` with columns of its class, from any table keyed by k, n and class_id."""
    return frame.merge(
        classes[[*CLASS, *columns]], on=list(CLASS), how="left", validate="many_to_one"
    )
