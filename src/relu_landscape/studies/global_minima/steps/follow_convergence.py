"""Loss, gradient and distance along descent to global minima."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima import convergence as runs
from relu_landscape.studies.steps import Made


def follow_convergence(convergence: Mapping[str, Any], log: JobLog) -> Made:
    """Every check of every run, size by size."""
    shared = {key: convergence[key] for key in convergence if key not in ("sizes", "window")}
    records: list[dict[str, Any]] = []
    for size in convergence["sizes"]:
        progress = log.progress(f"convergence {case_name(**size)}", "checks")
        records += runs.follow_convergence(**size, progress=progress, **shared)
    return {"convergence": records}
