"""Restarts with teachers of every kind; each bad minimum proved, and what its splits are."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.general_teachers.bad_ends import search_bad_ends
from relu_landscape.general_teachers.records import minima_of, share_row
from relu_landscape.general_teachers.settings import Searches
from relu_landscape.general_teachers.targets import targets_of
from relu_landscape.search import Protocol
from relu_landscape.studies.steps import Made


def search_general_teachers(searches: Searches, protocol: Protocol, log: JobLog) -> Made:
    """The shares of every set of teachers, and the critical points at which bad runs ended."""
    targets = list(targets_of(searches))
    progress = log.progress("restarts with general teachers", "sets of teachers")
    proofs, shares, neurons = Proofs(), [], []
    for done, target in enumerate(targets, start=1):
        for extra in target.extra_students:
            n = len(target.V) + extra
            ends = search_bad_ends(target.V, n, target.runs, searches.seed, protocol)
            shares.append(share_row(target, n, ends))
            neurons += minima_of(proofs, target, n, ends)
        progress(done, len(targets))
    return {
        "general_shares": shares,
        "general_minima": proofs.records,
        "general_neurons": neurons,
        "certificates": file_text(proofs.lines),
    }
