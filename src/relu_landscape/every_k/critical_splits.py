"""Inner Hessians at critical points in a form that serves every number of special rows at once.

In `inner_eigenvalues` the force rho_w is divided by w = 1/m. At a critical point (E_1 - E_2)/t = 0,
and that says, with P = pi/2 + (...) of `scaled_network`,

    rho_w/w = -(N/a) [(pi/2) t A + z + t b_1 (q_1 beta - y1 + e beta) - beta (R_w - pi/2) + b_2],

z = t o S_w^3 omega for II and pi - h S_w^3 omega for I. So the eigenvalues of there are, divided by
t s = h r (class w of II) and by h (the others),

    class w, II:  (s rho_w/w - S_w + s pairs)/(2 pi N),
    class w, I:   (h rho_w/w - S_w + h pairs)/(2 pi N),
    class s:      (h (rho_w/w - x_w) + h x_s - S_s + h pairs)/(2 pi M).
"""

from __future__ import annotations

from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.inner_eigenvalues import stretch_of_rows
from relu_landscape.every_k.scaled_network import ScaledNetwork


def critical_force(x: ScaledNetwork) -> Number:
    """Return m rho_w of a critical point.

    Args:
        x: I or II at a scale and at values of its unknowns.
    """
    scale, half = x.scale, x.scale.pi / 2
    cube = x.own_sine * x.own_sine * x.own_sine * x.own_segment
    own = scale.t * x.own_size * cube if x.family.sign == 1 else scale.pi - scale.h * cube
    turned = scale.share(1) * x.beta - x.w_sum + scale.e * x.beta
    rest = half * scale.t * x.A + own + scale.t * x.ww.turn * turned
    rest = rest - x.beta * (x.R_w - half) + x.we.turn
    return -x.N * rest / x.a


def critical_splits(x: ScaledNetwork) -> dict[str, Number]:
    """Return an eigenvalue of the inner Hessian of each class at a critical point, scaled.

    Args:
        x: I or II at a scale and at values of its unknowns.

    Returns:
        By class: that of w divided by h r (II) or h (I), that of s divided by h.
    """
    scale, force = x.scale, critical_force(x)
    h, e, t = scale.h, scale.e, scale.t
    stretch, longer = stretch_of_rows(x)
    pairs = t * stretch + e * (longer * t * t * x.ww.bend / x.ww.sine - x.we.bend / x.we.sine)
    size = scale.s if x.family.sign == 1 else h
    first = size * (force + pairs) - x.own_sine
    pairs = t * stretch + e * (longer * x.ws.bend / x.ws.sine - x.se.bend / x.se.sine)
    second = h * (force - x.x_w + x.x_s + pairs) - x.special_sine
    full = 2 * scale.pi
    return {"w": first / (full * x.N), "s": second / (full * x.M)}
