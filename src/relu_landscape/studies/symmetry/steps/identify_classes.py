"""Which family each class that descent found belongs to."""

from collections.abc import Collection
from typing import Any

import pandas as pd

from relu_landscape.evidence.cells import case_name
from relu_landscape.studies.rows import by_size
from relu_landscape.studies.steps import Arrays, Made
from relu_landscape.studies.symmetry.class_names import name_classes


def identify_classes(
    curvature: pd.DataFrame, representatives: Arrays, cases: Collection[str], tolerance: float
) -> Made:
    """The names of the classes of these cases that are not global."""
    records: list[dict[str, Any]] = []
    for k, n, rows in by_size(curvature):
        case = case_name(k, n)
        if case in cases:
            records += name_classes(rows, representatives[case], tolerance=tolerance)
    return {"identified_classes": records}
