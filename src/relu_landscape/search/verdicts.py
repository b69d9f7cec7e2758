"""Claims about how often descent ends in a bad point, or at a global minimum.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files. Published counts are samples themselves: they are compared by
Fisher's exact test, with Holm's correction over the cases of the claim that this profile ran.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from relu_landscape.findings import Claim, Finding, Verdict
from relu_landscape.statistics import (
    FAMILY_WISE_LEVEL,
    REQUIRED_POWER,
    Alternative,
    clopper_pearson,
    fisher_exact_p,
    holm,
    power_of_rate_comparison,
    rate_difference_interval,
)

__all__ = [
    "bad_run_rate",
    "bad_runs_fall_with_students",
    "bad_runs_rise_with_teachers",
    "global_minimum_count",
    "no_bad_runs",
    "pooled_global_minimum_count",
]

Case = tuple[int, int]


class _Count(NamedTuple):
    """How many of a number of runs were hits."""

    hits: int
    runs: int

    @property
    def percent(self) -> float:
        """Share of hits, in per cent."""
        return 100.0 * self.hits / self.runs

    def __str__(self) -> str:
        return f"{self.hits} of {self.runs} ({self.percent:.1f} %)"


@dataclass(frozen=True)
class _Comparison:
    """One of our counts against one published count, within a family of such tests."""

    ours: _Count
    published: _Count
    p_value: float
    adjusted_p: float
    family_size: int

    def power(self, difference: float) -> float:
        """Least power against a true rate `difference` above or below the published one.

        It is that of the strictest of Holm's levels, hence a lower bound.
        """
        rate = self.published.hits / self.published.runs
        others = [other for other in (rate - difference, rate + difference) if 0.0 <= other <= 1.0]
        level = FAMILY_WISE_LEVEL / self.family_size
        return min(
            power_of_rate_comparison(other, rate, self.ours.runs, self.published.runs, level)
            for other in others
        )


def bad_run_rate(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the share of bad runs at one (k, n) the published one?

    Two-sided Fisher test of our counts against the published ones, Holm-adjusted over all
    published (k, n) that ran. A share that deviates is shown together with a second seed, and at
    n = k with the counts of S21, published and ours.

    Parameters of the claim: search, second_search, independent_search (names of searches),
    smallest_difference (of the rates; a sample that would miss it decides nothing).
    Tables: bad_run_rates, published/safran2018_bad_run_rates,
    published/safran2021_global_minimum_counts.
    Source: S18, result files of the authors.
    """
    case = _case(claim)
    search = claim.parameters["search"]
    published = _published_bad_runs(tables["published/safran2018_bad_run_rates"])
    comparison = _compare(_bad_runs(tables, search), published).get(case)
    if comparison is None:
        return _not_run(f"search {search} has no runs at k={case[0]}, n={case[1]}")
    return _rate_finding(
        comparison,
        smallest_difference=claim.parameters["smallest_difference"],
        evidence=f"statistics/bad_run_rates.parquet: search={search}, k={case[0]}, n={case[1]}",
        further=_other_counts(claim, tables, case, comparison.published),
    )


def no_bad_runs(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Does no run end badly where none of the published ones did?

    Each case is compared with 0 bad runs of `published_runs` (Fisher, Holm over the cases that
    ran). Bad runs that are too few to deviate leave the claim undecided.

    Parameters of the claim: search, first_k, last_k, extra_students (n - k), published_runs.
    Table: bad_run_rates. Source: S21, page 2, on S18; the number of runs is that of the S18 driver.
    """
    wanted = _cases_of_range(claim)
    published = {case: _Count(0, int(claim.parameters["published_runs"])) for case in wanted}
    search = claim.parameters["search"]
    compared = _compare(_bad_runs(tables, search), published)
    if not compared:
        return _not_run(f"search {search} has none of these (k, n)")
    total = _total(comparison.ours for comparison in compared.values())
    low, high = clopper_pearson(*total)
    with_bad = {case: c.ours for case, c in compared.items() if c.ours.hits > 0}
    listed = ", ".join(f"(k={k}, n={n}): {count}" for (k, n), count in with_bad.items())
    if any(comparison.adjusted_p <= FAMILY_WISE_LEVEL for comparison in compared.values()):
        verdict, note = Verdict.DEVIATES, f"Bad runs at {listed}."
    elif with_bad:
        verdict = Verdict.UNDECIDED
        note = f"Bad runs, too few to contradict the published 0 of each case: {listed}."
    elif len(compared) < len(wanted):
        verdict, note = Verdict.UNDECIDED, "No bad run, but only part of the sizes ran."
    else:
        verdict, note = Verdict.REPRODUCED, "No bad run at any of the sizes."
    return Finding(
        verdict=verdict,
        found=total.percent,
        interval=(100.0 * low, 100.0 * high),
        sample_size=total.runs,
        expected=0.0,
        note=f"{note} {len(compared)} of {len(wanted)} sizes; percent of bad runs over all.",
        evidence=f"statistics/bad_run_rates.parquet: search={search}, "
        f"n=k+{claim.parameters['extra_students']}, {_range_of(k for k, _ in compared)}",
    )


def bad_runs_fall_with_students(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Do additional students make bad runs rarer?

    For every k the bad runs at n and n + 1 are compared by one-sided Fisher tests, Holm-adjusted
    over all such pairs. A significant rise speaks against the claim; without a single significant
    fall nothing is decided.

    Parameters of the claim: search. Table: bad_run_rates. Source: S18, abstract; S21, page 2.
    """
    counts = _bad_runs(tables, claim.parameters["search"])
    steps = [((k, n), (k, n + 1)) for k, n in sorted(counts) if (k, n + 1) in counts]
    return _trend_finding(claim, counts, steps, expected_after="less")


def bad_runs_rise_with_teachers(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Do bad runs at n = k become more frequent with k?

    The bad runs at k and k + 1 are compared as in `bad_runs_fall_with_students`.

    Parameters of the claim: search. Table: bad_run_rates. Source: S18, abstract.
    """
    counts = _bad_runs(tables, claim.parameters["search"])
    steps = [
        ((k, k), (k + 1, k + 1)) for k, n in sorted(counts) if n == k and (k + 1, k + 1) in counts
    ]
    return _trend_finding(claim, counts, steps, expected_after="greater")


def global_minimum_count(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Does descent find a global minimum at n = k as often as in the authors' data?

    Two-sided Fisher test, Holm-adjusted over the k from `first_k` to `last_k` that ran.

    Parameters of the claim: search, first_k, last_k, smallest_difference.
    Tables: global_minimum_counts, published/safran2021_global_minimum_counts.
    Source: S21, Section 4.2, data of the authors.
    """
    case = _case(claim)
    search = claim.parameters["search"]
    published = _in_range(claim, _published_global_minima(tables))
    comparison = _compare(_global_minima(tables, search), published).get(case)
    if comparison is None:
        return _not_run(f"search {search} has no runs at k={case[0]}, n={case[1]}")
    return _rate_finding(
        comparison,
        smallest_difference=claim.parameters["smallest_difference"],
        evidence=(
            f"statistics/global_minimum_counts.parquet: search={search}, k={case[0]}, n={case[1]}"
        ),
    )


def pooled_global_minimum_count(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Does descent find global minima as rarely as in the authors' data, over many k together?

    The counts from `first_k` to `last_k`, ours and the published ones, are added over those k that
    ran and compared by one Fisher test; it decides in favour only if every k ran.

    Parameters, tables, source: as for `global_minimum_count`.
    """
    search = claim.parameters["search"]
    published = _in_range(claim, _published_global_minima(tables))
    ours = _global_minima(tables, search)
    common = [case for case in published if case in ours]
    if not common:
        return _not_run(f"search {search} has none of these k")
    pooled = _compare(
        {(0, 0): _total(ours[case] for case in common)},
        {(0, 0): _total(published[case] for case in common)},
    )[0, 0]
    return _rate_finding(
        pooled,
        smallest_difference=claim.parameters["smallest_difference"],
        evidence=f"statistics/global_minimum_counts.parquet: search={search}, "
        f"{_range_of(k for k, _ in common)}",
        further=f"{len(common)} of {len(published)} sizes.",
        complete=len(common) == len(published),
    )


def _case(claim: Claim) -> Case:
    return int(claim.case["k"]), int(claim.case["n"])


def _cases_of_range(claim: Claim) -> list[Case]:
    settings = claim.parameters
    extra = int(settings["extra_students"])
    return [(k, k + extra) for k in range(int(settings["first_k"]), int(settings["last_k"]) + 1)]


def _in_range(claim: Claim, counts: Mapping[Case, _Count]) -> dict[Case, _Count]:
    first, last = int(claim.parameters["first_k"]), int(claim.parameters["last_k"])
    return {case: count for case, count in counts.items() if first <= case[0] <= last}


def _counts(frame: pd.DataFrame, hits: str) -> dict[Case, _Count]:
    return {
        (int(k), int(n)): _Count(int(hit), int(runs))
        for k, n, hit, runs in zip(frame["k"], frame["n"], frame[hits], frame["runs"], strict=True)
    }


def _bad_runs(tables: Mapping[str, pd.DataFrame], search: str) -> dict[Case, _Count]:
    rates = tables["bad_run_rates"]
    return _counts(rates[rates["search"] == search], "bad")


def _global_minima(tables: Mapping[str, pd.DataFrame], search: str) -> dict[Case, _Count]:
    counts = tables["global_minimum_counts"]
    return _counts(counts[counts["search"] == search], "at_global")


def _published_global_minima(tables: Mapping[str, pd.DataFrame]) -> dict[Case, _Count]:
    published = tables["published/safran2021_global_minimum_counts"]
    return _counts(published.assign(n=published["k"]), "runs_at_global_minimum")


def _published_bad_runs(published: pd.DataFrame) -> dict[Case, _Count]:
    bad = published["percent_bad_all"] * published["runs"] / 100.0
    fractional = (bad - bad.round()).abs() > 1e-6
    if fractional.any():
        row = published[fractional].iloc[0]
        raise ValueError(
            f"published bad runs at k={row['k']}, n={row['n']}: {row['percent_bad_all']} % of "
            f"{row['runs']} runs is no whole number; correct the row"
        )
    return _counts(published.assign(bad=bad.round().astype(int)), "bad")


def _total(counts: Iterable[_Count]) -> _Count:
    listed = list(counts)
    return _Count(sum(count.hits for count in listed), sum(count.runs for count in listed))


def _compare(
    ours: Mapping[Case, _Count], published: Mapping[Case, _Count]
) -> dict[Case, _Comparison]:
    """Every published case that ran, with its p-value in the family of all of them."""
    cases = [case for case in published if case in ours]
    p_values = [fisher_exact_p(*ours[case], *published[case]) for case in cases]
    return {
        case: _Comparison(ours[case], published[case], p_value, float(adjusted), len(cases))
        for case, p_value, adjusted in zip(cases, p_values, holm(p_values), strict=True)
    }


def _rate_finding(
    comparison: _Comparison,
    *,
    smallest_difference: float,
    evidence: str,
    further: str = "",
    complete: bool = True,
) -> Finding:
    """The verdict on one count; `complete` says whether all sizes of the claim are in it."""
    ours, published = comparison.ours, comparison.published
    note = (
        f"{ours} against {published}: Fisher p = {comparison.p_value:.2g}, adjusted over "
        f"{comparison.family_size} cases {comparison.adjusted_p:.2g}."
    )
    if comparison.adjusted_p <= FAMILY_WISE_LEVEL:
        verdict = Verdict.DEVIATES
        gap = rate_difference_interval(*ours, *published)
        note += (
            f" Difference {ours.percent - published.percent:+.1f} points, 95 % interval "
            f"{100 * gap.low:+.1f} to {100 * gap.high:+.1f}."
        )
    else:
        power = comparison.power(smallest_difference)
        decided = power >= REQUIRED_POWER and complete
        verdict = Verdict.REPRODUCED if decided else Verdict.UNDECIDED
        note += f" Power {power:.2f} against a difference of {100 * smallest_difference:g} points."
    low, high = clopper_pearson(*ours)
    return Finding(
        verdict=verdict,
        found=ours.percent,
        interval=(100.0 * low, 100.0 * high),
        sample_size=ours.runs,
        expected=published.percent,
        note=f"{note} {further}".strip(),
        evidence=evidence,
    )


def _other_counts(
    claim: Claim, tables: Mapping[str, pd.DataFrame], case: Case, published: _Count
) -> str:
    """What the other samples of the case say, each tested against the published count."""
    second = claim.parameters["second_search"]
    independent = claim.parameters["independent_search"]
    samples = {f"search {second}": _bad_runs(tables, second).get(case)}
    if case[0] == case[1]:
        at_global = _published_global_minima(tables).get(case)
        if at_global is not None:
            samples["S21, published"] = _Count(at_global.runs - at_global.hits, at_global.runs)
        samples[f"search {independent}"] = _bad_runs(tables, independent).get(case)
    return " ".join(
        f"{name}: {count}, p = {fisher_exact_p(*count, *published):.2g}."
        for name, count in samples.items()
        if count is not None
    )


def _trend_finding(
    claim: Claim,
    counts: Mapping[Case, _Count],
    steps: Sequence[tuple[Case, Case]],
    *,
    expected_after: Alternative,
) -> Finding:
    search = claim.parameters["search"]
    if not steps:
        return _not_run(f"search {search} has no two neighbouring sizes")
    opposite: Alternative = "greater" if expected_after == "less" else "less"
    against = _significant_steps(counts, steps, opposite)
    in_favour = _significant_steps(counts, steps, expected_after)
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
    ks = _range_of(k for step in steps for k, _ in step)
    return Finding(
        verdict=verdict,
        found={"steps in favour": len(in_favour), "steps against": len(against)},
        sample_size=len(steps),
        expected={"steps against": 0},
        note=f"{note}; {len(in_favour)} of {len(steps)} steps are significant in favour ({ks}).",
        evidence=f"statistics/bad_run_rates.parquet: search={search}, {ks}",
    )


def _significant_steps(
    counts: Mapping[Case, _Count], steps: Sequence[tuple[Case, Case]], after_is: Alternative
) -> list[tuple[Case, Case]]:
    p_values = [
        fisher_exact_p(*counts[after], *counts[before], alternative=after_is)
        for before, after in steps
    ]
    return [
        step
        for step, adjusted in zip(steps, holm(p_values), strict=True)
        if adjusted <= FAMILY_WISE_LEVEL
    ]


def _not_run(why: str) -> Finding:
    return Finding(verdict=Verdict.NOT_RUN, note=f"This profile did not run it: {why}.")


def _range_of(ks: Iterable[int]) -> str:
    listed = sorted(set(ks))
    return f"k={listed[0]}..{listed[-1]}"
