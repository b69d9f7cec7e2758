"""Classes: what is equal up to permutations is one, what is not is not, in any order of input."""

import itertools

import numpy as np
import pytest

from helpers_minima import KNOWN_POINTS, shuffled, two_blocks
from relu_landscape.minima import align, classify_minima
from relu_landscape.symmetry import canonical_form

POINTS = [two_blocks(p, 12 - p, seed=p) for p in (12, 11, 9, 6)]
ORBITS = [(12,), (1, 11), (3, 9), (6, 6)]


def noisy_copies(points, labels, noise, seed):
    rng = np.random.default_rng(seed)
    shape = points[0].shape
    return np.array(
        [shuffled(points[c] + noise * rng.uniform(-1, 1, size=shape), rng) for c in labels]
    )


def same_partition(first, second):
    pairs = set(zip(first.tolist(), second.tolist(), strict=True))
    return len(pairs) == len(set(first.tolist())) == len(set(second.tolist()))


def test_copies_are_grouped():
    labels = np.random.default_rng(0).integers(4, size=60)
    found = classify_minima(noisy_copies(POINTS, labels, 1e-8, seed=1))
    assert same_partition(found.labels, labels)
    for c in range(4):
        original = labels[np.argmax(found.labels == c)]
        assert found.multiplicities[c] == np.count_nonzero(labels == original)
        assert found.coordinate_orbits[c] == found.neuron_orbits[c] == ORBITS[original]
        assert found.distinct_values[c] == canonical_form(POINTS[original]).distinct_values
        np.testing.assert_allclose(
            found.representatives[c], canonical_form(POINTS[original]).weights, rtol=0, atol=2e-8
        )


def test_distances_and_diameters():
    labels = np.repeat([0, 1], 5)
    points = noisy_copies(POINTS, labels, 1e-8, seed=2)
    found = classify_minima(points)
    assert np.count_nonzero(found.distances == 0) == 2  # the representatives themselves
    assert found.distances.max() < 2 * 1e-8 * 12
    for c in range(2):
        assert found.diameters[c] == found.distances[found.labels == c].max() > 1e-9
    for point, c, distance in zip(points, found.labels, found.distances, strict=True):
        assert np.linalg.norm(
            canonical_form(point).weights - found.representatives[c]
        ) == pytest.approx(distance)


def test_order_and_arrangement_of_the_input_do_not_matter():
    labels = np.repeat(np.arange(4), 6)
    points = noisy_copies(POINTS, labels, 1e-8, seed=3)
    rng = np.random.default_rng(4)
    order = rng.permutation(len(points))
    first = classify_minima(points)
    second = classify_minima(np.array([shuffled(points[r], rng) for r in order]))
    np.testing.assert_array_equal(first.labels[order], second.labels)
    np.testing.assert_array_equal(first.multiplicities, second.multiplicities)


def test_different_points_with_equal_entries_are_different():
    """Sorted entries alone would take these for one class."""
    W = two_blocks(9, 3, seed=1)
    other = W.copy()
    other[[0, 0], [1, 9]] = W[[0, 0], [9, 1]]
    np.testing.assert_array_equal(np.sort(W, axis=None), np.sort(other, axis=None))
    assert len(classify_minima(np.array([W, other])).multiplicities) == 2


def test_a_difference_above_the_tolerance_separates():
    W = two_blocks(9, 3, seed=1)
    pair = np.array([W, W + 4e-6 * np.eye(12)])  # Frobenius distance 1.4e-5
    assert len(classify_minima(pair, tolerance=1e-5).multiplicities) == 2
    assert len(classify_minima(pair, tolerance=2e-5).multiplicities) == 1


@pytest.mark.parametrize("gap", [0.9999e-5, 1.0001e-5])
def test_entries_as_close_as_the_tolerance_do_not_split_a_class(gap):
    W = two_blocks(12, 8, seed=1)
    W[:5, 12:] += gap
    points = noisy_copies([W], np.zeros(20, dtype=int), 1e-8, seed=5)
    apart = [np.linalg.norm(canonical_form(p).weights - canonical_form(W).weights) for p in points]
    found = classify_minima(points, tolerance=1e-5)
    assert found.multiplicities.tolist() == [20]
    assert found.diameters[0] < 2 * 1e-8 * 20
    assert max(apart) > 1e-5  # canonical forms alone would have split it


def test_align_undoes_a_permutation():
    W = KNOWN_POINTS["k12-n13"].W
    aligned = align(shuffled(W, np.random.default_rng(6)), W)
    np.testing.assert_array_equal(aligned, W)


@pytest.mark.parametrize(
    ("W", "target", "tolerance", "message"),
    [
        (np.eye(3), np.eye(4), 1e-5, r"W has shape \(3, 3\), the target \(4, 4\)"),
        (np.ones(2), np.ones(2), 1e-5, r"W has shape \(2,\)"),
        (np.ones((0, 2)), np.ones((0, 2)), 1e-5, r"W has shape \(0, 2\)"),
        ([[np.nan, 1.0]], [[1.0, 2.0]], 1e-5, "row 0 of W has an entry that is not finite"),
        ([[1.0, 2.0]], [[np.inf, 1.0]], 1e-5, "row 0 of target has an entry"),
        (np.eye(2), np.eye(2), -1.0, "tolerance must be positive, not -1.0"),
    ],
)
def test_align_refuses_what_it_cannot_compare(W, target, tolerance, message):
    with pytest.raises(ValueError, match=message):
        align(W, target, tolerance=tolerance)


def test_classes_do_not_depend_on_the_order_where_sorted_entries_tie():
    points = np.array([[[1.0, 2], [3, 4]], [[1, 4], [2, 3]], [[1, 2], [4, 3]]])
    expected = classify_minima(points)
    assert sorted(expected.multiplicities.tolist()) == [1, 1, 1]
    for order in itertools.permutations(range(3)):
        found = classify_minima(points[list(order)])
        np.testing.assert_array_equal(found.representatives, expected.representatives)
        np.testing.assert_array_equal(found.labels, expected.labels[list(order)])


def test_no_points_give_no_classes():
    found = classify_minima(np.empty((0, 3, 4)))
    assert found.representatives.shape == (0, 3, 4)
    assert found.labels.shape == found.multiplicities.shape == found.diameters.shape == (0,)
    assert found.neuron_orbits == ()


def test_one_point_is_its_own_class():
    found = classify_minima(KNOWN_POINTS["k7-n7"].W[None])
    assert found.labels.tolist() == [0]
    assert found.diameters.tolist() == [0.0]


@pytest.mark.parametrize(
    "weights", [np.eye(3), np.full((1, 2, 2), np.inf), np.empty((2, 0, 3)), np.ones((1, 1, 1, 1))]
)
def test_other_arrays_are_refused(weights):
    with pytest.raises(ValueError, match="finite"):
        classify_minima(weights)


def test_tolerance_must_be_positive():
    with pytest.raises(ValueError, match="tolerance"):
        classify_minima(np.eye(2)[None], tolerance=0)
