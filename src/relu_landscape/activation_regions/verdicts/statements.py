"""Findings of statements about all rows of a table, and of exact numbers, for this study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from relu_landscape.findings import Finding, Quantity, Verdict
from relu_landscape.rows import place_of


def about_all_rows(
    cases: pd.DataFrame,
    exceptions: pd.DataFrame,
    *,
    table: str,
    key: Sequence[str],
    found: Quantity | Mapping[str, Quantity],
    expected: Quantity | Mapping[str, Quantity] = None,
    note: str,
) -> Finding:
    """Consistent if no row is an exception, else refuted by the first.

    Args:
        cases: rows the statement is about, at least one.
        exceptions: those of them that contradict it.
        table: their table.
        key: columns that single out a row.
        found: what decided.
        expected: what it was compared with.
        note: sentences for the reader.
    """
    evidence = f"tables/{table}.parquet"
    if len(exceptions):
        evidence += f": {place_of(exceptions, key)}"
    return Finding(
        verdict=Verdict.REFUTED if len(exceptions) else Verdict.CONSISTENT,
        found=found,
        sample_size=len(cases),
        expected=expected,
        note=f"{len(cases)} cases, {len(exceptions)} counterexamples. {note}".strip(),
        evidence=evidence,
    )


def exact_numbers(
    rows: pd.DataFrame,
    expected: Mapping[str, int],
    *,
    table: str,
    key: Sequence[str],
    note: str,
) -> Finding:
    """Reproduced if every row has the expected numbers in the columns of these names.

    Args:
        rows: rows of one case, at least one; all should agree.
        expected: column -> the number.
        table: their table.
        key: columns that single out a row.
        note: sentences for the reader.
    """
    numbers = {name: rows[name].map(int) for name in expected}
    wrong = pd.concat([numbers[name] != value for name, value in expected.items()], axis=1).any(
        axis=1
    )
    shown = rows[wrong] if wrong.any() else rows
    return Finding(
        verdict=Verdict.DEVIATES if wrong.any() else Verdict.REPRODUCED,
        found={name: int(numbers[name].loc[shown.index[0]]) for name in expected},
        sample_size=len(rows),
        expected=dict(expected),
        note=note,
        evidence=f"tables/{table}.parquet: {place_of(shown, key)}",
    )
