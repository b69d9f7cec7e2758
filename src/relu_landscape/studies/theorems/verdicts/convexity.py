"""Tests of the bounds of the radius of strong convexity that hold for every k."""

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding
from relu_landscape.judging.rows import Cases, not_run, universal_finding


def radii_between_proved_bounds(
    _: Claim, convexity_bounds: pd.DataFrame, convexity_radii: pd.DataFrame
) -> Finding:
    """Does the least radius found at each k lie between the bounds proved for every k?

    Below the lower one it would refute the proof; above the upper one the search would have missed
    a direction that is written down.

    Tables: convexity_bounds, convexity_radii. Source: derived.
    """
    worst = convexity_radii[convexity_radii["search"] == "worst"].dropna(subset="radius")
    both = convexity_bounds.merge(worst, on="k")
    if both.empty:
        return not_run("no radius was searched for at a k with bounds")
    outside = both[~both["radius"].between(both["lower"], both["upper"])]
    shares = both["lower"] / both["radius"]
    return universal_finding(
        Cases(both, outside, "convexity_radii", ("k",)),
        found={"k tried": len(both), "outside": len(outside)},
        note=f"The lower bound is {shares.min():.0%} to {shares.max():.0%} of the radius found.",
    )
