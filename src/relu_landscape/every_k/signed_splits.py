"""At which real k signed splits of the rows of a family are minima, and from which on saddles.

Where the inner Hessian of a neuron is negative definite off the neuron, every signed split of it,
whatever gamma, is a minimum that is not strict: `certificates.plateau`. Where it has eigenvalues of
both signs, every split is a strict saddle, signed or not.

Along a branch every component but t keeps its sign. Let K be the matrix on t, over h = k^(-1/2).
At h = 0 its determinant is, with g = 2 - 4/pi,

    II    row w: -m g^2       row s, m > 1: 2 (4/pi)^2 - (m - 1) g^2
    I     row w: 8 - m g^2    row s, m > 1: (3 - m) g^2,

so that for large k rows w of II_m, rows s of II_m with m > 7, rows w of I_m with m > 15 and rows s
of I_m with m > 3 have inner Hessians of both signs, and all others but rows s of I_3 negative ones.

A piece of h over which neither det K < 0 nor -K > 0 is shown is halved, and the branch is located
anew; where what is left is short, the slope of -det K is enclosed with the derivatives of the
unknowns along the branch: if that is negative, det K has a single zero, is negative for larger k
and positive for smaller ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from flint import arb, arb_series

from relu_landscape.arguments import checked_arguments, instance_of
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import exact, precision
from relu_landscape.certificates.rounding import decimal_above, decimal_below
from relu_landscape.every_k.branch import network_at, predict, solve_at, truncation
from relu_landscape.every_k.certificate import EveryKCertificate
from relu_landscape.every_k.definite_pieces import is_positive_definite
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.inner_forms import InnerForm, inner_forms
from relu_landscape.every_k.location import LocatedPiece, locate
from relu_landscape.every_k.real_thresholds import rates_over
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily, scale_at
from relu_landscape.every_k.statements import coefficient_matrices
from relu_landscape.every_k.sweep import GRID
from relu_landscape.every_k.taylor import Piece, UndefinedError, bound, expand, join

_ORDER: Final = 2
# Pieces that are not decided are halved down to this; on longer ones no slope is shown.
_SHORT: Final = 2.0**-17
_MARGIN: Final = 2.0**-42  # relative, in h, of both ends from what bisection in float64 finds
_BISECTIONS: Final = 60
_DIGITS: Final = 14
_SLOPE_DIGITS: Final = 6


@dataclass(frozen=True)
class EndOfPlateaus:
    """Where signed splits of a class of neurons cease to be minima.

    lower, upper: they are minima at every real k <= lower, and strict saddles at every real k >=
    upper, as are splits into parts of one sign; slope_upper: upper bound, below zero, of the
    derivative of -det K by k^(-1/2) between the two: it is 0 at one k alone.
    """

    lower: Decimal
    upper: Decimal
    slope_upper: Decimal


@dataclass(frozen=True)
class SignedSplitsForEveryK:
    """What signed splits of a family are for all real k >= least_k, all gamma > 1 and all d >= k.

    least_k: exact; ends: by class of neurons, w and s, where signed splits of it cease to be
    minima, None if they are for all of these k.
    """

    least_k: Fraction
    ends: dict[str, EndOfPlateaus | None]


@checked_arguments(certificate=instance_of(EveryKCertificate))
def enclose_signed_splits(certificate: EveryKCertificate) -> SignedSplitsForEveryK | Failure:
    """Prove for every k at once which signed splits of the rows of a family are minima.

    Args:
        certificate: a family that is a strict minimum for every k from a bound on.

    Returns:
        What they are, and the k at which those of a class change, some 12 digits of it; or what
        could not be proved.

    Raises:
        UndefinedError: a piece is too wide.

    Source: derived here.
    """
    family = certificate.family
    ends: dict[str, EndOfPlateaus | None] = {}
    with precision(certificate.bits):
        for located in certificate.pieces:
            positive = _others_that_are_not_negative(family, located)
            if positive:
                return _not_shown(f"that the inner Hessian is negative on {', '.join(positive)}")
        for neuron_class in "ws"[: 1 + (family.special_rows > 0)]:
            end = _Rows(family, neuron_class).end(certificate)
            if isinstance(end, Failure):
                return end
            ends[neuron_class] = end
    return SignedSplitsForEveryK(certificate.least_k, ends)


def _others_that_are_not_negative(family: SymmetricFamily, located: LocatedPiece) -> list[str]:
    """Names of the components but t on which -H'_ii > 0 is not shown over a piece."""

    def others(h: Number, unknowns: Sequence[Number]) -> list[InnerForm]:
        return [x for x in inner_forms(network_at(family, h, unknowns)) if x.irrep != "t"]

    spread = located.location.radius.tolist()
    center, whole = expand(others, located.piece, located.predictor, spread, _ORDER)
    return [
        f"{near.irrep} of {near.neuron_class}"
        for near, far in zip(center, whole, strict=True)
        if not _is_negative(near, far, located.piece)
    ]


def _is_negative(near: InnerForm, far: InnerForm, piece: Piece) -> bool:
    matrices = coefficient_matrices(near.form.matrix, far.form.matrix, _ORDER)
    return is_positive_definite([-x for x in matrices], piece.reach)


def _located_in(family: SymmetricFamily, located: LocatedPiece, part: Piece) -> LocatedPiece:
    """The branch over a part of a piece, where it is located better.

    It is the same: the two agree at one h, and each is the only zero near it at every h.
    """
    guess = [float(x) for x in located.at(part.center)]
    found = locate(family, part, predict(family, part.center, guess))
    if found is None or not found.is_unique_in(located, arb(part.center)):
        raise UndefinedError(f"the branch is not located from {part.left} to {part.right}")
    return found


@dataclass(frozen=True)
class _Rows:
    """A class of neurons of a family, and its K."""

    family: SymmetricFamily
    neuron_class: str

    def end(self, certificate: EveryKCertificate) -> EndOfPlateaus | Failure | None:
        """Where K ceases to be negative, None if it does not."""
        decided = [y for x in certificate.pieces for y in self._decided(x)]
        signs = [sign for sign, _ in decided]
        if set(signs) == {-1}:
            return None
        what = f"a single change of t of {self.neuron_class}"
        if signs[0] != 1 or signs[-1] != -1 or signs != sorted(signs, reverse=True):
            return _not_shown(f"{what} above k = {float(certificate.least_k):g}")
        short = [located for sign, located in decided if sign == 0]
        slopes = [self._slope_over(x) for x in short]
        ends = self._ends_of_zero(short)
        if ends is None or not all(x < 0 for x in slopes):
            return _not_shown(f"{what} next to h = {short[0].piece.center:g}")
        return EndOfPlateaus(*ends, decimal_above(max(x.upper() for x in slopes), _SLOPE_DIGITS))

    def _form(self, x: ScaledNetwork) -> InnerForm:
        """K."""
        found = inner_forms(x)
        return next(y for y in found if (y.neuron_class, y.irrep) == (self.neuron_class, "t"))

    def _defect(self, x: ScaledNetwork) -> Number:
        """-det K, above zero where K has both signs; of a matrix of size 1, K."""
        matrix = self._form(x).form.matrix
        if len(matrix) == 1:
            return matrix[0][0]
        return matrix[0][1] * matrix[1][0] - matrix[0][0] * matrix[1][1]

    def _decided(self, located: LocatedPiece) -> Iterator[tuple[int, LocatedPiece]]:
        """Parts of a piece: 1 where K has both signs, -1 where it is negative, 0 on short ones."""
        sign = self._sign_over(located)
        if sign or located.piece.reach <= _SHORT / 2:
            yield sign, located
            return
        left, right = (round(x * GRID) for x in (located.piece.left, located.piece.right))
        middle = (left + right) // 2
        for start, end in ((left, middle), (middle, right)):
            part = Piece(start / GRID, end / GRID)
            yield from self._decided(_located_in(self.family, located, part))

    def _sign_over(self, located: LocatedPiece) -> int:
        def values(h: Number, unknowns: Sequence[Number]) -> tuple[InnerForm, Number]:
            network = network_at(self.family, h, unknowns)
            return self._form(network), self._defect(network)

        piece, spread = located.piece, located.location.radius.tolist()
        center, whole = expand(values, piece, located.predictor, spread, _ORDER)
        if _is_negative(center[0], whole[0], piece):
            return -1
        return int(bound(join(center[1], whole[1], _ORDER), piece.reach) > 0)

    def _slope_over(self, located: LocatedPiece) -> Any:
        """A ball of the derivative of -det K by h along the branch, over a piece."""
        rates, whole = rates_over(self.family, located), located.piece.whole
        with truncation(2):
            moved = zip(located.unknowns(whole), rates, strict=True)
            unknowns = [arb_series([x, y]) for x, y in moved]
            return self._defect(network_at(self.family, arb_series([whole, arb(1)]), unknowns))[1]

    def _ends_of_zero(self, short: list[LocatedPiece]) -> tuple[Decimal, Decimal] | None:
        """Two k, one below and one above that of the zero, or None where that is not shown."""
        h = self._zero_in_floats(short)
        upper = decimal_above((h * (1 - _MARGIN)) ** -2.0, _DIGITS)
        lower = decimal_below((h * (1 + _MARGIN)) ** -2.0, _DIGITS)
        reach, center = math.ceil(2 * _MARGIN * GRID), round(h * GRID)
        around = Piece((center - reach) / GRID, (center + reach) / GRID)
        holders = [x for x in short if x.piece.left <= around.left < around.right <= x.piece.right]
        if not holders:
            return None
        near = _located_in(self.family, holders[0], around)
        for k, sign in ((upper, 1), (lower, -1)):
            at = exact(Fraction(k)).rsqrt()
            value = self._defect(network_at(self.family, at, near.unknowns(at)))
            if not (around.left < at < around.right and sign * value > 0):
                return None
        return lower, upper

    def _zero_in_floats(self, short: list[LocatedPiece]) -> float:
        """The h at which -det K is 0, by bisection."""
        left, right = short[0].piece.left, short[-1].piece.right
        point = [float(x) for x in short[0].at(left)]
        for _ in range(_BISECTIONS):
            h = (left + right) / 2
            unknowns = solve_at(self.family, h, point)[0]
            named = dict(zip(self.family.unknowns, unknowns, strict=True))
            value = self._defect(
                ScaledNetwork(self.family, scale_at(self.family, h, math.pi), named)
            )
            left, right = (h, right) if value > 0 else (left, h)
        return left


def _not_shown(what: str) -> Failure:
    return Failure(FailureReason.INNER_HESSIAN_NOT_DEFINITE, f"not shown: {what}")
