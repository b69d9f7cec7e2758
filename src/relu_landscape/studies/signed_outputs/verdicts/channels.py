"""Tests of claims about channels: pairs of opposite outputs that go to infinity."""

from __future__ import annotations

from typing import Final

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, universal_finding

_ENDS, _RISES = "channel_ends", "channel_rises"
_END: Final = ("teachers", "draw", "end")
_PAIR: Final = (*_END, "gamma")


def loss_rises_towards_ends(
    claim: Claim, channel_ends: pd.DataFrame, channel_rises: pd.DataFrame
) -> Finding:
    """Is F of the pair below F_end wherever p' is not zero, and gamma (F_end - F) near its limit?

    Compared with the limit is the largest gamma.

    Parameters of the claim: relative (of the difference, times gamma). Source: derived.
    """
    if channel_rises.empty:
        return not_run("no end with p' other than zero")
    rows = channel_rises.merge(channel_ends[[*_END, "k"]], on=list(_END))
    error = (rows["rate"] / rows["limit"] - 1.0).abs()
    last = rows["gamma"] == rows["gamma"].max()
    off = last & (error * rows["gamma"] > claim.parameters["relative"])
    proved = channel_ends[channel_ends["across_lower"] > 0]
    return universal_finding(
        Cases(rows, rows[~rows["below"] | off], _RISES, _PAIR),
        found={
            "ends": len(rows[list(_END)].drop_duplicates()),
            "largest relative difference from the limit": float(error[last].max()),
        },
        note=f"{len(proved)} ends are proved strict minima of F_end with p' other than zero, in "
        "balls; below each F is proved to lie at every gamma tried.",
    )


def orthonormal_ends_are_plateaus(claim: Claim, channel_ends: pd.DataFrame) -> Finding:
    """Has every minimum of F_end that searches met p' = 0, with orthonormal teachers?

    Parameter of the claim: zero. Source: searches.
    """
    rows = channel_ends[channel_ends["teachers"] == "orthonormal"]
    if rows.empty:
        return not_run("no end with orthonormal teachers")
    across = rows[rows["across_norm"] > claim.parameters["zero"]]
    return universal_finding(
        Cases(rows, across, _ENDS, _END),
        found={"largest |p'|": float(rows["across_norm"].max())},
        note="Each is a proved strict minimum, in balls.",
    )


def some_end_is_off_the_lines(claim: Claim, channel_ends: pd.DataFrame) -> Finding:
    """Is there, with random teachers, a proved strict minimum of F_end with p' other than zero?

    Parameter of the claim: none. Source: derived.
    """
    del claim
    rows = channel_ends[channel_ends["teachers"] == "random"]
    if rows.empty:
        return not_run("searches with random teachers met global minima alone")
    proved = rows[rows["across_lower"] > 0]
    return Finding(
        verdict=Verdict.REPRODUCED if len(proved) else Verdict.UNDECIDED,
        found={"ends": len(proved), "draws of teachers": int(proved["draw"].nunique())},
        sample_size=len(rows),
        note="Proved in balls, without a certificate.",
        evidence=f"tables/{_ENDS}.parquet",
        would_decide="A draw of teachers with such a minimum would decide.",
    )
