"""One-point quotients along random directions from global minima."""

from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.directions import sample_quotients
from relu_landscape.global_minima.settings import Directions
from relu_landscape.studies.steps import Made


def sample_directions(directions: Directions, log: JobLog) -> Made:
    """The quotients at every size and radius."""
    sizes = [(k, k + more) for k in directions.teachers for more in directions.extra_students]
    progress = log.progress("directions", "sizes")
    records: list[dict[str, Any]] = []
    for done, (k, n) in enumerate(sizes, start=1):
        records += sample_quotients(k, n, directions)
        progress(done, len(sizes))
    return {"direction_quotients": records}
