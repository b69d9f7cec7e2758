"""Minima of the loss of students and one gated linear unit, searched in floats, proved in balls.

F_end(W, a, p) as in `objective.gated_unit`, without its dependence on the length of a: a moves in
a0 + a0-perp. The same lines give value, gradient and Hessian in floats and in balls.

At the end of a half-line of signed splits of neuron i the unit is p = w_i, a along w_i. With
displacements u of p and y of a, taken as |a| = |w_i|,

    Q_end(u, y, others) = Q(u, others) - (u - y)^T H'_ii (u - y),

Q that of F at W: where H'_ii is negative definite off w_i, and so the half-line one of minima, its
end is a strict minimum of F_end, of the same loss. The certificate of the one is that of the other.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from flint import arb, arb_mat
from numpy.typing import NDArray
from scipy.optimize import minimize

from relu_landscape.certificates.definiteness import bound_smallest_eigenvalue
from relu_landscape.certificates.minimum import loss_at_minimum, lower_with_room
from relu_landscape.certificates.network import BallNetwork
from relu_landscape.certificates.precision import Ball, box, exact, precision, root, total
from relu_landscape.certificates.rounding import decimal_above, decimal_below, float_balls
from relu_landscape.fewer_students.jets import Jet, Real, composed, constant, variables_at
from relu_landscape.objective.gated_unit import pair_near_gated_unit

BITS: Final = 128
RADIUS: Final = 2.0**-30
_NEWTON_STEPS: Final = 40


@dataclass(frozen=True)
class UnitNetwork:
    """Students of output 1, (n, d), and a unit (p . x) 1(a . x > 0), gate a (d,), linear p (d,)."""

    W: NDArray[np.float64]
    gate: NDArray[np.float64]
    linear: NDArray[np.float64]

    @property
    def across(self) -> NDArray[np.float64]:
        """p', the part of p orthogonal to a, (d,)."""
        unit = self.gate / np.linalg.norm(self.gate)
        across: NDArray[np.float64] = self.linear - (self.linear @ unit) * unit
        return across


@dataclass(frozen=True)
class UnitMinimum:
    """What balls prove: one strict minimum of F_end in a box, the gate moving in a0 + a0-perp.

    loss_lower, loss_upper: enclosure of F_end there; hessian_lower: bound of the Hessian over the
    box; across_lower: lower bound of |p'| there.
    """

    loss_lower: float
    loss_upper: float
    hessian_lower: float
    across_lower: float


def search_minimum(start: UnitNetwork, V: NDArray[np.float64]) -> UnitNetwork | None:
    """Return a critical point of F_end next to where a quasi-Newton search ends, None if none is.

    None as well where two neurons became parallel, as at global minima, where the unit is a teacher
    and F_end has no strict minimum.

    Args:
        start: where to begin.
        V: teachers, (k, d).
    """
    chart = _Chart(start, V)

    def value(x: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        jet = chart.loss([float(entry) for entry in x])
        return float(jet.value), jet.gradient.astype(np.float64)

    try:
        found = chart.network(minimize(value, chart.start, jac=True, method="BFGS").x)
        return _polished(found, V)
    except _ParallelError:
        return None


def _polished(point: UnitNetwork, V: NDArray[np.float64]) -> UnitNetwork | None:
    """Newton's method, from a point and with a gate of length 1."""
    for _ in range(_NEWTON_STEPS):
        chart = _Chart(point, V)
        jet = chart.loss([float(entry) for entry in chart.start])
        try:
            step = np.linalg.solve(jet.hessian.astype(np.float64), jet.gradient.astype(np.float64))
        except np.linalg.LinAlgError:
            return None
        length = float(np.linalg.norm(step))
        if not length < 0.1:
            return None
        point = chart.network(chart.start - step)
        if length < 1e-12:
            return point
    return None


def prove_minimum(point: UnitNetwork, V: NDArray[np.float64]) -> UnitMinimum | None:
    """Return what is proved of a strict minimum of F_end next to a point, None if nothing is.

    The argument is that of `certificates.minimum`: curvature mu over a ball of radius r around the
    centre, and mu r > 2 |grad F_end| there.

    Args:
        point: next to a minimum.
        V: teachers, (k, d), meant exactly.
    """
    chart = _Chart(point, V)
    with precision(BITS):
        center = [exact(float(entry)) for entry in chart.start]
        over_box = chart.loss([entry + arb(0, RADIUS) for entry in center])
        at_center = chart.loss(center)
        hessian = arb_mat(over_box.hessian.tolist())
        if not all(entry.is_finite() for entry in hessian.entries()):
            return None
        bound = bound_smallest_eigenvalue(float_balls(hessian))
        if not (bound.proved > 0 and lower_with_room(bound) > 0):
            return None
        mu = arb(str(lower_with_room(bound))).lower()
        gradient_norm = root(total(entry * entry for entry in at_center.gradient))
        if not mu * RADIUS > 2 * gradient_norm:
            return None
        loss = loss_at_minimum(at_center.value, gradient_norm, mu)
        across = chart.across([entry + arb(0, RADIUS) for entry in center])
        return UnitMinimum(
            float(decimal_below(loss)),
            float(decimal_above(loss)),
            float(lower_with_room(bound)),
            max(0.0, float(decimal_below(across.lower()))),
        )


def fall_of_pair(point: UnitNetwork, V: NDArray[np.float64], gamma: float) -> Ball:
    """Return F_end - F, of a pair of students in place of the unit, in a ball.

    Args:
        point: students and the unit.
        V: teachers, (k, d).
        gamma: size of the pair, as for `pair_near_gated_unit`.
    """
    students = np.vstack([point.W, pair_near_gated_unit(point.gate, point.linear, gamma)])
    outputs = [1] * (len(point.W) + 1) + [-1]
    network = BallNetwork(box(students, bits=BITS), box(V, bits=BITS), BITS, outputs)
    chart = _Chart(point, V)
    with precision(BITS):
        end = chart.loss([exact(float(entry)) for entry in chart.start]).value
        return end - network.loss()


class _ParallelError(ArithmeticError):
    """Two neurons are so nearly parallel that floats do not tell their angle."""


class _Chart:
    """Coordinates around a network: entries of W, of p, and of a in a0 + a0-perp, |a0| = 1."""

    def __init__(self, around: UnitNetwork, V: NDArray[np.float64]) -> None:
        self.n, self.d = around.W.shape
        self.V = V
        self.gate = around.gate / np.linalg.norm(around.gate)
        self.turns = np.linalg.qr(self.gate[:, None], mode="complete")[0][:, 1:]
        self.start = np.concatenate([around.W.ravel(), around.linear, np.zeros(self.d - 1)])

    def network(self, x: NDArray[np.float64]) -> UnitNetwork:
        """The network at these coordinates."""
        W, p, t = np.split(x, [self.n * self.d, (self.n + 1) * self.d])
        return UnitNetwork(W.reshape(self.n, self.d), self.gate + self.turns @ t, p)

    def loss(self, x: Sequence[Real]) -> Jet:
        """F_end at coordinates, all floats or all balls."""
        number, jets = type(x[0]), variables_at(x)
        W, p, a = self._parts(jets)
        V = [[_fixed(number(float(entry)), jets[0]) for entry in row] for row in self.V]
        quarter, minus = number(0.25), number(-1.0)
        loss = _square(p).times(quarter)
        for i, w in enumerate(W):
            loss += _square(w).times(quarter)
            for other in W[:i]:
                loss += _pair_loss(w, other)
            loss += _unit_slope(a, p, w)
            for v in V:
                loss += _pair_loss(w, v).times(minus)
        for j, v in enumerate(V):
            loss += _square(v).times(quarter)
            loss += _unit_slope(a, p, v).times(minus)
            for other in V[:j]:
                loss += _pair_loss(v, other)
        return loss

    def across(self, x: Sequence[Ball]) -> Ball:
        """|p'| at coordinates that are balls."""
        _, p, a = self._parts(variables_at(x))
        along = _dot(p, a).value
        return root(_square(p).value - along * along / _square(a).value)

    def _parts(self, jets: Sequence[Jet]) -> tuple[list[list[Jet]], list[Jet], list[Jet]]:
        """Rows of W, p and a."""
        number, n, d = type(jets[0].value), self.n, self.d
        W = [list(jets[i * d : (i + 1) * d]) for i in range(n)]
        p, t = list(jets[n * d : (n + 1) * d]), jets[(n + 1) * d :]
        a = []
        for entry, row in zip(self.gate.tolist(), self.turns.tolist(), strict=True):
            coordinate = _fixed(number(entry), jets[0])
            for factor, turn in zip(row, t, strict=True):
                coordinate += turn.times(number(factor))
            a.append(coordinate)
        return W, p, a


def _fixed(value: Real, like: Jet) -> Jet:
    return constant(value, len(like.gradient))


def _dot(x: Sequence[Jet], y: Sequence[Jet]) -> Jet:
    products = [first * second for first, second in zip(x, y, strict=True)]
    return sum(products[1:], start=products[0])


def _square(x: Sequence[Jet]) -> Jet:
    return _dot(x, x)


def _angle(D: Real, N: Real) -> tuple[Real, Real]:
    """S = sqrt(N - D^2) and pi - t, of vectors with inner product D and product of squares N."""
    if isinstance(D, float):
        if not N - D * D > 0:
            raise _ParallelError
        return math.sqrt(N - D * D), math.atan2(math.sqrt(N - D * D), -D)
    return (N - D * D).sqrt(), (-D / N.sqrt()).acos()


def _two_pi(like: Real) -> Real:
    return 2.0 * math.pi if isinstance(like, float) else 2 * arb.pi()


def _pair_loss(w: Sequence[Jet], v: Sequence[Jet]) -> Jet:
    """f(w, v) = (S + (pi - t) D)/(2 pi) as a function of N = |w|^2 |v|^2 and D = w . v."""
    n, inner = _square(w) * _square(v), _dot(w, v)
    N, D = n.value, inner.value
    S, supplement = _angle(D, N)
    mixed = -D / (2 * N * S)
    jet = composed(
        S + supplement * D,
        [S / (2 * N), supplement],
        [[1 / (4 * S * N) - S / (2 * N * N), mixed], [mixed, 1 / S]],
        [n, inner],
    )
    return jet.times(1 / _two_pi(D))


def _unit_slope(a: Sequence[Jet], p: Sequence[Jet], w: Sequence[Jet]) -> Jet:
    """p . g(a, w) = (S p . a/|a|^2 + (pi - t) p . w)/(2 pi)."""
    square, inner = _square(a), _dot(a, w)
    n = square * _square(w)
    A, N, D = square.value, n.value, inner.value
    S, supplement = _angle(D, N)
    cube = S * S * S
    sine = composed(
        S,
        [1 / (2 * S), -D / S],
        [[-1 / (4 * cube), D / (2 * cube)], [D / (2 * cube), -N / cube]],
        [n, inner],
    )
    turn = composed(
        supplement,
        [-D / (2 * N * S), 1 / S],
        [
            [D / (2 * N * N * S) + D / (4 * N * cube), -1 / (2 * cube)],
            [-1 / (2 * cube), D / cube],
        ],
        [n, inner],
    )
    reciprocal = composed(1 / A, [-1 / (A * A)], [[2 / (A * A * A)]], [square])
    jet = sine * _dot(p, a) * reciprocal + turn * _dot(p, w)
    return jet.times(1 / _two_pi(D))
