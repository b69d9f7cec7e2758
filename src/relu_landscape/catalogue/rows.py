"""Entries of the catalogue as rows of its table, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from relu_landscape.catalogue.critical_points import (
    CatalogueTheorem,
    CriticalPoint,
    DistinctEigenvalue,
    Entries,
    PointCertificate,
    RunsOfSearch,
    SplitLanding,
    WeightsByBlock,
)
from relu_landscape.catalogue.tables import JSON_ARRAY, JSON_OBJECT, CatalogueEntries
from relu_landscape.tables.schema import schema_of

__all__ = ["entries_of_rows", "plain_rows", "rows_of_entries"]

_NONE = -1
_UNITS = {column.name: column.unit for column in schema_of(CatalogueEntries).columns}
NESTED = frozenset(name for name, unit in _UNITS.items() if unit in (JSON_ARRAY, JSON_OBJECT))


def rows_of_entries(entries: Iterable[CriticalPoint | CatalogueTheorem]) -> list[CatalogueEntries]:
    """The rows of the table, in the order of the entries."""
    return [
        _row(_of_point(entry) if isinstance(entry, CriticalPoint) else _of_theorem(entry))
        for entry in entries
    ]


def plain_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of the table with what is JSON in them as lists and objects, and None for NaN."""
    return [{name: _plain(name, value) for name, value in row.items()} for row in rows]


def entries_of_rows(rows: Iterable[Mapping[str, Any]]) -> Entries:
    """The entries of `plain_rows`."""
    return [_theorem(row) if row["kind"] == "theorem" else _point(row) for row in rows]


def _row(fields: dict[str, Any]) -> CatalogueEntries:
    texts = {
        name: None if fields[name] is None else json.dumps(fields[name], allow_nan=False)
        for name in NESTED
    }
    return CatalogueEntries(**{**fields, **texts})


def _of_point(point: CriticalPoint) -> dict[str, Any]:
    fields = asdict(point)
    fields["weights"] = fields.pop("weights_by_block")
    for name in ("class_id", "negative_eigenvalues"):
        fields[name] = _NONE if fields[name] is None else fields[name]
    return {**fields, "least_k": None, "bounds": None, "pieces": [], "series": []}


def _of_theorem(theorem: CatalogueTheorem) -> dict[str, Any]:
    fields = asdict(theorem)
    place = {name: fields.pop(name) for name in ("file", "line", "says")}
    return {
        **fields,
        "kind": "theorem",
        "nature": "theorem",
        "certificate": place,
        **dict.fromkeys(("k", "n"), 0),
        "slope": 0.0,
        **dict.fromkeys(("class_id", "negative_eigenvalues"), _NONE),
        **dict.fromkeys(("isotropy", "loss", "smallest_eigenvalue", "weights")),
        **{name: [] for name in ("spectrum", "runs", "splits")},
    }


def _plain(name: str, value: Any) -> Any:
    if value is None or value != value:
        return None
    return json.loads(value) if name in NESTED else value


def _known(number: int) -> int | None:
    return None if number == _NONE else number


def _point(row: Mapping[str, Any]) -> CriticalPoint:
    weights, certificate = row["weights"], row["certificate"]
    same = ("id", "kind", "k", "n", "isotropy", "family", "nature", "loss", "proved", "reason")
    return CriticalPoint(
        **{name: row[name] for name in (*same, "slope", "smallest_eigenvalue")},
        class_id=_known(row["class_id"]),
        negative_eigenvalues=_known(row["negative_eigenvalues"]),
        spectrum=tuple(DistinctEigenvalue(**fields) for fields in row["spectrum"]),
        weights_by_block=weights and WeightsByBlock.of_fields(weights),
        runs=tuple(RunsOfSearch(**fields) for fields in row["runs"]),
        certificate=certificate and PointCertificate(**certificate),
        splits=tuple(SplitLanding(**fields) for fields in row["splits"]),
    )


def _theorem(row: Mapping[str, Any]) -> CatalogueTheorem:
    same = ("id", "family", "proved", "reason", "least_k", "bounds")
    return CatalogueTheorem(
        **{name: row[name] for name in same},
        **row["certificate"],
        pieces=tuple(row["pieces"]),
        series=tuple(row["series"]),
    )
