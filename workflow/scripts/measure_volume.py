"""Adapter of rule measure_volume."""

from relu_landscape.activation_regions.tables.regions import VolumeShares
from relu_landscape.activation_regions.volume import measure_volume
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_rows

with job_log(snakemake.log[0]):
    write_rows(measure_volume(**snakemake.params.volume), snakemake.output[0], VolumeShares)
