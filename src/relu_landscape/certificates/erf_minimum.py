"""Strict minima of erf in weights and output weights, for teachers e_1, ..., e_k.

    F(W, c) = 1/2 E (sum_i c_i s(w_i . x) - sum_j s(v_j . x))^2,  s(z) = erf(z/sqrt 2),

with any real outputs c_i, which are trained. The argument is that of `minimum` in weights and
outputs together; pair kernels are those of `ball_kernels`. A further input adds to the Hessian

    M_ij = c_i c_j K_r(w_i, w_j),
    and for i = j beside it 2 c_i (sum_j c_j K_p(w_i, w_j) - sum_j K_p(w_i, v_j)),

apart from all else: M > 0 makes the minimum a strict one for every d' >= d.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, Final, TypeAlias

import numpy as np
from flint import arb, arb_mat
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, exact_array, real_number, whole_number
from relu_landscape.certificates.ball_kernels import ErfBalls
from relu_landscape.certificates.definiteness import bound_smallest_eigenvalue
from relu_landscape.certificates.minimum import (
    checked_matrix,
    definiteness_failure,
    loss_at_minimum,
    lower_with_room,
)
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.pairs import Pair, neuron, pair
from relu_landscape.certificates.precision import (
    Ball,
    Balls,
    ZeroNeuronError,
    ball_bits,
    box,
    precision,
    root,
    total,
)
from relu_landscape.certificates.rounding import decimal_above, decimal_below, float_balls

ERF_RADIUS: Final = 2.0**-30
ERF_BITS: Final = 128
_NEWTON_STEPS: Final = 2
_DIGITS: Final = 6
_KERNEL: Final = ErfBalls()


@dataclass(frozen=True)
class ErfMinimumCertificate:
    """Proof that one strict local minimum of F in weights and outputs lies in a box, d' >= d.

    Attributes
    ----------
    W: weights (n, d) and outputs: c (n,) at the centre of the box, meant exactly; k: teachers.
    radius: half-width of the box, in which it is the only critical point; bits: of the balls.
    hessian_lower, orthogonal_hessian_lower, location_radius, loss_lower, loss_upper: as in
        `MinimumCertificate`, of the Hessian in weights and outputs.
    """

    W: NDArray[np.float64]
    outputs: NDArray[np.float64]
    k: int
    radius: float
    bits: int
    hessian_lower: Decimal
    orthogonal_hessian_lower: Decimal
    location_radius: Decimal
    loss_lower: Decimal
    loss_upper: Decimal


ErfMinimumOutcome: TypeAlias = ErfMinimumCertificate | Failure


@checked_arguments(k=whole_number, radius=real_number, bits=ball_bits)
def certify_erf_minimum(
    W: ArrayLike,
    outputs: ArrayLike,
    k: int,
    *,
    radius: float = ERF_RADIUS,
    bits: int = ERF_BITS,
) -> ErfMinimumOutcome:
    """Prove that a strict local minimum of erf in weights and outputs lies next to (W, outputs).

    Args:
        W: students, (n, d), d >= k.
        outputs: c, (n,), any real numbers.
        k: number of teachers, e_1, ..., e_k.
        radius: half-width of the box in which to prove it.
        bits: precision of the balls.

    Returns:
        The certificate, or why there is none. Takes O((n d)^3) operations.

    Raises:
        ValueError: W or outputs are no finite numbers, or their shapes and k do not fit; a radius
            that is not positive; bits not from 53 to 4096.

    Source: ours; the loss is that of Simsek et al. 2023.
    """
    students, c = checked_matrix(W, "W"), exact_array(outputs, "outputs")
    n, d = students.shape
    if c.shape != (n,) or c.dtype == object or not np.isfinite(c).all():
        raise ValueError(f"outputs has shape {c.shape}; it must have {n} numbers, one a row of W")
    if not 1 <= k <= d:
        raise ValueError(f"k = {k} with {d} inputs; needs 1 <= k <= d")
    if not radius > 0:
        raise ValueError(f"radius = {radius}; the half-width of the box must be positive")
    try:
        return _prove(*_polished(students, c.astype(np.float64), k, bits), k, radius, bits)
    except ZeroNeuronError as error:
        return Failure(FailureReason.ZERO_NEURON, str(error))


def _polished(
    W: NDArray[np.float64], c: NDArray[np.float64], k: int, bits: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A few steps of Newton's method; nothing is proved here."""
    for _ in range(_NEWTON_STEPS):
        network = ErfBallNetwork(box(W, bits=bits), box(c[None], bits=bits)[0], k, bits)
        gradient = [float(x) for x in network.gradient()]
        hessian = float_balls(network.hessian()).midpoints
        step = np.linalg.lstsq(hessian, gradient, rcond=1e-12)[0]
        W, c = W - step[: W.size].reshape(W.shape), c - step[W.size :]
    return W, c


def _prove(
    W: NDArray[np.float64], c: NDArray[np.float64], k: int, radius: float, bits: int
) -> ErfMinimumOutcome:
    at_center, over_box = (
        ErfBallNetwork(box(W, width, bits=bits), box(c[None], width, bits=bits)[0], k, bits)
        for width in (0.0, radius)
    )
    hessian = bound_smallest_eigenvalue(float_balls(over_box.hessian()))
    failure = definiteness_failure(hessian, radius)
    if failure is not None:
        return failure
    orthogonal = bound_smallest_eigenvalue(float_balls(over_box.orthogonal_hessian()))
    lower, off = lower_with_room(hessian), lower_with_room(orthogonal)
    if not (orthogonal.proved > 0 and off > 0):
        return Failure(
            FailureReason.NOT_POSITIVE_DEFINITE_OFF_THE_SPAN,
            f"the smallest eigenvalue of M is about {orthogonal.approximate:.3g}",
        )
    if not lower > 0:
        return Failure(FailureReason.BOX_TOO_WIDE, "there is no room for the checker's rounding")
    with precision(bits):
        norm = root(total(x * x for x in at_center.gradient()))
        mu = arb(str(lower)).lower()
        if not mu * arb(radius) > 2 * norm:
            detail = f"|grad F| <= {float(norm.upper()):.3g} at the centre, curvature {lower}"
            return Failure(FailureReason.GRADIENT_TOO_LARGE, detail)
        loss = loss_at_minimum(at_center.loss(), norm, mu)
        return ErfMinimumCertificate(
            W=W,
            outputs=c,
            k=k,
            radius=radius,
            bits=bits,
            hessian_lower=lower,
            orthogonal_hessian_lower=off,
            location_radius=decimal_above(norm / mu * (1 + arb(2) ** -13), _DIGITS),
            loss_lower=decimal_below(loss),
            loss_upper=decimal_above(loss),
        )


@dataclass(frozen=True)
class ErfBallNetwork:
    """F of erf and its derivatives in weights and outputs, over a box.

    W: students, n rows of d balls; outputs: c, n balls; k: teachers; bits: of every method.
    """

    W: Balls
    outputs: Sequence[Ball]
    k: int
    bits: int

    def loss(self) -> Ball:
        """Return F; K(v, v) = 1/3, and K = 0 of different teachers."""
        with precision(self.bits):
            c = self.outputs
            students = total(
                a * b * _KERNEL.loss_term(p)
                for a, row in zip(c, self._students, strict=True)
                for b, p in zip(c, row, strict=True)
            )
            mixed = total(
                a * _KERNEL.loss_term(p)
                for a, row in zip(c, self._teachers, strict=True)
                for p in row
            )
            return students / 2 - mixed + arb(self.k) / 6

    def gradient(self) -> list[Ball]:
        """Return dF/dW, neuron by neuron, then dF/dc, n d + n balls."""
        with precision(self.bits):
            weights = [
                c * x
                for i, c in enumerate(self.outputs)
                for x in self._summed(i, _KERNEL.gradient_term)
            ]
            slopes = [
                total(c * _KERNEL.loss_term(p) for c, p in self._seen(i))
                for i in range(len(self.W))
            ]
            return weights + slopes

    def hessian(self) -> Any:
        """Return the Hessian in these, an `arb_mat`."""
        n, d = len(self.W), len(self.W[0])
        rows = [[arb(0)] * (n * d + n) for _ in range(n * d + n)]
        with precision(self.bits):
            for i, j in np.ndindex(n, n):
                p, c = self._students[i][j], self.outputs
                block = _KERNEL.hessian_mixed(p) * (c[i] * c[j])
                across = [c[i] * x for x in _KERNEL.gradient_term(p)]
                if i == j:
                    for share, other in self._seen(i):
                        block += _KERNEL.hessian_first(other) * (c[i] * share)
                    force = self._summed(i, _KERNEL.gradient_term)
                    across = [x + y for x, y in zip(across, force, strict=True)]
                for a, entries in enumerate(block.tolist()):
                    rows[i * d + a][j * d : (j + 1) * d] = entries
                    rows[i * d + a][n * d + j] = rows[n * d + j][i * d + a] = across[a]
                rows[n * d + i][n * d + j] = _KERNEL.loss_term(p)
            return arb_mat(rows)

    def orthogonal_hessian(self) -> Any:
        """Return M, (n, n)."""
        c = self.outputs
        with precision(self.bits):
            rows = [
                [c[i] * c[j] * _KERNEL.slopes(p).r for j, p in enumerate(row)]
                for i, row in enumerate(self._students)
            ]
            for i, row in enumerate(rows):
                row[i] += 2 * c[i] * total(s * _KERNEL.slopes(p).p for s, p in self._seen(i))
            return arb_mat(rows)

    def _seen(self, i: int) -> list[tuple[Ball, Pair]]:
        """Neuron i with every student, itself among them, and every teacher, with their outputs."""
        students = list(zip(self.outputs, self._students[i], strict=True))
        return [*students, *((arb(-1), p) for p in self._teachers[i])]

    def _summed(self, i: int, term: Any) -> list[Ball]:
        terms = [[c * x for x in term(p)] for c, p in self._seen(i)]
        return [total(column) for column in zip(*terms, strict=True)]

    @cached_property
    def _students(self) -> list[list[Pair]]:
        neurons = self._neurons
        return [[pair(w, v) for v in neurons] for w in neurons]

    @cached_property
    def _teachers(self) -> list[list[Pair]]:
        teachers = [neuron(row, "a teacher") for row in box(np.eye(self.k, len(self.W[0])))]
        return [[pair(w, v) for v in teachers] for w in self._neurons]

    @cached_property
    def _neurons(self) -> list[Any]:
        with precision(self.bits):
            return [neuron(row, f"neuron {i} of W") for i, row in enumerate(self.W)]
