"""Claims about global minima: which points they are and how curved the loss is there.

Every function takes a claim and the result tables and returns a finding; each is named by its
dotted path in the claims files.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from relu_landscape.findings import Claim, Finding, Verdict
from relu_landscape.global_minima.members import STRONG_CONVEXITY
from relu_landscape.statistics import clopper_pearson

__all__ = [
    "global_minima_recognised",
    "good_runs_approach_global_minima",
    "strong_convexity_attained",
    "strong_convexity_bound",
]


def global_minima_recognised(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the loss zero on the set of Theorem 2 and nowhere else?

    A counterexample is a class whose loss is zero to rounding far from the set, or one on the set
    whose loss is not. Between the two the loss grows at most like the squared distance, and at
    least like its cube, so the tolerances leave room for rounding alone.

    Parameters of the claim: zero_loss (at or below it a loss counts as zero), far (a distance that
    zero loss rules out), near (a distance that counts as none), least_loss (a loss that it rules
    out). Table: classes. Source: S21, Theorem 2.
    """
    classes = tables["classes"]
    if classes.empty:
        return _not_run("no class of end points")
    settings = claim.parameters
    distance, loss = classes["distance_to_global_minima"], classes["loss"]
    zero_elsewhere = (loss <= settings["zero_loss"]) & (distance >= settings["far"])
    positive_here = (loss >= settings["least_loss"]) & (distance <= settings["near"])
    wrong = classes[zero_elsewhere | positive_here]
    on_the_set = int((distance <= settings["near"]).sum())
    return Finding(
        verdict=Verdict.CONSISTENT if wrong.empty else Verdict.REFUTED,
        found={"classes on the set": on_the_set, "counterexamples": len(wrong)},
        sample_size=len(classes),
        expected={"counterexamples": 0},
        note=f"{on_the_set} of {len(classes)} classes lie on the set ({_sizes(classes)}).",
        evidence=_evidence("classes", wrong),
    )


def strong_convexity_bound(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the smallest Hessian eigenvalue at global minima with n = k at least 1/4 - 1/(2 pi)?

    Parameters of the claim: tolerance. Table: curvature. Source: S21, Theorem 3.
    """
    minima = _global_minima_at_equal_size(tables)
    if minima.empty:
        return _not_run("no global minimum at n = k")
    wrong = minima[minima["smallest_eigenvalue"] < STRONG_CONVEXITY - claim.parameters["tolerance"]]
    return Finding(
        verdict=Verdict.CONSISTENT if wrong.empty else Verdict.REFUTED,
        found=float(minima["smallest_eigenvalue"].min()),
        sample_size=len(minima),
        expected=STRONG_CONVEXITY,
        note=f"Smallest over {len(minima)} global minima ({_sizes(minima)}), {len(wrong)} below "
        "the bound.",
        evidence=_evidence("curvature", wrong),
    )


def strong_convexity_attained(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Is the smallest Hessian eigenvalue at global minima with n = k equal to 1/4 - 1/(2 pi)?

    Parameters of the claim: tolerance. Table: curvature.
    Source: S21, Theorem 3 and data of the authors; that it is attained is derived here.
    """
    minima = _global_minima_at_equal_size(tables)
    if minima.empty:
        return _not_run("no global minimum at n = k")
    eigenvalues = minima["smallest_eigenvalue"].to_numpy()
    error = np.abs(eigenvalues - STRONG_CONVEXITY)
    wrong = minima[error > claim.parameters["tolerance"]]
    return Finding(
        verdict=Verdict.REPRODUCED if wrong.empty else Verdict.DEVIATES,
        found=float(eigenvalues[error.argmax()]),
        sample_size=len(minima),
        expected=STRONG_CONVEXITY,
        note=f"Furthest of {len(minima)} global minima ({_sizes(minima)}): off by "
        f"{error.max():.1e}.",
        evidence=_evidence("curvature", wrong),
    )


def good_runs_approach_global_minima(claim: Claim, tables: Mapping[str, pd.DataFrame]) -> Finding:
    """Do runs with n > k that fell below the bad-run threshold approach the set of Theorem 2?

    A run is confirmed if its distance to the set gets below a threshold and falls like 1/t. Runs
    that are not confirmed have not been shown to end elsewhere, so they leave the claim undecided.

    Parameters of the claim: search. Table: confirmations.
    Source: how S18 counts; the rate 1/t is derived here.
    """
    search = claim.parameters["search"]
    continued = tables["confirmations"]
    runs = continued[continued["search"] == search]
    if runs.empty:
        return _not_run(f"no good run of search {search} with n > k was continued")
    confirmed = int(runs["confirmed"].sum())
    exponents = runs["decay_exponent"].dropna()
    exponent = f", median exponent {exponents.median():.3f}" if len(exponents) else ""
    low, high = clopper_pearson(confirmed, len(runs))
    return Finding(
        verdict=Verdict.CONSISTENT if confirmed == len(runs) else Verdict.UNDECIDED,
        found=100.0 * confirmed / len(runs),
        interval=(100.0 * low, 100.0 * high),
        sample_size=len(runs),
        expected=100.0,
        note=f"{confirmed} of {len(runs)} continued runs confirmed ({_sizes(runs)}){exponent}; "
        f"largest distance {runs['distance'].max():.2g}. Percent of runs confirmed.",
        evidence=f"tables/confirmations.parquet: search={search}",
    )


def _global_minima_at_equal_size(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    curvature = tables["curvature"]
    equal = curvature["n"] == curvature["k"]
    return curvature[equal & (curvature["kind"] == "global_minimum")]


def _sizes(frame: pd.DataFrame) -> str:
    extra = sorted({int(value) for value in frame["n"] - frame["k"]})
    return f"k={frame['k'].min()}..{frame['k'].max()}, n-k in {extra}"


def _evidence(table: str, counterexamples: pd.DataFrame) -> str:
    where = f"tables/{table}.parquet"
    if counterexamples.empty:
        return where
    named = ("k", "n", "class_id")
    return f"{where}: " + ", ".join(f"{name}={counterexamples[name].iloc[0]}" for name in named)


def _not_run(why: str) -> Finding:
    return Finding(verdict=Verdict.NOT_RUN, note=f"This profile did not run it: {why}.")
