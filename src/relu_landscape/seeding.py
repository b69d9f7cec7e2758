"""Random streams: one generator per restart or draw, derived from a seed and its numbers alone."""

from __future__ import annotations

import numpy as np

from relu_landscape.arguments import checked_arguments, whole_number


@checked_arguments(
    seed=whole_number, n_teachers=whole_number, n_students=whole_number, restart=whole_number
)
def restart_generator(
    seed: int, n_teachers: int, n_students: int, restart: int
) -> np.random.Generator:
    """Generator of restart `restart` of the case (k, n) of a search with this seed.

    The stream depends on (seed, k, n, restart) and on nothing else: neither on the batch that the
    restart belongs to nor on the order in which restarts are drawn.

    Raises:
        ValueError: the seed or an index is negative.
    """
    return indexed_generator(seed, n_teachers, n_students, restart)


@checked_arguments(seed=whole_number, first=whole_number, further=whole_number)
def indexed_generator(seed: int, first: int, *further: int) -> np.random.Generator:
    """Generator of the draw with these numbers (size, sample, ...) in an experiment with this seed.

    Raises:
        ValueError: the seed or an index is negative.
    """
    indices = (first, *further)
    if min(seed, *indices) < 0:
        raise ValueError(
            f"the seed and the numbers of a draw must be 0 or more, not {seed} and {indices}"
        )
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=indices))
