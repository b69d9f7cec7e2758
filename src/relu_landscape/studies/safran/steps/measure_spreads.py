"""How far apart the runs end that count as one minimum."""

from collections.abc import Iterable, Mapping

import pandas as pd

from relu_landscape.evidence.cells import case_size
from relu_landscape.minima.spread import largest_distance
from relu_landscape.search.protocol import StopReason
from relu_landscape.studies.safran.restarts import by_case
from relu_landscape.studies.steps import Arrays, Made


def measure_spreads(
    restarts: Mapping[str, pd.DataFrame],
    weights: Mapping[str, Arrays],
    memberships: pd.DataFrame,
    classes: pd.DataFrame,
    representatives: Arrays,
    cases: Iterable[str],
    tolerance: float,
) -> Made:
    """The spread of every class at n = k that is not global, over the converged runs of a search.

    Args:
        restarts: batches by the path of their file.
        weights: where their runs ended, in the same order.
        memberships: class of each run.
        classes: which of them are global.
        representatives: by case, (classes, n, k).
        cases: sizes to measure.
        tolerance: entries closer than this are equal.
    """
    records = []
    members = memberships.merge(classes[["k", "n", "class_id", "is_global"]])
    for case, runs, ends in by_case([*restarts.values()], [*weights.values()], cases):
        k, n = case_size(case)
        joined = runs.merge(members, on=["search", "k", "n", "restart"], how="left")
        converged = joined["stop_reason"] == StopReason.CONVERGED
        chosen = joined[converged & joined["is_global"].eq(False)]
        for _, group in chosen.groupby(["search", "class_id"]):
            if len(group) < 2:
                continue
            class_id = int(group["class_id"].iloc[0])
            points, center = ends[group.index], representatives[case][class_id]
            records.append(
                {
                    "search": group["search"].iloc[0],
                    "k": k,
                    "n": n,
                    "class_id": class_id,
                    "runs": len(group),
                    "spread": largest_distance(points, center, tolerance=tolerance),
                }
            )
    return {"spreads": records}
