"""Adapter of rule solve_families."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.symmetry.family_records import solve_family_records

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
    for name, path in snakemake.output.items():
        write_table(make_table(tables[name], name), path, name)
