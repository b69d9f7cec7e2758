"""What is proved around the global minima of n = k."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from relu_landscape.certificates.verdicts.checked import if_checked, shown_for_all
from relu_landscape.findings import Claim, Finding
from relu_landscape.rows import not_run, universal_finding


def curvature_at_global_minima_proved(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the smallest eigenvalue enclosed around the constant, and a radius of convexity proved?

    An enclosure without the constant refutes it; a wide one or no radius decides nothing.

    Parameters of the claim: width (of the enclosures, at most), file. Expected: the constant.
    Tables: certified_global_minima, certificate_checks. Source: S21, Theorem 3, and that it is
    attained, which is derived.
    """
    table = "certified_global_minima"
    rows = tables[table]
    if rows.empty:
        return not_run("no global minimum was tried")
    constant = float(claim.expected)
    low, high = rows["eigenvalue_lower"], rows["eigenvalue_upper"]
    outside = rows[(low > constant) | (high < constant)]
    shown = (high - low <= claim.parameters["width"]) & (rows[["radius", "hessian_lower"]] > 0).all(
        axis=1
    )
    found = {
        "smallest lower bound": float(low.min()),
        "largest upper bound": float(high.max()),
        "smallest radius": float(rows["radius"].min()),
        "largest radius": float(rows["radius"].max()),
    }
    if outside.empty:
        finding = shown_for_all(rows, rows[~shown], table=table, found=found, note="")
    else:
        finding = universal_finding(rows, outside, table=table, key=("k",), found=found, note="")
    return if_checked(finding, claim, tables[table], tables["certificate_checks"])


def radius_below_measured(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the proved radius of convexity nowhere beyond the smallest radius measured?

    Directions along which convexity fails at no radius tried measure nothing.

    Parameter of the claim: file. Tables: certified_global_minima, convexity_radii,
    certificate_checks. Source: derived.
    """
    table = "certified_global_minima"
    measured = tables["convexity_radii"].groupby("k", as_index=False)["radius"].min().dropna()
    both = tables[table][["k", "radius"]].merge(measured, on="k", suffixes=("", "_measured"))
    if both.empty:
        return not_run("no k has both a proved and a measured radius")
    ratio = both["radius"] / both["radius_measured"]
    finding = universal_finding(
        both,
        both[both["radius"] > both["radius_measured"]],
        table=table,
        key=("k",),
        found={"lowest ratio": float(ratio.min()), "highest ratio": float(ratio.max())},
        expected={"highest ratio": 1.0},
        note="Ratio of the proved to the smallest measured radius.",
    )
    return if_checked(finding, claim, tables[table], tables["certificate_checks"])
