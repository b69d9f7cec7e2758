"""Adapter of rule follow_convergence."""

from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.global_minima.convergence import follow_convergence
from relu_landscape.global_minima.settings import Convergence

settings = Convergence.model_validate(snakemake.params.convergence)

with job_log(snakemake.log[0]) as log:
    records = []
    for size in settings.sizes:
        progress = log.progress(f"convergence {case_name(size.k, size.n)}", "checks")
        records += follow_convergence(size.k, size.n, settings, progress=progress)
    write_table(make_table(records, "convergence"), snakemake.output[0], "convergence")
