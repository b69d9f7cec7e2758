"""The copy-average and the perturbed copy at every n < k."""

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students.copy_records import (
    copy_points_at,
    parameter_records,
    point_record,
    spectrum_records,
)
from relu_landscape.fewer_students.settings import Points
from relu_landscape.studies.steps import Made


def solve_copies(points: Points, log: JobLog) -> Made:
    """Loss, weights and spectrum of both points at every size.

    Args:
        points: sizes and activations.
        log: told of each k.
    """
    found = []
    for kernel in points.kernels:
        for k in points.teachers:
            log.say(f"{kernel}: k = {k}")
            found += [point for n in range(1, k) for point in copy_points_at(k, n, kernel)]
    return {
        "copy_points": [point_record(point) for point in found],
        "copy_parameters": [row for point in found for row in parameter_records(point)],
        "copy_spectra": [row for point in found for row in spectrum_records(point)],
    }
