"""Plateaus: minima that are not strict, which splitting one neuron of a strict minimum makes.

Let W* be a strict minimum, e = 1 or -1, and a, b > 0 with a + e b = 1. Neurons a w_i of output c_i
and b w_i of output e c_i compute together what w_i does: for e = 1 they are a split with a share
0 < a < 1, for e = -1 a signed split with gamma = a > 1. As h1 is of degree -1 and h2 of degree 0,
the quadratic form of the Hessian is, for displacements a s + y and b s - e y of the two,

    Q_split(s, y, others) = Q(s, others) + e y^T H'_ii y/(a b),

Q that at W*, positive definite. H'_ii maps w_i to zero. If e H'_ii is positive definite on the
complement of w_i, Q_split is positive semidefinite and zero for multiples of (s, y, others) =
(0, w_i, 0) alone, the tangent of the line of all these splits. They are critical points of equal
loss, and the Hessian is continuous: next to each of them F is larger off the line, and each is a
minimum, for all a at once; for e = -1 they are a half-line, across which F is curved like
1/(gamma (gamma - 1)).

With d' > d inputs H'_ii gains the eigenvalue t = M_ii - 1/2, M as in `minimum`; with the slope s
for negative inputs, t = M_ii - (1 + s^2)/2. Hence all
eigenvalues of e H'_ii on the complement of w_i in every dimension d' > d, and no other ones, are
those of e (H'_ii + t w_i w_i^T/|w_i|^2) in d dimensions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from flint import arb_mat
from numpy.typing import ArrayLike

from relu_landscape.arguments import checked_arguments, instance_of, whole_number
from relu_landscape.certificates.definiteness import bound_smallest_eigenvalue
from relu_landscape.certificates.minimum import (
    DEFAULT_RADIUS,
    MinimumCertificate,
    certify_minimum,
    checked_neuron,
    lower_with_room,
    network_over_box,
)
from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import DEFAULT_BITS, precision
from relu_landscape.certificates.rounding import float_balls


@dataclass(frozen=True)
class PlateauCertificate:
    """Proof that all splits of one kind of one neuron of a minimum are minima, for every d' >= d.

    Attributes
    ----------
    minimum: the proof of the minimum W* that is split.
    neuron: i.
    sign: output of the second part over that of the first. -1: every signed split, gamma > 1, is a
        minimum; 1: every split with a share in (0, 1) is.
    curvature_lower: lower bound, above zero, of sign H'_ii on the complement of w_i over the box.
        Across the line of splits, where w_i does not move, the form of the Hessian is at least this
        over gamma (gamma - 1), or over alpha (1 - alpha), times |y|^2.
    """

    minimum: MinimumCertificate
    neuron: int
    sign: int
    curvature_lower: Decimal


PlateauOutcome: TypeAlias = PlateauCertificate | Failure


@checked_arguments(i=whole_number)
def certify_plateau(
    W: ArrayLike,
    V: ArrayLike,
    i: int,
    *,
    radius: float = DEFAULT_RADIUS,
    bits: int = DEFAULT_BITS,
    outputs: ArrayLike | None = None,
    kernel: Any = "relu",
) -> PlateauOutcome:
    """Prove that splits of neuron i of the minimum next to W are minima, all of one kind at once.

    Where the inner Hessian is negative definite on the complement of w_i these are the signed
    splits, for every gamma > 1; where it is positive definite, those with shares in (0, 1).

    Args:
        W: students, (n, d), next to a strict minimum.
        V: teachers, (k, d).
        i: neuron, 0 <= i < n.
        radius: half-width of the box around the minimum.
        bits: precision of the balls.
        outputs: c, (n,), the output weights of the students, 1 or -1 each; None: all are 1.
        kernel: the activation, as for `certify_minimum`.

    Returns:
        The certificate, or why there is none; first of all the minimum has to be proved.

    Raises:
        ValueError: no neuron i, or as `certify_minimum`.

    Source: ours.
    """
    students = checked_neuron(W, i)
    minimum = certify_minimum(students, V, radius=radius, bits=bits, outputs=outputs, kernel=kernel)
    if isinstance(minimum, Failure):
        return minimum
    return _plateau(minimum, network_over_box(minimum), i)


@checked_arguments(minimum=instance_of(MinimumCertificate))
def certify_plateaus(minimum: MinimumCertificate) -> Iterator[PlateauOutcome]:
    """Yield `certify_plateau` of every neuron of a proved minimum, in order.

    Args:
        minimum: the proof of the minimum, which is not repeated.
    """
    network = network_over_box(minimum)
    for i in range(len(minimum.W)):
        yield _plateau(minimum, network, i)


def _plateau(minimum: MinimumCertificate, network: BallNetwork, i: int) -> PlateauOutcome:
    inner, tilt = network.inner_hessian(i), network.orthogonal_hessian()[i, i]
    sign = 1 if tilt > network.own_curvature else -1
    with precision(minimum.bits):
        length = network.norms()[i]
        unit = arb_mat([[x / length for x in network.W[i]]])
        across = (inner + unit.transpose() * unit * (tilt - network.own_curvature)) * sign
    bound = bound_smallest_eigenvalue(float_balls(across))
    if not (bound.proved > 0 and lower_with_room(bound) > 0):
        return Failure(
            FailureReason.INNER_HESSIAN_NOT_DEFINITE,
            f"neuron {i}: of {sign} times H'_ii on the complement of w_i the smallest eigenvalue "
            f"is about {bound.approximate:.3g}, proved above {bound.proved:.3g}",
        )
    return PlateauCertificate(minimum, i, sign, lower_with_room(bound))
