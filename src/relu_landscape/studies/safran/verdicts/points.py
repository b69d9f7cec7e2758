"""Statements about every spurious minimum found (S21, Section 4.2), and that there are any (S18).

Saddles at which descent stopped are counted in the notes and are no counterexamples.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, sizes_by_excess, universal_finding
from relu_landscape.judging.words import counted
from relu_landscape.studies.proofs import count_proved
from relu_landscape.studies.safran.verdicts.rows import (
    at_equal_size,
    spurious_minima,
    with_class_columns,
)
from relu_landscape.tables.columns import CLASS

_NONE_FOUND = "no spurious minimum"


def spurious_minima_exist(
    claim: Claim, curvature: pd.DataFrame, bad_run_rates: pd.DataFrame
) -> Finding:
    """Is there a spurious minimum at each of the sizes (k, n)?

    A spurious minimum is a critical point that is not global and whose smallest Hessian eigenvalue
    exceeds its error bound: numerical evidence, except at sizes where a certificate proves one.
    Sizes without one leave the claim undecided, however many runs there were.

    Parameters of the claim: sizes, a list of [k, n].
    Source: S18, abstract and Theorem 1.
    """
    minima = spurious_minima(curvature)
    met, missed, absent, without, proved = [], [], [], [], 0
    for k, n in claim.parameters["sizes"]:
        there = minima[(minima["k"] == k) & (minima["n"] == n)]
        proved += count_proved(there) > 0
        runs = int(
            bad_run_rates.loc[(bad_run_rates["k"] == k) & (bad_run_rates["n"] == n), "runs"].sum()
        )
        if not there.empty:
            met.append(f"({k}, {n})")
            continue
        without.append((k, n))
        if runs > 0:
            missed.append(f"({k}, {n}) in {counted(runs, 'run')}")
        else:
            absent.append(f"({k}, {n})")
    if not met and not missed:
        return not_run("none of the sizes was searched")
    total = len(claim.parameters["sizes"])
    note = f"Spurious minima at {len(met)} of {counted(total, 'size')} (k, n)."
    if missed:
        note += f" None at {', '.join(missed)}."
    if absent:
        note += f" Not searched: {', '.join(absent)}."
    return Finding(
        verdict=Verdict.REPRODUCED if len(met) == total else Verdict.UNDECIDED,
        found=len(met),
        sample_size=len(met) + len(missed),
        expected=total,
        note=note,
        evidence="tables/curvature.parquet: kind=spurious_minimum",
        proved=proved,
        would_decide=f"No minimum was met at {sizes_by_excess(without)}; certificates of minima "
        "there, or runs that end at some, would decide.",
    )


def hessian_positive(claim: Claim, curvature: pd.DataFrame) -> Finding:
    """Is every non-global minimum with n = k strict, its smallest eigenvalue above a threshold?

    Points of undecided kind, whose smallest eigenvalue is zero within its error, leave the claim
    undecided.

    Parameters of the claim: least_eigenvalue.
    Source: S21, Section 4.2; the threshold is that of the authors' code.
    """
    points = at_equal_size(curvature)
    minima = points[points["kind"] == "spurious_minimum"]
    if minima.empty:
        return not_run(_NONE_FOUND)
    wrong = minima[minima["smallest_eigenvalue"] <= claim.parameters["least_eigenvalue"]]
    saddles = int((points["kind"] == "saddle").sum())
    flat = points[points["kind"] == "undecided"]
    finding = universal_finding(
        Cases(minima, wrong, "curvature"),
        found=float(minima["smallest_eigenvalue"].min()),
        expected=None,
        note=f"Descent also stopped at {counted(saddles, 'saddle')} and "
        f"{counted(len(flat), 'point')} of undecided kind.",
        proved=count_proved(minima),
    )
    if finding.verdict is Verdict.CONSISTENT and len(flat):
        return replace(
            finding,
            verdict=Verdict.UNDECIDED,
            evidence=finding.evidence + ": kind=undecided",
            would_decide=f"{len(flat)} points have a smallest eigenvalue of zero within its error; "
            "more digits, or certificates, would decide.",
        )
    return finding


def ends_pass_checks(claim: Claim, memberships: pd.DataFrame, curvature: pd.DataFrame) -> Finding:
    """Do the non-global minima with n = k where a search ends pass the three checks of S21?

    The smallest Hessian eigenvalue exceeds a threshold, the norms sum to at most k, and every H'_ii
    has a negative eigenvalue. Runs that stopped at saddles are counted in the note.

    Parameters of the claim: search, least_eigenvalue, tolerance (of the other two).
    Source: S21, Section 4.2.
    """
    runs = memberships[memberships["search"] == claim.parameters["search"]]
    met = runs.groupby(list(CLASS), as_index=False).size()
    points = at_equal_size(curvature.merge(met, on=list(CLASS)))
    minima = spurious_minima(points)
    if minima.empty:
        return not_run(_NONE_FOUND)
    tolerance = claim.parameters["tolerance"]
    wrong = (
        (minima["smallest_eigenvalue"] <= claim.parameters["least_eigenvalue"])
        | (minima["norm_gap"] < -tolerance)
        | (minima["largest_inner_eigenvalue"] >= -tolerance)
    )
    return universal_finding(
        Cases(minima, minima[wrong], "curvature"),
        found={
            "smallest eigenvalue": float(minima["smallest_eigenvalue"].min()),
            "smallest k - sum of norms": float(minima["norm_gap"].min()),
            "largest eigenvalue of H'_ii": float(minima["largest_inner_eigenvalue"].max()),
        },
        note=f"{counted(int(minima['size'].sum()), 'run')}, and "
        f"{int(points.loc[points['kind'] == 'saddle', 'size'].sum())} at saddles.",
        proved=count_proved(minima),
    )


def runs_end_together(claim: Claim, spreads: pd.DataFrame) -> Finding:
    """Are two runs that end at the same non-global minimum at most so far apart, at n = k?

    Cases are the minima where two or more runs of the search ended by its tolerance; runs that were
    ended in the ball around a known minimum do not count.

    Parameter of the claim: search. Expected: the distance. Source: S21, Section 4.2.
    """
    rows = spreads[spreads["search"] == claim.parameters["search"]]
    if rows.empty:
        return not_run("no two runs ended at one minimum")
    return universal_finding(
        Cases(rows, rows[rows["spread"] > claim.expected], "spreads", ("search", *CLASS)),
        found=float(rows["spread"].max()),
        expected=claim.expected,
        note=f"{counted(int(rows['runs'].sum()), 'run')}.",
        against=Verdict.DEVIATES,
    )


def norm_sum_below_teachers(claim: Claim, curvature: pd.DataFrame) -> Finding:
    """Is the sum of the norms of the neurons at most k at every non-global minimum with n = k?

    That is what Theorem 14 assumes. The minima with n > k are counted in the note.

    Parameters of the claim: tolerance. Source: S21, Section 4.2.
    """
    everywhere = spurious_minima(curvature)
    minima = at_equal_size(everywhere)
    if minima.empty:
        return not_run(_NONE_FOUND)
    more = everywhere[everywhere["n"] > everywhere["k"]]
    return universal_finding(
        Cases(minima, minima[minima["norm_gap"] < -claim.parameters["tolerance"]], "curvature"),
        found=float(minima["norm_gap"].min()),
        expected=None,
        note="Smallest k - sum of norms. With n > k the sum exceeds k at "
        f"{int((more['norm_gap'] < 0).sum())} of "
        f"{counted(len(more), 'spurious minimum', 'spurious minima')}.",
        proved=count_proved(minima, "norm_sum_proved"),
    )


def norm_sum_bounded(claim: Claim, curvature: pd.DataFrame) -> Finding:
    """Is the sum of the norms of the neurons at most k n at every local minimum?

    Parameters of the claim: tolerance. Source: S21, Proposition 15.
    """
    minima = curvature[curvature["kind"].isin(["global_minimum", "spurious_minimum"])]
    if minima.empty:
        return not_run("no local minimum")
    share = minima["norm_sum"] / (minima["k"] * minima["n"])
    return universal_finding(
        Cases(minima, minima[share > 1.0 + claim.parameters["tolerance"]], "curvature"),
        found=float(share.max()),
        expected=1.0,
        note="Largest sum of norms over k n.",
    )


def inner_curvature_negative(
    claim: Claim, neurons: pd.DataFrame, curvature: pd.DataFrame
) -> Finding:
    """Has H'_ii a negative eigenvalue for every neuron of every non-global minimum with n = k?

    Parameters of the claim: tolerance. Source: S21, Section 4.2.
    """
    neurons = with_class_columns(neurons, curvature, ["kind"])
    neurons = at_equal_size(neurons[neurons["kind"] == "spurious_minimum"])
    if neurons.empty:
        return not_run(_NONE_FOUND)
    eigenvalues = neurons["inner_smallest_eigenvalue"]
    return universal_finding(
        Cases(neurons, neurons[eigenvalues >= -claim.parameters["tolerance"]], "neurons"),
        found=float(eigenvalues.max()),
        expected=None,
        note="Largest over all neurons of the smallest eigenvalue of H'_ii.",
        proved=count_proved(neurons),
    )


def mean_curvature_negative(claim: Claim, curvature: pd.DataFrame) -> Finding:
    """Is the mean eigenvalue tr(H'_ii)/d of every neuron negative at non-global minima with n = k?

    Parameters of the claim: tolerance. Source: S21, data of the authors.
    """
    minima = at_equal_size(spurious_minima(curvature))
    if minima.empty:
        return not_run(_NONE_FOUND)
    largest = minima["largest_mean_curvature"]
    return universal_finding(
        Cases(minima, minima[largest >= -claim.parameters["tolerance"]], "curvature"),
        found=float(largest.max()),
        expected=None,
        note="Largest mean curvature of a neuron.",
    )


def symmetry_types(claim: Claim, curvature: pd.DataFrame, classes: pd.DataFrame) -> Finding:
    """Is the number of orbits of coordinates, the length of p, among the allowed ones at n = k?

    Parameters of the claim: allowed, a list of lengths.
    Source: S21, Section 4.2, data of the authors.
    """
    minima = with_class_columns(
        at_equal_size(spurious_minima(curvature)), classes, ["coordinate_orbits"]
    )
    lengths = minima["coordinate_orbits"].str.count(r"\+") + 1
    return _counts_allowed(minima, lengths, claim.parameters["allowed"], "orbits of coordinates")


def entry_values_counted(claim: Claim, curvature: pd.DataFrame, classes: pd.DataFrame) -> Finding:
    """Is the number of different weights of a non-global minimum with n = k among the allowed ones?

    Parameters of the claim: allowed, a list of numbers.
    Source: S21, Section 4.2, data of the authors.
    """
    minima = with_class_columns(
        at_equal_size(spurious_minima(curvature)), classes, ["distinct_values"]
    )
    return _counts_allowed(
        minima, minima["distinct_values"], claim.parameters["allowed"], "different weights"
    )


def _counts_allowed(
    minima: pd.DataFrame, counts: pd.Series, allowed: list[int], what: str
) -> Finding:
    if minima.empty:
        return not_run(_NONE_FOUND)
    tally = {f"{int(value)} {what}": int(sum(counts == value)) for value in sorted(set(counts))}
    return universal_finding(
        Cases(minima, minima[~counts.isin(allowed)], "classes"),
        found=tally,
        expected={"allowed": ", ".join(str(value) for value in allowed)},
        note=f"Minima by their number of {what}.",
    )
