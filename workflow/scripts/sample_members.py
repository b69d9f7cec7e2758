"""Adapter of rule sample_members."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.samples import sample_members
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = dict(snakemake.params.members)
sizes = settings.pop("sizes")

with job_log(snakemake.log[0]):
    records = [record for size in sizes for record in sample_members(**size, **settings)]
    table = "global_minimum_members"
    write_table(make_table(records, table), snakemake.output[0], table)
