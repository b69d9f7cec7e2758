import itertools

import flint
import numpy as np
import pytest

from helpers_rows import frame_of
from relu_landscape.activation_regions.deep import (
    deep_jacobian,
    measure_deep_cell,
    rank_of_integers,
)
from relu_landscape.activation_regions.integer_data import DATA_LAWS, draw_layer, draw_trial
from relu_landscape.activation_regions.patterns import pattern_of, with_bias
from relu_landscape.activation_regions.rank import jacobian, jacobian_rank
from relu_landscape.activation_regions.settings import TrainingDescent
from relu_landscape.activation_regions.tables.full_rank import DeepRanks
from relu_landscape.activation_regions.training import stable_step, train_trial
from relu_landscape.activation_regions.training_kernel import descend
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_frame

SIGNS = np.array([1.0, -1.0, 1.0, -1.0])


def trained(data, initialisation, n, d0, d1, trial=0, checks=(0, 10, 1000)):
    settings = TrainingDescent(checks=checks, zero_loss=1e-8, settled=1e-9)
    return train_trial(data, initialisation, (n, d0, d1), settings, trial=trial, seed=1)


def problem(n=6, d=3):
    random = np.random.default_rng(0)
    return random.normal(size=(n, d)), random.normal(size=(d, 4)), random.normal(size=n)


def loss_of(points, weights, labels):
    return 0.5 * np.sum((np.maximum(points @ weights, 0) @ SIGNS - labels) ** 2)


def run(points, weights, labels, iterations, step=0.01):
    active = points @ weights > 0
    return descend(weights, points, labels, SIGNS, active, step, iterations, 0.0, 0.0)


def test_a_step_follows_the_gradient_of_the_loss():
    points, weights, labels = problem()
    moved = weights.copy()
    run(points, moved, labels, 1)
    numeric = np.empty_like(weights)
    for place in np.ndindex(*weights.shape):
        ahead, behind = weights.copy(), weights.copy()
        ahead[place] += 1e-6
        behind[place] -= 1e-6
        numeric[place] = (loss_of(points, ahead, labels) - loss_of(points, behind, labels)) / 2e-6
    np.testing.assert_allclose((weights - moved) / 0.01, numeric, rtol=0, atol=1e-7)


def test_loss_gradient_and_crossings_are_those_of_the_weights_returned():
    points, weights, labels = problem()
    patterns, path = [], weights.copy()
    for _ in range(40):
        patterns.append(points @ path > 0)
        run(points, path, labels, 1, step=0.05)
    patterns.append(points @ path > 0)
    taken, loss, norm, crossings, flips = run(points, weights, labels, 40, step=0.05)
    np.testing.assert_array_equal(weights, path)
    changes = [int((one != other).sum()) for one, other in itertools.pairwise(patterns)]
    assert (taken, crossings, flips) == (40, sum(c > 0 for c in changes), sum(changes))
    assert flips > 0
    assert loss == pytest.approx(loss_of(points, weights, labels))
    before = weights.copy()
    run(points, weights, labels, 1, step=1e-3)
    assert norm == pytest.approx(np.linalg.norm(before - weights) / 1e-3)


def test_no_region_is_too_steep_for_the_step():
    random = np.random.default_rng(1)
    for _ in range(50):
        points = random.normal(size=(8, 3))
        pattern = random.random((8, 5)) < random.random()
        largest = np.linalg.norm(jacobian(points, pattern), 2) ** 2
        assert stable_step(points, 5) * largest <= 1.0 + 1e-12
    everywhere = np.ones((8, 5), dtype=bool)
    steepest = np.linalg.norm(jacobian(points, everywhere), 2) ** 2
    assert 1.0 - 1e-2 < stable_step(points, 5) * steepest <= 1.0


def test_the_step_does_not_depend_on_the_last_bit_of_a_singular_value():
    points = np.random.default_rng(2).normal(size=(20, 6))
    step = stable_step(points, 7)
    assert step == float(f"{step:.2e}")
    assert stable_step(points * (1 + 4e-16), 7) == step


def test_a_run_starts_at_the_cell_of_the_figures_and_ends_once(tmp_path):
    rows = [row for trial in range(3) for row in trained("normal", "linear_layer", 12, 6, 8, trial)]
    table = frame_of(rows)
    write_table(table, tmp_path / "runs.parquet", "training_runs")
    for trial, checks in table.groupby("trial"):
        draw = draw_trial("normal", "linear_layer", (12, 6, 8), trial=trial, seed=1)
        assert checks["rank"].iloc[0] == jacobian_rank(draw.X, draw.W, draw.b)
        assert (checks["outcome"].iloc[:-1] == "running").all()
        assert checks["outcome"].iloc[-1] in ("zero_loss", "settled", "unfinished")
        assert (np.diff(checks["crossings"]) >= 0).all()
        assert checks["mean_square_error"].iloc[-1] < checks["mean_square_error"].iloc[0]


def test_outcomes():
    wide = trained("normal", "linear_layer_no_bias", 5, 10, 12)
    assert wide[-1].outcome == "zero_loss"
    assert wide[-1].mean_square_error <= 1e-8
    # One neuron of positive sign cannot give the negative labels.
    narrow = trained("normal", "linear_layer", 6, 12, 1, checks=(0, 10**5))
    assert narrow[-1].outcome == "settled"
    assert narrow[-1].gradient_norm <= 1e-9
    short = trained("normal", "linear_layer", 6, 12, 1, checks=(0, 1))
    assert short[-1].outcome == "unfinished"


@pytest.mark.parametrize("checks", [(), (1, 2), (0, 5, 3), (0, 5, 5)])
def test_checks_must_increase_from_zero(checks):
    with pytest.raises(ValueError, match="checks"):
        trained("normal", "normal", 3, 2, 2, checks=checks)


# --- two hidden layers ------------------------------------------------------------------------


def deep_draw(n, d0, d1, d2, seed):
    random = np.random.default_rng(seed)
    points = DATA_LAWS["normal"](random, (n, d0))
    return points, *draw_layer(random, d0, d1), *draw_layer(random, d1, d2)


def numeric_jacobian(points, *layers):
    """Central differences of F in all weights of both hidden layers, first layer first."""
    flat = np.concatenate([layer.ravel() for layer in layers])

    def value(theta):
        parts = np.split(theta, np.cumsum([layer.size for layer in layers])[:-1])
        w1, b1, w2, b2 = (p.reshape(a.shape) for p, a in zip(parts, layers, strict=True))
        hidden = np.maximum(np.maximum(points @ w1.T + b1, 0) @ w2.T + b2, 0)
        return hidden @ np.where(np.arange(len(w2)) % 2 == 0, 1.0, -1.0)

    steps = 1e-6 * np.eye(flat.size)
    return np.stack([(value(flat + h) - value(flat - h)) / 2e-6 for h in steps], axis=1)


@pytest.mark.parametrize("seed", range(4))
def test_the_deep_jacobian_spans_what_the_derivatives_span(seed):
    draw = deep_draw(9, 3, 4, 3, seed)
    last, before = deep_jacobian(*draw)
    exact = np.concatenate([last, before], axis=1)
    numeric = np.linalg.matrix_rank(numeric_jacobian(*draw), rtol=1e-7)
    assert rank_of_integers(exact) == numeric == flint.fmpz_mat(exact.tolist()).rank()
    columns = exact.astype(np.float64)
    columns = columns / np.maximum(np.linalg.norm(columns, axis=0), 1.0)
    both = np.concatenate([columns, numeric_jacobian(*draw)], axis=1)
    assert np.linalg.matrix_rank(both, rtol=1e-7) == numeric


def test_one_hidden_layer_is_the_last_one_over_its_hidden_points():
    points, w1, b1, w2, b2 = deep_draw(8, 2, 5, 4, 0)
    last, _ = deep_jacobian(points, w1, b1, w2, b2)
    hidden = np.maximum(points @ w1.T + b1, 0)
    rows, weights = with_bias(hidden, w2, b2)
    expected = np.linalg.matrix_rank(jacobian(rows, pattern_of(rows, weights)))
    assert rank_of_integers(last) == expected


def test_a_deep_cell_keeps_to_its_schema(tmp_path):
    row = measure_deep_cell("uniform", (12, 3, 6, 5), trials=5, seed=0)
    write_table(make_frame([row], DeepRanks), tmp_path / "deep.parquet", "deep_ranks")
    assert row.full_last_layer <= row.full <= 5
    assert row.mean_rank_last_layer <= row.mean_rank <= 12


@pytest.mark.parametrize(
    ("data", "trials", "message"), [("x", 1, "unknown"), ("normal", 0, "least 1")]
)
def test_impossible_deep_cells_are_named(data, trials, message):
    with pytest.raises(ValueError, match=message):
        measure_deep_cell(data, (3, 2, 2, 2), trials=trials, seed=0)
