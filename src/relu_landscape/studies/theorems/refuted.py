"""What refutes a theorem: a point at one k that contradicts it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import place_of


def refuted(claim: Claim, against: pd.DataFrame, key: Sequence[str], evidence: str) -> Finding:
    """The finding of a theorem that points at single k contradict.

    Args:
        claim: the theorem.
        against: one row a point, not empty.
        key: columns that single out a row there.
        evidence: table and rows of the finding.
    """
    return Finding(
        verdict=Verdict.REFUTED,
        found={"points against it": len(against)},
        expected=claim.expected,
        sample_size=len(against),
        note=f"A point at one k contradicts it: {place_of(against, key)}.",
        evidence=evidence,
    )
