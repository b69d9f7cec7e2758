"""Tests of claims about where gradient flow of erf students ends, fewer than the teachers."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    not_run,
    of_case,
    place_of,
    ranges_of,
    universal_finding,
)
from relu_landscape.judging.words import counted
from relu_landscape.studies.fewer_students.verdicts.copies import AVERAGE, PERTURBED, SIZE

_RUN = (*SIZE, "restart")


def flow_ends_at_a_copy(_: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Does every flow that came to an end, end at the copy-average or at the perturbed copy?

    Source: Simsek et al. 2023.
    """
    ended = erf_ends[erf_ends["end"] != "unfinished"]
    if ended.empty:
        return not_run("no flow came to an end")
    return universal_finding(
        Cases(ended, ended[ended["end"] == "other"], "erf_ends", _RUN),
        found={str(end): int(count) for end, count in ended["end"].value_counts().items()},
        note=f"{counted(len(erf_ends) - len(ended), 'flow')} did not come to an end. "
        f"{_shares(ended)}",
    )


def both_ends_occur(claim: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Do flows from different starts end at both points, at one number of students?

    Case of the claim: k, and n where it is about one. Source: Simsek et al. 2023, readme.
    """
    ends = of_case(erf_ends, claim.case)
    ended = ends[ends["end"].isin([AVERAGE, PERTURBED])]
    if ended.empty:
        return not_run("no flow of this size came to an end")
    kinds = ended.groupby("n")["end"].nunique()
    both = sorted(kinds[kinds == 2].index)
    return Finding(
        verdict=Verdict.REPRODUCED if both else Verdict.UNDECIDED,
        found={str(end): int(count) for end, count in ended["end"].value_counts().items()},
        sample_size=len(ended),
        note=_shares(ended) + (f" Both occur at n = {ranges_of(both)}." if both else ""),
        evidence=f"tables/erf_ends.parquet: {place_of(ended, tuple(claim.case))}",
        would_decide="" if both else "More restarts would: one kind alone was met at each n.",
    )


def end_depends_on_share(_: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Does the share of flows that end at the copy-average fall with n at each k?

    At some k it has to go from all to none, and at none may it rise. Source: Simsek et al. 2023.
    """
    ended = erf_ends[erf_ends["end"].isin([AVERAGE, PERTURBED])]
    averages = ended.assign(averages=ended["end"] == AVERAGE)
    shares = [rows.groupby("n")["averages"].mean().to_numpy() for _, rows in averages.groupby("k")]
    by_teachers = [share for share in shares if len(share) > 1]
    falls = [share[0] == 1 and share[-1] == 0 for share in by_teachers]
    rises = [share[0] < share[-1] for share in by_teachers]
    if not any(falls) and not any(rises):
        return not_run("no k has both a size that ends only in averages and one that never does")
    return Finding(
        verdict=Verdict.REFUTED if any(rises) else Verdict.CONSISTENT,
        found={"values of k with all to none": sum(falls), "values of k": len(by_teachers)},
        sample_size=len(ended),
        note=_shares(ended),
        evidence="tables/erf_ends.parquet",
    )


def average_neuron_is_published(claim: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Has the averaging neuron norm 1/sqrt(2 m - 1) and output m where flow ends in one?

    Parameter of the claim: tolerance. Source: Simsek et al. 2023, plotting code.
    """
    ends = erf_ends[erf_ends["end"] == AVERAGE]
    if ends.empty:
        return not_run("no flow ended at a copy-average")
    m = ends["k"] - ends["n"] + 1
    errors = pd.concat(
        [(ends["largest_output"] - m).abs(), (ends["norm"] - (2 * m - 1) ** -0.5).abs()], axis=1
    ).max(axis=1)
    return universal_finding(
        Cases(ends, ends[errors > claim.parameters["tolerance"]], "erf_ends", _RUN),
        found={"largest error": float(errors.max())},
        note="m = k - n + 1 teachers are averaged, and the others copied.",
    )


def accurate_flows_end_alike(_: Claim, erf_ends: pd.DataFrame) -> Finding:
    """Does a flow followed more accurately end at the same point?

    Source: two accuracies of one solver.
    """
    both = erf_ends.dropna(subset=["end_again"])
    if both.empty:
        return not_run("no flow was followed twice")
    against = both[both["end"] != both["end_again"]]
    return universal_finding(
        Cases(both, against, "erf_ends", _RUN),
        found={"flows followed twice": len(both), "other ends": len(against)},
        note="The second time with a hundredth of the error a step.",
        against=Verdict.DEVIATES,
    )


def _shares(ended: pd.DataFrame) -> str:
    """Which part of the flows of each size ended at the copy-average."""
    said = [
        f"k = {k}, n = {n}: {(rows['end'] == AVERAGE).sum()} of {len(rows)}"
        for (k, n), rows in ended.groupby(SIZE)
    ]
    return f"At the copy-average ended {'; '.join(said)}."
