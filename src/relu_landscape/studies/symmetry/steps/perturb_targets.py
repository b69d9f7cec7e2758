"""Whether symmetric minima persist for teachers that are not symmetric."""

from typing import Any

from relu_landscape.evidence.job_log import JobLog
from relu_landscape.families.settings import PerturbedTargets
from relu_landscape.studies.rows import teachers_in
from relu_landscape.studies.steps import Made
from relu_landscape.studies.symmetry.search_records import perturbed_target_records


def perturb_targets(teachers: str, settings: PerturbedTargets, log: JobLog) -> Made:
    """What becomes of every family at one k, for every size of the perturbation."""
    k = teachers_in(teachers)
    families = [("A", None), *((name, m) for name in ("I", "II") for m in settings.blocks)]
    progress = log.progress(f"perturbed targets at {teachers}", "families")
    records: list[dict[str, Any]] = []
    for done, (family, m) in enumerate(families, start=1):
        records += perturbed_target_records(
            family, m, k, settings.epsilons, samples=settings.samples, seed=settings.seed
        )
        progress(done, len(families))
    return {"perturbed_targets": records}
