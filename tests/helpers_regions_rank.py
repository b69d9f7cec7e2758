"""Small real tables of Jacobian ranks and descents, for tests of figures alone."""

from helpers_rows import frame_of, tables_of
from relu_landscape.activation_regions.deep import measure_deep_cell
from relu_landscape.activation_regions.full_rank import (
    figure_1_cells,
    figure_2_cells,
    measure_cell,
)
from relu_landscape.activation_regions.settings import FullRank, TrainingDescent
from relu_landscape.activation_regions.training import train_trial
from relu_landscape.activation_regions.transition import find_transitions

DESCENT = TrainingDescent(checks=(0, 10, 200), zero_loss=1e-8, settled=1e-9)
BOTH = ("uniform", "normal")
ALL = ("linear_layer", "linear_layer_no_bias", "normal")


def rank_tables(data=BOTH, initialisations=ALL, sizes=4, points=(10, 50, 100)):
    """Tables of all laws given, with so many panels and pairs of sizes."""
    inputs, ratios = [1, 2, 3, 5][:sizes], [0.25, 0.5, 1.0, 2.0][:sizes]
    settings = FullRank.model_validate(
        {
            "figure_1": {"inputs": inputs, "points": [*points], "widths": [30, 150, 300]},
            "figure_2": {"ratios": ratios, "points": [*points], "widths": [1, 6, 12]},
            "trials": 2,
            "compared_trials": 2,
            "confidence": 0.99,
            "seed": 1,
        }
    )
    cells = figure_1_cells(settings.figure_1) + figure_2_cells(settings.figure_2)
    measured = [
        measure_cell(cell, law, start, settings)
        for law in data
        for start in initialisations
        for cell in cells
    ]
    runs = [
        row
        for law in data
        for start in initialisations
        for n, d0 in ((6, 3), (8, 8), (10, 2))[:sizes]
        for d1 in (2, 6, 12)
        for trial in range(4)
        for row in train_trial(law, start, (n, d0, d1), DESCENT, trial=trial, seed=1)
    ]
    deep = [
        measure_deep_cell(law, (n, 3, d1, d2), trials=3, seed=1)
        for law in data
        for n in (8, 12)[:sizes]
        for d1 in (3, 5, 8)[:sizes]
        for d2 in (2, 5, 9)
    ]
    cells = frame_of(measured)
    return {
        "full_rank_cells": cells,
        "transition_widths": frame_of(find_transitions(cells, confidence=0.99)),
        "training_runs": frame_of(runs),
        "deep_ranks": frame_of(deep),
    }


def no_rank_tables():
    """The same tables with their columns and no rows."""
    return tables_of(full_rank_cells=[], transition_widths=[], training_runs=[], deep_ranks=[])
