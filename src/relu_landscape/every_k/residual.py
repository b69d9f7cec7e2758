r"""The equations of a critical point in scaled unknowns, analytic also at h = 0.

2 pi dF/dw_i = R_w w_i + sum over other students (pi - angle) w_j - sum over teachers (pi - angle) v
(likewise for s_a) has one component E for each entry: E_1, E_2, E_3 of w_i along e_i, e_j, f_a;
E_4, E_5, E_6 of s_a along e_j, f_a, f_b. With P = pi - angle of the pairs of `scaled_network`

    E_1 = a R_w + P_1 (p - 1) b + m P_4 f - (pi - own angle),
    E_2 = b R_w + P_1 (a + (p - 2) b) + m P_4 f - P_2,
    E_3 = c R_w + P_1 (p - 1) c + P_4 (d + (m - 1) g) - P_3,
    E_4 = f R_s + P_6 (m - 1) f + P_4 y1 - P_5,
    E_5 = d R_s + P_6 (m - 1) g + P_4 p c - (pi - own angle),
    E_6 = g R_s + P_6 (d + (m - 2) g) + P_4 p c - P_7.

Their large terms agree, so the residual takes

    E_1/t,  E_2/t,  E_3 (II) or E_3/t (I),
    (E_4 - E_2)/e,  (E_5 - E_3 + E_1 - E_2)/e,  (E_6 - E_3)/e,

of which A has the first two, and m = 1 the first five. It vanishes exactly where E does. Divided
out by hand:

* Own teachers. R_w holds -o S_w/N, and a/N = +-cos: a (-o S_w)/N - (pi - angle) is
  -pi + sin^3 omega (a > 0) or -sin^3 omega (a < 0), omega = (T - sin T cos T)/sin^3 T of the angle
  T to the line of the teacher. With o^3/t = e o for II and w h for I.
* (pi/2) (2 + t B) q_1 - pi (1 - 2 e) = (pi/2) q_1 t B + pi e - pi t in E_1 of I.
* a + (p - 2) b = 1 + t Y - e beta; d + (m - 1) g = -sigma + O(e), so that E_3 of II starts with
  (pi/2)(q_1 C + (m - 1) e G - 2), and in I t is a factor of it: (m - 1) e = t - e.
* The forces of both rows in the fifth: a R_w + d R_s holds t kappa (a/N + d/M), and
  a/N + d/M = e [(alpha - sigma t nu)/N + (D + sigma mu)/M].
"""

from __future__ import annotations

from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.scaled_network import ScaledNetwork


def residual(network: ScaledNetwork) -> list[Number]:
    """Return the scaled equations, one for each unknown; zero at critical points only.

    Args:
        network: a family at a scale and at values of its unknowns.
    """
    along = [_own(network), _other(network)]
    if network.family.special_rows:
        along += [_special(network), _row_difference(network), _own_difference(network)]
    if network.family.special_rows > 1:
        along.append(_special_difference(network))
    return along


def _own(x: ScaledNetwork) -> Number:
    """E_1/t."""
    scale, half = x.scale, x.scale.pi / 2
    q1 = scale.share(1)
    found = 2 * half * scale.e * x.A + x.a * x.rho_w / x.N
    found = found + scale.special * x.ws.supplement * x.F
    cube = x.own_sine * x.own_sine * x.own_sine * x.own_segment
    if x.family.sign == 1:
        return found + x.ww.supplement * q1 * x.B + scale.e * x.own_size * cube
    found = found + 2 * half * (scale.w - scale.special)
    found = found + half * q1 * x.B + scale.e * x.ww.turn * q1 * x.beta
    return found - scale.w * scale.h * cube


def _other(x: ScaledNetwork) -> Number:
    """E_2/t."""
    scale, half = x.scale, x.scale.pi / 2
    return (
        scale.w * (x.beta * (x.R_w - half) - x.we.turn)
        + half * x.w_sum_shift
        + scale.e * x.ww.turn * (x.w_sum - scale.e * x.beta)
        + scale.special * x.ws.supplement * x.F
    )


def _special(x: ScaledNetwork) -> Number:
    """E_3 of II, E_3/t of I."""
    scale, half = x.scale, x.scale.pi / 2
    q1 = scale.share(1)
    turned = x.ws.turn * x.d_sum - x.wf.turn
    pulled = x.R_w + scale.t * x.ww.turn * q1
    if x.family.sign == 1:
        leading = q1 * x.C + x.other_share * x.G - 2
        return half * leading + scale.e * (half * x.D + x.C * pulled + turned)
    leading = q1 * x.C + scale.w * x.D
    if x.family.special_rows > 1:
        leading = leading + (1 - scale.w) * x.G
    return half * leading + scale.e * x.C * pulled + scale.w * turned


def _row_difference(x: ScaledNetwork) -> Number:
    """(E_4 - E_2)/e."""
    half, t = x.scale.pi / 2, x.scale.t
    forces = x.R_s - half + x.other_share * x.ss.turn - t * x.ws.turn
    turned = (x.ws.turn - t * x.ww.turn) * x.w_sum - x.se.turn + x.we.turn
    return x.F * forces + turned + x.beta * (x.ww.supplement - x.R_w)


def _cross_pull(x: ScaledNetwork) -> Number:
    """(P_4 p c - P_1 (p - 1) c - c R_w)/e."""
    scale = x.scale
    turned = x.ws.turn * scale.share(0) - scale.t * x.ww.turn * scale.share(1)
    return x.chi * (scale.pi / 2 + turned - x.R_w)


def _own_difference(x: ScaledNetwork) -> Number:
    """(E_5 - E_3 + E_1 - E_2)/e."""
    scale, sign = x.scale, x.family.sign
    t, N, M = scale.t, x.N, x.M
    opposed = opposition(x)
    forces = t * x.kappa * opposed + x.a * x.x_w / N + x.d * x.x_s / M
    if sign == 1:
        own = t * x.own_size * x.own_sine * x.own_sine * x.own_sine * x.own_segment
    else:
        own = scale.h * x.own_sine * x.own_sine * x.own_sine * x.own_segment
    special = scale.h * x.special_sine * x.special_sine * x.special_sine * x.special_segment
    turned = x.we.turn + x.wf.turn - x.d * x.ws.turn - x.a * t * x.ww.turn
    return (
        scale.pi / 2 * (x.D + x.alpha)
        + forces
        + sign * (own - special)
        + x.beta * (x.ww.supplement - x.R_w)
        + turned
        + (x.ss.turn - x.ws.turn) * x.other_share * x.G
        + _cross_pull(x)
    )


def opposition(x: ScaledNetwork) -> Number:
    """Return (a/N + d/M)/e."""
    sign = x.family.sign
    return (x.alpha - sign * x.scale.t * x.nu) / x.N + (x.D + sign * x.mu) / x.M


def _special_difference(x: ScaledNetwork) -> Number:
    """(E_6 - E_3)/e."""
    return (
        x.G * (x.R_s - x.ss.supplement)
        + (x.ss.turn - x.ws.turn) * x.d_sum
        + _cross_pull(x)
        + x.wf.turn
        - x.sf.turn
    )
