"""A family proved to be a strict minimum for every k from some bound on: pieces in h = k^(-1/2).

The pieces cover [0, h_1], 1/h_1^2 <= least k. Over each the branch is located and is the only zero
in a larger box; at a shared end the box of one piece lies in the larger box of its neighbour, so
that the branch is one curve, and analytic: its Jacobian is regular.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from math import isqrt
from typing import Final, TypeAlias, TypeVar

from relu_landscape.arguments import checked_arguments, exact_fraction, optional, text, whole_number
from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k.branch import limit_guess, predict
from relu_landscape.every_k.first_minimum import first_minimum, is_minimum_from
from relu_landscape.every_k.location import LocatedPiece, are_chained, locate
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.statements import Statements, prove_statements
from relu_landscape.every_k.taylor import Piece, UndefinedError
from relu_landscape.families.family import Family

EVERY_K_BITS: Final = 128

# End points of pieces are multiples of 1/GRID.
GRID: Final = 2**50
_DIGITS: Final = 8
_LARGEST_STEP: Final = GRID // 64
_LEAST_STEP: Final = 2**8
_GROWTH: Final = Fraction(5, 4)
_SHRINKING: Final = Fraction(3, 4)


@dataclass(frozen=True)
class CertifiedPiece(LocatedPiece):
    """What is proved over one interval of h.

    statements: what holds on the branch.
    """

    statements: Statements


@dataclass(frozen=True)
class EveryKCertificate:
    """Proof that a family is a spurious strict minimum for all real k >= least_k and all d >= k.

    family: which; least_k: exact; bits: precision of the balls; pieces: from h = 0 on.
    """

    family: SymmetricFamily
    least_k: Fraction
    bits: int
    pieces: tuple[CertifiedPiece, ...]

    def piece_at(self, k: Fraction | float) -> CertifiedPiece:
        """The piece that holds k^(-1/2), for k >= least_k; an infinite k is in the first one."""
        if k == math.inf:
            return self.pieces[0]
        return next(x for x in self.pieces if Fraction(x.piece.right) ** 2 * Fraction(k) >= 1)


Proved = TypeVar("Proved", bound=LocatedPiece)

EveryKOutcome: TypeAlias = EveryKCertificate | Failure


@checked_arguments(
    family=text,
    special_rows=whole_number,
    least_k=optional(exact_fraction),
    bits=whole_number,
)
def certify_family_for_all_k(
    family: str,
    special_rows: int,
    *,
    least_k: Fraction | float | None = None,
    bits: int = EVERY_K_BITS,
) -> EveryKOutcome:
    """Prove that a family is a spurious strict minimum for all k from a bound on, at once.

    For every real k >= least_k, hence for every integer, and every input dimension d >= k: the
    critical point exists, its Hessian is positive definite, F > 0, and splitting any neuron makes a
    strict saddle. h = k^(-1/2) is an interval in the proof, which is a finite computation.

    Args:
        family: "A", "I" or "II".
        special_rows: m, neurons in the second block; 0 for A.
        least_k: the bound, above m + 2; None: the first integer from which on the family is a
            minimum.
        bits: precision of the balls.

    Returns:
        The certificate, or how far the pieces came and why not further.

    Raises:
        ValueError: no such family, or a bound that it does not come with.

    Source: derived here; the families are those of Arjevani and Field.
    """
    named = named_family(family, special_rows)
    bound = Fraction(first_minimum(named)) if least_k is None else Fraction(least_k)
    require_size(named, bound, "least_k")
    if not is_minimum_from(named, float(bound)):
        return Failure(
            FailureReason.NOT_POSITIVE_DEFINITE,
            f"in floats it is no minimum all the way from infinity to k = {float(bound):g}",
        )
    found: list[CertifiedPiece] = []
    with precision(bits):
        for piece in sweep(limit_guess(named), bound, partial(_certify_piece, named)):
            if isinstance(piece, Failure):
                return piece
            found.append(piece)
    return EveryKCertificate(named, bound, bits, tuple(found))


def named_family(family: str, special_rows: int) -> SymmetricFamily:
    """Return the family of this name with m special rows.

    Raises:
        ValueError: there is none.
    """
    if family not in set(Family):
        raise ValueError(f"family = {family!r}; it must be one of {', '.join(Family)}")
    if family == Family.A and special_rows != 0:
        raise ValueError(f"special_rows = {special_rows}; family A has none: give 0")
    if family != Family.A and special_rows < 1:
        raise ValueError(f"special_rows = {special_rows}; families I and II need 1 or more")
    return SymmetricFamily(Family(family), special_rows)


def require_size(family: SymmetricFamily, k: Fraction, name: str) -> None:
    """Refuse a k at which the first block has two neurons or less.

    Raises:
        ValueError: it is that small.
    """
    least = family.special_rows + 2
    if not k > least:
        raise ValueError(
            f"{name} = {float(k):g} with special_rows = {family.special_rows}; it must be above "
            f"{least}"
        )


def _last_place(least_k: Fraction) -> int:
    """The smallest n with n/GRID >= least_k^(-1/2)."""
    square = Fraction(GRID**2) / least_k
    return isqrt(-(-square.numerator // square.denominator) - 1) + 1


def sweep(
    guess: list[float],
    least_k: Fraction,
    certify: Callable[[Piece, list[float], Proved | None], Proved | Failure],
) -> Iterator[Proved | Failure]:
    """Yield pieces from h = 0 to least_k, as long as they can be; a failure is the last.

    Args:
        guess: the unknowns at h = 0.
        least_k: the bound.
        certify: of a piece, of the unknowns at its left end, and of what is proved of the one
            before.
    """
    left, step, last = 0, _LARGEST_STEP, _last_place(least_k)
    before: Proved | None = None
    while left < last:
        right = min(left + step, last)
        found = certify(Piece(left / GRID, right / GRID), guess, before)
        if isinstance(found, Failure):
            if step <= _LEAST_STEP:
                k = float("inf") if left == 0 else (GRID / left) ** 2
                yield Failure(found.reason, f"below k = {k:.6g}: {found.detail}")
                return
            step = int(step * _SHRINKING)
            continue
        yield found
        guess, before = [float(x) for x in found.at(right / GRID)], found
        left, step = right, min(int(step * _GROWTH), _LARGEST_STEP)


def _certify_piece(
    family: SymmetricFamily, piece: Piece, guess: list[float], before: CertifiedPiece | None
) -> CertifiedPiece | Failure:
    try:
        found = locate(family, piece, predict(family, piece.center, guess))
        if found is None:
            return Failure(FailureReason.BOX_TOO_WIDE, "the branch is not located")
        statements = prove_statements(family, found, _DIGITS)
    except NewtonError as error:
        return Failure(FailureReason.NEWTON_LEFT, str(error))
    except UndefinedError as error:
        return Failure(FailureReason.BOX_TOO_WIDE, str(error))
    if isinstance(statements, Failure):
        return statements
    if before is not None and not are_chained(before, found):
        return Failure(FailureReason.BOX_TOO_WIDE, "two neighbours are not shown to be one curve")
    return CertifiedPiece(piece, found.predictor, found.location, statements.loosened())
