"""What is proved of bad ends: that they are minima, and what the splits of their neurons are.

Where students are parallel, the strict minimum is that of the network with them joined. The end
itself, with parts a_1 w_i, ..., a_r w_i, sum_j a_j = 1, a_j > 0, is a minimum if H'_ii is positive
definite on the complement of w_i: for displacements u_1, ..., u_r of the parts, s their sum, the
form of the Hessian is

    Q(s, others) + sum_j (u_j - a_j s)^T H'_ii (u_j - a_j s)/a_j,

Q that of the joined network, which is positive definite. It is zero along the splits of w_i alone,
and these have equal loss; for two parts this is the statement of `certificates.plateau`, and for
several neurons with parts the terms add up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_landscape.certificates.acceptance import accepts
from relu_landscape.certificates.lines import minimum_line
from relu_landscape.certificates.minimum import (
    DEFAULT_RADIUS,
    MinimumCertificate,
    certify_minimum,
)
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.plateau import PlateauCertificate, certify_plateaus
from relu_landscape.certificates.records import Proofs
from relu_landscape.certificates.saddle import SaddleCertificate, certify_splits
from relu_landscape.general_teachers.bad_ends import BadLevel
from relu_landscape.general_teachers.tables import GeneralNeurons, SplitKind
from relu_landscape.minima import inner_hessian

_BOUNDS = ("loss_lower", "loss_upper", "hessian_lower", "norm_sum_lower", "norm_sum_upper")
# The Hessian changes the faster the shorter a student is, and a box that is too narrow does not
# hold what Newton's method left of the gradient: the widest of these that will do is taken.
_RADII = (DEFAULT_RADIUS, 2.0**-36, 2.0**-40)


@dataclass(frozen=True)
class _Proof:
    """A minimum, the splits of its neurons that are saddles or minima, and their line."""

    minimum: MinimumCertificate
    splits: Mapping[int, SplitKind]
    line: str
    accepted: bool


def prove_level(
    proofs: Proofs, labels: Mapping[str, Any], level: BadLevel, V: NDArray[np.float64]
) -> list[GeneralNeurons]:
    """Append the row of general_minima of a level of bad ends, and its line if it is proved.

    Args:
        proofs: rows and lines so far.
        labels: what the row says of the point beside proofs.
        level: the bad ends.
        V: teachers, (k, d).

    Returns:
        The rows of its neurons.
    """
    W = level.weights
    inner = [smallest_off_neuron(W, V, i) for i in range(len(W))]
    splits: dict[int, SplitKind] = dict.fromkeys(range(len(W)), "open")
    proof = _prove(level, V, inner)
    if isinstance(proof, Failure):
        columns: dict[str, Any] = dict.fromkeys(_BOUNDS)
        columns |= {"proved": False, "reason": proof.reason.value, "checked": False}
        line = None
    else:
        splits |= proof.splits
        columns = {name: float(getattr(proof.minimum, name)) for name in _BOUNDS}
        columns |= {"proved": True, "reason": None, "checked": proof.accepted}
        line = proof.line
    kinds = list(splits.values())
    columns |= {
        "largest_inner_eigenvalue": max(inner),
        "saddles": kinds.count("saddle"),
        "plateaus": kinds.count("minimum"),
    }
    proofs.add(labels, columns, line)
    names = {name: labels[name] for name in ("target", "k", "d", "n", "class_id")}
    norms = np.linalg.norm(W, axis=1)
    cosines = (W / norms[:, None]) @ (V / np.linalg.norm(V, axis=1, keepdims=True)).T
    return [
        GeneralNeurons(
            **names,
            neuron=i,
            parts=int(level.parts[i]),
            norm=float(norms[i]),
            largest_cosine=float(np.clip(cosines[i].max(), -1.0, 1.0)),
            inner_smallest=inner[i],
            split=splits[i],
        )
        for i in range(len(W))
    ]


def smallest_off_neuron(W: NDArray[np.float64], V: NDArray[np.float64], i: int) -> float:
    """Return the smallest eigenvalue of the inner Hessian of neuron i on the complement of w_i.

    Args:
        W: students, (n, d), at a critical point.
        V: teachers, (k, d).
        i: neuron.
    """
    inner, unit = inner_hessian(W, V, i), W[i] / np.linalg.norm(W[i])
    # w_i is in the kernel: raised above all others, its eigenvalue is not the smallest one.
    above = np.linalg.norm(inner) + 1.0
    return float(np.linalg.eigvalsh(inner + above * np.outer(unit, unit))[0])


def _prove(level: BadLevel, V: NDArray[np.float64], inner: Sequence[float]) -> _Proof | Failure:
    """The proof in the widest box in which the checker accepts it, else in the widest of all."""
    first, *narrower = (partial(_prove_in_box, level, V, inner, radius) for radius in _RADII)
    widest = first()
    proofs = chain([widest], (prove() for prove in narrower))
    return next((one for one in proofs if isinstance(one, _Proof) and one.accepted), widest)


def _prove_in_box(
    level: BadLevel, V: NDArray[np.float64], inner: Sequence[float], radius: float
) -> _Proof | Failure:
    """That the joined students are a strict minimum, and that it stays one in their parts."""
    minimum = certify_minimum(level.weights, V, radius=radius)
    if isinstance(minimum, Failure):
        return minimum
    saddles = [one for one in certify_splits(minimum) if isinstance(one, SaddleCertificate)]
    plateaus = _plateaus(minimum) if max(inner) > 0 else []
    of_parts = set(np.flatnonzero(level.parts > 1).tolist())
    if not of_parts <= {plateau.neuron for plateau in plateaus}:
        return Failure(
            FailureReason.INNER_HESSIAN_NOT_DEFINITE,
            f"of neurons {sorted(of_parts)}, each the sum of parallel students, one is not proved "
            "to have splits that are minima",
        )
    splits: dict[int, SplitKind] = {saddle.neuron: "saddle" for saddle in saddles}
    splits |= {plateau.neuron: "minimum" for plateau in plateaus}
    line = minimum_line(minimum, saddles, plateaus)
    return _Proof(minimum, splits, line, accepts(line))


def _plateaus(minimum: MinimumCertificate) -> list[PlateauCertificate]:
    """The neurons of which every split with a share in (0, 1) is proved a minimum."""
    plateaus = [one for one in certify_plateaus(minimum) if isinstance(one, PlateauCertificate)]
    return [plateau for plateau in plateaus if plateau.sign == 1]  # others: signed splits
