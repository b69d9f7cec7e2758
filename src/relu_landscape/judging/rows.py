"""Choosing rows of tables, and the findings of statements about all rows; free for every room."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from relu_landscape.judging.findings import Finding, Quantity, Verdict
from relu_landscape.judging.words import counted
from relu_landscape.tables.columns import CLASS


def ranges_of(values: Iterable[int]) -> str:
    """Whole numbers as their intervals ("2..20, 24")."""
    listed = sorted({int(value) for value in values})
    starts = [value for value in listed if value - 1 not in listed]
    ends = [value for value in listed if value + 1 not in listed]
    return ", ".join(
        f"{start}..{end}" if end > start else f"{start}"
        for start, end in zip(starts, ends, strict=True)
    )


def sizes_by_excess(sizes: Iterable[tuple[int, int]]) -> str:
    """Sizes (k, n) by n - k, for readers ("n = k + 1, k = 8, 10..19")."""
    by_excess: defaultdict[int, list[int]] = defaultdict(list)
    for k, n in sizes:
        by_excess[n - k].append(k)
    return "; ".join(
        f"n = k{f' + {excess}' if excess else ''}, k = {ranges_of(ks)}"
        for excess, ks in sorted(by_excess.items())
    )


def sizes_of(frame: pd.DataFrame) -> str:
    """The sizes in a frame, for notes: k and what comes with it, or those of finite data.

    Empty where the frame has neither.
    """
    if "k" not in frame:
        names = [name for name in ("n", "d", "d0", "d1") if name in frame]
        return ", ".join(f"{name}={frame[name].min()}..{frame[name].max()}" for name in names)
    sizes = f"k={ranges_of(frame['k'])}"
    if "n" in frame:
        return f"{sizes}, n-k={ranges_of(frame['n'] - frame['k'])}"
    if "m" in frame:
        return f"{sizes}, m={ranges_of(frame['m'])}"
    return sizes


def of_case(frame: pd.DataFrame, case: Mapping[str, object]) -> pd.DataFrame:
    """Rows of the case of a claim."""
    for column, value in case.items():
        frame = frame[frame[column] == value]
    return frame


def place_of(row: pd.DataFrame, key: Sequence[str]) -> str:
    """What singles out the first row of a frame ("k=6, n=7"), by those of the names it has."""
    return ", ".join(f"{name}={row[name].iloc[0]}" for name in key if name in row)


@dataclass(frozen=True)
class Cases:
    """The cases of a statement about all rows of a table, and those among them that contradict it.

    Attributes:
        rows: the cases.
        counterexamples: rows of the same kind.
        table: where they stand.
        key: columns that single out a row there.
    """

    rows: pd.DataFrame
    counterexamples: pd.DataFrame
    table: str
    key: Sequence[str] = (*CLASS, "neuron", "alpha")


def universal_finding(
    cases: Cases,
    *,
    found: Quantity | Mapping[str, Quantity],
    note: str,
    expected: Quantity | Mapping[str, Quantity] = None,
    against: Verdict = Verdict.REFUTED,
    proved: int | None = None,
) -> Finding:
    """The finding of a statement about all rows: consistent, or `against` it by an exception.

    The note gets the number of cases and exceptions and the sizes they cover; the evidence names
    the first exception by the key of its table, so that the reference can recompute it. What rests
    on a fit deviates instead of being refuted: a fit is no explicit counterexample.

    Raises ValueError for no cases.
    """
    if cases.rows.empty:
        raise ValueError("a statement about no cases has no finding; say that it was not run")
    against_it = cases.counterexamples
    sizes = sizes_of(cases.rows)
    of_cases = counted(len(cases.rows), "case") + (f" ({sizes})" if sizes else "")
    place = "" if against_it.empty else f": {place_of(against_it, cases.key)}"
    return Finding(
        verdict=Verdict.CONSISTENT if against_it.empty else against,
        found=found,
        sample_size=len(cases.rows),
        expected=expected,
        note=f"{of_cases}, {counted(len(against_it), 'counterexample')}. {note}".strip(),
        evidence=f"tables/{cases.table}.parquet{place}",
        proved=proved,
    )


def half_a_digit(decimals: int) -> float:
    """How far a number may be from one printed with so many decimals, half a unit of the last."""
    return float(0.5 * 10.0**-decimals * (1.0 + 1e-9))


def not_run(why: str) -> Finding:
    """The finding of a claim for which this profile has nothing."""
    return Finding(verdict=Verdict.NOT_RUN, note=f"This profile did not run it: {why}.")
