"""Adapter of rule sample_perturbations."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.global_minima.random_perturbations import Perturbation, sample_forms
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

params, table = snakemake.params.perturbations, "perturbation_forms"
settings = {name: params[name] for name in ("samples", "standard_deviation", "seed")}

with job_log(snakemake.log[0]) as log:
    records = [
        record
        for k in params["teachers"]
        for m in params["students_per_teacher"]
        for kind in Perturbation
        for record in sample_forms(
            k, m, kind, progress=log.progress(f"{kind} k{k}-m{m}", "samples"), **settings
        )
    ]
    write_table(make_table(records, table), snakemake.output[0], table)
