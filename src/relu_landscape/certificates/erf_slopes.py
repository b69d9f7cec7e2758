"""The pair kernel of erf with its derivatives in p = |w|^2, q = |v|^2 and r = w . v.

    K = (2/pi) atan(r/sqrt S),  S = (1 + p)(1 + q) - r^2 > 0,
    K_r = (2/pi)/sqrt S,  K_p = -r K_r/(2 (1 + p)),  and their derivatives by S_r, S_p, S_q.

Numbers are floats or balls, and these formulas share no code with `objective`, with which tests
compare them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from flint import arb


@dataclass(frozen=True)
class Numbers:
    """A kind of numbers: how one is made, pi, and the functions that are needed."""

    number: Callable[[float | int], Any]
    pi: Callable[[], Any]
    sqrt: Callable[[Any], Any]
    atan: Callable[[Any], Any]


FLOATS: Final = Numbers(number=float, pi=lambda: math.pi, sqrt=math.sqrt, atan=math.atan)
# pi in balls has the precision that is set when it is asked for.
BALLS: Final = Numbers(
    number=arb, pi=lambda: arb.pi(), sqrt=lambda x: x.sqrt(), atan=lambda x: x.atan()
)


class ErfSlopes(NamedTuple):
    """K with its first and second derivatives."""

    value: Any
    p: Any
    q: Any
    r: Any
    pp: Any
    qq: Any
    rr: Any
    pq: Any
    pr: Any
    qr: Any


def erf_slopes(a: Any, b: Any, r: Any, S: Any, numbers: Numbers) -> ErfSlopes:
    """Return K(w, v) = E[erf(w . x/sqrt 2) erf(v . x/sqrt 2)] and its derivatives.

    Args:
        a, b: 1 + |w|^2 and 1 + |v|^2.
        r: w . v.
        S: a b - r^2, which balls may hold more narrowly than this difference.
        numbers: the kind that these are of.
    """
    root = numbers.sqrt(S)
    unit = numbers.number(2) / numbers.pi()
    slope = unit / root
    # d(S^(-1/2)) = -dS/(2 S^(3/2)) with S_p = b, S_q = a, S_r = -2 r.
    fall = slope / (S * 2)
    return ErfSlopes(
        value=unit * numbers.atan(r / root),
        p=-r * slope / (a * 2),
        q=-r * slope / (b * 2),
        r=slope,
        pp=r * slope / (a * a * 2) + r * b * fall / (a * 2),
        qq=r * slope / (b * b * 2) + r * a * fall / (b * 2),
        rr=r * fall * 2,
        pq=r * fall / 2,
        pr=-b * fall,
        qr=-a * fall,
    )
