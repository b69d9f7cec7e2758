"""The real k at which a family becomes a local minimum."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from relu_landscape.arguments import checked_arguments, optional, text, whole_number
from relu_landscape.families.family import (
    Family,
    checked_family,
    family_space,
    starting_guess,
)
from relu_landscape.symmetry.arithmetic import Real
from relu_landscape.symmetry.continuation import SolveError, continue_in_k
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import Eigenvalue, isotypic_spectrum, morse_index

SEARCH_STEP: Final = 0.5
K_TOLERANCE: Final = 1e-13


@dataclass(frozen=True)
class Threshold:
    """Where the smallest eigenvalue of a family changes its sign.

    k: the real k; irrep: representation of the eigenvalue that vanishes there; index_below,
    index_above: Morse index of the point at k - SEARCH_STEP/10 and k + SEARCH_STEP/10, real;
    smallest_integer_above: first whole k above.
    """

    family: Family
    m: int
    extra: int
    k: float
    irrep: str
    index_below: float
    index_above: float

    @property
    def smallest_integer_above(self) -> int:
        """First whole k above the threshold."""
        return math.floor(self.k) + 1


@checked_arguments(extra=whole_number, irrep=optional(text))
def stability_threshold(
    family: str, *, m: int | None = None, extra: int = 0, irrep: str | None = None
) -> Threshold:
    """Return the largest real k at which the smallest eigenvalue of a family crosses zero.

    The spectrum is analytic in k, since the sizes of blocks enter as weights. The family is
    followed down from k = 10 (m + 1) until the eigenvalue is negative, and the crossing is found
    there by Brent's method, in float64: at these k the blocks are right to 1e-14 and the eigenvalue
    changes by some 1e-2 a neuron.

    Args:
        family: "A", "I" or "II".
        m: neurons in the second block, for families I and II.
        extra: neurons beyond n = k.
        irrep: look at the smallest eigenvalue of this representation only; of all if None.

    Raises:
        ValueError: no such family or representation.
        SolveError: no crossing between 10 (m + 1) and where the family ends.

    Source: AF21, abstract (fractional dimensions where saddles turn into minima); computed here.
    """
    name, block = checked_family(family, m, extra)

    def space_at(k: Real) -> FixedPointSpace:
        return family_space(block, extra, k)

    def spectrum(k: float, known_k: float, known: NDArray[np.float64]) -> list[Eigenvalue]:
        point = continue_in_k(space_at, known_k, known, k)
        return isotypic_spectrum(space_at(k), point)

    def smallest(rows: list[Eigenvalue]) -> Eigenvalue:
        chosen = [row for row in rows if irrep is None or row.irrep == irrep]
        if not chosen:
            occurring = sorted({row.irrep for row in rows})
            raise ValueError(f"no representation {irrep!r} here; there are {', '.join(occurring)}")
        return chosen[0]

    above = 10.0 * (block + 1)
    point = starting_guess(name, block, extra, above)
    lost = f"no sign change of the smallest eigenvalue of {name}, m = {block}, extra = {extra}"
    if smallest(isotypic_spectrum(space_at(above), point)).value < 0:
        raise SolveError(f"{lost}: it is negative at k = {above}, where it should be positive")
    while True:
        below = above - SEARCH_STEP
        # Below, the first block is too small for all of s, x and y.
        if below <= block + 3:
            raise SolveError(f"{lost} above k = {above}; it stays positive")
        next_point = continue_in_k(space_at, above, point, below)
        if smallest(isotypic_spectrum(space_at(below), next_point)).value < 0:
            break
        above, point = below, next_point
    crossing = brentq(
        lambda k: smallest(spectrum(k, above, point)).value, below, above, xtol=K_TOLERANCE
    )
    beside = SEARCH_STEP / 10
    return Threshold(
        family=name,
        m=block,
        extra=extra,
        k=float(crossing),
        irrep=smallest(spectrum(crossing - K_TOLERANCE, above, point)).irrep,
        index_below=morse_index(spectrum(crossing - beside, above, point)),
        index_above=morse_index(spectrum(crossing + beside, above, point)),
    )
