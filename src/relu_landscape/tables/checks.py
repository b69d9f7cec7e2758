"""Do the columns of a table keep to its column schema, and if not, where and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.tables.schema import Column, TableSchema
from relu_landscape.tables.typed_arrays import NUMPY_TYPES, is_missing

__all__ = ["find_name_problems", "find_problems"]


def find_name_problems(names: Iterable[Any], schema: TableSchema) -> list[str]:
    """What is wrong with the column names of a table of `schema`, one line each."""
    expected = [column.name for column in schema.columns]
    found = Counter(names)
    problems = [f"column '{name}' is missing" for name in expected if name not in found] + [
        f"column '{name}' is unexpected (the schema has {', '.join(expected)})"
        for name in found
        if name not in expected
    ]
    if problems:
        return problems
    return [f"column '{name}' occurs twice" for name, count in found.items() if count > 1]


def find_problems(columns: Mapping[str, Any], schema: TableSchema) -> list[str]:
    """What is wrong with `columns` as a table of `schema`, one line each; empty if nothing is.

    columns: every column of the schema and no other, as made by `typed_columns`.
    """
    problems = _shape_problems(columns)
    if problems:
        return problems
    for column in schema.columns:
        problems += _column_problems(columns[column.name], column)
    if not problems:
        problems = _key_problems(columns, schema)
    return problems


def _shape_problems(columns: Mapping[str, Any]) -> list[str]:
    if all(values.ndim == 0 for values in columns.values()):
        return ["every column is a scalar; at least one must be an array, a list or a range"]
    problems = [
        f"column '{name}' has shape {values.shape}, but must have one dimension"
        for name, values in columns.items()
        if values.ndim != 1
    ]
    lengths = {name: len(values) for name, values in columns.items()}
    if not problems and len(set(lengths.values())) > 1:
        told = ", ".join(f"'{name}' {length}" for name, length in lengths.items())
        problems = [f"columns have different lengths: {told}"]
    return problems


def _column_problems(values: Any, column: Column) -> list[str]:
    here = f"column '{column.name}'"
    if not _has_type(values, column.type):
        return [f"{here} has type {values.dtype}, but must have {column.type}"]
    problems = []
    absent = is_missing(values)
    if not column.nullable:
        if column.type == "float64":
            missing, what = ~np.isfinite(values), "not finite"
        else:
            missing, what = absent, "missing"
        problems += _report(values, missing, f"{here} is not nullable, but {{}} {what}")
    if column.minimum is not None:
        low = values < column.minimum
        problems += _report(values, low, f"{here} has {{}} below the minimum {column.minimum}")
    if column.maximum is not None:
        high = values > column.maximum
        problems += _report(values, high, f"{here} has {{}} above the maximum {column.maximum}")
    if column.allowed is not None:
        known = np.array([value in column.allowed for value in values.tolist()], np.bool_)
        allowed = ", ".join(str(value) for value in column.allowed)
        sentence = f"{here} has {{}} other than the allowed {allowed}"
        problems += _report(values, ~known & ~absent, sentence)
    return problems


def _has_type(values: Any, name: str) -> bool:
    if values.dtype != NUMPY_TYPES[name]:
        return False
    return name != "string" or all(value is None or isinstance(value, str) for value in values)


def _report(values: NDArray[Any], wrong: NDArray[np.bool_], sentence: str) -> list[str]:
    rows = np.flatnonzero(wrong)
    if rows.size == 0:
        return []
    count = f"{rows.size} value{'s' if rows.size > 1 else ''}"
    return [f"{sentence.format(count)} (first: {values[rows[0]]!r} in row {rows[0]})"]


def _key_problems(columns: Mapping[str, NDArray[Any]], schema: TableSchema) -> list[str]:
    seen: set[tuple[Any, ...]] = set()
    repeated = []
    for key in zip(*(columns[name].tolist() for name in schema.key), strict=True):
        if key in seen:
            repeated.append(key)
        seen.add(key)
    if not repeated:
        return []
    values = ", ".join(
        f"{name}={value}" for name, value in zip(schema.key, repeated[0], strict=True)
    )
    return [f"{len(repeated)} rows repeat the key of an earlier row (first: {values})"]
