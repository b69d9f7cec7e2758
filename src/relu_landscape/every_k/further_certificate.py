"""A with one neuron more proved a saddle of index k - 1 for every k from some bound on.

On all components but s_p, and off the span, the Hessian is positive definite. On s_p, whose
eigenvalues have multiplicity k - 1, a vector u has K(u) < 0, and K + mu n n^T is positive definite
for one linear functional n: K is positive on the vectors with n = 0, so exactly one of its
eigenvalues is negative.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
from flint import arb, arb_mat

from relu_landscape.arguments import checked_arguments, exact_fraction
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import ball_bits
from relu_landscape.certificates.rounding import decimal_above
from relu_landscape.every_k.certificate import require_size
from relu_landscape.every_k.definite_pieces import is_positive_definite
from relu_landscape.every_k.forms import ComponentForm
from relu_landscape.every_k.further_forms import forms_with_further_row
from relu_landscape.every_k.further_row import A_WITH_FURTHER_ROW, LIMIT, with_further_row_at
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.location import LocatedPiece
from relu_landscape.every_k.statements import coefficient_matrices, lowest_eigenvalues
from relu_landscape.every_k.sweep import EVERY_K_BITS, Sweep
from relu_landscape.every_k.taylor import Piece, bound, expand

_ORDER: Final = 2
_DIGITS: Final = 8
# mu, in units of the negative eigenvalue.
_LIFT: Final = 4.0
NEGATIVE: Final = "s_p"


@dataclass(frozen=True)
class SaddlePiece(LocatedPiece):
    """What is proved over one interval of h.

    eigenvalue_lower: lower bounds, positive, of the eigenvalues of the Hessian by isotypic
    component, and off the span; negative_upper: upper bound of the smallest eigenvalue on s_p, the
    only negative one there.
    """

    eigenvalue_lower: dict[str, Decimal]
    negative_upper: Decimal


@dataclass(frozen=True)
class SaddleForEveryK:
    """Proof that A with n = k + 1 is a saddle of index k - 1 for all real k >= least_k.

    least_k: exact; bits: precision of the balls; pieces: from h = 0 on.
    """

    least_k: Fraction
    bits: int
    pieces: tuple[SaddlePiece, ...]


@checked_arguments(least_k=exact_fraction, bits=ball_bits)
def certify_saddle_for_all_k(
    least_k: Fraction | float, *, bits: int = EVERY_K_BITS
) -> SaddleForEveryK | Failure:
    """Prove that family A with one neuron more is a saddle of index k - 1 for all k, at once.

    For every real k >= least_k, hence for every integer, the critical point exists, and its Hessian
    has exactly k - 1 negative eigenvalues and none that is 0; displacements orthogonal to the span,
    for input dimensions d > k, are curved upwards.

    Args:
        least_k: the bound, above 2.
        bits: precision of the balls.

    Returns:
        The certificate, or how far the pieces came and why not further.

    Raises:
        ValueError: a bound that is too small.

    Source: derived here.
    """
    least = Fraction(least_k)
    require_size(A_WITH_FURTHER_ROW, least, "least_k")
    pieces = Sweep(A_WITH_FURTHER_ROW, LIMIT, _curvature).to(least, bits)
    return pieces if isinstance(pieces, Failure) else SaddleForEveryK(least, bits, pieces)


def _curvature(located: LocatedPiece) -> SaddlePiece | Failure:
    def forms(h: Number, unknowns: Sequence[Number]) -> list[ComponentForm]:
        return forms_with_further_row(with_further_row_at(h, unknowns))

    piece, spread = located.piece, located.location.radius.tolist()
    center, whole = expand(forms, piece, located.predictor, spread, _ORDER)
    pairs = list(zip(center, whole, strict=True))
    lowest = lowest_eigenvalues((x for x in pairs if x[0].name != NEGATIVE), piece, _DIGITS)
    if isinstance(lowest, Failure):
        return lowest
    ((near, far),) = (x for x in pairs if x[0].name == NEGATIVE)
    form, gram = (
        coefficient_matrices(x.matrix, y.matrix, _ORDER)
        for x, y in ((near.form, far.form), (near.gram, far.gram))
    )
    negative = _only_negative(form, gram, piece)
    if negative is None:
        detail = f"not exactly one negative eigenvalue on {NEGATIVE}"
        return Failure(FailureReason.NO_NEGATIVE_CURVATURE, detail)
    return SaddlePiece(piece, located.predictor, located.location, lowest, negative)


def _only_negative(form: list[Any], gram: list[Any], piece: Piece) -> Decimal | None:
    """An upper bound of the smallest eigenvalue if it is shown that it alone is negative."""
    size = form[0].nrows()
    middle = np.array([float(x.mid()) for x in form[0].entries()]).reshape(size, size)
    values, vectors = np.linalg.eigh(middle)
    normal = vectors[:, 0]
    lift = arb_mat((_LIFT * abs(values[0]) * np.outer(normal, normal)).tolist())
    if not is_positive_definite([form[0] + lift, *form[1:]], piece.reach):
        return None
    row = arb_mat([normal.tolist()])
    curvature, square = (
        bound([(row * matrix * row.transpose())[0, 0] for matrix in matrices], piece.reach)
        for matrices in (form, gram)
    )
    if not (curvature < 0 and square > 0):
        return None
    return decimal_above(curvature / square / (2 * arb.pi()), _DIGITS)
