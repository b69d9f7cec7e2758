"""Adapter of rule measure_full_rank."""

from relu_landscape.activation_regions.full_rank import (
    figure_1_cells,
    figure_2_cells,
    measure_cell,
)
from relu_landscape.activation_regions.tables.full_rank import FullRankCells
from relu_landscape.evidence.job_log import job_log
from relu_landscape.tables.files import write_rows

params = snakemake.params
laws = {name: snakemake.wildcards[name] for name in ("data", "initialisation")}
cells = figure_1_cells(**params.figure_1) + figure_2_cells(**params.figure_2)

with job_log(snakemake.log[0]) as log:
    progress = log.progress("full rank", "cells")
    rows = []
    for cell in cells:
        rows.append(measure_cell(cell, **laws, **params.trials))
        progress(len(rows), len(cells))
    write_rows(rows, snakemake.output[0], FullRankCells)
