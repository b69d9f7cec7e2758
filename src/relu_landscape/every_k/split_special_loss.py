r"""The loss of II_1 with one neuron more at a critical point; notation of `split_special_row`.

Let S be the sum of all rows less that of the teachers, and D = sum |w.x| - sum |v.x|. At a critical
point E D sgn(w.x) x = -S for every row w. Take w_i for the teacher e_i, s' for f_1, which looks the
other way, and let T be the angle of row and line: with |v.x| = +-sgn(w.x) v.x + delta(x),

    4 pi F = -pi S_1 - (pi/2) sum over v of E D delta,       S_1 the part of S along f_1,
    (pi/2) E |z.x| delta = |z| (sin_zv - sin_zw cos T) + z.v (b_zv -+ b_zw),   b = pi/2 - angle,

summed over students z less teachers z. For z = w less z = v that is sin^3 T (|w| - (|w| cos T + 1)
omega), omega sin^3 T = T - sin T cos T. Others are subtracted teacher from student; s, which has no
teacher to itself, sees a row nearly as its teacher. So each term is of size e, and S_1, too:

    (pi/2) (S_1/e - C) + C R_w + e P'_ww q_1 C + D P'_ws + d' P'_wt - P'_wf = 0   (E_3 = 0),

P' the part of P = pi - angle beyond pi/2, over the size of the cosine. Hence F is of size e.
"""

from __future__ import annotations

from relu_landscape.every_k.generic_numbers import Number, segment_ratio
from relu_landscape.every_k.split_special_row import NetworkWithSplitSpecialRow


def scaled_loss_with_split_special_row(x: NetworkWithSplitSpecialRow) -> Number:
    """Return k F of a critical point.

    Args:
        x: II_1 with one neuron more at a scale and at values of its unknowns.
    """
    e, pi = x.scale.e, x.scale.pi
    moved = x.C * x.R_w + e * x.ww.turn * x.scale.share(1) * x.C
    moved = moved + x.D * x.ws.turn + x.d * x.wt.turn - x.wf.turn
    special_sum = x.C - 2 * moved / pi
    rows = x.scale.share(0) * _at_teacher_of_row(x)
    return -(pi * special_sum + rows + _at_special_teacher(x)) / (4 * pi)


def _at_teacher_of_row(x: NetworkWithSplitSpecialRow) -> Number:
    """(pi/2) E D delta of e_i over e^2."""
    scale, N, M, m = x.scale, x.N, x.M, x.m
    h, e = scale.h, scale.e
    sine = x.own_sine
    # (1 - cos T)/e^2
    short = sine * sine / (1 + x.a / N)
    # bend of w and e_j over e^2
    bend = (x.B / N) * (x.B / N) / (1 + x.we.sine)
    own = e * sine * sine * sine * (N - (x.a + 1) * segment_ratio(e * e * sine * sine))
    others = e * (N * x.ww.bend - (N + 1) * bend) + x.B * (x.we.turn - e * x.ww.turn)
    others = others + short * (h * x.nu + e * e * e * (bend - N * x.ww.bend))
    long = M * (x.wt.bend - x.te.bend) - x.wf.bend + short * (M * x.wt.sine - x.wf.sine)
    long = long + x.G * (x.te.turn - x.wt.turn)
    small = m * (x.sine_difference + h * short * x.ws.sine) - x.F * x.turn_difference
    return own + scale.share(1) * others + long + small


def _at_special_teacher(x: NetworkWithSplitSpecialRow) -> Number:
    """(pi/2) E D delta of f_1 over e."""
    scale, N, M, m = x.scale, x.N, x.M, x.m
    h, e = scale.h, scale.e
    sine = x.special_sine
    # (1 - cos T)/e
    short = sine * sine / (1 - x.d / M)
    own = h * sine * sine * sine * (M - (1 - x.d) * segment_ratio(e * sine * sine))
    rows = N * (x.wt.bend - x.wf.bend) - x.te.bend + x.C * (x.wf.turn + x.wt.turn)
    rows = rows + short * (h * x.nu + e * (x.te.bend - N * x.wt.bend))
    small = m * ((x.mu + h * short) * x.st.sine - x.special_difference) + x.D * x.turn_sum
    return own + scale.share(0) * rows + small
