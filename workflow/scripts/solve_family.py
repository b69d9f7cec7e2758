"""Adapter of rule solve_family."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, read_table, write_table
from relu_landscape.proofs import family_split_statements, family_statements, mark_proved
from relu_landscape.symmetry.family_records import solve_family_records

with job_log(snakemake.log[0]):
    tables = solve_family_records(*snakemake.params.family, snakemake.params.teachers)
    certified = read_table(snakemake.input[0], "certified_families")
    for name, statements in (
        ("family_points", family_statements(certified)),
        ("family_splits", family_split_statements(certified)),
    ):
        tables[name] = mark_proved(tables[name], statements)
    for name in ("family_points", "family_parameters", "family_spectra", "family_splits"):
        write_table(make_table(tables[name], name), snakemake.output[name], name)
