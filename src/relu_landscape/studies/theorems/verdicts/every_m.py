"""Tests of the theorems for every m."""

from __future__ import annotations

from typing import Any

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import of_case
from relu_landscape.studies.theorems.refuted import refuted
from relu_landscape.tables.columns import POINT


def proved_for_every_m(
    claim: Claim,
    rectangle_theorems: pd.DataFrame,
    rectangle_checks: pd.DataFrame,
    family_points: pd.DataFrame,
) -> Finding:
    """Are the families proved spurious minima for every m >= least_m and every k >= least_ratio m?

    A point solved at one such m and k that is a saddle refutes it.

    Expected: nothing. Tables: rectangle_theorems, rectangle_checks, family_points. Source: derived.
    """
    theorem: Any
    (theorem,) = of_case(rectangle_theorems, claim.case).itertuples()
    least_m, least_ratio = claim.case["least_m"], claim.case["least_ratio"]
    place = f"family={theorem.family}, least_m={least_m}, least_ratio={least_ratio:g}"
    evidence = f"tables/rectangle_theorems.parquet: {place}"
    points = of_case(family_points, {"family": theorem.family, "extra": 0})
    solved = points[(points["m"] >= least_m) & (points["k"] >= least_ratio * points["m"])]
    against = solved[solved["index"] > 0]
    if not against.empty:
        return refuted(claim, against, POINT, evidence)
    accepted = bool(of_case(rectangle_checks, claim.case)["accepted"].all())
    proved = bool(theorem.proved) and accepted
    reasons = [theorem.reason] if isinstance(theorem.reason, str) else []
    return Finding(
        verdict=Verdict.CONSISTENT if proved else Verdict.UNDECIDED,
        found={"rectangles": int(theorem.rectangles)},
        sample_size=int(theorem.rectangles),
        proved=int(theorem.rectangles) if proved else 0,
        listed=f"every m >= {least_m}, every real k >= {least_ratio:g} m, every d >= k"
        if proved
        else "",
        note=" ".join([*reasons, f"At {len(solved)} of these pairs it is solved as well."]),
        evidence=evidence,
        would_decide=" ".join([*reasons, "A certificate that its checker accepts would decide."]),
    )
