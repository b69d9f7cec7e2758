"""Displacements at right angles to the neurons (S21, Theorem 10, Remark 11, and its examples)."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pandas as pd

from relu_landscape.global_minima.members import STRONG_CONVEXITY
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, universal_finding
from relu_landscape.judging.statistics import fit_power_law
from relu_landscape.judging.words import counted

_CASE = ("k", "m", "displacement", "sums")


def orthogonal_bound_holds(claim: Claim, orthogonal_forms: pd.DataFrame) -> Finding:
    """Does the form fall below the bound by no more than a multiple of eps^2.5?

    The constant is not stated: to the largest violation over the draws a power of eps = max |g_ij|
    is fitted, over all radii. It deviates where the interval of the power lies below that of the
    theorem.

    Case of the claim: displacement. Expected: the power.
    Source: S21, Theorem 10 and Remark 11.
    """
    rows = of_case(orthogonal_forms, claim.case)
    return _fall_finding(rows.assign(excess=rows["bound"] - rows["form"]), claim, "violation")


def example_curvature(claim: Claim, orthogonal_forms: pd.DataFrame) -> Finding:
    """Is the form over |G|^2 at least m (1/4 - 1/(2 pi)), or zero, up to a multiple of eps^(1/2)?

    With g_i1 = ... = g_im for every teacher it may fall below the multiple of the constant of
    Theorem 3 by that much, and with every g_i = 0 differ from zero by that much. Fitted as in
    `orthogonal_bound_holds`.

    Case of the claim: displacement ("equal" or "cancelling"), m. Expected: the power.
    Source: S21, examples after Theorem 10.
    """
    rows = of_case(orthogonal_forms, claim.case)
    quotient = rows["form"] / rows["squared_norm"]
    if claim.case["displacement"] == "cancelling":
        return _fall_finding(rows.assign(excess=quotient.abs()), claim, "distance from zero")
    limit = claim.case["m"] * STRONG_CONVEXITY
    return _fall_finding(rows.assign(excess=limit - quotient), claim, "deficit")


def _fall_finding(rows: pd.DataFrame, claim: Claim, what: str) -> Finding:
    """Whether the largest `excess` falls with eps at least like the expected power, at every size.

    A case is a size and a way to draw the sums. Where nothing exceeds zero at the smallest radius
    it holds; a power that is not known well enough leaves the claim undecided.
    """
    worst = rows.groupby([*_CASE, "scaled_radius"], as_index=False)[
        ["excess", "largest_displacement"]
    ].max()
    cases = pd.DataFrame(
        [
            dict(zip(_CASE, place, strict=True)) | _order(group)
            for place, group in worst.groupby(list(_CASE))
        ]
    )
    if cases.empty:
        return not_run("no such displacement was drawn")
    below = cases[cases["order_high"] < claim.expected]
    unsettled = (cases["order_low"] < claim.expected) & (cases["order_high"] >= claim.expected)
    fitted = cases.dropna(subset="order")
    finding = universal_finding(
        Cases(cases, below, "orthogonal_forms", _CASE),
        found=float(fitted["order"].min()) if len(fitted) else None,
        expected=claim.expected,
        note=f"Smallest order in eps of a {what}, over {counted(len(fitted), 'case')} with one, of "
        f"{rows['draw'].nunique()} draws each; it is not settled in {int(unsettled.sum())}.",
        against=Verdict.DEVIATES,
    )
    if finding.verdict is Verdict.CONSISTENT and unsettled.any():
        return replace(
            finding,
            verdict=Verdict.UNDECIDED,
            would_decide=f"The order of a {what} is not known well enough in "
            f"{counted(int(unsettled.sum()), 'case')}; more radii would decide.",
        )
    return finding


def _order(worst: pd.DataFrame) -> dict[str, float | None]:
    """The fitted power of the positive excesses, and its interval."""
    if worst.sort_values("scaled_radius")["excess"].iloc[0] <= 0.0:
        return {"order": None, "order_low": inf, "order_high": inf}
    positive = worst[worst["excess"] > 0.0]
    if len(positive) < 3:
        return {"order": None, "order_low": -inf, "order_high": inf}
    law = fit_power_law(positive["largest_displacement"], positive["excess"])
    low, high = law.exponent_interval
    return {"order": law.exponent, "order_low": low, "order_high": high}
