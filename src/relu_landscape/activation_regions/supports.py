"""Networks whose activation pattern or Jacobian has full rank: their exact number and weight.

The rank depends on which patterns occur among the neurons and not on how often. So d1 neurons are
gone through by the set of their patterns, the support, and a set with full rank stands for all that
contain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import comb, factorial

import flint
import numpy as np
from numpy.typing import ArrayLike, NDArray

MOST_SUPPORTS = 2_000_000
"""Supports beyond which they are not gone through."""

Branch = tuple[int, ...]
"""Patterns, in increasing order, that give full rank together but not without the last one."""


def exact_rank(patterns: ArrayLike, points: ArrayLike) -> int:
    """Rank over the integers of the Jacobian of neurons with these patterns, n x (t d0).

    Row i holds a_ji x_i for each neuron j; with all points equal to one it is the pattern itself.
    The weights of the last layer scale its columns and are left out.

    Args:
        patterns: (t, n) zeros and ones.
        points: (n, d0) integers.
    """
    active = np.asarray(patterns).astype(object)
    jacobian = active.T[:, :, None] * np.asarray(points).astype(object)[:, None, :]
    return int(flint.fmpz_mat(jacobian.reshape(len(jacobian), -1).tolist()).rank())


def full_rank_branches(patterns: ArrayLike, points: ArrayLike, largest: int) -> list[Branch]:
    """The branches of up to `largest` patterns: each full-rank support extends exactly one of them.

    Supports are grown by one later pattern at a time; a branch is where full rank is first reached,
    and any later patterns may be added to it.

    Args:
        patterns: (regions, n) zeros and ones, the choices of a neuron, all different.
        points: (n, d0) integers.
        largest: size of the largest support.

    Raises:
        ValueError: there are more than MOST_SUPPORTS supports.
    """
    choices, rows = np.asarray(patterns), np.asarray(points).astype(object)
    supports = sum(comb(len(choices), size) for size in range(largest + 1))
    if supports > MOST_SUPPORTS:
        raise ValueError(
            f"not done: up to {largest} of {len(choices)} patterns make {supports} supports and at "
            f"most {MOST_SUPPORTS} are gone through; take fewer points or neurons"
        )
    return list(_grow((), choices, rows, largest))


def count_full_rank(branches: Iterable[Branch], n_patterns: int, d1: int) -> int:
    """Number of networks of d1 neurons with full rank, each neuron with one of the patterns.

    sum over the full-rank supports of t patterns of t! S(d1, t), the number of maps of d1 neurons
    onto t patterns.

    Args:
        branches: those of the patterns, of up to min(d1, n_patterns) of them.
        n_patterns: number of patterns.
        d1: number of neurons.
    """
    count = 0
    for branch in branches:
        later = n_patterns - 1 - branch[-1]
        for added in range(min(later, d1 - len(branch)) + 1):
            count += comb(later, added) * count_surjections(d1, len(branch) + added)
    return count


def weigh_full_rank(branches: Iterable[Branch], weights: ArrayLike, d1: int) -> NDArray[np.float64]:
    """Probability of full rank if neurons take patterns independently with these weights.

    d1! times the coefficient of z^{d1} in the sum over branches B of
    prod_{i in B} (exp(p_i z) - 1) exp(z sum_{later i} p_i); every term is positive, so that nothing
    cancels.

    Args:
        branches: as for `count_full_rank`.
        weights: (..., regions), probability of each pattern.
        d1: number of neurons.

    Returns:
        (...) probabilities.
    """
    probabilities = np.asarray(weights, dtype=np.float64)
    powers = np.arange(d1 + 1)
    factorials = np.array([float(factorial(power)) for power in powers])
    one_by_one = probabilities[..., None] ** powers / factorials
    after = np.cumsum(probabilities[..., ::-1], axis=-1)[..., ::-1] - probabilities
    any_later = after[..., None] ** powers / factorials
    total = np.zeros(probabilities.shape[:-1])
    for branch in branches:
        series = any_later[..., branch[-1], :]
        for pattern in branch:
            occurs = one_by_one[..., pattern, :].copy()
            occurs[..., 0] = 0.0
            series = _product(series, occurs)
        total += series[..., d1] * factorials[d1]
    return total


def count_surjections(d1: int, t: int) -> int:
    """Number of maps of d1 neurons onto t patterns, sum_j (-1)^j C(t, j) (t - j)^{d1}."""
    return sum((-1) ** j * comb(t, j) * (t - j) ** d1 for j in range(t + 1))


def _grow(
    chosen: Branch, choices: NDArray[np.uint8], rows: NDArray[np.object_], largest: int
) -> Iterator[Branch]:
    if len(chosen) == largest:
        return
    for following in range(chosen[-1] + 1 if chosen else 0, len(choices)):
        grown = (*chosen, following)
        if exact_rank(choices[list(grown)], rows) == len(rows):
            yield grown
        else:
            yield from _grow(grown, choices, rows, largest)


def _product(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Product of power series up to their common length, (..., terms)."""
    result = np.zeros_like(one)
    for power in range(one.shape[-1]):
        result[..., power:] += one[..., power, None] * other[..., : one.shape[-1] - power]
    return result
