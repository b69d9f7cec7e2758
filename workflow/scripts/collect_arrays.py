"""Adapter of rule collect_arrays."""

from pathlib import Path

from relu_landscape.evidence.arrays import read_arrays, write_arrays
from relu_landscape.evidence.job_log import job_log

name = snakemake.wildcards.array
with job_log(snakemake.log[0]):
    arrays = {Path(path).stem: read_arrays(path)[name] for path in snakemake.input}
    write_arrays(snakemake.output[0], **arrays)
