"""Pieces in h = k^(-1/2) that cover [0, h_1], 1/h_1^2 <= least k, and what is proved over each.

Over each the branch is located and is the only zero in a larger box; at a shared end the box of one
piece lies in the larger box of its neighbour, so that the branch is one curve, and analytic: its
Jacobian is regular.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import Final, Generic, TypeVar

from relu_landscape.certificates.newton import NewtonError
from relu_landscape.certificates.outcome import Failure, FailureReason
from relu_landscape.certificates.precision import precision
from relu_landscape.every_k.branch import predict
from relu_landscape.every_k.location import UNIQUENESS_RADII, LocatedPiece, are_chained, locate
from relu_landscape.every_k.scaling import SymmetricFamily
from relu_landscape.every_k.taylor import Piece, UndefinedError

EVERY_K_BITS: Final = 128

# End points of pieces are multiples of 1/GRID.
GRID: Final = 2**50
_LARGEST_STEP: Final = GRID // 64
_LEAST_STEP: Final = 2**8
_GROWTH: Final = Fraction(5, 4)
_SHRINKING: Final = Fraction(3, 4)

Proved = TypeVar("Proved", bound=LocatedPiece)


@dataclass(frozen=True)
class Sweep(Generic[Proved]):
    """A branch from k = infinity on, and what is to be proved of it piece by piece.

    family: which; limit: its unknowns at h = 0; prove: what holds over a piece where the branch is
    located; uniqueness_radii: that are tried.
    """

    family: SymmetricFamily
    limit: Sequence[float]
    prove: Callable[[LocatedPiece], Proved | Failure]
    uniqueness_radii: Sequence[float] = UNIQUENESS_RADII

    def to(self, least_k: Fraction, bits: int) -> tuple[Proved, ...] | Failure:
        """The pieces from h = 0 to least_k^(-1/2), or how far they came and why not further.

        Args:
            least_k: the bound.
            bits: precision of the balls.
        """
        found: list[Proved] = []
        with precision(bits):
            for piece in self._pieces(least_k):
                if isinstance(piece, Failure):
                    return piece
                found.append(piece)
        return tuple(found)

    def _pieces(self, least_k: Fraction) -> Iterator[Proved | Failure]:
        """Pieces as long as they can be; a failure is the last."""
        left, step, last = 0, _LARGEST_STEP, _last_place(least_k)
        guess = list(self.limit)
        before: Proved | None = None
        while left < last:
            right = min(left + step, last)
            found = self.over(Piece(left / GRID, right / GRID), guess, before)
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

    def over(self, piece: Piece, guess: list[float], before: Proved | None) -> Proved | Failure:
        """What is proved over one piece.

        Args:
            piece: the interval of h.
            guess: the unknowns at its left end.
            before: the piece on its left, None at h = 0.
        """
        try:
            predictor = predict(self.family, piece.center, guess)
            located = locate(self.family, piece, predictor, self.uniqueness_radii)
            if located is None:
                return Failure(FailureReason.BOX_TOO_WIDE, "the branch is not located")
            proved = self.prove(located)
        except NewtonError as error:
            return Failure(FailureReason.NEWTON_LEFT, str(error))
        except UndefinedError as error:
            return Failure(FailureReason.BOX_TOO_WIDE, str(error))
        if isinstance(proved, Failure):
            return proved
        if before is not None and not are_chained(before, proved):
            detail = "two neighbours are not shown to be one curve"
            return Failure(FailureReason.BOX_TOO_WIDE, detail)
        return proved


def _last_place(least_k: Fraction) -> int:
    """The smallest n with n/GRID >= least_k^(-1/2)."""
    square = Fraction(GRID**2) / least_k
    return isqrt(-(-square.numerator // square.denominator) - 1) + 1
