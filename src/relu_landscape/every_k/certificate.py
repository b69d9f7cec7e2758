"""A family proved to be a strict minimum for every k from some bound on: pieces in h = k^(-1/2)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import partial
from typing import Final, TypeAlias

from relu_landscape.arguments import checked_arguments, exact_fraction, optional, text, whole_number
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import ball_bits
from relu_landscape.every_k.branch import limit_guess
from relu_landscape.every_k.first_minimum import first_minimum, is_minimum_from
from relu_landscape.every_k.location import LocatedPiece
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.statements import Statements, prove_statements
from relu_landscape.every_k.sweep import EVERY_K_BITS, Sweep
from relu_landscape.families.family import Family

_DIGITS: Final = 8


class SignedSplits(StrEnum):
    """What is shown over a piece of splits of a class of neurons into parts of opposite signs."""

    MINIMA = "minima"  # the inner Hessian is negative definite off the neuron
    SADDLES = "saddles"  # it has eigenvalues of both signs
    TURNING = "turning"  # what is positive where it has both signs, -det K on t, falls with h
    TURN = "turn"  # that, and it is positive at the left end and negative at the right one
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class CertifiedPiece(LocatedPiece):
    """What is proved over one interval of h.

    statements: what holds on the branch; signed_splits: by class of neurons, w and s, what those
    are, as far as `signed_splits.decide_signed_splits` was asked.
    """

    statements: Statements
    signed_splits: Mapping[str, SignedSplits] = field(
        default_factory=lambda: dict.fromkeys("ws", SignedSplits.UNDECIDED)
    )


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


EveryKOutcome: TypeAlias = EveryKCertificate | Failure


@checked_arguments(
    family=text,
    special_rows=whole_number,
    least_k=optional(exact_fraction),
    bits=ball_bits,
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
    pieces = Sweep(named, limit_guess(named), partial(certified_piece, named)).to(bound, bits)
    return pieces if isinstance(pieces, Failure) else EveryKCertificate(named, bound, bits, pieces)


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


def certified_piece(family: SymmetricFamily, located: LocatedPiece) -> CertifiedPiece | Failure:
    """Prove what holds over a piece, loosened for a checker that rounds differently.

    Args:
        family: the family.
        located: the piece, and where the critical point is.

    Raises:
        UndefinedError: the piece is too wide.
    """
    statements = prove_statements(family, located, _DIGITS)
    if isinstance(statements, Failure):
        return statements
    piece, predictor, location = located.piece, located.predictor, located.location
    return CertifiedPiece(piece, predictor, location, statements.loosened())
