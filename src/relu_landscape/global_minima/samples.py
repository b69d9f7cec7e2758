"""Random members of the set of global minima, recognised, and found again from near by."""

from __future__ import annotations

from typing import Any

import numpy as np

from relu_landscape.global_minima.members import sample_global_minimum
from relu_landscape.global_minima.projection import project_onto_global_minima
from relu_landscape.objective import loss_rounding_error, population_gradient, population_loss
from relu_landscape.seeding import indexed_generator


def sample_members(
    n: int, k: int, d: int, samples: int, *, displacement: float, seed: int
) -> list[dict[str, Any]]:
    """Return one record a random member: its loss, its distance to the set, and that of a
    neighbour.

    The neighbour is the member moved by a random displacement of given Frobenius length: its
    distance to the set is at most that length. Sample s depends on (seed, k, n, d, s) alone.

    Args:
        n: students, n >= k.
        k: teachers, the first k standard basis vectors.
        d: inputs, d >= k.
        samples: number of members.
        displacement: length of the displacement.
        seed: seed of the experiment.

    Source: S21, Theorem 2.
    """
    teachers = np.eye(k, d)
    records = []
    for sample in range(samples):
        generator = indexed_generator(seed, k, n, d, sample)
        member = sample_global_minimum(n, k, generator, d=d)
        direction = generator.normal(size=(n, d))
        moved = member + displacement * direction / np.linalg.norm(direction)
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
                "displacement": displacement,
                "moved_distance": found.distance,
                "moved_lower_bound": found.lower_bound,
                "moved_exact": found.exact,
            }
        )
    return records
