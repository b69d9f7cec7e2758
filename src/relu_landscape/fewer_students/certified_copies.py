"""Points with fewer students than teachers, proved strict minima and checked again."""

from __future__ import annotations

import numpy as np

from relu_landscape.certificates.lines import minimum_line
from relu_landscape.certificates.minimum import certify_minimum
from relu_landscape.certificates.minimum_columns import proved_columns, unproved_columns
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.records import Proofs
from relu_landscape.fewer_students.copy_points import CopyPoint


def prove_copy(proofs: Proofs, point: CopyPoint) -> None:
    """Append the row of certified_copies of a point of the ReLU, and its line if it is proved.

    Args:
        proofs: rows and lines so far.
        point: a point with whole k and n.
    """
    labels = {
        "branch": point.branch.value,
        "k": int(point.k),
        "n": int(point.n),
        "index": point.index,
    }
    found = certify_minimum(point.weights(), np.eye(int(point.k)))
    if isinstance(found, Failure):
        proofs.add(labels, unproved_columns(found.reason.value), None)
    else:
        line = minimum_line(found)
        proofs.add(labels, proved_columns(found, line), line)
