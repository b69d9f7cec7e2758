"""Adapter of rule measure_full_rank."""

from relu_landscape.activation_regions.full_rank import (
    figure_1_cells,
    figure_2_cells,
    measure_cell,
)
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_table
from relu_landscape.tables.frames import make_table

params, table = snakemake.params, "full_rank_cells"
laws = {name: snakemake.wildcards[name] for name in ("data", "initialisation")}
cells = figure_1_cells(**params.figure_1) + figure_2_cells(**params.figure_2)

with job_log(snakemake.log[0]) as log:
    progress = log.progress("full rank", "cells")
    records = []
    for cell in cells:
        records.append(measure_cell(cell, **laws, **params.trials))
        progress(len(records), len(cells))
    write_table(make_table(records, table), snakemake.output[0], table)
