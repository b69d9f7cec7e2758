r"""The loss at a critical point, and how far the lengths of its rows fall short of k.

F is a sum of terms of degree 2, 1 and 0 in W, so at a critical point it is half of what is left
without the pairs of students: 4 pi F = sum over v of [sum over v' of 2 pi f(v', v) - sum over rows
w of 2 pi f(w, v)], 2 pi f(w, v) = |w| |v| (sin T + (pi - T) cos T). Sorted by rows, with 1 of f
(v', v) for each other pair, the part of a row w is

    pi - a P_own - N sin_own + (p - 1)(1 - N sin_2 - b P_2) + m (1 - N sin_3 - c P_3),
    P = pi - T,  1 - N sin_2 = N e^2 z_2 - e t nu,

and -a P_own - N sin_own = -a pi [a > 0] - sin^3 (N - |a| omega) [N + ... for a < 0].

For I and A this is divided by e, as there are p = q_0/e rows: F tends to a constant. For I, the
terms of the special rows, and of the rows w as far as they see these, are W/w, w = 1/m; there
W - E_1/t + (1 + q_0) E_2/t + E_3 is divisible by w for all values of the unknowns; and E = 0. The
quotient has no negative power of w left, so it serves every m.

For II, F/m is of size e: 4 pi F/m = L, where L + E_1/t - E_2 + E_3 is divisible by e for all values
of the unknowns; and E = 0 at a critical point. In the quotient `_second_type` the terms (pi/2) B,
F and G cancel, and q_0 nu + mu + (pi/2) (D - C + t A) is what the leading terms leave.

The lengths: sum |w| = p N + m M = k + t kappa. For II, kappa is of size e: (E_1 - E_2)/t has kappa
as its leading term, so k - sum |w| = t e (N/a) (the rest of it, divided by e).
"""

from __future__ import annotations

from relu_landscape.every_k.generic_numbers import Number, arcsine_ratio
from relu_landscape.every_k.scaled_network import ScaledNetwork


def scaled_loss(x: ScaledNetwork) -> Number:
    """Return F for I and A, k F/m for II, of a critical point.

    Args:
        x: a family at a scale and at values of its unknowns.
    """
    if x.family.sign == 1:
        total = _second_type(x)
    elif x.family.special_rows:
        total = x.scale.share(0) * _row_of_first_types(x) + _special_rows_of_first_type(x)
    else:
        rows = x.scale.share(1) * (x.scale.pi / 2 * x.B + x.nu)
        total = _row_of_first_types(x) - rows
    return total / (4 * x.scale.pi)


def _row_of_first_types(x: ScaledNetwork) -> Number:
    """What a row w adds to 4 pi F, times k, without the terms that are divided by w."""
    scale = x.scale
    cube = x.own_sine * x.own_sine * x.own_sine
    others = scale.share(1) * (x.N * x.we.bend - x.beta * x.we.turn)
    return scale.pi + others - scale.h * cube * (x.N + x.a * x.own_segment)


def _special_rows_of_first_type(x: ScaledNetwork) -> Number:
    """(W - E_1/t + (1 + q_0) E_2/t + E_3)/w of I."""
    scale, N, M, half = x.scale, x.N, x.M, x.scale.pi / 2
    e, t, h = scale.e, scale.t, scale.h
    q0, q1 = scale.share(0), scale.share(1)
    others = x.other_share
    special_cube = x.special_sine * x.special_sine * x.special_sine
    turned = (
        q0 * (x.F * (x.ws.turn - x.se.turn) - x.chi * x.wf.turn)
        - others * x.G * x.sf.turn
        - x.ww.turn * q1 * x.beta
        + x.ws.turn * x.d_sum
        - x.wf.turn
    )
    bent = q0 * (N * x.wf.bend + M * x.se.bend) + others * M * x.sf.bend
    small = (
        x.kappa
        - (x.alpha + t * x.nu) * x.rho_w / N
        + turned
        + bent
        - half * (x.chi + t * x.A + x.D)
        - h * special_cube * (M - x.d * x.special_segment)
        + x.chi * (x.R_w + t * x.ww.turn * q1)
    )
    second = x.beta * (x.R_w - half) - x.we.turn + t * x.ww.turn * (x.w_sum - e * x.beta)
    cube = x.own_sine * x.own_sine * x.own_sine * x.own_segment
    return x.x_w - scale.pi + t * small + h * cube + (1 + q0) * second


def _second_over_t(x: ScaledNetwork) -> Number:
    """z_2/t of II."""
    slope = x.B / x.N
    return x.scale.t * slope * slope / (1 + x.we.sine)


def _moved_over_t(x: ScaledNetwork) -> Number:
    """x_w/t of II."""
    own = _second_over_t(x) - x.N * x.scale.t * x.ww.bend
    return x.scale.share(1) * own - x.nu + x.wf.bend - x.M * x.ws.bend


def _second_type(x: ScaledNetwork) -> Number:
    """(L + E_1/t - E_2 + E_3)/e of II."""
    scale, N, M = x.scale, x.N, x.M
    e, t, h, r = scale.e, scale.t, scale.h, scale.r
    q0, q1, half = scale.share(0), scale.share(1), scale.pi / 2
    B, C, D, F, G = x.B, x.C, x.D, x.F, x.G
    others = x.other_share
    lengths = q0 * x.nu + x.mu + t * (x.A - x.nu) * x.kappa / N + x.a * _moved_over_t(x) / N
    leading = half * (D - C + t * x.A)
    turned = (
        (1 - t) * F * x.ws.turn
        - q0 * (q1 * B * x.we.turn + C * x.wf.turn + F * x.se.turn)
        - others * G * x.sf.turn
        + t * x.ww.turn * q1 * B
    )
    bent = q0 * (N * x.wf.bend + M * x.se.bend + q1 * N * _second_over_t(x))
    bent = bent + others * M * x.sf.bend
    cube = x.own_sine * x.own_sine * x.own_sine
    special_cube = x.special_sine * x.special_sine * x.special_sine
    own = -r * h * cube * (q0 * (N - x.a * x.own_segment) - x.own_segment)
    special = -h * special_cube * (M + x.d * x.special_segment)
    second = x.beta * (x.R_w - half) - x.we.turn + t * x.ww.turn * (x.w_sum - e * x.beta)
    third = C * (x.R_w + t * x.ww.turn * q1) + x.ws.turn * x.d_sum - x.wf.turn
    return lengths + leading + turned + bent + own + special - second + third


def norm_gap(x: ScaledNetwork) -> Number:
    """Return k^2 (k - sum |w|)/m of II at a critical point, over all k rows.

    Args:
        x: II at a scale and at values of its unknowns.
    """
    scale, half = x.scale, x.scale.pi / 2
    t = scale.t
    slope = x.B / x.N
    cosine = scale.e * t * slope
    cube = x.own_sine * x.own_sine * x.own_sine * x.own_segment
    rest = (
        half * x.A
        + x.a * _moved_over_t(x) / x.N
        + t * x.ww.turn * scale.share(1) * x.B
        + scale.h * scale.r * cube
        - x.B * (x.R_w - half)
        + slope * arcsine_ratio(cosine * cosine)
        - x.ww.turn * (x.w_sum - scale.e * x.beta)
    )
    return x.N * rest / x.a
