"""One input with bias: criteria, exact probabilities and widths."""

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest

from helpers_rows import frame_of
from relu_landscape.activation_regions.one_dimensional import (
    MATRICES,
    full_rank_curve,
    jacobian_probability,
    pattern_probability,
    predicted_width,
    recalled_width,
    width_at,
)
from relu_landscape.activation_regions.one_dimensional_records import find_widths, measure_curves
from relu_landscape.activation_regions.region_shares import count_networks
from relu_landscape.activation_regions.regions import enumerate_regions
from relu_landscape.activation_regions.settings import CurvesOnALine, WidthsOnALine
from relu_landscape.activation_regions.step_patterns import (
    draw_steps,
    jacobian_is_full,
    pattern_is_full,
    read_steps,
)
from relu_landscape.activation_regions.supports import exact_rank
from relu_landscape.activation_regions.zero_loss_shares import step_patterns

PROBABILITY = {"pattern": pattern_probability, "jacobian": jacobian_probability}


def line(n):
    x = np.arange(n) ** 2 + 3 * np.arange(n)
    return np.stack([x, np.ones_like(x)], axis=1)


def test_the_patterns_of_a_line_are_its_regions():
    for n in range(1, 7):
        np.testing.assert_array_equal(
            np.unique(step_patterns(n), axis=0), enumerate_regions(line(n))
        )


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5])
def test_the_criteria_equal_the_exact_rank_for_every_support(n):
    points, patterns = line(n), step_patterns(n)
    for size in range(1, 6):
        for chosen in combinations(range(2 * n), size):
            network = patterns[list(chosen)]
            steps = read_steps(network)
            assert jacobian_is_full(steps) == (exact_rank(network, points) == n)
            assert pattern_is_full(steps) == (exact_rank(network, points[:, 1:]) == n)


@pytest.mark.parametrize(("n", "d1"), [(1, 3), (2, 5), (3, 4), (3, 8), (4, 4), (5, 5)])
def test_the_probabilities_equal_the_counts_as_fractions(n, d1):
    counts = count_networks(step_patterns(n), line(n), d1)
    assert pattern_probability(n, d1) == Fraction(counts.full_pattern, counts.networks)
    assert jacobian_probability(n, d1) == Fraction(counts.full_jacobian, counts.networks)


@pytest.mark.parametrize("matrix", MATRICES)
@pytest.mark.parametrize("n", [1, 2, 7, 20])
def test_the_curve_in_doubles_equals_the_fractions(n, matrix):
    widths = [0, 1, 5, 30, 90]
    exact = [float(PROBABILITY[matrix](n, width)) for width in widths]
    np.testing.assert_allclose(full_rank_curve(n, 90, matrix)[widths], exact, rtol=1e-11)


# By the fractions of the probabilities at both sides of one half.
@pytest.mark.parametrize(
    ("n", "jacobian", "pattern"), [(10, 12, 26), (50, 103, 213), (200, 560, 1132)]
)
def test_widths_at_one_half(n, jacobian, pattern):
    assert width_at(n, 0.5, "jacobian") == jacobian
    assert width_at(n, 0.5, "pattern") == pattern


@pytest.mark.parametrize(("matrix", "width"), [("jacobian", 103), ("pattern", 213)])
def test_one_half_lies_between_two_widths_exactly(matrix, width):
    below, above = (PROBABILITY[matrix](50, one) for one in (width - 1, width))
    assert below < Fraction(1, 2) <= above


def test_one_point_needs_one_neuron_that_is_active_there():
    assert pattern_probability(1, 3) == jacobian_probability(1, 3) == Fraction(7, 8)
    assert width_at(1, 0.5, "pattern") == width_at(1, 0.5, "jacobian") == 1


def test_levels_that_rounding_would_decide_are_refused():
    width, level = width_at(3, 0.999999, "jacobian"), Fraction(999999, 1000000)
    assert jacobian_probability(3, width - 1) < level <= jacobian_probability(3, width)
    with pytest.raises(ValueError, match="at most 1 - 1e-9"):
        width_at(3, 1.0, "jacobian")


@pytest.mark.parametrize("matrix", MATRICES)
def test_predictions_come_close_for_many_points(matrix):
    assert width_at(200, 0.5, matrix) == pytest.approx(predicted_width(200, matrix), rel=0.02)


def test_sampled_shares_agree_with_the_probabilities():
    steps = draw_steps(10, 15, 20_000, np.random.default_rng(4))
    for criterion, matrix in ((pattern_is_full, "pattern"), (jacobian_is_full, "jacobian")):
        assert criterion(steps).mean() == pytest.approx(
            full_rank_curve(10, 15, matrix)[15], abs=0.015
        )


@pytest.mark.parametrize(
    ("patterns", "message"),
    [
        ([[0, 1, 0]], "order the points"),
        ([[0, -1]], r"entry \(0, 1\) of the patterns is -1"),
        ([[np.nan, 0]], "row 0 of patterns has an entry that is not finite"),
        ([1, 0], r"patterns have shape \(2,\)"),
        (np.empty((1, 0)), "at least one point"),
    ],
)
def test_a_pattern_that_is_no_step_is_refused(patterns, message):
    with pytest.raises(ValueError, match=message):
        read_steps(patterns)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: pattern_probability(0, 3), "n is 0 and d1 is 3"),
        (lambda: pattern_probability(3, -1), "n is 3 and d1 is -1"),
        (lambda: jacobian_probability(0, 3), "n is 0 and d1 is 3"),
        (lambda: jacobian_probability(3, -1), "n is 3 and d1 is -1"),
        (lambda: full_rank_curve(0, 3, "pattern"), "give n >= 1 points"),
        (lambda: full_rank_curve(3, -1, "pattern"), "d1 >= 0 neurons"),
        (lambda: full_rank_curve(3, 2, "Pattern"), "no matrix 'Pattern'; give 'pattern' or"),
        (lambda: width_at(0, 0.5, "pattern"), "give n >= 1 points"),
        (lambda: width_at(10, 0.5, "Pattern"), "matrix is 'Pattern'; it must be one of"),
        (lambda: width_at(10, np.nan, "pattern"), "level is nan"),
        (lambda: predicted_width(1, "pattern"), "n is 1; a width is predicted for 2 points"),
        (lambda: predicted_width(5, "J"), "no matrix 'J'"),
        (lambda: recalled_width(0, 0.1), "give n >= 1 points"),
        (lambda: recalled_width(5, 0.0), "epsilon is 0.0"),
        (lambda: draw_steps(0, 3, 2, np.random.default_rng(0)), "give n >= 1 points"),
    ],
)
def test_impossible_sizes_and_names_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_recalled_width():
    assert recalled_width(10, 0.5) == pytest.approx(20 * np.log(20))


def test_rows_make_tables():
    widths = frame_of(find_widths(WidthsOnALine(sizes=(10,), levels=(0.5, 0.9))))
    assert widths["width"].tolist()[::2] == [26, 12]
    settings = CurvesOnALine(sizes=(2, 10), widths=4, draws=200, confidence=0.99, seed=1)
    curves = frame_of(measure_curves(settings))
    assert curves["probability"].between(curves["share_low"], curves["share_high"]).all()
