"""Failures of convexity proved at rational points."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from relu_landscape.global_minima.constructions import valley_constants
from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.judging.rows import Cases, not_run, universal_finding
from relu_landscape.judging.words import counted
from relu_landscape.studies.certificates.verdicts.checked import (
    INEQUALITY,
    if_checked,
    listed,
    shown_for_all,
)


def negative_curvature_proved(
    claim: Claim, certified_inequalities: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is the curvature proved negative at every point of series that come close to a minimum?

    Parameters of the claim: quantities, file.
    Source: S21, Theorem 4.
    """
    rows = _of_quantities(claim, certified_inequalities)
    if rows.empty:
        return not_run("no point was tried")
    failing = rows[~(rows["proved"] & (rows["upper"] < 0))]
    return _shown_along_series(claim, certificate_checks, rows, failing, falling=["distance_upper"])


def quotients_proved_small(
    claim: Claim, certified_inequalities: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Are the quotients proved to fall with the distance, below twice their leading term?

    That is a constant of the construction times epsilon; any constant above it would do. No
    constant of one-point convexity, or of the PL inequality, stays below such quotients.

    Parameters of the claim: quantities, file. Source: S21, Theorems 7 and 9; the constants are
    derived here.
    """
    rows = _of_quantities(claim, certified_inequalities)
    if rows.empty:
        return not_run("no point was tried")
    leading = [
        getattr(valley_constants(row["n"], row["k"], row["share"]), row["quantity"])
        * row["epsilon"]
        for row in rows.to_dict("records")
    ]
    small = rows["upper"] <= 2.0 * pd.Series(leading, rows.index)
    failing = rows[~(rows["proved"] & small)]
    return _shown_along_series(
        claim,
        certificate_checks,
        rows,
        failing,
        falling=["upper", "distance_upper"],
    )


def conjecture_fails(
    claim: Claim, certified_inequalities: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is form minus bound proved negative at a rational point?

    Such a point refutes the conjecture; points at which nothing is proved say nothing.

    Parameters of the claim: quantities, file.
    Source: S21, Conjecture 12.
    """
    table = "certified_inequalities"
    rows = _of_quantities(claim, certified_inequalities)
    if rows.empty:
        return not_run("no witness was tried")
    against = rows[rows["proved"] & (rows["upper"] < 0)].sort_values("upper")
    found: dict[str, Quantity] = {"points": len(rows), "refuting": len(against)}
    if against.empty:
        finding = Finding(
            verdict=Verdict.UNDECIDED,
            found=found,
            sample_size=len(rows),
            note="The gap is proved negative at no point.",
            evidence=f"tables/{table}.parquet",
            would_decide=f"The gap is proved negative at none of {counted(len(rows), 'point')}; "
            "one point with a certificate would decide.",
        )
    else:
        found |= {
            "gap at most": float(against["upper"].iloc[0]),
            "smallest distance": float(against["distance_upper"].min()),
        }
        finding = universal_finding(
            Cases(rows, against, table, INEQUALITY),
            found=found,
            note="Every one is a rational point with an enclosed gap below zero.",
        )
    return if_checked(finding, claim, rows, certificate_checks)


def _of_quantities(claim: Claim, certified_inequalities: pd.DataFrame) -> pd.DataFrame:
    return certified_inequalities[
        certified_inequalities["quantity"].isin(claim.parameters["quantities"])
    ]


def _shown_along_series(
    claim: Claim,
    certificate_checks: pd.DataFrame,
    rows: pd.DataFrame,
    failing: pd.DataFrame,
    *,
    falling: list[str],
) -> Finding:
    """Shown if no row fails and, at every size, the bounds fall together with epsilon."""
    table = "certified_inequalities"
    series = rows.groupby(["quantity", "k", "n", "epsilon"], as_index=False)[falling].max()
    stalled = [
        f"{quantity} at k={k}, n={n}"
        for (quantity, k, n), part in series.groupby(["quantity", "k", "n"])
        if len(part) < 2 or not (part[falling].diff().iloc[1:] > 0).all(axis=None)
    ]
    proved = rows[rows["proved"]]
    found: dict[str, Quantity] = {"points": len(rows), "shown": len(rows) - len(failing)}
    if not proved.empty:
        relative = proved["upper"] / proved["epsilon"]
        found |= {
            "largest over epsilon": float(relative.max()),
            "smallest epsilon": float(proved["epsilon"].min()),
            "smallest distance": float(proved["distance_upper"].min()),
        }
    note = f"Epsilon from {rows['epsilon'].max():g} down to {rows['epsilon'].min():g}."
    if stalled:
        note += f" No approach to the minimum is shown for {listed(stalled)}"
    finding = shown_for_all(rows, failing, table=table, found=found, note=note)
    if stalled:
        finding = replace(
            finding,
            verdict=Verdict.UNDECIDED,
            would_decide=f"No approach to the minimum is shown in {len(stalled)} series; "
            "certificates at smaller epsilon would decide.",
        )
    return if_checked(finding, claim, rows, certificate_checks)
