"""Tests of claims about minima that persist for every teacher near the orthonormal ones."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, universal_finding
from relu_landscape.studies.symmetry.figures.style import family_name

_TABLE = "general_persistence"
_KEY = ("family", "second_block", "k")


def minima_persist_within_radius(claim: Claim, general_persistence: pd.DataFrame) -> Finding:
    """Is a radius proved within which all teachers have the minimum, at every k that was tried?

    A minimum that is seen to end within its radius refutes it. Parameter of the claim: none.
    Source: S18, abstract, without a radius; ours.
    """
    del claim
    finding = _proved_for_all(
        general_persistence, "gram_radius", "Found are radii in the Frobenius norm of V V^T - I."
    )
    contradicted = (_seen_share(general_persistence) > 1).any()
    return replace(finding, verdict=Verdict.REFUTED) if contradicted else finding


def nearly_all_teachers_have_it(claim: Claim, general_persistence: pd.DataFrame) -> Finding:
    """Is a d proved from which on random unit teachers have the minimum, but for one in a thousand?

    Parameter of the claim: none. Source: S18, abstract, without numbers; ours.
    """
    del claim
    return _proved_for_all(
        general_persistence, "d_999", "Found are numbers of inputs, none the least that will do."
    )


def radii_are_within_what_is_seen(claim: Claim, general_persistence: pd.DataFrame) -> Finding:
    """Is no proved radius beyond that up to which the minimum is followed in any direction?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    rows = general_persistence[general_persistence["gram_radius"].notna()]
    if rows.empty:
        return not_run("no radius was proved")
    share = _seen_share(rows)
    return universal_finding(
        Cases(rows, rows[share > 1], _TABLE, _KEY),
        found={"largest share": float(share.max()), "smallest share": float(share.min())},
        note="Found are shares of what is seen that is proved.",
    )


def _seen_share(rows: pd.DataFrame) -> pd.Series[float]:
    """Share of the radius that is seen, in the direction of the least, that is proved."""
    seen = rows[["radius_steepest", "radius_random_least"]].min(axis=1)
    return rows["gram_radius"] / seen


def _proved_for_all(rows: pd.DataFrame, column: str, note: str) -> Finding:
    """Consistent, and so proved, where the checker accepts the certificate of every row."""
    if rows.empty:
        return not_run("no minimum was tried")
    names = [
        f"{family_name(family, m)} at k = {k}"
        for family, m, k in zip(*(rows[name] for name in _KEY), strict=True)
    ]
    checked = int(rows["checked"].sum())
    return Finding(
        verdict=Verdict.CONSISTENT if checked == len(rows) else Verdict.UNDECIDED,
        found={
            name: value
            for name, value, known in zip(names, rows[column], rows["checked"], strict=True)
            if known
        },
        sample_size=len(rows),
        proved=checked,
        listed=f"{', '.join(names)}, every d >= k",
        note=note,
        evidence=f"tables/{_TABLE}.parquet",
        would_decide="A certificate that the checker accepts would decide: a sharper bound of "
        "fourth derivatives.",
    )
