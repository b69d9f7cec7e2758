"""Adapter of rule classify_minima."""

import numpy as np
import pandas as pd

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.cells import case_size
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.restarts import read_restarts
from relu_landscape.minima.catalogue import (
    catalogue_minima,
    finish_by_newton,
    measure_from_all_weights,
)
from relu_landscape.search.protocol import CRITICAL_ENDS, StopReason
from relu_landscape.symmetry.measured_minimum import measure_through_symmetry
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

params = snakemake.params

with job_log(snakemake.log[0]) as log:
    memberships, classes, representatives = [], [], {}
    for case, restarts, weights in read_restarts(snakemake.input.tables, params.cases):
        k, n = case_size(case)
        reason = restarts["stop_reason"].to_numpy()
        unfinished = np.flatnonzero(reason == StopReason.ITERATION_BUDGET)
        weights[unfinished], finished = finish_by_newton(weights[unfinished])
        restarts["finished_by_newton"] = restarts.index.isin(unfinished[finished])
        at_minimum = np.isin(reason, CRITICAL_ENDS)
        chosen = at_minimum | restarts["finished_by_newton"].to_numpy()
        catalogue = catalogue_minima(
            weights[chosen],
            tolerance=params.tolerance,
            measure=measure_from_all_weights
            if k <= params.largest_whole_k
            else measure_through_symmetry,
        )
        log.say(
            f"{case}: {chosen.sum()} of {len(restarts)} runs in {len(catalogue.classes)} classes"
        )
        columns = ["search", "k", "n", "restart", "finished_by_newton"]
        memberships.append(
            restarts.loc[chosen, columns].assign(
                class_id=catalogue.labels, distance_to_representative=catalogue.distances
            )
        )
        classes += [{"k": k, "n": n, "d": k, **row} for row in catalogue.classes]
        representatives[case] = catalogue.representatives
    write_table(pd.concat(memberships), snakemake.output.memberships, "memberships")
    write_arrays(snakemake.output.representatives, **representatives)
    write_table(make_table(classes, "classes"), snakemake.output.classes, "classes")
