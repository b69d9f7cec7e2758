"""Balls around known minima that descent provably does not leave."""

from relu_landscape.certificates.basins import basin_arrays
from relu_landscape.certificates.basins import prove_basins as basins_of
from relu_landscape.evidence.cells import case_size
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def prove_basins(case: str, largest_q: int, log: JobLog) -> Made:
    """The basins of one size, for the searches."""
    basins = basins_of(case_size(case)[0], largest_q)
    for basin in basins:
        log.say(f"{basin.name}: radius {basin.radius:.3g}, steps below {basin.step_bound:.3g}")
    return {"basins": basin_arrays(basins)}
