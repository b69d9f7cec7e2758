"""How often restarts end badly, slope by slope."""

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.leaky.records import share_row
from relu_landscape.leaky.settings import Restarts
from relu_landscape.search import Protocol
from relu_landscape.studies.steps import Made


def restart_leaky(restarts: Restarts, protocol: Protocol, log: JobLog) -> Made:
    """The shares at every k and slope."""
    cases = [(k, slope) for k in restarts.teachers for slope in sorted(restarts.slopes)]
    progress = log.progress("restarts of leaky networks", "searches")
    rows = []
    for done, (k, slope) in enumerate(cases, start=1):
        rows.append(share_row(k, slope, restarts.runs, restarts.seed, protocol))
        progress(done, len(cases))
    return {"leaky_shares": rows}
