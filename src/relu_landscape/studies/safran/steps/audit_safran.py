"""A sample of the classes, and the most extreme ones, measured again in many digits."""

import numpy as np
import pandas as pd

from relu_landscape.evidence.audit import (
    Reported,
    agreed,
    audit_point,
    extreme_rows,
    sample_rows,
    within_reach,
)
from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.settings.whole import Audit
from relu_landscape.studies.rows import rows_of
from relu_landscape.studies.steps import Arrays, Made

# Where the universal claims about spurious minima would fail first, of the sizes within reach: a
# counterexample there is audited.
_EXTREMES = {
    "smallest_eigenvalue": "smallest",
    "norm_gap": "smallest",
    "largest_inner_eigenvalue": "largest",
    "largest_mean_curvature": "largest",
}


def audit_safran(
    curvature: pd.DataFrame,
    representatives: Arrays,
    softest_directions: Arrays,
    classes: pd.DataFrame,
    audit: Audit,
    log: JobLog,
) -> Made:
    """Loss, gradient, smallest eigenvalue and inner Hessians at representatives."""
    measured = curvature.merge(classes[["k", "n", "class_id", "gradient_norm"]])
    measured = within_reach(measured, measured["k"] <= audit.largest_k)
    spurious = measured[(measured["kind"] == "spurious_minimum") & (measured["n"] == measured["k"])]
    drawn = sample_rows(measured, audit.classes, audit.seed)
    extreme = extreme_rows(spurious, _EXTREMES)
    sample = measured.loc[sorted({*drawn.index, *extreme.index})]
    records = {}
    progress = log.progress("audit", "classes")
    for row in rows_of(sample):
        case = case_name(row["k"], row["n"])
        records[f"{case} class {row['class_id']}"] = audit_point(
            representatives[case][row["class_id"]],
            np.eye(row["k"]),
            Reported(
                loss=row["loss"],
                gradient_norm=row["gradient_norm"],
                smallest_eigenvalue=row["smallest_eigenvalue"],
                direction=softest_directions[case][row["class_id"]],
                largest_inner_eigenvalue=row["largest_inner_eigenvalue"],
            ),
            digits=audit.digits,
        )
        progress(len(records), len(sample))
    return {"audit": agreed(records)}
