"""A minimum followed to random unit teachers."""

import numpy as np
import pytest

from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.random_teachers import (
    gram_root,
    random_teacher_records,
    random_unit_teachers,
)
from relu_landscape.families.settings import RandomTeachers
from relu_landscape.objective import population_hessian, population_loss


def test_teachers_are_unit_vectors_of_their_own_draw():
    V = random_unit_teachers(8, 100, seed=1, sample=0)
    np.testing.assert_allclose(np.linalg.norm(V, axis=1), 1, rtol=1e-14)
    assert np.abs(V @ V.T - np.eye(8)).max() > 0.05
    assert (random_unit_teachers(8, 100, seed=1, sample=0) == V).all()
    assert (random_unit_teachers(8, 100, seed=1, sample=1) != V).all()


def test_the_root_has_the_inner_products_of_the_teachers():
    V = random_unit_teachers(5, 20, seed=2, sample=0)
    root = gram_root(V)
    np.testing.assert_allclose(root @ root.T, V @ V.T, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(gram_root(np.eye(5)), np.eye(5))


def test_one_input_off_the_span_stands_for_all():
    V = random_unit_teachers(3, 6, seed=3, sample=0)
    W = np.random.default_rng(3).normal(size=(4, 3)) @ V
    # The rotation that takes V to the root of its Gram matrix takes W along.
    root = gram_root(V)
    turned = W @ np.linalg.pinv(V) @ root
    assert population_loss(turned, root) == pytest.approx(population_loss(W, V), rel=1e-12)
    whole = np.linalg.eigvalsh(population_hessian(W, V))
    one, none = (
        np.linalg.eigvalsh(
            population_hessian(*(np.pad(x, [(0, 0), (0, i)]) for x in (turned, root)))
        )
        for i in (1, 0)
    )
    for value in one:
        assert np.abs(whole - value).min() < 1e-12
    for value in whole:
        assert np.abs(one - value).min() < 1e-12
    assert max(np.abs(none - value).min() for value in whole) > 1e-3


def test_nearly_orthogonal_teachers_keep_the_minimum():
    settings = RandomTeachers(teachers=8, inputs=[10_000], samples=3, seed=1)
    rows = random_teacher_records(settings)
    assert [row["sample"] for row in rows] == [0, 1, 2]
    point = symmetric_critical_point("II", 8, m=1)
    for row in rows:
        assert row["outcome"] == "strict_minimum"
        assert row["loss"] == pytest.approx(point.loss, rel=0.05)
        assert row["smallest_eigenvalue"] == pytest.approx(point.smallest.value, rel=0.2)
        assert 0 < row["largest_correlation"] < 0.06


def test_correlated_teachers_can_lose_it():
    rows = random_teacher_records(RandomTeachers(teachers=8, inputs=[16], samples=4, seed=1))
    lost = [row for row in rows if row["outcome"] == "fold"]
    assert lost
    for row in lost:
        assert row["reached"] < 1
        assert row["loss"] is None
