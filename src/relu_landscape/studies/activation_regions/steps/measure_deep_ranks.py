"""How often the Jacobian of two hidden layers has full rank."""

from itertools import product

from relu_landscape.activation_regions.deep import measure_deep_cell
from relu_landscape.activation_regions.settings import Deep
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def measure_deep_ranks(deep: Deep, log: JobLog) -> Made:
    """Draws of full rank at every size and every pair of widths."""
    widths = [*product(deep.first_widths, deep.second_widths)]
    cells = [(size.n, size.d0, d1, d2) for size in deep.sizes for d1, d2 in widths]
    progress = log.progress("deep ranks", "cells")
    records = []
    for cell in cells:
        records.append(measure_deep_cell(deep.data, cell, trials=deep.trials, seed=deep.seed))
        progress(len(records), len(cells))
    return {"deep_ranks": records}
