"""Splitting a neuron: nothing changes but the curvature, and that as S21, Lemma 28 says."""

import numpy as np
import pytest
import scipy.linalg

from helpers_minima import KNOWN_POINTS
from helpers_objective import rotation
from relu_landscape import eigenspaces
from relu_landscape.minima import (
    CriticalPointKind,
    Push,
    descent_starts,
    inner_hessian,
    split_curvature,
    split_neuron,
)
from relu_landscape.minima.splitting import START_GRID, split_every_neuron
from relu_landscape.objective import (
    population_gradient,
    population_hessian,
    population_loss,
)

SPURIOUS = [
    name for name, point in KNOWN_POINTS.items() if point.kind is CriticalPointKind.SPURIOUS_MINIMUM
]


def test_rows_of_a_split():
    W = np.array([[1.0, 2], [3, 4], [5, 6]])
    np.testing.assert_allclose(
        split_neuron(W, 1, 0.25), [[1, 2], [0.75, 1], [2.25, 3], [5, 6]], rtol=1e-15
    )
    np.testing.assert_array_equal(W, [[1, 2], [3, 4], [5, 6]])


@pytest.mark.parametrize("name", SPURIOUS)
@pytest.mark.parametrize("alpha", [0.5, 0.1])
def test_loss_and_criticality_stay(name, alpha):
    point = KNOWN_POINTS[name]
    split = split_neuron(point.W, len(point.W) - 1, alpha)
    assert population_loss(split, point.V) == pytest.approx(point.loss, abs=5.1e-7)
    assert np.linalg.norm(population_gradient(split, point.V)) < 1e-14


@pytest.mark.parametrize("alpha", [0.5, 0.1, 0.7])
def test_hessian_of_a_split_is_that_of_lemma_28(alpha):
    W, V, i = KNOWN_POINTS["k6-n6"].W, np.eye(6), 2
    n, d = W.shape
    before = population_hessian(W, V).reshape(n, d, n, d)
    after = population_hessian(split_neuron(W, i, alpha), V).reshape(n + 1, d, n + 1, d)
    inner, half = inner_hessian(W, V, i), 0.5 * np.eye(d)
    np.testing.assert_allclose(after[i, :, i], half + inner / alpha, rtol=0, atol=1e-14)
    np.testing.assert_allclose(
        after[i + 1, :, i + 1], half + inner / (1 - alpha), rtol=0, atol=1e-14
    )
    np.testing.assert_allclose(after[i, :, i + 1], half, rtol=0, atol=1e-14)
    kept = np.delete(np.delete(after, i + 1, axis=0), i + 1, axis=2)
    same = np.ones((n, n), dtype=bool)
    same[i, i] = False
    np.testing.assert_allclose(
        kept.swapaxes(1, 2)[same], before.swapaxes(1, 2)[same], rtol=0, atol=1e-14
    )


@pytest.mark.parametrize("name", SPURIOUS)
def test_equal_halves_double_the_inner_eigenvalue(name):
    point = KNOWN_POINTS[name]
    for i in range(len(point.W)):
        found = split_curvature(point.W, point.V, i, 0.5)
        assert found.bound == pytest.approx(2 * found.inner_smallest_eigenvalue, rel=1e-14)
        assert found.smallest_eigenvalue == pytest.approx(found.bound, abs=1e-13)
        assert found.is_strict_saddle


@pytest.mark.parametrize("name", SPURIOUS)
@pytest.mark.parametrize("alpha", [0.1, 0.9])
def test_unequal_parts_stay_below_the_bound(name, alpha):
    point = KNOWN_POINTS[name]
    for i in (0, len(point.W) - 1):
        found = split_curvature(point.W, point.V, i, alpha)
        assert found.smallest_eigenvalue < found.bound < 0
        assert found.is_strict_saddle


def test_published_values():
    """Splitting a regular neuron and the special one, k = 7 and 6."""
    for name, i, inner, smallest in [
        ("k7-n7", 0, -0.10833, -0.21665),
        ("k7-n7", 6, -0.08641, -0.17282),
        ("k6-n6", 0, -0.11815, -0.2363),
        ("k6-n6", 5, -0.09039, -0.1808),
    ]:
        point = KNOWN_POINTS[name]
        found = split_curvature(point.W, point.V, i, 0.5)
        assert found.inner_smallest_eigenvalue == pytest.approx(inner, abs=5.1e-6)
        assert found.smallest_eigenvalue == pytest.approx(smallest, abs=5.1e-5)


def test_starts_lie_on_both_sides_along_the_negative_curvature():
    point = KNOWN_POINTS["k7-n7"]
    split, found = split_neuron(point.W, 0, 0.5), split_curvature(point.W, point.V, 0, 0.5)
    push = Push(displacement=0.1, asymmetry=1e-4, seed=1)
    plus, minus = descent_starts(split, point.V, push)
    along, aside = (plus - minus) / 2, (plus + minus) / 2 - split
    assert np.linalg.norm(along) == pytest.approx(0.1, abs=1e-5)
    assert np.linalg.norm(aside) == pytest.approx(1e-4, abs=1e-5)
    hessian = population_hessian(split, point.V)
    curvature = along.ravel() @ hessian @ along.ravel() / np.linalg.norm(along) ** 2
    assert curvature == pytest.approx(found.smallest_eigenvalue, abs=1e-6)
    for start in (plus, minus):
        assert population_loss(start, point.V) < population_loss(split, point.V)


def test_starts_are_the_same_bits_whatever_basis_of_the_eigenspace_the_library_gives(monkeypatch):
    """This split has a smallest eigenvalue of multiplicity ten."""
    point = KNOWN_POINTS["k12-n13"]
    split = split_neuron(point.W, 11, 0.5)
    values = np.linalg.eigvalsh(population_hessian(split, point.V))
    multiplicity = int((values < values[0] + 1e-9).sum())
    assert multiplicity == 10
    push = Push(displacement=1e-2, asymmetry=1e-3, seed=1)
    expected = descent_starts(split, point.V, push)
    for seed in range(3):
        turn = rotation(multiplicity, seed)

        def turned(symmetric, turn=turn):
            values, vectors = scipy.linalg.eigh(symmetric)
            vectors[:, :multiplicity] = vectors[:, :multiplicity] @ turn
            return values, vectors

        monkeypatch.setattr(eigenspaces, "eigh", turned)
        np.testing.assert_array_equal(descent_starts(split, point.V, push), expected)


def test_starts_differ_with_the_seed_and_lie_on_the_grid():
    point = KNOWN_POINTS["k6-n6"]
    split = split_neuron(point.W, 0, 0.5)
    one, other = (descent_starts(split, point.V, Push(1e-2, 1e-3, seed)) for seed in (1, 2))
    assert (one != other).any()
    np.testing.assert_array_equal(one / START_GRID, np.rint(one / START_GRID))


def test_splitting_at_a_global_minimum_makes_no_saddle():
    found = split_curvature(np.eye(4), np.eye(4), 1, 0.5)
    assert found.gradient_norm < 1e-15
    assert abs(found.bound) < 1e-15
    assert abs(found.smallest_eigenvalue) < found.eigenvalue_error
    assert not found.is_strict_saddle


def test_a_point_that_is_not_critical_makes_no_saddle():
    found = split_curvature(KNOWN_POINTS["k7-n7"].W + 1e-6, np.eye(7), 0, 0.5)
    assert found.smallest_eigenvalue < -0.2
    assert not found.is_strict_saddle


@pytest.mark.parametrize("alpha", [0, 1, -0.5, 1.5, np.nan])
def test_alpha_must_lie_between_zero_and_one(alpha):
    with pytest.raises(ValueError, match="alpha"):
        split_neuron(np.eye(2), 0, alpha)


@pytest.mark.parametrize(
    ("W", "alpha", "message"),
    [
        ([[np.nan, 1.0]], 0.5, "row 0 of W has an entry that is not finite"),
        ([[1.0, 1.0]], 1e-200, "alpha = 1e-200 leaves neuron 0 of W a part that counts as zero"),
        ([[1e-145, 0.0]], 1e-10, "its largest entry is 1e-155, allowed is 1e-150 or more"),
    ],
)
def test_parts_that_are_no_neurons_are_refused(W, alpha, message):
    with pytest.raises(ValueError, match=message):
        split_neuron(W, 0, alpha)


def test_shares_from_a_generator_serve_every_neuron():
    alphas = (0.5, 0.1)
    splits = split_every_neuron(np.eye(2), np.eye(2), (alpha for alpha in alphas))
    assert [(split.neuron, split.alpha) for split in splits] == [
        (neuron, alpha) for neuron in range(2) for alpha in alphas
    ]


@pytest.mark.parametrize("i", [-1, 2])
def test_a_neuron_that_is_not_there(i):
    with pytest.raises(ValueError, match="no neuron"):
        split_neuron(np.eye(2), i, 0.5)


@pytest.mark.parametrize("name", ["displacement", "asymmetry"])
@pytest.mark.parametrize("value", [0.0, 1e-6, -1.0, np.inf, np.nan])
def test_a_push_needs_distances(name, value):
    with pytest.raises(ValueError, match=name):
        Push(**{"displacement": 0.1, "asymmetry": 0.1, "seed": 1, name: value})
