"""Descent from regions of full and of lower rank."""

from collections.abc import Mapping, Sequence
from typing import Any

from relu_landscape.activation_regions.training import train_trial
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def train_from_regions(
    data: str,
    initialisation: str,
    sizes: Sequence[Mapping[str, Any]],
    trials: int,
    descent: Mapping[str, Any],
    log: JobLog,
) -> Made:
    """Runs of one law of data and weights, from where they start to where they end."""
    cells = [(size["n"], size["d0"], d1) for size in sizes for d1 in size["widths"]]
    progress = log.progress("training", "cells")
    records: list[dict[str, Any]] = []
    for done, (n, d0, d1) in enumerate(cells, start=1):
        for trial in range(trials):
            records += train_trial(
                data=data,
                initialisation=initialisation,
                n=n,
                d0=d0,
                d1=d1,
                trial=trial,
                **descent,
            )
        progress(done, len(cells))
    return {"training_runs": records}
