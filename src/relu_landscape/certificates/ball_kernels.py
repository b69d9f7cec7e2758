"""Activations in balls: the pair kernels K(w, v) = E[s(w . x) s(v . x)] and their derivatives.

The interface is that of `objective.pair_kernels`, on the `Pair` of two neurons over a box, the
formulas written again. With p = |w|^2, q = |v|^2 and r = w . v, for kernels
whose second derivatives in these are finite,

    dK/dw = 2 K_p w + K_r v,
    d2K/dw2 = 2 K_p I + 4 K_pp w w^T + 2 K_pr (w v^T + v w^T) + K_rr v v^T,
    d2K/dw dv = K_r I + 2 K_pr w w^T + 2 K_qr v v^T + K_rr (w v^T + v w^T).

Every ball contains the true values for all w and v of the box.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from flint import arb, arb_mat

from relu_landscape.certificates.erf_slopes import BALLS, ErfSlopes, erf_slopes
from relu_landscape.certificates.pairs import Pair, square_over_norm
from relu_landscape.certificates.precision import Ball


class BallKernel(ABC):
    """An activation in balls, see `BALL_KERNELS`."""

    @abstractmethod
    def loss_term(self, pair: Pair) -> Ball:
        """Return K."""

    @abstractmethod
    def gradient_term(self, pair: Pair) -> list[Ball]:
        """Return dK/dw, (d,)."""

    @abstractmethod
    def hessian_first(self, pair: Pair) -> Any:
        """Return d2K/dw2, (d, d), an `arb_mat`."""

    @abstractmethod
    def hessian_mixed(self, pair: Pair) -> Any:
        """Return d2K/dw dv, (d, d), an `arb_mat`."""


@dataclass(frozen=True)
class LeakyReluBalls(BallKernel):
    """max(z, s z), with s = 0 for the ReLU: K = (1 - s)^2 f + s r."""

    slope: float

    def loss_term(self, pair: Pair) -> Ball:
        """Return (1 - s)^2 f + s r."""
        return self._share * pair.loss() + arb(self.slope) * _inner(pair)

    def gradient_term(self, pair: Pair) -> list[Ball]:
        """Return (1 - s)^2 (|v| sin t w/|w| + (pi - t) v)/(2 pi) + s v, (d,)."""
        circle = self._share / (2 * arb.pi())
        along_first = circle * pair.second.norm * pair.sine
        along_second = circle * pair.supplement + arb(self.slope)
        return _combined(along_first, pair.first.unit, along_second, pair.second.weights)

    def hessian_first(self, pair: Pair) -> Any:
        """Return (1 - s)^2 |v|/(2 pi |w|) (sin t (I - a a^T) + m m^T/sin t), (d, d)."""
        scale = self._share * pair.second.norm / (2 * arb.pi() * pair.first.norm)
        unit = pair.first.unit
        block = square_over_norm(pair.normal, pair.sine) - _outer(unit, unit) * pair.sine
        return (block + _identity(len(unit)) * pair.sine) * scale

    def hessian_mixed(self, pair: Pair) -> Any:
        """Return (1 - s)^2 h2 + s I, (d, d)."""
        added = _identity(len(pair.sum_vector)) * arb(self.slope)
        return pair.mixed_hessian() * self._share + added

    @property
    def _share(self) -> Ball:
        share = 1 - arb(self.slope)
        return share * share


class SlopeBalls(NamedTuple):
    """First and second derivatives of K in p = |w|^2, q = |v|^2 and r = w . v."""

    p: Ball
    r: Ball
    pp: Ball
    pr: Ball
    qr: Ball
    rr: Ball


class SmoothBalls(BallKernel):
    """A kernel whose second derivatives in p, q and r are finite, also at parallel vectors."""

    @abstractmethod
    def slopes(self, pair: Pair) -> SlopeBalls:
        """Return the derivatives of K in p, q and r."""

    def gradient_term(self, pair: Pair) -> list[Ball]:
        """Return 2 K_p w + K_r v, (d,)."""
        slopes = self.slopes(pair)
        return _combined(2 * slopes.p, pair.first.weights, slopes.r, pair.second.weights)

    def hessian_first(self, pair: Pair) -> Any:
        """Return 2 K_p I + 4 K_pp w w^T + 2 K_pr (w v^T + v w^T) + K_rr v v^T, (d, d)."""
        slopes = self.slopes(pair)
        return _form(pair, 2 * slopes.p, 4 * slopes.pp, slopes.rr, 2 * slopes.pr)

    def hessian_mixed(self, pair: Pair) -> Any:
        """Return K_r I + 2 K_pr w w^T + 2 K_qr v v^T + K_rr (w v^T + v w^T), (d, d)."""
        slopes = self.slopes(pair)
        return _form(pair, slopes.r, 2 * slopes.pr, 2 * slopes.qr, slopes.rr)


class ReluSquaredBalls(SmoothBalls):
    """max(z, 0)^2: K = (3 D r + (pi - t)(p q + 2 r^2))/(2 pi) with D = |w| |v| sin t."""

    def loss_term(self, pair: Pair) -> Ball:
        """Return p q (3 sin t cos t + (pi - t)(1 + 2 cos^2 t))/(2 pi)."""
        sine, cosine = pair.sine, pair.cosine
        # A power of a ball around zero is no number.
        shape = 3 * sine * cosine + pair.supplement * (1 + 2 * cosine * cosine)
        return (pair.first.norm * pair.second.norm) ** 2 * shape / (2 * arb.pi())

    def slopes(self, pair: Pair) -> SlopeBalls:
        """Return the derivatives of K in p, q and r."""
        circle, inner, area = 2 * arb.pi(), _inner(pair), _area(pair)
        p, q = pair.first.norm**2, pair.second.norm**2
        return SlopeBalls(
            p=(pair.supplement * q + inner * area / p) / circle,
            r=4 * (area + pair.supplement * inner) / circle,
            pp=-inner * area / p**2 / circle,
            pr=2 * area / p / circle,
            qr=2 * area / q / circle,
            rr=4 * pair.supplement / circle,
        )


class ErfBalls(SmoothBalls):
    """erf(z/sqrt 2): K = (2/pi) atan(r/sqrt S), S = 1 + p + q + |w|^2 |v|^2 sin^2 t."""

    def loss_term(self, pair: Pair) -> Ball:
        """Return (2/pi) atan(r/sqrt S)."""
        return _erf_slopes(pair).value

    def slopes(self, pair: Pair) -> SlopeBalls:
        """Return the derivatives of K in p, q and r."""
        K = _erf_slopes(pair)
        return SlopeBalls(p=K.p, r=K.r, pp=K.pp, pr=K.pr, qr=K.qr, rr=K.rr)


BALL_KERNELS: Final = MappingProxyType(
    {
        "relu": LeakyReluBalls(0.0),
        "absolute_value": LeakyReluBalls(-1.0),
        "relu_squared": ReluSquaredBalls(),
        "erf": ErfBalls(),
    }
)
"""Those that have a name; `LeakyReluBalls(s)` is that of another slope."""


def _inner(pair: Pair) -> Ball:
    """r = |w| |v| cos t."""
    return pair.first.norm * pair.second.norm * pair.cosine


def _area(pair: Pair) -> Ball:
    """|w| |v| sin t."""
    return pair.first.norm * pair.second.norm * pair.sine


def _erf_slopes(pair: Pair) -> ErfSlopes:
    """K of erf and its derivatives, with (1 + p)(1 + q) - r^2 as a sum of squares."""
    p, q, area = pair.first.norm**2, pair.second.norm**2, _area(pair)
    return erf_slopes(1 + p, 1 + q, _inner(pair), 1 + p + q + area * area, BALLS)


def _form(pair: Pair, identity: Ball, first: Ball, second: Ball, both: Ball) -> Any:
    """identity I + first w w^T + second v v^T + both (w v^T + v w^T), (d, d)."""
    w, v = pair.first.weights, pair.second.weights
    across = _outer(w, v)
    squares = _outer(w, w) * first + _outer(v, v) * second
    return _identity(len(w)) * identity + squares + (across + across.transpose()) * both


def _combined(a: Ball, x: Sequence[Ball], b: Ball, y: Sequence[Ball]) -> list[Ball]:
    """a x + b y."""
    return [a * first + b * second for first, second in zip(x, y, strict=True)]


def _outer(x: Sequence[Ball], y: Sequence[Ball]) -> Any:
    """x y^T."""
    return arb_mat(len(x), 1, list(x)) * arb_mat(1, len(y), list(y))


def _identity(size: int) -> Any:
    """The unit matrix."""
    return arb_mat([[int(a == b) for b in range(size)] for a in range(size)])
