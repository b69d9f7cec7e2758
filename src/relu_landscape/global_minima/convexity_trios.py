"""Directions with three neurons that move in any way, the others alike, at n = k.

No permutation in S_(k-3) changes them. They hold the two neurons that move towards each other of
`convexity_rings`, and what these miss: at k = 3 the worst direction has no symmetry at all, as a
third neuron follows one of the two. At k = 2 and 3 they are all directions. Here the radius itself
is descended, in the direction and the vector together, while other searches lower the form at one
radius after the other.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from relu_landscape.global_minima.convexity import ConvexityRadius, convexity_radius_along
from relu_landscape.global_minima.convexity_rings import ring_direction
from relu_landscape.global_minima.convexity_search import FIRST_RADIUS, vanishing_along
from relu_landscape.global_minima.tied_matrices import TiedMatrices, tied_matrices
from relu_landscape.objective import population_hessian
from relu_landscape.objective.curvature_slopes import unchecked_curvature_slopes
from relu_landscape.seeding import indexed_generator

UNLIKE: Final = 3  # neurons that move in any way
TRIOS: Final = 2**21  # sets the random numbers of trios apart from those of chains and rings
DESCENT: Final[Any] = {"gtol": 1e-10, "maxiter": 1000}


def least_trio_radius(k: int, *, tries: int, largest_radius: float, seed: int) -> ConvexityRadius:
    """Return the smallest radius found among directions that S_(k-3) leaves unchanged.

    Args:
        k: teachers, students and inputs.
        tries: random directions from which it is searched, and as many near two neurons that move
            towards each other.
        largest_radius: where to stop looking, positive.
        seed: seed of the experiment.
    """
    space = trio_space(k)
    generator = indexed_generator(seed, k, TRIOS)
    drawn = [space.matrix(generator.normal(size=space.dimension)) for _ in range(2 * tries)]
    starts = [start / np.linalg.norm(start) for start in drawn]
    starts[tries:] = [start + ring_direction(k, 2) for start in starts[tries:]]
    outer = min(largest_radius, FIRST_RADIUS)
    ends = [_descend_radius(start, outer, space) for start in starts]
    direction, _ = min(ends, key=lambda end: end[1])
    return convexity_radius_along(direction, largest_radius=largest_radius)


def trio_space(k: int) -> TiedMatrices:
    """The matrices (k, k) that no permutation of all indices but the first three changes."""
    row, column = np.indices((k, k))
    one, other = np.minimum(row, UNLIKE), np.minimum(column, UNLIKE)
    alike = (row >= UNLIKE) & (row == column)
    return tied_matrices(np.where(alike, (UNLIKE + 1) ** 2, (UNLIKE + 1) * one + other))


def _descend_radius(
    start: NDArray[np.float64], outer: float, space: TiedMatrices
) -> tuple[NDArray[np.float64], float]:
    """A unit direction of a space, and a radius that no small change of it and a vector lowers."""
    teacher = np.eye(len(start))
    unit = start / np.linalg.norm(start)
    vector = space.softest(population_hessian(teacher + outer * unit, teacher))
    found = minimize(
        _radius_and_slope,
        np.r_[space.coordinates(unit), space.coordinates(vector)],
        args=(outer, space),
        jac=True,
        method="BFGS",
        options=DESCENT,
    )
    direction = space.matrix(found.x[: space.dimension])
    return direction / np.linalg.norm(direction), float(found.fun)


def _radius_and_slope(
    parameters: NDArray[np.float64], outer: float, space: TiedMatrices
) -> tuple[float, NDArray[np.float64]]:
    """Where u^T H(V + r U) u vanishes, and the derivative of this radius r.

    It is that of the form, over minus the slope of the form along U. Where the form is positive up
    to the outer radius, this radius plus the form there stands for it.

    Args:
        parameters: coordinates of U and u, of any length.
        outer: where to stop looking, positive.
        space: of U and u.
    """
    raw = np.stack([space.matrix(half) for half in np.split(parameters, 2)])
    lengths = np.linalg.norm(raw, axis=(1, 2))[:, None, None]
    U, u = units = raw / lengths
    teacher = np.eye(len(U))
    radius = vanishing_along(U, u, outer)
    form = unchecked_curvature_slopes(teacher + radius * U, teacher, u)
    slopes = np.stack([radius * form.in_weights, form.in_displacement])
    if radius < outer:
        slopes /= -np.sum(form.in_weights * U)
    else:
        radius += form.value
    # Derivative through the normalisation: only the part orthogonal to the unit matrix counts.
    slopes -= np.sum(slopes * units, axis=(1, 2), keepdims=True) * units
    in_direction, in_vector = slopes / lengths
    return radius, np.r_[space.coordinates(in_direction), space.coordinates(in_vector)]
