"""Claims about one input with bias: widths at which most regions have full rank."""

from __future__ import annotations

import pandas as pd
import scipy

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, of_case, universal_finding
from relu_landscape.judging.statistics import holm
from relu_landscape.studies.activation_regions.verdicts.counts import exact_numbers

_WIDTH_KEY = ("n", "matrix", "level")


def half_width(claim: Claim, one_dimensional_widths: pd.DataFrame) -> Finding:
    """Is this the least width at which half of the regions have full rank?

    Case: n, matrix. Expected: width. Parameters: none.
    Source: derived for this project.
    """
    rows = of_case(one_dimensional_widths, {**claim.case, "level": 0.5})
    if rows.empty:
        return not_run("this number of points was not computed")
    row = rows.iloc[0]
    return exact_numbers(
        rows,
        claim.expected,
        table="one_dimensional_widths",
        key=_WIDTH_KEY,
        note=f"Exact; the estimate is {row['predicted_width']:.1f}, the recalled bound "
        f"{row['recalled_width']:.1f}.",
    )


def half_width_estimate(claim: Claim, one_dimensional_widths: pd.DataFrame) -> Finding:
    """Do the estimates n ln((n-1)/ln 2) and (n/2) ln(n/ln 2) come near the widths at one half?

    Judged at the largest number of points. Case: matrix. Parameters: tolerance (relative), least_n.
    Source: derived for this project.
    """
    widths = of_case(one_dimensional_widths, {**claim.case, "level": 0.5})
    widths = widths[widths["n"] >= claim.parameters["least_n"]].sort_values("n")
    if widths.empty:
        return not_run(f"no n >= {claim.parameters['least_n']}")
    error = (widths["predicted_width"] / widths["width"] - 1.0).abs()
    last = widths.iloc[-1]
    within = error.iloc[-1] <= claim.parameters["tolerance"]
    return Finding(
        verdict=Verdict.REPRODUCED if within else Verdict.DEVIATES,
        found={"width": int(last["width"]), "relative error": float(error.iloc[-1])},
        sample_size=len(widths),
        expected={"width": float(last["predicted_width"])},
        note=f"n = {last['n']}; relative error at n = "
        + ", ".join(f"{n}: {one:.3f}" for n, one in zip(widths["n"], error, strict=True))
        + ".",
        evidence=f"tables/one_dimensional_widths.parquet: n={last['n']}, matrix={last['matrix']}",
    )


def recalled_width_suffices(claim: Claim, one_dimensional_widths: pd.DataFrame) -> Finding:
    """At 2 n ln(n/epsilon) neurons, do all but a share epsilon of the regions have full rank?

    The constant of the theorem is recalled, so agreement is undecided at most about the paper; what
    is measured is by how much the width is larger than needed.

    Case: matrix. Parameters: none.
    Source: Karhadkar et al. 2024, Theorem 10 (recalled).
    """
    rows = of_case(one_dimensional_widths, claim.case)
    if rows.empty:
        return not_run("no width was computed")
    exceptions = rows[rows["share_at_recalled_width"] < rows["level"]]
    ratio = rows["recalled_width"] / rows["width"]
    return universal_finding(
        rows,
        exceptions,
        table="one_dimensional_widths",
        key=_WIDTH_KEY,
        found={"least ratio": float(ratio.min()), "largest ratio": float(ratio.max())},
        note="Ratio of the recalled width to the least one that suffices; exact probabilities.",
    )


def samples_agree(
    claim: Claim, one_dimensional_probabilities: pd.DataFrame, level: float
) -> Finding:
    """Do the drawn networks have full rank as often as the exact probabilities say?

    Exact binomial tests, with Holm's correction over all rows. Parameters: none.
    Source: derived for this project.
    """
    del claim
    if one_dimensional_probabilities.empty:
        return not_run("no networks were drawn")
    p_values = holm(
        [
            scipy.stats.binomtest(int(found), int(draws), min(1.0, float(p))).pvalue
            for found, draws, p in zip(
                one_dimensional_probabilities["full_rank"],
                one_dimensional_probabilities["draws"],
                one_dimensional_probabilities["probability"],
                strict=True,
            )
        ]
    )
    return universal_finding(
        one_dimensional_probabilities,
        one_dimensional_probabilities[p_values < level],
        table="one_dimensional_probabilities",
        key=("n", "matrix", "d1"),
        found={"smallest adjusted p-value": float(p_values.min())},
        note=f"Binomial tests at a family-wise level of {level:.2g}.",
    )
