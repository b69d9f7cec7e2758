"""The pair kernel of erf with its derivatives in p = |w|^2, q = |v|^2 and r = w . v, for jets.

    K = (2/pi) atan(r/sqrt S),  S = (1 + p)(1 + q) - r^2 > 0,
    K_r = (2/pi)/sqrt S,  K_p = -r K_r/(2 (1 + p)),  and their derivatives by S_r, S_p, S_q.

Numbers are floats or balls, and these formulas share no code with `objective`, with which tests
compare them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flint import arb

from relu_landscape.fewer_students.jets import Jet, Real, composed


@dataclass(frozen=True)
class Numbers:
    """A kind of numbers: how one is made, pi, and the functions that are needed."""

    number: Callable[[float | int], Real]
    pi: Callable[[], Real]
    sqrt: Callable[[Real], Real]
    atan: Callable[[Real], Real]


FLOATS: Final = Numbers(number=float, pi=lambda: math.pi, sqrt=math.sqrt, atan=math.atan)
# pi in balls has the precision that is set when it is asked for.
BALLS: Final = Numbers(
    number=arb, pi=lambda: arb.pi(), sqrt=lambda x: x.sqrt(), atan=lambda x: x.atan()
)


def erf_pair(p: Jet, q: Jet, r: Jet, numbers: Numbers) -> Jet:
    """Return K(w, v) = E[erf(w . x/sqrt 2) erf(v . x/sqrt 2)].

    Args:
        p, q: |w|^2 and |v|^2.
        r: w . v.
        numbers: the kind of their values.
    """
    a, b, c = p.value + 1, q.value + 1, r.value
    S = a * b - c * c
    root = numbers.sqrt(S)
    unit = numbers.number(2) / numbers.pi()
    slope = unit / root
    # d(S^(-1/2)) = -dS/(2 S^(3/2)) with S_p = b, S_q = a, S_r = -2 r.
    fall = slope / (S * 2)
    slopes = (-c * slope / (a * 2), -c * slope / (b * 2), slope)
    pp = c * slope / (a * a * 2) + c * b * fall / (a * 2)
    qq = c * slope / (b * b * 2) + c * a * fall / (b * 2)
    pq = c * fall / 2
    rr = c * fall * 2
    pr, qr = -b * fall, -a * fall
    curvatures = ((pp, pq, pr), (pq, qq, qr), (pr, qr, rr))
    return composed(unit * numbers.atan(c / root), slopes, curvatures, (p, q, r))
