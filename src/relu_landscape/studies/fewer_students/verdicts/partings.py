"""Tests of claims about the copies of the copy-average, which may part as k grows."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    ranges_of,
    universal_finding,
)

_TABLE = "copy_partings"


def copies_part(claim: Claim, copy_partings: pd.DataFrame) -> Finding:
    """Does the eigenvalue on which the copies part vanish at this real k, proved in balls?

    Case of the claim: n. Parameter: decimals. Expected: k. Source: derived.
    """
    row = of_case(copy_partings, claim.case).dropna(subset=["parts_at"])
    if row.empty:
        return not_run("no change of sign was met with this number of students")
    found, proved = float(row["parts_at"].iloc[0]), bool(row["proved"].iloc[0])
    lower, upper = float(row["lower"].iloc[0]), float(row["upper"].iloc[0])
    near = abs(found - claim.expected) <= half_a_digit(claim.parameters["decimals"])
    compared = Verdict.REPRODUCED if near and lower < found < upper else Verdict.DEVIATES
    return Finding(
        verdict=compared if proved else Verdict.UNDECIDED,
        found=found,
        sample_size=1,
        expected=claim.expected,
        note=f"At k = {lower!r} all eigenvalues are proved positive, and at {upper!r} that of the "
        "copies alone is proved negative, in balls by this project's own code; d = k.",
        evidence=f"tables/{_TABLE}.parquet: {place_of(row, ('n',))}",
        would_decide="" if proved else "Narrower balls: an eigenvalue at an end has no sign.",
    )


def copies_stay_together(claim: Claim, copy_partings: pd.DataFrame) -> Finding:
    """Is the eigenvalue on which the copies part positive at all k with this many students or more?

    Parameter of the claim: least_n. Source: derived.
    """
    rows = copy_partings[copy_partings["n"] >= claim.parameters["least_n"]]
    if rows.empty:
        return not_run("so many students were not looked at")
    least = rows.loc[rows["eigenvalue"].idxmin()]
    against = rows[(rows["negative"] > 0) | (rows["eigenvalue"] <= 0)]
    return universal_finding(
        Cases(rows, against, _TABLE, ("n",)),
        found={"least eigenvalue at the largest k": float(least["eigenvalue"])},
        note=f"n = {ranges_of(rows['n'])}, each at {rows['looked_at'].min():.0f} values of k or "
        f"more, up to {rows['largest_k'].max():,.0f}; the least is that of n = {least['n']:.0f}. "
        "These are eigenvalues in extended precision; what is between the values of k was not "
        "looked at.",
    )


def unequal_copies_are_lower(_: Claim, unequal_copies: pd.DataFrame) -> Finding:
    """Are the points with unequal copies proved strict minima, below the copy-average?

    Source: derived.
    """
    if unequal_copies.empty:
        return not_run("no point with unequal copies was looked for")
    shown = unequal_copies[unequal_copies["proved"] & unequal_copies["checked"]]
    gaps = shown["average_loss_lower"] - shown["loss_upper"]
    against = shown[(gaps <= 0) | (shown["own_larger"] <= shown["own_smaller"])]
    decided = len(shown) == len(unequal_copies)
    if against.empty and not decided:
        return Finding(
            verdict=Verdict.UNDECIDED,
            sample_size=len(unequal_copies),
            evidence="tables/unequal_copies.parquet",
            would_decide="A certificate that the checker accepts would decide.",
        )
    return universal_finding(
        Cases(unequal_copies, against, "unequal_copies", ("k",)),
        found={
            f"k = {k}": gap for k, gap in zip(shown["k"].astype(int), gaps.tolist(), strict=True)
        },
        note="Found is how far the loss is proved to be below that of the copy-average. The "
        "minima are certified and checked for every number of inputs d >= k; the loss of the "
        "copy-average is enclosed in balls by this project's own code.",
    )
