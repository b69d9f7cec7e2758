"""How often descent ends in each family."""

import pandas as pd

from relu_landscape.studies.steps import Made
from relu_landscape.studies.symmetry import class_names


def count_families(
    restarts: pd.DataFrame, memberships: pd.DataFrame, identified_classes: pd.DataFrame
) -> Made:
    """Runs of every search and size that ended in each family."""
    return {"family_rates": class_names.count_families(restarts, memberships, identified_classes)}
