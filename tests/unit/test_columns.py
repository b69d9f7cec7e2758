"""Products, sums and transposes of matrices whose rows are vectors of eight doubles."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from relu_landscape.search.columns import PANEL_ROWS, add_panel, total, transpose_block
from relu_landscape.search.lanes import LANES, aligned_vectors, load


@njit(error_model="numpy")
def total_of(array):
    return total(load(array, 0))


@njit(error_model="numpy")
def transpose(source, target):
    transpose_block(source, 0, 1, target, 0, 1)


@njit(error_model="numpy")
def add_product(x, x_row, y, inner, out, vectors):
    add_panel(x, 0, x_row, y, vectors, inner, out, 0, vectors, vectors)


def aligned(matrix):
    array = aligned_vectors(matrix.size // LANES)
    array[:] = matrix.ravel()
    return array


def test_lanes_are_summed_in_pairs():
    lanes = np.random.default_rng(0).standard_normal(LANES)
    fours = lanes[:4] + lanes[4:]
    twos = fours[:2] + fours[2:]
    assert total_of(aligned(lanes)) == twos[0] + twos[1]


def test_a_block_is_transposed():
    block = np.arange(LANES * LANES, dtype=float).reshape(LANES, LANES)
    target = aligned_vectors(LANES)
    transpose(aligned(block), target)
    np.testing.assert_array_equal(target.reshape(LANES, LANES), block.T)


@settings(deadline=None)
@given(inner=st.integers(0, 20), vectors=st.integers(1, 17), seed=st.integers(0, 1000))
def test_a_panel_adds_its_product_in_the_order_of_the_inner_index(inner, vectors, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(-9, 10, (PANEL_ROWS, inner + 3)).astype(float)
    y = rng.integers(-9, 10, (max(inner, 1), vectors * LANES)).astype(float)
    start = rng.integers(-9, 10, (PANEL_ROWS, vectors * LANES)).astype(float)
    out = aligned(start)
    add_product(x.ravel(), inner + 3, aligned(y), inner, out, vectors)
    expected = start + x[:, :inner] @ y[:inner]  # exact, of whole numbers
    np.testing.assert_array_equal(out.reshape(start.shape), expected)


@pytest.mark.parametrize("vectors", [1, 4, 5, 6, 13])
def test_bits_of_a_column_do_not_depend_on_the_other_columns(vectors):
    rng = np.random.default_rng(vectors)
    x, y = rng.standard_normal((PANEL_ROWS, 7)), rng.standard_normal((7, vectors * LANES))
    whole = aligned_vectors(PANEL_ROWS * vectors)
    add_product(x.ravel(), 7, aligned(y), 7, whole, vectors)
    for vector in range(vectors):
        columns = np.s_[:, vector * LANES : (vector + 1) * LANES]
        alone = aligned_vectors(PANEL_ROWS)
        add_product(x.ravel(), 7, aligned(y[columns]), 7, alone, 1)
        shape = (PANEL_ROWS, vectors * LANES)
        np.testing.assert_array_equal(
            whole.reshape(shape)[columns], alone.reshape(PANEL_ROWS, LANES)
        )
