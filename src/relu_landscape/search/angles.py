"""Sine and supplement of an angle from its cosine, in vectors."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from relu_landscape.search.lanes import (
    LANES,
    aligned_vectors,
    fma,
    load,
    magnitude,
    negative,
    spread,
    sqrt,
    where_less,
    where_signed,
)

# Chebyshev interpolant of asin(sqrt z)/sqrt z on [0, 1/2], highest power first; its error is below
# 4e-17, a third of the rounding of the result (a test compares them in extended precision).
ARCSINE = (
    0.8892904367638688,
    -3.278933156739812,
    5.7579408313146985,
    -6.229299875397985,
    4.6420689099888435,
    -2.4908808126226116,
    1.0082016650534187,
    -0.2968705430689824,
    0.07871611357002127,
    -0.002601537848299688,
    0.013191002571753903,
    0.01380344589589198,
    0.017364281439103527,
    0.022371584779320355,
    0.030381963396751827,
    0.044642856762615,
    0.07500000000401816,
    0.16666666666664987,
    1.0,
)


def arcsine_table() -> NDArray[np.float64]:
    """Flat, aligned vectors: the coefficients by rising powers, without the constant 1.

    A loop has no registers for all of them. Read from an array that it is given, they come as
    operands of its instructions; the compiler would copy them to a stack that is not aligned.
    """
    table = aligned_vectors(len(ARCSINE) - 1)
    table.reshape(-1, LANES)[:] = np.array(ARCSINE[-2::-1])[:, None]
    return table


@njit(inline="always", error_model="numpy")
def _pair(table, index, z):
    """c_i + c_(i+1) z for pair number `index` of the coefficients."""
    return fma(load(table, 2 * index + 1), z, load(table, 2 * index))


@njit(inline="always", error_model="numpy")
def arcsine(x, table):
    """Arc sine of x in [0, sqrt(1/2)].

    The polynomial in z = x^2 is cut in pairs, pairs of pairs and so on (Estrin): a chain of six
    dependent operations, where Horner's rule has eighteen and leaves the processor waiting.
    """
    z = x * x
    z2 = z * z
    z4 = z2 * z2
    z8 = z4 * z4
    low = fma(_pair(table, 3, z), z2, _pair(table, 2, z))
    low = fma(low, z4, fma(_pair(table, 1, z), z2, _pair(table, 0, z)))
    high = fma(_pair(table, 7, z), z2, _pair(table, 6, z))
    high = fma(high, z4, fma(_pair(table, 5, z), z2, _pair(table, 4, z)))
    rest = fma(fma(_pair(table, 8, z), z8, high), z8, low)
    return x * fma(rest, z, spread(1.0))


@njit(inline="always", error_model="numpy")
def sine_and_supplement(cosine, table):
    """(sin t, pi - t) of the angle t in [0, pi] with this cosine, from one square root.

    The arc sine is taken of the smaller of sin t and |cos t|, so its argument is at most sqrt(1/2).
    A cosine that rounding has put outside [-1, 1] counts as its nearest end. `table` is that of
    `arcsine_table`.
    """
    zero = spread(0.0)
    square = fma(negative(cosine), cosine, spread(1.0))
    sine = sqrt(where_less(square, zero, zero, square))
    size = magnitude(cosine)
    small = arcsine(where_less(size, sine, size, sine), table)
    acute = where_less(size, sine, spread(np.pi / 2) - small, small)
    # Of a right angle both are pi/2, so that the sign of a zero does not count.
    return sine, where_signed(cosine, acute, spread(np.pi) - acute)
