"""Tests of claims that rest on certificates of points with fewer students than teachers."""

from __future__ import annotations

from typing import Any

import pandas as pd

from relu_landscape.fewer_students.one_student import one_student_loss
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, place_of, universal_finding
from relu_landscape.studies.fewer_students.verdicts.copies import AVERAGE, PERTURBED, POINT, SIZE

_TABLE = "certified_copies"
_UNPROVED = "A certificate that the checker accepts would decide."


def both_are_minima(claim: Claim, certified_copies: pd.DataFrame) -> Finding:
    """Are both points of a size proved strict minima?

    Case of the claim: k, n. Source: derived.
    """
    points = of_case(certified_copies, claim.case)
    if len(points) < 2:
        return not_run("no certificates were tried at this size")
    proved = points[points["proved"] & points["checked"]]
    return Finding(
        verdict=Verdict.CONSISTENT if len(proved) == len(points) else Verdict.UNDECIDED,
        found={row["branch"]: row["hessian_lower"] for row in proved.to_dict("records")},
        sample_size=len(points),
        proved=len(proved),
        listed=f"{place_of(points, SIZE)}, every d >= k",
        note="Found are lower bounds of the smallest Hessian eigenvalue.",
        evidence=f"tables/{_TABLE}.parquet: {place_of(points, SIZE)}",
        would_decide=_UNPROVED,
    )


def lower_one_is_proved(claim: Claim, certified_copies: pd.DataFrame) -> Finding:
    """Is this one of two proved minima the lower one, by the enclosures of their losses?

    Case of the claim: k, n. Expected: copy_average or perturbed_copy. Source: derived.
    """
    points = of_case(certified_copies, claim.case).set_index("branch")
    if len(points) < 2:
        return not_run("no certificates were tried at this size")
    known = bool((points["proved"] & points["checked"]).all())
    lower = _lower(points.loc[AVERAGE], points.loc[PERTURBED]) if known else None
    evidence = f"tables/{_TABLE}.parquet: {place_of(points, SIZE)}"
    if lower is None:
        return Finding(
            verdict=Verdict.UNDECIDED, sample_size=1, evidence=evidence, would_decide=_UNPROVED
        )
    return Finding(
        verdict=Verdict.CONSISTENT if lower == claim.expected else Verdict.REFUTED,
        found=lower,
        sample_size=1,
        proved=int(lower == claim.expected),
        listed=place_of(points, SIZE),
        expected=claim.expected,
        note="; ".join(
            f"{name}: loss in [{row['loss_lower']:.12g}, {row['loss_upper']:.12g}]"
            for name, row in points.iterrows()
        )
        + ".",
        evidence=evidence,
    )


def losses_are_enclosed(
    _: Claim, certified_copies: pd.DataFrame, copy_points: pd.DataFrame
) -> Finding:
    """Is every proved point accepted by the checker, and its loss within the proved bounds?

    The bounds are rounded to float64 here, by half a unit in the last place at most.

    Source: derived.
    """
    relu = copy_points[copy_points["kernel"] == "relu"]
    cases = certified_copies[certified_copies["proved"]].merge(relu, on=list(POINT))
    if cases.empty:
        return not_run("no point was both solved for and proved")
    inside = cases["loss"].between(
        cases["loss_lower"] * (1 - 1e-15), cases["loss_upper"] * (1 + 1e-15)
    )
    return universal_finding(
        Cases(cases, cases[~(inside & cases["checked"])], _TABLE, POINT),
        found={
            "points": len(cases),
            "enclosed and checked": int((inside & cases["checked"]).sum()),
        },
        note="Solved in extended precision, proved in balls.",
        against=Verdict.DEVIATES,
    )


def one_student_is_solved(
    claim: Claim, certified_copies: pd.DataFrame, few_student_ends: pd.DataFrame
) -> Finding:
    """Is F_1(k) within the bounds of a proved minimum, and where every restart with n = 1 ends?

    Parameter of the claim: tolerance, relative, of the loss where a restart ended. Source: derived.
    """
    proofs = certified_copies[(certified_copies["n"] == 1) & certified_copies["proved"]]
    ends = few_student_ends[
        (few_student_ends["n"] == 1) & (few_student_ends["end"] != "unfinished")
    ]
    if proofs.empty:
        return not_run("no minimum of one student was proved")
    formula = {k: one_student_loss(k) for k in {*proofs["k"], *ends["k"]}}
    loss = proofs["k"].map(formula)
    enclosed = (loss >= proofs["loss_lower"] * (1 - 1e-14)) & (
        loss <= proofs["loss_upper"] * (1 + 1e-14)
    )
    error = (ends["loss"] / ends["k"].map(formula) - 1).abs()
    astray = sorted(set(ends.loc[error > claim.parameters["tolerance"], "k"]))
    return universal_finding(
        Cases(proofs, proofs[~enclosed | proofs["k"].isin(astray)], _TABLE, POINT),
        found={"restarts": len(ends), "largest relative difference": float(error.max())}
        if len(ends)
        else None,
        note="The proof for every k stands in relu_landscape.fewer_students.one_student.",
        against=Verdict.DEVIATES,
    )


def _lower(average: Any, perturbed: Any) -> str | None:
    """Which enclosure of a loss lies below the other, None where they overlap."""
    if average["loss_upper"] < perturbed["loss_lower"]:
        return AVERAGE
    return PERTURBED if perturbed["loss_upper"] < average["loss_lower"] else None
