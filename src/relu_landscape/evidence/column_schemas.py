"""Column schemas: what each result table holds, read from schemas/<table>.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Column", "TableSchema", "load_schema", "parse_schema", "table_names"]

_FOLDER = Path(__file__).parent / "schemas"
_TYPES = ("int64", "float64", "string", "bool")
_TABLE_KEYS = {"description", "version", "key", "columns"}
_COLUMN_KEYS = {"type", "unit", "description", "nullable", "minimum", "maximum", "allowed"}


@dataclass(frozen=True)
class Column:
    """One column: its type, unit and meaning, and the values it may take.

    Only float64 and string columns can be nullable; integers say "none" with a value of their own.
    """

    name: str
    type: str
    unit: str
    description: str
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None
    allowed: tuple[Any, ...] | None = None


@dataclass(frozen=True)
class TableSchema:
    """One table: its columns in order, the columns that identify a row, and a version.

    The version goes up whenever columns or their meaning change; files of an older version are
    refused, so that no table of an old meaning is read as a new one.
    """

    name: str
    description: str
    version: int
    key: tuple[str, ...]
    columns: tuple[Column, ...]


def table_names() -> tuple[str, ...]:
    """Names of all result tables, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


@cache
def load_schema(name: str) -> TableSchema:
    """The schema of the table `name`.

    Raises ValueError if there is no such table (the known ones are listed) or its file is wrong.
    """
    if name not in table_names():
        raise ValueError(f"no table is called '{name}'; the tables are {', '.join(table_names())}")
    text = (_FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return parse_schema(name, yaml.load(text, yaml.CSafeLoader))  # ten times as fast


def parse_schema(name: str, content: Mapping[str, Any]) -> TableSchema:
    """A schema from the content of its file.

    Raises ValueError naming the table, the entry and what is allowed.
    """
    where = f"schema of table '{name}'"
    _require_keys(content, where, required=_TABLE_KEYS, known=_TABLE_KEYS)
    version = content["version"]
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        raise ValueError(f"{where}: version must be a whole number from 1 up, not {version!r}")
    columns = tuple(
        _parse_column(where, column, entry) for column, entry in content["columns"].items()
    )
    names = {column.name: column for column in columns}
    for column in content["key"]:
        if column not in names:
            raise ValueError(f"{where}: key names '{column}', which is not one of its columns")
        if names[column].nullable:
            raise ValueError(f"{where}: key column '{column}' must not be nullable")
    return TableSchema(name, content["description"], version, tuple(content["key"]), columns)


def _parse_column(where: str, name: str, entry: Mapping[str, Any]) -> Column:
    here = f"{where}, column '{name}'"
    _require_keys(entry, here, required={"type", "unit", "description"}, known=_COLUMN_KEYS)
    if entry["type"] not in _TYPES:
        raise ValueError(f"{here}: type must be one of {', '.join(_TYPES)}, not {entry['type']!r}")
    if entry.get("nullable") and entry["type"] in ("int64", "bool"):
        raise ValueError(f"{here}: only float64 and string columns can be nullable")
    allowed = entry.get("allowed")
    return Column(
        name=name,
        type=entry["type"],
        unit=entry["unit"],
        description=entry["description"],
        nullable=entry.get("nullable", False),
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        allowed=None if allowed is None else tuple(allowed),
    )


def _require_keys(
    entry: Mapping[str, Any], where: str, *, required: set[str], known: set[str]
) -> None:
    if not isinstance(entry, Mapping):
        raise ValueError(f"{where}: must be a mapping, not {type(entry).__name__}")
    missing, unknown = required - set(entry), set(entry) - known
    if missing:
        raise ValueError(f"{where}: lacks {', '.join(sorted(missing))}")
    if unknown:
        raise ValueError(
            f"{where}: unknown {', '.join(sorted(unknown))}; known are {', '.join(sorted(known))}"
        )
