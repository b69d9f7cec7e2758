"""Restarts with general teachers as rows of tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from relu_landscape.certificates.acceptance import accepts
from relu_landscape.certificates.lines import minimum_line
from relu_landscape.certificates.minimum import certify_minimum
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.records import Proofs
from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.random_teachers import BLOCK, FAMILY, random_unit_teachers
from relu_landscape.general_teachers.bad_ends import BadEnds, bad_loss, polished_end
from relu_landscape.general_teachers.proved_levels import prove_level
from relu_landscape.general_teachers.settings import Survival
from relu_landscape.general_teachers.tables import GeneralNeurons, GeneralShares
from relu_landscape.general_teachers.targets import GeneralTarget, rounded_root
from relu_landscape.minima import smallest_eigenpair
from relu_landscape.objective import population_hessian, population_loss
from relu_landscape.search import Protocol, descend


def share_row(target: GeneralTarget, n: int, ends: BadEnds) -> GeneralShares:
    """The row of general_shares of the restarts with one set of teachers and n students."""
    return GeneralShares(
        target=target.name,
        kind=target.kind,
        k=len(target.V),
        d=target.d,
        n=n,
        correlation=target.correlation,
        runs=ends.runs,
        unfinished=ends.unfinished,
        bad=ends.bad,
        levels=len(ends.levels),
        copies=sum(level.copies for level in ends.levels),
        largest_diameter=ends.largest_diameter,
        least_separation=ends.least_separation,
    )


def minima_of(proofs: Proofs, target: GeneralTarget, n: int, ends: BadEnds) -> list[GeneralNeurons]:
    """Append the row of general_minima of each level, and its line; return the rows of neurons."""
    V, rows = target.V, list[GeneralNeurons]()
    for number, level in enumerate(ends.levels):
        W = level.weights
        labels = {
            "target": target.name,
            "kind": target.kind,
            "k": len(V),
            "d": target.d,
            "n": n,
            "class_id": number,
            "runs": level.runs,
            "loss": level.loss,
            "smallest_eigenvalue": smallest_eigenpair(population_hessian(W, V), W, V).value,
            "norm_sum": float(np.linalg.norm(W, axis=1).sum()),
            "teacher_norm_sum": float(np.linalg.norm(V, axis=1).sum()),
        }
        rows += prove_level(proofs, labels, W, V)
    return rows


def prove_survival(
    proofs: Proofs, k: int, d: int, sample: int, survival: Survival, protocol: Protocol
) -> None:
    """Append the row of general_survivals of one draw, and its line if a minimum is proved.

    Args:
        proofs: rows and lines so far.
        k, d: numbers of teachers and of inputs.
        sample: number of the draw.
        survival: whose seed is that of the draws.
        protocol: of the descent from II_1.
    """
    drawn = random_unit_teachers(k, d, seed=survival.seed, sample=sample)
    V = rounded_root(drawn)
    start = symmetric_critical_point(FAMILY, k, m=BLOCK).weights()
    record = descend(start[None], protocol, teachers=V)
    polished = polished_end(record.weights[0], V) if record.converged[0] else None
    W = record.weights[0] if polished is None else polished
    loss = population_loss(W, V)
    is_bad = polished is not None and loss >= bad_loss(V, protocol)
    labels = {
        "k": k,
        "d": d,
        "sample": sample,
        "largest_correlation": float(np.abs(drawn @ drawn.T - np.eye(k)).max()),
        "end": "bad" if is_bad else "unfinished" if polished is None else "global",
        "loss": loss,
        "distance": float(np.linalg.norm(W - start)),
    }
    columns: dict[str, Any] = {"proved": False, "reason": None, "hessian_lower": None}
    columns["checked"], line = False, None
    if is_bad:
        minimum = certify_minimum(W, V)
        if isinstance(minimum, Failure):
            columns["reason"] = minimum.reason.value
        else:
            line = minimum_line(minimum)
            columns |= {"proved": True, "hessian_lower": float(minimum.hessian_lower)}
            columns["checked"] = accepts(line)
    proofs.add(labels, columns, line)
