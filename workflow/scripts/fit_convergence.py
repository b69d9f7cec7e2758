"""Adapter of rule fit_convergence."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.convergence import fit_convergence
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

with job_log(snakemake.log[0]):
    convergence = read_table(snakemake.input[0], "convergence")
    records = fit_convergence(convergence, window=snakemake.params.window)
    write_table(make_table(records, "convergence_rates"), snakemake.output[0], "convergence_rates")
