"""Random streams: one generator per restart, derived from the seed of its search alone."""

from __future__ import annotations

import numpy as np


def restart_generator(
    seed: int, n_teachers: int, n_students: int, restart: int
) -> np.random.Generator:
    """Generator of restart `restart` of the case (k, n) of a search with this seed.

    The stream depends on (seed, k, n, restart) and on nothing else: neither on the batch that the
    restart belongs to nor on the order in which restarts are drawn.

    Raises:
        ValueError: the seed or an index is negative.
    """
    if min(seed, n_teachers, n_students, restart) < 0:
        raise ValueError(
            "seed, n_teachers, n_students and restart must be 0 or more, not "
            f"{seed}, {n_teachers}, {n_students}, {restart}"
        )
    key = (n_teachers, n_students, restart)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))
