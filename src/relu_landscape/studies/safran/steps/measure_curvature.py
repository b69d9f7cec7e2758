"""Hessian spectrum of every class, sum of norms, inner Hessian of every neuron."""

import numpy as np
import pandas as pd

from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.minima.measured_curvature import measure_representative
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.safran.records import curvature_record, neuron_records
from relu_landscape.studies.steps import Arrays, Made


def measure_curvature(
    classes: pd.DataFrame, representatives: Arrays, largest_whole_k: int, log: JobLog
) -> Made:
    """What is measured at the representative of each class.

    Args:
        classes: the classes, case by case in the order of their numbers.
        representatives: by case, (classes, n, k).
        largest_whole_k: up to it from all weights, beyond through the symmetry of the point.
        log: told of progress.
    """
    rows = rows_of(classes)
    progress = log.progress("curvature", "classes")
    measured = []
    for row in rows:
        point = representatives[case_name(row["k"], row["n"])][row["class_id"]]
        measured.append(measure_representative(point, largest_whole_k=largest_whole_k))
        progress(len(measured), len(rows))
    pairs = list(zip(rows, measured, strict=True))
    spectra, softest = {}, {}
    for case, points in representatives.items():
        found = [one for row, one in pairs if case_name(row["k"], row["n"]) == case]
        _, n, d = points.shape
        spectra[case] = np.array([one.spectrum for one in found]).reshape(-1, n * d)
        softest[case] = np.array([one.softest_direction for one in found]).reshape(-1, n, d)
    return {
        "curvature": [curvature_record(row, found) for row, found in pairs],
        "neurons": [record for row, found in pairs for record in neuron_records(row, found)],
        "spectra": spectra,
        "softest_directions": softest,
    }
