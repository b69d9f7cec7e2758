"""The real n at which the copy-average and the perturbed copy have the same loss."""

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students.crossing import (
    enclosed_limit,
    extrapolated_limit,
    loss_crossing,
)
from relu_landscape.fewer_students.settings import Crossings
from relu_landscape.studies.steps import Made


def find_crossings(crossings: Crossings, log: JobLog) -> Made:
    """n*(k), and its limit by extrapolation and by a formula.

    Args:
        crossings: values of k.
        log: told of each.
    """
    found = {}
    for k in sorted(crossings.teachers):
        log.say(f"k = {k}")
        found[k] = loss_crossing(k)
    far = sorted((k for k in found if k >= crossings.extrapolated_from), reverse=True)
    lower, upper = enclosed_limit()
    return {
        "loss_crossings": [{"k": k, "n": n} for k, n in found.items()],
        "crossing_limits": [
            {
                "nodes": nodes,
                "least_k": far[nodes - 1],
                "extrapolated": extrapolated_limit(far[:nodes], [found[k] for k in far[:nodes]]),
                "lower": float(lower),
                "upper": float(upper),
            }
            for nodes in range(2, len(far) + 1)
        ],
    }
