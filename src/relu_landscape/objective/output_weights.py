"""Derivatives of the population loss in the output weights of the students, where they are trained.

F is a parabola in the outputs c: with K = E[s(w . x) s(v . x)] and g = dK/dw

    dF/dc_i = sum_j c_j K(w_i, w_j) - sum_j K(w_i, v_j),    d2F/dc_i dc_j = K(w_i, w_j),
    d2F/dw_i dc_j = c_i g(w_i, w_j) + delta_ij (sum_m c_m g(w_i, w_m) - sum_m g(w_i, v_m)).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .geometry import PairGeometry, pair_geometry
from .pair_kernels import PairKernel
from .population import checked_problem, population_hessian


def population_output_gradient(
    W: ArrayLike,
    V: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> NDArray[np.float64]:
    """Return dF/dc_i = sum_j c_j K(w_i, w_j) - sum_j K(w_i, v_j).

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        The gradient in the output weights, (n,).

    Raises:
        ValueError: as for `population_loss`.
    """
    W, V, c, s = checked_problem(W, V, outputs, kernel)
    students, teachers = s.loss_terms(_all_pairs(W, W)), s.loss_terms(_all_pairs(W, V))
    gradient: NDArray[np.float64] = students @ c - teachers.sum(axis=1)
    return gradient


def population_joint_gradient(
    W: ArrayLike,
    V: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> NDArray[np.float64]:
    """Return the gradient of F in the weights and the output weights of the students.

    Each pair is visited once, which takes half the time of `population_gradient` and
    `population_output_gradient`, and a memory of O(n (n + k) d) numbers.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        The gradient, (n d + n,), in the order of `population_joint_hessian`.

    Raises:
        ValueError: as for `population_loss`.
    """
    W, V, c, s = checked_problem(W, V, outputs, kernel)
    pairs = _all_pairs(W, np.concatenate([W, V]))
    shares = np.concatenate([c, -np.ones(len(V))])
    slopes = np.einsum("ijd,j->id", s.gradient_terms(pairs), shares)
    return np.concatenate([(c[:, None] * slopes).ravel(), s.loss_terms(pairs) @ shares])


def population_joint_hessian(
    W: ArrayLike,
    V: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> NDArray[np.float64]:
    """Return the Hessian of F in the weights and the output weights of the students.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        outputs: c, (n,), as for `population_loss`.
        kernel: the activation, as for `population_loss`.

    Returns:
        The Hessian, exactly symmetric, (n d + n, n d + n): first the rows of `population_hessian`,
        then one for each output.

    Raises:
        ValueError: as for `population_loss`.
    """
    W, V, c, s = checked_problem(W, V, outputs, kernel)
    n, d = W.shape
    among_students = _all_pairs(W, W)
    slopes = s.gradient_terms(among_students)
    towards_teachers = s.gradient_terms(_all_pairs(W, V)).sum(axis=1)
    mixed = np.swapaxes(c[:, None, None] * slopes, 1, 2)
    neurons = np.arange(n)
    mixed[neurons, :, neurons] += np.einsum("j,ijd->id", c, slopes) - towards_teachers
    joint = np.empty((n * (d + 1), n * (d + 1)))
    joint[: n * d, : n * d] = population_hessian(W, V, outputs=c, kernel=s)
    joint[: n * d, n * d :] = mixed.reshape(n * d, n)
    joint[n * d :, : n * d] = joint[: n * d, n * d :].T
    products = s.loss_terms(among_students)
    joint[n * d :, n * d :] = 0.5 * (products + products.T)
    return joint


def _all_pairs(first: NDArray[np.float64], second: NDArray[np.float64]) -> PairGeometry:
    return pair_geometry(first[:, None, :], second[None, :, :])
