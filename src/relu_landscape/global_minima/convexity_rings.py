"""Directions with q neurons on a ring, along which strong convexity ends early at n = k.

No permutation in D_q x S_(k-q) changes them: the q neurons turn alike, the others shrink alike. So
they have few parameters at any k, and a search among them is a second way beside the chains in the
whole space. At q = 2 two neurons move towards each other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.convexity import ConvexityRadius, convexity_radius_along
from relu_landscape.global_minima.convexity_search import FIRST_RADIUS, search_from
from relu_landscape.global_minima.tied_matrices import TiedMatrices, tied_matrices
from relu_landscape.seeding import indexed_generator

# Where a search from a ring begins: above every least radius, of which that at k = 2 is largest.
RING_RADIUS: Final = 0.3
SHRINKING: Final = 1.5  # share of the shrinking in a ring's starting direction, to that of turning
RINGS: Final = 2**20  # sets the random numbers of rings apart from those of chains


def ring_direction(k: int, q: int) -> NDArray[np.float64]:
    """Return the unit direction along which q neurons shrink and turn as on a ring, others shrink.

    Neuron i < q moves towards teacher j < q by -cos(2 pi (i - j)/q): at q = 2 the two neurons move
    towards each other.

    Args:
        k: teachers and students.
        q: neurons on the ring, 2 <= q <= k.

    Raises:
        ValueError: q out of range.
    """
    if not 2 <= q <= k:
        raise ValueError(f"q is {q}; a ring of some of k = {k} neurons has from 2 to k of them")
    steps = np.subtract.outer(np.arange(k), np.arange(k))
    turned = -np.cos(2.0 * np.pi * steps / q)
    turned[q:], turned[:, q:] = 0.0, 0.0
    np.fill_diagonal(turned, 0.0)
    direction = turned / np.linalg.norm(turned) - SHRINKING * np.eye(k) / np.sqrt(k)
    unit: NDArray[np.float64] = direction / np.linalg.norm(direction)
    return unit


def least_ring_radius(
    k: int, q: int, *, tries: int, largest_radius: float, seed: int
) -> ConvexityRadius:
    """Return the smallest radius found among directions that D_q x S_(k-q) leaves unchanged.

    Searched from `ring_direction` and from random directions of that space; the vector along
    which the Hessian is singular is one that S_(k-q) leaves unchanged.

    Args:
        k: teachers, students and inputs.
        q: neurons on the ring, 2 <= q <= k.
        tries: random directions.
        largest_radius: where to stop looking, positive.
        seed: seed of the experiment.

    Raises:
        ValueError: q out of range.
    """
    spaces = _ring_spaces(k, q)
    generator = indexed_generator(seed, k, RINGS, q)
    drawn = [spaces[0].matrix(generator.normal(size=spaces[0].dimension)) for _ in range(tries)]
    outer = min(largest_radius, FIRST_RADIUS)
    ends = [search_from(ring_direction(k, q), min(largest_radius, RING_RADIUS), spaces)]
    ends += [search_from(start / np.linalg.norm(start), outer, spaces) for start in drawn]
    direction, _ = min(ends, key=lambda end: end[1])
    return convexity_radius_along(direction, largest_radius=largest_radius)


def _ring_spaces(k: int, q: int) -> tuple[TiedMatrices, TiedMatrices]:
    """Directions that D_q x S_(k-q) leaves unchanged, and vectors that S_(k-q) does."""
    row, column = np.indices((k, k))
    on_ring, around = (row < q) & (column < q), (row - column) % q
    others = [on_ring, row < q, column < q, row == column]
    # Labels beyond those of the ring: rows of it, columns of it, the diagonal, and what is left.
    ring = np.select(
        others,
        [np.minimum(around, q - around), q + 0 * row, q + 1 + 0 * row, q + 2 + 0 * row],
        q + 3,
    )
    free = np.select(
        others,
        [row * q + column, q * q + row, q * q + q + column, q * q + 2 * q + 0 * row],
        q * q + 2 * q + 1,
    )
    return tied_matrices(ring), tied_matrices(free)
