"""Adapter of rule classify_minima."""

import numpy as np
import pandas as pd

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, read_table, write_table
from relu_landscape.minima.catalogue import (
    catalogue_minima,
    finish_by_newton,
    measure_from_all_weights,
)
from relu_landscape.search.protocol import CRITICAL_ENDS, StopReason
from relu_landscape.symmetry.measured_minimum import measure_through_symmetry

k, n = (int(part[1:]) for part in snakemake.wildcards.case.split("-"))
whole_hessian = k <= snakemake.params.largest_whole_k

with job_log(snakemake.log[0]) as log:
    restarts = pd.concat(
        [read_table(path, "restarts") for path in snakemake.input.tables], ignore_index=True
    )
    weights = np.concatenate([read_arrays(path)["weights"] for path in snakemake.input.weights])
    reason = restarts["stop_reason"].to_numpy()
    unfinished = np.flatnonzero(reason == StopReason.ITERATION_BUDGET)
    weights[unfinished], finished = finish_by_newton(weights[unfinished])
    restarts["finished_by_newton"] = restarts.index.isin(unfinished[finished])
    at_minimum = np.isin(reason, CRITICAL_ENDS)
    chosen = at_minimum | restarts["finished_by_newton"].to_numpy()
    catalogue = catalogue_minima(
        weights[chosen],
        tolerance=snakemake.params.tolerance,
        measure=measure_from_all_weights if whole_hessian else measure_through_symmetry,
    )
    log.say(f"{chosen.sum()} of {len(restarts)} runs in {len(catalogue.classes)} classes")
    columns = ["search", "k", "n", "restart", "finished_by_newton"]
    memberships = restarts.loc[chosen, columns].assign(
        class_id=catalogue.labels, distance_to_representative=catalogue.distances
    )
    classes = make_table([{"k": k, "n": n, "d": k, **row} for row in catalogue.classes], "classes")
    write_table(memberships, snakemake.output.memberships, "memberships")
    write_arrays(snakemake.output.representatives, representatives=catalogue.representatives)
    write_table(classes, snakemake.output.classes, "classes")
