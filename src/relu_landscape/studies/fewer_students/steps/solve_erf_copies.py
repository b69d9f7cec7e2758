"""Both critical points of erf at every n < k, what is proved of them, and where they cross."""

from typing import Any

import numpy as np

from relu_landscape.certificates.krawczyk import NotEnclosedError
from relu_landscape.certificates.lines import file_text
from relu_landscape.certificates.records import Proofs
from relu_landscape.evidence.job_log import JobLog
from relu_landscape.fewer_students.arrangement import NO_PARAMETER
from relu_landscape.fewer_students.certified_erf import is_small, prove_erf
from relu_landscape.fewer_students.copy_branches import CopyBranch
from relu_landscape.fewer_students.erf_crossing import (
    LEAST_THRESHOLD,
    erf_loss_crossing,
    perturbed_copy_threshold,
)
from relu_landscape.fewer_students.erf_enclosures import (
    ErfEnclosure,
    enclose_copy_average,
    enclose_perturbed_copy,
)
from relu_landscape.fewer_students.erf_networks import erf_network
from relu_landscape.fewer_students.erf_points import (
    ErfPoint,
    copy_average_erf,
    perturbed_copy_erf,
)
from relu_landscape.fewer_students.settings import ErfBranches
from relu_landscape.objective import population_loss
from relu_landscape.studies.steps import Made


def solve_erf_copies(branches: ErfBranches, log: JobLog) -> Made:
    """Loss, weights, least curvature and index, and proofs at the sizes that are listed.

    Args:
        branches: values of k, sizes to prove, values of k of crossings.
        log: told of each k.
    """
    proved = {(k, n) for sizes in branches.proved for k in sizes.teachers for n in sizes.students}
    rows, proofs = [], Proofs()
    for k in branches.teachers:
        log.say(f"k = {k}")
        for n in range(1, k):
            rows.append(_row(copy_average_erf(k, n), (k, n) in proved))
            if n > 1:
                rows.append(_row(perturbed_copy_erf(k, n), (k, n) in proved))
    for row in rows:
        if (row["k"], row["n"]) in proved and is_small(row["k"], row["n"]):
            prove_erf(proofs, row)
    return {
        "erf_points": rows,
        "erf_crossings": [_crossing(k) for k in branches.crossings],
        "certified_erf": proofs.records,
        "certificates": file_text(proofs.lines),
    }


def _crossing(k: int) -> dict[str, Any]:
    n = erf_loss_crossing(k)
    known = k >= LEAST_THRESHOLD
    return {
        "k": k,
        "n": n,
        "share": n / k,
        "perturbed_from": perturbed_copy_threshold(k) if known else None,
    }


def _row(point: ErfPoint, to_prove: bool) -> dict[str, Any]:
    arrangement, smallest = point.arrangement, point.smallest
    places = {"own": arrangement.own[-1], "left_out": arrangement.rest[-1, -1]}
    places["copied"] = arrangement.rest[-1, 0] if arrangement.copies else NO_PARAMETER
    weights = {
        name: None if place == NO_PARAMETER else float(point.parameters[place])
        for name, place in places.items()
    }
    row = {
        "branch": point.branch.value,
        "k": int(point.k),
        "n": int(point.n),
        "norm": point.norm,
        "output": point.output,
        **weights,
        "smallest_eigenvalue": smallest.value,
        "irrep": smallest.irrep,
        "index": round(point.index),
    }
    # The loss of the whole network: what is proved comes from formulas of a few numbers.
    W, outputs = erf_network(row)
    loss = population_loss(W, np.eye(W.shape[1]), outputs=outputs, kernel="erf")
    enclosed = _enclosed(point) if to_prove else None
    return row | {
        "loss": loss,
        "loss_lower": enclosed and enclosed.loss_lower,
        "loss_upper": enclosed and enclosed.loss_upper,
        "proved_index": enclosed and enclosed.index,
    }


def _enclosed(point: ErfPoint) -> ErfEnclosure | None:
    is_average = point.branch is CopyBranch.COPY_AVERAGE
    enclose = enclose_copy_average if is_average else enclose_perturbed_copy
    try:
        return enclose(int(point.k), int(point.n))
    except NotEnclosedError:
        return None
