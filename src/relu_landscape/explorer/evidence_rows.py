"""The rows of tables that the evidence of a verdict names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from relu_landscape.explorer.compact import rounded

__all__ = ["EvidenceRows"]

MOST_ROWS: Final = 6
"""Rows shown of one piece of evidence; a reader who wants all has the table."""

_NEXT_SELECTOR = re.compile(r", (?=\w+=)")


class EvidenceRows:
    """The rows that pieces of evidence name, each kept once.

    A piece is "tables/classes.parquet: k=13, n=13": a file and, for a table, values of columns.

    Args:
        tables: those of the run, by name.
    """

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables
        self._kept: dict[str, dict[int, list[Any]]] = {}

    def pieces(self, evidence: str) -> list[dict[str, Any]]:
        """Each piece of the evidence: its text, the table, its rows, and how many there are."""
        return [self._piece(text) for text in evidence.split("; ") if text]

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Of each table that has been named its columns and the rows kept, by number."""
        return {
            name: {"columns": list(self._tables[name].columns), "rows": rows}
            for name, rows in self._kept.items()
        }

    def _piece(self, text: str) -> dict[str, Any]:
        file, _, selector = text.partition(": ")
        name = file.rpartition("/")[2].removesuffix(".parquet")
        found = self._selected(name, selector)
        if found is None:
            return {"text": text}
        shown = [int(number) for number in found[:MOST_ROWS]]
        self._keep(name, shown)
        return {"text": text, "table": name, "rows": shown, "count": len(found)}

    def _selected(self, name: str, selector: str) -> pd.Index[int] | None:
        """Numbers of the rows; None where the text names no rows of a table of this run."""
        if name not in self._tables or "=" not in selector:
            return None
        frame = self._tables[name]
        chosen = pd.Series(True, index=frame.index)
        for part in _NEXT_SELECTOR.split(selector):
            column, _, value = part.partition("=")
            if column not in frame.columns:
                return None
            chosen &= _equals(frame[column], value)
        return frame.index[chosen]

    def _keep(self, name: str, numbers: Iterable[int]) -> None:
        kept, frame = self._kept.setdefault(name, {}), self._tables[name]
        for number in numbers:
            kept.setdefault(number, [rounded(value) for value in frame.loc[number]])


def _equals(column: pd.Series[Any], value: str) -> pd.Series[bool]:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        number = pd.to_numeric(value, errors="coerce") if value else float("nan")
        return column == number
    return column.astype(str) == value
