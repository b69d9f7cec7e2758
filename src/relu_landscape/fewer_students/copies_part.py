"""Where the copies of the copy-average part as k grows; ReLU.

The point is a minimum until its eigenvalue on the standard representation of the copies, s_p, turns
negative, which with three students it does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scipy.optimize import brenth

from relu_landscape.certificates.krawczyk import NotEnclosedError
from relu_landscape.fewer_students.average_enclosures import enclose_average, is_one_curve
from relu_landscape.fewer_students.copy_points import copy_average_point

# The zero is found to some units in the last place, and both ends are some more away from it.
_TOLERANCE: Final = 2.0**-50
_MARGIN: Final = 2.0**-48
_COPIES: Final = "s_p"
# The same component as `certificates.components` names it.
_COPIES_IN_BALLS: Final = "s_0"


@dataclass(frozen=True)
class CopiesPart:
    """A real k at which the eigenvalue of the copies changes its sign from plus to minus.

    k: the zero, in float64; lower, upper: next to it on either side; proved: whether balls show
    that all eigenvalues are positive at lower, that the copies' alone is negative at upper, and
    that the points between are one curve, so that it vanishes there.
    """

    k: float
    lower: float
    upper: float
    proved: bool


def eigenvalue_of_copies(k: float, n: int) -> float:
    """Return the least eigenvalue of the copy-average on which its n - 1 copies part.

    Args:
        k: number of teachers, a real number.
        n: number of students, 3 or more.

    Raises:
        ValueError, SolveError: as `copy_average_point`.
    """
    spectrum = copy_average_point(k, n).spectrum
    return float(min(row.value for row in spectrum if row.irrep == _COPIES))


def where_copies_part(n: int, teachers: Sequence[float]) -> tuple[list[float], CopiesPart | None]:
    """Return the eigenvalue of the copies at each k, and where it turns negative between two.

    Args:
        n: number of students, 3 or more.
        teachers: values of k, ascending.

    Raises:
        ValueError, SolveError: as `copy_average_point`.
    """
    values = [eigenvalue_of_copies(k, n) for k in teachers]
    for (before, left), (after, right) in pairwise(zip(teachers, values, strict=True)):
        if left > 0 > right:
            return values, _enclosed(n, before, after)
    return values, None


def _enclosed(n: int, before: float, after: float) -> CopiesPart:
    k = float(
        brenth(eigenvalue_of_copies, before, after, args=(n,), xtol=_TOLERANCE, rtol=_TOLERANCE)
    )
    lower, upper = k * (1 - _MARGIN), k * (1 + _MARGIN)
    return CopiesPart(k, lower, upper, copies_part_between(n, lower, upper))


def copies_part_between(n: int, lower: float, upper: float) -> bool:
    """Say whether balls show that the copies part between two k next to one another.

    All eigenvalues have to be positive at lower, the copies' alone to be negative at upper, and the
    points between to be one curve.

    Args:
        n: number of students, 3 or more.
        lower, upper: values of k.

    Raises:
        ValueError, SolveError: as `copy_average_point`.
    """
    try:
        below, above = enclose_average(lower, n), enclose_average(upper, n)
    except NotEnclosedError:
        return False
    parted = {name: int(name == _COPIES_IN_BALLS) for name in above.negative}
    signs = not any(x != 0 for x in below.negative.values()) and above.negative == parted
    return signs and is_one_curve(below, above)
