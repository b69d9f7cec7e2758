"""Valid tables of which a test says only what it is about."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from relu_landscape.studies.proofs import join_proofs, proof_columns
from relu_landscape.tables.frames import make_frame, make_table
from relu_landscape.tables.registry import load_schema
from relu_landscape.tables.schema import Column

Rows = Iterable[Mapping[str, Any]]

_PLAIN = {"int64": 0, "float64": 0.0, "string": "x", "bool": False}


def tables_of(**rows: Rows) -> dict[str, pd.DataFrame]:
    """The tables of these names with these rows, see `table_of`."""
    return {name: table_of(name, some) for name, some in rows.items()}


def table_of(name: str, rows: Rows) -> pd.DataFrame:
    """The table `name` with these rows, checked; what they leave out is a plain allowed value.

    They may have what certificates say of them, else nothing was tried for.
    """
    given, proofs = [dict(row) for row in rows], proof_columns(name)
    plain = {column.name: _plain_value(column) for column in load_schema(name).columns}
    stored = [{key: row[key] for key in row if key not in proofs} for row in given]
    table = join_proofs({name: make_table([plain | row for row in stored], name)})[name]
    said = {
        column: [
            row.get(column, nothing) for row, nothing in zip(given, table[column], strict=True)
        ]
        for column in proofs
    }
    return table.assign(**said)


def frame_of(rows: Sequence[Any]) -> pd.DataFrame:
    """The table of typed rows, at least one."""
    return make_frame(rows, type(rows[0]))


def _plain_value(column: Column) -> Any:
    """Nothing where that is allowed, else the first word, zero or the minimum above it."""
    if column.nullable:
        return None
    if column.allowed:
        return column.allowed[0]
    if column.minimum is not None:
        return max(_PLAIN[column.type], column.minimum)
    return _PLAIN[column.type]
