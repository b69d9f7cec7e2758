"""Tests of claims about how often restarts of leaky networks end at spurious minima."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, ranges_of, universal_finding
from relu_landscape.judging.statistics import (
    clopper_pearson,
    rate_difference_interval,
)
from relu_landscape.studies.leaky_slope.verdicts.slope_families import ABSOLUTE_VALUE
from relu_landscape.studies.trial_shares import agreement_with_trial

_TABLE = "leaky_shares"
_KEY = ("k", "slope")


def none_spurious_for_absolute_value(claim: Claim, leaky_shares: pd.DataFrame) -> Finding:
    """Did no restart at s = -1 end at a spurious minimum?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    rows = leaky_shares[leaky_shares["slope"] == ABSOLUTE_VALUE]
    if rows.empty:
        return not_run("no restarts at s = -1")
    runs, spurious = int(rows["runs"].sum()), int(rows["spurious"].sum())
    upper = clopper_pearson(spurious, runs).high
    return universal_finding(
        Cases(rows, rows[(rows["spurious"] > 0) | (rows["unfinished"] > 0)], _TABLE, _KEY),
        found={"runs": runs, "spurious": spurious, "upper end of the share": upper},
        note="The upper end is that of the 95 % Clopper-Pearson interval of all runs together.",
    )


def shares_agree_with_trial(claim: Claim, leaky_shares: pd.DataFrame, level: float) -> Finding:
    """Is the share of bad runs that of the trial, at each k and slope of both?

    Two-sided Fisher tests, Holm-adjusted over these; unfinished runs count as not bad.

    Parameter of the claim: trial (k, slope, bad, runs of each). Source: a trial of this project.
    """
    return agreement_with_trial(
        claim.parameters["trial"],
        leaky_shares,
        _TABLE,
        _KEY,
        lambda row: f"at k = {row['k']}, s = {row['slope']:g}",
        level,
    )


def signs_are_fair(claim: Claim, leaky_shares: pd.DataFrame) -> Finding:
    """Does each neuron of a run at s = -1 end at plus or minus a teacher with equal probability?

    Parameter of the claim: confidence. Expected: 1/2. Source: derived; loss and law of the starts
    are even in every neuron, and so descent is.
    """
    rows = leaky_shares[leaky_shares["slope"] == ABSOLUTE_VALUE]
    if rows.empty:
        return not_run("no restarts at s = -1")
    neurons = int(((rows["runs"] - rows["unfinished"]) * rows["k"]).sum())
    negated = int(rows["negated_rows"].sum())
    interval = clopper_pearson(negated, neurons, claim.parameters["confidence"])
    fits = interval.low <= claim.expected <= interval.high
    return Finding(
        verdict=Verdict.REPRODUCED if fits else Verdict.DEVIATES,
        found=negated / neurons,
        interval=(interval.low, interval.high),
        sample_size=neurons,
        expected=claim.expected,
        note=f"{negated} of {neurons} neurons point against a teacher, k = {ranges_of(rows['k'])}.",
        evidence=f"tables/{_TABLE}.parquet: slope={ABSOLUTE_VALUE:g}",
    )


def almost_all_spurious_beside(claim: Claim, leaky_shares: pd.DataFrame) -> Finding:
    """Is the share of spurious ends just above s = -1 that of the runs with a negated neuron?

    That is 1 - 2^-k; looked at is the least slope above -1 of every k.

    Parameters of the claim: largest_slope, confidence. Source: derived.
    """
    near = leaky_shares[
        (leaky_shares["slope"] > ABSOLUTE_VALUE)
        & (leaky_shares["slope"] <= claim.parameters["largest_slope"])
    ]
    if near.empty:
        return not_run("no restarts just above s = -1")
    rows = near.loc[near.groupby("k")["slope"].idxmin()]
    ends = [
        clopper_pearson(int(spurious), int(runs), claim.parameters["confidence"])
        for spurious, runs in zip(rows["spurious"], rows["runs"], strict=True)
    ]
    expected = 1.0 - 0.5 ** rows["k"].to_numpy(dtype="float64")
    outside = [not end.low <= share <= end.high for end, share in zip(ends, expected, strict=True)]
    shares = rows["spurious"] / rows["runs"]
    return universal_finding(
        Cases(rows, rows[outside], _TABLE, _KEY),
        found={f"share at k = {k}": share for k, share in zip(rows["k"], shares, strict=True)},
        expected={f"share at k = {k}": e for k, e in zip(rows["k"], expected, strict=True)},
        note=f"At s = {rows['slope'].min():g}.",
        against=Verdict.DEVIATES,
    )


def share_falls_with_slope(claim: Claim, leaky_shares: pd.DataFrame) -> Finding:
    """Does the share of spurious ends never rise from one slope above -1 to the next?

    It rises where Newcombe's interval of the difference lies above zero.

    Parameter of the claim: confidence (of all differences together). Source: derived.
    """
    above = leaky_shares[leaky_shares["slope"] > ABSOLUTE_VALUE].sort_values(list(_KEY))
    steps = [
        (lower, upper)
        for _, group in above.groupby("k")
        for lower, upper in pairwise(group.to_dict("records"))
    ]
    if not steps:
        return not_run("restarts at one slope above -1 or none")
    # Bonferroni: a share that does not change rises in none of them, with this confidence.
    confidence = 1.0 - (1.0 - claim.parameters["confidence"]) / len(steps)
    rises = [
        rate_difference_interval(
            upper["spurious"], upper["runs"], lower["spurious"], lower["runs"], confidence
        )
        for lower, upper in steps
    ]
    rows = pd.DataFrame([upper for _, upper in steps])
    return universal_finding(
        Cases(rows, rows[[rise.low > 0 for rise in rises]], _TABLE, _KEY),
        found={"largest lower end of a rise": max(rise.low for rise in rises)},
        note=f"s from {above['slope'].min():g} to {above['slope'].max():g}; runs that did not "
        f"converge: {int(above['unfinished'].sum())}.",
        against=Verdict.DEVIATES,
    )


def saddles_lead_to_global_minima(claim: Claim, leaky_escapes: pd.DataFrame) -> Finding:
    """Does descent from next to A and I_1 at s = -1 always end at a global minimum?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    if leaky_escapes.empty:
        return not_run("no restarts next to A and I_1")
    ends = leaky_escapes["runs"] - leaky_escapes["unfinished"] - leaky_escapes["spurious"]
    return universal_finding(
        Cases(
            leaky_escapes,
            leaky_escapes[ends < leaky_escapes["runs"]],
            "leaky_escapes",
            ("family", "m", "k"),
        ),
        found={"runs": int(leaky_escapes["runs"].sum()), "at a global minimum": int(ends.sum())},
        note=f"Displaced by {leaky_escapes['displacement'].iloc[0]:g} a weight.",
    )
