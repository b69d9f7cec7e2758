"""Claims about the number of regions and the share of them with full rank."""

from __future__ import annotations

from collections.abc import Mapping
from math import ceil

import numpy as np
import pandas as pd

from relu_landscape.activation_regions.verdicts.counts import exact_numbers
from relu_landscape.findings import Claim, Finding, Verdict
from relu_landscape.rows import not_run, of_case, universal_finding

_SHARE_KEY = ("patterns", "data", "n", "d0", "d1", "data_set")


def region_count_formula(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Has one neuron on generic points 2 sum_{j < d0} C(n - 1, j) non-empty regions?

    Regions are enumerated one by one with exact signs. Parameters of the claim: none.
    Table: region_counts. Source: Karhadkar et al. 2024, Proposition 6.
    """
    del claim
    counted = tables["region_counts"]
    if counted.empty:
        return not_run("no regions were enumerated")
    wrong = counted[counted["enumerated"] != counted["formula"]]
    return universal_finding(
        counted,
        wrong,
        table="region_counts",
        key=("n", "d0", "data_set"),
        found={"data sets with another number": len(wrong)},
        expected={"data sets with another number": 0},
        note=f"N(0, 1) points; up to {counted['enumerated'].max()} regions a neuron.",
    )


def full_rank_count(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Has this number of patterns full rank, in every data set of the case?

    Case: patterns, data, n, d0, d1, and for data without bias signature. Expected: full_jacobian,
    and full_pattern where it is stated. Parameters: none. Table: region_shares.
    Source: derived for this project.
    """
    rows = of_case(tables["region_shares"], claim.case)
    if rows.empty:
        return not_run("this case was not counted, or no data set had these signs")
    return exact_numbers(
        rows,
        claim.expected,
        table="region_shares",
        key=_SHARE_KEY,
        note=f"Of {rows['networks'].iloc[0]} patterns, by exact rank; {len(rows)} data sets.",
    )


def count_goes_with_signs(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Without bias, does the full-rank count differ between data sets, and only with their signs?

    Two data sets with as many regions of 0, 1, ..., n active points should have one count.
    Reproduced if some case has several counts and every signature of a case one only.

    Parameters: none. Table: region_shares. Source: derived for this project.
    """
    del claim
    shares = tables["region_shares"]
    regions = shares[(shares["patterns"] == "regions") & (shares["n"] > shares["d0"])]
    if regions.empty:
        return not_run("no regions of more points than inputs were counted")
    case = ["n", "d0", "d1"]
    per_case = regions.groupby(case)["full_jacobian"].nunique()
    per_signature = regions.groupby([*case, "signature"])["full_jacobian"].nunique()
    several, split = int((per_case > 1).sum()), int((per_signature > 1).sum())
    return Finding(
        verdict=Verdict.REPRODUCED if several and not split else Verdict.DEVIATES,
        found={"cases with several counts": several, "signatures with several counts": split},
        sample_size=len(regions),
        note=f"{len(per_case)} cases, {len(per_signature)} signatures in them.",
        evidence="tables/region_shares.parquet: patterns=regions",
    )


def binary_bounds_hold(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Over all binary patterns, do both derived bounds of the full-rank share hold?

    1 - d0 2^{ceil(n/d0) - d1} <= P(rank J = n) <= (1 - 2^{-d1})^n for generic points. They are
    bounds for patterns drawn uniformly from all 2^{n d1}, not for cells of the real regions.

    Parameters of the claim: tolerance. Table: region_shares. Source: derived for this project.
    """
    shares = tables["region_shares"]
    binary = shares[shares["patterns"] == "binary"]
    if binary.empty:
        return not_run("binary patterns were not counted")
    copies = binary.apply(lambda row: ceil(row["n"] / row["d0"]), axis=1)
    low = 1.0 - binary["d0"] * np.exp2(copies - binary["d1"])
    high = (1.0 - np.exp2(-1.0 * binary["d1"])) ** binary["n"]
    slack = claim.parameters["tolerance"]
    outside = ~binary["jacobian_share"].between(low - slack, high + slack)
    return universal_finding(
        binary,
        binary[outside],
        table="region_shares",
        key=_SHARE_KEY,
        found={
            "least margin below": float((binary["jacobian_share"] - low).min()),
            "least margin above": float((high - binary["jacobian_share"]).min()),
        },
        note="Exact shares over all binary patterns of generic points.",
    )
