"""Proofs that copy-averages and perturbed copies are strict minima."""

from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students.certified_copies import prove_copy
from relu_landscape.fewer_students.copy_records import copy_points_at
from relu_landscape.fewer_students.settings import Certified
from relu_landscape.fewer_students.unequal_copies import prove_unequal_copies
from relu_landscape.studies.steps import Made


def certify_copies(certified: Certified, log: JobLog) -> Made:
    """Which points are proved at every n < k, each certificate checked again.

    Args:
        certified: values of k, and those at which three students have unequal copies.
        log: told of each size.
    """
    proofs = Proofs()
    for k in certified.teachers:
        for n in range(1, k):
            log.say(f"k = {k}, n = {n}")
            for point in copy_points_at(k, n):
                prove_copy(proofs, point)
    # Rows of another table, whose lines follow in the same file.
    unequal = Proofs(lines=proofs.lines)
    for k in certified.unequal:
        log.say(f"unequal copies at k = {k}")
        prove_unequal_copies(unequal, k)
    return {
        "certified_copies": proofs.records,
        "unequal_copies": unequal.records,
        "certificates": file_text(proofs.lines),
    }
