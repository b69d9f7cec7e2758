"""The families A, I_m, II_m in unknowns that are analytic in h = k^(-1/2), also at h = 0.

With n = k students, p = k - m of them of class w and m special ones of class s,

    w_i = a e_i + b sum_{j != i} e_j + c sum_a f_a,    i <= p,
    s_a = f sum_j e_j + d f_a + g sum_{b != a} f_b,    a <= m,

where e_j are the first p teachers and f_a the other m. Let u = m (u = 1 for A, where m = 0), and

    r = sqrt(u/k),  s = 1/sqrt(u),  h = r s,  e = h^2 = 1/k,  t = r^2 = u/k,  w = s^2 = 1/u.

    II:   a = 1 + e t A,        b = e t B,        c = e C,    d = -1 + e D,  f = e F,  g = e G,
    I, A: a = -1 + e (2 + t A), b = e (2 + t B),  c = e t C,  d = 1 + e D,   f = e F,  g = e G.

Both read a = sigma + e alpha, b = e beta, c = e chi, d = -sigma + e D with sigma = 1 for II, -1 for
I and A. The powers of t are those with which the entries move for large m: the unknowns have a
limit for r -> 0 at any s in [0, 1], so all formulas are in the two variables r and s. At a given m
they depend on h alone; the even powers of h make up most of them, and odd ones enter through angles
of size h.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from flint import arb

from relu_landscape.every_k.generic_numbers import Number, root
from relu_landscape.families.family import Family

UNKNOWNS: Final = ("A", "B", "C", "D", "F", "G")


@dataclass(frozen=True)
class SymmetricFamily:
    """One of the families at a given number of special rows.

    family: A, I or II; special_rows: m, 0 for A.
    """

    family: Family
    special_rows: int

    @property
    def unknowns(self) -> tuple[str, ...]:
        """Names of the entries that there are, scaled."""
        return UNKNOWNS[: {0: 2, 1: 5}.get(self.special_rows, 6)]

    @property
    def sign(self) -> int:
        """sigma, the limit of a."""
        return 1 if self.family is Family.II else -1

    @property
    def unit(self) -> int:
        """u."""
        return max(self.special_rows, 1)


@dataclass(frozen=True)
class Scale:
    """Where on the way to k = infinity the formulas are evaluated.

    r, s: see above; special: 1, or 0 for A: m = special u; pi: the constant. All in one kind of
    number.
    """

    r: Number
    s: Number
    special: int
    pi: Number

    @cached_property
    def h(self) -> Number:
        """k^(-1/2)."""
        return self.r * self.s

    @cached_property
    def e(self) -> Number:
        """1/k."""
        return self.h * self.h

    @cached_property
    def t(self) -> Number:
        """u/k."""
        return self.r * self.r

    @cached_property
    def w(self) -> Number:
        """1/u."""
        return self.s * self.s

    def share(self, j: int) -> Number:
        """(k - m - j)/k."""
        return 1 - self.special * self.t - j * self.e


def scale_at(family: SymmetricFamily, h: Number, pi: Number | None = None) -> Scale:
    """Return the scale of a family at h = k^(-1/2).

    Args:
        family: the family.
        h: a number of any kind.
        pi: the constant in a kind that h can be multiplied with; None: as a ball.
    """
    exact = arb.pi() if pi is None else pi
    unit = family.unit
    root_of_unit = unit**0.5 if isinstance(exact, float) else root(exact * 0 + unit)
    return Scale(h * root_of_unit, 1 / root_of_unit, min(family.special_rows, 1), exact)


def entries(
    family: SymmetricFamily, scale: Scale, unknowns: Mapping[str, Number]
) -> dict[str, Number]:
    """Return a, b, c, d, f, g, as far as the family has them."""
    e, t, sign = scale.e, scale.t, family.sign
    A, B = unknowns["A"], unknowns["B"]
    tilt = 0 if sign == 1 else 2
    found = {"a": sign + e * (tilt + t * A), "b": e * (tilt + t * B)}
    if family.special_rows:
        C = unknowns["C"]
        found["c"] = e * C if sign == 1 else e * t * C
        found["d"] = -sign + e * unknowns["D"]
        found["f"] = e * unknowns["F"]
    if family.special_rows > 1:
        found["g"] = e * unknowns["G"]
    return found
