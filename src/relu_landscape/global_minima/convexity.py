"""How far strong convexity reaches around the global minimum of n = k.

Theorem 3 of S21 says that some neighbourhood is strongly convex, not how large it is. Along a unit
direction U the Hessian of F at V + r U first becomes singular at a radius r(U); the smallest r(U)
is the radius of the largest ball around V on which F is strictly convex (F is not differentiable at
distance 1, where a neuron can vanish).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import brentq, minimize

from relu_landscape.objective import population_hessian, population_hessian_vector
from relu_landscape.seeding import indexed_generator

SCAN_STEPS = 20  # radii at which the sign of the smallest eigenvalue is looked at before bisection
RADIUS_TOLERANCE = 1e-10
# The form u^T H u is differentiated along W by a difference quotient: third derivatives of F jump
# at parallel neurons, of which V + r U with r > 0 has none.
DIFFERENCE = 1e-6
DESCENT_OPTIONS: Final[Any] = {"maxiter": 400, "ftol": 1e-14, "gtol": 1e-9}
LARGEST_ROUNDS = 40


@dataclass(frozen=True)
class ConvexityRadius:
    """Where convexity ends along one direction from the global minimum V = I_k.

    direction: (k, k), unit Frobenius norm; radius: the first r at which the Hessian at V + r U is
    singular, NaN if it is positive definite up to the largest one tried; smallest_eigenvalue:
    there, or at the largest radius tried; steps: evaluations of the form by the search.
    """

    direction: NDArray[np.float64]
    radius: float
    smallest_eigenvalue: float
    steps: int


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
    if not 0.0 < largest_radius < np.inf:
        raise ValueError(f"largest_radius is {largest_radius}; it must be positive and finite")
    length = float(np.linalg.norm(direction))
    if direction.ndim != 2 or direction.shape[0] != direction.shape[1] or not 0.0 < length < np.inf:
        raise ValueError(
            f"the direction has shape {direction.shape} and length {length}; it must be a finite, "
            "non-zero displacement of the k students in k inputs"
        )
    unit = direction / length
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
    smallest = _smallest_eigenpair(teacher + largest_radius * unit)[0]
    return ConvexityRadius(unit, np.nan, smallest, 0)


def smallest_convexity_radius(
    start: NDArray[np.float64], *, largest_radius: float
) -> ConvexityRadius:
    """Return a direction along which convexity ends early, searched for from a starting direction.

    Alternately the form u^T H(V + r U) u is minimised over unit U and u at fixed r, which is smooth
    where the smallest eigenvalue itself is not, and r moves to a crossing along the U found; r
    falls until a round no longer helps, and the first crossing along the last U is the result. It
    is an upper bound on the radius of the largest convex ball. It can be a saddle of r(U): a second
    search, from the direction found and a small random one, ends lower at some of them.

    Args:
        start: (k, k), not zero.
        largest_radius: where to stop looking along a direction, and where the search begins;
            positive.

    Raises:
        ValueError: as `convexity_radius_along`.
    """
    best = convexity_radius_along(start, largest_radius=largest_radius)
    radius = largest_radius if np.isnan(best.radius) else best.radius
    steps = 0
    for _ in range(LARGEST_ROUNDS):
        direction, evaluations = _most_curved_direction(best.direction, radius)
        steps += evaluations
        found = _crossing_along(direction, 0.0, radius)
        if np.isnan(found.radius) or radius - found.radius < RADIUS_TOLERANCE:
            break
        best, radius = found, found.radius
    # Some crossing is enough for a round, and the first one, which takes a scan, is asked here.
    first = convexity_radius_along(best.direction, largest_radius=radius)
    return replace(best if np.isnan(first.radius) else first, steps=steps)


def random_direction(k: int, start: int, *, seed: int) -> NDArray[np.float64]:
    """Return direction number `start`, uniform on the unit sphere of the (k, k) matrices."""
    direction = indexed_generator(seed, k, start).normal(size=(k, k))
    unit: NDArray[np.float64] = direction / np.linalg.norm(direction)
    return unit


def measure_convexity_radii(
    k: int,
    *,
    random_directions: int,
    searches: int,
    largest_radius: float,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[list[dict[str, Any]], list[NDArray[np.float64]]]:
    """Return one record a direction, drawn or searched for, and the directions, (k, k) each.

    Search number r starts from drawn direction number r.

    Args:
        k: teachers, students and inputs.
        random_directions: directions drawn uniformly.
        searches: searches for the smallest radius.
        largest_radius: where to stop looking.
        seed: seed of the experiment.
        progress: called with (directions done, directions).

    Source: S21, Theorem 3; how far its neighbourhood reaches is asked here.
    """
    wanted = [("random", start) for start in range(random_directions)]
    wanted += [("worst", start) for start in range(searches)]
    measures = {"random": convexity_radius_along, "worst": smallest_convexity_radius}
    records, directions = [], []
    for done, (search, start) in enumerate(wanted, start=1):
        drawn = random_direction(k, start, seed=seed)
        found = measures[search](drawn, largest_radius=largest_radius)
        directions.append(found.direction)
        records.append(
            {
                "k": k,
                "search": search,
                "start": start,
                "radius": found.radius,
                "largest_radius": largest_radius,
                "smallest_eigenvalue": found.smallest_eigenvalue,
                "steps": found.steps,
                "place": done - 1,
            }
        )
        if progress is not None:
            progress(done, len(wanted))
    return records, directions


def _most_curved_direction(
    start: NDArray[np.float64], radius: float
) -> tuple[NDArray[np.float64], int]:
    """Minimise u^T H(V + r U) u over unit U and u, from `start` and the softest u there."""
    k = len(start)
    teacher = np.eye(k)
    softest = _smallest_eigenpair(teacher + radius * start)[1]

    def value_and_slope(parameters: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        raw_direction, raw_vector = parameters.reshape(2, k, k)
        direction_length, vector_length = (np.linalg.norm(x) for x in (raw_direction, raw_vector))
        direction, vector = raw_direction / direction_length, raw_vector / vector_length
        point = teacher + radius * direction
        product = population_hessian_vector(point, teacher, vector)
        value = float(np.sum(vector * product))
        ahead, behind = (
            population_hessian_vector(point + step * vector, teacher, vector)
            for step in (DIFFERENCE, -DIFFERENCE)
        )
        slopes = np.stack([radius * (ahead - behind) / (2.0 * DIFFERENCE), 2.0 * product])
        units = np.stack([direction, vector])
        # Derivative through the normalisation: only the part orthogonal to the unit matrix counts.
        radial = np.sum(slopes * units, axis=(1, 2), keepdims=True) * units
        lengths = np.array([direction_length, vector_length])[:, None, None]
        return value, ((slopes - radial) / lengths).ravel()

    found = minimize(
        value_and_slope,
        np.stack([start, softest]).ravel(),
        jac=True,
        method="L-BFGS-B",
        options=DESCENT_OPTIONS,
    )
    direction = found.x.reshape(2, k, k)[0]
    return direction / np.linalg.norm(direction), int(found.nfev)


def _crossing_along(unit: NDArray[np.float64], inside: float, outside: float) -> ConvexityRadius:
    """Some radius between two at which the Hessian is singular, NaN if definite at the outer one.

    The direction is a unit matrix (k, k); the Hessian is positive definite at the inner radius.
    """
    teacher = np.eye(len(unit))

    @cache
    def smallest(radius: float) -> float:
        return _smallest_eigenpair(teacher + radius * unit)[0]

    if smallest(outside) > 0.0:
        return ConvexityRadius(unit, np.nan, smallest(outside), 0)
    crossing = float(brentq(smallest, inside, outside, xtol=RADIUS_TOLERANCE))
    return ConvexityRadius(unit, crossing, smallest(crossing), 0)


def _is_positive_definite(W: NDArray[np.float64]) -> bool:
    """Whether the Hessian at W (k, k) for the teacher I_k has a Cholesky factorisation."""
    try:
        np.linalg.cholesky(population_hessian(W, np.eye(len(W))))
    except np.linalg.LinAlgError:
        return False
    return True


def _smallest_eigenpair(W: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
    """Smallest Hessian eigenvalue at W (k, k) for the teacher I_k, and its unit eigenvector."""
    values, vectors = eigh(population_hessian(W, np.eye(len(W))), subset_by_index=[0, 0])
    return float(values[0]), vectors[:, 0].reshape(W.shape)
