"""Tests of claims about restarts with students of both outputs."""

from __future__ import annotations

from typing import Final

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, place_of, universal_finding
from relu_landscape.judging.statistics import (
    clopper_pearson,
    rate_difference_interval,
)
from relu_landscape.studies.trial_shares import agreement_with_trial

_SHARES, _ENDS = "signed_shares", "signed_ends"
_KEY: Final = ("k", "positives", "negatives")
_LEVEL: Final = (*_KEY, "level")


def shares_are_those_of_trial(claim: Claim, signed_shares: pd.DataFrame, level: float) -> Finding:
    """Is the share of bad runs that of the trial, for each composition of both?

    Two-sided Fisher tests, Holm-adjusted over these.

    Parameter of the claim: trial (k, positives, negatives, bad, runs of each). Source: a trial of
    this project.
    """
    return agreement_with_trial(
        claim.parameters["trial"],
        signed_shares,
        _SHARES,
        _KEY,
        lambda row: f"at k = {row['k']}, +{row['positives']}, -{row['negatives']}",
        level,
    )


def negatives_do_not_cure(claim: Claim, signed_shares: pd.DataFrame) -> Finding:
    """Is the share of bad runs with students of output -1 nowhere below that without?

    It is where Newcombe's interval of the difference lies below zero. Also found: where it is told
    to be above.

    Parameter of the claim: confidence (of all differences together). Source: derived.
    """
    without = signed_shares[
        (signed_shares["negatives"] == 0) & (signed_shares["positives"] == signed_shares["k"])
    ]
    rows = signed_shares[
        (signed_shares["negatives"] > 0) & (signed_shares["positives"] == signed_shares["k"])
    ].merge(without[["k", "bad", "runs"]], on="k", suffixes=("", "_without"))
    if rows.empty:
        return not_run("no restarts with and without students of output -1")
    # Bonferroni: together the differences have this confidence.
    confidence = 1.0 - (1.0 - claim.parameters["confidence"]) / len(rows)
    differences = [
        rate_difference_interval(
            row["bad"], row["runs"], row["bad_without"], row["runs_without"], confidence
        )
        for row in rows.to_dict("records")
    ]
    return universal_finding(
        Cases(rows, rows[[x.high < 0 for x in differences]], _SHARES, _KEY),
        found={
            "told to be above": sum(x.low > 0 for x in differences),
            "largest lower end of a difference": max(x.low for x in differences),
        },
        note="With as many students of output 1 as teachers.",
        against=Verdict.DEVIATES,
    )


def one_positive_cures(claim: Claim, signed_shares: pd.DataFrame) -> Finding:
    """Does no run end badly with k + 1 students of output 1, however many of -1 there are?

    Parameter of the claim: teachers, values of k. Source: a trial of this project.
    """
    rows = signed_shares[
        (signed_shares["positives"] > signed_shares["k"])
        & signed_shares["k"].isin(claim.parameters["teachers"])
    ]
    if rows.empty:
        return not_run("no restarts with more students of output 1 than teachers")
    runs, bad = int(rows["runs"].sum()), int(rows["bad"].sum())
    return universal_finding(
        Cases(rows, rows[rows["bad"] > 0], _SHARES, _KEY),
        found={"runs": runs, "bad": bad, "upper end of the share": clopper_pearson(bad, runs).high},
        note="The upper end is that of the 95 % Clopper-Pearson interval of all runs together.",
    )


def no_run_in_a_channel(claim: Claim, signed_shares: pd.DataFrame) -> Finding:
    """Does no bad run end in a channel: short of the tolerance, its largest norm growing?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    rows = signed_shares[signed_shares["negatives"] > 0]
    if rows.empty or not rows["bad"].sum():
        return not_run("no bad run with students of output -1")
    names = ["bad", "isolated", "plateau", "channel", "slow"]
    return universal_finding(
        Cases(rows, rows[rows["channel"] > 0], _SHARES, _KEY),
        found={name: int(rows[name].sum()) for name in names},
        note="Kinds of bad runs: at an isolated minimum, on a line of signed splits, in a channel, "
        "short of the tolerance with norms that do not grow.",
        against=Verdict.DEVIATES,
    )


def bad_ends_are_proved(claim: Claim, signed_ends: pd.DataFrame) -> Finding:
    """Is every bad minimum that runs end at proved, and the line of those that end on one?

    A proved minimum whose loss is not that of the run deviates.

    Parameter of the claim: tolerance, of the loss. Source: derived.
    """
    rows = signed_ends
    if rows.empty:
        return not_run("no bad run was at tolerance")
    tolerance = claim.parameters["tolerance"]
    elsewhere = rows["proved"] & (
        (rows["loss"] < rows["loss_lower"] - tolerance)
        | (rows["loss"] > rows["loss_upper"] + tolerance)
    )
    # Where the longer part has output -1, a neuron of output 1 is gone: its line is not proved.
    lines = (rows["on_plateau"] == 0) | (rows["plateaus"] == rows["positives"])
    proved = rows["proved"] & lines & ~elsewhere
    shown = Verdict.CONSISTENT if proved.all() else Verdict.UNDECIDED
    return Finding(
        verdict=Verdict.DEVIATES if elsewhere.any() else shown,
        found={"minima": len(rows), "runs": int(rows["runs"].sum())},
        sample_size=len(rows),
        proved=int(proved.sum()),
        note=f"{int(rows['on_plateau'].sum())} of the runs end on lines of signed splits.",
        evidence=f"tables/{_ENDS}.parquet"
        + ("" if proved.all() else f": {place_of(rows[~proved], _LEVEL)}"),
        would_decide="A certificate that the checker accepts would decide.",
    )


def lowest_end_is(claim: Claim, signed_ends: pd.DataFrame) -> Finding:
    """Is the lowest bad minimum of a composition this one, by loss, curvature and norm?

    Case of the claim: k, positives, negatives. Parameter: decimals, by column. Expected: by column.
    Source: a trial of this project.
    """
    rows = of_case(signed_ends, claim.case)
    if rows.empty:
        return not_run("no bad run with this composition was at tolerance")
    lowest = rows.loc[[rows["loss"].idxmin()]]
    found = {name: float(lowest[name].iloc[0]) for name in claim.expected}
    wrong = [
        name
        for name, value in claim.expected.items()
        if round(found[name], claim.parameters["decimals"][name]) != value
    ]
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=len(lowest),
        proved=int(lowest["proved"].sum()),
        expected=claim.expected,
        note=f"Different: {', '.join(wrong)}." if wrong else "All agree.",
        evidence=f"tables/{_ENDS}.parquet: {place_of(lowest, _LEVEL)}",
    )


def levels_fall(claim: Claim, signed_ends: pd.DataFrame) -> Finding:
    """Is the lowest bad level lower, the more students of output -1 there are?

    Parameter of the claim: none. Source: a trial of this project.
    """
    del claim
    rows = signed_ends[signed_ends["positives"] == signed_ends["k"]]
    lowest = rows.loc[rows.groupby(["k", "negatives"])["loss"].idxmin()]
    before = lowest.groupby("k")["loss"].shift()
    steps = lowest[before.notna()]
    if steps.empty:
        return not_run("bad minima with one number of students of output -1 or none")
    rises = steps["loss"] >= before[before.notna()]
    return universal_finding(
        Cases(steps, steps[rises], _ENDS, ("k", "negatives")),
        found={
            f"level at k = {row['k']}, -{row['negatives']}": row["loss"]
            for row in lowest.to_dict("records")
        },
        note="Each level is compared with that at the next smaller number of them.",
        against=Verdict.DEVIATES,
    )
