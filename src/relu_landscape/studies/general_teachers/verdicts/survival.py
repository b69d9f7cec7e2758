"""Tests of claims about II_1 at teachers that are not orthonormal."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, universal_finding
from relu_landscape.judging.statistics import clopper_pearson, fisher_exact_p, holm

_TABLE = "general_survivals"
_KEY = ("target", "k", "d")


def second_type_survives(claim: Claim, general_survivals: pd.DataFrame) -> Finding:
    """Does a bad minimum remain next to II_1 at nearly all draws, at every k and the largest d?

    It does at a draw if descent from II_1 ends at a critical point that is proved a bad minimum.

    Parameters of the claim: least_d, least_share. Source: S18, abstract; the share and the
    dimension that stand for its words are ours.
    """
    rows, settings = _random(general_survivals), claim.parameters
    if rows.empty or rows["d"].max() < settings["least_d"]:
        return not_run(f"no teachers were drawn in {settings['least_d']} or more dimensions")
    largest = int(rows["d"].max())
    high = rows[rows["d"] == largest]
    counts = high.groupby("k")["proved"].agg(["sum", "size"])
    intervals = [clopper_pearson(int(row["sum"]), int(row["size"])) for _, row in counts.iterrows()]
    if all(low >= settings["least_share"] for low, _ in intervals):
        verdict = Verdict.CONSISTENT
    elif any(up < settings["least_share"] for _, up in intervals):
        verdict = Verdict.DEVIATES
    else:
        verdict = Verdict.UNDECIDED
    shares = counts["sum"] / counts["size"]
    return Finding(
        verdict=verdict,
        found={f"share at k = {k}": float(share) for k, share in shares.items()},
        sample_size=len(high),
        proved=int(high["proved"].sum()),
        note=f"Of {counts['size'].min()} draws a k in R^{largest}; the lowest end of an interval "
        f"is {min(low for low, _ in intervals):.2f}. {_dimensions(rows, settings['least_share'])}.",
        evidence=f"tables/{_TABLE}.parquet: k={shares.idxmin()}, d={largest}",
        would_decide=f"{counts['size'].min()} draws do not tell the share from "
        f"{settings['least_share']:g}; more would decide.",
    )


def _dimensions(rows: pd.DataFrame, least_share: float) -> str:
    """The least d tried from which on more than this share of the draws is survived, by k."""
    shares = rows.groupby(["k", "d"])["proved"].mean().unstack("d")
    said = []
    for k, values in shares.iterrows():
        known = values.dropna()
        fewer = known.index[known <= least_share]
        enough = known.index[known.index > fewer.max()] if len(fewer) else known.index
        if len(enough):
            said.append(f"{enough.min()} at k = {k}")
    return f"More than {least_share:.0%} are survived from d = {', '.join(said) or 'none'} on"


def survival_agrees_with_trial(
    claim: Claim, general_survivals: pd.DataFrame, level: float
) -> Finding:
    """Does II_1 survive as many draws as in the trial, at each k and d of both?

    Two-sided Fisher tests, Holm-adjusted over these.

    Parameter of the claim: trial (k, d, survived, draws of each). Source: a trial of this project.
    """
    counts = _random(general_survivals).groupby(["k", "d"])["proved"].agg(["sum", "size"])
    trial = pd.DataFrame(claim.parameters["trial"])
    rows = counts.reset_index().merge(trial, on=["k", "d"])
    if rows.empty:
        return not_run("no draws of the sizes of the trial")
    pairs = rows.to_dict("records")
    adjusted = holm(
        [fisher_exact_p(row["sum"], row["size"], row["survived"], row["draws"]) for row in pairs]
    )
    said = [
        f"{row['sum']} of {row['size']} and {row['survived']} of {row['draws']} in R^{row['d']}"
        for row in pairs
    ]
    return universal_finding(
        Cases(rows, rows[adjusted < level], _TABLE, ("k", "d")),
        found={"least adjusted p": float(adjusted.min())},
        note=f"Here and in the trial: {', '.join(said)}. Level {level:.2g}.",
        against=Verdict.DEVIATES,
    )


def second_type_stays_when_correlated(claim: Claim, general_survivals: pd.DataFrame) -> Finding:
    """Does II_1 remain a bad minimum at every positive correlation of equiangular teachers?

    Parameter of the claim: least_k. Source: derived.
    """
    rows = general_survivals[general_survivals["kind"] == "equiangular"]
    rows = rows[rows["k"] >= claim.parameters["least_k"]]
    if rows.empty:
        return not_run("II_1 was taken to no equiangular teachers")
    unfinished = rows[rows["end"] == "unfinished"]
    ended = rows[rows["end"] != "unfinished"]
    if ended.empty:
        return not_run("no descent from II_1 came to an end")
    remains = ended["proved"] & ended["checked"]
    smaller = _smaller(general_survivals, claim.parameters["least_k"])
    return universal_finding(
        Cases(ended, ended[~remains], _TABLE, _KEY),
        found={
            "largest correlation": float(ended["largest_correlation"].max()),
            "its loss": float(ended["loss"].min()),
        },
        note=f"{len(unfinished)} descents did not come to an end.{smaller}",
        proved=int(remains.sum()),
    )


def _smaller(general_survivals: pd.DataFrame, least_k: int) -> str:
    """What became of II_1 at equiangular teachers of smaller k."""
    rows = general_survivals[general_survivals["kind"] == "equiangular"]
    rows = rows[(rows["k"] < least_k) & ~rows["proved"]]
    return f" At smaller k {len(rows)} ends are no proved minima." if len(rows) else ""


def _random(general_survivals: pd.DataFrame) -> pd.DataFrame:
    return general_survivals[general_survivals["kind"] == "random"]
