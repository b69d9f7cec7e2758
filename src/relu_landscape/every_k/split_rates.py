"""How fast split saddles of II_1 flatten, for every k: their new eigenvalues, enclosed.

A split of a neuron w into c w and (1 - c) w adds the form u^T H' u/(c (1 - c)) along (u, -u) to the
Hessian, H' its inner Hessian; of two halves the new eigenvalues are twice those of H'. Over a piece
of the certificate each one is h^power times a function of h that is enclosed; the coefficients of
that function at h = 0 are enclosed, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from relu_landscape.arguments import checked_arguments, instance_of, whole_number
from relu_landscape.certificates.outcome import Failure
from relu_landscape.certificates.precision import precision
from relu_landscape.certificates.rounding import Interval, interval
from relu_landscape.every_k.branch import network_at
from relu_landscape.every_k.certificate import EveryKCertificate
from relu_landscape.every_k.enclosed_series import enclose_along
from relu_landscape.every_k.generic_numbers import Number
from relu_landscape.every_k.location import LocatedPiece
from relu_landscape.every_k.scaled_network import ScaledNetwork
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.split_eigenvalues import (
    SplitEigenvalue,
    require_splits_stated,
    split_eigenvalues,
)
from relu_landscape.every_k.taylor import Piece, UndefinedError, bound, expand, join
from relu_landscape.families.family import Family

_ORDER: Final = 2
_DIGITS: Final = 15
# A piece is bisected thrice: where located, these functions vary more than what it was made for.
_PARTS: Final = 8
_ROOM: Final = Decimal(1) / 16


@dataclass(frozen=True)
class EnclosedSplit:
    """An eigenvalue of the inner Hessian of a neuron is h^power times a number in an interval.

    neuron_class: w or s; irrep: as in `symmetry.inner_hessian`; place: among those of its irrep;
    power: of h; coefficients: the interval; of a series, those of its coefficients.
    """

    neuron_class: str
    irrep: str
    place: int
    power: int
    coefficients: tuple[Interval, ...]


@checked_arguments(certificate=instance_of(EveryKCertificate))
def enclose_splits(certificate: EveryKCertificate) -> list[list[EnclosedSplit]]:
    """Enclose all eigenvalues of the inner Hessians over each piece, but the 0 along the neuron.

    Args:
        certificate: II_1 for every k from a bound on.

    Returns:
        For each piece the eigenvalues, each with one interval.

    Raises:
        ValueError: another family.
        UndefinedError: a piece is too wide.

    Source: derived here.
    """
    require_splits_stated(certificate.family)
    with precision(certificate.bits):
        return [_over_piece(certificate.family, x) for x in certificate.pieces]


@checked_arguments(terms=whole_number)
def enclose_split_series(*, terms: int = 3) -> list[EnclosedSplit] | Failure:
    """Enclose the first coefficients of the eigenvalues of the inner Hessians of II_1 in h.

    Args:
        terms: number of coefficients, at least 1.

    Returns:
        The eigenvalues, each with an interval for each coefficient of eigenvalue/h^power; or why
        the point at h = 0 is not located.

    Raises:
        ValueError: no term.

    Source: derived here.
    """
    if terms < 1:
        raise ValueError(f"terms = {terms}; it must be 1 or more")
    named: list[SplitEigenvalue] = []

    def coefficients(network: ScaledNetwork) -> list[Number]:
        named.extend(split_eigenvalues(network))
        return [x.coefficient for x in named]

    found = enclose_along(SymmetricFamily(Family.II, 1), terms, coefficients)
    if isinstance(found, Failure):
        return found
    return [_enclosed(x, y) for x, y in zip(named, found, strict=True)]


def _over_piece(family: SymmetricFamily, located: LocatedPiece) -> list[EnclosedSplit]:
    def values(h: Number, unknowns: Sequence[Number]) -> list[SplitEigenvalue]:
        return split_eigenvalues(network_at(family, h, unknowns))

    spread = located.location.radius.tolist()
    named: list[SplitEigenvalue] = []
    balls: list[list[Number]] = []
    for piece in _parts(located.piece):
        named, whole = expand(values, piece, located.predictor, spread, _ORDER)
        balls.append(
            [
                bound(join(near.coefficient, far.coefficient, _ORDER), piece.reach)
                for near, far in zip(named, whole, strict=True)
            ]
        )
        if not all(x.is_finite() for x in balls[-1]):
            raise UndefinedError(f"split eigenvalues from {piece.left} to {piece.right}")
    hulls = [_hull(parts) for parts in zip(*balls, strict=True)]
    return [_enclosed(x, (_wider(hull),)) for x, hull in zip(named, hulls, strict=True)]


def _parts(piece: Piece) -> list[Piece]:
    """Equal parts, whose ends and middles are floats, as are those of all pieces above 2^-50."""
    step = (piece.right - piece.left) / _PARTS
    ends = [piece.left + i * step for i in range(_PARTS + 1)]
    return [Piece(left, right) for left, right in pairwise(ends)]


def _hull(balls: Sequence[Number]) -> Interval:
    ends = [interval(x, _DIGITS) for x in balls]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _wider(hull: Interval) -> Interval:
    """With room for a checker that rounds differently."""
    low, high = hull
    room = (high - low) * _ROOM
    return low - room, high + room


def _enclosed(x: SplitEigenvalue, coefficients: tuple[Interval, ...]) -> EnclosedSplit:
    return EnclosedSplit(x.neuron_class, x.irrep, x.place, x.power, coefficients)
