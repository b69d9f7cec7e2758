"""What proofs cost."""

from collections.abc import Mapping
from typing import Any

from relu_landscape.certificates import timing as proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.studies.steps import Made


def time_proofs(timing: Mapping[str, Any], log: JobLog) -> Made:
    """Seconds of prover and checker for II_1, from all weights and from its symmetry."""
    total = len(timing["full"]) + len(timing["symmetric"])
    progress = log.progress("timed proofs", "sizes")
    records = []
    for record in proofs.time_proofs(**timing):
        records.append(record)
        progress(len(records), total)
    return {"proof_times": records}
