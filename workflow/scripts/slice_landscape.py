"""Adapter of rule slice_landscape."""

from relu_landscape.evidence.arrays import write_arrays
from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.landscape import slice_landscape

with job_log(snakemake.log[0]):
    write_arrays(snakemake.output[0], **slice_landscape(**snakemake.params.landscape))
