"""Claims about zero loss within the regions of one input with bias."""

from __future__ import annotations

from collections.abc import Mapping
from math import log

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, of_case, place_of, universal_finding
from relu_landscape.judging.statistics import (
    REQUIRED_POWER,
    clopper_pearson,
    fisher_exact_p,
    power_of_rate_comparison,
)
from relu_landscape.studies.activation_regions.verdicts.counts import exact_numbers

_KEY = ("regions", "targets", "n", "d1", "data_set")
_DISAGREEMENTS = {
    "zero_loss_shares": ["disagreements", "every_target_disagreements"],
    "zero_loss_counts": ["disagreements"],
    "zero_loss_bounds": ["free_unlike_cone"],
}


def methods_agree(
    claim: Claim,
    zero_loss_shares: pd.DataFrame,
    zero_loss_counts: pd.DataFrame,
    zero_loss_bounds: pd.DataFrame,
) -> Finding:
    """Do least squares and the linear program agree about every region, target and count?

    Parameters: none.
    Source: derived for this project.
    """
    del claim
    if zero_loss_shares.empty and zero_loss_counts.empty and zero_loss_bounds.empty:
        return not_run("no region was decided")
    apart = {
        "about a target": int(zero_loss_shares["disagreements"].sum()),
        "about every target": int(zero_loss_shares["every_target_disagreements"].sum()),
        "in exact counts": int(zero_loss_counts["disagreements"].sum()),
        "with the program in the weights": int(zero_loss_bounds["free_unlike_cone"].sum()),
    }
    decided = int(
        2 * zero_loss_shares["draws"].sum()
        + zero_loss_counts["cones"].sum()
        + zero_loss_bounds["draws"].sum()
    )
    return Finding(
        verdict=Verdict.REFUTED if any(apart.values()) else Verdict.CONSISTENT,
        found=dict(apart),
        sample_size=decided,
        note=f"{decided} decisions by two methods, {sum(apart.values())} disagreements. Errors "
        f"taken for zero are at most {zero_loss_shares['largest_zero'].max():.1e} of the "
        f"mean square of the target, others at least "
        f"{zero_loss_shares['smallest_positive'].min():.1e}.",
        evidence=_first_disagreement(
            {
                "zero_loss_shares": zero_loss_shares,
                "zero_loss_counts": zero_loss_counts,
                "zero_loss_bounds": zero_loss_bounds,
            }
        ),
    )


def every_target_count(claim: Claim, zero_loss_counts: pd.DataFrame) -> Finding:
    """Has this number of regions zero loss for every target, in every data set?

    Case: n, d1. Expected: every_target. Parameters: none.
    Source: derived for this project.
    """
    rows = of_case(zero_loss_counts, claim.case)
    if rows.empty:
        return not_run("this size was not counted")
    return exact_numbers(
        rows,
        claim.expected,
        table="zero_loss_counts",
        key=("n", "d1", "data_set"),
        note=f"Of {rows['regions'].iloc[0]} regions; {len(rows)} data sets.",
    )


def zero_loss_share(claim: Claim, zero_loss_shares: pd.DataFrame, level: float) -> Finding:
    """Is the share of regions that contain zero loss the one measured before?

    Both are samples: Fisher's exact test, at the family-wise level over `family_size` cases. The
    earlier measurement took a mean squared error of at most 1e-8 for zero, so that is compared; the
    share with a loss of zero is in the note.

    Case: regions, targets, n, d1. Expected: share. Parameters: reference_draws, family_size,
    smallest_difference (of the true shares, to be seen with the power required, at most 1/2).
    Source: derived for this project.
    """
    settings = claim.parameters
    rows = of_case(zero_loss_shares, claim.case)
    if rows.empty:
        return not_run("this case was not drawn")
    row = rows.iloc[0]
    draws, near = int(row["draws"]), int(row["within_published_tolerance"])
    reference_draws = settings["reference_draws"]
    before = round(claim.expected["share"] * reference_draws)
    level /= settings["family_size"]
    p_value = fisher_exact_p(near, draws, before, reference_draws)
    rate = before / reference_draws
    shifted = (rate - settings["smallest_difference"], rate + settings["smallest_difference"])
    power = min(
        power_of_rate_comparison(other, rate, draws, reference_draws, level)
        for other in shifted
        if 0.0 <= other <= 1.0
    )
    agrees = Verdict.REPRODUCED if power >= REQUIRED_POWER else Verdict.UNDECIDED
    return Finding(
        verdict=Verdict.DEVIATES if p_value < level else agrees,
        found={"share": near / draws},
        interval=clopper_pearson(near, draws, 0.99),
        sample_size=draws,
        expected=claim.expected,
        note=f"p = {p_value:.3g} at level {level:.2g}, power {power:.2f}. Mean squared error at "
        f"most 1e-8 in {near} of {draws} regions; zero loss in {row['zero_loss']}.",
        evidence=f"tables/zero_loss_shares.parquet: regions={row['regions']}, "
        f"targets={row['targets']}, n={row['n']}, d1={row['d1']}",
    )


def most_regions_fit_every_target(claim: Claim, zero_loss_shares: pd.DataFrame) -> Finding:
    """With 2 n ln(2n/epsilon) last weights of either sign, do all but epsilon fit every target?

    Uniform regions; each row of at least that width is a case. It counts against the statement if
    the whole interval of the share lies below 1 - epsilon.

    Parameters: epsilon, confidence.
    Source: Karhadkar et al. 2024, Theorem 12 (its constant is recalled).
    """
    epsilon = claim.parameters["epsilon"]
    uniform = zero_loss_shares[zero_loss_shares["regions"] == "uniform"]
    needed = uniform["n"].map(lambda n: 2 * n * log(2 * n / epsilon))
    wide = uniform[uniform["d1"] // 2 >= needed]
    if wide.empty:
        return not_run("no uniform regions of this width were drawn")
    high = [
        clopper_pearson(int(found), int(draws), claim.parameters["confidence"]).high
        for found, draws in zip(wide["every_target"], wide["draws"], strict=True)
    ]
    return universal_finding(
        wide,
        wide[[end < 1.0 - epsilon for end in high]],
        table="zero_loss_shares",
        key=_KEY,
        found={"least share": float((wide["every_target"] / wide["draws"]).min())},
        expected={"least share": 1.0 - epsilon},
        note="Regions drawn uniformly that fit every target.",
    )


def default_bounds_hide_zero_loss(
    claim: Claim, zero_loss_bounds: pd.DataFrame, level: float
) -> Finding:
    """Does a linear program with weights >= 0 find far fewer regions with zero loss?

    Reproduced if in every case its share is below that with free weights by Fisher's test.

    Parameters: none. Source: derived for this project, of the authors'
    code, which leaves the bounds to scipy's default.
    """
    del claim
    if zero_loss_bounds.empty:
        return not_run("no program in the weights was solved")
    p_values = [
        fisher_exact_p(
            int(row["free_bounds"]),
            int(row["draws"]),
            int(row["default_bounds"]),
            int(row["draws"]),
            "greater",
        )
        for row in zero_loss_bounds.to_dict("records")
    ]
    lower = all(p < level / len(p_values) for p in p_values)
    return Finding(
        verdict=Verdict.REPRODUCED if lower else Verdict.UNDECIDED,
        found={
            "free": float(zero_loss_bounds["free_bounds"].sum() / zero_loss_bounds["draws"].sum()),
            "default": float(
                zero_loss_bounds["default_bounds"].sum() / zero_loss_bounds["draws"].sum()
            ),
        },
        sample_size=int(zero_loss_bounds["draws"].sum()),
        note="; ".join(
            f"{row['regions']} regions, n={row['n']}, d1={row['d1']}: "
            f"{row['default_bounds']} against {row['free_bounds']} of {row['draws']}"
            for row in zero_loss_bounds.to_dict("records")
        )
        + ".",
        evidence="tables/zero_loss_bounds.parquet",
    )


def _first_disagreement(decisions: Mapping[str, pd.DataFrame]) -> str:
    """Where the first row stands about which the methods differ; the tables, if none does."""
    for table, columns in _DISAGREEMENTS.items():
        apart = decisions[table][decisions[table][columns].any(axis=1)]
        if not apart.empty:
            return f"tables/{table}.parquet: {place_of(apart, _KEY)}"
    return f"tables/*.parquet: {', '.join(_DISAGREEMENTS)}"
