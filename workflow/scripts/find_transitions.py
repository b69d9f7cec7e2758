"""Adapter of rule find_transitions."""

from relu_landscape.activation_regions.tables.full_rank import TransitionWidths
from relu_landscape.activation_regions.transition import find_transitions
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import read_table, write_rows

with job_log(snakemake.log[0]):
    cells = read_table(snakemake.input[0], "full_rank_cells")
    widths = find_transitions(cells, confidence=snakemake.params.confidence)
    write_rows(widths, snakemake.output[0], TransitionWidths)
