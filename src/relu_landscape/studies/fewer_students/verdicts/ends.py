"""Tests of claims about where descent ends with fewer students than teachers."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding
from relu_landscape.judging.rows import Cases, not_run, of_case, universal_finding
from relu_landscape.studies.fewer_students.verdicts.copies import SIZE

_TABLE = "few_student_ends"
_RUN = (*SIZE, "restart")


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


def nothing_is_lower(
    claim: Claim, few_student_ends: pd.DataFrame, copy_points: pd.DataFrame
) -> Finding:
    """Is no loss where a restart ended below those of both points?

    Case of the claim: k. Parameter: tolerance, relative. Source: derived.
    """
    relu = of_case(copy_points[copy_points["kernel"] == "relu"], claim.case)
    best = relu.groupby(SIZE)["loss"].min().rename("best").reset_index()
    ends = of_case(few_student_ends, claim.case)
    cases = ends[ends["end"] != "unfinished"].merge(best, on=SIZE)
    if cases.empty:
        return not_run("no restart at this k converged, or the points were not solved for")
    gap = cases["loss"] / cases["best"] - 1
    return universal_finding(
        Cases(cases, cases[gap < -claim.parameters["tolerance"]], _TABLE, _RUN),
        found={"least relative gap": float(gap.min())},
        note=f"n: {sorted(set(cases['n']))}. What no restart met is not excluded.",
    )
