"""Strict saddles: what splitting one neuron of a proved minimum does, for every share at once.

Let W* be a critical point and H'_ii = sum_{j != i} h1(w_i, w_j) - sum_j h1(w_i, v_j). Splitting w_i
into alpha w_i and (1 - alpha) w_i keeps the function, the loss and criticality; along (u, -u) the
Hessian there has the form

    u^T H'_ii u (1/alpha + 1/(1 - alpha)),

so one u with u^T H'_ii u < 0 makes every split with 0 < alpha < 1 a strict saddle. For alpha in
{0, 1} the split adds a zero neuron, and the loss is not differentiable. But a neuron that grows
from it along z changes the loss by s (sum_j f(w_j, z) - sum_j f(v_j, z)) + O(s^2): a z at which the
bracket is negative is a way down. Such z exist near w_i wherever u does, since the bracket and its
gradient vanish at w_i and its Hessian there is H'_ii.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

import numpy as np
from flint import arb, arb_mat
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, instance_of, whole_number
from relu_landscape.certificates.minimum import (
    DEFAULT_RADIUS,
    MinimumCertificate,
    certify_minimum,
    checked_neuron,
    network_over_box,
)
from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import DEFAULT_BITS, dot, exact, precision
from relu_landscape.certificates.rounding import decimal_above, float_balls
from relu_landscape.eigenspaces import softest_direction

# Directions are rounded to short fractions: exact, and as good as the eigenvector.
_DIRECTION_SCALE: Final = 1024.0
_LARGEST_STEP: Final = 0.5
_STEPS: Final = 12
_DIGITS: Final = 6


@dataclass(frozen=True)
class SaddleCertificate:
    """Proof that splitting one neuron of a minimum makes a strict saddle, for every share.

    Attributes
    ----------
    minimum: the proof of the minimum W* that is split.
    neuron: i.
    direction: u, (d,), exact floats.
    curvature_upper: upper bound of u^T H'_ii u/|u|^2 over the box, below zero. The smallest Hessian
        eigenvalue of the split point is at most curvature_upper/2 (1/alpha + 1/(1 - alpha)).
    growth: z, (d,), exact floats.
    slope_upper: upper bound of (sum_j f(w_j, z) - sum_j f(v_j, z))/|z| over the box, below zero:
        the first-order change of the loss along a neuron that grows from zero.
    """

    minimum: MinimumCertificate
    neuron: int
    direction: NDArray[np.float64]
    curvature_upper: Decimal
    growth: NDArray[np.float64]
    slope_upper: Decimal


SaddleOutcome: TypeAlias = SaddleCertificate | Failure


@checked_arguments(i=whole_number)
def certify_saddle(
    W: ArrayLike,
    V: ArrayLike,
    i: int,
    *,
    radius: float = DEFAULT_RADIUS,
    bits: int = DEFAULT_BITS,
    outputs: ArrayLike | None = None,
    kernel: Any = "relu",
) -> SaddleOutcome:
    """Prove that splitting neuron i of the minimum next to W makes a strict saddle.

    Args:
        W: students, (n, d), next to a spurious minimum.
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

    Source: S21, Theorem 16, Lemmas 28 and 29.
    """
    students = checked_neuron(W, i)
    minimum = certify_minimum(students, V, radius=radius, bits=bits, outputs=outputs, kernel=kernel)
    if isinstance(minimum, Failure):
        return minimum
    return _split(minimum, network_over_box(minimum), i)


@checked_arguments(minimum=instance_of(MinimumCertificate))
def certify_splits(minimum: MinimumCertificate) -> Iterator[SaddleOutcome]:
    """Yield `certify_saddle` of every neuron of a proved minimum, in order.

    Args:
        minimum: the proof of the minimum, which is not repeated.
    """
    network = network_over_box(minimum)
    for i in range(len(minimum.W)):
        yield _split(minimum, network, i)


def _split(minimum: MinimumCertificate, network: BallNetwork, i: int) -> SaddleOutcome:
    inner = network.inner_hessian(i)
    u = _short_direction(float_balls(inner).midpoints)
    with precision(minimum.bits):
        column = [exact(float(x)) for x in u]
        form = dot(column, (inner * arb_mat(len(u), 1, column)).entries())
        curvature = form / dot(column, column)
        if not curvature < 0:
            return Failure(
                FailureReason.NO_NEGATIVE_CURVATURE,
                f"neuron {i}: the smallest eigenvalue of H'_ii is about {curvature.str(5)}",
            )
    for z in _growths(minimum.W[i], u):
        with precision(minimum.bits):
            growth = [exact(float(x)) for x in z]
            slope = network.added_neuron_slope(growth, minimum.outputs[i])
            slope /= dot(growth, growth).sqrt()
            if slope < 0:
                return SaddleCertificate(
                    minimum=minimum,
                    neuron=i,
                    direction=u,
                    curvature_upper=decimal_above(curvature * (1 - arb(2) ** -13), _DIGITS),
                    growth=z,
                    slope_upper=decimal_above(slope * (1 - arb(2) ** -13), _DIGITS),
                )
    return Failure(
        FailureReason.NO_FIRST_ORDER_DESCENT,
        f"neuron {i}: the slope was not negative at any of {2 * _STEPS} points next to it",
    )


def _short_direction(inner: NDArray[np.float64]) -> NDArray[np.float64]:
    """A direction from the eigenspace of the smallest eigenvalue, in short binary fractions."""
    vector = softest_direction(inner)
    rounded: NDArray[np.float64] = np.rint(vector * _DIRECTION_SCALE) / _DIRECTION_SCALE
    return rounded


def _growths(w: NDArray[np.float64], u: NDArray[np.float64]) -> Iterator[NDArray[np.float64]]:
    """Points next to w on both sides along u, far ones first: the slope grows with the square."""
    step = _LARGEST_STEP * float(np.linalg.norm(w))
    for _ in range(_STEPS):
        for sign in (1, -1):
            yield w + sign * step * u
        step /= 2
