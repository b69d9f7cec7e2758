"""Descent from regions of full and of lower rank."""

from relu_landscape.activation_regions.settings import Training
from relu_landscape.activation_regions.tables.full_rank import (
    CoordinateLaw,
    FirstLayerLaw,
    TrainingRuns,
)
from relu_landscape.activation_regions.training import train_trial
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def train_from_regions(
    data: CoordinateLaw,
    initialisation: FirstLayerLaw,
    training: Training,
    seed: int,
    log: JobLog,
) -> Made:
    """Runs of one law of data and weights, from where they start to where they end."""
    cells = [(size.n, size.d0, d1) for size in training.sizes for d1 in size.widths]
    progress = log.progress("training", "cells")
    rows: list[TrainingRuns] = []
    for done, sizes in enumerate(cells, start=1):
        for trial in range(training.trials):
            rows += train_trial(
                data, initialisation, sizes, training.descent, trial=trial, seed=seed
            )
        progress(done, len(cells))
    return {"training_runs": rows}
