"""Whether bad runs and global minima are as frequent as published."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, sizes_by_excess, universal_finding
from relu_landscape.judging.sample_sizes import size_to_meet
from relu_landscape.judging.statistics import (
    REQUIRED_POWER,
    clopper_pearson,
    fisher_exact_p,
    rate_difference_interval,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.safran.verdicts.counts import (
    Count,
    CountComparison,
    bad_runs,
    compare,
    global_minima,
    published_bad_runs,
    published_global_minima,
    published_verified_runs,
    range_of,
    total_of,
    verified_runs,
)
from relu_landscape.studies.safran.verdicts.rows import Case, case_of


def bad_run_rate(
    claim: Claim,
    safran2018_bad_run_rates: pd.DataFrame,
    bad_run_rates: pd.DataFrame,
    safran2021_global_minimum_counts: pd.DataFrame,
    level: float,
) -> Finding:
    """Is the share of bad runs at one (k, n) the published one?

    Two-sided Fisher test of our counts against the published ones, Holm-adjusted over all
    published (k, n) that ran. A share that deviates is shown together with a second seed, and at
    n = k with the counts of S21, published and ours.

    Parameters of the claim: search, second_search, independent_search (names of searches),
    odds_ratio (to the published odds; a sample that would miss it decides nothing).
    Tables: bad_run_rates, published/safran2018_bad_run_rates,
    published/safran2021_global_minimum_counts.
    Source: S18, result files of the authors.
    """
    case = case_of(claim)
    search = claim.parameters["search"]
    published = published_bad_runs(safran2018_bad_run_rates)
    comparison = compare(bad_runs(bad_run_rates, search), published).get(case)
    if comparison is None:
        return not_run(f"search {search} has no runs at k={case[0]}, n={case[1]}")
    return _rate_finding(
        comparison,
        odds_ratio=claim.parameters["odds_ratio"],
        level=level,
        evidence=f"statistics/bad_run_rates.parquet: search={search}, k={case[0]}, n={case[1]}",
        further=_other_counts(
            claim, bad_run_rates, safran2021_global_minimum_counts, case, comparison.published
        ),
    )


def verified_bad_run_rate(
    claim: Claim,
    safran2018_bad_run_rates: pd.DataFrame,
    bad_run_rates: pd.DataFrame,
    memberships: pd.DataFrame,
    curvature: pd.DataFrame,
    level: float,
) -> Finding:
    """Do as many runs at one (k, n) end at verified minima as in the published file?

    A minimum of ours is verified if a certificate proves it; the published ones are those that the
    authors' verification accepts. The comparison is that of `bad_run_rate`, over the files whose
    bad runs are not all verified: those of the others are compared there.

    Parameters of the claim: search, odds_ratio.
    Source: S18, result files of the authors, through their verification in floating point.
    """
    case = case_of(claim)
    search = claim.parameters["search"]
    every = published_bad_runs(safran2018_bad_run_rates)
    published = {
        size: count
        for size, count in published_verified_runs(safran2018_bad_run_rates).items()
        if count != every[size]
    }
    verified = verified_runs(bad_run_rates, memberships, curvature, search)
    comparison = compare(verified, published).get(case)
    if comparison is None:
        return not_run(f"search {search} has no certified runs at k={case[0]}, n={case[1]}")
    bad = bad_runs(bad_run_rates, search)[case].hits
    return _rate_finding(
        comparison,
        odds_ratio=claim.parameters["odds_ratio"],
        level=level,
        evidence=f"tables/memberships.parquet: search={search}, k={case[0]}, n={case[1]}",
        further=f"{bad - comparison.ours.hits} of {bad} bad runs here are not verified.",
    )


def bad_runs_verified(
    claim: Claim,
    safran2018_bad_run_rates: pd.DataFrame,
    bad_run_rates: pd.DataFrame,
    memberships: pd.DataFrame,
    curvature: pd.DataFrame,
) -> Finding:
    """Do all bad runs end at verified minima, at every (k, n) where all published ones do?

    A case is a size with bad runs, there and here; one bad run that ends at no minimum with a
    certificate speaks against the claim.

    Parameters of the claim: search. Source: as for `verified_bad_run_rate`.
    """
    search = claim.parameters["search"]
    accepted = published_verified_runs(safran2018_bad_run_rates)
    every = published_bad_runs(safran2018_bad_run_rates)
    ours = bad_runs(bad_run_rates, search)
    verified = verified_runs(bad_run_rates, memberships, curvature, search)
    rows = pd.DataFrame(
        [
            {"k": k, "n": n, "bad": ours[k, n].hits, "verified": verified[k, n].hits}
            for (k, n), count in every.items()
            if 0 < count.hits == accepted[k, n].hits and (k, n) in verified and ours[k, n].hits > 0
        ]
    )
    if rows.empty:
        return not_run(f"search {search} has no certified bad runs at these sizes")
    return universal_finding(
        Cases(rows, rows[rows["verified"] < rows["bad"]], "memberships", ("k", "n")),
        found={"bad runs": int(rows["bad"].sum()), "verified": int(rows["verified"].sum())},
        note=f"Search {search}.",
        against=Verdict.DEVIATES,
    )


def bad_runs_as_frequent(claim: Claim, bad_run_rates: pd.DataFrame, level: float) -> Finding:
    """Do the runs of two searches end badly equally often, at every (k, n) that both cover?

    Two-sided Fisher tests, Holm-adjusted over these sizes. Only sizes at which the odds asked for
    would be seen speak for the claim; without any it is undecided.

    Parameters of the claim: search, other_search, odds_ratio. Source: S21, Section 4.2.
    """
    settings = claim.parameters
    one, other = (bad_runs(bad_run_rates, settings[name]) for name in ("search", "other_search"))
    compared = compare(one, other)
    if not compared:
        return not_run(
            f"searches {settings['search']} and {settings['other_search']} share no size"
        )
    differ = [case for case, found in compared.items() if found.adjusted_p <= level]
    seen = [
        case
        for case, found in compared.items()
        if found.power(settings["odds_ratio"], level) >= REQUIRED_POWER
    ]
    decided = Verdict.CONSISTENT if seen else Verdict.UNDECIDED
    worst = min(compared, key=lambda case: compared[case].p_value)
    found = compared[worst]
    ratio = settings["odds_ratio"]
    return Finding(
        verdict=Verdict.DEVIATES if differ else decided,
        found={"sizes": len(compared), "sizes that differ": len(differ)},
        sample_size=total_of(comparison.ours for comparison in compared.values()).runs,
        expected={"sizes that differ": 0},
        note=f"Smallest p = {found.p_value:.2g} at k={worst[0]}, n={worst[1]}: {found.ours} "
        f"against {found.published}, adjusted {found.adjusted_p:.2g}. "
        f"{ratio:g} times the odds would be seen at {sizes_by_excess(seen) or 'none'}; compared: "
        f"{sizes_by_excess(compared)}.",
        evidence=f"statistics/bad_run_rates.parquet: search={settings['search']}, k={worst[0]}, "
        f"n={worst[1]}",
        would_decide=f"{ratio:g} times the odds would be seen at none of "
        f"{counted(len(compared), 'size')}; more runs of both searches would decide.",
    )


def no_bad_runs(claim: Claim, bad_run_rates: pd.DataFrame, level: float) -> Finding:
    """Does no run end badly where none of the published ones did?

    Each case is compared with 0 bad runs of `published_runs` (Fisher, Holm over the cases that
    ran). Bad runs that are too few to deviate leave the claim undecided, and so do too few runs.

    Parameters of the claim: search, first_k, last_k, extra_students (values of n - k),
    published_runs,
    smallest_rate (of bad runs over all sizes, to be seen with the power required).
    Source: S18, and S21, page 2, on it; the number of runs is that of the S18 driver.
    """
    wanted = _cases_of_range(claim)
    published = {case: Count(0, int(claim.parameters["published_runs"])) for case in wanted}
    search = claim.parameters["search"]
    compared = compare(bad_runs(bad_run_rates, search), published)
    if not compared:
        return not_run(f"search {search} has none of these (k, n)")
    total = total_of(comparison.ours for comparison in compared.values())
    low, high = clopper_pearson(*total)
    with_bad = {case: c.ours for case, c in compared.items() if c.ours.hits > 0}
    listed = ", ".join(f"(k={k}, n={n}): {count}" for (k, n), count in with_bad.items())
    would_decide = ""
    if any(comparison.adjusted_p <= level for comparison in compared.values()):
        verdict, note = Verdict.DEVIATES, f"Bad runs at {listed}."
    elif with_bad:
        verdict = Verdict.UNDECIDED
        note = f"Bad runs, too few to contradict the published 0 of each case: {listed}."
        would_decide = (
            f"{total.hits} bad runs are too few to contradict {claim.parameters['published_runs']} "
            "published runs a size without one; more published runs would decide."
        )
    elif len(compared) < len(wanted):
        verdict, note = Verdict.UNDECIDED, "No bad run, but only part of the sizes ran."
        would_decide = (
            f"{len(compared)} of {len(wanted)} sizes ran; runs at the others would decide."
        )
    else:
        rate = claim.parameters["smallest_rate"]
        power = 1.0 - (1.0 - rate) ** total.runs
        verdict = Verdict.REPRODUCED if power >= REQUIRED_POWER else Verdict.UNDECIDED
        note = f"No bad run at any of the sizes. Power {power:.2f} against a rate of {rate:.1%}."
        would_decide = (
            f"{total.runs} runs would meet a rate of {rate:.1%} with a probability of {power:.0%}; "
            f"{size_to_meet(rate)} without a bad one would decide."
        )
    return Finding(
        verdict=verdict,
        found=total.percent,
        interval=(100.0 * low, 100.0 * high),
        sample_size=total.runs,
        expected=0.0,
        note=f"{note} {len(compared)} of {counted(len(wanted), 'size')}; percent of bad runs over "
        "all.",
        evidence=f"statistics/bad_run_rates.parquet: search={search}, {sizes_by_excess(compared)}",
        would_decide=would_decide,
    )


def global_minimum_count(
    claim: Claim,
    safran2021_global_minimum_counts: pd.DataFrame,
    global_minimum_counts: pd.DataFrame,
    level: float,
) -> Finding:
    """Does descent find a global minimum at n = k as often as in the authors' data?

    Two-sided Fisher test, Holm-adjusted over the k from `first_k` to `last_k` that ran.

    Parameters of the claim: search, first_k, last_k, odds_ratio.
    Tables: global_minimum_counts, published/safran2021_global_minimum_counts.
    Source: S21, Section 4.2, data of the authors.
    """
    case = case_of(claim)
    search = claim.parameters["search"]
    published = _in_range(claim, published_global_minima(safran2021_global_minimum_counts))
    comparison = compare(global_minima(global_minimum_counts, search), published).get(case)
    if comparison is None:
        return not_run(f"search {search} has no runs at k={case[0]}, n={case[1]}")
    return _rate_finding(
        comparison,
        odds_ratio=claim.parameters["odds_ratio"],
        level=level,
        evidence=(
            f"statistics/global_minimum_counts.parquet: search={search}, k={case[0]}, n={case[1]}"
        ),
    )


def pooled_global_minimum_count(
    claim: Claim,
    safran2021_global_minimum_counts: pd.DataFrame,
    global_minimum_counts: pd.DataFrame,
    level: float,
) -> Finding:
    """Does descent find global minima as rarely as in the authors' data, over many k together?

    The counts from `first_k` to `last_k`, ours and the published ones, are added over those k that
    ran and compared by one Fisher test; it decides in favour only if every k ran.

    Parameters, tables, source: as for `global_minimum_count`.
    """
    search = claim.parameters["search"]
    published = _in_range(claim, published_global_minima(safran2021_global_minimum_counts))
    ours = global_minima(global_minimum_counts, search)
    common = [case for case in published if case in ours]
    if not common:
        return not_run(f"search {search} has none of these k")
    pooled = compare(
        {(0, 0): total_of(ours[case] for case in common)},
        {(0, 0): total_of(published[case] for case in common)},
    )[0, 0]
    return _rate_finding(
        pooled,
        odds_ratio=claim.parameters["odds_ratio"],
        level=level,
        evidence=f"statistics/global_minimum_counts.parquet: search={search}, "
        f"{range_of(k for k, _ in common)}",
        further=f"{len(common)} of {counted(len(published), 'size')}.",
        complete=len(common) == len(published),
    )


def _cases_of_range(claim: Claim) -> list[Case]:
    settings = claim.parameters
    teachers = range(int(settings["first_k"]), int(settings["last_k"]) + 1)
    return [(k, k + int(extra)) for extra in settings["extra_students"] for k in teachers]


def _in_range(claim: Claim, counts: Mapping[Case, Count]) -> dict[Case, Count]:
    first, last = int(claim.parameters["first_k"]), int(claim.parameters["last_k"])
    return {case: count for case, count in counts.items() if first <= case[0] <= last}


def _rate_finding(
    comparison: CountComparison,
    *,
    odds_ratio: float,
    level: float,
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
    would_decide = ""
    if comparison.adjusted_p <= level:
        verdict = Verdict.DEVIATES
        gap = rate_difference_interval(*ours, *published)
        note += (
            f" Difference {ours.percent - published.percent:+.1f} points, 95 % interval "
            f"{100 * gap.low:+.1f} to {100 * gap.high:+.1f}."
        )
    else:
        power = comparison.power(odds_ratio, level)
        decided = power >= REQUIRED_POWER and complete
        verdict = Verdict.REPRODUCED if decided else Verdict.UNDECIDED
        note += f" Power {power:.2f} against {odds_ratio:g} times the odds."
        if not decided:
            would_decide = (
                comparison.would_decide(odds_ratio, level)
                if complete
                else f"{further.rstrip('.')} ran; runs at all of them would decide."
            )
    low, high = clopper_pearson(*ours)
    return Finding(
        verdict=verdict,
        found=ours.percent,
        interval=(100.0 * low, 100.0 * high),
        sample_size=ours.runs,
        expected=published.percent,
        note=f"{note} {further}".strip(),
        evidence=evidence,
        would_decide=would_decide,
    )


def _other_counts(
    claim: Claim,
    bad_run_rates: pd.DataFrame,
    safran2021_global_minimum_counts: pd.DataFrame,
    case: Case,
    published: Count,
) -> str:
    """What the other samples of the case say, each tested against the published count."""
    second = claim.parameters["second_search"]
    independent = claim.parameters["independent_search"]
    samples = {f"search {second}": bad_runs(bad_run_rates, second).get(case)}
    if case[0] == case[1]:
        at_global = published_global_minima(safran2021_global_minimum_counts).get(case)
        if at_global is not None:
            samples["S21, published"] = Count(at_global.runs - at_global.hits, at_global.runs)
        samples[f"search {independent}"] = bad_runs(bad_run_rates, independent).get(case)
    return " ".join(
        f"{name}: {count}, p = {fisher_exact_p(*count, *published):.2g}."
        for name, count in samples.items()
        if count is not None
    )
