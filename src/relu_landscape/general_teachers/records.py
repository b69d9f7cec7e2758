"""Restarts with general teachers as rows of tables."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.acceptance import accepts
from relu_landscape.certificates.lines import minimum_line
from relu_landscape.certificates.minimum import MinimumCertificate, certify_minimum
from relu_landscape.certificates.records import Proofs
from relu_landscape.families import symmetric_critical_point
from relu_landscape.families.random_teachers import BLOCK, FAMILY, random_unit_teachers
from relu_landscape.general_teachers.bad_ends import BadEnds, is_spurious, polished_end
from relu_landscape.general_teachers.proved_levels import prove_level
from relu_landscape.general_teachers.settings import Survival
from relu_landscape.general_teachers.tables import GeneralNeurons, GeneralShares
from relu_landscape.general_teachers.targets import (
    GeneralTarget,
    equiangular_teachers,
    rounded_root,
)
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
        largest_good_loss=ends.largest_good_loss,
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
            "neurons": len(W),
            "class_id": number,
            "runs": level.runs,
            "loss": level.loss,
            "smallest_eigenvalue": smallest_eigenpair(population_hessian(W, V), W, V).value,
            "norm_sum": float(np.linalg.norm(W, axis=1).sum()),
            "teacher_norm_sum": float(np.linalg.norm(V, axis=1).sum()),
        }
        rows += prove_level(proofs, labels, level, V)
    return rows


def survival_targets(survival: Survival) -> Iterator[GeneralTarget]:
    """Yield the teachers to which II_1 is taken, each with its k, in the order of the config."""
    for k in survival.teachers:
        for correlation in survival.correlations:
            V = equiangular_teachers(k, correlation)
            yield GeneralTarget("equiangular", f"correlation {correlation:g}", V, k, (0,), 1)
        for d in survival.inputs:
            for sample in range(survival.draws if d >= k else 0):
                V = rounded_root(random_unit_teachers(k, d, seed=survival.seed, sample=sample))
                yield GeneralTarget("random", f"sample {sample}", V, d, (0,), 1)


def prove_survival(proofs: Proofs, target: GeneralTarget, protocol: Protocol) -> None:
    """Append the row of general_survivals of one set of teachers, and its line if it has one.

    Args:
        proofs: rows and lines so far.
        target: the teachers.
        protocol: of the descent from II_1.
    """
    V = target.V
    start = _second_type(len(V))
    record = descend(start[None], protocol, teachers=V)
    polished = polished_end(record.weights[0], V) if record.converged[0] else None
    W = record.weights[0] if polished is None else polished
    loss = population_loss(W, V)
    is_bad = polished is not None and is_spurious(polished, V)
    labels = {
        "target": target.name,
        "kind": target.kind,
        "k": len(V),
        "d": target.d,
        "largest_correlation": float(np.abs(V @ V.T - np.eye(len(V))).max()),
        "end": "bad" if is_bad else "unfinished" if polished is None else "global",
        "loss": loss,
        "distance": float(np.linalg.norm(W - start)),
        "proved": False,
        "reason": None,
        "hessian_lower": None,
        "checked": False,
    }
    minimum = certify_minimum(W, V) if is_bad else None
    if isinstance(minimum, MinimumCertificate):
        line = minimum_line(minimum)
        bounds = {"proved": True, "hessian_lower": float(minimum.hessian_lower)}
        proofs.add(labels, bounds | {"checked": accepts(line)}, line)
    else:
        proofs.add(labels, {"reason": minimum.reason.value} if minimum else {}, None)


@cache
def _second_type(k: int) -> NDArray[np.float64]:
    """II_1 of k orthonormal teachers, (k, k)."""
    return symmetric_critical_point(FAMILY, k, m=BLOCK).weights()
