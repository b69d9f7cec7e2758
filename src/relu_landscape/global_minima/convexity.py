"""How far strong convexity reaches around the global minimum of n = k, along one direction.

Theorem 3 of S21 says that some neighbourhood is strongly convex, not how large it is. Along a unit
direction U the Hessian of F at V + r U first becomes singular at a radius r(U); the smallest r(U)
is the radius of the largest ball around V on which F is strictly convex (F is not differentiable at
distance 1, where a neuron can vanish).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import eigh
from scipy.optimize import brentq

from relu_landscape.objective import population_hessian
from relu_landscape.seeding import indexed_generator

SCAN_STEPS = 20  # radii at which the sign of the smallest eigenvalue is looked at before bisection
RADIUS_TOLERANCE = 1e-10


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
    unit = checked_direction(direction, largest_radius)
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


def random_direction(k: int, start: int, *, seed: int) -> NDArray[np.float64]:
    """Return direction number `start`, uniform on the unit sphere of the (k, k) matrices."""
    direction = indexed_generator(seed, k, start).normal(size=(k, k))
    unit: NDArray[np.float64] = direction / np.linalg.norm(direction)
    return unit


def checked_direction(direction: NDArray[np.float64], largest_radius: float) -> NDArray[np.float64]:
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
