"""Adapter of rule measure_failures."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.global_minima.failures import tilted_pair_records, valley_records

settings = snakemake.params.failures
epsilons = {name: settings[name] for name in ("double", "extended")}

with job_log(snakemake.log[0]):
    for table, measure in (
        ("negative_curvature", tilted_pair_records),
        ("valley_points", valley_records),
    ):
        records = measure(settings["sizes"], settings["shares"], epsilons)
        write_table(make_table(records, table), snakemake.output[table], table)
