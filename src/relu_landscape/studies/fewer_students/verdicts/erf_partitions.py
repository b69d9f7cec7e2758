"""Tests of claims about the copy-averages of all partitions, for erf.

Balls enclose what these functions say; no certificate is written that the checker reads: what
balls show is consistent, and the note says that it rests on them.
"""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, place_of, ranges_of
from relu_landscape.studies.fewer_students.verdicts.copies import BALLS, SIZE

_NARROWER = "Balls of more bits would."
# Balls of 224 bits leave less than this of a gradient that is zero: 60 decimal digits.
_ZERO = 1e-60


def copy_averages_are_critical(_: Claim, erf_partitions: pd.DataFrame) -> Finding:
    """Is every copy-average configuration critical, by exact identities and in balls?

    Source: derived.
    """
    against = erf_partitions[~erf_partitions["identities"]]
    wide = erf_partitions[erf_partitions["gradient_bound"] >= _ZERO]
    count = int(erf_partitions["partitions"].sum())
    return Finding(
        verdict=_by_balls(against, wide),
        found={
            "partitions": count,
            "largest gradient": float(erf_partitions["gradient_bound"].max()),
        },
        sample_size=count,
        note=f"All partitions, k = {ranges_of(erf_partitions['k'])}. The gradient is zero by three "
        "identities in the size of a group, which hold for every size; they are checked in "
        f"rational numbers, and the gradient of each network is evaluated in balls. {BALLS}",
        evidence=_partition(against, wide),
        would_decide=_NARROWER,
    )


def extreme_partition_has_least_loss(_: Claim, erf_partitions: pd.DataFrame) -> Finding:
    """Is the loss of n - 1 copies and one average below that of every other partition?

    Source: derived.
    """
    several = erf_partitions[erf_partitions["partitions"] > 1]
    if several.empty:
        return not_run("no size has two partitions")
    against = several[several["best_loss"] >= several["second_loss"]]
    overlapping = several[~several["extreme_is_best"]]
    return Finding(
        verdict=_by_balls(against, overlapping),
        found={"least difference": float((several["second_loss"] - several["best_loss"]).min())},
        sample_size=len(several),
        note="What a group adds to the loss is a strictly concave function of its size, so the "
        "statement holds at every k and n; here all partitions of "
        f"k = {ranges_of(several['k'])} are compared. {BALLS}",
        evidence=_partition(against, overlapping),
        would_decide=_NARROWER,
    )


def _by_balls(against: pd.DataFrame, left_open: pd.DataFrame) -> Verdict:
    """The verdict of rows that speak against a claim, and of those that balls leave open."""
    if not against.empty:
        return Verdict.REFUTED
    return Verdict.CONSISTENT if left_open.empty else Verdict.UNDECIDED


def _partition(against: pd.DataFrame, left_open: pd.DataFrame) -> str:
    """The table of partitions, and the first row that is not consistent."""
    first = against if left_open.empty or not against.empty else left_open
    return "tables/erf_partitions.parquet" + ("" if first.empty else f": {place_of(first, SIZE)}")
