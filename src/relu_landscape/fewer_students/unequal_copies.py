"""Minima of three students with unequal copies, beyond the k at which the copies part; ReLU.

The copy-average is a saddle there, and descent from next to it ends lower, where one of both copies
has grown at the cost of the other.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from relu_landscape.certificates.lines import symmetric_minimum_line
from relu_landscape.certificates.minimum_columns import proved_columns, unproved_columns
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.records import Proofs
from relu_landscape.certificates.rounding import decimal_below
from relu_landscape.certificates.symmetric_minimum import certify_symmetric_minimum
from relu_landscape.fewer_students.average_enclosures import enclose_average
from relu_landscape.fewer_students.copy_points import copy_average_point
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.reduced import ReducedLoss

STUDENTS: Final = 3
# The own weights of the copies are moved this far in opposite directions where descent starts.
_APART: Final = 2.0
_LARGEST_SLOPE: Final = 1e-10


def prove_unequal_copies(proofs: Proofs, k: int) -> None:
    """Append the row of unequal_copies at three students, and its line if it is proved a minimum.

    Args:
        proofs: rows and lines so far.
        k: number of teachers, at which the copy-average is a saddle.

    Raises:
        NotEnclosedError: the copy-average was not enclosed.
        SolveError: the copy-average could not be followed to this k.
    """
    space, parameters = _unequal_copies(k)
    average = enclose_average(k, STUDENTS).loss
    own = [float(parameters[space.layout.own[row]]) for row in (0, 1)]
    labels = {
        "k": k,
        "own_larger": max(own),
        "own_smaller": min(own),
        "average_loss_lower": float(decimal_below(average)),
    }
    found = certify_symmetric_minimum(space, parameters)
    if isinstance(found, Failure):
        proofs.add(labels, unproved_columns(found.reason.value), None)
    else:
        line = symmetric_minimum_line(found)
        proofs.add(labels, proved_columns(found, line), line)


def _unequal_copies(k: int) -> tuple[FixedPointSpace, NDArray[np.float64]]:
    """Where descent ends in the fixed-point space of two free copies, from next to the average."""
    space = FixedPointSpace((1, 1, k - 2), extra=1, absent=1)
    W = copy_average_point(k, STUDENTS).weights()
    start = space.project(W + _APART * np.diag((1.0, -1.0, 0.0)) @ np.eye(STUDENTS, k))
    reduced = ReducedLoss(space)
    found = minimize(
        reduced.loss, start, jac=reduced.gradient, method="BFGS", options={"gtol": _LARGEST_SLOPE}
    )
    return space, found.x
