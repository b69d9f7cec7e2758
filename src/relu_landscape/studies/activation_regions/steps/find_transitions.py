"""Widths at which half of the draws have full rank."""

import pandas as pd

from relu_landscape.activation_regions import transition
from relu_landscape.studies.steps import Made


def find_transitions(full_rank_cells: pd.DataFrame, confidence: float) -> Made:
    """Where the share of full rank passes a level, in every column of the heat maps."""
    return {
        "transition_widths": transition.find_transitions(full_rank_cells, confidence=confidence)
    }
