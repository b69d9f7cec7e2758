"""Explicit counterexamples to Conjecture 12 of S21, in exact rational numbers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray

from relu_landscape.objective import reference_curvature_along

DIGITS = 60
PRINTED_DIGITS = 40

Rationals = NDArray[np.object_]


Shares = tuple[tuple[Fraction, Fraction], ...]
"""(a_j, b_j) for the m students of each of the teachers e_1, e_2 of R^2: at scale s they are
w_1j = e_1/m - a_j s e_2 and w_2j = e_2/m + b_j s e_1."""

WITNESSES: Mapping[str, Shares] = MappingProxyType(
    {
        "one_neuron": ((Fraction(1), Fraction(1)),),
        "two_equal": ((Fraction(1, 2), Fraction(1, 2)),) * 2,
        "two_unequal": (
            (Fraction(272, 1000), Fraction(653, 1000)),
            (Fraction(653, 1000), Fraction(272, 1000)),
        ),
    }
)
"""With m = 1, and with m = 2 students a teacher, alike or not."""


def witness_weights(shares: Shares, scale: Fraction) -> Rationals:
    """Return W at scale s, (2 m, 2), fractions; rows i m .. i m + m - 1 belong to teacher i.

    Raises:
        ValueError: no students.

    Source: derived here; S21, Conjecture 12.
    """
    if not shares:
        raise ValueError("shares is empty; give (a_j, b_j) for at least one student a teacher")
    whole = Fraction(1, len(shares))
    first = [[whole, -a * scale] for a, _ in shares]
    second = [[b * scale, whole] for _, b in shares]
    return np.array(first + second, dtype=object)


def evaluate_witness(shares: Shares, scale: Fraction) -> dict[str, Any]:
    """Return both sides of Conjecture 12 in DIGITS-digit arithmetic.

    The form G^T H(W* + G) G is a second difference of the loss along G: no formula of a derivative
    enters.

    Args:
        shares: (a_j, b_j) of the m students of each teacher.
        scale: s, positive.

    Raises:
        ValueError: no students, or a scale that is not positive.

    Source: S21, Conjecture 12.
    """
    if not scale > 0:
        raise ValueError(f"scale is {scale}; it must be positive, at 0 the point is W* itself")
    m = len(shares)
    weights = witness_weights(shares, scale)
    with mpmath.workdps(DIGITS):
        W = _to_mpf(weights)
        G = _to_mpf(weights - np.repeat(np.eye(2, dtype=int), m, axis=0) * Fraction(1, m))
        form = reference_curvature_along(W, np.eye(2), G, digits=DIGITS)
        sums = G.reshape(2, m, 2).sum(axis=1)
        total = sums.sum(axis=0)
        squares = mpmath.fsum(sums.ravel() ** 2)
        bound = (mpmath.fsum(total**2) + (1 - 2 / mpmath.pi) * squares) / 4
        gap = form - bound
        cube = mpmath.mpf(scale.numerator) ** 3 / mpmath.mpf(scale.denominator) ** 3
        return {
            "k": 2,
            "m": m,
            "scale": float(scale),
            "form": float(form),
            "bound": float(bound),
            "gap": float(gap),
            "gap_over_cube": float(gap / cube),
            "gap_digits": mpmath.nstr(gap, PRINTED_DIGITS),
        }


def weight_records(name: str, scale: Fraction) -> list[dict[str, Any]]:
    """Return one record a weight of the named witness at scale s, as an exact fraction."""
    shares = WITNESSES[name]
    weights = witness_weights(shares, scale)
    return [
        {
            "witness": name,
            "m": len(shares),
            "neuron": neuron,
            "coordinate": coordinate,
            "numerator": weight.numerator,
            "denominator": weight.denominator,
        }
        for (neuron, coordinate), weight in np.ndenumerate(weights)
    ]


def _to_mpf(fractions: Rationals) -> Rationals:
    """The same numbers to the working precision of mpmath."""
    return np.array(
        [[mpmath.mpf(x.numerator) / x.denominator for x in row] for row in fractions], dtype=object
    )
