"""The population loss of a student network against a teacher network, and its derivatives.

    F(W) = 1/2 E (sum_i c_i s(w_i . x) - sum_j s(v_j . x))^2,  x ~ N(0, I_d)

in closed form for any students W (n, d) and any teachers V (k, d), rows being neurons, with output
weights c_i of the students, 1 unless others are given, and an activation s, the ReLU unless another
is given. The factor 1/2 is part of F throughout; S21 prints eqs. (1), (2) without it, its formulas
are with it. All formulas of single pairs are those of `pair_kernels`.
"""

import math
from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_landscape.arguments import real_array

from .geometry import PairGeometry, pair_geometry
from .pair_kernels import PairKernel, checked_kernel
from .weights import LARGEST, checked_network, checked_outputs, refuse_large_and_small

# Pairs are taken in blocks of rows whose vectors hold about so many numbers (8 MB) an array.
_BLOCK: Final = 2**20


def population_loss(
    W: ArrayLike,
    V: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> float:
    """Return F(W) = 1/2 sum c_i c_j K(w_i, w_j) - sum c_i K(w_i, v_j) + 1/2 sum K(v_i, v_j).

    K(w, v) = E[s(w . x) s(v . x)], which is the f of S21 for the ReLU. The error is absolute, below
    `loss_rounding_error` for the ReLU: near a global minimum F may come out as a tiny negative
    number. Takes O((n + k)^2 d) operations and a memory of O((n + k)^2) numbers, one a pair, beside
    some 25 MB or O((n + k) d) numbers for the pairs in work.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        outputs: c, (n,): any real numbers for erf, else signs, 1 or -1, since the size of an output
            weight can stand in the row of W; None: all are 1.
        kernel: the activation: "relu", "absolute_value", "relu_squared" (max(z, 0)^2), "erf"
            (erf(z/sqrt 2)) or `leaky_relu(s)`.

    Returns:
        F, with the factor 1/2.

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit; an output is
            none of those allowed; an unknown kernel.

    Source: S21, eq. (64).
    """
    W, V, c, s = checked_problem(W, V, outputs, kernel)
    students, mixed, teachers = _all_losses(s, W, W), _all_losses(s, W, V), _all_losses(s, V, V)
    terms = (0.5 * (np.outer(c, c) * students), -(c[:, None] * mixed), 0.5 * teachers)
    # Near a global minimum the terms cancel: an exact sum leaves no errors but their own, and the
    # same value however the neurons are ordered.
    return math.fsum(np.concatenate([term.ravel() for term in terms]).tolist())


def population_gradient(
    W: ArrayLike,
    V: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> NDArray[np.float64]:
    """Return dF/dw_i = c_i (sum_j c_j g(w_i, w_j) - sum_j g(w_i, v_j)), g = dK/dw.

    Takes O(n (n + k) d) operations and, beside the result, a memory of some 40 MB or
    O((n + k) d) numbers for the pairs in work.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        outputs: c, (n,): any real numbers for erf, else signs, 1 or -1, since the size of an output
            weight can stand in the row of W; None: all are 1.
        kernel: the activation: "relu", "absolute_value", "relu_squared" (max(z, 0)^2), "erf"
            (erf(z/sqrt 2)) or `leaky_relu(s)`.

    Returns:
        The gradient, (n, d).

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit; an output is
            none of those allowed; an unknown kernel.

    Source: S21, eq. (10); its w_i/2 is g(w_i, w_i).
    """
    W, V, c, s = checked_problem(W, V, outputs, kernel)
    students, teachers = _summed_gradients(s, W, W, c), _summed_gradients(s, W, V, np.ones(len(V)))
    return c[:, None] * (students - teachers)


def population_hessian(
    W: ArrayLike,
    V: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> NDArray[np.float64]:
    """Return the Hessian of F, n x n blocks of size d x d, neuron by neuron.

        H_ii = c_i^2 h2(w_i, w_i) + c_i (sum_j c_j h1(w_i, w_j) - sum_j h1(w_i, v_j)),
        H_ij = c_i c_j h2(w_i, w_j)

    with h1 = d2K/dw2 and h2 = d2K/dw dv. For the ReLU h2(w, w) = I/2 and h1(w, w) = 0.

    F is twice continuously differentiable wherever no w_i is zero, also at parallel and
    antiparallel neurons (S21, Lemma 1), where the third derivatives of the ReLU jump.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        outputs: c, (n,): any real numbers for erf, else signs, 1 or -1, since the size of an output
            weight can stand in the row of W; None: all are 1.
        kernel: the activation: "relu", "absolute_value", "relu_squared" (max(z, 0)^2), "erf"
            (erf(z/sqrt 2)) or `leaky_relu(s)`.

    Returns:
        H, exactly symmetric, (n d, n d); row i d + a is coordinate a of neuron i, so that
        H @ U.ravel() belongs to a displacement U (n, d).

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit; an output is
            none of those allowed; an unknown kernel.

    Source: S21, eq. (5) and Theorem 17.
    """
    W, V, c, s = checked_problem(W, V, outputs, kernel)
    n, d = W.shape
    blocks = np.empty((n, d, n, d))
    upper, lower = np.triu_indices(n, k=1)
    pairs = s.hessian_mixed_form(pair_geometry(W[upper], W[lower]))
    mixed = pairs.scaled(c[upper] * c[lower]).matrix()
    blocks[upper, :, lower, :] = mixed
    blocks[lower, :, upper, :] = mixed
    own = s.hessian_mixed_form(pair_geometry(W, W)).scaled(c**2).matrix()
    students = s.hessian_first_form(_all_pairs(W, W)).scaled(np.outer(c, c)).total().matrix()
    teachers = s.hessian_first_form(_all_pairs(W, V)).scaled(c[:, None]).total().matrix()
    neurons = np.arange(n)
    blocks[neurons, :, neurons, :] = own + students - teachers
    return blocks.reshape(n * d, n * d)


def population_hessian_vector(
    W: ArrayLike,
    V: ArrayLike,
    U: ArrayLike,
    *,
    outputs: ArrayLike | None = None,
    kernel: str | PairKernel = "relu",
) -> NDArray[np.float64]:
    """Return the product of the Hessian of F with a displacement U, without forming the Hessian.

    Takes O(n (n + k) d) operations and a memory of O(n (n + k) d) numbers.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).
        U: displacement of the students, (n, d).
        outputs: c, (n,): any real numbers for erf, else signs, 1 or -1, since the size of an output
            weight can stand in the row of W; None: all are 1.
        kernel: the activation: "relu", "absolute_value", "relu_squared" (max(z, 0)^2), "erf"
            (erf(z/sqrt 2)) or `leaky_relu(s)`.

    Returns:
        H U, (n, d), equal to population_hessian(W, V) @ U.ravel() up to rounding.

    Raises:
        ValueError: as for `population_hessian`, or U is not finite or not of the shape of W.

    Source: S21, eq. (5); its u_i/2 is h2(w_i, w_i) u_i.
    """
    W, V, c, s = checked_problem(W, V, outputs, kernel)
    U = real_array(U, "U")
    if U.shape != W.shape:
        raise ValueError(f"U has shape {U.shape}; it must have the shape {W.shape} of W")
    among_students, among_outputs = _all_pairs(W, W), np.outer(c, c)
    students = s.hessian_first_form(among_students).scaled(among_outputs).total().apply(U)
    teachers = s.hessian_first_form(_all_pairs(W, V)).scaled(c[:, None]).total().apply(U)
    pairs = s.hessian_mixed_form(among_students).scaled(among_outputs)
    mixed: NDArray[np.float64] = pairs.apply(U[None, :, :]).sum(axis=1)
    return students - teachers + mixed


def loss_rounding_error(W: ArrayLike, V: ArrayLike) -> float:
    """Return a bound on the error of `population_loss`, eps (d + 8) (sum |w_i| + sum |v_j|)^2 / 2.

    It is for the ReLU, whatever the signs of the outputs, and for the worst case; the actual error
    is usually a hundred times smaller.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).

    Returns:
        The bound on the absolute rounding error, to first order in the machine epsilon.

    Raises:
        ValueError: W or V has a zero row, is not finite, or the shapes do not fit.
    """
    W, V = checked_network(W, V)
    # A norm of d entries is wrong by at most (d/2 + 1) roundoffs u, |a + b| and |a - b| by
    # (d/2 + 2) u each, relatively, in whatever order they are summed. In f that makes at most
    # 1.57 (d + 4) u |w| |v|, and the operations of f add 8 u |w| |v|: together less than
    # (d + 8) 2u |w| |v|. The scale is the sum of |w| |v| over all terms of the loss.
    scale = 0.5 * (np.linalg.norm(W, axis=1).sum() + np.linalg.norm(V, axis=1).sum()) ** 2
    return float(np.finfo(np.float64).eps * (W.shape[1] + 8) * scale)


def population_loss_relative(W: ArrayLike, V: ArrayLike) -> float:
    """Return F(W) where it is known to be larger than its own rounding error.

    Args:
        W: students, (n, d).
        V: teachers, (k, d).

    Returns:
        F, positive.

    Raises:
        ValueError: as for `population_loss`, or F is not larger than `loss_rounding_error`.
    """
    value, error = population_loss(W, V), loss_rounding_error(W, V)
    if value <= error:
        raise ValueError(
            f"the loss {value:.3e} is below its rounding error {error:.3e} in float64, so no digit "
            "of it is known: use reference_loss, in extended precision"
        )
    return value


class Problem(NamedTuple):
    """Students (n, d), teachers (k, d), outputs (n,) of the students, and the activation."""

    students: NDArray[np.float64]
    teachers: NDArray[np.float64]
    outputs: NDArray[np.float64]
    kernel: PairKernel


def checked_problem(
    W: ArrayLike, V: ArrayLike, outputs: ArrayLike | None, kernel: str | PairKernel
) -> Problem:
    """Return the arguments of `population_loss` as they are computed with.

    Raises:
        ValueError: as for `population_loss`.
    """
    students, teachers = checked_network(W, V)
    activation = checked_kernel(kernel, "kernel")
    if activation.largest_entry < LARGEST:
        refuse_large_and_small(students, "W", activation.largest_entry)
        refuse_large_and_small(teachers, "V", activation.largest_entry)
    signs_only = activation.degree is not None
    return Problem(
        students,
        teachers,
        checked_outputs(outputs, len(students), signs_only=signs_only),
        activation,
    )


def _all_pairs(first: NDArray[np.float64], second: NDArray[np.float64]) -> PairGeometry:
    return pair_geometry(first[:, None, :], second[None, :, :])


def _all_losses(
    kernel: PairKernel, first: NDArray[np.float64], second: NDArray[np.float64]
) -> NDArray[np.float64]:
    """K of each row of `first` (n, d) with each of `second` (m, d), (n, m)."""
    return np.concatenate(
        [kernel.loss_terms(_all_pairs(rows, second)) for rows in _blocks(first, second)]
    )


def _summed_gradients(
    kernel: PairKernel,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    outputs: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Sum over `second` (m, d), times `outputs` (m,), of g of each of `first` (n, d), (n, d)."""

    def summed(rows: NDArray[np.float64]) -> NDArray[np.float64]:
        terms = kernel.gradient_terms(_all_pairs(rows, second))
        terms *= outputs[:, None]
        total: NDArray[np.float64] = terms.sum(axis=1)
        return total

    return np.concatenate([summed(rows) for rows in _blocks(first, second)])


def _blocks(
    first: NDArray[np.float64], second: NDArray[np.float64]
) -> Iterator[NDArray[np.float64]]:
    """Rows of `first`, in order, as many at a time as _BLOCK allows, at least one."""
    step = max(1, _BLOCK // second.size)
    return (first[start : start + step] for start in range(0, len(first), step))
