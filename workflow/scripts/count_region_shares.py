"""Adapter of rule count_region_shares."""

from relu_landscape.activation_regions.region_shares import count_records, count_shares
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.region_shares

with job_log(snakemake.log[0]):
    made = {
        "region_counts": count_records(settings["sizes"], seed=settings["seed"]),
        "region_shares": count_shares(settings["cells"], seed=settings["seed"]),
    }
    for table, records in made.items():
        write_table(make_table(records, table), snakemake.output[table], table)
