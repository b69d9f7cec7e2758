"""One student and k teachers: all critical points, for every k.

Let V = I_k, d >= k, w = r u with |u| = 1 and r > 0, and

    phi(c) = (sqrt(1 - c^2) + (pi/2 + arcsin c) c)/(2 pi),   phi'(c) = (pi/2 + arcsin c)/(2 pi).

Theorem. For k >= 2 the loss has two critical points w != 0: its global minimum

    w = 2 sqrt(k) g (1, ..., 1),   g = phi(1/sqrt(k)),   F_1(k) = k/4 + k (k - 1)/(4 pi) - k^2 g^2,

and a saddle of index k - 1 in the opposite direction. For k = 1 it has the minimum w = v alone.

Proof.

1. f(u, e_j) = phi(u_j), f(e_i, e_j) = phi(0) = 1/(2 pi) and f(u, u) = phi(1) = 1/2, so that

       F = r^2/4 - r G(u) + k/4 + k (k - 1)/(4 pi),   G(u) = sum_j phi(u_j).

   At a critical point r = 2 G(u), and the gradient of G along the sphere vanishes: phi'(u_j) =
   lambda u_j for all j <= k, and 0 = lambda u_j for the other inputs, with one number lambda.
2. phi'(c) > 0 for c > -1. If u_j = -1 for some j, all others vanish, where phi'(0) = 1/4 is not
   lambda 0: then k = 1, and r = 2 phi(-1) = 0. So lambda is not 0, each u_j, j <= k, has its sign,
   the other entries are 0, and h(u_j) is the same for all j, where h(c) = (pi/2 + arcsin c)/c.
3. h'(c) has the sign of N(c) = c/sqrt(1 - c^2) - arcsin c - pi/2, which increases, N'(c) =
   c^2/(1 - c^2)^(3/2), with N(0) = -pi/2.
4. lambda > 0. As N(0.93) < 0, h falls on (0, 0.93], and from some C_0 > 0.93 on it rises, up to
   h(1) = pi. If h(c) = h(C) for c < C, then C > C_0 and h(c) <= pi, and as h(0.78) > pi, c > 0.78.
   But 0.93^2 + 0.78^2 > 1 = |u|^2. So all u_j are equal.
5. lambda < 0. N < N(0) < 0 on (-1, 0), so h falls there: all u_j are equal.
6. So u = +-(1, ..., 1)/sqrt(k). With r = 2 G(u) > 0 the loss is k/4 + k (k - 1)/(4 pi) - G(u)^2.
   It grows with r, and falls from w = 0 along every u with G(u) > 0: it has a global minimum, a
   critical point, where G is largest, at +, as phi increases.
7. At -, c = -1/sqrt(k), G has along a geodesic the second derivative phi''(c) - k c phi'(c) > 0, in
   all d - 1 directions for d = k: G > 0 is least there among its neighbours and F largest, while
   F grows like (r - 2 G)^2/4 along u: a saddle of index k - 1.

Source: derived; the two inequalities of step 4 are shown in ball arithmetic by a test.
"""

from __future__ import annotations

import math
from typing import Final

from relu_landscape.arguments import checked_arguments, real_number

MOST_TEACHERS: Final = 1e150  # its square is still a float64


@checked_arguments(k=real_number)
def one_student_loss(k: float) -> float:
    """Return F_1(k) = k/4 + k (k - 1)/(4 pi) - k^2 phi(1/sqrt(k))^2, the least loss of one student.

    Args:
        k: number of teachers, a real number from 1 to 1e150.

    Raises:
        ValueError: k is not such a number.

    Source: derived.
    """
    _require_teachers(k)
    return k / 4 + k * (k - 1) / (4 * math.pi) - (k * _coupling(k)) ** 2


@checked_arguments(k=real_number)
def one_student_coordinate(k: float) -> float:
    """Return 2 sqrt(k) phi(1/sqrt(k)), the weight of the best single student on every coordinate.

    Args:
        k: number of teachers, a real number from 1 to 1e150.

    Raises:
        ValueError: k is not such a number.

    Source: derived.
    """
    _require_teachers(k)
    return 2 * math.sqrt(k) * _coupling(k)


def _require_teachers(k: float) -> None:
    if not 1 <= k <= MOST_TEACHERS:
        raise ValueError(f"k = {k}; the number of teachers must be from 1 to {MOST_TEACHERS:g}")


def _coupling(k: float) -> float:
    """phi(1/sqrt(k)); arccos(-c) = pi/2 + arcsin(c)."""
    c = 1 / math.sqrt(k)
    return (math.sqrt(1 - c * c) + math.acos(-c) * c) / (2 * math.pi)
