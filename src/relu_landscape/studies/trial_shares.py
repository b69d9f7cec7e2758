"""Shares of bad runs beside those of a trial that was made before a study."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

from relu_landscape.judging.findings import Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, universal_finding
from relu_landscape.judging.statistics import fisher_exact_p, holm

__all__ = ["agreement_with_trial"]


def agreement_with_trial(
    trial: Sequence[Mapping[str, Any]],
    shares: pd.DataFrame,
    table: str,
    key: Sequence[str],
    says: Callable[[Mapping[Hashable, Any]], str],
    level: float,
) -> Finding:
    """Whether the share of bad runs is that of the trial, in each case of both.

    Two-sided Fisher tests, Holm-adjusted over these; unfinished runs count as not bad.

    Args:
        trial: rows with the columns of the key, bad and runs.
        shares: rows with the same columns.
        table: the name of `shares`.
        key: what names a case.
        says: a case, in words.
        level: of all tests together.
    """
    rows = shares.merge(pd.DataFrame(trial), on=list(key), suffixes=("", "_trial"))
    if rows.empty:
        return not_run("no restarts of a case of the trial")
    pairs = rows.to_dict("records")
    adjusted = holm(
        [
            fisher_exact_p(row["bad"], row["runs"], row["bad_trial"], row["runs_trial"])
            for row in pairs
        ]
    )
    said = [
        f"{row['bad'] / row['runs']:.1%} and {row['bad_trial'] / row['runs_trial']:.1%} {says(row)}"
        for row in pairs
    ]
    return universal_finding(
        Cases(rows, rows[adjusted < level], table, key),
        found={"least adjusted p": float(adjusted.min())},
        note=f"Here and in the trial: {'; '.join(said)}. Level {level:.2g}.",
        against=Verdict.DEVIATES,
    )
