"""Rates, intervals, tests, powers and fits: what turns a table into a verdict.

Every test here compares one sample of ours with one published sample. The published sample has a
sampling error of its own, so no test treats a published rate or mean as exact.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray
from scipy import special

from relu_landscape.arguments import (
    checked_arguments,
    one_of,
    real_array,
    real_number,
    whole_number,
)

Alternative = Literal["two-sided", "less", "greater"]
ALTERNATIVES: tuple[Alternative, ...] = get_args(Alternative)

# The rules of the claims ledger: how often all tests of one ledger together may call agreement a
# deviation, and how probable it must be that a difference worth knowing is seen.
LEDGER_WISE_LEVEL = 0.05
REQUIRED_POWER = 0.8

# Binomial tails beyond this probability cannot move a power in any digit that is printed.
_NEGLIGIBLE = 1e-10
# Two tables of equal probability must not be told apart by rounding when Fisher's tails are added.
_TIE = 1.0 + 1e-7
# Of numbers that are equal, a mean over up to two million is wrong by less than this, relatively,
# and their spread is found as large: anything below it is no difference.
_MEAN_ROUNDING = 16.0 * float(np.finfo(np.float64).eps)


class Interval(NamedTuple):
    """A closed interval of real numbers."""

    low: float
    high: float


class LineFit(NamedTuple):
    """y = intercept + slope x; `residual` is the standard deviation of the errors."""

    slope: float
    slope_interval: Interval
    intercept: float
    residual: float


class PowerLaw(NamedTuple):
    """y = prefactor * x**exponent, with an interval for the exponent."""

    exponent: float
    exponent_interval: Interval
    prefactor: float


def _require_count(successes: int, trials: int, what: str) -> None:
    if trials < 1 or not 0 <= successes <= trials:
        raise ValueError(
            f"{what}: {successes} successes in {trials} trials; "
            "give trials >= 1 and 0 <= successes <= trials"
        )


def _require_inside_unit_interval(value: float, name: str) -> None:
    if not 0.0 < value < 1.0:
        raise ValueError(f"{name} is {value}; give a number strictly between 0 and 1")


def _list_of_two_or_more(sample: ArrayLike, what: str) -> NDArray[np.float64]:
    values = real_array(sample, "sample")
    if values.ndim != 1 or values.size < 2:
        raise ValueError(f"{what}: sample of shape {values.shape}; give at least 2 numbers")
    return values


@checked_arguments(successes=whole_number, trials=whole_number, confidence=real_number)
def clopper_pearson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Exact interval for a rate, from inverting two one-sided binomial tests.

    low = B(a/2; s, t - s + 1) and high = B(1 - a/2; s + 1, t - s), the quantiles of the beta
    distribution, with a = 1 - confidence, low = 0 at s = 0 and high = 1 at s = t. It covers the
    true rate with at least the stated confidence at every rate.

    Raises ValueError for impossible counts or a confidence outside (0, 1).
    Source: Clopper and Pearson, Biometrika 26 (1934).
    """
    _require_count(successes, trials, "clopper_pearson")
    _require_inside_unit_interval(confidence, "confidence")
    missed, failures = (1.0 - confidence) / 2.0, trials - successes
    low = special.betaincinv(successes, failures + 1, missed) if successes else 0.0
    high = special.betainccinv(successes + 1, failures, missed) if failures else 1.0
    return Interval(float(low), float(high))


@checked_arguments(
    successes_a=whole_number,
    trials_a=whole_number,
    successes_b=whole_number,
    trials_b=whole_number,
    confidence=real_number,
)
def rate_difference_interval(
    successes_a: int, trials_a: int, successes_b: int, trials_b: int, confidence: float = 0.95
) -> Interval:
    """Interval for rate_a - rate_b from the Wilson intervals of the two rates.

    With the Wilson interval (l, u) of each rate p,
    low  = p_a - p_b - sqrt((p_a - l_a)^2 + (u_b - p_b)^2),
    high = p_a - p_b + sqrt((u_a - p_a)^2 + (p_b - l_b)^2).
    Unlike the normal interval it keeps its coverage at rates of 0 and 1.

    Raises ValueError for impossible counts or a confidence outside (0, 1).
    Source: Newcombe, Statistics in Medicine 17 (1998), method 10.
    """
    _require_count(successes_a, trials_a, "rate_difference_interval, sample a")
    _require_count(successes_b, trials_b, "rate_difference_interval, sample b")
    _require_inside_unit_interval(confidence, "confidence")
    rate_a, rate_b = successes_a / trials_a, successes_b / trials_b
    wilson_a = scipy.stats.binomtest(successes_a, trials_a).proportion_ci(
        confidence, method="wilson"
    )
    wilson_b = scipy.stats.binomtest(successes_b, trials_b).proportion_ci(
        confidence, method="wilson"
    )
    difference = rate_a - rate_b
    low = difference - float(np.hypot(rate_a - wilson_a.low, wilson_b.high - rate_b))
    high = difference + float(np.hypot(wilson_a.high - rate_a, rate_b - wilson_b.low))
    return Interval(low, high)


@checked_arguments(
    successes_a=whole_number,
    trials_a=whole_number,
    successes_b=whole_number,
    trials_b=whole_number,
    alternative=one_of(*ALTERNATIVES),
)
def fisher_exact_p(
    successes_a: int,
    trials_a: int,
    successes_b: int,
    trials_b: int,
    alternative: Alternative = "two-sided",
) -> float:
    """P-value of Fisher's exact test that two rates are equal.

    Given the total m of successes, those of sample a are hypergeometric under the null. Two-sided:
    the probability of all tables no more likely than the one seen; "greater": rate_a > rate_b.

    Raises ValueError for impossible counts.
    Source: Fisher, Statistical Methods for Research Workers (1934), section 21.02.
    """
    _require_count(successes_a, trials_a, "fisher_exact_p, sample a")
    _require_count(successes_b, trials_b, "fisher_exact_p, sample b")
    table = np.array([[successes_a, trials_a - successes_a], [successes_b, trials_b - successes_b]])
    return float(scipy.stats.fisher_exact(table, alternative=alternative).pvalue)


@checked_arguments(p_values=real_array)
def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """P-values adjusted so that rejecting those <= a keeps the family-wise error at a.

    Sorted p_(1) <= ... <= p_(m) become max_{j<=i} min(1, (m - j + 1) p_(j)); no independence of the
    tests is assumed.

    p_values: (m,), m >= 0. Returns (m,), in the order given.
    Raises ValueError unless the values form one list of probabilities.
    Source: Holm, Scandinavian Journal of Statistics 6 (1979).
    """
    values = real_array(p_values, "p_values")
    if values.ndim != 1 or not np.all((values >= 0.0) & (values <= 1.0)):
        raise ValueError("holm needs a one-dimensional list of numbers between 0 and 1")
    order = np.argsort(values, kind="stable")
    factors = np.arange(values.size, 0, -1, dtype=np.float64)
    adjusted = np.empty_like(values)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * values[order]))
    return adjusted


def _likely_counts(rate: float, trials: int) -> tuple[int, int]:
    low = int(scipy.stats.binom.ppf(_NEGLIGIBLE, trials, rate))
    high = int(scipy.stats.binom.isf(_NEGLIGIBLE, trials, rate))
    return max(0, low), min(trials, high)


def _log_binomials(trials: int) -> NDArray[np.float64]:
    log_factorials = special.gammaln(np.arange(trials + 1) + 1.0)
    logs: NDArray[np.float64] = log_factorials[-1] - log_factorials - log_factorials[::-1]
    return logs


def _binomial_law(log_binomials: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    successes = np.arange(log_binomials.size)
    logs = special.xlogy(successes, rate) + special.xlog1py(successes[::-1], -rate)
    law: NDArray[np.float64] = np.exp(log_binomials + logs)
    return law


@checked_arguments(
    rate_a=real_number,
    rate_b=real_number,
    trials_a=whole_number,
    trials_b=whole_number,
    level=real_number,
)
def power_of_rate_comparison(
    rate_a: float, rate_b: float, trials_a: int, trials_b: int, level: float
) -> float:
    """Probability that Fisher's two-sided test at `level` tells two given true rates apart.

    power = sum_m sum_{a in R_m} Bin(a; trials_a, rate_a) Bin(m - a; trials_b, rate_b), where R_m
    holds the counts a that the test rejects among all tables with m successes in total. Exact but
    for binomial tails of probability 1e-10. At equal rates it is the size of the test.

    Raises ValueError for rates outside [0, 1], trials < 1 or a level outside (0, 1).
    """
    for name, rate in (("rate_a", rate_a), ("rate_b", rate_b)):
        if not 0.0 <= rate <= 1.0:
            raise ValueError(f"{name} is {rate}; give a number between 0 and 1")
    _require_count(0, trials_a, "power_of_rate_comparison, sample a")
    _require_count(0, trials_b, "power_of_rate_comparison, sample b")
    _require_inside_unit_interval(level, "level")
    low_a, high_a = _likely_counts(rate_a, trials_a)
    low_b, high_b = _likely_counts(rate_b, trials_b)
    choose_a, choose_b = _log_binomials(trials_a), _log_binomials(trials_b)
    mass_a, mass_b = _binomial_law(choose_a, rate_a), _binomial_law(choose_b, rate_b)
    choose_both = _log_binomials(trials_a + trials_b)
    power = 0.0
    for total in range(low_a + low_b, high_a + high_b + 1):
        counts = np.arange(max(0, total - trials_b), min(total, trials_a) + 1)
        null = np.exp(choose_a[counts] + choose_b[total - counts] - choose_both[total])
        ordered = np.sort(null)
        upto = np.searchsorted(ordered, null * _TIE, side="right")
        rejected = counts[np.cumsum(ordered)[upto - 1] <= level]
        power += float(mass_a[rejected] @ mass_b[total - rejected])
    return min(power, 1.0)


@checked_arguments(
    counts_a=real_array, counts_b=real_array, seed=whole_number, resamples=whole_number
)
def homogeneity_p(
    counts_a: ArrayLike, counts_b: ArrayLike, *, seed: int, resamples: int = 9999
) -> float:
    """Monte Carlo p-value that two histograms over the same bins have one distribution.

    The statistic is Pearson's chi-square of the 2 x bins table; its null law is sampled from the
    tables with the same margins, so small bins need no merging. The p-value is
    (1 + #{as extreme}) / (1 + resamples), hence never below 1/(1 + resamples). Bins that are empty
    in both samples carry nothing and are left out.

    counts_a, counts_b: (bins,) counts. Returns 1 where a single bin holds everything.
    Raises ValueError for unequal shapes, negative or fractional counts, or an empty sample.
    """
    rows = [real_array(counts_a, "counts_a"), real_array(counts_b, "counts_b")]
    if rows[0].shape != rows[1].shape:
        raise ValueError(
            f"counts_a has shape {rows[0].shape} and counts_b {rows[1].shape}; give two lists over "
            "the same bins"
        )
    if resamples < 1:
        raise ValueError(f"resamples is {resamples}; give at least 1")
    table = np.stack(rows)
    if table.ndim != 2 or np.any(table < 0) or np.any(table != np.floor(table)):
        raise ValueError("homogeneity_p needs two one-dimensional lists of counts >= 0")
    if np.any(table.sum(axis=1) == 0):
        raise ValueError("homogeneity_p: one of the two histograms is empty")
    table = table[:, table.sum(axis=0) > 0].astype(np.int64)
    if table.shape[1] == 1:
        return 1.0
    method = scipy.stats.MonteCarloMethod(n_resamples=resamples, rng=np.random.default_rng(seed))
    return float(scipy.stats.chi2_contingency(table, correction=False, method=method).pvalue)


@checked_arguments(
    size_a=whole_number,
    size_b=whole_number,
    bins=whole_number,
    distance=real_number,
    level=real_number,
)
def power_of_homogeneity_test(
    size_a: int, size_b: int, bins: int, distance: float, level: float
) -> float:
    """Lower bound on the power of the chi-square test against a given total variation distance.

    Whatever the two distributions p, q with total variation distance D = 1/2 sum |p - q|, the
    Cauchy inequality bounds the noncentrality n_a n_b / (n_a + n_b) sum (p - q)^2 / p_pooled from
    below by 4 D^2 n_a n_b / (n_a + n_b); the power follows from the noncentral chi-square with
    bins - 1 degrees of freedom (an asymptotic law).

    Raises ValueError for sizes < 1, fewer than two bins, or distance or level outside (0, 1).
    """
    if min(size_a, size_b) < 1 or bins < 2:
        raise ValueError(
            f"power_of_homogeneity_test: sizes {size_a}, {size_b} and {bins} bins; "
            "give sizes >= 1 and at least two bins"
        )
    _require_inside_unit_interval(distance, "distance")
    _require_inside_unit_interval(level, "level")
    noncentrality = 4.0 * distance**2 * size_a * size_b / (size_a + size_b)
    critical = scipy.stats.chi2.isf(level, bins - 1)
    return float(scipy.stats.ncx2.sf(critical, bins - 1, noncentrality))


@checked_arguments(
    sample=real_array, reference_mean=real_number, reference_size=whole_number, rounding=real_number
)
def mean_comparison_p(
    sample: ArrayLike, reference_mean: float, reference_size: int, *, rounding: float = 0.0
) -> float:
    """P-value that a sample and a published mean of other draws have one expectation.

    T = max(0, |mean - reference_mean| - rounding) / (s sqrt(1/m + 1/M)), Student with m - 1 degrees
    of freedom: the spread s of our m draws stands for that of the M published ones, which are not
    known one by one. `rounding` is half a unit of the last printed digit. Without spread the
    p-value is 1 within the rounding and 0 outside. What float64 cannot tell from zero, beside the
    larger mean, is zero: the excess, for a p-value of 1, and the spread.

    sample: (m,), m >= 2. Raises ValueError for a smaller sample, reference_size < 1, rounding < 0,
    or numbers that are not finite.
    """
    values = _list_of_two_or_more(sample, "mean_comparison_p")
    if reference_size < 1 or rounding < 0.0:
        raise ValueError(
            f"mean_comparison_p: reference_mean {reference_mean}, reference_size {reference_size}, "
            f"rounding {rounding}; give a finite mean, reference_size >= 1, a finite rounding >= 0"
        )
    mean, spread = float(values.mean()), float(values.std(ddof=1))
    unknown = _MEAN_ROUNDING * max(abs(mean), abs(reference_mean))
    excess = abs(mean - reference_mean) - rounding
    if excess <= unknown:
        return 1.0
    if spread <= unknown:
        return 0.0
    error = spread * np.sqrt(1.0 / values.size + 1.0 / reference_size)
    return float(2.0 * scipy.stats.t.sf(excess / error, values.size - 1))


@checked_arguments(
    spread=real_number,
    size=whole_number,
    reference_size=whole_number,
    difference=real_number,
    level=real_number,
)
def power_of_mean_comparison(
    spread: float, size: int, reference_size: int, difference: float, level: float
) -> float:
    """Probability that `mean_comparison_p` at `level` sees a true difference of the expectations.

    P(|T| > t) for the noncentral Student law with size - 1 degrees of freedom and noncentrality
    difference / (spread sqrt(1/size + 1/reference_size)); only the tail on the side of the
    difference is counted.

    Raises ValueError for spread < 0, size < 2, reference_size < 1, difference <= 0, numbers that
    are not finite or a level outside (0, 1).
    """
    finite = 0.0 <= spread < np.inf and 0.0 < difference < np.inf
    if not finite or size < 2 or reference_size < 1:
        raise ValueError(
            f"power_of_mean_comparison: spread {spread}, size {size}, reference_size "
            f"{reference_size}, difference {difference}; give a finite spread >= 0, size >= 2, "
            "reference_size >= 1, a finite difference > 0"
        )
    _require_inside_unit_interval(level, "level")
    error = spread * np.sqrt(1.0 / size + 1.0 / reference_size)
    critical = float(scipy.stats.t.isf(level / 2.0, size - 1))
    # Far beyond the critical value the power is 1 and scipy's noncentral law loses its digits.
    if difference >= (critical + 10.0) * error:
        return 1.0
    return float(scipy.stats.nct.sf(critical, size - 1, difference / error))


@checked_arguments(x=real_array, y=real_array, confidence=real_number)
def fit_line(x: ArrayLike, y: ArrayLike, confidence: float = 0.95) -> LineFit:
    """Least-squares fit y = intercept + slope x + error, with Student's interval for the slope.

    The interval assumes independent errors of equal variance and has m - 2 degrees of freedom.

    x, y: (m,), m >= 3. Raises ValueError otherwise or when all x are equal.
    """
    abscissae, ordinates = real_array(x, "x"), real_array(y, "y")
    if abscissae.ndim != 1 or abscissae.shape != ordinates.shape or abscissae.size < 3:
        raise ValueError(
            f"fit_line: shapes {abscissae.shape} and {ordinates.shape}; "
            "give two lists of one length >= 3"
        )
    if not np.ptp(abscissae) > 0.0:
        raise ValueError("fit_line needs x that are not all equal")
    _require_inside_unit_interval(confidence, "confidence")
    x_mean, y_mean = float(abscissae.mean()), float(ordinates.mean())
    spread = float(np.sum((abscissae - x_mean) ** 2))
    slope = float((abscissae - x_mean) @ (ordinates - y_mean)) / spread
    residuals = ordinates - y_mean - slope * (abscissae - x_mean)
    freedom = abscissae.size - 2
    residual = float(np.sqrt(residuals @ residuals / freedom))
    quantile = float(scipy.stats.t.ppf(0.5 + confidence / 2.0, freedom))
    half_width = quantile * residual / float(np.sqrt(spread))
    interval = Interval(slope - half_width, slope + half_width)
    return LineFit(slope, interval, y_mean - slope * x_mean, residual)


@checked_arguments(x=real_array, y=real_array, confidence=real_number)
def fit_power_law(x: ArrayLike, y: ArrayLike, confidence: float = 0.95) -> PowerLaw:
    """Least-squares fit of log y against log x, with Student's interval for the exponent.

    x, y: (m,), positive, m >= 3. Raises ValueError otherwise or when all x are equal.
    """
    abscissae, ordinates = real_array(x, "x"), real_array(y, "y")
    if not (np.all(abscissae > 0.0) and np.all(ordinates > 0.0)):
        raise ValueError("fit_power_law needs positive x and y")
    line = fit_line(np.log(abscissae), np.log(ordinates), confidence)
    return PowerLaw(line.slope, line.slope_interval, float(np.exp(line.intercept)))


@checked_arguments(sample=real_array, confidence=real_number)
def mean_interval(sample: ArrayLike, confidence: float = 0.95) -> Interval:
    """Student's interval for the expectation: mean -+ t s / sqrt(m), m - 1 degrees of freedom.

    sample: (m,), m >= 2. Raises ValueError for a smaller sample, numbers that are not finite or a
    confidence outside (0, 1).
    """
    values = _list_of_two_or_more(sample, "mean_interval")
    _require_inside_unit_interval(confidence, "confidence")
    quantile = float(scipy.stats.t.ppf(0.5 + confidence / 2.0, values.size - 1))
    half_width = quantile * float(values.std(ddof=1)) / float(np.sqrt(values.size))
    mean = float(values.mean())
    return Interval(mean - half_width, mean + half_width)
