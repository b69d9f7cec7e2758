"""How convex the loss looks from a global minimum, and how steep it is for its height."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import checked_arguments, real_array
from relu_landscape.global_minima.members import require_enough_students
from relu_landscape.objective import (
    population_curvature_along,
    population_gradient,
    population_loss_relative,
)
from relu_landscape.objective.weights import checked_network


@checked_arguments(W=real_array, W_star=real_array)
def one_point_quotient_gradient(W: ArrayLike, W_star: ArrayLike, V: ArrayLike) -> float:
    """Return <grad F(W), W - W*>/|W - W*|^2.

    F is one-point strongly convex with respect to W* on a set where this is at least some
    lambda > 0.

    Args:
        W: students, (n, d), different from W*.
        W_star: a global minimum, (n, d).
        V: teachers, (k, d).

    Raises:
        ValueError: W = W*, a number is not finite, W has a zero row, or the shapes do not fit.

    Source: S21, Definition 5.
    """
    displacement, squared = _displacement(W, W_star)
    return float(np.sum(population_gradient(W, V) * displacement) / squared)


@checked_arguments(W=real_array, W_star=real_array)
def one_point_quotient_hessian(W: ArrayLike, W_star: ArrayLike, V: ArrayLike) -> float:
    """Return (W - W*)^T H(W) (W - W*)/|W - W*|^2.

    Args, raises, source: as for `one_point_quotient_gradient`.
    """
    displacement, squared = _displacement(W, W_star)
    return population_curvature_along(W, V, displacement) / squared


def pl_ratio(W: ArrayLike, V: ArrayLike) -> float:
    """Return |grad F(W)|^2/(2 F(W)), the largest lambda of the PL condition at W.

    F >= 0 = min F for n >= k, so the condition reads |grad F|^2/2 >= lambda F.

    Args:
        W: students, (n, d), n >= k.
        V: teachers, (k, d), orthonormal.

    Raises:
        ValueError: W has a zero row, the shapes do not fit, n < k, or F is below its rounding
            error.

    Source: S21, Definition 8.
    """
    students, teachers = checked_network(W, V)
    require_enough_students(len(students), len(teachers))
    loss = population_loss_relative(students, teachers)
    return float(np.sum(population_gradient(students, teachers) ** 2) / (2.0 * loss))


def _displacement(W: ArrayLike, W_star: ArrayLike) -> tuple[NDArray[np.float64], float]:
    point = np.asarray(W, dtype=np.float64)
    minimum = np.asarray(W_star, dtype=np.float64)
    if point.shape != minimum.shape:
        raise ValueError(f"W has shape {point.shape} and W_star {minimum.shape}; they must agree")
    displacement = point - minimum
    squared = float(np.sum(displacement**2))
    if not 0.0 < squared < np.inf:
        raise ValueError(
            f"|W - W_star|^2 is {squared}: the quotient is defined at finite points other than "
            "W_star"
        )
    return displacement, squared
