"""Where descent from II_1 ends at random unit teachers, each minimum proved."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.general_teachers.records import prove_survival
from relu_landscape.general_teachers.settings import Survival
from relu_landscape.search import Protocol
from relu_landscape.studies.steps import Made


def descend_from_second_type(survival: Survival, protocol: Protocol, log: JobLog) -> Made:
    """Every draw at every k and d."""
    cases = [(k, d) for k in survival.teachers for d in survival.inputs]
    progress = log.progress("descents from II_1", "sizes")
    proofs = Proofs()
    for done, (k, d) in enumerate(cases, start=1):
        for sample in range(survival.draws):
            prove_survival(proofs, k, d, sample, survival, protocol)
        progress(done, len(cases))
    return {"general_survivals": proofs.records, "certificates": file_text(proofs.lines)}
