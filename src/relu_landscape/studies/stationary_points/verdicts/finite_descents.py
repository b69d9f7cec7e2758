"""Tests of claims about descent on finite data, and about random changes of its ends."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, universal_finding

_END = ("data_set", "run")


def norms_grow_together(claim: Claim, finite_ends: pd.DataFrame) -> Finding:
    """Have |w_i| and |h_i| of the neurons that grow a ratio near 1, from then on?

    Parameter of the claim: factor. Source: Wu, Simsek & Ged, Fact 4.6.
    """
    if finite_ends.empty:
        return not_run("no descent")
    factor = claim.parameters["factor"]
    apart = (finite_ends["largest_ratio"] > factor) | (finite_ends["least_ratio"] < 1 / factor)
    return universal_finding(
        Cases(finite_ends, finite_ends[apart], "finite_ends", _END),
        found={
            "least |w|/|h|": float(finite_ends["least_ratio"].min()),
            "largest |w|/|h|": float(finite_ends["largest_ratio"].max()),
            "largest imbalance": float(finite_ends["imbalance"].max()),
        },
        note="The imbalance is that of |w|^2 - |h|^2, which gradient flow keeps and steps change.",
    )


def changes_raise_the_loss(claim: Claim, finite_perturbations: pd.DataFrame) -> Finding:
    """Has no random change of the weights of an end a smaller loss?

    Parameter of the claim: way. Source: code and stored outputs of the authors ("walk").
    """
    rows = finite_perturbations[finite_perturbations["way"] == claim.parameters["way"]]
    if rows.empty:
        return not_run("no changes of this kind")
    return universal_finding(
        Cases(rows, rows[rows["lower"] > 0], "finite_perturbations", (*_END, "way")),
        found={
            "smallest change": float(rows["smallest_change"].min()),
            "networks": int(rows["draws"].sum()),
        },
        note="The largest change of a weight is "
        f"{(rows['farthest'] / rows['amplitude']).max():.0f} times that of one draw.",
    )


def walks_go_away(claim: Claim, finite_perturbations: pd.DataFrame) -> Finding:
    """Is the smallest change of a loss larger in a walk than of independent draws, at each end?

    Parameter of the claim: none. Source: derived, from the code of the authors.
    """
    del claim
    pairs = finite_perturbations.pivot(
        index=list(_END), columns="way", values=["smallest_change", "farthest", "amplitude"]
    ).dropna()
    if pairs.empty:
        return not_run("no end was changed in both ways")
    change = pairs["smallest_change"]
    larger = change["walk"] > change["independent"]
    distance = pairs["farthest"]["walk"] / pairs["amplitude"]["walk"]
    rows = larger.reset_index()
    factors = change["walk"] / change["independent"]
    return universal_finding(
        Cases(rows, rows[~larger.to_numpy()], "finite_perturbations", _END),
        found={
            "smallest factor": float(factors.min()),
            "largest factor": float(factors.max()),
            "least distance in amplitudes": float(distance.min()),
        },
        note="Independent draws are within one amplitude of the end, every weight.",
        against=Verdict.DEVIATES,
    )
