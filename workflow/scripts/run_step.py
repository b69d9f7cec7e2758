"""Adapter of every rule that is a step of a study."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.studies.job import run_step

with job_log(snakemake.log[0]) as log:
    run_step(
        snakemake.params.step,
        files=dict(snakemake.input.items()),
        values={**dict(snakemake.wildcards.items()), **dict(snakemake.params.items())},
        outputs=dict(snakemake.output.items()),
        log=log,
    )
