"""How far strong convexity reaches around the global minimum of n = k.

Theorem 3 of S21 says that some neighbourhood is strongly convex, not how large it is. Along a unit
direction U the Hessian of F at V + r U first becomes singular at a radius r(U); the smallest r(U)
is the radius of the largest ball around V on which F is strictly convex (F is not differentiable at
distance 1, where a neuron can vanish).

A search for the smallest r(U) can end at a saddle of it: at k = 5 half of those from random
directions end at 0.196, and a step from there leads to 0.193. Hence chains of searches, from random
directions, from symmetric ones and from variations of the best one, until two of them agree.

A second way looks only at directions that no permutation in D_q x S_(k-q) changes, q neurons on a
ring and the others alike: few parameters, for each q. Up to k = 14 or so the least radius found
has q = 2, two neurons that move towards each other, beyond that a ring of 7 or 8.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import brentq, minimize

from relu_landscape.eigenspaces import softest_direction
from relu_landscape.global_minima.chains import AGREEMENT, extend_until_agreement
from relu_landscape.objective import population_curvature_along, population_hessian
from relu_landscape.objective.curvature_slopes import unchecked_curvature_slopes
from relu_landscape.seeding import indexed_generator

SCAN_STEPS = 20  # radii at which the sign of the smallest eigenvalue is looked at before bisection
RADIUS_TOLERANCE = 1e-10
# Early rounds of a search only have to lead to the next radius.
ROUGH: Final[Any] = {"maxiter": 60, "ftol": 1e-5}
FINE: Final[Any] = {"maxiter": 400, "ftol": 1e-13, "gtol": 1e-10, "maxcor": 20}
NEARLY_DONE: Final = 1e-3  # fall of the radius in one round
LARGEST_ROUNDS = 40
# Where the searches of a chain begin: further out than any least radius, and well inside 1.
FIRST_RADIUS = 0.6
KICK: Final = 0.3  # length of the random part of a variation of the best direction
RING_RADIUS: Final = (
    0.3  # where a search from a ring begins; above every least radius, .2865 at k = 2
)
SHRINKING: Final = 1.5  # share of the shrinking in a ring's starting direction, to that of turning
RINGS: Final = 2**20  # sets the random numbers of rings apart from those of chains
ROOM: Final = 1.3  # a variation is searched from this multiple of the best radius


@dataclass(frozen=True)
class ConvexityRadius:
    """Where convexity ends along one direction from the global minimum V = I_k.

    direction: (k, k), unit Frobenius norm; radius: the first r at which the Hessian at V + r U is
    singular, NaN if it is positive definite up to the largest one tried; smallest_eigenvalue:
    there, or at the largest radius tried.
    """

    direction: NDArray[np.float64]
    radius: float
    smallest_eigenvalue: float


@dataclass(frozen=True)
class LeastRadius:
    """The smallest radius that chains of searches found.

    found: the direction and its radius; spread: largest minus least radius over the chains;
    agreed: whether they agree (see `chains`).
    """

    found: ConvexityRadius
    spread: float
    agreed: bool


@dataclass(frozen=True)
class _Space:
    """Matrices (k, k) whose entries with equal labels are equal; labels count from 0."""

    labels: NDArray[np.int64]

    @cached_property
    def _lengths(self) -> NDArray[np.float64]:
        return np.sqrt(np.bincount(self.labels.ravel()))

    @property
    def dimension(self) -> int:
        """Number of its coordinates in an orthonormal basis."""
        return len(self._lengths)

    def matrix(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        """The matrix (k, k) with these coordinates."""
        entries: NDArray[np.float64] = (coordinates / self._lengths)[self.labels]
        return entries

    def coordinates(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Coordinates of the projection of a matrix (k, k)."""
        sums = np.bincount(self.labels.ravel(), matrix.ravel())
        projected: NDArray[np.float64] = sums / self._lengths
        return projected

    def softest(self, hessian: NDArray[np.float64]) -> NDArray[np.float64]:
        """Unit matrix (k, k) of the space along which a Hessian (k^2, k^2) is least."""
        basis = (self.labels.ravel()[:, None] == np.arange(self.dimension)) / self._lengths
        return self.matrix(softest_direction(basis.T @ hessian @ basis))


def convexity_radius_along(
    direction: NDArray[np.float64], *, largest_radius: float
) -> ConvexityRadius:
    """Return the first radius along a direction at which the Hessian is singular.

    The sign of the smallest eigenvalue is looked at in SCAN_STEPS equal steps, and the first change
    is bisected; two changes within one step would be missed.

    Args:
        direction: U, (k, k), not zero; it is normalised.
        largest_radius: where to stop looking, positive.

    Raises:
        ValueError: the direction is zero, not finite or not square, or the radius is not positive
            and finite.
    """
    unit = _checked_direction(direction, largest_radius)
    teacher = np.eye(len(unit))

    inside = 0.0
    for radius in np.linspace(0.0, largest_radius, SCAN_STEPS + 1)[1:]:
        # A factorisation tells the sign at a fraction of the eigenvalue's price; near zero, where
        # the two may differ, the eigenvalue decides, since it is what the bisection brackets.
        if not _is_positive_definite(teacher + radius * unit):
            found = _crossing_along(unit, inside, radius)
            if not np.isnan(found.radius):
                return found
        inside = radius
    return ConvexityRadius(unit, np.nan, _smallest_eigenvalue(teacher + largest_radius * unit))


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
    unit = _checked_direction(start, largest_radius)
    if largest_radius >= 1.0:
        raise ValueError(f"largest_radius is {largest_radius}; a search needs one below 1")
    direction, _ = _search_from(unit, largest_radius)
    return convexity_radius_along(direction, largest_radius=largest_radius)


def random_direction(k: int, start: int, *, seed: int) -> NDArray[np.float64]:
    """Return direction number `start`, uniform on the unit sphere of the (k, k) matrices."""
    direction = indexed_generator(seed, k, start).normal(size=(k, k))
    unit: NDArray[np.float64] = direction / np.linalg.norm(direction)
    return unit


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


def ring_direction(k: int, q: int) -> NDArray[np.float64]:
    """Return the unit direction along which q neurons shrink and turn as on a ring, others shrink.

    Neuron i < q moves towards teacher j < q by -cos(2 pi (i - j)/q): at q = 2 the two neurons move
    towards each other.

    Args:
        k: teachers and students.
        q: neurons on the ring, 2 <= q <= k.

    Raises:
        ValueError: q out of range.
    """
    if not 2 <= q <= k:
        raise ValueError(f"q is {q}; a ring of some of k = {k} neurons has from 2 to k of them")
    steps = np.subtract.outer(np.arange(k), np.arange(k))
    turned = -np.cos(2.0 * np.pi * steps / q)
    turned[q:], turned[:, q:] = 0.0, 0.0
    np.fill_diagonal(turned, 0.0)
    direction = turned / np.linalg.norm(turned) - SHRINKING * np.eye(k) / np.sqrt(k)
    unit: NDArray[np.float64] = direction / np.linalg.norm(direction)
    return unit


def least_ring_radius(
    k: int, q: int, *, tries: int, largest_radius: float, seed: int
) -> ConvexityRadius:
    """Return the smallest radius found among directions that D_q x S_(k-q) leaves unchanged.

    Searched from `ring_direction` and from random directions of that space; the vector along
    which the Hessian is singular is one that S_(k-q) leaves unchanged.

    Args:
        k: teachers, students and inputs.
        q: neurons on the ring, 2 <= q <= k.
        tries: random directions.
        largest_radius: where to stop looking, positive.
        seed: seed of the experiment.

    Raises:
        ValueError: q out of range.
    """
    spaces = _ring_spaces(k, q)
    generator = indexed_generator(seed, k, RINGS, q)
    drawn = [spaces[0].matrix(generator.normal(size=spaces[0].dimension)) for _ in range(tries)]
    outer = min(largest_radius, FIRST_RADIUS)
    ends = [_search_from(ring_direction(k, q), min(largest_radius, RING_RADIUS), spaces)]
    ends += [_search_from(start / np.linalg.norm(start), outer, spaces) for start in drawn]
    direction, _ = min(ends, key=lambda end: end[1])
    return convexity_radius_along(direction, largest_radius=largest_radius)


def least_convexity_radius(
    k: int,
    *,
    chains: int,
    tries: int,
    rounds: int,
    largest_radius: float,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> LeastRadius:
    """Return the smallest radius that chains of searches find, searched until they agree.

    Args:
        k: teachers, students and inputs.
        chains: independent chains of searches.
        tries: random directions, symmetric ones and variations of the best that a chain searches
            from in each round.
        rounds: rounds at most.
        largest_radius: where to stop looking.
        seed: seed of the experiment.
        progress: called with (rounds done, rounds at most).
    """
    searches = [
        _RadiusChain(k, min(largest_radius, FIRST_RADIUS), tries=tries, seed=seed, number=number)
        for number in range(chains)
    ]
    found = extend_until_agreement(searches, rounds=rounds, progress=progress)
    worst = convexity_radius_along(
        searches[found.holder[0]].direction, largest_radius=largest_radius
    )
    return LeastRadius(worst, float(found.spread[0]), bool(found.agreed[0]))


def measure_convexity_radii(
    k: int,
    *,
    random_directions: int,
    chains: int,
    tries: int,
    rounds: int,
    largest_radius: float,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[dict[str, Any]], list[NDArray[np.float64]]]:
    """Return records of drawn directions, of each way of searching and of the worst; directions.

    Args:
        k: teachers, students and inputs.
        random_directions: directions drawn uniformly.
        chains, tries, rounds: of the search for the smallest radius, see `least_convexity_radius`.
        largest_radius: where to stop looking.
        seed: seed of the experiment.
        progress: called with (rounds of the search done, rounds at most).

    Source: S21, Theorem 3; how far its neighbourhood reaches is asked here.
    """
    drawn = [
        convexity_radius_along(random_direction(k, start, seed=seed), largest_radius=largest_radius)
        for start in range(random_directions)
    ]
    least = least_convexity_radius(
        k,
        chains=chains,
        tries=tries,
        rounds=rounds,
        largest_radius=largest_radius,
        seed=seed,
        progress=progress,
    )
    rings = [
        least_ring_radius(k, q, tries=tries, largest_radius=largest_radius, seed=seed)
        for q in range(2, k + 1)
    ]
    ways = [least.found, *rings]
    reached = np.array([way.radius for way in ways])
    reached[np.isnan(reached)] = largest_radius
    worst, ring = int(reached.argmin()), reached[1:].min()
    spread = max(least.spread, abs(reached[0] - ring))
    agreed = least.agreed and spread <= AGREEMENT * reached[worst]
    rows: list[tuple[str, int, ConvexityRadius, float | None, bool]]
    rows = [("random", start, found, None, True) for start, found in enumerate(drawn)]
    rows += [("ring", q, found, None, True) for q, found in enumerate(rings, start=2)]
    rows.append(("free", 0, least.found, least.spread, least.agreed))
    rows.append(("worst", 0, ways[worst], spread, agreed))
    records = [
        {
            "k": k,
            "search": search,
            "start": start,
            "radius": found.radius,
            "spread": spread,
            "agreed": agreed,
            "largest_radius": largest_radius,
            "smallest_eigenvalue": found.smallest_eigenvalue,
            "place": place,
        }
        for place, (search, start, found, spread, agreed) in enumerate(rows)
    ]
    return records, [found.direction for _, _, found, _, _ in rows]


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
        direction, radius = _search_from(start / np.linalg.norm(start), largest_radius)
        if radius < self._radius:
            self.direction, self._radius = direction, radius


def _checked_direction(
    direction: NDArray[np.float64], largest_radius: float
) -> NDArray[np.float64]:
    """The direction normalised, (k, k)."""
    if not 0.0 < largest_radius < np.inf:
        raise ValueError(f"largest_radius is {largest_radius}; it must be positive and finite")
    length = float(np.linalg.norm(direction))
    if direction.ndim != 2 or direction.shape[0] != direction.shape[1] or not 0.0 < length < np.inf:
        raise ValueError(
            f"the direction has shape {direction.shape} and length {length}; it must be a finite, "
            "non-zero displacement of the k students in k inputs"
        )
    unit: NDArray[np.float64] = direction / length
    return unit


def _ring_spaces(k: int, q: int) -> tuple[_Space, _Space]:
    """Directions that D_q x S_(k-q) leaves unchanged, and vectors that S_(k-q) does."""
    row, column = np.indices((k, k))
    on_ring, around = (row < q) & (column < q), (row - column) % q
    others = [on_ring, row < q, column < q, row == column]
    # Labels beyond those of the ring: rows of it, columns of it, the diagonal, and what is left.
    ring = np.select(
        others,
        [np.minimum(around, q - around), q + 0 * row, q + 1 + 0 * row, q + 2 + 0 * row],
        q + 3,
    )
    free = np.select(
        others,
        [row * q + column, q * q + row, q * q + q + column, q * q + 2 * q + 0 * row],
        q * q + 2 * q + 1,
    )
    return _compact(ring), _compact(free)


def _compact(labels: NDArray[np.int64]) -> _Space:
    """The space of labels, counted anew without gaps."""
    return _Space(np.unique(labels, return_inverse=True)[1].reshape(labels.shape))


def _search_from(
    start: NDArray[np.float64],
    largest_radius: float,
    spaces: tuple[_Space, _Space] | None = None,
) -> tuple[NDArray[np.float64], float]:
    """A unit direction at the end of a search, and where a form vanishes along it.

    spaces: of U and u; all matrices unless given.
    """
    teacher = np.eye(len(start))
    whole = _Space(np.arange(start.size).reshape(start.shape))
    spaces = spaces or (whole, whole)
    direction, radius, fall = start, largest_radius, np.inf
    vector = spaces[1].softest(population_hessian(teacher + radius * direction, teacher))
    for _ in range(LARGEST_ROUNDS):
        options = ROUGH if fall > NEARLY_DONE else FINE
        direction, vector = _least_form(direction, vector, radius, spaces, options)
        inner = _vanishing_along(direction, vector, radius)
        fall, radius = radius - inner, inner
        if fall < RADIUS_TOLERANCE and options is FINE:
            break
    return direction, radius


def _least_form(
    direction: NDArray[np.float64],
    vector: NDArray[np.float64],
    radius: float,
    spaces: tuple[_Space, _Space],
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


def _vanishing_along(
    direction: NDArray[np.float64], vector: NDArray[np.float64], radius: float
) -> float:
    """Where u^T H(V + r U) u vanishes within a radius; the radius itself if positive there."""
    teacher = np.eye(len(direction))

    def form(distance: float) -> float:
        return population_curvature_along(teacher + distance * direction, teacher, vector)

    # At V every form is positive, since F is strictly convex there.
    return radius if form(radius) >= 0.0 else float(brentq(form, 0.0, radius, xtol=1e-14))


def _crossing_along(unit: NDArray[np.float64], inside: float, outside: float) -> ConvexityRadius:
    """Some radius between two at which the Hessian is singular, NaN if definite at the outer one.

    The direction is a unit matrix (k, k); the Hessian is positive definite at the inner radius.
    """
    teacher = np.eye(len(unit))

    @cache
    def smallest(radius: float) -> float:
        return _smallest_eigenvalue(teacher + radius * unit)

    if smallest(outside) > 0.0:
        return ConvexityRadius(unit, np.nan, smallest(outside))
    crossing = float(brentq(smallest, inside, outside, xtol=RADIUS_TOLERANCE))
    return ConvexityRadius(unit, crossing, smallest(crossing))


def _is_positive_definite(W: NDArray[np.float64]) -> bool:
    """Whether the Hessian at W (k, k) for the teacher I_k has a Cholesky factorisation."""
    try:
        np.linalg.cholesky(population_hessian(W, np.eye(len(W))))
    except np.linalg.LinAlgError:
        return False
    return True


def _smallest_eigenvalue(W: NDArray[np.float64]) -> float:
    """Smallest Hessian eigenvalue at W (k, k) for the teacher I_k."""
    hessian = population_hessian(W, np.eye(len(W)))
    return float(eigh(hessian, subset_by_index=[0, 0], eigvals_only=True)[0])
