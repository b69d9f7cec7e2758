"""Adapter of rule run_notebook."""

import papermill
from nbconvert import HTMLExporter

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.storage import write_text

results = snakemake.output.notebook.rsplit("/", 2)[0]

with job_log(snakemake.log[0]) as log:
    papermill.execute_notebook(
        snakemake.input.notebook,
        snakemake.output.notebook,
        parameters={"results": results},
        log_output=False,
        progress_bar=False,
    )
    html, _ = HTMLExporter(exclude_input_prompt=True).from_filename(snakemake.output.notebook)
    write_text(snakemake.output.html, html)
