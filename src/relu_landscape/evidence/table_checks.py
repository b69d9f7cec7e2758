"""Does a data frame keep to its column schema, and if not, where and how."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.evidence.column_schemas import Column, TableSchema

__all__ = ["PANDAS_TYPES", "find_problems", "typed_columns"]

PANDAS_TYPES: dict[str, Any] = {
    "int64": np.dtype(np.int64),
    "float64": np.dtype(np.float64),
    "string": pd.StringDtype(na_value=np.nan),
    "bool": np.dtype(np.bool_),
}


def typed_columns(frame: pd.DataFrame, schema: TableSchema) -> pd.DataFrame:
    """`frame` in the column order of the schema, text as pandas strings, no rows as typed columns.

    Nothing else is converted: a column of another type is left for `find_problems` to report.
    """
    columns = {}
    for column in schema.columns:
        if column.name not in frame.columns:
            continue
        values = frame[column.name].reset_index(drop=True)
        if len(values) == 0 or (column.type == "string" and _holds_only_text(values)):
            values = values.astype(PANDAS_TYPES[column.type])
        columns[column.name] = values
    return pd.DataFrame(columns)


def find_problems(frame: pd.DataFrame, schema: TableSchema) -> list[str]:
    """What is wrong with `frame` as a table of `schema`, one line each; empty if nothing is."""
    expected = [column.name for column in schema.columns]
    problems = [f"column '{name}' is missing" for name in expected if name not in frame.columns] + [
        f"column '{name}' is unexpected (the schema has {', '.join(expected)})"
        for name in frame.columns
        if name not in expected
    ]
    if problems:
        return problems
    if frame.columns.has_duplicates:
        return [
            f"column '{name}' occurs twice" for name in frame.columns[frame.columns.duplicated()]
        ]
    typed = typed_columns(frame, schema)
    for column in schema.columns:
        problems += _column_problems(typed[column.name], column)
    if not problems:
        problems = _key_problems(typed, schema)
    return problems


def _holds_only_text(values: pd.Series) -> bool:
    if isinstance(values.dtype, pd.StringDtype):
        return True
    return values.dtype == object and all(
        isinstance(value, str) or value is None or value is np.nan for value in values
    )


def _column_problems(values: pd.Series, column: Column) -> list[str]:
    here = f"column '{column.name}'"
    if values.dtype != PANDAS_TYPES[column.type]:
        return [f"{here} has type {values.dtype}, but must have {column.type}"]
    problems = []
    if column.type == "float64":
        missing = ~np.isfinite(values.to_numpy())
        what = "not finite"
    else:
        missing = values.isna().to_numpy()
        what = "missing"
    if not column.nullable:
        problems += _report(values, missing, f"{here} is not nullable, but {{}} {what}")
    if column.minimum is not None:
        low = (values < column.minimum).to_numpy()
        problems += _report(values, low, f"{here} has {{}} below the minimum {column.minimum}")
    if column.maximum is not None:
        high = (values > column.maximum).to_numpy()
        problems += _report(values, high, f"{here} has {{}} above the maximum {column.maximum}")
    if column.allowed is not None:
        other = (~values.isin(column.allowed) & values.notna()).to_numpy()
        allowed = ", ".join(str(value) for value in column.allowed)
        problems += _report(values, other, f"{here} has {{}} other than the allowed {allowed}")
    return problems


def _report(values: pd.Series, wrong: np.ndarray, sentence: str) -> list[str]:
    rows = np.flatnonzero(wrong)
    if rows.size == 0:
        return []
    count = f"{rows.size} value{'s' if rows.size > 1 else ''}"
    return [f"{sentence.format(count)} (first: {values.iloc[rows[0]]!r} in row {rows[0]})"]


def _key_problems(frame: pd.DataFrame, schema: TableSchema) -> list[str]:
    repeated = frame.duplicated(list(schema.key)).to_numpy()
    if not repeated.any():
        return []
    row = int(np.flatnonzero(repeated)[0])
    values = ", ".join(f"{name}={frame[name].iloc[row]}" for name in schema.key)
    return [f"{int(repeated.sum())} rows repeat the key of an earlier row (first: {values})"]
