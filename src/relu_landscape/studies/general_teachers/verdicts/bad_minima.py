"""Tests of claims about the bad minima of teachers that are not orthonormal."""

from __future__ import annotations

import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import (
    Cases,
    half_a_digit,
    not_run,
    of_case,
    place_of,
    sizes_of,
    universal_finding,
)
from relu_landscape.judging.statistics import clopper_pearson, fisher_exact_p

_MINIMA, _SHARES = "general_minima", "general_shares"
_TARGET = ("target", "k", "d", "n")
_POINT = (*_TARGET, "class_id")
# The norms of the teachers are rounded; no sum of theirs is off by more than this share.
_ROUNDING = 1e-12


def bad_ends_are_proved_minima(claim: Claim, general_minima: pd.DataFrame) -> Finding:
    """Is every bad end proved a minimum, its certificate accepted by the checker?

    A negative eigenvalue in floating point refutes it; without one, what is not proved is open.

    Parameter of the claim: tolerance (of an eigenvalue). Source: derived.
    """
    if general_minima.empty:
        return not_run("no restart ended badly")
    proved, rows = int(_proved(general_minima).shape[0]), len(general_minima)
    saddles = general_minima[general_minima["smallest_eigenvalue"] < -claim.parameters["tolerance"]]
    shown = Verdict.CONSISTENT if proved == rows else Verdict.UNDECIDED
    return Finding(
        verdict=shown if saddles.empty else Verdict.REFUTED,
        found=proved,
        sample_size=rows,
        proved=proved,
        expected=rows,
        note=f"{sizes_of(general_minima)}; least curvature proved "
        f"{general_minima['hessian_lower'].min():.3g}, least loss "
        f"{general_minima['loss_lower'].min():.3g}.",
        evidence=f"tables/{_MINIMA}.parquet"
        + ("" if saddles.empty else f": {place_of(saddles, _POINT)}"),
        would_decide=f"{rows - proved} bad ends are not proved minima; certificates that the "
        "checker accepts would decide.",
    )


def restarts_end_on_plateaus(claim: Claim, general_minima: pd.DataFrame) -> Finding:
    """Does a restart end at a proved minimum in which students are parts of one neuron?

    Parameter of the claim: none. Source: own result, of the kind of S21, Theorem 16.
    """
    del claim
    minima = _proved(general_minima)
    if minima.empty:
        return not_run("no minimum was proved")
    split = minima[minima["neurons"] < minima["n"]]
    return Finding(
        verdict=Verdict.UNDECIDED if split.empty else Verdict.REPRODUCED,
        found={"runs": int(split["runs"].sum()), "draws": len(split.groupby(list(_TARGET)))},
        sample_size=int(minima["runs"].sum()),
        proved=len(split),
        note=f"Of all runs that ended badly at a proved minimum. {sizes_of(split)}."
        if len(split)
        else "",
        evidence=f"tables/{_MINIMA}.parquet"
        + (f": {place_of(split, _POINT)}" if len(split) else ""),
        would_decide="No restart ended at parallel students; one that does would decide.",
    )


def levels_are_apart(
    claim: Claim, general_shares: pd.DataFrame, general_minima: pd.DataFrame
) -> Finding:
    """Are bad ends equal or far apart, and losses those of rounding or far above it?

    With each set of teachers the distance of two levels is a multiple of the largest within one
    point, and the least loss of a bad end that of the largest other one.

    Parameter of the claim: least_ratio. Source: own check.
    """
    ratio = claim.parameters["least_ratio"]
    least = general_minima.groupby(list(_TARGET))["loss"].min().rename("least_bad").reset_index()
    rows = general_shares.merge(least, on=list(_TARGET))
    if rows.empty:
        return not_run("no restart ended badly")
    near = rows["least_separation"] < ratio * rows["largest_diameter"]
    small = rows["least_bad"] < ratio * rows["largest_good_loss"].abs()
    return universal_finding(
        Cases(rows, rows[near | small], _SHARES, _TARGET),
        found={
            "largest diameter": float(rows["largest_diameter"].max()),
            "least separation": float(rows["least_separation"].min()),
            "largest good loss": float(rows["largest_good_loss"].abs().max()),
            "least bad loss": float(rows["least_bad"].min()),
        },
        note="A separation bounds the distance of the points from below.",
    )


def exception_is_rebuilt(
    claim: Claim, general_minima: pd.DataFrame, general_neurons: pd.DataFrame
) -> Finding:
    """Has a draw the stated minimum, with one neuron of which all splits are minima?

    Of the minima with such a neuron the one of least loss is looked at. A value agrees if it rounds
    to the stated one.

    Parameters of the claim: target, decimals (compared, by column). Expected: values by column.
    Source: derived.
    """
    minima = general_minima[general_minima["target"] == claim.parameters["target"]]
    neurons = general_neurons[general_neurons["split"] == "minimum"]
    found = minima.merge(neurons, on=list(_POINT)).nsmallest(1, "loss")
    if minima.empty or found.empty:
        return not_run("the draw was not searched, or no restart ended there")
    values = {name: float(found[name].iloc[0]) for name in claim.expected}
    wrong = [
        name
        for name, expected in claim.expected.items()
        if abs(values[name] - expected) > half_a_digit(claim.parameters["decimals"][name])
    ]
    proved = bool(found["proved"].iloc[0] and found["checked"].iloc[0])
    return Finding(
        verdict=Verdict.REPRODUCED if proved and not wrong else Verdict.DEVIATES,
        found=values,
        sample_size=1,
        proved=int(proved),
        listed=str(claim.parameters["target"]),
        expected=claim.expected,
        note=f"Restarts that ended there: {int(found['runs'].iloc[0])}; neurons whose splits are "
        f"proved strict saddles: {int(found['saddles'].iloc[0])}, proved minima: "
        f"{int(found['plateaus'].iloc[0])}"
        + (f"; different: {', '.join(wrong)}." if wrong else "."),
        evidence=f"tables/{_MINIMA}.parquet: {place_of(found, _POINT)}",
    )


def some_split_descends(claim: Claim, general_minima: pd.DataFrame) -> Finding:
    """Has every proved minimum a neuron of which every split is proved a strict saddle?

    Parameter of the claim: none. Source: S21, Theorem 16, with teachers of any kind.
    """
    del claim
    minima = _proved(general_minima)
    if minima.empty:
        return not_run("no minimum was proved")
    has_one = minima["saddles"] > 0
    return universal_finding(
        Cases(minima, minima[~has_one], _MINIMA, _POINT),
        found={"fewest": int(minima["saddles"].min()), "of all": int((_all_descend(minima)).sum())},
        note="The first number is of neurons, the second of minima all of whose neurons are such.",
        proved=int(has_one.sum()),
    )


def condition_fails(claim: Claim, general_minima: pd.DataFrame) -> Finding:
    """Is there a proved minimum with a sum of |w_i| above that of |v_j|, by its enclosure?

    Parameter of the claim: none. Source: S21, Theorem 14, whose condition it is.
    """
    del claim
    minima = _proved(general_minima)
    if minima.empty:
        return not_run("no minimum was proved")
    above = minima[_is_above(minima)]
    ratios = minima["norm_sum"] / minima["teacher_norm_sum"]
    return Finding(
        verdict=Verdict.UNDECIDED if above.empty else Verdict.REPRODUCED,
        found={"above": len(above), "largest ratio": float(ratios.max())},
        sample_size=len(minima),
        proved=len(above),
        note="A count of minima, and the ratio of the two sums.",
        evidence=f"tables/{_MINIMA}.parquet"
        + (f": {place_of(above, _POINT)}" if len(above) else ""),
        would_decide="No minimum met has such a sum; one that does would decide.",
    )


def condition_suffices_for_one(claim: Claim, general_minima: pd.DataFrame) -> Finding:
    """Has every minimum with a sum of |w_i| up to that of |v_j| a neuron whose splits are saddles?

    How many of these have one whose splits are minima, too, is in the note.

    Parameter of the claim: none. Source: S21, Theorem 14, for teachers that are not orthonormal.
    """
    del claim
    minima = _proved(general_minima)
    within = minima[minima["norm_sum_upper"] <= minima["teacher_norm_sum"] * (1 - _ROUNDING)]
    if within.empty:
        return not_run("no proved minimum has such a sum")
    has_one = within["saddles"] > 0
    return universal_finding(
        Cases(within, within[~has_one], _MINIMA, _POINT),
        found={"minima": len(within), "with a saddle": int(has_one.sum())},
        note="Those that have a neuron whose splits are proved minima, too: "
        f"{int((within['plateaus'] > 0).sum())}.",
        proved=int(has_one.sum()),
    )


def exceptions_share(
    claim: Claim, general_shares: pd.DataFrame, general_minima: pd.DataFrame
) -> Finding:
    """In which share of the draws does a restart end at a minimum with splits that are minima?

    Counted are draws, which are independent; minima of one draw are not. The verdict compares the
    share among the minima with that of the trial, by Fisher's test.

    Case of the claim: k, d, n. Parameters: trial_exceptions, trial_above, trial_minima, level.
    Source: derived.
    """
    draws = of_case(general_shares, claim.case)
    draws = draws[draws["kind"] == "random"]
    minima = of_case(_proved(general_minima), claim.case)
    minima = minima[minima["kind"] == "random"]
    if draws.empty or minima.empty:
        return not_run("no draws of this size")
    exceptions, above = minima[minima["plateaus"] > 0], int(_is_above(minima).sum())
    having = exceptions["target"].nunique()
    settings, total = claim.parameters, len(minima)
    p_values = [
        fisher_exact_p(count, total, settings[name], settings["trial_minima"])
        for count, name in ((len(exceptions), "trial_exceptions"), (above, "trial_above"))
    ]
    fits = min(p_values) >= settings["level"] / 2
    low, high = clopper_pearson(having, len(draws))
    return Finding(
        verdict=Verdict.REPRODUCED if fits else Verdict.DEVIATES,
        found=having / len(draws),
        interval=(low, high),
        sample_size=len(draws),
        note=f"{len(exceptions)} of {total} minima have such a neuron, and {above} a sum of norms "
        f"above that of the teachers; in the trial {settings['trial_exceptions']} and "
        f"{settings['trial_above']} of {settings['trial_minima']}.",
        evidence=f"tables/{_MINIMA}.parquet: {place_of(minima, ('k', 'd', 'n'))}",
    )


def exceptions_begin_at(
    claim: Claim, general_shares: pd.DataFrame, general_minima: pd.DataFrame
) -> Finding:
    """Is this the smallest k at which a proved minimum has a neuron whose splits are minima?

    At smaller k the statement is one about restarts alone.

    Expected: k. Source: derived.
    """
    minima = _proved(general_minima)
    exceptions = minima[minima["plateaus"] > 0]
    below = general_shares[general_shares["k"] < claim.expected]
    if exceptions.empty or below.empty:
        return not_run("no such minimum was met, or no smaller k searched")
    least = int(exceptions["k"].min())
    finished = int((below["runs"] - below["unfinished"]).sum())
    first = exceptions[exceptions["k"] == least].nsmallest(1, "d")
    counts = [
        f"{int((group['plateaus'] > 0).sum())} of {len(group)} at k = {k} in R^{d}"
        for (k, d), group in minima[minima["kind"] == "random"].groupby(["k", "d"])
    ]
    return Finding(
        verdict=Verdict.REPRODUCED if least == claim.expected else Verdict.DEVIATES,
        found=least,
        sample_size=len(exceptions),
        proved=len(exceptions),
        expected=claim.expected,
        note=f"Minima of random teachers with such a neuron: {', '.join(counts)}. Of {finished} "
        f"finished restarts at {len(below)} sets of fewer teachers {int(below['bad'].sum())} ended "
        "badly.",
        evidence=f"tables/{_MINIMA}.parquet: {place_of(first, _POINT)}",
    )


def _proved(general_minima: pd.DataFrame) -> pd.DataFrame:
    return general_minima[general_minima["proved"] & general_minima["checked"]]


def _is_above(minima: pd.DataFrame) -> pd.Series:
    """Whether the sum of |w_i| is proved to be above that of |v_j|."""
    return minima["norm_sum_lower"] > minima["teacher_norm_sum"] * (1 + _ROUNDING)


def _all_descend(minima: pd.DataFrame) -> pd.Series:
    """Whether the splits of every neuron are proved saddles."""
    return minima["saddles"] == minima["neurons"]
