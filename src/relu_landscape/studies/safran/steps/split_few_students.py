"""Minima with fewer students than teachers, and every split of every neuron of them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.minima.curvature import MeasuredCurvature, measure_curvature
from relu_landscape.minima.measured_classes import measure_classes
from relu_landscape.minima.settings import FewStudents, Splitting
from relu_landscape.minima.splitting import split_curvature
from relu_landscape.minima.zero_half import zero_half_slope
from relu_landscape.search import Protocol, find_minima
from relu_landscape.studies.steps import Made


def split_few_students(
    few_students: FewStudents,
    splitting: Splitting,
    tolerance: float,
    protocol: Protocol,
    log: JobLog,
) -> Made:
    """The splits of every class that restarts end in, for every n < k.

    Args:
        few_students: sizes, restarts and their seed.
        splitting: shares, and how far from a neuron its zero half grows.
        tolerance: entries closer than this are equal.
        protocol: of the descent.
        log: told what was found.
    """
    records: list[dict[str, Any]] = []
    for k in range(2, few_students.largest_k + 1):
        for n in range(1, k):
            found = find_minima(n, k, few_students.runs, seed=few_students.seed, protocol=protocol)
            catalogue = measure_classes(
                found.weights[found.converged], tolerance=tolerance, largest_whole_k=k
            )
            log.say(f"k{k}-n{n}: {found.converged.sum()} runs, {len(catalogue.classes)} classes")
            for row, point in zip(catalogue.classes, catalogue.representatives, strict=True):
                measured = measure_curvature(point, np.eye(k))
                size = {"k": k, "n": n, "norm_gap": k - measured.norm_sum}
                about = size | {name: row[name] for name in ("class_id", "runs", "loss")}
                records += [about | one for one in _split_records(point, measured, splitting)]
    return {"few_student_splits": records}


def _split_records(
    point: NDArray[np.float64], measured: MeasuredCurvature, splitting: Splitting
) -> Iterator[dict[str, Any]]:
    """What is measured at each neuron of a critical point (n, k)."""
    teachers = np.eye(point.shape[1])
    for neuron, inner in enumerate(measured.inner_smallest_eigenvalues):
        splits = [split_curvature(point, teachers, neuron, alpha) for alpha in splitting.alphas]
        zero = zero_half_slope(point, teachers, neuron, splitting.displacement)
        yield {
            "kind": measured.kind.value,
            "neuron": neuron,
            "inner_smallest_eigenvalue": float(inner),
            "saddles": sum(split.is_strict_saddle for split in splits),
            "shares": len(splits),
            "largest_eigenvalue": max(split.smallest_eigenvalue for split in splits),
            "slope": zero.slope,
            "slope_error": zero.error,
        }
