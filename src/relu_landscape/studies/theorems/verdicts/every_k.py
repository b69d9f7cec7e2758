"""Tests of the theorems for every k."""

from __future__ import annotations

from typing import Any

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    not_run,
    of_case,
    ranges_of,
    universal_finding,
)
from relu_landscape.studies.theorems.enclosed_members import members_in_pieces
from relu_landscape.studies.theorems.refuted import refuted
from relu_landscape.tables.columns import POINT


def proved_for_every_k(
    claim: Claim,
    family_theorems: pd.DataFrame,
    theorem_checks: pd.DataFrame,
    family_points: pd.DataFrame,
) -> Finding:
    """Is the family proved a spurious minimum for every real k from its first one on, and checked?

    A point solved at one such k that is a saddle refutes it.

    Expected: least_k. Tables: family_theorems, theorem_checks, family_points. Source: derived.
    """
    (theorem,) = of_case(family_theorems, claim.case).itertuples()
    points = of_case(family_points, {**claim.case, "extra": 0})
    solved = points[points["k"] >= claim.expected["least_k"]]
    return _decided(
        claim,
        theorem,
        shown=_accepted(claim, theorem_checks),
        against=solved[solved["index"] > 0],
        beside=f"At k = {ranges_of(solved['k'])} it is solved as well.",
        table="family_theorems",
    )


def further_minimum_for_every_k(
    claim: Claim,
    theorem_further_minima: pd.DataFrame,
    theorem_further_minimum_checks: pd.DataFrame,
    family_points: pd.DataFrame,
) -> Finding:
    """Is II_1 with one neuron more proved a spurious minimum for every real k, and checked?

    A point solved at one such k that is a saddle refutes it.

    Expected: least_k. Tables: theorem_further_minima, theorem_further_minimum_checks,
    family_points. Source: derived.
    """
    where = {"family": "II", "m": 1, "extra": 1}
    (theorem,) = of_case(theorem_further_minima, where).itertuples()
    points = of_case(family_points, where)
    solved = points[points["k"] >= claim.expected["least_k"]]
    checks = of_case(theorem_further_minimum_checks, where)
    return _decided(
        claim,
        theorem,
        shown=bool(checks["accepted"].all()),
        against=solved[solved["index"] > 0],
        beside=f"At k = {ranges_of(solved['k'])} it is solved as well.",
        table="theorem_further_minima",
    )


def norms_for_every_k(
    claim: Claim,
    family_theorems: pd.DataFrame,
    theorem_pieces: pd.DataFrame,
    theorem_checks: pd.DataFrame,
    certified_families: pd.DataFrame,
) -> Finding:
    """Is the sum of the norms of the neurons proved to be below k for every k?

    A point at one such k at which it is proved to be larger refutes it.

    Expected: least_k. Tables: family_theorems, theorem_pieces, theorem_checks, certified_families.
    Source: derived.
    """
    (theorem,) = of_case(family_theorems, claim.case).itertuples()
    gaps = of_case(theorem_pieces, claim.case)["norm_gap_lower"]
    points = of_case(certified_families, {**claim.case, "extra": 0})
    proved = points[points["k"] >= claim.expected["least_k"]]
    return _decided(
        claim,
        theorem,
        shown=_accepted(claim, theorem_checks) and bool((gaps > 0).all()),
        against=proved[proved["norm_sum_below_k"] == "disproved"],
        beside=f"At k = {ranges_of(proved['k'])} it is proved one by one as well.",
        table="family_theorems",
    )


def members_are_enclosed(
    _: Claim,
    theorem_pieces: pd.DataFrame,
    theorem_further_minimum_pieces: pd.DataFrame,
    family_points: pd.DataFrame,
) -> Finding:
    """Does every point that is solved at one k lie in the enclosure for every k?

    Its loss between the bounds, its smallest eigenvalue not below the lower bound, up to what
    double precision leaves open.

    Tables: theorem_pieces, theorem_further_minimum_pieces, family_points. Source: derived.
    """
    members = pd.concat(
        members_in_pieces(family_points, pieces)
        for pieces in (theorem_pieces, theorem_further_minimum_pieces)
    )
    if members.empty:
        return not_run("no point is solved in the range of a theorem")
    # Of the loss and of an eigenvalue in double precision, far below the widths of the enclosures.
    slack = 1e-9
    low, high = members["loss_lower"] - slack, members["loss_upper"] + slack
    enclosed = members["scaled_loss"].between(low, high)
    convex = members["smallest_eigenvalue"] >= members["eigenvalue_lower"] - slack
    return universal_finding(
        Cases(members, members[~(enclosed & convex)], "family_points", POINT),
        found={"points": len(members), "outside": int((~(enclosed & convex)).sum())},
        note="",
    )


def first_type_flattens(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Does the smallest eigenvalue of I_1 with one neuron more fall like the two constants say?

    At every solved k >= least_k the eigenvalue times k^(3/4) is within 7 k^(-1/2) of constant +
    next k^(-1/4), relatively.

    Expected: constant, next, least_k. Tables: family_points. Source: `every_k.one_more_first_type`.
    """
    points = of_case(family_points, {"family": "I", "m": 1, "extra": 1})
    points = points[points["k"] >= claim.expected["least_k"]]
    if points.empty:
        return not_run("no point was solved at such a large k")
    scaled = points["smallest_eigenvalue"] * points["k"] ** 0.75
    known = claim.expected["constant"] + claim.expected["next"] * points["k"] ** -0.25
    apart = (scaled / known - 1).abs() >= 7 * points["k"] ** -0.5
    return universal_finding(
        Cases(points, points[apart], "family_points", POINT),
        found={"constant": float(scaled[points["k"].idxmax()])},
        note="The constant is derived with no bound of what is left out, the next is recognised.",
    )


def thresholds_are_enclosed(
    _: Claim, theorem_thresholds: pd.DataFrame, stability_thresholds: pd.DataFrame
) -> Finding:
    """Does each threshold found by root search lie in the enclosure of the real k?

    Up to what the root search leaves open. Tables: theorem_thresholds, stability_thresholds.
    Source: derived.
    """
    found = stability_thresholds[stability_thresholds["extra"] == 0]
    both = theorem_thresholds.merge(found, on=["family", "m"])
    if both.empty:
        return not_run("no threshold was enclosed and searched for")
    slack = 1e-9  # a relative error of the search, far below the distance of two whole k
    low, high = both["lower"] * (1 - slack), both["upper"] * (1 + slack)
    apart = both[~both["k"].between(low, high)]
    return universal_finding(
        Cases(both, apart, "theorem_thresholds", ("family", "m")),
        found={"thresholds": len(both), "outside": len(apart)},
        note="",
    )


def series_are_enclosed(
    _: Claim, theorem_series: pd.DataFrame, puiseux_coefficients: pd.DataFrame
) -> Finding:
    """Does each coefficient of the loss found by interpolation lie in its enclosure?

    Up to the error that the interpolation states. Tables: theorem_series, puiseux_coefficients.
    Source: derived.
    """
    found = puiseux_coefficients[puiseux_coefficients["quantity"] == "loss"]
    both = theorem_series.merge(found, on=["family", "m", "power"])
    if both.empty:
        return not_run("no coefficient was enclosed and interpolated")
    slack = both["error"] + 1e-15  # the enclosure is rounded to double precision
    inside = both["coefficient"].between(both["lower"] - slack, both["upper"] + slack)
    return universal_finding(
        Cases(both, both[~inside], "theorem_series", ("family", "m", "power")),
        found={"coefficients": len(both), "outside": int((~inside).sum())},
        note="",
    )


def loss_has_third_coefficient(claim: Claim, theorem_series: pd.DataFrame) -> Finding:
    """Is the coefficient of k^(-3/2) in the loss of II_m the multiple of m that is claimed?

    Expected: over_m, the coefficient over m. Tables: theorem_series. Source: derived.
    """
    rows = theorem_series[(theorem_series["family"] == "II") & (theorem_series["power"] == 3)]
    if rows.empty:
        return not_run("no such coefficient was enclosed")
    wanted = claim.expected["over_m"] * rows["m"]
    # The claim is in double precision.
    slack = 1e-15 * wanted.abs()
    apart = rows[~wanted.between(rows["lower"] - slack, rows["upper"] + slack)]
    return Finding(
        verdict=Verdict.REPRODUCED if apart.empty else Verdict.DEVIATES,
        found={"over_m": float((rows["lower"] / rows["m"]).iloc[0])},
        expected=claim.expected,
        sample_size=len(rows),
        note=f"II_m, m = {ranges_of(rows['m'])}.",
        evidence="tables/theorem_series.parquet: family=II, power=3",
    )


def _accepted(claim: Claim, checks: pd.DataFrame) -> bool:
    """Whether the checker accepts the theorem."""
    return bool(of_case(checks, claim.case)["accepted"].all())


def _decided(
    claim: Claim, theorem: Any, *, shown: bool, against: pd.DataFrame, beside: str, table: str
) -> Finding:
    """Refuted by a single point; consistent and proved where shown from the bound on."""
    evidence = f"tables/{table}.parquet: family={theorem.family}, m={theorem.m}"
    if not against.empty:
        return refuted(claim, against, POINT, evidence)
    proved = bool(theorem.proved) and shown and theorem.least_k <= claim.expected["least_k"]
    notes = [theorem.reason] if isinstance(theorem.reason, str) else []
    if theorem.proved and not proved:
        notes.append(f"It is proved from k = {theorem.least_k:g} on in this profile.")
    return Finding(
        verdict=Verdict.CONSISTENT if proved else Verdict.UNDECIDED,
        found={"pieces": int(theorem.pieces)},
        expected=claim.expected,
        sample_size=int(theorem.pieces),
        proved=int(theorem.pieces) if proved else 0,
        listed=f"every real k >= {claim.expected['least_k']:g}, every d >= k" if proved else "",
        note=" ".join([*notes, beside]),
        evidence=evidence,
        would_decide=" ".join([*notes, "A certificate from there on would decide."]),
    )
