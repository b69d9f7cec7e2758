"""Where descent from II_1 ends at other unit teachers, each minimum proved."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.general_teachers.records import prove_survival, survival_targets
from relu_landscape.general_teachers.settings import Survival
from relu_landscape.search import Protocol
from relu_landscape.studies.steps import Made


def descend_from_second_type(survival: Survival, protocol: Protocol, log: JobLog) -> Made:
    """Every set of teachers: random ones at every k and d, and equiangular ones at every k."""
    targets = list(survival_targets(survival))
    progress = log.progress("descents from II_1", "sets of teachers")
    proofs = Proofs()
    for done, target in enumerate(targets, start=1):
        prove_survival(proofs, target, protocol)
        progress(done, len(targets))
    return {"general_survivals": proofs.records, "certificates": file_text(proofs.lines)}
