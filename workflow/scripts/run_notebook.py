"""Adapter of rule run_notebook."""

import os
from contextlib import chdir
from pathlib import Path

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.notebooks import run_notebook

# A notebook looks for its checkout from where it runs, and names the results from there.
checkout = Path(snakemake.input.notebook).resolve().parents[1]
seen = {name: os.path.relpath(path, checkout) for name, path in snakemake.output.items()}

with job_log(snakemake.log[0]), chdir(checkout):
    run_notebook(
        f"notebooks/{snakemake.wildcards.notebook}.ipynb",
        seen["notebook"],
        seen["html"],
        parameters={"results": seen["notebook"].rsplit("/", 2)[0]},
    )
