"""Plateaus of minima with a symmetry, one for a class of neurons: see `plateau`.

The inner Hessian of a neuron commutes with the permutations that leave the neuron alone. They
permute the rest of its block and each other block: R^k is the sum of their trivial and standard
representations, and each of these has a vector that is constant on the parts into which `refine`
cuts the blocks. So all eigenvalues are those of one small matrix, on such vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from flint import arb, arb_mat

from relu_landscape.arguments import checked_arguments, instance_of
from relu_landscape.certificates.components import RefinedBlocks, refine
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.certificates.structured import StructuredNetwork
from relu_landscape.certificates.symmetric_minimum import (
    SymmetricMinimumCertificate,
    smallest_bound,
    structured_box,
    structured_network,
)


@dataclass(frozen=True)
class SymmetricPlateauCertificate:
    """Proof that all splits of one kind of the neurons of a class are minima, for every d >= k.

    minimum: the proof of the minimum that is split; row: class of neurons; sign and
    curvature_lower: as in `PlateauCertificate`.
    """

    minimum: SymmetricMinimumCertificate
    row: int
    sign: int
    curvature_lower: Decimal


SymmetricPlateauOutcome: TypeAlias = SymmetricPlateauCertificate | Failure


@checked_arguments(minimum=instance_of(SymmetricMinimumCertificate))
def certify_symmetric_plateaus(
    minimum: SymmetricMinimumCertificate,
) -> Iterator[SymmetricPlateauOutcome]:
    """Yield for each class of neurons of a proved minimum what `certify_plateau` does for one.

    Args:
        minimum: the proof of the minimum, which is not repeated.

    Source: ours.
    """
    refined = refine(minimum.blocks, minimum.extra, minimum.absent)
    with precision(minimum.bits):
        W = refined.lift(structured_box(minimum))
        network = structured_network(refined, W, minimum.bits, minimum.outputs, minimum.slope)
        outcomes = [_plateau(minimum, refined, network, row) for row in range(len(minimum.outputs))]
    yield from outcomes


@dataclass(frozen=True)
class ClassInnerForm:
    """The inner Hessian of a neuron of a class, on the vectors that are constant on the parts.

    matrix: its form, in an orthonormal basis, (parts, parts) balls; unit: w/|w| in that basis,
    (1, parts); off_span: its eigenvalue, for inputs off the span of all neurons.
    """

    matrix: arb_mat
    unit: arb_mat
    off_span: arb


def class_inner_form(
    refined: RefinedBlocks, network: StructuredNetwork, row: int
) -> ClassInnerForm:
    """Return what holds all eigenvalues of the inner Hessian of the neurons of a class.

    Args:
        refined: the blocks of the point, cut into parts.
        network: the point or a box around it, structured by these parts.
        row: the class.
    """
    neuron, parts = refined.rows_of(row)[0], range(len(refined.sizes))
    roots = [arb(size).sqrt() for size in refined.sizes]
    units = [[1 / roots[a] if a == b else arb(0) for b in parts] for a in parts]
    own, rest = network.W.own, network.W.rest[neuron]
    w = [own[a] if network.is_own(neuron, a) else rest[a] for a in parts]
    return ClassInnerForm(
        arb_mat(network.inner_hessian_forms(neuron, units)),
        arb_mat([[x * c / network.norms()[neuron] for x, c in zip(w, roots, strict=True)]]),
        network.orthogonal_entries()[1][neuron] - network.own_curvature,
    )


def _plateau(
    minimum: SymmetricMinimumCertificate,
    refined: RefinedBlocks,
    network: StructuredNetwork,
    row: int,
) -> SymmetricPlateauOutcome:
    form = class_inner_form(refined, network, row)
    sign = 1 if form.off_span > 0 else -1
    across = (form.matrix + form.unit.transpose() * form.unit * form.off_span) * sign
    lower = smallest_bound(iter([across.tolist()]))
    if isinstance(lower, Failure):
        return Failure(FailureReason.INNER_HESSIAN_NOT_DEFINITE, f"class {row}: {lower.detail}")
    return SymmetricPlateauCertificate(minimum, row, sign, lower)
