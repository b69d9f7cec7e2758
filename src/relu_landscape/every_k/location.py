r"""Existence and uniqueness of the branch over a piece, by Krawczyk's operator.

Let x(h) be the predictor, Y a matrix, J the derivative of the residual G by the unknowns over all h
of the piece and all x within R of x(h). For each h the map T(x) = x - Y G(h, x) has, in that box,

    |T(x) - x(h)| <= |Y G(h, x(h))| + |I - Y J| |x - x(h)|       (componentwise).

If the right side at |x - x(h)| = R is below R, then T maps the box into its interior, and contracts
in the norm max |x_i|/R_i; Y is regular, so the box holds exactly one zero of G. That zero is the
fixed point, so it is within any r <= R with |Y G| + |I - Y J| r <= r.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

import numpy as np
from flint import arb_mat
from numpy.typing import NDArray

from relu_landscape.every_k.branch import Predictor, residual_at
from relu_landscape.every_k.generic_numbers import Number, independent, partials
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.taylor import Piece, UndefinedError, bound, expand, join

# Radii of uniqueness that are tried, the largest first.
UNIQUENESS_RADII: Final = (2.0**-5, 2.0**-7, 2.0**-9, 2.0**-11, 2.0**-13)
_LARGEST_CONTRACTION: Final = 0.75
# Radii of location are larger than they need be, for a checker that rounds differently.
_ROOM: Final = 1.125
_LEAST_RADIUS: Final = 2.0**-60
# With larger ones, what is stated of the loss is loose.
_LARGEST_RADIUS: Final = 2.0**-13
_RESIDUAL_ORDER: Final = 3
_JACOBIAN_ORDER: Final = 2


@dataclass(frozen=True)
class Location:
    """Where the branch is over a piece.

    radius: (unknowns,) the critical point is within this of the predictor; uniqueness: (unknowns,)
    and is the only one within this.
    """

    radius: NDArray[np.float64]
    uniqueness: NDArray[np.float64]


@dataclass(frozen=True)
class LocatedPiece:
    """An interval of h over which the branch is located.

    piece: the interval; predictor: about its middle; location: the branch near it.
    """

    piece: Piece
    predictor: Predictor
    location: Location

    def at(self, h: float) -> list[Fraction]:
        """The predictor at an h, exactly."""
        moved = Fraction(h) - Fraction(self.predictor.center)
        return [
            (Fraction(c2) * moved + Fraction(c1)) * moved + Fraction(c0)
            for c0, c1, c2 in self.predictor.coefficients.tolist()
        ]

    def unknowns(self, h: Number) -> list[Number]:
        """Balls that hold the critical point at a ball h in the piece."""
        return self.predictor.over(h, self.location.radius.tolist())

    def is_unique_in(self, other: LocatedPiece, h: Number) -> bool:
        """Say whether the critical point at h is shown to be that of another piece that holds h."""
        center = other.predictor.over(h, [0.0] * len(self.location.radius))
        limits = other.location.uniqueness.tolist()
        return all(
            abs(x - y) < limit for x, y, limit in zip(self.unknowns(h), center, limits, strict=True)
        )


def are_chained(left: LocatedPiece, right: LocatedPiece) -> bool:
    """Say whether, at the shared end, one box of location lies in the other box of uniqueness."""
    h = right.piece.left
    apart = [abs(x - y) for x, y in zip(left.at(h), right.at(h), strict=True)]
    return any(
        all(
            gap + Fraction(near) <= Fraction(far)
            for gap, near, far in zip(
                apart, a.location.radius.tolist(), b.location.uniqueness.tolist(), strict=True
            )
        )
        for a, b in ((left, right), (right, left))
    )


def locate(
    family: SymmetricFamily,
    piece: Piece,
    predictor: Predictor,
    uniqueness_radii: Sequence[float] = UNIQUENESS_RADII,
) -> LocatedPiece | None:
    """Prove that there is exactly one critical point near the predictor, for every h of a piece.

    Args:
        family: the family.
        piece: the interval of h.
        predictor: about its middle.
        uniqueness_radii: that are tried, one after the other.

    Returns:
        Where it is, or None if that is not shown.

    Raises:
        UndefinedError: the piece is too wide even for the residual along the predictor.
    """
    size = len(family.unknowns)
    zeros = [0.0] * size
    center, whole = expand(
        lambda h, x: residual_at(family, h, x), piece, predictor, zeros, _RESIDUAL_ORDER
    )
    coefficients = [join(x, y, _RESIDUAL_ORDER) for x, y in zip(center, whole, strict=True)]
    for radius in uniqueness_radii:
        uniqueness = np.full(size, radius)
        try:
            jacobian = _jacobian(family, piece, predictor, uniqueness)
        except UndefinedError:
            continue
        if not all(x.is_finite() for x in jacobian.entries()):
            continue
        middle = np.array([float(x.mid()) for x in jacobian.entries()]).reshape(size, size)
        preconditioner = arb_mat(np.linalg.inv(middle).tolist())
        # Y is applied before absolute values are taken.
        moved = (preconditioner * arb_mat(coefficients)).tolist()
        shift = arb_mat(size, 1, [bound(row, piece.reach).abs_upper() for row in moved])
        contraction = _identity(size) - preconditioner * jacobian
        contraction = arb_mat(size, size, [x.abs_upper() for x in contraction.entries()])
        location = _radii(shift, contraction, uniqueness)
        if location is not None:
            return LocatedPiece(piece, predictor, location)
    return None


def _jacobian(
    family: SymmetricFamily, piece: Piece, predictor: Predictor, spread: NDArray[np.float64]
) -> Any:
    """The derivatives of the residual by the unknowns over a piece and a box, an `arb_mat`."""

    def derivatives(h: Number, unknowns: list[Number]) -> list[Number]:
        values = residual_at(family, h, independent(unknowns))
        return [x for value in values for x in partials(value, len(unknowns))]

    center, whole = expand(derivatives, piece, predictor, spread.tolist(), _JACOBIAN_ORDER)
    entries = [
        bound(join(x, y, _JACOBIAN_ORDER), piece.reach) for x, y in zip(center, whole, strict=True)
    ]
    return arb_mat(len(spread), len(spread), entries)


def _radii(shift: Any, contraction: Any, uniqueness: NDArray[np.float64]) -> Location | None:
    size = len(uniqueness)
    matrix = np.array([float(x) for x in contraction.entries()]).reshape(size, size)
    if not matrix.sum(axis=1).max() < _LARGEST_CONTRACTION:
        return None
    shifts = np.array([float(x) for x in shift.entries()])
    radius = np.linalg.solve(np.eye(size) - matrix, shifts * _ROOM) + _LEAST_RADIUS
    if not (radius <= np.minimum(uniqueness, _LARGEST_RADIUS)).all():
        return None
    for box in (radius, uniqueness):
        image = shift + contraction * arb_mat(size, 1, box.tolist())
        if not all(x < r for x, r in zip(image.entries(), box.tolist(), strict=True)):
            return None
    return Location(radius, uniqueness)


def _identity(size: int) -> Any:
    return arb_mat([[int(i == j) for j in range(size)] for i in range(size)])
