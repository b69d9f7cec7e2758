"""Tests of claims about II_1 at teachers that are not orthonormal."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, of_case, universal_finding
from relu_landscape.judging.statistics import clopper_pearson, fisher_exact_p, holm

_TABLE = "general_survivals"
_KEY = ("target", "k", "d")


def second_type_survives(claim: Claim, general_survivals: pd.DataFrame) -> Finding:
    """Does a bad minimum remain next to II_1 at nearly all draws, at the largest d?

    It does at a draw if descent from II_1 ends at a critical point that is proved a bad minimum.

    Case of the claim: k. Parameters: least_d, least_share. Source: S18, abstract; the share and the
    dimension that stand for its words are ours.
    """
    rows = of_case(_random(general_survivals), claim.case)
    counts = rows.groupby("d")["proved"].agg(["sum", "size"])
    settings = claim.parameters
    if counts.empty or max(counts.index) < settings["least_d"]:
        return not_run(f"no teachers were drawn in {settings['least_d']} or more dimensions")
    largest = max(counts.index)
    survived, total = (int(number) for number in counts.loc[largest])
    low, high = clopper_pearson(survived, total)
    if low >= settings["least_share"]:
        verdict = Verdict.CONSISTENT
    else:
        verdict = Verdict.DEVIATES if high < settings["least_share"] else Verdict.UNDECIDED
    said = [f"{row['sum']} of {row['size']} in R^{d}" for d, row in counts.iterrows()]
    return Finding(
        verdict=verdict,
        found=survived / total,
        interval=(low, high),
        sample_size=total,
        proved=survived,
        note=f"Proved: {', '.join(said)}.",
        evidence=f"tables/{_TABLE}.parquet: k={claim.case['k']}, d={largest}",
        would_decide=f"{total} draws do not tell the share from {settings['least_share']:g}; more "
        "would decide.",
    )


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
