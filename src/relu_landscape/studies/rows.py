"""Rows of tables, and names in paths, as steps read them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

__all__ = ["by_size", "rows_of", "teachers_in"]


def rows_of(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table, each with its values by column."""
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def by_size(table: pd.DataFrame) -> Iterator[tuple[int, int, pd.DataFrame]]:
    """k, n and the rows of each size in a table, in increasing order."""
    for size in sorted(set(zip(table["k"].tolist(), table["n"].tolist(), strict=True))):
        yield *size, table[(table["k"] == size[0]) & (table["n"] == size[1])]


def teachers_in(name: str) -> int:
    """k of the name in paths of what has k teachers, such as k12."""
    return int(name.removeprefix("k"))
