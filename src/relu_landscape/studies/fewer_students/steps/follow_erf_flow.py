"""Where gradient flow of erf students ends from random starts."""

from typing import Any

import numpy as np

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students.copy_points import CopyPoint
from relu_landscape.fewer_students.copy_records import copy_points_at
from relu_landscape.fewer_students.erf_ends import ErfEnd, name_erf_end
from relu_landscape.fewer_students.settings import ErfFlow
from relu_landscape.search import TrainedOutputs, follow_gradient_flow, glorot_start
from relu_landscape.studies.steps import Made

MORE_ACCURATE = 100


def follow_erf_flow(flow: ErfFlow, log: JobLog) -> Made:
    """One row a restart: its loss, and which of the two points it ended at.

    Args:
        flow: sizes, numbers of restarts, their seed, and the accuracy of the solver.
        log: told of progress.
    """
    rows = []
    for sizes in flow.sizes:
        for k in sizes.teachers:
            for n in sizes.students:
                points = list(copy_points_at(k, n, "erf"))
                log.say(f"k = {k}, n = {n}: {sizes.runs} restarts")
                rows += [
                    _row(flow, points, restart, again=restart < sizes.again)
                    for restart in range(sizes.runs)
                ]
    return {"erf_ends": rows}


def _row(flow: ErfFlow, points: list[CopyPoint], restart: int, *, again: bool) -> dict[str, Any]:
    k, n = int(points[0].k), int(points[0].n)
    W, outputs = glorot_start(n, k, restart, seed=flow.seed, n_inputs=k + 1)
    teachers = np.eye(k, k + 1)

    def followed(accuracy: float) -> tuple[TrainedOutputs, ErfEnd]:
        found = follow_gradient_flow(
            W, teachers, outputs, time=flow.time, accuracy=accuracy, tolerance=flow.tolerance
        )
        return found, name_erf_end(found.weights, found.outputs, points)

    found, end = followed(flow.accuracy)
    largest = int(np.abs(found.outputs).argmax())
    return {
        "k": k,
        "n": n,
        "restart": restart,
        "loss": found.loss,
        "gradient_norm": found.gradient_norm,
        "steps": found.iterations,
        "largest_output": abs(float(found.outputs[largest])),
        "norm": float(np.linalg.norm(found.weights[largest])),
        "end": _name(found, end),
        "distance": end.distance if np.isfinite(end.distance) else None,
        "end_again": _name(*followed(flow.accuracy / MORE_ACCURATE)) if again else None,
    }


def _name(found: TrainedOutputs, end: ErfEnd) -> str:
    if not found.converged:
        return "unfinished"
    return "other" if end.branch is None else end.branch.value
