"""How often restarts end badly with students of both outputs, and at which minima."""

from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.search import Protocol
from relu_landscape.signed_outputs.checked_lines import checked_text
from relu_landscape.signed_outputs.restart_ends import (
    SignedSize,
    prove_ends,
    restart_signed,
    share_row,
)
from relu_landscape.signed_outputs.settings import Restarts
from relu_landscape.studies.steps import Made


def restart_signed_outputs(restarts: Restarts, protocol: Protocol, log: JobLog) -> Made:
    """The shares of every composition at every k, and proofs of the minima that bad runs end at."""
    cases = [
        (size, composition) for size in restarts.sizes for composition in restarts.compositions
    ]
    progress = log.progress("restarts with outputs of both signs", "compositions")
    shares, proofs = [], Proofs()
    for done, (size, composition) in enumerate(cases, start=1):
        k = size.teachers
        runs = restart_signed(
            SignedSize(k, k + composition.further, composition.negatives),
            size.runs,
            restarts.iteration_budget,
            restarts.seed,
            protocol,
        )
        shares.append(share_row(runs))
        prove_ends(proofs, runs)
        progress(done, len(cases))
    text, times = checked_text(proofs.lines)
    log.say(f"ends: {times}")
    return {"signed_shares": shares, "signed_ends": proofs.records, "end_certificates": text}
