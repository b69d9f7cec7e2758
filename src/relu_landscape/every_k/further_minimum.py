"""II_1 with one neuron more proved a spurious strict minimum for every k from some bound on.

It is no split point: its two rows next to the special teacher have another direction each. The loss
is positive as soon as a row w_1 = a e_1 + b (e_2 + ...) + c f_1 has a > 0 and c > 0: it is parallel
to no teacher, so the kink of its ReLU on the hyperplane orthogonal to it, which no other student
can cancel as all of them count with weight 1, is none of the teachers'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from relu_landscape.arguments import checked_arguments, exact_fraction
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import ball_bits
from relu_landscape.certificates.rounding import Interval, interval
from relu_landscape.every_k.certificate import require_size
from relu_landscape.every_k.forms import ComponentForm
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.location import LocatedPiece
from relu_landscape.every_k.split_special_forms import forms_with_split_special_row
from relu_landscape.every_k.split_special_loss import scaled_loss_with_split_special_row
from relu_landscape.every_k.split_special_row import (
    II_WITH_SPLIT_SPECIAL_ROW,
    LIMIT,
    with_split_special_row_at,
)
from relu_landscape.every_k.statements import lowest_eigenvalues
from relu_landscape.every_k.sweep import EVERY_K_BITS, Sweep
from relu_landscape.every_k.taylor import bound, expand, join

_ORDER: Final = 2
_DIGITS: Final = 8
# The Jacobian's inverse is large, and its entries change fast with the unknowns.
FURTHER_MINIMUM_RADII: Final = (2.0**-15,)
_LESS: Final = Decimal("0.999")


@dataclass(frozen=True)
class FurtherMinimumPiece(LocatedPiece):
    """What is proved over one interval of h.

    eigenvalue_lower: lower bounds, positive, of the eigenvalues of the Hessian by isotypic
    component, and off the span; loss: ends of an interval of k F.
    """

    eigenvalue_lower: dict[str, Decimal]
    loss: Interval


@dataclass(frozen=True)
class FurtherMinimumForEveryK:
    """Proof that II_1 with n = k + 1 is a spurious strict minimum for all real k >= least_k.

    least_k: exact; bits: precision of the balls; pieces: from h = 0 on.
    """

    least_k: Fraction
    bits: int
    pieces: tuple[FurtherMinimumPiece, ...]


@checked_arguments(least_k=exact_fraction, bits=ball_bits)
def certify_further_minimum_for_all_k(
    least_k: Fraction | float, *, bits: int = EVERY_K_BITS
) -> FurtherMinimumForEveryK | Failure:
    """Prove that II_1 with one neuron more is a spurious strict minimum for all k, at once.

    For every real k >= least_k, hence for every integer, and every input dimension d >= k: the
    critical point exists, its Hessian is positive definite, and F > 0.

    Args:
        least_k: the bound, above 3.
        bits: precision of the balls.

    Returns:
        The certificate, or how far the pieces came and why not further.

    Raises:
        ValueError: a bound that is too small.

    Source: derived here.
    """
    least = Fraction(least_k)
    require_size(II_WITH_SPLIT_SPECIAL_ROW, least, "least_k")
    family, radii = II_WITH_SPLIT_SPECIAL_ROW, FURTHER_MINIMUM_RADII
    pieces = Sweep(family, LIMIT, _curvature, radii).to(least, bits)
    return pieces if isinstance(pieces, Failure) else FurtherMinimumForEveryK(least, bits, pieces)


def _curvature(located: LocatedPiece) -> FurtherMinimumPiece | Failure:
    def forms_and_loss(h: Number, unknowns: Sequence[Number]) -> tuple[list[ComponentForm], Number]:
        network = with_split_special_row_at(h, unknowns)
        return forms_with_split_special_row(network), scaled_loss_with_split_special_row(network)

    piece, spread = located.piece, located.location.radius.tolist()
    (center, near), (whole, far) = expand(forms_and_loss, piece, located.predictor, spread, _ORDER)
    lowest = lowest_eigenvalues(zip(center, whole, strict=True), piece, _DIGITS)
    if isinstance(lowest, Failure):
        return lowest
    at_all = with_split_special_row_at(piece.whole, located.unknowns(piece.whole))
    if not (at_all.a > 0 and at_all.chi > 0):
        return Failure(FailureReason.LOSS_NOT_POSITIVE, "a and c are not shown to be positive")
    # Weaker, with room for a checker that rounds differently.
    lowest = {name: x * _LESS for name, x in lowest.items()}
    loss = interval(bound(join(near, far, _ORDER), piece.reach), _DIGITS)
    return FurtherMinimumPiece(piece, located.predictor, located.location, lowest, loss)
