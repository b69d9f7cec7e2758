"""Copy-average configurations of erf for all partitions of the teachers."""

from collections import defaultdict

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students.copy_averages import (
    average_loss,
    extreme_partition_is_best,
    gradient_bound,
    identities_hold,
    partitions,
)
from relu_landscape.studies.steps import Made


def check_partitions(most_teachers: int, log: JobLog) -> Made:
    """Whether all are critical points, and which one has the least loss.

    Args:
        most_teachers: the largest k, from 2 on.
        log: told of each k.
    """
    identities = {m: identities_hold(m) for m in range(1, most_teachers + 1)}
    rows = []
    for k in range(2, most_teachers + 1):
        log.say(f"k = {k}")
        by_students = defaultdict(list)
        for groups in partitions(k):
            by_students[len(groups)].append(groups)
        for n in range(1, k + 1):
            found = by_students[n]
            losses = sorted(sum(average_loss(m) for m in groups) for groups in found)
            rows.append(
                {
                    "k": k,
                    "n": n,
                    "partitions": len(found),
                    "gradient_bound": max(gradient_bound(groups) for groups in found),
                    "identities": all(identities[m] for groups in found for m in groups),
                    "extreme_is_best": extreme_partition_is_best(k, n),
                    "best_loss": average_loss(k - n + 1),
                    "second_loss": losses[1] if len(losses) > 1 else None,
                }
            )
    return {"erf_partitions": rows}
