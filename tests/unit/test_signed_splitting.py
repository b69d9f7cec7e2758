"""Splitting a neuron into two of opposite outputs: the form falls apart, exactly."""

import numpy as np
import pytest

from helpers_certificates import family_point, signed_minimum
from relu_landscape.minima import inner_hessian, signed_split, split_neuron, split_outputs
from relu_landscape.objective import (
    population_gradient,
    population_hessian,
    population_loss,
)

RNG = np.random.default_rng(25)
W, V = RNG.normal(size=(4, 3)), RNG.normal(size=(2, 3))
SIGNS = np.array([1.0, -1.0, 1.0, -1.0])


def test_rows_and_outputs_of_a_split():
    given = np.array([[1.0, 2], [3, 4], [5, 6]])
    weights, outputs = signed_split(given, 1, 3.0)
    np.testing.assert_array_equal(weights, [[1, 2], [9, 12], [6, 8], [5, 6]])
    np.testing.assert_array_equal(outputs, [1, 1, -1, 1])
    np.testing.assert_array_equal(
        signed_split(given, 1, 3.0, outputs=[1, -1, -1])[1], [1, -1, 1, -1]
    )
    np.testing.assert_array_equal(given, [[1, 2], [3, 4], [5, 6]])


@pytest.mark.parametrize("gamma", [1.01, 2.0, 20.0])
@pytest.mark.parametrize("outputs", [None, SIGNS])
def test_the_function_stays(gamma, outputs):
    weights, signs = signed_split(W, 1, gamma, outputs=outputs)
    before = population_loss(W, V, outputs=outputs)
    assert population_loss(weights, V, outputs=signs) == pytest.approx(before, rel=1e-12)
    gradient = population_gradient(W, V, outputs=outputs)
    after = population_gradient(weights, V, outputs=signs)
    np.testing.assert_allclose(
        after, np.insert(gradient, 2, -gradient[1], axis=0), rtol=0, atol=1e-13
    )


@pytest.mark.parametrize("gamma", [1.01, 2.0, 20.0])
@pytest.mark.parametrize(("outputs", "i"), [(None, 0), (SIGNS, 0), (SIGNS, 1), (SIGNS, 3)])
def test_the_form_of_the_hessian_falls_apart(gamma, outputs, i):
    n, d = W.shape
    weights, signs = signed_split(W, i, gamma, outputs=outputs)
    whole = population_hessian(weights, V, outputs=signs)
    # Columns: where s, the displacements of the others, and y move the n + 1 neurons.
    moved = np.zeros((n + 1, n + 1))
    moved[np.delete(np.arange(n + 1), [i, i + 1]), np.delete(np.arange(n), i)] = 1
    moved[[i, i + 1], i] = gamma, gamma - 1
    moved[[i, i + 1], n] = 1
    basis = np.kron(moved, np.eye(d))
    expected = np.zeros_like(whole)
    expected[: n * d, : n * d] = population_hessian(W, V, outputs=outputs)
    inner = inner_hessian(W, V, i, outputs=outputs)
    expected[n * d :, n * d :] = -inner / (gamma * (gamma - 1))
    np.testing.assert_allclose(basis.T @ whole @ basis, expected, rtol=0, atol=1e-12 * gamma**2)


def test_a_split_minimum_is_flat_along_the_line_alone():
    point, teachers = family_point(8)
    for i in (0, 7):
        weights, signs = signed_split(point, i, 2.0)
        assert np.linalg.norm(population_gradient(weights, teachers, outputs=signs)) < 1e-13
        values, vectors = np.linalg.eigh(population_hessian(weights, teachers, outputs=signs))
        assert abs(values[0]) < 1e-14
        assert values[1] > 4e-3
        line = np.zeros_like(weights)
        line[[i, i + 1]] = point[i] / np.linalg.norm(point[i]) / np.sqrt(2)
        assert abs(vectors[:, 0] @ line.ravel()) == pytest.approx(1, abs=1e-12)


def test_where_the_inner_hessian_has_both_signs_both_kinds_of_splits_are_saddles():
    minimum = signed_minimum()
    outputs = np.array(minimum.outputs, dtype=float)
    inner = np.linalg.eigvalsh(inner_hessian(minimum.W, minimum.V, 7, outputs=outputs))
    assert inner[0] < -0.005
    assert inner[-1] > 0.09
    opposite, signs = signed_split(minimum.W, 7, 1.5, outputs=outputs)
    alike = split_neuron(minimum.W, 7, 0.5), split_outputs(outputs, 7, 0.5)
    for weights, c in ((opposite, signs), alike):
        values = np.linalg.eigvalsh(population_hessian(weights, minimum.V, outputs=c))
        assert values[0] < -0.005


@pytest.mark.parametrize("gamma", [1.0, 0.5, -2.0])
def test_shares_of_one_sign_are_refused(gamma):
    with pytest.raises(ValueError, match="needs gamma > 1"):
        signed_split(W, 0, gamma)


@pytest.mark.parametrize(("size", "gamma"), [(1e-140, 1 + 1e-15), (1e149, 20.0)])
def test_parts_out_of_range_are_refused(size, gamma):
    with pytest.raises(ValueError, match="take a gamma nearer to 2"):
        signed_split([[size, 0.0]], 0, gamma)


def test_what_is_no_network_is_an_error():
    with pytest.raises(ValueError, match="no neuron 4"):
        signed_split(W, 4, 2.0)
    with pytest.raises(ValueError, match=r"outputs\[2\] is 2"):
        signed_split(W, 0, 2.0, outputs=[1, 1, 2, 1])
