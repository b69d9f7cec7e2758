"""Tests of the theorems on saddles and splits for every k."""

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
from relu_landscape.studies.theorems.enclosed_splits import (
    EIGENVALUE,
    eigenvalues_over_h,
    lowest_in,
    of_eigenvalue,
)
from relu_landscape.studies.theorems.refuted import refuted
from relu_landscape.tables.columns import POINT

SADDLE = {"family": "A", "m": 0, "extra": 1}
MINIMUM = {"family": "II", "m": 1, "extra": 0}
NEURON = (*POINT, "neuron_class")
# Of an eigenvalue in double precision over h = k^(-1/2), far below the widths of the enclosures.
SLACK = 1e-9
SPLITS = "tables/theorem_splits.parquet"


def further_saddle_for_every_k(
    claim: Claim,
    theorem_saddles: pd.DataFrame,
    theorem_saddle_checks: pd.DataFrame,
    family_points: pd.DataFrame,
) -> Finding:
    """Is A with one neuron more proved a saddle of index k - 1 for every real k, and checked?

    A point solved at one such k that has another index refutes it.

    Expected: least_k. Tables: theorem_saddles, theorem_saddle_checks, family_points. Source:
    derived.
    """
    theorem: Any
    (theorem,) = of_case(theorem_saddles, SADDLE).itertuples()
    points = of_case(family_points, SADDLE)
    solved = points[points["k"] >= claim.expected["least_k"]]
    proved = bool(theorem.proved) and _accepted(theorem_saddle_checks, "further_row")
    return _decided(
        claim,
        shown=int(theorem.pieces) if proved and theorem.least_k <= claim.expected["least_k"] else 0,
        against=solved[solved["index"] != solved["k"] - 1],
        evidence="tables/theorem_saddles.parquet",
        solved=solved,
    )


def further_saddle_threshold(claim: Claim, theorem_saddles: pd.DataFrame) -> Finding:
    """Is the real k from which on A with one neuron more has index k - 1 enclosed around this one?

    Expected: k, to ten digits. Tables: theorem_saddles. Source: derived.
    """
    note = "Below it an eigenvalue on {} is negative, too."
    return _threshold_around(claim, theorem_saddles, note, "tables/theorem_saddles.parquet")


def further_minimum_threshold(claim: Claim, theorem_further_minima: pd.DataFrame) -> Finding:
    """Is the real k from which on II_1 with one neuron more is a minimum enclosed around this one?

    Expected: k, to ten digits. Tables: theorem_further_minima. Source: derived.
    """
    note, evidence = "Below it one on {} is negative.", "tables/theorem_further_minima.parquet"
    return _threshold_around(claim, theorem_further_minima, note, evidence)


def split_flattens_fastest(
    claim: Claim,
    theorem_splits: pd.DataFrame,
    theorem_saddle_checks: pd.DataFrame,
    family_splits: pd.DataFrame,
) -> Finding:
    """Is this eigenvalue the lowest of all inner Hessians of II_1 for every real k of a range?

    A point solved at one such k at which the other class has a lower one refutes it.

    Case of the claim: neuron_class, irrep, place. Expected: least_k and, where it ends, largest_k.
    Tables: theorem_splits, theorem_saddle_checks, family_splits. Source: derived.
    """
    pieces = _within(lowest_in(theorem_splits, _name(claim)), claim)
    smallest = _solved(family_splits, claim).pivot(
        index="k", columns="neuron_class", values="inner_smallest_eigenvalue"
    )
    own = smallest.pop(claim.case["neuron_class"])
    beaten = own.index[(smallest.min(axis=1) < own).to_numpy()]
    solved = _solved(family_splits, claim)
    return _decided(
        claim,
        shown=_all(pieces, pieces["lowest"], claim, theorem_saddle_checks),
        against=solved[solved["k"].isin(beaten)],
        evidence=SPLITS,
        solved=solved,
    )


def split_eigenvalue_has_sign(
    claim: Claim,
    theorem_splits: pd.DataFrame,
    theorem_saddle_checks: pd.DataFrame,
    family_splits: pd.DataFrame,
) -> Finding:
    """Has the larger eigenvalue on t of an ordinary row of II_1 this sign for every k of a range?

    A point solved at one such k whose inner Hessian has a positive eigenvalue, or none, refutes it:
    its largest is this one or the 0 along the neuron.

    Case of the claim: sign. Expected: least_k and, where it ends, largest_k. Tables:
    theorem_splits, theorem_saddle_checks, family_splits. Source: derived.
    """
    pieces = _within(of_eigenvalue(theorem_splits, (0, "t", 1)), claim)
    solved = of_case(_solved(family_splits, claim), {"neuron_class": 0})
    positive = solved["inner_largest_eigenvalue"] * solved["k"] ** 0.5 > SLACK
    upwards = claim.case["sign"] == "positive"
    holds = pieces["lower"] > 0 if upwards else pieces["upper"] < 0
    return _decided(
        claim,
        shown=_all(pieces, holds, claim, theorem_saddle_checks),
        against=solved[~positive if upwards else positive],
        evidence=SPLITS,
        solved=solved,
    )


def split_constant_is_exact(
    claim: Claim,
    theorem_split_series: pd.DataFrame,
    theorem_splits: pd.DataFrame,
    theorem_saddle_checks: pd.DataFrame,
) -> Finding:
    """Does this eigenvalue of an inner Hessian of II_1, over a power of h, tend to this constant?

    Found in exact arithmetic; the enclosure at h = 0 and the checked one up to there hold it.

    Case of the claim: neuron_class, irrep, place. Expected: exact, power, value. Tables:
    theorem_split_series, theorem_splits, theorem_saddle_checks. Source: derived.
    """
    expected = claim.expected
    rows = of_eigenvalue(theorem_split_series.assign(piece=0), _name(claim))
    first = rows[rows["power"] == rows["power"].min()]
    last = of_case(of_eigenvalue(theorem_splits, _name(claim)), {"piece": 0})
    slack = 1e-15  # the claim is in double precision
    low, high = expected["value"] - slack, expected["value"] + slack
    outside = [x[(x["lower"] > high) | (x["upper"] < low)] for x in (first, last)]
    exact = str(first["exact"].iloc[0])
    same = exact == expected["exact"] and int(first["power"].iloc[0]) == expected["power"]
    inside = all(x.empty for x in outside)
    accepted = _accepted(theorem_saddle_checks, "splits") and len(last) == 1
    return Finding(
        verdict=Verdict.CONSISTENT if same and inside else Verdict.REFUTED,
        found={"value": float(first["lower"].iloc[0])},
        expected=expected,
        sample_size=1,
        proved=int(accepted),
        listed="k to infinity" if accepted else "",
        note=f"In exact arithmetic it is {exact}.",
        evidence="tables/theorem_split_series.parquet",
    )


def split_members_are_enclosed(
    _: Claim, theorem_splits: pd.DataFrame, family_splits: pd.DataFrame
) -> Finding:
    """Do the eigenvalues of inner Hessians of II_1 that are found at one k lie in the enclosures?

    The smallest of each class, which is on t, and the largest of an ordinary row where that is not
    the 0 along the neuron; up to what double precision leaves open.

    Tables: theorem_splits, family_splits. Source: derived.
    """
    points = of_case(family_splits, MINIMUM)
    solved = pd.concat(
        [
            points.assign(place=0, value=points["inner_smallest_eigenvalue"]),
            points.assign(place=1, value=points["inner_largest_eigenvalue"]).query(
                "neuron_class == 0"
            ),
        ]
    )
    solved = solved.assign(over_h=solved["value"] * solved["k"] ** 0.5, irrep="t")
    solved = solved[solved["over_h"].abs() > SLACK]
    pieces = eigenvalues_over_h(theorem_splits)[
        [*EIGENVALUE, "least_k", "largest_k", "low", "high"]
    ]
    joined = solved.merge(pieces, on=list(EIGENVALUE))
    there = (joined["k"] >= joined["least_k"]) & (joined["k"] <= joined["largest_k"].fillna(np.inf))
    # A k at the end of two pieces lies in both.
    members = joined[there].drop_duplicates([*EIGENVALUE, "k"])
    if members.empty:
        return not_run("no point is solved in the range of the theorem")
    inside = members["over_h"].between(members["low"] - SLACK, members["high"] + SLACK)
    return universal_finding(
        Cases(members, members[~inside], "family_splits", NEURON),
        found={"eigenvalues": len(members), "outside": int((~inside).sum())},
        note="",
    )


def _threshold_around(claim: Claim, theorems: pd.DataFrame, note: str, evidence: str) -> Finding:
    """Whether an enclosure of a real k, if there is one, lies around the expected one."""
    rows = theorems.dropna(subset=["threshold_lower", "threshold_upper"])
    if rows.empty:
        return not_run("the threshold was not enclosed")
    lower, upper = (float(rows[f"threshold_{end}"].iloc[0]) for end in ("lower", "upper"))
    slack = 1e-10 * claim.expected["k"]
    inside = claim.expected["k"] - slack <= lower <= upper <= claim.expected["k"] + slack
    return Finding(
        verdict=Verdict.REPRODUCED if inside else Verdict.DEVIATES,
        found={"k": upper},
        expected=claim.expected,
        sample_size=1,
        note=note.format(rows["component"].iloc[0]),
        evidence=evidence,
    )


def _name(claim: Claim) -> tuple[object, ...]:
    return tuple(claim.case[column] for column in EIGENVALUE)


def _largest_k(claim: Claim) -> float:
    return float(claim.expected.get("largest_k", np.inf))


def _within(pieces: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """The pieces that meet the range of the claim; one that ends where it begins says nothing."""
    ends = pieces["largest_k"].fillna(np.inf)
    meets: pd.Series = (ends > claim.expected["least_k"]) & (pieces["least_k"] < _largest_k(claim))
    return pieces[meets]


def _solved(family_splits: pd.DataFrame, claim: Claim) -> pd.DataFrame:
    """Neurons of II_1 at single k in the range of the claim."""
    points = of_case(family_splits, MINIMUM)
    there: pd.Series = points["k"].between(claim.expected["least_k"], _largest_k(claim))
    return points[there]


def _all(pieces: pd.DataFrame, holds: pd.Series, claim: Claim, checks: pd.DataFrame) -> int:
    """The number of pieces if they cover the range, it holds in all, and the checker accepts."""
    ends = pieces["largest_k"].fillna(np.inf)
    covered = (
        len(pieces) > 0
        and pieces["least_k"].min() <= claim.expected["least_k"]
        and ends.max() >= _largest_k(claim)
    )
    shown = covered and bool(holds.all()) and _accepted(checks, "splits")
    return len(pieces) if shown else 0


def _accepted(checks: pd.DataFrame, theorem: str) -> bool:
    """Whether the checker accepts the theorem."""
    return bool(of_case(checks, {"theorem": theorem})["accepted"].all())


def _decided(
    claim: Claim, *, shown: int, against: pd.DataFrame, evidence: str, solved: pd.DataFrame
) -> Finding:
    """Refuted by a single point; consistent and proved where so many pieces show it."""
    if not against.empty:
        return refuted(claim, against, NEURON, evidence)
    largest = f" up to {_largest_k(claim):g}" if "largest_k" in claim.expected else ""
    return Finding(
        verdict=Verdict.CONSISTENT if shown else Verdict.UNDECIDED,
        found={"pieces": shown},
        expected=claim.expected,
        sample_size=shown,
        proved=shown,
        listed=f"every real k >= {claim.expected['least_k']:g}{largest}" if shown else "",
        note=f"At k = {ranges_of(solved['k'])} it is solved as well.",
        evidence=evidence,
        would_decide="A certificate over this whole range of k would decide.",
    )
