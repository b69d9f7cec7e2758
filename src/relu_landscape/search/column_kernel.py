"""Population loss and gradient of one restart, eight columns at a time.

The function of `lane_kernel`, in its notation, for sizes at which the matrices of eight restarts no
longer fit the cache close to the core. With n = k = d = 100 those of one take half a megabyte.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from relu_landscape.search.angles import sine_and_supplement
from relu_landscape.search.columns import PANEL_ROWS, add_panel, total, transpose_block
from relu_landscape.search.lanes import LANES, aligned_vectors, fma, load, spread, store

RUNS_AT_ONCE = 1


class ColumnWorkspace(NamedTuple):
    """Arrays of one restart; numbers of rows and of columns are padded to multiples of LANES.

    Flat, ALIGNMENT-aligned; `weights` and `gradient` (rows, columns), `transposed`
    (columns, rows), `mixing` (rows, rows), first the Gram matrix; `norms`, `inverse_norms` and
    `turning` (rows,), zero beyond n; `kept` (columns,), 1 before d and 0 beyond; `loss`,
    `squared_gradient`, `largest_squared` and `steps` are one vector each, with the value in
    lane 0.
    """

    weights: NDArray[np.float64]
    transposed: NDArray[np.float64]
    mixing: NDArray[np.float64]
    gradient: NDArray[np.float64]
    norms: NDArray[np.float64]
    inverse_norms: NDArray[np.float64]
    turning: NDArray[np.float64]
    kept: NDArray[np.float64]
    loss: NDArray[np.float64]
    squared_gradient: NDArray[np.float64]
    largest_squared: NDArray[np.float64]
    steps: NDArray[np.float64]


def make_workspace(n: int, d: int) -> tuple[ColumnWorkspace, int, int]:
    """Workspace for n students in d dimensions, with its padded numbers of rows and columns."""
    tall, wide = (-(-size // LANES) for size in (n, d))
    rows, columns = tall * LANES, wide * LANES
    sizes = [rows * wide, columns * tall, rows * tall, rows * wide]
    vectors = [*sizes, tall, tall, tall, wide, 1, 1, 1, 1]
    work = ColumnWorkspace(*(aligned_vectors(count) for count in vectors))
    work.kept[:d] = 1.0
    return work, rows, columns


@njit(error_model="numpy")
def _transpose_weights(work, rows, columns):
    for i in range(rows // LANES):
        for j in range(columns // LANES):
            transpose_block(
                work.weights, i * columns + j, columns // LANES,
                work.transposed, j * rows + i, rows // LANES,
            )  # fmt: skip


@njit(error_model="numpy")
def _measure_norms(work, n, d, rows, columns):
    """Gram matrix of the neurons, its blocks up to the diagonal, and their norms."""
    width = rows // LANES
    for i in range(0, rows, PANEL_ROWS):
        vectors = i // LANES + 1
        for p in range(i, i + PANEL_ROWS):
            for j in range(vectors):
                store(work.mixing, p * width + j, spread(0.0))
        add_panel(
            work.weights, i * columns, columns, work.transposed, width, d,
            work.mixing, i * width, width, vectors,
        )  # fmt: skip
    for i in range(n):
        squared = work.mixing[i * rows + i]
        norm = np.sqrt(squared)
        work.norms[i] = norm
        work.inverse_norms[i] = 1.0 / norm
        # A cosine of two has the angle zero, exactly: the neuron with itself turns nothing.
        work.mixing[i * rows + i] = 2.0 * squared
    for j in range(width):
        store(work.turning, j, spread(0.0))


@njit(error_model="numpy")
def _mix_students(work, n, rows):
    """A_ij for i != j, and turning_i = sum_{j != i} |w_j| sin t_ij.

    Blocks below the diagonal count for their rows and their columns, those on it for their rows.
    """
    width = rows // LANES
    per_circle = spread(1.0 / (2.0 * np.pi))
    for i in range(n):
        norm = spread(work.norms[i])
        inverse = spread(work.inverse_norms[i])
        turning = spread(0.0)
        diagonal = i // LANES
        for j in range(diagonal + 1):
            at = i * width + j
            cosine = load(work.mixing, at) * (inverse * load(work.inverse_norms, j))
            sine, supplement = sine_and_supplement(cosine)
            store(work.mixing, at, supplement * per_circle)
            turning = fma(load(work.norms, j), sine, turning)
            if j < diagonal:
                store(work.turning, j, fma(norm, sine, load(work.turning, j)))
        work.turning[i] += total(turning)
    for i in range(width):
        for j in range(i):
            transpose_block(
                work.mixing, i * LANES * width + j, width,
                work.mixing, j * LANES * width + i, width,
            )  # fmt: skip


@njit(error_model="numpy")
def _pull_to_teachers(work, n, rows, columns):
    """-B, into `gradient`; the diagonal of A; sum_ij f(w_i, v_j) (S21 eq. (65)) times 2 pi."""
    width = columns // LANES
    per_circle = spread(-1.0 / (2.0 * np.pi))
    overlap = 0.0
    for i in range(n):
        inverse = spread(work.inverse_norms[i])
        sines = spread(0.0)
        along = spread(0.0)
        for j in range(width):
            weight = load(work.weights, i * width + j)
            kept = load(work.kept, j)
            sine, supplement = sine_and_supplement(weight * inverse)
            sines = fma(sine, kept, sines)
            along = fma(supplement, weight, along)
            store(work.gradient, i * width + j, (supplement * kept) * per_circle)
        sum_of_sines = total(sines)
        overlap += work.norms[i] * sum_of_sines + total(along)
        turning = (work.turning[i] - sum_of_sines) * work.inverse_norms[i]
        work.mixing[i * rows + i] = 0.5 + turning / (2.0 * np.pi)
    return overlap


@njit(error_model="numpy")
def _collect_gradient(work, n, rows, columns):
    """gradient = A W - B; returns its squared norm, the largest of a neuron, and <grad F, W>."""
    width = columns // LANES
    for i in range(0, n, PANEL_ROWS):
        add_panel(
            work.mixing, i * rows, rows, work.weights, width, n,
            work.gradient, i * width, width, width,
        )  # fmt: skip
    squared_norm = 0.0
    largest = 0.0
    along = spread(0.0)
    for i in range(n):
        squared = spread(0.0)
        for at in range(i * width, (i + 1) * width):
            slope = load(work.gradient, at)
            squared = fma(slope, slope, squared)
            along = fma(slope, load(work.weights, at), along)
        of_neuron = total(squared)
        squared_norm += of_neuron
        largest = max(largest, of_neuron)
    return squared_norm, largest, total(along)


@njit(error_model="numpy")
def evaluate(work, n, d, rows, columns, teacher_loss):
    """Gradient, its squared norms and the loss at `work.weights`; the loss as in `lane_kernel`."""
    _transpose_weights(work, rows, columns)
    _measure_norms(work, n, d, rows, columns)
    _mix_students(work, n, rows)
    overlap = _pull_to_teachers(work, n, rows, columns)
    squared_norm, largest, along = _collect_gradient(work, n, rows, columns)
    work.squared_gradient[0] = squared_norm
    work.largest_squared[0] = largest
    work.loss[0] = (along - overlap / (2.0 * np.pi)) / 2.0 + teacher_loss


@njit(error_model="numpy")
def take_step(work, n, d, columns):
    """W <- W - step grad F(W)."""
    step = spread(-work.steps[0])
    width = columns // LANES
    for i in range(n):
        for at in range(i * width, i * width + -(-d // LANES)):
            store(work.weights, at, fma(step, load(work.gradient, at), load(work.weights, at)))
