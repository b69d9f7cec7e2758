"""Tests of claims about where descent ends with fewer students than teachers."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    not_run,
    of_case,
    place_of,
    ranges_of,
    universal_finding,
)
from relu_landscape.studies.fewer_students.verdicts.copies import SIZE

_TABLE = "few_student_ends"
_RUN = (*SIZE, "restart")
_NOTHING = "no restart at this k converged, or the points were not solved for"


def ends_are_copies(claim: Claim, few_student_ends: pd.DataFrame) -> Finding:
    """Does every restart that converged end at the copy-average or at the perturbed copy?

    Case of the claim: k. Source: derived.
    """
    ends = of_case(few_student_ends, claim.case)
    ended = ends[ends["end"] != "unfinished"]
    if ended.empty:
        return not_run("no restart at this k converged")
    shares = [
        f"n = {n}: {(rows['end'] == 'copy_average').mean():.1%} of {len(rows)} at the copy-average"
        for n, rows in ended.groupby("n")
    ]
    return universal_finding(
        Cases(ended, ended[ended["end"] == "other"], _TABLE, _RUN),
        found={str(end): int(count) for end, count in ended["end"].value_counts().items()},
        note=f"{len(ends) - len(ended)} restarts did not converge. {'; '.join(shares)}.",
    )


def further_ends_are_higher(
    claim: Claim, few_student_ends: pd.DataFrame, copy_points: pd.DataFrame
) -> Finding:
    """Do restarts end at further points, and are these above the lower one of the two?

    Case of the claim: k. Source: derived.
    """
    cases = _with_gap(claim, few_student_ends, copy_points)
    if cases.empty:
        return not_run(_NOTHING)
    further = cases[cases["end"] == "other"]
    found = len(further) > 0 and bool((further["gap"] > 0).all())
    counts = further.groupby("n").size()
    return Finding(
        verdict=Verdict.REPRODUCED if found else Verdict.UNDECIDED,
        found={"restarts at further points": len(further)}
        | ({"least relative gap": float(further["gap"].min())} if len(further) else {}),
        sample_size=len(cases),
        note="; ".join(f"n = {n}: {count}" for n, count in counts.items()),
        evidence=f"tables/{_TABLE}.parquet: {place_of(further if len(further) else cases, _RUN)}",
        would_decide="" if found else "More restarts with n close to k would.",
    )


def nothing_is_lower(
    claim: Claim, few_student_ends: pd.DataFrame, copy_points: pd.DataFrame
) -> Finding:
    """Is no loss where a restart ended below those of both points?

    Case of the claim: k. Parameter: tolerance, relative. Source: derived.
    """
    cases = _with_gap(claim, few_student_ends, copy_points)
    if cases.empty:
        return not_run(_NOTHING)
    return universal_finding(
        Cases(cases, cases[cases["gap"] < -claim.parameters["tolerance"]], _TABLE, _RUN),
        found={"least relative gap": float(cases["gap"].min())},
        note=f"n: {ranges_of(cases['n'])}. What no restart met is not excluded.",
    )


def _with_gap(claim: Claim, ends: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Restarts of a case that converged; gap: of their loss to the lower point, relative to it."""
    relu = of_case(points[points["kernel"] == "relu"], claim.case)
    best = relu.groupby(SIZE)["loss"].min().rename("best").reset_index()
    chosen = of_case(ends, claim.case)
    cases = chosen[chosen["end"] != "unfinished"].merge(best, on=SIZE)
    return cases.assign(gap=cases["loss"] / cases["best"] - 1)
