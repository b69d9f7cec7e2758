"""Adapter of rule collect_table."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import concatenate_tables, read_table, write_table

name = snakemake.wildcards.table
with job_log(snakemake.log[0]):
    frames = [read_table(path, name) for path in snakemake.input]
    write_table(concatenate_tables(frames, name), snakemake.output[0], name)
