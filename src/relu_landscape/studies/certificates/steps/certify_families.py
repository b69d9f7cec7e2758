"""Proofs about the symmetric families at many k."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import prove_families
from relu_landscape.certificates.settings import Families
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def certify_families(families: Families, log: JobLog) -> Made:
    """Which members are strict minima; of II_1 every one up to a k, of others a sample."""
    names = [("A", None, 0), *((name, m, 0) for name in ("I", "II") for m in families.blocks)]
    names += [("A", None, 1), ("I", 1, 1), ("II", 1, 1)]
    wanted = {name: list(families.teachers) for name in names}
    wanted |= {
        (name, m, m): list(families.split_teachers)
        for name in ("I", "II")
        for m in families.split_blocks
    }
    wanted["II", 1, 0] = sorted({*range(6, families.consecutive_to + 1), *families.teachers})
    proofs = prove_families(wanted, progress=log.progress("families", "points"))
    return {"certified_families": proofs.records, "certificates": file_text(proofs.lines)}
