"""A neuron split so that one half is zero: is that point a minimum?

F is not differentiable where a neuron is zero, but it is known there exactly: a neuron that grows
from zero in the direction of z, with the output c, changes the loss by

    F(W, e z) - F(W) = e p(z) + e^2 K(z, z)/2,
    p(z) = c (sum_j c_j K(z, w_j) - sum_j K(z, v_j)),   e >= 0,

for the ReLU and leaky networks, whose K is of degree 1 in z, so that the point is a local minimum
only if p is nowhere negative. At a critical point p and its gradient vanish at z = w_i for c = c_i,
and its Hessian there is H'_ii: along a direction in which that is negative the loss falls.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.eigenspaces import softest_direction
from relu_landscape.minima.curvature import inner_hessian, neuron_of
from relu_landscape.objective import PairKernel, population_gradient
from relu_landscape.objective.geometry import pair_geometry
from relu_landscape.objective.population import Problem, checked_problem
from relu_landscape.objective.weights import checked_vectors


class ZeroHalfSlope(NamedTuple):
    """p(z)/|z| at the lower of two z, and a bound on its error."""

    slope: float
    error: float


def slope_from_zero(problem: Problem, z: NDArray[np.float64], output: float = 1.0) -> float:
    """Return p(z)/|z|, the slope of F where a neuron grows from zero in the direction of z.

    Args:
        problem: students, teachers, outputs and an activation of degree 1.
        z: direction, (d,), not zero.
        output: c, that of the neuron, 1 or -1.

    Raises:
        ValueError: z is zero.

    Source: derived from S21, eq. (64).
    """
    students, teachers, c, s = problem
    direction = checked_vectors(z, "z")
    by_students = (c * s.loss_terms(pair_geometry(direction, students))).sum()
    difference = by_students - s.loss_terms(pair_geometry(direction, teachers)).sum()
    return float(output * difference / np.linalg.norm(direction))


def zero_half_slope(
    W: ArrayLike,
    V: ArrayLike,
    i: int,
    displacement: float,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> ZeroHalfSlope:
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
        outputs: c, (n,), as for `population_loss`; the halves of a neuron have its output.
        kernel: the activation: "relu", "absolute_value" or `leaky_relu(s)`.

    Raises:
        ValueError: as `inner_hessian`, or an activation that is not of degree 1.

    Source: S21, Theorems 14 and 16 for alpha in {0, 1}; the derivation is ours.
    """
    problem = checked_problem(W, V, outputs, kernel)
    students, teachers, c, s = problem
    if s.degree != 1:
        raise ValueError(
            f"kernel is {kernel!r:.60}; a neuron grows from zero at a constant slope with 'relu', "
            "'absolute_value' or leaky_relu(slope)"
        )
    neuron = neuron_of(students, i)
    unit = neuron / np.linalg.norm(neuron)
    inner = inner_hessian(students, teachers, i, outputs=c, kernel=s)
    step = displacement * softest_direction(inner)
    slope = min(slope_from_zero(problem, z, float(c[i])) for z in (unit + step, unit - step))
    norms = float(np.linalg.norm(np.vstack([students, teachers]), axis=1).sum())
    rounding = float(np.finfo(np.float64).eps) * (students.shape[1] + 8) * norms
    # K of a slope s is (1 - s)^2 f + s w.v, at most so many times the terms of the ReLU.
    rounding *= s.largest_curvature(1.0)
    gradient = population_gradient(students, teachers, outputs=c, kernel=s)[i]
    off = (1.0 + displacement) * np.linalg.norm(gradient)
    return ZeroHalfSlope(slope, rounding + float(off))
