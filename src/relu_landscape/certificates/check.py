"""Check certificates: `python -m relu_landscape.certificates.check FILE...`.

This module stands alone. It imports the standard library and python-flint, shares no code with the
programs that write certificates, and trusts nothing in them: it reads where a thing is said to be
and proves again what is said of it. Every number below is a ball of Arb, which contains the true
value whatever was rounded. Read it from top to bottom; each lemma stands where it is used.

The objective. Students w_1..w_n with outputs c_i of 1 or -1 and teachers v_1..v_k in R^d, x
standard normal:

    F(W) = 1/2 E (sum_i c_i relu(w_i.x) - sum_j relu(v_j.x))^2
         = 1/2 sum c_i c_j f(w_i, w_j) - sum c_i f(w_i, v_j) + 1/2 sum f(v_i, v_j),
    f(w, v) = |w| |v| (sin t + (pi - t) cos t)/(2 pi),  t the angle between w and v.

Its derivatives (Safran, Yehudai & Shamir 2021, eqs. (5), (10); C^2 where no w_i is zero):

    dF/dw_i = w_i/2 + sum_{j != i} c_i c_j g(w_i, w_j) - sum_j c_i g(w_i, v_j),
    H_ii = I/2 + sum_{j != i} c_i c_j h1(w_i, w_j) - sum_j c_i h1(w_i, v_j),
    H_ij = c_i c_j h2(w_i, w_j),
    g = (|v| sin t w/|w| + (pi - t) v)/(2 pi),
    h1 = |v| sin t/(2 pi |w|) (I - a a^T + m m^T),
    h2 = ((pi - t) I + sin t (p p^T - q q^T))/(2 pi)

with a = w/|w|, b = v/|v|, p and q the unit vectors along a + b and a - b, and
m = sin(t/2) p - cos(t/2) q the unit part of v orthogonal to w; |a-b| = 2 sin(t/2) and |a+b| =
2 cos(t/2).

Leaky networks. With (1 - s) relu(z) + s z in place of relu(z), for s <= 1 that is max(z, s z), and
E relu(w.x) (v.x) = w.v/2, f(w, v) is (1 - s)^2 f(w, v) + s w.v, so that their loss is

    F_s(W) = (1 - s)^2 F(W) + (s/2) |r|^2,   r = sum_i c_i w_i - sum_j v_j.

Below F and its derivatives, H'_ii and M among them, are those of F_s, with s = 0 for the ReLU.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from math import sqrt
from operator import add, mul, sub
from pathlib import Path
from typing import Any

from flint import arb, arb_mat, ctx, fmpq

Vector = Sequence[Any]  # of balls

MOST_BITS = 4096
HEXADECIMAL = re.compile(r"(-?)0x([0-9a-f]+)(?:\.([0-9a-f]*))?p([+-]?[0-9]+)")


class Refused(Exception):
    """The certificate does not hold, or this program cannot show that it does."""


def require(holds: Any, what: str) -> None:
    """Refuse the certificate unless this holds; a ball that is not clearly so does not."""
    if not holds:
        raise Refused(what)


# --- 1. Numbers ------------------------------------------------------------------------------
# A number is a string: a hexadecimal float "0x1.8p-3", a decimal "0.0213" or "8.7E-15", or a
# fraction "272/1000". All are exact rational numbers. Counts are JSON integers.


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


def ball(text: Any) -> Any:
    """Read an exact number as a ball."""
    number = rational(text)
    return arb(fmpq(number.numerator, number.denominator))


def count(line: dict[str, Any], name: str, least: int) -> int:
    """Read an integer."""
    value = line[name]
    require(type(value) is int and value >= least, f"{name} must be an integer >= {least}")
    return int(value)


def vector(texts: Any, length: int, name: str) -> list[Any]:
    """Read a vector of exact numbers."""
    require(isinstance(texts, list) and len(texts) == length, f"{name} must have {length} entries")
    return [ball(text) for text in texts]


def matrix(rows: Any, height: int, width: int, name: str) -> list[list[Any]]:
    """Read a matrix of exact numbers."""
    require(isinstance(rows, list) and len(rows) == height, f"{name} must have {height} rows")
    return [vector(row, width, f"a row of {name}") for row in rows]


def teachers(line: dict[str, Any], k: int, d: int) -> list[list[Any]]:
    """Read V: "identity" stands for the first k rows of the identity matrix."""
    if line["V"] == "identity":
        require(k <= d, f"{k} teachers do not fit into {d} inputs")
        return [[arb(int(a == j)) for a in range(d)] for j in range(k)]
    return matrix(line["V"], k, d, "V")


def outputs(line: dict[str, Any], n: int) -> list[int]:
    """Read the outputs of the students, 1 or -1; all are 1 where none are given."""
    if "outputs" not in line:
        return [1] * n
    signs = line["outputs"]
    require(isinstance(signs, list) and len(signs) == n, f"outputs must have {n} entries")
    require(all(type(c) is int and abs(c) == 1 for c in signs), "outputs must be 1 or -1")
    return list(signs)


def slope_of(line: dict[str, Any]) -> Any:
    """Read the slope s of the activation for negative inputs; it is 0 where none is given."""
    return ball(line.get("slope", "0"))


def fields(line: dict[str, Any], *names: str) -> None:
    """Require that a line has these fields and no others."""
    expected = {"statement", "bits", *names}
    require(set(line) == expected, f"fields differ from the format: {set(line) ^ expected}")


# --- 2. Two neurons --------------------------------------------------------------------------


def dot(x: Vector, y: Vector) -> Any:
    """Inner product."""
    return sum(map(mul, x, y), start=arb(0))


def root(square: Any) -> Any:
    """Root of a quantity that is >= 0, also where its ball reaches below zero."""
    return square.sqrt() if square > 0 else arb(0).union(square.nonnegative_part().upper().sqrt())


class Neuron:
    """A vector that is not zero, its length and its unit vector."""

    def __init__(self, weights: Vector) -> None:
        self.weights = list(weights)
        self.norm = root(dot(weights, weights))
        require(self.norm > 0, "a neuron may be zero, where F is not differentiable")
        self.unit = [x / self.norm for x in weights]


class Pair:
    """Two neurons w, v."""

    def __init__(self, w: Neuron, v: Neuron) -> None:
        self.w, self.v = w, v
        self.plus = [a + b for a, b in zip(w.unit, v.unit, strict=True)]
        self.minus = [a - b for a, b in zip(w.unit, v.unit, strict=True)]
        self.half_cosine = root(dot(self.plus, self.plus)) / 2
        self.half_sine = root(dot(self.minus, self.minus)) / 2
        self.sine = 2 * self.half_sine * self.half_cosine
        self.cosine = self.half_cosine**2 - self.half_sine**2
        # pi - t; of sine and cosine of t/2 the smaller one is divided by the larger one
        if float(self.half_cosine) > float(self.half_sine):
            self.rest = arb.pi() - 2 * (self.half_sine / self.half_cosine).atan()
        else:
            self.rest = 2 * (self.half_cosine / self.half_sine).atan()

    def f(self) -> Any:
        """The coupling f(w, v)."""
        return self.w.norm * self.v.norm * (self.sine + self.rest * self.cosine) / (2 * arb.pi())

    def directions(self) -> tuple[Vector, Vector] | None:
        """p and q, or None if the box holds a parallel or antiparallel pair."""
        if not (self.half_sine > 0 and self.half_cosine > 0):
            return None
        p = [x / (2 * self.half_cosine) for x in self.plus]
        return p, [x / (2 * self.half_sine) for x in self.minus]

    def normal(self) -> Vector | None:
        """m, or None."""
        known = self.directions()
        if known is None:
            return None
        return [self.half_sine * p - self.half_cosine * q for p, q in zip(*known, strict=True)]

    def h2(self) -> Any:
        """The mixed block (d, d)."""
        d, known = len(self.plus), self.directions()
        if known is None:
            # p and q are some unit vectors: sin t (p p^T - q q^T) has entries in +- sin t.
            block = arb_mat(d, d, [arb(0, self.sine.upper())] * (d * d))
        else:
            p, q = known
            left = arb_mat([[x * self.sine, -y * self.sine] for x, y in zip(p, q, strict=True)])
            block = left * arb_mat([list(p), list(q)])
        return (block + identity(d) * self.rest) * (1 / (2 * arb.pi()))


def identity(size: int) -> Any:
    """The unit matrix."""
    return arb_mat([[int(a == b) for b in range(size)] for a in range(size)])


# --- 3. The network --------------------------------------------------------------------------


class Network:
    """F and its derivatives for all students in a box."""

    def __init__(
        self, W: Sequence[Vector], V: Sequence[Vector], outputs: Sequence[int] = (), s: Any = 0
    ) -> None:
        self.W, self.V = [Neuron(w) for w in W], [Neuron(v) for v in V]
        self.c = list(outputs) or [1] * len(W)
        self.n, self.d = len(self.W), len(self.W[0].weights)
        self.s, self.share = arb(s), (1 - arb(s)) ** 2
        columns = zip(zip(*W, strict=True), zip(*V, strict=True), strict=True)
        self.r = [dot(self.c, w) - sum(v, start=arb(0)) for w, v in columns]
        self.students = [[Pair(w, x) if w is not x else None for x in self.W] for w in self.W]
        self.teachers = [[Pair(w, v) for v in self.V] for w in self.W]

    def signed_pairs(self, i: int) -> Iterator[tuple[int, Pair]]:
        """Neuron i with every other student (c_i c_j) and every teacher (-c_i)."""
        for j, pair in enumerate(self.students[i]):
            if pair is not None:
                yield self.c[i] * self.c[j], pair
        yield from ((-self.c[i], pair) for pair in self.teachers[i])

    def loss(self) -> Any:
        """F; f(w, w) = |w|^2/2."""
        value = sum((x.norm**2 for x in (*self.W, *self.V)), start=arb(0)) / 4
        for i in range(self.n):
            for j in range(i):
                value += self.c[i] * self.c[j] * self.students[i][j].f()  # type: ignore[union-attr]
            value -= self.c[i] * sum((pair.f() for pair in self.teachers[i]), start=arb(0))
        for j, v in enumerate(self.V):
            value += sum((Pair(v, other).f() for other in self.V[:j]), start=arb(0))
        return self.share * value + self.s * dot(self.r, self.r) / 2

    def gradient(self) -> list[list[Any]]:
        """dF/dW, n rows."""
        rows = []
        for i, w in enumerate(self.W):
            row = [x * arb.pi() for x in w.weights]
            along = arb(0)
            for sign, pair in self.signed_pairs(i):
                along += sign * pair.v.norm * pair.sine
                row = [x + sign * pair.rest * y for x, y in zip(row, pair.v.weights, strict=True)]
            scale = self.share / (2 * arb.pi())
            rows.append([(x + along * a) * scale + self.c[i] * self.s * r
                         for x, a, r in zip(row, w.unit, self.r, strict=True)])  # fmt: skip
        return rows

    def inner(self, i: int) -> Any:
        """H'_ii, (1 - s)^2 times the sum of h1 over students minus teachers, (d, d)."""
        isotropic, uncertain = arb(0), arb(0)
        normals, weights = [], []
        for sign, pair in self.signed_pairs(i):
            size = pair.v.norm * pair.sine
            isotropic += sign * size
            normal = pair.normal()
            if normal is None:  # m is some unit vector
                uncertain += size.upper()
            else:
                normals.append(list(normal))
                weights.append(sign * size)
        block = arb_mat(self.d, self.d, [arb(0, uncertain)] * self.d**2)
        if normals:
            scaled = [[c * x for x in m] for c, m in zip(weights, normals, strict=True)]
            block += arb_mat(normals).transpose() * arb_mat(scaled)
        a = arb_mat([self.W[i].unit])
        block += (identity(self.d) - a.transpose() * a) * isotropic
        return block * (self.share / (2 * arb.pi() * self.W[i].norm))

    def hessian(self) -> Any:
        """H, (n d, n d)."""
        d, half = self.d, identity(self.d) * (self.share / 2)
        rows: list[list[Any]] = [[None] * (self.n * d) for _ in range(self.n * d)]
        for i in range(self.n):
            for j in range(i + 1):
                pair = self.students[i][j]
                block = self.inner(i) + half if pair is None else pair.h2() * self.share
                block = (block + identity(d) * self.s) * (self.c[i] * self.c[j])
                for a, entries in enumerate(block.tolist()):
                    rows[i * d + a][j * d : (j + 1) * d] = entries
                    rows[j * d + a][i * d : (i + 1) * d] = entries  # blocks are symmetric
        return arb_mat(rows)

    def turning(self, i: int) -> Any:
        """H'_ii along a unit vector orthogonal to all neurons: h1 and h2 are multiples of the
        identity off the plane of their pair."""
        value = arb(0)
        for sign, pair in self.signed_pairs(i):
            value += sign * pair.v.norm * pair.sine
        return self.share * value / (2 * arb.pi() * self.W[i].norm)

    def orthogonal_hessian(self) -> Any:
        """M, (n, n), the Hessian along such a vector, in every dimension d' > d."""
        rows = [[arb(0)] * self.n for _ in range(self.n)]
        for i in range(self.n):
            for j, other in enumerate(self.students[i]):
                if other is not None:
                    mixed = self.share * other.rest / (2 * arb.pi()) + self.s
                    rows[i][j] = self.c[i] * self.c[j] * mixed
            rows[i][i] = self.share / 2 + self.s + self.turning(i)
        return arb_mat(rows)

    def hessian_form(self, U: Sequence[Vector]) -> Any:
        """sum_ij u_i^T H_ij u_j."""
        flat = [x for u in U for x in u]
        return dot(flat, (self.hessian() * arb_mat(len(flat), 1, flat)).entries())

    def growth_slope(self, z: Vector, output: int = 1) -> Any:
        """d/ds F(W, s z) at s = 0+, a further neuron growing along z; f is homogeneous in it."""
        added = Neuron(z)
        slope = sum((c * Pair(w, added).f() for c, w in zip(self.c, self.W, strict=True)),
                    start=arb(0))  # fmt: skip
        slope -= sum((Pair(v, added).f() for v in self.V), start=arb(0))
        return output * (self.share * slope + self.s * dot(self.r, z))


# --- 4. Smallest eigenvalues -----------------------------------------------------------------
# Lemma 1. Let A be a symmetric matrix, s a number and R any real matrix. If no row sum of
# |A - s I - R R^T| exceeds rho, then every eigenvalue of A is at least s - rho: R R^T is positive
# semidefinite, and the largest row sum bounds the norm of a symmetric matrix.
# So R may come from a Cholesky decomposition in floats, right or wrong; only the residual is
# calculated in balls.


def require_eigenvalues_above(A: Any, bound: Any, what: str) -> None:
    """Require that every eigenvalue of the symmetric matrix A of balls is >= bound."""
    rows = A.tolist()
    middle = [[float(x.mid()) for x in row] for row in rows]
    spread = max(sum(float(x.rad()) for x in row) for row in rows)
    largest = max(abs(middle[a][a]) for a in range(len(rows)))
    # s is above the bound by what rho will be.
    shift = float(bound) + 2 * spread + 1e-13 * len(rows) * largest
    factor = cholesky(middle, shift)
    require(factor, f"{what}: an eigenvalue is not above {float(bound):.6g}")
    R = arb_mat(factor)
    residual = A - identity(len(rows)) * arb(shift) - R * R.transpose()
    for row in residual.tolist():
        rho = sum(map(abs, row), start=arb(0))
        require(shift - rho >= bound, f"{what}: eigenvalues above {float(bound):.6g} not shown")


def cholesky(A: list[list[float]], shift: float) -> list[list[float]]:
    """L with L L^T = A - shift I up to rounding, or nothing."""
    L: list[list[float]] = []
    for i, row in enumerate(A):
        new: list[float] = []
        for j, other in enumerate(L):
            new.append((row[j] - sum(map(mul, new, other))) / other[j])  # map stops at len(new)
        square = row[i] - shift - sum(map(mul, new, new))
        if not square > 0:
            return []
        L.append([*new, sqrt(square)])
    return [[*row, *[0.0] * (len(A) - len(row))] for row in L]


# --- 5. A spurious strict local minimum, and what splitting its neurons does --------------------
# Lemma 2. Let B be the box of half-width r around W0, let all eigenvalues of the Hessian be >= mu
# > 0 on B, and let |grad F(W0)| <= g with mu r > 2 g. For |W - W0| = r, F(W) >= F(W0) - g r +
# mu r^2/2 > F(W0): F has a critical point W* within r of W0, a strict local minimum, and the only
# one in B, as F is strictly convex there. grad F is mu-monotone, so |W* - W0| <= g/mu; F(W*) is
# between F(W0) - g^2/(2 mu) and F(W0); sum |w*_i| is within sqrt(n) g/mu of sum |w_i| at W0.
# Lemma 3. In d' > d inputs, all vectors padded with zeros, grad F(W*) stays zero and the Hessian is
# that of d inputs and M for every further input; M > 0 makes W* a strict local minimum there too.
# Lemma 4. On the Frobenius ball of radius R the Hessian is Lipschitz with the constant
#   L = max_i 3 sqrt(3)/(4 pi a_i^2) (sum_{j != i} |w_j| + sqrt(n-1) R + sum_j |v_j|)
#       + 3 sqrt(n-1)/(pi min_i a_i),  a_i = |w_i| - R > 0.
# Proof: for unit u, z and w = |w| e1, v in the plane of e1, e2, u = r e1 + a e2 + p,
#   f_www[u,u,u] = -|v|/(2 pi |w|^2) (3 r (2 a^2 + p^2) sin t + a (2 a^2 + 3 p^2) cos t),
#   f_wwv[u,u,z] = (z_e2 (2 a^2 + p^2) + 2 a p.z)/(2 pi |w|)
# are at most 3 sqrt(3)/2 |v|/(2 pi |w|^2) and 1/(pi |w|); sum over pairs with sum |u_i|^2 = 1. The
# Hessian is continuous at parallel pairs, so that the bound holds across them. The Hessian of |r|^2
# is constant: for F_s it is (1 - s)^2 L. If this times R is below mu, F is strictly convex there.
# Lemma 5 (S21, Theorem 16). Splitting w*_i into alpha w*_i and (1 - alpha) w*_i keeps F and its
# criticality, and along (u, -u) the Hessian has the form u^T H'_ii u (1/alpha + 1/(1-alpha)), both
# parts having the output c_i. If that is negative, the split is a strict saddle for every
# 0 < alpha < 1. For alpha in {0, 1}, the new neuron is zero; growing along z it changes F at the
# rate growth_slope(z): if negative, no local minimum.
# Lemma 5b. Let e = 1 or -1, and let a w*_i of output c_i and b w*_i of output e c_i, a, b > 0, a +
# e b = 1, replace w*_i. As h1(r w, v) = h1(w, v)/r and h2(r w, v) = h2(w, v), the Hessian has, for
# displacements a s + y and b s - e y of the two, the form Q(s, others) + e y^T H'_ii y/(a b) with Q
# that at W*, positive definite. H'_ii w_i = 0 everywhere. If e H'_ii > 0 on the complement of w_i,
# the form is >= 0, and zero on the tangent of the line of all these splits alone. They are critical
# points of equal F: the Hessian is continuous, F > F(W*) next to them off the line, and each is a
# minimum, for all a > 1 if e = -1, for all 0 < a < 1 if e = 1. Each further input is an eigenvector
# of H'_ii, with one t: e (H'_ii + t w_i w_i^T/|w_i|^2) > 0 shows it for every d' >= d.


def check_minimum(line: dict[str, Any]) -> str:
    """One critical point in a box, a strict minimum for every d' >= d, with F > 0, and splits.

    With k outputs of 1 or more it is spurious; with fewer F > 0 is said of it alone."""
    fields(line, "n", "k", "d", "V", "W", "radius", "hessian_lower", "orthogonal_hessian_lower",
           "location_radius", "convexity_radius", "loss_lower", "loss_upper", "norm_sum_lower",
           "norm_sum_upper", "splits", *line.keys() & {"outputs", "slope", "plateaus"})  # fmt: skip
    k, d = count(line, "k", 1), count(line, "d", 1)
    n = count(line, "n", 1)
    c, s = outputs(line, n), slope_of(line)
    # k students of output 1 that are the teachers, and others that are zero, have F = 0.
    require_kind(c.count(1), k, line["statement"] == "strict_minimum")
    W, V = matrix(line["W"], n, d, "W"), teachers(line, k, d)
    radius, mu = ball(line["radius"]), ball(line["hessian_lower"])
    require(radius > 0 and mu > 0, "radius and hessian_lower must be positive")
    center = Network(W, V, c, s)
    over_box = Network([[x + arb(0, radius.upper()) for x in row] for row in W], V, c, s)

    require_eigenvalues_above(over_box.hessian(), mu, "Hessian over the box")
    orthogonal = ball(line["orthogonal_hessian_lower"])
    require(orthogonal > 0, "orthogonal_hessian_lower must be positive")
    require_eigenvalues_above(over_box.orthogonal_hessian(), orthogonal, "Hessian off the span")
    g = root(sum((x * x for row in center.gradient() for x in row), start=arb(0)))
    require(mu * radius > 2 * g, "no critical point in the box: the gradient is too large")
    require(ball(line["location_radius"]) >= g / mu, "location_radius is too small")

    loss = center.loss()
    lower, upper = ball(line["loss_lower"]), ball(line["loss_upper"])
    require(lower > 0, "loss_lower must be positive")
    require(loss - g**2 / (2 * mu) >= lower and loss <= upper, "the loss is not enclosed")
    norm_sum = sum((w.norm for w in center.W), start=arb(n).sqrt() * arb(0, g / mu))
    require(ball(line["norm_sum_lower"]) <= norm_sum <= ball(line["norm_sum_upper"]),
            "the sum of norms is not enclosed")  # fmt: skip
    require_convex_ball(center, mu, ball(line["convexity_radius"]))

    require(isinstance(line["splits"], list), "splits must be a list")
    neurons = {check_split(over_box, split) for split in line["splits"]}
    plateaus = line.get("plateaus", [])
    minima = check_plateaus(plateaus, lambda x: check_plateau(over_box, x), [1] * n)
    kind = line["statement"].replace("_", " ")
    return (
        f"{kind} n={n} k={k} d>={d}{said_of(s)} F>={below(line['loss_lower'])} "
        f"eigenvalues>={below(line['hessian_lower'])}, splits of {len(neurons)} neurons are "
        f"strict saddles{minima}"
    )


def require_kind(positive: int, k: int, stated_as_strict: bool) -> None:
    """Require k outputs of 1 of a minimum that is stated as spurious, and fewer of others."""
    require((positive < k) == stated_as_strict,
            "a minimum is stated as spurious where k outputs are 1, else as strict")  # fmt: skip


def said_of(s: Any) -> str:
    """The slope, if there is one."""
    return "" if s == 0 else f" slope={float(s):.6g}"


def require_convex_ball(center: Network, mu: Any, R: Any) -> None:
    """Lemma 4: (1 - s)^2 L R < mu."""
    a = [w.norm - R for w in center.W]
    require(R > 0 and all(x > 0 for x in a), "convexity_radius must be in (0, min |w_i|)")
    lengths = sum((x.norm for x in (*center.W, *center.V)), start=arb(0))
    across = arb(center.n - 1).sqrt()
    own = [3 * arb(3).sqrt() / (4 * arb.pi() * x**2) * (lengths - w.norm + across * R)
           for x, w in zip(a, center.W, strict=True)]  # fmt: skip
    require(
        all(center.share * (y + 3 * across / (arb.pi() * x)) * R < mu for x in a for y in own),
        "convexity_radius is too large",
    )


def check_split(over_box: Network, split: Any) -> int:
    """Lemma 5, for one neuron."""
    names = {"neuron", "direction", "curvature_upper", "growth", "slope_upper"}
    require(isinstance(split, dict) and set(split) == names, f"a split must have fields {names}")
    i = count(split, "neuron", 0)
    require(i < over_box.n, f"no neuron {i}")
    u = vector(split["direction"], over_box.d, "direction")
    form = dot(u, (over_box.inner(i) * arb_mat(len(u), 1, u)).entries())
    curvature, slope = ball(split["curvature_upper"]), ball(split["slope_upper"])
    require(curvature < 0 and slope < 0, "curvature_upper and slope_upper must be negative")
    require(form <= curvature * dot(u, u) and dot(u, u) > 0, f"curvature of neuron {i} not shown")
    z = Neuron(vector(split["growth"], over_box.d, "growth"))
    growth = over_box.growth_slope(z.weights, over_box.c[i])
    require(growth <= slope * z.norm, f"slope of neuron {i} not shown")
    return i


def check_plateaus(plateaus: Any, check: Callable[[Any], tuple[int, int]], sizes: list[int]) -> str:
    """Lemma 5b for classes of so many neurons; what it adds to what a line says."""
    require(isinstance(plateaus, list), "plateaus must be a list")
    proved = {check(plateau) for plateau in plateaus}
    kinds = [(kind, sum(sizes[i] for i, e in proved if e == sign))
             for kind, sign in (("signed splits", -1), ("splits", 1))]  # fmt: skip
    return "".join(f", {kind} of {size} neurons are minima" for kind, size in kinds if size)


def read_plateau(plateau: Any, name: str, classes: int) -> tuple[int, int, Any]:
    """The neuron, or its class, the sign, and the bound of a plateau."""
    names = {name, "sign", "curvature_lower"}
    require(isinstance(plateau, dict) and set(plateau) == names,
            f"a plateau must have fields {names}")  # fmt: skip
    i, e, curvature = count(plateau, name, 0), plateau["sign"], ball(plateau["curvature_lower"])
    require(i < classes, f"no {name} {i}")
    require(type(e) is int and abs(e) == 1, "sign must be 1 or -1")
    require(curvature > 0, "curvature_lower must be positive")
    return i, e, curvature


def check_plateau(over_box: Network, plateau: Any) -> tuple[int, int]:
    """Lemma 5b, for one neuron, and its sign."""
    i, e, curvature = read_plateau(plateau, "neuron", over_box.n)
    a = arb_mat([over_box.W[i].unit])
    across = (over_box.inner(i) + a.transpose() * a * over_box.turning(i)) * e
    require_eigenvalues_above(across, curvature, f"plateau of neuron {i}")
    return i, e


# --- 6. The global minimum W = V with n = k orthonormal teachers, for every d >= k ---------------
# Lemma 6. At W = V, H_ii = I/2 and H_ij = I/4 + (v_i v_j^T + v_j v_i^T)/(2 pi). With u_i the rows
# of U, U_ij = u_i.v_j, s = sum u_i, tau = sum U_ii and a = 1/4 - 1/(2 pi) the form is
#   Q = |U|^2/4 + |s|^2/4 + (tau^2 - sum U_ii^2 + sum_{i != j} U_ij U_ji)/(2 pi)
#     >= a |U|^2 + |s|^2/4 + tau^2/(2 pi),
# and equal to a |U|^2 for U = (1, 1; -1, -1) if k = 2 and for the antisymmetric matrix of a 3-cycle
# if k >= 3: the smallest eigenvalue is a.
# Lemma 7. Let |W - V| <= r < 1/4, delta_i = |w_i - v_i|, S = ((1+r)/(1-r))^2, |U| = 1. With e1 =
# w/|w|, v in the plane of e1 and e2, and x = x_1 e1 + x_2 e2 + x', differentiating h1 in v gives
#   f_wwv[x,y,z] = (z_2 (2 x_2 y_2 + x'.y') + x_2 y'.z' + y_2 x'.z')/(2 pi |w|).        (*)
# Between V and W, |w_i| >= 1-r and sum_j (x.e2_ij)^2 <= S |x|^2, as e2_ij are normalised
# projections, of length >= 1-r, of rows of a matrix of norm <= 1+r. The form Q changes by
#  A, from sum_{j != i} (h1(w_i,w_j) - h1(w_i,v_j)) - h1(w_i,v_i): with y = (u_i.e2_ij)^2/|u_i|^2 at
#    most |u_i|^2 (sum_j delta_j sqrt(1 + 6y - 3y^2) + 2 delta_i)/(2 pi (1-r)); by Cauchy and y <= 1
#    A <= r min(sqrt(k), sqrt(k + 3 + 6S)/2)/(pi (1-r));
#  B, from the mixed blocks, at most 2 sum_{i != j} f_wwv[w_i - v_i, u_i, u_j]. As (*) is at most
#    |x||y||z|/(pi |w|), B <= 2 r sqrt(k-1)/(pi (1-r)). Also, u_j.e2_ij is U_jj up to
#    |u_j| |e2_ij - v_j|, |e2_ij - v_j| <= sqrt(2) (delta_j + |w_i.v_j|/|w_i|), where
#    sum_j |e2_ij - v_j|^2 <= 4 r^2, and so B <= r (|tau| + 1 + 2r + 3 sqrt(S))/(pi (1-r)), in which
#    |tau| costs no more than r^2/(2 pi (1-r)^2), as Q holds tau^2/(2 pi).
# So every eigenvalue within r of V is >= a - A - B.


def check_global_minimum(line: dict[str, Any]) -> str:
    """The smallest eigenvalue at W = V, and a radius of strong convexity."""
    fields(line, "k", "eigenvalue_lower", "eigenvalue_upper", "radius", "hessian_lower")
    k, r, mu = count(line, "k", 2), ball(line["radius"]), ball(line["hessian_lower"])
    a = arb(1) / 4 - 1 / (2 * arb.pi())
    require(ball(line["eigenvalue_lower"]) <= a, "eigenvalue_lower is too large")
    require(ball(line["eigenvalue_upper"]) >= a, "eigenvalue_upper is too small")
    require(mu > 0, "hessian_lower must be positive")
    require(r > 0 and r < arb(1) / 4, "radius must be in (0, 1/4)")
    unit, q = r / (arb.pi() * (1 - r)), (1 + r) / (1 - r)
    A = [unit * arb(k).sqrt(), unit * (k + 3 + 6 * q**2).sqrt() / 2]
    B = [unit * 2 * arb(k - 1).sqrt(), unit * (1 + 2 * r + 3 * q + r / (2 * (1 - r)))]
    require(any(a - x - y >= mu for x in A for y in B), "strong convexity within radius not shown")
    return (
        f"global minimum n=k={k}, eigenvalues>={below(line['hessian_lower'])} within "
        f"{below(line['radius'])}"
    )


# --- 7. Inequalities at rational points next to a global minimum --------------------------------


def check_inequality(line: dict[str, Any]) -> str:
    """A quantity is at most `upper` at W, near the global minimum W*; V = e_1, ..., e_k."""
    fields(line, "quantity", "n", "k", "d", "W", "minimum", "direction", "upper", "distance_upper")
    n, k, d = (count(line, name, 1) for name in ("n", "k", "d"))
    require(k <= d, f"{k} teachers do not fit into {d} inputs")
    W, minimum = (matrix(line[name], n, d, name) for name in ("W", "minimum"))
    exact = [[rational(x) for x in row] for row in line["minimum"]]
    require_global_minimum(exact, k)
    U = matrix(line["direction"], n, d, "direction")
    G = [[x - y for x, y in zip(*rows, strict=True)] for rows in zip(W, minimum, strict=True)]
    network = Network(W, [[arb(int(a == j)) for a in range(d)] for j in range(k)])
    upper, quantity = ball(line["upper"]), line["quantity"]
    if quantity == "hessian_form":
        value = network.hessian_form(U) / square(U)
        require(upper < 0, "a Hessian form says something if it is negative")
    elif quantity == "one_point_gradient":
        value = sum(map(dot, network.gradient(), G), start=arb(0)) / square(G)
    elif quantity == "one_point_hessian":
        value = network.hessian_form(G) / square(G)
    elif quantity == "pl_ratio":
        value = square(network.gradient()) / (2 * network.loss())
    else:
        require(quantity == "conjecture12_gap", f"unknown quantity {quantity!r}")
        equal = [[Fraction(int(a == i * k // n) * k, n) for a in range(d)] for i in range(n)]
        require(n % k == 0 and exact == equal, "Conjecture 12 has w*_ij = v_i/m, n = m k")
        value = conjecture12_gap(network, G, k)
        require(upper < 0, "a gap says something if it is negative")
    require(value <= upper, f"{quantity} is not shown to be <= {float(upper):.6g}")
    distance = ball(line["distance_upper"])
    require(distance > 0 and distance**2 >= square(G), "W is not that close to the minimum")
    return (
        f"{quantity} <= {above(line['upper'])} at distance <= {above(line['distance_upper'], 3)}, "
        f"n={n} k={k} d={d}"
    )


def square(rows: Sequence[Vector]) -> Any:
    """Squared Frobenius norm."""
    return sum((dot(row, row) for row in rows), start=arb(0))


def require_global_minimum(rows: list[list[Fraction]], k: int) -> None:
    """Theorem 2 of S21: rows are positive multiples of teachers, adding up to one for each."""
    sums = [Fraction(0)] * k
    for row in rows:
        places = [a for a, x in enumerate(row) if x != 0]
        require(len(places) == 1 and places[0] < k, "minimum: a row is no multiple of a teacher")
        require(row[places[0]] > 0, "minimum: a row is not a positive multiple of its teacher")
        sums[places[0]] += row[places[0]]
    require(all(x == 1 for x in sums), "minimum: multiples of a teacher do not add up to one")


def conjecture12_gap(network: Network, G: list[Any], k: int) -> Any:
    """G^T H G - (|g|^2 + (1 - 2/pi) sum_i |g_i|^2)/4, g_i the sum of the rows of teacher i."""
    m = network.n // k
    sums = [[sum(column, start=arb(0)) for column in zip(*G[i * m : (i + 1) * m], strict=True)]
            for i in range(k)]  # fmt: skip
    g = [sum(column, start=arb(0)) for column in zip(*sums, strict=True)]
    return network.hessian_form(G) - (dot(g, g) + (1 - 2 / arb.pi()) * square(sums)) / 4


# --- 8. Minima with a symmetry, at a cost that does not depend on k -----------------------------
# The teachers are e_1..e_k. G = S_p1 x ... x S_pr permutes, block by block, coordinates and the
# first k neurons together; `extra` more neurons stay. The last blocks may be `absent`: they have
# coordinates and no neurons. Let W be fixed by G, and let the neurons of a class have one output.
# Cut some blocks into parts. A structured matrix has in the rows of a part P one value own[P] on
# the own coordinate and values rest[P][Q] on the (other) coordinates of the parts Q; a further row
# has values rest[R][Q]. So own has as many entries as there are parts with neurons.
# Lemma 8. A vector of value x on c coordinates has the component x sqrt(c) along their unit vector.
# So two rows are short vectors: one component for the own coordinate of either neuron, one for the
# rest of each part; f, g, h1, h2 hold for short vectors, and pairs of rows of the same two parts
# need only be counted.
# Lemma 9. grad F is fixed by G where W is: a critical point in Fix(G) is one of F, and Lemma 2
# holds in Fix(G). A parameter x that fills c entries has there the orthonormal coordinate
# x sqrt(c).
# Lemma 10. The Hessian commutes with G; by Schur's lemma it acts on all copies of an irreducible
# representation by one small matrix, given by one vector of each copy, the same up to equivariant
# maps. The rows of block a have on their own coordinate 1 + s_a, on the others of the block
# 1 + 2 s_a + x_a + y_a, on block b 1 + s_a + s_b + s_a (x) s_b; a further row has 1 + s_b on
# block b; s, x, y belong to the partitions (p-1, 1), (p-2, 2), (p-2, 1, 1), of dimensions p-1,
# p(p-3)/2, (p-1)(p-2)/2. (p = 2 has only one s_a off the diagonal; x needs p >= 4, y needs p >= 3.)
# Of an absent block there are the columns alone.
# Dimensions are added up below, so that no copy is missing. All eigenvalues are >= mu if each small
# matrix minus mu times the Gram matrix of its vectors is positive definite.
# M commutes with G, too: R^n is 1 + s_a for each block and 1 for each further neuron.

Structured = tuple[list[Any], list[list[Any]]]  # own, rest


def row_sizes(sizes: list[int], W: Structured) -> list[int]:
    """Neurons of each class: of the parts that have some, and further ones."""
    return [*sizes[: len(W[0])], *[1] * (len(W[1]) - len(W[0]))]


class Orbit:
    """Pairs of rows of class P with rows of class Q or with teachers (Q None)."""

    def __init__(
        self, sizes: list[int], W: Structured, P: int, Q: int | None, C: int | None
    ) -> None:
        # C: part of the coordinate of the second; None if it has none, or if it is a teacher and
        # its coordinate that of the first.
        others = 1 if C is None else sizes[C]
        self.P, self.Q, self.C = P, Q, C
        self.back = P if len(W[0]) > P else None
        self.per_row = others - (P == Q or (Q is None and self.back == C))
        self.count = row_sizes(sizes, W)[P] * self.per_row
        ends = (self.back, C)
        self.roots = [arb(c).sqrt() for c in (
            *(int(end is not None) for end in ends),
            *(max(size - ends.count(c), 0) for c, size in enumerate(sizes)))]  # fmt: skip
        if self.count == 0:
            return
        if Q is not None:
            second = self.short(W, Q, self.back, swap=True)
        else:
            second = [arb(int(C is None)), arb(int(C is not None)), *[arb(0)] * len(sizes)]
        self.pair = Pair(Neuron(self.short(W, P, C)), Neuron(second))

    def short(self, X: Structured, row: int, column: int | None, swap: bool = False) -> list[Any]:
        """The short vector of a row of X, the other neuron having its coordinate in `column`."""
        own = X[0][row] if row < len(X[0]) else arb(0)
        other = X[1][row][column] if column is not None else arb(0)
        ends = [other, own] if swap else [own, other]
        return [x * c for x, c in zip([*ends, *X[1][row]], self.roots, strict=True)]

    def h1(self) -> Any:
        """h1 on short vectors."""
        normal, size = self.pair.normal(), len(self.roots)
        a, scale = arb_mat([self.pair.w.unit]), self.pair.v.norm * self.pair.sine
        if normal is None:  # m is some unit vector
            along = arb_mat(size, size, [arb(0, scale.upper())] * size**2)
        else:
            m = arb_mat([list(normal)])
            along = m.transpose() * m * scale
        form = (identity(size) - a.transpose() * a) * scale + along
        return form * (1 / (2 * arb.pi() * self.pair.w.norm))


class Symmetric:
    """F and its derivatives at a structured W."""

    def __init__(
        self, sizes: list[int], W: Structured, outputs: Sequence[int] = (), s: Any = 0
    ) -> None:
        self.sizes, self.W, self.q, self.with_rows = sizes, W, len(sizes), len(W[0])
        self.rows = row_sizes(sizes, W)
        self.c = list(outputs) or [1] * len(self.rows)
        self.s, self.share = arb(s), (1 - arb(s)) ** 2
        every = []
        for P in range(len(self.rows)):
            for Q in range(len(self.rows)):
                every.append(Orbit(sizes, W, P, Q, Q if self.with_rows > Q else None))
            for C in range(self.q):
                every.append(Orbit(sizes, W, P, None, C))
            if self.with_rows > P:
                every.append(Orbit(sizes, W, P, None, None))
        self.orbits = [orbit for orbit in every if orbit.count]

    def sign(self, orbit: Orbit) -> int:
        """c_i c_j of two students, -c_i of a student and a teacher."""
        return self.c[orbit.P] * (-1 if orbit.Q is None else self.c[orbit.Q])

    def row_sum(self, X: Structured) -> list[Any]:
        """sum_i c_i x_i, for the rows x_i of X, one value a part."""
        sums = []
        for C in range(self.q):
            own = self.c[C] * X[0][C] if self.with_rows > C else arb(0)
            sums.append(sum((self.c[P] * (size - (P == C < self.with_rows)) * X[1][P][C]
                             for P, size in enumerate(self.rows)), start=own))  # fmt: skip
        return sums

    def dot(self, x: Vector, y: Vector) -> Any:
        """Inner product of vectors that are constant on the parts."""
        return sum((c * a * b for c, a, b in zip(self.sizes, x, y, strict=True)), start=arb(0))

    def norm(self, row: int) -> Any:
        """|w|."""
        return next(orbit.pair.w.norm for orbit in self.orbits if row == orbit.P)

    def inner(self, X: Structured, Y: Structured) -> Any:
        """Frobenius inner product."""
        value = arb(0)
        for P, size in enumerate(self.rows):
            for C, width in enumerate(self.sizes):
                value += size * (width - (P == C < self.with_rows)) * X[1][P][C] * Y[1][P][C]
            value += size * X[0][P] * Y[0][P] if self.with_rows > P else 0
        return value

    def loss(self) -> Any:
        """F."""
        k = sum(self.sizes)
        own = sum((c * self.norm(P) ** 2 for P, c in enumerate(self.rows)), start=arb(0)) / 4
        value = own + arb(k) / 4 + arb(k * (k - 1)) / (4 * arb.pi())
        for orbit in self.orbits:  # pairs of students are counted twice
            times = orbit.count if orbit.Q is None else arb(orbit.count) / 2
            value += self.sign(orbit) * times * orbit.pair.f()
        r = [x - 1 for x in self.row_sum(self.W)]
        return self.share * value + self.s * self.dot(r, r) / 2

    def slope(self, U: Structured) -> Any:
        """<grad F, U>."""
        value = self.inner(self.W, U) / 2
        for orbit in self.orbits:
            pair, u = orbit.pair, orbit.short(U, orbit.P, orbit.C)
            g = pair.v.norm * pair.sine * dot(pair.w.unit, u) + pair.rest * dot(pair.v.weights, u)
            value += self.sign(orbit) * orbit.count * g / (2 * arb.pi())
        r = [x - 1 for x in self.row_sum(self.W)]
        return self.share * value + self.s * self.dot(r, self.row_sum(U))

    def forms(self, vectors: list[Structured]) -> Any:
        """The matrix of U^T H U'."""
        total = arb_mat([[self.inner(x, y) / 2 for y in vectors] for x in vectors])
        for orbit in self.orbits:
            X = arb_mat([orbit.short(x, orbit.P, orbit.C) for x in vectors])
            times = self.sign(orbit) * orbit.count
            total += X * orbit.h1() * X.transpose() * times
            if orbit.Q is not None:
                Y = arb_mat([orbit.short(x, orbit.Q, orbit.back, swap=True) for x in vectors])
                total += X * orbit.pair.h2() * Y.transpose() * times
        sums = [self.row_sum(x) for x in vectors]
        linear = arb_mat([[self.dot(x, y) for y in sums] for x in sums])
        return total * self.share + linear * self.s

    def inner_forms(self, row: int, vectors: list[list[Any]]) -> Any:
        """The matrix of u^T H'_ii u', for the one neuron of a class, u and u' constant on parts."""
        total = arb_mat(len(vectors), len(vectors))
        for orbit in self.orbits:
            if row == orbit.P:
                rows = []
                for u in vectors:
                    ends = [
                        u[row] if row < self.with_rows else arb(0),
                        arb(0) if orbit.C is None else u[orbit.C],
                    ]
                    rows.append([y * c for y, c in zip([*ends, *u], orbit.roots, strict=True)])
                X = arb_mat(rows)
                total += X * orbit.h1() * X.transpose() * (self.sign(orbit) * orbit.count)
        return total * self.share

    def turning(self, row: int) -> Any:
        """As `Network.turning`."""
        value = arb(0)
        for orbit in self.orbits:
            if row == orbit.P:
                pair = orbit.pair
                turning = self.sign(orbit) * orbit.per_row * pair.v.norm * pair.sine
                value += turning / (2 * arb.pi() * pair.w.norm)
        return value * self.share

    def growth_slope(self, z: list[Any], output: int = 1) -> Any:
        """As `Network.growth_slope`, z constant on the parts."""
        grown = Symmetric(self.sizes, (self.W[0], [*self.W[1], z]), [*self.c, output])
        added = [orbit for orbit in grown.orbits if len(self.rows) == orbit.P]
        slope = sum((grown.sign(x) * x.count * x.pair.f() for x in added), start=arb(0))
        r = [x - 1 for x in self.row_sum(self.W)]
        return self.share * slope + self.s * output * self.dot(r, z)

    def orthogonal_blocks(self) -> Iterator[list[list[Any]]]:
        """M on its isotypic components."""
        rows, size = self.rows, range(len(self.rows))
        mixed = [[arb(0) for _ in size] for _ in size]
        own = [self.share / 2 + self.s + self.turning(P) for P in size]
        for orbit in self.orbits:
            if orbit.Q is not None:
                # c_i c_j, left out, changes no eigenvalue: M = D M' D with D = diag(c).
                mixed[orbit.P][orbit.Q] = self.share * orbit.pair.rest / (2 * arb.pi()) + self.s
        yield [[own[P] + (rows[P] - 1) * mixed[P][P] if P == Q
                else mixed[P][Q] * (arb(rows[P]) * rows[Q]).sqrt() for Q in size]
               for P in size]  # fmt: skip
        yield from ([[own[P] - mixed[P][P]]] for P in size if rows[P] > 1)


def cut(blocks: list[int], pieces: Callable[[int], list[int]]) -> list[tuple[int, int]]:
    """Cut blocks into parts: (block, size of the part)."""
    return [(a, part) for a in range(len(blocks)) for part in pieces(a) if part]


def refined_parts(blocks: list[int]) -> list[tuple[int, int]]:
    """Coordinate 1, coordinate 2 and the others of each block."""
    return cut(blocks, lambda a: [1] if blocks[a] == 1 else [1, 1, blocks[a] - 2])


def on_parts_of(network: Symmetric, parts: list[tuple[int, int]]) -> tuple[Symmetric, list[int]]:
    """A network, structured by blocks, as structured by parts; the class of each of its classes."""
    (own, rest), of = network.W, [a for a, _ in parts]
    present = [a for a in of if a < network.with_rows]
    rows = [*present, *range(network.with_rows, len(rest))]
    W = [own[a] for a in present], [[rest[row][a] for a in of] for row in rows]
    return Symmetric(
        [size for _, size in parts], W, [network.c[row] for row in rows], network.s
    ), rows


def representatives(
    blocks: list[int], extra: int, absent: int
) -> Iterator[tuple[int, list[Structured]]]:
    """Dimension, and one vector of each copy, of each irreducible representation.

    Blocks of p > 1 are cut into coordinate 1, coordinate 2, the m = p - 2 others; v = e_1 - e_2.
    """
    of, r, t = [a for a, _ in refined_parts(blocks)], len(blocks), len(blocks) - absent
    own_parts = [a for a in of if a < t]
    of_row = [*own_parts, *range(t, t + extra)]
    place = [of[:C].count(a) for C, a in enumerate(of)]  # 0, 1, 2: first, second, others
    columns = range(len(of))
    one, v = [1] * (len(of) + extra), [(1, -1, 0)[x] for x in place]

    def diagonal(a: int, x: list[int]) -> Structured:
        own = [arb(x[P] if of[P] == a else 0) for P in range(len(own_parts))]
        return own, [[arb(0) for _ in columns] for _ in of_row]

    def off(a: int, b: int, value: Callable[[int, int], int]) -> Structured:
        rest = [[arb(value(R, C) if (row, of[C]) == (a, b) else 0) for C in columns]
                for R, row in enumerate(of_row)]  # fmt: skip
        return [arb(0) for _ in own_parts], rest

    def outer(a: int, b: int, x: list[int], y: list[int], join: Any = mul) -> Structured:
        return off(a, b, lambda R, C: join(x[R], y[C]))

    def table(a: int, values: dict[tuple[int, int], int]) -> Structured:
        return off(a, a, lambda R, C: values.get((place[R], place[C]), 0))

    trivial = [diagonal(a, one) for a in range(t)]
    trivial += [outer(a, b, one, one) for a in range(t + extra) for b in range(r)
                if not a == b < t or blocks[b] > 1]  # fmt: skip
    yield 1, trivial
    for a, p in enumerate(blocks):
        m = p - 2
        if p == 1:
            continue
        s = [diagonal(a, v), outer(a, a, v, v, sub)] if a < t else []
        s += [outer(a, a, v, v, add)] if p > 2 and a < t else []
        s += [outer(row, a, one, v) for row in range(t + extra) if not row == a < t]
        s += [outer(a, b, v, one) for b in range(r) if a < t and a != b]
        yield p - 1, s
        if (
            p > 2 and a < t
        ):  # antisymmetric, row sums zero, negated by exchanging coordinates 1 and 2
            half = {(0, 1): m, (0, 2): -1, (1, 2): 1}
            yield (p - 1) * m // 2, [table(a, half | {(C, R): -x for (R, C), x in half.items()})]
        if p > 3 and a < t:  # symmetric, row sums zero, fixed by permutations of the others
            half = {(0, 1): m * (m - 1), (0, 2): 1 - m, (1, 2): 1 - m, (2, 2): 2}
            yield p * (p - 3) // 2, [table(a, half | {(C, R): x for (R, C), x in half.items()})]
        for b in range(a + 1, r):
            if blocks[b] > 1 and a < t:
                both = [outer(a, b, v, v), *([outer(b, a, v, v)] if b < t else [])]
                yield (p - 1) * (blocks[b] - 1), both


def require_positive_definite(A: Any, what: str) -> None:
    """Elimination in balls."""
    rows = A.tolist()
    while rows:
        pivot = rows[0][0]
        require(pivot > 0, f"{what} is not shown to be within its bound")
        rows = [[x - row[0] * y / pivot for x, y in zip(row[1:], rows[0][1:], strict=True)]
                for row in rows[1:]]  # fmt: skip


def block_sizes(line: dict[str, Any]) -> list[int]:
    """Read the sizes of the blocks."""
    blocks = line["blocks"]
    require(isinstance(blocks, list) and 0 < len(blocks) < 20, "blocks must be a list")
    require(all(type(p) is int and p > 0 for p in blocks), "blocks must be positive integers")
    return list(blocks)


def refined(network: Symmetric) -> Symmetric:
    """The network on the parts on which the representatives are structured."""
    return on_parts_of(network, refined_parts(network.sizes))[0]


def copies(network: Symmetric) -> Iterator[tuple[int, list[Structured]]]:
    """The representatives of matrices like W."""
    extra = len(network.rows) - network.with_rows
    return representatives(network.sizes, extra, network.q - network.with_rows)


def isotypic_forms(network: Symmetric) -> Iterator[tuple[Any, Any]]:
    """The Hessian, and the Gram matrix, of one vector of each copy of each representation."""
    fine, dimensions = refined(network), 0
    for dimension, vectors in copies(network):
        size = len(vectors)
        gram = arb_mat([[fine.inner(x, y) for y in vectors] for x in vectors])
        require(all(gram[i, i] > 0 for i in range(size)), "a representative vanishes")
        dimensions += dimension * size
        scale = arb_mat(size, size, [arb(0)] * size**2)
        for i in range(size):
            scale[i, i] = 1 / gram[i, i].sqrt()
        yield scale * fine.forms(vectors) * scale, scale * gram * scale
    entries = sum(network.rows) * sum(network.sizes)
    require(dimensions == entries, "the representations do not fill the space")


def require_spectrum_above(forms: Iterable[tuple[Any, Any]], bound: Any, what: str) -> None:
    """Lemma 10."""
    for hessian, gram in forms:
        require_positive_definite(hessian - gram * bound, what)


def gradient_norm(network: Symmetric) -> Any:
    """|grad F|, from its components along orthonormal coordinates of Fix(G)."""
    fine, (_, trivial) = refined(network), next(copies(network))
    slopes = [fine.slope(x) / fine.inner(x, x).sqrt() for x in trivial]
    return root(dot(slopes, slopes))


def box_around(blocks: list[int], W: Structured, radius: Any) -> Structured:
    """The box that Lemma 9 makes of the box of this half-width."""
    rows = row_sizes(blocks, W)

    def widened(x: Any, entries: int) -> Any:
        return x + arb(0, (radius / arb(entries).sqrt()).upper()) if entries else x

    own = [widened(x, rows[a]) for a, x in enumerate(W[0])]
    return own, [[widened(x, rows[a] * (size - (a == b < len(own))))
                  for b, (x, size) in enumerate(zip(row, blocks, strict=True))]
                 for a, row in enumerate(W[1])]  # fmt: skip


def check_symmetric_minimum(line: dict[str, Any]) -> str:
    """One critical point in a box of Fix(G), a strict minimum for every d >= k, F > 0, splits."""
    fields(line, "blocks", "extra", "own", "rest", "radius", "hessian_lower",
           "orthogonal_hessian_lower", "location_radius", "loss_lower", "loss_upper",
           "norm_sum_lower", "norm_sum_upper", "splits",
           *line.keys() & {"absent", "outputs", "slope", "plateaus"})  # fmt: skip
    blocks, extra = block_sizes(line), count(line, "extra", 0)
    absent = count({"absent": 0, **line}, "absent", 0)
    r, k, own = len(blocks), sum(blocks), len(blocks) - absent
    require(own >= 0 and own + extra > 0, "no neurons are left")
    W = (vector(line["own"], own, "own"), matrix(line["rest"], own + extra, r, "rest"))
    c, s = outputs(line, own + extra), slope_of(line)
    radius, mu = ball(line["radius"]), ball(line["hessian_lower"])
    require(radius > 0 and mu > 0, "radius and hessian_lower must be positive")

    over_box, at_center = (Symmetric(blocks, x, c, s) for x in (box_around(blocks, W, radius), W))
    n = sum(at_center.rows)
    positive = sum(size for size, sign in zip(at_center.rows, c, strict=True) if sign == 1)
    require_kind(positive, k, line["statement"] == "symmetric_strict_minimum")
    forms = list(isotypic_forms(over_box))
    require_spectrum_above(forms, mu, "an eigenvalue of the Hessian over the box")
    orthogonal = ball(line["orthogonal_hessian_lower"])
    require(orthogonal > 0, "orthogonal_hessian_lower must be positive")
    for M in over_box.orthogonal_blocks():
        shifted = arb_mat(M) - identity(len(M)) * orthogonal
        require_positive_definite(shifted, "an eigenvalue of M")

    g = gradient_norm(at_center)
    require(mu * radius > 2 * g, "no critical point in the box: the gradient is too large")
    require(ball(line["location_radius"]) >= g / mu, "location_radius is too small")
    loss, lower, upper = at_center.loss(), ball(line["loss_lower"]), ball(line["loss_upper"])
    require(lower > 0, "loss_lower must be positive")
    require(loss - g**2 / (2 * mu) >= lower and loss <= upper, "the loss is not enclosed")
    norm_sum = arb(n).sqrt() * arb(0, g / mu)
    norm_sum += sum((x * at_center.norm(P) for P, x in enumerate(at_center.rows)), start=arb(0))
    require(ball(line["norm_sum_lower"]) <= norm_sum <= ball(line["norm_sum_upper"]),
            "the sum of norms is not enclosed")  # fmt: skip
    require(isinstance(line["splits"], list), "splits must be a list")
    split_rows = {check_symmetric_split(over_box, split) for split in line["splits"]}
    neurons = sum(at_center.rows[a] for a in split_rows)
    plateaus = line.get("plateaus", [])
    minima = check_plateaus(plateaus, lambda x: check_symmetric_plateau(over_box, x),
                            at_center.rows)  # fmt: skip
    kind = "strict" if positive < k else "spurious"
    return (
        f"{kind} minimum n={n} k={k} blocks={blocks}{said_of(s)} F>={below(line['loss_lower'])} "
        f"eigenvalues>={below(line['hessian_lower'])}, splits of {neurons} neurons are "
        f"strict saddles{minima}"
    )


def check_symmetric_split(over_box: Symmetric, split: Any) -> int:
    """Lemma 5 for a class of neurons; its block is cut into the own coordinate and the rest."""
    names = {"row", "direction", "curvature_upper", "growth", "slope_upper"}
    require(isinstance(split, dict) and set(split) == names, f"a split must have fields {names}")
    row, blocks = count(split, "row", 0), over_box.sizes
    require(row < len(over_box.rows), f"no class of neurons {row}")
    alone = row if row < over_box.with_rows else None
    parts = cut(blocks, lambda a: [1, blocks[a] - 1] if a == alone else [blocks[a]])
    network, rows = on_parts_of(over_box, parts)
    u, z = (vector(split[name], len(parts), name) for name in ("direction", "growth"))
    length = [network.dot(y, y) for y in (u, z)]
    require(all(x > 0 for x in length), "direction and growth must not be zero")
    curvature, slope = ball(split["curvature_upper"]), ball(split["slope_upper"])
    require(curvature < 0 and slope < 0, "curvature_upper and slope_upper must be negative")
    form = network.inner_forms(rows.index(row), [u])[0, 0]
    require(form <= curvature * length[0], f"curvature of class {row} not shown")
    growth = network.growth_slope(z, over_box.c[row])
    require(growth <= slope * length[1].sqrt(), f"slope of class {row} not shown")
    return row


def check_symmetric_plateau(over_box: Symmetric, plateau: Any) -> tuple[int, int]:
    """Lemma 5b for a class of neurons, and its sign.

    H'_ii commutes with the permutations that leave the neuron alone, on its own coordinate, on the
    rest of its block and on each other one; R^k is the sum of their trivial and standard
    representations, and each has a vector that is constant on the parts of `refined`."""
    row, e, curvature = read_plateau(plateau, "row", len(over_box.rows))
    network, rows = on_parts_of(over_box, refined_parts(over_box.sizes))
    neuron = rows.index(row)
    roots, parts = [arb(c).sqrt() for c in network.sizes], range(network.q)
    own, rest = network.W
    w = [own[C] if neuron == C < len(own) else rest[neuron][C] for C in parts]
    a = arb_mat([[x * c / network.norm(neuron) for x, c in zip(w, roots, strict=True)]])
    units = [[1 / roots[C] if C == D else arb(0) for D in parts] for C in parts]
    across = network.inner_forms(neuron, units) + a.transpose() * a * network.turning(neuron)
    shifted = across * e - identity(network.q) * curvature
    require_positive_definite(shifted, f"plateau of class {row}")
    return row, e


# --- 9. Basins: balls from which gradient descent leads to a minimum, n = k ---------------------
# Lemma 11. Let lambda <= H <= Lambda on the ball |W - C| <= R, lambda > 0, and |grad F(C)| <=
# lambda d, R = r + 2 d. As in Lemma 2 there is one critical point W* in it, |W* - C| <= d. The
# ball |W - W*| <= r + d lies in it and holds all W with |W - C| <= r. There, with A the mean of H
# on the segment from W* to W, W - eta grad F(W) - W* = (I - eta A)(W - W*): a step 0 < eta <
# 2/Lambda shrinks the distance to W* by a factor max(|1 - eta lambda|, |1 - eta Lambda|) < 1, so
# that descent stays and converges to W*; and |grad F(W)| = |A (W - W*)| <= Lambda (r + d).
# Lemma 12. A Lipschitz constant of the Hessian that does not add up sizes where signs cancel, as
# that of Lemma 4 does; V = I, n = k = d. On the ball |W - C| <= R let a <= |w_i| <= l, x = R/a,
# b_i = w_i/|w_i|, c_ij = b_i.b_j, e_ij the unit part of w_j orthogonal to w_i, and e'_ij that of
# v_j. As |w - w0|^2 >= |w||w0| |b - b0|^2, the matrix B of rows b_i moves by at most x. If at the
# centre |B| <= o0, (sum_{j != i} c_ij^2)^(1/2) <= g0 and |c_ij| <= m0 for j != i, and
# (sum_{j != i} b_ij^2)^(1/2) <= g0' and |b_ij| <= m0', then on the ball
#     |B| <= o = o0 + x,  g = g0 + x (o0^2 + 1)^(1/2),  m = m0 + sqrt(2) x,  g' = g0' + x,
#     m' = m0' + x
# bound the same. With s = (1 - m^2)^(1/2), s' = (1 - m'^2)^(1/2) and e = o/s the matrix of rows
# e_ij, j != i, has a norm <= e, as e_ij = (b_j - c_ij b_i)/s_ij, and for q orthogonal to b_i
# sum_j (q.e'_ij)^2 <= |q|^2/s'^2, as q.e'_ij = q.v_j/s'_ij.
# Now let |U| = 1, u_i = r_i b_i + q_i with q_i orthogonal to b_i, and a_ij = q_i.e_ij. By (*) and
# Lemma 4, f homogeneous of degree 1 and h1 of degree -1 in w,
#   2 pi |w_i| f_wwv(w_i,w_j)[u_i,u_i,u_j] = (u_j.e_ij)(|q_i|^2 - a_ij^2) + 2 a_ij q_i.u_j,
#   f_www(w_i,v)[u_i,u_i,u_i] = -(3 r_i/|w_i|) h1(w_i,v)[q_i,q_i]
#                               - |v| cos t a_iv (3 |q_i|^2 - a_iv^2)/(2 pi |w_i|^2),
# where 0 <= a^2 <= |q|^2. The form D^3 F[U,U,U] is the sum of
#  - 3 f_wwv[u_i,u_i,u_j] over i != j. As u_j.e_ij = (r_j - c_ij u_j.b_i)/s_ij, Cauchy's inequality
#    over j bounds it for one i by 3 |q_i|^2 ((sqrt(n-1) p + g)/s + 2 e)/(2 pi a) with p^2 = sum
#    r_i^2, sum |q_i|^2 = 1 - p^2; and p (1 - p^2) <= beta = 2/(3 sqrt 3);
#  - the pairs (w_i, v_i), which may be parallel, at most 3 sqrt(3)/(4 pi a^2) (Lemma 4);
#  - of the others of f_www the terms with cos t: at most Q = 3 (l e g + g'/s')/(2 pi a^2);
#  - those with h1: -(3 r_i/|w_i|) K_i[q_i,q_i], K_i = H'_ii + h1(w_i,v_i), at most 3 beta K/a if
#    |K_i| <= K. Bounding the derivative of K_i[z,z], |z| = 1, along U in the same way, one may take
#    K = K0 + R (3 beta K/a + Q + (sqrt(n-1) + 2 e)/(2 pi a)), K0 >= |K_i| at the centre.
# The norm of a symmetric trilinear form is its largest value at one unit vector, and the Hessian is
# continuous at parallel pairs: the sum bounds how fast it changes.
# |B|^2 and |K_i| are at most largest sums of the sizes of a row, of B B^T and of K_i.

# Whoever compares |W - C| with r does so in float64.
COMPARISON = Fraction(1, 2**30)


def check_basin(line: dict[str, Any]) -> str:
    """Lemma 11: from every W with |W - C| <= (1 + 2^-30) radius, gradient descent with steps below
    step_bound stays within |W - W*| of the one critical point W* that is within location_radius of
    C, and converges to it; |grad F(W)| <= gradient_bound. In the ball all eigenvalues of the
    Hessian are between hessian_lower and hessian_upper."""
    fields(line, "blocks", "own", "rest", "radius", "location_radius", "hessian_lower",
           "hessian_upper", "step_bound", "gradient_bound")  # fmt: skip
    blocks = block_sizes(line)
    r, k = len(blocks), sum(blocks)
    require(k > 1, "a basin needs two neurons")
    center = (vector(line["own"], r, "own"), matrix(line["rest"], r, r, "rest"))
    radius, lower, step = (ball(line[x]) for x in ("radius", "hessian_lower", "step_bound"))
    require(radius > 0 and lower > 0, "radius and hessian_lower must be positive")
    require(step > 0, "step_bound must be positive")
    at_center = Symmetric(blocks, center)
    location, upper = ball(line["location_radius"]), ball(line["hessian_upper"])
    inner = radius * (1 + ball(str(COMPARISON)))
    outer = inner + 2 * location
    require(location >= gradient_norm(at_center) / lower, "location_radius is too small")
    change = hessian_lipschitz(blocks, center, outer) * outer
    forms = list(isotypic_forms(at_center))
    require_spectrum_above(forms, lower + change, "an eigenvalue in the basin")
    negative = [(-hessian, gram) for hessian, gram in forms]
    require_spectrum_above(negative, change - upper, "an eigenvalue in the basin")
    require(step * upper <= 2, "step_bound is too large")
    require(ball(line["gradient_bound"]) >= upper * (inner + location),
            "gradient_bound is too small")  # fmt: skip
    return (
        f"basin n=k={k} blocks={blocks} radius={below(line['radius'])} "
        f"eigenvalues>={below(line['hessian_lower'])}, steps below {below(line['step_bound'])} stay"
    )


def hessian_lipschitz(blocks: list[int], W: Structured, R: Any) -> Any:
    """Lemma 12: a Lipschitz constant of the Hessian on the ball of radius R around W."""
    network, classes = Symmetric(blocks, W), range(len(blocks))
    norms, n = [network.norm(P) for P in classes], sum(blocks)
    students, teachers = ([[x for x in network.orbits if (x.Q is None, x.P) == (seen, P)
                            and not x.Q is x.C is None] for P in classes]
                          for seen in (False, True))  # fmt: skip
    a, longest = min(x.lower() for x in norms) - R, largest(norms) + R
    require(a > 0, "the ball holds a zero neuron")
    x = R / a
    spread = root(1 + largest(row_sum(row, abs) for row in students))
    g = largest(root(row_sum(row, squared)) for row in students) + x * root(spread**2 + 1)
    other_g = largest(root(row_sum(row, squared)) for row in teachers) + x
    m = largest(abs(y.pair.cosine) for row in students for y in row) + x * arb(2).sqrt()
    other_m = largest(abs(y.pair.cosine) for row in teachers for y in row) + x
    beta, circle, across = 2 / (3 * arb(3).sqrt()), 2 * arb.pi(), arb(n - 1).sqrt()
    # So x < 1/sqrt(2), and 3 beta x < 1 below.
    require(m < 1 and other_m < 1, "the ball holds another parallel pair")
    s, other_s = (1 - m**2).sqrt(), (1 - other_m**2).sqrt()
    e = (spread + x) / s
    Q = 3 * (longest * e * g + other_g / other_s) / (circle * a**2)
    moved = Q + (across + 2 * e) / (circle * a)
    K = (inner_norm(blocks, W) + R * moved) / (1 - 3 * beta * x)
    mixed = 3 * ((beta * across + g) / s + 2 * e) / (circle * a)
    return mixed + 3 * arb(3).sqrt() / (2 * circle * a**2) + Q + 3 * beta * K / a


def largest(balls: Iterable[Any]) -> Any:
    """An upper bound of numbers."""
    bounds = [x.upper() for x in balls]
    require(all(x.is_finite() for x in bounds), "a quantity at the centre is not bounded")
    return max(bounds)


def squared(x: Any) -> Any:
    """x^2."""
    return x * x


def row_sum(orbits: list[Orbit], size: Callable[[Any], Any]) -> Any:
    """Sum of the sizes of the cosines between one neuron of a class and others."""
    return sum((x.per_row * size(x.pair.cosine) for x in orbits), start=arb(0))


def inner_norm(blocks: list[int], W: Structured) -> Any:
    """An upper bound of |H'_ii + h1(w_i, v_i)|, over all neurons."""
    of = [a for a, p in enumerate(blocks) for _ in range(p)]
    rows = [[W[0][a] if i == j else W[1][a][b] for j, b in enumerate(of)]
            for i, a in enumerate(of)]  # fmt: skip
    units = [[arb(int(i == j)) for j in range(len(of))] for i in range(len(of))]
    sums = []
    for i in {of.index(a) for a in of}:
        # With no other student, H'_ii is minus the sum over the teachers.
        others, students = (Network([rows[i]], x[:i] + x[i + 1 :]).inner(0) for x in (units, rows))
        sums += [sum(map(abs, row), start=arb(0)) for row in (others - students).tolist()]
    return largest(sums)


# --- 10. Strict minima of erf, in weights and outputs -------------------------------------------
# F(W, c) = 1/2 E (sum_i c_i s(w_i.x) - sum_j s(v_j.x))^2 with s(z) = erf(z/sqrt 2), V = e_1..e_k,
# and c_i real numbers. With p = |w|^2, q = |v|^2, r = w.v and S = (1 + p)(1 + q) - r^2,
#     K(w, v) = E s(w.x) s(v.x) = (2/pi) atan(r/sqrt S)                          (Williams 1998),
#     K_r = (2/pi)/sqrt S,  K_p = -r K_r/(2 (1 + p)),  K_q = -r K_r/(2 (1 + q)),
# and further derivatives by S_p = 1 + q, S_q = 1 + p, S_r = -2 r. Its gradient in w and its second
# derivatives in w, and in w and v, are
#     g = 2 K_p w + K_r v,
#     h1 = 2 K_p I + 4 K_pp w w^T + 2 K_pr (w v^T + v w^T) + K_rr v v^T,
#     h2 = K_r I + 4 K_pq w v^T + 2 K_pr w w^T + 2 K_qr v v^T + K_rr v w^T.
# With G_i = sum_j c_j g(w_i, w_j) - sum_j g(w_i, v_j), j = i being one of the first,
#     dF/dw_i = c_i G_i,  dF/dc_i = sum_j c_j K(w_i, w_j) - sum_j K(w_i, v_j),
#     H_ij = c_i c_j h2(w_i, w_j), and for i = j beside it c_i (sum_j c_j h1(w_i, w_j) - sum_j
#     h1(w_i, v_j)), d2F/dw_i dc_j = c_i g(w_i, w_j), and for i = j beside it G_i, and
#     d2F/dc_i dc_j = K(w_i, w_j).
# Lemma 2 holds in weights and outputs together. Along a further input, orthogonal to all neurons,
# the Hessian is M, M_ij = c_i c_j K_r(w_i, w_j), and for i = j beside it 2 c_i (sum_j c_j K_p(w_i,
# w_j) - sum_j K_p(w_i, v_j)), and has no entry with weights along others or with outputs: M > 0
# makes the point a strict minimum for every d' >= d.


class ErfPair:
    """K of two vectors, with its derivatives."""

    def __init__(self, w: Vector, v: Vector) -> None:
        self.w, self.v, r = w, v, dot(w, v)
        a, b = 1 + dot(w, w), 1 + dot(v, v)
        S = a * b - r * r
        self.value = 2 * (r / S.sqrt()).atan() / arb.pi()
        self.r = 2 / (arb.pi() * S.sqrt())
        fall = self.r / (2 * S)
        self.p = -r * self.r / (2 * a)
        self.pp = r * self.r / (2 * a * a) + r * b * fall / (2 * a)
        self.pq, self.pr, self.qr, self.rr = r * fall / 2, -b * fall, -a * fall, 2 * r * fall

    def g(self) -> list[Any]:
        """dK/dw."""
        return [2 * self.p * x + self.r * y for x, y in zip(self.w, self.v, strict=True)]

    def form(self, scale: Any, ww: Any, wv: Any, vw: Any, vv: Any) -> Any:
        """scale I + ww w w^T + wv w v^T + vw v w^T + vv v v^T."""
        sides = arb_mat([list(self.w), list(self.v)])
        middle = arb_mat([[ww, wv], [vw, vv]])
        return identity(len(self.w)) * scale + sides.transpose() * middle * sides

    def h1(self) -> Any:
        """d2K/dw2."""
        return self.form(2 * self.p, 4 * self.pp, 2 * self.pr, 2 * self.pr, self.rr)

    def h2(self) -> Any:
        """d2K/dw dv."""
        return self.form(self.r, 2 * self.pr, 4 * self.pq, self.rr, 2 * self.qr)


class ErfNetwork:
    """F of erf and its derivatives in weights and outputs."""

    def __init__(self, W: Sequence[Vector], c: Vector, k: int) -> None:
        self.W, self.c, self.n, self.d, self.k = W, c, len(W), len(W[0]), k
        self.V = [[arb(int(a == j)) for a in range(self.d)] for j in range(k)]
        self.students = [[ErfPair(w, x) for x in W] for w in W]
        self.teachers = [[ErfPair(w, v) for v in self.V] for w in W]

    def seen(self, i: int) -> Iterator[tuple[Any, ErfPair]]:
        """Neuron i with every student, itself among them, and every teacher, with their outputs."""
        yield from zip(self.c, self.students[i], strict=True)
        yield from ((arb(-1), pair) for pair in self.teachers[i])

    def loss(self) -> Any:
        """F; K(v, v) = 1/3, and K = 0 of different teachers."""
        value = arb(self.k) / 6
        for i, c in enumerate(self.c):
            for other, pair in zip(self.c, self.students[i], strict=True):
                value += c * other * pair.value / 2
            value -= c * sum((pair.value for pair in self.teachers[i]), start=arb(0))
        return value

    def force(self, i: int) -> list[Any]:
        """G_i."""
        terms = [[c * x for x in pair.g()] for c, pair in self.seen(i)]
        return [sum(column, start=arb(0)) for column in zip(*terms, strict=True)]

    def gradient(self) -> list[Any]:
        """dF/dW, neuron by neuron, then dF/dc."""
        weights = [c * x for i, c in enumerate(self.c) for x in self.force(i)]
        return weights + [sum((c * pair.value for c, pair in self.seen(i)), start=arb(0))
                          for i in range(self.n)]  # fmt: skip

    def hessian(self) -> Any:
        """H in these, (n d + n, n d + n)."""
        n, d = self.n, self.d
        rows = [[arb(0)] * (n * d + n) for _ in range(n * d + n)]
        for i in range(n):
            for j, pair in enumerate(self.students[i]):
                block, mixed = pair.h2() * (self.c[i] * self.c[j]), pair.g()
                mixed = [self.c[i] * x for x in mixed]
                if i == j:
                    for c, other in self.seen(i):
                        block += other.h1() * (self.c[i] * c)
                    mixed = [x + y for x, y in zip(mixed, self.force(i), strict=True)]
                for a, entries in enumerate(block.tolist()):
                    rows[i * d + a][j * d : (j + 1) * d] = entries
                    rows[i * d + a][n * d + j] = rows[n * d + j][i * d + a] = mixed[a]
                rows[n * d + i][n * d + j] = pair.value
        return arb_mat(rows)

    def orthogonal_hessian(self) -> Any:
        """M, (n, n)."""
        rows = [[self.c[i] * self.c[j] * pair.r for j, pair in enumerate(self.students[i])]
                for i in range(self.n)]  # fmt: skip
        for i in range(self.n):
            along = sum((c * pair.p for c, pair in self.seen(i)), start=arb(0))
            rows[i][i] += 2 * self.c[i] * along
        return arb_mat(rows)


def check_erf_minimum(line: dict[str, Any]) -> str:
    """One critical point in a box of weights and outputs, a strict minimum for every d' >= d."""
    fields(line, "n", "k", "d", "W", "outputs", "radius", "hessian_lower",
           "orthogonal_hessian_lower", "location_radius", "loss_lower", "loss_upper")  # fmt: skip
    n, k, d = (count(line, name, 1) for name in ("n", "k", "d"))
    require(k <= d, f"{k} teachers do not fit into {d} inputs")
    W, c = matrix(line["W"], n, d, "W"), vector(line["outputs"], n, "outputs")
    radius, mu = ball(line["radius"]), ball(line["hessian_lower"])
    require(radius > 0 and mu > 0, "radius and hessian_lower must be positive")
    *box, outputs_box = ([x + arb(0, radius.upper()) for x in row] for row in [*W, c])
    center, over_box = ErfNetwork(W, c, k), ErfNetwork(box, outputs_box, k)
    require_eigenvalues_above(over_box.hessian(), mu, "Hessian over the box")
    orthogonal = ball(line["orthogonal_hessian_lower"])
    require(orthogonal > 0, "orthogonal_hessian_lower must be positive")
    require_eigenvalues_above(over_box.orthogonal_hessian(), orthogonal, "Hessian off the span")
    gradient = center.gradient()
    g = root(dot(gradient, gradient))
    require(mu * radius > 2 * g, "no critical point in the box: the gradient is too large")
    require(ball(line["location_radius"]) >= g / mu, "location_radius is too small")
    loss, lower, upper = center.loss(), ball(line["loss_lower"]), ball(line["loss_upper"])
    require(loss - g**2 / (2 * mu) >= lower and loss <= upper, "the loss is not enclosed")
    return (
        f"strict minimum of erf n={n} k={k} d>={d} F>={below(line['loss_lower'])} "
        f"eigenvalues>={below(line['hessian_lower'])}"
    )


# --- 11. Files --------------------------------------------------------------------------------
# One certificate a line; the last line says how many there are. So a file that lost its end is not
# taken for one that claims less, and one that claims nothing says so: {"certificates": 0}.

END = re.compile(r'\{"certificates": (0|[1-9][0-9]{0,8})\}')

CHECKS: dict[str, Callable[[dict[str, Any]], str]] = {
    "spurious_minimum": check_minimum,
    "strict_minimum": check_minimum,
    "global_minimum": check_global_minimum,
    "inequality": check_inequality,
    "symmetric_minimum": check_symmetric_minimum,
    "symmetric_strict_minimum": check_symmetric_minimum,
    "basin": check_basin,
    "erf_minimum": check_erf_minimum,
}


def check_line(text: str) -> str:
    """Check one certificate; return what it proves.

    Raises:
        Refused: it does not hold.
        TypeError: no string.
    """
    return checked_line(text, CHECKS)


def checked_line(text: str, checks: Mapping[str, Callable[[dict[str, Any]], str]]) -> str:
    """Check one certificate by what checks its statement; return what it proves."""
    if not isinstance(text, str):
        raise TypeError(f"text is {text!r:.60}; it must be a line of JSON, a string")
    try:
        line = json.loads(text, object_pairs_hook=no_duplicates)
    except (ValueError, RecursionError) as error:
        raise Refused(f"not JSON: {error}") from None
    require(isinstance(line, dict), "a certificate must be a JSON object")
    require({"statement", "bits"} <= set(line), "statement or bits is missing")
    require(line["statement"] in list(checks), f"unknown statement {line['statement']!r:.60}")
    check, bits = checks[line["statement"]], count(line, "bits", 53)
    require(bits <= MOST_BITS, f"bits must be at most {MOST_BITS}")
    before, ctx.prec = ctx.prec, bits
    try:
        return check(line)
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


def check_certificate(path: str | Path) -> list[str]:
    """Check every certificate of a file; return what they prove, nothing where it claims nothing.

    Raises:
        Refused: a certificate does not hold, or the file does not have all that it counts.
    """
    return [check_line(line) for line in certificates_in(path)]


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
    run("check", check_line)
