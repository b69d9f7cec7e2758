"""Curvature along random and searched perturbations of a global minimum (S21, Theorem 10, D.1).

W* has m equal neurons a teacher, W = W* + G. With g_i the sum over the neurons of teacher i and g
over all, the form G^T H(W) G is compared with 1/4 (|g|^2 + (1 - 2/pi) sum_i |g_i|^2); the gap is
form minus bound.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from relu_landscape.global_minima.members import STRONG_CONVEXITY
from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    not_run,
    of_case,
    place_of,
    sizes_of,
    universal_finding,
)
from relu_landscape.judging.statistics import (
    PowerLaw,
    clopper_pearson,
    fit_power_law,
    holm,
)
from relu_landscape.judging.words import counted

_DRAW = ("k", "m", "perturbation", "sample")
_CELL = ("k", "m", "perturbation")


class _Violation(NamedTuple):
    """How the largest violation of the bound at one size falls with the radius."""

    k: int
    m: int
    law: PowerLaw


def perturbation_bound_holds(
    claim: Claim, conjecture12_search: pd.DataFrame, perturbation_forms: pd.DataFrame
) -> Finding:
    """Does the gap fall below zero by no more than a multiple of eps^2.5, eps = max |g_ij|?

    The constant is not stated, so only the order can be tried. For every (k, m) the largest
    violation -gap that searches found at each radius is fitted by a power of eps, over radii that
    are a small share of the norm 1/m of a neuron and at which the searches agree. A violation of
    order p >= 2.5 keeps to the statement. It deviates where the interval of p lies below 2.5 as a
    whole; it is undecided where p is not known well enough, or a random perturbation violates the
    bound, since those have one radius only. Perturbations here need not be orthogonal to the
    neurons, as the theorem asks: more is tried than is asserted.

    Parameters of the claim: largest_scaled_radius (share of 1/m). Expected: the order.
    Source: S21, Theorem 10.
    """
    near = conjecture12_search[
        conjecture12_search["scaled_radius"] <= claim.parameters["largest_scaled_radius"]
    ]
    if near.empty or perturbation_forms.empty:
        return not_run("no perturbation of a small radius was searched, or none drawn")
    sizes = [(int(k), int(m), group) for (k, m), group in near.groupby(["k", "m"])]
    worst = [(k, m, group[group["gap"] < 0.0]) for k, m, group in sizes]
    fitted = [
        _Violation(k, m, fit_power_law(rows["largest_displacement"], -rows["gap"]))
        for k, m, rows in ((k, m, rows[rows["agreed"]]) for k, m, rows in worst)
        if len(rows) >= 3
    ]
    below = [fit for fit in fitted if fit.law.exponent_interval.high < claim.expected]
    above = [fit for fit in fitted if fit.law.exponent_interval.low >= claim.expected]
    settled = len(above) + sum(rows.empty for _, _, rows in worst)
    violated = int((perturbation_forms["gap"] < 0.0).sum())
    if below:
        verdict = Verdict.DEVIATES
    else:
        decided = settled == len(sizes) and violated == 0
        verdict = Verdict.CONSISTENT if decided else Verdict.UNDECIDED
    least = min(fitted, key=lambda fit: fit.law.exponent, default=None)
    evidence = "tables/conjecture12_search.parquet"
    return Finding(
        verdict=verdict,
        found=least and least.law.exponent,
        interval=least and least.law.exponent_interval,
        sample_size=len(near) + len(perturbation_forms),
        expected=claim.expected,
        note=f"Smallest order of the violation over {len(fitted)} of {counted(len(sizes), 'size')} "
        f"({sizes_of(near)}); {len(above)} are of the printed order or a higher one, {len(below)} "
        f"of a lower one. {violated} of {len(perturbation_forms)} random perturbations "
        "violate the bound.",
        evidence=f"{evidence}: k={least.k}, m={least.m}" if least else evidence,
        would_decide=f"The order is known well enough at {settled} of "
        f"{counted(len(sizes), 'size')}, and {violated} random perturbations violate the bound at "
        "one radius; searches at more radii, or a proof, would decide.",
    )


def sampled_gaps_positive(_: Claim, perturbation_forms: pd.DataFrame) -> Finding:
    """Is the gap positive at every random perturbation that was drawn?

    Source: S21, Appendix D.1.
    """
    if perturbation_forms.empty:
        return not_run("no perturbation was drawn")
    smallest = perturbation_forms.groupby("perturbation")["gap"].min()
    return universal_finding(
        Cases(
            perturbation_forms,
            perturbation_forms[perturbation_forms["gap"] <= 0.0],
            "perturbation_forms",
            _DRAW,
        ),
        found={f"smallest gap, {kind}": float(gap) for kind, gap in smallest.items()},
        note="Gaps divided by the variance of the entries.",
    )


def smallest_form_as_printed(claim: Claim, table_1: pd.DataFrame, level: float) -> Finding:
    """Is a printed minimum of Table 1 a probable one, in the law of the minimum of as many draws?

    With q the probability that the minimum is at most the printed value, p = 2 min(q, 1 - q),
    Holm-adjusted over the cells that ran with the published number of draws. The law is that of the
    leading order in the standard deviation; another number of draws decides nothing.

    Case of the claim: k, m, perturbation. Parameters: published_samples.
    Source: S21, Table 1; settings that reproduce it are derived here.
    """
    here = of_case(table_1, claim.case)
    if here.empty:
        return not_run("this cell was not sampled")
    cell = here.iloc[0]
    outside = not cell["low"] <= cell["printed"] <= cell["high"]
    note = (
        f"Minimum of {cell['samples']} draws; median of its law {cell['median']:.3g}. The printed "
        f"value lies {'outside' if outside else 'between'} its 0.5 and 99.5 % points "
        f"{cell['low']:.3g} and {cell['high']:.3g}."
    )
    published = claim.parameters["published_samples"]
    comparable = table_1[table_1["samples"] == published]
    below = comparable["printed_below"]
    tails = 2.0 * below.where(below <= 0.5, 1.0 - below)
    tested = of_case(comparable.assign(tail=tails, adjusted=holm(tails)), claim.case)
    would_decide = ""
    if tested.empty:
        verdict, note = Verdict.UNDECIDED, f"{note} The paper takes {published} draws."
        would_decide = (
            f"The minimum is over {cell['samples']} draws; {published}, as in the paper, would "
            "decide."
        )
    else:
        tail, adjusted = float(tested["tail"].iloc[0]), float(tested["adjusted"].iloc[0])
        verdict = Verdict.DEVIATES if adjusted <= level else Verdict.REPRODUCED
        note += f" p = {tail:.2g}, adjusted over {len(comparable)} cells {adjusted:.2g}."
    return Finding(
        verdict=verdict,
        found=float(cell["minimum"]),
        interval=(float(cell["low"]), float(cell["high"])),
        sample_size=int(cell["samples"]),
        expected=float(cell["printed"]),
        note=note,
        evidence=f"tables/table_1.parquet: {place_of(here, _CELL)}",
        would_decide=would_decide,
    )


def forms_follow_leading_law(_: Claim, table_1: pd.DataFrame, level: float) -> Finding:
    """Do our draws follow the law of the leading order in every cell of Table 1?

    Kolmogorov-Smirnov tests, Holm-adjusted over the cells that ran.

    Source: the law is derived here, for S21, Appendix D.1.
    """
    if table_1.empty:
        return not_run("no cell was sampled")
    adjusted = holm(table_1["law_p"])
    return universal_finding(
        Cases(table_1, table_1[adjusted <= level], "table_1", _CELL),
        found={"smallest adjusted p": float(adjusted.min())},
        note=f"Cells of {table_1['samples'].min()} draws or more.",
        against=Verdict.DEVIATES,
    )


def most_directions_convex(
    claim: Claim, direction_quotients: pd.DataFrame, level: float
) -> Finding:
    """Is the one-point quotient in Hessian form positive in more than half of all directions?

    Directions are drawn uniformly at a fixed radius. For every (k, n) the share has an exact
    interval, at a confidence that holds for all of them together; the claim is consistent if every
    interval lies above the share asked for, and deviates if one lies below it.

    Parameters of the claim: least_share. Source: S21, abstract.
    """
    if direction_quotients.empty:
        return not_run("no direction was drawn")
    quotient = direction_quotients["one_point_hessian"]
    counts = (
        direction_quotients[["k", "n"]]
        .assign(
            positive=quotient > 0.0,
            convex=quotient > STRONG_CONVEXITY,
            gradient=direction_quotients["one_point_gradient"] > 0.0,
        )
        .groupby(["k", "n"])
        .agg(["sum", "count"])
    )
    confidence = 1.0 - level / len(counts)
    shares = {
        (k, n): clopper_pearson(int(hits), int(drawn), confidence)
        for (k, n), hits, drawn in zip(
            counts.index, counts["positive", "sum"], counts["positive", "count"], strict=True
        )
    }
    smallest = min(shares, key=lambda size: shares[size].low)
    asked = claim.parameters["least_share"]
    if any(share.high < asked for share in shares.values()):
        verdict = Verdict.DEVIATES
    else:
        verdict = Verdict.CONSISTENT if shares[smallest].low > asked else Verdict.UNDECIDED
    means = {name: _smallest_share(counts, name) for name in ("positive", "convex", "gradient")}
    return Finding(
        verdict=verdict,
        found={
            "smallest share with a positive quotient": means["positive"],
            "smallest share above 1/4 - 1/(2 pi)": means["convex"],
        },
        interval=shares[smallest],
        sample_size=len(direction_quotients),
        expected={"smallest share with a positive quotient": f"more than {asked:g}"},
        note=f"{counted(len(shares), 'size')} ({sizes_of(direction_quotients)}), radius "
        f"{direction_quotients['radius'].min():g} to "
        f"{direction_quotients['radius'].max():g}; interval "
        f"at k={smallest[0]}, n={smallest[1]}. In gradient form the quotient is positive in a "
        f"share of {means['gradient']:.4g} or more.",
        evidence=f"tables/direction_quotients.parquet: k={smallest[0]}, n={smallest[1]}",
        would_decide=f"The interval of the share at k = {smallest[0]}, n = {smallest[1]} holds "
        f"{asked:g}; more directions than {int(counts['positive', 'count'].min())} a size would "
        "decide.",
    )


def _smallest_share(counts: pd.DataFrame, name: str) -> float:
    return float((counts[name, "sum"] / counts[name, "count"]).min())
