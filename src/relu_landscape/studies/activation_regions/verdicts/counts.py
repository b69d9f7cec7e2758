"""Findings of exact numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from relu_landscape.judging.findings import Finding, Verdict
from relu_landscape.judging.rows import place_of


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
