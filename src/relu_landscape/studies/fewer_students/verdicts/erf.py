"""Tests of claims about erf students fewer than the teachers.

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
from relu_landscape.studies.fewer_students.verdicts.copies import AVERAGE, PERTURBED, POINT, SIZE

_RUN = (*SIZE, "restart")
_BALLS = "Shown in balls by this project's own code; no certificate of it is checked."
_NARROWER = "Balls of more bits would."
_UNFINISHED = "unfinished"
# Balls of 224 bits leave less than this of a gradient that is zero: 60 decimal digits.
_ZERO = 1e-60
# Below it the copy-average is lower at every n < k.
_LEAST_TEACHERS = 6


def copy_averages_are_critical(_: Claim, erf_partitions: pd.DataFrame) -> Finding:
    """Is every copy-average configuration critical, by exact identities and in balls?

    Source: derived.
    """
    against = erf_partitions[~erf_partitions["identities"]]
    wide = erf_partitions[erf_partitions["gradient_bound"] >= _ZERO]
    count = int(erf_partitions["partitions"].sum())
    return Finding(
        verdict=_by_balls(against, wide),
        found={
            "partitions": count,
            "largest gradient": float(erf_partitions["gradient_bound"].max()),
        },
        sample_size=count,
        note=f"All partitions, k = {ranges_of(erf_partitions['k'])}. The gradient is zero by three "
        "identities in the size of a group, which hold for every size; they are checked in "
        f"rational numbers, and the gradient of each network is evaluated in balls. {_BALLS}",
        evidence=_partition(against, wide),
        would_decide=_NARROWER,
    )


def extreme_partition_has_least_loss(_: Claim, erf_partitions: pd.DataFrame) -> Finding:
    """Is the loss of n - 1 copies and one average below that of every other partition?

    Source: derived.
    """
    several = erf_partitions[erf_partitions["partitions"] > 1]
    if several.empty:
        return not_run("no size has two partitions")
    against = several[several["best_loss"] >= several["second_loss"]]
    overlapping = several[~several["extreme_is_best"]]
    return Finding(
        verdict=_by_balls(against, overlapping),
        found={"least difference": float((several["second_loss"] - several["best_loss"]).min())},
        sample_size=len(several),
        note="What a group adds to the loss is a strictly concave function of its size, so the "
        "statement holds at every k and n; here all partitions of "
        f"k = {ranges_of(several['k'])} are compared. {_BALLS}",
        evidence=_partition(against, overlapping),
        would_decide=_NARROWER,
    )


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


def average_neuron_is_published(claim: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Has the averaging neuron norm 1/sqrt(2 m - 1) and output m where flow ends in one?

    Parameter of the claim: tolerance. Source: Simsek et al. 2023, plotting code.
    """
    ends = erf_ends[erf_ends["end"] == AVERAGE]
    if ends.empty:
        return not_run("no flow ended at a copy-average")
    m = ends["k"] - ends["n"] + 1
    errors = pd.concat(
        [(ends["largest_output"] - m).abs(), (ends["norm"] - (2 * m - 1) ** -0.5).abs()], axis=1
    ).max(axis=1)
    return universal_finding(
        Cases(ends, ends[errors > claim.parameters["tolerance"]], "erf_ends", _RUN),
        found={"largest error": float(errors.max())},
        note="m = k - n + 1 teachers are averaged, and the others copied.",
    )


def flow_ends_at_a_copy(_: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Does every flow that came to an end, end at the copy-average or at the perturbed copy?

    Source: Simsek et al. 2023.
    """
    ended = erf_ends[erf_ends["end"] != _UNFINISHED]
    if ended.empty:
        return not_run("no flow came to an end")
    return universal_finding(
        Cases(ended, ended[ended["end"] == "other"], "erf_ends", _RUN),
        found={str(end): int(count) for end, count in ended["end"].value_counts().items()},
        note=f"{len(erf_ends) - len(ended)} flows did not come to an end. {_shares(ended)}",
    )


def both_ends_occur(claim: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Do flows from different starts end at both points, at one number of students?

    Case of the claim: k, and n where it is about one. Source: Simsek et al. 2023, readme.
    """
    ends = of_case(erf_ends, claim.case)
    ended = ends[ends["end"].isin([AVERAGE, PERTURBED])]
    if ended.empty:
        return not_run("no flow of this size came to an end")
    kinds = ended.groupby("n")["end"].nunique()
    both = sorted(kinds[kinds == 2].index)
    return Finding(
        verdict=Verdict.REPRODUCED if both else Verdict.UNDECIDED,
        found={str(end): int(count) for end, count in ended["end"].value_counts().items()},
        sample_size=len(ended),
        note=_shares(ended) + (f" Both occur at n = {ranges_of(both)}." if both else ""),
        evidence=f"tables/erf_ends.parquet: {place_of(ended, tuple(claim.case))}",
        would_decide="" if both else "More restarts would: one kind alone was met at each n.",
    )


def end_depends_on_share(_: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Does the share of flows that end at the copy-average fall with n at each k?

    At some k it has to go from all to none, and at none may it rise. Source: Simsek et al. 2023.
    """
    ended = erf_ends[erf_ends["end"].isin([AVERAGE, PERTURBED])]
    averages = ended.assign(averages=ended["end"] == AVERAGE)
    shares = [rows.groupby("n")["averages"].mean().to_numpy() for _, rows in averages.groupby("k")]
    by_teachers = [share for share in shares if len(share) > 1]
    falls = [share[0] == 1 and share[-1] == 0 for share in by_teachers]
    rises = [share[0] < share[-1] for share in by_teachers]
    if not any(falls) and not any(rises):
        return not_run("no k has both a size that ends only in averages and one that never does")
    return Finding(
        verdict=Verdict.REFUTED if any(rises) else Verdict.CONSISTENT,
        found={"values of k with all to none": sum(falls), "values of k": len(by_teachers)},
        sample_size=len(ended),
        note=_shares(ended),
        evidence="tables/erf_ends.parquet",
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
        found={
            name: enclosed["loss_upper"].to_numpy()[place]
            for place, name in enumerate(enclosed.index)
        },
        sample_size=1,
        expected=claim.expected,
        note="Found are upper ends of the losses; the indices are "
        f"{lower['index']:g} and {higher['index']:g}, that of the lower one first. {_BALLS}",
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
    rests = _BALLS if proved < len(tried) else "A certificate of each is accepted by the checker."
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


def accurate_flows_end_alike(_: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Does a flow followed more accurately end at the same point?

    Source: two accuracies of one solver.
    """
    both = erf_ends.dropna(subset=["end_again"])
    if both.empty:
        return not_run("no flow was followed twice")
    against = both[both["end"] != both["end_again"]]
    return universal_finding(
        Cases(both, against, "erf_ends", _RUN),
        found={"flows followed twice": len(both), "other ends": len(against)},
        note="The second time with a hundredth of the error a step.",
        against=Verdict.DEVIATES,
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


def _by_balls(against: pd.DataFrame, left_open: pd.DataFrame) -> Verdict:
    """The verdict of rows that speak against a claim, and of those that balls leave open."""
    if not against.empty:
        return Verdict.REFUTED
    return Verdict.CONSISTENT if left_open.empty else Verdict.UNDECIDED


def _partition(against: pd.DataFrame, left_open: pd.DataFrame) -> str:
    """The table of partitions, and the first row that is not consistent."""
    first = against if left_open.empty or not against.empty else left_open
    return "tables/erf_partitions.parquet" + ("" if first.empty else f": {place_of(first, SIZE)}")


def _both_points(points: pd.DataFrame) -> pd.DataFrame:
    """One row a size with both points, columns of the copy-average ending in _average."""
    average, perturbed = (points[points["branch"] == name] for name in (AVERAGE, PERTURBED))
    return average.merge(perturbed, on=SIZE, suffixes=("_average", "_perturbed"))


def _shares(ended: pd.DataFrame) -> str:
    """Which part of the flows of each size ended at the copy-average."""
    said = [
        f"k = {k}, n = {n}: {(rows['end'] == AVERAGE).sum()} of {len(rows)}"
        for (k, n), rows in ended.groupby(SIZE)
    ]
    return f"At the copy-average ended {'; '.join(said)}."
