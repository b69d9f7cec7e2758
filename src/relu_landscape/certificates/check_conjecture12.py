"""Check what is proved of Conjecture 12: `python -m relu_landscape.certificates.check_conjecture12
FILE...`.

This module stands alone, as `check` does: the standard library and python-flint, no code of the
programs that write certificates, no trust in them. Every number below is a ball of Arb, which
contains the true value whatever was rounded. Read it from top to bottom; each lemma stands where it
is used.

The conjecture (Safran, Yehudai & Shamir 2021). Teachers v_1..v_k in R^d, orthonormal; students
w_ij = v_i/m + g_ij, j = 1..m; G = (g_ij), g_i = sum_j g_ij, g = sum_i g_i, H the Hessian of

    F(W) = 1/2 E (sum_ij relu(w_ij.x) - sum_i relu(v_i.x))^2,  x standard normal.

It says that LHS >= RHS wherever no student is zero, for

    LHS = G^T H(W* + G) G,  RHS = (|g|^2 + b sum_i |g_i|^2)/4,  b = 1 - 2/pi.

Checked here: that it fails on a ray that ends in W*, for every k from some k on, every m and every
d (section 4); how fast the ratio LHS/RHS may leave 1 (section 5); and what holds in its place
(sections 6 and 7).
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from flint import arb, ctx, fmpq

MOST_BITS = 4096
HEXADECIMAL = re.compile(r"(-?)0x([0-9a-f]+)(?:\.([0-9a-f]*))?p([+-]?[0-9]+)")


class Refused(Exception):
    """The certificate does not hold, or this program cannot show that it does."""


def require(holds: Any, what: str) -> None:
    """Refuse the certificate unless this holds; a ball that is not clearly so does not."""
    if not holds:
        raise Refused(what)


# --- 1. Numbers -----------------------------------------------------------------------------------
# As in `check`: a number is a string, "0x1.8p-3", "0.0213" or "272/1000"; counts are integers.


def rational(text: Any) -> Fraction:
    """Read an exact number."""
    require(
        isinstance(text, str) and 0 < len(text) <= 1000, f"{text!r} is not a number in a string"
    )
    try:
        found = HEXADECIMAL.fullmatch(text)
        if found:
            sign, whole, digits, exponent = found.groups(default="")
            power = int(exponent) - 4 * len(digits)
            require(abs(power) < 5000, f"{text!r} is too large or too small")
            return Fraction(int(sign + whole + digits, 16)) * Fraction(2) ** power
        exponent = text.lower().partition("e")[2]
        require(not exponent or abs(int(exponent)) < 5000, f"{text!r} is too large or too small")
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        raise Refused(f"{text!r} is not a number") from None


def below(text: Any, digits: int = 6) -> str:
    """A number in so many digits, and no more than it is: what is said is what is proved."""
    return in_digits(text, digits, ROUND_FLOOR)


def above(text: Any, digits: int = 6) -> str:
    """The same, and no less than it is."""
    return in_digits(text, digits, ROUND_CEILING)


def in_digits(text: Any, digits: int, rounding: str) -> str:
    """A number of a line, rounded to one side."""
    exact, context = rational(text), Context(prec=digits, rounding=rounding)
    return f"{context.divide(Decimal(exact.numerator), Decimal(exact.denominator))}"


def exactly(number: Fraction) -> Any:
    """A rational number as a ball."""
    return arb(fmpq(number.numerator, number.denominator))


def fields(line: dict[str, Any], *names: str) -> None:
    """Require that a line has these fields and no others."""
    expected = {"statement", "bits", *names}
    require(set(line) == expected, f"fields differ from the format: {set(line) ^ expected}")


def between(low: Any, high: Any) -> Any:
    """The ball of all numbers from one to another."""
    return arb(low).union(arb(high))


def squared(x: Any) -> Any:
    """x^2, which is not negative where x may have either sign."""
    low, high = x.abs_lower(), x.abs_upper()
    return between(low * low, high * high)


def cubed(x: Any) -> Any:
    """x^3; the power ** of Arb is not finite where x may be zero."""
    return x * squared(x)


def root(x: Any) -> Any:
    """Root of a quantity that is >= 0, also where its ball reaches below zero."""
    return x.sqrt() if x > 0 else between(0, x.nonnegative_part().upper().sqrt())


# --- 2. Functions of one variable, and slopes -----------------------------------------------------
# Lemma 1 (Taylor). z(t) = a + b t + c t^2 + d t^3 with numbers a, b, c and a d that depends on t:
# balls for a, b, c, and one for all values of d on 0 <= t <= T. Sums and products are of this kind.
# With z = a + t q(t), q = b + c t + d t^2, Taylor's formula for f at a gives
#     f(z) = f(a) + f'(a) q t + f''(a)/2 q^2 t^2 + f'''(y)/6 q^3 t^3,
# y between a and z(t), and q^2 = b^2 + t (2 b c + t (c^2 + 2 b d) + t^2 2 c d + t^3 d^2).


class Taylor:
    """The z of Lemma 1."""

    def __init__(self, a: Any, b: Any, c: Any, d: Any, T: Any) -> None:
        self.a, self.b, self.c, self.d = a, b, c, d
        self.T = T  # the ball of all t

    def __add__(self, other: Any) -> Taylor:
        if not isinstance(other, Taylor):
            return Taylor(self.a + other, self.b, self.c, self.d, self.T)
        return Taylor(
            self.a + other.a, self.b + other.b, self.c + other.c, self.d + other.d, self.T
        )

    def __mul__(self, other: Any) -> Taylor:
        if not isinstance(other, Taylor):
            return Taylor(self.a * other, self.b * other, self.c * other, self.d * other, self.T)
        x, y, T = self, other, self.T
        third = x.a * y.d + x.b * y.c + x.c * y.b + x.d * y.a
        fourth = x.b * y.d + x.c * y.c + x.d * y.b
        rest = third + T * (fourth + T * (x.c * y.d + x.d * y.c + T * (x.d * y.d)))
        return Taylor(x.a * y.a, x.a * y.b + x.b * y.a, x.a * y.c + x.b * y.b + x.c * y.a, rest, T)

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Any) -> Taylor:
        return self.__add__(other * -1)

    def of(self, *derivatives: Callable[[Any], Any]) -> Taylor:
        """f(z) from f, f', f'', f'''."""
        a, b, c, d, T = self.a, self.b, self.c, self.d, self.T
        f0, f1, f2 = (f(a) for f in derivatives[:3])
        q = b + T * (c + T * d)
        f3 = derivatives[3](a + T * q)
        bent = 2 * b * c + T * (squared(c) + 2 * b * d + T * (2 * c * d + T * squared(d)))
        return Taylor(
            f0,
            f1 * b,
            f1 * c + f2 / 2 * squared(b),
            f1 * d + f2 / 2 * bent + f3 / 6 * cubed(q),
            T,
        )

    def value(self) -> Any:
        """All values of z."""
        return self.a + self.T * (self.b + self.T * (self.c + self.T * self.d))


# Lemma 2 (chain rule). The same for the partial derivatives of a function of several variables.


class Slopes:
    """A function of several variables over a box: its values and its partial derivatives."""

    def __init__(self, x: Any, slopes: Sequence[Any]) -> None:
        self.x, self.slopes = x, slopes

    def __add__(self, other: Any) -> Slopes:
        if not isinstance(other, Slopes):
            return Slopes(self.x + other, self.slopes)
        return Slopes(
            self.x + other.x, [p + q for p, q in zip(self.slopes, other.slopes, strict=True)]
        )

    def __mul__(self, other: Any) -> Slopes:
        if not isinstance(other, Slopes):
            return Slopes(self.x * other, [p * other for p in self.slopes])
        pairs = zip(self.slopes, other.slopes, strict=True)
        return Slopes(self.x * other.x, [p * other.x + self.x * q for p, q in pairs])

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Any) -> Slopes:
        return self.__add__(other * -1)

    def of(self, *derivatives: Callable[[Any], Any]) -> Slopes:
        """f of it, from f and f'."""
        slope = derivatives[1](self.x)
        return Slopes(derivatives[0](self.x), [slope * p for p in self.slopes])


def inverse(z: Any) -> Any:
    """1/z."""
    return z.of(lambda x: 1 / x, lambda x: -1 / squared(x), lambda x: 2 / cubed(x),
                lambda x: -6 / squared(squared(x)))  # fmt: skip


def square_root(z: Any) -> Any:
    """z^(1/2) of a positive z."""
    return z.of(lambda x: x.sqrt(), lambda x: 1 / (2 * x.sqrt()),
                lambda x: -1 / (4 * x * x.sqrt()),
                lambda x: 3 / (8 * squared(x) * x.sqrt()))  # fmt: skip


def arcsine(z: Any) -> Any:
    """The angle from -pi/2 to pi/2 whose sine is z."""
    return z.of(lambda x: x.asin(), lambda x: 1 / (1 - squared(x)).sqrt(),
                lambda x: x / ((1 - squared(x)) * (1 - squared(x)).sqrt()),
                lambda x: (1 + 2 * squared(x))
                / (squared(1 - squared(x)) * (1 - squared(x)).sqrt()))  # fmt: skip


def arctangent(z: Any) -> Any:
    """The angle from -pi/2 to pi/2 whose tangent is z."""
    return z.of(lambda x: x.atan(), lambda x: 1 / (1 + squared(x)),
                lambda x: -2 * x / squared(1 + squared(x)),
                lambda x: (6 * squared(x) - 2) / cubed(1 + squared(x)))  # fmt: skip


# --- 3. LHS and RHS along a ray, m = 1 ------------------------------------------------------------
# G = t X with rows x_i. M_il = x_i.v_l, a_i = M_ii, and |x_i|^2 = n_i, c_i^2 = n_i - a_i^2: c_i is
# the length of the part of x_i that is orthogonal to v_i. At w_i = v_i + t x_i let
#     r_i = |w_i|^2 = 1 + 2 a_i t + n_i t^2,  u_i = r_i'/r_i = 2 (a_i + n_i t)/r_i,
#     p_il = w_i.w_l = s_il t + q_il t^2,  s_il = M_il + M_li,  q_il = x_i.x_l,  i != l.
# LHS(t X) = t^2 K(t) with K = d^2/dt^2 F(W* + t X), as the third derivatives of F next to parallel
# neurons are bounded.
# Lemma 3. F is a sum of pairs f(w, v) = |w| |v| (sin z + (pi - z) cos z)/(2 pi), z their angle,
# f(w, w) = |w|^2/2. By their second derivatives,
#     K = sum_i [n_i/2 - c_i^3 t/(pi r_i^2)] + 1/(2 pi) sum_{i<l} [P_il - A_il - A_li],
#     A_il = c_i^2 S/r_i^2 + (M_il (1 + a_i t))^2/(r_i^2 S),  S = (r_i - M_il^2 t^2)^(1/2),
#     P_il = Y 2 q_il + (p'^2 - p p' L + r_i r_l L^2/4)/S + S L'/2,  p = p_il,
#     S = (r_i r_l - p^2)^(1/2),  Y = pi/2 + asin(p/(r_i r_l)^(1/2)),  L = u_i + u_l,
#     L' = 2 n_i/r_i - u_i^2 + 2 n_l/r_l - u_l^2.
# Proof. f(w_i, v) with v fixed has the second derivative h1(w_i, v)[x_i, x_i] = |v| sin z (|y|^2 +
# (y.e)^2)/(2 pi |w_i|), y the part of x_i orthogonal to w_i and e the unit vector along that of v.
# |y| = c_i/|w_i|, the area of w_i and x_i being that of v_i and x_i. For v = v_i, y is parallel to
# e and sin z = c_i t/|w_i|. For v = v_l, w_i.v_l = M_il t, |w_i| sin z = S, and y.e = v_l.y/sin z
# with v_l.y = M_il - M_il t (a_i + n_i t)/r_i = M_il (1 + a_i t)/r_i. For two students 2 pi f = S +
# Y p, whose derivative is Y p' + S L/2, as d(S + Y p) = Y dp + S/2 (dr_i/r_i + dr_l/r_l); with
# Y' = (p' - p L/2)/S and S' = (r_i r_l L - 2 p p')/(2 S) its derivative is P_il.
# Lemma 4. K(0) = RHS(X) + Q(X) with
#     2 pi Q = sum_{i<l} s_il^2 + (sum_i a_i)^2 + sum_i |x_i off the span of the teachers|^2,
# as P_il - A_il - A_li = pi q_il + 2 M_il M_li + 2 a_i a_l at t = 0.
# Lemma 5. Let k = 2 = d. Let (a, M), (N, c) be the two rows, p, r_1, r_2, n_1, n_2, q, s as above.
# The angle of w_1 from v_1 is z_1 = atan(M t/(1 + a t)), that of w_2 from v_2 towards v_1 is z_2 =
# atan(N t/(1 + c t)), that between w_1 and w_2 is pi/2 - z_1 - z_2, S = (1 + a t)(1 + c t) - M N
# t^2, z_1' = M/r_1, z_2' = N/r_2, and A_12 = 2 M^2 (1 + a t)/r_1^2. So 2 pi K is
#     pi (n_1 + n_2) - 2 t (|M|^3/r_1^2 + |N|^3/r_2^2) + 2 (a c - M N) + (pi/2 + z_1 + z_2) 2 q
#     + 2 (M/r_1 + N/r_2) (s + 2 q t) - (M r_1'/r_1^2 + N r_2'/r_2^2) (s t + q t^2)
#     - 2 M^2 (1 + a t)/r_1^2 - 2 N^2 (1 + c t)/r_2^2.
# Its slope at t = 0 is 2 pi T3, T3 = 3/(2 pi) ((a + c)(M^2 + N^2) + s (a - c)(N - M)) - (|M|^3 +
# |N|^3)/pi.


def square_length(t: Any, a: Any, n: Any) -> Any:
    """r."""
    return t * t * n + 2 * a * t + 1


def own_teacher(t: Any, cube: Any, r: Any) -> Any:
    """2 c^3 t/r^2, cube = c^3."""
    other = inverse(r)
    return other * other * cube * t * 2


def other_teacher(t: Any, a: Any, M: Any, n: Any, r: Any) -> Any:
    """A_il."""
    S = square_root(r + t * t * (-squared(M)))
    along = (1 + a * t) * M
    other = inverse(r)
    return other * other * (S * (n + (-squared(a))) + inverse(S) * (along * along))


def two_students(t: Any, first: Sequence[Any], second: Sequence[Any], s: Any, q: Any) -> Any:
    """P_il; first and second: a, n and r of either student."""
    p, slope = t * s + t * t * q, t * q * 2 + s
    both = first[2] * second[2]
    S = square_root(both - p * p)
    Y = arcsine(p * inverse(square_root(both))) + arb.pi() / 2
    L, turn = [], []
    for a, n, r in (first, second):
        u = (t * n + a) * inverse(r) * 2
        L.append(u)
        turn.append(inverse(r) * n * 2 - u * u)
    log = L[0] + L[1]
    bend = slope * slope + both * log * log * (arb(1) / 4) - p * slope * log
    return Y * (2 * q) + bend * inverse(S) + S * (turn[0] + turn[1]) * (arb(1) / 2)


def curvature(t: Any, X: Sequence[Sequence[Any]]) -> Any:
    """K of Lemma 3 for rows x_i = (x_i.v_1, ..., x_i.v_k)."""
    k = len(X)
    n = [sum(map(squared, row), start=arb(0)) for row in X]
    r = [square_length(t, X[i][i], n[i]) for i in range(k)]
    total = t * 0
    for i in range(k):
        c = root(sum((squared(X[i][j]) for j in range(k) if j != i), start=arb(0)))
        total = total + n[i] * arb.pi() - own_teacher(t, cubed(c), r[i])
        for j in range(k):
            if j != i:
                total = total - other_teacher(t, X[i][i], X[i][j], n[i], r[i])
            if j < i:
                q = sum((x * y for x, y in zip(X[i], X[j], strict=True)), start=arb(0))
                first, second = (X[i][i], n[i], r[i]), (X[j][j], n[j], r[j])
                total = total + two_students(t, first, second, X[i][j] + X[j][i], q)
    return total * (1 / (2 * arb.pi()))


def right_hand_side(X: Sequence[Sequence[Any]]) -> Any:
    """RHS(X)."""
    g = [sum(column, start=arb(0)) for column in zip(*X, strict=True)]
    squares = sum((squared(x) for row in X for x in row), start=arb(0))
    return (sum(map(squared, g), start=arb(0)) + (1 - 2 / arb.pi()) * squares) / 4


def plane_curvature(t: Any, a: Any, M: Any, N: Any, c: Any) -> Any:
    """K of Lemma 5."""
    n1, n2, q, s = squared(a) + squared(M), squared(c) + squared(N), a * N + M * c, M + N
    p, slope = t * s + t * t * q, t * q * 2 + s
    total = t * 0 + arb.pi() * (n1 + n2) + 2 * (a * c - M * N)
    angle, turn, bend = t * 0 + arb.pi() / 2, t * 0, t * 0
    for x, y, n in ((a, M, n1), (c, N, n2)):
        r = square_length(t, x, n)
        once = inverse(r)
        twice = once * once
        angle = angle + arctangent(t * y * inverse(t * x + 1))
        turn = turn + once * y
        bend = bend + twice * (t * n + x) * (2 * y)
        total = total - own_teacher(t, cubed(abs(y)), r) - twice * (t * x + 1) * (2 * squared(y))
    total = total + angle * (2 * q) + turn * slope * 2 - bend * p
    return total * (1 / (2 * arb.pi()))


# --- 4. A ray on which it fails -------------------------------------------------------------------
# Lemma 6. Let it fail at the rows g_1..g_h in R^h for k = d = h, m = 1. Then it fails for every k
# >= h, d >= k and m >= 1 at the same rows, followed by rows of zeros, each divided by m and taken m
# times. Proof. In d > k inputs F is the same function of students in the span of the teachers. A
# student that equals its teacher cancels it: along the ray the network minus its target is the same
# function, so F is, and LHS = d^2/dt^2 F(W* + (1 + t) G) at t = 0 with it; RHS sees the g_i alone.
# And m students (v_i + g_i)/m add up to relu((v_i + g_i).x). On a ray G = s X with Q(X) = 0 both
# sides begin with s^2 RHS(X), Lemma 4. In a first piece 0 < s <= s_1 the Taylor of K about 0 gives
# (LHS - RHS)/s^3 = b + c s + d s^2; in a later one, from s_0 to s_1, its Taylor about s_0 gives K -
# RHS(X), which has to stay below the bound times s_1 < 0.


def check_ray(line: dict[str, Any]) -> str:
    """LHS - RHS <= cubic_upper s^3 < 0 at G = s X for 0 < s <= the last of `ends`, and so for every
    k >= len(X), m, d as in Lemma 6."""
    fields(line, "X", "ends", "cubic_upper")
    rows, ends = line["X"], line["ends"]
    require(isinstance(rows, list) and len(rows) >= 2, "X must have two rows or more")
    require(
        all(isinstance(row, list) and len(row) == len(rows) for row in rows), "X must be square"
    )
    k = len(rows)
    exact = [[rational(x) for x in row] for row in rows]
    require_quadratic_part_zero(exact)
    require(any(x != 0 for row in exact for x in row), "X must not be zero")
    require(isinstance(ends, list) and ends, "ends must be a list of numbers")
    cuts = [Fraction(0), *map(rational, ends)]
    require(all(x < y for x, y in pairwise(cuts)), "ends must grow from above 0")
    bound = exactly(rational(line["cubic_upper"]))
    require(bound < 0, "cubic_upper must be negative")
    X = [[exactly(x) for x in row] for row in exact]
    limit = right_hand_side(X)
    for start, end in pairwise(cuts):
        T = between(0, exactly(end - start))
        t = Taylor(exactly(start), arb(1), arb(0), arb(0), T)
        K = curvature(t, X)
        if start == 0:
            shown = K.b + T * (K.c + T * K.d) <= bound
        else:
            shown = (K - t * bound).value() <= limit
        require(shown, f"not shown from s = {float(start):.6g} to {float(end):.6g}")
    return (
        f"Conjecture 12 fails for every k >= {k}, m >= 1, d >= k, at every 0 < s <= "
        f"{below(ends[-1])}: LHS - RHS <= {above(line['cubic_upper'])} s^3"
    )


# --- 5. How fast the ratio may leave 1 ------------------------------------------------------------
# Students w_ia = v_i/m + s x_ia, a = 1..m; x_i = sum_a x_ia, M_il = x_i.v_l, and y_ia the part of
# x_ia that is orthogonal to v_i. Let C(X) = -T3(X)/(e RHS(X)) for X with Q(X) = 0, T3 as in Lemma 7
# and e a size of X: its largest |x_ia| ("displacement") or its largest |y_ia| ("orthogonal").
# Lemma 7. LHS - RHS = Q s^2 + T3 s^3 + O(s^4), Q that of Lemma 4 for the x_i, and
#     T3 = (m/pi) sum_i [sum_{a<b} |y_ia - y_ib|^3 - m sum_a |y_ia|^3] + 3 m/(2 pi) Z,
#     Z = sum_{i != l} sum_a [M_ll (|y_ia|^2 - (x_ia.v_l)^2) + 2 (x_ia.v_l) y_ia.x_l].
# Proof. The third derivative of F in s at s = 0+ is T3. Pairs of one teacher have f = w.v/2 + |w|
# |v| (sin z - z cos z)/(2 pi), the last part z^3/(6 pi) |w| |v| to leading order: m s^3 |y_ia -
# y_ib|^3/(6 pi) for two students, m^2 s^3 |y_ia|^3/(6 pi) for one and its teacher, taken off. For i
# != l the derivatives in w_ia alone cancel between w_lb, b = 1..m, and v_l, as f is homogeneous in
# either; what is left are three times the slopes along x_l of h1(w_ia, v)[x_ia, x_ia], m times that
# at |w| = 1, and the slope in v of 2 pi h1(v_i, v)[x, x] = |u| |y|^2 + (u.y)^2/|u|, u the part of v
# orthogonal to v_i, at v_l along x_l is that in Z.
# For m = 1 let a_i = M_ii, s_il = M_il + M_li, tr the trace of M, h_i the part of x_i off the span:
#     Z = tr sum_i |y_i|^2 - sum_i a_i |h_i|^2
#         + sum_{i<l} s_il [(a_i - a_l)(M_li - M_il) + 2 h_i.h_l + 2 sum_{j != i,l} M_ji M_jl],
# of which each term has a factor that vanishes with Q. So T3 = -1/pi sum |y_i|^3 where Q = 0.
# Lemma 8. m = 1: C(X) <= (4/pi)/b = 4/(pi - 2), for every k and either size. Proof. sum |y_i|^3 <=
# e sum |y_i|^2 <= e sum |x_i|^2 <= e 4 RHS(X)/b. Equality holds where all |y_i| are alike or zero,
# y_i = x_i and g = 0, as for k >= 3 in the rows v_2 - v_3, v_3 - v_1, v_1 - v_2, 0, ..., 0.
# Lemma 9. m = 1, k = 2: where Q = 0, x_1 = x v_1 - v_2, x_2 = v_1 - x v_2 up to a factor (or both
# y_i = 0), so C = (4/pi)/(e q), q = (1 + x)^2 + b (1 + x^2). For e = |y_i| = 1, q is least at x =
# -1/(1 + b), and C at most (4/pi)(1 + b)/(b (2 + b)). For e = (1 + x^2)^(1/2) the derivative of e q
# is y(x)/e with y = 3 (1 + b) x^3 + 4 x^2 + 3 (1 + b) x + 2, of which the derivative is positive as
# 27 (1 + b)^2 > 16. So e q is least at the one root of y, which is between -1 and 0.
# For the largest C there is a number D with LHS >= (1 - C e - D |G|^2) RHS near W*, e the size of
# G, and for no smaller C. Proof. Let X = Y + Z, Z orthogonal to the space Q = 0: 2 pi Q(X) >=
# |Z|^2, T3 + C e RHS is not negative at Y, and not below -L |Z| at X: (LHS - RHS)/s^2 + C e s RHS
# >= |Z|^2/(2 pi) - L |Z| s - O(s^2) = -O(s^2), |X| = 1.

SIZES = ("displacement", "orthogonal")


def check_leading_constant(line: dict[str, Any]) -> str:
    """The largest C(X), for k = 2 or for every k >= 3, is between lower and upper."""
    fields(line, "k", "size", "lower", "upper")
    k, size = line["k"], line["size"]
    require(type(k) is int and k in (2, 3), "k must be 2, or 3 for every k >= 3")
    require(size in SIZES, f"size must be one of {SIZES}")
    b = 1 - 2 / arb.pi()
    if k == 3:
        require_equality([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])
        least = b
    elif size == "orthogonal":
        least = b * (2 + b) / (1 + b)
    else:
        require(27 * squared(1 + b) > 16, "the bits do not tell that y grows")
        x = root_of_increasing(lambda x: ((3 * (1 + b) * x + 4) * x + 3 * (1 + b)) * x + 2)
        least = (1 + squared(x)).sqrt() * (squared(1 + x) + b * (1 + squared(x)))
    constant = 4 / (arb.pi() * least)
    lower, upper = (exactly(rational(line[name])) for name in ("lower", "upper"))
    require(lower <= constant and constant <= upper, "the constant is not between lower and upper")
    return (
        f"leading constant of LHS >= (1 - C eps) RHS, {'k = 2' if k == 2 else 'every k >= 3'}, "
        f"m = 1, eps the largest {size}: {below(line['lower'], 12)} <= C <= "
        f"{above(line['upper'], 12)}"
    )


def check_direction(line: dict[str, Any]) -> str:
    """C(X) >= lower, e = max |x_ia|, for the rows of X, m for each of k teachers, d = k."""
    fields(line, "m", "X", "lower")
    m, rows = line["m"], line["X"]
    require(type(m) is int and m >= 1, "m must be an integer >= 1")
    require(isinstance(rows, list) and rows and len(rows) % m == 0, "X must have m rows a teacher")
    k = len(rows) // m
    require(all(isinstance(row, list) and len(row) == k for row in rows), "X must have k columns")
    exact = [[rational(x) for x in row] for row in rows]
    sums = [[sum(column) for column in zip(*exact[i * m : (i + 1) * m], strict=True)]
            for i in range(k)]  # fmt: skip
    require_quadratic_part_zero(sums)
    require(any(x != 0 for row in sums for x in row), "the sums of rows must not all be zero")
    X = [[exactly(x) for x in row] for row in exact]
    e = max(root(sum(map(squared, row), start=arb(0))).upper() for row in X)
    constant = -cubic_part(X, m) / (e * right_hand_side([[exactly(x) for x in y] for y in sums]))
    lower = exactly(rational(line["lower"]))
    require(lower > 0 and constant >= lower, "the constant is not shown to be >= lower > 0")
    return (
        f"leading constant of LHS >= (1 - C eps) RHS, k = {k}, m = {m}, eps the largest "
        f"displacement: C >= {below(line['lower'], 12)}"
    )


# A constant may also fail at one size. At G = X, m = 1, LHS = K of Lemma 3 at t = 1. Rows of zeros
# change neither side nor eps: as in Lemma 6 a point for k = h serves every k >= h and d >= k. So
# LHS >= (1 - C eps) RHS, eps <= reach, holds for no such k if C < lower and eps at X is <= reach.


def check_point(line: dict[str, Any]) -> str:
    """LHS <= (1 - lower eps) RHS < RHS at G = X, m = 1, for eps = max |x_i| <= reach, and so for
    every k >= len(X) and d >= k."""
    fields(line, "X", "lower", "reach")
    rows = line["X"]
    read_reach(line)
    require(isinstance(rows, list) and len(rows) >= 2, "X must have two rows or more")
    require(
        all(isinstance(row, list) and len(row) == len(rows) for row in rows), "X must be square"
    )
    exact = [[rational(x) for x in row] for row in rows]
    longest = max(sum((x * x for x in row), start=Fraction(0)) for row in exact)
    require(longest <= rational(line["reach"]) ** 2, "a row of X is not within reach")
    eps, lower = exactly(longest).sqrt(), exactly(rational(line["lower"]))
    require(lower > 0 and longest > 0, "lower must be positive, and X not zero")
    X = [[exactly(x) for x in row] for row in exact]
    left = curvature(Taylor(arb(1), arb(1), arb(0), arb(0), arb(0)), X).a
    require(left <= (1 - lower * eps) * right_hand_side(X), "LHS is not shown to be that small")
    return (
        f"LHS >= (1 - C eps) RHS, eps <= {above(line['reach'])}, fails for every k >= {len(X)}, "
        f"m = 1, d >= k, if C < {below(line['lower'], 12)}"
    )


def require_quadratic_part_zero(M: list[list[Fraction]]) -> None:
    """Q = 0: the matrix is antisymmetric off its diagonal, of trace 0."""
    places = range(len(M))
    require(all(M[i][j] == -M[j][i] for i in places for j in range(i)), "M + M^T must be diagonal")
    require(sum(M[i][i] for i in places) == 0, "the trace of M must be 0")


def cubic_part(X: list[list[Any]], m: int) -> Any:
    """T3 of Lemma 7."""
    k, turned, smooth = len(X) // m, arb(0), arb(0)
    sums = [[sum(column, start=arb(0)) for column in zip(*X[i * m : (i + 1) * m], strict=True)]
            for i in range(k)]  # fmt: skip
    for i in range(k):
        own = [[x if a != i else arb(0) for a, x in enumerate(X[i * m + j])] for j in range(m)]
        for j, y in enumerate(own):
            alone = sum(map(squared, y), start=arb(0))
            turned -= m * cubed(root(alone))
            for other in own[:j]:
                apart = sum((squared(p - q) for p, q in zip(y, other, strict=True)), start=arb(0))
                turned += cubed(root(apart))
            for other_i in range(k):
                if other_i != i:
                    along = y[other_i]
                    product = sum((p * q for p, q in zip(y, sums[other_i], strict=True)), arb(0))
                    smooth += sums[other_i][other_i] * (alone - squared(along))
                    smooth += 2 * along * product
    return m * (turned + 3 * smooth / 2) / arb.pi()


def require_equality(X: list[list[int]]) -> None:
    """The conditions of equality in Lemma 8."""
    require_quadratic_part_zero([[Fraction(x) for x in row] for row in X])
    require(not any(X[i][i] for i in range(len(X))), "a row is not orthogonal to its teacher")
    require(len({sum(x * x for x in row) for row in X}) == 1, "rows are not alike")
    require(not any(map(sum, zip(*X, strict=True))), "the sum of rows does not vanish")


def root_of_increasing(y: Callable[[Any], Any]) -> Any:
    """A ball around the root, between -1 and 0, of an increasing function."""
    low, high = Fraction(-1), Fraction(0)
    require(y(exactly(low)) < 0 and y(exactly(high)) > 0, "no root between -1 and 0")
    for _ in range(ctx.prec):
        middle = (low + high) / 2
        value = y(exactly(middle))
        if value < 0:
            low = middle
        elif value > 0:
            high = middle
        else:
            break
    return between(exactly(low), exactly(high))


# --- 6. What holds in its place, k = 2, m = 1 -----------------------------------------------------
# The statement: LHS >= (1 - C eps) RHS where eps = max |g_i| <= reach, for every d >= 2.
# Lemma 10. Only the products of x_1, x_2, v_1, v_2 enter. With h_i the part of x_i off the span of
# the teachers, K and RHS depend on M, and on n = |h_1|^2, p = |h_2|^2, s = h_1.h_2, |s| <= (n +
# p)/2. Let the slopes of E = K - RHS(X) in n, p, s be e_n, e_p, e_s with e_n, e_p > |e_s|/2
# wherever |x_i| <= 1, 0 <= t <= reach. Then E is least at h = 0 for given M: along (n, p, s) times
# y, 0 <= y <= 1, its slope e_n n + e_p p + e_s s is not negative. And eps RHS, too, is least there.
# So d = 2 suffices.
# Lemma 11. k = d = 2, rows (a, M), (N, c) of X. Let |x_1| = e >= |x_2|, which is no restriction,
# and the larger of |a| and |M| be 1 (X is scaled by t). Then eps = t e, t <= T = reach/e, and
#     (LHS - (1 - C eps) RHS)/t^3 = Q/t + T3 + C e RHS(X) + t R
# with R = c + d t of the Taylor of K, Lemmas 4 and 5. Q/t + t R over 0 < t <= T, R >= R_0, is not
# less than Q/T + T R_0 if R_0 <= 0 or R_0 T^2 <= Q, and otherwise not less than 2 (Q R_0)^(1/2).
# Coordinates are the smaller of a and M, S = M + N and D = a + c: 2 pi Q = S^2 + D^2.

SMALLEST = 2.0**-11  # half the width of a box below which a sweep gives up
MOST_BOXES = 2**18
# Widths of the boxes are halved: these are dyadic numbers that floats hold exactly.
Box = tuple[tuple[float, float], ...]


def sweep(start: Box, holds: Callable[[Sequence[Any]], bool], what: str) -> int:
    """Require a property of all points of a box, which is halved until it is shown; count boxes."""
    stack, boxes = [start], 0
    while stack:
        require(boxes < MOST_BOXES, f"{what}: not shown in {MOST_BOXES} boxes")
        box = stack.pop()
        boxes += 1
        if holds([between(*side) for side in box]):
            continue
        widths = [high - low for low, high in box]
        widest = widths.index(max(widths))
        require(widths[widest] > 2 * SMALLEST, f"{what}: not shown near {[x for x, _ in box]}")
        low, high = box[widest]
        for half in ((low, (low + high) / 2), ((low + high) / 2, high)):
            stack.append((*box[:widest], half, *box[widest + 1 :]))
    return boxes


def check_corrected(line: dict[str, Any]) -> str:
    """LHS >= (1 - constant eps) RHS for k = 2, m = 1, every d >= 2, where eps = max |g_i| <=
    reach."""
    fields(line, "k", "constant", "reach")
    require(line["k"] == 2 and type(line["k"]) is int, "only k = 2 is proved here")
    constant, reach = exactly(rational(line["constant"])), read_reach(line)
    require(constant > 0, "constant must be positive")
    side = (-1.0, 1.0)
    off_span = (*[side] * 4, (0.0, 1.0), (0.0, 1.0), side, (0.0, 2.0))
    boxes = sweep(off_span, partial(grows_off_the_span, reach), "Lemma 10")
    wide = (-2.5, 2.5)  # |M + N| and |a + c| are at most 1 + 2^(1/2)
    for face in (("M", 1), ("M", -1), ("a", 1), ("a", -1)):
        plane = partial(holds_in_the_plane, face, constant, reach)
        boxes += sweep((side, wide, wide), plane, "Lemma 11")
    return (
        f"LHS >= (1 - {above(line['constant'])} eps) RHS for k = 2, m = 1, every d >= 2, where "
        f"eps = max |g_i| <= {below(line['reach'])}; {boxes} boxes"
    )


def read_reach(line: dict[str, Any]) -> Any:
    """The largest eps of a statement."""
    reach = rational(line["reach"])
    require(0 < reach <= Fraction(1, 10), "reach must be positive and at most 1/10")
    return exactly(reach)


def grows_off_the_span(reach: Any, box: Sequence[Any]) -> bool:
    """Lemma 10 in a box of a, M, N, c, n, p, s and 2 t/reach."""
    a, M, N, c, n, p, s, share = box
    if squared(a) + squared(M) + n > 1 or squared(c) + squared(N) + p > 1 or squared(s) > n * p:
        return True  # no such x_1, x_2
    e_n, e_p, e_s = pair_curvature(reach * share / 2, (a, M, N, c), n, p, s).slopes
    # The slopes of n_1/2 + n_2/2 - RHS are 1/2 - (1 + b)/4, twice, and -1/2.
    straight = 1 / (2 * arb.pi())
    most = abs(e_s - arb(1) / 2) / 2
    return bool(e_n + straight > most and e_p + straight > most)


def pair_curvature(t: Any, plane: Sequence[Any], n: Any, p: Any, s: Any) -> Slopes:
    """K - n_1/2 - n_2/2 for k = 2 with its slopes in n, p, s; plane: a, M, N, c."""
    a, M, N, c = plane
    unit = [[arb(int(i == j)) for j in range(3)] for i in range(3)]
    students, alone = [], arb(0)
    for x, y, off, slopes in ((a, M, n, unit[0]), (c, N, p, unit[1])):
        length = Slopes(squared(x) + squared(y) + off, slopes)
        r = square_length(t, x, length)
        across = root(squared(y) + off)  # its cube has the slope 3/2 across
        cube = Slopes(cubed(across), [3 * across / 2 * z for z in slopes])
        alone = own_teacher(t, cube, r) + other_teacher(t, x, y, length, r) + alone
        students.append((x, length, r))
    q = Slopes(a * N + M * c + s, unit[2])
    both: Slopes = two_students(t, students[0], students[1], M + N, q) - alone
    return both * (1 / (2 * arb.pi()))


def holds_in_the_plane(face: tuple[str, int], C: Any, reach: Any, box: Sequence[Any]) -> bool:
    """Lemma 11 in a box of the smaller of a and M, M + N and a + c; the larger one is +-1."""
    larger, sign = face
    smaller, S, D = box
    a, M = (smaller, arb(sign)) if larger == "M" else (arb(sign), smaller)
    N, c, pi = S - M, D - a, arb.pi()
    n1, n2 = squared(a) + squared(M), squared(N) + squared(c)
    if n2 > n1:
        return True  # x_2 is the longer one
    e = n1.sqrt()
    T = (reach / e).upper()
    K = plane_curvature(Taylor(arb(0), arb(1), arb(0), arb(0), between(0, T)), a, M, N, c)
    Q = (squared(S) + squared(D)) / (2 * pi)
    T3 = 3 / (2 * pi) * (D * (squared(M) + squared(N)) + S * (a - c) * (N - M))
    T3 -= (cubed(abs(M)) + cubed(abs(N))) / pi
    least, R = Q.nonnegative_part().lower(), (K.c + between(0, T) * K.d).lower()
    least = least if least > 0 else arb(0)
    gain = least / T + T * R
    if not least >= R * T * T:  # so R > 0
        gain = 2 * (least * R).sqrt()
    return bool(T3 + C * e * right_hand_side([[a, M], [N, c]]) + gain >= 0)


# --- 7. What holds in its place, every k, m = 1 ---------------------------------------------------
# The statement: LHS >= (1 - C eps - D k eps^2) RHS, C = 4/(pi - 2), where eps = max |g_i| <= reach,
# for every k >= 2 and d >= k. G = t X with max |x_i| = 1, t = eps; notation of Lemmas 3 and 7, c_i
# = |y_i|. K - K(0) - t K'(0) = t^2 (sum_i O_i + sum_{i<l} R_il): O_i stems from the teacher of w_i,
# R_il = c + d t is that of the Taylor of (P_il - A_il - A_li)/(2 pi).
# Lemma 12. Let Y = sum c_i^2, p_il = (a_i - a_l)(M_li - M_il). For 3 t <= 1
#     Q + t (T3 + 1/pi sum c_i^3) >= -9/(8 pi) t^2 [5 Y^2 + 2 sum_{i<l} p_il^2].
# Proof. By Lemma 7 the left side times 2 pi is sum s_il^2 + tr^2 + sum |h_i|^2 (1 - 3 t a_i) + 3 t
# [tr Y + sum_{i<l} s_il (p_il + 2 z_il)], z_il = h_i.h_l + sum_{j != i,l} M_ji M_jl. Complete the
# squares of tr and of s_il. (p + 2 z)^2 <= 2 p^2 + 8 z^2, and sum_{i<l} z_il^2 <= Y^2/2: the z_il
# are the entries off the diagonal of a sum of Gram matrices, of the h_i, and of the entries of each
# row without its own, j, whose norms add up to sum |h_i|^2 + sum_{i != j} M_ji^2 = Y at most. As
# 1/pi sum c_i^3 <= C RHS(X) (Lemma 8), RHS(X) >= b/4 sum n_i and Y^2 = sum c_i^4 + 2 sum_{i<l}
# c_i^2 c_l^2, the statement follows if with r = D b/4
#     O_i - 45/(8 pi) c_i^4 + r n_i >= 0,
#     R_il - 9/(8 pi) (2 p_il^2 + 10 c_i^2 c_l^2) + r (n_i + n_l) >= 0.
# The first: O_i = c^3/pi (1 - 1/r_i^2)/t >= -c^3/pi 2 |a| (r_i + 1)/r_i^2, r_i >= (1 - t)^2 and c
# |a| <= 1/2. The second depends on two rows alone. Let the longer one have the length y <= 1: R_il,
# p_il^2 and c_i^2 c_l^2 are y^4 times those of X/y at y t, and r (n_i + n_l) is y^2 times: it is
# enough to have |x_i| = 1 >= |x_l|.
# Lemma 13. Let x = (a, M, f), y = (N, c, g) be x_i, x_l along v_i, v_l and off both; n = |f|^2, p =
# |g|^2, s = f.g. The c of R_il is
#     [-3 a c (2 M^2 + n + 2 N^2 + p) - 2 M N (M^2 + N^2) - 3 M N (n + p) - 6 s (a M + c N)
#      + 3/2 (n p + 2 s^2)]/pi.
# Proof. It is half the fourth derivative of f on (x, y) but for its parts in x and y alone, which
# cancel with the teachers: 2 f_wwwv[x,x,x,y] + 3 f_wwvv[x,x,y,y] + 2 f_wvvv[x,y,y,y] at (v_i, v_l).
# Now 2 pi f_ww[x,x] = |v_i x|^2 S/r^2 + (v.x - (v.w)(w.x)/r)^2/S at w = v_i + t x and any v, |v_i
# x| = c_i the area, r = |w|^2, S^2 = r |v|^2 - (v.w)^2. Its slope in t at 0, and then that in v at
# v_l along y, is 2 pi f_wwwv = -3 a c (2 M^2 + n) - 2 N M^3 - 3 N M n - 6 a M s; its second
# derivative in v at t = 0 is 2 pi f_wwvv = n p + 2 s^2.


def check_every_k(line: dict[str, Any]) -> str:
    """LHS >= (1 - 4/(pi - 2) eps - quadratic k eps^2) RHS for m = 1, every k >= 2, d >= k, where
    eps = max |g_i| <= reach."""
    fields(line, "quadratic", "reach")
    quadratic, reach = exactly(rational(line["quadratic"])), read_reach(line)
    require(quadratic > 0, "quadratic must be positive")
    r = quadratic * (1 - 2 / arb.pi()) / 4
    shortest = squared(1 - reach)
    own = 45 / (8 * arb.pi()) + (shortest + 1) / (arb.pi() * squared(shortest))
    require(r >= own, "quadratic is too small for a neuron and its teacher")
    side = (-1.0, 1.0)
    boxes = sweep((*[side] * 4, (0.0, 1.0), side), partial(outweighs, r, reach), "Lemma 13")
    return (
        f"LHS >= (1 - 4/(pi - 2) eps - {above(line['quadratic'])} k eps^2) RHS for m = 1, every "
        f"k >= 2, d >= k, where eps = max |g_i| <= {below(line['reach'])}; {boxes} boxes"
    )


def outweighs(r: Any, reach: Any, box: Sequence[Any]) -> bool:
    """The second inequality after Lemma 12, |x_i| = 1, in a box of a, M, N, c, p, s."""
    a, M, N, c, p, s = box
    n, length = 1 - squared(a) - squared(M), squared(N) + squared(c) + p
    if n < 0 or length > 1 or squared(s) > n * p:
        return True  # no such x_i, x_l
    n = n.nonnegative_part()
    T = between(0, reach)
    t, one = Taylor(arb(0), arb(1), arb(0), arb(0), T), arb(1)
    r_i, r_l = square_length(t, a, one), square_length(t, c, length)
    P = two_students(t, (a, one, r_i), (c, length, r_l), M + N, a * N + M * c + s)
    K = P - other_teacher(t, a, M, one, r_i) - other_teacher(t, c, N, length, r_l)
    R = pair_bend(a, M, N, c, n, p, s) + T * K.d / (2 * arb.pi())
    turned = 2 * squared(a - c) * squared(N - M) + 10 * (1 - squared(a)) * (squared(N) + p)
    return bool(R - 9 / (8 * arb.pi()) * turned + r * (1 + length) >= 0)


def pair_bend(a: Any, M: Any, N: Any, c: Any, n: Any, p: Any, s: Any) -> Any:
    """The c of Lemma 13."""
    squares = squared(M) + squared(N)
    bend = -3 * a * c * (2 * squares + n + p) - M * N * (2 * squares + 3 * (n + p))
    bend += -6 * s * (a * M + c * N) + 3 * (n * p + 2 * squared(s)) / 2
    return bend / arb.pi()


# --- 8. Files -------------------------------------------------------------------------------------
# As in `check`: one certificate a line; the last line says how many there are.

END = re.compile(r'\{"certificates": (0|[1-9][0-9]{0,8})\}')

CHECKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "conjecture12_ray": check_ray,
    "conjecture12_leading_constant": check_leading_constant,
    "conjecture12_direction": check_direction,
    "conjecture12_point": check_point,
    "conjecture12_corrected": check_corrected,
    "conjecture12_every_k": check_every_k,
}


def check_line(text: str) -> str:
    """Check one certificate; return what it proves.

    Raises:
        Refused: it does not hold.
        TypeError: no string.
    """
    if not isinstance(text, str):
        raise TypeError(f"text is {text!r:.60}; it must be a line of JSON, a string")
    try:
        line = json.loads(text, object_pairs_hook=no_duplicates)
    except (ValueError, RecursionError) as error:
        raise Refused(f"not JSON: {error}") from None
    require(isinstance(line, dict), "a certificate must be a JSON object")
    require({"statement", "bits"} <= set(line), "statement or bits is missing")
    require(line["statement"] in list(CHECKS), f"unknown statement {line['statement']!r:.60}")
    bits = line["bits"]
    require(type(bits) is int and 53 <= bits <= MOST_BITS, f"bits must be from 53 to {MOST_BITS}")
    before, ctx.prec = ctx.prec, bits
    try:
        return CHECKS[line["statement"]](line)
    finally:
        ctx.prec = before


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object in which no field occurs twice."""
    require(len(dict(pairs)) == len(pairs), "a field occurs twice")
    return dict(pairs)


def certificates_in(path: str | Path) -> list[str]:
    """Return the lines of a file but the last, which counts them.

    Raises:
        Refused: the last line is missing, or counts another number.
        TypeError: neither a string nor a Path.
    """
    if not isinstance(path, str | Path):
        raise TypeError(f"path is {path!r:.60}; it must be a string or a Path")
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    end = END.fullmatch(lines.pop()) if lines else None
    if end is None:
        raise Refused(
            'the end of the file is missing, a line {"certificates": N} that counts those before it'
        )
    require(
        int(end[1]) == len(lines), f"its last line counts {end[1]} certificates, not {len(lines)}"
    )
    return lines


def main(checker: str, says: Callable[[str], str], paths: Sequence[str]) -> int:
    """Check files line by line, stop at the first line that does not hold.

    checker: the name of the program; says: what checks a line.
    """
    if not paths:
        print(f"usage: python -m relu_landscape.certificates.{checker} FILE...", file=sys.stderr)
        return 2
    for path in paths:
        number = 0
        try:
            for number, text in enumerate(certificates_in(path), start=1):
                print(f"{path}:{number}: ok: {says(text)}")
        except (OSError, UnicodeDecodeError, Refused) as error:
            print(f"{path}:{number}: REFUSED: {error}" if number else f"{path}: REFUSED: {error}")
            return 1
        if not number:
            print(f"{path}: ok: claims nothing")
    return 0


def run(checker: str, says: Callable[[str], str]) -> None:
    """Be a program: check the files that the command names, and end."""
    if hasattr(signal, "SIGPIPE"):  # not on Windows
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `... | head` ends it without a word
    sys.exit(main(checker, says, sys.argv[1:]))


if __name__ == "__main__":
    run("check_conjecture12", check_line)
