"""The families of symmetric critical points A, I_m and II_m, and where to look for them.

    A     Delta S_k              all rows ~ -e_i + (2/k) 1                     F -> 1/2 - 1/pi
    I_m   Delta(S_{k-m} x S_m)   k - m rows ~ -e_i + (2/k) 1, m rows ~ +e_i    F -> 1/2 - 1/pi
    II_m  Delta(S_{k-m} x S_m)   k - m rows ~ +e_i, m rows ~ -e_i + O(1/k)     F -> 0

I_1 and II_1 are types I and II of AF22. Their entries are power series in k^{-1/2}; a few terms
are close enough for Newton's method at k >= 100 m, and smaller k are reached by continuation. With
one neuron more A continues to a critical point that is no split point, and so do I_m and II_m with
m neurons more (see `split_members`); these are followed from one known point each.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, optional, text, whole_number
from relu_landscape.families.member_reach import LARGEST_SPLIT
from relu_landscape.families.split_members import descend_from_splits, split_space
from relu_landscape.symmetry.arithmetic import Arithmetic, Numbers, Real
from relu_landscape.symmetry.continuation import (
    LARGEST_MOVE,
    Solution,
    SolveError,
    continue_in_k,
    solve_critical_point,
)
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.reduced import ReducedLoss

# From here on the series below are close enough for Newton's method (times m, if m > 1).
SERIES_FROM: Final = 100.0
# At this k (times m + 1) neurons are split: I_m and II_m are minima there, and still cheap.
SPLIT_TEACHERS: Final = 10


class Family(StrEnum):
    """The families of the catalogue; the list is closed."""

    A = "A"
    I = "I"  # noqa: E741  (its name in the papers)
    II = "II"


A_WITH_ONE_MORE: Final = (-0.889933501394, 0.0932398164612, 0.0973816663055)
"""Parameters of A at n = k + 1 = 21, a starting guess; found from random starts, derived."""

K_OF_A_WITH_ONE_MORE: Final = 20.0


@checked_arguments(family=text, m=optional(whole_number), extra=whole_number)
def checked_family(family: str, m: int | None, extra: int) -> tuple[Family, int]:
    """Return the family and its m, 0 for A.

    Args:
        family: "A", "I" or "II".
        m: neurons in the second block, 1 or more; None for A, where there is none.
        extra: 0, or the neurons beyond n = k with which it is known: 1 for A, m for I and II with
            m up to LARGEST_SPLIT.

    Raises:
        ValueError: no such family, or an m or a number of neurons that it does not come with.
    """
    if family not in set(Family):
        raise ValueError(f"family {family!r} is not one of {', '.join(Family)}")
    if family == Family.A:
        if m is not None:
            raise ValueError(f"m = {m}; family A has one block: leave m out, or ask for I or II")
        _require_known(extra, (0, 1))
        return Family.A, 0
    if m is None or m < 1:
        raise ValueError(f"m = {m}; families I and II need a whole number m >= 1")
    _require_known(extra, (0, m) if m <= LARGEST_SPLIT else (0,))
    return Family(family), m


def _require_known(extra: int, known: tuple[int, ...]) -> None:
    if extra not in known:
        raise ValueError(
            f"extra = {extra}; this family is known with {' and '.join(map(str, known))} further "
            "neurons: for others use search_fixed_space"
        )


def family_space(m: int, extra: int, k: Real) -> FixedPointSpace:
    """Return the fixed-point space of A (m = 0), I_m and II_m at a real k.

    Raises:
        ValueError: k is below m + 2.
    """
    if not k >= m + 2:
        raise ValueError(
            f"k = {float(k)} with m = {m}; needs k >= m + 2: two neurons in the first block"
        )
    if m == 0:
        return FixedPointSpace((k,), extra)
    return split_space(m, k) if extra else FixedPointSpace((k - m, m))


def solve_family(
    family: Family, m: int, extra: int, k: Real, arithmetic: Arithmetic
) -> tuple[FixedPointSpace, Solution]:
    """Return the fixed-point space of a family at k and its critical point there.

    Args:
        family: the family.
        m: neurons in the second block, 0 for A.
        extra: neurons beyond n = k.
        k: real; a number of the arithmetic, or a float.
        arithmetic: numbers to calculate with.

    Raises:
        SolveError: the point could not be followed to this k.
        ValueError: k is too small.
    """
    space = family_space(m, extra, arithmetic.number(k))
    solution = solve_critical_point(
        ReducedLoss(space, arithmetic), starting_guess(family, m, extra, float(k))
    )
    if not solution.displacement <= LARGEST_MOVE:
        raise SolveError(
            f"Newton's method left the neighbourhood of {family}, m = {m}, extra = {extra}, at "
            f"k = {float(k)}: it moved by {solution.displacement:.2g}, more than {LARGEST_MOVE}"
        )
    return space, solution


def starting_guess(family: Family, m: int, extra: int, k: float) -> NDArray[np.float64]:
    """Return parameters near the critical point of a family at k, (dimension,).

    Raises:
        SolveError: the point could not be followed to this k.
        ValueError: k is too small.
    """

    def space_at(at: Real) -> FixedPointSpace:
        return family_space(m, extra, at)

    if extra:
        known_k, known = _known_with_more(family, m)
        return continue_from(space_at, known_k, np.array(known), k)
    far = SERIES_FROM * max(m, 1)
    if k >= far:
        return _truncated_series(family, m, k)
    return continue_from(space_at, far, _truncated_series(family, m, far), k)


@cache
def _known_with_more(family: Family, m: int) -> tuple[float, tuple[float, ...]]:
    """A k at which the point with more neurons than teachers is known, and its parameters."""
    if family is Family.A:
        return K_OF_A_WITH_ONE_MORE, A_WITH_ONE_MORE
    k = SPLIT_TEACHERS * (m + 1)
    W = family_space(m, 0, k).embed(starting_guess(family, m, 0, float(k)))
    return float(k), tuple(map(float, descend_from_splits(W, m)))


def continue_from(
    space_at: Callable[[Real], FixedPointSpace], start_k: float, guess: Numbers, k: float
) -> NDArray[np.float64]:
    """Solve for the point next to a guess at `start_k`, and follow it to k, in float64."""
    known = solve_critical_point(ReducedLoss(space_at(start_k)), guess).parameters
    return continue_in_k(space_at, start_k, known, k)


def _truncated_series(family: Family, m: int, k: float) -> NDArray[np.float64]:
    """The first terms of the entries of a family in k^{-1/2}; decimals are numerical values."""
    pi, h = np.pi, k**-0.5
    if family is Family.A:
        return np.array([-1 + 2 / k + (8 / pi - 4) / k**2, 2 / k + (4 / pi - 2) / k**2])
    if family is Family.I:
        entries = [
            -1 + 2 / k + (16 / pi - 4) / k**2,
            2 / k + (8 / pi - 2) / k**2,
            (16 / pi**2 - 12 / pi) / k**2 + 6.2 * h**5,
            1 + (8 / pi - 8 / pi**2) / k - 4.8 * h**3,
            (2 - 4 / pi) / k + (32 / pi**3 - 32 / pi**2) * h**3,
            0.0772 / k + 0.41 * h**3,
        ]
    else:
        entries = [
            1 + 8 * m / pi / k**2,
            -4 * m / pi / k**2,
            2 / k - (2 + 8 / pi) / k**2,
            -1 + (2 + 8 / pi + 8 / pi**2) / k - 1.7 * h**3,
            4 / pi / k + 32 / pi**3 * h**3,
            1.923 / k + 0.77 * h**3,
        ]
    # With m = 1 there is no other row of the second block, so no entry off its diagonal.
    return np.array(entries[:5] if m == 1 else entries)
