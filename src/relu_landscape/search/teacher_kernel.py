"""Population loss and gradient of LANES restarts with any teachers, and outputs of either sign.

The notation is that of `lane_kernel`. Students and teachers are rows u_j of one matrix, with the
outputs c_j of the students and -1 of the teachers; t_ij is the angle of w_i and u_j:

    dF/dw_i = sum_j A_ij u_j,      A_ij = c_i c_j (pi - t_ij) / 2 pi            (j != i)
    A_ii = 1/2 + sum_{j != i} c_i c_j |u_j| sin t_ij / (2 pi |w_i|)

The teachers are triangular, those of `triangular_teachers`: their zeros are left out of products.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_landscape.search import lane_kernel
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

RUNS_AT_ONCE = LANES
take_step = lane_kernel.take_step


class TeacherWorkspace(NamedTuple):
    """Arrays of one vector of restarts; the neurons are n students and, next to them, k teachers.

    Flat, ALIGNMENT-aligned; `weights` (neurons, columns), `mixing` (students, neurons), first the
    products of the students with all, `gradient` (students, columns), `norms` and `inverse_norms`
    (neurons,), `turning` and `outputs` (students,) in units of vectors, their numbers
    padded to whole tiles; `arcsine` that of `arcsine_table`; `loss`, `squared_gradient`,
    `largest_squared` and `steps` are one vector each; `n_teachers` is one whole number.
    """

    weights: NDArray[np.float64]
    mixing: NDArray[np.float64]
    gradient: NDArray[np.float64]
    norms: NDArray[np.float64]
    inverse_norms: NDArray[np.float64]
    turning: NDArray[np.float64]
    outputs: NDArray[np.float64]
    arcsine: NDArray[np.float64]
    loss: NDArray[np.float64]
    squared_gradient: NDArray[np.float64]
    largest_squared: NDArray[np.float64]
    steps: NDArray[np.float64]
    n_teachers: NDArray[np.int64]


def make_workspace(
    V: NDArray[np.float64], outputs: NDArray[np.float64]
) -> tuple[TeacherWorkspace, int, int]:
    """Workspace for triangular teachers V (k, d) and outputs (n,), with its neurons and columns."""
    n, (k, d) = len(outputs), V.shape
    tile = math.lcm(TILE_ROWS, TILE_COLUMNS)
    students, columns, teachers = (-(-size // tile) * tile for size in (n, d, k))
    # A tile of students may end among the teachers, of which there is a whole one.
    neurons = n + teachers
    sizes = [neurons * columns, students * neurons, students * columns]
    sizes += [neurons, neurons, students, students]
    arrays = (aligned_vectors(count) for count in sizes)
    by_run = (aligned_vectors(1) for _ in range(4))
    work = TeacherWorkspace(*arrays, arcsine_table(), *by_run, np.array([k]))
    work.weights.reshape(neurons, columns, LANES)[n : n + k, :d] = V[:, :, None]
    work.outputs.reshape(students, LANES)[:n] = outputs[:, None]
    norms = np.linalg.norm(V, axis=1)
    work.norms.reshape(neurons, LANES)[n : n + k] = norms[:, None]
    work.inverse_norms.reshape(neurons, LANES)[n : n + k] = 1.0 / norms[:, None]
    return work, neurons, columns


@borrowing
def _multiply_tiles(work, i, j, first, d, neurons, columns):
    """Products of tiles of students from i on and neurons from j on, over inputs from first on."""
    multiply_tile(
        work.weights, i * columns + first, columns, work.weights, j * columns + first, columns, 1,
        d - first, work.mixing, i * neurons + j, neurons,
    )  # fmt: skip


@borrowing
def multiply_weights(work, n, d, neurons, columns):
    """Products of the students, the lower tiles, and of students and teachers, into `mixing`."""
    k = work.n_teachers[0]
    for i in range(0, n, TILE_ROWS):
        for j in range(0, min(i + TILE_ROWS, n), TILE_COLUMNS):
            _multiply_tiles(work, i, j, 0, d, neurons, columns)
        for j in range(0, k, TILE_COLUMNS):
            _multiply_tiles(work, i, n + j, max(0, d - k + j), d, neurons, columns)


@borrowing
def _measure_norms(work, n, neurons):
    for i in range(n):
        norm = sqrt(load(work.mixing, i * neurons + i))
        store(work.norms, i, norm)
        store(work.inverse_norms, i, spread(1.0) / norm)
        store(work.turning, i, spread(0.0))


@borrowing
def mix_students(work, n, neurons):
    """A_ij for students i != j, and turning_i = sum_{j != i} c_i c_j |w_j| sin t_ij."""
    for i in range(n):
        norm = load(work.norms, i)
        inverse = load(work.inverse_norms, i)
        turning = load(work.turning, i)
        output = load(work.outputs, i)
        share = output * spread(1.0 / (2.0 * np.pi))
        for j in range(i):
            at = i * neurons + j
            cosine = load(work.mixing, at) * (inverse * load(work.inverse_norms, j))
            sine, supplement = sine_and_supplement(cosine, work.arcsine)
            sign = load(work.outputs, j)
            mixing = supplement * (sign * share)
            store(work.mixing, at, mixing)
            store(work.mixing, j * neurons + i, mixing)
            signed_sine = sine * (sign * output)
            turning = fma(load(work.norms, j), signed_sine, turning)
            store(work.turning, j, fma(norm, signed_sine, load(work.turning, j)))
        store(work.turning, i, turning)


@borrowing
def pull_to_teachers(work, n, neurons):
    """A_ij for teachers j, the diagonal of A, and in `loss` sum_ij c_i f(w_i, v_j) times 2 pi."""
    per_circle = spread(1.0 / (2.0 * np.pi))
    overlap = spread(0.0)
    for i in range(n):
        norm = load(work.norms, i)
        inverse = load(work.inverse_norms, i)
        output = load(work.outputs, i)
        share = output * spread(-1.0 / (2.0 * np.pi))
        sines = spread(0.0)
        along = spread(0.0)
        for j in range(n, n + work.n_teachers[0]):
            at = i * neurons + j
            product = load(work.mixing, at)
            cosine = product * (inverse * load(work.inverse_norms, j))
            sine, supplement = sine_and_supplement(cosine, work.arcsine)
            sines = fma(load(work.norms, j), sine, sines)
            along = fma(supplement, product, along)
            store(work.mixing, at, supplement * share)
        overlap = fma(output, fma(norm, sines, along), overlap)
        turning = (load(work.turning, i) - output * sines) * inverse
        store(work.mixing, i * neurons + i, fma(turning, per_circle, spread(0.5)))
    store(work.loss, 0, overlap)


@borrowing
def multiply_mixing(work, n, d, neurons, columns):
    """The gradient, A times the weights of all neurons."""
    k = work.n_teachers[0]
    for column in range(0, d, TILE_COLUMNS):
        # Teachers from there on are zero in this tile.
        teachers = min(k, max(0, column + TILE_COLUMNS + k - d))
        for i in range(0, n, TILE_ROWS):
            multiply_tile(
                work.mixing, i * neurons, neurons, work.weights, column, 1, columns,
                n + teachers, work.gradient, i * columns + column, columns,
            )  # fmt: skip


@borrowing
def _measure_gradient(work, n, d, columns, teacher_loss):
    """Norms of the gradient, and the loss as in `lane_kernel`."""
    total = spread(0.0)
    largest = spread(0.0)
    along = spread(0.0)
    for i in range(n):
        squared = spread(0.0)
        for column in range(d):
            at = i * columns + column
            slope = load(work.gradient, at)
            squared = fma(slope, slope, squared)
            along = fma(slope, load(work.weights, at), along)
        total = total + squared
        largest = where_less(largest, squared, squared, largest)
    overlap = load(work.loss, 0) * spread(1.0 / (2.0 * np.pi))
    store(work.loss, 0, fma(along - overlap, spread(0.5), spread(teacher_loss)))
    store(work.squared_gradient, 0, total)
    store(work.largest_squared, 0, largest)


@borrowing
def evaluate(work, n, d, neurons, columns, teacher_loss):
    """Gradient, its squared norms and the loss of every lane of `work.weights`."""
    multiply_weights(work, n, d, neurons, columns)
    _measure_norms(work, n, neurons)
    mix_students(work, n, neurons)
    pull_to_teachers(work, n, neurons)
    multiply_mixing(work, n, d, neurons, columns)
    _measure_gradient(work, n, d, columns, teacher_loss)
