"""The global minimum with n = k: its smallest eigenvalue, and a radius of strong convexity.

At W = V, orthonormal, H_ii = I/2 and H_ij = I/4 + (v_i v_j^T + v_j v_i^T)/(2 pi). For a
displacement U with rows u_i, U_ij = u_i . v_j, s = sum_i u_i and tau = sum_i U_ii, the form is

    Q = |U|^2/4 + |s|^2/4 + (tau^2 - sum_i U_ii^2 + sum_{i != j} U_ij U_ji)/(2 pi)
      >= a |U|^2 + |s|^2/4 + tau^2/(2 pi),    a = 1/4 - 1/(2 pi),                          (1)

with equality if U_ij = -U_ji for i != j. Then s = tau = 0 is possible, by U = (1, 1; -1, -1) for
k = 2 and by the antisymmetric matrix of a cycle of three for k >= 3. So the smallest eigenvalue is
a, for every k >= 2 and every d >= k.

Now let W = V + D with rows of lengths delta_i, sum_i delta_i^2 <= r^2 < 1/16, and
S = ((1 + r)/(1 - r))^2. With w = |w| e1, v in the plane of e1, e2, and for x the parts x_1, x_2
along e1, e2 and x' off the plane (differentiate h1 in v),

    f_wwv[x, y, z] = (z_2 (2 x_2 y_2 + x'.y') + x_2 y'.z' + y_2 x'.z')/(2 pi |w|).         (2)

On the segment from V to W, |w_i| >= 1 - r, and the vectors e2 of the pairs of neuron i with all
others satisfy sum_j (x . e2_ij)^2 <= S |x|^2: they are projections of rows of a matrix of norm at
most 1 + r, normalised from lengths of at least 1 - r. For |U| = 1 the form changes by

A  in the diagonal blocks, sum_{j != i} (h1(w_i, w_j) - h1(w_i, v_j)) - h1(w_i, v_i). By (2) a term
   of the sum is at most delta_j sqrt(1 + 6 y - 3 y^2)/(2 pi (1 - r)) for unit u_i, where
   y = (u_i . e2_ij)^2; the last form is at most delta_i/(pi (1 - r)). By Cauchy's inequality all
   are at most r sqrt(k + 3 + 6 S)/(2 pi (1 - r)), and at most r sqrt(k)/(pi (1 - r)) as y <= 1;
B  in the mixed blocks, at most 2 sum_{i != j} f_wwv[D_i, u_i, u_j]. Here (2) is at most
   |x| |y| |z|/(pi |w|), and so B <= 2 r sqrt(k - 1)/(pi (1 - r)). For large k the first term of (2)
   is better: u_j . e2_ij is U_jj up to |u_j| |e2_ij - v_j|, and
   |e2_ij - v_j| <= sqrt(2) (delta_j + |w_i . v_j|/|w_i|), whose squares add up to 4 r^2 at most.
   So B <= r (|tau| + 1 + 2 r + 3 sqrt(S))/(pi (1 - r)), in which |tau| costs no more than
   r^2/(2 pi (1 - r)^2), because of tau^2/(2 pi) in (1).

So the smallest eigenvalue within r of V is at least a - A - B, for every d >= k.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from flint import arb

from relu_landscape.arguments import checked_arguments, whole_number
from relu_landscape.certificates.precision import DEFAULT_BITS, Ball, ball_bits, precision
from relu_landscape.certificates.rounding import decimal_above, decimal_below

LARGEST_RADIUS: Final = 0.25
_STEPS: Final = 60
_MOST_TEACHERS = 10**300  # whose radius is still a float
_DIGITS: Final = 6


@dataclass(frozen=True)
class GlobalMinimumCertificate:
    """Proof of the curvature at and around the global minimum W = V, n = k, for every d >= k.

    Attributes
    ----------
    k: number of teachers; bits: precision of the balls.
    eigenvalue_lower, eigenvalue_upper: enclosure of the smallest Hessian eigenvalue at W = V.
    radius: Frobenius radius r(k) of the ball in which strong convexity is proved.
    hessian_lower: lower bound of the smallest Hessian eigenvalue in that ball, above zero.
    """

    k: int
    bits: int
    eigenvalue_lower: Decimal
    eigenvalue_upper: Decimal
    radius: Decimal
    hessian_lower: Decimal


@checked_arguments(k=whole_number, bits=ball_bits)
def certify_global_minimum(k: int, *, bits: int = DEFAULT_BITS) -> GlobalMinimumCertificate:
    """Prove the smallest eigenvalue at W = V and a radius of strong convexity, for n = k.

    The radius is a third to a fifth of what is measured for k up to 20, and asymptotically
    (pi/2 - 1) k^{-1/2}, the radius at which the bound of A alone uses up a.

    Args:
        k: number of orthonormal teachers, 2 or more.
        bits: precision of the balls.

    Returns:
        The certificate; there always is one.

    Raises:
        ValueError: k is below 2, not whole, or beyond 10^300, or bits not from 53 to 4096.

    Source: S21, Theorem 3 (which leaves the size of the neighbourhood open); radius derived here.
    """
    if not 2 <= k <= _MOST_TEACHERS:
        raise ValueError(f"k = {k}; needs a whole number of teachers from 2 to 10^300")
    with precision(bits):
        value = smallest_eigenvalue()
        low, high, steps = 0.0, LARGEST_RADIUS, 0
        while steps < _STEPS:
            middle = (low + high) / 2
            low, high = (middle, high) if curvature_within(k, arb(middle)) > 0 else (low, middle)
            steps += low > 0.0  # until then, only the size of the radius is looked for
        radius = decimal_below(low * (1 - 1e-4), _DIGITS)
        curvature = curvature_within(k, arb(str(radius)))
        return GlobalMinimumCertificate(
            k=k,
            bits=bits,
            eigenvalue_lower=decimal_below(value),
            eigenvalue_upper=decimal_above(value),
            radius=radius,
            hessian_lower=decimal_below(curvature * (1 - arb(2) ** -13), _DIGITS),
        )


def smallest_eigenvalue() -> Ball:
    """Return a = 1/4 - 1/(2 pi)."""
    return arb(1) / 4 - 1 / (2 * arb.pi())


def curvature_within(k: int, r: Ball) -> Ball:
    """Return a - A - B, a lower bound of the smallest Hessian eigenvalue within r of V.

    Args:
        k: number of teachers.
        r: Frobenius radius, below 1/4.
    """
    root_of_s = (1 + r) / (1 - r)
    scale = r / (arb.pi() * (1 - r))
    turning = scale * _smaller(arb(k).sqrt(), (k + 3 + 6 * root_of_s**2).sqrt() / 2)
    compensated = scale * (1 + 3 * root_of_s + 2 * r) + scale * r / (2 * (1 - r))
    mixed = _smaller(2 * scale * arb(k - 1).sqrt(), compensated)
    return smallest_eigenvalue() - turning - mixed


def _smaller(first: Ball, second: Ball) -> Ball:
    """The smaller of two upper bounds; either will do where they cannot be told apart."""
    return first if first < second else second
