"""Random perturbations of global minima, and the form and bound of Conjecture 12 at each."""

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.global_minima.random_perturbations import Perturbation, sample_forms
from relu_landscape.global_minima.settings import Perturbations
from relu_landscape.studies.steps import Made


def sample_perturbations(perturbations: Perturbations, log: JobLog) -> Made:
    """The forms of every kind of perturbation at every k and m."""
    return {
        "perturbation_forms": [
            record
            for k in perturbations.teachers
            for m in perturbations.students_per_teacher
            for kind in Perturbation
            for record in sample_forms(
                k, m, kind, perturbations, progress=log.progress(f"{kind} k{k}-m{m}", "samples")
            )
        ]
    }
