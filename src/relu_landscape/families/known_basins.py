"""Balls around the known minima with n = k in which gradient descent stays: proposed, not proved.

Known are the global minimum V = I and, with q neurons near -e_i, II_q, I_{k-q} (A for q = k) and
the point between II_q and I_{k-q-1}, where they are minima. Let C be the float64 matrix next to
one, lambda and Lambda the ends of the Hessian's spectrum there, and L(R) a Lipschitz constant of
the Hessian on the ball of radius R around C. Where L(R) R < lambda, the Hessian on the ball is
between lambda - L(R) R > 0 and Lambda' = Lambda + L(R) R: descent with a step below 2/Lambda' that
comes into it goes to the minimum, and |grad F| <= Lambda' R (see `search.basins`).

Everything here is float64 with room to spare: nothing is to be believed of it. Each basin that a
search was given is proved in balls, by `certificates.check`, from the very numbers. So searches do
not depend on how things are proved. L(R) is that of Lemma 12 there or larger: there are terms that
Lemma 12 does without, and spectral norms for its sums of rows. They, and the room in eigenvalues,
are kept as they are because radii decide where runs end: with others, tables change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from relu_landscape.arguments import checked_arguments, whole_number
from relu_landscape.families.family import Family, solve_family
from relu_landscape.families.intermediate import intermediate_point, intermediate_space
from relu_landscape.objective.pair import pair_hessian_first
from relu_landscape.symmetry.arithmetic import digits_for, extended, to_float64
from relu_landscape.symmetry.continuation import SolveError, solve_critical_point
from relu_landscape.symmetry.fixed_points import FixedPointSpace
from relu_landscape.symmetry.isotypic import isotypic_spectrum
from relu_landscape.symmetry.reduced import ReducedLoss

# Of lambda, what the change of the Hessian may use up: the rest stays as strong convexity.
_SHARE: Final = 1 - 2.0**-6
# Of eigenvalues, for the rounding of those who prove something with them.
_MARGIN: Final = 2.0**-13
# The search compares distances that it has calculated in float64, with k^2 roundings.
_ROOM: Final = 1 - 2.0**-30
_BISECTIONS: Final = 40
# Floats differ in their last bits from one processor to another; with four digits what a search is
# given is the same everywhere, and so are the bits of its runs.
_DIGITS: Final = 4
_CURVATURE_DIGITS: Final = 6


@dataclass(frozen=True)
class Basin:
    """A ball around a known minimum from all of which gradient descent should lead to it.

    name: of the minimum, "global", "II_q", "I_m", "A" or "II_q to I_m"; center: C, (k, k), the
    coordinate of each neuron on the diagonal, neurons by descending size of their own entry;
    radius: Frobenius; step_bound: steps below it stay; gradient_bound: bound of |grad F|_F in it;
    curvature: smallest Hessian eigenvalue at the centre; lipschitz: L.
    """

    name: str
    center: NDArray[np.float64]
    radius: float
    step_bound: float
    gradient_bound: float
    curvature: float
    lipschitz: float


@dataclass(frozen=True)
class _KnownMinimum:
    """A minimum, and bounds of the Hessian's spectrum there; its neurons are equal by blocks."""

    name: str
    center: NDArray[np.float64]
    blocks: tuple[int, ...]
    lower: float
    upper: float


@checked_arguments(k=whole_number, largest_q=whole_number)
def propose_basins(k: int, largest_q: int) -> list[Basin]:
    """Propose basins of the known minima with n = k.

    Args:
        k: number of teachers, 2 or more.
        largest_q: largest number of neurons near -e_i. Points are left out that are no minima at
            this k, or that cannot be followed to it.

    Returns:
        The basin of the global minimum, then those of the others by q.

    Source: families of Arjevani and Field; the minima between them and basins are ours.
    """
    return [_basin(minimum) for minimum in _known_minima(k, largest_q)]


def basin_arrays(basins: Sequence[Basin]) -> dict[str, NDArray[np.float64]]:
    """Return what a search needs of basins, the fields of `search.basins.Basins`, by name.

    Args:
        basins: one or more, of one size.
    """
    return {
        "centers": np.array([basin.center for basin in basins]),
        "radii": np.array([basin.radius for basin in basins]),
        "step_bounds": np.array([basin.step_bound for basin in basins]),
        "gradient_bounds": np.array([basin.gradient_bound for basin in basins]),
    }


def _known_minima(k: int, largest_q: int) -> Iterator[_KnownMinimum]:
    yield _global_minimum(k)
    for q in range(1, min(largest_q, k) + 1):
        for name, locate in _candidates(k, q):
            try:
                space, center = locate()
            except SolveError:
                continue
            spectrum = isotypic_spectrum(space, space.project(center))
            lower, upper = spectrum[0].value * (1 - _MARGIN), spectrum[-1].value * (1 + _MARGIN)
            if lower > 0:
                blocks = tuple(int(size) for size in space.blocks)
                yield _KnownMinimum(name, center, blocks, _below(lower, _CURVATURE_DIGITS), upper)


def _global_minimum(k: int) -> _KnownMinimum:
    """At W = V = I: with H'_ii = 0 and h2(e_i, e_j) = (pi/2 I + e_i e_j^T + e_j e_i^T)/(2 pi),

        H[U, U] = |U|^2/4 + |sum_i u_i|^2/4
                  + ((tr U)^2 - sum_i U_ii^2 + sum_{i != j} U_ij U_ji)/(2 pi),

    and the second and third term are k/4 and k/(2 pi) times projections P, Q, whose ranges, of the
    U with equal rows and of the multiples of I, meet at an angle of cosine k^{-1/2}; the largest
    eigenvalue of x P + y Q is (x + y)/2 + ((x - y)^2/4 + x y/k)^{1/2}.
    """
    x, y = k / 4, k / (2 * np.pi)
    both = (x + y) / 2 + np.sqrt((x - y) ** 2 / 4 + x * y / k)
    around = 1 / (2 * np.pi)
    return _KnownMinimum("global", np.eye(k), (k,), 1 / 4 - around, 1 / 4 + around + both)


Located = tuple[FixedPointSpace, NDArray[np.float64]]


def _candidates(k: int, q: int) -> Iterator[tuple[str, Callable[[], Located]]]:
    """What may be a minimum with q neurons near -e_i, 1 <= q <= k.

    I_{k-2}, and A at k = 2, are the global minimum.
    """
    if q == k > 2:
        yield "A", partial(_member, Family.A, k, 0)
    if q <= k - 2:
        yield f"II_{q}", partial(_member, Family.II, k, q)
    if 3 <= q <= k - 1:
        yield f"I_{k - q}", partial(_member, Family.I, k, k - q)
    if q <= k - 3:
        yield f"II_{q} to I_{k - q - 1}", partial(_between, k, q)


def _member(family: Family, k: int, m: int) -> Located:
    space, solution = solve_family(family, m, 0, k, extended(digits_for(k)))
    return _located(space, to_float64(solution.parameters))


def _between(k: int, q: int) -> Located:
    space = intermediate_space(k, q)
    reduced = ReducedLoss(space, extended(digits_for(k)))
    return _located(
        space, to_float64(solve_critical_point(reduced, intermediate_point(k, q)).parameters)
    )


def _located(space: FixedPointSpace, parameters: NDArray[np.float64]) -> Located:
    whole = FixedPointSpace(tuple(int(size) for size in space.blocks))
    return whole, whole.embed(parameters)


def _basin(minimum: _KnownMinimum) -> Basin:
    around = _Surroundings(minimum.center, np.cumsum((0, *minimum.blocks[:-1])))
    outer = around.radius_of_change(minimum.lower * _SHARE)
    lipschitz = around.lipschitz(outer)
    upper = _float_above(minimum.upper + lipschitz * outer)
    by_own_entry = np.argsort(-np.abs(np.diag(minimum.center)), kind="stable")
    return Basin(
        name=minimum.name,
        center=minimum.center[np.ix_(by_own_entry, by_own_entry)],
        radius=_float_below(outer * _ROOM),
        step_bound=_float_below(2 / upper),
        gradient_bound=_float_above(upper * outer),
        curvature=minimum.lower,
        lipschitz=lipschitz,
    )


class _Surroundings:
    """How the Hessian changes around a centre; `neurons`: one of each block."""

    def __init__(self, center: NDArray[np.float64], neurons: NDArray[np.int64]) -> None:
        norms, k = np.linalg.norm(center, axis=1), len(center)
        units = center / norms[:, None]
        off = ~np.eye(k, dtype=bool)
        cosines = np.where(off, units @ units.T, 0.0)[neurons]
        taught = np.where(off, units, 0.0)[neurons]
        self.students, self.shortest, self.longest = k, float(norms.min()), float(norms.max())
        self.spread = float(np.sqrt(_spectral_norm(units @ units.T)))
        self.cosines = float(np.linalg.norm(cosines, axis=1).max())
        self.largest_cosine = float(np.abs(cosines).max())
        self.teacher_cosines = float(np.linalg.norm(taught, axis=1).max())
        self.largest_teacher_cosine = float(np.abs(taught).max())
        self.inner = max(
            _spectral_norm(_inner_hessian(center, i))
            # |h1(w_i, v_i)| = sin t/(pi |w_i|)
            + float(np.linalg.norm(row)) / (np.pi * float(norms[i]))
            for i, row in zip(neurons, taught, strict=True)
        )

    def lipschitz(self, radius: float) -> float:
        """L(R); infinite if R is too large for the argument."""
        a, across = self.shortest - radius, np.sqrt(self.students - 1)
        turn = radius / a
        largest = self.largest_cosine + np.sqrt(2) * turn
        largest_teacher = self.largest_teacher_cosine + turn
        beta, circle = 2 / 3**1.5, 2 * np.pi
        if not (a > 0 and largest < 1 and largest_teacher < 1 and 3 * beta * radius < a):
            return np.inf
        sine, teacher_sine = np.sqrt(1 - largest**2), np.sqrt(1 - largest_teacher**2)
        normals = (self.spread + turn) / sine
        cosines = self.cosines + turn * np.sqrt(self.spread**2 + 1)
        teacher_cosines = self.teacher_cosines + turn
        mixed = (
            beta * (across + normals**2) / sine
            + (cosines + normals**2 * largest) / sine
            + 2 * normals
        ) / a
        longest = self.longest + radius
        bent = (
            3 * (longest * normals * cosines + teacher_cosines / teacher_sine)
            + longest * largest * normals**2
            + largest_teacher / teacher_sine**2
        ) / (circle * a**2)
        moved = (across + normals**2 + 2 * normals) / (circle * a)
        inner = (self.inner + radius * (bent + moved)) / (1 - 3 * beta * radius / a)
        own = 3**1.5 / (2 * circle * a**2)
        return float(3 * mixed / circle + own + bent + 3 * beta * inner / a)

    def radius_of_change(self, change: float) -> float:
        """An R with L(R) R < change, next to the largest one."""
        low, high = 0.0, self.shortest
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            fits = self.lipschitz(middle) * middle < change
            low, high = (middle, high) if fits else (low, middle)
        return low


def _inner_hessian(center: NDArray[np.float64], i: int) -> NDArray[np.float64]:
    """H'_ii; h1(w_i, w_i) = 0."""
    students = pair_hessian_first(center[i], center).sum(axis=0)
    inner: NDArray[np.float64] = students - pair_hessian_first(center[i], np.eye(len(center))).sum(
        axis=0
    )
    return inner


def _spectral_norm(matrix: NDArray[np.float64]) -> float:
    """The spectral norm of a symmetric matrix, with room in proportion to its largest row sum."""
    norm = float(np.abs(np.linalg.eigvalsh(matrix)).max())
    return norm + _MARGIN * (float(np.abs(matrix).sum(axis=1).max()) + 1 - norm)


def _below(number: float, digits: int) -> float:
    return float(Context(digits, ROUND_FLOOR).create_decimal_from_float(float(number)))


def _float_below(number: float) -> float:
    """A float of a few digits, below."""
    return float(np.nextafter(_below(number, _DIGITS), -np.inf))


def _float_above(number: float) -> float:
    """A float of a few digits, above."""
    rounded = Context(_DIGITS, ROUND_CEILING).create_decimal_from_float(float(number))
    return float(np.nextafter(float(rounded), np.inf))
