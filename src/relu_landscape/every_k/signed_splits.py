"""At which real k signed splits of the rows of a family are minima, and from which on saddles.

Where the inner Hessian of a neuron is negative definite off the neuron, every signed split of it,
whatever gamma, is a minimum that is not strict: `certificates.plateau`. Where it has eigenvalues of
both signs, every split is a strict saddle, signed or not.

Along a branch every component but t keeps its sign. Let K be the matrix on t, over h = k^(-1/2).
At h = 0 its determinant is, with g = 2 - 4/pi,

    II    row w: -m g^2       row s, m > 1: 2 (4/pi)^2 - (m - 1) g^2
    I     row w: 8 - m g^2    row s, m > 1: (m - 1) (3 - m) F^2, F = g,

up to positive factors, so that for large k rows w of II_m, rows s of II_m with m > 7, rows w of I_m
with m > 15 and rows s of I_m with m > 3 have inner Hessians of both signs, and all others but rows
s of I_3 negative ones. For rows s of I_m it is so whatever the unknowns are: at m = 3 -det K is 0
at h = 0, and if it falls from there, K is negative definite next to it.

A piece of h over which neither -det K > 0 nor -K > 0 is shown is one over which -det K is shown to
fall, by its derivative along the branch; if it is not, the piece is halved, and the branch located
anew. Where -det K falls through 0, a piece of its own holds the zero.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any, Final, Literal, TypeAlias

from flint import arb, arb_mat

from relu_landscape.arguments import checked_arguments, instance_of
from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k.branch import network_at, predict, residual_at, solve_at
from relu_landscape.every_k.certificate import (
    CertifiedPiece,
    EveryKCertificate,
    SignedSplits,
    certified_piece,
)
from relu_landscape.every_k.definite_pieces import is_positive_definite
from relu_landscape.every_k.generic_numbers import Number, independent, partials
from relu_landscape.every_k.inner_forms import InnerForm, inner_forms
from relu_landscape.every_k.location import UNIQUENESS_RADII, LocatedPiece, are_chained, locate
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily, scale_at
from relu_landscape.every_k.statements import coefficient_matrices
from relu_landscape.every_k.sweep import GRID
from relu_landscape.every_k.taylor import Piece, UndefinedError, bound, expand, join
from relu_landscape.families.family import Family

_ORDER: Final = 2
# Pieces that are not decided are halved down to this reach.
_SHORT: Final = 2.0**-24
_MARGIN: Final = 2.0**-42  # relative, in h, of both ends from what bisection in float64 finds
_BISECTIONS: Final = 60
# det K of this class is 0 at h = 0, whatever the unknowns are.
_ZERO_AT_INFINITY: Final = (SymmetricFamily(Family.I, 3), "s")
_FROM_ZERO: Final = re.compile("turning( minima)?")
# Minima at the least k, saddles at the largest.
_TURNS: Final = re.compile("(saddles )?(turning )?turn( turning)?( minima)?")


Outcome: TypeAlias = Literal["minima", "turn", "saddles", "undecided"]


@dataclass(frozen=True)
class SignedSplitsForEveryK:
    """What signed splits of a class of neurons are at all real k >= least_k.

    least_k: exact; outcome: minima, saddles, turn or undecided; turn: at a turn they are minima up
    to the first of these k and saddles from the second on, and change once in between; else None.
    """

    least_k: Fraction
    outcome: Outcome
    turn: tuple[Fraction, Fraction] | None


@checked_arguments(certificate=instance_of(EveryKCertificate))
def decide_signed_splits(certificate: EveryKCertificate) -> EveryKCertificate:
    """Prove what signed splits of the rows of a family are, piece by piece, for every gamma > 1.

    Args:
        certificate: a family that is a strict minimum for every k from a bound on.

    Returns:
        The certificate, in pieces as short as need be, which say of both classes of neurons what is
        shown; as it was, with nothing decided, where these are not shown to be one curve.

    Source: derived here.
    """
    with precision(certificate.bits):
        pieces = tuple(y for x in certificate.pieces for y in _decided(certificate.family, x))
        joined = all(are_chained(x, y) for x, y in pairwise(pieces))
    return replace(certificate, pieces=pieces) if joined else certificate


@checked_arguments(certificate=instance_of(EveryKCertificate))
def signed_splits_of(certificate: EveryKCertificate) -> dict[str, SignedSplitsForEveryK]:
    """Return what a certificate says of signed splits, by class of neurons, w and s.

    Args:
        certificate: of `decide_signed_splits`; without it all is undecided.

    Source: derived here.
    """
    family = certificate.family
    found = {}
    for name in neuron_classes(family):
        said = [x.signed_splits[name] for x in certificate.pieces]
        from_zero = (family, name) == _ZERO_AT_INFINITY
        outcome = _outcome(" ".join(x for x, _ in groupby(said)), from_zero)
        turn = None
        if outcome == "turn":
            piece = certificate.pieces[said.index(SignedSplits.TURN)].piece
            turn = Fraction(piece.right) ** -2, Fraction(piece.left) ** -2
        found[name] = SignedSplitsForEveryK(certificate.least_k, outcome, turn)
    return found


def neuron_classes(family: SymmetricFamily) -> str:
    """Return the names of the classes of neurons that a family has."""
    return "ws" if family.special_rows else "w"


def _outcome(said: str, from_zero: bool) -> Outcome:
    """What pieces say together.

    said: the words, from h = 0 on; of neighbours that are the same, one; from_zero: whether -det K
    is 0 at h = 0.
    """
    if said == "minima" or (from_zero and _FROM_ZERO.fullmatch(said)):
        return "minima"
    if said == "saddles":
        return "saddles"
    return "turn" if _TURNS.fullmatch(said) else "undecided"


def _decided(family: SymmetricFamily, piece: CertifiedPiece) -> Iterator[CertifiedPiece]:
    """Parts of a piece, with what is shown over each; the piece alone where parts do not join."""
    said = {x: ClassOfRows(family, x).said(piece) for x in neuron_classes(family)}
    ends = _ends_of_parts(family, piece, said)
    parts = _parts(family, piece, ends) if ends else []
    if not parts:
        yield replace(piece, signed_splits=said)
        return
    for part in parts:
        yield from _decided(family, part)


def _ends_of_parts(
    family: SymmetricFamily, piece: CertifiedPiece, said: dict[str, SignedSplits]
) -> list[int]:
    """Ends of the parts that a piece falls into, over GRID; none if it stays whole."""
    left, right = (round(x * GRID) for x in (piece.piece.left, piece.piece.right))
    for name, shown in said.items():
        if shown is SignedSplits.TURN:
            h = ClassOfRows(family, name).zero_in_floats(piece)
            reach, center = math.ceil(_MARGIN * h * GRID), round(h * GRID)
            around = [center - reach, center + reach]
            if left < around[0] < around[1] < right:
                return [left, *around, right]
    if SignedSplits.UNDECIDED in said.values() and piece.piece.reach > _SHORT:
        return [left, (left + right) // 2, right]
    return []


def _parts(family: SymmetricFamily, piece: CertifiedPiece, ends: list[int]) -> list[CertifiedPiece]:
    """The parts with these ends, certified and one curve; none where that is not shown."""
    parts: list[CertifiedPiece] = []
    for start, end in pairwise(ends):
        found = _certified_part(family, piece, Piece(start / GRID, end / GRID))
        if found is None or (parts and not are_chained(parts[-1], found)):
            return []
        parts.append(found)
    return parts


def _certified_part(
    family: SymmetricFamily, piece: CertifiedPiece, part: Piece
) -> CertifiedPiece | None:
    """What is proved over a part of a piece, where the branch is located better.

    It is the same: the two agree at one h, and each is the only zero near it at every h.
    """
    guess = [float(x) for x in piece.at(part.center)]
    try:
        predictor = predict(family, part.center, guess)
        # In small boxes the Jacobian hardly varies: a checker finds nearly the same radii, though a
        # short part leaves it no halves on which they would be smaller.
        found = locate(family, part, predictor, UNIQUENESS_RADII[::-1])
        if found is None or not found.is_unique_in(piece, arb(part.center)):
            return None
        certified = certified_piece(family, found)
    except (NewtonError, UndefinedError):
        return None
    return None if isinstance(certified, Failure) else certified


@dataclass(frozen=True)
class ClassOfRows:
    """A class of neurons of a family, and its K.

    family: the family; neuron_class: w or s.
    """

    family: SymmetricFamily
    neuron_class: str

    def said(self, piece: LocatedPiece) -> SignedSplits:
        """What is shown over a piece: a turn where -det K falls and changes its sign."""
        spread = piece.location.radius.tolist()
        try:
            center, whole = expand(self._forms_at, piece.piece, piece.predictor, spread, _ORDER)
            pairs = list(zip(center, whole, strict=True))
            if not all(_is_negative(x, y, piece.piece) for x, y in pairs if x.irrep != "t"):
                return SignedSplits.UNDECIDED
            near, far = next(pair for pair in pairs if pair[0].irrep == "t")
            if _is_negative(near, far, piece.piece):
                return SignedSplits.MINIMA
            if bound(join(_defect(near), _defect(far), _ORDER), piece.piece.reach) > 0:
                return SignedSplits.SADDLES
            if not self.slope_over(piece) < 0:
                return SignedSplits.UNDECIDED
            left, right = (self._form_at(piece, h) for h in (piece.piece.left, piece.piece.right))
        except UndefinedError:
            return SignedSplits.UNDECIDED
        turns = _defect(left) > 0 and _defect(right) < 0 and right.form.matrix[0][0] < 0
        return SignedSplits.TURN if turns else SignedSplits.TURNING

    def _forms_at(self, h: Number, unknowns: Sequence[Number]) -> list[InnerForm]:
        found = inner_forms(network_at(self.family, h, unknowns))
        return [x for x in found if x.neuron_class == self.neuron_class]

    def _on_t(self, x: ScaledNetwork) -> InnerForm:
        """K."""
        found = inner_forms(x)
        return next(y for y in found if (y.neuron_class, y.irrep) == (self.neuron_class, "t"))

    def _form_at(self, piece: LocatedPiece, h: float) -> InnerForm:
        """K at the critical point of one h of a piece, in balls."""
        return self._on_t(network_at(self.family, arb(h), piece.unknowns(arb(h))))

    def slope_over(self, piece: LocatedPiece) -> Any:
        """A ball of the derivative of -det K by h along the branch, over a piece.

        The branch is the predictor and y(h), with J y' = -dG/dh, the derivative of the residual
        along the predictor and a y that stays as it is.
        """
        spread = piece.location.radius.tolist()
        size = len(spread)

        def along(h: Number, unknowns: Sequence[Number]) -> list[Number]:
            defect = _defect(self._on_t(network_at(self.family, h, unknowns)))
            return [defect, *residual_at(self.family, h, unknowns)]

        center, whole = expand(along, piece.piece, piece.predictor, spread, _ORDER)
        reach = arb(0, piece.piece.reach)
        slopes = [
            x[1] + 2 * x[2] * reach
            for x in (join(near, far, _ORDER) for near, far in zip(center, whole, strict=True))
        ]
        h = piece.piece.whole
        box = independent(piece.unknowns(h))
        jacobian = [list(partials(x, size)) for x in residual_at(self.family, h, box)]
        by_unknown = partials(_defect(self._on_t(network_at(self.family, h, box))), size)
        try:
            rates = arb_mat(jacobian).solve(arb_mat(size, 1, slopes[1:])).entries()
        except ZeroDivisionError as error:
            raise UndefinedError(f"the Jacobian may be singular: {error}") from error
        return slopes[0] - sum(x * y for x, y in zip(by_unknown, rates, strict=True))

    def zero_in_floats(self, piece: LocatedPiece) -> float:
        """The h of a piece at which -det K is 0, by bisection."""
        left, right = piece.piece.left, piece.piece.right
        point = [float(x) for x in piece.at(left)]
        for _ in range(_BISECTIONS):
            h = (left + right) / 2
            unknowns = solve_at(self.family, h, point)[0]
            named = dict(zip(self.family.unknowns, unknowns, strict=True))
            at = ScaledNetwork(self.family, scale_at(self.family, h, math.pi), named)
            value = _defect(self._on_t(at))
            left, right = (h, right) if value > 0 else (left, h)
        return left


def _defect(x: InnerForm) -> Number:
    """-det K, above zero where K has both signs; of a matrix of size 1, K."""
    matrix = x.form.matrix
    if len(matrix) == 1:
        return matrix[0][0]
    return matrix[0][1] * matrix[1][0] - matrix[0][0] * matrix[1][1]


def _is_negative(near: InnerForm, far: InnerForm, piece: Piece) -> bool:
    matrices = coefficient_matrices(near.form.matrix, far.form.matrix, _ORDER)
    return is_positive_definite([-x for x in matrices], piece.reach)
