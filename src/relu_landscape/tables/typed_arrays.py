"""Columns of a table as NumPy and Arrow arrays, without pandas.

Arrow arrays are made from and taken apart into their buffers, because `pyarrow.array` and
`to_numpy` import pandas, which costs a job more than its table does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from relu_landscape.tables.schema import TableSchema

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "ARROW_TYPES",
    "NUMPY_TYPES",
    "arrow_array",
    "is_missing",
    "missing_and_values",
    "numpy_array",
    "typed_columns",
]

ARROW_TYPES = {
    "int64": pa.int64(),
    "float64": pa.float64(),
    "string": pa.string(),
    "bool": pa.bool_(),
}
# Text is kept as Python texts, and as None where it is missing.
NUMPY_TYPES: dict[str, np.dtype[Any]] = {
    "int64": np.dtype(np.int64),
    "float64": np.dtype(np.float64),
    "string": np.dtype(np.object_),
    "bool": np.dtype(np.bool_),
}
_PANDAS_TEXT = {"str", "string"}


def typed_columns(frame: pd.DataFrame | Mapping[str, Any], schema: TableSchema) -> dict[str, Any]:
    """The columns of `frame` as arrays (rows,) in the order of the schema; scalars fill a column.

    Text becomes an array of Python texts, a column without rows gets its type. Nothing else is
    converted: a column of another type or shape is left for `find_problems` to report.
    """
    columns = {name: _as_array(values) for name, values in frame.items()}
    rows = max((len(values) for values in columns.values() if values.ndim), default=None)
    typed = {}
    for column in schema.columns:
        values = columns[column.name]
        if rows == 0 and values.ndim < 2:
            values = np.empty(0, NUMPY_TYPES[column.type])
        elif rows is not None and values.ndim == 0:
            values = np.full(rows, values)
        typed[column.name] = values
    return typed


def is_missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where a column (rows,) of one of `NUMPY_TYPES` has no value: NaN, or None in text."""
    if values.dtype == np.float64:
        missing: NDArray[np.bool_] = np.isnan(values)
        return missing
    if values.dtype == np.object_:
        return np.fromiter((value is None for value in values), np.bool_, len(values))
    return np.zeros(len(values), np.bool_)


def arrow_array(values: NDArray[Any]) -> pa.Array:
    """The Arrow array of a column of one of `NUMPY_TYPES`; NaN and None become missing values."""
    if values.dtype == np.object_:
        return _arrow_text(values)
    if values.dtype == np.bool_:
        return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])
    numbers = pa.py_buffer(np.ascontiguousarray(values))
    kind = ARROW_TYPES[values.dtype.name]
    return pa.Array.from_buffers(kind, len(values), [_validity(values), numbers])


def numpy_array(column: pa.ChunkedArray) -> NDArray[Any]:
    """The column (rows,) as one of `NUMPY_TYPES`, the inverse of `arrow_array`.

    Raises ValueError for a column of another type.
    """
    missing, values = missing_and_values(column)
    return np.where(missing, np.nan, values) if values.dtype == np.float64 else values


def missing_and_values(column: pa.ChunkedArray) -> tuple[NDArray[np.bool_], NDArray[Any]]:
    """Where a column of one of `ARROW_TYPES` has no value, and its values.

    Both have shape (rows,). Under a missing value lies 0 or None, whatever Arrow keeps there.

    Raises ValueError for a column of another type.
    """
    if column.type not in ARROW_TYPES.values():
        raise ValueError(f"a column has type {column.type}, not one of {', '.join(ARROW_TYPES)}")
    array = column.combine_chunks()
    if pa.types.is_string(array.type):
        texts = np.fromiter(array.to_pylist(), np.object_, len(array))
        return is_missing(texts), texts
    validity, content = array.buffers()
    missing = np.zeros(len(array), np.bool_)
    if array.null_count:
        missing = ~_from_bits(validity, array)
    if pa.types.is_boolean(array.type):
        return missing, _from_bits(content, array) & ~missing
    dtype = np.dtype(np.int64 if pa.types.is_int64(array.type) else np.float64)
    if len(array) == 0:
        return missing, np.empty(0, dtype)
    values = np.frombuffer(content, dtype, len(array), array.offset * dtype.itemsize)
    return missing, np.where(missing, dtype.type(0), values)


def _as_array(values: Any) -> Any:
    if not hasattr(values, "dtype"):
        values = _from_cells(values)
    elif str(values.dtype) in _PANDAS_TEXT:
        values = values.to_numpy(dtype=object, na_value=None)
    elif isinstance(values.dtype, np.dtype):
        values = np.asarray(values)
    if values.dtype.kind == "U":
        return values.astype(np.object_)
    if values.dtype == np.object_ and values.ndim == 1:
        # In text, pandas says missing with this very NaN; any other NaN is a number.
        cells = (None if value is np.nan else value for value in values)
        return np.fromiter(cells, np.object_, len(values))
    return values


def _from_cells(values: Any) -> NDArray[Any]:
    """An array from a scalar or from cells; cells of several kinds stay Python objects.

    NumPy alone would make [True, 2] numbers and [1, "a"] texts.
    """
    if isinstance(values, str) or not isinstance(values, Iterable):
        return np.array(values)
    cells = list(values)
    truths = [isinstance(cell, bool | np.bool_) for cell in cells]
    numbers = [isinstance(cell, Real) for cell in cells]
    if all(truths) or (all(numbers) and not any(truths)):
        return np.array(cells)
    return np.fromiter(cells, np.object_, len(cells))


def _arrow_text(values: NDArray[Any]) -> pa.Array:
    texts = [b"" if value is None else value.encode() for value in values]
    ends = np.cumsum([0, *map(len, texts)])
    offsets, content = pa.py_buffer(ends.astype(np.int32)), pa.py_buffer(b"".join(texts))
    return pa.Array.from_buffers(pa.string(), len(texts), [_validity(values), offsets, content])


def _validity(values: NDArray[Any]) -> pa.Buffer | None:
    missing = is_missing(values)
    return _bits(~missing) if missing.any() else None


def _bits(values: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))


def _from_bits(buffer: pa.Buffer, array: pa.Array) -> NDArray[np.bool_]:
    bits = np.unpackbits(np.frombuffer(buffer or b"", np.uint8), bitorder="little")
    return bits[array.offset : array.offset + len(array)].astype(np.bool_)
