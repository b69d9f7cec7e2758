"""Balls around known minima that descent does not leave, for the searches."""

from relu_landscape.evidence.cells import case_size
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.families import known_basins
from relu_landscape.studies.steps import Made


def propose_basins(case: str, largest_q: int, log: JobLog) -> Made:
    """The basins of one size; step certify_basins and the checker prove them."""
    basins = known_basins.propose_basins(case_size(case)[0], largest_q)
    for basin in basins:
        log.say(f"{basin.name}: radius {basin.radius:.3g}, steps below {basin.step_bound:.3g}")
    return {"basins": known_basins.basin_arrays(basins)}
