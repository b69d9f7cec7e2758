"""Counts of runs, ours and published, and their comparison.

Published counts are samples themselves: they are compared by Fisher's exact test, with Holm's
correction over the cases of the claim that this profile ran.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from relu_landscape.judging.sample_sizes import more_needed
from relu_landscape.judging.statistics import fisher_exact_p, holm, power_of_rate_comparison
from relu_landscape.studies.proofs import Proved, count_proved
from relu_landscape.studies.safran.verdicts.rows import Case, with_class_columns


class Count(NamedTuple):
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
class CountComparison:
    """One of our counts against one published count, within a family of such tests."""

    ours: Count
    published: Count
    p_value: float
    adjusted_p: float
    family_size: int

    def power(self, odds_ratio: float, level: float) -> float:
        """Least power, at a level of the family, against odds so many times larger or smaller.

        It is that of the strictest of Holm's levels, hence a lower bound. Half a hit more, and half
        a miss, keep the odds away from zero and infinity.
        """
        return self._power(self.ours.runs, self.published.runs, odds_ratio, level)

    def would_decide(self, odds_ratio: float, level: float) -> str:
        """How many runs would see such odds, where these do not: ours, or both if ours cannot."""
        ours, published = self.ours.runs, self.published.runs
        seen = (
            f"{ours} runs beside {published} published ones see {odds_ratio:g} times the odds with "
            f"a probability of {self.power(odds_ratio, level):.0%}"
        )

        def power_with(own: int, there: int) -> float:
            return self._power(own, there, odds_ratio, level)

        return f"{seen}; {more_needed(power_with, published)}"

    def _power(self, ours: int, published: int, odds_ratio: float, level: float) -> float:
        """The power of samples of these sizes, at the published rate."""
        rate = (self.published.hits + 0.5) / (self.published.runs + 1.0)
        odds = rate / (1.0 - rate)
        strictest = level / self.family_size
        return min(
            power_of_rate_comparison(other / (1.0 + other), rate, ours, published, strictest)
            for other in (odds / odds_ratio, odds * odds_ratio)
        )


def bad_runs(bad_run_rates: pd.DataFrame, search: str) -> dict[Case, Count]:
    """Bad runs of a search among those that ended, by size; sizes where none did are left out."""
    return _counts(
        bad_run_rates[(bad_run_rates["search"] == search) & (bad_run_rates["runs"] > 0)], "bad"
    )


def verified_runs(
    bad_run_rates: pd.DataFrame, memberships: pd.DataFrame, curvature: pd.DataFrame, search: str
) -> dict[Case, Count]:
    """Runs of a search that end at minima with a certificate, by size.

    Sizes are left out where bad runs were not classified, or end at a minimum for which no
    certificate was tried.
    """
    ends = with_class_columns(
        memberships[memberships["search"] == search], curvature, ["kind", "proved"]
    )
    minima = ends[ends["kind"] == "spurious_minimum"]
    found = {}
    for (k, n), bad in bad_runs(bad_run_rates, search).items():
        classified = bad.hits == 0 or bool(((ends["k"] == k) & (ends["n"] == n)).any())
        here = minima[(minima["k"] == k) & (minima["n"] == n)]
        if classified and Proved.NOT_TRIED not in set(here["proved"]):
            found[k, n] = Count(count_proved(here), bad.runs)
    return found


def global_minima(global_minimum_counts: pd.DataFrame, search: str) -> dict[Case, Count]:
    """Runs of a search that reached a global minimum, by size."""
    return _counts(global_minimum_counts[global_minimum_counts["search"] == search], "at_global")


def published_bad_runs(safran2018_bad_run_rates: pd.DataFrame) -> dict[Case, Count]:
    """Published bad runs, by size; raises as `published_runs`."""
    return published_runs(safran2018_bad_run_rates, "percent_bad_all")


def published_verified_runs(safran2018_bad_run_rates: pd.DataFrame) -> dict[Case, Count]:
    """Published runs in families that the authors' verification accepts; raises as before."""
    return published_runs(safran2018_bad_run_rates, "percent_bad_verified")


def published_runs(safran2018_bad_run_rates: pd.DataFrame, percent: str) -> dict[Case, Count]:
    """Runs of which the file states a percentage, by size.

    Raises ValueError where a published percentage is no whole number of runs.
    """
    bad = safran2018_bad_run_rates[percent] * safran2018_bad_run_rates["runs"] / 100.0
    fractional = (bad - bad.round()).abs() > 1e-6
    if fractional.any():
        row = safran2018_bad_run_rates[fractional].iloc[0]
        raise ValueError(
            f"published bad runs at k={row['k']}, n={row['n']}: {row[percent]} % of "
            f"{row['runs']} runs is no whole number; correct the row"
        )
    return _counts(safran2018_bad_run_rates.assign(bad=bad.round().astype(int)), "bad")


def published_global_minima(safran2021_global_minimum_counts: pd.DataFrame) -> dict[Case, Count]:
    """Published runs that reached a global minimum, by size."""
    return _counts(
        safran2021_global_minimum_counts.assign(n=safran2021_global_minimum_counts["k"]),
        "runs_at_global_minimum",
    )


def compare(
    ours: Mapping[Case, Count], published: Mapping[Case, Count]
) -> dict[Case, CountComparison]:
    """Every published case that ran, with its p-value in the family of all of them."""
    cases = [case for case in published if case in ours]
    p_values = [fisher_exact_p(*ours[case], *published[case]) for case in cases]
    return {
        case: CountComparison(ours[case], published[case], p_value, float(adjusted), len(cases))
        for case, p_value, adjusted in zip(cases, p_values, holm(p_values), strict=True)
    }


def total_of(counts: Iterable[Count]) -> Count:
    """The sum of counts."""
    listed = list(counts)
    return Count(sum(count.hits for count in listed), sum(count.runs for count in listed))


def range_of(ks: Iterable[int]) -> str:
    """The range of some k, for notes ("k=6..20")."""
    listed = sorted(set(ks))
    return f"k={listed[0]}..{listed[-1]}"


def _counts(frame: pd.DataFrame, hits: str) -> dict[Case, Count]:
    return {
        (int(k), int(n)): Count(int(hit), int(runs))
        for k, n, hit, runs in zip(frame["k"], frame["n"], frame[hits], frame["runs"], strict=True)
    }
