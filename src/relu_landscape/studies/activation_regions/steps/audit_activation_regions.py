"""Samples of the counts of full rank and of zero loss, counted again by other methods."""

import pandas as pd

from relu_landscape.activation_regions.recount import recount_full_rank, recount_zero_loss
from relu_landscape.evidence.audit import agreed, sample_rows, within_reach
from relu_landscape.evidence.audit_curvature import audit_value
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.settings.whole import Audit
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.steps import Made

_LARGEST_COST = 250_000  # n^2 d0 d1: some 20 ms a draw
_MOST_POINTS = 20  # some 30 ms a draw


def audit_activation_regions(
    full_rank_cells: pd.DataFrame,
    zero_loss_shares: pd.DataFrame,
    audit: Audit,
    seed: int,
    zero_loss_seed: int,
    log: JobLog,
) -> Made:
    """The numbers of draws with full rank, and with zero loss, in cells that are small enough."""
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
    few = within_reach(zero_loss_shares, zero_loss_shares["n"] <= _MOST_POINTS)
    for row in rows_of(sample_rows(few, audit.classes, audit.seed)):
        cell = {name: row[name] for name in ("regions", "targets", "n", "d1")}
        found = recount_zero_loss(**cell, draws=row["draws"], seed=zero_loss_seed)
        name = "zero loss: " + " ".join(f"{key}={value}" for key, value in cell.items())
        records[name] = audit_value("draws with zero loss", row["zero_loss"], found, 0)
    return {"audit": agreed(records)}
