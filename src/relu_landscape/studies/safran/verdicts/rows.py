"""Choosing rows of the tables about critical points."""

from __future__ import annotations

from typing import TypeAlias

import pandas as pd

from relu_landscape.judging.findings import Claim
from relu_landscape.tables.columns import CLASS

Case: TypeAlias = tuple[int, int]
"""Numbers (k, n) of teachers and students."""


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


def case_of(claim: Claim) -> Case:
    """The (k, n) of the case of a claim."""
    return int(claim.case["k"]), int(claim.case["n"])


def runs_with(
    memberships: pd.DataFrame, curvature: pd.DataFrame, search: str, columns: list[str]
) -> pd.DataFrame:
    """One row a classified run of a search whose class was measured, with columns of the class."""
    measured = with_class_columns(
        memberships[memberships["search"] == search], curvature, ["kind", *columns]
    )
    return measured[measured["kind"].notna()]
