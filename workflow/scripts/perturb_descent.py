"""Adapter of rule perturb_descent."""

from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.perturbed_descent import compare_noise, theorem_13
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = dict(snakemake.params.settings)
k = int(snakemake.wildcards.teachers.removeprefix("k"))
students = [size["n"] for size in settings.pop("sizes") if size["k"] == k]

with job_log(snakemake.log[0]) as log:
    theorem = [theorem_13(k, n, delta=settings["delta"]) for n in students]
    write_table(make_table(theorem, "theorem_13"), snakemake.output.theorem, "theorem_13")
    runs = []
    for n in students:
        progress = log.progress(f"noise {case_name(k, n)}", "settings")
        runs += compare_noise(k, n, progress=progress, **settings)
    table = "perturbed_descent"
    write_table(make_table(runs, table), snakemake.output.runs, table)
