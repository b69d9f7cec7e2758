"""Claims about one input with bias: widths at which most regions have full rank."""

from __future__ import annotations

from math import log

import pandas as pd
import scipy

from relu_landscape.judging.findings import Claim, Finding
from relu_landscape.judging.rows import Cases, not_run, of_case, universal_finding
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
    """Do n ln((n-1)/ln 2) and (n/2) ln(n/ln 2) come the nearer to the widths at one half?

    The relative error falls from each number of points to the next, but for the rounding of both
    widths to whole neurons. Case: matrix. Parameters: none.
    Source: derived for this project.
    """
    widths = of_case(one_dimensional_widths, {**claim.case, "level": 0.5}).sort_values("n")
    if len(widths) < 2:
        return not_run("fewer than two numbers of points")
    error = (widths["predicted_width"] / widths["width"] - 1.0).abs()
    return universal_finding(
        Cases(
            widths.iloc[1:],
            widths[_grows(error, widths["width"])],
            "one_dimensional_widths",
            _WIDTH_KEY,
        ),
        found={"relative error at the largest n": float(error.iloc[-1])},
        note=f"From n = {widths['n'].iloc[0]} to {widths['n'].iloc[-1]}; exact widths.",
    )


def transition_sharpens(claim: Claim, one_dimensional_widths: pd.DataFrame) -> Finding:
    """Does the step from half of the regions to 90 % take an ever smaller part of the width?

    (width at 90 % - width at 50 %)/(width at 50 %) falls from each number of points to the next,
    but for the rounding of the widths to whole neurons. In the limit the step is c n with
    c = ln(ln 2/-ln 0.9) for the pattern and half of that for the Jacobian, the part 1/ln n.

    Case: matrix. Parameters: none.
    Source: derived here.
    """
    rows = of_case(one_dimensional_widths, claim.case)
    widths = rows.pivot_table(index="n", columns="level", values="width")
    if len(widths) < 2 or 0.9 not in widths:
        return not_run("no widths at 90 % of two numbers of points")
    step = widths[0.9] - widths[0.5]
    part = step / widths[0.5]
    cases = widths.reset_index().iloc[1:].assign(**claim.case)
    grows = _grows(part, widths[0.5])
    return universal_finding(
        Cases(
            cases,
            cases[cases["n"].isin(widths.index[grows])],
            "one_dimensional_widths",
            ("n", "matrix"),
        ),
        found={
            "part at the least n": float(part.iloc[0]),
            "part at the largest n": float(part.iloc[-1]),
            "step over n at the largest n": float(step.iloc[-1] / part.index[-1]),
        },
        note=f"Exact widths. The step over n tends to {log(log(2.0) / -log(0.9)):.3f} for the "
        "pattern and to half of that for the Jacobian.",
    )


def _grows(relative: pd.Series, widths: pd.Series) -> pd.Series:
    """Where a part of the width is larger than at the n before, whatever the rounding of both."""
    rounding = 1.0 / widths + 1.0 / widths.shift()
    return relative > relative.shift() + rounding


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
        Cases(rows, exceptions, "one_dimensional_widths", _WIDTH_KEY),
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
        Cases(
            one_dimensional_probabilities,
            one_dimensional_probabilities[p_values < level],
            "one_dimensional_probabilities",
            ("n", "matrix", "d1"),
        ),
        found={"smallest adjusted p-value": float(p_values.min())},
        note=f"Binomial tests at a family-wise level of {level:.2g}.",
    )
