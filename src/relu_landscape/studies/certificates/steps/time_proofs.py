"""What proofs cost."""

from relu_landscape.certificates import timing as proofs
from relu_landscape.certificates.settings import Timing
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def time_proofs(timing: Timing, log: JobLog) -> Made:
    """Seconds of prover and checker for II_1, from all weights and from its symmetry."""
    total = len(timing.full) + len(timing.symmetric)
    progress = log.progress("timed proofs", "sizes")
    records = []
    for record in proofs.time_proofs(timing):
        records.append(record)
        progress(len(records), total)
    return {"proof_times": records}
