"""Tests of claims about families of critical points as the slope changes."""

from __future__ import annotations

import math

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    ranges_of,
    universal_finding,
)

_POINT = ("family", "m", "k", "slope")
_MEMBER = ["family", "m", "k"]
_POINTS, _ENCLOSURES = "leaky_points", "leaky_enclosures"

ABSOLUTE_VALUE = -1.0
SMALLEST_AT_TEACHERS = 1.0 - 2.0 / math.pi


def leaky_level(claim: Claim, leaky_points: pd.DataFrame) -> Finding:
    """Has the point of a family at one k and slope this loss and smallest Hessian eigenvalue?

    Case of the claim: family, m, k, slope. Parameters: decimals (compared, by column). Expected:
    values by column. Source: derived.
    """
    points = of_case(leaky_points, claim.case)
    if points.empty:
        return not_run("this point was not followed")
    found = {name: float(points[name].iloc[0]) for name in claim.expected}
    wrong = [
        name
        for name, expected in claim.expected.items()
        if abs(found[name] - expected) > half_a_digit(claim.parameters["decimals"][name])
    ]
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=len(points),
        expected=claim.expected,
        note=f"Different: {', '.join(wrong)}." if wrong else "All agree.",
        evidence=f"tables/{_POINTS}.parquet: {place_of(points, _POINT)}",
    )


def minima_stay_minima(claim: Claim, leaky_points: pd.DataFrame) -> Finding:
    """Is each family that is a minimum of the ReLU one at every slope from a bound on?

    Parameter of the claim: least_slope. Source: derived.
    """
    relu = leaky_points[(leaky_points["slope"] == 0.0) & (leaky_points["index"] == 0)]
    rows = leaky_points.merge(relu[_MEMBER], on=_MEMBER)
    rows = rows[rows["slope"] >= claim.parameters["least_slope"]]
    if rows.empty:
        return not_run("no family was followed from a minimum of the ReLU")
    scaled = rows["smallest_eigenvalue"] / (1.0 - rows["slope"]) ** 2
    return universal_finding(
        Cases(rows, rows[rows["index"] > 0], _POINTS, _POINT),
        found={"smallest eigenvalue / (1 - s)^2": float(scaled.min())},
        note=f"s from {rows['slope'].min():g} to {rows['slope'].max():g}.",
    )


def second_type_ends_at_teachers(claim: Claim, leaky_points: pd.DataFrame) -> Finding:
    """Is II_m at s = -1 a global minimum with the smallest eigenvalue 1 - 2/pi?

    Parameter of the claim: tolerance. Source: derived; the loss of the absolute value is even in
    each neuron, so that the teachers with m of them negated have no loss.
    """
    rows = _at_absolute_value(leaky_points)
    rows = rows[rows["family"] == "II"]
    if rows.empty:
        return not_run("no family II was followed to s = -1")
    error = (rows["smallest_eigenvalue"] - SMALLEST_AT_TEACHERS).abs()
    tolerance = claim.parameters["tolerance"]
    wrong = (error > tolerance) | (rows["loss"].abs() > tolerance)
    return universal_finding(
        Cases(rows, rows[wrong], _POINTS, _POINT),
        found={
            "largest loss": float(rows["loss"].abs().max()),
            "largest error": float(error.max()),
        },
        expected={"largest loss": 0.0, "largest error": 0.0},
        note="The error is that of the smallest eigenvalue.",
    )


def first_type_is_no_minimum(
    claim: Claim,
    leaky_points: pd.DataFrame,
    leaky_thresholds: pd.DataFrame,
    leaky_enclosures: pd.DataFrame,
) -> Finding:
    """Is none of A and I_m a minimum at s = -1: of index k - m - 1 or more, or gone in a fold?

    How many of the saddles have that index by proof is in the note.

    Parameter of the claim: none. Source: derived.
    """
    del claim
    members = leaky_points.loc[leaky_points["family"] != "II", _MEMBER].drop_duplicates()
    if members.empty or not (leaky_points["slope"] == ABSOLUTE_VALUE).any():
        return not_run("no family A or I was followed to s = -1")
    ends = members.merge(_at_absolute_value(leaky_points), on=_MEMBER, how="left")
    folds = leaky_thresholds[leaky_thresholds["event"] == "fold"]
    ends = ends.merge(
        folds[[*_MEMBER, "slope"]].rename(columns={"slope": "fold"}), on=_MEMBER, how="left"
    )
    least = ends["k"] - ends["m"] - 1
    saddle = ends["index"].round(6) >= least
    folded = ends["index"].isna() & ends["fold"].notna()
    proved = _at_absolute_value(leaky_enclosures)
    proved = proved[(proved["family"] != "II") & (proved["state"] == "enclosed")]
    right = proved["index"] >= proved["k"] - proved["m"] - 1
    return universal_finding(
        Cases(ends, ends[~saddle & ~folded], _POINTS, tuple(_MEMBER)),
        found={
            "saddles": int(saddle.sum()),
            "of index k - m - 1": int((ends["index"].round(6) == least).sum()),
            "ended in a fold": int(folded.sum()),
        },
        note=f"In balls {int(right.sum())} of {len(proved)} tried points of A and I_m have as many "
        "negative eigenvalues and none that is zero.",
    )


def enclosures_agree(
    claim: Claim, leaky_points: pd.DataFrame, leaky_enclosures: pd.DataFrame
) -> Finding:
    """Is every point for which it was tried enclosed, with the index and the loss of the floats?

    Parameter of the claim: tolerance (of the loss). Source: own check.
    """
    tried = leaky_enclosures[leaky_enclosures["state"] != "not_reached"]
    rows = tried.merge(leaky_points, on=list(_POINT), suffixes=("_proved", ""))
    if rows.empty:
        return not_run("no point was both followed and enclosed")
    tolerance = claim.parameters["tolerance"]
    agrees = (
        (rows["state"] == "enclosed")
        & (rows["index_proved"] == rows["index"].round(6))
        & (rows["loss"] >= rows["loss_lower"] - tolerance)
        & (rows["loss"] <= rows["loss_upper"] + tolerance)
    )
    return universal_finding(
        Cases(rows, rows[~agrees], _ENCLOSURES, _POINT),
        found=int(agrees.sum()),
        expected=len(rows),
        note="Each holds exactly one critical point, and no Hessian eigenvalue of it is zero.",
    )


def minima_are_certified(
    claim: Claim, leaky_points: pd.DataFrame, certified_slopes: pd.DataFrame
) -> Finding:
    """Has every point that is a spurious minimum a certificate that the checker accepts?

    With it go the splits of its neurons, of every class. A point that is proved, and a saddle in
    floats, refutes it. Parameter of the claim: least_loss (of what is spurious). Source: derived.
    """
    rows = certified_slopes.merge(leaky_points, on=list(_POINT))
    minima = rows[(rows["index"] == 0) & (rows["loss"] >= claim.parameters["least_loss"])]
    if minima.empty:
        return not_run("no point for which a proof was tried is a spurious minimum")
    proved = minima["proved"] & minima["checked"] & (minima["splits"] == minima["splits_proved"])
    against = rows[rows["proved"] & (rows["index"] > 0)]
    shown = Verdict.CONSISTENT if proved.all() else Verdict.UNDECIDED
    evidence = next(some for some in (against, minima[~proved], minima) if len(some))
    return Finding(
        verdict=shown if against.empty else Verdict.REFUTED,
        found={"minima": len(minima), "proved": int(proved.sum())},
        sample_size=len(minima),
        proved=int(proved.sum()),
        listed=f"k = {ranges_of(minima.loc[proved, 'k'])}, every d >= k" if proved.any() else "",
        note="A certificate proves a spurious strict minimum of F_s for every number of inputs, "
        "and that every split of every neuron, for every share, is a strict saddle.",
        evidence=f"tables/certified_slopes.parquet: {place_of(evidence, _POINT)}",
        would_decide="A certificate that the checker accepts would decide.",
    )


def _at_absolute_value(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["slope"] == ABSOLUTE_VALUE]


def fold_sizes_agree(
    claim: Claim, leaky_points: pd.DataFrame, leaky_sizes: pd.DataFrame
) -> Finding:
    """Does a family reach s = -1 at the k below that of its fold, and at no larger one?

    The one comes from a path in s, the other from the turning point of the curve of critical points
    as k changes.

    Parameter of the claim: none. Source: own check.
    """
    del claim
    folds = leaky_sizes[leaky_sizes["event"] == "fold"]
    members = leaky_points[_MEMBER].drop_duplicates()
    rows = members.merge(
        folds[["family", "m", "k"]].rename(columns={"k": "fold_k"}), on=["family", "m"]
    )
    if rows.empty or not (leaky_points["slope"] == ABSOLUTE_VALUE).any():
        return not_run("no family was followed to s = -1 for which the k of its fold was found")
    reached = _at_absolute_value(leaky_points)[_MEMBER].assign(reached=True)
    rows = rows.merge(reached, on=_MEMBER, how="left")
    agrees = rows["reached"].notna() == (rows["k"] < rows["fold_k"])
    names = folds["family"] + folds["m"].where(folds["m"] > 0, "").astype(str)
    return universal_finding(
        Cases(rows, rows[~agrees], _POINTS, tuple(_MEMBER)),
        found={f"k of the fold of {name}": k for name, k in zip(names, folds["k"], strict=True)},
        note="The k are real.",
    )


def saddles_begin_lower(claim: Claim, leaky_thresholds: pd.DataFrame) -> Finding:
    """Does the slope below which A and I_m are saddles fall as k grows?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    turns = leaky_thresholds[
        (leaky_thresholds["event"] == "eigenvalue") & (leaky_thresholds["family"] != "II")
    ].sort_values([*_MEMBER, "slope"])
    before = turns.groupby(["family", "m"])["slope"].shift()
    rows = turns[before.notna()]
    if rows.empty:
        return not_run("A or I_m turns into a saddle at one k or none")
    rises = rows["slope"] >= before[before.notna()]
    return universal_finding(
        Cases(rows, rows[rises], "leaky_thresholds", (*_MEMBER, "event")),
        found={"least slope": float(turns["slope"].min()), "largest": float(turns["slope"].max())},
        note="Each slope is compared with that at the next smaller k.",
    )
