"""The real k from which on a family is a minimum, enclosed.

k* is the smallest number such that the family is a strict minimum for all real k > k*. It is at
most any bound that is proved, and at least any k at which the continued branch is a saddle.

Between the two one eigenvalue crosses zero, once. On an interval of h let K be the matrix of its
component, after a congruence with blocks K_1 (a number), k, K_2, and S = K_1 - k^T K_2^-1 k. Where
K_2 and the other components are positive definite, the Hessian is so just if S > 0, and with y =
K_2^-1 k its slope is

    S' = K_1' - 2 y.k' + y^T K_2' y.

The derivatives are those along the branch, on which x' = -J^-1 dG/dh, all in balls over the whole
interval: if S' < 0 on it, S has a single zero there, and a simple one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, TypeAlias

import numpy as np
from flint import arb, arb_mat, arb_series
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, text, whole_number
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.every_k.branch import (
    limit_guess,
    network_at,
    predict,
    residual_at,
    truncation,
)
from relu_landscape.every_k.certificate import (
    EveryKOutcome,
    certify_family_for_all_k,
    named_family,
)
from relu_landscape.every_k.definite_pieces import is_positive_definite
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
from relu_landscape.every_k.further_minimum import (
    FURTHER_MINIMUM_RADII,
    FurtherMinimumForEveryK,
    certify_further_minimum_for_all_k,
)
from relu_landscape.every_k.further_row import A_WITH_FURTHER_ROW, LIMIT, with_further_row_at
from relu_landscape.every_k.generic_numbers import Number, independent, partials
from relu_landscape.every_k.location import UNIQUENESS_RADII, LocatedPiece, are_chained, locate
from relu_landscape.every_k.scaled_components import component_forms
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.split_special_forms import forms_with_split_special_row
from relu_landscape.every_k.split_special_row import (
    II_WITH_SPLIT_SPECIAL_ROW,
    LIMIT as LIMIT_WITH_SPLIT_SPECIAL_ROW,
    with_split_special_row_at,
)
from relu_landscape.every_k.sweep import EVERY_K_BITS, GRID
from relu_landscape.every_k.taylor import Piece, join

_MARGIN: Final = 2.0**-42
# Where the inverse Jacobian is large, boxes are wider than the former.
_WIDER_MARGIN: Final = 2.0**-38
_DIGITS: Final = 14
_SLOPE_DIGITS: Final = 6

Forms: TypeAlias = list[ComponentForm]


@dataclass(frozen=True)
class LeastRealK:
    """Where a family becomes a minimum, or a saddle of the index that it has for large k.

    lower, upper: it is one at every real k >= upper, and not at k = lower; component: isotypic
    component of the eigenvalue that is negative there; slope_upper: below zero, S' is at most this
    between them: there is one k in between, at which alone an eigenvalue is zero.
    """

    lower: Decimal
    upper: Decimal
    component: str
    slope_upper: Decimal


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
    branch = Branch(
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

    branch = Branch(
        A_WITH_FURTHER_ROW,
        list(LIMIT),
        lambda h, unknowns: forms(h, unknowns, math.pi),
        forms,
    )
    return _enclose(branch, certify_saddle_for_all_k)


def least_real_k_of_further_minimum() -> LeastRealK | Failure:
    """Enclose the real k from which on II_1 with one neuron more is a strict minimum.

    Returns:
        Both ends, proved: it is one at every real k >= upper, and at lower one component has a
        negative eigenvalue; or what could not be proved.

    Source: derived here.
    """
    return _enclose(branch_of_further_minimum(), certify_further_minimum_for_all_k)


def branch_of_further_minimum() -> Branch:
    """Return II_1 with one neuron more; all its forms are positive from its threshold on."""

    def forms(h: Number, unknowns: Sequence[Number], pi: Number | None = None) -> Forms:
        return forms_with_split_special_row(with_split_special_row_at(h, unknowns, pi))

    return Branch(
        II_WITH_SPLIT_SPECIAL_ROW,
        list(LIMIT_WITH_SPLIT_SPECIAL_ROW),
        lambda h, unknowns: forms(h, unknowns, math.pi),
        forms,
        FURTHER_MINIMUM_RADII,
        _WIDER_MARGIN,
    )


@dataclass(frozen=True)
class Branch:
    """A family, its limit, and the forms that are positive from its threshold on.

    uniqueness_radii: as `Sweep` has them; margin: relative distance in h of both ends from what
    bisection in float64 finds.
    """

    family: SymmetricFamily
    limit: list[float]
    in_floats: FloatForms
    in_balls: Callable[[Number, Sequence[Number]], Forms]
    uniqueness_radii: Sequence[float] = UNIQUENESS_RADII
    margin: float = _MARGIN


def _enclose(
    branch: Branch,
    certify: Callable[[Fraction], EveryKOutcome | SaddleForEveryK | FurtherMinimumForEveryK],
) -> LeastRealK | Failure:
    h, _ = follow_to_threshold(branch.family, branch.limit, branch.in_floats)
    upper = decimal_above((h * (1 - branch.margin)) ** -2.0, _DIGITS)
    lower = decimal_below((h * (1 + branch.margin)) ** -2.0, _DIGITS)
    proved = certify(Fraction(upper))
    if isinstance(proved, Failure):
        return proved
    with precision(EVERY_K_BITS):
        crossing = _crossing(branch, Fraction(lower), proved.pieces[-1])
    if crossing is None:
        return Failure(FailureReason.NO_NEGATIVE_CURVATURE, f"no crossing shown at k = {lower}")
    return LeastRealK(lower, upper, *crossing)


def _crossing(branch: Branch, k: Fraction, last: LocatedPiece) -> tuple[str, Decimal] | None:
    """The component on which the branch gets a negative eigenvalue down to k, and its slope."""
    family = branch.family
    h = exact(k).rsqrt()
    end = last.piece.right
    # Some units of the grid of end points, so that the middle is a float, too.
    piece = Piece(end, end + 2 * math.ceil((float(h) - end) * GRID) / GRID)
    predictor = predict(family, piece.center, [float(x) for x in last.at(end)])
    beyond = locate(family, piece, predictor, branch.uniqueness_radii)
    if beyond is None or not are_chained(last, beyond) or not h < piece.right:
        return None
    negative = [
        x.name
        for x in branch.in_balls(h, beyond.unknowns(h))
        if _has_negative_direction(arb_mat(x.form.matrix))
    ]
    if len(negative) != 1:
        return None
    slope = _slope_of_crossing(branch, beyond, negative[0])
    if slope is None or not slope < 0:
        return None
    return negative[0], decimal_above(slope, _SLOPE_DIGITS)


def _has_negative_direction(matrix: Any) -> bool:
    row = arb_mat([_eigenvectors(matrix)[:, 0].tolist()])
    return bool((row * matrix * row.transpose())[0, 0] < 0)


def _slope_of_crossing(branch: Branch, located: LocatedPiece, name: str) -> Any:
    """A ball of S' over a piece, or None where anything else is not shown positive definite."""
    rates, whole = rates_over(branch.family, located), located.piece.whole
    box = located.unknowns(whole)
    with truncation(2):
        unknowns = [arb_series([x, y]) for x, y in zip(box, rates, strict=True)]
        forms = branch.in_balls(arb_series([whole, arb(1)]), unknowns)
    found = None
    for component in forms:
        value, slope = _value_and_slope(component.form.matrix)
        if component.name != name:
            if not _is_definite(value):
                return None
            continue
        if value.nrows() == 1:
            found = slope[0, 0]
            continue
        turn = arb_mat(_eigenvectors(value).T.tolist())
        value, slope = (turn * x * turn.transpose() for x in (value, slope))
        k, inner = _column(value), _inner_block(value)
        if not _is_definite(inner):
            return None
        y = inner.solve(k)
        bent = y.transpose() * _inner_block(slope) * y
        found = slope[0, 0] - 2 * (y.transpose() * _column(slope))[0, 0] + bent[0, 0]
    return found


def rates_over(family: SymmetricFamily, located: LocatedPiece) -> list[Number]:
    """Return balls of the derivatives of the unknowns by h along the branch, over the piece."""
    whole = located.piece.whole
    box = located.unknowns(whole)
    size = len(box)
    jacobian = arb_mat(
        [list(partials(x, size)) for x in residual_at(family, whole, independent(box))]
    )
    with truncation(2):
        moved = residual_at(family, arb_series([whole, arb(1)]), [arb_series([x]) for x in box])
        slopes = [x[1] for x in moved]
    return list((-jacobian.solve(arb_mat(size, 1, slopes))).entries())


def _value_and_slope(matrix: Sequence[Sequence[Number]]) -> tuple[Any, Any]:
    """The first two coefficients of a matrix of series."""
    size = len(matrix)
    terms = [join(x, x, 1) for row in matrix for x in row]
    value, slope = (arb_mat(size, size, [x[n] for x in terms]) for n in (0, 1))
    return value, slope


def _column(matrix: Any) -> Any:
    return arb_mat([[matrix[i, 0]] for i in range(1, matrix.nrows())])


def _inner_block(matrix: Any) -> Any:
    places = range(1, matrix.nrows())
    return arb_mat([[matrix[i, j] for j in places] for i in places])


def _is_definite(matrix: Any) -> bool:
    """Whether all matrices in one of balls are positive definite."""
    return is_positive_definite([matrix, matrix * 0, matrix * 0], 0.0)


def _eigenvectors(matrix: Any) -> NDArray[np.float64]:
    """Columns, by ascending eigenvalue, of the middle in floats."""
    size = matrix.nrows()
    middle = np.array([float(x) for x in matrix.entries()]).reshape(size, size)
    vectors: NDArray[np.float64] = np.linalg.eigh(middle)[1]
    return vectors
