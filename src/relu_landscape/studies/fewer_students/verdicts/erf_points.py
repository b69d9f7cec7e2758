"""Tests of claims about the copy-average and the perturbed copy of erf.

Balls here enclose what these functions say of a point. Small minima have certificates; of all else
no certificate is written that the checker reads: what balls show is consistent, and the note says
that it rests on them.
"""

from __future__ import annotations

import math

import pandas as pd

from relu_landscape.fewer_students.average_stability import most_copies
from relu_landscape.fewer_students.erf_crossing import LIMITING_SHARE
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
from relu_landscape.studies.fewer_students.verdicts.copies import (
    AVERAGE,
    BALLS,
    PERTURBED,
    POINT,
    SIZE,
)

# Below it the copy-average is lower at every n < k.
_LEAST_TEACHERS = 6


def average_has_published_loss(claim: Claim, erf_points: pd.DataFrame) -> Finding:
    """Is 2 F = (2/pi)(m asin(1/2) - m^2 asin(1/(2 m))) at the copy-averages, m = k - n + 1?

    Parameter of the claim: tolerance. Source: Simsek et al. 2023, code; they have no factor 1/2.
    """
    points = erf_points[erf_points["branch"] == AVERAGE]
    m = points["k"] - points["n"] + 1
    published = 2 / math.pi * (m * math.asin(0.5) - m**2 * (0.5 / m).map(math.asin))
    error = (2 * points["loss"] - published).abs()
    return universal_finding(
        Cases(points, points[error > claim.parameters["tolerance"]], "erf_points", POINT),
        found={"largest error": float(error.max())},
        note="The loss of the network is compared with the formula.",
    )


def perturbed_copy_is_published(claim: Claim, erf_points: pd.DataFrame) -> Finding:
    """Has each perturbed copy the published norm and output weight?

    Case of the claim: k, n. Expected: norm, output. Parameter: decimals. Source: Simsek et al.
    2023, a figure of the readme.
    """
    point = of_case(erf_points[erf_points["branch"] == PERTURBED], claim.case)
    if point.empty:
        return not_run("this point was not solved for")
    found = {name: float(point[name].iloc[0]) for name in claim.expected}
    allowed = half_a_digit(claim.parameters["decimals"])
    agree = all(abs(found[name] - value) <= allowed for name, value in claim.expected.items())
    return Finding(
        verdict=Verdict.REPRODUCED if agree else Verdict.DEVIATES,
        found=found,
        sample_size=1,
        expected=claim.expected,
        evidence=f"tables/erf_points.parquet: {place_of(point, POINT)}",
    )


def lower_erf_point_is_enclosed(claim: Claim, erf_points: pd.DataFrame) -> Finding:
    """Does the enclosure of the loss of this branch lie below that of the other?

    Case of the claim: k, n. Expected: the branch. Source: derived.
    """
    points = of_case(erf_points, claim.case).set_index("branch")
    enclosed = points.dropna(subset=["loss_lower", "loss_upper"])
    if len(enclosed) < 2:
        return not_run("the two points of this size were not enclosed")
    other = PERTURBED if claim.expected == AVERAGE else AVERAGE
    lower, higher = enclosed.loc[claim.expected], enclosed.loc[other]
    shown = bool(lower["loss_upper"] < higher["loss_lower"])
    contradicted = bool(higher["loss_upper"] < lower["loss_lower"])
    place = ", ".join(f"{name}={value}" for name, value in claim.case.items())
    return Finding(
        verdict=Verdict.CONSISTENT
        if shown
        else Verdict.REFUTED
        if contradicted
        else Verdict.UNDECIDED,
        found={str(branch): upper for branch, upper in enclosed["loss_upper"].items()},
        sample_size=1,
        expected=claim.expected,
        note="Found are upper ends of the losses; the indices are "
        f"{lower['index']:g} and {higher['index']:g}, that of the lower one first. {BALLS}",
        evidence=f"tables/erf_points.parquet: {place}",
        would_decide="" if shown or contradicted else "Narrower balls: the enclosures overlap.",
    )


def best_is_only_best_of_averages(_: Claim, erf_points: pd.DataFrame) -> Finding:
    """Is the perturbed copy lower than the best copy-average at n = k - 1, for each k >= 6?

    Source: derived.
    """
    sizes = _both_points(erf_points)
    last = sizes[(sizes["n"] == sizes["k"] - 1) & (sizes["k"] >= _LEAST_TEACHERS)]
    if last.empty:
        return not_run(f"no k of {_LEAST_TEACHERS} or more was solved")
    lower = sizes[sizes["loss_perturbed"] < sizes["loss_average"]]
    shown = sizes[sizes["loss_upper_perturbed"] < sizes["loss_lower_average"]]
    firsts = [f"k = {k}, n >= {rows['n'].min()}" for k, rows in lower.groupby("k")]
    enclosed = [f"k = {k}, n = {ranges_of(rows['n'])}" for k, rows in shown.groupby("k")]
    against = last[last["loss_perturbed"] >= last["loss_average"]]
    return universal_finding(
        Cases(last, against, "erf_points", SIZE),
        found={"values of k": len(last), "with a lower perturbed copy": len(last) - len(against)},
        note=f"It is lower at {'; '.join(firsts)}; in balls at {'; '.join(enclosed) or 'no size'}.",
    )


def erf_crossing_is_between(
    _: Claim, erf_crossings: pd.DataFrame, erf_points: pd.DataFrame
) -> Finding:
    """Does the order of the losses at every whole n change at the real n of equal losses?

    Source: derived.
    """
    crossings = erf_crossings.rename(columns={"n": "crossing"})
    sizes = _both_points(erf_points).merge(crossings, on="k")
    if sizes.empty:
        return not_run("no k has both a crossing and points")
    expected = sizes["n"] > sizes["crossing"]
    against = sizes[(sizes["loss_perturbed"] < sizes["loss_average"]) != expected]
    shares = [f"{row.share:.4f} k at k = {row.k}" for row in erf_crossings.itertuples()]
    return universal_finding(
        Cases(sizes, against, "erf_points", SIZE),
        found={"least share": crossings["share"].min(), "largest share": crossings["share"].max()},
        note=f"Losses are equal at n = {', '.join(shares)}.",
    )


def erf_crossings_tend_to_share(claim: Claim, erf_crossings: pd.DataFrame) -> Finding:
    """Is the share n*/k, extrapolated in 1/k from the two largest k, the one that is derived?

    Parameters of the claim: least_k, from which k on an extrapolation counts, and tolerance.
    Source: derived.
    """
    far = erf_crossings[erf_crossings["k"] >= claim.parameters["least_k"]].sort_values("k")
    if len(far) < 2:
        return not_run(f"no two k of {claim.parameters['least_k']} or more have a crossing")
    (before, last), (share_before, share) = far["k"].tail(2), far["share"].tail(2)
    found = (last * share - before * share_before) / (last - before)
    holds = abs(found - LIMITING_SHARE) <= claim.parameters["tolerance"]
    return Finding(
        verdict=Verdict.REPRODUCED if holds else Verdict.DEVIATES,
        found=found,
        sample_size=2,
        expected=LIMITING_SHARE,
        note=f"At k = {last} it is {share:.6f} k. The order of what is left out is not proved.",
        evidence=f"tables/erf_crossings.parquet: k={last}",
    )


def erf_indices_are_known(_: Claim, erf_points: pd.DataFrame) -> Finding:
    """Is the index of the copy-average 0 or k - n, that of the perturbed copy 0 or n - 1?

    Source: derived.
    """
    saddle = (erf_points["k"] - erf_points["n"]).where(
        erf_points["branch"] == AVERAGE, erf_points["n"] - 1
    )
    as_said = (erf_points["index"] == 0) | (erf_points["index"] == saddle)
    same = erf_points["proved_index"].isna() | (erf_points["proved_index"] == erf_points["index"])
    enclosed = int(erf_points["proved_index"].notna().sum())
    minima = erf_points[erf_points["index"] == 0]
    exchange = []
    for k, rows in minima.groupby("k"):
        first = rows.loc[rows["branch"] == PERTURBED, "n"].min()
        perturbed = "at no n" if pd.isna(first) else f"from n = {first:g} on"
        last = rows.loc[rows["branch"] == AVERAGE, "n"].max()
        exchange.append(f"k = {k}: perturbed copy {perturbed}, copy-average up to n = {last:g}")
    return universal_finding(
        Cases(erf_points, erf_points[~(as_said & same)], "erf_points", POINT),
        found={"points": len(erf_points), "minima": len(minima)},
        note=f"Minima are: {'; '.join(exchange)}. In balls the index of {enclosed} was found.",
    )


def averages_are_stable_as_derived(_: Claim, erf_points: pd.DataFrame) -> Finding:
    """Is the copy-average a minimum for fewer than `most_copies` copies, else of index k - n?

    Source: derived.
    """
    points = erf_points[erf_points["branch"] == AVERAGE]
    average = points["k"] - points["n"] + 1
    stable = points["n"] - 1 < average.map(most_copies)
    expected = (points["k"] - points["n"]).where(~stable, 0)
    return universal_finding(
        Cases(points, points[points["index"] != expected], "erf_points", POINT),
        found={"minima": int(stable.sum()), "saddles": int((~stable).sum())},
        note="That it is a saddle with more copies is proved for every k; that no other eigenvalue "
        "is negative is seen.",
    )


def both_erf_points_are_minima(
    claim: Claim, erf_points: pd.DataFrame, certified_erf: pd.DataFrame
) -> Finding:
    """Are both points strict local minima in weights and outputs, by Hessians in balls?

    Certificates that the checker accepts prove it. Case of the claim: k, n. Source: derived.
    """
    points = of_case(erf_points, claim.case)
    tried = points[points["loss_lower"].notna()]
    if len(tried) < 2:
        return not_run("the two points of this size were not enclosed")
    shown, saddles = tried["proved_index"] == 0, tried["proved_index"] > 0
    place = ", ".join(f"{name}={value}" for name, value in claim.case.items())
    proofs = of_case(certified_erf, claim.case)
    proved = int((proofs["proved"] & proofs["checked"]).sum())
    rests = BALLS if proved < len(tried) else "A certificate of each is accepted by the checker."
    return Finding(
        verdict=Verdict.REFUTED
        if saddles.any()
        else Verdict.CONSISTENT
        if shown.all()
        else Verdict.UNDECIDED,
        found={"strict minima": int(shown.sum())},
        sample_size=len(tried),
        proved=proved,
        listed=f"{place}, every d >= k" if proved else "",
        note="Every block of the Hessian is positive definite over a box that holds the point; a "
        f"further input without a teacher repeats blocks. {rests}",
        evidence=f"tables/erf_points.parquet: {place}",
        would_decide="" if saddles.any() or shown.all() else "Narrower balls of the Hessian.",
    )


def losses_lie_in_enclosures(claim: Claim, erf_points: pd.DataFrame) -> Finding:
    """Does the loss in floating point lie within the balls, up to its rounding?

    Parameter of the claim: tolerance for each teacher, because what cancels in the loss grows like
    k/6. Source: two arithmetics.
    """
    tried = erf_points.dropna(subset=["loss_lower"])
    if tried.empty:
        return not_run("no point was enclosed")
    allowed = claim.parameters["tolerance"] * tried["k"]
    outside = (tried["loss"] < tried["loss_lower"] - allowed) | (
        tried["loss"] > tried["loss_upper"] + allowed
    )
    width = (tried["loss_upper"] - tried["loss_lower"]).max()
    return universal_finding(
        Cases(tried, tried[outside], "erf_points", POINT),
        found={"widest enclosure": float(width)},
        note="Each critical point is proved to exist, the perturbed copies by Krawczyk's test.",
    )


def _both_points(points: pd.DataFrame) -> pd.DataFrame:
    """One row a size with both points, columns of the copy-average ending in _average."""
    average, perturbed = (points[points["branch"] == name] for name in (AVERAGE, PERTURBED))
    return average.merge(perturbed, on=SIZE, suffixes=("_average", "_perturbed"))
