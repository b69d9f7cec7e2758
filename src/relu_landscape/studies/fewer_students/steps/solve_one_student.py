"""The minimum of one student: by formula, by proof and by descent."""

from typing import Any

import numpy as np

from relu_landscape.certificates.minimum import certify_minimum
from relu_landscape.certificates.outcome import Failure
from relu_landscape.fewer_students.one_student import one_student_coordinate, one_student_loss
from relu_landscape.fewer_students.settings import OneStudent
from relu_landscape.search import Protocol, find_minima
from relu_landscape.studies.steps import Made


def solve_one_student(one_student: OneStudent, seed: int, protocol: Protocol) -> Made:
    """F_1(k), the loss of the proved minimum next to it, and where descent from one start ends.

    Args:
        one_student: values of k.
        seed: of the start.
        protocol: of the descent.
    """
    return {"one_student_minima": [_record(k, seed, protocol) for k in one_student.teachers]}


def _record(k: int, seed: int, protocol: Protocol) -> dict[str, Any]:
    coordinate = one_student_coordinate(k)
    proof = certify_minimum(np.full((1, k), coordinate), np.eye(k))
    proved = not isinstance(proof, Failure)
    found = find_minima(1, k, 1, seed=seed, protocol=protocol)
    converged = bool(found.converged[0])
    return {
        "k": k,
        "loss": one_student_loss(k),
        "loss_lower": float(proof.loss_lower) if proved else None,
        "loss_upper": float(proof.loss_upper) if proved else None,
        "found_loss": found.losses[0] if converged else None,
        "distance": np.abs(found.weights[0] - coordinate).max() if converged else None,
    }
