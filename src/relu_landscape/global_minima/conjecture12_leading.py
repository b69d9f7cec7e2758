"""The largest leading constants of Conjecture 12 with several students a teacher.

Along G = s X with Q(X) = 0 the ratio of the two sides is 1 - C(X) s eps + O(s^2), eps the largest
|x_ia| (see `conjecture12_expansion`). For m = 1 the largest C is known: 4/(pi - 2) for k >= 3, and
1.67... for k = 2. For m >= 2 C is maximised here; what is found is a lower bound of the largest.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from relu_landscape.global_minima.conjecture12_expansion import leading_constant
from relu_landscape.seeding import indexed_generator


class LeadingDirection(NamedTuple):
    """A direction X, (m k, k), with Q(X) = 0 and max |x_ia| = 1, and its C."""

    constant: float
    direction: NDArray[np.float64]


def largest_leading_constant(k: int, m: int, *, tries: int, seed: int) -> LeadingDirection:
    """Return the direction of the largest C that local searches from random starts find, d = k.

    Args:
        k: teachers and inputs, 2 or more.
        m: students of each teacher.
        tries: random starts.
        seed: of the starts.

    Raises:
        ValueError: k < 2, m < 1 or no tries.
    """
    if k < 2 or m < 1 or tries < 1:
        raise ValueError(f"got k = {k}, m = {m}, tries = {tries}; needs k >= 2, m >= 1, tries >= 1")
    found = [_climb(k, m, indexed_generator(seed, k, m, number)) for number in range(tries)]
    return max(found, key=lambda end: end.constant)


def _climb(k: int, m: int, generator: np.random.Generator) -> LeadingDirection:
    """A local maximum of C; the size of X is left to the constraint |x_ia| <= 1."""
    free = k * (k - 1) // 2 + (k - 1) + k * k * (m - 1)

    def loss(parameters: NDArray[np.float64]) -> float:
        X = _kernel_direction(parameters, k, m)
        return float(-leading_constant(X, m) * np.sqrt((X**2).sum(axis=1).max()))

    def room(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        left: NDArray[np.float64] = 1 - (_kernel_direction(parameters, k, m) ** 2).sum(axis=1)
        return left

    start = generator.normal(size=free)
    start /= np.sqrt((_kernel_direction(start, k, m) ** 2).sum(axis=1).max())
    options: Any = {"maxiter": 500, "ftol": 1e-14}
    inside: Any = {"type": "ineq", "fun": room}
    end = minimize(loss, start, method="SLSQP", constraints=inside, options=options)
    X = _kernel_direction(end.x, k, m)
    X /= np.sqrt((X**2).sum(axis=1).max())
    return LeadingDirection(float(leading_constant(X, m)), X)


def _kernel_direction(parameters: NDArray[np.float64], k: int, m: int) -> NDArray[np.float64]:
    """X with sums g_i that are antisymmetric plus a diagonal of trace 0, so that Q(X) = 0."""
    above = np.triu_indices(k, 1)
    turns, parameters = np.split(parameters, [len(above[0])])
    diagonal, parameters = np.split(parameters, [k - 1])
    sums = np.diag(np.append(diagonal, -diagonal.sum()))
    sums[above] += turns
    sums.T[above] -= turns
    shares = np.zeros((k, m, k))
    shares[:, 1:] = parameters.reshape(k, m - 1, k)
    shares[:, 0] = sums - shares.sum(axis=1)
    return shares.reshape(m * k, k)
