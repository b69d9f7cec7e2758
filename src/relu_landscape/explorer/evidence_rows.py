"""The rows of tables that the evidence of a verdict names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import pandas as pd

from relu_landscape.evidence.cells import case_name
from relu_landscape.explorer.compact import rounded

__all__ = ["EvidenceRows"]

MOST_ROWS: Final = 6
"""Rows shown of one piece of evidence; a reader who wants all has the table."""
MOST_OF_A_SIZE: Final = 40
"""Rows shown of one size (k, n), where a verdict on all sizes fails."""

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

    def by_size(self, evidence: str, case: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        """The rows that the tables of the evidence have of this case, size by size.

        Args:
            evidence: of a verdict.
            case: what it is about; what of it is a column has this value in the rows.

        Returns:
            By the name of a size, such as k13-n13: the table, its first rows, and how many it has;
            where several tables have a size, of the first that the evidence names.
        """
        pieces = (text.partition(": ")[0] for text in evidence.split("; "))
        names = reversed(dict.fromkeys(map(_table_of, pieces)))
        return {
            size: found
            for name in names
            if name in self._tables and {"k", "n"} <= set(self._tables[name].columns)
            for size, found in self._sizes(name, case).items()
        }

    def _sizes(self, name: str, case: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
        frame = self._tables[name]
        found: dict[str, dict[str, Any]] = {}
        chosen = _all_of(frame, {of: str(x) for of, x in case.items() if of in frame.columns})
        left = frame[chosen]
        sizes = [case_name(int(k), int(n)) for k, n in zip(left["k"], left["n"], strict=True)]
        for size, rows in left.groupby(pd.Series(sizes, left.index), sort=False):
            shown = [int(number) for number in rows.index[:MOST_OF_A_SIZE]]
            self._keep(name, shown)
            found[str(size)] = {"table": name, "rows": shown, "count": len(rows)}
        return found

    @property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Of each table that has been named its columns and the rows kept, by number."""
        return {
            name: {"columns": list(self._tables[name].columns), "rows": rows}
            for name, rows in self._kept.items()
        }

    def _piece(self, text: str) -> dict[str, Any]:
        file, _, selector = text.partition(": ")
        name = _table_of(file)
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
        values = dict(_column_and_value(part) for part in _NEXT_SELECTOR.split(selector))
        if not values.keys() <= set(frame.columns):
            return None
        return frame.index[_all_of(frame, values)]

    def _keep(self, name: str, numbers: Iterable[int]) -> None:
        kept, frame = self._kept.setdefault(name, {}), self._tables[name]
        for number in numbers:
            kept.setdefault(number, [rounded(value) for value in frame.loc[number]])


def _table_of(file: str) -> str:
    return file.rpartition("/")[2].removesuffix(".parquet")


def _column_and_value(selector: str) -> tuple[str, str]:
    column, _, value = selector.partition("=")
    return column, value


def _all_of(frame: pd.DataFrame, values: Mapping[str, str]) -> pd.Series[bool]:
    """Which rows have these values."""
    chosen = pd.Series(True, index=frame.index)
    for column, value in values.items():
        chosen &= _equals(frame[column], value)
    return chosen


def _equals(column: pd.Series[Any], value: str) -> pd.Series[bool]:
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        number = pd.to_numeric(value, errors="coerce") if value else float("nan")
        return column == number
    return column.astype(str) == value
