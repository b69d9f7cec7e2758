"""Rates of convergence near global minima."""

import pandas as pd

from relu_landscape.global_minima import convergence as runs
from relu_landscape.studies.steps import Made


def fit_convergence(convergence: pd.DataFrame, window: float) -> Made:
    """The law that each run follows at its end."""
    return {"convergence_rates": runs.fit_convergence(convergence, window=window)}
