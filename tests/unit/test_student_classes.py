"""Classes up to permutations of students alone."""

from itertools import permutations

import numpy as np
import pytest

from relu_landscape.minima import classify_minima, classify_up_to_students


def arrangements(W, count, seed, noise=1e-8):
    """W with its students in random orders, and noise."""
    rng = np.random.default_rng(seed)
    return np.array([rng.permutation(W) + noise * rng.normal(size=W.shape) for _ in range(count)])


def points():
    """Three points, the last two with equal norms; shuffled, with the point of each."""
    rng = np.random.default_rng(1)
    first, second = rng.normal(size=(2, 5, 4))
    turned = second[:, [1, 0, 2, 3]]
    weights = np.concatenate(
        [arrangements(W, 4 + i, seed=i) for i, W in enumerate((first, second, turned))]
    )
    order = rng.permutation(len(weights))
    return weights[order], np.repeat([0, 1, 2], [4, 5, 6])[order]


def same_partition(labels, of):
    return len(set(zip(labels, of, strict=True))) == len(set(labels)) == len(set(of))


def test_students_may_be_exchanged_and_coordinates_may_not():
    weights, of = points()
    found = classify_up_to_students(weights)
    assert same_partition(found.labels, of)
    assert sorted(found.multiplicities) == [4, 5, 6]
    assert len(classify_minima(weights).multiplicities) == 2
    assert 0 < found.diameters.max() < 1e-6
    assert found.diameters.tolist() == [
        found.distances[found.labels == label].max() for label in range(3)
    ]


def test_classes_do_not_depend_on_the_order_of_the_points():
    weights, of = points()
    found, turned = classify_up_to_students(weights), classify_up_to_students(weights[::-1])
    np.testing.assert_array_equal(found.multiplicities, turned.multiplicities)
    np.testing.assert_array_equal(found.labels, turned.labels[::-1])
    np.testing.assert_array_equal(found.representatives, turned.representatives)
    assert same_partition(found.labels, of)


def test_distance_is_the_smallest_over_all_permutations():
    rng = np.random.default_rng(3)
    W = rng.normal(size=(5, 2))
    moved = rng.permutation(W) + 0.2 * rng.normal(size=W.shape)
    found = classify_up_to_students([W, moved], tolerance=5.0)
    assert found.labels.tolist() == [0, 0]
    smallest = min(np.linalg.norm(moved[list(order)] - W) for order in permutations(range(5)))
    assert found.distances.max() == pytest.approx(smallest, rel=1e-14)


def test_students_with_other_outputs_are_not_exchanged():
    W = np.random.default_rng(2).normal(size=(3, 4))
    weights = np.stack([W, W[[1, 0, 2]], W[[0, 2, 1]]])
    assert classify_up_to_students(weights).multiplicities.tolist() == [3]
    found = classify_up_to_students(weights, outputs=[1.0, 1.0, -1.0])
    assert found.labels[0] == found.labels[1] != found.labels[2]


def test_no_points_have_no_classes():
    found = classify_up_to_students(np.empty((0, 3, 2)))
    assert found.representatives.shape == (0, 3, 2)
    assert found.multiplicities.shape == (0,)


@pytest.mark.parametrize(
    ("weights", "further", "message"),
    [
        (np.eye(2), {}, r"weights must be a \(runs, n, d\) array"),
        (np.ones((1, 2, 2)), {"tolerance": 0.0}, "tolerance must be positive"),
        (np.ones((1, 2, 2)), {"outputs": [1.0]}, r"outputs has shape \(1,\)"),
    ],
)
def test_bad_arguments_are_named(weights, further, message):
    with pytest.raises(ValueError, match=message):
        classify_up_to_students(weights, **further)
