"""Points with fewer students than teachers, proved strict minima and checked again."""

from __future__ import annotations

from typing import Any

import numpy as np

from relu_landscape.certificates.lines import minimum_line
from relu_landscape.certificates.minimum import certify_minimum
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.records import Proofs, accepts
from relu_landscape.fewer_students.copy_points import CopyPoint

_BOUNDS = ("loss_lower", "loss_upper", "hessian_lower", "orthogonal_hessian_lower")


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
        columns: dict[str, Any] = dict.fromkeys(_BOUNDS)
        columns |= {"proved": False, "reason": found.reason.value, "checked": False}
        proofs.add(labels, columns, None)
    else:
        line = minimum_line(found)
        columns = {name: float(getattr(found, name)) for name in _BOUNDS}
        columns |= {"proved": True, "reason": None, "checked": accepts(line)}
        proofs.add(labels, columns, line)
