"""Adapter of rule expand_series."""

from relu_landscape.evidence.job_log import job_log
from relu_landscape.symmetry.family_records import series_records
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.series
families = [("A", None), *((family, m) for family in ("I", "II") for m in settings["blocks"])]

with job_log(snakemake.log[0]):
    records = [
        record for family, m in families for record in series_records(family, m, settings["terms"])
    ]
    table = "puiseux_coefficients"
    write_table(make_table(records, table), snakemake.output[0], table)
