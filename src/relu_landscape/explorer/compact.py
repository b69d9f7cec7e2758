"""Records as JSON that names each key once, with as many digits as a reader can use."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

__all__ = ["as_columns", "rounded"]

DIGITS: Final = 8
"""Significant digits of a number that is shown and not computed with."""


def as_columns(records: Sequence[Mapping[str, Any]], nested: Iterable[str] = ()) -> dict[str, Any]:
    """Records that all have the same keys, as `columns`, `rows` and the keys of `nested` ones.

    Args:
        records: what becomes a row each.
        nested: columns of records, or of lists of records; such a record becomes the list of its
            values, and the page is told their keys once.

    Raises:
        ValueError: a record has other keys than the first.
    """
    columns = list(records[0]) if records else []
    for number, record in enumerate(records):
        if list(record) != columns:
            raise ValueError(
                f"record {number} has the keys {', '.join(record)}; those of the first are "
                f"{', '.join(columns)}, and all must be alike"
            )
    keys = {name: _keys_of([record[name] for record in records]) for name in nested}
    rows = [[_values(value, keys.get(name)) for name, value in r.items()] for r in records]
    return {"columns": columns, "nested": keys, "rows": rows}


def rounded(value: Any) -> Any:
    """A value with its numbers rounded for reading; a number that is not finite becomes None."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, Mapping):
        return {name: rounded(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(part) for part in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") if math.isfinite(value) else None
    return value


def _keys_of(values: Iterable[Any]) -> list[str]:
    """The keys of all records in a column, in the order in which they appear."""
    parts = (part for value in values for part in (value if isinstance(value, list) else [value]))
    return list(dict.fromkeys(key for part in parts if part is not None for key in part))


def _values(value: Any, keys: Sequence[str] | None) -> Any:
    if keys is None or value is None:
        return value
    if isinstance(value, list):
        return [[part.get(key) for key in keys] for part in value]
    return [value.get(key) for key in keys]
