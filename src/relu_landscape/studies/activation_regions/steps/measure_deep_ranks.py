"""How often the Jacobian of two hidden layers has full rank."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.activation_regions.deep import measure_deep_cell
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def measure_deep_ranks(deep: Mapping[str, Any], log: JobLog) -> Made:
    """Draws of full rank at every size and every pair of widths."""
    shared = dict(deep)
    first, second = shared.pop("first_widths"), shared.pop("second_widths")
    cells = [
        {"n": size["n"], "d0": size["d0"], "d1": d1, "d2": d2}
        for size in shared.pop("sizes")
        for d1 in first
        for d2 in second
    ]
    progress = log.progress("deep ranks", "cells")
    records = []
    for cell in cells:
        records.append(measure_deep_cell(**cell, **shared))
        progress(len(records), len(cells))
    return {"deep_ranks": records}
