"""Tests of claims about the copy-average and the perturbed copy."""

from __future__ import annotations

from typing import Final

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    universal_finding,
)

SIZE: Final = ["k", "n"]
POINT: Final = ("branch", "k", "n")
AVERAGE: Final = "copy_average"
PERTURBED: Final = "perturbed_copy"
BALLS: Final = "Shown in balls by this project's own code; no certificate of it is checked."


def stability_is_exchanged(claim: Claim, copy_points: pd.DataFrame) -> Finding:
    """Is the perturbed copy a minimum from this n on, and the copy-average up to this n?

    Case of the claim: k. Expected: first_n, last_n. Source: derived.
    """
    points = _of_relu(of_case(copy_points, claim.case))
    if points.empty:
        return not_run("these points were not solved for")
    minima = points[points["index"] == 0]
    found = {
        "first_n": int(minima.loc[minima["branch"] == PERTURBED, "n"].min()),
        "last_n": int(minima.loc[minima["branch"] == AVERAGE, "n"].max()),
    }
    agree = found == dict(claim.expected)
    return Finding(
        verdict=Verdict.REPRODUCED if agree else Verdict.DEVIATES,
        found=found,
        sample_size=len(points),
        expected=claim.expected,
        note="Between these n both are strict minima, as far as floating-point eigenvalues tell.",
        evidence=f"tables/copy_points.parquet: {place_of(points, ('k',))}",
    )


def saddles_have_index(_: Claim, copy_points: pd.DataFrame) -> Finding:
    """Is the index of every saddle the dimension of the representation it is unstable on?

    That is k - n where averaged teachers part, n - 2 where the copies of the copy-average do, and
    n - 1 where perturbed copies do. Source: derived.
    """
    saddles = _of_relu(copy_points)
    saddles = saddles[saddles["index"] > 0]
    if saddles.empty:
        return not_run("no point is a saddle")
    of_average = saddles["branch"] == AVERAGE
    copies = saddles["n"] - of_average
    expected = (saddles["k"] - saddles["n"]).where(saddles["irrep"] == "s_m", copies - 1)
    parted = saddles[of_average & (saddles["irrep"] != "s_m")]
    where = [f"k = {k}, n = {n}" for k, n in zip(parted["k"], parted["n"], strict=True)]
    return universal_finding(
        Cases(saddles, saddles[saddles["index"] != expected], "copy_points", POINT),
        found={"saddles": len(saddles), "as expected": int((saddles["index"] == expected).sum())},
        note="Every negative eigenvalue has one representation of the symmetric groups. The copies "
        f"of the copy-average part at {'; '.join(where) or 'no size'}.",
    )


def optimum_copies_and_averages(_: Claim, copy_points: pd.DataFrame) -> Finding:
    """Is the copy-average never above the perturbed copy?

    What is compared are two families of critical points, and no other: a lower copy-average is
    not excluded. Source: derived.
    """
    sizes = _both(_of_relu(copy_points), "loss")
    if sizes.empty:
        return not_run("no size has both points")
    against = sizes[sizes[PERTURBED] < sizes[AVERAGE]]
    return universal_finding(
        Cases(sizes, against, "copy_points", SIZE),
        found={
            "sizes": len(sizes),
            "copy-average lower": len(sizes) - len(against),
        },
        note="The perturbed copy is the lower one at "
        + (
            "; ".join(f"k = {k}, n >= {rows['n'].min()}" for k, rows in against.groupby("k"))
            or "no size"
        )
        + ". These two families are compared, and no other points. With the "
        "ReLU outputs of 1 stand for all positive ones; negative ones, which the paper's training "
        "allows, were not tried.",
        against=Verdict.DEVIATES,
    )


def losses_cross(claim: Claim, loss_crossings: pd.DataFrame) -> Finding:
    """Do both points have the same loss at this real n?

    Case of the claim: k. Parameter: decimals. Expected: n. Source: derived.
    """
    crossing = of_case(loss_crossings, claim.case)
    if crossing.empty:
        return not_run("the crossing at this k was not looked for")
    found = float(crossing["n"].iloc[0])
    agree = abs(found - claim.expected) <= half_a_digit(claim.parameters["decimals"])
    return Finding(
        verdict=Verdict.REPRODUCED if agree else Verdict.DEVIATES,
        found=found,
        sample_size=1,
        expected=claim.expected,
        note="The copy-average has the lower loss for smaller n, the perturbed copy for larger n.",
        evidence=f"tables/loss_crossings.parquet: {place_of(crossing, ('k',))}",
    )


def crossings_tend_to_limit(claim: Claim, crossing_limits: pd.DataFrame) -> Finding:
    """Is the extrapolated limit of n*(k) the zero of the limiting difference of the losses?

    It has to be as close as the last two extrapolations are to one another, and that closer than
    the tolerance; otherwise nothing is decided.

    Parameter of the claim: tolerance. Source: derived.
    """
    limits = crossing_limits.sort_values("nodes")
    last = limits.iloc[-1]
    limit = (last["lower"] + last["upper"]) / 2
    distance = abs(last["extrapolated"] - limit)
    error = abs(limits["extrapolated"].diff().iloc[-1]) if len(limits) > 1 else float("inf")
    tolerance = claim.parameters["tolerance"]
    decided = error <= tolerance
    agrees = distance <= max(error, last["upper"] - last["lower"])
    compared = Verdict.REPRODUCED if agrees else Verdict.DEVIATES
    return Finding(
        verdict=compared if decided else Verdict.UNDECIDED,
        found=float(last["extrapolated"]),
        sample_size=int(last["nodes"]),
        expected=float(limit),
        note=f"The limit is enclosed in [{last['lower']:.10f}, {last['upper']:.10f}]; the "
        f"extrapolation through {last['nodes']:.0f} values of k, from {last['least_k']:.0f} on, is "
        f"off by {distance:.1e}. The order of what the derivation leaves out is not proved.",
        evidence="tables/crossing_limits.parquet",
        would_decide="" if decided else "More and larger k would, from which to extrapolate.",
    )


def _of_relu(points: pd.DataFrame) -> pd.DataFrame:
    return points[points["kernel"] == "relu"]


def _both(points: pd.DataFrame, quantity: str) -> pd.DataFrame:
    """A quantity at the sizes with both points: k, n and a column a branch."""
    wide = points.pivot(index=SIZE, columns="branch", values=quantity)
    return wide.reindex(columns=[AVERAGE, PERTURBED]).dropna().reset_index()
