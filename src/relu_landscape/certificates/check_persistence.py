"""Check minima that persist as the teachers change:
`python -m relu_landscape.certificates.check_persistence FILE...`.

One statement on n = k students and every k teachers V in R^d, d >= k, with |V V^T - I| <= r in the
Frobenius norm: next to W0 there is a strict local minimum of F, with F > 0, while F = 0 at W = V;
and from which d on unit teachers drawn independently and uniformly are such with what probability.
Objective, numbers, neurons and pairs are those of `check`, which this module continues and imports
alone.

Setting. F depends on inner products alone. With r < 1, V = (I + E) Q, where I + E is the symmetric
root of V V^T and Q has orthonormal rows; an eigenvalue 1 + x of V V^T is one sqrt(1 + x) - 1 =
x/(1 + sqrt(1 + x)) of E, so |E| <= e = r/(1 + sqrt(1 - r)). Students in k inputs, too, are turned
by Q. So let V = I + E, E symmetric, and let one input more, in which W0 and V are zero, stand for
the others: along each of these the Hessian is the same, at students that do not use them.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from flint import arb, arb_mat, ctx

from relu_landscape.certificates.check import (
    MOST_BITS,
    Network,
    Pair,
    Refused as Refused,
    Vector,
    ball,
    block_sizes,
    certificates_in as certificates_in,
    count,
    dot,
    fields,
    identity,
    matrix,
    no_duplicates,
    require,
    require_eigenvalues_above,
    root,
    vector,
)

Rows = Sequence[Vector]
Index = tuple[int, int]

# --- 1. Third derivatives -----------------------------------------------------------------------
# For a = w/|w| let m be the unit part of v orthogonal to w, and for vectors x, y, z let x_1 = x.a,
# x_2 = x.m, [x, y] = x.y - x_1 y_1 and
#     T(x, y, z) = x_2 [y, z] + y_2 [z, x] + z_2 [x, y] - x_2 y_2 z_2.
# Lemma 1. f_wwv[x, y, z] = T(x, y, z)/(2 pi |w|), and
#   f_www[x, y, z] = -|v|/(2 pi |w|^2) (cos t T(x, y, z)
#                    + sin t (x_1 ([y, z] + y_2 z_2) + y_1 ([z, x] + z_2 x_2) + z_1 ([x, y] + x_2 y_2))).
# The first is (*) of Lemma 7 of `check`. It is of degree -1 in w. As w moves along z, a moves by
# (z - z_1 a)/|w| and m by -(z_2 a + cot t z')/|w|, z' the part of z off the plane of w and v; so x_2
# moves by -(x_1 z_2 + cot t x'.z')/|w|, [x, y] by -(x_1 [y, z] + y_1 [x, z])/|w|, and
#   f_wwwv[x, y, z, p] = -(x_1 T(y, z, p) + y_1 T(z, p, x) + z_1 T(p, x, y) + p_1 T(x, y, z)
#       + cot t (x'.y' z'.p' + y'.z' x'.p' + z'.x' y'.p'))/(2 pi |w|^2).                        (**)
# f_www is of degree 1 in v, so that it is (**) with p = v (Euler), for which p' = 0.


class Bend:
    """Third derivatives of f(w, v), as matrices."""

    def __init__(self, pair: Pair) -> None:
        self.pair, normal = pair, pair.normal()
        require(normal is not None, "two neurons are parallel")
        self.a, self.m = list(pair.w.unit), list(normal or [])

    def parts(self, z: Vector) -> tuple[Any, Any, list[Any]]:
        """z_1, z_2 and z - z_1 a."""
        along = dot(self.a, z)
        return along, dot(self.m, z), [x - along * y for x, y in zip(z, self.a, strict=True)]

    def mixed(self, z: Vector) -> Any:
        """f_wwv[., ., z], which is f_wwv[., z, .], too."""
        return self.form(z, arb(0), arb(1)) * (1 / (2 * arb.pi() * self.pair.w.norm))

    def own(self, z: Vector) -> Any:
        """f_www[., ., z]."""
        size = -self.pair.v.norm / (2 * arb.pi() * self.pair.w.norm**2)
        return self.form(z, self.pair.sine, self.pair.cosine) * size

    def form(self, z: Vector, sine: Any, cosine: Any) -> Any:
        """sine (x_1 ([y, z] + y_2 z_2) + ...) + cosine T(x, y, z), as a form in x and y."""
        z1, z2, across = self.parts(z)
        I, c, s = cosine * z2 + sine * z1, cosine, sine  # that of [x, y]
        frame = arb_mat([self.a, self.m, across])
        inner = arb_mat([
            [-I, s * z2, s],
            [s * z2, s * z1 - c * z2, c],
            [s, c, 0],
        ])  # fmt: skip
        return identity(len(z)) * I + frame.transpose() * inner * frame


class Bends:
    """The derivative of the Hessian of a network."""

    def __init__(self, network: Network) -> None:
        self.network, n = network, range(network.n)
        self.students = [[Bend(network.students[i][j]) if i != j else None for j in n]  # type: ignore[arg-type]
                         for i in n]  # fmt: skip
        self.teachers = [[Bend(pair) for pair in row] for row in network.teachers]
        self.backward = [[Bend(Pair(v, w)) for v in network.V] for w in network.W]

    def along(self, X: Rows, Y: Rows) -> Any:
        """How the second derivatives of F in W, and in W and V, change as W moves along X and V
        along Y: (n d, n d + k d)."""
        n, d, k = self.network.n, self.network.d, len(self.network.V)
        rows: list[list[Any]] = [[None] * ((n + k) * d) for _ in range(n * d)]
        for i in range(n):
            own = arb_mat(d, d)
            for j, bend in enumerate(self.students[i]):
                if bend is not None:
                    other = self.students[j][i]
                    own += bend.own(X[i]) + bend.mixed(X[j])
                    place(rows, i * d, j * d, bend.mixed(X[i]) + other.mixed(X[j]))  # type: ignore[union-attr]
            for j, (bend, other) in enumerate(zip(self.teachers[i], self.backward[i], strict=True)):
                own -= bend.own(X[i]) + bend.mixed(Y[j])
                place(rows, i * d, (n + j) * d, -(bend.mixed(X[i]) + other.mixed(Y[j])))
            place(rows, i * d, i * d, own)
        return arb_mat(rows)


def place(rows: list[list[Any]], a: int, b: int, block: Any) -> None:
    """Write a block into a matrix."""
    for i, entries in enumerate(block.tolist()):
        rows[a + i][b : b + len(entries)] = entries


# --- 2. Fourth derivatives ------------------------------------------------------------------------
# Lemma 2. For u = (x, p), X = |x|/|w| and P = |p|/|v|,
#   2 pi |f''''[u, u, u, u]| <= |w||v| (8 X^4 + 6 sqrt(3) X P (X^2 + P^2) + 8 P^4
#                               + 3/sin t ((|cos t| (X^2 + P^2) + 2 X P)^2 + 2 X^2 P^2)).
# Proof. f is of degree 1 in w and in v: let |w| = |v| = 1. Differentiating f_wwv in v, and f_www in w,
#   2 pi f_wwvv[x, x, p, p] = (|x'|^2 |p'|^2 + 2 (x'.p')^2)/sin t,
#   2 pi f_wwww[x, x, x, x] = sin t A + cos t B + 3 cos^2 t/sin t |x'|^4 with, s = [x, x], q = x_2^2,
#     x_1^2 = |x|^2 - s,
#     A = 12 x_1^2 (s + q) - 3 s^2 - 6 q s + q^2,  B = 8 x_1 x_2 (3 s - q).
# With |x| = 1 and 0 <= q <= s <= 1, A^2 + B^2 <= 64: B^2 = 64 (1-s) q (3s-q)^2 grows with q up to
# 256 (1-s) s^3 <= 27. A is convex in q, so that A <= max(12 (1-s) s - 3 s^2, 24 (1-s) s - 8 s^2) <=
# 4.5; and -A <= 8 s^2 - 12 (1-s) s = s (20 s - 12), where it is positive A^2 + B^2 <= s^2 (144 s^2
# - 224 s + 144), which grows with s, to 64. The terms of (**) in f_wwwv[x, x, x, p] without cot t are
# 3 x_1 T(x, x, p) + p_1 T(x, x, x). |T| <= 2 [x, x]^(1/2) [y, y]^(1/2) [z, z]^(1/2), as T(u, u, u)
# = 3 u_2 - u_2^3 for a unit u orthogonal to w: they are at most |x|^2 |p| s (36 x_1^2 + 4 s)^(1/2) <=
# 3 sqrt(3)/2 |x|^3 |p| in size, and count four times. What is left, over sin t, is
#   3 (cos t (|x'|^2 + |p'|^2) - 2 x'.p')^2 + 6 sin^2 t |x'|^2 |p'|^2.
# Lemma 3. Measure U = (W, V) by |U|^2 = sum c_i^2 |w_i|^2 + c^2 |V|^2, c_i > 0 constant on blocks. At
# any point where no two are parallel, with A = 1/(c_i |w_i|), and B that of the other student or
# 1/(c |v|) of a teacher, let
#   K = |w||v|/(2 pi) (155/16 max(A, B)^4 + 3/sin t (N^2 + A^2 B^2/2)),
#   N = (|cos t| (A^2 + B^2) + (cos^2 t (A^2 - B^2)^2 + 4 A^2 B^2)^(1/2))/2.
# Then the fourth derivatives of F in which there is a W are at most the largest sum of K over the
# pairs of one neuron, be it a student or a teacher, times the sizes of the four directions: for a
# pair whose parts have the squares a and b, X^2 = A^2 a and P^2 = B^2 b, with S = X^2 + P^2 and x =
# X P/S <= 1/2 the first three terms of Lemma 2 are S^2 (8 - 16 x^2 + 6 sqrt(3) x) <= 155/16 S^2, S <=
# max(A, B)^2 (a + b); N is the largest eigenvalue of (|cos t| A^2, A B; A B, |cos t| B^2). So it adds
# at most K (a + b)^2 <= K (a + b) where all squares add up to 1; and the largest value at four
# directions is that at one of them taken four times (Banach). Pairs of teachers add nothing.


class Tube:
    """All W with c_i |w_i - w0_i| <= moved, and all V within `turned`, row by row."""

    def __init__(
        self, network: Network, weights: Vector, moved: Any, teacher_weight: Any, turned: Any
    ) -> None:
        self.network = network
        self.students = [(c, moved / c) for c in weights]
        self.teacher = teacher_weight, turned

    def fourth(self) -> Any:
        """The bound of Lemma 3 in the tube."""
        network, sides = self.network, self.students
        among = [[bound(pair, mine, other) for pair, other in zip(row, sides, strict=True)
                  if pair is not None] for row, mine in zip(network.students, sides, strict=True)]  # fmt: skip
        across = [[bound(pair, mine, self.teacher) for pair in row]
                  for row, mine in zip(network.teachers, sides, strict=True)]  # fmt: skip
        sums = [sum(x + y, start=arb(0)) for x, y in zip(among, across, strict=True)]
        sums += [sum(column, start=arb(0)) for column in zip(*across, strict=True)]
        return max(x.upper() for x in sums)


def bound(pair: Pair, first: tuple[Any, Any], second: tuple[Any, Any]) -> Any:
    """K; of each neuron its weight, and how far it moves: x turns it by at most asin(x/|w|)."""
    turn, shortest, longest = arb(0), [], []
    for neuron, (_, distance) in ((pair.w, first), (pair.v, second)):
        require(neuron.norm > distance, "a neuron may vanish in the tube")
        turn += (distance / neuron.norm).asin()
        shortest.append(neuron.norm - distance)
        longest.append(neuron.norm + distance)
    sine, cosine = pair.sine - turn, abs(pair.cosine) + turn
    require(sine > 0, "two neurons may be parallel in the tube")
    A, B = 1 / (first[0] * shortest[0]), 1 / (second[0] * shortest[1])
    apart = cosine * (A**2 - B**2)
    N = (cosine * (A**2 + B**2) + (apart * apart + 4 * A**2 * B**2).sqrt()) / 2
    singular = 3 / sine * (N**2 + A**2 * B**2 / 2)
    plane = arb(155) / 16 * max(A.upper(), B.upper()) ** 4
    return longest[0] * longest[1] / (2 * arb.pi()) * (plane + singular)


# --- 3. Averages over the symmetry ----------------------------------------------------------------
# W0 is fixed by the permutations, block by block, of neurons and coordinates together. A sum of
# matrices over an orbit of directions is the size of the orbit times the average over the group of
# the matrix of one of them; the average has in each entry the mean of the entries that the group
# takes to it. Two tuples of indices lie in one orbit if the same places have equal indices, and the
# indices lie in the same blocks.


class Symmetry:
    """The permutations within blocks, and pairs (i, j) of indices."""

    def __init__(self, blocks: Sequence[int]) -> None:
        self.block = [a for a, size in enumerate(blocks) for _ in range(size)]

    def pattern(self, *indices: int) -> tuple[Index, ...]:
        """What tells the orbit of a tuple of indices."""
        return tuple((self.block[i], indices.index(i)) for i in indices)

    def orbits(self, pairs: Sequence[Index]) -> Iterator[tuple[int, int]]:
        """The place of one pair of each orbit, and how many are in it."""
        patterns = [self.pattern(*pair) for pair in pairs]
        yield from ((patterns.index(x), patterns.count(x)) for x in dict.fromkeys(patterns))

    def average(self, M: Any, pairs: Sequence[Index]) -> Any:
        """The average of a symmetric matrix whose rows and columns are pairs."""
        keys = [[self.pattern(*x, *y) for y in pairs] for x in pairs]
        sums: dict[Any, Any] = {}
        counts: dict[Any, int] = {}
        for names, row in zip(keys, M.tolist(), strict=True):
            for key, entry in zip(names, row, strict=True):
                sums[key] = sums.get(key, 0) + entry
                counts[key] = counts.get(key, 0) + 1
        means = {key: value / counts[key] for key, value in sums.items()}
        found = arb_mat([[means[key] for key in names] for names in keys])
        return (found + found.transpose()) / 2


# --- 4. Persistence -------------------------------------------------------------------------------
# Lemma 4. Sizes |.| of directions in W and V are those of Lemma 3, |E| is Frobenius. Let H be the
# Hessian at (W0, I), x^T H x >= lambda |x|^2, lambda > 0, |x|_H^2 = x^T H x and |g|_* = (g^T H^-1
# g)^(1/2), so that |x| <= |x|_H/sqrt(lambda), and |g|_* <= a/sqrt(lambda) if |g.x| <= a |x|. Let B E be the
# derivative of grad_W F along E, D = -H^-1 B and Z(E) = (D E, E). Let M(Z) be the derivative of the
# Hessian along Z. For linear maps from a Euclidean space, M(y) = sum_b y_b M_b,
#     |M(y) x|_*^2 <= |y|^2 sum_b |M_b x|_*^2                                          (Cauchy).
# So if sum_b M_b H^-1 M_b <= s^2 H then |x^T M(y) x| <= s |y| |x|_H^2. Let
#     s belong to E -> M(Z(E)),  l to y -> M(H^(-1/2) y), for which the sum is sum_ab (H^-1)_ab M_a
#     H^-1 M_b over coordinates a, b of W, and |y| = |x|_H for x = H^(-1/2) y,
#     q^2 bound sum_b Z(E)^T M'_b^T H^-1 M'_b Z(E) for |E| = 1, M'_b the derivative along Z(E_b) of the
#     derivative of grad_W F in (W, V): |D^3 F[Z(E), Z(E), .]|_* <= q |E|^2;
#     z bound |D E| for |E| = 1.
# E may run over all matrices E_ij, of which the symmetric parts count: they have the same sum as an
# orthonormal basis of symmetric matrices. For |E| <= e and |X|_H <= t let the points (W0 + D E' + X',
# I + E'), E' a multiple of E and X' one of X, no farther, lie in a tube in which fourth derivatives
# are at most L (Lemma 3); there |W - W0| is at most z e + t/sqrt(lambda). Let
#     R = (z^2 + c^2)^(1/2) e + t/sqrt(lambda),  N = (z^2 + c^2)^(1/2) e,
#     mu(x) = 1 - s e - l x - L R^2/(2 lambda),
#     gamma = |grad F(W0, I)|_* + q e^2/2 + L N^3/(6 sqrt(lambda)).
# By Taylor's formula the Hessian at (W0 + D E + X, I + E) is >= mu(|X|_H) H, and |grad_W F(W0 + D E,
# I + E)|_* <= gamma, as the terms of first order in E cancel. If mu(t) > 0 and gamma < t mu(t/2), then
# on |X|_H = t the gradient has with X a product >= -gamma t + t^2 mu(t/2) > 0. So F has a minimum
# within, where it is strictly convex: a strict local minimum, the only critical point within, and
# its Hessian is >= mu(t) H. Mirrored in the further input it is itself: it does not use it.
# Lemma 5. With G = sum_i relu(w_i.x) - sum_j relu(v_j.x), F = |G|^2/2 in the norm of L^2, and
# |relu(w.x) - relu(u.x)| <= |w - u|/sqrt(2), as x and -x have one law and |relu(a) - relu(b)|^2 +
# |relu(-a) - relu(-b)|^2 <= |a - b|^2. So sqrt(2 F) changes by at most (k/2)^(1/2) times the sum of
# the distances that W and V are moved by.


class Constants(NamedTuple):
    """lambda, s, l, q and z."""

    lower: Any
    s: Any
    l: Any
    q: Any
    z: Any


def check_persistence(line: dict[str, Any]) -> str:
    """For every V with |V V^T - I| <= gram_radius there is a strict local minimum within
    distance of W0 Q, F >= loss_lower > 0, eigenvalues of the Hessian >= hessian_lower > 0."""
    fields(line, "blocks", "own", "rest", "weights", "teacher_weight", "gram_radius",
           "correction", "center_hessian_lower", "slope", "own_slope", "bend", "displacement", "distance",
           "hessian_lower", "loss_lower", "inputs")  # fmt: skip
    blocks = block_sizes(line)
    k, sizes = sum(blocks), len(blocks)
    require(k > 1, "there must be two neurons")
    own, rest = vector(line["own"], sizes, "own"), matrix(line["rest"], sizes, sizes, "rest")
    r, t, c = (positive(line, x) for x in ("gram_radius", "correction", "teacher_weight"))
    known = Constants(*(positive(line, x) for x in (
        "center_hessian_lower", "slope", "own_slope", "bend", "displacement")))  # fmt: skip
    lower, s, l, q, z = known
    require(r < 1, "gram_radius must be below 1")
    of_block = vector(line["weights"], sizes, "weights")
    require(all(x > 0 for x in of_block), "weights must be positive")
    weights = [of_block[a] for a in Symmetry(blocks).block]
    e = r / (1 + (1 - r).sqrt())

    network = whole_network(blocks, own, rest)
    first = require_constants(network, blocks, weights, known)
    moved, reach = z * e + t / lower.sqrt(), (z**2 + c**2).sqrt() * e
    L = Tube(network, weights, moved, c, e).fourth()
    beyond = L * (reach + t / lower.sqrt()) ** 2 / (2 * lower)
    gamma = first + q * e**2 / 2 + L * reach**3 / (6 * lower.sqrt())
    mu = 1 - s * e - l * t - beyond
    require(mu > 0, "the Hessian may be singular within gram_radius")
    require(gamma < t * (mu + l * t / 2), "the minimum may leave the ball within gram_radius")
    narrow = min(x.lower() for x in of_block)
    curvature, distance = positive(line, "hessian_lower"), positive(line, "distance")
    require(mu * lower * narrow**2 >= curvature, "hessian_lower is too large")
    require(distance >= moved / narrow, "distance is too small")
    rest_of_root = (2 * network.loss()).sqrt() - (arb(k) / 2).sqrt() * (distance + e)
    loss = positive(line, "loss_lower")
    require(rest_of_root > 0 and rest_of_root**2 / 2 >= loss, "loss_lower is too large")
    shares = require_inputs(line["inputs"], k, r)
    return (
        f"spurious minimum n=k={k} blocks={blocks} for all teachers with |V V^T - I| <= "
        f"{float(r):.6g}, d>={k} F>={float(loss):.6g} eigenvalues>={float(curvature):.6g}{shares}"
    )


def positive(line: dict[str, Any], name: str) -> Any:
    """Read a number above zero."""
    value = ball(line[name])
    require(value > 0, f"{name} must be positive")
    return value


def whole_network(blocks: list[int], own: Vector, rest: Rows) -> Network:
    """The network with one input more than teachers, which nothing uses."""
    of = Symmetry(blocks).block
    W = [[own[a] if i == j else rest[a][b] for j, b in enumerate(of)] for i, a in enumerate(of)]
    V = [[arb(int(i == j)) for j in range(len(of))] for i in range(len(of))]
    return Network(*([[*row, arb(0)] for row in rows] for rows in (W, V)))


def require_constants(
    network: Network, blocks: list[int], weights: Vector, known: Constants
) -> Any:
    """The bounds of Lemma 4 at the centre; returns |grad F|_*."""
    lower, s, l, q, z = known
    k, d = network.n, network.d
    symmetry = Symmetry([*blocks, 1])
    places, squares = list(product(range(k), range(d))), list(product(range(k), range(k)))
    hessian, measure = network.hessian(), diagonal([c**2 for c in weights for _ in range(d)])
    require_eigenvalues_above(hessian - measure * lower, arb(0), "the Hessian at the centre")
    inverse = hessian.inv()
    displaced = -(inverse * teacher_slopes(network))  # D, (k d, k k)
    turned = arb_mat([[symmetric_part(x, pair) for pair in squares]
                      for x in places])  # fmt: skip
    square = displaced.transpose() * measure * displaced
    require_eigenvalues_above(-square, -(z**2), "displacement")

    bends = Bends(network)
    by_teachers, by_students = arb_mat(k * d, k * d), arb_mat(k * d, k * d)
    bent = arb_mat(k * k, k * k)
    both = stacked(displaced, turned)
    for b, copies in symmetry.orbits(squares):
        change = bends.along(column(displaced, b, d), column(turned, b, d))
        M = left_part(change, k * d)
        by_teachers += M * inverse * M * copies
        image = change * both
        bent += symmetry.average(image.transpose() * inverse * image * copies, squares)
    require_eigenvalues_above(identity(k * k) * q**2 - bent, arb(0), "bend")
    by_teachers = symmetry.average(by_teachers, places)
    require_eigenvalues_above(hessian * s**2 - by_teachers, arb(0), "slope")

    still, unit = [[arb(0)] * d] * k, identity(k * d)
    for a, copies in symmetry.orbits(places):
        M, other = (left_part(bends.along(column(x, a, d), still), k * d) for x in (unit, inverse))
        by_students += M * inverse * other * copies
    by_students = symmetry.average(by_students, places)
    require_eigenvalues_above(hessian * l**2 - by_students, arb(0), "own_slope")
    gradient = arb_mat([[x] for row in network.gradient() for x in row])
    return root((gradient.transpose() * inverse * gradient)[0, 0])


def teacher_slopes(network: Network) -> Any:
    """B: the derivative of grad_W F along the symmetric part of E_jl, (k d, k k)."""
    k, d = network.n, network.d
    blocks = [[(-pair.h2()).tolist() for pair in row] for row in network.teachers]
    return arb_mat([[(blocks[i][j][c][l] + blocks[i][l][c][j]) / 2
                     for j in range(k) for l in range(k)] for i in range(k) for c in range(d)])  # fmt: skip


def diagonal(entries: Vector) -> Any:
    """The diagonal matrix."""
    size = range(len(entries))
    return arb_mat([[entries[a] if a == b else arb(0) for b in size] for a in size])


def symmetric_part(entry: Index, pair: Index) -> Any:
    """The entry of (E_jl + E_lj)/2."""
    return arb(int(entry == pair) + int(entry == pair[::-1])) / 2


def column(M: Any, b: int, d: int) -> list[list[Any]]:
    """A column as rows of d numbers."""
    entries = [M[a, b] for a in range(M.nrows())]
    return [entries[i : i + d] for i in range(0, len(entries), d)]


def left_part(M: Any, width: int) -> Any:
    """The first columns of a matrix."""
    return arb_mat([row[:width] for row in M.tolist()])


def stacked(A: Any, B: Any) -> Any:
    """The rows of both."""
    return arb_mat([*A.tolist(), *B.tolist()])


# --- 5. Random teachers ---------------------------------------------------------------------------
# Lemma 6. Let v_1..v_k be independent and uniform on the unit sphere of R^d, d >= k, m = k (k-1)/2
# and x = d r^2/(2 (1 + r) m). If x > 1, |V V^T - I| <= r but for a probability of at most (x
# e^(1-x))^(m/2), which falls as d grows.
# Proof. Let b_j, j = 2..k, be the squared length of the part of v_j in the span of those before.
# Given these, and so independently of each other, b_j has the law of X/Y, X the sum of the first j-1
# of d squares of standard normals, Y that of all; X/Y and Y are independent, and E Y = d. As exp is
# convex, E exp(u d b_j) = E exp(u E[X | X/Y]) <= E exp(u X) = (1 - 2 u)^(-(j-1)/2), 0 <= u < 1/2. Let G_j be
# the Gram matrix of the first j. If |G_i - I| <= r for all i < j, the largest eigenvalue of G_i is
# at most 1 + r, so that sum_(l <= i) (v_l.v_(i+1))^2 <= (1 + r) b_(i+1), and |G_j - I|^2 <= 2 (1 + r)
# sum b. So if |V V^T - I| > r, the sum of all b_j is above r^2/(2 (1 + r)) = x m/d, the probability of
# which is at most exp(-u x m) (1 - 2 u)^(-m/2) (Markov); take u = (1 - 1/x)/2.


def require_inputs(claims: Any, k: int, r: Any) -> str:
    """Lemma 6, for each number of inputs; what it adds to what a line says."""
    require(isinstance(claims, list), "inputs must be a list")
    said = []
    for claim in claims:
        names = {"d", "failure"}
        require(isinstance(claim, dict) and set(claim) == names, f"inputs must have fields {names}")
        d, failure, m = count(claim, "d", k), positive(claim, "failure"), arb(k * (k - 1)) / 2
        x = d * r**2 / (2 * (1 + r) * m)
        require(x > 1, f"d = {d} is too small to say something")
        require(m / 2 * (x.log() + 1 - x) <= failure.log(), f"failure is too small at d = {d}")
        said.append(f", but for a share of {float(failure):.6g} of unit teachers at random, d>={d}")
    return "".join(said)


# --- 6. Files -------------------------------------------------------------------------------------
# As in `check`: one certificate a line; the last line says how many there are.

STATEMENT = "persistent_minimum"


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
    require(line["statement"] == STATEMENT, f"unknown statement {line['statement']!r:.60}")
    bits = count(line, "bits", 53)
    require(bits <= MOST_BITS, f"bits must be at most {MOST_BITS}")
    before, ctx.prec = ctx.prec, bits
    try:
        return check_persistence(line)
    finally:
        ctx.prec = before


def main(paths: Sequence[str]) -> int:
    """Check files line by line, stop at the first line that does not hold."""
    if not paths:
        print("usage: python -m relu_landscape.certificates.check_persistence FILE...",
              file=sys.stderr)  # fmt: skip
        return 2
    for path in paths:
        number = 0
        try:
            for number, text in enumerate(certificates_in(path), start=1):
                print(f"{path}:{number}: ok: {check_line(text)}")
        except (OSError, UnicodeDecodeError, Refused) as error:
            print(f"{path}:{number}: REFUSED: {error}" if number else f"{path}: REFUSED: {error}")
            return 1
        if not number:
            print(f"{path}: ok: claims nothing")
    return 0


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):  # not on Windows
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `... | head` ends it without a word
    sys.exit(main(sys.argv[1:]))
