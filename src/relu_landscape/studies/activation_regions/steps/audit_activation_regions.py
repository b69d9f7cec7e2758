"""A sample of the counts of full rank, counted again by another method."""

import pandas as pd

from relu_landscape.activation_regions.recount import recount_full_rank
from relu_landscape.evidence.audit import agreed, sample_rows, within_reach
from relu_landscape.evidence.audit_curvature import audit_value
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.settings.whole import Audit
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.steps import Made

_LARGEST_COST = 250_000  # n^2 d0 d1: some 20 ms a draw


def audit_activation_regions(
    full_rank_cells: pd.DataFrame, audit: Audit, seed: int, log: JobLog
) -> Made:
    """The numbers of draws with full rank in cells that are small enough."""
    sides = full_rank_cells[["d0", "d1"]].prod(axis=1)
    small = within_reach(full_rank_cells, full_rank_cells["n"] ** 2 * sides <= _LARGEST_COST)
    sample = sample_rows(small, audit.classes, audit.seed)
    progress = log.progress("audit", "cells")
    records = {}
    for row in rows_of(sample):
        laws, sizes = (row["data"], row["initialisation"]), (row["n"], row["d0"], row["d1"])
        found = recount_full_rank(*laws, sizes, trials=row["trials"], seed=seed)
        name = f"{row['figure']} {' '.join(laws)} n={row['n']} d0={row['d0']} d1={row['d1']}"
        records[name] = audit_value("draws with full rank", row["full"], found, 0)
        progress(len(records), len(sample))
    return {"audit": agreed(records)}
