"""The real k between which a family is a local minimum."""

from __future__ import annotations

import math
from collections.abc import Callable
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
SEARCH_FACTOR: Final = 1.25
FAR_K: Final = 1000.0
K_TOLERANCE: Final = 1e-13


@dataclass(frozen=True)
class Threshold:
    """Where the smallest eigenvalue of a family changes its sign.

    k: the real k from which on it is positive; irrep: representation of the eigenvalue that
    vanishes there; index_below, index_above: Morse index of the point at k - SEARCH_STEP/10 and
    k + SEARCH_STEP/10, real; smallest_integer_above: first whole k above; lost_k: the real k beyond
    which it is negative again, None if there is none up to FAR_K.
    """

    family: Family
    m: int
    extra: int
    k: float
    irrep: str
    index_below: float
    index_above: float
    lost_k: float | None

    @property
    def smallest_integer_above(self) -> int:
        """First whole k above the threshold."""
        return math.floor(self.k) + 1


@dataclass(frozen=True)
class _Path:
    """A family along k, and its smallest eigenvalue of one representation, or of all if None."""

    space_at: Callable[[Real], FixedPointSpace]
    irrep: str | None

    def spectrum(
        self, k: float, known_k: float, known: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], list[Eigenvalue]]:
        """Parameters and eigenvalues at k, from a point known at another k."""
        point = continue_in_k(self.space_at, known_k, known, k)
        return point, isotypic_spectrum(self.space_at(k), point)

    def smallest(self, rows: list[Eigenvalue]) -> Eigenvalue:
        """The smallest eigenvalue that is looked at."""
        chosen = [row for row in rows if self.irrep is None or row.irrep == self.irrep]
        if not chosen:
            occurring = ", ".join(sorted({row.irrep for row in rows}))
            raise ValueError(f"no representation {self.irrep!r} here; there are {occurring}")
        return chosen[0]

    def crossing(self, known_k: float, known: NDArray[np.float64], other_k: float) -> float:
        """The k between these two at which the smallest eigenvalue vanishes."""

        def value(k: float) -> float:
            return self.smallest(self.spectrum(k, known_k, known)[1]).value

        return float(brentq(value, min(known_k, other_k), max(known_k, other_k), xtol=K_TOLERANCE))


@checked_arguments(extra=whole_number, irrep=optional(text))
def stability_threshold(
    family: str, *, m: int | None = None, extra: int = 0, irrep: str | None = None
) -> Threshold:
    """Return the real k between which the smallest eigenvalue of a family is positive.

    The spectrum is analytic in k, since the sizes of blocks enter as weights. The family is
    followed from k = 10 (m + 1), down until the eigenvalue is negative and up until it is negative
    again or k = FAR_K, and the crossings are found by Brent's method, in float64: at these k the
    blocks are right to 1e-12 and the eigenvalue changes by some 1e-2 a neuron.

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
    path = _Path(lambda k: family_space(block, extra, k), irrep)
    start_k = 10.0 * (block + 1)
    start = starting_guess(name, block, extra, start_k)
    lost = f"no sign change of the smallest eigenvalue of {name}, m = {block}, extra = {extra}"
    if path.smallest(isotypic_spectrum(path.space_at(start_k), start)).value < 0:
        raise SolveError(f"{lost}: it is negative at k = {start_k}, where it should be positive")
    above, point = start_k, start
    while True:
        below = above - SEARCH_STEP
        # Below, the first block is too small for all of s, x and y.
        if below <= block + 3:
            raise SolveError(f"{lost} above k = {above}; it stays positive")
        next_point, rows = path.spectrum(below, above, point)
        if path.smallest(rows).value < 0:
            break
        above, point = below, next_point
    crossing = path.crossing(above, point, below)
    beside = SEARCH_STEP / 10
    return Threshold(
        family=name,
        m=block,
        extra=extra,
        k=crossing,
        irrep=path.smallest(path.spectrum(crossing - K_TOLERANCE, above, point)[1]).irrep,
        index_below=morse_index(path.spectrum(crossing - beside, above, point)[1]),
        index_above=morse_index(path.spectrum(crossing + beside, above, point)[1]),
        lost_k=_lost(path, start_k, start),
    )


def _lost(path: _Path, below: float, point: NDArray[np.float64]) -> float | None:
    """The first real k above a known one at which the eigenvalue vanishes, None up to FAR_K."""
    while below < FAR_K:
        above = min(SEARCH_FACTOR * below, FAR_K)
        next_point, rows = path.spectrum(above, below, point)
        if path.smallest(rows).value < 0:
            return path.crossing(below, point, above)
        below, point = above, next_point
    return None
