"""Vectors of angles, and the products around them, as compiled code has them."""

import re

import mpmath
import numpy as np
import pytest
from numba import njit

from relu_landscape.processor import instructions_in_use
from relu_landscape.search.angles import arcsine_table, sine_and_supplement
from relu_landscape.search.lanes import (
    LANES,
    TILE_COLUMNS,
    TILE_ROWS,
    aligned_vectors,
    load,
    multiply_tile,
    store,
)


@njit(error_model="numpy")
def find_angles(cosines, table, sines, supplements):
    for i in range(cosines.size // LANES):
        sine, supplement = sine_and_supplement(load(cosines, i), table)
        store(sines, i, sine)
        store(supplements, i, supplement)


@njit(error_model="numpy")
def multiply(x, y, inner, out):
    multiply_tile(x, 0, inner, y, 0, 1, TILE_COLUMNS, inner, out, 0, TILE_COLUMNS)


def angles(cosines):
    """(sin t, pi - t) of each cosine."""
    vectors = -(-len(cosines) // LANES)
    padded, sines, supplements = (aligned_vectors(vectors) for _ in range(3))
    padded[: len(cosines)] = cosines
    find_angles(padded, arcsine_table(), sines, supplements)
    return sines[: len(cosines)], supplements[: len(cosines)]


@pytest.mark.slow
def test_angles_are_right_to_some_roundings():
    cosines = np.concatenate([np.linspace(-1, 1, 201), np.random.default_rng(0).uniform(-1, 1, 99)])
    with mpmath.workdps(30):
        exact = [mpmath.acos(mpmath.mpf(cosine)) for cosine in cosines]
        expected = [[float(mpmath.sin(t)), float(mpmath.pi - t)] for t in exact]
    sines, supplements = angles(cosines)
    np.testing.assert_allclose(sines, [sine for sine, _ in expected], rtol=0, atol=3e-16)
    np.testing.assert_allclose(supplements, [rest for _, rest in expected], rtol=0, atol=1e-15)


def test_ends_and_right_angles_are_exact():
    cosines = np.array([-2.0, -1.0, -0.0, 0.0, 1.0, 2.0])
    sines, supplements = angles(cosines)
    np.testing.assert_array_equal(sines, [0, 0, 1, 1, 0, 0])
    np.testing.assert_array_equal(supplements, [0, 0, np.pi / 2, np.pi / 2, np.pi, np.pi])


@pytest.mark.skipif(
    "fma" not in instructions_in_use()["numba"]["extensions"], reason="reads the code of x86"
)
def test_a_product_fills_the_registers_once():
    inner = 7
    x = np.random.default_rng(0).integers(-9, 10, (TILE_ROWS, inner, LANES)).astype(float)
    y = np.random.default_rng(1).integers(-9, 10, (inner, TILE_COLUMNS, LANES)).astype(float)
    arrays = [aligned_vectors(array.size // LANES) for array in (x, y)]
    for array, values in zip(arrays, (x, y), strict=True):
        array[:] = values.ravel()
    out = aligned_vectors(TILE_ROWS * TILE_COLUMNS)
    multiply(*arrays, inner, out)
    expected = np.einsum("prl,rql->pql", x, y)  # exact, of whole numbers
    np.testing.assert_array_equal(out.reshape(expected.shape), expected)
    (code,) = multiply.inspect_asm().values()
    assert len(re.findall(r"\tvfmadd", code)) == TILE_ROWS * TILE_COLUMNS
