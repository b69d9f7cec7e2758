"""II_1 with one neuron more: its critical points for every k from some bound on, as one curve.

That they exist and are the only ones in a box is proved; what their Hessian is, is not.
"""

from __future__ import annotations

from fractions import Fraction

from relu_landscape.arguments import checked_arguments, exact_fraction, whole_number
from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k.branch import predict
from relu_landscape.every_k.certificate import EVERY_K_BITS, require_size, sweep
from relu_landscape.every_k.location import LocatedPiece, are_chained, locate
from relu_landscape.every_k.split_special_row import II_WITH_SPLIT_SPECIAL_ROW, LIMIT
from relu_landscape.every_k.taylor import Piece, UndefinedError


@checked_arguments(least_k=exact_fraction, bits=whole_number)
def locate_split_special_row_for_all_k(
    least_k: Fraction | float, *, bits: int = EVERY_K_BITS
) -> list[LocatedPiece] | Failure:
    """Prove that II_1 with n = k + 1 has a critical point for all real k from a bound on, at once.

    It is no split point: its two rows next to the special teacher have another direction each.

    Args:
        least_k: the bound, above 3.
        bits: precision of the balls.

    Returns:
        Where it is, in unknowns of `split_special_row`, from h = 0 on; or how far the pieces came
        and why not further.

    Raises:
        ValueError: a bound that is too small.

    Source: derived here.
    """
    least = Fraction(least_k)
    require_size(II_WITH_SPLIT_SPECIAL_ROW, least, "least_k")
    found: list[LocatedPiece] = []
    with precision(bits):
        for piece in sweep(list(LIMIT), least, _locate_piece):
            if isinstance(piece, Failure):
                return piece
            found.append(piece)
    return found


def _locate_piece(
    piece: Piece, guess: list[float], before: LocatedPiece | None
) -> LocatedPiece | Failure:
    family = II_WITH_SPLIT_SPECIAL_ROW
    try:
        found = locate(family, piece, predict(family, piece.center, guess))
    except NewtonError as error:
        return Failure(FailureReason.NEWTON_LEFT, str(error))
    except UndefinedError as error:
        return Failure(FailureReason.BOX_TOO_WIDE, str(error))
    if found is None:
        return Failure(FailureReason.BOX_TOO_WIDE, "the branch is not located")
    if before is not None and not are_chained(before, found):
        return Failure(FailureReason.BOX_TOO_WIDE, "two neighbours are not shown to be one curve")
    return found
