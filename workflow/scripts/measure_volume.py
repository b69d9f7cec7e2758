"""Adapter of rule measure_volume."""

from relu_landscape.activation_regions.volume import volume_records
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.volume

with job_log(snakemake.log[0]):
    table = "volume_shares"
    write_table(make_table(volume_records(**settings), table), snakemake.output[0], table)
