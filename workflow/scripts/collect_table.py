"""Adapter of rule collect_table."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import collect_tables

with job_log(snakemake.log[0]):
    collect_tables(snakemake.input, snakemake.output[0], snakemake.wildcards.table)
