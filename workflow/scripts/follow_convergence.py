"""Adapter of rule follow_convergence."""

from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.convergence import follow_convergence
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

params = snakemake.params.convergence
settings = {name: value for name, value in params.items() if name not in ("sizes", "window")}

with job_log(snakemake.log[0]) as log:
    records = []
    for size in params["sizes"]:
        progress = log.progress(f"convergence {case_name(**size)}", "checks")
        records += follow_convergence(**size, progress=progress, **settings)
    write_table(make_table(records, "convergence"), snakemake.output[0], "convergence")
