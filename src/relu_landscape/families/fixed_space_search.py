"""Critical points with more neurons than teachers, by descent from random starts in Fix(S_{k-q}).

What is found are minima of the loss restricted to the fixed-point space; the full Hessian, through
its isotypic blocks, then says whether they are minima or saddles, and in which representation they
are unstable. Each start has a random stream of its own, so a result does not depend on batches or
order. Starts that end at global minima are counted, not listed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from relu_landscape.arguments import checked_arguments, instance_of, several, whole_number
from relu_landscape.symmetry.arithmetic import to_float64
from relu_landscape.symmetry.continuation import SolveError, solve_critical_point
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import Eigenvalue, isotypic_spectrum, morse_index
from relu_landscape.symmetry.reduced import ReducedLoss

# The smallest loss known of a spurious minimum is some 0.25/k, far above this share.
GLOBAL_LOSS: Final = 1e-6
GRADIENT_TOLERANCE: Final = 1e-7
STEP_BUDGET: Final = 300
LARGEST_POLISH: Final = 1e-2
SAME_LOSS: Final = 1e-9
SAME_EIGENVALUE: Final = 1e-7
ROUNDING: Final = 1e-11  # of eigenvalues, some thousand times what it is at the sizes searched


class EndOutcome(StrEnum):
    """How one start ended; the list is closed."""

    CRITICAL = "critical"  # at a critical point of F with positive loss
    GLOBAL = "global"  # the loss is below 1e-6/k: next to a global minimum
    UNFINISHED = "unfinished"  # descent or Newton's method did not settle


@dataclass(frozen=True)
class FixedSpaceEnd:
    """Where one start ended; only critical ends have a spectrum.

    start: its number; outcome: how it ended; loss: F there; parameters: (dimension,); spectrum:
    distinct eigenvalues of the full Hessian, ascending.
    """

    start: int
    outcome: EndOutcome
    loss: float
    parameters: NDArray[np.float64]
    spectrum: tuple[Eigenvalue, ...] = ()

    @property
    def smallest(self) -> Eigenvalue:
        """The smallest Hessian eigenvalue, with the representation of the instability if < 0.

        Where the point has more symmetry than the space, one eigenvalue stands in several
        representations, in an order that rounding decides: taken is the first of them by name.
        """
        equal = self.spectrum[0].value + ROUNDING
        return min((row for row in self.spectrum if row.value <= equal), key=lambda row: row.irrep)

    @property
    def index(self) -> float:
        """Number of negative Hessian eigenvalues, with multiplicity."""
        return morse_index(self.spectrum)


@dataclass(frozen=True)
class FoundPoint:
    """A critical point and the starts that reached it.

    point: the end of the first of the starts; starts: their numbers, ascending.
    """

    point: FixedSpaceEnd
    starts: tuple[int, ...]


@dataclass(frozen=True)
class FixedSpaceSearch:
    """All that a number of starts reached in Fix(S_{k-q}), n = k + extra.

    space: where the parameters of the points are; points: spurious critical points by ascending
    loss; starts: number of starts; global_starts, unfinished_starts: how many ended at global
    minima and nowhere.
    """

    space: FixedPointSpace
    points: tuple[FoundPoint, ...]
    starts: int
    global_starts: int
    unfinished_starts: int


@checked_arguments(k=whole_number, q=whole_number, extra=whole_number)
def single_column_space(k: int, q: int, extra: int) -> FixedPointSpace:
    """Return Fix(S_{k-q}) in M(k + extra, k): q single columns, q + extra free rows.

    Raises:
        ValueError: fewer than two columns are left to permute, or a negative number.
    """
    if q < 0 or k - q < 2:
        raise ValueError(f"k = {k}, q = {q}; needs q >= 0 single columns and k - q >= 2 others")
    return FixedPointSpace((k - q, *(1,) * q), extra)


@checked_arguments(
    k=whole_number,
    q=whole_number,
    extra=whole_number,
    seed=whole_number,
    starts=several(whole_number),
)
def search_fixed_space(
    k: int, q: int, extra: int, *, seed: int, starts: Iterable[int]
) -> FixedSpaceSearch:
    """Descend from random starts in Fix(S_{k-q}) at n = k + extra and measure what is reached.

    Args:
        k: number of teachers.
        q: single columns.
        extra: neurons beyond n = k.
        seed: of the search, 0 or more.
        starts: numbers of the starts, for instance range(60).

    Returns:
        The critical points, each with its full spectrum; a list of what these starts reached, not
        of all that there are.

    Raises:
        ValueError: as `single_column_space`, or a negative seed or start.
    """
    ends = [descend_in_fixed_space(k, q, extra, seed=seed, start=start) for start in starts]
    return collect_ends(single_column_space(k, q, extra), ends)


@checked_arguments(
    k=whole_number, q=whole_number, extra=whole_number, seed=whole_number, start=whole_number
)
def descend_in_fixed_space(k: int, q: int, extra: int, *, seed: int, start: int) -> FixedSpaceEnd:
    """Descend from one random start to a minimum of the loss in Fix(S_{k-q}).

    The start depends on (k, q, extra, seed, start) alone: own entries and the entries of free rows
    on single columns are standard normal, the others have standard deviation 1/k in the rows of the
    block towards each other and k^{-1/2} otherwise, so that all rows have lengths of order one.

    Args:
        k: number of teachers.
        q: single columns.
        extra: neurons beyond n = k.
        seed: of the search, 0 or more.
        start: its number, 0 or more.

    Returns:
        The end, polished by Newton's method.

    Raises:
        ValueError: as `single_column_space`, or a negative seed or start.

    Source: a trust-region method with the exact reduced Hessian.
    """
    space = single_column_space(k, q, extra)
    if min(seed, start) < 0:
        raise ValueError(f"seed and start must be 0 or more, not {seed}, {start}")
    reduced = ReducedLoss(space)
    scale = np.sqrt(to_float64(reduced.entry_counts))

    def loss_at(y: NDArray[np.float64]) -> float:
        return float(reduced.loss(y / scale))

    def gradient_at(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return to_float64(reduced.gradient(y / scale) / scale)

    def hessian_at(y: NDArray[np.float64]) -> NDArray[np.float64]:
        return to_float64(reduced.hessian(y / scale) / np.outer(scale, scale))

    result = minimize(
        loss_at,
        scale * _random_parameters(space, (k, q, extra, start), seed),
        jac=gradient_at,
        hess=hessian_at,
        method="trust-exact",
        options={"gtol": GRADIENT_TOLERANCE, "maxiter": STEP_BUDGET},
    )
    point, loss = result.x / scale, float(result.fun)
    if loss < GLOBAL_LOSS / k:
        return FixedSpaceEnd(start, EndOutcome.GLOBAL, loss, point)
    try:
        solution = solve_critical_point(reduced, point)
    except SolveError:
        return FixedSpaceEnd(start, EndOutcome.UNFINISHED, loss, point)
    if not solution.displacement <= LARGEST_POLISH:
        return FixedSpaceEnd(start, EndOutcome.UNFINISHED, loss, point)
    point = solution.parameters
    return FixedSpaceEnd(
        start,
        EndOutcome.CRITICAL,
        float(reduced.loss(point)),
        point,
        tuple(isotypic_spectrum(space, point)),
    )


@checked_arguments(space=instance_of(FixedPointSpace), ends=several(instance_of(FixedSpaceEnd)))
def collect_ends(space: FixedPointSpace, ends: Iterable[FixedSpaceEnd]) -> FixedSpaceSearch:
    """Put the ends of starts together, in any order and from any number of batches.

    Two ends are one critical point, up to permuting free rows and single columns, if loss and
    smallest eigenvalue agree.

    Args:
        space: the space they lie in.
        ends: one for each start.
    """
    ordered = sorted(ends, key=lambda end: end.start)
    groups: list[list[FixedSpaceEnd]] = []
    for end in ordered:
        if end.outcome is not EndOutcome.CRITICAL:
            continue
        home = next((group for group in groups if _same(group[0], end)), None)
        if home is None:
            groups.append([end])
        else:
            home.append(end)
    groups.sort(key=lambda group: group[0].loss)
    return FixedSpaceSearch(
        space=space,
        points=tuple(FoundPoint(group[0], tuple(x.start for x in group)) for group in groups),
        starts=len(ordered),
        global_starts=sum(end.outcome is EndOutcome.GLOBAL for end in ordered),
        unfinished_starts=sum(end.outcome is EndOutcome.UNFINISHED for end in ordered),
    )


def _same(first: FixedSpaceEnd, second: FixedSpaceEnd) -> bool:
    return (
        abs(first.loss - second.loss) <= SAME_LOSS
        and abs(first.smallest.value - second.smallest.value) <= SAME_EIGENVALUE
    )


def _random_parameters(
    space: FixedPointSpace, case: tuple[int, ...], seed: int
) -> NDArray[np.float64]:
    generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=case))
    k = float(space.k)
    own = np.ones(len(space.row_sizes))
    rest = np.ones((len(space.row_sizes), len(space.blocks)))
    rest[:, 0] = k**-0.5
    rest[0] = k**-0.5
    rest[0, 0] = 1 / k
    deviations = to_float64(space.vector(own, rest))
    return deviations * generator.normal(size=space.dimension)
