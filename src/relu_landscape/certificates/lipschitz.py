"""How fast the Hessian can change: a radius of strong convexity much wider than a box in balls.

An enclosure of the Hessian over a box widens with the number of weights. The third derivatives of F
give more, once for all. For w = |w| e1 and v at angle t in the plane of e1, e2, and with r, a, p
the parts of u along e1, along e2 and off the plane, differentiating h1 gives

    f_www[u, u, u] = -|v|/(2 pi |w|^2) (3 r (2 a^2 + p^2) sin t + a (2 a^2 + 3 p^2) cos t),
    f_wwv[u, u, z] = 1/(2 pi |w|) (z_e2 (2 a^2 + p^2) + 2 a p.z),

for unit u, z at most 3 sqrt(3)/2 |v|/(2 pi |w|^2) and 1/(pi |w|) in size. Summing over pairs with
sum_i |u_i|^2 = 1, the Hessian has on the Frobenius ball of radius R around W the Lipschitz constant

    L(R) = max_i 3 sqrt(3)/(4 pi a_i^2) (sum_{j != i} |w_j| + sqrt(n - 1) R + sum_j |v_j|)
           + 3 sqrt(n - 1)/(pi min_i a_i),    a_i = |w_i| - R > 0.

(A bound of |D^3 F[U, U, U]| bounds D^3 F[U, U', U''], by Banach's theorem on symmetric forms.) At
parallel and antiparallel pairs D^3 F jumps but the Hessian is continuous, and a segment meets
finitely many of them or can be moved off them: the constant holds across them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flint import arb

from relu_landscape.certificates.precision import Ball, total

_SHRINK: Final = 0.875


def hessian_lipschitz(norms: Sequence[Ball], teacher_norms: Sequence[Ball], radius: Ball) -> Ball:
    """Return L(R), a Lipschitz constant of the Hessian in the spectral norm.

    Args:
        norms: |w_i|.
        teacher_norms: |v_j|.
        radius: R, below every |w_i|.

    Source: ours; S18 has a larger one, for boxes without parallel neurons.
    """
    n = len(norms)
    across, everything = arb(n - 1).sqrt(), total(norms) + total(teacher_norms)
    own = [(everything - x + across * radius) / (x - radius) ** 2 for x in norms]
    nearest = min((x - radius).lower() for x in norms)
    own_scale, mixed_scale = 3 * arb(3).sqrt() / (4 * arb.pi()), 3 * across / arb.pi()
    return own_scale * max(x.upper() for x in own) + mixed_scale / nearest


def convexity_radius(
    norms: Sequence[Ball], teacher_norms: Sequence[Ball], curvature: Ball
) -> float:
    """Return an R with L(R) R < curvature: F is strictly convex on the Frobenius ball of radius R.

    Args:
        norms: |w_i| at the centre.
        teacher_norms: |v_j|.
        curvature: lower bound of the smallest Hessian eigenvalue at the centre, positive.

    Returns:
        R, within an eighth of the largest that this argument gives.
    """
    at_center = hessian_lipschitz(norms, teacher_norms, arb(0))
    # L grows with R, so no R beyond this will do.
    radius = min(float(curvature / at_center), float(min(x.lower() for x in norms)) / 2)
    while not hessian_lipschitz(norms, teacher_norms, arb(radius)) * arb(radius) < curvature:
        radius *= _SHRINK
    return radius
