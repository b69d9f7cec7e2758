"""Descent on a single teacher and into the valley of several, and the laws by which it falls."""

from typing import Any

import pandas as pd

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.single_teacher.descents import cases_of, follow_runs
from relu_landscape.single_teacher.laws import fit_laws, reach_limits
from relu_landscape.single_teacher.settings import Descents
from relu_landscape.studies.steps import Made


def follow_single_teacher(descents: Descents, log: JobLog) -> Made:
    """Every check of every run, and what each run follows and tends to."""
    records: list[dict[str, Any]] = []
    for case in cases_of(descents):
        progress = log.progress(f"{case.start} k={case.k} n={case.n}", "checks")
        records += follow_runs(case, descents, progress=progress)
    frame = pd.DataFrame(records)
    return {
        "single_teacher_descents": records,
        "single_teacher_laws": fit_laws(frame, window=descents.window),
        "single_teacher_limits": reach_limits(frame),
    }
