"""Means over bad runs against the published ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import half_a_digit, not_run, of_case
from relu_landscape.judging.sample_sizes import more_needed, rounded_up
from relu_landscape.judging.statistics import (
    REQUIRED_POWER,
    holm,
    mean_comparison_p,
    mean_interval,
    power_of_mean_comparison,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.safran.verdicts.rows import Case, case_of, runs_with


class _Mean(NamedTuple):
    """A published mean over a number of bad runs, and whether all of them are in it for certain."""

    value: float
    bad_runs: int
    all_bad_runs: bool
    runs: int

    def runs_for(self, bad_runs: int) -> int:
        """In how many runs so many bad ones are expected at the published rate."""
        return rounded_up(bad_runs * self.runs / self.bad_runs)


def mean_over_bad_runs(
    claim: Claim,
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    safran2018_bad_run_rates: pd.DataFrame,
    level: float,
) -> Finding:
    """Has a quantity the published mean over the bad runs of one (k, n)?

    Means that agree to the printed digits agree. Other means, both over random samples of minima,
    are compared by Student's test (see `mean_comparison_p`), Holm-adjusted over all published
    (k, n) with enough bad runs there and here; a sample that would miss the smallest difference is
    undecided. With few bad runs the test would be wrong, not just weak: a rare level that one side
    has not met is missing from its spread. Runs that stopped at saddles are left out.

    Parameters of the claim: search, quantity (column of curvature), published_column, decimals,
    least_bad_runs (on either side), smallest_difference (relative). Tables: memberships, curvature,
    published/safran2018_bad_run_rates. Source: S18, result files of the authors.
    """
    case = case_of(claim)
    settings = claim.parameters
    samples = _bad_run_samples(curvature, memberships, settings["search"], settings["quantity"])
    means = _published_means(safran2018_bad_run_rates, settings["published_column"])
    members = of_case(memberships, {**claim.case, "search": settings["search"]})
    where = f"tables/memberships.parquet: search={settings['search']}, k={case[0]}, n={case[1]}"
    if members.empty:
        return not_run(f"search {settings['search']} has no bad run here")
    if case not in samples:
        note = f"None of {len(members)} classified runs ended in a spurious minimum."
        return Finding(
            Verdict.UNDECIDED,
            expected=means[case].value,
            note=note,
            evidence=where,
            would_decide=f"{note.rstrip('.')}; runs that do would decide.",
        )
    sample, published = samples[case], means[case]
    adjusted = _adjusted_p_values(samples, means, settings)
    would_decide = ""
    if abs(float(sample.mean()) - published.value) <= half_a_digit(settings["decimals"]):
        verdict, note = Verdict.REPRODUCED, "All printed digits agree."
    elif case not in adjusted:
        verdict, note = Verdict.UNDECIDED, "Too few bad runs for a test."
        would_decide = _enough_runs(sample.size, published, settings["least_bad_runs"])
    else:
        difference = settings["smallest_difference"] * abs(published.value)
        test = _MeanTest(sample, published, difference, level / len(adjusted))
        verdict, note = test.compared(adjusted[case], level)
        would_decide = test.would_decide() if verdict is Verdict.UNDECIDED else ""
    if not published.all_bad_runs:
        note += " The authors verified only part of their bad runs; the mean may be over those."
    return Finding(
        verdict=verdict,
        found=float(sample.mean()),
        interval=mean_interval(sample) if sample.size > 1 else None,
        sample_size=sample.size,
        expected=published.value,
        note=f"{counted(sample.size, 'run')} against {published.bad_runs}. {note}",
        evidence=f"{where}; tables/curvature.parquet: {settings['quantity']}",
        would_decide=would_decide,
    )


def _adjusted_p_values(
    samples: Mapping[Case, NDArray[np.float64]],
    means: Mapping[Case, _Mean],
    settings: Mapping[str, Any],
) -> dict[Case, float]:
    """P-values of the cases with enough bad runs there and here, Holm-adjusted over these."""
    tested = [
        case
        for case, mean in means.items()
        if case in samples and min(samples[case].size, mean.bad_runs) >= settings["least_bad_runs"]
    ]
    rounding = half_a_digit(settings["decimals"])
    p_values = [
        mean_comparison_p(samples[case], means[case].value, means[case].bad_runs, rounding=rounding)
        for case in tested
    ]
    return dict(zip(tested, holm(p_values).tolist(), strict=True))


def _enough_runs(bad_runs: int, published: _Mean, least: int) -> str:
    """Where a test lacks bad runs, what would decide."""
    lacking = (
        "more published ones would decide."
        if published.bad_runs < least
        else f"{least} here would decide, of about {published.runs_for(least)} runs."
    )
    return (
        f"A test takes {least} bad runs on either side, and there are {bad_runs} here and "
        f"{published.bad_runs} published; {lacking}"
    )


def _bad_run_samples(
    curvature: pd.DataFrame, memberships: pd.DataFrame, search: str, quantity: str
) -> dict[Case, NDArray[np.float64]]:
    runs = runs_with(memberships, curvature, search, [quantity])
    runs = runs[runs["kind"] == "spurious_minimum"]
    cases = sorted(set(zip(runs["k"].tolist(), runs["n"].tolist(), strict=True)))
    return {
        (k, n): runs.loc[(runs["k"] == k) & (runs["n"] == n), quantity].to_numpy(dtype=np.float64)
        for k, n in cases
    }


def _published_means(safran2018_bad_run_rates: pd.DataFrame, column: str) -> dict[Case, _Mean]:
    return {
        (int(row["k"]), int(row["n"])): _Mean(
            value=float(row[column]),
            bad_runs=round(row["percent_bad_all"] * row["runs"] / 100.0),
            all_bad_runs=row["percent_bad_all"] == row["percent_bad_verified"],
            runs=int(row["runs"]),
        )
        for row in safran2018_bad_run_rates[safran2018_bad_run_rates[column].notna()].to_dict(
            "records"
        )
    }


class _MeanTest(NamedTuple):
    """The comparison of a sample with a published mean, at the strictest level of its family."""

    sample: NDArray[np.float64]
    published: _Mean
    difference: float
    strictest: float

    def compared(self, adjusted_p: float, level: float) -> tuple[Verdict, str]:
        """The verdict of the test, and whether it would see a difference."""
        note = f"Adjusted p = {adjusted_p:.2g}."
        if adjusted_p <= level:
            return Verdict.DEVIATES, note
        power = self._power(self.sample.size, self.published.bad_runs)
        verdict = Verdict.REPRODUCED if power >= REQUIRED_POWER else Verdict.UNDECIDED
        return verdict, f"{note} Power {power:.2f} against a difference of {self.difference:.2g}."

    def would_decide(self) -> str:
        """How many bad runs would see the difference, where these do not."""
        size, published = self.sample.size, self.published.bad_runs
        seen = (
            f"{size} bad runs beside {published} published ones see a difference of "
            f"{self.difference:.2g} with a probability of {self._power(size, published):.0%}"
        )
        return f"{seen}; {more_needed(self._power, published, 'bad runs')}"

    def _power(self, size: int, published: int) -> float:
        spread = float(self.sample.std(ddof=1))
        return power_of_mean_comparison(spread, size, published, self.difference, self.strictest)
