"""Products, sums and transposes of matrices whose rows are vectors."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numba import njit

from relu_landscape.search.column_operations import PANEL_ROWS, add_product, total, transpose_square
from relu_landscape.search.lanes import BLOCK, LANES, aligned_vectors, load_block


@njit(error_model="numpy")
def total_of(array):
    return total(load_block(array, 0))


@njit(error_model="numpy")
def transpose(source, target):
    transpose_square(source, 0, 1, target, 0, 1)


def aligned(matrix):
    array = aligned_vectors(matrix.size // LANES)
    array[:] = matrix.ravel()
    return array


def test_the_lanes_of_a_block_are_summed_in_pairs():
    lanes = np.random.default_rng(0).standard_normal(BLOCK)
    fours = lanes[:4] + lanes[4:]
    twos = fours[:2] + fours[2:]
    assert total_of(aligned(lanes)) == twos[0] + twos[1]


def test_a_square_is_transposed():
    square = np.arange(LANES * LANES, dtype=float).reshape(LANES, LANES)
    target = aligned_vectors(LANES)
    transpose(aligned(square), target)
    np.testing.assert_array_equal(target.reshape(LANES, LANES), square.T)


@pytest.mark.slow
@settings(deadline=None)
@given(
    inner=st.integers(0, 20),
    panels=st.integers(1, 3),
    vectors=st.integers(1, 17),
    seed=st.integers(0, 1000),
)
def test_a_product_is_added(inner, panels, vectors, seed):
    rng = np.random.default_rng(seed)
    rows = panels * PANEL_ROWS
    x = rng.integers(-9, 10, (rows, inner + 3)).astype(float)
    y = rng.integers(-9, 10, (max(inner, 1), vectors * LANES)).astype(float)
    start = rng.integers(-9, 10, (rows, vectors * LANES)).astype(float)
    out = aligned(start)
    add_product(x.ravel(), inner + 3, aligned(y), vectors, inner, out, vectors, rows, vectors)
    expected = start + x[:, :inner] @ y[:inner]  # exact, of whole numbers
    np.testing.assert_array_equal(out.reshape(start.shape), expected)


@pytest.mark.parametrize("vectors", [1, 4, 5, 6, 13])
def test_bits_of_a_column_do_not_depend_on_the_other_columns(vectors):
    rng = np.random.default_rng(vectors)
    x, y = rng.standard_normal((PANEL_ROWS, 7)), rng.standard_normal((7, vectors * LANES))
    whole = aligned_vectors(PANEL_ROWS * vectors)
    add_product(x.ravel(), 7, aligned(y), vectors, 7, whole, vectors, PANEL_ROWS, vectors)
    for vector in range(vectors):
        columns = np.s_[:, vector * LANES : (vector + 1) * LANES]
        alone = aligned_vectors(PANEL_ROWS)
        add_product(x.ravel(), 7, aligned(y[columns]), 1, 7, alone, 1, PANEL_ROWS, 1)
        shape = (PANEL_ROWS, vectors * LANES)
        np.testing.assert_array_equal(
            whole.reshape(shape)[columns], alone.reshape(PANEL_ROWS, LANES)
        )
