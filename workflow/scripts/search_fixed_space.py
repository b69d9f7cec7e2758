"""Adapter of rule search_fixed_space."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.symmetry.search_records import fixed_space_records
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.settings
k, columns = (int(part[1:]) for part in snakemake.wildcards.space.split("-"))

with job_log(snakemake.log[0]):
    made = {"fixed_space_searches": [], "fixed_space_points": []}
    for extra in settings["extra_students"]:
        search, points = fixed_space_records(
            k, columns, extra, starts=settings["starts"], seed=settings["seed"]
        )
        made["fixed_space_searches"].append(search)
        made["fixed_space_points"] += points
    for table, records in made.items():
        write_table(make_table(records, table), snakemake.output[table], table)
