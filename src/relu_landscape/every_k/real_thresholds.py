"""The real k from which on a family is a minimum, enclosed.

k* is the smallest number such that the family is a strict minimum for all real k > k*. It is at
most any bound that is proved, and at least any k at which the continued branch is a saddle.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
from flint import arb_mat

from relu_landscape.arguments import checked_arguments, text, whole_number
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.every_k.branch import network_at, predict
from relu_landscape.every_k.certificate import (
    EVERY_K_BITS,
    GRID,
    CertifiedPiece,
    certify_family_for_all_k,
    named_family,
)
from relu_landscape.every_k.first_minimum import follow_to_threshold
from relu_landscape.every_k.location import are_chained, locate
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.taylor import Piece

# Relative distance of both ends from what bisection in float64 finds.
_MARGIN: Final = 2.0**-42
_DIGITS: Final = 14


@dataclass(frozen=True)
class LeastRealK:
    """Where a family becomes a minimum.

    lower, upper: it is a strict minimum at every real k >= upper, and a saddle at k = lower;
    component: isotypic component of the negative eigenvalue there.
    """

    lower: Decimal
    upper: Decimal
    component: str


@checked_arguments(family=text, special_rows=whole_number)
def least_real_k(family: str, special_rows: int) -> LeastRealK | Failure:
    """Enclose the real k from which on a family is a strict minimum.

    Args:
        family: "A", "I" or "II".
        special_rows: m, neurons in the second block; 0 for A.

    Returns:
        Both ends, proved, some 12 digits of them the same; or what could not be proved.

    Raises:
        ValueError: no such family.

    Source: derived here.
    """
    named = named_family(family, special_rows)
    h, _ = follow_to_threshold(named)
    upper = decimal_above((h * (1 - _MARGIN)) ** -2.0, _DIGITS)
    lower = decimal_below((h * (1 + _MARGIN)) ** -2.0, _DIGITS)
    proved = certify_family_for_all_k(family, special_rows, least_k=Fraction(upper))
    if isinstance(proved, Failure):
        return proved
    with precision(EVERY_K_BITS):
        component = _negative_component(named, Fraction(lower), proved.pieces[-1])
    if component is None:
        return Failure(FailureReason.NO_NEGATIVE_CURVATURE, f"no saddle shown at k = {lower}")
    return LeastRealK(lower, upper, component)


def _negative_component(family: SymmetricFamily, k: Fraction, last: CertifiedPiece) -> str | None:
    """The component on which the continued branch has a negative eigenvalue at k, if shown."""
    h = exact(k).rsqrt()
    end = last.piece.right
    # Some units of the grid of end points, so that the middle is a float, too.
    piece = Piece(end, end + 2 * math.ceil((float(h) - end) * GRID) / GRID)
    beyond = locate(family, piece, predict(family, piece.center, [float(x) for x in last.at(end)]))
    if beyond is None or not are_chained(last, beyond) or not h < piece.right:
        return None
    for component in component_forms(network_at(family, h, beyond.unknowns(h))):
        matrix = arb_mat(component.form.matrix)
        size = matrix.nrows()
        middle = np.array([float(x) for x in matrix.entries()]).reshape(size, size)
        row = arb_mat([np.linalg.eigh(middle)[1][:, 0].tolist()])
        if (row * matrix * row.transpose())[0, 0] < 0:
            return component.name
    return None
