"""Directions from eigenspaces depend on the matrix alone."""

import numpy as np
import pytest
import scipy.linalg

from helpers_objective import rotation
from relu_landscape.objective import eigenspaces
from relu_landscape.objective.eigenspaces import ONE_EIGENSPACE, softest_direction

GENERIC = np.array([(i + 1) ** 2 * (1 + 5**0.5) / 2 % 1 - 0.5 for i in range(12)])


def matrix_of(values, seed=1):
    """Symmetric with these eigenvalues, and its eigenvectors as columns."""
    basis = rotation(len(values), seed)
    product = basis @ np.diag(values) @ basis.T
    return (product + product.T) / 2, basis


def projected(basis):
    """The generic vector in the span of orthonormal columns, normalised."""
    projection = basis @ (basis.T @ GENERIC[: len(basis)])
    return projection / np.linalg.norm(projection)


def test_a_simple_eigenvalue_gives_its_eigenvector():
    matrix, basis = matrix_of([-2.0, -1.0, 0.5, 3.0])
    found = softest_direction(matrix)
    np.testing.assert_allclose(abs(found @ basis[:, 0]), 1, rtol=1e-14)
    np.testing.assert_allclose(matrix @ found, -2 * found, rtol=0, atol=1e-14)


@pytest.mark.parametrize("multiplicity", [2, 3, 5])
def test_a_multiple_eigenvalue_gives_the_projection(multiplicity):
    matrix, basis = matrix_of([-1.0] * multiplicity + [2.0, 3.0, 4.0])
    found = softest_direction(matrix)
    np.testing.assert_allclose(found, projected(basis[:, :multiplicity]), rtol=0, atol=1e-13)


def test_nearly_equal_eigenvalues_are_one_chain():
    """Each within the tolerance of its neighbour, first and last not; the next one well apart."""
    gap = 0.8 * ONE_EIGENSPACE * 5
    matrix, basis = matrix_of([1.0, 1.0 + gap, 1.0 + 2 * gap, 1.5, 5.0])
    np.testing.assert_allclose(
        softest_direction(matrix), projected(basis[:, :3]), rtol=0, atol=1e-13
    )


def test_eigenvalues_further_apart_are_not():
    matrix, basis = matrix_of([1.0, 1.0 + 1.2 * ONE_EIGENSPACE * 5, 1.5, 5.0])
    found = softest_direction(matrix)
    np.testing.assert_allclose(found, projected(basis[:, :1]), rtol=0, atol=1e-8)


def test_the_largest_modulus_is_the_scale():
    values = np.array([-1000.0, -999.9999, 1.0])
    matrix, basis = matrix_of(values)
    np.testing.assert_allclose(
        softest_direction(matrix), projected(basis[:, :2]), rtol=0, atol=1e-12
    )


def test_the_whole_space_is_one_eigenspace():
    generic = GENERIC[:3] / np.linalg.norm(GENERIC[:3])
    for scale in (0.0, 2.0):
        np.testing.assert_allclose(
            softest_direction(scale * np.eye(3)), generic, rtol=0, atol=1e-15
        )
    np.testing.assert_array_equal(softest_direction(np.array([[7.0]])), [1.0])


@pytest.mark.parametrize("values", [[-2.0, 1.0, 3.0], [-1.0, -1.0, -1.0, 2.0]])
def test_the_choice_of_the_library_does_not_matter(values, monkeypatch):
    """Another orthonormal basis of the eigenspace, or another sign, as another processor gives."""
    matrix, _ = matrix_of(values)
    found = softest_direction(matrix)
    multiplicity = values.count(values[0])
    for seed in range(4):
        turn = rotation(multiplicity, seed) * (-1) ** seed

        def turned(symmetric, turn=turn):
            eigenvalues, vectors = scipy.linalg.eigh(symmetric)
            vectors[:, :multiplicity] = vectors[:, :multiplicity] @ turn
            return eigenvalues, vectors

        monkeypatch.setattr(eigenspaces, "eigh", turned)
        np.testing.assert_allclose(softest_direction(matrix), found, rtol=0, atol=1e-14)


@pytest.mark.parametrize("seed", range(5))
def test_the_direction_has_unit_length_and_a_fixed_sign(seed):
    matrix, _ = matrix_of([0.0, 0.0, 1.0, 2.0, 2.0, 9.0], seed=seed)
    found = softest_direction(matrix)
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-15)
    assert found @ GENERIC[:6] > 0


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        (np.zeros((2, 3)), r"shape \(2, 3\)"),
        (np.zeros(4), r"shape \(4,\)"),
        (np.zeros((0, 0)), r"shape \(0, 0\)"),
        (np.diag([1.0, np.nan]), "not finite"),
    ],
)
def test_what_has_no_eigenspace_is_refused(matrix, message):
    with pytest.raises(ValueError, match=message):
        softest_direction(matrix)
