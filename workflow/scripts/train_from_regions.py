"""Adapter of rule train_from_regions."""

from relu_landscape.activation_regions.settings import Training
from relu_landscape.activation_regions.training import train_trial
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table

laws = [snakemake.wildcards[name] for name in ("data", "initialisation")]
seed, settings = snakemake.params.seed, Training.model_validate(snakemake.params.training)
cells = [(size.n, size.d0, d1) for size in settings.sizes for d1 in size.widths]

with job_log(snakemake.log[0]) as log:
    progress = log.progress("training", "cells")
    records = []
    for done, sizes in enumerate(cells, start=1):
        for trial in range(settings.trials):
            records += train_trial(*laws, sizes, settings.descent, trial=trial, seed=seed)
        progress(done, len(cells))
    write_table(make_table(records, "training_runs"), snakemake.output[0], "training_runs")
