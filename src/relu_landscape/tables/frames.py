"""Tables in memory: typed rows, records or columns become an Arrow table or a DataFrame.

Each way checks them against the class of the table. pandas is imported only by the functions that
return a DataFrame: a job that only writes or collects tables does not pay for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa

from relu_landscape.tables.checks import find_name_problems, find_problems
from relu_landscape.tables.registry import load_schema
from relu_landscape.tables.schema import TableSchema, schema_of
from relu_landscape.tables.typed_arrays import ARROW_TYPES, arrow_array, typed_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "TableError",
    "arrow_schema",
    "checked_table",
    "data_frame",
    "make_frame",
    "make_table",
    "require",
]

Row = TypeVar("Row")


class TableError(ValueError):
    """The columns of a table do not keep to its column schema."""


def make_frame(rows: Iterable[Row], table: type[Row]) -> pd.DataFrame:
    """The table of typed rows, with the types of its columns even for no rows.

    Raises TypeError for a row of another class, and TableError, see `write_table`.
    """
    schema = schema_of(table)
    records = []
    for row in rows:
        if type(row) is not table:
            raise TypeError(f"{row!r} is no row of table '{schema.name}', a {table.__name__}")
        records.append({column.name: getattr(row, column.name) for column in schema.columns})
    return _from_records(records, schema)


def make_table(records: Iterable[Mapping[str, Any]], name: str) -> pd.DataFrame:
    """The table `name` from one mapping a row, with the types of its schema even for no rows.

    None becomes the missing value of a nullable column.

    Raises TableError, see `write_table`.
    """
    return _from_records(list(records), load_schema(name))


def checked_table(
    frame: pd.DataFrame | Mapping[str, Any], schema: TableSchema, where: str
) -> pa.Table:
    """The Arrow table of a frame or mapping; `where` is for messages.

    Raises TableError listing every departure from the schema, see `write_table`.
    """
    require(find_name_problems([name for name, _ in frame.items()], schema), where)
    columns = typed_columns(frame, schema)
    require(find_problems(columns, schema), where)
    arrays = [arrow_array(values) for values in columns.values()]
    table = pa.Table.from_arrays(arrays, schema=arrow_schema(schema))
    # The arrays are made from buffers, which Arrow takes as they are.
    table.validate(full=True)
    return table


def require(problems: list[str], where: str) -> None:
    """Raise TableError where there are problems."""
    if problems:
        raise TableError(f"{where} does not keep to its schema:\n  " + "\n  ".join(problems))


def data_frame(table: pa.Table) -> pd.DataFrame:
    """The DataFrame of an Arrow table; texts become strings of pandas, missing ones NaN."""
    import pandas as pd

    # At once: converting the columns of a frame copies all of it.
    texts = {pa.string(): pd.StringDtype(na_value=np.nan)}
    frame: pd.DataFrame = table.to_pandas(types_mapper=texts.get)
    return frame


def arrow_schema(schema: TableSchema) -> pa.Schema:
    """Names, types and nullability of the columns as Arrow has them."""
    return pa.schema(
        [
            pa.field(column.name, ARROW_TYPES[column.type], nullable=column.nullable)
            for column in schema.columns
        ]
    )


def _from_records(rows: Sequence[Mapping[str, Any]], schema: TableSchema) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(rows, columns=None if rows else [c.name for c in schema.columns])
    for column in schema.columns:
        if column.type == "float64" and column.name in frame.columns:
            frame[column.name] = pd.to_numeric(frame[column.name]).astype(np.float64)
    return data_frame(checked_table(frame, schema, f"table '{schema.name}'"))
