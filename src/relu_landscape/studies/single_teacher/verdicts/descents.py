"""Descent on a single teacher: exponents, phases and norms."""

from __future__ import annotations

import numpy as np
import pandas as pd

from relu_landscape.judging.findings import Claim, Finding, Verdict
from relu_landscape.judging.rows import Cases, not_run, ranges_of, universal_finding
from relu_landscape.judging.statistics import mean_interval
from relu_landscape.judging.words import counted
from relu_landscape.single_teacher.laws import RUN

_LAW = (*RUN, "quantity")
_LAWS = "single_teacher_laws"
_DESCENTS = "single_teacher_descents"
LOSS_EXPONENT, DISTANCE_EXPONENT = -3.0, -1.0


def loss_falls_as_fast(claim: Claim, single_teacher_laws: pd.DataFrame) -> Finding:
    """Does the loss fall at least like t^-3 in descent on a single teacher with n >= 2?

    Fitted is A (t + t_0)^p over the last decades of steps; a run speaks against it whose p lies
    above -3 by more than the tolerance: directions that still turn make a slow correction, and the
    interval of correlated checks is too narrow to decide.

    Parameter of the claim: tolerance. Source: Xu & Du 2023, abstract.
    """
    fits = _random_starts(single_teacher_laws, "loss")
    if fits.empty:
        return not_run("no descent on a single teacher with n >= 2")
    slow = fits["rate"] > LOSS_EXPONENT + claim.parameters["tolerance"]
    wrong = (slow & (fits["law"] == "power")) | (fits["rate"] >= 0)
    return _exponents(fits, fits[wrong])


def loss_falls_no_faster(claim: Claim, single_teacher_laws: pd.DataFrame) -> Finding:
    """Does the loss fall no faster than t^-3 in descent on a single teacher with n >= 2?

    The claim is about gradient flow; a small step stands for it. A run speaks against it that falls
    exponentially, or whose p lies below -3 by more than the tolerance.

    Parameter of the claim: tolerance. Source: Xu & Du 2023, abstract.
    """
    fits = _random_starts(single_teacher_laws, "loss")
    if fits.empty:
        return not_run("no descent on a single teacher with n >= 2")
    fast = fits["rate"] < LOSS_EXPONENT - claim.parameters["tolerance"]
    return _exponents(fits, fits[fast | (fits["law"] != "power")])


def exponent_is_minus_three(claim: Claim, single_teacher_laws: pd.DataFrame) -> Finding:
    """Is the exponent of the loss -3 in every run, from -3 - tolerance to -3 + tolerance?

    Of each number of students the interval of the mean over its runs stands in the note.

    Parameter of the claim: tolerance. Source: derived here.
    """
    fits = single_teacher_laws
    fits = fits[(fits["n"] > fits["k"]) & (fits["quantity"] == "loss")]
    if fits.empty:
        return not_run("no descent with n > k")
    error = (fits["rate"] - LOSS_EXPONENT).abs()
    wrong = (fits["law"] != "power") | (error > claim.parameters["tolerance"])
    return _exponents(fits, fits[wrong])


def exponent_does_not_depend_on_students(
    claim: Claim, single_teacher_laws: pd.DataFrame
) -> Finding:
    """Is the exponent of the loss the same for every number n > 1 of students of a single teacher?

    The means over the runs of each n may differ by the tolerance.

    Parameter of the claim: tolerance. Source: Zhou, Ge & Jin 2021, abstract.
    """
    fits = _random_starts(single_teacher_laws, "loss")
    means = fits.groupby("n")["rate"].mean()
    if len(means) < 2:
        return not_run("fewer than two numbers of students of a single teacher")
    spread = float(means.max() - means.min())
    same = spread <= claim.parameters["tolerance"] and (fits["law"] == "power").all()
    return Finding(
        verdict=Verdict.CONSISTENT if same else Verdict.DEVIATES,
        found={"difference of mean exponents": spread},
        expected={"difference of mean exponents": 0.0},
        sample_size=len(fits),
        note=f"Mean exponents of n = {ranges_of(means.index)}: {means.min():.4f} to "
        f"{means.max():.4f}.",
        evidence=f"tables/{_LAWS}.parquet: quantity=loss, n > 1",
    )


def one_student_falls_exponentially(_: Claim, single_teacher_laws: pd.DataFrame) -> Finding:
    """Does the loss fall exponentially in descent on a single teacher with n = 1?

    Source: Xu & Du 2023, abstract.
    """
    fits = _single_student(single_teacher_laws)
    if fits.empty:
        return not_run("no descent with n = k = 1")
    wrong = (fits["law"] != "exponential") | (fits["high"] >= 0)
    return universal_finding(
        Cases(fits, fits[wrong], _LAWS, _LAW),
        found={"slowest rate": float(fits["rate"].max())},
        note="",
        against=Verdict.DEVIATES,
    )


def one_student_rate(
    claim: Claim, single_teacher_laws: pd.DataFrame, single_teacher_descents: pd.DataFrame
) -> Finding:
    """Is the rate of the loss with n = 1 that of a step eta at the Hessian I/2?

    F falls by (1 - eta/2)^2 a step, d log F/dt = 2 log(1 - eta/2)/eta.

    Parameter of the claim: tolerance (relative). Source: derived here.
    """
    fits = _single_student(single_teacher_laws)
    if fits.empty:
        return not_run("no descent with n = k = 1")
    last = single_teacher_descents.iloc[-1]
    step = last["time"] / last["iteration"]
    expected = float(2 * np.log1p(-step / 2) / step)
    wrong = (fits["rate"] / expected - 1).abs() > claim.parameters["tolerance"]
    return universal_finding(
        Cases(fits, fits[wrong], _LAWS, _LAW),
        found={"least rate": float(fits["rate"].min()), "largest rate": float(fits["rate"].max())},
        expected={"rate": expected},
        note="",
        against=Verdict.DEVIATES,
    )


def phases_in_order(claim: Claim, single_teacher_descents: pd.DataFrame) -> Finding:
    """Have all students turned to the teacher, from small starts, by when they have grown?

    At the first check with such a sum of projections every angle has to be below the bound. Runs
    from N(0, 1/d), where the norms are not small at first, are counted beside.

    Parameters of the claim: angle (radians), projection (of the length of the teacher).
    Source: Xu & Du 2023, three phases in the abstract; what they are is recalled.
    """
    rows = _one_teacher(single_teacher_descents).sort_values("iteration")
    grown = rows[rows["projection"] >= claim.parameters["projection"]]
    grown = grown.groupby(list(RUN), as_index=False).first()
    small = grown[grown["start"] == "small"]
    if small.empty:
        return not_run("no descent from small starts with n >= 2 that grows")
    angle = claim.parameters["angle"]
    first = rows[rows["iteration"] == 0]
    others = grown[grown["start"] == "standard"]
    return universal_finding(
        Cases(small, small[small["largest_angle"] > angle], _DESCENTS, (*RUN, "iteration")),
        found={"largest angle when grown": float(small["largest_angle"].max())},
        expected={"largest angle when grown": f"at most {angle:.4g}"},
        note=f"At the start the largest angle of each is {first['largest_angle'].min():.3g} or "
        f"more. From N(0, 1/d) it is too large when grown in "
        f"{int((others['largest_angle'] > angle).sum())} of {counted(len(others), 'run')}.",
        against=Verdict.DEVIATES,
    )


def norms_balance(claim: Claim, single_teacher_descents: pd.DataFrame) -> Finding:
    """Do all norms end within a factor of |v|/n, from small starts?

    Parameter of the claim: factor. Source: Xu & Du 2023; that the norms are of the order |v|/n is
    recalled, the factor is ours.
    """
    ends = _one_teacher(_ends_of(single_teacher_descents))
    ends = ends[ends["start"] == "small"]
    if ends.empty:
        return not_run("no descent from small starts with n >= 2")
    least, largest = ends["n"] * ends["least_norm"], ends["n"] * ends["largest_norm"]
    factor = claim.parameters["factor"]
    wrong = (least < 1 / factor) | (largest > factor)
    return universal_finding(
        Cases(ends, ends[wrong], _DESCENTS, (*RUN, "iteration")),
        found={"least n |w_i|": float(least.min()), "largest n |w_i|": float(largest.max())},
        expected={"least n |w_i|": 1 / factor, "largest n |w_i|": float(factor)},
        note="",
        against=Verdict.DEVIATES,
    )


def norms_unbalanced(claim: Claim, single_teacher_descents: pd.DataFrame) -> Finding:
    """Does some run from N(0, 1/d) end with a norm further from |v|/n than the factor?

    Parameter of the claim: factor. Source: derived here.
    """
    ends = _one_teacher(_ends_of(single_teacher_descents))
    ends = ends[ends["start"] == "standard"]
    if ends.empty:
        return not_run("no descent from N(0, 1/d) with n >= 2")
    least = ends["n"] * ends["least_norm"]
    beyond = ends[least < 1 / claim.parameters["factor"]]
    return Finding(
        verdict=Verdict.UNDECIDED if beyond.empty else Verdict.REPRODUCED,
        found={"least n |w_i|": float(least.min()), "runs beyond": len(beyond)},
        sample_size=len(ends),
        evidence=f"tables/{_DESCENTS}.parquet: start=standard, last iteration",
        would_decide="One run with such a norm would decide, which more runs or students may show.",
    )


def spread_falls_from_small_starts(claim: Claim, single_teacher_descents: pd.DataFrame) -> Finding:
    """Does the relative spread of norms fall on the way from small starts, and grow from large?

    The spread is the standard deviation over the mean; both starts of a run are one draw on two
    scales, so that they begin with one spread. Judged is the median over runs of its last over its
    first value: below 1/factor from small starts and above the factor from N(0, 1/d).

    Parameter of the claim: factor. Source: derived here.
    """
    rows = _one_teacher(single_teacher_descents)
    first = rows[rows["iteration"] == 0].set_index(list(RUN))["norm_spread"]
    last = _ends_of(rows).set_index(list(RUN))["norm_spread"]
    ratios = (last / first).groupby("start").median()
    if not {"small", "standard"} <= set(ratios.index):
        return not_run("no descent from both starts with n >= 2")
    factor = claim.parameters["factor"]
    as_stated = ratios["small"] < 1 / factor and ratios["standard"] > factor
    return Finding(
        verdict=Verdict.CONSISTENT if as_stated else Verdict.DEVIATES,
        found={f"median ratio, {start} starts": float(ratios[start]) for start in ratios.index},
        expected={"ratio of no change": 1.0},
        sample_size=len(last),
        evidence=f"tables/{_DESCENTS}.parquet: first and last iteration",
    )


def directions_approach_slowly(claim: Claim, single_teacher_laws: pd.DataFrame) -> Finding:
    """Does the sum of distances between the directions of students fall like 1/t?

    Parameter of the claim: tolerance (of the exponent). Source: derived here; Xu & Du 2023 name a
    potential in the abstract, and which one is not known.
    """
    fits = _random_starts(single_teacher_laws, "direction_distance")
    if fits.empty:
        return not_run("no descent on a single teacher with n >= 2")
    error = (fits["rate"] - DISTANCE_EXPONENT).abs()
    wrong = (fits["law"] != "power") | (error > claim.parameters["tolerance"])
    return _exponents(fits, fits[wrong], DISTANCE_EXPONENT)


def _ends_of(descents: pd.DataFrame) -> pd.DataFrame:
    """The last check of each run."""
    return descents.sort_values("iteration").groupby(list(RUN), as_index=False).tail(1)


def _one_teacher(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of a single teacher with n >= 2, all from random starts."""
    return rows[(rows["k"] == 1) & (rows["n"] > 1)]


def _random_starts(laws: pd.DataFrame, quantity: str) -> pd.DataFrame:
    laws = _one_teacher(laws)
    return laws[laws["quantity"] == quantity]


def _single_student(laws: pd.DataFrame) -> pd.DataFrame:
    return laws[(laws["k"] == 1) & (laws["n"] == 1) & (laws["quantity"] == "loss")]


def _exponents(fits: pd.DataFrame, wrong: pd.DataFrame, expected: float = LOSS_EXPONENT) -> Finding:
    intervals = [f"n={n}: {_mean_and_interval(rates)}" for n, rates in fits.groupby("n")["rate"]]
    return universal_finding(
        Cases(fits, wrong, _LAWS, _LAW),
        found={
            "least exponent": float(fits["rate"].min()),
            "largest exponent": float(fits["rate"].max()),
            "least end of an interval": float(fits["low"].min()),
            "largest end of an interval": float(fits["high"].max()),
        },
        expected={"exponent": expected},
        note=f"Mean over runs and its 95 % interval: {'; '.join(intervals)}.",
        against=Verdict.DEVIATES,
    )


def _mean_and_interval(rates: pd.Series) -> str:
    if len(rates) < 2:
        return f"{rates.mean():.4f}"
    interval = mean_interval(rates)
    return f"{rates.mean():.4f} ({interval.low:.4f}, {interval.high:.4f})"
