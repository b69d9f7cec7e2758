r"""II_1 with one neuron more, n = k + 1, in unknowns that are analytic in h = k^(-1/2) at h = 0.

Two rows share the place of the special one; the first is short, at an angle of size 1 to the line
of f_1, the other is near -f_1. With p = k - 1, e = h^2, q_j = 1 - (j + 1) e,

    w_i = a e_i + b sum_{j != i} e_j + c f_1,   s = f 1_0 + d f_1,   s' = f' 1_0 + d' f_1,
    a = 1 + h^3 A,  b = e^2 B,  c = e C,  f = e F,  d = h D,  f' = e G,  d' = -1 + h H.

y1 = a + (p - 1) b = 1 + e Y, Y = h A + q_1 B. Lengths: N^2 = 1 + h^3 n, N = 1 + h^3 nu;
|s| = h m, m^2 = D^2 + q_0 F^2; |s'|^2 = 1 + h g, M = |s'| = 1 + h mu. Cosines:

    ww e^2 K,  we e^2 B/N,  wf e C/N,  ws h (y1 F + h C D)/(N m),  ws' e (y1 G + C d')/(N M),
    se h F/m,  sf D/m,  s'e e G/M,  ss' (h q_0 F G + D d')/(m M),

the sines to the lines of the own teachers are e S_w and h S, S = sqrt(q_0) G/M. Angles that agree
in the limit are subtracted by the sine of their difference, sines by that of their squares:

    arcsin(ws) - arcsin(se) = arcsin(e tau),   arcsin(ss') + arcsin(sf) = arcsin(h psi).

2 pi times the gradient has the components E_1, E_2, E_3 of w along e_i, e_j, f_1, and E_4, E_5 of s
and E_6, E_7 of s' along e_j and f_1. The residual is

    E_1/h,  E_2/e,  E_3,  E_4/e,  E_6/e,  (E_5 - E_3)/h,  (E_7 - E_3)/h.

At h = 0, with x the angle of s and f_1, cos x = D/m, and C = 2,

    A + m - H = 0,   B + F + G = 0,   F R + (pi/2) B + 2 D/m + x G = 0,
    pi G + (pi/2) B - 2 + x F = 0,    D R + 2 F/m + x H - G - (pi/2)(D + H) = 0,
    (pi/2)(H - D) + x D - A - F = 0,  R = pi + (A - 2 F D/m^2 + (D G - H F)/m)/m.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from relu_landscape.every_k.branch import residual_at
from relu_landscape.every_k.generic_numbers import Number, arcsine_ratio, root
from relu_landscape.every_k.scaled_network import NearOrthogonal, ScaledNetwork
from relu_landscape.every_k.scaling import Scale, SymmetricFamily, scale_at
from relu_landscape.families.family import Family

# Solution of the equations above, in the order of the unknowns: a guess.
LIMIT: Final = (
    -0.572287878935855,
    -1.614589890520955,
    2.0,
    0.917878789760366,
    -1.388335110872584,
    0.696711100760589,
    1.092036564426540,
)


class FamilyWithSplitSpecialRow(SymmetricFamily):
    """II_1 with one neuron more, which is no split point; sign and scale are those of II_1."""

    @property
    def unknowns(self) -> tuple[str, ...]:
        """Names of the entries, scaled."""
        return ("A", "B", "C", "F", "D", "G", "H")


II_WITH_SPLIT_SPECIAL_ROW: Final = FamilyWithSplitSpecialRow(Family.II, 1)


class NetworkWithSplitSpecialRow(ScaledNetwork):
    """II_1 with one neuron more at one scale and at any values of its unknowns, critical or not.

    All that the forms of class w read is that of II_1, with other powers of h. Beside the pairs ww,
    we, wf, ws, se, sf of the short row s: wt, te, st of s' = t, and own_sine, special_sine are the
    sines of w and s' to the lines of their teachers over e and h.
    """

    def __init__(
        self, family: SymmetricFamily, scale: Scale, unknowns: Mapping[str, Number]
    ) -> None:
        self.H = unknowns["H"]
        super().__init__(family, scale, unknowns)

    def _set_entries(self) -> None:
        scale = self.scale
        h, e = scale.h, scale.e
        self.a, self.d = 1 + h * e * self.A, h * self.H - 1
        self.beta, self.chi = e * self.B, self.C
        self.row_shift = self.A - h * self.B
        self.row_gap = 1 + h * e * self.row_shift
        self.Y = h * self.A + scale.share(1) * self.B
        self.w_sum = 1 + e * self.Y

    def _set_lengths(self) -> None:
        h, e = self.scale.h, self.scale.e
        q0, q1 = self.scale.share(0), self.scale.share(1)
        A, B, C, D, F, G, H = self.A, self.B, self.C, self.D, self.F, self.G, self.H
        n = 2 * A + h * C * C + h * e * (A * A + q1 * B * B)
        self.N = root(1 + h * e * n)
        self.nu = n / (self.N + 1)
        self.m = root(D * D + q0 * F * F)
        self.square = h * (H * H + q0 * G * G) - 2 * H
        self.M = root(1 + h * self.square)
        self.mu = self.square / (self.M + 1)

    def _set_pairs(self) -> None:
        h, e, q0 = self.scale.h, self.scale.e, self.scale.share(0)
        N, M, m = self.N, self.M, self.m
        B, C, D, F, G = self.B, self.C, self.D, self.F, self.G
        own = 2 * self.a * B + e * (1 - 3 * e) * B * B + C * C
        self.ww = self._pair(e * e, own / (N * N))
        self.we = self._pair(e, self.beta / N)
        self.wf = self._pair(e, C / N)
        self.ws = self._pair(h, (self.w_sum * F + h * C * D) / (N * m))
        self.wt = self._pair(e, (self.w_sum * G + C * self.d) / (N * M))
        self.se = self._pair(h, F / m)
        self.sf = self._pair(1, D / m)
        self.te = self._pair(e, G / M)
        self.st = self._pair(1, (h * q0 * F * G + D * self.d) / (m * M))
        self._set_differences()

    def _pair(self, size: Number, slope: Number) -> NearOrthogonal:
        """The pair of cosine (size) K."""
        cosine = size * slope
        sine = root(1 - cosine * cosine)
        turn = slope * arcsine_ratio(cosine * cosine)
        supplement = self.scale.pi / 2 + size * turn
        return NearOrthogonal(slope, slope * slope / (1 + sine), turn, sine, supplement)

    def _set_own_pairs(self) -> None:
        h, e = self.scale.h, self.scale.e
        square = self.C * self.C + e * self.scale.share(1) * self.B * self.B
        self.own_size, self.own_b, self.own_c = e, h * self.B, self.C
        self.own_sine = root(square) / self.N
        self.special_sine = root(self.scale.share(0)) * self.G / self.M

    def _set_differences(self) -> None:
        h, e, q0 = self.scale.h, self.scale.e, self.scale.share(0)
        N, M, m = self.N, self.M, self.m
        C, D, F, G, H = self.C, self.D, self.F, self.G, self.H
        ws, se, st, sf = self.ws, self.se, self.st, self.sf
        # (K_ws - K_se)/h
        self.slope_difference = (h * self.Y * F + C * D - e * self.nu * F) / (N * m)
        slopes = self.slope_difference * (ws.slope + se.slope)
        tau = slopes / (ws.slope * se.sine + se.slope * ws.sine)
        self.turn_difference = tau * arcsine_ratio(e * e * tau * tau)
        # (sin_se - sin_ws)/h^3
        self.sine_difference = slopes / (ws.sine + se.sine)
        # (K_st + K_sf)/h
        self.slope_sum = (q0 * F * G + D * (H + self.mu)) / (m * M)
        psi = self.slope_sum * (st.slope - sf.slope)
        psi = psi / (st.slope * sf.sine - sf.slope * st.sine)
        self.turn_sum = psi * arcsine_ratio(e * psi * psi)
        # (M sin_ss' - sin_sf)/h
        own = h * q0 * q0 * F * F * G * G + 2 * q0 * F * G * D * self.d
        own = own + D * D * H * (h * H - 2)
        self.special_difference = (self.square - own / (m * m)) / (M * st.sine + sf.sine)

    def _set_forces(self) -> None:
        pi, h, e = self.scale.pi, self.scale.h, self.scale.e
        q0, q1, N, M, m = self.scale.share(0), self.scale.share(1), self.N, self.M, self.m
        rho = q1 * (self.nu + h * self.we.bend - h * e * e * N * self.ww.bend)
        rho = rho + m * self.ws.sine + self.mu - h * self.own_sine
        self.rho = rho + h * e * (self.wf.bend - M * self.wt.bend)
        self.R_w = pi + h * self.rho / N
        rows = q0 * (self.nu * self.ws.sine - self.sine_difference)
        self.R_s = pi + (rows + self.special_difference) / m
        rows = q0 * (self.nu + h * (self.te.bend - N * self.wt.bend))
        self.pull = (rows + m * self.st.sine - self.special_sine) / M
        self.R_t = pi + h * self.pull


def residual_with_split_special_row(x: NetworkWithSplitSpecialRow) -> list[Number]:
    """Return the scaled equations, one for each unknown; zero at critical points only."""
    scale, half = x.scale, x.scale.pi / 2
    h, e, q0, q1 = scale.h, scale.e, scale.share(0), scale.share(1)
    A, B, C, D, F, G, H = x.A, x.B, x.C, x.D, x.F, x.G, x.H
    ww, ws, wt, st = x.ww, x.ws, x.wt, x.st
    both = ws.supplement * F + wt.supplement * G
    small = e * x.own_sine
    own = x.a * x.rho / x.N + 2 * half * e * A
    own = own + h * (ww.supplement * q1 * B + both)
    own = own + h * x.own_sine * arcsine_ratio(small * small)
    other = half * (x.Y - e * B) + e * ww.turn * (x.w_sum - e * e * B) - x.we.turn
    other = other + e * B * x.R_w + both
    third = e * C * x.R_w + ww.supplement * q1 * C + h * D * ws.supplement
    third = third + x.d * wt.supplement - x.wf.supplement
    fourth = F * x.R_s + half * x.Y + h * ws.turn * x.Y
    fourth = fourth + x.turn_difference + st.supplement * G
    sixth = G * x.R_t + half * x.Y + e * wt.turn * x.Y
    sixth = sixth + wt.turn - x.te.turn + st.supplement * F
    shared = h * (x.wf.turn - x.d * wt.turn - C * x.R_w)
    fifth = D * (x.R_s - ws.supplement) - x.turn_sum + H * st.turn + shared
    fifth = fifth + C * (half * h + q0 * ws.turn - q1 * h * e * ww.turn)
    tilt = h * x.special_sine
    seventh = half * H + x.d * x.pull + D * (st.supplement - ws.supplement) + shared
    seventh = seventh + C * h * (half + q0 * wt.turn - e * q1 * ww.turn)
    seventh = seventh - x.special_sine * arcsine_ratio(tilt * tilt)
    return [own, other, third, fourth, sixth, fifth, seventh]


@residual_at.register
def _(
    _: FamilyWithSplitSpecialRow, h: Number, unknowns: Sequence[Number], pi: Number | None = None
) -> list[Number]:
    return residual_with_split_special_row(with_split_special_row_at(h, unknowns, pi))


def with_split_special_row_at(
    h: Number, unknowns: Sequence[Number], pi: Number | None = None
) -> NetworkWithSplitSpecialRow:
    """Return the network at h = k^(-1/2), in balls or series of balls if pi is none."""
    family = II_WITH_SPLIT_SPECIAL_ROW
    named = dict(zip(family.unknowns, unknowns, strict=True))
    return NetworkWithSplitSpecialRow(family, scale_at(family, h, pi), named)
