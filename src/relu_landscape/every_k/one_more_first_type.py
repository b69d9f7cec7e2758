r"""I_1 with one neuron more as k tends to infinity: how it flattens, to leading order.

Derived here by hand, with no bound of what is left out; the equations solved at large k agree. With
h = k^(-1/2) the rows are

    w_i = a e_i + b sum_{j != i} e_j + c f_1,   s = f 1_0 + d f_1,   s' = f' 1_0 + d' f_1,

a = -1 + O(1/k), b = beta/k, beta near 2, c = kappa/k, kappa near 1, d near 1/2, d' near -1/2. Let
r = f sqrt(k), r' = f' sqrt(k); l, l' the lengths of s, s'; x, x' their small angles to the line of
f_1; sigma = d - d' - 1; nu = k (|w| - 1). The loss is |S|^2/8, S the sum of students less that of
teachers, and a rest with |y|/2 instead of relu(y), where a pair at angle t has |u| |v| (sin t +
(pi/2 - t) cos t) = |u| |v| (pi/2 - pi t^2/4 + t^3/3 + ...) over 2 pi. The terms of 2 pi F with s or
s' are

    (pi/4) (sigma^2 + (r - r')^2) + (l l' (x + x')^3 - l x^3 - l' x'^3)/3
        + nu (l + l' - 1) + nu^2/2 + h kappa (r - r') + ...

1. S vanishes but for O(1/k): along e_j that is beta = 2 - h (r + r'), along f_1 kappa = 1 - d - d'.
2. nu is free, so nu = 1 - l - l', which leaves -(l + l' - 1)^2/2, where l + l' - 1 = sigma +
   r^2/(2 l l'). Minimal over sigma: sigma = r^2/(l l' (pi - 2)), and its terms are of order r^4.
3. r - r' = -(2/pi) h kappa, and its terms are of order h^2.
4. So r = r', x = r/l, x' = r/l', l + l' = 1 to leading order, and the cubic terms are (2/3)
   r^3/(l l').
5. The rows w alone have (pi/4) beta^2 - beta^2/2 + (beta^2 - 2 beta)^2/4, of slope pi - 2 at beta =
   2: with 1. that is -2 (pi - 2) h r.

(2/3) r^3/(l l') - 2 (pi - 2) h r is minimal at r^2 = (pi - 2) h l l', where it is -(4/3)
((pi - 2) h)^(3/2) (l l')^(1/2). With l = 1/2 + y, l' = 1/2 - y that is minimal at y = 0, where its
second derivative is (8/3) ((pi - 2) h)^(3/2). To move both d and d' by y is a displacement of
length sqrt(2) y, so that the smallest eigenvalue is (2/(3 pi)) (pi - 2)^(3/2) k^(-3/4). What is
left out is smaller by k^(-1/4) at least, as y is of that order at the critical point.

The next term is (1/2 - 2/pi^2)/k. That is recognised and not derived: solved at k = 4^8, ..., 4^25
the eigenvalue times k^(3/4) is a polynomial in k^(-1/4) of degree 9 up to 12 digits, so it seems to
be a power series in k^(-1/4), and its second coefficient agrees to 10 digits.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["FlatteningFirstType", "flattening_first_type"]


@dataclass(frozen=True)
class FlatteningFirstType:
    """Leading terms of I_1 with one neuron more.

    eigenvalue, next_eigenvalue: the smallest one is the first times k^(-3/4) and the second, which
    is recognised and not derived, times 1/k; row: f and f' are this times k^(-3/4);
    row_difference: f' - f is this times 1/k; length: d - d' - 1 is this times k^(-1/2);
    column: c is this times 1/k.
    """

    eigenvalue: float
    next_eigenvalue: float
    row: float
    row_difference: float
    length: float
    column: float


def flattening_first_type() -> FlatteningFirstType:
    """Return the leading terms: r, sigma and so on at l = l' = 1/2."""
    excess = math.pi - 2
    return FlatteningFirstType(
        eigenvalue=2 / (3 * math.pi) * excess**1.5,
        next_eigenvalue=0.5 - 2 / math.pi**2,
        row=math.sqrt(excess) / 2,
        row_difference=2 / math.pi,
        length=1.0,
        column=1.0,
    )
