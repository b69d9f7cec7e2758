"""Adapter of rule solve_family."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.symmetry.family_records import solve_family_records

with job_log(snakemake.log[0]):
    tables = solve_family_records(*snakemake.params.family, snakemake.params.teachers)
    for name, records in tables.items():
        write_table(make_table(records, name), snakemake.output[name], name)
