"""Tests of claims about how often restarts end badly when teachers are not orthonormal."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, place_of, universal_finding
from relu_landscape.judging.statistics import (
    clopper_pearson,
    fit_line,
    rate_difference_interval,
)
from relu_landscape.studies.trial_shares import agreement_with_trial

_TABLE = "general_shares"
_KEY = ("target", "k", "d", "n")
_FEWEST_DRAWS = 5

_Row: TypeAlias = Mapping[Hashable, Any]


def general_shares_agree_with_trial(
    claim: Claim, general_shares: pd.DataFrame, level: float
) -> Finding:
    """Is the share of bad runs that of the trial, with each set of teachers of both?

    Two-sided Fisher tests, Holm-adjusted over these; unfinished runs count as not bad.

    Parameter of the claim: trial (target, k, d, n, bad, runs of each). Source: a trial of this
    project.
    """
    return agreement_with_trial(
        claim.parameters["trial"],
        general_shares,
        _TABLE,
        _KEY,
        lambda row: f"with {row['target']}",
        level,
    )


def share_falls_with_correlation(claim: Claim, general_shares: pd.DataFrame) -> Finding:
    """Does the share of bad runs never rise from one correlation of the teachers to the next?

    It rises where Newcombe's interval of the difference lies above zero.

    Parameter of the claim: confidence (of all differences together). Source: derived.
    """
    rows = general_shares[general_shares["kind"] == "equiangular"].sort_values("correlation")
    steps = [
        (lower, upper)
        for _, group in rows.groupby("n")
        for lower, upper in pairwise(group.to_dict("records"))
    ]
    if not steps:
        return not_run("restarts with one correlation or none")
    said = [
        f"{row['bad'] / row['runs']:.1%} at {row['correlation']:.3g}"
        for row in rows[rows["n"] == rows["k"]].to_dict("records")
    ]
    return _none_rises(claim, steps, f"With n = k {', '.join(said)}.")


def one_more_student_never_hurts(claim: Claim, general_shares: pd.DataFrame) -> Finding:
    """Is the share of bad runs with one student more never larger, with the same teachers?

    It is larger where Newcombe's interval of the difference lies above zero.

    Parameter of the claim: confidence (of all differences together). Source: derived.
    """
    equal = general_shares[general_shares["n"] == general_shares["k"]]
    more = general_shares[general_shares["n"] == general_shares["k"] + 1]
    both = equal.merge(more, on=["target", "k", "d"], suffixes=("", "_more"))
    names = [*_KEY, "bad", "runs"]
    taken = both[["target", "k", "d", "n_more", "bad_more", "runs_more"]].set_axis(names, axis=1)
    steps = list(zip(both[names].to_dict("records"), taken.to_dict("records"), strict=True))
    if not steps:
        return not_run("no restarts with the same teachers and n = k, n = k + 1")
    still = int((both["bad_more"] > 0).sum())
    return _none_rises(claim, steps, f"With {still} of the teachers some still end badly.")


def _none_rises(claim: Claim, steps: Sequence[tuple[_Row, _Row]], note: str) -> Finding:
    """The finding that in none of the pairs the share of the second is above that of the first."""
    # Bonferroni: a share that does not change rises in none of them, with this confidence.
    confidence = 1.0 - (1.0 - claim.parameters["confidence"]) / len(steps)
    rises = [
        rate_difference_interval(
            after["bad"], after["runs"], before["bad"], before["runs"], confidence
        )
        for before, after in steps
    ]
    rows = pd.DataFrame([after for _, after in steps])
    return universal_finding(
        Cases(rows, rows[[rise.low > 0 for rise in rises]], _TABLE, _KEY),
        found={"largest lower end of a rise": max(rise.low for rise in rises)},
        note=note,
        against=Verdict.DEVIATES,
    )


def share_falls_over_draws(claim: Claim, general_shares: pd.DataFrame) -> Finding:
    """Does the share of bad runs fall with the mean cosine of random teachers, over draws?

    The slope of a straight line through the draws of one size is below zero by its interval.

    Case of the claim: k, d, n. Parameter: confidence. Source: derived.
    """
    rows = of_case(general_shares, claim.case)
    rows = rows[rows["kind"] == "random"]
    if len(rows) < _FEWEST_DRAWS:
        return not_run(f"fewer than {_FEWEST_DRAWS} draws of this size")
    shares = rows["bad"] / rows["runs"]
    line = fit_line(rows["correlation"], shares, claim.parameters["confidence"])
    low, high = line.slope_interval
    if low < 0 < high:
        verdict = Verdict.UNDECIDED
    else:
        verdict = Verdict.CONSISTENT if high <= 0 else Verdict.DEVIATES
    return Finding(
        verdict=verdict,
        found=line.slope,
        interval=(low, high),
        sample_size=len(rows),
        note=f"Correlation coefficient {rows['correlation'].corr(shares):.2f}; median share "
        f"{shares.median():.1%}, from {shares.min():.1%} to {shares.max():.1%}.",
        evidence=f"tables/{_TABLE}.parquet: {place_of(rows, ('k', 'd', 'n'))}",
        would_decide=f"{len(rows)} draws do not tell the slope from zero; more would decide.",
    )


def two_teachers_have_no_bad_runs(claim: Claim, general_shares: pd.DataFrame) -> Finding:
    """Did no restart with two teachers and two students end badly?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    rows = general_shares[(general_shares["k"] == 2) & (general_shares["n"] == 2)]
    finished = int((rows["runs"] - rows["unfinished"]).sum())
    if not finished:
        return not_run("no restart with two teachers came to an end")
    bad = int(rows["bad"].sum())
    left = rows[rows["unfinished"] > 0]
    note = f"At {len(left)} of the draws some runs did not come to an end, which decide nothing"
    if len(left):
        note += f": there the cosine of the teachers is {left['correlation'].min():.3f} or more"
    return universal_finding(
        Cases(rows, rows[rows["bad"] > 0], _TABLE, _KEY),
        found={
            "bad": bad,
            "finished": finished,
            "upper end of the share": clopper_pearson(bad, finished).high,
        },
        note=f"{note}.",
    )
