r"""A with one neuron more, n = k + 1, in unknowns that are analytic in h = k^(-1/2), also at h = 0.

The k rows of A, and a further row that all permutations fix:

    w_i = a e_i + b sum_{j != i} e_j,   s = f sum_j e_j,
    a = -1 + 2 e + h^3 A,   b = e beta,  beta = 2 + e B,   f = e F,     e = h^2 = 1/k.

The further row is short, |s| = h F, and at the angles pi/2 - O(h) to everything. With
y1 = a + (k - 1) b = 1 + e Y and |w| = N,

    Y = B + h A - e B,   N^2 = 1 + h^3 n,  N = 1 + h^3 nu,
    n = -2 A + h [(2 + h A)^2 - 4 + 4 B + e (B^2 - 4 B) - e^2 B^2].

Cosines: (w_i, w_j) e^2 K_1, N^2 K_1 = beta (B + 2 h A - 2 e B); (w_i, e_j) e beta/N; (w_i, s)
h K_4, K_4 = y1/N; (s, e_j) h. The sine to the line of the own teacher is h S, S = sqrt(1 - e)
beta/N. With
K_4^2 = 1 + e q, q = (Y (2 + e Y) - h n)/N^2, the sines of the last two are sin_5 - sin_4 =
e^2 q/(sin_4 + sin_5), and arcsin(h K_4) - arcsin(h) = arcsin(h^3 Q), Q = q/(K_4 sin_5 + sin_4). The
forces are

    R_w = pi + h (rho - S)/N,   rho = (1 - e)(nu + h z_2 - h^5 N z_1) + F sin_4,
    R_s = pi + (nu sin_4 - h q/(sin_4 + sin_5))/F.

2 pi times the gradient has the components E_1, E_2 of w_i along e_i, e_j, and E_3 of s along e_j:

    E_1 = a R_w + P_1 (k - 1) b + P_4 f - (pi - own angle),
    E_2 = b R_w + P_1 (a + (k - 2) b) + P_4 f - P_2,
    E_3 = f R_s + P_4 y1 - P_5.

The residual is E_1/h, E_2/e, E_3/e; a (-h S)/N - own angle to the line = -h^3 S^3 omega, and the
constants cancel. At h = 0 it is A - F, pi + (pi/2)(B + F) - 2 and pi F - A + (pi/2) B: it vanishes
at A = F = 2, B = 4/pi - 4, and the determinant of its Jacobian is (pi/2)(pi/2 - 1).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from relu_landscape.every_k.branch import residual_at
from relu_landscape.every_k.generic_numbers import Number, arcsine_ratio, root, segment_ratio
from relu_landscape.every_k.scaled_network import NearOrthogonal, ScaledNetwork
from relu_landscape.every_k.scaling import Scale, SymmetricFamily, scale_at
from relu_landscape.families.family import Family

LIMIT: Final = (2.0, 4 / math.pi - 4, 2.0)


class FamilyWithFurtherRow(SymmetricFamily):
    """A with one neuron more; sign and scale are those of A."""

    @property
    def unknowns(self) -> tuple[str, ...]:
        """Names of the entries, scaled."""
        return ("A", "B", "F")


A_WITH_FURTHER_ROW: Final = FamilyWithFurtherRow(Family.A, 0)


class NetworkWithFurtherRow(ScaledNetwork):
    """A with one neuron more at one scale and at any values of its unknowns, critical or not.

    All that the forms of class w read is that of A, with another force.
    """

    def _set_entries(self) -> None:
        h, e = self.scale.h, self.scale.e
        self.a, self.beta = -1 + e * (2 + h * self.A), 2 + e * self.B
        self.row_shift = self.A - h * self.B
        self.row_gap = -1 + h * e * self.row_shift
        self.Y = self.B + h * self.A - e * self.B
        self.w_sum = 1 + e * self.Y
        self.chi = 0

    def _set_lengths(self) -> None:
        h, e, A, B = self.scale.h, self.scale.e, self.A, self.B
        square = (2 + h * A) * (2 + h * A) - 4 + 4 * B + e * B * (B - 4) - e * e * B * B
        self.stretch = h * square - 2 * A
        self.N = root(1 + h * e * self.stretch)
        self.nu = self.stretch / (self.N + 1)
        self.M = h * self.F

    def _set_pairs(self) -> None:
        scale, N = self.scale, self.N
        h, e = scale.h, scale.e
        slope = self.beta * (self.B + 2 * h * self.A - 2 * e * self.B) / (N * N)
        self.ww = self._near_orthogonal(slope, e)
        self.we = self._near_orthogonal(self.beta / N)
        self.ws = _at_short_row(scale, self.w_sum / N)
        self.se = _at_short_row(scale, 1)
        # K_4^2 = 1 + e q
        excess = (self.Y * (2 + e * self.Y) - h * self.stretch) / (N * N)
        apart = excess / (self.ws.slope * self.se.sine + self.ws.sine)
        # (arcsin(h K_4) - arcsin(h))/h^3
        self.turn_difference = apart * arcsine_ratio(e * e * e * apart * apart)
        # (sin_5 - sin_4)/e^2
        self.sine_difference = excess / (self.ws.sine + self.se.sine)

    def _set_own_pairs(self) -> None:
        h = self.scale.h
        self.own_size, self.own_b, self.own_c = h, self.beta, 0
        self.own_sine = root(self.scale.share(1)) * self.beta / self.N
        full = h * self.own_sine
        self.own_segment = segment_ratio(full * full)

    def _set_forces(self) -> None:
        scale, N = self.scale, self.N
        h, e = scale.h, scale.e
        bends = h * self.we.bend - h * e * e * N * self.ww.bend
        self.rho = scale.share(1) * (self.nu + bends) + self.F * self.ws.sine
        self.R_w = scale.pi + h * (self.rho - self.own_sine) / N
        self.pull = self.nu * self.ws.sine - h * self.sine_difference
        self.R_s = scale.pi + self.pull / self.F


def residual_with_further_row(x: NetworkWithFurtherRow) -> list[Number]:
    """Return the scaled equations, one for each unknown; zero at critical points only.

    In E_1, pi a + (pi/2)(1 - e) beta = pi e + pi h^3 A + (pi/2)(1 - e) e B.
    """
    scale, half = x.scale, x.scale.pi / 2
    h, e, q1 = scale.h, scale.e, scale.share(1)
    rows = 2 * half * (1 + h * x.A) + half * q1 * x.B
    turned = e * x.ww.turn * q1 * x.beta - h * x.own_sine * x.own_sine * x.own_sine * x.own_segment
    own = x.a * x.rho / x.N + h * (rows + turned + x.ws.supplement * x.F)
    other = x.beta * (x.R_w - half) + half * x.Y + e * x.ww.turn * (x.w_sum - e * x.beta)
    other = other + x.ws.supplement * x.F - x.we.turn
    further = 2 * half * x.F + x.pull + half * x.Y + h * (x.turn_difference + x.ws.turn * x.Y)
    return [own, other, further]


@residual_at.register
def _(
    _: FamilyWithFurtherRow, h: Number, unknowns: Sequence[Number], pi: Number | None = None
) -> list[Number]:
    return residual_with_further_row(with_further_row_at(h, unknowns, pi))


def with_further_row_at(
    h: Number, unknowns: Sequence[Number], pi: Number | None = None
) -> NetworkWithFurtherRow:
    """Return the network at h = k^(-1/2), in balls or series of balls if pi is none."""
    family = A_WITH_FURTHER_ROW
    named = dict(zip(family.unknowns, unknowns, strict=True))
    return NetworkWithFurtherRow(family, scale_at(family, h, pi), named)


def _at_short_row(scale: Scale, slope: Number) -> NearOrthogonal:
    """The pair of cosine h K."""
    square = scale.e * slope * slope
    sine = root(1 - square)
    turn = slope * arcsine_ratio(square)
    supplement = scale.pi / 2 + scale.h * turn
    return NearOrthogonal(slope, slope * slope / (1 + sine), turn, sine, supplement)
