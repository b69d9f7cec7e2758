"""Adapter of rule write_report."""

import subprocess
import sys

from relu_landscape.evidence.job_log import job_log

# Named one by one, because a workflow that imports this one makes more than its results.
call = [*snakemake.params.options, "--report", snakemake.output[0], "--", *snakemake.input]

with job_log(snakemake.log[0]) as log:
    made = subprocess.run(
        [sys.executable, "-m", "snakemake", *call],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    log.say(made.stdout)
    if made.returncode != 0:
        raise RuntimeError("the report cannot be written; the engine says why above")
