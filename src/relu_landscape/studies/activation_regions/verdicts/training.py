"""Whether full rank at the start of descent means zero loss at its end."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import scipy

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import not_run, of_case
from relu_landscape.judging.sample_sizes import rounded_up
from relu_landscape.judging.statistics import Interval
from relu_landscape.judging.words import counted

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
    unfinished = int((started["outcome"] == "unfinished").sum())
    kept = int((settled["rank"] == settled["n"]).sum())
    return Finding(
        verdict=Verdict.UNDECIDED if settled.empty else Verdict.REPRODUCED,
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
        would_decide=f"None of {counted(len(started), 'run')} settled, and {unfinished} were out "
        f"of budget after {started['iteration'].max()} steps; longer or further descents would "
        "decide.",
    )


def full_rank_at_the_start_helps(claim: Claim, training_runs: pd.DataFrame) -> Finding:
    """Is zero loss reached more often from starts of full rank than from others of equal size?

    Wider networks have full rank more often and are easier to train: the two shares are compared
    within each size (n, d0, d1), and the differences pooled with the weights of Mantel and
    Haenszel; sizes with starts of one kind only have no part in it. Runs out of budget count as not
    at zero loss.

    Parameters of the claim: confidence. Case: any of data, initialisation, n, d0, d1.
    Source: derived here.
    """
    runs = _ends(of_case(training_runs, claim.case))
    runs = runs.assign(zero=runs["outcome"] == "zero_loss")
    if runs["full_at_start"].nunique() < 2:
        return not_run("all runs started with full rank, or none did")
    counts = runs.groupby(["n", "d0", "d1", "full_at_start"])["zero"].agg(["sum", "size"]).unstack()
    both = counts.dropna()
    if both.empty:
        return not_run("at no size did some runs start with full rank and others without")
    full, other = (
        [
            (int(zero), int(size))
            for zero, size in zip(both["sum", kind], both["size", kind], strict=True)
        ]
        for kind in (True, False)
    )
    difference, interval = _within_sizes(full, other, claim.parameters["confidence"])
    if interval.low > 0:
        verdict = Verdict.REPRODUCED
    else:
        verdict = Verdict.DEVIATES if interval.high < 0 else Verdict.UNDECIDED
    everywhere = runs.groupby("full_at_start")["zero"].mean()
    return Finding(
        verdict=verdict,
        found={
            "difference within sizes": difference,
            "difference over all sizes": float(everywhere[True] - everywhere[False]),
        },
        interval=interval,
        sample_size=sum(size for _, size in (*full, *other)),
        note=f"{counted(len(both), 'size')} with both kinds of start. The difference over all "
        f"sizes is an effect of the width as well. {int((runs['outcome'] == 'unfinished').sum())} "
        f"of {len(runs)} runs were out of budget.",
        evidence=_TABLE,
        would_decide=_would_decide_difference(
            difference,
            interval,
            runs=sum(size for _, size in (*full, *other)),
            unfinished=int((runs["outcome"] == "unfinished").sum()),
        ),
    )


def _would_decide_difference(
    difference: float, interval: Interval, *, runs: int, unfinished: int
) -> str:
    """How many runs would tell a difference like this from none, at the spread found."""
    half = 0.5 * (interval.high - interval.low)
    known = f"The difference is {abs(difference):.2f} +- {half:.2f} in {counted(runs, 'run')}; "
    if abs(difference) <= half / runs:  # more than a million runs, or more than there is to see
        out = f", longer ones for {unfinished} out of budget might" if unfinished else ""
        return f"{known}no number of such runs would show one{out}."
    needed = rounded_up(runs * (half / difference) ** 2)
    return f"{known}about {needed} runs would decide a difference as large."


def _within_sizes(
    full: Sequence[tuple[int, int]], other: Sequence[tuple[int, int]], confidence: float
) -> tuple[float, Interval]:
    """Difference of two rates within strata, each (successes, trials), with its interval.

    sum w (a/m - c/l) / sum w with w = m l/(m + l), normal limit.

    Source: Greenland and Robins, Biometrics 41 (1985).
    """
    weights = difference = variance = 0.0
    for (a, m), (c, k) in zip(full, other, strict=True):
        weight = m * k / (m + k)
        weights += weight
        difference += weight * (a / m - c / k)
        variance += weight**2 * (a * (m - a) / m**3 + c * (k - c) / k**3)
    middle = difference / weights
    half = float(scipy.stats.norm.ppf(0.5 + confidence / 2.0)) * variance**0.5 / weights
    return middle, Interval(middle - half, middle + half)


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
