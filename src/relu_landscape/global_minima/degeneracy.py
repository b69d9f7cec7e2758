"""How flat the loss is at global minima with n > k: the kernel of the Hessian, and F beyond it.

At a global minimum the Hessian sees the sum of the students of each teacher alone, so its kernel
has dimension (n - k) d, while the set of global minima has dimension n - k. In the other kernel
directions the loss is of order three: `valley_law`. With c its least value for |u| = 1,
|grad F| >= 3 c^{1/3} F^{2/3} (1 + o(1)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import null_space
from scipy.optimize import minimize

from relu_landscape.global_minima.members import global_minimum, sample_global_minimum
from relu_landscape.global_minima.valley_law import simplex_valley_constant
from relu_landscape.objective import population_gradient, population_hessian, population_loss
from relu_landscape.seeding import indexed_generator

if TYPE_CHECKING:
    from relu_landscape.global_minima.settings import Degeneracy
    from relu_landscape.settings.sizes import PairSize

# The positive eigenvalues are 0.09 and more, as those at n = k.
ZERO_EIGENVALUE: Final = 1e-9
SAME_DIMENSION: Final = 1e-9
NEIGHBOURS_BEYOND: Final = 3
GRADIENT_TOLERANCE: Final = 1e-7
STEP_BUDGET: Final = 500
ASIDE: Final = 0.3


@dataclass(frozen=True)
class _Valley:
    """A global minimum with equal shares, and directions from it in the basis of a valley.

    teachers: (k, d); minimum: (n, d); along: (n d, p) orthonormal, the kernel of the Hessian
    without the directions of the set of global minima; across: (n d, k d), the rest.
    """

    teachers: NDArray[np.float64]
    minimum: NDArray[np.float64]
    along: NDArray[np.float64]
    across: NDArray[np.float64]


def valley_constant(n: int, k: int, d: int) -> float:
    """Return c, the least of F/|u|^3 in the valley of the global minimum with equal shares.

    Of m students of one teacher q are at the corners of a regular simplex and the others at rest,
    q the least of m, d and 4; between teachers |u|^2 is shared as 1/c^2.

    Args:
        n: students, n > k.
        k: teachers.
        d: inputs, d >= k and d >= 2.

    Source: derived here; that no other direction is lower was seen by minimisation from random
        starts, not proved.
    """
    constants = []
    for students in np.bincount(np.arange(n) % k):
        if students > 1:
            constants.append(simplex_valley_constant(students, min(students, d, 4)))
    return float(np.sum(np.array(constants) ** -2.0) ** -0.5)


def least_quotient(size: PairSize, epsilon: float, *, seed: int, starts: int) -> float:
    """Return the least |grad F|/F^{2/3} found at the distance epsilon along a valley.

    The points are W* + epsilon (a unit vector along the valley) + epsilon^2 (any vector across it),
    searched by a quasi-Newton method from random starts.

    Args:
        size: k, n, d.
        epsilon: distance along the valley.
        seed, starts: start s depends on (seed, k, n, d, s) alone.
    """
    valley = _valley(size)
    number, rest = valley.along.shape[1], valley.across.shape[1]
    found = []
    for start in range(starts):
        generator = indexed_generator(seed, size.k, size.n, size.d, start)
        first = np.concatenate([generator.normal(size=number), ASIDE * generator.normal(size=rest)])
        result = minimize(
            _log_quotient,
            first,
            args=(valley, epsilon),
            jac=True,
            method="BFGS",
            options={"gtol": GRADIENT_TOLERANCE, "maxiter": STEP_BUDGET},
        )
        found.append(float(np.exp(result.fun)))
    return min(found)


def quotient_records(size: PairSize, settings: Degeneracy) -> list[dict[str, Any]]:
    """Return one record an epsilon: the least quotient found, and its limit 3 c^{1/3}."""
    limit = 3 * valley_constant(size.n, size.k, size.d) ** (1 / 3)
    return [
        {
            **dict(size),
            "epsilon": epsilon,
            "least_quotient": least_quotient(
                size, epsilon, seed=settings.seed, starts=settings.starts
            ),
            "limit": limit,
        }
        for epsilon in settings.epsilons
    ]


def kernel_records(size: PairSize, settings: Degeneracy) -> list[dict[str, Any]]:
    """Return one record a random global minimum: dimensions of kernel and set, and eigenvalues.

    The dimension of the set is that of the span of differences to members with other shares.
    """
    k, n, d = size.k, size.n, size.d
    teachers = np.eye(k, d)
    records = []
    for sample in range(settings.members):
        generator = indexed_generator(settings.seed, k, n, d, settings.starts, sample)
        member = sample_global_minimum(n, k, generator, d=d)
        eigenvalues = np.linalg.eigvalsh(population_hessian(member, teachers))
        zero = np.abs(eigenvalues) <= ZERO_EIGENVALUE
        records.append(
            {
                **dict(size),
                "sample": sample,
                "kernel_dimension": int(zero.sum()),
                "set_dimension": _set_dimension(member, n - k + NEIGHBOURS_BEYOND, generator),
                "largest_zero": float(np.abs(eigenvalues[zero]).max()),
                "least_positive": float(eigenvalues[~zero].min()),
            }
        )
    return records


def _set_dimension(
    member: NDArray[np.float64], neighbours: int, generator: np.random.Generator
) -> int:
    """Dimension of the span of differences to members of the same dealing."""
    dealt = member > 0
    differences = []
    for _ in range(neighbours):
        portions = dealt * generator.exponential(size=(len(member), 1))
        differences.append((portions / np.maximum(portions.sum(axis=0), 1e-300) - member).ravel())
    return int(np.linalg.matrix_rank(np.array(differences), tol=SAME_DIMENSION))


def _valley(size: PairSize) -> _Valley:
    n, k, d = size.n, size.k, size.d
    along, across = [], []
    for teacher in range(k):
        students = np.arange(teacher, n, k)
        apart = null_space(np.ones((1, students.size)))
        together = np.full((students.size, 1), students.size**-0.5)
        for coordinate in range(d):
            across += _directions(n, d, students, coordinate, together)
            if coordinate != teacher:
                along += _directions(n, d, students, coordinate, apart)
    return _Valley(
        np.eye(k, d), global_minimum(n, k, d=d), np.transpose(along), np.transpose(across)
    )


def _directions(
    n: int, d: int, students: NDArray[np.int64], coordinate: int, columns: NDArray[np.float64]
) -> list[NDArray[np.float64]]:
    """Displacements (n d,) of some students in one coordinate, one a column."""
    directions = np.zeros((columns.shape[1], n, d))
    directions[:, students, coordinate] = columns.T
    return list(directions.reshape(-1, n * d))


def _log_quotient(
    y: NDArray[np.float64], valley: _Valley, epsilon: float
) -> tuple[float, NDArray[np.float64]]:
    """log(|grad F|/F^{2/3}) at a point of the valley, and its gradient in y."""
    number = valley.along.shape[1]
    length = np.linalg.norm(y[:number])
    unit = y[:number] / length
    moved = epsilon * valley.along @ unit + epsilon**2 * valley.across @ y[number:]
    W, V = valley.minimum + moved.reshape(valley.minimum.shape), valley.teachers
    loss, gradient = population_loss(W, V), population_gradient(W, V).ravel()
    squared = gradient @ gradient
    slope = population_hessian(W, V) @ gradient / squared - 2 / 3 * gradient / loss
    along = epsilon * valley.along.T @ slope
    along = (along - unit * (unit @ along)) / length
    value = float(np.log(squared) / 2 - 2 / 3 * np.log(loss))
    return value, np.concatenate([along, epsilon**2 * valley.across.T @ slope])
