"""Jacobian rank of a network with two hidden layers at initialisation: an experiment of our own.

F(x) = v^T relu(W2 h + b2), h = relu(W1 x + b1), v = +1, -1, +1, ... fixed. Row i of the Jacobian in
all weights and biases of both hidden layers consists of

    v_k B_ik (h_i, 1)                              for each neuron k of the second layer,
    A_ij (sum_k v_k B_ik W2_kj) (x_i, 1)           for each neuron j of the first,

with the activation patterns A and B. All numbers drawn are integers over 2^22, so that the
preactivations are integers over 2^44 and 2^66; they are kept as Python integers, which do not
overflow, and signs and residues are exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_landscape.activation_regions.integer_data import (
    DATA_LAWS,
    FIXED_POINT,
    draw_layer,
    whole_numbers,
)
from relu_landscape.activation_regions.modular import PRIMES, rank_modulo, residues
from relu_landscape.activation_regions.tables.full_rank import CoordinateLaw, DeepRanks
from relu_landscape.seeding import indexed_generator

Integers = NDArray[np.object_]


def measure_deep_cell(
    data: CoordinateLaw, sizes: tuple[int, int, int, int], *, trials: int, seed: int
) -> DeepRanks:
    """How often the Jacobian of a network of widths d1 and d2 has full rank n at initialisation.

    Weights and biases of each layer are U(-1/sqrt(m), 1/sqrt(m)) with m its number of inputs. Trial
    t depends on (seed, data, n, d0, d1, d2, t) alone.

    Args:
        data: law of the points, a name in `integer_data.DATA_LAWS`.
        sizes: n points, d0 inputs, widths d1 and d2 of the hidden layers.
        trials: number of draws of points and weights.
        seed: seed of the experiment.

    Raises:
        ValueError: an unknown law, a size below 1, or no trials.
    """
    if data not in DATA_LAWS:
        raise ValueError(f"the data law {data!r} is unknown; known are {', '.join(DATA_LAWS)}")
    n, d0, d1, d2 = sizes
    if min(*sizes, trials) < 1:
        raise ValueError(
            f"n = {n}, d0 = {d0}, d1 = {d1}, d2 = {d2}, trials = {trials}; give at least 1 of each"
        )
    all_ranks, last_ranks = [], []
    for trial in range(trials):
        generator = indexed_generator(seed, list(DATA_LAWS).index(data), *sizes, trial)
        points = DATA_LAWS[data](generator, (n, d0))
        first, second = draw_layer(generator, d0, d1), draw_layer(generator, d1, d2)
        last, before = deep_jacobian(points, *first, *second)
        last_ranks.append(rank_of_integers(last))
        all_ranks.append(
            n if last_ranks[-1] == n else rank_of_integers(np.concatenate([last, before], axis=1))
        )
    return DeepRanks(
        data=data,
        n=n,
        d0=d0,
        d1=d1,
        d2=d2,
        trials=trials,
        full=all_ranks.count(n),
        full_last_layer=last_ranks.count(n),
        mean_rank=float(np.mean(all_ranks)),
        mean_rank_last_layer=float(np.mean(last_ranks)),
    )


def deep_jacobian(
    X: NDArray[np.float64],
    W1: NDArray[np.float64],
    b1: NDArray[np.float64],
    W2: NDArray[np.float64],
    b2: NDArray[np.float64],
) -> tuple[Integers, Integers]:
    """The Jacobian of the last hidden layer and of the one before it, each column up to a factor.

    Args:
        X: points, (n, d0), all numbers integers over FIXED_POINT.
        W1: weights of the first hidden layer, (d1, d0).
        b1: biases, (d1,).
        W2: weights of the second, (d2, d1).
        b2: biases, (d2,).

    Returns:
        Python integers (n, d2 (d1 + 1)) and (n, d1 (d0 + 1)).
    """
    x, w1, c1, w2, c2 = (whole_numbers(values) for values in (X, W1, b1, W2, b2))
    first = x @ w1.T + c1 * FIXED_POINT
    active_first = first > 0
    hidden = np.where(active_first, first, 0)
    active_second = hidden @ w2.T + c2 * FIXED_POINT**2 > 0
    signs = np.array([1 if k % 2 == 0 else -1 for k in range(len(w2))], dtype=object)
    of_second = active_second.astype(int).astype(object)
    back = np.where(active_first, (of_second * signs) @ w2, 0)
    return _products(of_second, _with_one(hidden)), _products(back, _with_one(x))


def rank_of_integers(matrix: Integers) -> int:
    """Rank of an integer matrix (n, m): full modulo a prime, or the larger of two ranks."""
    found = 0
    for prime in PRIMES:
        reduced = residues((matrix % prime).astype(np.float64), float(prime))
        everywhere = np.ones((len(matrix), 1), dtype=np.bool_)
        found = max(found, int(rank_modulo(reduced, everywhere, float(prime))))
        if found == min(matrix.shape):
            break
    return found


def _with_one(rows: Integers) -> Integers:
    """The rows with a further entry 1; a column's factor does not matter for the rank."""
    return np.concatenate([rows, np.ones((len(rows), 1), dtype=object)], axis=1)


def _products(left: Integers, right: Integers) -> Integers:
    """All products of an entry of a row of `left` and one of the same row of `right`."""
    product: Integers = left[:, :, None] * right[:, None, :]
    return product.reshape(len(left), -1)
