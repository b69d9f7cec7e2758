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

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

from flint import arb, arb_mat

from relu_landscape.certificates.check import (
    Network,
    Neuron,
    Pair,
    Refused as Refused,
    Vector,
    above,
    ball,
    below,
    block_sizes,
    certificates_in as certificates_in,
    checked_line,
    count,
    dot,
    fields,
    identity,
    largest,
    matrix,
    require,
    require_eigenvalues_above,
    root,
    run,
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
#                    + sin t (x_1 ([y, z] + y_2 z_2) + y_1 ([z, x] + z_2 x_2) + z_1 ([x, y] + x_2
# y_2))). The first is (*) of Lemma 7 of `check`. It is of degree -1 in w. As w moves along z, a
# moves by (z - z_1 a)/|w| and m by -(z_2 a + cot t z')/|w|, z' the part of z off the plane of w
# and v; so x_2 moves by -(x_1 z_2 + cot t x'.z')/|w|, [x, y] by -(x_1 [y, z] + y_1 [x, z])/|w|, and
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
        even = cosine * z2 + sine * z1  # that of [x, y]
        frame = arb_mat([self.a, self.m, across])
        inner = arb_mat([
            [-even, sine * z2, sine],
            [sine * z2, sine * z1 - cosine * z2, cosine],
            [sine, cosine, 0],
        ])  # fmt: skip
        return identity(len(z)) * even + frame.transpose() * inner * frame


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
# Lemma 2. For u = (x, p) and scaled x, p, that is x/|w| and p/|v| in place of x and p, let s = [x,
# x], q = x_2^2, and x', p' be the parts off the plane of w and v. In the fourth derivative of f
# along u, times 2 pi/(|w||v|),
# (a) x alone has sin t (12 x_1^2 (s + q) - 3 s^2 - 6 q s + q^2) + 8 cos t x_1 x_2 (3 s - q)
#     + 3 cos^2 t/sin t |x'|^4, of which the part without 1/sin t is at most 8 |x|^4 in size;
# (b) x and p with 1 and 3 factors have at most 6 sqrt(3) |x||p| (|x|^2 + |p|^2), and beside it
# (c) 3/sin t ((cos t (|x'|^2 + |p'|^2) - 2 x'.p')^2 + 2 sin^2 t |x'|^2 |p'|^2)
# is all that has 1/sin t, that of (a) too, and all with two factors of each.
# Proof. f is of degree 1 in w and in v: let |w| = |v| = 1. Differentiate f_wwv in v and f_www in w;
# f_wwvv[x, x, p, p] = (|x'|^2 |p'|^2 + 2 (x'.p')^2)/(2 pi sin t). (a): let |x| = 1, A and B be the
# coefficients of sin t and cos t. B^2 = 64 (1-s) q (3s-q)^2 grows with q up to 256 (1-s) s^3 <=
# 27. A is convex in q: A <= max(12 (1-s) s - 3 s^2, 24 (1-s) s - 8 s^2) <= 4.5; and -A <= 8 s^2 -
# 12 (1-s) s = s (20 s - 12); where it is positive A^2 + B^2 <= s^2 (144 s^2 - 224 s + 144), which
# grows with s, to 64. (b): without cot t, f_wwwv[x, x, x, p] has 3 x_1 T(x, x, p) + p_1 T(x, x,
# x). As T(y, y, y) = 3 y_2 - y_2^3 for a unit y orthogonal to w, |T(x, y, z)| <= 2 ([x, x] [y, y]
# [z, z])^(1/2): that is at most |x|^2 |p| s (36 x_1^2 + 4 s)^(1/2) <= 3 sqrt(3)/2 |x|^3 |p|, and
# counts four times.
# Lemma 3. Measure U = (W, V) by |U|^2 = sum c_i^2 |w_i|^2 + c^2 |V|^2, c_i > 0 constant on blocks.
# In a tube let |w_i| <= l_i, A = 1/(c_i |w_i|) (1/(c |v|) of a teacher), and of a pair sin t >= S,
# |cos t| <= C. A pair is near if it is (w_i, v_i), and far else. Let
#   K = l l' (155/16 max(A, B)^4 + 3/S (N^2 + A^2 B^2/2)) of a near pair, N the largest eigenvalue
#     of (C A^2, A B; A B, C B^2);
#   G = (sum g^2)^(1/2), g = l l' A B max(A, B)^2 (6 sqrt(3) + 12 C/S), and the largest E = 18 l l'
#     A^2 B^2/S over the far pairs of a neuron;
#   O of a teacher, B its own: sum l l' B^4 (8 + 3 C^2/S) over far pairs; and of a student
#     O = l A^4 (3 T + 6 max(P, Q) + 9 sqrt(3)/2 (H (P + Q))^(1/2) + 3 H),
#     H = sum l' C^2/S over its far pairs, T >= |sum l' sin t| over far students minus teachers, P =
#     max(l'/S) times the largest row sum of the cosines of students, Q the same of teachers.
# 2 pi times the fourth derivatives of F in which there is a W are at most the largest K + (O + E/2
# + ((O - E/2)^2 + G^2)^(1/2))/2 of a student or a teacher, times the sizes of the four directions.
# Proof. It is enough to bound the form at one direction taken four times (Banach), of size 1. Let a
# neuron have the share a of its square, sum a = 1, so |x|^2 = A^2 a. A near pair: with D = |x|^2 +
# |p|^2 and y = |x||p|/D <= 1/2 what is without 1/sin t is at most D^2 (8 - 16 y^2 + 6 sqrt(3) y) <=
# 155/16 D^2, D <= max(A, B)^2 (a + b), and (c) is at most 3/S ((C (|x|^2 + |p|^2) + 2 |x||p|)^2 +
# 2 |x|^2 |p|^2): K (a + b)^2 <= K (a + b). Far pairs: (b) and what (c) has beside 3 cos^2 t/sin t
# (|x'|^4 + |p'|^4) and 18/S |x|^2 |p|^2 is at most g (a b)^(1/2) (a + b), summed at most sum over
# neurons of a^(3/2) G (1 - a)^(1/2); the 18/S give at most sum of a E (1 - a)/2. O a^2 is (a) of a
# teacher, pair by pair. Of a student, |x| = 1: (12 x_1^2 s - 3 s^2) sin t adds up to at most 3 T;
# sin t q (12 - 18 s + q), s = 1 - x_1^2, to at most 6 max(P, Q), as sum l' sin t q <= P s over
# students, Q s over teachers (sin t m m^T is 1/sin t times the square of b off a), and for all s
# but those between 2/3 and 12/17 the brackets have one sign, so that students and teachers act
# against each other; in between they are below .71. By Cauchy's inequality sum l' |cos t| |x_2| <=
# (H (P + Q) s)^(1/2), and 24 |x_1| s^(3/2) <= 9 sqrt(3)/2. In sum, a neuron adds a (K + O a + G (a
# (1-a))^(1/2) + E (1-a)/2), and the largest value of the bracket over a in (0, 1) is the one
# above. Pairs of teachers add nothing.


class Tube:
    """All W with c_i |w_i - w0_i| <= moved, and all V within `turned`, row by row."""

    def __init__(
        self, network: Network, weights: Vector, moved: Any, teacher_weight: Any, turned: Any
    ) -> None:
        self.network = network
        self.students = [Reach(w, c, moved / c) for w, c in zip(network.W, weights, strict=True)]
        self.teachers = [Reach(v, teacher_weight, turned) for v in network.V]

    def fourth(self) -> Any:
        """The bound of Lemma 3 in the tube."""
        n, k = range(self.network.n), range(len(self.teachers))
        among = [[Far(pair, mine, other) if pair is not None else None
                  for pair, other in zip(pairs, self.students, strict=True)]
                 for pairs, mine in zip(self.network.students, self.students,
                                        strict=True)]  # fmt: skip
        across = [[Far(self.network.teachers[i][j], self.students[i], self.teachers[j])
                   for j in k] for i in n]  # fmt: skip
        row = largest_sum([x for x in pairs if x is not None] for pairs in among)
        column = 1 + 2 * (len(k) - 1) * largest(x.turn for x in self.teachers)
        bounds = []
        for i in n:
            students = [x for x in among[i] if x is not None]
            others = [x for j, x in enumerate(across[i]) if i != j]
            bounds.append(across[i][i].near() + together(
                self.own(i, students, others, row, column), [*students, *others]))  # fmt: skip
        for j in k:
            others = [across[i][j] for i in n if i != j]
            own = sum((x.size * x.B**4 * (8 + 3 * x.cosine**2 / x.sine) for x in others),
                      start=arb(0))  # fmt: skip
            bounds.append(across[j][j].near() + together(own, others))
        return largest(bounds) / (2 * arb.pi())

    def own(self, i: int, students: list[Far], teachers: list[Far], row: Any, column: Any) -> Any:
        """O of a student."""
        side, pairs = self.students[i], [*students, *teachers]
        turning = sum((x.pair.v.norm * x.pair.sine for x in students), start=arb(0))
        turning -= sum((x.pair.v.norm * x.pair.sine for x in teachers), start=arb(0))
        T = abs(turning) + sum((x.second.distance + x.pair.v.norm * x.turn for x in pairs),
                               start=arb(0))  # fmt: skip
        P, Q = (largest(x.second.longest / x.sine for x in some) * frame
                for some, frame in ((students, row), (teachers, column)))  # fmt: skip
        H = sum((x.second.longest * x.cosine**2 / x.sine for x in pairs), start=arb(0))
        mixed = 9 * arb(3).sqrt() / 2 * (H * (P + Q)).sqrt()
        return side.longest * side.A**4 * (3 * T + 6 * largest([P, Q]) + mixed + 3 * H)


class Reach:
    """A neuron, and how far it moves in a tube: x turns it by at most asin(x/|w|)."""

    def __init__(self, neuron: Neuron, weight: Any, distance: Any) -> None:
        require(neuron.norm > distance, "a neuron may vanish in the tube")
        self.distance, self.turn = distance, (distance / neuron.norm).asin()
        self.longest = neuron.norm + distance
        self.A = 1 / (weight * (neuron.norm - distance))


class Far:
    """A pair in a tube: l l', A, B, S and C."""

    def __init__(self, pair: Pair, first: Reach, second: Reach) -> None:
        self.pair, self.second, self.turn = pair, second, first.turn + second.turn
        self.sine, self.cosine = pair.sine - self.turn, abs(pair.cosine) + self.turn
        require(self.sine > 0, "two neurons may be parallel in the tube")
        self.size, self.A, self.B = first.longest * second.longest, first.A, second.A

    def near(self) -> Any:
        """K."""
        A, B, C = self.A, self.B, self.cosine
        apart, both = C * (A**2 - B**2), (A * B) ** 2
        N = (C * (A**2 + B**2) + (apart * apart + 4 * both).sqrt()) / 2
        plane = arb(155) / 16 * largest([A, B]) ** 4
        return self.size * (plane + 3 / self.sine * (N**2 + both / 2))

    def mixed(self) -> Any:
        """Its part of G."""
        slope = 6 * arb(3).sqrt() + 12 * self.cosine / self.sine
        return self.size * self.A * self.B * largest([self.A, self.B]) ** 2 * slope

    def even(self) -> Any:
        """Its part of E."""
        return 18 * self.size * (self.A * self.B) ** 2 / self.sine


def largest_sum(rows: Iterable[list[Far]]) -> Any:
    """The largest row sum of the cosines of neurons, of itself too."""
    return largest(1 + sum((x.cosine for x in row), start=arb(0)) for row in rows)


def together(own: Any, pairs: list[Far]) -> Any:
    """The largest O a + G (a (1-a))^(1/2) + E (1-a)/2."""
    G2 = sum((x.mixed() ** 2 for x in pairs), start=arb(0))
    E = largest(x.even() for x in pairs)
    apart = own - E / 2
    return (own + E / 2 + (apart * apart + G2).sqrt()) / 2


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
# g)^(1/2), so that |x| <= |x|_H/sqrt(lambda), and |g|_* <= a/sqrt(lambda) if |g.x| <= a |x|. Let B
# E be the derivative of grad_W F along E, D = -H^-1 B and Z(E) = (D E, E). Let M(Z) be the
# derivative of the Hessian along Z. For linear maps from a Euclidean space, M(y) = sum_b y_b M_b,
#     |M(y) x|_*^2 <= |y|^2 sum_b |M_b x|_*^2                                          (Cauchy).
# So if sum_b M_b H^-1 M_b <= s^2 H then |x^T M(y) x| <= s |y| |x|_H^2. Let
#     s belong to E -> M(Z(E)),  l to y -> M(H^(-1/2) y), for which the sum is sum_ab (H^-1)_ab M_a
#     H^-1 M_b over coordinates a, b of W, and |y| = |x|_H for x = H^(-1/2) y,
#     q^2 bound sum_b Z(E)^T M'_b^T H^-1 M'_b Z(E) for |E| = 1, M'_b the derivative along Z(E_b) of
#     the
#     derivative of grad_W F in (W, V): |D^3 F[Z(E), Z(E), .]|_* <= q |E|^2;
#     z bound |D E| for |E| = 1.
# E may run over all matrices E_ij, of which the symmetric parts count: they have the same sum as an
# orthonormal basis of symmetric matrices. For |E| <= e and |X|_H <= t let the points (W0 + D E' +
# X', I + E'), E' a multiple of E and X' one of X, no farther, lie in a tube in which fourth
# derivatives are at most L (Lemma 3); there |W - W0| is at most z e + t/sqrt(lambda). Let
#     R = (z^2 + c^2)^(1/2) e + t/sqrt(lambda),  N = (z^2 + c^2)^(1/2) e,
#     mu(x) = 1 - s e - l x - L R^2/(2 lambda),
#     gamma = |grad F(W0, I)|_* + q e^2/2 + L N^3/(6 sqrt(lambda)).
# By Taylor's formula the Hessian at (W0 + D E + X, I + E) is >= mu(|X|_H) H, and |grad_W F(W0 + D
# E, I + E)|_* <= gamma, as the terms of first order in E cancel. If mu(t) > 0 and gamma < t
# mu(t/2), then on |X|_H = t the gradient has with X a product >= -gamma t + t^2 mu(t/2) > 0. So F
# has a minimum within, where it is strictly convex: a strict local minimum, the only critical
# point within, and its Hessian is >= mu(t) H. Mirrored in the further input it is itself: it does
# not use it.
# Lemma 5. With G = sum_i relu(w_i.x) - sum_j relu(v_j.x), F = |G|^2/2 in the norm of L^2, and
# |relu(w.x) - relu(u.x)| <= |w - u|/sqrt(2), as x and -x have one law and |relu(a) - relu(b)|^2 +
# |relu(-a) - relu(-b)|^2 <= |a - b|^2. So sqrt(2 F) changes by at most (k/2)^(1/2) times the sum of
# the distances that W and V are moved by.


class Constants(NamedTuple):
    """lambda, s, l, q and z of Lemma 4."""

    lower: Any
    slope: Any
    own_slope: Any
    bend: Any
    displacement: Any


def check_persistence(line: dict[str, Any]) -> str:
    """For every V with |V V^T - I| <= gram_radius there is a strict local minimum within
    distance of W0 Q, F >= loss_lower > 0, eigenvalues of the Hessian >= hessian_lower > 0."""
    fields(line, "blocks", "own", "rest", "weights", "teacher_weight", "gram_radius",
           "correction", "center_hessian_lower", "slope", "own_slope", "bend", "displacement",
           "distance", "hessian_lower", "loss_lower", "inputs")  # fmt: skip
    blocks = block_sizes(line)
    k, sizes = sum(blocks), len(blocks)
    require(k > 1, "there must be two neurons")
    own, rest = vector(line["own"], sizes, "own"), matrix(line["rest"], sizes, sizes, "rest")
    r, t, c = (positive(line, x) for x in ("gram_radius", "correction", "teacher_weight"))
    known = Constants(*(positive(line, x) for x in (
        "center_hessian_lower", "slope", "own_slope", "bend", "displacement")))  # fmt: skip
    require(r < 1, "gram_radius must be below 1")
    of_block = vector(line["weights"], sizes, "weights")
    require(all(x > 0 for x in of_block), "weights must be positive")
    weights = [of_block[a] for a in Symmetry(blocks).block]
    e = r / (1 + (1 - r).sqrt())

    network = whole_network(blocks, own, rest)
    inverse = inverted(network.hessian())
    gradient = arb_mat([[x] for row in network.gradient() for x in row])
    first = root((gradient.transpose() * inverse * gradient)[0, 0])
    lower, turned = known.lower, known.own_slope * t
    predicted, corrected = known.displacement * e, t / known.lower.sqrt()
    moved, reach = predicted + corrected, root(predicted**2 + (c * e) ** 2)
    L = Tube(network, weights, moved, c, e).fourth()
    gamma = first + known.bend * e**2 / 2 + L * reach**3 / (6 * lower.sqrt())
    mu = 1 - known.slope * e - turned - L * (reach + corrected) ** 2 / (2 * lower)
    require(mu > 0, "the Hessian may be singular within gram_radius")
    require(gamma < t * (mu + turned / 2), "the minimum may leave the ball within gram_radius")
    narrow = min(x.lower() for x in of_block)
    curvature, distance = positive(line, "hessian_lower"), positive(line, "distance")
    require(mu * lower * narrow**2 >= curvature, "hessian_lower is too large")
    require(distance >= moved / narrow, "distance is too small")
    rest_of_root = (2 * network.loss()).sqrt() - (arb(k) / 2).sqrt() * (distance + e)
    loss = positive(line, "loss_lower")
    require(rest_of_root > 0 and rest_of_root**2 / 2 >= loss, "loss_lower is too large")
    shares = require_inputs(line["inputs"], k, r)
    require_constants(network, blocks, weights, known)
    return (
        f"spurious minimum n=k={k} blocks={blocks} for all teachers with |V V^T - I| <= "
        f"{below(line['gram_radius'])}, d>={k} F>={below(line['loss_lower'])} "
        f"eigenvalues>={below(line['hessian_lower'])}{shares}"
    )


def positive(line: dict[str, Any], name: str) -> Any:
    """Read a number above zero."""
    value = ball(line[name])
    require(value > 0, f"{name} must be positive")
    return value


def inverted(H: Any) -> Any:
    """The inverse of a matrix of balls."""
    try:
        return H.inv()
    except ZeroDivisionError:
        raise Refused("the Hessian at the centre may be singular") from None


def whole_network(blocks: list[int], own: Vector, rest: Rows) -> Network:
    """The network with one input more than teachers, which nothing uses."""
    of = Symmetry(blocks).block
    W = [[own[a] if i == j else rest[a][b] for j, b in enumerate(of)] for i, a in enumerate(of)]
    V = [[arb(int(i == j)) for j in range(len(of))] for i in range(len(of))]
    return Network([[*row, arb(0)] for row in W], [[*row, arb(0)] for row in V])


def require_constants(
    network: Network, blocks: list[int], weights: Vector, known: Constants
) -> None:
    """The bounds of Lemma 4 at the centre."""
    k, d = network.n, network.d
    symmetry = Symmetry([*blocks, 1])
    places, squares = list(product(range(k), range(d))), list(product(range(k), range(k)))
    hessian, measure = network.hessian(), diagonal([c**2 for c in weights for _ in range(d)])
    require_eigenvalues_above(hessian - measure * known.lower, arb(0), "the Hessian at the centre")
    inverse = inverted(hessian)
    displaced = -(inverse * teacher_slopes(network))  # D, (k d, k k)
    turned = arb_mat([[symmetric_part(x, pair) for pair in squares]
                      for x in places])  # fmt: skip
    square = displaced.transpose() * measure * displaced
    require_eigenvalues_above(-square, -(known.displacement**2), "displacement")

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
    require_eigenvalues_above(identity(k * k) * known.bend**2 - bent, arb(0), "bend")
    by_teachers = symmetry.average(by_teachers, places)
    require_eigenvalues_above(hessian * known.slope**2 - by_teachers, arb(0), "slope")

    still, unit = [[arb(0)] * d] * k, identity(k * d)
    for a, copies in symmetry.orbits(places):
        M, other = (left_part(bends.along(column(x, a, d), still), k * d) for x in (unit, inverse))
        by_students += M * inverse * other * copies
    by_students = symmetry.average(by_students, places)
    require_eigenvalues_above(hessian * known.own_slope**2 - by_students, arb(0), "own_slope")


def teacher_slopes(network: Network) -> Any:
    """B: the derivative of grad_W F along the symmetric part of E_jl, (k d, k k)."""
    k, d = network.n, network.d
    blocks = [[(-pair.h2()).tolist() for pair in row] for row in network.teachers]
    pairs = list(product(range(k), range(k)))
    return arb_mat([[(blocks[i][a][c][b] + blocks[i][b][c][a]) / 2 for a, b in pairs]
                    for i in range(k) for c in range(d)])  # fmt: skip


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
# Given these, and so independently of each other, b_j has the law of X/Y, X the sum of the first
# j-1 of d squares of standard normals, Y that of all; X/Y and Y are independent, and E Y = d. As
# exp is convex, E exp(u d b_j) = E exp(u E[X | X/Y]) <= E exp(u X) = (1 - 2 u)^(-(j-1)/2), 0 <= u
# < 1/2. Let G_j be the Gram matrix of the first j. If |G_i - I| <= r for all i < j, the largest
# eigenvalue of G_i is at most 1 + r, so that sum_(l <= i) (v_l.v_(i+1))^2 <= (1 + r) b_(i+1), and
# |G_j - I|^2 <= 2 (1 + r) sum b. So if |V V^T - I| > r, the sum of all b_j is above r^2/(2 (1 +
# r)) = x m/d, the probability of which is at most exp(-u x m) (1 - 2 u)^(-m/2) (Markov); take u =
# (1 - 1/x)/2.


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
        share = above(claim["failure"])
        said.append(f"; d>={d}: all but a share of {share} of random unit teachers")
    return "".join(said)


# --- 6. Files -------------------------------------------------------------------------------------
# As in `check`: one certificate a line; the last line says how many there are.

CHECKS = {"persistent_minimum": check_persistence}


def check_line(text: str) -> str:
    """Check one certificate; return what it proves.

    Raises:
        Refused: it does not hold.
        TypeError: no string.
    """
    return checked_line(text, CHECKS)


if __name__ == "__main__":
    run("check_persistence", check_line)
