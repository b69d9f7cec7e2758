"""Tests of what signed splits of the families are at every k."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    not_run,
    of_case,
    ranges_of,
    universal_finding,
)
from relu_landscape.studies.theorems.refuted import refuted
from relu_landscape.tables.columns import POINT

NEURON = ("family", "m", "neuron_class")
NEURON_AT_K = (*POINT, "neuron_class")
_SPLITS = "tables/family_splits.parquet"
# Of the 0 along a neuron over its smallest eigenvalue, where the largest is not another one.
ROUNDING = 1e-9
# Of a k that is claimed to ten digits.
SLACK = 1e-10


def signed_splits_are_minima_at_every_k(
    claim: Claim,
    theorem_signed_splits: pd.DataFrame,
    theorem_checks: pd.DataFrame,
    family_splits: pd.DataFrame,
) -> Finding:
    """Are all signed splits of a class of neurons proved minima for every real k, and checked?

    A point solved at one such k whose inner Hessian has a positive eigenvalue refutes it.

    Case of the claim: family, m, neuron_class. Expected: least_k. Tables: theorem_signed_splits,
    theorem_checks, family_splits. Source: derived.
    """
    theorem: Any
    (theorem,) = of_case(theorem_signed_splits, claim.case).itertuples()
    solved = _solved(claim, family_splits, claim.expected["least_k"])
    evidence = f"tables/theorem_signed_splits.parquet: {_place(claim)}"
    against = solved[_has_both_signs(solved)]
    if not against.empty:
        return refuted(claim, against, NEURON_AT_K, f"{_SPLITS}: {_place(claim)}")
    checks = _checks(claim, theorem_checks)
    shown = theorem.outcome == "minima" and bool(checks["accepted"].all())
    proved = shown and theorem.least_k <= claim.expected["least_k"]
    pieces = int(checks["pieces"].sum())
    return Finding(
        verdict=Verdict.CONSISTENT if proved else Verdict.UNDECIDED,
        found={"outcome": theorem.outcome, "pieces": pieces},
        expected=claim.expected,
        sample_size=pieces,
        proved=pieces if proved else 0,
        listed=f"every real k >= {claim.expected['least_k']:g}, every gamma > 1, every d >= k"
        if proved
        else "",
        note=f"At k = {ranges_of(solved['k'])} the inner Hessian is solved as well.",
        evidence=evidence,
        would_decide="A certificate from there on would decide.",
    )


def signed_splits_turn_at(
    claim: Claim,
    theorem_signed_splits: pd.DataFrame,
    theorem_checks: pd.DataFrame,
    family_splits: pd.DataFrame,
) -> Finding:
    """Is the real k up to which signed splits of a class are minima enclosed around this one?

    A point solved on one side of it whose inner Hessian is that of the other side refutes it.

    Case of the claim: family, m, neuron_class. Expected: k, to ten digits. Tables:
    theorem_signed_splits, theorem_checks, family_splits. Source: derived.
    """
    theorem: Any
    (theorem,) = of_case(theorem_signed_splits, claim.case).itertuples()
    solved = _solved(claim, family_splits, theorem.least_k)
    against = solved[_has_both_signs(solved) != (solved["k"] > claim.expected["k"])]
    if not against.empty:
        return refuted(claim, against, NEURON_AT_K, f"{_SPLITS}: {_place(claim)}")
    if theorem.outcome != "turn":
        return not_run(f"from k = {theorem.least_k:g} on they do not turn")
    if not _checks(claim, theorem_checks)["accepted"].all():
        return not_run("the checker does not accept it")
    slack = SLACK * claim.expected["k"]
    low, high = claim.expected["k"] - slack, claim.expected["k"] + slack
    inside = low <= theorem.turn_lower <= theorem.turn_upper <= high
    return Finding(
        verdict=Verdict.REPRODUCED if inside else Verdict.DEVIATES,
        found={"k": float(theorem.turn_upper)},
        expected=claim.expected,
        sample_size=1,
        note=f"Enclosed within {theorem.turn_upper - theorem.turn_lower:.1g} of k. At k = "
        f"{ranges_of(solved['k'])} the inner Hessian is solved as well.",
        evidence=f"tables/theorem_signed_splits.parquet: {_place(claim)}",
    )


def signed_splits_of_members(
    _: Claim, theorem_signed_splits: pd.DataFrame, family_splits: pd.DataFrame
) -> Finding:
    """Is every neuron that is solved at one k what the theorem says of its signed splits there?

    Negative off the neuron where they are minima, of both signs where they are saddles.

    Tables: theorem_signed_splits, family_splits. Source: derived.
    """
    decided = theorem_signed_splits[theorem_signed_splits["outcome"] != "undecided"]
    solved = family_splits[family_splits["extra"] == 0].merge(decided, on=list(NEURON))
    solved = solved[solved["k"] >= solved["least_k"]]
    if solved.empty:
        return not_run("no neuron is solved in the range of a theorem")
    last = solved["turn_upper"].fillna(
        solved["outcome"].map({"minima": np.inf, "saddles": 0.0, "turn": np.nan})
    )
    unlike = solved[_has_both_signs(solved) != (solved["k"] > last)]
    return universal_finding(
        Cases(solved, unlike, "family_splits", NEURON_AT_K),
        found={"neurons": len(solved), "unlike": len(unlike)},
        note="",
    )


def _solved(claim: Claim, family_splits: pd.DataFrame, least_k: float) -> pd.DataFrame:
    """Neurons of the class at single k from a bound on."""
    points = of_case(family_splits, {**claim.case, "extra": 0})
    there: pd.Series = points["k"] >= least_k
    return points[there]


def _has_both_signs(solved: pd.DataFrame) -> pd.Series:
    """Whether inner Hessians, whose smallest eigenvalue is negative, have a positive one."""
    largest, smallest = solved["inner_largest_eigenvalue"], solved["inner_smallest_eigenvalue"]
    both: pd.Series = largest > ROUNDING * smallest.abs()
    return both


def _checks(claim: Claim, checks: pd.DataFrame) -> pd.DataFrame:
    """What the checker says of the file of the family."""
    return of_case(checks, {name: claim.case[name] for name in ("family", "m")})


def _place(claim: Claim) -> str:
    return ", ".join(f"{name}={claim.case[name]}" for name in NEURON)
