"""Steps away from points with parallel neurons, and what they change of the Hessian."""

from relu_landscape.global_minima.settings import Smoothness
from relu_landscape.global_minima.smoothness import pair_limit_records, smoothness_records
from relu_landscape.studies.steps import Made


def probe_smoothness(smoothness: Smoothness) -> Made:
    """The probes of networks and of pairs, for every number of inputs."""
    return {
        "smoothness_probes": [
            record for k in smoothness.teachers for record in smoothness_records(k, smoothness)
        ],
        "pair_hessian_limits": [
            record for d in smoothness.teachers for record in pair_limit_records(d, smoothness)
        ],
    }
