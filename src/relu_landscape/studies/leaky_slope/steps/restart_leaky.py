"""How often restarts end badly, slope by slope, and where they go from saddles."""

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.leaky.leaky_points import leaky_critical_point
from relu_landscape.leaky.records import ABSOLUTE_VALUE, escape_row, share_row
from relu_landscape.leaky.settings import Restarts
from relu_landscape.search import Protocol
from relu_landscape.studies.steps import Made


def restart_leaky(restarts: Restarts, protocol: Protocol, log: JobLog) -> Made:
    """The shares at every k and slope, and at every k those from next to A and I_1 at s = -1."""
    cases = [(k, slope) for k in restarts.teachers for slope in sorted(restarts.slopes)]
    progress = log.progress("restarts of leaky networks", "searches")
    rows = []
    for done, (k, slope) in enumerate(cases, start=1):
        rows.append(share_row(k, slope, restarts.runs, restarts.seed, protocol))
        progress(done, len(cases))
    escapes = [
        escape_row(
            leaky_critical_point(family, k, ABSOLUTE_VALUE, m=m),
            restarts.saddle_runs,
            restarts.displacement,
            restarts.seed,
            protocol,
        )
        for family, m in (("A", None), ("I", 1))
        for k in restarts.teachers
    ]
    return {"leaky_shares": rows, "leaky_escapes": escapes}
