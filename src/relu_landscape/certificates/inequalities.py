"""Where convexity fails next to global minima: one enclosed inequality at one rational point each.

S21 says that these fail in every neighbourhood of a global minimum W* of n > k neurons: convexity
(Theorem 4), one-point strong convexity and the PL inequality (Theorems 7 and 9), each by points
that come close to W*. A certificate is one such point, with the distance from W* and the number
that fails there: a negative curvature, or a quotient that any constant would have to stay below.
The points are those of S21, in exact fractions; those of Conjecture 12 are in
`global_minima.witnesses`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from flint import arb
from numpy.typing import NDArray

from relu_landscape.arguments import (
    as_fractions,
    checked_arguments,
    exact_array,
    exact_fraction,
    instance_of,
    one_of,
    whole_number,
)
from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import (
    Ball,
    Balls,
    ball_bits,
    box,
    dot,
    precision,
    root,
    total,
)
from relu_landscape.certificates.rounding import decimal_above
from relu_landscape.global_minima.witnesses import WITNESSES, witness_weights

Fractions: TypeAlias = NDArray[np.object_]

# F ~ eps^3 next to W*: this leaves many digits of it down to eps = 1e-12.
INEQUALITY_BITS: Final = 192
_DIGITS: Final = 12


class Quantity(StrEnum):
    """What is bounded from above; W* is a global minimum, G = W - W*. The list is closed."""

    HESSIAN_FORM = "hessian_form"  # U^T H(W) U/|U|^2: negative, F is not convex (Theorem 4)
    ONE_POINT_GRADIENT = "one_point_gradient"  # <grad F(W), G>/|G|^2 (Theorem 7)
    ONE_POINT_HESSIAN = "one_point_hessian"  # G^T H(W) G/|G|^2 (Theorem 7)
    PL_RATIO = "pl_ratio"  # |grad F(W)|^2/(2 F(W)) (Theorem 9)
    # G^T H(W) G - (|g|^2 + (1 - 2/pi) sum_i |g_i|^2)/4: negative, the conjecture fails there
    CONJECTURE12_GAP = "conjecture12_gap"


@dataclass(frozen=True)
class FailingPoint:
    """A rational point next to a global minimum of the teachers e_1, ..., e_k of R^d.

    k: teachers; weights: W, (n, d); minimum: W*, (n, d); direction: U, (n, d), of what is curved,
    G where there is no other. All are fractions.
    """

    k: int
    weights: Fractions
    minimum: Fractions
    direction: Fractions

    def __post_init__(self) -> None:
        object.__setattr__(self, "k", whole_number(self.k, "k"))
        for name in ("weights", "minimum", "direction"):
            matrix = as_fractions(exact_array(getattr(self, name), name))
            if matrix.ndim != 2 or matrix.shape != np.shape(self.weights):
                raise ValueError(
                    f"{name} has shape {matrix.shape} and weights {np.shape(self.weights)}; all "
                    "three matrices of a point have one shape (n, d)"
                )
            object.__setattr__(self, name, matrix)


@dataclass(frozen=True)
class InequalityCertificate:
    """Proof that a quantity is at most `upper` at a rational point.

    distance_upper: upper bound of |W - W*|; bits: precision of the balls.
    """

    quantity: Quantity
    point: FailingPoint
    upper: Decimal
    distance_upper: Decimal
    bits: int


InequalityOutcome: TypeAlias = InequalityCertificate | Failure


@checked_arguments(quantity=one_of(*Quantity), point=instance_of(FailingPoint), bits=ball_bits)
def certify_inequality(
    quantity: Quantity, point: FailingPoint, *, bits: int = INEQUALITY_BITS
) -> InequalityOutcome:
    """Prove an upper bound of a quantity at a rational point, to 12 digits.

    A Hessian form and a gap of Conjecture 12 count only if they are negative.

    Args:
        quantity: what to bound.
        point: where.
        bits: precision of the balls.

    Returns:
        The certificate, or that the sign was not decided.

    Raises:
        ValueError: no such quantity; a point whose minimum is no global one or, for the gap, does
            not share each teacher equally, row after row; bits not from 53 to 4096.

    Source: S21, Theorems 4, 7, 9 and Conjecture 12.
    """
    _check_minimum(point.minimum, point.k)
    if quantity is Quantity.CONJECTURE12_GAP:
        _check_equal_shares(point.minimum, point.k)
    V = np.eye(point.k, point.weights.shape[1])
    network = BallNetwork(box(point.weights, bits=bits), box(V, bits=bits), bits)
    shift = box(point.weights - point.minimum, bits=bits)
    with precision(bits):
        value = _EVALUATE[quantity](_Place(network, point, shift))
        bounded = value.is_finite() and (value < 0 or quantity not in _NEGATIVE)
        if not bounded:
            return Failure(FailureReason.INEQUALITY_NOT_SHOWN, f"{quantity} is in {value.str(10)}")
        return InequalityCertificate(
            quantity=quantity,
            point=point,
            upper=decimal_above(value, _DIGITS),
            distance_upper=decimal_above(root(_square(shift)), _DIGITS),
            bits=bits,
        )


@checked_arguments(
    n=whole_number, k=whole_number, d=whole_number, share=exact_fraction, epsilon=exact_fraction
)
def certify_failures(
    n: int, k: int, d: int, share: Fraction, epsilon: Fraction
) -> list[InequalityOutcome]:
    """Prove all failures of convexity at the points of one size, n > k.

    Args:
        n: students; k: teachers, 2 <= k < n; d: inputs, d >= k.
        share: a, strictly between 0 and 1, a fraction.
        epsilon: size of the displacement, positive, a fraction.

    Returns:
        Negative curvature at the tilted pair; one-point quotients, by gradient and by Hessian, and
        the PL ratio at the spread pair.
    """
    spread = spread_pair(n, k, d, share, epsilon)
    return [
        certify_inequality(Quantity.HESSIAN_FORM, tilted_pair(n, k, d, share, epsilon)),
        *(
            certify_inequality(quantity, spread)
            for quantity in (
                Quantity.ONE_POINT_GRADIENT,
                Quantity.ONE_POINT_HESSIAN,
                Quantity.PL_RATIO,
            )
        ),
    ]


@checked_arguments(
    n=whole_number, k=whole_number, d=whole_number, share=exact_fraction, epsilon=exact_fraction
)
def tilted_pair(n: int, k: int, d: int, share: Fraction, epsilon: Fraction) -> FailingPoint:
    """Return the point of Theorem 4: w_1 = a (v_1 + eps v_2), w_2 = (1 - a)(v_1 + eps v_2).

    The direction is (z, -z) on the two neurons, z = v_2 - eps v_1 orthogonal to both.

    Args:
        n: students; k: teachers, 2 <= k < n; d: inputs, d >= k.
        share: a, strictly between 0 and 1, a fraction.
        epsilon: tangent of the tilt, positive, a fraction.

    Raises:
        ValueError: a number out of range.

    Source: S21, Theorem 4, with the unit vector u = v_2.
    """
    minimum = _split_minimum(n, k, d, share, epsilon)
    weights, direction = minimum.copy(), _zeros(n, d)
    weights[:2, 1] = epsilon * minimum[:2, 0]
    direction[:2, 0] = [-epsilon, epsilon]
    direction[:2, 1] = [Fraction(1), Fraction(-1)]
    return FailingPoint(k, weights, minimum, direction)


@checked_arguments(
    n=whole_number, k=whole_number, d=whole_number, share=exact_fraction, epsilon=exact_fraction
)
def spread_pair(n: int, k: int, d: int, share: Fraction, epsilon: Fraction) -> FailingPoint:
    """Return the point of Theorems 7 and 9: w_1 = a v_1 + eps v_2, w_2 = (1 - a) v_1 - eps v_2.

    Args and raises: as for `tilted_pair`; epsilon is the length of each displacement.

    Source: S21, proofs of Theorems 7 and 9.
    """
    minimum = _split_minimum(n, k, d, share, epsilon)
    weights = minimum.copy()
    weights[:2, 1] = [epsilon, -epsilon]
    return FailingPoint(k, weights, minimum, weights - minimum)


@checked_arguments(name=one_of(*WITNESSES), scale=exact_fraction)
def witness(name: str, scale: Fraction) -> FailingPoint:
    """Return a witness against Conjecture 12 by name: k = d = 2, m = 1 or 2 students a teacher.

    Args:
        name: a key of `global_minima.witnesses.WITNESSES`.
        scale: s, a fraction.

    Raises:
        ValueError: no witness of this name.
    """
    weights = witness_weights(WITNESSES[name], scale)
    m = len(weights) // 2
    minimum = np.repeat(np.eye(2, dtype=int).astype(object), m, axis=0) * Fraction(1, m)
    return FailingPoint(2, weights, minimum, weights - minimum)


class _Place(NamedTuple):
    """A point in balls, with its displacement G from the minimum."""

    network: BallNetwork
    point: FailingPoint
    shift: Balls


def _hessian_form(at: _Place) -> Ball:
    direction = box(at.point.direction, bits=at.network.bits)
    return at.network.hessian_form(direction) / _square(direction)


def _one_point_gradient(at: _Place) -> Ball:
    along = total(dot(g, x) for g, x in zip(at.network.gradient(), at.shift, strict=True))
    return along / _square(at.shift)


def _one_point_hessian(at: _Place) -> Ball:
    return at.network.hessian_form(at.shift) / _square(at.shift)


def _pl_ratio(at: _Place) -> Ball:
    return _square(at.network.gradient()) / (2 * at.network.loss())


def _conjecture12_gap(at: _Place) -> Ball:
    k, m = at.point.k, len(at.shift) // at.point.k
    sums = [
        [total(column) for column in zip(*at.shift[i * m : (i + 1) * m], strict=True)]
        for i in range(k)
    ]
    overall = [total(column) for column in zip(*sums, strict=True)]
    bound = (dot(overall, overall) + (1 - 2 / arb.pi()) * _square(sums)) / 4
    return at.network.hessian_form(at.shift) - bound


_NEGATIVE: Final = frozenset({Quantity.HESSIAN_FORM, Quantity.CONJECTURE12_GAP})
_EVALUATE: Final[Mapping[Quantity, Callable[[_Place], Ball]]] = MappingProxyType(
    {
        Quantity.HESSIAN_FORM: _hessian_form,
        Quantity.ONE_POINT_GRADIENT: _one_point_gradient,
        Quantity.ONE_POINT_HESSIAN: _one_point_hessian,
        Quantity.PL_RATIO: _pl_ratio,
        Quantity.CONJECTURE12_GAP: _conjecture12_gap,
    }
)


def _square(rows: Balls) -> Ball:
    return total(dot(row, row) for row in rows)


def _zeros(n: int, d: int) -> Fractions:
    zeros: Fractions = np.array([[Fraction(0)] * d for _ in range(n)], dtype=object)
    return zeros


def _check_minimum(minimum: Fractions, k: int) -> None:
    """Refuse rows that are no positive shares of teachers adding up to one (S21, Theorem 2)."""
    shares = minimum[:, :k]
    alone = (minimum != 0).sum(axis=1) == 1
    if not (alone & (shares > 0).any(axis=1)).all() or not (shares.sum(axis=0) == 1).all():
        raise ValueError(
            "the point's minimum is no global one: each row must be a positive share of a teacher, "
            "and the shares of each teacher must add up to one"
        )


def _check_equal_shares(minimum: Fractions, k: int) -> None:
    m, rest = divmod(len(minimum), k)
    if rest or not (minimum[np.arange(m * k), np.repeat(np.arange(k), m)] == Fraction(1, m)).all():
        raise ValueError(
            f"the gap of Conjecture 12 needs the same number of students for each of k = {k} "
            "teachers, one after the other, with equal shares"
        )


def _split_minimum(n: int, k: int, d: int, share: Fraction, epsilon: Fraction) -> Fractions:
    """A global minimum whose first two rows share v_1; further ones share the other teachers."""
    if not 2 <= k < n or d < k:
        raise ValueError(f"got n = {n}, k = {k}, d = {d}; needs 2 <= k < n and k <= d")
    if not 0 < share < 1 or not epsilon > 0:
        raise ValueError(f"got share {share} and epsilon {epsilon}; needs 0 < a < 1 and eps > 0")
    minimum = _zeros(n, d)
    minimum[:2, 0] = [share, 1 - share]
    others = [1 + i % (k - 1) for i in range(n - 2)]
    for row, teacher in enumerate(others, start=2):
        minimum[row, teacher] = Fraction(1, others.count(teacher))
    return minimum
