"""Lengths, angles and radial forces of a family, with every power of h taken out by hand.

Notation of `scaling`, q_j = (k - m - j)/k, and y1 = a + (p - 1) b = 1 + t Y. Lengths:

    N = |w_i|,  N^2 = 1 + e t n,      N = 1 + e t nu,
    M = |s_a|,  M^2 = 1 + e m',       M = 1 + e mu.

Cosines of the pairs that are almost orthogonal, with sin = 1 - cos^2/(1 + sin) and
pi - angle = pi/2 + cos arcsine_ratio(cos^2):

    number  pair       cosine     1 - sine       pi - angle
    1       w_i, w_j   e t K_1    e^2 t^2 z_1    pi/2 + e t b_1
    2       w_i, e_j   e K_2      e^2 z_2        pi/2 + e b_2
    3       w_i, f_a   e K_3      e^2 z_3        pi/2 + e b_3
    4       w_i, s_a   e K_4      e^2 z_4        pi/2 + e b_4
    5       s_a, e_j   e K_5      e^2 z_5        pi/2 + e b_5
    6       s_a, s_b   e K_6      e^2 z_6        pi/2 + e b_6
    7       s_a, f_b   e K_7      e^2 z_7        pi/2 + e b_7

    N^2 K_1 e t = 2 a b + (p - 2) b^2 + m c^2,   N K_2 = beta,   N K_3 = chi,
    N M K_4 = y1 F + chi (d + (m - 1) g),        M K_5 = F,      M K_7 = G,
    M^2 K_6 = q_0 F^2 + 2 d G + (m - 2) e G^2.

For I and A, 2 a b + (p - 2) b^2 = e beta (-2 + 4 e + 2 e t A + q_2 beta) with beta = 2 + t B, where
the constants cancel up to -2 m e; likewise in N^2 - 1 and in y1. That leaves

          n                                            Y                   K_1 N^2 - chi^2
    II    2 A + e t A^2 + q_1 t B^2 + chi^2            e A + q_1 B         2 a B + q_2 t B^2
    I, A  -2 A + 4 B + t B^2 - beta^2 + chi^2          -2 + e A + q_1 B    beta (-2 + q_2 B + 2 e A)
          + e (4 A + t A^2 - 4 B - t B^2)

without -beta^2 and both -2 in A. A neuron and its own teacher are almost parallel or antiparallel:
the sine of their angle is o S_w, o = h r (II) or h (I, A), and h S_s for a special row,

    S_w^2 N^2 = q_1 t B^2 + chi^2 (II),  q_1 beta^2 + t chi^2 (I, A),
    S_s^2 M^2 = q_0 F^2 + (m - 1) e G^2.

The force along a neuron is R = pi + (sum of |v| sin over students - over teachers)/|w|. Students
and teachers of one kind cancel up to N - 1, M - 1 and the z:

    R_w = pi + (t rho_w - o S_w)/N,   rho_w = kappa + w x_w,   kappa = q_0 nu + mu,
    R_s = pi + (rho_s - h S_s)/M,     rho_s = t kappa + e x_s,

    x_w = -t nu + q_1 (z_2 - N t^2 z_1) + t (z_3 - M z_4),
    x_s = q_0 (z_5 - N z_4) - mu + (m - 1) e (z_7 - M z_6).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relu_landscape.every_k.generic_numbers import Number, arcsine_ratio, root, segment_ratio
from relu_landscape.every_k.scaling import Scale, SymmetricFamily


@dataclass(frozen=True)
class NearOrthogonal:
    """A pair whose angle is near pi/2: the fields of the table above.

    slope: K; bend: z; turn: b; sine; supplement: pi - angle.
    """

    slope: Number
    bend: Number
    turn: Number
    sine: Number
    supplement: Number


class ScaledNetwork:
    """A family at one scale and at any values of its unknowns, critical or not.

    Args:
        family: the family.
        scale: where.
        unknowns: values of `family.unknowns` by name.

    Attributes
    ----------
    A, B, C, D, F, G: the unknowns, 0 where the family has none.
    alpha, beta, chi, a, d: entries; other_share: (m - 1) e; d_sum: d + (m - 1) g; w_sum,
        w_sum_shift: y1 and Y.
    N, nu, M, mu: lengths.
    ww, we, wf, ws, se, ss, sf: the pairs 1 to 7 of the table; two students or student and teacher.
    own_size, own_sine, own_segment: o, S_w and omega (see `residual`) of a row w and its own
        teacher; own_b, own_c: beta h/o and t chi s/o, which have no negative powers either.
    special_sine, special_segment: S_s and omega of a row s and its own teacher.
    kappa, x_w, rho_w, R_w, x_s, rho_s, R_s: forces.
    """

    def __init__(
        self, family: SymmetricFamily, scale: Scale, unknowns: Mapping[str, Number]
    ) -> None:
        self.family, self.scale = family, scale
        self.A, self.B, self.C, self.D, self.F, self.G = (
            unknowns.get(name, 0) for name in ("A", "B", "C", "D", "F", "G")
        )
        self._set_entries()
        self._set_lengths()
        self._set_pairs()
        self._set_own_pairs()
        self._set_forces()

    def _set_entries(self) -> None:
        scale, sign = self.scale, self.family.sign
        e, t = scale.e, scale.t
        tilt = 0 if sign == 1 else 2
        self.alpha, self.beta = tilt + t * self.A, tilt + t * self.B
        self.chi = self.C if sign == 1 else t * self.C
        self.a, self.d = sign + e * self.alpha, e * self.D - sign
        others = scale.special * t - e if self.family.special_rows > 1 else 0
        self.other_share = others
        self.d_sum = self.d + others * self.G
        self.w_sum_shift = e * self.A + scale.share(1) * self.B
        if sign == -1:
            self.w_sum_shift = self.w_sum_shift - 2 * scale.special
        self.w_sum = 1 + t * self.w_sum_shift

    def _set_lengths(self) -> None:
        scale, sign = self.scale, self.family.sign
        e, t, A, B = scale.e, scale.t, self.A, self.B
        self.chi_square = self.chi * self.chi
        if sign == 1:
            n = 2 * A + e * t * A * A + scale.share(1) * t * B * B
        else:
            n = 4 * B + t * B * B - 2 * A - scale.special * self.beta * self.beta
            n = n + e * (4 * A + t * A * A - 4 * B - t * B * B)
        n = n + self.chi_square
        self.N = root(1 + e * t * n)
        self.nu = n / (self.N + 1)
        F, G, D = self.F, self.G, self.D
        square = e * D * D - 2 * sign * D + scale.share(0) * F * F + self.other_share * G * G
        self.M = root(1 + e * square)
        self.mu = square / (self.M + 1)

    def _set_pairs(self) -> None:
        scale, e, t = self.scale, self.scale.e, self.scale.t
        N, M, F, G = self.N, self.M, self.F, self.G
        q2 = scale.share(2)
        if self.family.sign == 1:
            first = 2 * self.a * self.B + q2 * t * self.B * self.B
        else:
            first = self.beta * (q2 * self.B + 2 * e * self.A - 2 * scale.special)
        self.ww = self._near_orthogonal((first + self.chi_square) / (N * N), t)
        self.we = self._near_orthogonal(self.beta / N)
        self.wf = self._near_orthogonal(self.chi / N)
        self.ws = self._near_orthogonal((self.w_sum * F + self.chi * self.d_sum) / (N * M))
        self.se = self._near_orthogonal(F / M)
        if self.family.special_rows > 1:
            own = scale.share(0) * F * F + 2 * self.d * G + (self.other_share - e) * G * G
            self.ss = self._near_orthogonal(own / (M * M))
            self.sf = self._near_orthogonal(G / M)
        else:
            self.ss = self.sf = NearOrthogonal(0, 0, 0, 1, scale.pi / 2)

    def _near_orthogonal(self, slope: Number, further: Number = 1) -> NearOrthogonal:
        """The pair of cosine e (further) K."""
        size = self.scale.e * further
        cosine = size * slope
        square = cosine * cosine
        sine = root(1 - square)
        turn = slope * arcsine_ratio(square)
        return NearOrthogonal(
            slope=slope,
            bend=slope * slope / (1 + sine),
            turn=turn,
            sine=sine,
            supplement=self.scale.pi / 2 + size * turn,
        )

    def _set_own_pairs(self) -> None:
        scale, e, t = self.scale, self.scale.e, self.scale.t
        q1 = scale.share(1)
        if self.family.sign == 1:
            self.own_size = scale.h * scale.r
            square = q1 * t * self.B * self.B + self.chi_square
            self.own_b, self.own_c = scale.r * self.B, self.chi
        else:
            self.own_size = scale.h
            square = q1 * self.beta * self.beta + t * self.chi_square
            self.own_b, self.own_c = self.beta, scale.r * self.chi
        self.own_sine = root(square) / self.N
        full = self.own_size * self.own_sine
        self.own_segment = segment_ratio(full * full)
        if self.family.special_rows:
            square = scale.share(0) * self.F * self.F + self.other_share * self.G * self.G
            self.special_sine = root(square) / self.M
            full_square = e * self.special_sine * self.special_sine
            self.special_segment = segment_ratio(full_square)

    def _set_forces(self) -> None:
        scale, e, t = self.scale, self.scale.e, self.scale.t
        N, M = self.N, self.M
        q0, q1 = scale.share(0), scale.share(1)
        self.kappa = q0 * self.nu + self.mu
        self.x_w = (
            q1 * (self.we.bend - N * t * t * self.ww.bend)
            - t * self.nu
            + t * (self.wf.bend - M * self.ws.bend)
        )
        self.rho_w = self.kappa + scale.w * self.x_w
        self.R_w = scale.pi + (t * self.rho_w - self.own_size * self.own_sine) / N
        if self.family.special_rows:
            self.x_s = (
                q0 * (self.se.bend - N * self.ws.bend)
                - self.mu
                + self.other_share * (self.sf.bend - M * self.ss.bend)
            )
            self.rho_s = t * self.kappa + e * self.x_s
            self.R_s = scale.pi + (self.rho_s - scale.h * self.special_sine) / M
