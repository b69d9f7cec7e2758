"""How far from orthonormal teachers minima persist, proved, and from how many inputs on."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.general_teachers.persisting import prove_persistence as prove_one
from relu_landscape.general_teachers.settings import PersistingMinima
from relu_landscape.studies.steps import Made


def prove_persistence(persistence: PersistingMinima, log: JobLog) -> Made:
    """Every family at every k."""
    cases = [(family, k) for family in persistence.families for k in family.teachers]
    progress = log.progress("minima that persist", "minima")
    proofs = Proofs()
    for done, (family, k) in enumerate(cases, start=1):
        prove_one(proofs, family, k, persistence)
        progress(done, len(cases))
    return {"general_persistence": proofs.records, "certificates": file_text(proofs.lines)}
