"""Adapter of rule compare_table_1."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.perturbation_laws import compare_with_table_1
from relu_landscape.tables.files import read_published, read_table, write_table
from relu_landscape.tables.frames import make_table

with job_log(snakemake.log[0]):
    records = compare_with_table_1(
        read_table(snakemake.input.forms, "perturbation_forms"),
        read_published(snakemake.input.published),
        seed=snakemake.params.perturbations["seed"],
    )
    write_table(make_table(records, "table_1"), snakemake.output[0], "table_1")
