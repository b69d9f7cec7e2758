"""Descent next to the global minima, with noise and without (S21, Theorem 13 and its setting)."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, sizes_of, universal_finding
from relu_landscape.judging.statistics import clopper_pearson

_RUN = ["k", "n", "step_factor", "noise_factor", "run"]
_FIT = ("k", "n", "run", "quantity")


def perturbed_descent_reaches_minima(
    claim: Claim, theorem_13: pd.DataFrame, perturbed_descent: pd.DataFrame
) -> Finding:
    """Does perturbed descent end within a squared distance delta of the minimum it started next to?

    Theorem 13 promises it with high probability for a step below lambda delta^2/(64 L^2), the noise
    delta/(4 n) and at least log(delta)/log(1 - eta lambda delta^2/64) iterations. Only runs with
    all three decide: in favour if all of them do, against if the whole interval of the share that
    does lies below one half, which no high probability is. What other runs do is counted: the share
    within delta of the set, and of the minimum itself.

    Parameters of the claim: noise_factor (noise that the theorem asks for, in units of
    delta/(4 n)), confidence. Source: S21, Theorem 13, Appendix D.2.
    """
    if theorem_13.empty or perturbed_descent.empty:
        return not_run("no perturbed descent")
    ends = perturbed_descent.sort_values("iteration").groupby(_RUN, as_index=False).tail(1)
    ends = ends.merge(
        theorem_13[["k", "n", "largest_step", "iterations"]], on=["k", "n"], how="left"
    )
    ends["near_set"] = ends["distance"] ** 2 <= ends["delta"]
    ends["near_start"] = ends["distance_to_start"] ** 2 <= ends["delta"]
    as_asked = ends[
        (ends["step_factor"] / ends["k"] < ends["largest_step"])
        & (ends["iteration"] >= ends["iterations"])
        & (ends["noise_factor"] == claim.parameters["noise_factor"])
    ]
    verdict = Verdict.UNDECIDED
    if not as_asked.empty:
        near = int(as_asked["near_start"].sum())
        if near == len(as_asked):
            verdict = Verdict.CONSISTENT
        elif clopper_pearson(near, len(as_asked), claim.parameters["confidence"]).high < 0.5:
            verdict = Verdict.DEVIATES
    shares = ", ".join(
        f"step {step:g}/k, noise {noise:g}: {int(near.sum())} of {len(near)}"
        for (step, noise), near in ends.groupby(["step_factor", "noise_factor"])["near_set"]
    )
    return Finding(
        verdict=verdict,
        found={
            "share within delta of the set": float(ends["near_set"].mean()),
            "share within delta of the minimum": float(ends["near_start"].mean()),
            "runs as asked for": len(as_asked),
        },
        sample_size=len(ends),
        note=f"The theorem asks for {theorem_13['iterations'].min():.1e} to "
        f"{theorem_13['iterations'].max():.1e} iterations ({sizes_of(theorem_13)}); the runs take "
        f"up to {ends['iteration'].max():.0e}, and {len(as_asked)} of {len(ends)} have its "
        "step, noise "
        f"and iterations. Within delta of the set at the end: {shares}.",
        evidence="tables/perturbed_descent.parquet: all runs; tables/theorem_13.parquet: all sizes",
        would_decide=f"The theorem asks for {theorem_13['iterations'].min():.1e} iterations or "
        f"more, {theorem_13['iterations'].min() / ends['iteration'].max():.0e} times those of the "
        f"longest run, and {len(as_asked)} runs are as it asks; its proof, or such runs, would "
        "decide.",
    )


def descent_sublinear(claim: Claim, convergence_rates: pd.DataFrame) -> Finding:
    """Do loss and gradient fall like t^-3 and t^-2 in descent to a global minimum of n > k?

    In the valley |grad F| ~ eps^2 and F ~ eps^3, so that d eps/dt ~ -eps^2 and eps ~ 1/t. Fits over
    too short a run are left out. The interval of a fit to correlated points is too narrow to
    decide, hence the tolerance.

    Parameters of the claim: exponents (by quantity), tolerance, least_iterations (of the last check
    fitted). Source: S21, Theorem 9, what follows from it; derived here.
    """
    settings = claim.parameters
    fits = convergence_rates[
        (convergence_rates["n"] > convergence_rates["k"])
        & convergence_rates["quantity"].isin(list(settings["exponents"]))
        & (convergence_rates["last_iteration"] >= settings["least_iterations"])
    ]
    if fits.empty:
        return not_run(f"no descent with n > k over {settings['least_iterations']} iterations")
    error = (fits["rate"] - fits["quantity"].map(settings["exponents"])).abs()
    wrong = (fits["law"] != "power") | (error > settings["tolerance"])
    ranges = fits.groupby("quantity")["rate"].agg(["min", "max"])
    return universal_finding(
        Cases(fits, fits[wrong], "convergence_rates", _FIT),
        found={
            f"{end} exponent of {quantity}": float(ranges.loc[quantity, column])
            for quantity in ranges.index
            for end, column in (("smallest", "min"), ("largest", "max"))
        },
        expected={f"exponent of {name}": value for name, value in settings["exponents"].items()},
        note=f"{int((fits['law'] == 'power').sum())} of {len(fits)} fits prefer a power to an "
        "exponential.",
        against=Verdict.DEVIATES,
    )


def descent_linear(_: Claim, convergence_rates: pd.DataFrame) -> Finding:
    """Do loss, gradient and distance fall exponentially in descent to a global minimum of n = k?

    Source: S21, Theorem 3, what follows from it; derived here.
    """
    fits = convergence_rates[convergence_rates["n"] == convergence_rates["k"]]
    if fits.empty:
        return not_run("no descent with n = k")
    wrong = (fits["law"] != "exponential") | (fits["rate"] >= 0.0)
    slowest = fits.groupby("quantity")["rate"].max()
    return universal_finding(
        Cases(fits, fits[wrong], "convergence_rates", _FIT),
        found={
            f"slowest change of log {quantity} a step": float(rate)
            for quantity, rate in slowest.items()
        },
        note="",
        against=Verdict.DEVIATES,
    )
