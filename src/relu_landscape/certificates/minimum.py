"""Strict minima: one critical point in a box, a minimum, with a positive loss.

With n >= k such a minimum is spurious; with n < k the loss is positive everywhere.

Let B be the box of half-width r around a centre W0, mu > 0 a lower bound of the smallest eigenvalue
of the Hessian at every point of B, and g an upper bound of |grad F(W0)|. If mu r > 2 g, then

    F(W) >= F(W0) - g r + mu r^2/2 > F(W0)    for |W - W0| = r,

so F has a minimum W* in the interior of the ball of radius r, which B holds. F is strictly convex
on B, a convex set, so W* is its only critical point in B, and a strict local minimum; since
grad F is mu-strongly monotone there, |W* - W0| <= g/mu, and F(W0) - g^2/(2 mu) <= F(W*) <= F(W0).

The Hessian is Lipschitz (see `lipschitz`), so F is strictly convex on a much wider Frobenius ball
than B, and W* the only critical point in that, too.

With d' > d inputs, W and V padded with zeros, the gradient stays zero at W* and the Hessian gains
I_{d'-d} (x) M. If M is positive definite over B, W* is a strict local minimum for all d' >= d.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, TypeAlias

import numpy as np
from flint import arb
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, exact_array, real_number
from relu_landscape.certificates.definiteness import EigenvalueBound, bound_smallest_eigenvalue
from relu_landscape.certificates.leaky_networks import ball_network, checked_slope
from relu_landscape.certificates.lipschitz import convexity_radius
from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.newton import NewtonError, polish_center
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import (
    DEFAULT_BITS,
    Ball,
    ZeroNeuronError,
    ball_bits,
    box,
    precision,
    root,
    total,
)
from relu_landscape.certificates.rounding import decimal_above, decimal_below, float_balls

DEFAULT_RADIUS: Final = 2.0**-33

# Bounds that a checker recomputes by other means leave it some room.
_ROOM: Final = 1 - 2.0**-13
_BOUND_DIGITS: Final = 6


@dataclass(frozen=True)
class MinimumCertificate:
    """Proof that one strict local minimum W* lies in a box, for every d' >= d.

    It is spurious if k outputs are 1, since F = 0 elsewhere.

    Attributes
    ----------
    W: centre W0 of the box, (n, d); V: teachers, (k, d). The floats are meant exactly.
    outputs: c, (n,), 1 or -1 each; slope: of the activation for negative inputs, 0 for the ReLU.
    radius: half-width of the box, in which W* is the only critical point.
    bits: precision of the balls.
    hessian_lower: lower bound of the smallest Hessian eigenvalue over the box.
    orthogonal_hessian_lower: the same for M, the Hessian off the span of all neurons.
    location_radius: upper bound of |W* - W0|.
    convexity_radius: F is strictly convex where |W - W0| is at most this: no other critical point.
    loss_lower, loss_upper: enclosure of F(W*), above zero.
    norm_sum_lower, norm_sum_upper: enclosure of sum_i |w*_i|.
    """

    W: NDArray[np.float64]
    V: NDArray[np.float64]
    radius: float
    bits: int
    hessian_lower: Decimal
    orthogonal_hessian_lower: Decimal
    location_radius: Decimal
    convexity_radius: Decimal
    loss_lower: Decimal
    loss_upper: Decimal
    norm_sum_lower: Decimal
    norm_sum_upper: Decimal
    outputs: tuple[int, ...]
    slope: float


MinimumOutcome: TypeAlias = MinimumCertificate | Failure


@checked_arguments(radius=real_number, bits=ball_bits)
def certify_minimum(
    W: ArrayLike,
    V: ArrayLike,
    *,
    radius: float = DEFAULT_RADIUS,
    bits: int = DEFAULT_BITS,
    outputs: ArrayLike | None = None,
    kernel: Any = "relu",
) -> MinimumOutcome:
    """Prove that a strict local minimum lies next to W, for every d' >= d.

    It is spurious if k outputs are 1, since F = 0 elsewhere.

    Args:
        W: students, (n, d), next to a minimum: where descent or Newton's method stopped.
        V: teachers, (k, d).
        radius: half-width of the box in which to prove it. A wider box says more of where no other
            critical point is, and is harder to do.
        bits: precision of the balls.
        outputs: c, (n,), the output weights of the students, 1 or -1 each; None: all are 1.
        kernel: the activation: "relu", "absolute_value" or `leaky_relu(s)`.

    Returns:
        The certificate, or why there is none.

    Raises:
        ValueError: W or V is not a finite matrix, or they differ in inputs; a radius that is not
            positive; bits not from 53 to 4096; outputs that do not fit; an activation that the
            checker of certificates does not know.

    Source: the shape of the argument is that of S18's existence proof (by third derivatives); the
        bounds are ours. M: S18 claims all d >= k.
    """
    students, teachers = checked_matrix(W, "W"), checked_matrix(V, "V")
    if students.shape[1] != teachers.shape[1]:
        raise ValueError(
            f"W has {students.shape[1]} columns and V {teachers.shape[1]}; they must agree"
        )
    if not radius > 0:
        raise ValueError(f"radius = {radius}; the half-width of the box must be positive")
    c, slope = checked_signs(outputs, len(students)), checked_slope(kernel)
    try:
        return _prove(students, teachers, c, slope, radius, bits)
    except ZeroNeuronError as error:
        return Failure(FailureReason.ZERO_NEURON, str(error))
    except NewtonError as error:
        return Failure(FailureReason.NEWTON_LEFT, str(error))


def _prove(
    W: NDArray[np.float64],
    V: NDArray[np.float64],
    outputs: tuple[int, ...],
    slope: float,
    radius: float,
    bits: int,
) -> MinimumOutcome:
    teachers = box(V, bits=bits)
    given_loss = ball_network(box(W, bits=bits), teachers, bits, outputs, slope).loss()
    if not given_loss > 0:
        return Failure(FailureReason.LOSS_NOT_POSITIVE, f"F is in {given_loss.str(5)}")
    center = polish_center(W, V, bits, outputs, slope)
    at_center, over_box = (
        ball_network(W, teachers, bits, outputs, slope)
        for W in (box(center, bits=bits), box(center, radius, bits=bits))
    )
    hessian = bound_smallest_eigenvalue(float_balls(over_box.hessian()))
    failure = definiteness_failure(hessian, radius)
    if failure is not None:
        return failure
    orthogonal = bound_smallest_eigenvalue(float_balls(over_box.orthogonal_hessian()))
    if not orthogonal.proved > 0:
        return Failure(
            FailureReason.NOT_POSITIVE_DEFINITE_OFF_THE_SPAN,
            f"the smallest eigenvalue of M is about {orthogonal.approximate:.3g}, proved above "
            f"{orthogonal.proved:.3g}",
        )
    lower = lower_with_room(hessian)
    if not lower > 0:
        return Failure(
            FailureReason.BOX_TOO_WIDE,
            f"the smallest eigenvalue is proved above {hessian.proved:.3g}, with no room for a "
            "checker whose enclosure is a little wider",
        )
    with precision(bits):
        gradient_norm = root(total(x * x for row in at_center.gradient() for x in row))
        mu = arb(str(lower)).lower()
        if not mu * arb(radius) > 2 * gradient_norm:
            return Failure(
                FailureReason.GRADIENT_TOO_LARGE,
                f"|grad F| <= {float(gradient_norm.upper()):.3g} at the centre; a box of radius "
                f"{radius:.3g} and curvature {lower} needs less than half of their product",
            )
        location = decimal_above(gradient_norm / mu * (1 + arb(2) ** -13), _BOUND_DIGITS)
        loss = loss_at_minimum(at_center.loss(), gradient_norm, mu)
        if not loss > 0:
            return Failure(FailureReason.LOSS_NOT_POSITIVE, f"F is in {loss.str(5)}")
        lengths = total(at_center.norms())
        norm_sum = norm_sum_at_minimum(lengths, arb(len(center)), location)
        # The Hessian of |r|^2 is constant: that of F_s changes as (1 - s)^2 times that of F does.
        bent = mu if slope == 0 else mu / (1 - arb(slope)) ** 2
        convex = convexity_radius(at_center.norms(), at_center.teacher_norms(), bent)
        return MinimumCertificate(
            W=center,
            V=V,
            radius=radius,
            bits=bits,
            hessian_lower=lower,
            orthogonal_hessian_lower=lower_with_room(orthogonal),
            location_radius=location,
            convexity_radius=decimal_below(convex * _ROOM, _BOUND_DIGITS),
            loss_lower=decimal_below(loss),
            loss_upper=decimal_above(loss),
            norm_sum_lower=decimal_below(norm_sum),
            norm_sum_upper=decimal_above(norm_sum),
            outputs=outputs,
            slope=slope,
        )


def lower_with_room(bound: EigenvalueBound) -> Decimal:
    """Return a lower bound with room for a checker that takes twice what the box costs, and rounds.

    Args:
        bound: one that is proved to be above zero.
    """
    cost = max(bound.approximate - bound.proved, 0.0)
    return decimal_below(bound.proved * _ROOM - 1.25 * cost, _BOUND_DIGITS)


def definiteness_failure(bound: EigenvalueBound, radius: float) -> Failure | None:
    """Return why a Hessian is not shown to be positive definite, None if it is."""
    if bound.proved > 0:
        return None
    detail = (
        f"the smallest eigenvalue is about {bound.approximate:.3g} at the centre, proved above "
        f"{bound.proved:.3g} over the box of radius {radius:.3g}"
    )
    # Eigenvalues of singular Hessians, as at global minima with n > k, come out as rounding.
    if bound.approximate > 1e-12:
        return Failure(FailureReason.BOX_TOO_WIDE, detail)
    return Failure(FailureReason.NOT_POSITIVE_DEFINITE, detail)


def loss_at_minimum(center_loss: Ball, gradient_norm: Ball, mu: Ball) -> Ball:
    """Return an enclosure of F(W*), between F(W0) - g^2/(2 mu) and F(W0)."""
    return center_loss.union(center_loss - gradient_norm**2 / (2 * mu))


def norm_sum_at_minimum(center_sum: Ball, students: Ball, location: Decimal) -> Ball:
    """Return an enclosure of sum_i |w*_i|, within sqrt(n) |W* - W0| of that at the centre.

    Args:
        center_sum: sum_i |w_i| at W0.
        students: n.
        location: upper bound of |W* - W0|.
    """
    return center_sum + arb(0, students.sqrt() * arb(str(location)))


def checked_signs(outputs: ArrayLike | None, students: int) -> tuple[int, ...]:
    """Return outputs as whole numbers, 1 where there are none.

    Raises:
        ValueError: as `certify_minimum`.
    """
    if outputs is None:
        return (1,) * students
    signs = exact_array(outputs, "outputs")
    if signs.shape != (students,) or not np.isin(signs, (1, -1)).all():
        raise ValueError(
            f"outputs is {np.array2string(signs, threshold=9)}; it must have {students} entries, "
            "1 or -1, one a row of W"
        )
    return tuple(int(sign) for sign in signs)


def network_over_box(minimum: MinimumCertificate) -> BallNetwork:
    """Return the network at every point of the box around a minimum."""
    bits = minimum.bits
    W, V = box(minimum.W, minimum.radius, bits=bits), box(minimum.V, bits=bits)
    return ball_network(W, V, bits, minimum.outputs, minimum.slope)


def checked_neuron(W: ArrayLike, i: int) -> NDArray[np.float64]:
    """Return students as a float64 matrix, (n, d), that has a neuron i.

    Raises:
        ValueError: it has none, or as `checked_matrix`.
    """
    students = checked_matrix(W, "W")
    if not 0 <= i < len(students):
        raise ValueError(f"no neuron {i} in W with {len(students)} rows; 0 <= i < n")
    return students


def checked_matrix(weights: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return weights as a float64 matrix.

    Raises:
        ValueError: not two-dimensional, empty, not finite, or no doubles.
    """
    matrix = exact_array(weights, name)
    if matrix.dtype == object:
        raise ValueError(
            f"{name} holds numbers that are no doubles, and a certificate is about the numbers "
            "given: round them to float64 first"
        )
    if matrix.ndim != 2 or matrix.size == 0:
        raise ValueError(f"{name} has shape {matrix.shape}; it must be (neurons, inputs)")
    return matrix.copy()
