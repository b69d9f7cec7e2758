"""Adapter of rule measure_zero_loss."""

from relu_landscape.activation_regions.zero_loss_shares import (
    bounds_records,
    count_records,
    share_records,
)
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.zero_loss
seed = settings["seed"]

with job_log(snakemake.log[0]):
    made = {
        "zero_loss_shares": share_records(
            settings["cells"], confidence=settings["confidence"], seed=seed
        ),
        "zero_loss_counts": count_records(settings["counts"], seed=seed),
        "zero_loss_bounds": bounds_records(settings["bounds"], seed=seed),
    }
    for table, records in made.items():
        write_table(make_table(records, table), snakemake.output[table], table)
