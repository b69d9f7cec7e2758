"""Rates, intervals, tests, powers and fits against values known otherwise."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from relu_landscape.judging.statistics import (
    Interval,
    clopper_pearson,
    fisher_exact_p,
    fit_line,
    fit_power_law,
    holm,
    homogeneity_p,
    mean_comparison_p,
    mean_interval,
    power_of_homogeneity_test,
    power_of_mean_comparison,
    power_of_rate_comparison,
    rate_difference_interval,
)


def test_clopper_pearson_without_successes_inverts_the_power_of_the_rate() -> None:
    found = clopper_pearson(0, 10)
    assert found.low == 0.0
    assert found.high == pytest.approx(1.0 - 0.025**0.1, rel=1e-12)


def test_clopper_pearson_is_the_quantiles_of_the_beta_distribution() -> None:
    found = clopper_pearson(7, 40, confidence=0.9)
    assert found == pytest.approx((stats.beta.ppf(0.05, 7, 34), stats.beta.ppf(0.95, 8, 33)))


def test_fisher_decides_on_the_tea_tasting() -> None:
    assert fisher_exact_p(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert fisher_exact_p(3, 4, 1, 4, alternative="greater") == pytest.approx(17 / 70)
    assert fisher_exact_p(3, 4, 1, 4, alternative="less") == pytest.approx(69 / 70)


def test_rate_difference_interval_is_that_of_the_published_example() -> None:
    # Newcombe 1998, table II, case (a), method 10
    found = rate_difference_interval(56, 70, 48, 80)
    assert found == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_holm_multiplies_by_the_hypotheses_left_and_never_falls() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.9, 0.5]) == pytest.approx([1.0, 1.0])
    assert holm([]).shape == (0,)


def test_power_is_the_probability_of_the_rejected_tables() -> None:
    rate_a, rate_b, trials_a, trials_b, level = 0.2, 0.7, 11, 9, 0.05
    expected = sum(
        stats.binom.pmf(a, trials_a, rate_a) * stats.binom.pmf(b, trials_b, rate_b)
        for a, b in product(range(trials_a + 1), range(trials_b + 1))
        if fisher_exact_p(a, trials_a, b, trials_b) <= level
    )
    found = power_of_rate_comparison(rate_a, rate_b, trials_a, trials_b, level)
    assert found == pytest.approx(expected, abs=1e-9)


def test_power_at_rates_that_leave_no_doubt() -> None:
    assert power_of_rate_comparison(0.0, 1.0, 20, 20, 0.01) == pytest.approx(1.0)
    assert power_of_rate_comparison(0.0, 0.0, 20, 20, 0.01) == pytest.approx(0.0)


def test_two_samples_of_a_thousand_resolve_ten_points_in_the_family_of_rates() -> None:
    """Why the claims on S18's rates ask for a difference of 0.1: 29 sizes, 1000 runs each."""
    powers = [
        power_of_rate_comparison(rate, rate + 0.1, 1000, 1000, 0.01 / 29)
        for rate in (0.0, 0.2, 0.45, 0.5, 0.9)
    ]
    assert min(powers) == pytest.approx(0.806, abs=0.005)


def test_homogeneity_of_equal_and_of_disjoint_histograms() -> None:
    assert homogeneity_p([10, 20, 30], [10, 20, 30], seed=1) == 1.0
    assert homogeneity_p([50, 0], [0, 50], seed=1, resamples=999) == pytest.approx(1e-3)
    assert homogeneity_p([5, 0], [9, 0], seed=1) == 1.0


def test_homogeneity_agrees_with_fisher_for_two_bins() -> None:
    found = homogeneity_p([30, 70], [45, 55], seed=3, resamples=20_000)
    assert found == pytest.approx(fisher_exact_p(30, 100, 45, 100), abs=0.005)


def test_homogeneity_is_the_same_for_the_same_seed() -> None:
    counts = ([3, 9, 4, 1], [8, 2, 5, 3])
    assert homogeneity_p(*counts, seed=7) == homogeneity_p(*counts, seed=7)


def test_power_of_homogeneity_is_attained_by_two_equal_bins() -> None:
    # With pooled shares of 1/2 the bound is an equality, and chi-square is a squared normal.
    root = np.sqrt(4 * 0.1**2 * 300 * 200 / 500)
    critical = stats.norm.isf(0.005)
    expected = stats.norm.sf(critical - root) + stats.norm.cdf(-critical - root)
    assert power_of_homogeneity_test(300, 200, 2, 0.1, 0.01) == pytest.approx(expected)


def test_mean_comparison_with_an_exact_reference_is_the_one_sample_test() -> None:
    sample = [0.9, 1.4, 1.1, 1.9, 1.3]
    expected = stats.ttest_1samp(sample, 1.0).pvalue
    assert mean_comparison_p(sample, 1.0, 10**12) == pytest.approx(expected, rel=1e-6)


def test_mean_comparison_forgives_the_rounding_of_the_printed_digits() -> None:
    assert mean_comparison_p([0.02032, 0.02032], 0.0203, 50, rounding=5e-5) == 1.0
    assert mean_comparison_p([0.02032, 0.02032], 0.0201, 50, rounding=5e-5) == 0.0


def test_power_of_mean_comparison_agrees_with_simulation() -> None:
    generator = np.random.default_rng(4)
    size, reference_size, shift, level, draws = 12, 30, 1.2, 0.01, 4000
    samples = generator.normal(shift, 1.0, size=(draws, size))
    references = generator.normal(0.0, 1.0 / np.sqrt(reference_size), size=draws)
    rejected = [
        mean_comparison_p(sample, reference, reference_size) <= level
        for sample, reference in zip(samples, references, strict=True)
    ]
    expected = power_of_mean_comparison(1.0, size, reference_size, shift, level)
    assert 0.5 < expected < 0.95
    assert np.mean(rejected) == pytest.approx(expected, abs=4 * 0.5 / np.sqrt(draws))


@pytest.mark.parametrize(("size", "reference_size"), [(100, 100), (3000, 10**6), (7, 1)])
def test_equal_numbers_have_no_spread_but_that_of_their_rounding(size, reference_size) -> None:
    for value in (0.1, -0.3, 1e-200, 1e100 / 3.0):
        sample = [value] * size
        assert mean_comparison_p(sample, value, reference_size) == 1.0
        assert mean_comparison_p(sample, value * 1.001, reference_size) == 0.0
        assert mean_comparison_p(sample, value * 1.5, reference_size, rounding=abs(value)) == 1.0


def test_power_of_mean_comparison_without_spread_is_certain() -> None:
    assert power_of_mean_comparison(0.0, 5, 5, 1e-3, 0.01) == 1.0


def test_mean_interval_of_three_numbers() -> None:
    half_width = 4.302652729911275 / np.sqrt(3.0)
    assert mean_interval([1.0, 2.0, 3.0]) == pytest.approx((2 - half_width, 2 + half_width))


def test_line_is_that_of_the_regression_of_scipy() -> None:
    generator = np.random.default_rng(3)
    x = generator.uniform(-3.0, 8.0, size=12)
    y = 2.0 - 0.7 * x + generator.normal(0.0, 0.4, size=12)
    expected = stats.linregress(x, y)
    for confidence in (0.5, 0.95, 0.999):
        fit = fit_line(x, y, confidence)
        half_width = stats.t.ppf(0.5 + confidence / 2, 10) * expected.stderr
        assert fit.slope == pytest.approx(expected.slope, rel=1e-12)
        assert fit.intercept == pytest.approx(expected.intercept, rel=1e-12)
        assert fit.slope_interval == pytest.approx(
            (expected.slope - half_width, expected.slope + half_width), rel=1e-10
        )
        errors = y - expected.intercept - expected.slope * x
        assert fit.residual == pytest.approx(np.sqrt(np.sum(errors**2) / 10), rel=1e-12)
        assert isinstance(fit.slope_interval, Interval)


def test_line_of_three_points_by_hand() -> None:
    # Points (0, 0), (1, 2), (2, 1): slope 1/2, mean 1, errors -1/2, 1, -1/2.
    fit = fit_line([0, 1, 2], [0, 2, 1])
    assert (fit.slope, fit.intercept) == (0.5, 0.5)
    assert fit.residual == pytest.approx(np.sqrt(1.5))
    # Student's 97.5 % quantile with one degree of freedom is tan(0.475 pi).
    half_width = np.tan(0.475 * np.pi) * np.sqrt(1.5) / np.sqrt(2)
    assert fit.slope_interval == pytest.approx((0.5 - half_width, 0.5 + half_width))


def test_line_covers_its_slope_as_often_as_it_says() -> None:
    generator = np.random.default_rng(12)
    x = np.arange(5.0)
    fits = (fit_line(x, 3.0 * x + generator.normal(size=5), 0.8) for _ in range(2000))
    covered = np.mean([fit.slope_interval.low < 3.0 < fit.slope_interval.high for fit in fits])
    assert covered == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / 2000))


def test_line_far_from_the_origin_loses_no_digits() -> None:
    x = 1e9 + np.arange(6.0)
    fit = fit_line(x, 0.25 * (x - 1e9))
    assert fit.slope == pytest.approx(0.25, rel=1e-14)
    assert fit.residual < 1e-15


def test_power_law_with_noise_has_its_exponent_in_the_interval() -> None:
    generator = np.random.default_rng(2)
    x = np.geomspace(10.0, 1e4, 25)
    y = 3.0 * x**-2.0 * np.exp(generator.normal(0.0, 0.05, size=x.size))
    fit = fit_power_law(x, y)
    assert fit.exponent_interval.low < -2.0 < fit.exponent_interval.high
    assert fit.exponent_interval.high - fit.exponent_interval.low < 0.05
    assert fit.prefactor == pytest.approx(3.0, rel=0.1)
    assert isinstance(fit.exponent_interval, Interval)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clopper_pearson(5, 4), "5 successes in 4 trials"),
        (lambda: clopper_pearson(0, 0), "trials >= 1"),
        (lambda: clopper_pearson(1, 4, confidence=1.0), "confidence is 1.0"),
        (lambda: rate_difference_interval(1, 2, -1, 2), "sample b"),
        (lambda: fisher_exact_p(1, 2, 3, 2), "sample b"),
        (lambda: holm([0.1, 1.2]), "between 0 and 1"),
        (lambda: holm([0.1, np.nan]), "p_values has an entry that is not finite"),
        (lambda: power_of_rate_comparison(1.1, 0.5, 9, 9, 0.05), "rate_a is 1.1"),
        (lambda: power_of_rate_comparison(0.1, 0.5, 9, 9, 0.0), "level is 0.0"),
        (lambda: power_of_rate_comparison(0.1, 0.5, 0, 9, 0.1), "sample a"),
        (lambda: homogeneity_p([1, -1], [1, 1], seed=0), "counts >= 0"),
        (lambda: homogeneity_p([1, 0.5], [1, 1], seed=0), "counts >= 0"),
        (lambda: homogeneity_p([0, 0], [1, 1], seed=0), "empty"),
        (lambda: power_of_homogeneity_test(9, 9, 1, 0.1, 0.01), "two bins"),
        (lambda: power_of_homogeneity_test(9, 9, 3, 0.0, 0.01), "distance is 0.0"),
        (lambda: mean_comparison_p([1.0], 1.0, 5), "at least 2 numbers"),
        (
            lambda: mean_comparison_p([1.0, np.nan], 1.0, 5),
            "sample has an entry that is not",
        ),
        (lambda: mean_comparison_p([1.0, 2.0], np.nan, 5), "reference_mean is nan"),
        (lambda: mean_comparison_p([1.0, 2.0], 1.0, 0), "reference_size 0"),
        (lambda: mean_comparison_p([1.0, 2.0], 1.0, 5, rounding=np.nan), "rounding is nan"),
        (lambda: mean_comparison_p([1.0, 2.0], 1.0, 5, rounding=-1.0), "rounding -1.0"),
        (lambda: power_of_mean_comparison(1.0, 9, 9, 0.0, 0.01), "difference > 0"),
        (lambda: power_of_mean_comparison(np.nan, 9, 9, 1.0, 0.01), "spread is nan"),
        (lambda: power_of_mean_comparison(1.0, 9, 9, np.inf, 0.01), "difference is inf"),
        (lambda: mean_interval([1.0]), "at least 2 numbers"),
        (lambda: mean_interval([1.0, -np.inf]), "sample has an entry that is not"),
        (lambda: fit_line([1.0, 2.0], [1.0, 2.0]), "length >= 3"),
        (lambda: fit_line([1.0, 2.0, 3.0], [1.0, 2.0]), r"shapes \(3,\) and \(2,\)"),
        (lambda: fit_line([[1.0, 2.0, 3.0]], [[1.0, 2.0, 3.0]]), "two lists"),
        (lambda: fit_line([2.0, 2.0, 2.0], [1.0, 2.0, 3.0]), "not all equal"),
        (lambda: fit_line([1.0, np.nan, 3.0], [1.0, 2.0, 3.0]), "finite"),
        (lambda: fit_line([1.0, 2.0, 3.0], [1.0, np.inf, 3.0]), "finite"),
        (lambda: fit_line([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], 1.0), "confidence is 1.0"),
        (lambda: fit_power_law([1.0, 2.0], [1.0, 2.0]), "length >= 3"),
        (lambda: fit_power_law([1.0, 1.0, 1.0], [1.0, 2.0, 3.0]), "not all equal"),
        (lambda: fit_power_law([1.0, 2.0, 3.0], [1.0, 0.0, 3.0]), "positive"),
    ],
)
def test_impossible_arguments_are_named(call, message) -> None:
    with pytest.raises(ValueError, match=message):
        call()
