"""One more neuron: split every neuron, judge the new point, follow descent from it."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from relu_landscape.evidence.cells import case_name, case_size
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.minima.landing import follow_descent
from relu_landscape.minima.settings import Splitting
from relu_landscape.minima.splitting import Push, Split, descent_starts, split_every_neuron
from relu_landscape.search import Protocol
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.safran.records import fate_records, split_record
from relu_landscape.studies.steps import Arrays, Made

Neuron = tuple[int, int, int, int]  # k, n, class_id, neuron
Origin = tuple[dict[str, Any], Split]


def split_neurons(
    curvature: pd.DataFrame,
    neurons: pd.DataFrame,
    representatives: Arrays,
    cases: Iterable[str],
    splitting: Splitting,
    tolerance: float,
    protocol: Protocol,
    log: JobLog,
) -> Made:
    """Every split of every class that is not global, and where descent leads from the saddles.

    Args:
        curvature: kind and loss of the classes.
        neurons: with the orbit of each.
        representatives: by case, (classes, n, k).
        cases: whose classes are split.
        splitting: shares, how the start is pushed, when a landing is global, iterations.
        tolerance: entries closer than this are equal.
        protocol: of the descent.
        log: told of progress.
    """
    followed = _first_of_orbits(neurons)
    push = Push(splitting.displacement, splitting.asymmetry, splitting.seed)
    spurious = curvature[curvature["kind"] != "global_minimum"]
    split_rows: list[dict[str, Any]] = []
    fate_rows: list[dict[str, Any]] = []
    landings = {}
    for case in cases:
        k, n = case_size(case)
        rows = rows_of(spurious[(spurious["k"] == k) & (spurious["n"] == n)])
        progress = log.progress(f"split {case}", "classes")
        origins: list[Origin] = []
        for done, row in enumerate(rows, start=1):
            point = representatives[case][row["class_id"]]
            for split in split_every_neuron(point, np.eye(k), splitting.alphas):
                split_rows.append(split_record(row, split))
                neuron = (k, n, row["class_id"], split.neuron)
                if split.curvature.is_strict_saddle and neuron in followed:
                    origins.append((row, split))
            progress(done, len(rows))
        starts = [descent_starts(split.weights, np.eye(k), push) for _, split in origins]
        fates = follow_descent(
            np.concatenate([np.empty((0, n + 1, k)), *starts]),
            protocol,
            representatives.get(case_name(k, n + 1), np.empty((0, n + 1, k))),
            splitting,
            tolerance=tolerance,
            progress=log.progress(f"descent from splits of {case}", "starts"),
        )
        fate_rows += fate_records(origins, fates)
        landings[case] = fates.descent.weights
    return {"splits": split_rows, "fates": fate_rows, "landings": landings}


def _first_of_orbits(neurons: pd.DataFrame) -> set[Neuron]:
    """The first neuron of each orbit: a symmetry of the point leads from it to the others.

    Descent from their splits is exchanged by the same symmetry.
    """
    place = ["k", "n", "class_id"]
    first = neurons.groupby([*place, "orbit"])["neuron"].transform("min") == neurons["neuron"]
    return set(neurons.loc[first, [*place, "neuron"]].itertuples(index=False, name=None))
