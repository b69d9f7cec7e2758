"""What a step of a study is: a function from what is stored, and settings, to what it makes.

The parameters of a step name its inputs (tables, arrays, published numbers), the wildcards and the
values of its rule, and `log`, the log of its job; it returns what it makes by the names of the
outputs of its rule. Where a rule names several files for one input, the step gets their contents by
path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Arrays", "Made", "by_size", "rows_of", "teachers_in"]

Arrays: TypeAlias = Mapping[str, NDArray[np.float64]]
"""Arrays that are stored together, by their names."""

Made: TypeAlias = Mapping[str, Any]
"""Records or a frame of a table, `Arrays`, a text, or a document, by the name of the output."""


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
