"""Hessian spectra of the families, and the k at which they become local minima."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Quantity, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    universal_finding,
)
from relu_landscape.studies.proofs import Proved
from relu_landscape.studies.symmetry.verdicts.orders import (
    HALF_WAY,
    NOT_FAR,
    far_pairs,
    finite,
    order_between,
)
from relu_landscape.studies.symmetry.verdicts.rows import (
    FAMILY,
    at_equal_size,
    name_of,
    named_rows,
    names_in,
    spurious_minima,
)
from relu_landscape.tables.columns import POINT

BULK = (0.25 - 0.5 / math.pi, 0.25 + 0.5 / math.pi)
"""The constants that most eigenvalues approach: those of y and x at the global minimum."""


def eigenvalues_counted(claim: Claim, family_spectra: pd.DataFrame) -> Finding:
    """Are there at most so many distinct eigenvalues, with multiplicities that add up to n k?

    With more neurons than teachers only the multiplicities are looked at.

    Parameters of the claim: largest (numbers for m = 0, 1, ..., the last one for all further m),
    tolerance (relative, of the sum). Source: derived.
    """
    if family_spectra.empty:
        return not_run("no spectrum was computed")
    points = family_spectra.groupby(list(POINT), as_index=False).agg(
        count=("rank", "size"), total=("multiplicity", "sum")
    )
    largest = claim.parameters["largest"]
    bound = points["m"].clip(upper=len(largest) - 1).map(dict(enumerate(largest)))
    weights = (points["k"] + points["extra"]) * points["k"].astype(np.float64)
    error = (points["total"] / weights - 1.0).abs()
    too_many = (points["extra"] == 0) & (points["count"] > bound)
    equal = at_equal_size(points)
    return universal_finding(
        Cases(
            points,
            points[too_many | (error > claim.parameters["tolerance"])],
            "family_spectra",
            POINT,
        ),
        found={f"most with m = {m}": int(group.max()) for m, group in equal.groupby("m")["count"]}
        | {"largest relative error of the sum": float(error.max())},
        expected={f"most with m = {m}": largest[min(m, len(largest) - 1)] for m in set(equal["m"])},
        note="",
    )


def spectra_agree(claim: Claim, family_points: pd.DataFrame) -> Finding:
    """Does the spectrum approach that of the global minimum at least as fast as k^{-1/2}?

    Representation by representation, over the eigenvalues that stay bounded as k grows; the order
    of the largest difference is read off the last two k of each family, see `orders`.

    Parameters of the claim: first_k, far_k (see `orders.far_pairs`).
    Source: AF20 (2008.01805) and AF21, abstracts; AF23, abstract, for type I against type II.
    """
    points = at_equal_size(family_points)
    pairs = far_pairs(points[points["bounded_difference"].notna()], FAMILY, claim.parameters)
    if not pairs:
        return not_run(NOT_FAR)
    cases = pd.concat(
        [
            pair.tail(1)[list(POINT)].assign(
                order=order_between(pair, "bounded_difference"),
                constant=pair["bounded_difference"].iloc[-1] * pair["k"].iloc[-1] ** 0.5,
            )
            for pair in pairs
        ],
        ignore_index=True,
    )
    slowest = cases.iloc[int(cases["order"].argmax())]
    return universal_finding(
        Cases(cases, cases[cases["order"] > -0.5 + HALF_WAY], "family_points", FAMILY),
        found=finite(float(slowest["order"])),
        expected=-0.5,
        note=f"Largest order, that of {name_of(slowest['family'], slowest['m'])}; over the "
        f"families {names_in(cases)} k^(1/2) times the difference is at most "
        f"{cases['constant'].max():.4f} at the largest k.",
        against=Verdict.DEVIATES,
    )


def bulk_concentrates(claim: Claim, family_spectra: pd.DataFrame) -> Finding:
    """Are all but O(k) eigenvalues near 1/4 -+ 1/(2 pi), and of the order of k growing like k?

    Orders are read off the last two k of each family, see `orders`, and what tells two orders apart
    lies half way between them: near, within O(k^{-1/2}), is within k^{-1/4}; an eigenvalue that is
    proportional to k is above k^{1/2}.

    Parameters of the claim: first_k, far_k (see `orders.far_pairs`).
    Source: AF20 (2008.01805), abstract.
    """
    spectra = at_equal_size(family_spectra)
    k = spectra["k"].astype(np.float64)
    distance = np.min([(spectra["eigenvalue"] - value).abs() for value in BULK], axis=0)
    large = spectra["eigenvalue"] > k**0.5
    points = (
        spectra.assign(
            outside=spectra["multiplicity"].where(distance > k**-0.25, 0.0),
            growing=spectra["multiplicity"].where(large, 0.0),
            least_growing=spectra["eigenvalue"].where(large),
        )
        .groupby(list(POINT), as_index=False)
        .agg({"outside": "sum", "growing": "sum", "least_growing": "min"})
        .fillna({"least_growing": 0.0})
    )
    pairs = far_pairs(points, FAMILY, claim.parameters)
    if not pairs:
        return not_run(NOT_FAR)
    orders = ("outside", "growing", "least_growing")
    cases = pd.concat(
        [
            pair.tail(1).assign(**{f"order_{name}": order_between(pair, name) for name in orders})
            for pair in pairs
        ],
        ignore_index=True,
    )
    holds = cases["order_outside"] <= 1.0 + HALF_WAY
    for name in orders[1:]:
        holds &= (cases[f"order_{name}"] - 1.0).abs() <= HALF_WAY
    found: dict[str, Quantity] = {
        f"largest order of the {what}": finite(float(cases[f"order_{name}"].max()))
        for name, what in zip(
            orders, ("number of others", "number that grow", "least that grows"), strict=True
        )
    }
    return universal_finding(
        Cases(cases, cases[~holds], "family_spectra", POINT),
        found=found,
        expected=dict.fromkeys(found, 1.0),
        note=f"Families: {names_in(cases)}. At the largest k all but "
        f"{(cases['outside'] / cases['k']).max():.4g} k eigenvalues or fewer are near the "
        "constants.",
        against=Verdict.DEVIATES,
    )


def stability_threshold_at(claim: Claim, stability_thresholds: pd.DataFrame) -> Finding:
    """Does a family become a local minimum at this real k, in this representation?

    Case of the claim: family, m, extra. Parameters: decimals (of k). Expected: k, irrep,
    smallest_integer, and, where it ceases to be one, the real lost_k. Source: derived; AF21,
    abstract, has such k.
    """
    rows = of_case(stability_thresholds, claim.case)
    if rows.empty:
        return not_run("this threshold was not computed")
    row = rows.iloc[0]
    found: dict[str, Quantity] = {
        "k": float(row["k"]),
        "irrep": str(row["irrep"]),
        "smallest_integer": int(row["smallest_integer"]),
        "lost_k": None if pd.isna(row["lost_k"]) else float(row["lost_k"]),
    }
    allowed = half_a_digit(claim.parameters["decimals"])
    wrong = [
        name
        for name, expected in ({"lost_k": None} | dict(claim.expected)).items()
        if not _agrees(found[name], expected, allowed)
    ]
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found=found,
        sample_size=1,
        expected=claim.expected,
        note=(f"Different: {', '.join(wrong)}. " if wrong else "")
        + f"Index {row['index_below']:.4g} just below and {row['index_above']:.4g} just above.",
        evidence=f"tables/stability_thresholds.parquet: {place_of(rows, POINT[:3])}",
    )


def _agrees(found: Quantity, expected: Quantity, allowed: float) -> bool:
    """Whether two real numbers are the same within what is allowed, and others the same."""
    if isinstance(found, float) and isinstance(expected, float):
        return abs(found - expected) <= allowed
    return found == expected


def minima_beyond_size(
    claim: Claim, family_points: pd.DataFrame, stability_thresholds: pd.DataFrame
) -> Finding:
    """Is there a spurious minimum of isotropy Delta(S_{k-m} x S_m) at every k beyond a given one?

    Of the families I_m and II_m one suffices; a k at which both were solved for and neither is a
    minimum deviates. The isotropy may have other minima than these, so it refutes nothing, and a k
    with one family alone decides nothing. First whole k with a minimum, from the thresholds, and
    minima at or below the given k are in the note.

    Parameters of the claim: m, above.
    Source: AF20 (2003.10576v1), abstract.
    """
    m, above = claim.parameters["m"], claim.parameters["above"]
    points = at_equal_size(family_points)
    points = points[points["m"] == m]
    minima = spurious_minima(points)
    cases = points[points["k"] > above].drop_duplicates("k")
    if cases.empty:
        return not_run(f"no point with m = {m} beyond k = {above}")
    without = cases[~cases["k"].isin(minima["k"])]
    both = points.groupby("k")["family"].nunique() == 2  # I_m and II_m
    neither = without[without["k"].map(both)]
    thresholds = at_equal_size(stability_thresholds)
    thresholds = thresholds[thresholds["m"] == m]
    before = sorted({int(k) for k in minima["k"] if k <= above})
    note = "".join(
        f" {name} is a minimum from k = {row['k']:.6f} on, so at {row['smallest_integer']} first."
        for name, row in named_rows(thresholds)
    )
    if before:
        note += f" Minima of this isotropy exist already at k = {', '.join(map(str, before))}."
    finding = universal_finding(
        Cases(cases, without if neither.empty else neither, "family_points", ("m", "extra", "k")),
        found={
            "smallest k with a minimum": int(minima["k"].min()) if len(minima) else None,
            "first by the thresholds": int(thresholds["smallest_integer"].min())
            if len(thresholds)
            else None,
        },
        expected={"smallest k with a minimum": above + 1},
        note=note.strip(),
        against=Verdict.DEVIATES,
        proved=int(cases["k"].isin(minima.loc[minima["proved"] == Proved.PROVED, "k"]).sum()),
    )
    if without.empty or len(neither):
        return finding
    return replace(
        finding,
        verdict=Verdict.UNDECIDED,
        would_decide=f"Neither I_{m} nor II_{m} is known as a minimum at {len(without)} k; "
        "a certificate of another minimum of this isotropy there would decide, or a proof that "
        "there is none.",
    )
