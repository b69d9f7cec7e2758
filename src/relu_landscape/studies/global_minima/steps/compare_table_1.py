"""Table 1 of S21 beside its repetition."""

import pandas as pd

from relu_landscape.global_minima.perturbation_laws import compare_with_table_1
from relu_landscape.global_minima.settings import Perturbations
from relu_landscape.studies.steps import Made


def compare_table_1(
    perturbation_forms: pd.DataFrame,
    safran2021_table1: pd.DataFrame,
    perturbations: Perturbations,
) -> Made:
    """Printed minima, ours, and the law of the minimum of as many draws."""
    seed = perturbations.seed
    return {"table_1": compare_with_table_1(perturbation_forms, safran2021_table1, seed=seed)}
