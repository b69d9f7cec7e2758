r"""A ball around the global minimum with n = k on which F is strongly convex, for all k at once.

The theorem. V orthonormal, k >= 2, d >= k, h = k^(-1/2). Let R*(k) be the largest radius such that
the Hessian is positive definite at V + D for every D of Frobenius norm |D| < R*(k). With c(h) the
largest c <= 3/(20 h) with L(h, c) <= pi/2 - 1, L written below (7),

    c(h) h <= R*(k) <= (pi/2 - 1) h/(1 + (pi/2 - 1) h^2),                                   (1)

the right side for k >= 3; c(h) grows with k and tends to pi/2 - 1. So R*(k) >=
c(k_0^(-1/2))/sqrt(k) for every k >= k_0, and sqrt(k) R*(k) -> pi/2 - 1. Within r = c h of V no
eigenvalue is below (pi/2 - 1 - L(h, c))/(2 pi).

Notation. W = V + D, rows D_i of lengths delta_i, r^2 = sum delta_i^2, r <= 3/20, R_i^2 = r^2 -
delta_i^2. V = e_1, ..., e_k. U with |U| = 1 is split as U = P + X, P = diag(p_i), X_ii = 0, and D =
diag(q_i) + Y likewise. X = (K, O), where K has the k columns of the span and O the others, and K =
Z + S with Z antisymmetric and S symmetric. z, s, o are the norms of Z, S, O, and tau = sum p_i.
Norms of matrices are Frobenius norms. Q_W is the form of the Hessian at W, and mu = 1/4 - 1/(2 pi).
At V (see `global_minimum`)

    2 pi (Q_V - mu) >= 2 s^2 + o^2 + tau^2.                                                  (2)

For unit vectors a, e and x, y, t let (x.y)_a = x.y - (a.x)(a.y), and

    T_ae[x, y, t] = (x.e) (y.t)_a + (y.e) (x.t)_a + (t.e) (x.y)_a - (x.e)(y.e)(t.e).

T is symmetric. Differentiating h1 gives f_wwv[x, y, t] = T_ae[x, y, t]/(2 pi |w|), a = w/|w|, e the
unit vector along the part of v orthogonal to w. So Q_W - Q_V = A + B - C, with

    A = sum_i 1/(2 pi |w_i|) sum_{j != i} int_0^1 T_ae[u_i, u_i, D_j],  w_i fixed, v_j + theta D_j,
    B = 1/pi int_0^1 sum_{i != j} T_ae[D_i, u_i, u_j]/|w_i|,            at V + theta D,
    C = sum_i h1(w_i, v_i)[u_i, u_i] <= sum_i |Y_i|/(pi |w_i|^2) (u_i.u_i)_a.

Frames put straight. Replace each a by v_i and each e by v_j.

- T with e for v_j. For a unit vector u, T[u, u, u] = 3 (u.u)_a t - t^3, t = u.e. With t' = u.v_j
  the difference is (t - t')(3 (u.u)_a - t^2 - t t' - t'^2), whose second factor is from -9/8 to 3.
  By Banach's theorem T changes by at most 3 |e - v_j|, times the lengths of its arguments. The part
  m of v_j + theta D_j orthogonal to a has |m - v_j|^2 <= theta^2 delta_j^2 + (a.v_j)^2, and the
  angle b of m and v_j has sin b <= |m - v_j|, so |e - v_j| = sin b/cos(b/2) <= g |m - v_j| with g =
  1/cos(asin(r)/2). sum_{j != i} (a.v_j)^2 is at most sin^2 of the angle of w_i and v_i, at most
  delta_i^2.

- (x.y)_a with a for v_i changes by at most that sine times |x||y|.

In front stands 1/|w_i| <= 1/(1 - r), which is left out in what follows.

In A, where a is that of w_i: by e,  3 g R_i sqrt(R_i^2/3 + delta_i^2) <= 3 g sqrt(3/8) r^2; by a,
delta_i sum_j |D_jj| + 2 delta_i R_i <= (sqrt(k - 1)/2 + 1) r^2. In B, where the sine is at most
theta delta_i: by e,  int 3 g theta r sum_i delta_i |u_i| = 3 g r^2/2; by a, half of

    sum_i delta_i^2 (|tau| |u_i| + |u_i|^2 + 2 |u_i| sqrt(1 - |u_i|^2))
        <= r^2 (|tau| + (1 + sqrt 5)/2).

The lengths |w_i|, at least 1 - r, put to 1. In A, |sum_j T[u_i, u_i, D_j]| <= |u_i|^2 R_i sqrt(k +
5) (see A in `global_minimum`), so that |1/|w_i| - 1| <= delta_i/(1 - r) costs sqrt(k + 5) r^2/2. In
B the rows of Y are scaled by int_0^1 1/|w_i|, within r/(2 (1 - r)) of 1. In C, |Y_i| (1 - |w_i|^2)
<= 2 |Y_i||q_i| <= delta_i^2, and (u_i.u_i)_a <= |X_i|^2 + |Y_i|/|w_i| |u_i|^2. What is left are
sums at V:

    2 pi (A + B - C) ~ sum_j q_j alpha_j + 2 <Y, G> - 2 sum_i |Y_i||X_i|^2,                  (3)
    alpha_j = |X|^2 - |X_j|^2 + |X^j|^2   (row and column j of X),
    G = K^T X + X X^T + K X + tau X - P X + X P   off the diagonal (X X^T and X P in the span),

where K^T X is from A and the rest, G_B, from B. The part of B that is scaled: K K^T + K K = 2 K S,
and so |G_B| <= 2 s + o^2 + o + |tau| + 1/sqrt 2, as |X P - P X| <= sqrt 2 |P||X| <= 1/sqrt 2.

The sums at V. |Z^2| <= z^2/sqrt 2 and |Z_j| <= z/sqrt 2, as singular values of Z come in pairs. K^T
K + K K^T + K K = -Z^2 + Z S + S Z + 3 S^2, and K^T O + K O = 2 S O. The diagonal of Z^2 is
-|Z_i|^2; with N = sum |Z_i|^4, Z^2 off the diagonal and the sum over |Z_i|^2 in C have norms
together at most sqrt(z^4/2 - N) + sqrt(N) <= z^2. So, with z^2 = |X|^2 - s^2 - o^2,

    |alpha| <= |X|^2 sqrt k + 2 sqrt(2) z s + o^2,                                             (4)
    2 |G| + 2 (sum |X_i|^4)^(1/2) <= 2 |X|^2 + 2 sqrt 2 |P||X| + 4 sqrt(2) z s + 6 s^2
        + 2 o^2 + 4 s o + 2 |tau|,                                                           (5)

and (3) is at most r times the length of these two together, by Cauchy's inequality. By Minkowski's
it is at most r (M + sqrt(40) s + 8 s^2 + (2 + sqrt 5) o^2 + 2 |tau|), with 4 s o <= 2 s^2 + 2 o^2,
and

    M^2 = k |X|^4 + (2 |X|^2 + 2 sqrt 2 |P||X|)^2
        = (k + 4 (1 + y)^2)/(1 + y^2/2)^2,   y = sqrt 2 |P|/|X|,
       <= 4 + (k + 8 y)/(1 + y^2) <= 4 + (k + sqrt(k^2 + 64))/2,                             (6)

as (1 + y^2/2)^2 >= 1 + y^2. The terms in s, o, tau, less those of (2), are at most, with b = 1 - r,

    r^2 [(sqrt 40 + 2 r/b)^2/(8 (1 - 4 r)) + r^2/(4 b^2 (1 - (2 + sqrt 5) r - r^2/b)) + 1/b^2].  (7)

Since 2 pi mu = pi/2 - 1, together 2 pi Q_W >= pi/2 - 1 - L, with L = r M + r^2 E/b + (7), where M
is its bound in (6) and, all in all,

    E = 3 g sqrt(3/8) + sqrt(k - 1)/2 + 1 + sqrt(k + 5)/2 + 2 + 2/b
        + 3 g + (1 + sqrt 5)/2 + 1/sqrt 2.                                                   (8)

All k. Put r = c h: r M = c sqrt(4 h^2 + (1 + sqrt(1 + 64 h^4))/2), r^2 sqrt(k - 1) = c^2 h sqrt(1 -
h^2) and r^2 sqrt(k + 5) = c^2 h sqrt(1 + 5 h^2). For a given c all terms of L grow with h in [0,
1/sqrt 2], so that L(h, c) <= L(h_0, c) for every h <= h_0; and L(0, c) = c.

The upper bound, k >= 3: D = -delta V, r = delta sqrt k, and U the antisymmetric matrix of a cycle
of three, for which p = s = o = 0 and sum_i u_i = 0, so that Q_V = mu. H_ij is as at V, and H_ii
changes by -delta/(2 pi (1 - delta)) sum_{j != i} (I - v_i v_i^T + v_j v_j^T). So Q_W = mu - k
delta/(2 pi (1 - delta)), which is 0 at delta = (pi/2 - 1)/(k + pi/2 - 1).
"""

from __future__ import annotations

from decimal import Decimal
from math import inf
from typing import Any, Final

from flint import arb

from relu_landscape.arguments import checked_arguments, real_bound, whole_number
from relu_landscape.certificates.precision import DEFAULT_BITS, Ball, precision
from relu_landscape.certificates.rounding import decimal_above, decimal_below

LARGEST_PROVED_RADIUS: Final = 0.15  # the proof asks for it; no radius that it gives is above 0.11
_STEPS: Final = 60
_DIGITS: Final = 6


def teachers_or_infinity(value: Any, name: str) -> int | float:
    """A whole number of teachers, 2 or more, as an int; or infinity, as a float.

    Raises:
        ValueError: neither of them.
    """
    if isinstance(value, float) and real_bound(value, name) == inf:
        return inf
    k = whole_number(value, name)
    if k < 2:
        raise ValueError(f"{name} is {k}; there must be 2 orthonormal teachers or more")
    return k


@checked_arguments(least_k=teachers_or_infinity)
def convexity_constant_for_all_k(least_k: int | float) -> Decimal:
    """Return a c such that F is strongly convex within c/sqrt(k) of V, for every k >= least_k.

    Of six digits, and non-decreasing in least_k. At infinity, pi/2 - 1 rounded down: every c below
    pi/2 - 1 will do for all k from some k on, and none above will.

    Args:
        least_k: number of orthonormal teachers, 2 or more, or `math.inf`.

    Raises:
        ValueError: least_k is below 2, or neither whole nor infinite.

    Source: ours; S21, Theorem 3, leaves the size of the neighbourhood open.
    """
    with precision(DEFAULT_BITS):
        return decimal_below(arb(_proved_constant(least_k)), _DIGITS)


@checked_arguments(k=teachers_or_infinity)
def convexity_radius_for_all_k(k: int | float) -> Decimal:
    """Return a Frobenius radius around V = W within which the Hessian is positive definite, n = k.

    Proved by one argument for every k >= 2 and every d >= k: c(k)/sqrt(k), where c(k), see
    `convexity_constant_for_all_k`, tends to pi/2 - 1, the best constant there is.

    Args:
        k: number of orthonormal teachers, 2 or more, or `math.inf`, where the radius is 0.

    Returns:
        The radius, rounded down to six digits.

    Raises:
        ValueError: k is below 2, or neither whole nor infinite.

    Source: ours; S21, Theorem 3, leaves the size of the neighbourhood open.
    """
    if k == inf:
        return Decimal(0)
    with precision(DEFAULT_BITS):
        return decimal_below(_proved_constant(k) / arb(k).sqrt(), _DIGITS)


@checked_arguments(k=teachers_or_infinity)
def convexity_radius_upper_bound(k: int | float) -> Decimal:
    """Return a radius at which the Hessian is singular somewhere, for k >= 3: eq. (1), right.

    Args:
        k: number of orthonormal teachers, 3 or more, or `math.inf`, where the radius is 0.

    Returns:
        (pi/2 - 1) sqrt(k)/(k + pi/2 - 1), rounded up to six digits.

    Raises:
        ValueError: k is below 3, or neither whole nor infinite.
    """
    if k == 2:
        raise ValueError("k is 2; the direction that proves this bound needs 3 teachers or more")
    if k == inf:
        return Decimal(0)
    with precision(DEFAULT_BITS):
        whole = best_constant()
        return decimal_above(whole * arb(k).sqrt() / (k + whole), _DIGITS)


def best_constant() -> Ball:
    """Return pi/2 - 1, which is 2 pi times the smallest eigenvalue at V."""
    return arb.pi() / 2 - 1


def curvature_spent(k: int, r: Ball) -> Ball:
    """Return L: no Hessian eigenvalue within r of V is below (pi/2 - 1 - L)/(2 pi).

    Args:
        k: number of teachers.
        r: Frobenius radius, 3/20 at most.
    """
    size, b, root_five = arb(k), 1 - r, arb(5).sqrt()
    first_order = (4 + (size + (size**2 + 64).sqrt()) / 2).sqrt()
    g = 1 / (r.asin() / 2).cos()
    frames = 3 * g * (arb(3) / 8).sqrt() + (size - 1).sqrt() / 2 + 1
    frames += 3 * g + (1 + root_five) / 2
    lengths = (size + 5).sqrt() / 2 + 2 + 2 / b + 1 / arb(2).sqrt()
    symmetric = (arb(40).sqrt() + 2 * r / b) ** 2 / (8 * (1 - 4 * r))
    off_span = r**2 / (4 * b**2 * (1 - (2 + root_five) * r - r**2 / b))
    return r * first_order + r**2 * ((frames + lengths) / b + symmetric + off_span + 1 / b**2)


def _proved_constant(k: int | float) -> float:
    """Nearly the largest c with L(k^(-1/2), c) < pi/2 - 1, and below it."""
    low, high = 0.0, float(best_constant().lower())
    if isinstance(k, float):
        return high
    root = arb(k).sqrt()
    for _ in range(_STEPS):
        middle = (low + high) / 2
        r = arb(middle) / root
        proved = r < LARGEST_PROVED_RADIUS and curvature_spent(k, r) < best_constant()
        low, high = (middle, high) if proved else (low, middle)
    return low
