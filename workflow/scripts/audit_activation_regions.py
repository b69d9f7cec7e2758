"""Adapter of rule audit_activation_regions."""

from dataclasses import asdict

from relu_landscape.activation_regions.recount import recount_full_rank
from relu_landscape.evidence.audit import require_agreement, sample_rows, within_reach
from relu_landscape.evidence.audit_curvature import audit_value
from relu_landscape.evidence.documents import write_json
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import read_table

LARGEST_COST = 250_000  # n^2 d0 d1: some 20 ms a draw
settings, seed = snakemake.params.audit, snakemake.params.seed

with job_log(snakemake.log[0]) as log:
    cells = read_table(snakemake.input.cells, "full_rank_cells")
    cost = cells["n"] ** 2 * cells["d0"] * cells["d1"]
    small = within_reach(cells, cost <= LARGEST_COST)
    progress = log.progress("audit", "cells")
    sample, records = sample_rows(small, settings["classes"], settings["seed"]), {}
    for row in sample.itertuples():
        laws, sizes = (row.data, row.initialisation), (row.n, row.d0, row.d1)
        found = recount_full_rank(*laws, *sizes, trials=row.trials, seed=seed)
        name = f"{row.figure} {' '.join(laws)} n={row.n} d0={row.d0} d1={row.d1}"
        records[name] = audit_value("draws with full rank", row.full, found, 0)
        progress(len(records), len(sample))
    require_agreement(records)
    write_json(snakemake.output[0], {name: asdict(record) for name, record in records.items()})
