"""Adapter of rule perturb_descent."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.evidence.tables import make_table, write_table
from relu_landscape.global_minima.perturbed_descent import compare_noise, theorem_13

settings, case = dict(snakemake.params.settings), snakemake.wildcards.case
del settings["sizes"]
k, n = (int(part[1:]) for part in case.split("-"))

with job_log(snakemake.log[0]) as log:
    theorem = [theorem_13(k, n, delta=settings["delta"])]
    write_table(make_table(theorem, "theorem_13"), snakemake.output.theorem, "theorem_13")
    runs = compare_noise(k, n, progress=log.progress(f"noise {case}", "settings"), **settings)
    table = "perturbed_descent"
    write_table(make_table(runs, table), snakemake.output.runs, table)
