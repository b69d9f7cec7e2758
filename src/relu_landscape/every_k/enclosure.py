"""A family at one k, up to k = infinity, enclosed within its proof for all k."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from flint import arb

from relu_landscape.arguments import checked_arguments, exact_number, text, whole_number
from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.certificates.rounding import Interval, decimal_above, decimal_below, interval
from relu_landscape.every_k.branch import network_at, predict
from relu_landscape.every_k.certificate import (
    CertifiedPiece,
    EveryKOutcome,
    certify_family_for_all_k,
    named_family,
    require_size,
)
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.location import locate
from relu_landscape.every_k.scaled_loss import scaled_loss
from relu_landscape.every_k.scaling import SymmetricFamily, entries
from relu_landscape.every_k.statements import prove_statements
from relu_landscape.every_k.taylor import Piece, UndefinedError

_BITS: Final = 128
_DIGITS: Final = 15
# Bits of the ends of the interval around h.
_PLACE_BITS: Final = 48


@dataclass(frozen=True)
class Enclosure:
    """What is proved of a family at one k; at k = infinity, of its limits.

    Attributes
    ----------
    k: exact, or infinity.
    loss_lower, loss_upper: ends of an interval that holds F.
    smallest_eigenvalue_lower: lower bound of the eigenvalues of the Hessian, for every d >= k. At
        infinity each smaller number is a bound for all k from some k on.
    entries: intervals of the entries of W: a, b, c of a row w, d, f, g of a special row, see
        `every_k.scaling`.
    unknowns: intervals of the scaled entries A, B, ..., which have limits.
    """

    k: Fraction | float
    loss_lower: Decimal
    loss_upper: Decimal
    smallest_eigenvalue_lower: Decimal
    entries: dict[str, Interval]
    unknowns: dict[str, Interval]


def _exact_or_infinite(value: object, name: str) -> Fraction | float:
    """A positive real number, exactly, or infinity.

    Raises:
        ValueError: neither.
    """
    if isinstance(value, float) and value == math.inf:
        return math.inf
    return Fraction(exact_number(value, name))


@checked_arguments(family=text, special_rows=whole_number, k=_exact_or_infinite)
def enclose(family: str, special_rows: int, k: Fraction | float) -> Enclosure | Failure:
    """Enclose loss, curvature and entries of a family at any real k, or in the limit.

    The family is proved for all k first, once in a process. At this k the critical point is then
    located anew, next to the predictor of the piece, and in its box of uniqueness.

    Args:
        family: "A", "I" or "II".
        special_rows: m, neurons in the second block; 0 for A.
        k: number of teachers, a whole number for a network, but any real number is taken;
            math.inf for the limit.

    Returns:
        The enclosure, or why the family is not shown to be a minimum at this k.

    Raises:
        ValueError: no such family, or a k that it does not come with.

    Source: derived here.
    """
    named = named_family(family, special_rows)
    if k != math.inf:
        require_size(named, Fraction(k), "k")
    proved = _proved(family, special_rows)
    if not isinstance(proved, Failure) and proved.least_k > k:
        proved = certify_family_for_all_k(family, special_rows, least_k=Fraction(k))
    if isinstance(proved, Failure):
        return proved
    with precision(_BITS):
        try:
            return _enclose(named, k, proved.piece_at(k))
        except (NewtonError, UndefinedError) as error:
            return Failure(FailureReason.NEWTON_LEFT, str(error))


@lru_cache(maxsize=16)
def _proved(family: str, special_rows: int) -> EveryKOutcome:
    return certify_family_for_all_k(family, special_rows)


def _enclose(
    family: SymmetricFamily, k: Fraction | float, known: CertifiedPiece
) -> Enclosure | Failure:
    h = arb(0) if k == math.inf else exact(Fraction(k)).rsqrt()
    piece = _around(h)
    guess = [float(x) for x in known.predictor.over(h, [0.0] * len(family.unknowns))]
    located = locate(family, piece, predict(family, piece.center, guess))
    if located is None or not located.is_unique_in(known, h):
        return Failure(FailureReason.BOX_TOO_WIDE, f"the branch is not located at k = {float(k)}")
    found = prove_statements(family, located, _DIGITS)
    if isinstance(found, Failure):
        return found
    unknowns = dict(zip(family.unknowns, located.unknowns(h), strict=True))
    network = network_at(family, h, list(unknowns.values()))
    loss = scaled_loss(network)
    if family.sign == 1:
        # k F/m
        loss = loss * network.scale.t
    return Enclosure(
        k=k,
        loss_lower=decimal_below(loss, _DIGITS),
        loss_upper=decimal_above(loss, _DIGITS),
        smallest_eigenvalue_lower=min(found.eigenvalue_lower.values()),
        entries={
            name: interval(x, _DIGITS)
            for name, x in entries(family, network.scale, unknowns).items()
        },
        unknowns={name: interval(x, _DIGITS) for name, x in unknowns.items()},
    )


def _around(h: Number) -> Piece:
    """A short interval with exact ends around a ball h >= 0, which is as short."""
    if h == 0:
        return Piece(0.0, 0.0)
    mantissa, exponent = math.frexp(float(h))
    place = math.floor(math.ldexp(mantissa, _PLACE_BITS))
    # One unit on either side holds h, whatever was rounded.
    left, right = (math.ldexp(place + shift, exponent - _PLACE_BITS) for shift in (-1, 2))
    return Piece(left, right)
