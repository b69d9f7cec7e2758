"""Whether bad runs become rarer with more students, and more frequent with more teachers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run
from relu_landscape.judging.sample_sizes import ENDLESS, least_size
from relu_landscape.judging.statistics import (
    Alternative,
    fisher_exact_p,
    holm,
    power_of_rate_comparison,
)
from relu_landscape.studies.safran.verdicts.counts import Count, bad_runs, range_of
from relu_landscape.studies.safran.verdicts.rows import Case


def bad_runs_fall_with_students(claim: Claim, bad_run_rates: pd.DataFrame, level: float) -> Finding:
    """Do additional students make bad runs rarer?

    For every k the bad runs at n and n + 1 are compared by one-sided Fisher tests, Holm-adjusted
    over all such pairs. A significant rise speaks against the claim; without a single significant
    fall nothing is decided.

    Parameters of the claim: search. Source: S18, abstract; S21, page 2.
    """
    counts = bad_runs(bad_run_rates, claim.parameters["search"])
    steps = [((k, n), (k, n + 1)) for k, n in sorted(counts) if (k, n + 1) in counts]
    return _trend_finding(claim, counts, steps, level, expected_after="less")


def bad_runs_rise_with_teachers(claim: Claim, bad_run_rates: pd.DataFrame, level: float) -> Finding:
    """Do bad runs at n = k become more frequent with k?

    The bad runs at k and k + 1 are compared as in `bad_runs_fall_with_students`.

    Parameters of the claim: search. Source: S18, abstract.
    """
    counts = bad_runs(bad_run_rates, claim.parameters["search"])
    steps = [
        ((k, k), (k + 1, k + 1)) for k, n in sorted(counts) if n == k and (k + 1, k + 1) in counts
    ]
    return _trend_finding(claim, counts, steps, level, expected_after="greater")


def _trend_finding(
    claim: Claim,
    counts: Mapping[Case, Count],
    steps: Sequence[tuple[Case, Case]],
    level: float,
    *,
    expected_after: Alternative,
) -> Finding:
    search = claim.parameters["search"]
    if not steps:
        return not_run(f"search {search} has no two neighbouring sizes")
    opposite: Alternative = "greater" if expected_after == "less" else "less"
    against = _significant_steps(counts, steps, opposite, level)
    in_favour = _significant_steps(counts, steps, expected_after, level)
    if against:
        verdict = Verdict.DEVIATES
        note = "Against the claim: " + "; ".join(
            f"(k={k}, n={n}) {counts[k, n]}, then (k={after_k}, n={after_n}) "
            f"{counts[after_k, after_n]}"
            for (k, n), (after_k, after_n) in against
        )
    else:
        verdict = Verdict.CONSISTENT if in_favour else Verdict.UNDECIDED
        note = "No step goes significantly against the claim"
    ks = range_of(k for step in steps for k, _ in step)
    would_decide = ""
    if verdict is Verdict.UNDECIDED:
        before, after = min(steps, key=lambda step: _p_value(counts, step, expected_after))
        one, other = (
            (counts[size].hits + 0.5) / (counts[size].runs + 1.0) for size in (before, after)
        )
        runs = least_size(
            lambda size: power_of_rate_comparison(one, other, size, size, level / len(steps)),
            ENDLESS * counts[before].runs,
        )
        would_decide = f"None of {len(steps)} steps is significant; " + (
            "no number of runs would make one so at the rates found."
            if runs is None
            else f"about {runs} runs a size would see that from {before} to {after}."
        )
    return Finding(
        verdict=verdict,
        found={"steps in favour": len(in_favour), "steps against": len(against)},
        sample_size=len(steps),
        expected={"steps against": 0},
        note=f"{note}; {len(in_favour)} of {len(steps)} steps are significant in favour ({ks}).",
        evidence=f"statistics/bad_run_rates.parquet: search={search}, {ks}",
        would_decide=would_decide,
    )


def _significant_steps(
    counts: Mapping[Case, Count],
    steps: Sequence[tuple[Case, Case]],
    after_is: Alternative,
    level: float,
) -> list[tuple[Case, Case]]:
    p_values = [_p_value(counts, step, after_is) for step in steps]
    return [step for step, adjusted in zip(steps, holm(p_values), strict=True) if adjusted <= level]


def _p_value(counts: Mapping[Case, Count], step: tuple[Case, Case], after_is: Alternative) -> float:
    before, after = step
    return fisher_exact_p(*counts[after], *counts[before], alternative=after_is)
