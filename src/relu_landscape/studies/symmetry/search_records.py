"""Searches in fixed-point spaces and perturbed targets, as rows of tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from relu_landscape.families.critical_point import symmetric_critical_point
from relu_landscape.families.fixed_space_search import search_fixed_space
from relu_landscape.families.perturbation import follow_to_teacher, perturbed_teacher
from relu_landscape.symmetry.canonical import canonical_form, orbit_label

Records = list[dict[str, Any]]


def fixed_space_records(
    k: int, columns: int, extra: int, *, starts: int, seed: int
) -> tuple[dict[str, Any], Records]:
    """Return the row of fixed_space_searches, and those of fixed_space_points.

    Args:
        k: teachers.
        columns: q, single columns.
        extra: neurons beyond n = k.
        starts: random starts.
        seed: seed of the experiment.
    """
    found = search_fixed_space(k, columns, extra, seed=seed, starts=range(starts))
    labels = {"k": k, "columns": columns, "extra": extra}
    points = []
    for rank, (point, reached) in enumerate((entry.point, entry.starts) for entry in found.points):
        weights = found.space.embed(point.parameters)
        points.append(
            {
                **labels,
                "rank": rank,
                "loss": point.loss,
                "smallest_eigenvalue": point.smallest.value,
                "irrep": point.smallest.irrep,
                "index": point.index,
                # The first parameter is what the k - q equivalent neurons have of their teachers.
                "chain": "I" if point.parameters[0] < 0 else "II",
                "coordinate_orbits": orbit_label(canonical_form(weights).coordinate_orbits),
                "reached": len(reached),
            }
        )
    search = {
        **labels,
        "starts": found.starts,
        "global_starts": found.global_starts,
        "unfinished_starts": found.unfinished_starts,
        "points": len(points),
    }
    return search, points


def perturbed_target_records(
    family: str, m: int | None, k: int, epsilons: Sequence[float], *, samples: int, seed: int
) -> Records:
    """Return the rows of perturbed_targets of one symmetric minimum.

    Draw s of G depends on (seed, k, s) alone: the same for every epsilon and family.

    Args:
        family, m, k: as for `symmetric_critical_point`.
        epsilons: sizes of the perturbation.
        samples: draws of G.
        seed: seed of the experiment.

    Source: AF22, abstract: the results persist under perturbations of the target.
    """
    point = symmetric_critical_point(family, k, m=m)
    records = []
    for epsilon in epsilons:
        for sample in range(samples):
            teacher = perturbed_teacher(k, epsilon, seed=seed, sample=sample)
            found = follow_to_teacher(point.weights(), teacher)
            records.append(
                {
                    "family": family,
                    "m": point.m,
                    "k": k,
                    "epsilon": epsilon,
                    "sample": sample,
                    "outcome": found.outcome.value,
                    "reached": found.reached,
                    "smallest_eigenvalue": found.smallest_eigenvalue,
                    "largest_inner_eigenvalue": float(np.max(found.inner_smallest_eigenvalues)),
                }
            )
    return records
