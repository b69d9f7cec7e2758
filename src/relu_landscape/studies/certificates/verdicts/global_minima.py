"""What is proved around the global minima of n = k."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding
from relu_landscape.judging.rows import Cases, not_run, ranges_of, universal_finding
from relu_landscape.studies.certificates.verdicts.checked import if_checked, shown_for_all


def curvature_at_global_minima_proved(
    claim: Claim, certified_global_minima: pd.DataFrame, certificate_checks: pd.DataFrame
) -> Finding:
    """Is the smallest eigenvalue enclosed around the constant, and a radius of convexity proved?

    An enclosure without the constant refutes it; a wide one or no radius decides nothing.

    Parameters of the claim: width (of the enclosures, at most), file. Expected: the constant.
    Source: S21, Theorem 3, and that it is
    attained, which is derived.
    """
    table = "certified_global_minima"
    if certified_global_minima.empty:
        return not_run("no global minimum was tried")
    constant = float(claim.expected)
    low, high = (
        certified_global_minima["eigenvalue_lower"],
        certified_global_minima["eigenvalue_upper"],
    )
    outside = certified_global_minima[(low > constant) | (high < constant)]
    shown = (high - low <= claim.parameters["width"]) & (
        certified_global_minima[["radius", "hessian_lower"]] > 0
    ).all(axis=1)
    found = {
        "smallest lower bound": float(low.min()),
        "largest upper bound": float(high.max()),
        "smallest radius": float(certified_global_minima["radius"].min()),
        "largest radius": float(certified_global_minima["radius"].max()),
    }
    if outside.empty:
        finding = shown_for_all(
            certified_global_minima,
            certified_global_minima[~shown],
            table=table,
            found=found,
            note="",
            listed_as=f"k = {ranges_of(certified_global_minima['k'])}",
        )
    else:
        finding = universal_finding(
            Cases(certified_global_minima, outside, table, ("k",)), found=found, note=""
        )
    return if_checked(finding, claim, certified_global_minima, certificate_checks)


def radius_below_measured(
    claim: Claim,
    convexity_radii: pd.DataFrame,
    certified_global_minima: pd.DataFrame,
    certificate_checks: pd.DataFrame,
) -> Finding:
    """Is the proved radius of convexity nowhere beyond the smallest radius measured?

    Directions along which convexity fails at no radius tried measure nothing.

    Parameter of the claim: file. Source: derived.
    """
    table = "certified_global_minima"
    measured = convexity_radii.groupby("k", as_index=False)["radius"].min().dropna()
    both = certified_global_minima[["k", "radius"]].merge(
        measured, on="k", suffixes=("", "_measured")
    )
    if both.empty:
        return not_run("no k has both a proved and a measured radius")
    ratio = both["radius"] / both["radius_measured"]
    finding = universal_finding(
        Cases(both, both[both["radius"] > both["radius_measured"]], table, ("k",)),
        found={"lowest ratio": float(ratio.min()), "highest ratio": float(ratio.max())},
        expected={"highest ratio": 1.0},
        note="Ratio of the proved to the smallest measured radius.",
    )
    return if_checked(finding, claim, certified_global_minima, certificate_checks)
