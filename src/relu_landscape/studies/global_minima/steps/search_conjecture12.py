"""Perturbations at which Conjecture 12 holds with the smallest constant."""

from typing import Any

import numpy as np

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.conjecture12 import search_violations
from relu_landscape.global_minima.settings import Conjecture12
from relu_landscape.studies.rows import teachers_in
from relu_landscape.studies.steps import Made


def search_conjecture12(teachers: str, conjecture12: Conjecture12, log: JobLog) -> Made:
    """The constants at every radius, and where they are attained."""
    k = teachers_in(teachers)
    records: list[dict[str, Any]] = []
    points = {}
    for m in (size.m for size in conjecture12.sizes if size.k == k):
        name = f"k{k}-m{m}"
        progress = log.progress(f"conjecture 12 {name}", "rounds")
        found, at = search_violations(k, m, conjecture12, progress=progress)
        records += found
        points[name] = np.array(at)
    return {"conjecture12_search": records, "conjecture12_points": points}
