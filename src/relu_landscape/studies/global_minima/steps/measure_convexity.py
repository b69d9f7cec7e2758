"""How far strong convexity reaches around the global minimum of n = k."""

import numpy as np

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.convexity_radii import measure_convexity_radii
from relu_landscape.global_minima.settings import Convexity
from relu_landscape.studies.rows import teachers_in
from relu_landscape.studies.steps import Made


def measure_convexity(teachers: str, convexity: Convexity, log: JobLog) -> Made:
    """Radii at which the smallest eigenvalue vanishes, and the directions to these points."""
    k = teachers_in(teachers)
    progress = log.progress(f"convexity {teachers}", "rounds")
    records, directions = measure_convexity_radii(k, convexity, progress)
    return {
        "convexity_radii": records,
        "convexity_directions": {teachers: np.array(directions)},
    }
