import numpy as np
import pytest

from helpers_rows import frame_of
from relu_landscape.activation_regions import full_rank_probability, has_full_rank
from relu_landscape.activation_regions.full_rank import (
    Cell,
    figure_1_cells,
    figure_2_cells,
    full_in_single_precision,
    measure_cell,
)
from relu_landscape.activation_regions.integer_data import draw_trial
from relu_landscape.activation_regions.settings import FullRank
from relu_landscape.activation_regions.transition import (
    find_transitions,
    half_width,
    necessary_width,
    row_width,
    sufficient_width,
)
from relu_landscape.judging.statistics import clopper_pearson
from relu_landscape.tables.files import write_table

GRID = FullRank.model_validate(
    {
        "figure_1": {"inputs": [2], "points": [10, 20], "widths": [5, 20, 60]},
        "figure_2": {"ratios": [0.25, 1.0], "points": [10], "widths": [1, 6, 15]},
        "trials": 12,
        "compared_trials": 3,
        "confidence": 0.99,
        "seed": 4,
    }
)


def cells():
    rows = [
        measure_cell(cell, "uniform", "linear_layer", GRID)
        for cell in figure_1_cells(GRID.figure_1)
    ] + [
        measure_cell(cell, "normal", "linear_layer_no_bias", GRID)
        for cell in figure_2_cells(GRID.figure_2)
    ]
    return frame_of(rows)


def test_cells_and_transitions_keep_to_their_schemas(tmp_path):
    table = cells()
    write_table(table, tmp_path / "cells.parquet", "full_rank_cells")
    reasons = ["full", "too_few_columns", "zero_row", "equal_rows", "dependent_rows"]
    assert (table[reasons].sum(axis=1) == table["trials"]).all()
    assert (table["svd_disagreements"] == 0).all()
    assert set(table.loc[table["figure"] == "figure_2", "d0"]) == {3, 10}
    found = frame_of(find_transitions(table, confidence=0.99))
    write_table(found, tmp_path / "widths.parquet", "transition_widths")
    assert len(found) == 8
    bias = found[found["figure"] == "figure_1"]
    assert set(bias["necessary_width"]) == {4, 7}


def test_a_cell_is_the_count_of_its_trials():
    cell = measure_cell(Cell("figure_1", None, 2, 20, 20), "normal", "linear_layer", GRID)
    draws = [
        draw_trial("normal", "linear_layer", (20, 2, 20), trial=trial, seed=4)
        for trial in range(12)
    ]
    assert cell.full == sum(map(bool, (has_full_rank(d.X, d.W, d.b) for d in draws)))
    assert cell.float32_full == sum(map(full_in_single_precision, draws[:3]))
    share = full_rank_probability(20, 2, 20, trials=12, seed=4)
    assert (share.full, share.trials) == (cell.full, 12)
    assert share.share == cell.full / 12
    assert share.interval(0.9) == clopper_pearson(cell.full, 12, 0.9)


def test_many_inputs_make_full_rank_as_probable_as_no_row_of_zeros():
    # d0 >= n: the only obstruction is a point at which no neuron is active.
    share = full_rank_probability(10, 60, 4, trials=400, seed=1)
    low, high = share.interval(0.999)
    assert low <= (1 - 2.0**-4) ** 10 <= high


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: full_rank_probability(3, 2, 2, trials=0), "0 trials"),
        (lambda: full_rank_probability(3, 2, 2, data="cauchy"), "'cauchy' is unknown"),
    ],
)
def test_impossible_cells_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_width_is_interpolated_and_lies_in_its_interval():
    found = half_width([10, 20, 30], [0, 40, 80], [100, 100, 100])
    assert found.width == pytest.approx(22.5)
    assert found.low < found.width < found.high
    more = half_width([10, 20, 30], [0, 400, 800], [1000, 1000, 1000])
    assert more.width == pytest.approx(22.5)
    assert found.low < more.low < more.high < found.high


def test_shares_that_do_not_grow_are_pooled():
    # 60 and 40 of 100 become 50 and 50: one half all along the stretch.
    assert half_width([10, 20, 30, 40], [0, 60, 40, 100], [100] * 4).width == pytest.approx(25.0)


@pytest.mark.parametrize(
    ("successes", "begins_above", "low", "high"),
    [([90, 100], True, None, None), ([0, 10], False, None, None), ([55, 100], True, None, 16.0)],
)
def test_a_width_beyond_those_tried_is_none(successes, begins_above, low, high):
    found = half_width([10, 20], successes, [100, 100])
    assert (found.width, found.begins_above, found.low) == (None, begins_above, low)
    assert (found.high is None) == (high is None)
    assert high is None or 10 < found.high < high


@pytest.mark.parametrize(
    ("widths", "successes", "message"),
    [([20, 10], [1, 1], "must increase"), ([], [], "length >= 1"), ([1, 2], [1], "one length")],
)
def test_impossible_shares_are_named(widths, successes, message):
    with pytest.raises(ValueError, match=message):
        half_width(widths, successes, [2] * len(successes))


@pytest.mark.slow
def test_the_interval_covers_the_crossing_of_the_true_probabilities():
    random = np.random.default_rng(0)
    widths, truth = np.array([1, 2, 3, 4, 5]), np.array([0.02, 0.2, 0.4, 0.8, 0.95])
    found = [half_width(widths, random.binomial(30, truth), [30] * 5, 0.95) for _ in range(200)]
    covered = [(f.low or 0) <= 3.25 <= (f.high or 9) for f in found]
    assert np.mean(covered) >= 0.95


@pytest.mark.parametrize(("n", "width"), [(10, 3.9004), (190, 8.1013)])
def test_widths_that_the_transition_is_compared_with(n, width):
    assert row_width(n) == pytest.approx(width, abs=1e-4)
    assert (1 - 2.0 ** -row_width(n)) ** n == pytest.approx(0.5)
    assert necessary_width(n, 3) * 3 >= n > (necessary_width(n, 3) - 1) * 3
    assert 4 * 2.0 ** (np.ceil(n / 4) - sufficient_width(n, 4)) == pytest.approx(0.5)
