"""A neuron split so that one half is zero: is that point a minimum?

F is not differentiable where a neuron is zero, but it is known there exactly: a neuron that grows
from zero in the direction of z changes the loss by

    F(W, e z) - F(W) = e p(z) + e^2 |z|^2/4,   p(z) = sum_j f(z, w_j) - sum_j f(z, v_j),   e >= 0,

so that the point is a local minimum only if p is nowhere negative. At a critical point p and its
gradient vanish at z = w_i, and its Hessian there is H'_ii: along a direction in which that is
negative the loss falls.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.eigenspaces import softest_direction
from relu_landscape.minima.curvature import inner_hessian, neuron_of
from relu_landscape.objective import pair_loss, population_gradient
from relu_landscape.objective.weights import checked_network


class ZeroHalfSlope(NamedTuple):
    """p(z)/|z| at the lower of two z, and a bound on its error."""

    slope: float
    error: float


def slope_from_zero(W: ArrayLike, V: ArrayLike, z: NDArray[np.float64]) -> float:
    """Return p(z)/|z|, the slope of F where a neuron grows from zero in the direction of z.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        z: direction, (d,), not zero.

    Raises:
        ValueError: as `population_hessian`, or z is zero.

    Source: derived from S21, eq. (64).
    """
    students, teachers = checked_network(W, V)
    difference = pair_loss(z, students).sum() - pair_loss(z, teachers).sum()
    return float(difference / np.linalg.norm(z))


def zero_half_slope(W: ArrayLike, V: ArrayLike, i: int, displacement: float) -> ZeroHalfSlope:
    """Return the slope where the zero half of neuron i grows, split with a share of 0 or 1.

    Tried are z = w_i/|w_i| + displacement u and w_i/|w_i| - displacement u, u the
    `softest_direction` of H'_ii; a negative slope shows that the point is no local minimum. The
    error is that of the terms of p, as in `loss_rounding_error`, and what p is off at w_i itself
    where W is critical to rounding only.

    Args:
        W: students, (n, d), at a critical point.
        V: teachers, (k, d).
        i: neuron, 0 <= i < n.
        displacement: length along u, beside the unit vector.

    Raises:
        ValueError: as `inner_hessian`.

    Source: S21, Theorems 14 and 16 for alpha in {0, 1}; the derivation is ours.
    """
    students, teachers = checked_network(W, V)
    neuron = neuron_of(students, i)
    unit = neuron / np.linalg.norm(neuron)
    step = displacement * softest_direction(inner_hessian(students, teachers, i))
    slope = min(slope_from_zero(students, teachers, z) for z in (unit + step, unit - step))
    norms = float(np.linalg.norm(np.vstack([students, teachers]), axis=1).sum())
    rounding = float(np.finfo(np.float64).eps) * (students.shape[1] + 8) * norms
    off = (1.0 + displacement) * np.linalg.norm(population_gradient(students, teachers)[i])
    return ZeroHalfSlope(slope, rounding + float(off))
