"""Check proofs for every m at once: `python -m relu_landscape.certificates.check_every_m FILE...`.

A file for `check_every_k` states one family, II_m or I_m, for every k; one for this program states
II_m or I_m for every integer m >= M and every real k >= c m. Of the package it imports
`check_every_k` alone: numbers, blocks of rows, their gradient, Hessian and loss are the same, and
so are Lemmas 1 to 15 there; those below go on from 16. Only what h was is two variables here,

    r = sqrt(m/k), s = 1/sqrt(m), so that h = r s, e = h^2 = 1/k, p = k - m = r^-2 s^-2 - s^-2.

r = 0 is k = infinity, s = 0 is m = infinity: the pairs (m, k) fill a rectangle, but for its edges,
and finitely many rectangles do. With t = r^2 = m/k the rows are

    II: a = 1 + t e A,        b = t e B,        c = e C,    d = -1 + e D, f = e F, g = e G,
    I:  a = -1 + e (2 + t A), b = e (2 + t B),  c = t e C,  d = 1 + e D,  f = e F, g = e G.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_CEILING
from fractions import Fraction
from math import ceil, comb, floor
from operator import mul
from pathlib import Path
from typing import Any

from flint import arb, arb_mat, arb_series, ctx, fmpq

from relu_landscape.certificates.check_every_k import (
    LEAST_SPECIAL_ROWS,
    LOSS_POWERS,
    MOST_BITS,
    UNKNOWNS,
    Block,
    Copies,
    Refused,
    at_series,
    ball,
    beside_turning,
    bounds_said,
    coefficient,
    composed,
    count,
    fields,
    identity,
    inverse_factor,
    last_said,
    loss,
    numbers,
    raised,
    rational,
    read,
    require,
    rounded,
    run,
    single_copy,
    solution_above,
    taylor,
    twice_pi_form,
)

LEAST_M = 3  # from here on all components of the Hessian but x_m exist
MOST_M = 10**6
MOST_RATIO = 10**9
LEAST_ORDINARY_ROWS = 4  # so that these have all the components of Lemma 4

Degrees = tuple[int, int]  # of r and of s

# --- 1. Functions of r and s next to 0 ----------------------------------------------------------
# As in `check_every_k`, a quantity is
#     P(r, s) + r^i s^j rest(r, s),
# P a Laurent polynomial with rational coefficients, which cancel exactly, and rest analytic, also
# where r = 0 or s = 0. Rests are series of balls along a line: in x at (r, s) + x (a, b), where all
# four may be balls. A number n for degrees stands for h^n = r^n s^n.


def both(degrees: int | Degrees) -> Degrees:
    """The degrees of r and s."""
    return degrees if isinstance(degrees, tuple) else (degrees, degrees)


def lowest(degrees: Iterable[Degrees]) -> Degrees:
    """The largest monomial that divides all of these."""
    i, j = zip(*degrees, strict=True)
    return min(i), min(j)


class Ray:
    """Where functions are expanded: along (r, s) + x (a, b), up to so many coefficients.

    Args:
        r, s: ends of intervals, >= 0.
        along: a, b.
        length: of the series.
    """

    def __init__(
        self, r: tuple[Any, Any], s: tuple[Any, Any], along: tuple[Any, Any], length: int
    ) -> None:
        self.ends, self.along, self.length = (r, s), along, length
        self.found: dict[Degrees, Any] = {}

    def _power(self, which: int, n: int) -> Any:
        """r^n or s^n; as powers increase, those of the ends enclose the others."""
        (low, high), slope = self.ends[which], self.along[which]
        terms = range(min(n + 1, self.length))
        return arb_series(
            [
                comb(n, i) * raised(low, n - i).union(raised(high, n - i)) * raised(slope, i)
                for i in terms
            ],
            self.length,
        )

    def power(self, degrees: Degrees) -> Any:
        """r^i s^j, both >= 0."""
        if degrees not in self.found:
            self.found[degrees] = self._power(0, degrees[0]) * self._power(1, degrees[1])
        return self.found[degrees]

    def term(self, degrees: int | Degrees, factor: Any = 1) -> LaurentSum:
        """The exact quantity factor r^i s^j."""
        return LaurentSum(self, {both(degrees): fmpq(factor)})

    def unknown(self, degrees: int | Degrees, rest: Any) -> LaurentSum:
        """The quantity r^i s^j rest."""
        return LaurentSum(self, {}, both(degrees), rest)

    @staticmethod
    def composed(name: str, rest: Any) -> Any:
        """The function of Lemma 2 of a series, with derivatives if it has such."""
        return rest.composed(name) if isinstance(rest, Dual) else composed(name, rest)


class Dual:
    """A series and its derivatives by the unknowns, as far as they are not 0."""

    def __init__(self, value: Any, slopes: dict[int, Any]) -> None:
        self.value, self.slopes, self.prec = value, slopes, value.prec

    def __getitem__(self, j: int) -> Any:
        return self.value[j]

    def _chain(self, value: Any, slope: Any) -> Dual:
        """A function of it, and the slope of the function."""
        return Dual(value, {i: slope * x for i, x in self.slopes.items()})

    def __add__(self, other: Any) -> Dual:
        if not isinstance(other, Dual):
            return Dual(self.value + other, self.slopes)
        slopes = dict(self.slopes)
        for i, x in other.slopes.items():
            slopes[i] = slopes[i] + x if i in slopes else x
        return Dual(self.value + other.value, slopes)

    def __mul__(self, other: Any) -> Dual:
        if not isinstance(other, Dual):
            return self._chain(self.value * other, other)
        slopes = {i: x * other.value for i, x in self.slopes.items()}
        for i, x in other.slopes.items():
            moved = self.value * x
            slopes[i] = slopes[i] + moved if i in slopes else moved
        return Dual(self.value * other.value, slopes)

    def __neg__(self) -> Dual:
        return Dual(-self.value, {i: -x for i, x in self.slopes.items()})

    def __sub__(self, other: Any) -> Dual:
        return self.__add__(-other)

    def inverse(self) -> Dual:
        """1 / this."""
        inverse = 1 / self.value
        return self._chain(inverse, -inverse * inverse)

    def __truediv__(self, other: Any) -> Dual:
        return self * (other.inverse() if isinstance(other, Dual) else 1 / other)

    def __rtruediv__(self, other: Any) -> Dual:
        inverse = self.inverse()
        return Dual(inverse.value * other, {i: x * other for i, x in inverse.slopes.items()})

    __radd__, __rmul__ = __add__, __mul__

    def sqrt(self) -> Dual:
        """The root."""
        root = self.value.sqrt()
        return self._chain(root, 1 / (2 * root))

    def composed(self, name: str) -> Dual:
        """phi or omega of it."""
        found = taylor(name, self.value[0], self.prec + 1)
        slopes = [i * c for i, c in enumerate(found)][1:]
        return self._chain(at_series(found[:-1], self.value), at_series(slopes, self.value))


class LaurentSum:
    """exact + r^i s^j rest, (i, j) = order; without a rest there is no order."""

    def __init__(
        self, at: Ray, exact: dict[Degrees, Any], order: Degrees | None = None, rest: Any = None
    ) -> None:
        self.at, self.order, self.rest = at, order, rest
        self.head: tuple[Degrees, Any] | None = None
        self.exact: dict[Degrees, Any] = {}
        for (i, j), c in exact.items():
            if order is not None and i >= order[0] and j >= order[1]:
                if c != 0:
                    self.rest = self.rest + at.power((i - order[0], j - order[1])) * arb(c)
            elif c != 0:
                self.exact[i, j] = c

    def is_zero(self) -> bool:
        """Whether it is the exact 0."""
        return not self.exact and self.order is None

    def lowest(self) -> Degrees:
        """A monomial that divides it."""
        if not self.exact and self.order is not None:
            return self.order
        return lowest([*self.exact, *([] if self.order is None else [self.order])])

    def over(self, degrees: int | Degrees) -> Any:
        """This / (r^i s^j) as a series; it must have a limit where r = 0 and where s = 0."""
        i, j = both(degrees)
        total: Any = arb_series([0], self.at.length)
        if self.is_zero():
            return total
        low = self.lowest()
        require(low[0] >= i and low[1] >= j, "a quantity is not bounded at r = 0 or s = 0")
        for (x, y), c in self.exact.items():
            total = total + self.at.power((x - i, y - j)) * arb(c)
        if self.order is not None:
            require(self.rest.prec == self.at.length, "a series is too short")
            moved = self.order[0] - i, self.order[1] - j
            total = (self.rest if moved == (0, 0) else self.rest * self.at.power(moved)) + total
        return total

    def pure(self) -> LaurentSum:
        """The same, all of it in the rest."""
        if not self.exact:
            return self
        degrees = self.lowest()
        return LaurentSum(self.at, {}, degrees, self.over(degrees))

    def _head(self) -> tuple[Degrees, Any]:
        """(i, j), x, where the exact part, which is not 0, is r^i s^j x."""
        if self.head is None:
            degrees = lowest(self.exact)
            alone = len(self.exact) == 1
            x = arb(self.exact[degrees]) if alone else LaurentSum(self.at, self.exact).over(degrees)
            self.head = degrees, x
        return self.head

    def _plus_rests(
        self, exact: dict[Degrees, Any], rests: list[tuple[Degrees, Any]]
    ) -> LaurentSum:
        """exact + sum of r^i s^j rest."""
        if len(rests) < 2:
            return LaurentSum(self.at, exact, *rests[0]) if rests else LaurentSum(self.at, exact)
        (i, j), total = lowest([order for order, _ in rests]), None
        for (x, y), rest in rests:
            moved = rest if (x, y) == (i, j) else rest * self.at.power((x - i, y - j))
            total = moved if total is None else total + moved
        return LaurentSum(self.at, exact, (i, j), total)

    def _quantity(self, x: Any) -> LaurentSum:
        found: LaurentSum = x if isinstance(x, LaurentSum) else self.at.term(0, x)
        return found

    def __add__(self, other: Any) -> LaurentSum:
        added = self._quantity(other)
        if added.is_zero():
            return self
        if self.is_zero():
            return added
        exact = dict(self.exact)
        for degrees, c in added.exact.items():
            exact[degrees] = exact.get(degrees, 0) + c
        return self._plus_rests(
            exact, [(x.order, x.rest) for x in (self, added) if x.order is not None]
        )

    def __mul__(self, other: Any) -> LaurentSum:
        factor = self._quantity(other)
        if self.is_zero() or factor.is_zero():
            return self.at.term(0, 0)
        for one, two in ((self, factor), (factor, self)):
            if two.order is None and len(two.exact) == 1:
                return one._moved(*two.exact.items())
        exact: dict[Degrees, Any] = {}
        for (i, j), c in self.exact.items():
            for (x, y), d in factor.exact.items():
                exact[i + x, j + y] = exact.get((i + x, j + y), 0) + c * d
        rests = []
        for one, two in ((self, factor), (factor, self)):
            if one.order is not None and two.exact:
                (i, j), head = two._head()
                rests.append(((one.order[0] + i, one.order[1] + j), one.rest * head))
        if self.order is not None and factor.order is not None:
            (i, j), (x, y) = self.order, factor.order
            rests.append(((i + x, j + y), self.rest * factor.rest))
        return self._plus_rests(exact, rests)

    def _moved(self, term: tuple[Degrees, Any]) -> LaurentSum:
        """This times one exact term."""
        (i, j), c = term
        exact = {(x + i, y + j): c * d for (x, y), d in self.exact.items()}
        if self.order is None:
            return LaurentSum(self.at, exact)
        rest = self.rest if c == 1 else self.rest * arb(c)
        return LaurentSum(self.at, exact, (self.order[0] + i, self.order[1] + j), rest)

    def __neg__(self) -> LaurentSum:
        rest = None if self.order is None else -self.rest
        return LaurentSum(self.at, {j: -c for j, c in self.exact.items()}, self.order, rest)

    def __sub__(self, other: Any) -> LaurentSum:
        return self + -self._quantity(other)

    def __rsub__(self, other: Any) -> LaurentSum:
        return self._quantity(other) + -self

    def __truediv__(self, other: Any) -> LaurentSum:
        return self * self._quantity(other).inverse()

    __radd__, __rmul__ = __add__, __mul__

    def _leading(self) -> tuple[Degrees, Any, LaurentSum]:
        """(i, j), c, y, where this is c r^i s^j (1 + y) and y is pure."""
        i, j = self.lowest()
        require((i, j) in self.exact, "no term of a quantity divides the others")
        c = self.exact[i, j]
        return (i, j), c, (self * self.at.term((-i, -j), 1 / c) - 1).pure()

    def sqrt(self) -> LaurentSum:
        """Root: sqrt(1 + y) = 1 + y/(1 + sqrt(1 + y))."""
        if not self.exact:
            order = self.order or (1, 1)
            require(order[0] % 2 == order[1] % 2 == 0 and self.rest[0] > 0, "a root may vanish")
            return self.at.unknown((order[0] // 2, order[1] // 2), self.rest.sqrt())
        (i, j), c, y = self._leading()
        root = square_root(c)
        require(i % 2 == j % 2 == 0, "the leading term is no square")
        factor = self.at.term((i // 2, j // 2), root)
        if y.order is None:
            return factor
        square = (1 + y).over(0)
        require(square[0] > 0, "a root may vanish")
        return factor * (1 + self.at.unknown(y.order, y.rest / (1 + square.sqrt())))

    def inverse(self) -> LaurentSum:
        """1 / this: 1/(1 + y) = 1 - y/(1 + y)."""
        if not self.exact:
            require(self.order and abs(self.rest[0]) > 0, "a denominator may vanish")
            i, j = self.order or (0, 0)
            return self.at.unknown((-i, -j), 1 / self.rest)
        (i, j), c, y = self._leading()
        factor = self.at.term((-i, -j), 1 / c)
        if y.order is None:
            return factor
        whole = (1 + y).over(0)
        require(abs(whole[0]) > 0, "a denominator may vanish")
        return factor * (1 - self.at.unknown(y.order, y.rest / whole))


def square_root(c: Any) -> Any:
    """Of a leading coefficient, a square of an integer here."""
    root = next((n for n in range(1, 5) if c == n * n), 0)
    require(root, "the leading term is no square")
    return fmpq(root)


# --- 2. The network -----------------------------------------------------------------------------
# Blocks are those of `check_every_k`; their entries are quantities of r and s.


def network(at: Ray, family: str, x: dict[str, Any]) -> list[Any]:
    """The blocks of a family; x holds a series for each unknown."""
    m = at.term((0, -2))
    a, b, g, f = (at.unknown((4, 2), x["A"]), at.unknown((4, 2), x["B"]),
                  at.unknown(2, x["G"]), at.unknown(2, x["F"]))  # fmt: skip
    side = 1 if family == "II" else -1
    if side == -1:
        a, b = a + at.term(2, 2), b + at.term(2, 2)
    c = at.unknown(2 if side == 1 else (4, 2), x["C"])
    first: Any = Block(at.term(-2) - m, a + side, b, c, side)  # type: ignore[arg-type]
    last: Any = Block(m, at.unknown(2, x["D"]) - side, g, f, -side)  # type: ignore[arg-type]
    first.other, last.other = last, first
    for block in (first, last):
        block.measure()
    for block in (first, last):
        block.meet()
    return [first, last]


def apart(block: Any) -> Any:
    """The turning of a block without sum |w_i| - k, which both blocks have in common.

    Every sine is 1 but for what is left here, and one student, the row itself, has none.
    """
    Q = block.other
    found = block.others * (block.norm * (block.same.sine - 1) - (block.teacher.sine - 1))
    found += Q.n * (Q.norm * (block.mixed.sine - 1) - (block.other_teacher.sine - 1))
    return found - (block.norm - 1)


# Lemma 16. With E_1, ..., E_6 = (pi/2)(S + X) + Y of `Block.gradient`, for a, b, c and f, d, g,
#     E_1/t, E_2/t, E_3 (II) or E_3/t (I), (E_4 - E_2)/e, (E_5 - E_3 + E_1 - E_2)/e, (E_6 - E_3)/e
# have limits and are all zero at r, s > 0 just if the gradient is. (a, b and f share the sum S of a
# first column; c, d and g that of a last one.) In the fifth the turnings are times a/N and d/M,
# whose sum is small; the one of a last row is that of a first + the difference of what is apart.


def residual(blocks: list[Any], family: str) -> list[Any]:
    """Six series, zero at critical points."""
    first, last = blocks
    (X1, Y1), (X2, Y2), (X3, Y3) = first.gradient()
    (X5, _), (X6, Y6), (X4, Y4) = last.gradient()
    half, S, t = arb.pi() / 2, first.column(), (2, 0)
    opposed = first.own * first.inverse + last.own * last.inverse
    drawn = first.turning * opposed + (apart(last) - apart(first)) * last.own * last.inverse

    def equation(X: Any, Y: Any, degrees: int | Degrees) -> Any:
        return X.over(degrees) * half + Y.over(degrees)

    return [
        equation(S + X1, Y1, t),
        equation(S + X2, Y2, t),
        equation(last.column() + X3, Y3, 0 if family == "II" else t),
        equation(X4 - X2, Y4 - Y2, 2),
        equation(X5 - X3 + X1 - X2, drawn + own_part(first) + own_part(last) - Y3 - Y2, 2),
        equation(X6 - X3, Y6 - Y3, 2),
    ]


def own_part(block: Any) -> Any:
    """Y of the own coordinate without the turning."""
    Q = block.other
    beside = block.same.tilt * block.others * block.off + block.mixed.tilt * Q.n * Q.cross
    return beside + block.side * block.bend


# --- 3. The Hessian -----------------------------------------------------------------------------
# Components, dimensions and their vectors are those of Lemmas 4 to 8. So that all small matrices
# have limits where s = 0, too, vectors of the last rows go with some of the first that cancel their
# sums: with q = 1 - t = p e, for instance on t, -r^3 s^2 in each of the p first rows and q h s in
# each of the m last. Such a change of the basis is regular at r, s > 0, as a vector of the last
# rows is left in each. Names are those of Lemma 5; terms are (i, j, power of q) and signs.

COMPONENTS: tuple[tuple[str, tuple[bool, bool], list[Any]], ...] = (
    ("t", (True, True), [
        ({"own": (2, 2, 1)}, {}),
        ({"row": (3, 3, 1)}, {}),
        ({"cross": (2, 3, 1)}, {}),
        ({"own": (2, 1, 1)}, {"own": (0, 1, "q")}),
        ({"row": (3, 2, -1)}, {"cross": (1, 2, "q")}),
        ({"cross": (2, 2, -1)}, {"row": (0, 2, "q")}),
    ]),
    ("s_p", (False, True), [
        ({"own": (1, 1, 1)}, {}),
        ({"row": (2, 2, 1)}, {}),
        ({"column": (3, 3, 1)}, {}),
        ({"cross": (1, 2, 1)}, {}),
        ({"column": (3, 2, -1)}, {"cross": (1, 2, "q")}),
    ]),
    ("s_m", (True, False), [
        ({}, {"own": (0, 1, 1)}),
        ({}, {"row": (0, 2, 1)}),
        ({"cross": (2, 2, -1)}, {"column": (0, 2, "q")}),
        ({}, {"cross": (1, 2, 1)}),
        ({"cross": (2, 3, 1)}, {}),
    ]),
    ("s_p*s_m", (False, False), [({"cross": (1, 2, 1)}, {}), ({}, {"cross": (1, 2, 1)})]),
)  # fmt: skip

Matrix = list[list[Any]]  # of series
Form = tuple[str, Any, Matrix, Matrix]
SIZES = ((1, 1), (0, 1))  # degrees of n^(-1/2) of the blocks
BENDS = ((2, 2), (1, 2))  # of what is bent at the own teacher


def multiple(at: Ray, term: tuple[int, int, Any]) -> LaurentSum:
    """r^i s^j times 1, -1 or q."""
    i, j, factor = term
    return at.term((i, j)) - at.term((i + 2, j)) if factor == "q" else at.term((i, j), factor)


def product(*degrees: Degrees) -> Degrees:
    """The degrees of a product."""
    return sum(i for i, _ in degrees), sum(j for _, j in degrees)


def series(quantities: Sequence[Any], degrees: Degrees) -> list[Any]:
    """Quantities / (r^i s^j); None for 0."""
    return [None if x.is_zero() else x.over(degrees) for x in quantities]


class FormMatrix:
    """A matrix, added up from products of linear forms.

    A linear form is the list of its values for the vectors of a component, with None for 0.
    """

    def __init__(self, size: int, length: int) -> None:
        zero = arb_series([0], length)
        self.entries = [[zero] * size for _ in range(size)]

    def add(self, weight: Any, x: list[Any], y: list[Any] | None = None) -> None:
        """weight x x^T, or weight (x y^T + y x^T)."""
        for one, other in ((x, x),) if y is None else ((x, y), (y, x)):
            for row, value in zip(self.entries, one, strict=True):
                if value is not None:
                    scaled = weight * value
                    for j, further in enumerate(other):
                        if further is not None:
                            row[j] = row[j] + scaled * further

    def add_matrix(self, weight: Any, other: FormMatrix) -> None:
        """weight times another one."""
        for row, further in zip(self.entries, other.entries, strict=True):
            row[:] = [x + weight * y for x, y in zip(row, further, strict=True)]


# Lemma 17. In units n^(-1/2) of a block, all linear forms below have limits, as the squares of
# vectors have. Products over pairs of rows are those of `Copies`, with numbers there as n times
# squares of units here. The products of u_i.w_i^, over sin, of all pairs are the square of the sum
# of all u_i.w_i^, in which large terms cancel, and what is left: squares, and 1/sin - 1.


class BlockForms:
    """The linear forms of a component on the rows of one block.

    Args:
        P: 0 or 1, the number of the block.
        copies: the vectors.
    """

    def __init__(self, P: int, copies: Copies) -> None:
        B: Any = copies.block
        Q = B.other
        self.block, self.copies = B, copies
        self.size, self.both = SIZES[P], product(*SIZES)
        twice = product(self.size, self.size)
        self.n, self.rest = B.n.over((-twice[0], -twice[1])), self._pairs(copies.sum - 1)
        self.others = self._pairs(B.others)
        unit = [x * B.inverse for x in copies.along]
        r0, r1 = zip(*copies.rows, strict=True)
        s0, s1 = zip(*copies.same, strict=True)
        self.along = series(unit, self.size)
        self.own, self.cross = series(copies.own, self.size), series(copies.cross, self.both)
        self.same, self.rows = (
            (series(x, twice), series(y, twice)) for x, y in ((s0, s1), (r0, r1))
        )
        self.other_rows = series(copies.other_rows, self.both)

        def turned(values: Any, cosine: Any, degrees: Degrees) -> list[Any]:
            return series([x - cosine * u for x, u in zip(values, unit, strict=True)], degrees)

        self.row = turned(r0, B.same.cosine * B.norm, twice), self.rows[1]
        self.teacher = turned(s0, B.teacher.cosine, twice), self.same[1]
        self.other_row = turned(copies.other_rows, B.mixed.cosine * Q.norm, self.both)
        self.other_teacher = turned(copies.cross, B.other_teacher.cosine, self.both)
        square, slope = B.sine * B.sine, B.own * B.inverse * B.inverse
        self.bend = series(
            [square * x - slope * y for x, y in zip(copies.own, copies.remainder, strict=True)],
            BENDS[P],
        )
        self.bend_degrees = -2 * BENDS[P][0], -2 * BENDS[P][1]

    def _pairs(self, number: Any) -> Any:
        return number.over((-2 * self.size[0], -2 * self.size[1]))

    def add_pairs(self, form: FormMatrix, weight: Any, x: tuple[list[Any], list[Any]]) -> None:
        """Sum over j != i of (x_0 v_i + x_1 v_j)^2."""
        form.add(weight * self.others, x[0])
        form.add(weight * self.others, x[1])
        form.add(weight * self.rest, *x)

    def add_gram(self, form: FormMatrix, other_n: Any) -> None:
        """The Gram matrix."""
        form.add(self.n, self.own)
        self.add_pairs(form, self.n, self.same)
        form.add(self.n * other_n, self.cross)

    def add_to(self, form: FormMatrix, gram: FormMatrix, other_n: Any) -> None:
        """2 pi times the Hessian of the block, but for sums and their tilts."""
        B = self.block
        Q, n, inverse = B.other, self.n, B.inverse.over(0)
        around = ((B.turning - B.sine) * B.inverse).over(0)
        form.add_matrix(around - B.same.tilt.over(0), gram)
        lengths = (self.copies.sum - 1) * B.same.over_sine - self.copies.sum
        form.add(n * (lengths.over(0) - around), self.along)
        form.add(-(B.n * B.inverse * B.over_sine).over(self.bend_degrees), self.bend)
        over_sine = B.same.over_sine.over(0)
        self.add_pairs(form, n * inverse * inverse * over_sine, self.row)
        self.add_pairs(form, -n * inverse * B.teacher.over_sine.over(0), self.teacher)
        mixed = (B.inverse * Q.inverse * B.mixed.over_sine).over(0)
        form.add(n * other_n * mixed, self.other_row)
        form.add(-n * other_n * inverse * B.other_teacher.over_sine.over(0), self.other_teacher)
        # h2 over pairs of the block; mean of v_i v_j is rest/others
        weight, (x, y) = n * inverse * inverse * over_sine, self.rows
        form.add(weight * self.rest, x)
        form.add(weight * self.rest, y)
        form.add(weight * self.others, x, y)
        weight = -n * (B.inverse * B.same.over_sine * B.same.cosine).over(self.size)
        form.add(weight * self.rest, self.along, x)
        form.add(weight * self.others, self.along, y)

    def lengths(self) -> list[Any]:
        """The sum of u_i.w_i^ over the block."""
        return [self.copies.sum * x * self.block.inverse for x in self.copies.along]


def add_mixed(form: FormMatrix, first: BlockForms, last: BlockForms) -> None:
    """h2 of pairs of both blocks, without tilts."""
    B, Q = first.block, last.block
    weight, over_sine = first.n * last.n, B.mixed.over_sine
    turned = (B.inverse * Q.inverse * over_sine).over(0)
    form.add(weight * turned, first.other_rows, last.other_rows)
    cosine = B.mixed.cosine * over_sine
    (i, j), (x, y) = first.size, last.size
    form.add(-weight * (cosine * B.inverse).over((x, y)), first.along, last.other_rows)
    form.add(-weight * (cosine * Q.inverse).over((i, j)), last.along, first.other_rows)
    if any(first.along) and any(last.along):
        lengths = B.n * Q.n * over_sine - first.copies.sum * last.copies.sum
        form.add(lengths.over((-i - x, -j - y)), first.along, last.along)


def form_of_component(blocks: list[Any], types: Any, vectors: Any) -> tuple[Matrix, Matrix]:
    """The two matrices of 1, s or a product."""
    at, size, half = blocks[0].n.at, len(vectors), arb.pi() / 2
    copies = []
    for P, block in enumerate(blocks):
        tensors: list[Any] = [
            {name: multiple(at, x) for name, x in vector[P].items()} for vector in vectors
        ]
        copies.append(Copies(block, types[P], types[1 - P], tensors))
    first, last = (BlockForms(P, x) for P, x in enumerate(copies))
    form, gram = FormMatrix(size, at.length), FormMatrix(size, at.length)
    for part, other in ((first, last), (last, first)):
        own = FormMatrix(size, at.length)
        part.add_gram(own, other.n)
        part.add_to(form, own, other.n)
        gram.add_matrix(arb(1), own)
    form.add_matrix(half, gram)
    add_mixed(form, first, last)
    lengths = [x + y for x, y in zip(first.lengths(), last.lengths(), strict=True)]
    form.add(arb(1), series(lengths, (0, 0)))
    # sums of rows, in the columns of both blocks
    for P, Q in ((0, 1), (1, 0)):
        (i, j), n = SIZES[P], (first, last)[P].n
        totals, others = copies[P].total, copies[Q].other_total
        sums = [x + y for x, y in zip(totals, others, strict=True)]
        form.add(half * n, series(sums, (i, j)))
        # tilts are at least of degree 2 in s
        one, two = series(totals, (i, j - 1)), series(others, (i, j - 1))
        form.add(n * blocks[P].same.tilt.over((0, 2)), one)
        form.add(n * blocks[Q].same.tilt.over((0, 2)), two)
        form.add(n * blocks[P].mixed.tilt.over((0, 2)), one, two)
    return form.entries, gram.entries


def span_forms(blocks: list[Any]) -> Iterator[Form]:
    """Components of the Hessian on the span of the teachers."""
    one = blocks[0].n.at.term(0)
    for name, types, vectors in COMPONENTS:
        dimension = one
        for trivial, block in zip(types, blocks, strict=True):
            dimension = dimension if trivial else dimension * block.others
        yield (name, dimension, *form_of_component(blocks, types, vectors))
    half = fmpq(1, 2)
    for block, letter in zip(blocks, "pm", strict=True):
        n = block.n
        for sign, name, dimension in (
            (1, "x", n * (n - 3) * half),
            (-1, "y", (n - 1) * (n - 2) * half),
        ):
            K = twice_pi_form(one, single_copy(block, sign))
            yield f"{name}_{letter}", dimension, [[K]], [[one.over(0)]]


def further_forms(blocks: list[Any]) -> Iterator[Form]:
    """Components of the Hessian along a further input: e in each first row, -e/s and q s."""
    first, last = blocks
    at = first.n.at
    own = [(block.turning - block.sine) * block.inverse for block in blocks]
    x = [at.term(2), at.term((2, 1), -1)]
    y = [at.term(0, 0), multiple(at, (0, 1, "q"))]
    K: list[list[Any]] = [[None, None], [None, None]]
    G: list[list[Any]] = [[None, None], [None, None]]
    for i in range(2):
        for j in range(2):
            first_square, last_square = first.n * x[i] * x[j], last.n * y[i] * y[j]
            sums = (first.n * x[i] + last.n * y[i]) * (first.n * x[j] + last.n * y[j])
            Y = first_square * (own[0] + first.others * first.same.tilt)
            Y += last_square * (own[1] + last.others * last.same.tilt)
            Y += first.n * last.n * (x[i] * y[j] + x[j] * y[i]) * first.mixed.tilt
            K[i][j] = twice_pi_form(first_square + last_square + sums, Y)
            G[i][j] = (first_square + last_square).over(0)
    yield "off_span", at.term(0), K, G
    for around, block in zip(own, blocks, strict=True):
        K = [[twice_pi_form(at.term(0), around - block.same.tilt)]]
        yield "off_span", block.others, K, [[at.term(0).over(0)]]


# --- 4. Splits and the loss ---------------------------------------------------------------------
# Lemma 18. E_1 - E_2 is, as in Lemma 12,
#     (pi/2)(a - side - b) + (turning (a - b) + sin theta b)/N - tilt (a - b) + side bend
#         + teacher's tilt,
# zero at a critical point, which gives the turning of a first row there, and with what is `apart`
# that of a last one. So written both are of the order of their bounds, h r (first rows of II) or h.


def critical_turning(first: Any) -> tuple[Any, Any]:
    """X, Y with the turning (pi/2) X + Y of a first row at a critical point."""
    gap = first.own - first.off
    over = first.norm / gap
    rest = first.sine * first.off * first.inverse - first.same.tilt * gap
    rest += first.side * first.bend + first.teacher.tilt
    return -((gap - first.side) * over), -(rest * over)


INNER_DEGREES = {"II": {"w": (2, 1), "s": (1, 1)}, "I": {"w": (1, 1), "s": (1, 1)}}


def quantities(family: str, blocks: list[Any]) -> dict[str, Any]:
    """The scaled loss and the scaled eigenvalues of the inner Hessians."""
    half, first = arb.pi() / 2, blocks[0]
    found: dict[str, Any] = {}
    parts: Any = loss(blocks)
    X, Y = (x.over((2 * LOSS_POWERS[family], 0)) for x in parts)
    found["loss"] = (X * half + Y) / (8 * half)
    X, Y = critical_turning(first)
    for (name, degrees), block in zip(INNER_DEGREES[family].items(), blocks, strict=True):
        further = Y if block is first else Y + apart(block) - apart(first)
        other = (further + beside_turning(block, first)) * block.inverse
        found[name] = ((X * block.inverse).over(degrees) * half + other.over(degrees)) / (4 * half)
    return found


# --- 5. Lines of a file -------------------------------------------------------------------------
# The first line says which family, from which m and from which ratio of k to m on. The others are a
# tree of rectangles in r and s, each before its halves, the lower one first: a rectangle is halved,
# or proved, or left out, as no line s = 1/sqrt(m) of an integer m meets it.


class TreeHeader:
    """The first line."""

    def __init__(self, line: Any) -> None:
        fields(line, ["statement", "family", "least_special_rows", "least_ratio", "bits",
                      "unknowns", "loss_power"], "the header")  # fmt: skip
        require(line["statement"] == "families_for_every_m",
                f"unknown statement {line['statement']!r:.60}")  # fmt: skip
        self.family = line["family"]
        require(self.family in list(INNER_DEGREES), f"unknown family {self.family!r:.60}")
        self.m = count(line, "least_special_rows", LEAST_M, MOST_M)
        self.ratio = rational(line["least_ratio"])
        require(1 < self.ratio <= MOST_RATIO, f"least_ratio must be above 1, up to {MOST_RATIO}")
        require((self.ratio - 1) * self.m >= LEAST_ORDINARY_ROWS,
                f"least_ratio leaves fewer than {LEAST_ORDINARY_ROWS} first rows")  # fmt: skip
        self.bits = count(line, "bits", 53, MOST_BITS)
        require(line["unknowns"] == list(UNKNOWNS), f"unknowns must be {list(UNKNOWNS)}")
        power = LOSS_POWERS[self.family]
        count(line, "loss_power", power, power)

    def __str__(self) -> str:
        ratio = rounded(self.ratio, 6, ROUND_CEILING)
        return f"{self.family}_m, every m >= {self.m}, k >= {ratio} m"


Interval = tuple[Fraction, Fraction]
Sides = tuple[Interval, Interval]  # r and s


def sides_of(line: dict[str, Any]) -> Sides:
    """The rectangle of a line."""
    found = []
    for name in "rs":
        low, high = numbers(line[name], 2, name)
        require(0 <= low < high <= 1, f"{name} must be two numbers from 0 to 1, in order")
        found.append((low, high))
    return found[0], found[1]


def halves(sides: Sides, along: int) -> tuple[Sides, Sides]:
    """The lower and the upper half along r (0) or s (1)."""
    low, high = sides[along]
    middle = (low + high) / 2
    r, s = sides
    if along == 0:
        return ((low, middle), s), ((middle, high), s)
    return (r, (low, middle)), (r, (middle, high))


def lines_meeting(s: Interval) -> tuple[int, int | None]:
    """The least m >= 3 with 1/sqrt(m) in an interval, and the largest, None for infinity.

    If there is none, the largest is below the least.
    """
    low, high = s
    return max(LEAST_M, ceil(1 / high**2)), floor(1 / low**2) if low > 0 else None


class RectangleLine:
    """A line that says what is proved over a rectangle."""

    def __init__(self, line: Any, header: TreeHeader) -> None:
        fields(line, ["statement", "r", "s", "special_rows", "predictor", "radius", "uniqueness",
                      "eigenvalue_lower", "inner_upper", "loss"], "a rectangle")  # fmt: skip
        self.header, self.sides = header, sides_of(line)
        least, most = lines_meeting(self.sides[1])
        require(most is None or least <= most, "no number of special rows meets a rectangle")
        self.m = least if least == most else None
        require(type(line["special_rows"]) in (int, type(None)) and line["special_rows"] == self.m,
                f"special_rows must be {self.m}")  # fmt: skip
        for name in ("predictor", "radius", "uniqueness"):
            fields(line[name], UNKNOWNS, name)
        self.predictor = [numbers(line["predictor"][x], 6, f"predictor of {x}") for x in UNKNOWNS]
        self.radius = [rational(line["radius"][x]) for x in UNKNOWNS]
        self.uniqueness = [rational(line["uniqueness"][x]) for x in UNKNOWNS]
        require(all(0 < r <= u for r, u in zip(self.radius, self.uniqueness, strict=True)),
                "radius must be positive, and not more than uniqueness")  # fmt: skip
        # x_m has dimension 0 for m = 3
        names = [x for x in LEAST_SPECIAL_ROWS if x != "x_m" or most is None or most > LEAST_M]
        fields(line["eigenvalue_lower"], names, "eigenvalue_lower")
        self.lower = {x: rational(y) for x, y in line["eigenvalue_lower"].items()}
        require(all(x > 0 for x in self.lower.values()), "eigenvalue_lower must be positive")
        fields(line["inner_upper"], list(INNER_DEGREES[header.family]), "inner_upper")
        self.upper = {x: rational(y) for x, y in line["inner_upper"].items()}
        require(all(x < 0 for x in self.upper.values()), "inner_upper must be negative")
        self.loss = numbers(line["loss"], 2, "loss")
        require(self.loss[0] > 0, "loss must be positive")

    def center(self) -> tuple[Any, Any]:
        """Where the predictor is expanded."""
        (r0, r1), (s0, s1) = self.sides
        return ball((r0 + r1) / 2), height(self.m) if self.m else ball((s0 + s1) / 2)

    def predicted(self, r: Any, s: Any) -> list[Any]:
        """The predictor of each unknown at balls or series r and s."""
        r0, s0 = self.center()
        x, y = r - r0, s - s0
        return [
            c + x * (cr + x * crr + y * crs) + y * (cs + y * css)
            for c, cr, cs, crr, css, crs in (map(ball, row) for row in self.predictor)
        ]


def height(m: int) -> Any:
    """1/sqrt(m)."""
    return 1 / arb(m).sqrt()


# --- 6. A rectangle -----------------------------------------------------------------------------
# As in Lemma 13, with (r, s) in the place of h.
# Lemma 19. Let f be a function on a rectangle with the centre z, and d = z' - z for another of its
# points z'. The n-th Taylor coefficient of g(x) = f(z + x d) at each x from 0 to 1 is in f_n, if
# that is the n-th coefficient along a ray through a ball of all points in a direction that is a
# ball of all d. So f(z') is in g(0) + g'(0) + ... + f_n, where the terms before the last are
# derivatives of f at z times powers of d. Rays from z along r, along s and along both give them.
# For m alone, the rectangle is the part of the line s = 1/sqrt(m) in it. What is not shown over a
# rectangle may be shown over its halves; those that no line meets are left out.

MOST_HALVINGS = 10
LONGEST = 4
RESIDUAL_ORDER, JACOBIAN_ORDER, FORM_ORDER = 3, 2, 2


def slope(number: Any, j: int) -> Any:
    """The derivative by the j-th unknown."""
    return number.slopes[j] if j in number.slopes else arb_series([0], number.prec)


class Cell:
    """A part of a rectangle, of the line of its only m if there is just one.

    rectangle: that it is a part of; sides: of r and s.
    """

    def __init__(self, rectangle: RectangleLine, sides: Sides) -> None:
        self.rectangle, self.sides = rectangle, sides

    rectangle: RectangleLine
    sides: Sides

    @property
    def family(self) -> str:
        """The family."""
        return str(self.rectangle.header.family)

    def ends(self) -> list[tuple[Any, Any]]:
        """Ends of r and s, as balls."""
        r, s = ((ball(low), ball(high)) for low, high in self.sides)
        m = self.rectangle.m
        return [r, (height(m), height(m)) if m else s]

    def reach(self) -> list[Any]:
        """Half the lengths of its sides, 0 across a line."""
        r, s = (ball((high - low) / 2) for low, high in self.sides)
        return [r, arb(0) if self.rectangle.m else s]

    def center(self) -> list[Any]:
        """Its middle."""
        r, s = (ball((low + high) / 2) for low, high in self.sides)
        return [r, height(self.rectangle.m) if self.rectangle.m else s]

    def unknowns(self, ray: Ray, widths: Sequence[Any]) -> dict[str, Any]:
        """A series for each unknown, within its width of the predictor."""
        r, s = (
            arb_series([low.union(high), slope][: ray.length], ray.length)
            for (low, high), slope in zip(ray.ends, ray.along, strict=True)
        )
        predicted = self.rectangle.predicted(r, s)
        return {
            name: value + arb_series([arb(0, width)], ray.length)
            for name, value, width in zip(UNKNOWNS, predicted, widths, strict=True)
        }

    def blocks(self, ray: Ray, widths: Sequence[Any]) -> list[Any]:
        """The network along a ray."""
        return network(ray, self.family, self.unknowns(ray, widths))

    def rays(self, order: int) -> list[Ray]:
        """Those of Lemma 19: from the middle, and a last one for the rest."""
        (x, y), (r, s) = self.center(), self.ends()
        a, b = (arb(0, z.upper()) for z in self.reach())
        ways = [(1, 0), (0, 1), (1, 1)][: max(order, 1)]
        if self.rectangle.m:
            ways, a = [(1, 0)], arb(1)
        return [
            *(Ray((x, x), (y, y), (arb(i), arb(j)), max(order, 1)) for i, j in ways),
            Ray(r, s, (a, b), order + 1),
        ]

    def coefficients(self, order: int, found: Sequence[Any]) -> list[Any]:
        """Taylor coefficients out of series at the middle, and the last term."""
        *middle, whole = found
        terms = [coefficient(middle[0], n) for n in range(order)]
        if len(middle) > 1:
            terms.append(coefficient(middle[1], 1))
        if len(middle) > 2:
            second = coefficient(middle[1], 2)
            terms += [second, coefficient(middle[2], 2) - terms[2] - second]
        return [*terms, coefficient(whole, order)]

    def monomials(self, order: int) -> list[Any]:
        """What they are multiplied with."""
        x, y = (z.upper() for z in self.reach())
        found = [arb(1), arb(0, x), arb(0).union(x * x), arb(0, x * x * x)]
        if self.rectangle.m:
            return found[: order + 1]
        found[order:] = [arb(0, y), arb(0).union(y * y), arb(0, x * y)][
            : {2: 1, 3: 3}.get(order, 0)
        ]
        return [*found, arb(1)]

    def enclosed(self, order: int, found: Sequence[Any]) -> Any:
        """Lemma 19 for one function."""
        terms = zip(self.coefficients(order, found), self.monomials(order), strict=True)
        return sum((c * x for c, x in terms), start=arb(0))

    def jacobian(self, widths: Sequence[Any]) -> Any:
        """The Jacobian of the residual, over all of it and within widths."""
        found = []
        for ray in self.rays(JACOBIAN_ORDER):
            unknowns = self.unknowns(ray, widths)
            one = arb_series([1], ray.length)
            duals = {name: Dual(unknowns[name], {i: one}) for i, name in enumerate(UNKNOWNS)}
            found.append(residual(network(ray, self.family, duals), self.family))
        size = range(len(UNKNOWNS))
        return arb_mat(
            [
                [self.enclosed(JACOBIAN_ORDER, [slope(G[i], j) for G in found]) for j in size]
                for i in size
            ]
        )

    def located(self) -> list[Any]:
        """Lemma 13: bounds of the distance from the predictor."""
        n, rectangle = len(UNKNOWNS), self.rectangle
        J = self.jacobian([ball(u).upper() for u in rectangle.uniqueness])
        try:
            C = J.mid().inv().mid()
        except ZeroDivisionError:
            raise Refused("the Jacobian may be singular") from None
        E = [[abs(x).upper() for x in row] for row in (identity(n) - C * J).tolist()]
        solution_above(E, [arb(1)] * n, "not shown to be the only critical point in uniqueness")
        G = [residual(self.blocks(ray, [0] * n), self.family) for ray in self.rays(RESIDUAL_ORDER)]
        b = []
        for row in C.tolist():
            moved = [sum(map(mul, g, row), start=arb_series([0], g[0].prec)) for g in G]
            b.append(abs(self.enclosed(RESIDUAL_ORDER, moved)).upper())
        q = solution_above(E, b, "no critical point is shown to exist")
        require(all(x <= ball(r) for x, r in zip(q, rectangle.radius, strict=True)),
                "no critical point is shown to lie within radius")  # fmt: skip
        return q

    def check(self) -> None:
        """All that the rectangle says."""
        widths = self.located()
        networks = [self.blocks(ray, widths) for ray in self.rays(FORM_ORDER)]
        k = networks[0][0].n.at.term(-2)
        self.check_eigenvalues([list(span_forms(x)) for x in networks], k * k)
        self.check_eigenvalues([list(further_forms(x)) for x in networks], k)
        found = [quantities(self.family, x) for x in networks]
        for name in found[0]:
            value = self.enclosed(FORM_ORDER, [x[name] for x in found])
            if name in self.rectangle.upper:
                require(value <= ball(self.rectangle.upper[name]),
                        f"inner_upper of {name} is not shown")  # fmt: skip
            else:
                low, high = map(ball, self.rectangle.loss)
                require(low <= value <= high, f"{name} is not enclosed")

    def check_eigenvalues(self, components: list[list[Form]], dimensions: Any) -> None:
        """Lemmas 4 to 9, for a space of so many dimensions, for all m and k at once."""
        for forms in zip(*components, strict=True):
            name, dimension, K, _ = forms[0]
            dimensions -= len(K) * dimension
            if name not in self.rectangle.lower:
                continue
            bound = 2 * arb.pi() * ball(self.rectangle.lower[name])
            size = range(len(K))
            terms = [
                [
                    self.coefficients(FORM_ORDER, [k[i][j] - bound * g[i][j] for *_, k, g in forms])
                    for j in size
                ]
                for i in size
            ]
            matrices = [
                arb_mat([[terms[i][j][n] for j in size] for i in size])
                for n in range(len(terms[0][0]))
            ]
            require_positive(
                matrices, self.monomials(FORM_ORDER), f"eigenvalue_lower of {name} is not shown"
            )
        require(dimensions.is_zero(), "the components do not fill the space")


def require_positive(matrices: Sequence[Any], monomials: Sequence[Any], what: str) -> None:
    """Lemma 9 for the sum of matrices times monomials."""
    factor = inverse_factor([[float(x.mid()) for x in row] for row in matrices[0].tolist()])
    require(factor, what)
    T = arb_mat(factor)
    size = range(len(factor))
    A = arb_mat([[0 for _ in size] for _ in size])
    for matrix, x in zip(matrices, monomials, strict=True):
        A += T * matrix * T.transpose() * x
    for i, row in enumerate(A.tolist()):
        others = sum((abs(x).upper() for j, x in enumerate(row) if j != i), start=arb(0))
        require(row[i] - others > 0, what)


def check_rectangle(rectangle: RectangleLine) -> None:
    """Check a rectangle, on parts where need be."""
    cells = [(rectangle.sides, 0)]
    while cells:
        sides, halvings = cells.pop()
        least, most = lines_meeting(sides[1])
        if most is not None and most < least:
            continue
        cell = Cell(rectangle, sides)
        try:
            cell.check()
        except Refused:
            if halvings == MOST_HALVINGS:
                raise
            r, s = cell.reach()
            cells += [(half, halvings + 1) for half in reversed(halves(sides, int(r < s)))]


# --- 7. Files -----------------------------------------------------------------------------------
# The halves of a halving are a rectangle's, so that the rectangles cover the first one, which
# reaches r = least_ratio^(-1/2) and s = least_special_rows^(-1/2), if after the last line none is
# left that waits.
# Lemma 20. Where two rectangles share a part of an edge r = const, let the box of width radius of
# one lie in the box of width uniqueness of the other, for each line s = 1/sqrt(m) that meets that
# part. Then both have the same critical point there. So for each m, the critical points are one
# curve, from k = infinity on.


def require_one_surface(left: RectangleLine, right: RectangleLine) -> None:
    """Lemma 20 for a rectangle and one on its right."""
    r, (a, b), (c, d) = left.sides[0][1], left.sides[1], right.sides[1]
    low, high = max(a, c), min(b, d)
    least, most = lines_meeting((low, high))
    if most is not None and most < least:  # also where low > high
        return
    one_line = least == most
    s = height(least) if one_line else ball((low + high) / 2)
    along, reach = arb_series([s, int(not one_line)], 3), ball((high - low) / 2)
    at = arb_series([ball(r)], 3)
    gaps = []
    for x, y in zip(left.predicted(at, along), right.predicted(at, along), strict=True):
        z = x - y
        gap = z[0] + z[1] * arb(0, reach.upper()) + z[2] * arb(0).union(reach * reach)
        gaps.append(abs(gap).upper())
    require(
        any(
            all(
                gap + ball(near) <= ball(far)
                for gap, near, far in zip(gaps, one.radius, other.uniqueness, strict=True)
            )
            for one, other in ((left, right), (right, left))
        ),
        "a rectangle is not shown to continue the one on its left",
    )


class Tree:
    """The rectangles that wait, and those that are proved."""

    def __init__(self, header: TreeHeader) -> None:
        self.header = header
        self.waiting: list[Sides] | None = None
        self.proved: list[RectangleLine] = []

    def take(self, line: Any) -> str:
        """Check a line; return what it says."""
        require(isinstance(line, dict) and "statement" in line, "a line must be a JSON object")
        statement = line["statement"]
        wanted = {"halving": ["along"], "no_line": [], "rectangle": None}
        require(statement in list(wanted), f"unknown statement {statement!r:.60}")
        names = wanted[statement]
        if names is not None:
            fields(line, ["statement", "r", "s", *names], f"a {statement}")
        require("r" in line and "s" in line, "a line has no rectangle")
        sides = sides_of(line)
        self._next(sides)
        what = " x ".join(f"[{float(low):.6g}, {float(high):.6g}]" for low, high in sides)
        if statement == "halving":
            require(line["along"] in ("r", "s"), "along must be r or s")
            assert self.waiting is not None
            self.waiting += reversed(halves(sides, "rs".index(line["along"])))
            return f"{what} is halved"
        if statement == "no_line":
            least, most = lines_meeting(sides[1])
            require(most is not None and most < least, f"m = {least} meets the rectangle")
            return f"{what} is met by no m"
        rectangle = RectangleLine(line, self.header)
        for left in self.proved:
            if left.sides[0][1] == sides[0][0]:
                require_one_surface(left, rectangle)
            if sides[0][1] == left.sides[0][0]:
                require_one_surface(rectangle, left)
        check_rectangle(rectangle)
        self.proved.append(rectangle)
        return what

    def _next(self, sides: Sides) -> None:
        """The rectangle must be the next one; the first one must hold all pairs."""
        if self.waiting is None:
            self.waiting = []
            (r0, r1), (s0, s1) = sides
            require(r0 == s0 == 0, "the first rectangle does not begin at r = s = 0")
            require(r1 * r1 * self.header.ratio >= 1, "the rectangles do not reach least_ratio")
            require(s1 * s1 * self.header.m >= 1, "the rectangles do not reach least_special_rows")
            return
        require(self.waiting, "a line belongs to no rectangle that waits")
        require(self.waiting.pop() == sides, "a line is not of the rectangle that is next")


def checked(lines: Sequence[str]) -> Iterator[str]:
    """Check a file line by line; yield what each line says, and at last what all of them prove.

    Raises:
        Refused: a line does not hold, or the rectangles do not cover all m and k.
    """
    require(lines, "the file is empty")
    header = TreeHeader(read(lines[0]))
    yield f"families {header}"
    tree = Tree(header)
    for text in lines[1:]:
        line = read(text)
        outside = ctx.prec, ctx.cap
        ctx.prec, ctx.cap = header.bits, LONGEST
        try:
            found = tree.take(line)
        finally:
            ctx.prec, ctx.cap = outside
        yield found
    require(tree.waiting == [] and tree.proved, "the rectangles do not cover all m and k")
    least: dict[str, Fraction] = {}
    for x in tree.proved:
        least = {name: min(y, least.get(name, y)) for name, y in (least | x.lower).items()}
    yield (
        f"families {header}: for every integer m, every k and d >= k a spurious strict minimum, "
        f"for each m all on one curve; every split is a strict saddle; "
        f"eigenvalues >= {bounds_said(least)}"
    )


def check_families_for_every_m(path: str | Path) -> str:
    """Check a file; return what it proves.

    Raises:
        Refused: it does not hold.
        TypeError: neither a string nor a Path.
    """
    return last_said(path, checked)


if __name__ == "__main__":
    run("check_every_m", checked)
