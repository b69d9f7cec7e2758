"""A direction in which the inner Hessian of each class of neurons is negative, for every k.

The inner Hessian H'_ii = H_ii - I/2 decides what splitting a neuron does: if it has a negative
eigenvalue, then every split of the neuron, whatever the share, is a strict saddle. On vectors u
that are orthogonal to the neuron it is, with T the angles,

    2 pi |w_i| u.H'_ii u = (R - pi)|w_i| |u|^2 + sum |w_j| (u.w_j^)^2/sin T - sum (u.v)^2/sin T.

Take u = sum_j v_j e_j over the first p coordinates, without the own one in class w, with sum v = 0:
only the w_j and e_j see it, u.w_j = (a - b) v_j. With (a - b)^2 = N + N e t j,
N j = 2 sigma (A - B) + e t (A - B)^2 - nu, the eigenvalue is 1/(2 pi N) times

    class w:  t rho_w - o S_w + e t j + (1 + e t j) e^2 t^2 z_1/sin_1 - e^2 z_2/sin_2,
    class s:  rho_s - h S_s + e t j + (1 + e t j) e^2 z_4/sin_4 - e^2 z_5/sin_5

(in class s, 1/(2 pi M)), which is divided by h^2 in class w of II, where o = h r, and by h
elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.scaled_network import ScaledNetwork


@dataclass(frozen=True)
class InnerEigenvalue:
    """An eigenvalue of the inner Hessian of a class, divided by a power of h.

    neuron_class: w or s; power: of h; coefficient: eigenvalue/h^power.
    """

    neuron_class: str
    power: int
    coefficient: Number


def inner_eigenvalues(x: ScaledNetwork) -> list[InnerEigenvalue]:
    """Return one eigenvalue for each class of neurons, at a critical point or not.

    Args:
        x: a family at a scale and at values of its unknowns.
    """
    scale = x.scale
    h, e, t = scale.h, scale.e, scale.t
    stretch, longer = stretch_of_rows(x)
    # e (...) is what the pairs of two students and of a student and a teacher add
    pairs = t * stretch + e * (longer * t * t * x.ww.bend / x.ww.sine - x.we.bend / x.we.sine)
    full = 2 * scale.pi * x.N
    if x.family.sign == 1:
        force = (x.rho_w / scale.w - x.own_sine / scale.s) + pairs
        found = [InnerEigenvalue("w", 2, force / full)]
    else:
        force = scale.r / scale.s * x.rho_w - x.own_sine + h * pairs
        found = [InnerEigenvalue("w", 1, force / full)]
    if x.family.special_rows:
        pairs = t * stretch + e * (longer * x.ws.bend / x.ws.sine - x.se.bend / x.se.sine)
        force = scale.r / scale.s * x.kappa + h * x.x_s - x.special_sine + h * pairs
        found.append(InnerEigenvalue("s", 1, force / (2 * scale.pi * x.M)))
    return found


def stretch_of_rows(x: ScaledNetwork) -> tuple[Number, Number]:
    """Return j and 1 + e t j, where (a - b)^2 = N (1 + e t j)."""
    slope, small = x.A - x.B, x.scale.e * x.scale.t
    stretch = (2 * x.family.sign * slope + small * slope * slope - x.nu) / x.N
    return stretch, 1 + small * stretch
