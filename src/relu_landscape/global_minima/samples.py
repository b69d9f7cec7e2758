"""Random members of the set of global minima, recognised, and found again from near by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from relu_landscape.global_minima.members import sample_global_minimum
from relu_landscape.global_minima.projection import project_onto_global_minima
from relu_landscape.objective import loss_rounding_error, population_gradient, population_loss
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Members, MemberSize


def sample_members(size: MemberSize, settings: Members) -> list[dict[str, Any]]:
    """Return one record a random member: its loss, its distance to the set, and that of a
    neighbour.

    The neighbour is the member moved by a random displacement of given Frobenius length: its
    distance to the set is at most that length. Sample s depends on (seed, k, n, d, s) alone.

    Args:
        size: n students, and as teachers the first k standard basis vectors of R^d.
        settings: number of members, length of the displacement, and the seed.

    Source: S21, Theorem 2.
    """
    k, n, d = size.k, size.n, size.d
    teachers = np.eye(k, d)
    records = []
    for sample in range(settings.samples):
        generator = indexed_generator(settings.seed, k, n, d, sample)
        member = sample_global_minimum(n, k, generator, d=d)
        direction = generator.normal(size=(n, d))
        moved = member + settings.displacement * direction / np.linalg.norm(direction)
        found = project_onto_global_minima(moved, teachers)
        records.append(
            {
                "k": k,
                "n": n,
                "d": d,
                "sample": sample,
                "loss": population_loss(member, teachers),
                "loss_error": loss_rounding_error(member, teachers),
                "gradient_norm": float(np.linalg.norm(population_gradient(member, teachers))),
                "distance": project_onto_global_minima(member, teachers).distance,
                "displacement": settings.displacement,
                "moved_distance": found.distance,
                "moved_lower_bound": found.lower_bound,
                "moved_exact": found.exact,
            }
        )
    return records
