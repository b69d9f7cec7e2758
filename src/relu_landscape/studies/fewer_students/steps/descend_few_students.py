"""Where gradient descent ends with fewer students than teachers."""

from collections.abc import Iterator
from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students.copy_records import copy_points_at
from relu_landscape.fewer_students.descent_ends import UNFINISHED, name_end
from relu_landscape.fewer_students.settings import Restarts
from relu_landscape.search import DescentRecord, Protocol, find_minima
from relu_landscape.studies.steps import Made


def descend_few_students(restarts: Restarts, protocol: Protocol, log: JobLog) -> Made:
    """One row a restart: its loss, and which of the two points it ended at.

    Args:
        restarts: sizes, numbers of restarts and their seed.
        protocol: of the descent.
        log: told of progress.
    """
    records: list[dict[str, Any]] = []
    for sizes in restarts.sizes:
        for k in sizes.teachers:
            for n in sizes.students:
                found = find_minima(
                    n,
                    k,
                    sizes.runs,
                    seed=restarts.seed,
                    protocol=protocol,
                    progress=log.progress(f"k = {k}, n = {n}", "restarts"),
                )
                records += _records(k, n, found)
    return {"few_student_ends": records}


def _records(k: int, n: int, found: DescentRecord) -> Iterator[dict[str, Any]]:
    points = list(copy_points_at(k, n))
    for restart, converged in enumerate(found.converged):
        end = name_end(found.weights[restart], points) if converged else None
        yield {
            "k": k,
            "n": n,
            "restart": restart,
            "loss": found.losses[restart],
            "gradient_norm": found.gradient_norms[restart],
            "iterations": found.iterations[restart],
            "end": UNFINISHED if end is None else end.name,
            "distance": None if end is None else end.distance,
        }
