"""Tests of what is proved about Conjecture 12 of S21, next to the global minima."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.judging.rows import not_run, of_case, place_of

SHARP = 4 / (np.pi - 2)  # the leading constant for m = 1, k >= 3
_TABLE = "conjecture12_theorems"
_CELL = ("k", "m", "scaled_radius")
# Of a gap in double precision, relative to the bound.
_ROUNDING = 1e-9


def conjecture_fails_for_every_k(
    claim: Claim,
    conjecture12_theorems: pd.DataFrame,
    conjecture12_checks: pd.DataFrame,
    conjecture12_search: pd.DataFrame,
) -> Finding:
    """Is it proved that the inequality fails, arbitrarily near to the minimum, for every k from 2?

    A size at which a search that agrees finds no violation speaks against it.

    Tables: conjecture12_theorems, conjecture12_checks, conjecture12_search. Source: derived.
    """
    rays = of_case(conjecture12_theorems, {"statement": "conjecture12_ray"})
    found = conjecture12_search[conjecture12_search["agreed"]]
    least = found.sort_values("scaled_radius").drop_duplicates(["k", "m"])
    all_k = rays[rays["k"] == 2]
    return _decided(
        claim,
        all_k,
        conjecture12_checks,
        against=least[least["ratio"] >= 1.0],
        found={"scale up to": float(all_k["reach"].max()) if len(all_k) else None},
        listed="every k >= 2, m >= 1, d >= k, every scale from 0 to this",
    )


def leading_constant_enclosed(
    claim: Claim, conjecture12_theorems: pd.DataFrame, conjecture12_checks: pd.DataFrame
) -> Finding:
    """Is the largest leading constant for m = 1 enclosed, with the expected number inside?

    Case of the claim: k (3 stands for every k >= 3), size. Expected: constant. Tables:
    conjecture12_theorems, conjecture12_checks. Source: derived.
    """
    rows = of_case(
        conjecture12_theorems, {"statement": "conjecture12_leading_constant", **claim.case}
    )
    constant = claim.expected["constant"]
    slack = 1e-15 * constant  # the claim is in double precision
    outside = rows[(rows["lower"] - slack > constant) | (rows["upper"] + slack < constant)]
    every = "every k >= 3" if claim.case["k"] == 3 else f"k = {claim.case['k']}"
    return _decided(
        claim,
        rows,
        conjecture12_checks,
        against=outside,
        found={"constant": float(rows["lower"].iloc[0]) if len(rows) else None},
        listed=f"{every}, m = 1, every d >= k",
    )


def corrected_for_two_teachers(
    claim: Claim,
    conjecture12_theorems: pd.DataFrame,
    conjecture12_checks: pd.DataFrame,
    conjecture12_search: pd.DataFrame,
) -> Finding:
    """Is LHS >= (1 - C eps) RHS proved for k = 2, m = 1?

    A point of the search that violates it refutes it. Expected: constant, reach. Tables:
    conjecture12_theorems, conjecture12_checks, conjecture12_search. Source: derived.
    """
    rows = of_case(conjecture12_theorems, {"statement": "conjecture12_corrected"})
    expected = claim.expected
    enough = (rows["upper"] <= expected["constant"]) & (rows["reach"] >= expected["reach"])
    points = of_case(conjecture12_search, {"k": 2, "m": 1})
    lost = expected["constant"] * points["largest_displacement"]
    return _decided(
        claim,
        rows[enough],
        conjecture12_checks,
        against=_violations(points, lost, expected["reach"]),
        found=_bounds(rows),
        listed=f"k = 2, m = 1, every d >= 2, eps <= {expected['reach']:g}",
    )


def corrected_for_every_k(
    claim: Claim,
    conjecture12_theorems: pd.DataFrame,
    conjecture12_checks: pd.DataFrame,
    conjecture12_search: pd.DataFrame,
) -> Finding:
    """Is LHS >= (1 - 4/(pi - 2) eps - D k eps^2) RHS proved for m = 1 and every k?

    A point of the search that violates it refutes it. Expected: constant (D), reach. Tables:
    conjecture12_theorems, conjecture12_checks, conjecture12_search. Source: derived.
    """
    rows = of_case(conjecture12_theorems, {"statement": "conjecture12_every_k"})
    expected = claim.expected
    enough = (rows["upper"] <= expected["constant"]) & (rows["reach"] >= expected["reach"])
    points = of_case(conjecture12_search, {"m": 1})
    eps = points["largest_displacement"]
    lost = SHARP * eps + expected["constant"] * points["k"] * eps**2
    return _decided(
        claim,
        rows[enough],
        conjecture12_checks,
        against=_violations(points, lost, expected["reach"]),
        found=_bounds(rows),
        listed=f"every k >= 2, m = 1, every d >= k, eps <= {expected['reach']:g}",
    )


def leading_constant_at_least(
    claim: Claim, conjecture12_theorems: pd.DataFrame, conjecture12_checks: pd.DataFrame
) -> Finding:
    """Is there, with several students a teacher, a direction with this leading constant?

    Case of the claim: k, m. Expected: constant, a lower bound. Tables:
    conjecture12_theorems, conjecture12_checks. Source: derived.
    """
    rows = of_case(conjecture12_theorems, {"statement": "conjecture12_direction", **claim.case})
    enough = rows[rows["lower"] >= claim.expected["constant"]]
    return _decided(
        claim,
        enough,
        conjecture12_checks,
        against=rows.iloc[:0],
        found={"constant": float(rows["lower"].max()) if len(rows) else None},
        listed=f"k = {claim.case['k']}, m = {claim.case['m']}",
    )


def constant_fails(
    claim: Claim, conjecture12_theorems: pd.DataFrame, conjecture12_checks: pd.DataFrame
) -> Finding:
    """Is there, for every k from this one on, a point where LHS < (1 - C eps) RHS?

    Case of the claim: k. Expected: constant (C), reach (largest eps). Tables:
    conjecture12_theorems, conjecture12_checks. Source: derived.
    """
    constant, reach = claim.expected["constant"], claim.expected["reach"]
    rows = of_case(conjecture12_theorems, {"statement": "conjecture12_point", **claim.case})
    return _decided(
        claim,
        rows[(rows["lower"] >= constant) & (rows["reach"] <= reach)],
        conjecture12_checks,
        against=rows.iloc[:0],
        found={"constant": float(rows["lower"].max())} if len(rows) else {},
        listed=f"every k >= {claim.case['k']}, m = 1, every d >= k",
    )


def _violations(points: pd.DataFrame, lost: pd.Series, reach: float) -> pd.DataFrame:
    """Points within reach at which the ratio of the two sides is below 1 - lost."""
    within = points["largest_displacement"] <= reach
    return points[within & (points["ratio"] < 1.0 - lost - _ROUNDING)]


def _bounds(rows: pd.DataFrame) -> dict[str, Quantity]:
    """The constant and how far it reaches, of the first of these rows."""
    if rows.empty:
        return {}
    first = rows.iloc[0]
    return {"constant": float(first["upper"]), "reach": float(first["reach"])}


def _decided(
    claim: Claim,
    theorems: pd.DataFrame,
    checks: pd.DataFrame,
    *,
    against: pd.DataFrame,
    found: Mapping[str, Quantity],
    listed: str,
) -> Finding:
    """Deviates by what speaks against it; else proved where a theorem says it and is accepted."""
    accepted = checks[checks["accepted"] & checks["line"].isin(theorems["line"])]
    shown = not theorems.empty and len(accepted) == len(theorems)
    evidence = f"tables/{_TABLE}.parquet"
    if not against.empty:
        key = [name for name in _CELL if name in against] or ["line"]
        return Finding(
            verdict=Verdict.DEVIATES,
            found=found,
            expected=claim.expected,
            sample_size=len(against),
            note=f"{len(against)} points or enclosures contradict it: {place_of(against, key)}.",
            evidence=evidence,
        )
    if theorems.empty and not found:
        return not_run("no such theorem was asked for")
    return Finding(
        verdict=Verdict.CONSISTENT if shown else Verdict.UNDECIDED,
        found=found,
        expected=claim.expected,
        sample_size=max(1, len(theorems)),
        proved=len(theorems) if shown else 0,
        listed=listed if shown else "",
        note=" ".join(accepted["says"]) if shown else "",
        evidence=f"{evidence}: {place_of(theorems, ('line',))}" if len(theorems) else evidence,
        would_decide="What is proved in this profile does not reach so far; a certificate that "
        "does would decide.",
    )
