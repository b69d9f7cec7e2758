"""Population loss and gradient of one restart, LANES columns at a time.

The function of `lane_kernel`, in its notation, for sizes at which the matrices of several restarts
no longer fit the cache close to the core. With n = k = d = 100 those of one take half a megabyte.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.search.angles import arcsine_table, sine_and_supplement
from relu_landscape.search.column_operations import (
    PANEL_ROWS,
    add_panel,
    add_product,
    next_part,
    total,
    transpose_square,
)
from relu_landscape.search.lanes import (
    BLOCK,
    LANES,
    aligned_vectors,
    borrowing,
    fma,
    load,
    load_block,
    spread,
    spread_block,
    store,
)

RUNS_AT_ONCE = 1
PARTS = BLOCK // LANES  # vectors of a block


class ColumnWorkspace(NamedTuple):
    """Arrays of one restart; numbers of rows and of columns are padded to multiples of BLOCK.

    Flat, ALIGNMENT-aligned; `weights` and `gradient` (rows, columns), `transposed`
    (columns, rows), `mixing` (rows, rows), first the Gram matrix; `norms`, `inverse_norms` and
    `turning` (rows,), zero beyond n; `kept` (columns,), 1 before d and 0 beyond; `sums`
    (2, BLOCK), partial sums of a row; `arcsine` that of `arcsine_table`; `loss`,
    `squared_gradient`, `largest_squared` and `steps` are one vector each, with the value in lane 0.
    """

    weights: NDArray[np.float64]
    transposed: NDArray[np.float64]
    mixing: NDArray[np.float64]
    gradient: NDArray[np.float64]
    norms: NDArray[np.float64]
    inverse_norms: NDArray[np.float64]
    turning: NDArray[np.float64]
    kept: NDArray[np.float64]
    sums: NDArray[np.float64]
    arcsine: NDArray[np.float64]
    loss: NDArray[np.float64]
    squared_gradient: NDArray[np.float64]
    largest_squared: NDArray[np.float64]
    steps: NDArray[np.float64]


def make_workspace(n: int, d: int) -> tuple[ColumnWorkspace, int, int]:
    """Workspace for n students in d dimensions, with its padded numbers of rows and columns."""
    rows, columns = (-(-size // BLOCK) * BLOCK for size in (n, d))
    sizes = [rows * columns, columns * rows, rows * rows, rows * columns]
    doubles = [*sizes, rows, rows, rows, columns, 2 * BLOCK]
    arrays = (aligned_vectors(count // LANES) for count in doubles)
    work = ColumnWorkspace(*arrays, arcsine_table(), *(aligned_vectors(1) for _ in range(4)))
    work.kept[:d] = 1.0
    return work, rows, columns


@borrowing
def _transpose_weights(work, rows, columns):
    for i in range(rows // LANES):
        for j in range(columns // LANES):
            transpose_square(
                work.weights, i * columns + j, columns // LANES,
                work.transposed, j * rows + i, rows // LANES,
            )  # fmt: skip


@borrowing
def multiply_weights(work, n, d, rows, columns):
    """Gram matrix of the neurons, its blocks up to the diagonal, into `mixing`."""
    _transpose_weights(work, rows, columns)
    width = rows // LANES
    first = 0
    while first < width:
        vectors = next_part(first, width)
        for i in range(first // PARTS * BLOCK, n, PANEL_ROWS):
            up_to_diagonal = min(vectors, i // BLOCK * PARTS + PARTS - first)
            for p in range(i, i + PANEL_ROWS):
                for j in range(first, first + up_to_diagonal):
                    store(work.mixing, p * width + j, spread(0.0))
            add_panel(
                work.weights, i * columns, columns, work.transposed, first, width, d,
                work.mixing, i * width + first, width, up_to_diagonal,
            )  # fmt: skip
        first += vectors


@borrowing
def _measure_norms(work, n, rows):
    for i in range(n):
        squared = work.mixing[i * rows + i]
        norm = np.sqrt(squared)
        work.norms[i] = norm
        work.inverse_norms[i] = 1.0 / norm
        # A cosine of two has the angle zero, exactly: the neuron with itself turns nothing.
        work.mixing[i * rows + i] = 2.0 * squared
    for j in range(rows // LANES):
        store(work.turning, j, spread(0.0))


@borrowing
def mix_students(work, n, rows):
    """A_ij for i != j, and turning_i = sum_{j != i} |w_j| sin t_ij.

    Blocks below the diagonal count for their rows and their columns, those on it for their rows.
    """
    width = rows // LANES
    per_circle = spread(1.0 / (2.0 * np.pi))
    for i in range(n):
        norm = spread(work.norms[i])
        inverse = spread(work.inverse_norms[i])
        diagonal = i // BLOCK * PARTS
        _clear_sums(work)
        for j in range(diagonal + PARTS):
            at = i * width + j
            cosine = load(work.mixing, at) * (inverse * load(work.inverse_norms, j))
            sine, supplement = sine_and_supplement(cosine, work.arcsine)
            store(work.mixing, at, supplement * per_circle)
            part = j % PARTS
            store(work.sums, part, fma(load(work.norms, j), sine, load(work.sums, part)))
            if j < diagonal:
                store(work.turning, j, fma(norm, sine, load(work.turning, j)))
        work.turning[i] += total(load_block(work.sums, 0))
    for i in range(width):
        for j in range(i // PARTS * PARTS):
            transpose_square(
                work.mixing, i * LANES * width + j, width,
                work.mixing, j * LANES * width + i, width,
            )  # fmt: skip


@borrowing
def _clear_sums(work):
    for part in range(2 * PARTS):
        store(work.sums, part, spread(0.0))


@borrowing
def pull_to_teachers(work, n, d, rows, columns):
    """-B, into `gradient`; the diagonal of A; sum_ij f(w_i, v_j) (S21 eq. (65)) times 2 pi."""
    width = columns // LANES
    per_circle = spread(-1.0 / (2.0 * np.pi))
    overlap = 0.0
    for i in range(n):
        inverse = spread(work.inverse_norms[i])
        _clear_sums(work)
        for j in range(-(-d // LANES)):
            weight = load(work.weights, i * width + j)
            kept = load(work.kept, j)
            sine, supplement = sine_and_supplement(weight * inverse, work.arcsine)
            sines, along = j % PARTS, PARTS + j % PARTS
            store(work.sums, sines, fma(sine, kept, load(work.sums, sines)))
            store(work.sums, along, fma(supplement, weight, load(work.sums, along)))
            store(work.gradient, i * width + j, (supplement * kept) * per_circle)
        sum_of_sines = total(load_block(work.sums, 0))
        overlap += work.norms[i] * sum_of_sines + total(load_block(work.sums, 1))
        turning = (work.turning[i] - sum_of_sines) * work.inverse_norms[i]
        work.mixing[i * rows + i] = 0.5 + turning / (2.0 * np.pi)
    return overlap


@borrowing
def multiply_mixing(work, n, d, rows, columns):
    """Add A W to `gradient`."""
    width, vectors = columns // LANES, -(-d // LANES)
    add_product(work.mixing, rows, work.weights, width, n, work.gradient, width, n, vectors)


@borrowing
def _collect_gradient(work, n, columns):
    """Squared norm of the gradient, the largest of a neuron, and <grad F, W>."""
    blocks = columns // BLOCK
    squared_norm = 0.0
    largest = 0.0
    along = spread_block(0.0)
    for i in range(n):
        squared = spread_block(0.0)
        for at in range(i * blocks, (i + 1) * blocks):
            slope = load_block(work.gradient, at)
            squared = fma(slope, slope, squared)
            along = fma(slope, load_block(work.weights, at), along)
        of_neuron = total(squared)
        squared_norm += of_neuron
        largest = max(largest, of_neuron)
    return squared_norm, largest, total(along)


@borrowing
def evaluate(work, n, d, rows, columns, teacher_loss):
    """Gradient, its squared norms and the loss at `work.weights`; the loss as in `lane_kernel`."""
    multiply_weights(work, n, d, rows, columns)
    _measure_norms(work, n, rows)
    mix_students(work, n, rows)
    overlap = pull_to_teachers(work, n, d, rows, columns)
    multiply_mixing(work, n, d, rows, columns)
    squared_norm, largest, along = _collect_gradient(work, n, columns)
    work.squared_gradient[0] = squared_norm
    work.largest_squared[0] = largest
    work.loss[0] = (along - overlap / (2.0 * np.pi)) / 2.0 + teacher_loss


@borrowing
def take_step(work, n, d, columns):
    """W <- W - step grad F(W)."""
    step = spread(-work.steps[0])
    width = columns // LANES
    for i in range(n):
        for at in range(i * width, i * width + -(-d // LANES)):
            store(work.weights, at, fma(step, load(work.gradient, at), load(work.weights, at)))
