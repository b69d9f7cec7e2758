"""Adapter of rule draw_illustrations."""

from relu_landscape.activation_regions.illustrations import (
    function_space_records,
    point_records,
    sector_records,
)
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.illustrations

with job_log(snakemake.log[0]):
    made = {
        "illustrated_points": [row for X in settings["points"] for row in point_records(X)],
        "illustrated_sectors": [row for X in settings["points"] for row in sector_records(X)],
        "illustrated_functions": [
            row for x in settings["lines"] for row in function_space_records(x)
        ],
    }
    for table, records in made.items():
        write_table(make_table(records, table), snakemake.output[table], table)
