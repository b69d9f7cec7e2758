"""How LHS - RHS of Conjecture 12 of S21 begins: its quadratic and its cubic part.

W* has the rows v_i/m, W = W* + G, rows g_ia of G, a = 1, ..., m, for teacher i; d >= k. Let

    g_i = sum_a g_ia,  g = sum_i g_i,  M_il = <g_i, v_l>,  g'_ia = g_ia - <g_ia, v_i> v_i,
    LHS = G^T H(W) G,  RHS = (|g|^2 + (1 - 2/pi) sum_i |g_i|^2)/4.

Then LHS - RHS = Q + T3 + O(|G|^4) with

    2 pi Q = sum_{i<l} (M_il + M_li)^2 + (tr M)^2 + sum_i |g_i off the span of the teachers|^2,
    T3 = (m/pi) sum_i [sum_{a<b} |g'_ia - g'_ib|^3 - m sum_a |g'_ia|^3]
         + (3 m/(2 pi)) sum_{i != l} sum_a [M_ll (|g'_ia|^2 - <g_ia, v_l>^2)
                                            + 2 <g_ia, v_l> <g'_ia, g_l>].

Derivation. Along the ray W(t) = W* + t G we have LHS = d^2 F/dt^2 at t = 1, and F is a sum of
pairs f(w, w') = |w| |w'| (sin z + (pi - z) cos z)/(2 pi), z the angle between w and w': f over
pairs of students, -f over students and teachers, and f(w, w)/2 = |w|^2/4 of each student. A part
of F that is homogeneous of degree q in t gives q (q - 1) times itself. Three kinds of pairs:

1. *Nearly parallel ones, of one teacher.* sin z - z cos z = z^3/3 + O(z^5), so

       f(w, w') = <w, w'>/2 + |w| |w'| z^3/(6 pi) + O(z^5).

   For students, |w| = |w'| = 1/m and z = m t |g'_ia - g'_ib| to leading order; for a student and
   v_i, z = m t |g'_ia|. With q (q - 1) = 6 these are the first line of T3; an error of first order
   in |w|, |w'| or z is one of order |G|^4 here. The products <w, w'>/2, with |w|^2/4, are exactly

       1/4 |sum_a w_ia|^2 - 1/2 <sum_a w_ia, v_i>,  of second derivative |g_i|^2/2.

2. *Nearly orthogonal students w_ia, w_lb,* next to which f is analytic: the derivatives in t of
   orders two and three at t = 0 are D^2 f and D^3 f on (g_ia, g_lb).
3. *Students w_ia with teachers v_l, l != i,* taken off. f is homogeneous of degree one in either
   vector, so f(w, v_l/m) = f(w, v_l)/m, and the derivatives in w_ia alone, of every order, of the
   m pairs (w_ia, w_lb) add up to that of (w_ia, v_l): they cancel. What is left are mixed ones.

*Second order.* D_w D_v f is h2, at orthogonal unit vectors I/4 + (v_i v_l^T + v_l v_i^T)/(2 pi),
homogeneous of degree zero. Both orders of i, l together,

    sum_{i != l} [<g_i, g_l>/4 + (M_ii M_ll + M_il M_li)/(2 pi)].

With |g_i|^2/2 from 1. and <g_i, g_l> = |g|^2 - sum |g_i|^2 summed, this is

    |g|^2/4 + sum |g_i|^2/4 + ((tr M)^2 - sum_i M_ii^2 + 2 sum_{i<l} M_il M_li)/(2 pi),

and less RHS it is Q, as sum |g_i|^2 = sum_i M_ii^2 + sum_{i<l} (M_il^2 + M_li^2) + off the span.

*Third order.* Each ordered pair i != l leaves 3 D_w^2 D_v f[g_ia, g_ia, g_lb], over b the same
with g_l, and D_w^2 is of degree -1: 3 m D_v h1(v_i, v_l)[g_ia, g_ia; g_l]. With u the part of v
orthogonal to v_i, y that of x, and y_u that of z,

    2 pi h1(v_i, v)[x, x] = |u| |y|^2 + <u, y>^2/|u|,
    2 pi D_v h1(v_i, v_l)[x, x; z] = <v_l, z> (|y|^2 - <v_l, x>^2) + 2 <v_l, x> <y, z>

at u = v_l, |u| = 1: the second line of T3.

*m = 1, where Q = 0.* Sorted by M_il + M_li and tr M, the second line of T3 is 3/(2 pi) times

    tr M sum_i |g'_i|^2 - sum_i M_ii |h_i|^2
    + sum_{i<l} (M_il + M_li) [(M_ii - M_ll)(M_li - M_il) + 2 <h_i, h_l> + 2 sum_j M_ji M_jl],

j other than i, l and h_i the part of g_i off the span, as

    |g'_i|^2 = sum_l M_il^2 + |h_i|^2,  <g'_i, g_l> = sum_{j != i} M_ij M_lj + <h_i, h_l>,

and the products of three entries M_il M_ij M_lj, i, j, l distinct, come in pairs with a common
factor M_lj + M_jl. All of it vanishes with Q, and T3 = -1/pi sum |g'_i|^3 < 0: the conjecture
fails in every direction with Q = 0 in which a neuron turns.

*A ray worked out.* At k = 2, m = 1 the students w_1 = v_1 - s v_2, w_2 = v_2 + s v_1 stay
orthogonal, and their angles to the teachers are z = atan s and pi/2 +- z, so that

    F(s) = (1 + s^2)(1/2 + 1/(2 pi)) - (s + 1 + pi - z + s z)/pi + constant,
    LHS = s^2 F''(s) = s^2 [1 + 1/pi - (2/pi)(1 + s)/(1 + s^2)^2],  RHS = s^2 (1 - 1/pi),
    LHS - RHS = -(2 s^3/pi)(1 - 2 s - s^3)/(1 + s^2)^2,

negative up to the root .45339... of s^3 + 2 s = 1. The same numbers hold for every k >= 2, d >= k
and m: students that equal their teachers cancel them all along the ray, and m equal parts of a
student are one student. So the conjecture fails for every k, m and d, as near to W* as one likes.

*m >= 2, where all g_i = 0.* The second line vanishes, and T3 >= 0 by the

Lemma. X, Y independent with one law of mean zero in R^q: E |X - Y|^3 >= 2 E |X|^3.

Proof. For q = 1 let P = E X^+ = E X^-, A = E (X^+)^2, B = E (X^-)^2 and |x - y|^3 - |x|^3 - |y|^3
= D(x, y). Of opposite signs D = 3 |x| |y| (|x| + |y|), which adds 6 P (A + B) to E D. Of equal
signs, |x| >= |y| say, D + 3 |x| |y| (|x| + |y|) = 6 |x| |y|^2 - 2 |y|^3 >= 0, and |x| |y| (|x| +
|y|) adds 2 P (A + B) to its mean: these take at most 6 P (A + B) from E D. So E D >= 0.
In R^q, |x|^3 = c_q times the mean of |<x, u>|^3 over unit vectors u, and <X, u> has mean zero. []

With X uniform on g'_i1, ..., g'_im: (2/m^2) sum_{a<b} |g'_ia - g'_ib|^3 >= (2/m) sum_a |g'_ia|^3.

Source: S21, Conjecture 12, Theorem 17 and Lemma 20 for the formulas; the expansion is ours.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import mpmath
import numpy as np
from numpy.typing import NDArray

from relu_landscape.objective import reference_curvature_along

Rows = NDArray[Any]
"""G, (m k, d), of float64 or of mpmath numbers; rows i m .. i m + m - 1 belong to teacher e_i."""


class Beginning(NamedTuple):
    """The parts of LHS - RHS of degree two and three."""

    quadratic: Any
    cubic: Any


def beginning(G: Rows, m: int) -> Beginning:
    """Return Q and T3 of the module's docstring.

    Args:
        G: perturbation, (m k, d), d >= k, of float64 or of mpmath numbers, as are the results.
        m: students of each teacher.

    Raises:
        ValueError: the rows are no m for each of k <= d teachers.
    """
    k = _teachers(G, m)
    return Beginning(_quadratic(G, k, m), _cubic(G, k, m))


def remainder(G: Rows, m: int, *, digits: int = 60) -> mpmath.mpf:
    """Return LHS - RHS - Q - T3, which is O(|G|^4).

    LHS is a second difference of the loss along G: no formula of a derivative enters.

    Args:
        G: perturbation, (m k, d), d >= k.
        m: students of each teacher.
        digits: of the arithmetic.

    Raises:
        ValueError: as for `beginning`; a student is zero.
    """
    k, d = _teachers(G, m), G.shape[1]
    with mpmath.workdps(digits):
        V = np.eye(k, d).astype(object) * mpmath.mpf(1)
        exact = G.astype(object) * mpmath.mpf(1)
        form = reference_curvature_along(
            np.repeat(V, m, axis=0) / m + exact, V, exact, digits=digits
        )
        parts = beginning(exact, m)
        return form - _right_hand_side(exact, k, m) - parts.quadratic - parts.cubic


def leading_constant(G: Rows, m: int) -> Any:
    """Return C = -T3/(eps RHS), eps = max |g_ia|: LHS/RHS = 1 - C s eps + O(s^2) at s G if Q = 0.

    Args:
        G: perturbation, (m k, d), d >= k, not all g_i zero; C says nothing where Q is not 0.
        m: students of each teacher.

    Raises:
        ValueError: as for `beginning`.
    """
    k = _teachers(G, m)
    eps = max(_squares(G)) ** 0.5
    return -_cubic(G, k, m) / (eps * _right_hand_side(G, k, m))


def _teachers(G: Rows, m: int) -> int:
    """The number k of teachers."""
    if m < 1 or G.ndim != 2 or len(G) == 0 or len(G) % m or len(G) // m > G.shape[1]:
        raise ValueError(
            f"G has shape {np.shape(G)} and m = {m}; it needs m rows for each of k teachers, and "
            "k columns or more"
        )
    return len(G) // m


def _quadratic(G: Rows, k: int, m: int) -> Any:
    sums = G.reshape(k, m, -1).sum(axis=1)
    M = sums[:, :k]
    across = M + M.T
    pairs = (across[np.triu_indices(k, 1)] ** 2).sum()
    return (pairs + np.trace(M) ** 2 + (sums[:, k:] ** 2).sum()) / (2 * _pi(G))


def _cubic(G: Rows, k: int, m: int) -> Any:
    shares = G.reshape(k, m, -1)
    sums = shares.sum(axis=1)
    total = 0
    for i, own in enumerate(shares):
        turning = own.copy()
        turning[:, i] = 0
        first, second = np.triu_indices(m, 1)
        apart, alone = _squares(turning[first] - turning[second]), _squares(turning)
        total += 2 * m * ((apart**1.5).sum() - m * (alone**1.5).sum())
        for j in range(k):
            if j != i:
                along = own[:, j]
                straight = sums[j, j] * (alone - along**2)
                total += 3 * m * (straight + 2 * along * (turning @ sums[j])).sum()
    return total / (2 * _pi(G))


def _right_hand_side(G: Rows, k: int, m: int) -> Any:
    sums = G.reshape(k, m, -1).sum(axis=1)
    return ((sums.sum(axis=0) ** 2).sum() + (1 - 2 / _pi(G)) * (sums**2).sum()) / 4


def _squares(rows: Rows) -> Rows:
    """Squared lengths of rows."""
    lengths: Rows = (rows**2).sum(axis=1)
    return lengths


def _pi(G: Rows) -> Any:
    """The number pi in the arithmetic of G."""
    return np.pi if G.dtype == np.float64 else mpmath.pi
