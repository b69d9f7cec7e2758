"""The copy-average and the perturbed copy at every n < k, and where their losses cross."""

from collections.abc import Sequence
from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students.copies_part import where_copies_part
from relu_landscape.fewer_students.copy_records import (
    copy_points_at,
    parameter_records,
    point_record,
    spectrum_records,
)
from relu_landscape.fewer_students.crossing import (
    enclosed_limit,
    extrapolated_limit,
    loss_crossing,
)
from relu_landscape.fewer_students.settings import Crossings, Partings, Points
from relu_landscape.studies.steps import Made


def solve_copies(points: Points, crossings: Crossings, partings: Partings, log: JobLog) -> Made:
    """Both points at every size; n*(k) and its limit; the k at which copies part.

    Args:
        points: sizes and activations.
        crossings: values of k at which the real n of equal losses is found.
        partings: values of n, and of k at which the eigenvalue of the copies is looked at.
        log: told of each k.
    """
    found = []
    for kernel in points.kernels:
        for k in points.teachers:
            log.say(f"{kernel}: k = {k}")
            found += [point for n in range(1, k) for point in copy_points_at(k, n, kernel)]
    equal = {}
    for k in sorted(crossings.teachers):
        log.say(f"equal losses at k = {k}")
        equal[k] = loss_crossing(k)
    far = {k: n for k, n in equal.items() if k >= crossings.extrapolated_from}
    return {
        "copy_points": [point_record(point) for point in found],
        "copy_parameters": [row for point in found for row in parameter_records(point)],
        "copy_spectra": [row for point in found for row in spectrum_records(point)],
        "loss_crossings": [{"k": k, "n": n} for k, n in equal.items()],
        "crossing_limits": _limit_records(far),
        "copy_partings": [_parting_record(n, partings.teachers) for n in partings.students],
    }


def _parting_record(n: int, teachers: Sequence[int]) -> dict[str, Any]:
    """The eigenvalue of the copies at the largest k, and where it changes its sign, if it does."""
    values, found = where_copies_part(n, sorted(teachers))
    return {
        "n": n,
        "looked_at": len(values),
        "negative": sum(value < 0 for value in values),
        "largest_k": max(teachers),
        "eigenvalue": values[-1],
        "parts_at": found and found.k,
        "lower": found and found.lower,
        "upper": found and found.upper,
        "proved": found is not None and found.proved,
    }


def _limit_records(crossings: dict[int, float]) -> list[dict[str, Any]]:
    """The limit from two, three, ... of the crossings, from the largest k down."""
    teachers = sorted(crossings, reverse=True)
    lower, upper = map(float, enclosed_limit())
    return [
        {
            "nodes": nodes,
            "least_k": teachers[nodes - 1],
            "extrapolated": extrapolated_limit(
                teachers[:nodes], [crossings[k] for k in teachers[:nodes]]
            ),
            "lower": lower,
            "upper": upper,
        }
        for nodes in range(2, len(teachers) + 1)
    ]
