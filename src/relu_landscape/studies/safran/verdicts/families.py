"""Minima that bad runs end at, by their losses, against the counts in the authors' result files."""

from __future__ import annotations

from math import gcd

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import half_a_digit, not_run, of_case, sizes_by_excess
from relu_landscape.judging.statistics import (
    REQUIRED_POWER,
    holm,
    homogeneity_p,
    power_of_homogeneity_test,
)
from relu_landscape.studies.safran.verdicts.counts import published_bad_runs
from relu_landscape.studies.safran.verdicts.rows import Case, with_class_columns


def bad_runs_by_level(
    claim: Claim,
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    safran2018_family_counts: pd.DataFrame,
    safran2018_bad_run_rates: pd.DataFrame,
    level: float,
) -> Finding:
    """Do bad runs end at the published losses as often as published, at every (k, n)?

    Monte Carlo chi-square test of homogeneity over the published losses and what lies at none of
    them, Holm-adjusted over all (k, n) that ran. A file with several times the bad runs of its size
    repeats them, and they count once here.

    Sizes at which the test would miss the smallest difference compare nothing.

    Parameters of the claim: search, seed, resamples, decimals (of the losses),
    smallest_difference (total variation distance).
    Source: S18, result files of the authors.
    """
    settings = claim.parameters
    ours = _bad_losses(curvature, memberships, settings["search"])
    published = _counted_once(safran2018_family_counts, safran2018_bad_run_rates)
    seen = {
        case: frame
        for case, frame in published.items()
        if _power(ours.get(case), frame, settings["smallest_difference"], level / len(published))
        >= REQUIRED_POWER
    }
    compared = {
        case: homogeneity_p(
            _at_levels(ours[case], frame["loss"].to_numpy(), settings["decimals"]),
            np.append(frame["bad_runs"].to_numpy(), 0),
            seed=settings["seed"],
            resamples=settings["resamples"],
        )
        for case, frame in seen.items()
    }
    if not compared:
        return not_run(f"search {settings['search']} has too few bad runs at every (k, n)")
    adjusted = dict(zip(compared, holm(list(compared.values())).tolist(), strict=True))
    wrong = [case for case in compared if adjusted[case] <= level]
    worst = min(compared, key=lambda case: compared[case])
    left_out = len(published) - len(compared)
    return Finding(
        verdict=Verdict.DEVIATES if wrong else Verdict.REPRODUCED,
        found={"files": len(compared), "files that differ": len(wrong)},
        sample_size=sum(ours[case].size for case in compared),
        expected={"files that differ": 0},
        note=f"Smallest p = {compared[worst]:.2g} at k={worst[0]}, n={worst[1]}, adjusted "
        f"{adjusted[worst]:.2g}, at level {level:.2g}. {left_out} of {len(published)} files have "
        "too few bad runs, there or here, to see a total variation distance of "
        f"{settings['smallest_difference']:g}. Compared: {sizes_by_excess(compared)}.",
        evidence=f"tables/memberships.parquet: search={settings['search']}; "
        "tables/curvature.parquet: loss",
    )


def files_that_repeat_runs(claim: Claim, safran2018_family_counts: pd.DataFrame) -> Finding:
    """In which files do all counts, of two families or more, share a factor?

    Parameter of the claim: factor. Expected: the size of the one file. Source: derived, of S18,
    result files of the authors.
    """
    factor = claim.parameters["factor"]
    counts = {case: frame["bad_runs"] for case, frame in _by_size(safran2018_family_counts).items()}
    shared = [
        f"k={k}, n={n}"
        for (k, n), runs in counts.items()
        if len(runs) > 1 and gcd(*map(int, runs)) % factor == 0
    ]
    single = sum(len(runs) == 1 for runs in counts.values())
    return Finding(
        verdict=Verdict.REPRODUCED if shared == [claim.expected] else Verdict.REFUTED,
        found="; ".join(shared) or "none",
        sample_size=len(counts),
        expected=claim.expected,
        note=f"Of {len(counts)} files, {single} with one family alone.",
        evidence="published/safran2018_family_counts.csv",
        would_decide=f"{len(shared)} files have such counts, not the one named alone; the authors' "
        "runs one by one would decide.",
    )


def _bad_losses(
    curvature: pd.DataFrame, memberships: pd.DataFrame, search: str
) -> dict[Case, NDArray[np.float64]]:
    """Losses at the spurious minima that runs of a search ended at, by size."""
    runs = with_class_columns(
        memberships[memberships["search"] == search], curvature, ["kind", "loss"]
    )
    runs = runs[runs["kind"] == "spurious_minimum"]
    return {case: part["loss"].to_numpy(np.float64) for case, part in _by_size(runs).items()}


def _counted_once(
    safran2018_family_counts: pd.DataFrame, safran2018_bad_run_rates: pd.DataFrame
) -> dict[Case, pd.DataFrame]:
    """The published counts by size; those of a file that repeats its bad runs count once."""
    bad = published_bad_runs(safran2018_bad_run_rates)
    found = {}
    for case, frame in _by_size(safran2018_family_counts).items():
        times = round(frame["bad_runs"].sum() / bad[case].hits)
        found[case] = frame.assign(bad_runs=frame["bad_runs"] // times)
    return found


def _power(
    losses: NDArray[np.float64] | None, published: pd.DataFrame, difference: float, level: float
) -> float:
    """Power of the test at one size against a total variation distance."""
    if losses is None:
        return 0.0
    runs = int(published["bad_runs"].sum())
    return power_of_homogeneity_test(losses.size, runs, len(published) + 1, difference, level)


def _by_size(frame: pd.DataFrame) -> dict[Case, pd.DataFrame]:
    cases = sorted(set(zip(frame["k"].tolist(), frame["n"].tolist(), strict=True)))
    return {case: of_case(frame, dict(zip(("k", "n"), case, strict=True))) for case in cases}


def _at_levels(
    losses: NDArray[np.float64], levels: NDArray[np.float64], decimals: int
) -> NDArray[np.int64]:
    """How many losses round to each of the levels, and to none."""
    allowed = half_a_digit(decimals)
    at = np.abs(losses[:, None] - levels) <= allowed
    return np.append(at.sum(axis=0), int((~at.any(axis=1)).sum())).astype(np.int64)
