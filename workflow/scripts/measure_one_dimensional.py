"""Adapter of rule measure_one_dimensional."""

from relu_landscape.activation_regions.one_dimensional_records import find_widths, measure_curves
from relu_landscape.activation_regions.tables.one_dimensional import (
    OneDimensionalProbabilities,
    OneDimensionalWidths,
)
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_rows

settings, output = snakemake.params.one_dimensional, snakemake.output

with job_log(snakemake.log[0]):
    widths, curves = find_widths(**settings["widths"]), measure_curves(**settings["curves"])
    write_rows(widths, output.one_dimensional_widths, OneDimensionalWidths)
    write_rows(curves, output.one_dimensional_probabilities, OneDimensionalProbabilities)
