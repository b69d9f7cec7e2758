"""Adapter of rule estimate_rates."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.search.rates import bad_run_ends, bad_run_rates, global_minimum_counts
from relu_landscape.tables.files import read_table, write_table
from relu_landscape.tables.frames import make_table

with job_log(snakemake.log[0]):
    restarts = read_table(snakemake.input.restarts, "restarts")
    memberships = read_table(snakemake.input.memberships, "memberships")
    classes = read_table(snakemake.input.classes, "classes")
    curvature = read_table(snakemake.input.curvature, "curvature")
    rates = make_table(bad_run_rates(restarts, memberships), "bad_run_rates")
    ends = make_table(bad_run_ends(restarts, memberships, curvature), "bad_run_ends")
    counts = make_table(
        global_minimum_counts(restarts, memberships, classes), "global_minimum_counts"
    )
    write_table(rates, snakemake.output.bad_run_rates, "bad_run_rates")
    write_table(ends, snakemake.output.bad_run_ends, "bad_run_ends")
    write_table(counts, snakemake.output.global_minimum_counts, "global_minimum_counts")
