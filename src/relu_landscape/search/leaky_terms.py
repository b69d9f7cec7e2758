"""What a slope s of negative inputs adds to the loss and gradient of the ReLU, in every lane.

With F for the loss of the ReLU and c_i for the outputs of the students

    F_s = (1 - s)^2 F + (s/2) |r|^2,    r = sum_i c_i w_i - sum_j v_j,
    dF_s/dw_i = (1 - s)^2 dF/dw_i + s c_i r.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.search.lanes import (
    LANES,
    aligned_vectors,
    borrowing,
    fma,
    load,
    spread,
    store,
    where_less,
)


class LeakyTerms(NamedTuple):
    """`slope`, one number; in units of vectors the `outputs` (n,) and the `teacher_sum` (d,)."""

    slope: NDArray[np.float64]
    outputs: NDArray[np.float64]
    teacher_sum: NDArray[np.float64]


def make_leaky_terms(
    slope: float, V: NDArray[np.float64], outputs: NDArray[np.float64]
) -> LeakyTerms:
    """Terms of a slope for teachers V (k, d) and outputs (n,)."""
    return LeakyTerms(np.array([slope]), _in_every_lane(outputs), _in_every_lane(V.sum(axis=0)))


def _in_every_lane(values: NDArray[np.float64]) -> NDArray[np.float64]:
    vectors = aligned_vectors(len(values))
    vectors.reshape(len(values), LANES)[:] = values[:, None]
    return vectors


@borrowing
def add_leaky_terms(work, n, d, columns):
    """Turn loss, gradient and its squared norms in `work`, those of the ReLU, into those of F_s."""
    slope = work.leaky.slope[0]
    share = spread((1.0 - slope) ** 2)
    squared_rest = spread(0.0)
    for column in range(d):
        rest = spread(0.0) - load(work.leaky.teacher_sum, column)
        for i in range(n):
            weight = load(work.weights, i * columns + column)
            rest = fma(load(work.leaky.outputs, i), weight, rest)
        squared_rest = fma(rest, rest, squared_rest)
        pull = spread(slope) * rest
        for i in range(n):
            at = i * columns + column
            of_relu = share * load(work.gradient, at)
            store(work.gradient, at, fma(load(work.leaky.outputs, i), pull, of_relu))
    store(work.loss, 0, fma(spread(0.5 * slope), squared_rest, share * load(work.loss, 0)))
    _measure_norms(work, n, d, columns)


@borrowing
def _measure_norms(work, n, d, columns):
    total = spread(0.0)
    largest = spread(0.0)
    for i in range(n):
        squared = spread(0.0)
        for column in range(d):
            slope = load(work.gradient, i * columns + column)
            squared = fma(slope, slope, squared)
        total = total + squared
        largest = where_less(largest, squared, squared, largest)
    store(work.squared_gradient, 0, total)
    store(work.largest_squared, 0, largest)
