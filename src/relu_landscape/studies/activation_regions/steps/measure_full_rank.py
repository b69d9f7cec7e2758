"""How often the Jacobian has full rank, cell by cell of two heat maps."""

from relu_landscape.activation_regions.full_rank import (
    figure_1_cells,
    figure_2_cells,
    measure_cell,
)
from relu_landscape.activation_regions.settings import FullRank
from relu_landscape.activation_regions.tables.full_rank import CoordinateLaw, FirstLayerLaw
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def measure_full_rank(
    data: CoordinateLaw, initialisation: FirstLayerLaw, full_rank: FullRank, log: JobLog
) -> Made:
    """Draws of one law of data and weights with a Jacobian of full rank, at every size."""
    cells = figure_1_cells(full_rank.figure_1) + figure_2_cells(full_rank.figure_2)
    progress = log.progress("full rank", "cells")
    records = []
    for cell in cells:
        records.append(measure_cell(cell, data, initialisation, full_rank))
        progress(len(records), len(cells))
    return {"full_rank_cells": records}
