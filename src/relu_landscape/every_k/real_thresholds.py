"""The real k from which on a family is a minimum, enclosed.

k* is the smallest number such that the family is a strict minimum for all real k > k*. It is at
most any bound that is proved, and at least any k at which the continued branch is a saddle.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias

import numpy as np
from flint import arb_mat

from relu_landscape.arguments import checked_arguments, text, whole_number
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.every_k.branch import limit_guess, network_at, predict
from relu_landscape.every_k.certificate import (
    EVERY_K_BITS,
    GRID,
    EveryKOutcome,
    certify_family_for_all_k,
    named_family,
)
from relu_landscape.every_k.first_minimum import (
    FloatForms,
    follow_to_threshold,
    forms_of_family,
)
from relu_landscape.every_k.forms import ComponentForm
from relu_landscape.every_k.further_certificate import (
    NEGATIVE,
    SaddleForEveryK,
    certify_saddle_for_all_k,
)
from relu_landscape.every_k.further_forms import forms_with_further_row
from relu_landscape.every_k.further_row import A_WITH_FURTHER_ROW, LIMIT, with_further_row_at
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.location import LocatedPiece, are_chained, locate
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.taylor import Piece

# Relative distance of both ends from what bisection in float64 finds.
_MARGIN: Final = 2.0**-42
_DIGITS: Final = 14

Forms: TypeAlias = list[ComponentForm]


@dataclass(frozen=True)
class LeastRealK:
    """Where a family becomes a minimum, or a saddle of the index that it has for large k.

    lower, upper: it is one at every real k >= upper, and not at k = lower; component: isotypic
    component of the eigenvalue that is negative there.
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
    branch = _Branch(
        named,
        limit_guess(named),
        forms_of_family(named),
        lambda h, unknowns: component_forms(network_at(named, h, unknowns)),
    )
    return _enclose(
        branch, lambda least_k: certify_family_for_all_k(family, special_rows, least_k=least_k)
    )


def least_real_k_of_saddle() -> LeastRealK | Failure:
    """Enclose the real k from which on A with one neuron more is a saddle of index k - 1.

    Returns:
        Both ends, proved: it is one at every real k >= upper, and at lower a further component has
        a negative eigenvalue; or what could not be proved.

    Source: derived here.
    """

    def forms(h: Number, unknowns: Sequence[Number], pi: Number | None = None) -> Forms:
        found = forms_with_further_row(with_further_row_at(h, unknowns, pi))
        return [form for form in found if form.name != NEGATIVE]

    branch = _Branch(
        A_WITH_FURTHER_ROW,
        list(LIMIT),
        lambda h, unknowns: forms(h, unknowns, math.pi),
        forms,
    )
    return _enclose(branch, certify_saddle_for_all_k)


@dataclass(frozen=True)
class _Branch:
    """A family, its limit, and the forms that are positive from its threshold on."""

    family: SymmetricFamily
    limit: list[float]
    in_floats: FloatForms
    in_balls: Callable[[Number, Sequence[Number]], Forms]


def _enclose(
    branch: _Branch, certify: Callable[[Fraction], EveryKOutcome | SaddleForEveryK]
) -> LeastRealK | Failure:
    h, _ = follow_to_threshold(branch.family, branch.limit, branch.in_floats)
    upper = decimal_above((h * (1 - _MARGIN)) ** -2.0, _DIGITS)
    lower = decimal_below((h * (1 + _MARGIN)) ** -2.0, _DIGITS)
    proved = certify(Fraction(upper))
    if isinstance(proved, Failure):
        return proved
    with precision(EVERY_K_BITS):
        component = _negative_component(branch, Fraction(lower), proved.pieces[-1])
    if component is None:
        return Failure(FailureReason.NO_NEGATIVE_CURVATURE, f"no saddle shown at k = {lower}")
    return LeastRealK(lower, upper, component)


def _negative_component(branch: _Branch, k: Fraction, last: LocatedPiece) -> str | None:
    """The component on which the continued branch has a negative eigenvalue at k, if shown."""
    family = branch.family
    h = exact(k).rsqrt()
    end = last.piece.right
    # Some units of the grid of end points, so that the middle is a float, too.
    piece = Piece(end, end + 2 * math.ceil((float(h) - end) * GRID) / GRID)
    beyond = locate(family, piece, predict(family, piece.center, [float(x) for x in last.at(end)]))
    if beyond is None or not are_chained(last, beyond) or not h < piece.right:
        return None
    for component in branch.in_balls(h, beyond.unknowns(h)):
        matrix = arb_mat(component.form.matrix)
        size = matrix.nrows()
        middle = np.array([float(x) for x in matrix.entries()]).reshape(size, size)
        row = arb_mat([np.linalg.eigh(middle)[1][:, 0].tolist()])
        if (row * matrix * row.transpose())[0, 0] < 0:
            return component.name
    return None
