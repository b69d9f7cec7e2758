"""Claims about the number of regions and the share of them with full rank."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, universal_finding
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.judging.words import counted
from relu_landscape.studies.activation_regions.verdicts.counts import exact_numbers

_SIZE = ["n", "d0", "d1"]
_NO_SIGNS = "no regions of more points than inputs were counted"
_SHARE_KEY = ("patterns", "data", "n", "d0", "d1", "data_set")


def region_count_formula(claim: Claim, region_counts: pd.DataFrame) -> Finding:
    """Has one neuron on generic points 2 sum_{j < d0} C(n - 1, j) non-empty regions?

    Regions are enumerated one by one with exact signs. Parameters of the claim: none.
    Source: Karhadkar et al. 2024, Proposition 6.
    """
    del claim
    if region_counts.empty:
        return not_run("no regions were enumerated")
    wrong = region_counts[region_counts["enumerated"] != region_counts["formula"]]
    return universal_finding(
        Cases(region_counts, wrong, "region_counts", ("n", "d0", "data_set")),
        found={"data sets with another number": len(wrong)},
        expected={"data sets with another number": 0},
        note=f"N(0, 1) points; up to {region_counts['enumerated'].max()} regions a neuron.",
    )


def full_rank_count(claim: Claim, region_shares: pd.DataFrame) -> Finding:
    """Has this number of patterns full rank, in every data set of the case?

    Case: patterns, data, n, d0, d1, and for data without bias signature. Expected: full_jacobian,
    and full_pattern where it is stated. Parameters: none.
    Source: derived for this project.
    """
    rows = of_case(region_shares, claim.case)
    if rows.empty:
        return not_run("this case was not counted, or no data set had these signs")
    return exact_numbers(
        rows,
        claim.expected,
        table="region_shares",
        key=_SHARE_KEY,
        note=f"Of {rows['networks'].iloc[0]} patterns, by exact rank; "
        f"{counted(len(rows), 'data set')}.",
    )


def count_depends_on_signs(claim: Claim, region_shares: pd.DataFrame) -> Finding:
    """Without bias, does the full-rank count differ between data sets of one size?

    Parameters: none. Source: derived for this project.
    """
    del claim
    regions = _regions_of_signs(region_shares)
    if regions.empty:
        return not_run(_NO_SIGNS)
    per_case = regions.groupby(_SIZE)["full_jacobian"].nunique()
    several = int((per_case > 1).sum())
    return Finding(
        verdict=Verdict.REPRODUCED if several else Verdict.UNDECIDED,
        found={"sizes with several counts": several},
        sample_size=len(per_case),
        note=f"{counted(len(per_case), 'size')}, {counted(len(regions), 'data set')}.",
        evidence="tables/region_shares.parquet: patterns=regions",
        would_decide=f"At none of {counted(len(per_case), 'size')} do the counts of data sets "
        "differ; two data sets with different counts would decide.",
    )


def signature_decides_count(claim: Claim, region_shares: pd.DataFrame) -> Finding:
    """Without bias, have data sets with as many regions of 0, 1, ..., n active points one count?

    A signature of one size with several exact counts is a counterexample.

    Parameters: none. Source: derived for this project.
    """
    del claim
    regions = _regions_of_signs(region_shares)
    if regions.empty:
        return not_run(_NO_SIGNS)
    counts = regions.groupby([*_SIZE, "signature"])["full_jacobian"].nunique().reset_index()
    split = counts[counts["full_jacobian"] > 1]
    return universal_finding(
        Cases(counts, split, "region_shares", (*_SIZE, "signature")),
        found={"signatures with several counts": len(split)},
        note=f"A case is a signature of a size; {counted(len(regions), 'data set')}.",
    )


def binary_bounds_hold(claim: Claim, region_shares: pd.DataFrame) -> Finding:
    """Over all binary patterns, do both derived bounds of the full-rank share hold?

    1 - d0 2^{ceil(n/d0) - d1} <= P(rank J = n) <= (1 - 2^{-d1})^n for generic points. They are
    bounds for patterns drawn uniformly from all 2^{n d1}, not for cells of the real regions.

    Parameters of the claim: tolerance. Source: derived for this project.
    """
    binary = region_shares[region_shares["patterns"] == "binary"]
    if binary.empty:
        return not_run("binary patterns were not counted")
    copies = binary.apply(lambda row: ceil(row["n"] / row["d0"]), axis=1)
    low = 1.0 - binary["d0"] * np.exp2(copies - binary["d1"])
    high = (1.0 - np.exp2(-1.0 * binary["d1"])) ** binary["n"]
    slack = claim.parameters["tolerance"]
    outside = ~binary["jacobian_share"].between(low - slack, high + slack)
    return universal_finding(
        Cases(binary, binary[outside], "region_shares", _SHARE_KEY),
        found={
            "least margin below": float((binary["jacobian_share"] - low).min()),
            "least margin above": float((high - binary["jacobian_share"]).min()),
        },
        note="Exact shares over all binary patterns of generic points.",
    )


def binary_bounds_hold_in_draws(claim: Claim, binary_draws: pd.DataFrame) -> Finding:
    """Do drawn binary patterns keep both derived bounds of the full-rank share?

    The bounds of `binary_bounds_hold`. A size counts against them if the whole interval of its
    share, at the confidence divided among the sizes (Bonferroni), lies beyond one.

    Parameters: confidence. Source: derived for this project.
    """
    if binary_draws.empty:
        return not_run("no binary patterns were drawn")
    each = 1.0 - (1.0 - claim.parameters["confidence"]) / len(binary_draws)
    beyond = []
    for row in binary_draws.to_dict("records"):
        n, d0, d1 = (int(row[name]) for name in _SIZE)
        interval = clopper_pearson(int(row["full"]), int(row["draws"]), each)
        least, most = 1.0 - d0 * 2.0 ** (ceil(n / d0) - d1), (1.0 - 2.0**-d1) ** n
        beyond.append(interval.high < least or interval.low > most)
    share = binary_draws["full"] / binary_draws["draws"]
    return universal_finding(
        Cases(binary_draws, binary_draws[beyond], "binary_draws", _SIZE),
        found={"least share": float(share.min()), "largest share": float(share.max())},
        note=f"{int(binary_draws['draws'].sum())} patterns, ranks over the integers.",
    )


def most_volume_is_full(claim: Claim, volume_shares: pd.DataFrame) -> Finding:
    """Has more than half of the parameter space, by volume, full rank for most data?

    A case is a size and law of weights, at the least width or more. It counts against the statement
    if the whole interval of the share of data sets with more than half lies below one half. With a
    case of so few data sets that it never could, the statement is undecided.

    Parameters: least_width, confidence. Case: data.
    Source: Karhadkar et al. 2024, abstract (by volume).
    """
    volumes = of_case(volume_shares, claim.case)
    volumes = volumes[
        (volumes["measure"] != "count") & (volumes["d1"] >= claim.parameters["least_width"])
    ]
    if volumes.empty:
        return not_run("no volume was measured at this width")
    key = ["data", "n", "d0", "measure", "d1"]
    cases = (
        volumes.assign(mostly=volumes["share"] > 0.5)
        .groupby(key)
        .agg(median=("share", "median"), mostly=("mostly", "sum"), sets=("mostly", "size"))
        .reset_index()
    )
    confidence = claim.parameters["confidence"]
    high = [
        clopper_pearson(int(mostly), int(sets), confidence).high
        for mostly, sets in zip(cases["mostly"], cases["sets"], strict=True)
    ]
    fewest = int(cases["sets"].min())
    finding = universal_finding(
        Cases(cases, cases[[end < 0.5 for end in high]], "volume_shares", key),
        found={"least median share": float(cases["median"].min())},
        note=f"{fewest} data sets a case, N(0, 1) and uniform weights.",
    )
    could_fail = clopper_pearson(0, fewest, confidence).high < 0.5
    if finding.verdict is Verdict.CONSISTENT and not could_fail:
        return replace(
            finding,
            verdict=Verdict.UNDECIDED,
            would_decide=f"{fewest} data sets a case are too few to see the contrary; more would "
            "decide.",
        )
    return finding


def _regions_of_signs(region_shares: pd.DataFrame) -> pd.DataFrame:
    """Counts over the real regions of data whose signs can matter: more points than inputs."""
    return region_shares[
        (region_shares["patterns"] == "regions") & (region_shares["n"] > region_shares["d0"])
    ]
