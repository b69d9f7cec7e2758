"""Adapter of rule perturb_targets."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.symmetry.search_records import perturbed_target_records
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.settings
k = int(snakemake.wildcards.teachers.removeprefix("k"))
families = [("A", None), *((name, m) for name in ("I", "II") for m in settings["blocks"])]

with job_log(snakemake.log[0]) as log:
    progress = log.progress(f"perturbed targets at k{k}", "families")
    records = []
    for done, (family, m) in enumerate(families, start=1):
        records += perturbed_target_records(
            family,
            m,
            k,
            settings["epsilons"],
            samples=settings["samples"],
            seed=settings["seed"],
        )
        progress(done, len(families))
    table = "perturbed_targets"
    write_table(make_table(records, table), snakemake.output[0], table)
