"""Loss, gradient and distance along descent to global minima."""

from typing import Any

from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima import convergence as runs
from relu_landscape.global_minima.settings import Convergence
from relu_landscape.studies.steps import Made


def follow_convergence(convergence: Convergence, log: JobLog) -> Made:
    """Every check of every run, size by size."""
    records: list[dict[str, Any]] = []
    for size in convergence.sizes:
        progress = log.progress(f"convergence {case_name(size.k, size.n)}", "checks")
        records += runs.follow_convergence(size.k, size.n, convergence, progress=progress)
    return {"convergence": records}
