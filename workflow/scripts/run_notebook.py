"""Adapter of rule run_notebook."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.notebooks import run_notebook

results = snakemake.output.notebook.rsplit("/", 2)[0]

with job_log(snakemake.log[0]):
    run_notebook(
        snakemake.input.notebook,
        snakemake.output.notebook,
        snakemake.output.html,
        parameters={"results": results},
    )
