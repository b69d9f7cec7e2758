"""Perturbations at which Conjecture 12 holds with the smallest constant."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.conjecture12 import search_violations
from relu_landscape.studies.rows import teachers_in
from relu_landscape.studies.steps import Made

_SEARCH = ("scaled_radii", "chains", "tries", "rounds", "seed")


def search_conjecture12(teachers: str, conjecture12: Mapping[str, Any], log: JobLog) -> Made:
    """The constants at every radius, and where they are attained."""
    k = teachers_in(teachers)
    records: list[dict[str, Any]] = []
    points = {}
    for m in (size["m"] for size in conjecture12["sizes"] if size["k"] == k):
        name = f"k{k}-m{m}"
        progress = log.progress(f"conjecture 12 {name}", "rounds")
        search = {key: conjecture12[key] for key in _SEARCH}
        found, at = search_violations(k, m, progress=progress, **search)
        records += found
        points[name] = np.array(at)
    return {"conjecture12_search": records, "conjecture12_points": points}
