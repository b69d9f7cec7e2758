"""Population loss and gradient of LANES restarts at a time, one a lane of a vector.

The teacher is the identity, V = I_k with k = d. Then w_i.v_j is an entry of W, and with
t_ij the angle of neurons i and j, s_ij that of w_i and e_j (S21 eq. (10)):

    dF/dw_i = sum_j A_ij w_j - B_i,          A_ij = (pi - t_ij) / 2 pi            (j != i)
                                             B_ij = (pi - s_ij) / 2 pi
    A_ii = 1/2 + [sum_{j!=i} |w_j| sin t_ij - sum_j sin s_ij] / (2 pi |w_i|)

An angle enters the gradient as |v| sin t w/|w| + (pi - t) v, whose derivative in t vanishes with t:
the rounding of cos t near parallel neurons does not reach the gradient in first order.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.search.angles import arcsine_table, sine_and_supplement
from relu_landscape.search.lanes import (
    LANES,
    TILE_COLUMNS,
    TILE_ROWS,
    aligned_vectors,
    borrowing,
    fma,
    load,
    multiply_tile,
    spread,
    sqrt,
    store,
    where_less,
)
from relu_landscape.search.leaky_terms import LeakyTerms, add_leaky_terms, make_leaky_terms

RUNS_AT_ONCE = LANES


class Workspace(NamedTuple):
    """Arrays of one vector of restarts; rows and columns are padded to whole tiles.

    Flat, ALIGNMENT-aligned; `weights` (rows, columns), `mixing` (rows, rows), first the Gram
    matrix, `pull` and `gradient` (rows, columns), `norms`, `inverse_norms`, `turning` (rows,) in
    units of vectors; `arcsine` that of `arcsine_table`; `loss`, `squared_gradient`,
    `largest_squared` and `steps` are one vector each; `leaky` what a slope adds.
    """

    weights: NDArray[np.float64]
    mixing: NDArray[np.float64]
    pull: NDArray[np.float64]
    gradient: NDArray[np.float64]
    norms: NDArray[np.float64]
    inverse_norms: NDArray[np.float64]
    turning: NDArray[np.float64]
    arcsine: NDArray[np.float64]
    loss: NDArray[np.float64]
    squared_gradient: NDArray[np.float64]
    largest_squared: NDArray[np.float64]
    steps: NDArray[np.float64]
    leaky: LeakyTerms


def make_workspace(n: int, d: int, slope: float = 0.0) -> tuple[Workspace, int, int]:
    """Workspace for n students in d dimensions, with its padded numbers of rows and columns."""
    tile = math.lcm(TILE_ROWS, TILE_COLUMNS)
    rows, columns = (-(-size // tile) * tile for size in (n, d))
    sizes = [rows * columns, rows * rows, rows * columns, rows * columns]
    matrices = (aligned_vectors(count) for count in sizes)
    by_row = (aligned_vectors(rows) for _ in range(3))
    by_run = (aligned_vectors(1) for _ in range(4))
    leaky = make_leaky_terms(slope, np.eye(d), np.ones(n))
    return Workspace(*matrices, *by_row, arcsine_table(), *by_run, leaky), rows, columns


@borrowing
def multiply_weights(work, n, d, rows, columns):
    """Gram matrix of the neurons, its lower tiles, into `mixing`."""
    for i in range(0, n, TILE_ROWS):
        for j in range(0, min(i + TILE_ROWS, n), TILE_COLUMNS):
            multiply_tile(
                work.weights, i * columns, columns, work.weights, j * columns, columns, 1,
                d, work.mixing, i * rows + j, rows,
            )  # fmt: skip


@borrowing
def _measure_norms(work, n, rows):
    for i in range(n):
        norm = sqrt(load(work.mixing, i * rows + i))
        store(work.norms, i, norm)
        store(work.inverse_norms, i, spread(1.0) / norm)
        store(work.turning, i, spread(0.0))


@borrowing
def mix_students(work, n, rows):
    """A_ij for i != j, and turning_i = sum_{j != i} |w_j| sin t_ij."""
    per_circle = spread(1.0 / (2.0 * np.pi))
    for i in range(n):
        norm = load(work.norms, i)
        inverse = load(work.inverse_norms, i)
        turning = load(work.turning, i)
        for j in range(i):
            cosine = load(work.mixing, i * rows + j) * (inverse * load(work.inverse_norms, j))
            sine, supplement = sine_and_supplement(cosine, work.arcsine)
            mixing = supplement * per_circle
            store(work.mixing, i * rows + j, mixing)
            store(work.mixing, j * rows + i, mixing)
            turning = fma(load(work.norms, j), sine, turning)
            store(work.turning, j, fma(norm, sine, load(work.turning, j)))
        store(work.turning, i, turning)


@borrowing
def pull_to_teachers(work, n, d, rows, columns):
    """B, the diagonal of A, and in `loss` sum_ij f(w_i, v_j) (S21 eq. (65)) times 2 pi."""
    per_circle = spread(1.0 / (2.0 * np.pi))
    overlap = spread(0.0)
    for i in range(n):
        inverse = load(work.inverse_norms, i)
        sines = spread(0.0)
        along = spread(0.0)
        for j in range(d):
            weight = load(work.weights, i * columns + j)
            sine, supplement = sine_and_supplement(weight * inverse, work.arcsine)
            sines = sines + sine
            along = fma(supplement, weight, along)
            store(work.pull, i * columns + j, supplement * per_circle)
        overlap = overlap + fma(load(work.norms, i), sines, along)
        turning = (load(work.turning, i) - sines) * inverse
        store(work.mixing, i * rows + i, fma(turning, per_circle, spread(0.5)))
    store(work.loss, 0, overlap)


@borrowing
def multiply_mixing(work, n, d, rows, columns):
    """A W, into `gradient`."""
    for column in range(0, d, TILE_COLUMNS):
        for i in range(0, n, TILE_ROWS):
            multiply_tile(
                work.mixing, i * rows, rows, work.weights, column, 1, columns,
                n, work.gradient, i * columns + column, columns,
            )  # fmt: skip


@borrowing
def _collect_gradient(work, n, d, columns, teacher_loss):
    """gradient = A W - B from A W, its norms, and the loss.

    F = S - T + c with S homogeneous of degree 2 and T of degree 1 in W, so <grad F, W> = 2 S - T
    and F = (<grad F, W> - T)/2 + c, c = F(0) = k/4 + k(k-1)/(4 pi).
    """
    total = spread(0.0)
    largest = spread(0.0)
    along = spread(0.0)
    for i in range(n):
        squared = spread(0.0)
        for column in range(d):
            at = i * columns + column
            slope = load(work.gradient, at) - load(work.pull, at)
            store(work.gradient, at, slope)
            squared = fma(slope, slope, squared)
            along = fma(slope, load(work.weights, at), along)
        total = total + squared
        largest = where_less(largest, squared, squared, largest)
    overlap = load(work.loss, 0) * spread(1.0 / (2.0 * np.pi))
    store(work.loss, 0, fma(along - overlap, spread(0.5), spread(teacher_loss)))
    store(work.squared_gradient, 0, total)
    store(work.largest_squared, 0, largest)


@borrowing
def evaluate(work, n, d, rows, columns, teacher_loss):
    """Gradient, its squared norms and the loss of every lane of `work.weights`."""
    multiply_weights(work, n, d, rows, columns)
    _measure_norms(work, n, rows)
    mix_students(work, n, rows)
    pull_to_teachers(work, n, d, rows, columns)
    multiply_mixing(work, n, d, rows, columns)
    _collect_gradient(work, n, d, columns, teacher_loss)
    if work.leaky.slope[0] != 0.0:
        add_leaky_terms(work, n, d, columns)


@borrowing
def take_step(work, n, d, columns):
    """W <- W - step grad F(W), each lane with its own step."""
    step = spread(0.0) - load(work.steps, 0)
    for i in range(n):
        for column in range(d):
            at = i * columns + column
            store(work.weights, at, fma(step, load(work.gradient, at), load(work.weights, at)))
