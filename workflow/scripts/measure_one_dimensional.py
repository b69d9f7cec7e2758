"""Adapter of rule measure_one_dimensional."""

from relu_landscape.activation_regions.one_dimensional_records import curve_records, width_records
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

settings = snakemake.params.one_dimensional

with job_log(snakemake.log[0]):
    made = {
        "one_dimensional_widths": width_records(**settings["widths"]),
        "one_dimensional_probabilities": curve_records(**settings["curves"]),
    }
    for table, records in made.items():
        write_table(make_table(records, table), snakemake.output[table], table)
