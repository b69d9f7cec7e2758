"""One-point quotients along random directions from global minima."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.directions import sample_quotients
from relu_landscape.studies.steps import Made


def sample_directions(directions: Mapping[str, Any], log: JobLog) -> Made:
    """The quotients at every size and radius."""
    drawn = dict(directions)
    teachers, extra = drawn.pop("teachers"), drawn.pop("extra_students")
    sizes = [(k, k + more) for k in teachers for more in extra]
    progress = log.progress("directions", "sizes")
    records: list[dict[str, Any]] = []
    for done, (k, n) in enumerate(sizes, start=1):
        records += sample_quotients(k, n, **drawn)
        progress(done, len(sizes))
    return {"direction_quotients": records}
