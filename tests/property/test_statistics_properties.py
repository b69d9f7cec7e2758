"""What must hold of the statistics whatever the numbers."""

from math import comb

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from relu_landscape.judging.statistics import (
    clopper_pearson,
    fisher_exact_p,
    fit_line,
    fit_power_law,
    holm,
    power_of_rate_comparison,
    rate_difference_interval,
)

rates = st.floats(0.0, 1.0)
levels = st.floats(0.001, 0.2)
p_value_lists = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30)


@st.composite
def counts(draw, largest: int = 200) -> tuple[int, int]:
    trials = draw(st.integers(1, largest))
    return draw(st.integers(0, trials)), trials


@settings(deadline=None, max_examples=60)
@given(count=counts(), confidence=st.floats(0.5, 0.999))
def test_clopper_pearson_holds_the_rate_and_mirrors_with_it(count, confidence) -> None:
    successes, trials = count
    low, high = clopper_pearson(successes, trials, confidence)
    assert 0.0 <= low <= successes / trials <= high <= 1.0
    mirrored = clopper_pearson(trials - successes, trials, confidence)
    assert mirrored == pytest.approx((1.0 - high, 1.0 - low), abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(rate=rates, trials=st.integers(1, 40), confidence=st.floats(0.5, 0.99))
def test_clopper_pearson_covers_every_rate_often_enough(rate, trials, confidence) -> None:
    intervals = [clopper_pearson(hits, trials, confidence) for hits in range(trials + 1)]
    covering = [low <= rate <= high for low, high in intervals]
    # Not by scipy, whose binomial law overflows at rates near the smallest normal number.
    coverage = sum(
        comb(trials, hits) * rate**hits * (1.0 - rate) ** (trials - hits)
        for hits in np.flatnonzero(covering).tolist()
    )
    assert coverage >= confidence - 1e-9


@settings(deadline=None, max_examples=60)
@given(a=counts(), b=counts())
def test_fisher_does_not_care_which_sample_or_outcome_comes_first(a, b) -> None:
    p_value = fisher_exact_p(*a, *b)
    assert 0.0 <= p_value <= 1.0
    assert fisher_exact_p(*b, *a) == pytest.approx(p_value)
    failures_a, failures_b = (a[1] - a[0], a[1]), (b[1] - b[0], b[1])
    assert fisher_exact_p(*failures_a, *failures_b) == pytest.approx(p_value)
    assert fisher_exact_p(*a, *b, alternative="less") == pytest.approx(
        fisher_exact_p(*b, *a, alternative="greater")
    )


@settings(deadline=None, max_examples=60)
@given(a=counts(), b=counts())
def test_rate_difference_interval_holds_the_difference_and_changes_sign(a, b) -> None:
    low, high = rate_difference_interval(*a, *b)
    assert -1.0 - 1e-12 <= low <= a[0] / a[1] - b[0] / b[1] <= high <= 1.0 + 1e-12
    assert rate_difference_interval(*b, *a) == pytest.approx((-high, -low))


@settings(deadline=None, max_examples=80)
@given(values=p_value_lists, random=st.randoms(use_true_random=False))
def test_holm_lies_between_the_raw_and_the_bonferroni_values(values, random) -> None:
    raw = np.array(values)
    adjusted = holm(raw)
    assert np.all(raw <= adjusted)
    assert np.all(adjusted <= np.minimum(1.0, raw.size * raw))
    assert np.all(np.diff(adjusted[np.argsort(raw, kind="stable")]) >= 0.0)
    order = list(range(raw.size))
    random.shuffle(order)
    np.testing.assert_array_equal(holm(raw[order]), adjusted[order])


@settings(deadline=None, max_examples=25)
@given(rate=rates, trials_a=st.integers(1, 60), trials_b=st.integers(1, 60), level=levels)
def test_fishers_test_keeps_its_level(rate, trials_a, trials_b, level) -> None:
    assert power_of_rate_comparison(rate, rate, trials_a, trials_b, level) <= level + 1e-8


@settings(deadline=None, max_examples=25)
@given(
    rate_a=rates,
    rate_b=rates,
    trials_a=st.integers(1, 60),
    trials_b=st.integers(1, 60),
    level=levels,
)
def test_power_does_not_care_which_sample_comes_first(
    rate_a, rate_b, trials_a, trials_b, level
) -> None:
    power = power_of_rate_comparison(rate_a, rate_b, trials_a, trials_b, level)
    swapped = power_of_rate_comparison(rate_b, rate_a, trials_b, trials_a, level)
    assert power == pytest.approx(swapped, abs=1e-8)


@settings(deadline=None, max_examples=50)
@given(
    exponent=st.floats(-4.0, 4.0),
    prefactor=st.floats(1e-3, 1e3),
    scale=st.floats(1e-2, 1e2),
)
def test_an_exact_power_law_is_recovered_in_any_unit(exponent, prefactor, scale) -> None:
    x = np.array([1.0, 2.5, 7.0, 30.0])
    fit = fit_power_law(scale * x, prefactor * x**exponent)
    assert fit.exponent == pytest.approx(exponent, abs=1e-9)
    assert fit.exponent_interval == pytest.approx((exponent, exponent), abs=1e-6)
    assert fit.prefactor == pytest.approx(prefactor * scale**-exponent, rel=1e-7)


@settings(deadline=None, max_examples=60)
@given(
    errors=st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=12),
    stretch=st.floats(1e-3, 1e3),
    shift=st.floats(-10.0, 10.0),
    slope=st.floats(-100.0, 100.0),
)
def test_a_line_follows_its_axes(errors, stretch, shift, slope) -> None:
    """y + b x tilts it by b, x -> c (x + e) divides its slope by c; neither moves the errors."""
    x, y = np.arange(float(len(errors))), np.array(errors)
    fit = fit_line(x, y)
    moved = fit_line(stretch * (x + shift), y + slope * x)
    # Some tens of roundings of numbers up to |b| m, of x + e relative to steps of one.
    allowed = 1e-13 * (1 + abs(slope)) * len(errors)
    assert moved.slope * stretch == pytest.approx(fit.slope + slope, rel=0, abs=allowed)
    assert moved.residual == pytest.approx(fit.residual, rel=0, abs=allowed)
    width = fit.slope_interval.high - fit.slope_interval.low
    moved_width = moved.slope_interval.high - moved.slope_interval.low
    # The quantile for one degree of freedom is 12.7, on both sides.
    assert moved_width * stretch == pytest.approx(width, rel=0, abs=30 * allowed)


@settings(deadline=None, max_examples=60)
@given(errors=st.lists(st.floats(-1.0, 1.0), min_size=3, max_size=12), other=st.floats(-2.0, 2.0))
def test_no_line_has_smaller_errors(errors, other) -> None:
    x, y = np.arange(float(len(errors))), np.array(errors)
    fit = fit_line(x, y)
    least = fit.residual**2 * (len(errors) - 2)
    assert np.sum((y - fit.intercept - fit.slope * x) ** 2) == pytest.approx(least, abs=1e-12)
    for slope, intercept in ((fit.slope + other, fit.intercept), (fit.slope, other), (other, 0.0)):
        assert np.sum((y - intercept - slope * x) ** 2) >= least - 1e-12
