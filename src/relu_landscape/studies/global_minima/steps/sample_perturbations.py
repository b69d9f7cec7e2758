"""Random perturbations of global minima, and the form and bound of Conjecture 12 at each."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.random_perturbations import Perturbation, sample_forms
from relu_landscape.studies.steps import Made


def sample_perturbations(perturbations: Mapping[str, Any], log: JobLog) -> Made:
    """The forms of every kind of perturbation at every k and m."""
    drawn = {name: perturbations[name] for name in ("samples", "standard_deviation", "seed")}
    return {
        "perturbation_forms": [
            record
            for k in perturbations["teachers"]
            for m in perturbations["students_per_teacher"]
            for kind in Perturbation
            for record in sample_forms(
                k, m, kind, progress=log.progress(f"{kind} k{k}-m{m}", "samples"), **drawn
            )
        ]
    }
