"""Perturbed descent of Theorem 13, with and without its noise."""

from typing import Any

from relu_landscape.evidence.cells import case_name
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.perturbed_descent import (
    compare_noise,
    theorem_13 as asked_by_theorem_13,
)
from relu_landscape.global_minima.settings import PerturbedDescent
from relu_landscape.studies.rows import teachers_in
from relu_landscape.studies.steps import Made


def perturb_descent(teachers: str, settings: PerturbedDescent, log: JobLog) -> Made:
    """What the theorem asks for at every size, and the runs."""
    k = teachers_in(teachers)
    students = [size.n for size in settings.sizes if size.k == k]
    runs: list[dict[str, Any]] = []
    for n in students:
        progress = log.progress(f"noise {case_name(k, n)}", "settings")
        runs += compare_noise(k, n, settings, progress=progress)
    asked = [asked_by_theorem_13(k, n, delta=settings.delta) for n in students]
    return {"perturbed_descent": runs, "theorem_13": asked}
