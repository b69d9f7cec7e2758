"""How often descent ends badly, where it then ends, and how often at a global minimum."""

import pandas as pd

from relu_landscape.search import rates
from relu_landscape.studies.steps import Made


def estimate_rates(
    restarts: pd.DataFrame,
    memberships: pd.DataFrame,
    classes: pd.DataFrame,
    curvature: pd.DataFrame,
) -> Made:
    """The counts of every search and size, with intervals."""
    return {
        "bad_run_rates": rates.bad_run_rates(restarts, memberships),
        "bad_run_ends": rates.bad_run_ends(restarts, memberships, curvature),
        "global_minimum_counts": rates.global_minimum_counts(restarts, memberships, classes),
    }
