"""Adapter of rule count_families."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.symmetry.class_names import count_families
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

tables = ("restarts", "memberships", "identified_classes")

with job_log(snakemake.log[0]):
    restarts, memberships, named = (
        read_table(path, table) for path, table in zip(snakemake.input, tables, strict=True)
    )
    records = count_families(restarts, memberships, named)
    write_table(make_table(records, "family_rates"), snakemake.output[0], "family_rates")
