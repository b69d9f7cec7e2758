"""Adapter of rule measure_failures."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.failures import tilted_pair_records, valley_records
from relu_landscape.proofs import mark_proved, spread_pair_statements, tilted_pair_statements
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.failures
epsilons = {name: settings[name] for name in ("double", "extended")}

with job_log(snakemake.log[0]):
    certified = read_table(snakemake.input[0], "certified_inequalities")
    for table, measure, statements in (
        ("negative_curvature", tilted_pair_records, tilted_pair_statements(certified)),
        ("valley_points", valley_records, spread_pair_statements(certified)),
    ):
        measured = measure(settings["sizes"], settings["shares"], epsilons)
        records = mark_proved(measured, statements)
        write_table(make_table(records, table), snakemake.output[table], table)
