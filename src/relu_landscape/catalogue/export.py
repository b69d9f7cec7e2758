"""The files of the catalogue: one table as Parquet and as JSON, and a descriptor of both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from relu_landscape.catalogue.critical_points import CatalogueTheorem, Entries
from relu_landscape.catalogue.identifiers import require_distinct
from relu_landscape.catalogue.rows import NESTED, plain_rows, rows_of_entries
from relu_landscape.catalogue.tables import JSON_ARRAY, JSON_OBJECT, CatalogueEntries
from relu_landscape.storage import write_bytes, write_text
from relu_landscape.tables.files import encode_table, read_table
from relu_landscape.tables.frames import make_frame
from relu_landscape.tables.schema import Column, schema_of

__all__ = ["CatalogueFiles", "describe", "read_rows", "write_catalogue"]

SCHEMA: Final = schema_of(CatalogueEntries)
_TYPES: Final = {"int64": "integer", "float64": "number", "string": "string", "bool": "boolean"}
_NESTED_TYPES: Final = {JSON_ARRAY: "array", JSON_OBJECT: "object"}
_MEDIA_TYPES: Final = {"parquet": "application/vnd.apache.parquet", "json": "application/json"}


@dataclass(frozen=True)
class CatalogueFiles:
    """Where the files of a catalogue are written; the table and JSON beside the descriptor."""

    table: Path
    json: Path
    descriptor: Path


def write_catalogue(entries: Entries, files: CatalogueFiles, profile: str) -> None:
    """Write the entries, in the order of their names.

    Raises:
        ValueError: two entries cannot be told apart by their names, see `require_distinct`.
    """
    losses = [(e.id, 0.0 if isinstance(e, CatalogueTheorem) else e.loss) for e in entries]
    require_distinct(losses)
    ordered = sorted(entries, key=lambda entry: entry.id)
    frame = make_frame(rows_of_entries(ordered), CatalogueEntries)
    write_bytes(files.table, encode_table(frame, SCHEMA))
    write_text(files.json, _lines(read_rows(files.table)))
    paths = {"parquet": files.table, "json": files.json}
    text = json.dumps(describe(paths, profile), indent=2, ensure_ascii=False)
    write_text(files.descriptor, f"{text}\n")


def read_rows(table: Path) -> list[dict[str, Any]]:
    """The rows of a written table, as JSON has them."""
    columns = read_table(table, SCHEMA.name)
    records = columns.to_dict("records")
    return plain_rows({str(name): value for name, value in row.items()} for row in records)


def describe(paths: dict[str, Path], profile: str) -> dict[str, Any]:
    """The Frictionless data package descriptor of the files, by their formats."""
    return {
        "profile": "data-package",
        "name": f"relu-landscape-{profile}",
        "title": f"Critical points of shallow ReLU teacher-student networks, profile {profile}",
        "description": SCHEMA.description,
        "licenses": [{"name": "MIT", "path": "https://opensource.org/license/mit"}],
        "resources": [_resource(kind, path) for kind, path in paths.items()],
    }


def _lines(rows: Sequence[dict[str, Any]]) -> str:
    """A JSON array with one line a row."""
    lines = (json.dumps(row, allow_nan=False, separators=(",", ":")) for row in rows)
    return "[\n" + ",\n".join(lines) + "\n]\n"


def _resource(kind: str, path: Path) -> dict[str, Any]:
    return {
        "name": f"{path.stem}-{kind}".replace("_", "-"),
        "path": path.name,
        "profile": "tabular-data-resource",
        "format": kind,
        "mediatype": _MEDIA_TYPES[kind],
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in SCHEMA.columns],
            "primaryKey": list(SCHEMA.key),
        },
    }


def _field(column: Column) -> dict[str, Any]:
    limits = {
        "minimum": column.minimum,
        "maximum": column.maximum,
        "enum": list(column.allowed) if column.allowed else None,
        "required": None if column.nullable else True,
        "unique": True if SCHEMA.key == (column.name,) else None,
    }
    nested = column.name in NESTED
    return {
        "name": column.name,
        "type": _NESTED_TYPES[column.unit] if nested else _TYPES[column.type],
        "description": column.description,
        "constraints": {name: limit for name, limit in limits.items() if limit is not None},
    }
