"""Points that differ by permutations of neurons and coordinates become one class."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from relu_landscape.evidence.cells import case_size
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.minima.measured_classes import finish_by_newton, measure_classes
from relu_landscape.search.protocol import CRITICAL_ENDS, StopReason
from relu_landscape.studies.safran.restarts import by_case
from relu_landscape.studies.steps import Arrays, Made


def classify_minima(
    restarts: Mapping[str, pd.DataFrame],
    weights: Mapping[str, Arrays],
    cases: Iterable[str],
    largest_whole_k: int,
    tolerance: float,
    log: JobLog,
) -> Made:
    """Which class each run ended in, the classes, and a point of each.

    Runs that used up their iterations are finished by Newton's method where that ends close by.

    Args:
        restarts: batches by the path of their file.
        weights: where their runs ended, in the same order.
        cases: sizes to classify.
        largest_whole_k: up to it points are measured from all of their weights, beyond through
            their symmetry.
        tolerance: entries closer than this are equal.
        log: told what was found.
    """
    memberships, classes, representatives = [], [], {}
    for case, runs, ends in by_case([*restarts.values()], [*weights.values()], cases):
        k, n = case_size(case)
        reason = runs["stop_reason"].to_numpy()
        unfinished = np.flatnonzero(reason == StopReason.ITERATION_BUDGET)
        ends[unfinished], finished = finish_by_newton(ends[unfinished])
        runs["finished_by_newton"] = runs.index.isin(unfinished[finished])
        chosen = np.isin(reason, CRITICAL_ENDS) | runs["finished_by_newton"].to_numpy()
        catalogue = measure_classes(
            ends[chosen], tolerance=tolerance, largest_whole_k=largest_whole_k
        )
        log.say(f"{case}: {chosen.sum()} of {len(runs)} runs in {len(catalogue.classes)} classes")
        columns = ["search", "k", "n", "restart", "finished_by_newton"]
        memberships.append(
            runs.loc[chosen, columns].assign(
                class_id=catalogue.labels, distance_to_representative=catalogue.distances
            )
        )
        classes += [{"k": k, "n": n, "d": k, **row} for row in catalogue.classes]
        representatives[case] = catalogue.representatives
    return {
        "memberships": pd.concat(memberships),
        "classes": classes,
        "representatives": representatives,
    }
