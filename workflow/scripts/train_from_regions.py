"""Adapter of rule train_from_regions."""

from relu_landscape.activation_regions.tables.full_rank import TrainingRuns
from relu_landscape.activation_regions.training import train_trial
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_rows

laws = {name: snakemake.wildcards[name] for name in ("data", "initialisation")}
trials, shared = snakemake.params.trials, snakemake.params.descent
cells = [(size["n"], size["d0"], d1) for size in snakemake.params.sizes for d1 in size["widths"]]

with job_log(snakemake.log[0]) as log:
    progress = log.progress("training", "cells")
    rows = []
    for done, (n, d0, d1) in enumerate(cells, start=1):
        for trial in range(trials):
            rows += train_trial(**laws, n=n, d0=d0, d1=d1, trial=trial, **shared)
        progress(done, len(cells))
    write_rows(rows, snakemake.output[0], TrainingRuns)
