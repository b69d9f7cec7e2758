"""Whether full rank at the start of descent means zero loss at its end."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, of_case
from relu_landscape.judging.statistics import rate_difference_interval

_RUN = ["data", "initialisation", "n", "d0", "d1", "trial"]
_TABLE = "tables/training_runs.parquet"


def full_rank_at_the_start_not_enough(claim: Claim, training_runs: pd.DataFrame) -> Finding:
    """Does descent from a region of full rank end at critical points with a loss of more than zero?

    Only runs that settled count: their gradient vanishes, and with it the loss wherever the
    Jacobian has full rank, so that it must have lost that. Runs out of budget decide nothing and
    are counted.

    Parameters of the claim: none. Case: any of data, initialisation, n, d0, d1.
    Source: Karhadkar, Murray, Tseran and Montufar (2024), reviews.
    """
    runs = _ends(of_case(training_runs, claim.case))
    started = runs[runs["full_at_start"]]
    if started.empty:
        return not_run("no run started with full rank")
    settled = started[started["outcome"] == "settled"]
    if not settled.empty:
        verdict = Verdict.REPRODUCED
    elif (started["outcome"] == "unfinished").any():
        verdict = Verdict.UNDECIDED
    else:
        verdict = Verdict.DEVIATES
    kept = int((settled["rank"] == settled["n"]).sum())
    return Finding(
        verdict=verdict,
        found=_outcomes(started)
        | {
            "least mean square error where settled": _least(settled),
            "settled with full rank": kept,
        },
        sample_size=len(started),
        note="All runs started with full rank. Median of the steps into another region: "
        f"{started['crossings'].median():.0f}; rank fell below n in "
        f"{int((started['rank'] < started['n']).sum())} by the end.",
        evidence=_TABLE
        + (
            ""
            if settled.empty
            else ": " + ", ".join(f"{name}={settled[name].iloc[0]}" for name in _RUN)
        ),
    )


def full_rank_at_the_start_helps(claim: Claim, training_runs: pd.DataFrame) -> Finding:
    """Is zero loss reached more often from starts of full rank than from others?

    The difference of the two shares with its 99 % interval, over all widths of the case. Wider
    networks have full rank more often and are easier to train, so that this is no effect of the
    rank alone. Runs out of budget count as not at zero loss.

    Parameters of the claim: none. Case: any of data, initialisation, n, d0, d1.
    Source: derived here.
    """
    runs = _ends(of_case(training_runs, claim.case))
    zero = runs["outcome"] == "zero_loss"
    full = runs["full_at_start"]
    if not full.any() or full.all():
        return not_run("all runs started with full rank, or none did")
    counts = (
        int((zero & full).sum()),
        int(full.sum()),
        int((zero & ~full).sum()),
        int((~full).sum()),
    )
    interval = rate_difference_interval(*counts, confidence=0.99)
    if interval.low > 0:
        verdict = Verdict.REPRODUCED
    else:
        verdict = Verdict.DEVIATES if interval.high < 0 else Verdict.UNDECIDED
    return Finding(
        verdict=verdict,
        found=counts[0] / counts[1] - counts[2] / counts[3],
        interval=interval,
        sample_size=len(runs),
        note=f"Zero loss in {counts[0]} of {counts[1]} runs from full rank and in {counts[2]} of "
        f"{counts[3]} others; {int((runs['outcome'] == 'unfinished').sum())} ran out of budget.",
        evidence=_TABLE,
    )


def _ends(checks: pd.DataFrame) -> pd.DataFrame:
    """The last check of each run, with whether the first one had full rank."""
    first = checks[checks["iteration"] == 0]
    starts = first[_RUN].assign(full_at_start=first["rank"] == first["n"])
    return checks[checks["outcome"] != "running"].merge(starts, on=_RUN)


def _outcomes(runs: pd.DataFrame) -> dict[str, float | int | str | bool | None]:
    return {
        f"runs {outcome.replace('_', ' ')}": int((runs["outcome"] == outcome).sum())
        for outcome in ("zero_loss", "settled", "unfinished")
    }


def _least(settled: pd.DataFrame) -> float | None:
    return None if settled.empty else float(settled["mean_square_error"].min())
