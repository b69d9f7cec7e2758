"""Minima that bad runs end at, by their losses, against the counts in the authors' result files."""

from __future__ import annotations

from math import gcd

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import half_a_digit, not_run, of_case, ranges_of
from relu_landscape.judging.statistics import holm, homogeneity_p
from relu_landscape.studies.safran.verdicts.counts import Case
from relu_landscape.studies.safran.verdicts.rows import with_class_columns


def bad_runs_by_level(
    claim: Claim,
    curvature: pd.DataFrame,
    memberships: pd.DataFrame,
    safran2018_family_counts: pd.DataFrame,
    level: float,
) -> Finding:
    """Do bad runs end at the published losses as often as published, at every (k, n)?

    Monte Carlo chi-square test of homogeneity over the published losses and what lies at none of
    them, Holm-adjusted over all (k, n) that ran. A file whose counts share the factor `repeated`
    holds its runs so many times, and counts them once here.

    Parameters of the claim: search, seed, resamples, decimals (significant, of the losses),
    repeated, least_runs (fewer bad runs on either side compare nothing).
    Source: S18, result files of the authors.
    """
    settings = claim.parameters
    ours = _bad_losses(curvature, memberships, settings["search"])
    published = _counts(safran2018_family_counts, settings["repeated"])
    compared: dict[Case, float] = {}
    for case, frame in published.items():
        losses = ours.get(case, np.empty(0))
        if min(losses.size, int(frame["bad_runs"].sum())) < settings["least_runs"]:
            continue
        counts = _at_levels(losses, frame["loss"].to_numpy(), settings["decimals"])
        theirs = np.append(frame["bad_runs"].to_numpy(), 0)
        compared[case] = homogeneity_p(
            counts, theirs, seed=settings["seed"], resamples=settings["resamples"]
        )
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
        f"fewer than {settings['least_runs']} bad runs there or here. n = k: "
        f"k = {ranges_of(k for k, n in compared if n == k)}.",
        evidence=f"tables/memberships.parquet: search={settings['search']}; "
        "tables/curvature.parquet: loss",
    )


def files_that_repeat_runs(claim: Claim, safran2018_family_counts: pd.DataFrame) -> Finding:
    """In which files do all counts, of two families or more, share a factor?

    Parameter of the claim: factor. Expected: the size of the one file. Source: derived, of S18,
    result files of the authors.
    """
    factor = claim.parameters["factor"]
    counts = {
        case: frame["bad_runs"] for case, frame in _counts(safran2018_family_counts, 1).items()
    }
    shared = [f"k={k}, n={n}" for (k, n), runs in counts.items() if _shares(runs, factor)]
    single = sum(len(runs) == 1 for runs in counts.values())
    return Finding(
        verdict=Verdict.REPRODUCED if shared == [claim.expected] else Verdict.UNDECIDED,
        found="; ".join(shared) or "none",
        sample_size=len(counts),
        expected=claim.expected,
        note=f"Of {len(counts)} files, {single} with one family alone.",
        evidence="published/safran2018_family_counts.csv",
    )


def _bad_losses(
    curvature: pd.DataFrame, memberships: pd.DataFrame, search: str
) -> dict[Case, NDArray[np.float64]]:
    """Losses at the spurious minima that runs of a search ended at, by size."""
    runs = with_class_columns(
        memberships[memberships["search"] == search], curvature, ["kind", "loss"]
    )
    runs = runs[runs["kind"] == "spurious_minimum"]
    return {
        case: runs.loc[(runs["k"] == case[0]) & (runs["n"] == case[1]), "loss"].to_numpy(np.float64)
        for case in _cases(runs)
    }


def _counts(safran2018_family_counts: pd.DataFrame, repeated: int) -> dict[Case, pd.DataFrame]:
    """The published counts by size, those that are repeated counted once."""
    found = {}
    for case in _cases(safran2018_family_counts):
        frame = of_case(safran2018_family_counts, dict(zip(("k", "n"), case, strict=True)))
        runs = frame["bad_runs"] // (repeated if _shares(frame["bad_runs"], repeated) else 1)
        found[case] = frame.assign(bad_runs=runs)
    return found


def _shares(counts: pd.Series, factor: int) -> bool:
    """Whether two counts or more are all multiples of a factor."""
    return len(counts) > 1 and gcd(*map(int, counts)) % factor == 0


def _cases(frame: pd.DataFrame) -> list[Case]:
    return sorted(set(zip(frame["k"].tolist(), frame["n"].tolist(), strict=True)))


def _at_levels(
    losses: NDArray[np.float64], levels: NDArray[np.float64], decimals: int
) -> NDArray[np.int64]:
    """How many losses round to each of the levels, and to none."""
    allowed = half_a_digit(decimals)
    at = np.abs(losses[:, None] - levels) <= allowed
    return np.append(at.sum(axis=0), int((~at.any(axis=1)).sum())).astype(np.int64)
