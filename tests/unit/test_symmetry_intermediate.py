"""Critical points with one neuron on its way between two families."""

import numpy as np
import pytest

from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.identification import between_families
from relu_landscape.families.intermediate import (
    intermediate_point,
    intermediate_space,
)
from relu_landscape.objective import population_gradient, population_hessian
from relu_landscape.symmetry import SolveError


@pytest.mark.parametrize(("k", "q"), [(20, 6), (30, 10), (30, 11)])
def test_points_between_are_spurious_minima(k, q):
    space, teacher = intermediate_space(k, q), np.eye(k)
    W = space.embed(intermediate_point(k, q))
    assert np.linalg.norm(population_gradient(W, teacher)) < 1e-10
    assert np.linalg.eigvalsh(population_hessian(W, teacher))[0] > 1e-4
    assert abs(W[-1, -1]) < 0.5 < min(abs(W[0, 0]), abs(W[k - q - 1, k - q - 1]))


@pytest.mark.slow
def test_at_43_there_are_those_that_descent_meets():
    found = []
    for q in range(10, 22):
        try:
            intermediate_point(43, q)
        except SolveError:
            continue
        found.append(q)
    assert found == [16, 17, 18]


def test_descent_to_a_family_is_told():
    with pytest.raises(SolveError, match="like another one"):
        intermediate_point(20, 12)


@pytest.mark.parametrize("q", [0, 8])
def test_sizes_without_such_a_space_are_refused(q):
    with pytest.raises(ValueError, match="two neurons in the first block"):
        intermediate_point(10, q)


@pytest.mark.parametrize(("k", "q"), [(20, 6), (30, 11)])
def test_points_between_are_recognised_in_any_order(k, q):
    rng = np.random.default_rng(q)
    W = intermediate_space(k, q).embed(intermediate_point(k, q))
    W = W[rng.permutation(k)][:, rng.permutation(k)]
    assert between_families(W + 1e-8 * rng.normal(size=(k, k))) == q
    W[0] *= 1.01
    assert between_families(W) is None


def test_families_are_not_between():
    weights = symmetric_critical_point("II", 9, m=2).weights()
    assert between_families(weights) is None
    assert between_families(np.eye(9)) is None
