"""Sums of norms against those of a published histogram."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run
from relu_landscape.judging.sample_sizes import more_needed
from relu_landscape.judging.statistics import (
    REQUIRED_POWER,
    holm,
    homogeneity_p,
    power_of_homogeneity_test,
)
from relu_landscape.studies.safran.verdicts.rows import Case, case_of, runs_with


class _Histogram(NamedTuple):
    """Counts of ours and published ones over the same bins; ours has runs outside as well."""

    ours: NDArray[np.int64]
    published: NDArray[np.int64]


def norm_sum_histogram(
    claim: Claim,
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    safran2021_figure1: pd.DataFrame,
    level: float,
) -> Finding:
    """Are the sums of norms at non-global points distributed like in a panel of Figure 1?

    Monte Carlo chi-square test of homogeneity over the published bins and what lies outside them,
    Holm-adjusted over the panels that ran.

    Parameters of the claim: search, seed, smallest_difference (total variation distance; a sample
    that would miss it is undecided). Tables: memberships, curvature, published/safran2021_figure1.
    Source: S21, Figure 1, counts from data of the authors.
    """
    case = case_of(claim)
    settings = claim.parameters
    panels = _panels(curvature, memberships, safran2021_figure1, settings["search"])
    if case not in panels:
        return not_run(f"search {settings['search']} has no measured non-global points here")
    p_values = [
        homogeneity_p(panel.ours, panel.published, seed=settings["seed"] + k)
        for (k, _), panel in panels.items()
    ]
    adjusted = dict(zip(panels, holm(p_values).tolist(), strict=True))[case]
    ours, published = panels[case]
    distance = 0.5 * float(np.abs(ours / ours.sum() - published / published.sum()).sum())

    def power_with(own: int, there: int) -> float:
        return power_of_homogeneity_test(
            own,
            there,
            int(np.count_nonzero(ours + published)),
            settings["smallest_difference"],
            level / len(panels),
        )

    size, published_size = int(ours.sum()), int(published.sum())
    power = power_with(size, published_size)
    if adjusted <= level:
        verdict = Verdict.DEVIATES
    else:
        verdict = Verdict.REPRODUCED if power >= REQUIRED_POWER else Verdict.UNDECIDED
    would_decide = ""
    if verdict is Verdict.UNDECIDED:
        would_decide = (
            f"{size} runs beside {published_size} published ones see a total variation distance of "
            f"{settings['smallest_difference']:g} with a probability of {power:.0%}; "
            + more_needed(power_with, published_size)
        )
    return Finding(
        verdict=verdict,
        found={"total variation distance": distance, "adjusted p": adjusted},
        sample_size=size,
        expected={"total variation distance": 0.0},
        note=f"Runs in the published bins and outside on either side: {ours.tolist()} against "
        f"{published.tolist()}. Power {power:.2f} against a total variation distance of "
        f"{settings['smallest_difference']:g}.",
        evidence=f"tables/memberships.parquet: search={settings['search']}, k={case[0]}, "
        f"n={case[1]}; tables/curvature.parquet: norm_sum",
        would_decide=would_decide,
    )


def _panels(
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    safran2021_figure1: pd.DataFrame,
    search: str,
) -> dict[Case, _Histogram]:
    """The published panels for which the search has measured non-global points."""
    runs = runs_with(memberships, curvature, search, ["norm_sum"])
    runs = runs[runs["kind"] != "global_minimum"]
    panels = {}
    for k in sorted(set(safran2021_figure1["k"].tolist())):
        sums = runs.loc[(runs["k"] == k) & (runs["n"] == k), "norm_sum"].to_numpy()
        if sums.size:
            panels[k, k] = _histogram(
                sums, safran2021_figure1[safran2021_figure1["k"] == k].sort_values("bin_low")
            )
    return panels


def _histogram(sums: NDArray[np.float64], bins: pd.DataFrame) -> _Histogram:
    edges = np.append(bins["bin_low"].to_numpy(), bins["bin_high"].to_numpy()[-1])
    # The outer edges are the extreme values of the published runs, printed to six decimals: half a
    # unit of the last one must not push the same minimum out of its bin.
    edges[0] -= 5e-7
    edges[-1] += 5e-7
    counts = np.histogram(sums, bins=np.concatenate(([-np.inf], edges, [np.inf])))[0]
    published = np.concatenate(([0], bins["runs"].to_numpy(), [0]))
    return _Histogram(ours=counts.astype(np.int64), published=published.astype(np.int64))
