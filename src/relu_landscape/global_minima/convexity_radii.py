"""Radii of strong convexity around the global minimum of n = k, found in two ways.

One way are chains of searches in the whole space. The other searches spaces of symmetric directions
one by one: rings of neurons, which hold the worst direction at k = 4 and more, and trios, which
hold it at k = 2 to 15 or so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.chains import AGREEMENT
from relu_landscape.global_minima.convexity import (
    ConvexityRadius,
    convexity_radius_along,
    random_direction,
)
from relu_landscape.global_minima.convexity_rings import least_ring_radius
from relu_landscape.global_minima.convexity_search import LeastRadius, least_convexity_radius
from relu_landscape.global_minima.convexity_trios import least_trio_radius

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Convexity


def measure_convexity_radii(
    k: int, search: Convexity, progress: Callable[[int, int], None] | None = None
) -> tuple[list[dict[str, Any]], list[NDArray[np.float64]]]:
    """Return records of drawn directions, of each way of searching and of the worst; directions.

    Args:
        k: teachers, students and inputs.
        search: how many directions are drawn, and how the smallest radius is searched for.
        progress: called with (rounds of the chains done, rounds at most).

    Source: S21, Theorem 3; how far its neighbourhood reaches is asked here.
    """
    outer = search.largest_radius
    drawn = [
        convexity_radius_along(random_direction(k, start, seed=search.seed), largest_radius=outer)
        for start in range(search.random_directions)
    ]
    free = least_convexity_radius(k, search, progress)
    rings = [
        least_ring_radius(k, q, tries=search.tries, largest_radius=outer, seed=search.seed)
        for q in range(2, k + 1)
    ]
    trio = least_trio_radius(k, tries=search.tries, largest_radius=outer, seed=search.seed)
    rows: list[tuple[str, int, LeastRadius]]
    rows = [("random", start, LeastRadius(found, None, True)) for start, found in enumerate(drawn)]
    rows += [("ring", q, LeastRadius(found, None, True)) for q, found in enumerate(rings, start=2)]
    rows += [("trio", 0, LeastRadius(trio, None, True)), ("free", 0, free)]
    rows.append(("worst", 0, worst_of(free, [*rings, trio], outer)))
    records = [
        {
            "k": k,
            "search": name,
            "start": start,
            "radius": least.found.radius,
            "spread": least.spread,
            "agreed": least.agreed,
            "largest_radius": outer,
            "smallest_eigenvalue": least.found.smallest_eigenvalue,
            "place": place,
        }
        for place, (name, start, least) in enumerate(rows)
    ]
    return records, [least.found.direction for _, _, least in rows]


def worst_of(free: LeastRadius, symmetric: list[ConvexityRadius], outer: float) -> LeastRadius:
    """The smallest radius of both ways, and whether they agree on it.

    Of radii that agree the first is taken, those of symmetric directions before that of the whole
    space: which of two equal radii is smaller in the last digit is a matter of the processor.
    """
    ways = [*symmetric, free.found]
    reached = np.nan_to_num([way.radius for way in ways], nan=outer)
    within = AGREEMENT * reached.min()
    spread = max(free.spread or 0.0, float(abs(reached[-1] - reached[:-1].min())))
    first = int(np.argmax(reached <= reached.min() + within))
    return LeastRadius(ways[first], spread, bool(free.agreed and spread <= within))
