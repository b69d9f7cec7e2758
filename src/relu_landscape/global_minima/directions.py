"""One-point quotients along directions drawn uniformly from a global minimum."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.global_minima.members import global_minimum
from relu_landscape.global_minima.quotients import (
    one_point_quotient_gradient,
    one_point_quotient_hessian,
)
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Directions


def sample_quotients(k: int, n: int, settings: Directions) -> list[dict[str, Any]]:
    """Return both one-point quotients at a fixed distance along uniformly drawn directions.

    The global minimum has equal shares and d = k. Direction r depends on (seed, k, n, r) alone.

    Args:
        k: teachers and inputs.
        n: students, n >= k.
        settings: number of directions, Frobenius distance from the global minimum, and the seed.

    Source: S21, Section 3.2: one-point convexity holds in most directions.
    """
    minimum, teachers = global_minimum(n, k), np.eye(k)
    records = []
    for direction in range(settings.directions):
        point = draw_point(k, n, direction, settings)
        records.append(
            {
                "k": k,
                "n": n,
                "direction": direction,
                "radius": settings.radius,
                "one_point_hessian": one_point_quotient_hessian(point, minimum, teachers),
                "one_point_gradient": one_point_quotient_gradient(point, minimum, teachers),
            }
        )
    return records


def draw_point(k: int, n: int, direction: int, settings: Directions) -> NDArray[np.float64]:
    """Return the point along direction number `direction`, (n, k)."""
    drawn = indexed_generator(settings.seed, k, n, direction).normal(size=(n, k))
    displacement: NDArray[np.float64] = settings.radius * drawn / np.linalg.norm(drawn)
    return global_minimum(n, k) + displacement
