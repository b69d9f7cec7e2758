"""Searches for the direction along which strong convexity ends first, at n = k.

A search for the smallest r(U) (see `convexity`) can end at a saddle of it: at k = 5 half of those
from random directions do, and a step from there leads lower. Hence chains of searches, from random
directions, from symmetric ones and from variations of the best one, until two of them agree.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize

from relu_landscape.global_minima.chains import extend_until_agreement
from relu_landscape.global_minima.convexity import (
    RADIUS_TOLERANCE,
    ConvexityRadius,
    checked_direction,
    convexity_radius_along,
)
from relu_landscape.global_minima.tied_matrices import TiedMatrices, all_matrices
from relu_landscape.objective import population_curvature_along, population_hessian
from relu_landscape.objective.curvature_slopes import unchecked_curvature_slopes
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Convexity

# Early rounds of a search only have to lead to the next radius.
ROUGH: Final[Any] = {"maxiter": 60, "ftol": 1e-5}
FINE: Final[Any] = {"maxiter": 400, "ftol": 1e-13, "gtol": 1e-10, "maxcor": 20}
NEARLY_DONE: Final = 1e-3  # fall of the radius in one round
LARGEST_ROUNDS = 40
# Where the searches of a chain begin: further out than any least radius, and well inside 1.
FIRST_RADIUS = 0.6
KICK: Final = 0.3  # length of the random part of a variation of the best direction
ROOM: Final = 1.3  # a variation is searched from this multiple of the best radius


@dataclass(frozen=True)
class LeastRadius:
    """The smallest radius that chains of searches found.

    found: the direction and its radius; spread: largest minus least radius over the chains, None
    of one search alone; agreed: whether they agree (see `chains`).
    """

    found: ConvexityRadius
    spread: float | None
    agreed: bool


def smallest_convexity_radius(
    start: NDArray[np.float64], *, largest_radius: float
) -> ConvexityRadius:
    """Return a direction along which convexity ends early, searched for from a starting direction.

    Alternately the form u^T H(V + r U) u is minimised over unit U and u at fixed r, which is smooth
    where the smallest eigenvalue itself is not, and r moves inward to where the form vanishes along
    the U found; the first crossing along the last U is the result. It is an upper bound on the
    radius of the largest convex ball, and can be a saddle of r(U).

    Args:
        start: (k, k), not zero.
        largest_radius: where the search begins and where it stops looking along a direction,
            positive and below 1, where a neuron can vanish and the form has no least value.

    Raises:
        ValueError: as `convexity_radius_along`, or the radius is 1 or more.
    """
    unit = checked_direction(start, largest_radius)
    if largest_radius >= 1.0:
        raise ValueError(f"largest_radius is {largest_radius}; a search needs one below 1")
    direction, _ = search_from(unit, largest_radius)
    return convexity_radius_along(direction, largest_radius=largest_radius)


def structured_direction(k: int, generator: np.random.Generator) -> NDArray[np.float64]:
    """Return a random direction that no permutation in S_(k-2) x S_2 of rows and columns changes.

    Two neurons that move alike, say towards each other, and the others alike: of this kind are the
    worst directions found at k = 4, 5, 6 and 8.
    """
    pair = np.arange(k) >= k - 2
    same, rows, columns = np.eye(k, dtype=bool), pair[:, None], pair[None, :]
    entries = generator.normal(size=(2, 2, 2))
    direction = entries[rows.astype(int), columns.astype(int), same.astype(int)]
    unit: NDArray[np.float64] = direction / np.linalg.norm(direction)
    return unit


def least_convexity_radius(
    k: int, search: Convexity, progress: Callable[[int, int], None] | None = None
) -> LeastRadius:
    """Return the smallest radius that chains of searches find, searched until they agree.

    Args:
        k: teachers, students and inputs.
        search: its chains, tries and rounds, the largest radius and the seed.
        progress: called with (rounds done, rounds at most).
    """
    outer = min(search.largest_radius, FIRST_RADIUS)
    chains = [
        _RadiusChain(k, outer, tries=search.tries, seed=search.seed, number=number)
        for number in range(search.chains)
    ]
    found = extend_until_agreement(chains, rounds=search.rounds, progress=progress)
    direction = chains[found.holder[0]].direction
    least = convexity_radius_along(direction, largest_radius=search.largest_radius)
    return LeastRadius(least, float(found.spread[0]), bool(found.agreed[0]))


def search_from(
    start: NDArray[np.float64],
    largest_radius: float,
    spaces: tuple[TiedMatrices, TiedMatrices] | None = None,
) -> tuple[NDArray[np.float64], float]:
    """A unit direction at the end of a search, and where a form vanishes along it.

    spaces: of U and u; all matrices unless given.
    """
    teacher = np.eye(len(start))
    spaces = spaces or (all_matrices(len(start)), all_matrices(len(start)))
    direction, radius, fall = start, largest_radius, np.inf
    vector = spaces[1].softest(population_hessian(teacher + radius * direction, teacher))
    for _ in range(LARGEST_ROUNDS):
        options = ROUGH if fall > NEARLY_DONE else FINE
        direction, vector = _least_form(direction, vector, radius, spaces, options)
        inner = vanishing_along(direction, vector, radius)
        fall, radius = radius - inner, inner
        if fall < RADIUS_TOLERANCE and options is FINE:
            break
    return direction, radius


def _least_form(
    direction: NDArray[np.float64],
    vector: NDArray[np.float64],
    radius: float,
    spaces: tuple[TiedMatrices, TiedMatrices],
    options: Any,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Unit U and u (k, k) of a local minimum of u^T H(V + r U) u, searched for from two such."""
    teacher = np.eye(len(direction))
    split = spaces[0].dimension

    def unpacked(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack(
            [spaces[0].matrix(parameters[:split]), spaces[1].matrix(parameters[split:])]
        )

    def packed(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.concatenate([spaces[0].coordinates(first), spaces[1].coordinates(second)])

    def value_and_slope(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        raw = unpacked(parameters)
        lengths = np.linalg.norm(raw, axis=(1, 2))[:, None, None]
        units = raw / lengths
        form = unchecked_curvature_slopes(teacher + radius * units[0], teacher, units[1])
        slopes = np.stack([radius * form.in_weights, form.in_displacement])
        # Derivative through the normalisation: only the part orthogonal to the unit matrix counts.
        radial = np.sum(slopes * units, axis=(1, 2), keepdims=True) * units
        return form.value, packed(*((slopes - radial) / lengths))

    found = minimize(
        value_and_slope,
        packed(direction, vector),
        jac=True,
        method="L-BFGS-B",
        options=options,
    )
    first, second = unpacked(found.x)
    return first / np.linalg.norm(first), second / np.linalg.norm(second)


def vanishing_along(
    direction: NDArray[np.float64], vector: NDArray[np.float64], radius: float
) -> float:
    """Where u^T H(V + r U) u vanishes within a radius; the radius itself if positive there."""
    teacher = np.eye(len(direction))

    def form(distance: float) -> float:
        return population_curvature_along(teacher + distance * direction, teacher, vector)

    # At V every form is positive, since F is strictly convex there.
    return radius if form(radius) >= 0.0 else float(brentq(form, 0.0, radius, xtol=1e-14))


class _RadiusChain:
    """A chain of searches for the smallest radius of convexity at one k."""

    def __init__(
        self, k: int, largest_radius: float, *, tries: int, seed: int, number: int
    ) -> None:
        self._k, self._largest_radius, self._tries = k, largest_radius, tries
        self._stream = (seed, k, number)
        self._rounds = 0
        self._radius = largest_radius
        self.direction: NDArray[np.float64] = np.eye(k) / np.sqrt(k)

    @property
    def least(self) -> NDArray[np.float64]:
        """Least radius found, or the largest one, (1,)."""
        return np.array([self._radius])

    def extend(self) -> None:
        """Search from random directions, symmetric ones, and variations of the best."""
        self._rounds += 1
        generator = indexed_generator(*self._stream, self._rounds)
        for _ in range(self._tries):
            random = generator.normal(size=(self._k, self._k))
            self._search(random, self._largest_radius)
            self._search(structured_direction(self._k, generator), self._largest_radius)
            kick = generator.normal(size=(self._k, self._k))
            varied = self.direction + KICK * kick / np.linalg.norm(kick)
            self._search(varied, min(self._largest_radius, ROOM * self._radius))

    def _search(self, start: NDArray[np.float64], largest_radius: float) -> None:
        direction, radius = search_from(start / np.linalg.norm(start), largest_radius)
        if radius < self._radius:
            self.direction, self._radius = direction, radius
