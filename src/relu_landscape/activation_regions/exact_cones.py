"""Is a vector of whole numbers in a cone of such vectors?  Decided in exact arithmetic.

Coefficients l >= 0 with C l = y prove that it is, and a separating vector z, with <z, c> <= 0 for
every column c and <z, y> > 0, that it is not. One of the two always exists (Farkas). A float method
guesses which columns are used; whether the guess is right or not, exact steps lead from it to one
of the proofs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np
from numpy.typing import NDArray

Whole = NDArray[np.object_]
"""Array of Python integers."""

_PRIME = 2**61 - 1  # columns independent modulo a prime are independent
_Point = dict[int, flint.fmpq]


@dataclass(frozen=True)
class Decision:
    """Whether a vector is in a cone, with what proves it.

    Attributes:
        inside: whether it is.
        coefficients: (column, l > 0) with sum_j l_j c_j = y, if it is.
        separator: (n,) integers z with <z, c> <= 0 for all columns and <z, y> > 0, if it is not.
    """

    inside: bool
    coefficients: tuple[tuple[int, Fraction], ...]
    separator: tuple[int, ...]


def whole_multiples(numbers: Iterable[float | Fraction]) -> Whole:
    """The numbers times the least power of two, from 1 on, that makes all of them whole.

    Args:
        numbers: finite floats, or fractions over powers of two.
    """
    ratios = [number.as_integer_ratio() for number in numbers]
    common = max((denominator for _, denominator in ratios), default=1)
    whole = [numerator * (common // denominator) for numerator, denominator in ratios]
    return np.array(whole, dtype=object)


def decide_membership(columns: Whole, target: Whole, guess: Sequence[int]) -> Decision:
    """Is there l >= 0 with C l = y?

    Lawson and Hanson's active-set method in rational numbers: the error of the best fit by the
    columns in use either has no positive product with any column, which ends it, or lets a column
    enter, and the fit gets strictly better, so that no set of columns comes back.

    Args:
        columns: (n, columns) integers.
        target: (n,) integers.
        guess: columns in use at the start; any will do.

    Source: Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23.
    """
    cone = _Cone(columns, target)
    point = cone.start(guess)
    while True:
        error, gains = cone.error(point)
        entering = max(range(len(gains)), key=gains.__getitem__, default=None)
        if entering is None or gains[entering] <= 0:
            break
        point = cone.enter(point, entering)
    inside = not any(error)
    return Decision(
        inside=inside,
        coefficients=tuple(
            (column, Fraction(int(value.p), int(value.q))) for column, value in point.items()
        )
        if inside
        else (),
        separator=() if inside else error,
    )


def exact_column_rank(columns: Whole) -> int:
    """Rank of (n, columns) integers."""
    return int(_matrix(columns).rank())


def common_normal(columns: Whole) -> tuple[int, ...]:
    """A vector other than zero, (n,) integers, orthogonal to all columns, whose rank is below n."""
    normals, _ = _matrix(columns.T).nullspace()
    return tuple(int(row[0]) for row in normals.tolist())


class _Cone:
    """A cone and a target; a point is the positive coefficients by column."""

    def __init__(self, columns: Whole, target: Whole) -> None:
        self._columns = columns
        self._rows = _matrix(columns.T)
        self._target = _matrix(target[:, None])

    def start(self, guess: Sequence[int]) -> _Point:
        """The best fit by those columns of the guess that it uses with positive coefficients."""
        used = self._independent(sorted(set(guess)))
        while True:
            fit = self._best_fit(used)
            if all(value > 0 for value in fit.values()):
                return fit
            used = [column for column, value in fit.items() if value > 0]

    def error(self, point: _Point) -> tuple[tuple[int, ...], list[int]]:
        """A positive multiple of y - C l, and its products with all columns."""
        error = self._target
        if point:
            numerators, denominator = flint.fmpq_mat(
                len(point), 1, list(point.values())
            ).numer_denom()
            error = denominator * self._target - self._submatrix(list(point)) * numerators
        gains = (self._rows * error).entries()
        return tuple(int(value) for value in error.entries()), [int(value) for value in gains]

    def enter(self, point: _Point, entering: int) -> _Point:
        """The best fit after a column has entered and those that turn negative have left."""
        current = point | {entering: flint.fmpq(0)}
        while True:
            fit = self._best_fit(list(current))
            reach = [
                current[column] / (current[column] - value)
                for column, value in fit.items()
                if value <= 0
            ]
            if not reach:
                return fit
            share = min(reach)
            moved = {
                column: value + share * (fit[column] - value) for column, value in current.items()
            }
            current = {column: value for column, value in moved.items() if value > 0}

    def _best_fit(self, used: Sequence[int]) -> _Point:
        """Least squares over independent columns, from the normal equations."""
        if not used:
            return {}
        chosen = self._submatrix(used)
        normal = chosen.transpose()
        solution = (normal * chosen).solve(normal * self._target)
        return dict(zip(used, solution.entries(), strict=True))

    def _independent(self, used: Sequence[int]) -> list[int]:
        """The first of these columns that are independent modulo a prime."""
        reduced = (self._columns[:, list(used)] % _PRIME).ravel().tolist()
        echelon, rank = flint.nmod_mat(len(self._columns), len(used), reduced, _PRIME).rref()
        return [
            used[next(place for place in range(len(used)) if int(echelon[row, place]))]
            for row in range(rank)
        ]

    def _submatrix(self, used: Sequence[int]) -> flint.fmpz_mat:
        return _matrix(self._columns[:, list(used)])


def _matrix(entries: Whole) -> flint.fmpz_mat:
    rows, columns = entries.shape
    return flint.fmpz_mat(rows, columns, entries.ravel().tolist())
