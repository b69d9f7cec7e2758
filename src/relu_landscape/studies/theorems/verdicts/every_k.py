"""Tests of the theorems for every k."""

from __future__ import annotations

from typing import Any

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, of_case


def proved_for_every_k(
    claim: Claim, family_theorems: pd.DataFrame, theorem_checks: pd.DataFrame
) -> Finding:
    """Is the family proved a spurious minimum for every real k from its first one on, and checked?

    Expected: least_k. Tables: family_theorems, theorem_checks. Source: derived.
    """
    (theorem,) = of_case(family_theorems, claim.case).itertuples()
    checks = of_case(theorem_checks, claim.case)
    return _proved(
        claim,
        theorem,
        accepted=bool(checks["accepted"].all()),
        holds=bool(theorem.proved and theorem.least_k <= claim.expected["least_k"]),
    )


def norms_for_every_k(
    claim: Claim,
    family_theorems: pd.DataFrame,
    theorem_pieces: pd.DataFrame,
    theorem_checks: pd.DataFrame,
) -> Finding:
    """Is the sum of the norms of the neurons proved to be below k for every k?

    Expected: least_k. Tables: family_theorems, theorem_pieces, theorem_checks. Source: derived.
    """
    (theorem,) = of_case(family_theorems, claim.case).itertuples()
    pieces = of_case(theorem_pieces, claim.case)
    checks = of_case(theorem_checks, claim.case)
    if not theorem.proved or pieces["norm_gap_lower"].isna().any():
        return not_run("the sum of norms was not looked at")
    below = (pieces["norm_gap_lower"] > 0).all()
    return _proved(
        claim,
        theorem,
        accepted=bool(checks["accepted"].all()),
        holds=bool(below) and theorem.least_k <= claim.expected["least_k"],
    )


def _proved(claim: Claim, theorem: Any, *, accepted: bool, holds: bool) -> Finding:
    """Proved where the checker accepts what was to be shown; else undecided, with the reason."""
    shown = holds and accepted
    reasons = [theorem.reason] if isinstance(theorem.reason, str) else []
    if not accepted:
        reasons.append("The checker does not accept it.")
    bound = f"{theorem.least_k:g}" if theorem.proved else None
    return Finding(
        verdict=Verdict.CONSISTENT if shown else Verdict.UNDECIDED,
        found={
            "least_k": float(theorem.least_k) if theorem.proved else None,
            "pieces": int(theorem.pieces),
        },
        expected=claim.expected,
        sample_size=int(theorem.pieces),
        proved=int(theorem.pieces) if shown else 0,
        listed=f"every real k >= {bound}, every d >= k" if shown else "",
        note=" ".join(reasons),
        evidence=f"tables/family_theorems.parquet: family={theorem.family}, m={theorem.m}",
    )
