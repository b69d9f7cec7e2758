"""The laws of the forms of random perturbations: against sampling, and Table 1 in them."""

from functools import cache, partial

import numpy as np
import pandas as pd
import pytest
from scipy import integrate, stats

from helpers_tables import ROOT
from relu_landscape.global_minima.perturbation_laws import (
    GRID,
    Law,
    _cancelling_shares,
    cancelling_form_law,
    compare_with_table_1,
    gaussian_gap_law,
    minimum_below,
    minimum_quantile,
)
from relu_landscape.global_minima.perturbations import equal_shares, form_and_bound
from relu_landscape.global_minima.random_perturbations import (
    Perturbation,
    sample_forms,
    seeded_perturbation,
)
from relu_landscape.global_minima.settings import Perturbations
from relu_landscape.seeding import indexed_generator

TABLE_1 = ROOT / "published" / "safran2021_table1.csv"
UNIFORM = Law(lambda values: np.clip(values, 0.0, 1.0), 0.0, 1.0)


def p_value(law, values):
    return stats.kstest(law.distribution(np.asarray(values)), "uniform").pvalue


def shares_of_teachers(k, m, draws, seed):
    """L_i in units of sigma^3, (draws, k), from the docstring of `cancelling_form_law`."""
    g = np.random.default_rng(seed).normal(size=(draws, k, m, k))
    g[:, :, 0] = -g[:, :, 1:].sum(axis=2)
    return leading_shares(g)


def leading_shares(g):
    """L_i of g, (..., k, m, k); the part along the teacher is dropped."""
    k, m = g.shape[-3:-1]
    p = g * (1 - np.eye(k))[:, None, :]
    apart = sum(
        np.linalg.norm(p[..., i, :] - p[..., j, :], axis=-1) ** 3
        for i in range(m)
        for j in range(i)
    )
    return (m * apart - m**2 * np.sum(np.linalg.norm(p, axis=-1) ** 3, axis=-1)) / np.pi


def shift_between_teachers(k, m, deviation):
    return deviation**2 * 3 * k**2 * (k - 1) * (k - 2) * m**2 * (m - 1) ** 2 / np.pi


gaussian_law, cancelling_law = cache(gaussian_gap_law), cache(cancelling_form_law)
"""Each law once; tests only read it."""

LAWS = {
    "gaussian 2 1": partial(gaussian_law, 2, 1),
    "gaussian 5 2": partial(gaussian_law, 5, 2),
    "gaussian 20 10": partial(gaussian_law, 20, 10),
    "cancelling 4 3": partial(cancelling_law, 4, 3, standard_deviation=0.05, seed=1),
    "cancelling 5 2": partial(cancelling_law, 5, 2, standard_deviation=1e-3, seed=1),
}


@pytest.mark.parametrize("name", LAWS)
class TestEveryLaw:
    def test_rises_from_zero_to_one(self, name):
        law = LAWS[name]()
        values = np.linspace(law.low, law.high, 401)
        probabilities = law.distribution(values)
        assert (np.diff(probabilities) >= 0).all()
        assert law.distribution(np.array([law.low - 1.0]))[0] == 0
        # The interval carries the law; a tabulated one has its lowest bin at `low`.
        assert probabilities[0] < 1e-7
        assert probabilities[-1] == pytest.approx(1, abs=1e-12)
        assert probabilities[1] < 0.9

    @pytest.mark.parametrize("samples", [1, 10, 1000])
    def test_quantiles_invert_the_law_of_the_minimum(self, name, samples):
        law = LAWS[name]()
        for level in (0.005, 0.5, 0.995):
            value = minimum_quantile(law, samples, level)
            assert law.low < value < law.high
            assert minimum_below(law, samples, value) == pytest.approx(level, rel=1e-6)
        quantiles = [minimum_quantile(law, samples, level) for level in (0.005, 0.5, 0.995)]
        assert quantiles == sorted(set(quantiles))


class TestMinimum:
    @pytest.mark.parametrize("samples", [1, 7, 1000])
    def test_of_uniform_draws(self, samples):
        for value in (1e-12, 1e-4, 0.3, 0.999):
            expected = -np.expm1(samples * np.log1p(-value))
            assert minimum_below(UNIFORM, samples, value) == pytest.approx(expected, rel=1e-12)
            assert minimum_below(UNIFORM, samples, value) == pytest.approx(
                1 - (1 - value) ** samples, abs=1e-13
            )
        for level in (0.005, 0.5, 0.995):
            expected = 1 - (1 - level) ** (1 / samples)
            assert minimum_quantile(UNIFORM, samples, level) == pytest.approx(expected, rel=1e-12)

    def test_beyond_the_law(self):
        assert minimum_below(UNIFORM, 5, -1.0) == 0
        assert minimum_below(UNIFORM, 5, 2.0) == 1

    def test_of_sampled_minima(self):
        law = gaussian_law(3, 2)
        rng = np.random.default_rng(8)
        draws = 2 * rng.chisquare(3, size=(2000, 25)) + 3 * rng.chisquare(1, size=(2000, 25))
        minima = (draws * 2 / (2 * np.pi)).min(axis=1)
        below = [minimum_below(law, 25, value) for value in minima]
        assert stats.kstest(below, "uniform").pvalue > 0.01


def asked(**changes):
    """Settings of the perturbations; sizes are given to each call."""
    sizes = {"teachers": [3], "students_per_teacher": [2]}
    numbers = {"samples": 1, "standard_deviation": 1e-5, "seed": 1}
    return Perturbations.model_validate(sizes | numbers | changes)


def sampled(k, m, kind, samples, **changes):
    return sample_forms(k, m, kind, asked(samples=samples, **changes))


class TestGaussianLaw:
    @pytest.mark.slow
    @pytest.mark.parametrize(("k", "m"), [(2, 1), (5, 2), (10, 5)])
    def test_is_that_of_two_chi_squares(self, k, m):
        rng = np.random.default_rng(k)
        draws = 2 * rng.chisquare(k * (k - 1) // 2, 1500) + k * rng.chisquare(1, 1500)
        law = gaussian_law(k, m)
        assert p_value(law, m / (2 * np.pi) * draws) > 0.01
        assert p_value(law, m / (2 * np.pi) * 1.2 * draws) < 1e-4

    @pytest.mark.parametrize(
        ("k", "tolerance"),
        # The distribution of chi-square with f degrees of freedom begins like x^(f/2): for f = 1, 3
        # and 6 that edge costs the trapezoidal rule some digits, beyond that nothing is lost.
        [(2, 2e-2), (3, 1e-3), (4, 1e-7), (5, 1e-11), (10, 1e-12), (20, 1e-12)],
    )
    def test_is_the_convolution_by_adaptive_quadrature(self, k, tolerance):
        m, freedom = 2, k * (k - 1) // 2
        law = gaussian_law(k, m)

        def integrand(z, rest):
            return 2 * stats.norm.pdf(z) * stats.chi2.cdf((rest - k * z**2) / 2, freedom)

        quantiles = [(1000, 0.5), (1, 0.5), (1, 0.99)]
        for value in (minimum_quantile(law, samples, level) for samples, level in quantiles):
            rest = value * 2 * np.pi / m
            expected, _ = integrate.quad(
                integrand, 0, np.sqrt(rest / k), args=(rest,), epsabs=0, epsrel=1e-13, limit=200
            )
            assert law.distribution(np.array([value]))[0] == pytest.approx(expected, rel=tolerance)

    def test_is_that_of_the_squares_in_the_leading_order(self):
        k, m = 3, 2
        M = np.sqrt(m) * np.random.default_rng(1).normal(size=(1500, k, k))
        pairs = sum((M[:, i, a] + M[:, a, i]) ** 2 for i in range(k) for a in range(i + 1, k))
        gaps = (pairs + np.trace(M, axis1=1, axis2=2) ** 2) / (2 * np.pi)
        assert p_value(gaussian_law(k, m), gaps) > 0.01

    @pytest.mark.slow
    @pytest.mark.parametrize(("k", "m"), [(3, 2), (5, 2)])
    def test_is_that_of_the_sampled_gaps(self, k, m):
        rows = sampled(k, m, Perturbation.GAUSSIAN, 1200, seed=5)
        gaps = np.array([row["gap"] for row in rows])
        assert p_value(gaussian_law(k, m), gaps) > 0.01
        assert p_value(gaussian_law(k, m), 1.2 * gaps) < 1e-4

    def test_is_exponential_for_two_teachers(self):
        # 2 chi2_1 + 2 chi2_1 is 2 chi2_2; the edge of chi2_1 costs digits, see above.
        values = np.array([1e-3, 0.1, 1.0, 5.0])
        expected = -np.expm1(-values * 2 * np.pi / 4)
        np.testing.assert_allclose(
            gaussian_law(2, 1).distribution(values), expected, rtol=0, atol=1e-4
        )


class TestCancellingLaw:
    @pytest.mark.parametrize(("k", "m"), [(2, 3), (3, 2), (4, 3)])
    def test_is_that_of_a_sum_over_teachers(self, k, m):
        deviation = 1e-3
        law = cancelling_law(k, m, standard_deviation=deviation, seed=1)
        sums = deviation * shares_of_teachers(k, m, 20_000, seed=2).sum(axis=1)
        sums += shift_between_teachers(k, m, deviation)
        assert p_value(law, sums) > 0.01
        assert p_value(law, 1.1 * sums) < 1e-6

    @pytest.mark.parametrize(("k", "m"), [(3, 2), (8, 3)])
    def test_has_the_mean_of_its_draws(self, k, m):
        """To a bin of the grid: a lower edge taken for the middle would be off by k/2 bins."""
        deviation = 1e-3
        law = cancelling_law(k, m, standard_deviation=deviation, seed=1)
        edges = np.linspace(law.low, law.high, GRID)
        mean = law.low + np.trapezoid(1 - law.distribution(edges), edges)
        shares = deviation * _cancelling_shares(k, m, indexed_generator(1, k, m))
        expected = k * shares.mean() + shift_between_teachers(k, m, deviation)
        assert mean == pytest.approx(expected, rel=0, abs=edges[1] - edges[0])

    def test_is_shifted_by_the_terms_between_teachers(self):
        deviation = 0.05
        law = cancelling_law(3, 2, standard_deviation=deviation, seed=1)
        sums = deviation * shares_of_teachers(3, 2, 20_000, seed=2).sum(axis=1)
        shift = shift_between_teachers(3, 2, deviation)
        assert p_value(law, sums + shift) > 0.01
        assert p_value(law, sums) < 1e-10
        assert law.low > shift

    @pytest.mark.slow
    def test_is_that_of_the_sampled_forms(self):
        rows = sampled(3, 2, Perturbation.CANCELLING, 3000, standard_deviation=1e-3, seed=2)
        law = cancelling_law(3, 2, standard_deviation=1e-3, seed=1)
        forms = np.array([row["form"] for row in rows])
        assert p_value(law, forms) > 0.01
        assert p_value(law, 1.1 * forms) < 1e-4

    @pytest.mark.slow
    @pytest.mark.parametrize(("k", "m"), [(3, 2), (5, 3)])
    def test_the_shift_is_the_mean_of_what_the_shares_leave(self, k, m):
        deviation, draws = 1e-3, 1500
        settings = asked(standard_deviation=deviation, seed=78)
        left = np.empty(draws)
        for sample in range(draws):
            G = seeded_perturbation(k, m, Perturbation.CANCELLING, sample, settings)
            form = form_and_bound(equal_shares(k, m) + G, np.eye(k), m).form
            left[sample] = form - leading_shares(G.reshape(k, m, k)).sum()
        left /= deviation**2
        error = left.std() / np.sqrt(draws)
        shift = shift_between_teachers(k, m, deviation)
        assert error < 0.05 * shift
        assert left.mean() == pytest.approx(shift, abs=3 * error)

    def test_depends_on_its_seed_little_and_on_nothing_else(self):
        values = np.linspace(1e-4, 2e-2, 200)
        first, again, other = (
            cancelling_form_law(4, 2, standard_deviation=1e-4, seed=seed).distribution(values)
            for seed in (1, 1, 2)
        )
        np.testing.assert_array_equal(first, again)
        # 200 000 draws a teacher: standard errors of about a thousandth.
        np.testing.assert_allclose(first, other, rtol=0, atol=5e-3)
        assert not np.array_equal(first, other)


def sampled_both(k, m, samples):
    return [row for kind in Perturbation for row in sampled(k, m, kind, samples, seed=4)]


class TestTable1:
    def test_a_record_a_printed_cell_and_column(self):
        forms = pd.DataFrame(sampled_both(5, 2, 40) + sampled_both(3, 2, 5))
        published = pd.read_csv(TABLE_1)
        records = compare_with_table_1(forms, published, seed=1)
        assert [(row["k"], row["m"]) for row in records] == [(5, 2)] * 2
        by_kind = {row["perturbation"]: row for row in records}
        assert by_kind["gaussian"]["printed"] == 0.84
        assert by_kind["cancelling"]["printed"] == 2.27e-4
        laws = {
            "gaussian": (gaussian_law(5, 2), "gap"),
            "cancelling": (cancelling_law(5, 2, standard_deviation=1e-5, seed=1), "form"),
        }
        for kind, row in by_kind.items():
            law, column = laws[kind]
            values = forms.loc[(forms["k"] == 5) & (forms["perturbation"] == kind), column]
            assert row["samples"] == 40
            assert row["minimum"] == values.min()
            assert row["low"] < row["median"] < row["high"]
            assert row["median"] == minimum_quantile(law, 40, 0.5)
            assert row["printed_below"] == minimum_below(law, 40, row["printed"])
            assert row["law_p"] == pytest.approx(p_value(law, values.to_numpy()))
            assert row["law_p"] > 0.01

    def test_a_printed_value_is_placed_in_the_law_of_the_minimum(self):
        forms = pd.DataFrame(sampled_both(3, 2, 10))
        law = gaussian_law(3, 2)
        printed = pd.DataFrame(
            {
                "k": [3],
                "m": [2],
                "minimal_curvature_gaussian": [minimum_quantile(law, 10, 0.5)],
                "minimal_curvature_cancelling": [1e9],
            }
        )
        cancelling, gaussian = compare_with_table_1(forms, printed, seed=1)
        assert gaussian["printed_below"] == pytest.approx(0.5, rel=1e-9)
        assert gaussian["printed"] == gaussian["median"]
        assert cancelling["printed_below"] == 1

    def test_forms_of_another_law_are_noticed(self):
        frame = pd.DataFrame(sampled_both(3, 2, 300))
        frame[["form", "gap"]] *= 1.5
        printed = pd.read_csv(TABLE_1).head(1).assign(k=3)
        for row in compare_with_table_1(frame, printed, seed=1):
            assert row["law_p"] < 1e-4


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda law: minimum_below(law, -1, 1.0), "samples is -1"),
        (lambda law: minimum_below(law, 0, 1.0), "samples is 0"),
        (lambda law: minimum_below(law, 3, np.nan), "value nan"),
        (lambda law: minimum_quantile(law, 0, 0.5), "samples is 0"),
        (lambda law: minimum_quantile(law, 3, 2.0), "level is 2.0"),
        (lambda law: minimum_quantile(law, 3, 0.0), "level is 0.0"),
    ],
)
def test_minima_of_no_draws_and_levels_of_no_probability_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(gaussian_law(3, 2))


@pytest.mark.parametrize("deviation", [-1e-5, 0.0, np.nan, np.inf])
def test_a_deviation_that_is_not_positive_has_no_law(deviation):
    with pytest.raises(ValueError, match=f"standard_deviation is {deviation}"):
        cancelling_form_law(3, 2, standard_deviation=deviation, seed=1)


@pytest.mark.parametrize(("k", "m"), [(1, 2), (0, 5), (3, 0)])
def test_sizes_without_a_law_are_refused(k, m):
    with pytest.raises(ValueError, match="needs k >= 2"):
        gaussian_gap_law(k, m)
    with pytest.raises(ValueError, match="m >= 2"):
        cancelling_form_law(k, m, standard_deviation=1e-5, seed=1)
