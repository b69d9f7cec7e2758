"""Choosing rows of tables, and the finding of a statement about all of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from relu_landscape.findings import Finding, Quantity, Verdict

CLASS = ["k", "n", "class_id"]


def spurious_minima(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Rows of the table curvature that are local and not global minima."""
    curvature = tables["curvature"]
    return curvature[curvature["kind"] == "spurious_minimum"]


def at_equal_size(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with as many students as teachers."""
    return frame[frame["n"] == frame["k"]]


def with_class_columns(
    frame: pd.DataFrame, classes: pd.DataFrame, columns: list[str]
) -> pd.DataFrame:
    """`frame` with columns of its class, from any table keyed by k, n and class_id."""
    return frame.merge(classes[CLASS + columns], on=CLASS, how="left", validate="many_to_one")


def sizes_of(frame: pd.DataFrame) -> str:
    """The sizes in a frame, for notes."""
    extra = sorted({int(value) for value in frame["n"] - frame["k"]})
    return f"k={frame['k'].min()}..{frame['k'].max()}, n-k in {extra}"


def universal_finding(
    cases: pd.DataFrame,
    counterexamples: pd.DataFrame,
    *,
    table: str,
    found: Quantity | Mapping[str, Quantity],
    expected: Quantity | Mapping[str, Quantity],
    note: str,
) -> Finding:
    """The finding of a statement about all rows: consistent, or refuted by the first exception.

    The note gets the number of cases and exceptions and the sizes they cover; the evidence names
    the first exception, so that the reference can recompute it. Raises ValueError for no cases.
    """
    if cases.empty:
        raise ValueError("a statement about no cases has no finding; say that it was not run")
    evidence = f"tables/{table}.parquet"
    if not counterexamples.empty:
        named = [name for name in (*CLASS, "neuron", "alpha") if name in counterexamples]
        evidence += ": " + ", ".join(f"{name}={counterexamples[name].iloc[0]}" for name in named)
    return Finding(
        verdict=Verdict.CONSISTENT if counterexamples.empty else Verdict.REFUTED,
        found=found,
        sample_size=len(cases),
        expected=expected,
        note=f"{len(cases)} cases ({sizes_of(cases)}), {len(counterexamples)} counterexamples. "
        f"{note}".strip(),
        evidence=evidence,
    )


def not_run(why: str) -> Finding:
    """The finding of a claim for which this profile has nothing."""
    return Finding(verdict=Verdict.NOT_RUN, note=f"This profile did not run it: {why}.")
