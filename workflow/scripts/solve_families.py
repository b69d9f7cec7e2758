"""Adapter of rule solve_families."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.proofs import family_split_statements, family_statements, mark_proved
from relu_landscape.symmetry.family_records import solve_family_records
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

families = snakemake.params.families

with job_log(snakemake.log[0]) as log:
    progress = log.progress("families", "families")
    tables = {
        "family_points": [],
        "family_parameters": [],
        "family_spectra": [],
        "family_splits": [],
    }
    for done, family in enumerate(families, start=1):
        for name, records in solve_family_records(*family).items():
            tables[name] += records
        progress(done, len(families))
    certified = read_table(snakemake.input[0], "certified_families")
    for name, statements in (
        ("family_points", family_statements(certified)),
        ("family_splits", family_split_statements(certified)),
    ):
        tables[name] = mark_proved(tables[name], statements)
    for name, path in snakemake.output.items():
        write_table(make_table(tables[name], name), path, name)
