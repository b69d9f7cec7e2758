"""Adapter of rule follow_convergence."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.global_minima.convergence import follow_convergence

params, case = snakemake.params.convergence, snakemake.wildcards.case
k, n = (int(part[1:]) for part in case.split("-"))
settings = {name: value for name, value in params.items() if name not in ("sizes", "window")}

with job_log(snakemake.log[0]) as log:
    records = follow_convergence(
        k, n, progress=log.progress(f"convergence {case}", "checks"), **settings
    )
    write_table(make_table(records, "convergence"), snakemake.output[0], "convergence")
